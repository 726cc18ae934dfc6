"""Waiting jobs that are brought forward, started again, or given to another lead."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.db.jobs import KNOWN_TYPE, PUBLISHABLE, Job, job_columns, job_of, start_again
from shared.db.lead_group import head_of
from shared.db.transactions import autocommit
from shared.domain.vocabulary import ClientId, JobType, LeadId, WaitingFor

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
        SELECT id FROM background_job
        WHERE lead_id = ANY(:lead_ids) AND status <> 'SUCCEEDED' AND id IS DISTINCT FROM CAST(:held AS uuid)
    ), waiting AS MATERIALIZED (
        SELECT id FROM background_job WHERE lead_id = ANY(:lead_ids) AND status IN ('PENDING', 'FAILED')
        FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT (SELECT count(*) FROM unfinished) = (SELECT count(*) FROM waiting)
    """
)


def lock_waiting_jobs(connection: Connection, lead_ids: Sequence[LeadId], *, held: Job | None = None) -> bool:
    """Keeps the leads' jobs from being claimed in this transaction; False when one runs, or is about to.

    ``held`` is the one that the caller itself runs.
    """
    values = {"lead_ids": list(lead_ids), "held": held and held.id}
    return bool(connection.execute(_LOCK_WAITING, values).scalar_one())


# A claim that has waited for this row takes the head from it. It could not ask lead: what it sees of that is from
# before the wait.
_FOLLOW_MESSAGES = text(
    f"""
    UPDATE background_job AS job SET lead_id = {head_of("message.lead_id")}
    FROM message
    WHERE message.id = job.message_id AND job.lead_id = ANY(:lead_ids)
      AND (job.status IN ('PENDING', 'FAILED') OR job.id = CAST(:held AS uuid))
      AND job.type <> '{JobType.SYNC_PERSON}' AND job.lead_id <> {head_of("message.lead_id")}
    """  # noqa: S608 (constants only)
)


def give_jobs_to_their_heads(connection: Connection, lead_ids: Sequence[LeadId], *, held: Job | None = None) -> None:
    """Gives the leads' waiting jobs about messages to the heads of those messages' leads, after a merge or its end.

    A message in a queue keeps the group of before; the claim makes the job run once, under the head's lock. ``held`` is
    a job that the caller runs: it goes along, and has to be published again (``restart_job``).
    """
    connection.execute(_FOLLOW_MESSAGES, {"lead_ids": list(lead_ids), "held": held and held.id})


_END = text(
    """
    UPDATE background_job SET status = 'SUCCEEDED', finished_at = now(), result = :result, waiting_for = NULL
    WHERE lead_id = :lead_id AND type = :type AND status IN ('PENDING', 'FAILED')
    """
)


def end_waiting_jobs(connection: Connection, lead_id: LeadId, type: JobType, result: str) -> int:
    """Ends the lead's waiting jobs of a type that another job makes needless; returns how many."""
    return connection.execute(_END, {"lead_id": lead_id, "type": type.value, "result": result}).rowcount
