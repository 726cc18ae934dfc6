"""Finds replies that Instantly could not deliver: its hook may have been disabled, or we may have been away.

Everything found goes through the same use case and the same matching as a delivery, so recovering twice, or what does
arrive later, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import batched

from shared.db.recovery import RecoveryState, advance_recovery, known_email_ids, list_recovery_states
from shared.observability import Metric, emit, log_failure, logger
from shared.pipelines.maintain import MaintenanceDependencies
from shared.pipelines.receive_event import DatabaseUnavailableError, Delivery, ReceiptStatus, receive_event
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Email
from shared.providers.instantly.errors import InstantlyError, Refused

OVERLAP = timedelta(minutes=5)  # read again: clocks differ, and mail becomes visible a little after its time
SETTLING = timedelta(minutes=2)  # mail younger than this is most likely on its way through the hook
LOG_OVERLAP = timedelta(days=1)  # the delivery log is asked by day
EMAIL_BATCH = 50
RESERVE_S = 20.0  # of the function's time, kept for the last workspace's marks


def recover_missed(dependencies: MaintenanceDependencies, remaining_s: Callable[[], float]) -> dict[str, int]:
    """Goes through the workspaces as far as time allows, the longest unchecked first; returns what was done.

    A workspace that cannot be read (its key is refused, its provider does not answer) does not stop the others.
    """
    done = {"workspaces": 0, "recovered": 0, "failed": 0}
    for state in list_recovery_states(dependencies.engine):
        if remaining_s() < 2 * RESERVE_S * dependencies.time_scale:
            logger.warning("recovery stopped for lack of time", extra={"workspaces": done["workspaces"]})
            break
        try:
            done["recovered"] += _recover_workspace(dependencies, state, remaining_s)
            done["workspaces"] += 1
        except DatabaseUnavailableError:
            raise
        except Exception as error:
            done["failed"] += 1
            if isinstance(error, Refused) and error.is_credential:
                emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
            if isinstance(error, InstantlyError):
                logger.warning(
                    "workspace not recovered",
                    extra={"client_id": str(state.client_id), "error": type(error).__name__},
                )
            else:
                log_failure("workspace not recovered", error, client_id=str(state.client_id))
    if done["recovered"]:
        emit(Metric.EVENTS_RECOVERED, done["recovered"])
    logger.info("recovery", extra={"done": done})
    return done


def _recover_workspace(
    dependencies: MaintenanceDependencies, state: RecoveryState, remaining_s: Callable[[], float]
) -> int:
    started_at = dependencies.now()
    instantly = dependencies.instantly(state.client_id)
    resume_disabled_hooks(instantly, state)
    recovered = _receive_all(dependencies, state, _failed_deliveries(instantly, state))
    advance_recovery(dependencies.engine, state.client_id, hook_checked_at=started_at)
    return recovered + _recover_emails(dependencies, state, instantly, remaining_s)


def resume_disabled_hooks(instantly: InstantlyClient, state: RecoveryState) -> int:
    """Resumes this workspace's hooks that Instantly has disabled after failed deliveries, and raises the alarm."""
    resumed = 0
    for hook in instantly.list_webhooks():
        if _is_ours(hook.target_hook_url, state) and not hook.is_active:
            emit(Metric.HOOK_DISABLED)
            logger.error("hook disabled by the provider: resuming it", extra={"client_id": str(state.client_id)})
            instantly.resume_webhook(hook.id)
            resumed += 1
    return resumed


def _is_ours(url: str | None, state: RecoveryState) -> bool:
    return f"clientId={state.client_id}" in (url or "")


def _failed_deliveries(instantly: InstantlyClient, state: RecoveryState) -> Iterable[bytes]:
    since = (state.hook_checked_at - LOG_OVERLAP).date()
    for delivery in instantly.list_webhook_events(success=False, from_date=since):
        if delivery.raw_body is not None and not delivery.retry_successful and _is_ours(delivery.webhook_url, state):
            yield delivery.raw_body


def _recover_emails(
    dependencies: MaintenanceDependencies,
    state: RecoveryState,
    instantly: InstantlyClient,
    remaining_s: Callable[[], float],
) -> int:
    """Received mail since the last that was read; the mark moves with every batch, so a cut run goes on from there."""
    until = dependencies.now() - SETTLING * dependencies.time_scale
    received = instantly.list_emails(
        min_timestamp_created=state.read_until - OVERLAP,
        email_type="received",
        sort_order="asc",
        deadline_s=max(1.0, remaining_s() - RESERVE_S * dependencies.time_scale),
    )
    recovered = 0
    for batch in batched(received, EMAIL_BATCH, strict=False):
        ripe = [email for email in batch if email.timestamp_created is None or email.timestamp_created <= until]
        known = known_email_ids(dependencies.engine, state.client_id, [email.id for email in ripe])
        bodies = (
            email.as_webhook_body(state.instantly_workspace_id)
            for email in ripe
            if email.id not in known and _is_reply(email)
        )
        recovered += _receive_all(dependencies, state, bodies)
        read_until = max((email.timestamp_created for email in ripe if email.timestamp_created), default=None)
        advance_recovery(dependencies.engine, state.client_id, read_until=read_until)
    return recovered


def _is_reply(email: Email) -> bool:
    """Whether a received mail is a lead's: mailboxes get other mail as well, and that is nobody's business here."""
    return email.is_received and (email.lead is not None or email.campaign_id is not None)


def _receive_all(dependencies: MaintenanceDependencies, state: RecoveryState, bodies: Iterable[bytes]) -> int:
    """Receives what was missed; returns how many were news to us."""
    accepted = 0
    for raw_body in bodies:
        receipt = receive_event(
            Delivery.of(state.client_id, raw_body, dependencies.now()),
            engine=dependencies.engine,
            publisher=dependencies.publisher,
            time_scale=dependencies.time_scale,
        )
        accepted += receipt.status is ReceiptStatus.ACCEPTED
    return accepted
