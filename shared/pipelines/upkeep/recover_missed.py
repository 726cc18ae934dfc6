"""Finds replies and opt-outs that Instantly could not deliver: its hook may have been disabled, or we were away.

Everything found goes through the same use case and the same matching as a delivery, so recovering twice, or what does
arrive later, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from itertools import batched

from shared.config import SecretUnavailableError
from shared.db.consent import note_consent_gap
from shared.db.outages import is_outage, name_of
from shared.db.recovery import (
    RecoveryState,
    advance_recovery,
    known_email_ids,
    list_recovery_states,
    note_recovery_attempt,
    settled_deliveries,
)
from shared.db.restores import RestoredClient, keep_restore_cursors
from shared.domain.reply_identity import delivery_key
from shared.domain.vocabulary import Provider, Source
from shared.observability import Metric, emit, log_failure, logger
from shared.pipelines.intake.delivery import DatabaseUnavailableError, Delivery, ReceiptStatus
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.job_failures import refuses_credentials
from shared.pipelines.upkeep.maintain import MaintenanceDependencies
from shared.pipelines.upkeep.recover_consent import recover_consent
from shared.providers.errors import ProviderError
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Email

OVERLAP = timedelta(minutes=5)  # read again: clocks differ, and mail becomes visible a little after its time
SETTLING = timedelta(minutes=2)  # mail younger than this is most likely on its way through the hook
RESTORED_OVERLAP = timedelta(minutes=15)  # what was under way at the moment that a database was restored to
LOG_OVERLAP = timedelta(hours=1)  # a delivery may have failed, and be in the log, a while after it began
BATCH = 50  # the marks move with every batch
HELD_DELIVERIES = 1_000  # in memory at a time, to be received oldest first
PART = "recovery"  # the name under which a run that came to its end says so, as maintenance's parts do
RESERVE_S = 20.0  # of the function's time, left when a run stops by itself: longer than any call that is under way


def recover_missed(dependencies: MaintenanceDependencies, remaining_s: Callable[[], float]) -> dict[str, int]:
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
            turn = _Turn(dependencies, state, remaining_s)
            try:
                turn.need_time(2 * RESERVE_S)
                note_recovery_attempt(dependencies.engine, state.client_id, dependencies.now())
                # The hook first, since what it does not bring has to be recovered; the log after the mail, since most
                # of what it holds is no reply, and a missed reply is among the mail as well. Consent last: it is about
                # those, too, whom the others have found.
                held = [
                    turn.holds("hook", _resume_hooks),
                    turn.holds("emails", _recover_emails),
                    turn.holds("deliveries", _recover_deliveries),
                    turn.holds("consent", _recover_consent),
                ]
            finally:
                done["recovered"] += turn.recovered
                broken += turn.broken
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
    dependencies: MaintenanceDependencies, restored: RestoredClient, remaining_s: Callable[[], float]
) -> int:
    """Recovers what a restored workspace has forgotten: replies, and every delivery since, successful ones too.

    Returns how many events were news to us. Raises OutOfTime, and what stops it otherwise; the next call goes on.
    """
    (state,) = list_recovery_states(dependencies.engine, restored.client_id)
    turn = _Turn(dependencies, state, remaining_s)
    _resume_hooks(turn)
    _recover_emails(turn)
    _receive_log(
        turn,
        since=restored.deliveries_until or restored.restored_to - RESTORED_OVERLAP,
        success=None,
        advance=lambda until: keep_restore_cursors(dependencies.engine, restored.mark_id, deliveries_until=until),
    )
    return turn.recovered


class OutOfTime(Exception):  # noqa: N818 (a signal, not an error)
    """The function's time is almost over: the marks tell the next run where to go on."""


class _WorkspaceClosed(Exception):  # noqa: N818 (a signal, not an error)
    """The workspace was disabled meanwhile: its marks stay where they are until it is enabled again."""


@dataclass
class _Turn:
    """One workspace's turn. ``recovered`` counts what was news to us, however the turn ends; ``broken`` the parts that
    our own code failed in."""

    dependencies: MaintenanceDependencies
    state: RecoveryState
    remaining_s: Callable[[], float]
    recovered: int = 0
    broken: int = 0

    @property
    def instantly(self) -> InstantlyClient:
        return self.dependencies.instantly(self.state.client_id)

    def need_time(self, needed_s: float = RESERVE_S) -> None:
        """Raises OutOfTime unless that many seconds are left."""
        if self.remaining_s() < needed_s * self.dependencies.time_scale:
            raise OutOfTime

    def holds(self, name: str, part: Callable[[_Turn], None]) -> bool:
        """Does one part; False when it failed. Raises only for what stops the whole run: no time, or no database."""
        client_id = str(self.state.client_id)
        try:
            self.need_time()
            part(self)
        except (OutOfTime, DatabaseUnavailableError):
            raise
        except _WorkspaceClosed:
            logger.info("workspace disabled meanwhile", extra={"client_id": client_id, "part": name})
        except (ProviderError, SecretUnavailableError) as error:
            logger.warning(
                "workspace not recovered",
                extra={"client_id": client_id, "part": name, "error": type(error).__name__},
            )
            if refuses_credentials(error):
                emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
        except Exception as error:
            if is_outage(error):
                raise DatabaseUnavailableError(name_of(error)) from error
            self.broken += 1
            log_failure("workspace not recovered", error, client_id=client_id, part=name)
        else:
            return True
        return False

    def receive(self, raw_body: bytes, received_at: datetime, source: Source) -> None:
        self.need_time()
        receipt = receive_event(
            Delivery.of(self.state.client_id, raw_body, received_at, provider=Provider.INSTANTLY, source=source),
            engine=self.dependencies.engine,
            publisher=self.dependencies.publisher,
            time_scale=self.dependencies.time_scale,
        )
        if receipt.status is ReceiptStatus.REJECTED:
            raise _WorkspaceClosed
        self.recovered += receipt.status is ReceiptStatus.ACCEPTED


