"""The days that a text names (dates, weekdays, days of a month, months), and their grounding in the conversation.

Every reading of a notation counts: 3/4 may be the third of April or the fourth of March. "Tomorrow" and "Tuesday" are
counted from the dates of the reply and of now.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from shared.domain.drafting import time_words as words
from shared.domain.drafting import unit_words as units
from shared.domain.text.calendar_words import MONTH_OF_WORD
from shared.domain.text.wording import without_accents, words_of

DERIVED_DAYS: Final = 21  # "Tuesday" grounds the dates of the Tuesdays within three weeks
ORDINAL_DAYS: Final = 62  # "the 12th" grounds that day of this month and the next
MAX_AHEAD: Final = 400  # days; what is further away is not counted from "in two years"
ABOUT: Final = 6  # days; "in two weeks" may be a little later

WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_MONTH_WORD: Final = r"(?P<month>[^\W\d_]{3,12})"
_ISO_DATE: Final = re.compile(r"(?<!\d)\d{4}-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_NUMERIC_DATE: Final = re.compile(
    r"(?<![\d.,/-])(?P<first>\d{1,2})"
    r"(?:\.[ ]?(?P<dotted>\d{1,2})\.(?:\d{4}|\d{2})?|/(?P<slashed>\d{1,2})(?:/(?:\d{4}|\d{2}))?)(?![\d/%])"
)
# A draft that says "3/4 of them" names no date; a lead who writes "3/4 is fine" does.
_WITH_FULL_STOP: Final = re.compile(r"(\d{1,2}\.\d{1,2})\.")
_NO_DATES: Final = frozenset({"24/7", "1/2", "1/3", "1/4", "3/4", "2/3", "9/5"})
_ORDINAL: Final = r"(?:st|nd|rd|th|er|\.|º|ª)?"
# A range names both of its ends: "7-9 December", "del 7 al 9 de diciembre".
_DAY_MONTH: Final = re.compile(
    rf"(?<![\d.,])(?:(?P<from>\d{{1,2}}){_ORDINAL}[ \u00a0]?(?:[-–—]|to|bis|au|al|tot|and|und|do|a|e)[ \u00a0]?)?"
    rf"(?P<day>\d{{1,2}}){_ORDINAL}[ \u00a0]{{1,2}}(?:of |de |d')?{_MONTH_WORD}\b",
    re.IGNORECASE,
)
_MONTH_DAY: Final = re.compile(
    rf"\b{_MONTH_WORD}\.?[ \u00a0]{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:[-–](?P<to>\d{{1,2}}))?(?![\d%]|[:.,]\d)",
    re.IGNORECASE,
)
# Words that name a month only in this spelling; in lower case they mean something else.
_CAPITALISED: Final = frozenset({"may", "march", "mar", "set", "sett", "out", "dec", "jan", "mai", "august"})
_DAY_ALONE: Final = re.compile(
    r"\b(?:(?:on|by|until|before|after|from|the)[ \u00a0](?:the )?(?P<english>\d{1,2})(?:st|nd|rd|th)\b"
    r"(?![ \u00a0][a-z]{4,})"
    r"|(?:am|den|dem|ab|bis|zum|vom)[ \u00a0](?P<german>\d{1,2})\.(?!\d|[ \u00a0][A-ZÄÖÜ])"
    r"|(?<!tra )(?<!fra )(?<! e )(?:le|el(?: día)?)[ \u00a0](?P<romance>\d{1,2})"
    r"(?![\d:h%]|[.,]\d|[ \u00a0]?(?:%|por|pour|€|h\b)))"
)
_MARKED_DAY: Final = re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|\.|º|ª)(?!\w)")
# Before a month's name that is an ordinary word as well.
_BEFORE_MONTH: Final = re.compile(
    r"\b(?:in|by|until|till|since|early|late|mid|end of|next|this|last|of|im|ab|bis|seit|anfang|mitte|ende|kommenden"
    r"|n[äa]chsten|en|fin|d[ée]but|d'ici|desde|hasta|finales de|principios de|em|a|ad|entro|di|w|we|do|od)[ \u00a0]\Z",
    re.IGNORECASE,
)
_DOUBTFUL_MONTHS: Final = words_of(
    "may march mars marts marca maart sept set sett out mar dec jan mai maj maja june juni juli april august augusta"
    " ago abr apr avr ene feb fev fév gen jul jun nov oct okt oct ott dic dez déc déc. sep des luty"
)
_RANGE_OF_WEEKDAYS: Final = re.compile(
    r"(?<![^\W_])(?P<first>[^\W\d_]{2,14}(?:-feira)?)\.?[ \u00a0]?"
    r"(?:[-–—]|to|bis|t/m|tot(?: en met)?|à|al?|do|through|au)"
    r"[ \u00a0]?(?P<last>[^\W\d_]{2,14}(?:-feira)?)(?![^\W_])",
    re.IGNORECASE,
)
_SHORT_WEEKDAY: Final = re.compile(
    rf"(?<![\w.-])(?P<before>(?:{words.BEFORE_SHORT_WEEKDAY})[ \u00a0])?"
    + "(?:"
    + "|".join(f"(?P<day{day}>{names})" for day, names in enumerate(words.SHORT_WEEKDAYS))
    + r")(?P<point>\.)?(?=[ ,;/)?!–-]|\Z|\n|\.(?:\s|\Z))"
)
_PORTUGUESE_LOOSE: Final = re.compile(
    r"\b(?P<day>segunda|terça|quarta|quinta|sexta)\b(?! (?:vez|etapa|parte|fase))", re.IGNORECASE
)
_PORTUGUESE: Final = re.compile(
    r"\b(?:na|à|a|até|ou|próxima|nesta|de) (?P<day>segunda|terça|quarta|quinta|sexta)"
    r"(?=[ \u00a0]*(?:[,.;!?)\n]|\Z|ou\b|e\b|às?\b|de\b|das?\b|que vem|depois|antes|entre|pela|por))",
    re.IGNORECASE,
)
_PERIOD: Final = re.compile(rf"\b(?:{words.PERIODS})")
_LATER: Final = re.compile(rf"\b(?:{words.PERIODS}|{words.LATER})")
_TODAY_AS_DAY: Final = re.compile(words.TODAY_AS_DAY)
_TOMORROW: Final = frozenset(words.TOMORROW.split())
_DAY_AFTER: Final = frozenset(words.DAY_AFTER.split())
_TODAY: Final = frozenset(words.TODAY.split())
_AFTER: Final = frozenset({"after", "pasado", "dopo"})  # "the day after tomorrow"


@dataclass(frozen=True, slots=True)
class StatedDay:
    """A day in a text: its words, and what it may stand for: days of the year, a weekday, a day of a month, a month."""

    words: str
    days: frozenset[tuple[int, int]] = frozenset()
    weekday: int | None = None
    day_of_month: int | None = None
    month: int | None = None


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
        known.ranges.update(_weekday_ranges(text))
        rest = _without_weekday_ranges(text) if is_ours else text
        for stated in _read(rest):
            known.days.update(stated.days)
            known.months.update({stated.month} if stated.month else set(), (month for month, _ in stated.days))
            known.days_of_month.update({stated.day_of_month} if stated.day_of_month else set())
            known.weekdays.update({stated.weekday} if stated.weekday is not None else set())
    folded = without_accents(theirs).lower()
    spans = list(spans)
    known.later = bool(spans) or next(_read(theirs), None) is not None or _LATER.search(folded) is not None
    if _PERIOD.search(folded):
        known.months.update(range(1, 13))
    marked = (int(match["day"]) for match in _MARKED_DAY.finditer(_without_dates(theirs)))
    alone = {day for day in marked if 1 <= day <= 31}
    known.days_of_month.update(alone, (day for _, day in known.days))
    known.relative.update(offset for _, offset in _relative(theirs + "\n" + ours))
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
    text = _without_weekday_ranges(text, known.ranges)
    for stated in _read(text, of_draft=True):
        if not known.holds(stated) and stated.words not in _NO_DATES and not _is_number(stated.words, numbers):
            yield stated.words
    for found, offset in _relative(text):
        if offset and offset not in known.relative:
            yield found


def _is_number(said: str, numbers: set[Decimal]) -> bool:
    """Tells whether "4.8." at the end of a sentence is a known number with its full stop."""
    match = _WITH_FULL_STOP.fullmatch(said)
    return match is not None and Decimal(match[1]) in numbers


def relative_days(text: str) -> tuple[str, ...]:
    """Returns the words of a text that are true on one day only: "tomorrow", "this afternoon", "heute nach 14 Uhr"."""
    folded = without_accents(text).lower()
    found = [(match.start(), match[0]) for match in _TODAY_AS_DAY.finditer(folded)]
    position = 0
    for said, offset in _relative(text):
        position = max(text.find(said, position), 0)
        found += [(position, said)] if offset else []
    return tuple(said for _, said in sorted(found))


def without_days(text: str) -> str:
    """Blanks the dates of a text, so that they are not read as numbers or times."""
    return _DAY_ALONE.sub(lambda match: " " * len(match[0]), _without_dates(text))


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(text: str, *, of_draft: bool = False) -> Iterator[StatedDay]:
    for match in WORD.finditer(text):
        weekday = words.WEEKDAY_OF.get(without_accents(match[0]).lower())
        if weekday is not None:
            yield StatedDay(match[0], weekday=weekday)
    yield from _short_weekdays(text, sure=of_draft)
    yield from _dates(text)
    text = _without_dates(text)
    for match in _DAY_ALONE.finditer(text):
        day = int(match["english"] or match["german"] or match["romance"])
        if 1 <= day <= 31:
            yield StatedDay(match[0], day_of_month=day)
    for match in WORD.finditer(text):
        month = _month_of(match[0])
        if month is None:
            continue
        doubtful = match[0].lower() in _DOUBTFUL_MONTHS
        if not of_draft or not doubtful or _BEFORE_MONTH.search(text, max(0, match.start() - 14), match.start()):
            yield StatedDay(match[0], month=month)


def _month_of(word: str) -> int | None:
    lowered = word.lower()
    if lowered in _CAPITALISED and not word[0].isupper():
        return None
    return MONTH_OF_WORD.get(lowered)


def _short_weekdays(text: str, *, sure: bool) -> Iterator[StatedDay]:
    """Reads "Wed" and "Di."; with ``sure`` only where nothing else can be meant."""
    for match in _SHORT_WEEKDAY.finditer(text):
        name = next(match[f"day{day}"] for day in range(7) if match[f"day{day}"])
        day = next(day for day in range(7) if match[f"day{day}"])
        marked = match["point"] or match["before"]
        certain = name in words.SURE_SHORT_WEEKDAYS or (
            marked and (name[0].isupper() or (match["point"] and len(name) > 2))
        )
        if certain or (not sure and (name[0].isupper() or match["before"])):
            yield StatedDay(name, weekday=day)
    for match in (_PORTUGUESE if sure else _PORTUGUESE_LOOSE).finditer(text):
        yield StatedDay(match["day"], weekday=words.PORTUGUESE_WEEKDAYS[without_accents(match["day"]).lower()])


def _weekday_ranges(text: str) -> Iterator[tuple[int, int]]:
    for match in _RANGE_OF_WEEKDAYS.finditer(text):
        first, last = _any_weekday(match["first"]), _any_weekday(match["last"])
        if first is not None and last is not None:
            yield first, last


def _any_weekday(word: str) -> int | None:
    plain = without_accents(word).lower()
    if plain in words.WEEKDAY_OF:
        return words.WEEKDAY_OF[plain]
    if plain in words.PORTUGUESE_WEEKDAYS:
        return words.PORTUGUESE_WEEKDAYS[plain]
    return next((day for day, names in enumerate(words.SHORT_WEEKDAYS) if re.fullmatch(names, word)), None)


def _without_weekday_ranges(text: str, kept: Collection[tuple[int, int]] | None = None) -> str:
    """Blanks the ranges of weekdays; with ``kept`` only those of them."""

    def blanked(match: re.Match[str]) -> str:
        pair = (_any_weekday(match["first"]), _any_weekday(match["last"]))
        known = None not in pair and (kept is None or pair in kept)
        return _blank(match) if known else match[0]

    return _RANGE_OF_WEEKDAYS.sub(blanked, text)


def _relative(text: str) -> Iterator[tuple[str, int]]:
    """Yields "tomorrow" and its kin, with the number of days until then."""
    before = ("", "")
    for match in WORD.finditer(text):
        word = without_accents(match[0]).lower()
        is_morning = before[1] in words.BEFORE_MORNING
        if word in _DAY_AFTER:
            if word != "pasado":
                yield match[0], 2
        elif word in _TOMORROW or (word in ("morgen", "manana") and match[0].islower() and not is_morning):
            yield match[0], 2 if before[1] in _AFTER or before == ("depois", "de") else 1
        elif word in _TODAY:
            yield match[0], 0
        before = (before[1], word)


def _dates(text: str) -> Iterator[StatedDay]:
    for match in _ISO_DATE.finditer(text):
        if days := _plausible([(int(match["month"]), int(match["day"]))]):
            yield StatedDay(match[0], days)
    for match in _NUMERIC_DATE.finditer(text):
        first, second = int(match["first"]), int(match["dotted"] or match["slashed"])
        found = [(second, first)] if match["dotted"] else [(second, first), (first, second)]
        if days := _plausible(found):
            yield StatedDay(match[0], days)
    for match in _DAY_MONTH.finditer(text):
        if (month := _month_of(match["month"])) is not None:
            last = int(match["day"])
            first = int(match["from"]) if match["from"] else last
            for day in range(min(first, last), min(last, 31) + 1):
                if days := _plausible([(month, day)]):
                    yield StatedDay(match[0], days)
    for match in _MONTH_DAY.finditer(text):
        if (month := _month_of(match["month"])) is not None:
            first = int(match["day"])
            for day in range(first, min(int(match["to"] or first), 31) + 1):
                if days := _plausible([(month, day)]):
                    yield StatedDay(match[0], days)


def _plausible(days: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    return frozenset((month, day) for month, day in days if 1 <= month <= 12 and 1 <= day <= 31)


def _without_dates(text: str) -> str:
    text = _NUMERIC_DATE.sub(_blank, _ISO_DATE.sub(_blank, text))
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        text = pattern.sub(lambda match: _blank(match) if _month_of(match["month"]) is not None else match[0], text)
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


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
