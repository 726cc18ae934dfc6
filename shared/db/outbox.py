"""The outbox: which jobs there are, which of them are due, and which SQS has been told about.

A job is a row of background_job, asserted in the transaction that makes it necessary and published after its commit.
Its state is written here and, from its claim to its end, in shared.db.job_leases; nowhere else. Statements that save a
round trip by writing other aggregates as well are built from the fragments of these two modules.

Times are the database's: workers' clocks do not take part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, TextClause, text

from shared.db.lead_group import head_of
from shared.db.transactions import autocommit
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    POST_PROCESS_TYPES,
    ClientId,
    DraftId,
    JobId,
    JobType,
    LeadId,
    MessageId,
    WaitingFor,
    known,
)

MAX_IN_FLIGHT_PER_CLIENT = 50
"""Published, unfinished jobs of one client; the rest wait in Postgres, so a flood delays only its own client.

The count and the mark are two statements, so publishers that run at the same instant can pass it by their number.
"""

MAX_SCORING_IN_FLIGHT = 25
"""Of which scoring jobs at most: scoring that is stuck must not stop the client's replies."""


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
    """``clientId:subjectId:type``: the subject is the message, draft or lead that the job is about."""
    return f"{client_id}:{subject_id}:{type.value}"


def dedupe_key_sql(client_id: str, subject_id: str, type: str) -> str:
    """SQL: the same key, from three expressions."""
    return f"concat_ws(':', {client_id}, {subject_id}, {type})"


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

