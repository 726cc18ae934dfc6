"""The facts that a text states (links, addresses, phone numbers, amounts, numbers, dates, times) and their grounding.

A fact counts as grounded when it occurs in the context in any notation: "15:00" by "3 pm", "€1,500" by "1.500 Euro",
the 24th by "Tuesday". Where a notation is ambiguous, every reading counts: a check that cries wolf is switched off
sooner or later, and a model's evaluation follows. Linear in the length of its inputs; never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from shared.domain.text.calendar_words import MONTH_OF_WORD, WEEKDAY_OF_WORD

DERIVED_DAYS = 21  # "Tuesday" grounds the dates of the Tuesdays within three weeks
ORDINAL_DAYS = 62  # "the 12th" grounds that day of this month and the next
SMALLEST_CHECKED_NUMBER = 100  # "a 20-minute call" and "two or 3 times" are phrases, not facts


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

# --- links, addresses, phone numbers ----------------------------------------------------------------------------------

_EMAIL: Final = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Without a scheme only well-known endings make a link: "Thanks.Let", "e.g." and "Node.js" are none.
_ENDINGS: Final = (
    "com|org|net|io|ai|co|de|fr|es|it|nl|pl|pt|eu|uk|us|ca|au|ch|at|be|se|dk|no|fi|ie|cz|br|mx|in|jp|app|dev|info|biz"
    "|me|tech|cloud|so|ly|gg|link|page|site|online|xyz|shop|store|agency|software|tools|team|test|example|zone|gl"
)
_PATH: Final = r"[^\s<>\"'`|\\^{}\[\]]"
_LINK: Final = re.compile(
    rf"(?:https?://|www\.){_PATH}{{2,500}}"
    rf"|(?<![\w.@/-])(?:[a-z0-9-]{{2,63}}\.){{1,5}}(?:{_ENDINGS})(?![\w-])(?!\.[a-z0-9-])(?:/{_PATH}{{0,500}})?",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<![\w.,/-])(?:\+|00|0|\()\d?(?:[ ()/.-]{0,3}\d){6,15}(?![\w%])")
_DIGIT_RUN: Final = re.compile(r"\d(?:[ ()/.-]{0,3}\d){6,19}")
_PHONE_TAIL = 7  # digits that must agree: country codes and leading zeros are written in many ways

# --- amounts and numbers ----------------------------------------------------------------------------------------------

_NUMBER: Final = re.compile(
    r"(?<![\d.,])(?P<digits>\d{1,3}(?:[ \u00a0\u202f.,']\d{3}){1,5}(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,15}(?:[.,]\d{1,6})?)(?!\d)"
    r"(?:[ \u00a0]?(?P<scale>k|mio|m|tsd|thousand|tausend|million(?:en|s)?)\b)?",
    re.IGNORECASE,
)
_SCALES: Final = {"k": 1_000, "tsd": 1_000, "thousand": 1_000, "tausend": 1_000}  # the others are millions
_PERCENT = "PERCENT"
_SCALED = "SCALED"  # "5k" without a currency
_UNITS: Final = {
    "USD": "$ us$ usd dollar dollars dólares dolares bucks",
    "EUR": "€ eur euro euros",
    "GBP": "£ gbp pound pounds",
    "CHF": "chf franken francs",
    "PLN": "pln zł zloty złotych",
    "SEK": "sek",
    "DKK": "dkk",
    "NOK": "nok",
    "KR": "kr kronor kroner",
    "JPY": "¥ jpy yen",
    "INR": "₹ inr",
    "CAD": "cad",
    "AUD": "aud",
    "BRL": "r$ brl reais",
    _PERCENT: "% percent prozent procent pct",
}
_UNIT_OF_WORD: Final = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_UNIT_BEFORE: Final = re.compile(r"(?:us\$|r\$|[$€£¥₹]|(?<![^\W\d_])[a-z]{2,3})[ \u00a0]?\Z", re.IGNORECASE)
_UNIT_AFTER: Final = re.compile(r"[ \u00a0\u202f-]?(?P<unit>us\$|r\$|[$€£¥₹%]|[^\W\d_]{2,8})", re.IGNORECASE)
_PERCENT_AFTER: Final = re.compile(r"[ \u00a0](?:per cent|pour cent|por ciento|por cento|per cento)\b", re.IGNORECASE)

# --- dates and times --------------------------------------------------------------------------------------------------

# Words that only the context may use for a day: many of them mean something else as well.
_SHORT_WEEKDAYS: Final = (
    "mon mo lun segunda", "tue tues di mar terça", "wed weds mi mer mié quarta", "thu thur thurs do jeu jue quinta",
    "fri fr ven vie sexta", "sat sa sam sáb", "sun so dim dom",
)  # fmt: skip
_GERMAN_DAYTIMES: Final = ("vormittag", "nachmittag", "morgen", "mittag", "abend")
_WEEKDAY_OF: Final = dict(WEEKDAY_OF_WORD) | {
    word + daytime: WEEKDAY_OF_WORD[word]
    for word in ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
    for daytime in _GERMAN_DAYTIMES
}
_SHORT_WEEKDAY_OF: Final = {word: day for day, words in enumerate(_SHORT_WEEKDAYS) for word in words.split()}
_MONTH_WORD: Final = r"(?P<month>[^\W\d_]{3,12})"
_ISO_DATE: Final = re.compile(r"(?<!\d)\d{4}-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_NUMERIC_DATE: Final = re.compile(
    r"(?<![\d.,/-])(?P<first>\d{1,2})"
    r"(?:\.[ ]?(?P<dotted>\d{1,2})\.(?:\d{4}|\d{2})?|/(?P<slashed>\d{1,2})(?:/(?:\d{4}|\d{2}))?)(?![\d/%])"
)
# A draft that says "3/4 of them" names no date; a lead who writes "3/4 is fine" does.
_NO_DATES: Final = frozenset({"24/7", "1/2", "1/3", "1/4", "3/4", "2/3", "9/5"})
_DAY_MONTH: Final = re.compile(
    rf"(?<![\d.,])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª)?[ \u00a0]{{1,2}}(?:of |de |d')?{_MONTH_WORD}\b",
    re.IGNORECASE,
)
_MONTH_DAY: Final = re.compile(
    rf"\b{_MONTH_WORD}\.?[ \u00a0]{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%]|[:.,]\d)", re.IGNORECASE
)
_DAY_ALONE: Final = re.compile(
    r"\b(?:(?P<english>\d{1,2})(?:st|nd|rd|th)\b"
    r"|(?:am|den|dem|ab|bis|zum|vom)[ \u00a0](?P<german>\d{1,2})\.(?!\d)"
    r"|(?:le|el(?: día)?)[ \u00a0](?P<romance>\d{1,2})(?![\d:h%]|[.,]\d))",
    re.IGNORECASE,
)
_MONTH_ALONE: Final = re.compile(
    r"\b(?:in|by|until|till|since|early|late|mid|end of|im|ab|bis|seit|anfang|mitte|ende|en|fin|début|d'ici|desde|hasta"
    rf"|finales de|principios de|em)[ \u00a0]{_MONTH_WORD}\b(?!\.?[ \u00a0]?\d)",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"(?<![\d.,:])(?P<hour>\d{1,2})(?:"
    r":(?P<minute>\d{2})(?!\d)(?:[ \u00a0]?(?P<half>[ap])\.?m\b)?"
    r"|\.(?P<dotted>\d{2})(?=[ \u00a0]?(?:uhr|[ap]\.?m)\b)(?:[ \u00a0]?(?P<dotted_half>[ap])\.?m\b)?"
    r"|[ \u00a0]?(?P<only_half>[ap])\.?m\b"
    r"|[ \u00a0]?(?:uhr|o'clock)\b"
    r"|[ \u00a0]?h[ \u00a0]?(?P<french>\d{2})(?!\d)"
    r")",
    re.IGNORECASE,
)
# Only the context may name an hour like this: "at 3", "between 2 and 4", "3-4 pm".
_LOOSE_HOUR: Final = re.compile(
    r"(?:\b(?:at|um|gegen|las|à|às|alle|om|kl\.?|ab|after|before|nach|vor|between|from|till|until|or|oder|ou|o|and|und|et"
    r"|y|e|bis|to|around|vers|ca\.?|entre|de|dès)|[-–—/,])[ \u00a0]?(\d{1,2})(?![\d%])",
    re.IGNORECASE,
)
_TODAY: Final = _words("today tonight heute aujourd'hui hoy oggi vandaag hoje dzisiaj dziś idag")
_TOMORROW: Final = _words("tomorrow tmrw morgen demain mañana domani amanhã jutro imorgon")
_DAY_AFTER: Final = _words("übermorgen après-demain dopodomani overmorgen pojutrze")
_DAY_AFTER_PHRASES: Final = ("day after tomorrow", "pasado mañana", "dopo domani", "depois de amanhã")
# Words for a later time: a writer who turns "after summer" into "in September" has not invented it.
_PERIOD: Final = re.compile(
    r"\b(?:q[1-4]\b|(?:quarter|quartal|trimestre|kwartaal|kwartał|half-year|halbjahr|semest|summer|sommer|été|verano|estate"
    r"|autumn|herbst|automne|otoño|winter|hiver|invierno|spring|frühjahr|frühling|printemps|primavera)\w*"
    r"|(?:next|coming|following|new|nächste\w?|kommende\w?|neue\w?|próxim[oa]|prossim[oa]|volgende?|dans \w{1,9}"
    r"|dentro de \w{1,9}"
    r"|in (?:an?|one|two|three|four|five|six|a few|a couple of|\d{1,2}|eine\w?|zwei|drei|vier|ein paar))"
    r" (?:month|year|week|monat|jahr|woche|mois|ans?\b|semaine|mes|año|semana|mese|anno|settimana|maand|jaar)\w*"
    r"|(?:mois|année|semaine) prochaine?|(?:mes|año|semana) que viene)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class UngroundedFact:
    """A fact that the context does not hold: its kind (link, email, phone, amount, number, date, time) and words."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Context:
    """The grounded facts of a context; made by ``read_context``."""

    links: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    phone_tails: set[str] = field(default_factory=set)
    amounts: dict[str, set[Decimal]] = field(default_factory=dict)  # by unit; "" holds bare numbers
    numbers: set[Decimal] = field(default_factory=set)  # every number, whatever its unit
    days: set[tuple[int, int]] = field(default_factory=set)  # month, day
    days_of_month: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)  # every month when a span of time is mentioned
    weekdays: set[int] = field(default_factory=set)
    minutes: set[int] = field(default_factory=set)  # of the day
    years: set[Decimal] = field(default_factory=set)


