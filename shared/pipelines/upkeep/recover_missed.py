"""Finds replies and opt-outs that a provider could not deliver: its hook may have been disabled, or we were away.

Everything found goes through the same use case and the same matching as a delivery, so recovering twice, or what does
arrive later, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from itertools import batched

from shared.db.consent import note_consent_gap
from shared.db.provider_accounts import note_account_taken
from shared.db.recovery import (
    RecoveryState,
    advance_recovery,
    known_messages,
    list_recovery_states,
    note_recovery_attempt,
    settled_deliveries,
)
from shared.domain.actor import Actor
from shared.domain.vocabulary import ActorKind, Source
from shared.observability import Metric, emit, logger
from shared.pipelines.account_health import account_works
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.upkeep.recover_consent import recover_consent
from shared.pipelines.upkeep.recovery_turn import RESERVE_S, OutOfTime, RecoveryTurn
from shared.pipelines.upkeep.tell_account import tell_account
from shared.providers.account_values import Missed
from shared.providers.errors import ProviderError, Refused
from shared.providers.message_ids import message_key

OVERLAP = timedelta(minutes=5)  # read again: clocks differ, and mail becomes visible a little after its time
SETTLING = timedelta(minutes=2)  # mail younger than this is most likely on its way through the hook
RESTORED_OVERLAP = timedelta(minutes=15)  # what was under way at the moment that a database was restored to
LOG_OVERLAP = timedelta(hours=1)  # a delivery may have failed, and be in the log, a while after it began
BATCH = 50  # the marks move with every batch
HELD_DELIVERIES = 1_000  # in memory at a time, to be received oldest first
PART = "recovery"  # the name under which a run that came to its end says so, as maintenance's parts do


def recover_missed(dependencies: Dependencies, remaining_s: Callable[[], float]) -> dict[str, int]:
    """Goes through the workspaces as far as time allows, the longest unattended first; returns what was done.

    ``remaining_s`` is what the function has left, in seconds. A part that cannot be done (its key is refused, its
    provider does not answer) stops neither the workspace's other parts nor the other workspaces.

    A run that got through all workspaces says so, unless our own code failed in one: its alarm goes off when nobody
    hears of recovery for a while.
    """
    done = {"workspaces": 0, "recovered": 0, "failed": 0}
    broken = 0
    try:
        for state in list_recovery_states(dependencies.engine):
            turn = RecoveryTurn(dependencies, state, remaining_s)
            try:
                turn.need_time(2 * RESERVE_S)
                note_recovery_attempt(dependencies.engine, state.account_id, dependencies.now())
                # People first, who should hear from no account that has not been told. The hook next, since what it
                # does not bring has to be recovered; the log after the mail, since most of what it holds is no reply,
                # and a missed reply is among the mail as well. Consent last: it is about those, too, whom the others
                # have found.
                held = [
                    turn.holds("people", _tell_people),
                    turn.holds("health", _look_at_health),
                    turn.holds("hook", _resume_hooks),
                    turn.holds("emails", _recover_emails),
                    turn.holds("deliveries", _recover_deliveries),
                    turn.holds("consent", _recover_consent),
                ]
            finally:
                done["recovered"] += turn.recovered
                broken += turn.broken
            if all(held):
                note_account_taken(dependencies.engine, state.account_id)
            done["workspaces" if all(held) else "failed"] += 1
    except OutOfTime:
        logger.warning("recovery stopped for lack of time", extra={"done": done})
    else:
        if not broken:
            emit(Metric.MAINTENANCE_COMPLETED, part=PART)
    finally:
        if done["recovered"]:
            emit(Metric.EVENTS_RECOVERED, done["recovered"])
        if broken:
            emit(Metric.MAINTENANCE_PARTS_FAILED, broken)
    logger.info("recovery", extra={"done": done})
    return done


def recover_restored(
    dependencies: Dependencies,
    state: RecoveryState,
    remaining_s: Callable[[], float],
    *,
    since: datetime,
    advance: Callable[[datetime], None],
) -> int:
    """Recovers what is forgotten of a restored account: replies, and every delivery since, successful ones too.

    ``advance`` hears how far the deliveries were read. Returns how many events were news to us. Raises OutOfTime, and
    what stops it otherwise; the next call goes on.
    """
    turn = RecoveryTurn(dependencies, state, remaining_s)
    _resume_hooks(turn)
    _recover_emails(turn)
    _receive_log(turn, since=since, also_delivered=True, advance=advance)
    return turn.recovered


# --- People ----------------------------------------------------------------------------------------------------------


def _tell_people(turn: RecoveryTurn) -> None:
    """What an account that was not in use has missed of the client's people."""
    dependencies, state = turn.dependencies, turn.state
    tell_account(
        dependencies.engine,
        state.account_id,
        state.account.provider,
        need_time=turn.need_time,
        time_scale=dependencies.time_scale,
    )


# --- The account's health ----------------------------------------------------------------------------------------


def _look_at_health(turn: RecoveryTurn) -> None:
    """Asks an account that its provider has called broken how it is: the word that it works may have been lost."""
    if not turn.state.sends_held_back:
        return
    try:
        turn.account.check()
    except Refused:
        return  # it still is
    with turn.dependencies.engine.begin() as connection:
        account_works(connection, turn.state.account_id, Actor(ActorKind.SYSTEM, PART))


