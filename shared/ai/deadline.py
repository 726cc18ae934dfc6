"""The time that is left for model calls."""

from __future__ import annotations

import time
from collections.abc import Callable

DEFAULT_RESERVE_S = 10.0
DEFAULT_LEAST_S = 3.0


class Deadline:
    """The time that model calls may take, derived from what the function has left.

    ``remaining_s`` (of the constructor) answers how many seconds the function has left; ``reserve_s`` of them are kept
    for what follows the call: recording it, committing, answering SQS. A call is not started with less than ``least_s``
    left: it would be paid for and thrown away. All in seconds; a scaled topology scales both.

    >>> Deadline(lambda: 60.0, reserve_s=10).remaining_s()
    50.0
    """

    def __init__(
        self,
        remaining_s: Callable[[], float],
        *,
        reserve_s: float = DEFAULT_RESERVE_S,
        least_s: float = DEFAULT_LEAST_S,
    ) -> None:
        self._function_remaining_s = remaining_s
        self._reserve_s = reserve_s
        self.least_s = least_s

    @classmethod
    def within(cls, seconds: float, *, least_s: float = 0.0, clock: Callable[[], float] = time.monotonic) -> Deadline:
        """Makes a deadline ``seconds`` from now, for callers that are no Lambda function."""
        ends_at = clock() + seconds
        return cls(lambda: ends_at - clock(), reserve_s=0.0, least_s=least_s)

    def remaining_s(self) -> float:
        """Seconds that model calls may still take; negative when the time is over."""
        return self._function_remaining_s() - self._reserve_s
