"""The outbox: jobs that are asserted, due, and published within their client's share.

Times are the database's: workers' clocks do not take part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, TextClause, text

from shared.db.jobs import (
    KNOWN_TYPE,
    NOT_SCORING,
    PUBLISHABLE,
    SCORING,
    Job,
    dedupe_key,
    dedupe_key_sql,
    job_columns,
    job_of,
    start_again,
)
from shared.db.transactions import autocommit
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import POST_PROCESS_TYPES, ClientId, DraftId, JobType, LeadId, MessageId

MAX_IN_FLIGHT_PER_CLIENT = 50
"""Published, unfinished jobs of one client; the rest wait in Postgres, so a flood delays only its own client.

The count and the mark are two statements, so publishers that run at the same instant can pass it by their number.
"""

MAX_SCORING_IN_FLIGHT = 25
"""Of which scoring jobs at most: scoring that is stuck must not stop the client's replies."""

# --- Fairness ----------------------------------------------------------------------------------------------------


def share_left(client_id: str, *, but: str = "NULL") -> str:
    """SQL: one row (jobs, scoring_jobs), how many more of a client's jobs may be published, and how many scoring ones.

    ``client_id`` and ``but`` are SQL expressions; the job whose id is ``but`` does not count as in flight.
    """
    return f"""
    SELECT greatest(0, {MAX_IN_FLIGHT_PER_CLIENT} - count(*)) AS jobs,
           greatest(0, least({MAX_IN_FLIGHT_PER_CLIENT} - count(*),
                             {MAX_SCORING_IN_FLIGHT} - count(*) FILTER (WHERE flying.{SCORING}))) AS scoring_jobs
    FROM background_job AS flying
    WHERE flying.client_id = {client_id} AND flying.enqueued_at IS NOT NULL
      AND flying.status IN ('PENDING', 'RUNNING') AND flying.{KNOWN_TYPE} AND flying.id IS DISTINCT FROM {but}
"""  # noqa: S608 (constants only)


# What may be published now for one client, oldest first, inside its share. :finishing is a job that this very statement
# takes out of flight.
NEXT_OF_CLIENT = f"""
    WITH share AS MATERIALIZED ({share_left(":client_id", but="CAST(:finishing AS uuid)")}),
    due AS (
        (SELECT {job_columns("job")}, run_at FROM background_job AS job
         WHERE client_id = :client_id AND {PUBLISHABLE} AND {NOT_SCORING} AND run_at <= now()
         ORDER BY run_at, id LIMIT (SELECT jobs FROM share))
        UNION ALL
        (SELECT {job_columns("job")}, run_at FROM background_job AS job
         WHERE client_id = :client_id AND {PUBLISHABLE} AND {SCORING} AND run_at <= now()
         ORDER BY run_at, id LIMIT (SELECT scoring_jobs FROM share))
    )
    SELECT {job_columns("due")} FROM due ORDER BY run_at, id LIMIT (SELECT jobs FROM share)
"""  # noqa: S608 (constants only)

_NEXT_OF_CLIENT = text(NEXT_OF_CLIENT)


def next_publishable(connection: Connection, client_id: ClientId) -> list[Job]:
    """Lists the client's jobs that are due and inside its share, oldest first."""
    rows = connection.execute(_NEXT_OF_CLIENT, {"client_id": client_id, "finishing": None})
    return [job_of(row) for row in rows]


def clients_waiting(name: str, kind: str) -> str:
    """SQL of a recursive CTE ``name`` (client_id): the clients that have unpublished jobs of a kind.

    It walks the kind's (client_id, run_at) index from client to client instead of reading every waiting job, so one
    client's flood costs no more than one job of it.
    """
    return f"""
    {name} (client_id) AS (
        (SELECT client_id FROM background_job WHERE {PUBLISHABLE} AND {kind} ORDER BY client_id LIMIT 1)
        UNION ALL
        SELECT (SELECT job.client_id FROM background_job AS job
                WHERE {PUBLISHABLE} AND {kind} AND job.client_id > {name}.client_id
                ORDER BY job.client_id LIMIT 1)
        FROM {name} WHERE {name}.client_id IS NOT NULL
    )
"""  # noqa: S608 (constants only)


# Each client gives its oldest, inside its share. SKIP LOCKED lets two runs share the work: what the other has locked it
# is sending right now.
def _lock_due(kind: str, left: str) -> TextClause:
    return text(
        f"""
        WITH RECURSIVE {clients_waiting("waiting", kind)}
        SELECT due.* FROM waiting
        CROSS JOIN LATERAL (
            SELECT {job_columns("job")}, run_at FROM background_job AS job
            WHERE job.client_id = waiting.client_id AND {PUBLISHABLE} AND {kind} AND run_at <= now()
            ORDER BY run_at, id
            LIMIT (SELECT {left} FROM ({share_left("waiting.client_id")}) AS share)
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS due
        WHERE waiting.client_id IS NOT NULL
        ORDER BY due.run_at, due.id
        LIMIT :limit
        """  # noqa: S608 (constants)
    )


