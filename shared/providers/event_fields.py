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
