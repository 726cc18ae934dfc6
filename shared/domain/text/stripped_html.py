"""HTML without a tree: the tags of a hostile or huge document are stripped, its text stays."""

from __future__ import annotations

import html as html_entities
import re
from dataclasses import dataclass

from shared.domain.text.hidden_html import Visibility, is_hidden, visibility
from shared.domain.text.html_bounds import names
from shared.domain.text.source_lines import SourceLine

BLOCKS = names(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
# Neither seen nor taken for white space; a character reference may name any of them.
NOT_TEXT = dict.fromkeys([*range(9), *range(14, 32), 127, *map(ord, "\u200b\ufeff\u00ad\u034f\u2060")])
NOT_TEXT |= dict.fromkeys(map(ord, "\v\f"), " ")

_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?/][^<>]*>")
_STYLE = re.compile(r"\sstyle\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_MAX_TAG_CHARS = 2_000
_NEVER_CLOSED = names("p li br hr img input meta link td tr th body html")  # often or always without an end tag
_LONG_CHARACTER_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}+;?")  # html.unescape would hand it to int()


def strip_tags(html: str) -> tuple[list[SourceLine], int]:
    """Returns the lines of hostile HTML and the number of hidden characters.

    Tags are removed, block elements begin a new line, scripts, styles and elements with a hiding style are left out.
    """
    lowered = html.lower() if len(html.lower()) == len(html) else html
    lines: list[SourceLine] = []
    parts: list[str] = []
    position = quotations = hidden = 0
    hiding = _Hiding()
    while (match := _ANY_TAG.search(html, position)) is not None:
        parts.append(html[position : match.start()])
        position = match.end()
        is_closing, name = bool(match.group(1)), (match.group(2) or "").lower()
        if hiding.name:
            if name == hiding.name:
                hiding.depth += -1 if is_closing else 1
                if hiding.depth == 0:
                    hidden += len("".join("".join(parts[hiding.start :]).split()))
                    parts[hiding.start :] = ["\n"] if name in BLOCKS else []
                    hiding = _Hiding()
            continue
        if name and not is_closing and name not in _NEVER_CLOSED and _hides(match.group()):
            hiding = _Hiding(name, 1, len(parts))
        elif name == "blockquote":
            _add_lines(lines, "".join(parts), is_quoted=quotations > 0)
            parts.clear()
            quotations = max(0, quotations - 1) if is_closing else quotations + 1
        elif name in BLOCKS or name == "br":
            parts.append("\n")
        elif name in ("script", "style") and not is_closing:
            end = lowered.find(f"</{name}", position)
            position = end if end >= 0 else len(html)
    parts.append(html[position:])  # what is hidden and never closed stays: better a word too many
    _add_lines(lines, "".join(parts), is_quoted=quotations > 0)
    while lines and lines[-1].text in _BLANK:
        lines.pop()
    return lines, hidden


@dataclass(slots=True)
class _Hiding:
    """The hidden element that is open: its name, how many of its name are open, where its text begins."""

    name: str = ""
    depth: int = 0
    start: int = 0


def _hides(tag: str) -> bool:
    found = _STYLE.search(tag[:_MAX_TAG_CHARS])
    if found is None:
        return False
    style = "".join(found.group(1).lower().split())
    return is_hidden(style) or not visibility(Visibility(), style, {}).is_seen


def _add_lines(lines: list[SourceLine], text: str, *, is_quoted: bool) -> None:
    text = html_entities.unescape(_LONG_CHARACTER_REFERENCE.sub("�", text)).translate(NOT_TEXT)
    for line in text.split("\n"):
        if words := " ".join(line.split()):
            lines.append(SourceLine(f"> {words}" if is_quoted else words, is_quoted))
        elif lines and lines[-1].text not in _BLANK:
            lines.append(SourceLine(">" if is_quoted else "", is_quoted))


_BLANK = ("", ">")
