"""Waiting for the turn of requests whose number in a time is limited."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from shared.domain.rate_limits import Draw, RateLimit, Turn
from shared.providers.errors import NotSent, RateLimited


class Turns(Protocol):
    """The count of what has been used up, shared by all that have the credential.

    Both calls raise ConnectionError when the count cannot be reached.
    """

    def take(self, draws: Sequence[Draw], *, within_s: float) -> Turn:
        """Takes the first turn that all limits allow; takes nothing when it comes later than ``within_s``."""

    def hold_back(self, draw: Draw, for_s: float) -> None:
        """Gives nobody a turn for that long, from now."""


class RateBudget:
    """The rate limits of one credential or account, by name.

    ``background``: for work that nobody waits for. It takes a turn only when one is free, and leaves a share of each
    burst to others. ``clock`` and ``sleep``: of the waiting.
    """

    def __init__(
        self,
        turns: Turns,
        limits: Sequence[RateLimit],
        *,
        background: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._turns = turns
        self._limits = {limit.name: limit for limit in limits}
        self._background = background
        self._clock = clock
        self._sleep = sleep

    def call[T](self, request: Callable[[float], T], *names: str, timeout_s: float, repeat: bool = False) -> T:
        """Makes a request in its turn, given the seconds that are left of ``timeout_s``.

        ``names``: the limits that it counts towards, all of them where none is named. When the provider still says that
        it is too many, all others are held back, too. ``repeat``, for what only reads: asks again while there is time.

        Raises RateLimited when the turn comes too late, NotSent when nobody can say whose turn it is, and what
        ``request`` raises.
        """
        ends_at = self._clock() + timeout_s
        while True:
            self.take(*names, timeout_s=ends_at - self._clock())
            try:
                return request(max(0.1, ends_at - self._clock()))
            except RateLimited as limited:
                self.hold_back(*names, asked_s=limited.retry_after_s)
                if not repeat:
                    raise

    def take(self, *names: str, timeout_s: float) -> None:
        """Waits for a turn in all the limits that are named, or in all there are.

        Raises RateLimited at once when it comes later than ``timeout_s``; the turn is then left to others. Raises
        NotSent when the count cannot be reached: that is no permission.
        """
        limits = self._named(names)
        if not limits:
            return
        draws = [limit.draw(background=self._background) for limit in limits]
        ends_at = self._clock() + timeout_s
        while True:
            left_s = ends_at - self._clock()
            try:
                turn = self._turns.take(draws, within_s=0.0 if self._background else left_s)
            except ConnectionError as error:
                raise NotSent(f"nobody says whose turn it is: {error}") from None
            if not turn.taken and (turn.in_s > left_s or not self._background):
                raise RateLimited("the rate limits leave no time", retry_after_s=turn.in_s)
            if turn.in_s > 0:
                self._sleep(turn.in_s)
            if turn.taken:
                return

    def hold_back(self, *names: str, asked_s: float | None) -> None:
        """Lets nobody pass for as long as the provider has asked for, from now, or for the shortest limit's whole time.

        The shortest limit stands for all that a request counts towards. Nothing is lost when it cannot be kept.
        """
        limits = self._named(names)
        if not limits:
            return
        shortest = min(limits, key=lambda limit: limit.per_s)
        with suppress(ConnectionError):  # the next turn asks the same count
            self._turns.hold_back(shortest.draw(), shortest.per_s if asked_s is None else asked_s)

    def _named(self, names: Sequence[str]) -> list[RateLimit]:
        return [self._limits[name] for name in names] if names else list(self._limits.values())
