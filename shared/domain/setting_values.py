"""The values of settings as people type them, each with the rule that it has to follow.

A rule raises ValueError, whose message says what it expects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from shared.domain.drafting.sending_window import SendingWindow, time_zone

TEXT_LIMIT = 20_000  # characters; a persona or a service description of a few pages, not a book: it is in every prompt
LIST_LIMIT = 100
INTEGER_LIMIT = 2**31 - 1  # a Postgres integer
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # ISO weekdays 1 to 7

_NOTHING = frozenset({"", "none", "null", "default"})
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_WINDOW = re.compile(r"(?P<days>[a-z,\- ]+?)\s+(?P<start>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})\Z")


def read_text(value: object) -> str:
    """Reads a text that can be stored and fits into a prompt."""
    if not isinstance(value, str):
        raise ValueError("expected text")
    if "\x00" in value:
        raise ValueError("NUL characters cannot be stored")
    if len(value) > TEXT_LIMIT:
        raise ValueError(f"at most {TEXT_LIMIT:,} characters, got {len(value):,}")
    return value.strip()


def read_greeting(value: object) -> str:
    """Reads a first line, with {first_name} as its only placeholder."""
    greeting = read_text(value)
    unknown = sorted({name for name in _PLACEHOLDER.findall(greeting) if name != "first_name"})
    if unknown:
        raise ValueError(f"the only placeholder is {{first_name}}, got {{{unknown[0]}}}")
    return greeting


def read_optional_text(value: object) -> str | None:
    """Reads a text, or none."""
    return None if _is_nothing(value) else read_text(value)


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING)


def read_switch(value: object) -> bool:
    """Reads true or false in the words that people use."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError("expected true or false")


def whole_number(minimum: int) -> Callable[[object], int]:
    """Makes the rule of a number that Postgres can store."""

    def parse(value: object) -> int:
        expectation = f"expected a whole number of at least {minimum}"
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,12}", value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= INTEGER_LIMIT:
            raise ValueError(expectation)
        return value

    return parse


def optional_whole_number(minimum: int) -> Callable[[object], int | None]:
    """Makes the rule of such a number, or none."""
    parse = whole_number(minimum)

    def parse_optional(value: object) -> int | None:
        if _is_nothing(value):
            return None
        try:
            return parse(value)
        except ValueError as error:
            raise ValueError(f"{error}, or none") from None

    return parse_optional


def read_texts(value: object) -> list[str]:
    """Reads a list: JSON (``["a", "b"]``), or text with one entry per line or between semicolons."""
    if _is_nothing(value):
        return []
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError('expected a JSON list like ["first", "second"]') from None
    entries = re.split(r"[;\n]", value) if isinstance(value, str) else value
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise ValueError("expected a list of texts: separate them by semicolons")
    if len(entries) > LIST_LIMIT:
        raise ValueError(f"at most {LIST_LIMIT} entries, got {len(entries)}")
    return [entry for entry in (read_text(entry) for entry in entries) if entry]


def read_link(value: object) -> str | None:
    """Reads a web address, or none."""
    if _is_nothing(value):
        return None
    link = read_text(value)
    expectation = "expected a link that starts with https://, or none"
    try:
        parts = urlsplit(link)
    except ValueError:
        raise ValueError(expectation) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", link):
        raise ValueError(expectation)
    return link


def read_timezone(value: object) -> str:
    """Reads the IANA name of a time zone."""
    name = read_text(value)
    time_zone(name)
    return name


def read_sending_window(value: object) -> dict[str, Any] | None:
    """Reads ``mon-fri 09:00-17:00`` or ``{"days": [1, 2], "start": "09:00", "end": "17:00"}``; always when nothing."""
    expectation = "expected days and hours, the start before the end, like mon-fri 09:00-17:00; or none"
    if _is_nothing(value) or (isinstance(value, str) and value.strip().lower() == "always"):
        return None
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError(expectation) from None
    if isinstance(value, str):
        match = _WINDOW.match(value.strip().lower())
        if match is None:
            raise ValueError(expectation)
        value = {
            "days": _weekdays(match["days"], expectation),
            "start": match["start"].zfill(5),
            "end": match["end"].zfill(5),
        }
    if not isinstance(value, Mapping) or not set(value) <= {"days", "start", "end"}:
        raise ValueError(expectation)
    try:
        window = SendingWindow.parse(value)
    except ValueError:
        raise ValueError(expectation) from None
    return {"days": sorted(window.days), "start": f"{window.start:%H:%M}", "end": f"{window.end:%H:%M}"}


def _weekdays(words: str, expectation: str) -> list[int]:
    days: list[int] = []
    for part in words.split(","):
        first, dash, last = (name.strip() for name in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(expectation)
        low, high = DAYS.index(first) + 1, DAYS.index(last if dash else first) + 1
        days += range(low, high + 1) if low <= high else [*range(low, 8), *range(1, high + 1)]
    return days


def describe_sending_window(window: Mapping[str, Any] | None) -> str:
    """Says the stored window as a person types it: ``mon,tue,wed 09:00-17:00``, ``always`` when there is none."""
    if window is None:
        return "always"
    return f"{','.join(DAYS[day - 1] for day in window['days'])} {window['start']}-{window['end']}"
