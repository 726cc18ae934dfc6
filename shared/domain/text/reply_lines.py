"""Splits the lines of a message into the reply and the quoted original, in one pass over the lines.

Without ">" prefixes everything below an announced original is quoted. With prefixes every line that has none is the
writer's own: replies below and between quotations survive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.domain.text.attributions import (
    MAX_ATTRIBUTION_CHARS,
    MAX_ATTRIBUTION_LINES,
    Attribution,
    ends_like_attribution,
    is_lone_opening,
    opens_attribution,
    read_attribution,
)
from shared.domain.text.header_blocks import HeaderKind, header_kind, is_header_block_in_one_line, is_mail_header_block
from shared.domain.text.originals import is_whole_original
from shared.domain.text.separators import is_separator, may_head_headers
from shared.domain.text.signatures import part_signature
from shared.domain.text.source_lines import SourceLine, apart, with_own_quotations

_MAX_HEADER_BLOCK_LINES = 14  # four to six headers, a wrapped list of recipients, blank lines between
_MIN_ANNOUNCEMENT_CHARS = 2  # "A:" begins a header block in Italian
_MAX_FOREIGN_LINES = 3  # lines between two headers: a wrapped list of recipients
_MAX_PROOFS = 3  # announcements in a row without a word between: looking at all behind each would not be linear
_MIN_WRAPPED_CHARS = 55  # of a quoted line whose tail a client wrapped without a prefix


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
    lines = with_own_quotations(list(apart(lines)))
    scan = _Scan(lines)
    is_quote = [line.quoted for line in lines]
    position = 0
    is_written = False
    while position < len(lines):
        line = lines[position]
        announced = None if line.quoted else scan.announcement_at(position)
        if announced is None:
            is_written = is_written or not (line.quoted or line.signature or not line.text.strip())
            position += 1
            continue
        has_prefixes = scan.is_quoted_from(announced.end)
        runs_on = not has_prefixes or (announced.runs_to_the_end and is_written)
        if runs_on and (is_written or announced.is_marked or scan.is_whole_original(position, announced.end)):
            is_quote[position:] = [True] * (len(lines) - position)
            break
        is_quote[position : announced.end] = [True] * (announced.end - position)
        position = announced.end
    for index in scan.wrapped_tails():
        is_quote[index] = True
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
    """end: index behind its lines. runs_to_the_end: what it announces carries no prefixes, whatever it begins with.

    is_marked: the mail client's markup names it.
    """

    end: int
    runs_to_the_end: bool
    is_marked: bool = False


class _Scan:
    """The lines with the properties computed once per line, and look-ups within a few lines."""

    def __init__(self, lines: Sequence[SourceLine]) -> None:
        self._lines = lines
        self._kinds = self._kinds_of_headers()
        self._next_filled = self._index_next_filled()
        self._attributions = self._find_attributions()
        self._proofs = 0

    def _kinds_of_headers(self) -> list[int | None]:
        kinds: list[int | None] = []
        in_report = False
        for line in self._lines:
            # Mail servers' reports list the headers of what they return, with this one; mail clients never show it.
            in_report = bool(line.text.strip()) and (
                in_report or line.text[:20].lstrip().lower().startswith("message-id:")
            )
            kinds.append(None if line.quoted or in_report else header_kind(line.text))
        return kinds

    def is_whole_original(self, start: int, end: int) -> bool:
        """True when all behind an announcement, from ``start`` to ``end``, is the mail that it announces."""
        if self._proofs == _MAX_PROOFS:
            return False
        self._proofs += 1
        return is_whole_original(
            *([line.text for line in part] for part in (self._lines[start:end], self._lines[end:]))
        )

    def wrapped_tails(self) -> list[int]:
        """Lists the tails that a client wrapped off quoted lines, in the middle of a sentence."""
        found = []
        for index in range(1, len(self._lines) - 1):
            before, line, behind = self._lines[index - 1 : index + 2]
            if line.quoted or not (before.quoted and behind.quoted) or len(before.text) < _MIN_WRAPPED_CHARS:
                continue
            continued = behind.text.lstrip("> \t")[:1].islower() and line.text[:1].islower()
            if continued and before.text[-1:].isalpha() and line.text[-1:].isalpha():
                found.append(index)
        return found

    def announcement_at(self, position: int) -> _Announcement | None:
        """Returns the announcement of a quoted original that starts at this line, if one does."""
        line = self._lines[position]
        if line.boundary:
            return _Announcement(position, runs_to_the_end=True, is_marked=True)
        if len(line.text) < _MIN_ANNOUNCEMENT_CHARS:
            return None
        attribution_end = self._attributions.get(position)
        if attribution_end is not None:
            return _Announcement(attribution_end, runs_to_the_end=False, is_marked=line.attribution)
        if is_separator(line.text):
            return _Announcement(position + 1, runs_to_the_end=False)
        block = position
        if self._kinds[position] is None:
            if not may_head_headers(line.text):
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
            if not ends_like_attribution(line.text):
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
        for first in range(last, max(-1, last - MAX_ATTRIBUTION_LINES), -1):
            # Apple Mail quotes the wrapped rest of an attribution, but not its first line.
            bare = self._lines[first].text.lstrip("> \t").rstrip()
            if not bare or len(bare) + len(words) > MAX_ATTRIBUTION_CHARS:
                break
            if first < last and bare.endswith(":") and not bare.endswith("mailto:"):
                break  # the end of something else
            words = f"{bare} {words}" if words else bare
            is_quoted = is_quoted or self._lines[first].quoted
            if self._lines[first].quoted:
                continue
            opens = opens_attribution(bare)
            names_writer = above_quotation and likely is None and not is_quoted and "@" in words
            certainty = read_attribution(words) if opens or first == last or names_writer else None
            if certainty is Attribution.CERTAIN and opens:
                return first - 1 if first > 0 and is_lone_opening(self._lines[first - 1].text) else first
            if certainty is not None and likely is None:
                likely = first
        return likely if above_quotation else None

    def _header_block_end(self, position: int) -> int | None:
        """Returns the index behind a From/Sent/To/Subject block that starts at this line, or None if it is not one."""
        if is_header_block_in_one_line(self._lines[position].text):
            return position + 1
        if HeaderKind.FROM not in self._kinds[position : position + _MAX_HEADER_BLOCK_LINES]:
            return None
        headers: list[tuple[int, str]] = []
        end = position
        foreign = 0
        for index in range(position, min(len(self._lines), position + _MAX_HEADER_BLOCK_LINES)):
            line = self._lines[index]
            kind = self._kinds[index]
            if line.quoted:
                break
            if kind is not None:
                headers.append((kind, line.text))
                end = index + 1
                foreign = 0
            elif line.text.strip():
                foreign += 1
                if foreign > _MAX_FOREIGN_LINES or not any(known == HeaderKind.FROM for known, _ in headers):
                    break
        return end if is_mail_header_block(headers) else None
