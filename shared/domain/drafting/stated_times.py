"""The hours that a text names, in digits or in words, and their grounding in the conversation.

A time that the lead offered as a window grounds every hour within it: "between 1 and 3.30" grounds 1:30 pm. Without
a.m. or p.m. an hour is either. Opening hours in our own texts ground only themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from shared.domain.drafting import time_words as words
from shared.domain.drafting import unit_words as units
from shared.domain.drafting.number_words import NUMBER_OF_WORD
from shared.domain.text.wording import plain

HALF_A_DAY: Final = 12 * 60

# The patterns read folded text: no accents, lower case.
_CLOCK: Final = (
    r"(?P<hour>\d{1,2})(?:"
    r":(?P<minute>\d{2})(?!\d)(?:[ \u00a0]?(?P<half>[ap])\.?m\b)?"
    r"|\.(?P<dotted>\d{2})(?!\d)(?:[ \u00a0]?(?:uhr\b|(?P<dotted_half>[ap])\.?m\b)|(?![ \u00a0]?[%€$£]|\.\d))"
    r"|[ \u00a0]?(?P<only_half>[ap])\.?m\b"
    r"|[ \u00a0]?(?:uhr|uur|o'clock)\b"
    r"|[ \u00a0]?h(?:rs|eures|oras)?[ \u00a0]?(?P<french>\d{2})?(?![\w])"
    r")"
)
_DIGITS: Final = re.compile(rf"(?<![\d.,:]){_CLOCK}")


def _any(row: str) -> str:
    """Renders a row of words as alternatives, the longest first."""
    return "|".join(sorted(row.split(), key=len, reverse=True))


_ORDINALS: Final = "|".join(words.HOUR_ORDINALS)
_HOUR_WORDS: Final = _any(" ".join(word for word, number in NUMBER_OF_WORD.items() if number <= 12))
_BEFORE: Final = "|".join(sorted(words.BEFORE_HOUR, key=len, reverse=True))
_IN_WORDS: Final = re.compile(
    rf"\b(?:(?P<before>{_BEFORE}) (?P<hour_after>\d{{1,2}}|{_HOUR_WORDS}|{_ORDINALS})\b"
    rf"|(?:{words.BEFORE_HOUR_IN_WORDS}) (?P<plain>{_HOUR_WORDS})(?: (?:heures?|uhr|uur|horas?|o'clock))?"
    rf" ?(?P<after>{'|'.join(words.AFTER_HOUR)})?"
    r"(?= ?[,.;!?)\n]|\Z| (?:o'clock|uhr|uur|on|am|in|works|geht|passt|est|va)\b)"
    rf"|(?:o(?: godzinie)?|tegen|rond) (?P<ordinal>{_ORDINALS})\b"
    rf"|(?P<noon>{_any(words.NOON)})s?\b|(?P<midnight>{_any(words.MIDNIGHT)})\b)"
)
_AFTER: Final = "|".join(words.AFTER_HOUR)
_LOOSE_WORDS: Final = re.compile(
    rf"\b(?P<hour>{_HOUR_WORDS})(?= (?:heures?|uhr|uur|horas?|o'clock|{_AFTER})\b)"
    rf"(?: (?:heures?|uhr|uur|horas?|o'clock))?(?: (?P<after>{_AFTER})\b)?"
)
_BARE: Final = re.compile(
    rf"(?:\b(?P<before>{_any(words.BEFORE_BARE_HOUR)})\.?(?: (?:{_any(words.ARTICLES)}))?|[-–—/,(]|\A|\n|\s)[ \u00a0]?"
    r"(?<![\d.,:])(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?"
    r"(?P<after>(?=[ \u00a0]?[-–—/]|[ \u00a0]?[,;.!?)]|[ \u00a0]*(?:\n|\Z)"
    rf"|[ \u00a0](?:{_any(words.AFTER_BARE_HOUR)})\b))?(?![\d%:]|[.,]\d|[ \u00a0]?[%€$£])"
)
_CONNECTOR: Final = re.compile(
    rf"[ \u00a0]?(?:[-–—]|(?:uhr|h|uur)?[ \u00a0]?(?:{_any(words.BETWEEN_HOURS)})(?: (?:las|le|half|halb))?)"
    r"[ \u00a0]?\Z"
)
_OPEN: Final = re.compile(rf"\b(?:{_any(words.OPEN_FROM)})(?: (?:{_any(words.ARTICLES)}))?[ \u00a0]?\Z")
_OPEN_UNTIL: Final = re.compile(rf"\b(?:{_any(words.OPEN_UNTIL)})(?: (?:{_any(words.ARTICLES)}))?[ \u00a0]?\Z")
_DAYTIME: Final = re.compile(rf"\b(?:{_any(' '.join(words.HOURS_OF_DAYTIMES.values()))})\b")
_NAMED: Final = re.compile(rf"(?:\b(?:{_any(words.BEFORE_PLAIN_HOUR)})\.? |[-–] ?)\Z")
_RATIO: Final = re.compile(rf"(?:{_any(words.RATIOS)})[^.!?\n]{{0,20}}\Z")
MAX_WINDOW_GAP: Final = 14  # characters between the hours of a window
_UNITS: Final = (units.TIMES, units.UNIT_OF_WORD, units.COUNTED, units.BETWEEN)
_FOLLOWED_BY_UNIT: Final = re.compile(r"[ \u00a0-]?(?P<unit>[a-z]{2,16})")


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A time of day in a text: where, and the minutes of the day that it may mean."""

    start: int
    end: int
    minutes: frozenset[int]
    bare: bool = False  # "at 3": only a conversation names hours like this


