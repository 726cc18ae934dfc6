"""The lines of a message as the splitter reads them: each says whether markup or a prefix calls it quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from shared.domain.text.attributions import DIRECTION_MARKS, ends_like_attribution, find_flattened_attribution
from shared.domain.text.header_blocks import find_flattened_headers, header_kind
from shared.domain.text.separators import separator_before


class SourceLine(NamedTuple):
    """One line of a message.

    quoted: the line belongs to a quotation (a ">" prefix, a <blockquote>). signature: the mail client marks this as the
    signature. boundary: the mail client marks the start of the quoted original, which runs to the end. attribution: the
    mail client marks this line as the introduction of a quotation ("On … wrote:"). indented: quoted only by a
    <blockquote> that names no client, which may be a quotation of the writer's own choice.
    """

    text: str
    quoted: bool = False
    signature: bool = False
    boundary: bool = False
    attribution: bool = False
    indented: bool = False


_BEFORE_PREFIX = " \t" + DIRECTION_MARKS
_INITIALS = re.compile(r"[ \t]{0,3}[A-Z][A-Za-z]{0,3}> ?(?=\S|$)")
_MIN_FLATTENED_CHARS = 40


def plain_lines(text: str) -> list[SourceLine]:
    """Returns the lines of a plain text message; a ">" prefix makes a line quoted."""
    lines = text.split("\n")
    marks = _initials_of_quotations(lines)
    return [SourceLine(line.rstrip(), quoted=line.lstrip(_BEFORE_PREFIX).startswith((">", *marks))) for line in lines]


def unquote(line: str) -> str:
    """Returns the line without the prefix that makes it quoted."""
    stripped = line.lstrip(_BEFORE_PREFIX)
    return stripped[1:].removeprefix(" ") if stripped.startswith(">") else line


def apart(lines: Iterable[SourceLine]) -> Iterator[SourceLine]:
    """Parts each line that holds an announcement beside other words: the words, the announcement, the rest."""
    for line in lines:
        if len(line.text) <= _MIN_FLATTENED_CHARS or line.quoted or line.boundary or line.attribution:
            yield line
            continue
        start, end = _announcement_in(line.text)
        before, behind = line.text[:start].rstrip(), line.text[end:].strip()
        if end == 0 or not (before or behind):
            yield line
            continue
        if before:
            yield line._replace(text=before)
        yield line._replace(text=line.text[start:end].strip(), attribution=behind == "" or end < len(line.text))
        if behind:
            yield line._replace(text=behind, quoted=behind.startswith(">"))


def _announcement_in(text: str) -> tuple[int, int]:
    attribution = find_flattened_attribution(text)
    if attribution is not None:
        return attribution
    headers = find_flattened_headers(text)
    return (0, 0) if headers is None else (separator_before(text, headers), len(text))


def with_own_quotations(lines: Sequence[SourceLine]) -> list[SourceLine]:
    """Takes an indented passage for the writer's own if nothing announces it and the writer goes on behind it."""
    result = list(lines)
    own_below = False
    index = len(result)
    while index > 0:
        last = index
        index -= 1
        if not result[index].indented:
            own_below = own_below or (bool(result[index].text.strip()) and not result[index].quoted)
            continue
        while index > 0 and result[index - 1].indented:
            index -= 1
        above = next((line for line in reversed(result[max(0, index - 3) : index]) if line.text.strip()), None)
        if own_below and above is not None and not above.attribution and not _announces(above.text):
            result[index:last] = [line._replace(text=unquote(line.text), quoted=False) for line in result[index:last]]
    return result


def _announces(line: str) -> bool:
    """True when a quotation is likely right below this line."""
    return (
        (ends_like_attribution(line) and "@" in line)
        or header_kind(line) is not None
        or any(char.isdigit() for char in line)
    )


def _initials_of_quotations(lines: Sequence[str]) -> tuple[str, ...]:
    """Returns the prefixes made of a writer's initials ("SC>"): at least two lines begin with the same."""
    seen: dict[str, int] = {}
    for line in lines:
        found = _INITIALS.match(line)
        if found is not None:
            mark = found.group().strip()
            seen[mark] = seen.get(mark, 0) + 1
    return tuple(mark for mark, count in seen.items() if count > 1)[:3]
