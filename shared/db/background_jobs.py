"""Queries of background_job and job_step: outbox, claim, lease, completion and checkpoints.

A job is claimed by state, never by count: PENDING, FAILED, or RUNNING with a lease that has run out. Whoever claims it
becomes the lease owner, and every later write names that owner (fencing), so a worker that was too slow writes nothing.
Times are the database's: workers' clocks do not take part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from shared.db.pauses import SENDS_LOCK, strictest_pause
from shared.domain.vocabulary import (
    ClientId,
    DraftId,
    JobId,
    JobStatus,
    JobType,
    LeadId,
    LeadStatus,
    MessageId,
    Pausable,
    Tag,
    known,
)

MAX_IN_FLIGHT_PER_CLIENT = 50
"""Published, unfinished jobs of one client; the rest wait in Postgres, so a flood delays only its own client.

The count and the mark are two statements, so publishers that run at the same instant can pass it by their number.
"""

MAX_SCORING_IN_FLIGHT = 25
"""Of which scoring jobs at most: scoring that is stuck must not stop the client's replies."""


@dataclass(frozen=True, slots=True)
class PublishableJob:
    """A committed job that SQS has not been told about."""

    id: JobId
    type: JobType
    client_id: ClientId
    lead_id: LeadId
    message_id: MessageId | None
    draft_id: DraftId | None
    dedupe_key: str
    generation: int
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job that this worker runs now, with the results of the steps that earlier runs finished.

    ``pause`` is the strictest pause that held for its client when it was claimed.
    """

    id: JobId
    type: JobType
    client_id: ClientId
    lead_id: LeadId
    message_id: MessageId | None
    draft_id: DraftId | None
    attempts: int
    lease_owner: str
    trace_id: str | None
    steps: Mapping[str, Mapping[str, Any]]
    generation: int = 0
    pause: Pausable | None = None


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Why a job could not be claimed. ``lease_seconds`` is what is left of the live lease, in seconds."""

    status: str | None  # None: no such job. Not always a JobStatus: a newer release may have written the row
    same_failed_message: bool = False
    lease_seconds: float | None = None


class LeaseLost(RuntimeError):  # noqa: N818 (a signal, not an error of the program)
    """This worker's lease is over and somebody else may own the job: everything it still wants to write is dropped."""


PUBLISHABLE_COLUMNS = "id, type, client_id, lead_id, message_id, draft_id, dedupe_key, generation, trace_id"


def publishable_job(row: Row[Any] | Mapping[str, Any]) -> PublishableJob:
    """A job from a row or mapping with PUBLISHABLE_COLUMNS."""
    values = row._mapping if isinstance(row, Row) else row
    return PublishableJob(
        id=JobId(_uuid(values["id"])),
        type=known(JobType, values["type"]),
        client_id=ClientId(_uuid(values["client_id"])),
        lead_id=LeadId(_uuid(values["lead_id"])),
        message_id=MessageId(_uuid(values["message_id"])) if values["message_id"] else None,
        draft_id=DraftId(_uuid(values["draft_id"])) if values["draft_id"] else None,
        dedupe_key=values["dedupe_key"],
        generation=values["generation"],
        trace_id=values["trace_id"],
    )


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


# --- Outbox ------------------------------------------------------------------------------------------------------

# The generation that was sent: a job whose message has been consumed already may wait in the outbox again.
_MARK_SENT = """
    UPDATE background_job AS job SET enqueued_at = now()
    FROM unnest(CAST(:ids AS uuid[]), CAST(:generations AS int[])) AS sent (id, generation)
    {also}
    WHERE job.id = sent.id AND job.generation = sent.generation AND job.enqueued_at IS NULL
"""
_MARK_ENQUEUED = text(_MARK_SENT.format(also=""))


def mark_enqueued(connection: Connection, jobs: Sequence[PublishableJob]) -> None:
    """Records that SQS took these jobs."""
    connection.execute(_MARK_ENQUEUED, _sent(jobs))


def _sent(jobs: Sequence[PublishableJob]) -> dict[str, Any]:
    return {"ids": [job.id for job in jobs], "generations": [job.generation for job in jobs]}


# Alone in its transaction, which does not wait for the disk: a mark that a crash of the server loses costs nothing but
# a second message, and the claim makes the job run once.
_MARK_ENQUEUED_ALONE = text(_MARK_SENT.format(also=", set_config('synchronous_commit', 'off', true)"))


