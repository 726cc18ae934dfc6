"""The promises of the offline stand-in's drafts, and when they are due: by the rules that check drafts."""

from __future__ import annotations

import re
from datetime import date, timedelta

from shared.domain.commitments import CommitmentKind
from shared.domain.drafting.stated_commitments import stated_commitments
from shared.domain.text.calendar_words import MONTH_OF_WORD

_NUMBERS = {"two": 2, "three": 3, "six": 6, "a few": 3}
_NEXT = re.compile(
    r"next (quarter|year|month|week|spring|summer|autumn|fall)|nächste[sn]? (quartal|jahr|monat)"
    r"|(trimestre|année|mois) prochaine?|(?:próximo )?(trimestre|año|mes)(?: que viene)?",
    re.IGNORECASE,
)
_MONTH_OF_SEASON = {"spring": 3, "summer": 9, "sommer": 9, "été": 9, "verano": 9, "autumn": 9, "fall": 9, "herbst": 9}
_HOLIDAYS = re.compile(r"holidays|new year|vacances", re.IGNORECASE)
_LATER = re.compile(r"\b(two|three|six|a few|\d+) (weeks|months)\b", re.IGNORECASE)


def promises_in(body: str, today: date) -> list[dict[str, str]]:
    """Lists what ``body`` promises, as a model names it in ``we_owe``."""
    return [
        {
            "kind": found.kind.value,
            "words": found.words,
            "due": _due(found.words, today) if found.kind is CommitmentKind.WRITE_LATER else "",
        }
        for found in stated_commitments(body)
    ]


def _due(words: str, today: date) -> str:
    """Returns the first working day of the moment that ``words`` name, as an ISO date; "" if they name none."""
    day = _moment(words.lower(), today)
    while day is not None and day.isoweekday() > 5:
        day += timedelta(days=1)
    return "" if day is None else day.isoformat()


def _moment(words: str, today: date) -> date | None:
    if match := _LATER.search(words):
        number = _NUMBERS.get(match[1]) or int(match[1])
        return today + timedelta(days=number * (7 if match[2] == "weeks" else 30))
    if match := re.search(r"\bq([1-4])\b", words):
        return _first_of(int(match[1]) * 3 - 2, today)
    for word in re.findall(r"[^\W\d_]+", words):
        if month := MONTH_OF_WORD.get(word) or _MONTH_OF_SEASON.get(word):
            return _first_of(month, today)
    if _HOLIDAYS.search(words):
        return _first_of(1, today) + timedelta(days=6)
    if match := _NEXT.search(words):
        unit = next(group for group in match.groups() if group)
        if unit == "week":
            return today + timedelta(days=8 - today.isoweekday())
        if unit in ("month", "monat", "mois", "mes"):
            return _first_of(today.month % 12 + 1, today)
        if unit in ("quarter", "quartal", "trimestre"):
            return _first_of(((today.month - 1) // 3 + 1) % 4 * 3 + 1, today)
        return _first_of(1, today)
    return None


def _first_of(month: int, today: date) -> date:
    """Returns the first day of the next month of that number."""
    return date(today.year + (month <= today.month), month, 1)