# --- The hook --------------------------------------------------------------------------------------------------------


def _resume_hooks(turn: RecoveryTurn) -> None:
    """Resumes this workspace's hooks that the provider has disabled after failed deliveries, and raises the alarm."""
    account, state = turn.account, turn.state
    for hook in account.hooks() or ():
        if _is_ours(hook.url, state) and not hook.is_active:
            emit(Metric.HOOK_DISABLED)
            logger.error("hook disabled by the provider: resuming it", extra={"client_id": str(state.client_id)})
            with turn.dependencies.engine.begin() as connection:  # before it is resumed: nothing else tells of the gap
                note_consent_gap(connection, state.account_id, turn.dependencies.now())
            account.put_hook(hook)


def _is_ours(url: str | None, state: RecoveryState) -> bool:
    """Whether a hook's address names this workspace, in either case of letters: the webhook takes both."""
    return f"clientid={state.client_id}" in (url or "").lower()


# --- Consent ---------------------------------------------------------------------------------------------------------


def _recover_consent(turn: RecoveryTurn) -> None:
    """Opt-outs, bounces and blocks since the hook was last known to be well."""
    dependencies = turn.dependencies
    turn.recovered += recover_consent(
        dependencies.engine,
        dependencies.publisher,
        turn.account,
        turn.state.client_id,
        turn.state.account_id,
        now=dependencies.now(),
        need_time=turn.need_time,
        time_scale=dependencies.time_scale,
    )


# --- Mail ------------------------------------------------------------------------------------------------------------


def _recover_emails(turn: RecoveryTurn) -> None:
    """Messages received since the last that was read."""
    dependencies, state = turn.dependencies, turn.state
    until = dependencies.now() - SETTLING * dependencies.time_scale
    received = turn.account.missed(
        Source.API,
        state.messages_until - OVERLAP,
        timeout_s=max(1.0, turn.remaining_s() - RESERVE_S * dependencies.time_scale),
    )
    for batch in _batches(received):
        ripe = [item for item in batch if item.at is None or item.at <= until]
        keys = [
            None if item.message_id is None else message_key(state.account, item.thread_id, item.message_id)
            for item in ripe
        ]
        known = known_messages(dependencies.engine, state.client_id, [key for key in keys if key is not None])
        for item, key in zip(ripe, keys, strict=True):
            if item.body is not None and key not in known:
                turn.receive(item, dependencies.now())
        read_until = max((item.at for item in ripe if item.at), default=None)
        advance_recovery(dependencies.engine, state.account_id, Source.API, read_until)


def _batches(items: Iterable[Missed]) -> Iterator[list[Missed]]:
    """Like itertools.batched, but when the listing breaks off, what it gave before is the last batch."""
    batch: list[Missed] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except ProviderError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


# --- Failed deliveries -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Logged:
    """A delivery of the log. ``at`` is the provider's clock; its payload may name no time of its own."""

    at: datetime
    item: Missed


def _recover_deliveries(turn: RecoveryTurn) -> None:
    """Failed deliveries since the last that was received."""
    dependencies, state = turn.dependencies, turn.state
    _receive_log(
        turn,
        since=state.deliveries_until,
        also_delivered=False,
        advance=lambda until: advance_recovery(dependencies.engine, state.account_id, Source.HOOK, until),
    )


def _receive_log(
    turn: RecoveryTurn, *, since: datetime, also_delivered: bool, advance: Callable[[datetime], None]
) -> None:
    """Deliveries since a moment, the oldest first, though the log is listed newest first; ``advance`` moves the mark.

    ``also_delivered`` takes the good ones, too: what was delivered may be forgotten here.
    """
    now = turn.dependencies.now()
    newest_mark = now - LOG_OVERLAP
    while True:
        logged = nsmallest(
            HELD_DELIVERIES, _unsettled(turn, since, now, also_delivered), key=lambda delivery: delivery.at
        )
        for batch in batched(logged, BATCH, strict=False):
            for delivery in batch:
                turn.receive(delivery.item, delivery.at)
            since = batch[-1].at
            advance(min(since, newest_mark))
        if len(logged) < HELD_DELIVERIES:
            break
    advance(newest_mark)


def _unsettled(turn: RecoveryTurn, since: datetime, now: datetime, also_delivered: bool) -> Iterator[_Logged]:
    """This workspace's deliveries since a moment, without those that have had their effect."""
    state = turn.state
    listed = turn.account.missed(
        Source.HOOK, since, also_delivered=also_delivered, timeout_s=max(1.0, turn.remaining_s() - RESERVE_S)
    )
    for batch in batched(listed, BATCH, strict=False):
        turn.need_time()
        logged = [
            _Logged(min(now, item.at or now), item)
            for item in batch
            if item.body is not None and _is_ours(item.url, state)
        ]
        keys = {turn.delivery(one.item, one.at).delivery_key: one for one in logged if one.at >= since}
        settled = settled_deliveries(turn.dependencies.engine, state.client_id, list(keys)) if keys else set()
        yield from (delivery for key, delivery in keys.items() if key not in settled)