def mark_enqueued_at_once(engine: Engine, jobs: Sequence[PublishableJob]) -> None:
    """Records that SQS took these jobs, in one round trip: for publishers that nothing else waits for."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(_MARK_ENQUEUED_ALONE, _sent(jobs))


# A job of a type that only a newer release knows, which was rolled back, waits for that release: this one neither
# publishes it nor counts it among a client's jobs in flight.
KNOWN_TYPE = f"type IN ({', '.join(f"'{type}'" for type in JobType)})"

# The two parts of a client's share. Each has a partial index of its own on what is publishable, so that neither has to
# be looked for behind a flood of the other.
SCORING = f"type = '{JobType.LEAD_SCORING}'"
NOT_SCORING = f"type <> '{JobType.LEAD_SCORING}' AND {KNOWN_TYPE}"
PUBLISHABLE = "enqueued_at IS NULL AND status = 'PENDING'"


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
        (SELECT {PUBLISHABLE_COLUMNS}, run_at FROM background_job
         WHERE client_id = :client_id AND {PUBLISHABLE} AND {NOT_SCORING} AND run_at <= now()
         ORDER BY run_at, id LIMIT (SELECT jobs FROM share))
        UNION ALL
        (SELECT {PUBLISHABLE_COLUMNS}, run_at FROM background_job
         WHERE client_id = :client_id AND {PUBLISHABLE} AND {SCORING} AND run_at <= now()
         ORDER BY run_at, id LIMIT (SELECT scoring_jobs FROM share))
    )
    SELECT {PUBLISHABLE_COLUMNS} FROM due ORDER BY run_at, id LIMIT (SELECT jobs FROM share)
"""  # noqa: S608 (constants only)

_NEXT_OF_CLIENT = text(NEXT_OF_CLIENT)


def next_publishable(connection: Connection, client_id: ClientId) -> list[PublishableJob]:
    """The client's jobs that are due and inside its share, oldest first."""
    rows = connection.execute(_NEXT_OF_CLIENT, {"client_id": client_id, "finishing": None})
    return [publishable_job(row) for row in rows]


# --- Insert ------------------------------------------------------------------------------------------------------

