"""The parts of deliveries that providers have in common: an object, names to greet by, bodies within bounds."""

from __future__ import annotations

import re

from shared.providers.json_fields import JsonError, JsonObject, one_line, parse_json
from shared.providers.protocol import Unreadable

MAX_HTML_BYTES = 1024 * 1024
"""HTML larger than this is dropped when there is text: it is quoted newsletters, never somebody's words."""

MAX_LABEL_CHARS = 200
MAX_NAME_CHARS = 80
MAX_COMPANY_CHARS = 120

# An element of HTML, or a character by its name. An address or a link in angle brackets is neither.
_MARKUP = re.compile(
    r"</[a-zA-Z][a-zA-Z0-9]{0,15}\s{0,5}>|<!(?:doctype|--)"
    r"|<(?:a|b|i|u|p|br|hr|em|h[1-6]|li|ol|ul|td|tr|th|tbody|table|div|span|font|img|pre|strong|small|blockquote|center"
    r"|html|head|body|meta|style|title)(?=[\s/>])[^<>]{0,1000}>"
    r"|&(?:#[0-9xX]{1,7}|[a-zA-Z]{2,8});",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"data:[^\"'\s<>()]{256,}")


def parse_object(body: bytes) -> JsonObject:
    """Parses the JSON object in a body (``parse_json``). Raises Unreadable."""
    try:
        parsed = parse_json(body)
    except JsonError as error:
        raise Unreadable(error.reason) from None
    if not isinstance(parsed, dict):
        raise Unreadable("not_an_object")
    return parsed


def holds_markup(body: str) -> bool:
    """Tells whether a body that may be plain text or HTML is HTML."""
    return _MARKUP.search(body) is not None


def is_oversized(html: str) -> bool:
    return len(html) * 4 > MAX_HTML_BYTES and len(html.encode()) > MAX_HTML_BYTES


def as_name(value: str | None, max_chars: int = MAX_NAME_CHARS) -> str | None:
    """Returns a name to greet somebody by: not an address, a link, a template's placeholder or a paragraph."""
    name = one_line(value or "")
    if not name or len(name) > max_chars or any(mark in name for mark in ("@", "://", "{", "}", "<", ">")):
        return None
    return name


def split_name(value: str | None) -> tuple[str | None, str | None]:
    """Returns the first and the last name in a full one."""
    first, _, last = one_line(value or "").partition(" ")
    return as_name(first), as_name(last)


def without_embedded(html: str) -> str:
    """Removes embedded pictures."""
    return _EMBEDDED.sub("", html)


def ends_of(text: str | None, max_chars: int) -> str | None:
    """Keeps the beginning and the end: a reply's own words are at one of them."""
    if text is None or len(text) <= max_chars:
        return text
    end = max_chars // 5
    return f"{text[: max_chars - end]}\n{text[-end:]}"
