"""Keeping a distance between requests whose number per minute is limited."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from shared.providers.errors import RateLimited

LIMIT_WINDOW_S = 60.0
EMAIL_LISTING_INTERVAL_S = 3.5
"""``GET /emails`` takes 20 requests a minute per workspace; a pace of 3.1 s has been seen to trip over it."""


class Pacer:
    """Lets one request pass per ``interval_s``. Share one between all clients of a workspace within a process.

    ``window_s`` is what the limit is counted over: how long to hold back when the provider names no time.
    """

    def __init__(
        self,
        interval_s: float = EMAIL_LISTING_INTERVAL_S,
        window_s: float = LIMIT_WINDOW_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.interval_s = interval_s
        self.window_s = window_s
        self._clock = clock
        self._sleep = sleep
        self._next_at = clock()
        self._lock = Lock()

    def wait(self, deadline: float) -> None:
        """Waits for this caller's turn.

        Raises RateLimited at once when the turn comes later than ``deadline``, a moment of the pacer's clock; the turn
        is then left to others.
        """
        with self._lock:
            now = self._clock()
            turn_at = max(now, self._next_at)
            if turn_at > deadline:
                raise RateLimited("the pace of listing e-mails leaves no time", retry_after_s=turn_at - now)
            self._next_at = turn_at + self.interval_s
        if turn_at > now:
            self._sleep(turn_at - now)

    def hold_back(self, asked_s: float | None) -> None:
        """Lets nobody pass for as long as the provider has asked for, from now, or for its whole window."""
        with self._lock:
            self._next_at = max(self._next_at, self._clock() + (self.window_s if asked_s is None else asked_s))