_LOCK_DUE_REPLIES = _lock_due(NOT_SCORING, "jobs")
_LOCK_DUE_SCORING = _lock_due(SCORING, "scoring_jobs")


def lock_due_jobs(connection: Connection, limit: int) -> list[Job]:
    """Locks committed jobs that are due and unpublished until the commit: oldest first, within each client's share.

    Scoring jobs come when nothing else is left: what is locked here is in flight only once it is marked.
    """
    rows = connection.execute(_LOCK_DUE_REPLIES, {"limit": limit}).all()
    if not rows:
        rows = connection.execute(_LOCK_DUE_SCORING, {"limit": limit}).all()
    return [job_of(row) for row in rows]


# --- Published ---------------------------------------------------------------------------------------------------

# The generation that was sent: a job whose message has been consumed already may wait in the outbox again.
_MARK_SENT = """
    UPDATE background_job AS job SET enqueued_at = now()
    FROM unnest(CAST(:ids AS uuid[]), CAST(:generations AS int[])) AS sent (id, generation)
    {also}
    WHERE job.id = sent.id AND job.generation = sent.generation AND job.enqueued_at IS NULL
"""
_MARK_ENQUEUED = text(_MARK_SENT.format(also=""))


def mark_enqueued(connection: Connection, jobs: Sequence[Job]) -> None:
    """Records that SQS took these jobs."""
    connection.execute(_MARK_ENQUEUED, _sent(jobs))


def _sent(jobs: Sequence[Job]) -> dict[str, Any]:
    return {"ids": [job.id for job in jobs], "generations": [job.generation for job in jobs]}


# Alone in its transaction, which does not wait for the disk: a mark that a crash of the server loses costs nothing but
# a second message, and the claim makes the job run once.
_MARK_ENQUEUED_ALONE = text(_MARK_SENT.format(also=", set_config('synchronous_commit', 'off', true)"))


def mark_enqueued_at_once(engine: Engine, jobs: Sequence[Job]) -> None:
    """Records that SQS took these jobs, in one round trip: for publishers that nothing else waits for."""
    with autocommit(engine) as connection:
        connection.execute(_MARK_ENQUEUED_ALONE, _sent(jobs))


# --- Asserted ----------------------------------------------------------------------------------------------------


def asserting(job: str, rows: str, *, even_running: str = "true") -> str:
    """SQL: two parts of a larger WITH; the first, named ``job``, asserts jobs as ``assert_job`` says and returns them.

    ``rows`` is a query of the new rows: id, client_id, lead_id, message_id, draft_id, provider_account_id, type,
    dedupe_key, run_at, trace_id. ``even_running`` is a boolean expression.
    """
    # A job of this key that already ran to its end starts over (a second suppression after the first was undone, an
    # approval after a failed send), with no steps to resume from.
    return f"""
        {job} AS (
            INSERT INTO background_job AS job (id, client_id, lead_id, message_id, draft_id, provider_account_id, type,
                                               dedupe_key, run_at, trace_id)
            {rows}
            ON CONFLICT (dedupe_key) DO UPDATE SET {start_again("excluded.run_at")}, lead_id = excluded.lead_id
            WHERE job.status IN ('SUCCEEDED', 'FAILED')
               OR (job.status = 'PENDING' AND job.enqueued_at IS NULL AND job.run_at > excluded.run_at)
               OR (job.status = 'RUNNING' AND {even_running})
            RETURNING {job_columns("job")}, xmax <> 0 AS restarted
        ), {job}_forgotten AS (
            DELETE FROM job_step USING {job} WHERE job_step.job_id = {job}.id AND {job}.restarted
        )
"""  # noqa: S608 (constants only)


def assert_of(rows: str) -> TextClause:
    """SQL: asserts jobs of one client; for ``asserted``. Values: :client_id, :even_running."""
    return text(
        f"""
        WITH {asserting("job", rows, even_running="CAST(:even_running AS boolean)")}
        SELECT {job_columns("job")}, (SELECT jobs FROM ({share_left(":client_id")}) AS share) AS share_left FROM job
        """  # noqa: S608 (constants only)
    )


_ASSERT = assert_of(
    """
    VALUES (:id, :client_id, :lead_id, :message_id, :draft_id, CAST(NULL AS uuid), :type, :dedupe_key,
            now() + make_interval(secs => :delay_s), :trace_id)
    """
)


