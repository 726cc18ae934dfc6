"""Limits on how many requests a provider takes in a time, and what a request uses up of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

FREE_SHARE = 0.25
"""The part of each burst that work in the background leaves to those who work for a waiting lead or person."""


class CountedFor(StrEnum):
    """Whatever has a limit of its own at the provider."""

    CREDENTIAL = "CREDENTIAL"  # a key, whichever of our accounts use it
    ACCOUNT = "ACCOUNT"  # an account behind the credential: a location, a mailbox, a member


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit: never more than ``count`` requests within any ``per_s`` seconds, at most ``burst`` of them at once.

    The larger the burst, the slower the rest: after it a request passes every ``per_s / (count - burst + 1)`` seconds.
    A distance of x seconds is one request per x seconds.
    """

    name: str
    count: int
    per_s: float
    burst: int = 1
    counted_for: CountedFor = CountedFor.CREDENTIAL

    def __post_init__(self) -> None:
        if not (1 <= self.burst <= self.count and self.per_s > 0):
            raise ValueError(f"{self.name}: no limit of {self.count} (burst {self.burst}) per {self.per_s} s")

    @property
    def interval_s(self) -> float:
        """The distance of requests that keep coming."""
        return self.per_s / (self.count - self.burst + 1)

    def scaled(self, factor: float) -> RateLimit:
        """Returns the same limit in a world whose time runs shorter (factor below 1) or longer."""
        return replace(self, per_s=self.per_s * factor)

    def draw(self, *, background: bool = False) -> Draw:
        """Returns what one request uses up of the limit."""
        left_free = int(self.burst * FREE_SHARE) if background else 0
        return Draw(self.name, self.interval_s, (self.burst - 1 - left_free) * self.interval_s, self.counted_for)


@dataclass(frozen=True, slots=True)
class Draw:
    """One request's share of a limit whose state is a single moment: the one at which it is wholly free again.

    A request may go ``lead_s`` seconds before that moment, and moves it on by ``interval_s`` (GCRA, ITU-T I.371).
    """

    name: str
    interval_s: float
    lead_s: float
    counted_for: CountedFor = CountedFor.CREDENTIAL


@dataclass(frozen=True, slots=True)
class Turn:
    """The moment at which a request may go: ``in_s`` seconds from now. ``taken`` False: it is left to others."""

    in_s: float
    taken: bool
