"""The time that one request may use the database in all, over every connect, statement and repeat.

Time-outs of single statements do not add up to a bound: a server that answers each just in time would hold a request
for longer than its function may run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from sqlalchemy import Engine

_OPTION = "time_budget"


class TimeBudget:
    """The seconds of one request, counted from the first time that somebody asks what is left of them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends_at: float | None = None

    def left_s(self) -> float:
        """Returns what is left, in seconds; zero or less when it is used up."""
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self._seconds
        return self._ends_at - time.monotonic()


UNLIMITED = TimeBudget(inf)


@contextmanager
def limited(engine: Engine, budget: TimeBudget) -> Iterator[None]:
    """Lets what runs inside use ``engine`` only as long as ``budget`` lasts.

    Its connections keep to it if they have an answer time-out: what comes later fails as an outage does. The engine is
    one that serves one request at a time.
    """
    engine.update_execution_options(**{_OPTION: budget})
    try:
        yield
    finally:
        engine.update_execution_options(**{_OPTION: UNLIMITED})


def time_left_s(engine: Engine) -> float:
    """Returns how long ``engine`` may be used, in seconds: infinity outside of ``limited``."""
    budget: TimeBudget = engine.get_execution_options().get(_OPTION, UNLIMITED)
    return budget.left_s()
