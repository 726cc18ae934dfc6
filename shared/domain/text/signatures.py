"""Signatures at the end of a person's text: contact details behind a closing, behind "-- ", or in a block of their own.

A closing and a name ("Best, Anna") are the writer's words and stay. A cut needs both sides: a closing, a delimiter or a
blank line above, and below it lines of a signature's kind. A sentence is none, whatever address it holds: the block
ends there and the words behind it stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.text.app_footers import is_app_footer
from shared.domain.text.signature_lines import (
    MAX_BLOCK_LINE_CHARS,
    MAX_CONTACT_LINES,
    MAX_NAME_CHARS,
    SENTENCE_ENDS,
    has_contact,
    is_contact_block,
    is_name,
    is_sentence,
    is_sign_off,
    speaks,
)
from shared.domain.text.small_print import footer_start, without_small_print

_MAX_SIGNATURE_LINES = 40  # behind "-- ": a longer rest is text that happens to follow a dash line
_MAX_LINES_ABOVE = 6
_MIN_OWN_BLOCK_LINES = 3  # a signature without a closing: a name and two lines more

_DELIMITER = re.compile(r"(?:--|—|––|- -)\s*|_{2,40}|={4,40}|\*{3,20}")
_STRONG_DELIMITER = re.compile(r"--\s*")
# Before a name in a block of contact data, where the name under the closing stands without it.
_TITLES = frozenset(
    (
        "mr|mrs|ms|dr|prof|dott|dott.ssa|dottor|dottoressa|avv|avvocato|ing|arch|geom|rag|mag|dipl|dipl.-ing|ir|drs"
        "|me|maître|sr|sra|srta|lic|lcdo|lcda|d|dña|eng|engª|dra|doc|mgr|inż|adv|rechtsanwalt|rechtsanwältin|ra|mba"
        "|phd"
    )
    .casefold()
    .split("|")
)


def part_signature(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Parts one run of written lines into the writer's words and the signature; footers and notices go.

    Linear: each turn looks at the last lines only. Keeps lines unchanged.
    """
    kept = _trim([line for line in lines if not is_app_footer(line)])
    if len(kept) < 2:
        return kept, []  # what is cut needs something that stays
    kept = _trim(without_small_print(kept))
    first = next((index for index, line in enumerate(kept) if line.strip()), 0)
    del kept[:first]
    signature: list[str] = []
    while True:  # what a cut lays bare at the end may be a signature too
        length = len(kept)
        footers = footer_start(kept)
        if footers < length and _is_signed(kept, footers):
            del kept[footers:]
        for find in (_block_below_delimiter, _block_below_closing, _block_of_its_own):
            start, end = find(kept)
            signature[:0] = [line for line in kept[start:end] if not _DELIMITER.fullmatch(line.strip())]
            del kept[start:end]
        if len(_trim(kept)) == length:
            return kept, signature