@dataclass(frozen=True, slots=True)
class AssertedJob:
    """A job that was just inserted or started over; ``within_share``: its client's share has a place for it now."""

    job: Job
    within_share: bool


def asserted(connection: Connection, statement: TextClause, values: Mapping[str, Any]) -> list[AssertedJob]:
    """Executes a statement of ``assert_of``; the first jobs have the places that the client's share has left."""
    rows = connection.execute(statement, values).all()
    return [AssertedJob(job_of(row), place < row.share_left) for place, row in enumerate(rows)]


def assert_job(
    connection: Connection,
    type: JobType,
    client_id: ClientId,
    lead_id: LeadId,
    *,
    subject_id: UUID,
    message_id: MessageId | None = None,
    draft_id: DraftId | None = None,
    delay_s: float = 0.0,
    trace_id: str | None = None,
    even_running: bool = False,
) -> AssertedJob | None:
    """Makes sure that the job of this type about ``subject_id`` will run ``delay_s`` seconds from now or sooner.

    A finished or failed one starts over; one that waits for a later time is moved forward; None when the job is
    running or on its way already. Two callers at once: the second waits for the first's row and then sees it.

    ``even_running`` takes a running job away from its worker, which then writes nothing more: for a job that follows
    a state which this transaction changes, and whose calls may be repeated.
    """
    made = asserted(
        connection,
        _ASSERT,
        {
            "id": uuid7(),
            "client_id": client_id,
            "lead_id": lead_id,
            "message_id": message_id,
            "draft_id": draft_id,
            "type": type.value,
            "dedupe_key": dedupe_key(client_id, subject_id, type),
            "delay_s": delay_s,
            "trace_id": trace_id,
            "even_running": even_running,
        },
    )
    return made[0] if made else None


# The type of post-processing of ``target``: that of the provider which brought the message first, whichever tells of it
# again.
_POST_PROCESS_TYPE = f"""
    coalesce((SELECT own.type FROM background_job AS own WHERE NOT target.is_new AND own.message_id = target.id
              AND own.type IN ({", ".join(f"'{type}'" for type in POST_PROCESS_TYPES)}) LIMIT 1),
             CAST(:post_process_type AS text))"""  # noqa: S608 (constants only)

# A part of a larger WITH: both jobs of the inbound message that the CTE ``target`` (id, lead_id, is_new) holds. One
# that is missing is inserted; one that never reached its queue although it is due is offered in ``publishable``. The
# scoring job waits, so that a reply whose post-processing fails is still scored. Values: ``reply_job_values``.
ASSERT_REPLY_JOBS = f"""
    asserted AS (
        INSERT INTO background_job AS job (id, client_id, lead_id, message_id, type, dedupe_key, run_at, trace_id)
        SELECT wanted.id, CAST(:client_id AS uuid), target.lead_id, target.id, wanted.type,
               {dedupe_key_sql("CAST(:client_id AS uuid)", "target.id", "wanted.type")}, now() + wanted.delay,
               CAST(:trace_id AS text)
        FROM target CROSS JOIN LATERAL (VALUES
            (CAST(:post_process_job_id AS uuid), {_POST_PROCESS_TYPE}, interval '0'),
            (CAST(:scoring_job_id AS uuid), '{JobType.LEAD_SCORING}', CAST(:scoring_delay AS interval))
        ) AS wanted (id, type, delay)
        ON CONFLICT (dedupe_key) DO NOTHING
        RETURNING {job_columns("job")}, run_at
    ), share AS MATERIALIZED ({share_left(":client_id")}),
    publishable AS (
        SELECT * FROM (
            SELECT * FROM asserted WHERE run_at <= now()
            UNION ALL
            SELECT {job_columns("job")}, run_at FROM background_job AS job
            WHERE message_id = (SELECT id FROM target) AND {PUBLISHABLE} AND run_at <= now()
        ) AS due
        WHERE ({NOT_SCORING}) OR ({SCORING} AND (SELECT scoring_jobs > 0 FROM share))
        ORDER BY run_at, id
        LIMIT (SELECT jobs FROM share)
    )
"""  # noqa: S608 (constants only)


def reply_job_values(post_process: JobType, scoring_delay: timedelta, trace_id: str | None) -> dict[str, Any]:
    """Returns the values of ``ASSERT_REPLY_JOBS`` besides :client_id; ``post_process`` is the provider's job type."""
    return {
        "post_process_job_id": uuid7(),
        "post_process_type": post_process.value,
        "scoring_job_id": uuid7(),
        "scoring_delay": scoring_delay,
        "trace_id": trace_id,
    }
