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
_SMTP_DIALOGUE = re.compile(r">>> ?(?:RCPT|DATA|MAIL|EHLO|HELO|QUIT|STARTTLS)\b")  # in the report of a mail server
_INITIALS = re.compile(r"[ \t]{0,3}[A-Z][A-Za-z]{0,3}> ?(?=\S|$)")
_MIN_FLATTENED_CHARS = 40


def plain_lines(text: str) -> list[SourceLine]:
    """Returns the lines of a plain text message; a ">" prefix makes a line quoted."""
    lines = text.split("\n")
    marks = _initials_of_quotations(lines)
    return [SourceLine(line.rstrip(), quoted=_has_prefix(line.lstrip(_BEFORE_PREFIX), marks)) for line in lines]


def _has_prefix(bare: str, marks: tuple[str, ...]) -> bool:
    return bare.startswith((">", *marks)) and not (bare.startswith(">>>") and _SMTP_DIALOGUE.match(bare))


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
    """Takes indented passages for the writer's own if nothing announces them and the writer goes on behind."""
    result = list(lines)
    own = [index for index, line in enumerate(result) if not line.quoted and line.text.strip()]
    last_own = own[-1] if own else -1
    index = 0
    above = ""
    while index < last_own:
        line = result[index]
        if not line.indented:
            if line.quoted or line.attribution or line.boundary:
                break
            above = line.text if line.text.strip() else above
            index += 1
            continue
        if _announces(above):
            break
        while result[index].indented:
            result[index] = result[index]._replace(text=unquote(result[index].text), quoted=False)
            index += 1
    return result


def _announces(line: str) -> bool:
    """True when a quotation is likely right below this line."""
    return header_kind(line) is not None or (
        ends_like_attribution(line) and ("@" in line or any(char.isdigit() for char in line))
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