def _trim(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _block_end(lines: Sequence[str], start: int) -> int:
    """Returns the index behind the block: before the first sentence, if a slogan below contact data is none."""
    contacts = 0
    for index in range(start, len(lines)):
        if (contacts == 0 or speaks(lines[index])) and is_sentence(lines[index]):
            while index > start and not lines[index - 1].strip():
                index -= 1  # the blank line belongs to what follows
            return index
        contacts += has_contact(lines[index])
    return len(lines)


def _last_filled(lines: Sequence[str], end: int) -> str:
    """Returns the last line before ``end`` that is not blank, among the next few above; "" if there is none."""
    above = range(end - 1, max(-1, end - _MAX_LINES_ABOVE), -1)
    return next((lines[index] for index in above if lines[index].strip()), "")


def _is_signed(lines: Sequence[str], end: int) -> bool:
    """True when the text before ``end`` closes with a sign-off, a name in a paragraph of its own, or contact data."""
    filled = [index for index in range(max(0, end - _MAX_LINES_ABOVE), end) if lines[index].strip()]
    if len(filled) < 2:
        return False
    before, last = filled[-2:]
    if is_sign_off(lines[last]) or is_sign_off(lines[before]):
        return True
    if is_name(lines[last]):
        return before < last - 1
    return has_contact(lines[last]) and not is_sentence(lines[last])


# --- where a signature stands ------------------------------------------------------------------------------------


def _block_below_delimiter(lines: Sequence[str]) -> tuple[int, int]:
    """Finds the first line of dashes or signs with a signature behind it; below "-- " a name is enough."""
    lowest = max(0, len(lines) - _MAX_SIGNATURE_LINES)
    found = len(lines)
    for index in range(len(lines) - 1, lowest - 1, -1):
        line = lines[index].strip()
        if _DELIMITER.fullmatch(line):
            rest = [below for below in lines[index + 1 : found] if below.strip()]
            announces = _last_filled(lines, index).rstrip().endswith((":", ","))  # a list
            if is_contact_block(rest) or (index > 0 and not announces and (not rest or _follows_strong(line, rest))):
                found = index
    return found, len(lines)


def _follows_strong(delimiter: str, rest: Sequence[str]) -> bool:
    if not _STRONG_DELIMITER.fullmatch(delimiter):
        return False
    return (
        (is_name(rest[0]) and not any(speaks(line) for line in rest))
        or not any(is_sentence(line) for line in rest)
        or any(has_contact(line) and not is_sentence(line) for line in rest)
    )


def _block_below_closing(lines: Sequence[str]) -> tuple[int, int]:
    """Finds the contact details behind a closing; the closing and the name stay."""
    none = len(lines), len(lines)
    lowest = max(0, len(lines) - MAX_CONTACT_LINES - 3)
    for index in range(len(lines) - 1, lowest - 1, -1):
        if not is_sign_off(lines[index]):
            continue
        rest = [position for position in range(index + 1, len(lines)) if lines[position].strip()]
        if not rest:
            return none
        start = rest[0]
        if is_sentence(lines[start]):
            return none
        if has_contact(lines[start]):
            if index == 0:
                return none  # "Thanks! 555-0147" answers a question
        elif is_name(lines[start]) or len(lines[start]) <= MAX_NAME_CHARS:
            start += 1
        else:
            return none
        end = _block_end(lines, start)
        details = [line for line in lines[start:end] if line.strip()]
        if not details or any(len(line) > MAX_BLOCK_LINE_CHARS for line in details):
            return none
        if any(has_contact(line) for line in details) or _repeats_name(lines[start - 1], details):
            return start, end
        return none
    return none


def _block_of_its_own(lines: Sequence[str]) -> tuple[int, int]:
    """Finds the last paragraph if it is a signature without a closing: a name, and contact details below it."""
    none = len(lines), len(lines)
    start = len(lines)
    lowest = max(0, len(lines) - MAX_CONTACT_LINES - 1)
    while start > lowest and lines[start - 1].strip():
        start -= 1
    above = _last_filled(lines, start).rstrip()
    if len(lines) - start < _MIN_OWN_BLOCK_LINES or not above.endswith(SENTENCE_ENDS):
        return none  # "Our data for the contract" goes on in the block
    name, details = lines[start], lines[start + 1 :]
    if len(name.split()) < 2 or not is_name(name) or not is_contact_block(details):
        return none
    if sum("@" in line for line in details) > 1:
        return none  # a list of people
    return start + 1, len(lines)


def _repeats_name(name_line: str, details: list[str]) -> bool:
    """True when a block under the closing begins with its name again: "Marco Rossi" and then "Avv. Marco Rossi"."""
    names, head = (
        [word for word in line.replace(",", " , ").split() if word.casefold().strip(".") not in _TITLES]
        for line in (name_line, details[0])
    )
    names = [word.casefold() for word in names if word != ","]
    behind = head[len(names) : len(names) + 1]
    if not names or len(names) > 4 or len(head) > 8 or [word.casefold() for word in head[: len(names)]] != names:
        return False
    if behind and behind[0][0].islower():  # "Anna from sales will join": a sentence
        return False
    return all(len(line) <= 80 and not line.rstrip().endswith((".", "!", "?", "…")) for line in details)