# A job of this key that already ran to its end starts over (a second suppression after the first was undone, an
# approval after a failed send), with no steps to resume from.
_ASSERT = text(
    f"""
    WITH job AS (
        INSERT INTO background_job AS job
            (id, client_id, lead_id, message_id, draft_id, type, dedupe_key, run_at, trace_id)
        VALUES (:id, :client_id, :lead_id, :message_id, :draft_id, :type, :dedupe_key,
                now() + make_interval(secs => :delay_s), :trace_id)
        ON CONFLICT (dedupe_key) DO UPDATE SET {start_again("excluded.run_at")}, lead_id = excluded.lead_id
        WHERE job.status IN ('SUCCEEDED', 'FAILED')
           OR (job.status = 'PENDING' AND job.enqueued_at IS NULL AND job.run_at > excluded.run_at)
           OR (job.status = 'RUNNING' AND CAST(:even_running AS boolean))
        RETURNING {job_columns("job")}, xmax <> 0 AS restarted
    ), forgotten AS (
        DELETE FROM job_step USING job WHERE job_step.job_id = job.id AND job.restarted
    )
    SELECT {job_columns("job")}, (SELECT jobs > 0 FROM ({share_left(":client_id")}) AS share) AS within_share FROM job
    """  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class AssertedJob:
    """A job that was just inserted or started over; ``within_share``: its client's share has a place for it now."""

    job: Job
    within_share: bool


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
    row = connection.execute(
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
    ).one_or_none()
    return None if row is None else AssertedJob(job_of(row), row.within_share)


# A part of a larger WITH: both jobs of the inbound message that the CTE ``target`` (id, lead_id) holds, new or not. One
# that is missing is inserted; one that never reached its queue although it is due is offered in ``publishable``. The
# scoring job waits, so that a reply whose post-processing fails is still scored. Values: ``reply_job_values``.
ASSERT_REPLY_JOBS = f"""
    asserted AS (
        INSERT INTO background_job AS job (id, client_id, lead_id, message_id, type, dedupe_key, run_at, trace_id)
        SELECT wanted.id, CAST(:client_id AS uuid), target.lead_id, target.id, wanted.type,
               {dedupe_key_sql("CAST(:client_id AS uuid)", "target.id", "wanted.type")}, now() + wanted.delay,
               CAST(:trace_id AS text)
        FROM target CROSS JOIN (VALUES
            (CAST(:post_process_job_id AS uuid), CAST(:post_process_type AS text), interval '0'),
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


# --- Brought forward, and started again --------------------------------------------------------------------------


def bring_forward(which: str) -> str:
    """SQL: the unpublished jobs that ``which`` (a condition on the alias ``job``) selects become due now."""
    return f"UPDATE background_job AS job SET run_at = now() WHERE {PUBLISHABLE} AND {which}"  # noqa: S608


_WAKE = text(
    bring_forward("(CAST(:client_id AS uuid) IS NULL OR client_id = :client_id) AND waiting_for = ANY(:waits)")
)


def wake_deferred_jobs(connection: Connection, client_id: ClientId | None, waits: Sequence[WaitingFor]) -> int:
    """Brings forward what was deferred for one of ``waits``, of one client or of all; maintenance publishes it.

    Returns how many jobs.
    """
    return connection.execute(_WAKE, {"client_id": client_id, "waits": [wait.value for wait in waits]}).rowcount


# The claim in Postgres makes a second SQS message of one job harmless, so a job that may still be in its queue can be
# put back too.
_REQUEUE = text(
    f"""
    UPDATE background_job AS job SET {start_again()}
    WHERE id = :id AND {KNOWN_TYPE} AND (
        status = 'FAILED' OR (
            NOT :only_failed
            AND (status = 'PENDING' OR (status = 'RUNNING' AND lease_expires_at <= clock_timestamp()))
        )
    )
    RETURNING {job_columns("job")}
    """  # noqa: S608 (constants only)
)


def requeue_job(connection: Connection, job_id: UUID, *, only_failed: bool) -> Job | None:
    """Starts a failed job again, from its last checkpoint; None for any other.

    Without ``only_failed`` one that waits or lost its worker starts again too.
    """
    row = connection.execute(_REQUEUE, {"id": job_id, "only_failed": only_failed}).one_or_none()
    return None if row is None else job_of(row)


# A job is PENDING and published for hours when its message used up its receives while Postgres could not be reached:
# it is in the dead-letter queue, and nobody could write that down. Or the queue has lost it. A second message does no
# harm where the first is still on its way: the claim makes the job run once.
_PUBLISH_AGAIN = text(
    f"""
    UPDATE background_job AS job SET {start_again("job.run_at")}
    WHERE id IN (
        SELECT id FROM background_job
        WHERE status = 'PENDING' AND enqueued_at IS NOT NULL
          AND greatest(enqueued_at, run_at) < now() - make_interval(secs => :grace_s) AND {KNOWN_TYPE}
        ORDER BY enqueued_at LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED
    )
    """  # noqa: S608 (constants only)
)


def publish_again(engine: Engine, *, grace_s: float, limit: int) -> int:
    """Gives jobs back to the outbox that were due in a queue more than ``grace_s`` seconds ago and never claimed since.

    Returns how many. They keep their checkpoints, and resume from them.
    """
    with autocommit(engine) as connection:
        return connection.execute(_PUBLISH_AGAIN, {"grace_s": grace_s, "limit": limit}).rowcount


_REQUEUE_UNFINISHED = text(
    f"""
    UPDATE background_job AS job SET {start_again("job.run_at")}
    WHERE status = 'RUNNING' OR (status = 'PENDING' AND enqueued_at IS NOT NULL)
    """  # noqa: S608 (constants only)
)


def requeue_unfinished(connection: Connection) -> int:
    """Starts every unfinished job again whose queue and worker are gone; returns how many."""
    return connection.execute(_REQUEUE_UNFINISHED).rowcount


# --- Merged leads ------------------------------------------------------------------------------------------------

# A job whose row somebody else has just now is being claimed, published or finished. Waiting for it could meet a
# publisher that waits for another job of the same leads.
_LOCK_WAITING = text(
    """
    WITH unfinished AS MATERIALIZED (
        SELECT id FROM background_job WHERE lead_id = ANY(:lead_ids) AND status <> 'SUCCEEDED'
    ), waiting AS MATERIALIZED (
        SELECT id FROM background_job WHERE lead_id = ANY(:lead_ids) AND status IN ('PENDING', 'FAILED')
        FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT (SELECT count(*) FROM unfinished) = (SELECT count(*) FROM waiting)
    """
)


def lock_waiting_jobs(connection: Connection, lead_ids: Sequence[LeadId]) -> bool:
    """Keeps the leads' jobs from being claimed in this transaction; False when one runs, or is about to."""
    return bool(connection.execute(_LOCK_WAITING, {"lead_ids": list(lead_ids)}).scalar_one())


# A claim that has waited for this row takes the head from it. It could not ask lead: what it sees of that is from
# before the wait.
_FOLLOW_MESSAGES = text(
    f"""
    UPDATE background_job AS job SET lead_id = {head_of("message.lead_id")}
    FROM message
    WHERE message.id = job.message_id AND job.lead_id = ANY(:lead_ids) AND job.status IN ('PENDING', 'FAILED')
      AND job.type <> '{JobType.SYNC_PERSON}' AND job.lead_id <> {head_of("message.lead_id")}
    """  # noqa: S608 (constants only)
)


def give_jobs_to_their_heads(connection: Connection, lead_ids: Sequence[LeadId]) -> None:
    """Gives the leads' waiting jobs about messages to the heads of those messages' leads, after a merge or its end.

    A message in a queue keeps the group of before; the claim makes the job run once, under the head's lock.
    """
    connection.execute(_FOLLOW_MESSAGES, {"lead_ids": list(lead_ids)})


_END = text(
    """
    UPDATE background_job SET status = 'SUCCEEDED', finished_at = now(), result = :result, waiting_for = NULL
    WHERE lead_id = :lead_id AND type = :type AND status IN ('PENDING', 'FAILED')
    """
)


def end_waiting_jobs(connection: Connection, lead_id: LeadId, type: JobType, result: str) -> int:
    """Ends the lead's waiting jobs of a type that another job makes needless; returns how many."""
    return connection.execute(_END, {"lead_id": lead_id, "type": type.value, "result": result}).rowcount
