"""The lease of a running job: claim, hold, completion, failure.

A job is claimed by state, never by count: PENDING, FAILED, or RUNNING with a lease that has run out. Whoever claims it
becomes the lease owner, and every later write names that owner (fencing), so a worker that was too slow writes nothing.
Times are the database's: workers' clocks do not take part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, text

from shared.db.jobs import KNOWN_TYPE, LIVE, Job, job_columns, job_of, job_values, start_again
from shared.db.outbox import NEXT_OF_CLIENT
from shared.db.pauses import SENDS_LOCK, strictest_pause
from shared.db.suppression_reviews import asked_for_failed
from shared.db.transactions import autocommit
from shared.domain.vocabulary import JobId, JobStatus, LeadStatus, Pausable, Tag, WaitingFor, known


@dataclass(frozen=True, slots=True)
class ClaimedJob(Job):
    """A job that this worker runs now."""

    attempts: int  # claims so far, this one included: reported, never a gate
    lease_owner: str  # the fence of all that this run writes
    steps: Mapping[str, Mapping[str, Any]]  # what earlier runs finished, by name
    pause: Pausable | None = None  # the strictest that held for its client when it was claimed
    lead_erased: bool = False

    @property
    def fence(self) -> dict[str, Any]:
        """The values of ``FENCE``."""
        return {"job_id": self.id, "owner": self.lease_owner}


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """The reason why a job could not be claimed."""

    status: str | None  # None: no such job. Not always a JobStatus: a newer release may have written the row
    same_failed_message: bool = False  # it FAILED with this very SQS message
    lease_seconds: float | None = None  # what is left of the live lease


class LeaseLost(RuntimeError):  # noqa: N818 (a signal, not an error of the program)
    """This worker's lease is over and somebody else may own the job: everything it still wants to write is dropped."""

    def __init__(self, job: ClaimedJob) -> None:
        super().__init__(f"job {job.id}: the lease of {job.lease_owner} is over")


# --- Claim -------------------------------------------------------------------------------------------------------

