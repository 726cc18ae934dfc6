"""Splits the lines of a message into the reply and the quoted original, in one pass over the lines.

Without ">" prefixes everything below an announced original is quoted. With prefixes every line that has none is the
writer's own: replies below and between quotations survive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.domain.text import quote_marks
from shared.domain.text.html_text import SourceLine
from shared.domain.text.quote_marks import Attribution, HeaderKind
from shared.domain.text.signatures import part_signature

_MAX_HEADER_BLOCK_LINES = 14  # four to six headers, a wrapped list of recipients, blank lines between
_MIN_ANNOUNCEMENT_CHARS = 3  # "A:" begins a header block in Italian
_MAX_FOREIGN_LINES = 3  # lines between two headers: a wrapped list of recipients


_BEFORE_PREFIX = " \t" + quote_marks.DIRECTION_MARKS


@dataclass(frozen=True, slots=True)
class SplitReply:
    """The writer's own lines, one tuple per run between quotations, and apart from them the other lines in order.

    quoted: the original's lines. signature: the lines that the markup names a signature.
    """

    parts: tuple[tuple[str, ...], ...]
    quoted: tuple[str, ...]
    signature: tuple[str, ...] = ()


class WrittenText(NamedTuple):
    """The writer's own words, and the signature below them ("" if there is none)."""

    text: str
    signature: str


def plain_lines(text: str) -> list[SourceLine]:
    """Returns the lines of a plain text message; a ">" prefix makes a line quoted."""
    return [SourceLine(line.rstrip(), quoted=line.lstrip(_BEFORE_PREFIX).startswith(">")) for line in text.split("\n")]


def join_reply(split: SplitReply) -> WrittenText:
    """Joins the reply to one text: signatures and footers left out, one blank line in place of each quotation."""
    kept, signatures = [], []
    for part in split.parts:
        words, signature = part_signature(part)
        kept.append("\n".join(words).strip("\n"))
        signatures += signature
    text = "\n\n".join(words for words in kept if words.strip())
    return WrittenText(text, "\n".join([*signatures, *split.signature]).strip())


def split_reply(lines: Sequence[SourceLine]) -> SplitReply:
    """Separates the writer's own lines from the quoted original. Linear in the number of lines; never raises."""
    scan = _Scan(lines)
    is_quote = [line.quoted for line in lines]
    position = 0
    while position < len(lines):
        announced = None if lines[position].quoted else scan.announcement_at(position)
        if announced is None:
            position += 1
            continue
        if announced.runs_to_the_end or not scan.is_quoted_from(announced.end):
            is_quote[position:] = [True] * (len(lines) - position)
            break
        is_quote[position : announced.end] = [True] * (announced.end - position)
        position = announced.end
    parts: list[tuple[str, ...]] = []
    part: list[str] = []
    quoted: list[str] = []
    signature: list[str] = []
    for line, quote in zip(lines, is_quote, strict=True):
        if quote:
            quoted.append(line.text)
            if part:
                parts.append(tuple(part))
                part = []
        else:
            (signature if line.signature else part).append(line.text)
    parts.append(tuple(part))
    return SplitReply(tuple(parts), tuple(quoted), tuple(signature))


@dataclass(frozen=True, slots=True)
class _Announcement:
    """end: index behind its lines. runs_to_the_end: what it announces carries no prefixes, whatever it begins with."""

    end: int
    runs_to_the_end: bool