def straighten(text: str) -> str:
    """Turns typographic apostrophes and carriage returns into their plain forms; the length stays."""
    return text.replace("’", "'").replace("\r", "\n")


def read_context(texts: Iterable[str], reference_dates: Sequence[date] = ()) -> Context:
    """Reads the facts that ``texts`` ground; "tomorrow" and "Tuesday" may be counted from ``reference_dates``."""
    text = straighten("\n".join(texts))
    known = Context()
    for match in _EMAIL.finditer(text):
        email = _normal_email(match[0])
        known.emails.add(email)
        known.hosts.add(email.partition("@")[2])
    for match in _LINK.finditer(text):
        link = _normal_link(match[0])
        known.links.add(link)
        known.hosts.add(re.split(r"[/?#:]", link, maxsplit=1)[0])
    known.phone_tails.update(_digits(match[0])[-_PHONE_TAIL:] for match in _DIGIT_RUN.finditer(text))
    for amount in _amounts(text):
        known.amounts.setdefault(amount.unit, set()).update(amount.values)
        known.numbers.update(amount.values)
    _read_days(text, known, reference_dates)
    for _, minutes in _times(text):
        known.minutes.update(minutes)
    for match in _LOOSE_HOUR.finditer(text):
        known.minutes.update(_clock_readings(int(match[1]), 0, None))
    return known


