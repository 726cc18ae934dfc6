"""Queries of how jobs stand, for people who wait for one or put one right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.jobs import KNOWN_TYPE, LIVE


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as it stands at this moment."""

    published: bool
    will_run: bool  # waits in its queue, or its worker is lost and the queue hands it out again
    is_running: bool


JOB_STATE = f"""
    job.enqueued_at IS NOT NULL AS published,
    job.status = 'PENDING' OR (job.status = 'RUNNING' AND NOT ({LIVE})) AS will_run,
    {LIVE} AS is_running
"""
"""SQL: the columns of a JobState, of the alias ``job``."""

_READ = text(f"SELECT {JOB_STATE} FROM background_job AS job WHERE dedupe_key = :key")  # noqa: S608 (constants only)


def read_job_state(connection: Connection, dedupe_key: str) -> JobState | None:
    """Reads how a job stands; None when there is none with this key."""
    row = connection.execute(_READ, {"key": dedupe_key}).one_or_none()
    return None if row is None else JobState(**row._mapping)


@dataclass(frozen=True, slots=True)
class JobWords:
    """A job's type and status as they are stored: a newer release may have written either."""

    type: str
    status: str


def read_job_words(connection: Connection, job_id: UUID) -> JobWords | None:
    """Reads a job's type and status; None when there is no such job."""
    row = connection.execute(
        text("SELECT type, status FROM background_job WHERE id = :id"), {"id": job_id}
    ).one_or_none()
    return None if row is None else JobWords(row.type, row.status)


def list_failed_jobs(connection: Connection, client_id: UUID, *, limit: int) -> Sequence[UUID]:
    """Lists the client's failed jobs that this release can run, the oldest first."""
    return (
        connection.execute(
            text(f"""
                SELECT id FROM background_job WHERE client_id = :client_id AND status = 'FAILED' AND {KNOWN_TYPE}
                ORDER BY finished_at, id LIMIT :limit
            """),  # noqa: S608 (a constant)
            {"client_id": client_id, "limit": limit},
        )
        .scalars()
        .all()
    )


def count_published(connection: Connection, job_ids: Sequence[UUID]) -> int:
    """Counts those of the jobs that are in their queue."""
    count = connection.execute(
        text("SELECT count(*) FROM background_job WHERE id = ANY(:ids) AND enqueued_at IS NOT NULL"),
        {"ids": list(job_ids)},
    ).scalar_one()
    return int(count)
