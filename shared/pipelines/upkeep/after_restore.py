"""After a database was restored: what happened since is learnt again from the provider, then sends go on.

Our rows were rolled back, their effects were not: answers have left, people have opted out, replies were taken. Until a
client is reconciled its automatic sends are paused, and every send looks into its thread (``send_reply``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from sqlalchemy import Engine

from shared.db.found_responses import find_lead_of_response
from shared.db.job_changes import wake_deferred_jobs
from shared.db.locks import lock_lead
from shared.db.pauses import insert_pauses, lift_pauses, take_sends_lock
from shared.db.recovery import RecoveryState, known_messages, list_recovery_states
from shared.db.restores import (
    RestoredClient,
    keep_restore_cursors,
    mark_restored,
    note_reconciled,
    rewind_recovery,
)
from shared.domain.accounts import AccountRef
from shared.domain.actor import Actor
from shared.domain.vocabulary import WAITING_FOR_PAUSE, ActorKind, ClientId, Pausable, PauseReason
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.reply.adopt_response import adopt
from shared.pipelines.upkeep.recover_consent import recover_consent
from shared.pipelines.upkeep.recover_missed import BATCH, RESTORED_OVERLAP, recover_restored
from shared.pipelines.upkeep.recovery_turn import RESERVE_S, OutOfTime
from shared.providers.account_values import SentMessage, Sought
from shared.providers.message_ids import message_key

BY = Actor(ActorKind.SYSTEM, "after-restore")


def mark_restore(
    engine: Engine, client_ids: Sequence[ClientId], restored_to: datetime, actor: Actor, *, now: datetime
) -> int:
    """Marks clients as restored to a moment and pauses their automatic sends; returns how many were not so before.

    No automatic send is claimed once this has committed. Doing it again changes nothing.
    """
    with engine.begin() as connection:
        take_sends_lock(connection)
        newly = mark_restored(connection, client_ids, restored_to, now, actor)
        if newly:
            insert_pauses(connection, client_ids, Pausable.AUTOMATIC_SENDS, PauseReason.RESTORE, actor)
            rewind_recovery(connection, client_ids, restored_to - RESTORED_OVERLAP, now)
    return newly


@dataclass
class Reconciled:
    """The findings of a client's reconciliation, as far as it came."""

    events: int = 0  # replies, opt-outs and others that we did not know
    responses: int = 0  # answers of ours that we did not know
    settled_drafts: int = 0  # that were sent, or are answered otherwise
    suppressed: int = 0  # leads, by what the provider holds against writing to them
    jobs: int = 0  # that go on, once the pause is lifted
    done: bool = False


def reconcile(
    dependencies: Dependencies,
    restored: RestoredClient,
    found: Reconciled,
    remaining_s: Callable[[], float],
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Brings one client's rows in line with the provider and lifts its pause; ``found`` counts on the way.

    Replies first, since an answer needs its lead; then the answers; consent last, since it is about all of them.
    ``tell`` hears what is being read. Raises OutOfTime and what the provider's client raises: the pause then stays, and
    the next call goes on where this one stopped.
    """

    def need_time() -> None:
        if remaining_s() < RESERVE_S * dependencies.time_scale:
            raise OutOfTime

    engine, client_id = dependencies.engine, restored.client_id
    states = list_recovery_states(engine, client_id)
    # A mark keeps how far one account was read: several are read from the restored moment on, each time.
    resumes = len(states) == 1
    since = restored.restored_to - RESTORED_OVERLAP
    tell("replies and events")
    for state in states:
        found.events += recover_restored(
            dependencies,
            state,
            remaining_s,
            since=(restored.deliveries_until if resumes else None) or since,
            advance=lambda until: keep_restore_cursors(engine, restored.mark_id, deliveries_until=until),
        )
    tell("sent mail")
    for state in states:
        sent_since = (restored.sent_until if resumes else None) or since
        _adopt_sent(dependencies, restored, state, sent_since, found, remaining_s, need_time)
    tell("opt-outs and bounces")
    for state in states:
        found.suppressed += recover_consent(
            engine,
            dependencies.publisher,
            dependencies.accounts(state.account),
            client_id,
            state.account_id,
            now=dependencies.now(),
            need_time=need_time,
            time_scale=dependencies.time_scale,
        )
    with engine.begin() as connection:
        lift_pauses(connection, client_id, Pausable.AUTOMATIC_SENDS, [PauseReason.RESTORE], BY)
        note_reconciled(connection, client_id, dependencies.now())
        found.jobs = wake_deferred_jobs(connection, client_id, WAITING_FOR_PAUSE)
    found.done = True


def _adopt_sent(
    dependencies: Dependencies,
    restored: RestoredClient,
    state: RecoveryState,
    since: datetime,
    found: Reconciled,
    remaining_s: Callable[[], float],
    need_time: Callable[[], None],
) -> None:
    """Records what was sent for the client's leads since a moment, the oldest first."""
    sent = dependencies.accounts(state.account).find_sent(
        Sought(since=since),
        timeout_s=max(1.0, remaining_s() - RESERVE_S * dependencies.time_scale),
    )
    for batch in batched(sent or (), BATCH, strict=False):
        need_time()
        keys = [message_key(state.account, message.thread_id, message.message_id) for message in batch]
        known = known_messages(dependencies.engine, restored.client_id, keys)
        for message, key in zip(batch, keys, strict=True):
            if key not in known:
                _adopt(dependencies, state.account, message, found)
        read_until = max((message.sent_at for message in batch if message.sent_at), default=None)
        keep_restore_cursors(dependencies.engine, restored.mark_id, sent_until=read_until)


def _adopt(dependencies: Dependencies, account: AccountRef, message: SentMessage, found: Reconciled) -> None:
    lead_id = find_lead_of_response(dependencies.engine, account.client_id, message.person)
    if lead_id is None:
        return  # to somebody who is no lead of ours
    with dependencies.engine.begin() as connection:
        head_id = lock_lead(connection, lead_id)
        if head_id is None:
            return
        adopted = adopt(connection, account, head_id, message, now=dependencies.now())
    if adopted is not None:
        found.responses += 1
        found.settled_drafts += adopted.overtaken + (adopted.draft_id is not None)