def ungrounded_facts(text: str, known: Context) -> Iterator[UngroundedFact]:
    """Returns the facts of ``text`` that ``known`` does not hold.

    Each kind is looked for in what the kinds before it have left, so that a date is not also a number.
    """
    text = straighten(text)
    for match in _EMAIL.finditer(text):
        if _normal_email(match[0]) not in known.emails:
            yield UngroundedFact("email", match[0])
    text = _blank(text, _EMAIL)
    for match in _LINK.finditer(text):
        link = _normal_link(match[0])
        if link not in known.links and ("/" in link or link not in known.hosts):
            yield UngroundedFact("link", match[0])
    text = _blank(text, _LINK)
    for match in WORD.finditer(text):
        weekday = _WEEKDAY_OF.get(match[0].lower())
        if weekday is not None and weekday not in known.weekdays:
            yield UngroundedFact("date", match[0])
    for words, days in _dates(text):
        if not days & known.days and words not in _NO_DATES:
            yield UngroundedFact("date", words)
    text = _without_dates(text)
    for words, day in _days_alone(text):
        if day not in known.days_of_month:
            yield UngroundedFact("date", words)
    for match in _MONTH_ALONE.finditer(text):
        month = MONTH_OF_WORD.get(match["month"].lower())
        if month is not None and month not in known.months:
            yield UngroundedFact("date", match["month"])
    text = _blank(text, _DAY_ALONE)
    for words, minutes in _times(text):
        if not minutes & known.minutes:
            yield UngroundedFact("time", words)
    text = _blank(text, _TIME)
    for match in _PHONE.finditer(text):
        if _digits(match[0])[-_PHONE_TAIL:] not in known.phone_tails:
            yield UngroundedFact("phone", match[0].strip())
    yield from _ungrounded_amounts(_blank(text, _PHONE), known)


