"""The jobs that tell the provider accounts how a person stands: one for each account of the lead's client.

A suppressed person is told of everywhere, and so is the end of it. That sequences are to stand still is told where
somebody can make them: of which providers that is true, the caller says (``pausing``).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from shared.db.job_states import JOB_STATE, JobState
from shared.db.jobs import Job, job_columns, job_of, person_key_sql
from shared.db.lead_group import group_of
from shared.db.outbox import AssertedJob, assert_of, asserted, share_left
from shared.domain.vocabulary import ClientId, JobType, LeadId, MessageId, Provider


def person_job_rows(lead_id: str, source: str, *, run_at: str = "now()") -> str:
    """SQL: the rows of such jobs for ``asserting``, from a FROM with its WHERE that knows the ``account``.

    ``lead_id`` and ``run_at`` are expressions. Values: :message_id and :trace_id.
    """
    return f"""
    SELECT gen_random_uuid(), account.client_id, {lead_id}, CAST(:message_id AS uuid), CAST(NULL AS uuid), account.id,
           '{JobType.SYNC_PERSON}', {person_key_sql("account.client_id", lead_id, "account.id")}, {run_at},
           CAST(:trace_id AS text)
    FROM {source} AND account.disabled_at IS NULL
    ORDER BY account.id
"""  # noqa: S608 (constants only)


_ASSERT = assert_of(
    person_job_rows(
        "CAST(:lead_id AS uuid)",
        f"""provider_account AS account JOIN lead ON lead.id = CAST(:lead_id AS uuid)
        WHERE account.client_id = :client_id
          AND (CAST(:pausing AS text[]) IS NULL OR lead.suppressed_at IS NOT NULL
               OR (lead.sequences_paused_at IS NOT NULL AND account.provider = ANY(:pausing))
               OR EXISTS (SELECT FROM {group_of("lead.id")} AS person JOIN lead AS own ON own.id = person.lead_id
                          WHERE account.id = ANY(own.suppression_told)))""",
    )
)


def assert_person_jobs(
    connection: Connection,
    client_id: ClientId,
    lead_id: LeadId,
    *,
    message_id: MessageId | None = None,
    trace_id: str | None = None,
    even_running: bool = False,
    pausing: Collection[Provider] | None = None,
) -> list[AssertedJob]:
    """Makes sure that each enabled account of the client is told how the lead stands, under the lead's lock.

    ``pausing``: those only that have anything to be told of it, which of a pause are the accounts at these providers;
    None: all. Each job is treated as ``assert_job`` says; those that are on their way
    already are not returned.
    """
    values = {
        "client_id": client_id,
        "lead_id": lead_id,
        "message_id": message_id,
        "trace_id": trace_id,
        "even_running": even_running,
        "pausing": None if pausing is None else [provider.value for provider in pausing],
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
