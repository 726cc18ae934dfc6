"""A person has jobs run again that failed, that wait, or whose worker was lost.

Each job is one transaction and safe to repeat; what has to run is published after the commits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine

from shared.db.job_changes import requeue_job
from shared.db.job_states import count_published, read_job_words
from shared.db.jobs import Job
from shared.db.outbox import next_publishable
from shared.db.transactions import autocommit
from shared.domain.vocabulary import JobStatus, JobType
from shared.jobs.publish import Publisher
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal


@dataclass(frozen=True, slots=True)
class Requeued:
    """``published`` of the ``requeued`` jobs are in their queue; maintenance publishes the others.

    ``skipped``: the jobs that were no longer FAILED.
    """

    requeued: int
    published: int
    skipped: Sequence[UUID] = ()


def requeue_jobs(
    engine: Engine,
    publisher: Publisher,
    job_ids: Sequence[UUID],
    *,
    only_failed: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> Requeued:
    """Starts failed jobs again, each from its last checkpoint.

    A deferred job runs at once, and one that lost its worker is put back too. With ``only_failed`` whatever has left
    FAILED meanwhile, because a redrive picked it up, is skipped instead.

    ``advance`` is called once per job. Without ``only_failed`` raises InterventionRefusedError for the first job that
    is running, done or unknown; those before it are requeued and published all the same.
    """
    requeued: list[Job] = []
    skipped: list[UUID] = []
    try:
        for job_id in job_ids:
            with engine.begin() as connection:
                job = requeue_job(connection, job_id, only_failed=only_failed)
                if job is None and not only_failed:
                    raise _refusal(connection, job_id)
            if job is None:
                skipped.append(job_id)
            else:
                requeued.append(job)
            advance()
    finally:
        published = _publish(engine, publisher, requeued)
    return Requeued(len(requeued), published, skipped)


def _refusal(connection: Connection, job_id: UUID) -> InterventionRefusedError:
    job = read_job_words(connection, job_id)
    if job is None:
        return InterventionRefusedError(Refusal.UNKNOWN_JOB, f"there is no job {job_id}")
    for word, vocabulary in ((job.type, JobType), (job.status, JobStatus)):
        if word not in vocabulary:
            return InterventionRefusedError(
                Refusal.NEWER_RELEASE,
                f"job {job_id} is {word}, which this release does not know: it waits for the one that does",
            )
    if job.status == JobStatus.SUCCEEDED:
        return InterventionRefusedError(Refusal.SUCCEEDED, f"job {job_id} has SUCCEEDED: there is nothing left to do")
    return InterventionRefusedError(Refusal.RUNNING, f"job {job_id} is running right now")


def _publish(engine: Engine, publisher: Publisher, jobs: Sequence[Job]) -> int:
    """Publishes what is due of the jobs' clients, inside each client's share; returns how many of ``jobs`` are out."""
    for client_id in dict.fromkeys(job.client_id for job in jobs):
        with autocommit(engine) as connection:
            due = next_publishable(connection, client_id)
        publisher.publish(engine, due)
    if not jobs:
        return 0
    with autocommit(engine) as connection:
        return count_published(connection, [job.id for job in jobs])