def _ungrounded_amounts(text: str, known: Context) -> Iterator[UngroundedFact]:
    bare = known.amounts.get("", set())
    for amount in _amounts(text):
        if amount.unit == "":
            is_large = max(amount.values) >= SMALLEST_CHECKED_NUMBER
            if is_large and not amount.values & (known.numbers | known.years):
                yield UngroundedFact("number", amount.words)
            continue
        grounded = amount.values & known.amounts.get(amount.unit, set())
        if amount.unit == _SCALED:
            grounded |= amount.values & known.numbers
        elif amount.unit != _PERCENT:
            grounded |= amount.values & known.amounts.get(_SCALED, set())
            if amount.unit in known.amounts:  # a price list may name its currency once
                grounded |= amount.values & bare
        if not grounded:
            yield UngroundedFact("amount", amount.words)


def _normal_email(email: str) -> str:
    return email.lower().strip(".'-")


def _normal_link(link: str) -> str:
    link = link.rstrip(".,;:!?)*_»”'\"…").lower()
    return link.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


@dataclass(frozen=True, slots=True)
class _Amount:
    words: str
    values: frozenset[Decimal]  # every reading: "5.000" is five thousand or five
    unit: str  # a currency, _PERCENT, _SCALED, or "" for a bare number


def _amounts(text: str) -> Iterator[_Amount]:
    for match in _NUMBER.finditer(text):
        before = _UNIT_BEFORE.search(text, max(match.start() - 5, 0), match.start())
        unit = _UNIT_OF_WORD.get(before[0].strip().lower()) if before else None
        start = before.start() if before and unit else match.start()
        if unit is None and match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] == "_"):
            continue  # "GPT4" and "B2B" hold no number
        end = match.end()
        if unit is None:
            after = _UNIT_AFTER.match(text, end)
            unit = _UNIT_OF_WORD.get(after["unit"].lower()) if after else None
            if after and unit:
                end = after.end()
            elif percent := _PERCENT_AFTER.match(text, end):
                unit, end = _PERCENT, percent.end()
        scale = match["scale"]
        values = _readings(match["digits"], _SCALES.get(scale.lower(), 1_000_000) if scale else 1)
        yield _Amount(text[start:end], values, unit or (_SCALED if scale else ""))


def _readings(digits: str, scale: int) -> frozenset[Decimal]:
    """Returns every number that the digits may mean: "1.500" is 1500 or 1.5, "1.500,50" only 1500.5."""
    plain = re.sub(r"[ \u00a0\u202f']", "", digits)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return frozenset({Decimal(plain) * scale})
    tail = plain[last + 1 :]
    whole = re.sub(r"[.,]", "", plain)
    with_point = Decimal(f"{re.sub(r'[.,]', '', plain[:last])}.{tail}") * scale
    marks = plain.count(".") + plain.count(",")
    if len(tail) != 3:
        return frozenset({with_point})
    return frozenset({Decimal(whole) * scale} | ({with_point} if marks == 1 else set()))