class _Scan:
    """The lines with the properties computed once per line, and look-ups within a few lines."""

    def __init__(self, lines: Sequence[SourceLine]) -> None:
        self._lines = lines
        self._kinds = [None if line.quoted else quote_marks.header_kind(line.text) for line in lines]
        self._has_evidence = [
            kind is not None and quote_marks.has_header_evidence(line.text)
            for kind, line in zip(self._kinds, lines, strict=True)
        ]
        self._next_filled = self._index_next_filled()
        self._attributions = self._find_attributions()

    def announcement_at(self, position: int) -> _Announcement | None:
        """Returns the announcement of a quoted original that starts at this line, if one does."""
        line = self._lines[position]
        if line.boundary:
            return _Announcement(position, runs_to_the_end=True)
        if len(line.text) < _MIN_ANNOUNCEMENT_CHARS:
            return None
        attribution_end = self._attributions.get(position)
        if attribution_end is not None:
            return _Announcement(attribution_end, runs_to_the_end=False)
        if quote_marks.is_separator(line.text):
            return _Announcement(position + 1, runs_to_the_end=False)
        block = position
        if self._kinds[position] is None:
            if not (quote_marks.is_ruler(line.text) or quote_marks.is_bare_separator(line.text)):
                return None
            following = self._next_filled[position]
            if following is None or following > position + 3:
                return None
            block = following
        end = self._header_block_end(block)
        return None if end is None else _Announcement(end, runs_to_the_end=True)

    def is_quoted_from(self, position: int) -> bool:
        """True when the next line that is not blank carries a quotation's prefix."""
        following = self._next_filled[position - 1] if position > 0 else 0
        return following is not None and self._lines[following].quoted

    def _index_next_filled(self) -> list[int | None]:
        """Returns for each line the index of the next line behind it that is not blank."""
        following: int | None = None
        result: list[int | None] = [None] * len(self._lines)
        for index in range(len(self._lines) - 1, -1, -1):
            result[index] = following
            if self._lines[index].text.strip(" \t>") or self._lines[index].quoted:
                following = index
        return result

    def _find_attributions(self) -> dict[int, int]:
        """Maps the first line of each attribution to the index behind its last line."""
        found: dict[int, int] = {}
        for last, line in enumerate(self._lines):
            if line.attribution and not line.quoted:
                if last == 0 or not self._lines[last - 1].attribution:
                    found[last] = last + 1
                continue
            if not quote_marks.ends_like_attribution(line.text):
                continue
            first = self._attribution_start(last)
            if first is not None:
                found[first] = last + 1
        return found

    def _attribution_start(self, last: int) -> int | None:
        """Returns the first line of the attribution that ends with line `last`; the nearest opening line wins."""
        words = ""
        likely: int | None = None
        above_quotation = self.is_quoted_from(last + 1)
        is_quoted = False
        for first in range(last, max(-1, last - quote_marks.MAX_ATTRIBUTION_LINES), -1):
            # Apple Mail quotes the wrapped rest of an attribution, but not its first line.
            bare = self._lines[first].text.lstrip("> \t").rstrip()
            if not bare or len(bare) + len(words) > quote_marks.MAX_ATTRIBUTION_CHARS:
                break
            words = f"{bare} {words}" if words else bare
            is_quoted = is_quoted or self._lines[first].quoted
            if self._lines[first].quoted:
                continue
            opens = quote_marks.opens_attribution(bare)
            names_writer = above_quotation and likely is None and not is_quoted and "@" in words
            certainty = quote_marks.read_attribution(words) if opens or first == last or names_writer else None
            if certainty is Attribution.CERTAIN and opens:
                return first - 1 if first > 0 and quote_marks.is_lone_opening(self._lines[first - 1].text) else first
            if certainty is not None and likely is None:
                likely = first
        return likely if above_quotation else None

    def _header_block_end(self, position: int) -> int | None:
        """Returns the index behind a From/Sent/To/Subject block that starts at this line, or None if it is not one."""
        if quote_marks.is_header_block_in_one_line(self._lines[position].text):
            return position + 1
        kinds = 0
        end = position
        foreign = 0
        evidence = False
        for index in range(position, min(len(self._lines), position + _MAX_HEADER_BLOCK_LINES)):
            line = self._lines[index]
            kind = self._kinds[index]
            if line.quoted:
                break
            if kind is not None:
                kinds |= kind
                evidence = evidence or self._has_evidence[index]
                end = index + 1
                foreign = 0
            elif line.text.strip():
                foreign += 1
                if foreign > _MAX_FOREIGN_LINES:
                    break
        core = kinds & ~HeaderKind.OTHER
        has_from = bool(kinds & HeaderKind.FROM)
        has_more = evidence and bool(kinds & (HeaderKind.SENT | HeaderKind.SUBJECT))
        needed = 2 if has_from and has_more else 3
        return end if core.bit_count() >= needed and (has_from or evidence) else None
