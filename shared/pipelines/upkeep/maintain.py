"""Upkeep of every minute, so that nothing waits for ever. Every part is bounded, and safe to run twice at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from shared.config import SecretUnavailableError
from shared.db.job_leases import fail_lost_jobs
from shared.db.locks import lock_lead
from shared.db.maintenance import (
    UnsettledSend,
    abandoned_sends,
    linked_emails,
    load_gauges,
    note_checked,
    prune,
    resume_follow_ups,
    still_abandoned,
    uncertain_sends,
)
from shared.db.outbound_sends import settle_intended_send, settle_uncertain_as_sent
from shared.db.outbox import lock_due_jobs, mark_enqueued, publish_again
from shared.db.time_budget import UNLIMITED, TimeBudget, limited
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import content_key, holds_wording, reply_key
from shared.domain.tags import DRAFTED_TAGS
from shared.domain.text.email_text import plain_text
from shared.domain.vocabulary import ClientId, DraftStatus, MessageId, OutboundSendStatus
from shared.jobs.publish import Publisher
from shared.observability import Metric, emit, log_failure, logger, metrics
from shared.pipelines.job_failures import refuses_credentials
from shared.providers.errors import ProviderError
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Email
from shared.providers.instantly.sent import find_sent

PUBLISH_BATCH = 50  # jobs whose rows stay locked while they are sent
PUBLISH_BATCHES = 40  # a run publishes at most 2,000 jobs; the next one is a minute away
SETTLE_LIMIT = 20  # sends looked for per run: each costs a listing, and Instantly grants 20 a minute
LOST_JOB_GRACE_S = 7_200.0  # longer than any message stays hidden after its worker died: the longest backoff, and more
UNHEARD_GRACE_S = 10_800.0  # longer than the ten receives of a message take
UNCERTAIN_GRACE_S = 86_400.0  # how long a send is looked for; then only a person can say
SETTLE_DEADLINE_S = 15.0  # for one send: a workspace at its rate limit must not take the other workspaces' time
CLOCK_TOLERANCE = timedelta(seconds=60)  # a mail of ours may carry a time this much before our intent
PART_BUDGET_S = 27.0  # what a part may ask of the database in all: ten such parts fit into the function's time
LATE_S = 60.0
SETTLING = "settled_sends"
PRUNE_LIMIT = 5_000
RESUME_LIMIT = 1_000
PARTS = (
    "published",
    "lost_jobs",
    "unheard_jobs",
    "abandoned_sends",
    "resumed_follow_ups",
    "pruned_webhook_event",
    "pruned_quarantined_event",
    "pruned_job_step",
    "pruned_ai_interaction",
    "gauges",
    SETTLING,
)
"""What a run consists of; an alarm watches each (infra/constructs/alarms.py)."""


class MaintenanceFailedError(RuntimeError):
    """Not one part of a run could be done: an error of the function, not a run that did little."""


@dataclass(frozen=True)
class MaintenanceDependencies:
    """``retention`` is in days, by table."""

    engine: Engine
    publisher: Publisher
    instantly: Callable[[ClientId], InstantlyClient]
    retention: dict[str, int]
    time_scale: float = 1.0
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


def maintain(dependencies: MaintenanceDependencies, remaining_s: Callable[[], float]) -> dict[str, int]:
    """Runs every part once and returns what each did; ``remaining_s`` is what the function has left, in seconds.

    A part that fails does not keep the others from running, and neither does one that is slow: the parts that only need
    the database each have a budget, and the one that waits for a provider comes last. Each part that was done says so:
    that nobody hears of one is what its alarm goes off for. Raises MaintenanceFailedError when all have failed.
    """
    scale = dependencies.time_scale
    done: dict[str, int] = {}
    parts: tuple[tuple[str, Callable[[TimeBudget], int]], ...] = (
        ("published", lambda budget: publish_due_jobs(dependencies, budget)),
        ("lost_jobs", lambda _: fail_jobs_of_lost_workers(dependencies)),
        ("unheard_jobs", lambda _: publish_again(dependencies.engine, grace_s=UNHEARD_GRACE_S * scale, limit=500)),
        ("abandoned_sends", lambda _: mark_abandoned_sends(dependencies)),
        ("resumed_follow_ups", lambda _: resume_follow_ups(dependencies.engine, limit=RESUME_LIMIT)),
        *((f"pruned_{table}", _pruning(dependencies, table, days)) for table, days in dependencies.retention.items()),
        ("gauges", lambda _: emit_gauges(dependencies)),
        (SETTLING, lambda _: settle_uncertain_sends(dependencies, remaining_s)),
    )
    for name, part in parts:
        try:
            budget = UNLIMITED if name == SETTLING else TimeBudget(PART_BUDGET_S)
            with limited(dependencies.engine, budget):
                done[name] = part(budget)
        except Exception as error:
            log_failure("maintenance part failed", error, part=name)
        else:
            emit(Metric.MAINTENANCE_COMPLETED, part=name)
    emit(Metric.MAINTENANCE_PARTS_FAILED, len(parts) - len(done))
    logger.info("maintenance", extra={"done": done})
    if not done:
        raise MaintenanceFailedError(f"all {len(parts)} parts of maintenance failed")
    return done


def publish_due_jobs(dependencies: MaintenanceDependencies, budget: TimeBudget = UNLIMITED) -> int:
    """Publishes committed jobs that never reached a queue and deferred ones whose time has come.

    The rows stay locked while SQS is called, so a second run skips them instead of sending them again.
    """
    published = 0
    for _ in range(PUBLISH_BATCHES):
        with dependencies.engine.begin() as connection:
            jobs = lock_due_jobs(connection, PUBLISH_BATCH)
            accepted = dependencies.publisher.send(jobs, budget=budget)
            if accepted:
                mark_enqueued(connection, accepted)
        published += len(accepted)
        if not jobs or len(accepted) < len(jobs):  # nothing left, or SQS does not answer
            break
    return published


def fail_jobs_of_lost_workers(dependencies: MaintenanceDependencies) -> int:
    """Fails the jobs whose worker vanished and whose message did not come back; returns how many."""
    lost = fail_lost_jobs(dependencies.engine, grace_s=LOST_JOB_GRACE_S * dependencies.time_scale, limit=500)
    if lost:
        emit(Metric.JOBS_LOST, lost)
    return lost


def mark_abandoned_sends(dependencies: MaintenanceDependencies) -> int:
    """INTENDED without a live lease: the worker was lost around the call, so the mail may have left."""
    marked = 0
    for send in abandoned_sends(dependencies.engine, limit=500):
        with dependencies.engine.begin() as connection:
            lock_lead(connection, send.lead_id)
            if not still_abandoned(connection, send.draft_id):
                continue
            settle_intended_send(
                connection,
                send.draft_id,
                status=OutboundSendStatus.UNCERTAIN,
                draft_status=DraftStatus.SEND_UNCERTAIN,
                error="the worker that was sending it was lost",
                rule=DraftRule.SEND_UNCERTAIN,
            )
        marked += 1
        emit(Metric.SEND_RESULT, result="uncertain")
    return marked


def settle_uncertain_sends(dependencies: MaintenanceDependencies, remaining_s: Callable[[], float]) -> int:
    """Looks for uncertain sends in their threads; exactly one candidate means that it was sent.

    None or several prove nothing: the mail may still appear, and after a day only a person can say.
    """
    settled = 0
    sends = uncertain_sends(
        dependencies.engine, give_up_after_s=UNCERTAIN_GRACE_S * dependencies.time_scale, limit=SETTLE_LIMIT
    )
    for send in sends:
        if remaining_s() < 30 * dependencies.time_scale:
            break
        # Before the look, and also when its thread cannot be read: a send that costs the run its life, or whose
        # provider refuses us, goes to the end of the row, or nobody else's would ever be looked for.
        note_checked(dependencies.engine, send.draft_id)
        try:
            candidates = _candidates(dependencies, send, remaining_s)
        except (ProviderError, SecretUnavailableError) as error:
            logger.warning("thread not read", extra={"draft_id": str(send.draft_id), "error": type(error).__name__})
            if refuses_credentials(error):
                emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
            candidates = []
        if len(candidates) == 1 and _record(dependencies, send, candidates[0]):
            settled += 1
            emit(Metric.SEND_RESULT, result="settled")
    return settled


def _candidates(
    dependencies: MaintenanceDependencies, send: UnsettledSend, remaining_s: Callable[[], float]
) -> list[Email]:
    """Mails of the same thread and mailbox, sent since the intent, that may be the draft and no other draft has made.

    A person may have written in the same thread, so a mail that shows its words must show the draft's; Instantly may
    leave a sent mail's body empty.
    """
    if send.thread_id is None:
        return []
    found = [
        email
        for email in find_sent(
            dependencies.instantly(send.client_id),
            thread_id=send.thread_id,
            mailbox=send.mailbox,
            since=send.intended_at - CLOCK_TOLERANCE,
            deadline_s=max(
                1.0,
                min(SETTLE_DEADLINE_S * dependencies.time_scale, remaining_s() - 20 * dependencies.time_scale),
            ),
        )
        if not (shown := plain_text(email.text, email.html).strip()) or holds_wording(shown, send.body)
    ]
    taken = linked_emails(dependencies.engine, send.client_id, [email.id for email in found])
    return [email for email in found if email.id not in taken]


def _record(dependencies: MaintenanceDependencies, send: UnsettledSend, email: Email) -> bool:
    with dependencies.engine.begin() as connection:
        lock_lead(connection, send.lead_id)
        content = content_key(None, "", str(send.draft_id), "")
        return settle_uncertain_as_sent(
            connection,
            send.draft_id,
            client_id=send.client_id,
            lead_id=send.lead_id,
            message_id=MessageId(uuid7()),
            provider_message_id=email.id,
            thread_id=email.thread_id,
            mailbox=email.eaccount or send.mailbox,
            subject=email.subject,
            sent_at=email.timestamp_created,
            reply_key=reply_key(email.id, content, b""),
            content_key=content,
            settled_by="thread",
        )


def emit_gauges(dependencies: MaintenanceDependencies) -> int:
    """Tells CloudWatch what is waiting; returns how many drafts wait for a person."""
    gauges = load_gauges(
        dependencies.engine,
        late_s=LATE_S * dependencies.time_scale,
        drafted_tags=sorted(tag.value for tag in DRAFTED_TAGS),
    )
    emit(Metric.UNPUBLISHED_JOBS, gauges.unpublished_jobs)
    emit(Metric.JOBS_OF_NEWER_RELEASE, gauges.jobs_of_newer_release)
    if gauges.jobs_of_newer_release:
        logger.warning("jobs wait for a newer release", extra={"jobs": gauges.jobs_of_newer_release})
    emit(Metric.UNCERTAIN_SENDS, gauges.uncertain_sends)
    emit(Metric.DRAFTS_AWAITING_REVIEW, gauges.drafts_awaiting_review)
    emit(Metric.ELIGIBLE_WITHOUT_DRAFT, gauges.eligible_without_draft)
    metrics.flush_metrics()  # now, since a run that outlasts its function's time in a later part is killed
    return gauges.drafts_awaiting_review


def _pruning(dependencies: MaintenanceDependencies, table: str, days: int) -> Callable[[TimeBudget], int]:
    return lambda _: prune(dependencies.engine, table, days=days, limit=PRUNE_LIMIT)