# --- The hook --------------------------------------------------------------------------------------------------------


def _resume_hooks(turn: _Turn) -> None:
    """Resumes this workspace's hooks that Instantly has disabled after failed deliveries, and raises the alarm."""
    instantly, state = turn.instantly, turn.state
    for hook in instantly.list_webhooks():
        if _is_ours(hook.target_hook_url, state) and not hook.is_active:
            emit(Metric.HOOK_DISABLED)
            logger.error("hook disabled by the provider: resuming it", extra={"client_id": str(state.client_id)})
            with turn.dependencies.engine.begin() as connection:  # before it is resumed: nothing else tells of the gap
                note_consent_gap(connection, state.client_id, turn.dependencies.now())
            instantly.resume_webhook(hook.id)


def _is_ours(url: str | None, state: RecoveryState) -> bool:
    """Whether a hook's address names this workspace, in either case of letters: the webhook takes both."""
    return f"clientid={state.client_id}" in (url or "").lower()


# --- Consent ---------------------------------------------------------------------------------------------------------


def _recover_consent(turn: _Turn) -> None:
    """Opt-outs, bounces and blocks since the hook was last known to be well."""
    dependencies = turn.dependencies
    turn.recovered += recover_consent(
        dependencies.engine,
        dependencies.publisher,
        turn.instantly,
        turn.state.client_id,
        now=dependencies.now(),
        need_time=turn.need_time,
        time_scale=dependencies.time_scale,
    )


# --- Mail ------------------------------------------------------------------------------------------------------------


def _recover_emails(turn: _Turn) -> None:
    """Received mail since the last that was read."""
    dependencies, state = turn.dependencies, turn.state
    until = dependencies.now() - SETTLING * dependencies.time_scale
    received = turn.instantly.list_emails(
        min_timestamp_created=state.emails_until - OVERLAP,
        email_type="received",
        sort_order="asc",
        deadline_s=max(1.0, turn.remaining_s() - RESERVE_S * dependencies.time_scale),
    )
    for batch in _batches(received):
        ripe = [email for email in batch if email.timestamp_created is None or email.timestamp_created <= until]
        known = known_email_ids(dependencies.engine, state.client_id, [email.id for email in ripe])
        for email in ripe:
            if email.id not in known and _is_reply(email):
                turn.receive(email.as_body(), dependencies.now(), Source.API)
        read_until = max((email.timestamp_created for email in ripe if email.timestamp_created), default=None)
        advance_recovery(dependencies.engine, state.client_id, emails_until=read_until)


def _batches(emails: Iterable[Email]) -> Iterator[list[Email]]:
    """Like itertools.batched, but when the listing breaks off, what it gave before is the last batch."""
    batch: list[Email] = []
    try:
        for email in emails:
            batch.append(email)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except ProviderError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _is_reply(email: Email) -> bool:
    """Whether a received mail is a lead's: mailboxes get other mail as well, and that is nobody's business here."""
    return email.is_received and (email.lead is not None or email.campaign_id is not None)


# --- Failed deliveries -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Logged:
    """A delivery of the log. ``at`` is Instantly's clock; its payload may name no time of its own."""

    at: datetime
    raw_body: bytes


def _recover_deliveries(turn: _Turn) -> None:
    """Failed deliveries since the last that was received."""
    dependencies, state = turn.dependencies, turn.state
    _receive_log(
        turn,
        since=state.deliveries_until,
        success=False,
        advance=lambda until: advance_recovery(dependencies.engine, state.client_id, deliveries_until=until),
    )


def _receive_log(turn: _Turn, *, since: datetime, success: bool | None, advance: Callable[[datetime], None]) -> None:
    """Deliveries since a moment, the oldest first, though the log is listed newest first; ``advance`` moves the mark.

    ``success`` None takes the good ones, too: what was delivered may be forgotten here.
    """
    now = turn.dependencies.now()
    newest_mark = now - LOG_OVERLAP
    while True:
        logged = nsmallest(HELD_DELIVERIES, _unsettled(turn, since, now, success), key=lambda delivery: delivery.at)
        for batch in batched(logged, BATCH, strict=False):
            for delivery in batch:
                turn.receive(delivery.raw_body, delivery.at, Source.HOOK)
            since = batch[-1].at
            advance(min(since, newest_mark))
        if len(logged) < HELD_DELIVERIES:
            break
    advance(newest_mark)


def _unsettled(turn: _Turn, since: datetime, now: datetime, success: bool | None) -> Iterator[_Logged]:
    """This workspace's deliveries since a moment, without those that have had their effect."""
    state = turn.state
    listed = turn.instantly.list_webhook_events(success, from_date=since.date())
    for batch in batched(listed, BATCH, strict=False):
        turn.need_time()
        logged = [
            _Logged(min(now, delivery.timestamp_created or now), delivery.raw_body)
            for delivery in batch
            if delivery.raw_body is not None
            and _is_ours(delivery.webhook_url, state)
            and (success is None or not delivery.retry_successful)
        ]
        keys = {
            delivery_key(state.client_id, delivery.raw_body): delivery for delivery in logged if delivery.at >= since
        }
        settled = settled_deliveries(turn.dependencies.engine, state.client_id, list(keys)) if keys else set()
        yield from (delivery for key, delivery in keys.items() if key not in settled)
