"""The grounding of days in the conversation: named there, or following from what is named there.

"Tomorrow" and "Tuesday" are counted from the dates of the reply and of now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from shared.domain.drafting import time_words as words
from shared.domain.drafting import unit_words as units
from shared.domain.drafting.stated_days import (
    StatedDay,
    days_in,
    relative_words,
    weekday_ranges,
    without_dates,
    without_weekday_ranges,
)
from shared.domain.text.wording import without_accents

DERIVED_DAYS: Final = 21  # "Tuesday" grounds the dates of the Tuesdays within three weeks
ORDINAL_DAYS: Final = 62  # "the 12th" grounds that day of this month and the next
MAX_AHEAD: Final = 400  # days; what is further away is not counted from "in two years"
ABOUT: Final = 6  # days; "in two weeks" may be a little later
_PERIOD: Final = re.compile(rf"\b(?:{words.PERIODS})")
_LATER: Final = re.compile(rf"\b(?:{words.PERIODS}|{words.LATER})")
# A draft that says "3/4 of them" names no date; a lead who writes "3/4 is fine" does.
_NO_DATES: Final = frozenset({"24/7", "1/2", "1/3", "1/4", "3/4", "2/3", "9/5"})
_WITH_FULL_STOP: Final = re.compile(r"(\d{1,2}\.\d{1,2})\.")
_MARKED_DAY: Final = re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|\.|º|ª)(?!\w)")


@dataclass(slots=True)
class KnownDays:
    """The days that a conversation names, and those that follow from them."""

    days: set[tuple[int, int]] = field(default_factory=set)  # month, day
    days_of_month: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)  # every month when a span of time is mentioned
    weekdays: set[int] = field(default_factory=set)
    ranges: set[tuple[int, int]] = field(default_factory=set)  # of weekdays
    relative: set[int] = field(default_factory=set)  # days from now: 1 is tomorrow
    years: set[Decimal] = field(default_factory=set)
    later: bool = False  # the lead has named a later moment: when we write again is then ours to choose

    def holds(self, stated: StatedDay) -> bool:
        """Tells whether a day of a draft is grounded here."""
        if stated.days:
            return bool(stated.days & self.days)
        if stated.weekday is not None:
            return stated.weekday in self.weekdays
        if stated.day_of_month is not None:
            return stated.day_of_month in self.days_of_month
        return stated.month in self.months


def read_days(
    ours: str, theirs: str, spans: Iterable[tuple[str, Decimal]], reference_dates: Sequence[date]
) -> KnownDays:
    """Reads the days of a conversation. ``spans`` are the lead's spans of time ("in two weeks"), by unit.

    Weekdays of opening hours ("Mon-Fri") in our own texts ground only themselves, not a Monday.
    """
    known = KnownDays()
    for text, is_ours in ((ours, True), (theirs, False)):
        known.ranges.update(weekday_ranges(text))
        rest = without_weekday_ranges(text) if is_ours else text
        for stated in days_in(rest):
            known.days.update(stated.days)
            known.months.update({stated.month} if stated.month else set(), (month for month, _ in stated.days))
            known.days_of_month.update({stated.day_of_month} if stated.day_of_month else set())
            known.weekdays.update({stated.weekday} if stated.weekday is not None else set())
    folded = without_accents(theirs).lower()
    spans = list(spans)
    known.later = bool(spans) or next(days_in(theirs), None) is not None or _LATER.search(folded) is not None
    if _PERIOD.search(folded):
        known.months.update(range(1, 13))
    marked = (int(match["day"]) for match in _MARKED_DAY.finditer(without_dates(theirs)))
    alone = {day for day in marked if 1 <= day <= 31}
    known.days_of_month.update(alone, (day for _, day in known.days))
    known.relative.update(offset for _, offset in relative_words(theirs + "\n" + ours))
    _derive(known, alone, spans, reference_dates)
    return known


def _derive(
    known: KnownDays, alone: set[int], spans: Sequence[tuple[str, Decimal]], reference_dates: Sequence[date]
) -> None:
    """Adds the days that follow: of "tomorrow", of "Tuesday", of "the 12th", of "in two weeks"."""
    stated_days, stated_weekdays = set(known.days), set(known.weekdays)
    ahead = [int(value) for unit, value in spans if unit == units.DAYS and 1 <= value <= MAX_AHEAD]
    years = [int(value) // 12 for unit, value in spans if unit == units.MONTHS and 12 <= value <= 120]
    for reference in reference_dates:
        coming = list(_later(reference, range(ORDINAL_DAYS)))
        derived = set(_later(reference, known.relative))
        derived.update(day for day in coming[: DERIVED_DAYS + 1] if day.weekday() in stated_weekdays)
        near = {day for days in ahead for day in _later(reference, range(days, days + ABOUT + 1))}
        by_number = {day for day in coming if day.day in alone}
        known.days.update((day.month, day.day) for day in derived | by_number | near)
        known.days_of_month.update(day.day for day in derived)
        known.months.update(day.month for day in derived | by_number | near)
        known.weekdays.update(day.weekday() for day in by_number)
        known.weekdays.update(day.weekday() for day in _later(reference, (*known.relative, *ahead)))
        known.weekdays.update(_weekdays_of(stated_days, reference))
        if (reference.weekday() + 1) % 7 in known.weekdays:
            known.relative.add(1)
        known.years.update(Decimal(reference.year + more) for more in (0, 1, *years))


def ungrounded_days(text: str, known: KnownDays, numbers: set[Decimal]) -> Iterator[str]:
    """Yields the words of the days of a draft that are not grounded. ``numbers`` are known ones: "4.8." may be none."""
    text = without_weekday_ranges(text, known.ranges)
    for stated in days_in(text, of_draft=True):
        if not known.holds(stated) and stated.words not in _NO_DATES and not _is_number(stated.words, numbers):
            yield stated.words
    for found, offset in relative_words(text):
        if offset and offset not in known.relative:
            yield found


def _is_number(said: str, numbers: set[Decimal]) -> bool:
    """Tells whether "4.8." at the end of a sentence is a known number with its full stop."""
    match = _WITH_FULL_STOP.fullmatch(said)
    return match is not None and Decimal(match[1]) in numbers


def _later(day: date, offsets: Iterable[int]) -> Iterator[date]:
    for offset in offsets:
        try:
            yield day + timedelta(days=offset)
        except OverflowError:
            return


def _weekdays_of(days: Iterable[tuple[int, int]], reference: date) -> Iterator[int]:
    """Yields the weekday of a date that is to come: of this year, or of the next if it is over."""
    for month, day in days:
        for year in (reference.year, reference.year + 1):
            try:
                candidate = date(year, month, day)
            except ValueError:
                continue
            if candidate >= reference - timedelta(days=1):
                yield candidate.weekday()
                break
