"""Outcomes of a run of a job, as data that a test can compare and a row can store."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.vocabulary import WaitingFor


@dataclass(frozen=True, slots=True)
class Done:
    """Every step was done."""

    summary: str = ""


@dataclass(frozen=True, slots=True)
class Skip:
    """There is nothing to do, for good: the message is gone, is outbound, or is not the job's."""

    reason: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now: the job runs again after ``after_s`` seconds, or after the policy's backoff when it is None."""

    reason: str
    after_s: float | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Trying again changes nothing until a person repairs the cause: straight to the dead-letter queue."""

    reason: str


@dataclass(frozen=True, slots=True)
class Defer:
    """Rightly not yet (outside a sending window): the outbox publishes the job again in ``after_s`` seconds."""

    after_s: float
    waiting_for: WaitingFor
    detail: str | None = None  # for a person, where the code does not say all


@dataclass(frozen=True, slots=True)
class StartAgain:
    """It goes on as a job of another lead: published again, so that it runs in that lead's order."""

    reason: str


Outcome = Done | Skip | Retry | DeadLetter | Defer | StartAgain
