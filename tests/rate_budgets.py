"""Rate budgets without a database: the turns are counted in memory, by any clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock

from shared.domain.rate_limits import Draw, RateLimit, Turn
from shared.providers.rate_budget import RateBudget


class MemoryTurns:
    """The turns of one credential, as ``shared.db.rate_budgets`` counts them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next_at: dict[str, float] = {}
        self._lock = Lock()

    def take(self, draws: Sequence[Draw], *, within_s: float) -> Turn:
        with self._lock:
            now = self._clock()
            next_at = {draw.name: self._next_at.get(draw.name, now) for draw in draws}
            turn_at = max(now, *(next_at[draw.name] - draw.lead_s for draw in draws))
            in_s = round(turn_at - now, 6)  # Postgres knows microseconds
            taken = in_s <= within_s
            if taken:
                self._next_at |= {draw.name: max(next_at[draw.name], turn_at) + draw.interval_s for draw in draws}
            return Turn(in_s, taken)

    def hold_back(self, draw: Draw, for_s: float) -> None:
        with self._lock:
            until = self._clock() + for_s + draw.lead_s
            self._next_at[draw.name] = max(self._next_at.get(draw.name, until), until)


def budget_of(
    limits: Sequence[RateLimit],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> RateBudget:
    """Makes a budget that is counted in memory."""
    return RateBudget(MemoryTurns(clock), limits, clock=clock, sleep=sleep)


def ample(limits: Sequence[RateLimit]) -> RateBudget:
    """Makes a budget that has nobody wait for a turn, but for one that the provider has put off."""
    return budget_of([replace(limit, count=10**9, burst=1) for limit in limits])