@dataclass(slots=True)
class KnownTimes:
    """The times that a conversation names or offers, and the windows that our own texts name."""

    minutes: set[int] = field(default_factory=set)
    windows: set[tuple[frozenset[int], frozenset[int]]] = field(default_factory=set)


def read_times(ours: str, theirs: str, *, german: bool = False) -> KnownTimes:
    """Reads the times of a conversation. ``german``: "3 am" is no time there."""
    known = KnownTimes()
    folded = plain(theirs)
    times = [*_clock_times(folded, german=german), *_bare_hours(folded), *_hours_in_words(folded)]
    for time in times:
        known.minutes.update(time.minutes)
        if _OPEN_UNTIL.search(folded, max(0, time.start - 16), time.start):
            known.minutes.update(end - earlier for end in time.minutes for earlier in range(words.OPEN_HOURS * 60))
        if _OPEN.search(folded, max(0, time.start - 16), time.start):
            known.minutes.update(
                minute for start in time.minutes for minute in range(start, start + words.OPEN_HOURS * 60)
            )
    for match in _DAYTIME.finditer(folded):
        start, end = next(hours for hours, row in words.HOURS_OF_DAYTIMES.items() if match[0] in row.split())
        known.minutes.update(range(start * 60, end * 60 + 1))
    for first, last in _windows(folded, times):
        known.minutes.update(minute for start, end in _spans(first, last) for minute in range(start, end + 1))
    folded = plain(ours)
    of_ours = list(_clock_times(folded, german=german))
    in_windows: set[int] = set()
    for first, last in _windows(
        folded, sorted([*of_ours, *_bare_hours(folded)], key=lambda time: (time.start, time.bare))
    ):
        known.windows.add((first.minutes, last.minutes))
        in_windows |= {first.start, last.start}
    known.minutes.update(minute for time in of_ours if time.start not in in_windows for minute in time.minutes)
    return known


def ungrounded_times(text: str, known: KnownTimes, *, german: bool = False) -> Iterator[str]:
    """Yields the words of the times of a draft that are not grounded."""
    folded = plain(text)
    times = list(_clock_times(folded, german=german, of_draft=True))
    as_known = {
        start
        for first, last in _windows(folded, [*times, *_bare_hours(folded)])
        if any(first.minutes & one and last.minutes & other for one, other in known.windows)
        for start in (first.start, last.start)
    }
    for time in times:
        if time.start not in as_known and not time.minutes & known.minutes:
            yield text[time.start : time.end].strip()


def without_times(text: str, *, german: bool = False) -> str:
    """Blanks the times of a text, so that they are not read as numbers."""
    folded = plain(text)
    pieces, position = [], 0
    for time in _clock_times(folded, german=german):
        if time.start >= position and any(char.isdigit() for char in text[time.start : time.end]):
            pieces += [text[position : time.start], " " * (time.end - time.start)]
            position = time.end
    return "".join([*pieces, text[position:]])


def _clock_times(folded: str, *, german: bool, of_draft: bool = False) -> Iterator[StatedTime]:
    found = [*_in_digits(folded, german=german, of_draft=of_draft), *_in_words(folded)]
    yield from sorted(found, key=lambda time: time.start)