def _read_days(text: str, known: Context, reference_dates: Sequence[date]) -> None:
    words = {match[0].lower() for match in WORD.finditer(text)}
    for _, days in _dates(text):
        known.days.update(days)
    alone = {day for _, day in _days_alone(_without_dates(text))}
    known.days_of_month.update(alone, (day for _, day in known.days))
    known.months.update(MONTH_OF_WORD[word] for word in words & MONTH_OF_WORD.keys())
    known.months.update(month for month, _ in known.days)
    if _PERIOD.search(text):
        known.months.update(range(1, 13))
    known.weekdays.update(_WEEKDAY_OF[word] for word in words & _WEEKDAY_OF.keys())
    known.weekdays.update(_SHORT_WEEKDAY_OF[word] for word in words & _SHORT_WEEKDAY_OF.keys())
    lowered = text.lower()
    offsets = [0] if words & _TODAY else []
    offsets += [1] if words & _TOMORROW else []
    offsets += [2] if words & _DAY_AFTER or any(phrase in lowered for phrase in _DAY_AFTER_PHRASES) else []
    stated_days, stated_weekdays = set(known.days), set(known.weekdays)
    for reference in reference_dates:
        coming = [_later(reference, offset) for offset in range(ORDINAL_DAYS)]
        derived = {_later(reference, offset) for offset in offsets}
        derived.update(day for day in coming[: DERIVED_DAYS + 1] if day.weekday() in stated_weekdays)
        by_number = {day for day in coming if day.day in alone}
        known.days.update((day.month, day.day) for day in derived | by_number)
        known.days_of_month.update(day.day for day in derived)
        known.months.update(day.month for day in derived | by_number)
        known.weekdays.update(_later(reference, offset).weekday() for offset in offsets)
        known.weekdays.update(day.weekday() for day in by_number)
        known.weekdays.update(_weekdays_of(stated_days, reference.year))
        known.years.update((Decimal(reference.year), Decimal(reference.year + 1)))


def _later(day: date, offset: int) -> date:
    try:
        return day + timedelta(days=offset)
    except OverflowError:
        return day


def _weekdays_of(days: Iterable[tuple[int, int]], year: int) -> Iterator[int]:
    """Yields the weekdays of a date; without a year it may be this year's or the next one's."""
    for month, day in days:
        for candidate in (year, year + 1):
            try:
                yield date(candidate, month, day).weekday()
            except ValueError:
                continue


def _dates(text: str) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """Yields every date with a month, as (words, readings): 3/4 may be the third of April or the fourth of March."""
    for match in _ISO_DATE.finditer(text):
        if days := _plausible([(int(match["month"]), int(match["day"]))]):
            yield match[0], days
    for match in _NUMERIC_DATE.finditer(text):
        first, second = int(match["first"]), int(match["dotted"] or match["slashed"])
        readings = [(second, first)] if match["dotted"] else [(second, first), (first, second)]
        if days := _plausible(readings):
            yield match[0], days
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        for match in pattern.finditer(text):
            month = MONTH_OF_WORD.get(match["month"].lower())
            if month is not None and (days := _plausible([(month, int(match["day"]))])):
                yield match[0], days


def _plausible(days: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(month, day) for month, day in days if 1 <= month <= 12 and 1 <= day <= 31}


def _without_dates(text: str) -> str:
    text = _blank(_blank(text, _ISO_DATE), _NUMERIC_DATE)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        text = pattern.sub(
            lambda match: " " * len(match[0]) if match["month"].lower() in MONTH_OF_WORD else match[0], text
        )
    return text


def _days_alone(text: str) -> Iterator[tuple[str, int]]:
    for match in _DAY_ALONE.finditer(text):
        day = int(match["english"] or match["german"] or match["romance"])
        if 1 <= day <= 31:
            yield match[0], day


def _times(text: str) -> Iterator[tuple[str, set[int]]]:
    for match in _TIME.finditer(text):
        minute = int(match["minute"] or match["dotted"] or match["french"] or 0)
        half = match["half"] or match["dotted_half"] or match["only_half"]
        if minutes := _clock_readings(int(match["hour"]), minute, half.lower() if half else None):
            yield match[0], minutes


def _clock_readings(hour: int, minute: int, half: str | None) -> set[int]:
    """Returns the minutes of the day that a time may mean: without a.m. or p.m., "3:30" is either."""
    if hour > 24 or minute > 59:
        return set()
    if half == "a":
        hours = {hour % 12}
    elif half == "p":
        hours = {hour % 12 + 12}
    else:
        hours = {hour % 24} | ({hour + 12} if hour < 12 else {0} if hour == 12 else set())
    return {hour * 60 + minute for hour in hours}
