"""Pausing and resuming: what waits meanwhile, and how it goes on.

A paused job is deferred, never finished otherwise: a paused send stays the send that it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, text

from shared.db.job_changes import wake_deferred_jobs
from shared.db.pauses import count_in_flight, insert_pauses, lift_pauses, list_active_pauses, take_sends_lock
from shared.db.transactions import autocommit
from shared.domain.actor import Actor
from shared.domain.pauses import stops_processing
from shared.domain.vocabulary import WAITING_FOR_PAUSE, ClientId, Pausable, PauseReason, WaitingFor
from shared.jobs.outcomes import Defer

LOOK_AGAIN_S = 900.0  # resuming brings the jobs forward; this is for one that was deferred just as it happened
LOCK_TIMEOUT_S = 30  # claims take milliseconds; one that hangs ends with its statement's time-out of 15 s
POLL_S = 0.25


def while_paused(pause: Pausable, time_scale: float) -> Defer:
    """Defers a job that an active pause holds back."""
    return Defer(LOOK_AGAIN_S * time_scale, WaitingFor(pause.value))


@dataclass(frozen=True, slots=True)
class Paused:
    """``in_flight``: what was claimed before the pause and had not ended when the waiting was over."""

    newly: bool
    in_flight: int


def pause(
    engine: Engine,
    client_id: ClientId | None,
    what: Pausable,
    actor: Actor,
    *,
    note: str = "",
    wait_s: float = 0.0,
    tell: Callable[[int], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> Paused:
    """Pauses one client, or everything; then waits up to ``wait_s`` seconds for what was under way before.

    When it returns with ``in_flight`` 0, nothing of what is paused leaves any more. ``tell`` hears how much is left.
    """
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'"))
        take_sends_lock(connection)
        newly = insert_pauses(connection, [client_id], what, PauseReason.OPERATOR, actor, note=note) == 1
    return Paused(newly, wait_for_in_flight(engine, client_id, what, wait_s=wait_s, tell=tell, sleep=sleep))


def wait_for_in_flight(
    engine: Engine,
    client_id: ClientId | None,
    what: Pausable,
    *,
    wait_s: float,
    tell: Callable[[int], None] = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Waits up to ``wait_s`` seconds for what was under way when it was paused; returns how much is left."""
    deadline = time.monotonic() + wait_s
    quiet = 0
    while True:
        with autocommit(engine) as connection:
            in_flight = count_in_flight(connection, client_id, what)
        tell(in_flight)
        # The claim of a job takes no part in the lock: one that was about to commit is seen at the second look.
        quiet = quiet + 1 if in_flight == 0 else 0
        if quiet == (2 if stops_processing(what) else 1) or time.monotonic() >= deadline:
            return in_flight
        sleep(POLL_S)


class NotPausedError(Exception):
    """There is nothing to resume; ``unreconciled``: only what a restore has paused, which needs its own word."""

    def __init__(self, *, unreconciled: bool) -> None:
        super().__init__("nothing of it is paused")
        self.unreconciled = unreconciled


def resume(
    engine: Engine, client_id: ClientId | None, what: Pausable, actor: Actor, *, unreconciled: bool = False
) -> int:
    """Lifts a pause of exactly this scope and brings forward what it had deferred; returns how many jobs.

    Other pauses that hold the same jobs back stay. ``unreconciled`` also lifts the pause of a restore that has not been
    reconciled. Raises NotPausedError.
    """
    reasons = [PauseReason.OPERATOR, *([PauseReason.RESTORE] if unreconciled else [])]
    with engine.begin() as connection:
        if lift_pauses(connection, client_id, what, reasons, actor) == 0:
            scope = (client_id, what, PauseReason.RESTORE)
            left = [one for one in list_active_pauses(connection) if (one.client_id, one.what, one.reason) == scope]
            raise NotPausedError(unreconciled=bool(left))
        return wake_deferred_jobs(connection, client_id, WAITING_FOR_PAUSE)