def _in_digits(folded: str, *, german: bool, of_draft: bool) -> Iterator[StatedTime]:
    for match in _DIGITS.finditer(folded):
        half = match["half"] or match["dotted_half"] or match["only_half"]
        if german and match["only_half"] and not match[0].endswith("m.") and " " in match[0]:
            continue  # "Halle 3 am Hauptstandort"
        minute = int(match["minute"] or match["dotted"] or match["french"] or 0)
        is_plain_point = bool(match["dotted"]) and not half and "uhr" not in match[0]
        is_plain_hour = not (match["minute"] or match["dotted"] or match["french"] or half or set("u'") & set(match[0]))
        named = _NAMED.search(folded, max(0, match.start() - 8), match.start())
        if not named and ((is_plain_point and (of_draft or minute % 5)) or (is_plain_hour and of_draft)):
            continue
        if match["minute"] and _RATIO.search(folded, max(0, match.start() - 35), match.start()):
            continue
        if minutes := _readings(int(match["hour"]), minute, half):
            yield StatedTime(match.start(), match.end(), minutes)


def _in_words(folded: str) -> Iterator[StatedTime]:
    for match in _IN_WORDS.finditer(folded):
        if match["noon"] or match["midnight"]:
            yield StatedTime(match.start(), match.end(), frozenset({HALF_A_DAY if match["noon"] else 0}))
            continue
        written = match["hour_after"] or match["plain"] or match["ordinal"]
        hour = int(written) if written.isdigit() else NUMBER_OF_WORD.get(written) or words.HOUR_ORDINALS.get(written, 0)
        if not 1 <= hour <= 24:
            continue
        shift = words.BEFORE_HOUR[match["before"]] if match["before"] else words.AFTER_HOUR.get(match["after"] or "", 0)
        shifts = {shift, -shift} if match["before"] == words.DUTCH_HALF else {shift}
        minutes = {(minute + one) % (24 * 60) for minute in _readings(hour, 0, None) for one in shifts}
        yield StatedTime(match.start(), match.end(), frozenset(minutes))


def _hours_in_words(folded: str) -> Iterator[StatedTime]:
    """Yields the hours in words that only a conversation names like this: "onze heures et demie", "diez y media"."""
    for match in _LOOSE_WORDS.finditer(folded):
        hour, shift = NUMBER_OF_WORD[match["hour"]], words.AFTER_HOUR.get(match["after"] or "", 0)
        minutes = frozenset((minute + shift) % (24 * 60) for minute in _readings(hour, 0, None))
        yield StatedTime(match.start(), match.end(), minutes, bare=True)


def _bare_hours(folded: str) -> Iterator[StatedTime]:
    for match in _BARE.finditer(folded):
        after = _FOLLOWED_BY_UNIT.match(folded, match.end())
        if after and (
            after["unit"] in units.TIMES
            or after["unit"] in units.UNIT_OF_WORD
            or after["unit"] in units.COUNTED
            or after["unit"] in units.BETWEEN
        ):
            continue
        if not match["before"] and match["after"] is None:
            continue
        if minutes := _readings(int(match["hour"]), int(match["minute"] or 0), None):
            yield StatedTime(match.start("hour"), match.end(), minutes, bare=True)


def _windows(folded: str, times: list[StatedTime]) -> Iterator[tuple[StatedTime, StatedTime]]:
    for first, last in pairwise(sorted(times, key=lambda time: (time.start, time.bare))):
        between = folded[first.end : last.start]
        if first.start != last.start and len(between) <= MAX_WINDOW_GAP and _CONNECTOR.search(between):
            yield first, last


def _spans(first: StatedTime, last: StatedTime) -> Iterator[tuple[int, int]]:
    for start in first.minutes:
        for end in last.minutes:
            if start <= end <= start + HALF_A_DAY:
                yield start, end


def _readings(hour: int, minute: int, half: str | None) -> frozenset[int]:
    """Returns the minutes of the day that a time may mean: without a.m. or p.m., "3:30" is either."""
    if hour > 24 or minute > 59:
        return frozenset()
    if half == "a":
        hours = {hour % 12}
    elif half == "p":
        hours = {hour % 12 + 12}
    else:
        hours = {hour % 24} | ({hour + 12} if hour < 12 else {0} if hour == 12 else set())
    return frozenset(hour * 60 + minute for hour in hours)
