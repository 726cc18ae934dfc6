"""Keeping a distance between requests whose number per minute is limited."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from shared.providers.instantly.errors import RateLimited

EMAIL_LISTING_INTERVAL_S = 3.5
"""``GET /emails`` takes 20 requests a minute per workspace; a pace of 3.1 s has been seen to trip over it."""


class Pacer:
    """Lets one request pass per ``interval_s``. Share one between all clients of a workspace within a process."""

    def __init__(
        self,
        interval_s: float = EMAIL_LISTING_INTERVAL_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.interval_s = interval_s
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

    def hold_back(self, seconds: float) -> None:
        """Lets nobody pass for this long from now: the provider has asked for it."""
        with self._lock:
            self._next_at = max(self._next_at, self._clock() + seconds)
