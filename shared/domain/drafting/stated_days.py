"""The days that a text names: dates, weekdays, days of a month, months, "tomorrow".

Every reading of a notation counts: 3/4 may be the third of April or the fourth of March.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from shared.domain.drafting import time_words as words
from shared.domain.text.calendar_words import MONTH_OF_WORD
from shared.domain.text.wording import without_accents, words_of

WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_MONTH_WORD: Final = r"(?P<month>[^\W\d_]{3,12})"
_ISO_DATE: Final = re.compile(r"(?<!\d)\d{4}-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_NUMERIC_DATE: Final = re.compile(
    r"(?<![\d.,/-])(?P<first>\d{1,2})"
    r"(?:\.[ ]?(?P<dotted>\d{1,2})\.(?:\d{4}|\d{2})?|/(?P<slashed>\d{1,2})(?:/(?:\d{4}|\d{2}))?)(?![\d/%])"
)
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


def relative_days(text: str) -> tuple[str, ...]:
    """Returns the words of a text that are true on one day only: "tomorrow", "this afternoon", "heute nach 14 Uhr"."""
    folded = without_accents(text).lower()
    found = [(match.start(), match[0]) for match in _TODAY_AS_DAY.finditer(folded)]
    position = 0
    for said, offset in relative_words(text):
        position = max(text.find(said, position), 0)
        found += [(position, said)] if offset else []
    return tuple(said for _, said in sorted(found))


def without_days(text: str) -> str:
    """Blanks the dates of a text, so that they are not read as numbers or times."""
    return _DAY_ALONE.sub(lambda match: " " * len(match[0]), without_dates(text))


# --- reading ----------------------------------------------------------------------------------------------------------


def days_in(text: str, *, of_draft: bool = False) -> Iterator[StatedDay]:
    for match in WORD.finditer(text):
        weekday = words.WEEKDAY_OF.get(without_accents(match[0]).lower())
        if weekday is not None:
            yield StatedDay(match[0], weekday=weekday)
    yield from _short_weekdays(text, sure=of_draft)
    yield from _dates(text)
    text = without_dates(text)
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


def weekday_ranges(text: str) -> Iterator[tuple[int, int]]:
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


def without_weekday_ranges(text: str, kept: Collection[tuple[int, int]] | None = None) -> str:
    """Blanks the ranges of weekdays; with ``kept`` only those of them."""

    def blanked(match: re.Match[str]) -> str:
        pair = (_any_weekday(match["first"]), _any_weekday(match["last"]))
        known = None not in pair and (kept is None or pair in kept)
        return _blank(match) if known else match[0]

    return _RANGE_OF_WEEKDAYS.sub(blanked, text)


def relative_words(text: str) -> Iterator[tuple[str, int]]:
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


def without_dates(text: str) -> str:
    text = _NUMERIC_DATE.sub(_blank, _ISO_DATE.sub(_blank, text))
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        text = pattern.sub(lambda match: _blank(match) if _month_of(match["month"]) is not None else match[0], text)
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
