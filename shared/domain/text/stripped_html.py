"""HTML without a tree: the tags of a hostile or huge document are stripped, its text stays."""

from __future__ import annotations

import html as html_entities
import re

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
_LONG_CHARACTER_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}+;?")  # html.unescape would hand it to int()


def strip_tags(html: str) -> list[SourceLine]:
    """Returns the lines of hostile HTML: tags removed, a new line at block elements, scripts and styles left out."""
    lowered = html.lower() if len(html.lower()) == len(html) else html
    lines: list[SourceLine] = []
    parts: list[str] = []
    position = 0
    quotations = 0
    while (match := _ANY_TAG.search(html, position)) is not None:
        parts.append(html[position : match.start()])
        position = match.end()
        is_closing, name = match.group(1), (match.group(2) or "").lower()
        if name == "blockquote":
            _add_lines(lines, "".join(parts), is_quoted=quotations > 0)
            parts.clear()
            quotations = max(0, quotations - 1) if is_closing else quotations + 1
        elif name in BLOCKS or name == "br":
            parts.append("\n")
        elif name in ("script", "style") and not is_closing:
            end = lowered.find(f"</{name}", position)
            position = end if end >= 0 else len(html)
    parts.append(html[position:])
    _add_lines(lines, "".join(parts), is_quoted=quotations > 0)
    while lines and lines[-1].text in _BLANK:
        lines.pop()
    return lines


def _add_lines(lines: list[SourceLine], text: str, *, is_quoted: bool) -> None:
    text = html_entities.unescape(_LONG_CHARACTER_REFERENCE.sub("�", text)).translate(NOT_TEXT)
    for line in text.split("\n"):
        if words := " ".join(line.split()):
            lines.append(SourceLine(f"> {words}" if is_quoted else words, is_quoted))
        elif lines and lines[-1].text not in _BLANK:
            lines.append(SourceLine(">" if is_quoted else "", is_quoted))


_BLANK = ("", ">")
