"""The jobs that tell the provider accounts what we know of a person: one for each account of the lead's client."""

from __future__ import annotations

from sqlalchemy import Connection, text

from shared.db.job_states import JOB_STATE, JobState
from shared.db.jobs import Job, job_columns, job_of, person_key_sql
from shared.db.outbox import AssertedJob, assert_of, asserted, share_left
from shared.domain.vocabulary import ClientId, JobType, LeadId, MessageId

_ASSERT = assert_of(
    f"""
    SELECT gen_random_uuid(), account.client_id, CAST(:lead_id AS uuid), CAST(:message_id AS uuid),
           CAST(NULL AS uuid), account.id, '{JobType.SYNC_PERSON}',
           {person_key_sql("account.client_id", "CAST(:lead_id AS uuid)", "account.id")}, now(),
           CAST(:trace_id AS text)
    FROM provider_account AS account
    WHERE account.client_id = :client_id AND account.disabled_at IS NULL
    ORDER BY account.id
    """  # noqa: S608 (constants only)
)


def assert_person_jobs(
    connection: Connection,
    client_id: ClientId,
    lead_id: LeadId,
    *,
    message_id: MessageId | None = None,
    trace_id: str | None = None,
    even_running: bool = False,
) -> list[AssertedJob]:
    """Makes sure that each enabled account of the client is told how the lead stands, under the lead's lock.

    Each job is treated as ``assert_job`` says; those that are on their way already are not returned.
    """
    values = {
        "client_id": client_id,
        "lead_id": lead_id,
        "message_id": message_id,
        "trace_id": trace_id,
        "even_running": even_running,
    }
    return asserted(connection, _ASSERT, values)


_STATES = text(
    f"""
    SELECT {JOB_STATE}
    FROM provider_account AS account JOIN background_job AS job
      ON job.dedupe_key = {person_key_sql("account.client_id", "CAST(:lead_id AS uuid)", "account.id")}
    WHERE account.client_id = :client_id AND account.disabled_at IS NULL
    """  # noqa: S608 (constants only)
)


def read_person_jobs(connection: Connection, client_id: ClientId, lead_id: LeadId) -> list[JobState]:
    """Reads how the lead's jobs stand, of the accounts that are enabled."""
    rows = connection.execute(_STATES, {"client_id": client_id, "lead_id": lead_id})
    return [JobState(**row._mapping) for row in rows]


_WAITING = text(
    f"""
    SELECT {job_columns("job")}
    FROM lead JOIN provider_account AS account ON account.client_id = lead.client_id
    JOIN background_job AS job
      ON job.dedupe_key = {person_key_sql("lead.client_id", "coalesce(lead.merged_into_id, lead.id)", "account.id")}
    WHERE lead.client_id = :client_id AND lead.id = :lead_id
      AND job.enqueued_at IS NULL AND job.status = 'PENDING' AND job.run_at <= now()
    ORDER BY job.run_at, job.id
    LIMIT (SELECT jobs FROM ({share_left(":client_id")}) AS share)
    """  # noqa: S608 (constants only)
)


def waiting_person_jobs(connection: Connection, client_id: ClientId, lead_id: LeadId) -> tuple[Job, ...]:
    """Finds the lead's jobs that are due, unpublished and inside the client's share."""
    rows = connection.execute(_WAITING, {"client_id": client_id, "lead_id": lead_id})
    return tuple(job_of(row) for row in rows)
