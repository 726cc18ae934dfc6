# ruff: noqa: E501 - a pattern stays on one line
"""The day on which the writer of an absence notice is back.

Expressions of time are found by their lead words ("until", "back on", "bis einschließlich", "jusqu'au", …) and read by
the tables of calendar words. The day of return is:

* "back on the 14th", "returning 14 August", "ab dem 14.08. wieder": the 14th itself;
* "until the 14th", "bis zum 14.", "jusqu'au 14", "hasta el 14": the 14th itself, as people say "until Monday" and mean to
  be there on Monday. Coming back to somebody a day early is a smaller mistake than a week late;
* the last day away, said as such ("through the 14th", "until 14 August inclusive", "bis einschließlich", "t/m", "au 14
  inclus", "włącznie", "まで") and the end of a range ("from 3 to 14 August"): the day after.

A month without a day counts from its first day ("until March 2027": 1 March).

A day of return outweighs an end of the absence. Two different days, a date in the past or more than a year ahead, or a
date that a machine and a person would read differently (04/05 in English) are doubt, and doubt is None.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.domain.judgement.absence_words import LANGUAGE_WORDS, LEADS, RETURN_BEHIND, SUFFIXES
from shared.domain.text.calendar_words import MONTH_NAMES, WEEKDAY_NAMES

_MAX_TEXT_CHARS = 3_000  # a notice names its dates at the beginning
_MAX_CANDIDATES = 6
_MAX_AHEAD = timedelta(days=366)
# A date without a year lies ahead; so far ahead it is last year's notice, never switched off.
_MAX_AHEAD_WITHOUT_YEAR = timedelta(days=270)


@dataclass(frozen=True, slots=True)
class _Expression:
    """A date as written. order: of preference, 0 first. days_after: from the date written to the day of return."""

    order: int
    words: str
    language: str
    days_after: int


_MONTHS = {
    language: "|".join(
        re.escape(word).replace(r"\*", r"\w*")
        for word in sorted((word for words in months for word in words), key=len, reverse=True)
    )
    for language, months in MONTH_NAMES.items()
}
_WEEKDAYS = {
    language: tuple(word for words in weekdays for word in words) for language, weekdays in WEEKDAY_NAMES.items()
}
# A day without its month bears a mark, or it would be an hour; Romance languages have an article in the lead instead.
_BARE_DAY = {"en": r"\d{1,2}(?:st|nd|rd|th)", **dict.fromkeys(("fr", "es", "it", "pt"), r"\d{1,2}(?:er|º|ª)?")}
_MARKED_DAY = r"\d{1,2}(?:\.|:e|e)"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.|:e|-go|-е)?"


def stated_return_date(clean_text: str, base: datetime) -> date | None:
    """Returns the day of return that an absence notice states, or None if the text leaves a doubt.

    clean_text: an absence notice without quotations. base: when it was written; a naive value counts as UTC. Takes
    bounded time: the first 3,000 characters, six expressions of time. Never raises.
    """
    text = re.sub(r"[ \t\u00a0\n]+", " ", clean_text[:_MAX_TEXT_CHARS].replace("–", "-").replace("’", "'").lower())
    today = base.astimezone(UTC).date() if base.tzinfo else base.date()
    counted = _read_counted(text, today)
    if counted is not None:
        return _within_reach(counted, today)
    answers: dict[int, set[date]] = {}
    for expression in _expressions(text):
        day = _read(expression, today)
        if day is None:
            continue
        answers.setdefault(expression.order, set()).add(day)
    if not answers:
        return None
    best = answers[min(answers)]
    return _within_reach(best.pop(), today) if len(best) == 1 else None


def _within_reach(day: date, today: date) -> date | None:
    return day if today <= day <= today + _MAX_AHEAD else None


def _expressions(text: str) -> list[_Expression]:
    found: dict[tuple[int, int], _Expression] = {}
    for language in _likely_languages(text):
        for order, days_after, pattern in _patterns(language):
            for match in pattern.finditer(text):
                key = match.span("date")
                if any(start < key[1] and key[0] < end and found[start, end].order <= order for start, end in found):
                    continue
                inclusive = days_after or int(match.groupdict().get("inclusive") is not None)
                found[key] = _Expression(order, match["date"].strip(" ,"), language, inclusive)
                if len(found) >= _MAX_CANDIDATES:
                    return list(found.values())
    return list(found.values())


@functools.cache
def _patterns(language: str) -> tuple[tuple[int, int, re.Pattern[str]], ...]:
    """Returns (order of preference, days from the date to the return, pattern) for one language."""
    back, until, last_day, inclusive, joint = (f"(?:{words})" for words in LEADS[language])
    month = rf"(?:{_MONTHS[language]})\b\.?"
    year = r"(?:,? (?:de |del )?20\d\d)?"
    weekday = "|".join(_WEEKDAYS[language])
    day = rf"(?:den |the |der |dem |le |el |il |o |d\. )?\d{{1,2}}(?:{_ORDINAL}) ?(?:of |de |d')?"
    named = rf"(?:{day} ?{month}{year}|{month} \d{{1,2}}(?!\d)(?:{_ORDINAL}\b)?{year})"
    numeric = r"(?:20\d\d-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}(?:[./-](?:20)?\d\d\b|\.)?(?![\d/]))"
    whole_month = rf"{month}(?: (?:de |del )?20\d\d)?(?!\w| ?\d)"  # "until March 2027", "until March"
    bare_day = rf"{_BARE_DAY.get(language, _MARKED_DAY)}(?=[,;!?)]|\.? |\.?$)(?!\.? (?:of|de|des|del|der|van|uhr|h|hours|stunden)\b)"
    weekdays = rf"(?:(?:{weekday})\b)"
    one = rf"(?:(?:next |nächsten |kommenden |am |prochain |próximo |prossimo |aanstaande |)(?:{weekdays},?)? ?(?:den |dem |the |le |el |il )?(?:{named}|{numeric}|{bare_day}|{whole_month})|(?:next |kommenden |nächsten |am |på |)?{weekdays}|tomorrow|morgen|demain|mañana|domani|amanhã|jutra|imorgon|i morgen)"
    edge = r"(?<![\w])"
    tail = rf"(?: ?\(?(?P<inclusive>{inclusive}))?"
    rules = [
        (0, 0, rf"{edge}{back} (?:(?:den|dem|the|le|el|il|o|dia|der) )?(?P<date>{one})"),
        (0, 0, rf"{edge}{back} (?:in|im|en|a|nel|em|w|i|v|в) (?P<date>{whole_month})"),
        (1, 1, rf"(?<![\d.]){day} ?(?:{month}|\d{{1,2}}\.?)?{year} ?{joint} ?(?:{weekdays},? )?(?P<date>{named}|{numeric})"),
        (1, 1, rf"(?<![\d.]){month} \d{{1,2}}{_ORDINAL} ?{joint} ?(?P<date>{month} \d{{1,2}}{_ORDINAL}{year})"),
        (1, 1, rf"{edge}{last_day} (?:(?:den|dem|the|le|el|il|o|dia|der) )?(?P<date>{one})"),
        (1, 0, rf"{edge}{until} (?:(?:den|dem|the|le|el|il|o|dia|der|including|einschließlich) )?(?P<date>{one}){tail}"),
    ]  # fmt: skip
    if language in RETURN_BEHIND:  # "maandag 23 november ben ik weer bereikbaar"
        rules.append((0, 0, rf"(?<![\d.])(?P<date>{one}) {RETURN_BEHIND[language]}"))
    if language == "fi":
        rules.append((1, 1, rf"\d{{1,2}}\.\d{{0,2}}\.? ?- ?(?P<date>{numeric})"))
    rules += [(order, days, rf"(?<![\d.])(?P<date>{one}){words}") for order, days, words in SUFFIXES.get(language, ())]
    return tuple((order, days_after, re.compile(pattern)) for order, days_after, pattern in rules)


def _likely_languages(text: str) -> list[str]:
    """Returns the two languages whose small words are most frequent: a bilingual notice has two."""
    counts = {language: len(set(re.findall(words, text))) for language, words in LANGUAGE_WORDS.items()}
    ranked = sorted((language for language in counts if counts[language] >= 2), key=lambda item: -counts[item])
    return ranked[:2] or [language for language in counts if counts[language]][:2]


_TOMORROW = frozenset({"tomorrow", "morgen", "demain", "mañana", "domani", "amanhã", "jutra", "imorgon"})
_NUMERIC = re.compile(r"(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?:[./-](?P<year>(?:20)?\d\d))?\.?")
_WHOLE_MONTH = re.compile(r"[^\d]*?([^\W\d_]+)\.?(?: (?:de |del )?(20\d\d))?")
_ISO = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})")


def _read(expression: _Expression, today: date) -> date | None:
    words = expression.words
    iso = _ISO.search(words)
    if iso is not None:
        written = _date(int(iso[1]), int(iso[2]), int(iso[3]))
    elif (numeric := _NUMERIC.search(words)) is not None:
        written = _read_numeric(numeric, expression.language, today)
    elif not any(char.isdigit() for char in words) and (weekday := _weekday(words, expression.language)) is not None:
        ahead = (weekday - today.weekday()) % 7 or 7
        written = today + timedelta(days=ahead)
    elif (month := _WHOLE_MONTH.fullmatch(words)) is not None:
        return _first_of_month(month[1], month[2], expression, today)
    else:
        written = _read_named(words, expression.language, today)
    return None if written is None else written + timedelta(days=expression.days_after)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _first_of_month(name: str, year: str | None, expression: _Expression, today: date) -> date | None:
    """Returns the day of return for a bare month: its first day, or the next month's if it is the last one away."""
    month = _month(name, expression.language)
    if month is None:
        return today + timedelta(days=1) if name in _TOMORROW else None
    first = _date(int(year), month, 1) if year else _ahead_of(today, month, 1)
    if first is None or expression.days_after == 0:
        return first
    return date(first.year + month // 12, month % 12 + 1, 1)


def _weekday(words: str, language: str) -> int | None:
    return next(
        (day for day, names in enumerate(WEEKDAY_NAMES[language]) if any(name in words for name in names)), None
    )


def _read_numeric(match: re.Match[str], language: str, today: date) -> date | None:
    first, second = int(match["day"]), int(match["month"])
    # English writes both 14/08 and 08/14: only what can be read in one way counts. With dots the day comes first.
    if language == "en" and match["mark"] != ".":
        if first <= 12 and second <= 12 and first != second:
            return None
        if second > 12:
            first, second = second, first
    if match["year"] is not None:
        year = int(match["year"])
        return _date(year if year > 99 else 2000 + year, second, first)
    return _ahead_of(today, second, first)


def _ahead_of(today: date, month: int, day: int) -> date | None:
    """Returns the next such day from today on, unless it is so far ahead that it must have been meant in the past."""
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year >= today:
        found: date | None = this_year
    else:
        found = _date(today.year + 1, month, day)
    return found if found is not None and found - today <= _MAX_AHEAD_WITHOUT_YEAR else None


def _read_named(words: str, language: str, today: date) -> date | None:
    year = re.search(r"\b20\d\d\b", words)
    day = re.search(r"(?<!\d)\d{1,2}(?!\d)", words)
    if day is None:
        return None
    month = _month(words, language)
    if month is None:
        return _next_day(today, int(day[0]))
    return _date(int(year[0]), month, int(day[0])) if year else _ahead_of(today, month, int(day[0]))


def _next_day(today: date, day: int) -> date | None:
    """Returns the next such day of a month, today included."""
    this_month = _date(today.year, today.month, day)
    if this_month is not None and this_month >= today:
        return this_month
    return _date(today.year + today.month // 12, today.month % 12 + 1, day)


def _month(words: str, language: str) -> int | None:
    """Returns the number of the month that the words name; the longest name counts ("märz" before "mär")."""
    named = [
        (len(name), number)
        for number, names in enumerate(MONTH_NAMES[language], start=1)
        for name in (word.rstrip("*") for word in names)
        if re.search(rf"(?<![^\W\d_]){re.escape(name)}", words)
    ]
    return max(named)[1] if named else None


# Dates that count month and day, with the words behind them: a day of return, or the last day away.
_COUNTED_DAY = r"(?:(20\d\d) ?[年년] ?)?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일](?:\([^)]{1,3}\)|（[^）]{1,3}）)?"
_COUNTED_RETURN = re.compile(
    rf"{_COUNTED_DAY}(?:\s*(?:以降|より|から)[^。\n]{{0,30}}?(?:出社|復帰|対応|連絡|返信|回答|業務|通常|再開|戻)|に(?:出社|復帰|戻)"
    rf"|[^。，,\n]{{0,6}}(?:回来|回來|返回|回到|上班|复工|復工|恢复|恢復)|\s*(?:부터|에)[^.\n]{{0,20}}(?:출근|복귀|회신|업무))"
)
_COUNTED_LAST_DAY = re.compile(rf"{_COUNTED_DAY}\s*(?:まで|迄|까지|为止|為止)|(?:至|到){_COUNTED_DAY}")
_COUNTED_WEEKDAY = re.compile(
    r"(?:([月火水木金土日])曜日?に|(?:周|週|星期|礼拜)([一二三四五六日])|([월화수목금토일])요일에)[^。.\n]{0,12}"
    r"(?:返信|出社|復帰|戻|回复|回覆|回来|回來|返回|上班|회신|복귀|출근|답변)"
)
_COUNTED_WEEKDAYS = ("月火水木金土日", "一二三四五六日", "월화수목금토일")


def _read_counted(text: str, today: date) -> date | None:
    """Reads Japanese, Chinese and Korean: "8月14日まで" is the last day away, "8月15日より出社" the day of return."""
    for pattern, days_after in ((_COUNTED_RETURN, 0), (_COUNTED_LAST_DAY, 1)):
        days = set()
        for groups in pattern.findall(text)[:_MAX_CANDIDATES]:
            year, month, day = groups[:3] if groups[1] else groups[3:]
            written = _date(int(year), int(month), int(day)) if year else _ahead_of(today, int(month), int(day))
            if written is not None:
                days.add(written + timedelta(days=days_after))
        if days:
            return days.pop() if len(days) == 1 else None
    weekday = _COUNTED_WEEKDAY.search(text)
    if weekday is None:
        return None
    number = next(names.index(name) for names, name in zip(_COUNTED_WEEKDAYS, weekday.groups(), strict=True) if name)
    return today + timedelta(days=(number - today.weekday()) % 7 or 7)
