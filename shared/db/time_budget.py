"""How long one request may use the database in all, over every connect, statement and repeat.

Time-outs of single statements do not add up to a bound: a server that answers each just in time would hold a request
for longer than its function may run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf


class _Budget:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends_at: float | None = None

    def left_s(self) -> float:
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self._seconds
        return self._ends_at - time.monotonic()


_budget: ContextVar[_Budget | None] = ContextVar("database_time_budget", default=None)


@contextmanager
def database_time_budget(seconds: float) -> Iterator[None]:
    """Gives what runs inside ``seconds`` for the database, counted from its first use of it.

    Connections that have an answer time-out keep to it: what is left when it is over fails as an outage does.
    """
    token = _budget.set(_Budget(seconds))
    try:
        yield
    finally:
        _budget.reset(token)


def database_time_left_s() -> float:
    """What is left, in seconds; zero or less when it is used up, infinity without a budget."""
    budget = _budget.get()
    return inf if budget is None else budget.left_s()