# A job of this key that already ran to its end starts over (a second suppression after the first was undone, an
# approval after a failed send): a new generation, so that SQS does not swallow it, and no steps to resume from.
_INSERT_OR_RESTART = text(
    f"""
    WITH job AS (
        INSERT INTO background_job AS job
            (id, client_id, lead_id, message_id, draft_id, type, dedupe_key, run_at, trace_id)
        VALUES (:id, :client_id, :lead_id, :message_id, :draft_id, :type, :dedupe_key,
                now() + make_interval(secs => :delay_s), :trace_id)
        ON CONFLICT (dedupe_key) DO UPDATE
        SET status = 'PENDING', generation = job.generation + 1, enqueued_at = NULL, run_at = excluded.run_at,
            lease_owner = NULL, lease_expires_at = NULL, finished_at = NULL, failed_sqs_message_id = NULL
        WHERE job.status IN ('SUCCEEDED', 'FAILED')
           OR (job.status = 'PENDING' AND job.enqueued_at IS NULL AND job.run_at > excluded.run_at)
           OR (job.status = 'RUNNING' AND CAST(:even_running AS boolean))
        RETURNING {PUBLISHABLE_COLUMNS}, xmax <> 0 AS restarted
    ), forgotten AS (
        DELETE FROM job_step USING job WHERE job_step.job_id = job.id AND job.restarted
    )
    SELECT {PUBLISHABLE_COLUMNS}, (SELECT jobs > 0 FROM ({share_left(":client_id")}) AS share) AS within_share FROM job
    """  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class AssertedJob:
    """A job that was just inserted or started over; ``within_share``: its client's share has a place for it now."""

    job: PublishableJob
    within_share: bool


def insert_or_restart_job(
    connection: Connection,
    *,
    job_id: UUID,
    client_id: ClientId,
    lead_id: LeadId,
    type: JobType,
    dedupe_key: str,
    message_id: MessageId | None = None,
    draft_id: DraftId | None = None,
    delay_s: float = 0.0,
    trace_id: str | None = None,
    even_running: bool = False,
) -> AssertedJob | None:
    """Makes sure that a job of ``dedupe_key`` will run ``delay_s`` seconds from now or sooner.

    A finished or failed one starts over; one that waits for a later time is moved forward; None when the job is
    running or on its way already. Two callers at once: the second waits for the first's row and then sees it.

    ``even_running`` takes a running job away from its worker, which then writes nothing more: for a job that follows
    a state which this transaction changes, and whose calls may be repeated.
    """
    row = connection.execute(
        _INSERT_OR_RESTART,
        {
            "id": job_id,
            "client_id": client_id,
            "lead_id": lead_id,
            "message_id": message_id,
            "draft_id": draft_id,
            "type": type.value,
            "dedupe_key": dedupe_key,
            "delay_s": delay_s,
            "trace_id": trace_id,
            "even_running": even_running,
        },
    ).one_or_none()
    return None if row is None else AssertedJob(publishable_job(row), row.within_share)


# --- Claim and lease ---------------------------------------------------------------------------------------------

# FAILED is claimable only by another SQS message than the one that it failed with: a redriven copy is a new message,
# while the failed one itself comes back on its way to the dead-letter queue and must not run again.
_CLAIM = text(
    f"""
    UPDATE background_job AS job
    SET status = 'RUNNING', attempts = attempts + 1, lease_owner = :owner,
        lease_expires_at = now() + make_interval(secs => :lease_s),
        started_at = coalesce(started_at, now()), finished_at = NULL, failed_sqs_message_id = NULL,
        enqueued_at = coalesce(enqueued_at, now())
    WHERE id = :id AND (
        status = 'PENDING'
        OR (status = 'FAILED' AND failed_sqs_message_id IS DISTINCT FROM :sqs_message_id)
        OR (status = 'RUNNING' AND (lease_expires_at <= now() OR lease_owner = :owner))
    )
    RETURNING id, type, client_id, lead_id, message_id, draft_id, attempts, trace_id, generation,
              {strictest_pause("job.client_id")} AS pause
    """  # noqa: S608 (constants only)
)

# A statement of its own: the claim may have waited for the worker before it, whose checkpoints its snapshot lacks.
_STEPS = text("SELECT name, result FROM job_step WHERE job_id = :id")

_WHY_UNCLAIMED = text(
    """
    SELECT status, status = 'FAILED' AND failed_sqs_message_id = :sqs_message_id AS same_failed_message,
           extract(epoch FROM lease_expires_at - now()) AS lease_seconds
    FROM background_job WHERE id = :id
    """
)


def claim_job(
    engine: Engine, job_id: JobId, *, owner: str, lease_s: float, sqs_message_id: str
) -> ClaimedJob | Unclaimed:
    """Takes the job for ``lease_s`` seconds, or says why it cannot be had. An owner that asks again has it already.

    One UPDATE decides between two workers: the second waits for the row and then finds it RUNNING.

    Raises UnknownValueError for a job of a type that only a newer release knows.
    """
    with engine.begin() as connection:
        row = connection.execute(
            _CLAIM, {"id": job_id, "owner": owner, "lease_s": lease_s, "sqs_message_id": sqs_message_id}
        ).one_or_none()
        if row is None:
            state = connection.execute(_WHY_UNCLAIMED, {"id": job_id, "sqs_message_id": sqs_message_id}).one_or_none()
            if state is None:
                return Unclaimed(status=None)
            return Unclaimed(
                status=state.status,
                same_failed_message=bool(state.same_failed_message),
                lease_seconds=None if state.lease_seconds is None else float(state.lease_seconds),
            )
        type = known(JobType, row.type)  # before the commit: what cannot be run is not claimed
        # The first run of a job has nothing to resume from.
        steps = connection.execute(_STEPS, {"id": job_id}).all() if row.attempts > 1 else []
    return ClaimedJob(
        id=row.id,
        type=type,
        client_id=row.client_id,
        lead_id=row.lead_id,
        message_id=row.message_id,
        draft_id=row.draft_id,
        attempts=row.attempts,
        lease_owner=owner,
        trace_id=row.trace_id,
        steps={step.name: step.result for step in steps},
        generation=row.generation,
        pause=None if row.pause is None else Pausable(row.pause),
    )


@dataclass(frozen=True, slots=True)
class HeldLead:
    """The lead as it is once its lock is ours; what else must be seen after the wait is read in a later statement."""

    status: LeadStatus
    sentiment: Tag | None
    suppressed: bool
    meeting_evidence: bool  # the provider's event or an appointment


# The lead's lock comes first (the order is lead → draft → outbound_send, and jobs after the lead): ``held`` joins
# ``locked``, so its row is locked only once the lead's is. FOR … re-reads the newest version of both after the wait.
# For a send the lock that pauses take alone is shared (shared.db.pauses), so that the next statement sees each pause
# that this transaction does not hold up.
_HOLD_LEAD = """
    WITH locked AS MATERIALIZED (
        SELECT id, status, sentiment, suppressed_at, meeting_booked_at, appointment_start_at
        FROM lead WHERE id = :lead_id FOR NO KEY UPDATE
    ), held AS MATERIALIZED (
        SELECT job.id FROM locked, background_job AS job
        WHERE job.id = :job_id AND job.lease_owner = :owner AND job.status = 'RUNNING'
          AND job.lease_expires_at > clock_timestamp()
        FOR NO KEY UPDATE OF job
    )
    SELECT locked.status, locked.sentiment, locked.suppressed_at IS NOT NULL AS suppressed,
           locked.meeting_booked_at IS NOT NULL OR locked.appointment_start_at IS NOT NULL AS meeting_evidence{also}
    FROM locked, held
    """
_HOLD = text(_HOLD_LEAD.format(also=""))
_HOLD_FOR_SEND = text(_HOLD_LEAD.format(also=f", pg_advisory_xact_lock_shared({SENDS_LOCK})"))


def hold_lead(connection: Connection, job: ClaimedJob, *, for_send: bool = False) -> HeldLead:
    """Locks the job's lead for this transaction, and the job as long as this worker owns it.

    ``for_send``: a send is claimed in this transaction; a pause that wants to commit waits for its end. Raises
    LeaseLost, and UnknownValueError for a lead that a newer release has brought into a state of its own.
    """
    row = connection.execute(
        _HOLD_FOR_SEND if for_send else _HOLD, {"lead_id": job.lead_id, "job_id": job.id, "owner": job.lease_owner}
    ).one_or_none()
    if row is None:
        raise LeaseLost(f"job {job.id}: the lease of {job.lease_owner} is over")
    return HeldLead(
        status=known(LeadStatus, row.status),
        sentiment=None if row.sentiment is None else known(Tag, row.sentiment),
        suppressed=row.suppressed,
        meeting_evidence=row.meeting_evidence,
    )


def lock_lead(connection: Connection, lead_id: LeadId) -> bool:
    """Locks a lead for this transaction on behalf of a person; False when there is no such lead."""
    statement = text("SELECT 1 FROM lead WHERE id = :lead_id FOR NO KEY UPDATE")
    return connection.execute(statement, {"lead_id": lead_id}).one_or_none() is not None


# A part of a larger WITH: :steps is one JSON object, name → result. What an earlier run finished stays as it is.
INSERT_STEPS = """
    INSERT INTO job_step (job_id, name, client_id, result)
    SELECT :job_id, step.key, :client_id, step.value FROM jsonb_each(CAST(:steps AS jsonb)) AS step
    ON CONFLICT (job_id, name) DO NOTHING
"""

_SAVE_STEPS = text(
    """
    WITH held AS MATERIALIZED (
        SELECT id FROM background_job
        WHERE id = :job_id AND lease_owner = :owner AND status = 'RUNNING' AND lease_expires_at > clock_timestamp()
        FOR NO KEY UPDATE
    ), saved AS (
        INSERT INTO job_step (job_id, name, client_id, result)
        SELECT held.id, step.key, :client_id, step.value FROM held, jsonb_each(CAST(:steps AS jsonb)) AS step
        ON CONFLICT (job_id, name) DO UPDATE SET result = excluded.result, finished_at = now()
    )
    SELECT count(*) FROM held
    """
)


def save_steps(engine: Engine, job: ClaimedJob, steps: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes checkpoints of steps that had no effect on other tables, over earlier ones. Raises LeaseLost."""
    with engine.begin() as connection:
        held = connection.execute(
            _SAVE_STEPS,
            {"job_id": job.id, "owner": job.lease_owner, "client_id": job.client_id, "steps": json.dumps(steps)},
        ).scalar_one()
    if not held:
        raise LeaseLost(f"job {job.id}: the lease of {job.lease_owner} is over")


# --- The end of a run --------------------------------------------------------------------------------------------

_FINISH = text(
    f"""
    WITH finished AS (
        UPDATE background_job
        SET status = :status, finished_at = now(), lease_owner = NULL, lease_expires_at = NULL,
            result = :result, last_error = :last_error, failed_sqs_message_id = :failed_sqs_message_id
        WHERE id = :id AND lease_owner = :owner AND status = 'RUNNING'
        RETURNING true AS ok
    ), next AS ({NEXT_OF_CLIENT})
    SELECT finished.ok IS NOT NULL AS finished, next.*
    FROM (SELECT 1) AS always LEFT JOIN finished ON true LEFT JOIN next ON true
    """  # noqa: S608
)


def finish_job(
    engine: Engine,
    job: ClaimedJob,
    status: JobStatus,
    *,
    result: str | None = None,
    last_error: str | None = None,
    failed_sqs_message_id: str | None = None,
) -> list[PublishableJob]:
    """Ends a job (SUCCEEDED or FAILED) if this worker still owns it; returns the client's next jobs to publish.

    Raises LeaseLost when somebody else owns the job: then nothing was written.
    """
    with engine.begin() as connection:
        rows = connection.execute(
            _FINISH,
            {
                "id": job.id,
                "owner": job.lease_owner,
                "client_id": job.client_id,
                "finishing": job.id,
                "status": status.value,
                "result": result,
                "last_error": last_error,
                "failed_sqs_message_id": failed_sqs_message_id,
            },
        ).all()
    if not rows[0].finished:
        raise LeaseLost(f"job {job.id}: the lease of {job.lease_owner} is over")
    return [publishable_job(row) for row in rows if row.id is not None]


_RELEASE = text(
    """
    UPDATE background_job
    SET status = 'PENDING', lease_owner = NULL, lease_expires_at = NULL, last_error = :last_error,
        run_at = now() + make_interval(secs => :delay_s),
        enqueued_at = CASE WHEN :requeue THEN NULL ELSE enqueued_at END,
        generation = generation + CASE WHEN :requeue THEN 1 ELSE 0 END
    WHERE id = :id AND lease_owner = :owner AND status = 'RUNNING'
    """
)


WORKSPACE_DISABLED = "the workspace is disabled"
"""Why a job was deferred that waits for its workspace to be enabled again: its ``last_error`` until then."""

PAUSED_ERRORS = {
    Pausable.AUTOMATIC_SENDS: "automatic sends are paused",
    Pausable.ALL_SENDS: "all sends are paused",
    Pausable.PROCESSING: "processing is paused",
}
"""The same of a job that a pause holds back."""

_WAKE = text(
    """
    UPDATE background_job SET run_at = now()
    WHERE (CAST(:client_id AS uuid) IS NULL OR client_id = :client_id) AND status = 'PENDING' AND enqueued_at IS NULL
      AND last_error = ANY(:reasons)
    """
)


def wake_deferred_jobs(connection: Connection, client_id: ClientId | None, reasons: Sequence[str]) -> int:
    """Brings forward what was deferred for one of ``reasons``, of one client or of all; maintenance publishes it.

    Returns how many jobs.
    """
    return connection.execute(_WAKE, {"client_id": client_id, "reasons": list(reasons)}).rowcount


def release_job(
    engine: Engine, job: ClaimedJob, *, delay_s: float, last_error: str | None, requeue: bool = False
) -> None:
    """Gives a job back to run ``delay_s`` seconds from now.

    With ``requeue`` the outbox publishes it again at that time (its SQS message is done with); otherwise its SQS
    message comes back by itself. Raises LeaseLost.
    """
    with engine.begin() as connection:
        released = connection.execute(
            _RELEASE,
            {
                "id": job.id,
                "owner": job.lease_owner,
                "delay_s": delay_s,
                "last_error": last_error,
                "requeue": requeue,
            },
        ).rowcount
    if not released:
        raise LeaseLost(f"job {job.id}: the lease of {job.lease_owner} is over")
