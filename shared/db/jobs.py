"""A row of background_job: the job that it stands for, its names, its kinds and states.

A job is asserted in the transaction that makes it necessary and published after its commit. Its state is written in
shared.db.outbox (asserted, published), shared.db.job_leases (claimed, ended), shared.db.job_steps (checkpoints) and
shared.db.job_changes (brought forward, started again); nowhere else. Statements that save a round trip by writing
other aggregates as well are built from the fragments of these modules.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from shared.domain.vocabulary import (
    POST_PROCESS_TYPES,
    ClientId,
    DraftId,
    JobId,
    JobType,
    LeadId,
    MessageId,
    known,
)


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done: what, for whom, and under which name it travels."""

    id: JobId
    type: JobType
    client_id: ClientId
    lead_id: LeadId  # the jobs of one lead run one after the other
    message_id: MessageId | None  # what it is about, or what caused it
    draft_id: DraftId | None  # what it sends
    dedupe_key: str  # unique: the same work is one row, however often it is asserted
    generation: int  # how often the row has started again: SQS swallows a repeated deduplication id
    trace_id: str | None  # of the request that caused it


_COLUMNS = tuple(field.name for field in fields(Job))


def job_columns(table: str) -> str:
    """SQL: the columns of a Job in a select list; ``table`` is an alias of background_job or a CTE of such rows."""
    return ", ".join(f"{table}.{column}" for column in _COLUMNS)


def job_of(row: Row[Any]) -> Job:
    """Reads the job of a row with ``job_columns``. Raises UnknownValueError for a type of a newer release."""
    return Job(**job_values(row))


def job_values(row: Row[Any]) -> dict[str, Any]:
    """Reads the fields of a Job. Raises UnknownValueError for a type of a newer release."""
    values = {column: getattr(row, column) for column in _COLUMNS}
    return {**values, "type": known(JobType, row.type)}


# --- Names -------------------------------------------------------------------------------------------------------


def dedupe_key(client_id: UUID, subject_id: UUID, type: JobType) -> str:
    """``clientId:subjectId:type``: the subject is the message, draft, lead or promise that the job is about."""
    return f"{client_id}:{subject_id}:{type.value}"


def subject_of(job: Job) -> UUID:
    """Returns the subject in the job's key, for a type that has exactly one."""
    return UUID(job.dedupe_key.split(":")[1])


def dedupe_key_sql(client_id: str, subject_id: str, type: str) -> str:
    """SQL: the same key, from three expressions."""
    return f"concat_ws(':', {client_id}, {subject_id}, {type})"


def person_key_sql(client_id: str, lead_id: str, account_id: str) -> str:
    """SQL: ``clientId:leadId:accountId:SYNC_PERSON``, the key of what one provider account is told of a lead.

    With a generation of five digits it is as long as SQS lets a deduplication id be.
    """
    return f"concat_ws(':', {client_id}, {lead_id}, {account_id}, '{JobType.SYNC_PERSON}')"


# --- Kinds and states --------------------------------------------------------------------------------------------

# A job of a type that only a newer release knows, which was rolled back, waits for that release: this one neither
# publishes it nor counts it among a client's jobs in flight.
KNOWN_TYPE = f"type IN ({', '.join(f"'{type}'" for type in JobType)})"

POST_PROCESS = f"type IN ({', '.join(f"'{type}'" for type in POST_PROCESS_TYPES)})"

# The two parts of a client's share. Each has a partial index of its own on what is publishable, so that neither has to
# be looked for behind a flood of the other.
SCORING = f"type = '{JobType.LEAD_SCORING}'"
NOT_SCORING = f"type <> '{JobType.LEAD_SCORING}' AND {KNOWN_TYPE}"
PUBLISHABLE = "enqueued_at IS NULL AND status = 'PENDING'"

LIVE = "job.status = 'RUNNING' AND job.lease_expires_at > clock_timestamp()"
"""SQL: whether a worker has the job (alias ``job``) right now; one whose lease is over is dead or too slow."""


def start_again(run_at: str = "now()", *, waiting_for: str = "NULL") -> str:
    """SQL: the SET list that puts a job (alias ``job``) back into the outbox, whatever became of it.

    The next generation, or SQS would swallow it; nobody's lease, so that a worker which still runs it writes nothing.
    Its checkpoints stay unless the statement deletes them.
    """
    return f"""
        status = 'PENDING', generation = job.generation + 1, enqueued_at = NULL, run_at = {run_at}, lease_owner = NULL,
        lease_expires_at = NULL, finished_at = NULL, failed_sqs_message_id = NULL, waiting_for = {waiting_for}
    """
