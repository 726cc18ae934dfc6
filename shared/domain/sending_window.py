"""When automated answers may leave: a weekly window in the client's time zone, and a pseudo-random delay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """Days (1 = Monday … 7 = Sunday) and hours, in the client's time zone. ``end`` is exclusive and after ``start``."""

    days: frozenset[int]
    start: time
    end: time

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> SendingWindow:
        """From ``{"days": [1, 2, 3], "start": "09:00", "end": "17:00"}``; raises ValueError naming what is wrong."""
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


def time_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone {name!r}: use an IANA name such as Europe/Berlin") from None


def next_opening(window: SendingWindow | None, zone: ZoneInfo, at: datetime) -> datetime:
    """``at`` itself when the window is open then, else the next time that it opens (UTC)."""
    if window is None:
        return at.astimezone(UTC)
    local = at.astimezone(zone)
    for ahead in range(8):
        day = (local + timedelta(days=ahead)).date()
        if day.isoweekday() not in window.days:
            continue
        opens = datetime.combine(day, window.start, zone)
        closes = datetime.combine(day, window.end, zone)
        if ahead == 0 and opens <= local < closes:
            return at.astimezone(UTC)
        if opens > local:
            return opens.astimezone(UTC)
    raise AssertionError("a window with at least one day opens within a week")


def delayed(received_at: datetime, now: datetime, delay_s: tuple[int, int] | None, message_id: UUID) -> datetime:
    """When the answer to a message is due: within the delay window after it came, the same instant on every retry.

    The place in the window follows from the message's id. A time that has passed already is now.
    """
    if delay_s is None:
        return now
    low, high = delay_s
    share = int.from_bytes(hashlib.sha256(message_id.bytes).digest()[:8]) / 2**64
    return max(now, received_at + timedelta(seconds=low + share * (high - low)))
