"""Upkeep of every minute, so that nothing waits for ever. Every part is bounded, and safe to run twice at once."""

from __future__ import annotations

from collections.abc import Callable

from shared.db.commitments import due_promises
from shared.db.follow_ups import resume_follow_ups
from shared.db.gauges import load_gauges
from shared.db.job_changes import publish_again
from shared.db.job_leases import fail_lost_jobs
from shared.db.outbox import assert_job, lock_due_jobs, mark_enqueued
from shared.db.retention import prune
from shared.db.time_budget import UNLIMITED, TimeBudget, limited
from shared.domain.tags import DRAFTED_TAGS
from shared.domain.vocabulary import JobType
from shared.observability import Metric, emit, log_failure, logger, metrics
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.upkeep.settle_sends import mark_abandoned_sends, settle_uncertain_sends

PUBLISH_BATCH = 50  # jobs whose rows stay locked while they are sent
PUBLISH_BATCHES = 40  # a run publishes at most 2,000 jobs; the next one is a minute away
LOST_JOB_GRACE_S = 7_200.0  # longer than any message stays hidden after its worker died: the longest backoff, and more
UNHEARD_GRACE_S = 10_800.0  # longer than the ten receives of a message take
PART_BUDGET_S = 27.0  # what a part may ask of the database in all: ten such parts fit into the function's time
LATE_S = 60.0
SETTLING = "settled_sends"
PRUNE_LIMIT = 5_000
RESUME_LIMIT = 1_000
DUE_LIMIT = 200  # promised follow-ups a minute
PARTS = (
    "published",
    "lost_jobs",
    "unheard_jobs",
    "abandoned_sends",
    "resumed_follow_ups",
    "due_promises",
    "pruned_webhook_event",
    "pruned_quarantined_event",
    "pruned_job_step",
    "pruned_ai_interaction",
    "pruned_sent_copy",
    "gauges",
    SETTLING,
)
"""What a run consists of; an alarm watches each (infra/constructs/alarms.py)."""


class MaintenanceFailedError(RuntimeError):
    """Not one part of a run could be done: an error of the function, not a run that did little."""


def maintain(dependencies: Dependencies, remaining_s: Callable[[], float]) -> dict[str, int]:
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
        ("due_promises", lambda _: assert_due_promises(dependencies)),
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


def publish_due_jobs(dependencies: Dependencies, budget: TimeBudget = UNLIMITED) -> int:
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


def assert_due_promises(dependencies: Dependencies) -> int:
    """Makes the jobs that write promised follow-ups whose day has come; returns how many."""
    due = due_promises(dependencies.engine, DUE_LIMIT)
    for promise in due:
        with dependencies.engine.begin() as connection:
            assert_job(
                connection,
                JobType.COMMITMENT_DUE,
                promise.client_id,
                promise.lead_id,
                subject_id=promise.id,
                message_id=promise.message_id,
            )
    return len(due)


def fail_jobs_of_lost_workers(dependencies: Dependencies) -> int:
    """Fails the jobs whose worker vanished and whose message did not come back; returns how many."""
    lost = fail_lost_jobs(dependencies.engine, grace_s=LOST_JOB_GRACE_S * dependencies.time_scale, limit=500)
    if lost:
        emit(Metric.JOBS_LOST, lost)
    return lost


def emit_gauges(dependencies: Dependencies) -> int:
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
    emit(Metric.OVERDUE_COMMITMENTS, gauges.overdue_commitments)
    emit(Metric.HELD_LEADS, gauges.held_leads)
    emit(Metric.DRAFTS_AWAITING_REVIEW, gauges.drafts_awaiting_review)
    emit(Metric.ELIGIBLE_WITHOUT_DRAFT, gauges.eligible_without_draft)
    metrics.flush_metrics()  # now, since a run that outlasts its function's time in a later part is killed
    return gauges.drafts_awaiting_review


def _pruning(dependencies: Dependencies, table: str, days: int) -> Callable[[TimeBudget], int]:
    return lambda _: prune(dependencies.engine, table, days=days, limit=PRUNE_LIMIT)