# FAILED is claimable only by another SQS message than the one that it failed with: a redriven copy is a new message,
# while the failed one itself comes back on its way to the dead-letter queue and must not run again. The job of a lead
# that has been merged since is its head's.
_CLAIM = text(
    f"""
    UPDATE background_job AS job
    SET status = 'RUNNING', attempts = attempts + 1, lease_owner = :owner,
        lease_expires_at = now() + make_interval(secs => :lease_s),
        started_at = coalesce(started_at, now()), finished_at = NULL, failed_sqs_message_id = NULL,
        enqueued_at = coalesce(enqueued_at, now()), waiting_for = NULL
    WHERE id = :id AND (
        status = 'PENDING'
        OR (status = 'FAILED' AND failed_sqs_message_id IS DISTINCT FROM :sqs_message_id)
        OR (status = 'RUNNING' AND (lease_expires_at <= now() OR lease_owner = :owner))
    )
    RETURNING {job_columns("job")}, attempts, {strictest_pause("job.client_id")} AS pause,
              (SELECT erased_at IS NOT NULL FROM lead WHERE lead.id = job.lead_id) AS lead_erased
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
    """Takes the job for ``lease_s`` seconds, or says why it cannot be claimed. An owner that asks again has it already.

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
        values = job_values(row)  # before the commit: what cannot be run is not claimed
        # The first run of a job has nothing to resume from.
        steps = connection.execute(_STEPS, {"id": job_id}).all() if row.attempts > 1 else []
    return ClaimedJob(
        **values,
        attempts=row.attempts,
        lease_owner=owner,
        steps={step.name: step.result for step in steps},
        pause=None if row.pause is None else Pausable(row.pause),
        lead_erased=row.lead_erased,
    )


# --- Hold --------------------------------------------------------------------------------------------------------

# Whether the job (alias ``job``) is still this worker's, and will be for the length of a statement. Values: job.fence.
FENCE = f"""
    job.id = :job_id AND job.lease_owner = :owner AND {LIVE}
"""

# The first two parts of a WITH. The lead's lock comes first (the order is lead → draft → outbound_send, and jobs after
# the lead): ``held`` joins ``locked``, so its row is locked only once the lead's is. FOR … re-reads the newest version
# of both after the wait. ``held`` is empty when the lease is over, and when the lead is merged or erased: nothing is
# written under another lock than the head's, nor about whom nothing is kept. Values: :lead_id and job.fence.
HOLD_LEAD = f"""
    locked AS MATERIALIZED (
        SELECT id, status, sentiment, suppressed_at, meeting_booked_at, appointment_start_at
        FROM lead WHERE id = :lead_id AND merged_into_id IS NULL AND erased_at IS NULL FOR NO KEY UPDATE
    ), held AS MATERIALIZED (
        SELECT job.id FROM locked, background_job AS job WHERE {FENCE} FOR NO KEY UPDATE OF job
    )
"""  # noqa: S608 (constants only)


@dataclass(frozen=True, slots=True)
class HeldLead:
    """The lead as it is once its lock is ours; what else must be seen after the wait is read in a later statement."""

    status: LeadStatus
    sentiment: Tag | None
    suppressed: bool
    meeting_evidence: bool  # the provider's event or an appointment


_HOLD = f"""
    WITH {HOLD_LEAD}
    SELECT locked.status, locked.sentiment, locked.suppressed_at IS NOT NULL AS suppressed,
           locked.meeting_booked_at IS NOT NULL OR locked.appointment_start_at IS NOT NULL AS meeting_evidence{{also}}
    FROM locked, held
    """  # noqa: S608 (constants only)
_HOLD_LEAD = text(_HOLD.format(also=""))

# For a send the lock that pauses take alone is shared (shared.db.pauses), so that the next statement sees each pause
# that this transaction does not hold up.
_HOLD_FOR_SEND = text(_HOLD.format(also=f", pg_advisory_xact_lock_shared({SENDS_LOCK})"))


def hold_lead(connection: Connection, job: ClaimedJob, *, for_send: bool = False) -> HeldLead:
    """Locks the job's lead for this transaction, and the job as long as this worker owns it.

    ``for_send``: a send is claimed in this transaction; a pause that wants to commit waits for its end. Raises
    LeaseLost, and UnknownValueError for a lead that a newer release has brought into a state of its own.
    """
    row = connection.execute(
        _HOLD_FOR_SEND if for_send else _HOLD_LEAD, {"lead_id": job.lead_id, **job.fence}
    ).one_or_none()
    if row is None:
        raise LeaseLost(job)
    return HeldLead(
        status=known(LeadStatus, row.status),
        sentiment=None if row.sentiment is None else known(Tag, row.sentiment),
        suppressed=row.suppressed,
        meeting_evidence=row.meeting_evidence,
    )


# --- The end of a run --------------------------------------------------------------------------------------------

# Unlike an effect, the end of a run may be written after the lease's time, as long as nobody else has claimed the job.
_OWNED = "job.id = :job_id AND job.lease_owner = :owner AND job.status = 'RUNNING'"

_FINISHED = f"""
    WITH finished AS (
        UPDATE background_job AS job
        SET status = :status, finished_at = now(), lease_owner = NULL, lease_expires_at = NULL,
            result = :result, last_error = :last_error, failed_sqs_message_id = :failed_sqs_message_id
        WHERE {_OWNED}
        RETURNING true AS ok, job.id, job.client_id, job.lead_id, job.message_id, job.type
    ), next AS ({NEXT_OF_CLIENT}){{also}}
    SELECT finished.ok IS NOT NULL AS finished, next.*
    FROM (SELECT 1) AS always LEFT JOIN finished ON true LEFT JOIN next ON true
    """  # noqa: S608 (constants only)
_FINISH = text(_FINISHED.format(also=""))
_FAIL = text(_FINISHED.format(also=f", undecided AS ({asked_for_failed('finished')})"))


def finish_job(
    engine: Engine,
    job: ClaimedJob,
    status: JobStatus,
    *,
    result: str | None = None,
    last_error: str | None = None,
    failed_sqs_message_id: str | None = None,
) -> list[Job]:
    """Ends a job (SUCCEEDED or FAILED) if this worker still owns it; returns the client's next jobs to publish.

    The job that fails without having settled its reply's hold leaves that to a person (suppression_review).

    Raises LeaseLost when somebody else owns the job: then nothing was written.
    """
    with autocommit(engine) as connection:
        rows = connection.execute(
            _FAIL if status is JobStatus.FAILED else _FINISH,
            {
                **job.fence,
                "client_id": job.client_id,
                "finishing": job.id,
                "status": status.value,
                "result": result,
                "last_error": last_error,
                "failed_sqs_message_id": failed_sqs_message_id,
            },
        ).all()
    if not rows[0].finished:
        raise LeaseLost(job)
    return [job_of(row) for row in rows if row.id is not None]


_RELEASE = text(
    f"""
    UPDATE background_job AS job
    SET status = 'PENDING', lease_owner = NULL, lease_expires_at = NULL, last_error = :last_error,
        run_at = now() + make_interval(secs => :delay_s)
    WHERE {_OWNED}
    """  # noqa: S608 (constants only)
)

_DEFER = text(
    f"""
    UPDATE background_job AS job
    SET {start_again("now() + make_interval(secs => :delay_s)", waiting_for=":waiting_for")}, last_error = :last_error
    WHERE {_OWNED}
    """  # noqa: S608 (constants only)
)


_RESTART = text(
    f"""
    UPDATE background_job AS job SET {start_again()} WHERE {_OWNED}
    RETURNING {job_columns("job")}
    """  # noqa: S608 (constants only)
)


def restart_job(engine: Engine, job: ClaimedJob) -> Job:
    """Gives a job back to the outbox, to be published at once; returns it as it is now. Raises LeaseLost."""
    with autocommit(engine) as connection:
        row = connection.execute(_RESTART, job.fence).one_or_none()
    if row is None:
        raise LeaseLost(job)
    return job_of(row)


def release_job(engine: Engine, job: ClaimedJob, *, delay_s: float, last_error: str | None) -> None:
    """Gives a job back to its queue, whose message comes back ``delay_s`` seconds from now. Raises LeaseLost."""
    _give_back(engine, job, _RELEASE, {"delay_s": delay_s, "last_error": last_error})


def defer_job(
    engine: Engine, job: ClaimedJob, *, delay_s: float, waiting_for: WaitingFor, last_error: str | None = None
) -> None:
    """Gives a job back to the outbox, which publishes it ``delay_s`` seconds from now: its SQS message is done with.

    ``wake_deferred_jobs`` brings it forward by ``waiting_for``. Raises LeaseLost.
    """
    values = {"delay_s": delay_s, "waiting_for": waiting_for.value, "last_error": last_error}
    _give_back(engine, job, _DEFER, values)


def _give_back(engine: Engine, job: ClaimedJob, statement: TextClause, values: Mapping[str, Any]) -> None:
    with autocommit(engine) as connection:
        given = connection.execute(statement, {**job.fence, **values}).rowcount
    if not given:
        raise LeaseLost(job)


_FAIL_LOST_JOBS = text(
    f"""
    WITH failed AS (
        UPDATE background_job
        SET status = 'FAILED', lease_owner = NULL, lease_expires_at = NULL, finished_at = now(),
            last_error = 'the worker was lost and its message did not come back'
        WHERE id IN (
            SELECT id FROM background_job
            WHERE status = 'RUNNING' AND lease_expires_at < now() - make_interval(secs => :grace_s) AND {KNOWN_TYPE}
            ORDER BY lease_expires_at LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED
        )
        RETURNING id, client_id, lead_id, message_id, type
    ), undecided AS ({asked_for_failed("failed")})
    SELECT count(*) FROM failed
    """  # noqa: S608 (constants only)
)


def fail_lost_jobs(engine: Engine, *, grace_s: float, limit: int) -> int:
    """Marks jobs FAILED whose lease ended more than ``grace_s`` seconds ago without anyone claiming them again.

    A message that does come back later finds FAILED, which is claimable.
    """
    with autocommit(engine) as connection:
        return int(connection.execute(_FAIL_LOST_JOBS, {"grace_s": grace_s, "limit": limit}).scalar_one())
