"""Listings of jobs, with their checkpoints and model calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.jobs import KNOWN_TYPE
from shared.db.lead_group import group_of
from shared.domain.vocabulary import (
    JobStatus,
    JobType,
)


@dataclass(frozen=True, slots=True)
class JobReport:
    id: UUID
    client_id: UUID
    lead_id: UUID
    lead_email: str
    message_id: UUID | None
    draft_id: UUID | None
    type: str
    status: str
    attempts: int
    generation: int
    run_at: datetime
    enqueued_at: datetime | None
    lease_owner: str | None
    lease_expires_at: datetime | None
    failed_sqs_message_id: str | None
    last_error: str | None
    waiting_for: str | None  # a WaitingFor, or a newer release's
    result: str | None
    trace_id: str | None
    dedupe_key: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepReport:
    name: str
    result: dict[str, Any]
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class ModelCallReport:
    feature: str
    prompt_version: str
    model: str
    status: str
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: Decimal | None
    latency_ms: int
    error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TroubledJobs:
    failed: int
    unpublished: int  # due, in no queue, and of a type that this release knows, like the next
    lost: int  # RUNNING although the lease is over


_JOBS = """
    SELECT job.id, job.client_id, job.lead_id, lead.email AS lead_email, job.message_id, job.draft_id, job.type,
           job.status, job.attempts, job.generation, job.run_at, job.enqueued_at, job.lease_owner,
           job.lease_expires_at, job.failed_sqs_message_id, job.last_error, job.waiting_for, job.result, job.trace_id,
           job.dedupe_key, job.created_at, job.started_at, job.finished_at
    FROM background_job AS job
    JOIN lead ON lead.id = job.lead_id
"""


def list_jobs(
    connection: Connection,
    client_id: UUID,
    *,
    statuses: Sequence[JobStatus] = (),
    types: Sequence[JobType] = (),
    limit: int = 50,
) -> list[JobReport]:
    """Lists the client's newest jobs, of the given statuses and types (any when empty)."""
    rows = connection.execute(
        text(f"""
            {_JOBS}
            WHERE job.client_id = :client_id
              AND (:any_status OR job.status = ANY(:statuses))
              AND (:any_type OR job.type = ANY(:types))
            ORDER BY job.created_at DESC, job.id DESC
            LIMIT :limit
        """),
        {
            "client_id": client_id,
            "any_status": not statuses,
            "statuses": [word.value for word in statuses],
            "any_type": not types,
            "types": [word.value for word in types],
            "limit": limit,
        },
    )
    return [JobReport(**row._mapping) for row in rows]


def list_jobs_of_lead(connection: Connection, lead_id: UUID, *, limit: int = 50) -> list[JobReport]:
    rows = connection.execute(
        text(
            f"{_JOBS} WHERE job.lead_id IN {group_of(':lead_id')}"
            " ORDER BY job.created_at DESC, job.id DESC LIMIT :limit"
        ),
        {"lead_id": lead_id, "limit": limit},
    )
    return [JobReport(**row._mapping) for row in rows]


def list_dead_jobs(connection: Connection, *, limit: int = 100) -> list[JobReport]:
    """Lists failed jobs of every client whose message went the way to a dead-letter queue, the newest first."""
    rows = connection.execute(
        text(f"""
            {_JOBS}
            WHERE job.status = 'FAILED' AND job.failed_sqs_message_id IS NOT NULL
            ORDER BY job.finished_at DESC LIMIT :limit
        """),
        {"limit": limit},
    )
    return [JobReport(**row._mapping) for row in rows]


def get_job(connection: Connection, job_id: UUID) -> JobReport | None:
    row = connection.execute(text(f"{_JOBS} WHERE job.id = :id"), {"id": job_id}).one_or_none()
    return None if row is None else JobReport(**row._mapping)


def list_steps(connection: Connection, job_id: UUID) -> list[StepReport]:
    """Lists the job's checkpoints in the order in which they were made."""
    rows = connection.execute(
        text("SELECT name, result, finished_at FROM job_step WHERE job_id = :id ORDER BY finished_at"), {"id": job_id}
    )
    return [StepReport(**row._mapping) for row in rows]


def list_model_calls(connection: Connection, job_id: UUID) -> list[ModelCallReport]:
    """Lists what the job asked a model, in order, failures included."""
    rows = connection.execute(
        text("""
            SELECT feature, prompt_version, model, status, input_tokens, output_tokens, reasoning_tokens, cost_usd,
                   latency_ms, error, created_at
            FROM ai_interaction WHERE job_id = :id ORDER BY created_at, id
        """),
        {"id": job_id},
    )
    return [ModelCallReport(**row._mapping) for row in rows]


def count_jobs_by_status(connection: Connection, client_id: UUID) -> dict[JobStatus, int]:
    """Counts the client's jobs that are in each status; every status is there."""
    rows = connection.execute(
        text("SELECT status, count(*) FROM background_job WHERE client_id = :id GROUP BY status"), {"id": client_id}
    )
    counts = {str(status): int(count) for status, count in rows}
    return {status: counts.get(status.value, 0) for status in JobStatus}


def count_troubled_jobs(connection: Connection, *, late_s: float) -> TroubledJobs:
    """Counts the jobs of every client that need a look; one may be due, or without a lease, for ``late_s`` seconds."""
    row = connection.execute(
        text(f"""
            SELECT
                (SELECT count(*) FROM background_job WHERE status = 'FAILED') AS failed,
                (SELECT count(*) FROM background_job
                 WHERE enqueued_at IS NULL AND status = 'PENDING' AND {KNOWN_TYPE}
                   AND run_at < now() - make_interval(secs => :late_s)) AS unpublished,
                (SELECT count(*) FROM background_job
                 WHERE status = 'RUNNING' AND lease_expires_at < now() - make_interval(secs => :late_s)
                   AND {KNOWN_TYPE}) AS lost
        """),  # noqa: S608 (a constant)
        {"late_s": late_s},
    ).one()
    return TroubledJobs(**row._mapping)
