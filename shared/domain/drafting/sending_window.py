"""The times at which automated emails may leave: a weekly window in the client's time zone, and a random delay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STEP = timedelta(hours=6)  # in which an opening is looked for


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """Days (1 = Monday … 7 = Sunday) and hours, in the client's time zone. ``end`` is exclusive and after ``start``."""

    days: frozenset[int]
    start: time
    end: time

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> SendingWindow:
        """Reads ``{"days": [1, 2, 3], "start": "09:00", "end": "17:00"}``; raises ValueError naming the mistake."""
        try:
            days = frozenset(int(day) for day in value["days"])
            start, end = time.fromisoformat(str(value["start"])), time.fromisoformat(str(value["end"]))
        except KeyError as error:
            raise ValueError(f"sending window: {error.args[0]} is missing") from None
        except (TypeError, ValueError) as error:
            raise ValueError(f"sending window: {error}") from None
        if not days or not days <= frozenset(range(1, 8)):
            raise ValueError("sending window: days are numbers from 1 (Monday) to 7 (Sunday), at least one")
        if start >= end:
            raise ValueError("sending window: start must be before end")
        return cls(days=days, start=start, end=end)


def time_zone(name: str) -> tzinfo:
    """Returns the IANA zone of that name. Raises ValueError. UTC is known without a database of time zones."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone {name!r}: use an IANA name such as Europe/Berlin") from None


def next_opening(window: SendingWindow, zone: tzinfo, at: datetime) -> datetime:
    """Returns ``at`` itself when the window is open then, else the next moment that it opens (UTC)."""
    return next(opens for opens, _ in _openings(window, zone, at.astimezone(UTC)))


def open_time(
    window: SendingWindow, zone: tzinfo, since: datetime, until: datetime, *, at_most: timedelta
) -> timedelta:
    """Returns for how long the window was open between two moments, counted until it exceeds ``at_most``."""
    total = timedelta(0)
    for opens, closes in _openings(window, zone, since.astimezone(UTC)):
        if opens >= until or total > at_most:
            break
        total += min(closes, until) - opens
    return total


def _openings(window: SendingWindow, zone: tzinfo, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yields when the window opens and closes from ``at`` on (UTC), in order; a time that it is open may be in parts.

    It is open while the clocks of the zone show one of its days and a time inside its hours. So a window inside the
    hour that is left out in spring does not open on that day, and one inside the hour that comes twice in autumn opens
    twice.
    """
    for start, end, offset in _stretches(zone, at):
        day, last_day = (start + offset).date(), (end + offset).date()
        while day <= last_day:
            opens = max(start, datetime.combine(day, window.start, UTC) - offset)
            closes = min(end, datetime.combine(day, window.end, UTC) - offset)
            if day.isoweekday() in window.days and opens < closes:
                yield opens, closes
            day += timedelta(days=1)


def _stretches(zone: tzinfo, start: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yields start, end and the clocks' distance from UTC, for one stretch of time after the other (all in UTC).

    No zone sets its clocks twice within a step.
    """
    while True:
        offset, end = _offset(zone, start), start + STEP
        if _offset(zone, end) != offset:
            before = start
            while end - before > timedelta.resolution:
                middle = before + (end - before) / 2
                if _offset(zone, middle) == offset:
                    before = middle
                else:
                    end = middle
        yield start, end, offset
        start = end


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def delayed(received_at: datetime, now: datetime, delay_s: tuple[int, int] | None, message_id: UUID) -> datetime:
    """Returns the due time of a draft: within the delay window after the reply came, the same on every retry.

    The place in the window follows from the message's id. A time that has passed already becomes now.
    """
    if delay_s is None:
        return now
    low, high = delay_s
    share = int.from_bytes(hashlib.sha256(message_id.bytes).digest()[:8]) / 2**64
    return max(now, received_at + timedelta(seconds=low + share * (high - low)))
