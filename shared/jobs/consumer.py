"""One SQS record, one job: claim, run, and turn the outcome into a state of the row and of the message."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from shared.db.job_leases import (
    ClaimedJob,
    LeaseLost,
    Unclaimed,
    claim_job,
    defer_job,
    finish_job,
    release_job,
    restart_job,
)
from shared.db.outages import was_dead
from shared.domain.text.email_text import sanitize_text
from shared.domain.vocabulary import PERSON_ERASED, JobStatus, UnknownValueError
from shared.jobs.envelope import JobEnvelope
from shared.jobs.outcomes import DeadLetter, Defer, Done, Outcome, Retry, Skip, StartAgain
from shared.jobs.publish import Publisher
from shared.jobs.retry_policy import backoff_s, retry_delay_s, visibility_s
from shared.observability import Metric, emit, logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LEASE_MARGIN_S = 15.0  # the lease outlives the function's time-out by this
VISIBILITY_MARGIN_S = 30.0  # and the message stays hidden a little longer still: a killed worker costs one time-out
MAX_ERROR_LENGTH = 2_000


class LambdaContext(Protocol):
    """AWS's context object, as far as we use it."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job: the claim, and the time that is left for it."""

    job: ClaimedJob
    remaining_s: Callable[[], float]


Runner = Callable[[Run], Outcome]


@dataclass(frozen=True)
class Consumer:
    """Runs the jobs that an event source mapping delivers.

    ``run`` does the work; ``decide`` turns what it raised into an outcome. ``queue_url`` is where the records come
    from; ``max_receive_count`` is that queue's redrive policy.
    """

    engine: Engine
    sqs: SQSClient
    queue_url: str
    publisher: Publisher
    run: Runner
    decide: Callable[[Exception], Outcome]
    max_receive_count: int
    time_scale: float = 1.0

    def handle(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
        """Works off an SQS event and returns a partial batch response.

        FIFO: after a failure nothing later of the batch may run, so the failed record and all after it are returned.
        """
        records: Sequence[Mapping[str, Any]] = event["Records"]
        for position, record in enumerate(records):
            if not self._handle_record(record, context):
                return {"batchItemFailures": [{"itemIdentifier": item["messageId"]} for item in records[position:]]}
        return {"batchItemFailures": []}

    def _handle_record(self, record: Mapping[str, Any], context: LambdaContext) -> bool:
        """True when SQS may delete the message."""
        delivery = _Delivery.of(record)
        try:
            envelope = JobEnvelope.model_validate_json(record["body"])
        except ValidationError as error:
            # Not one of ours: only a person can tell what it is, so it goes to the dead-letter queue.
            logger.error("message without a job", extra={"errors": error.error_count(), **delivery.log_keys()})
            self._set_visibility(delivery, 0)
            return False
        logger.append_keys(job_id=str(envelope.job_id), lead_id=str(envelope.lead_id), job_type=envelope.type)
        try:
            return self._claim_and_run(envelope, delivery, context)
        except UnknownValueError as error:
            # Like a message without a job: the release that knows the job's type runs it, and dead letters wait for it.
            logger.error("job of a newer release", extra={"error": str(error), **delivery.log_keys()})
            self._set_visibility(delivery, 0)
            return False
        except LeaseLost:
            # Somebody else owns the job now and will finish it; this message comes back and finds the result.
            emit(Metric.JOB_LEASE_LOST)
            logger.warning("lease lost", extra=delivery.log_keys())
            return False
        except SQLAlchemyError as error:
            # The claim or the completion could not be written: the row is as it was, the message comes back. After the
            # last receive it only blocks its group until it moves on; maintenance publishes its job again.
            logger.warning("database unavailable", extra={"error": type(error).__name__, **delivery.log_keys()})
            is_last = delivery.receive_count >= self.max_receive_count
            self._set_visibility(delivery, 0 if is_last else backoff_s(delivery.receive_count, self.time_scale))
            return False

    def _claim_and_run(self, envelope: JobEnvelope, delivery: _Delivery, context: LambdaContext) -> bool:
        remaining_s = context.get_remaining_time_in_millis() / 1000
        claim = self._claim(envelope, delivery, context, remaining_s)
        if isinstance(claim, Unclaimed):
            return self._leave(claim, delivery)
        self._set_visibility(delivery, remaining_s + VISIBILITY_MARGIN_S * self.time_scale)
        run = Run(job=claim, remaining_s=lambda: context.get_remaining_time_in_millis() / 1000)
        try:
            outcome = Skip(PERSON_ERASED) if claim.lead_erased else self.run(run)
        except LeaseLost:
            raise
        except Exception as error:
            outcome = self.decide(error)
            logger.warning("job failed", extra={"error": type(error).__name__, "outcome": type(outcome).__name__})
        return self._conclude(claim, outcome, delivery)

    def _claim(
        self, envelope: JobEnvelope, delivery: _Delivery, context: LambdaContext, remaining_s: float
    ) -> ClaimedJob | Unclaimed:
        """Claims the job; once more when the connection had died since the last call, which is only seen by using it.

        A claim that ran into a time-out is not repeated: the message comes back, and this copy takes another meanwhile.
        The owner's name is this delivery's, so repeating a claim whose commit was not confirmed finds its own lease.
        """

        def attempt() -> ClaimedJob | Unclaimed:
            return claim_job(
                self.engine,
                envelope.job_id,
                owner=f"{context.aws_request_id}/{delivery.message_id}/{delivery.receive_count}",
                lease_s=remaining_s + LEASE_MARGIN_S * self.time_scale,
                sqs_message_id=delivery.message_id,
            )

        started = time.monotonic()
        try:
            return attempt()
        except DBAPIError as error:
            if not was_dead(error, started):
                raise
            return attempt()

    def _leave(self, claim: Unclaimed, delivery: _Delivery) -> bool:
        """Decides what happens to a message whose job cannot be claimed."""
        if claim.status is None:
            # Postgres is the truth: without a row there is nothing to run. It is a sign of a restored database, or of
            # messages of another one, and nobody would see it otherwise.
            emit(Metric.JOB_UNKNOWN)
            logger.error("message of an unknown job acknowledged", extra=delivery.log_keys())
            return True
        if claim.status == JobStatus.SUCCEEDED:
            return True
        if claim.status not in JobStatus:
            # Its row is the newer release's, which publishes it again when it should run.
            logger.warning("message of a job in an unknown status acknowledged", extra=delivery.log_keys())
            return True
        if claim.same_failed_message:
            self._set_visibility(delivery, 0)  # on its way to the dead-letter queue
            return False
        self._set_visibility(delivery, (claim.lease_seconds or 0) + 1)
        return False

    def _conclude(self, job: ClaimedJob, outcome: Outcome, delivery: _Delivery) -> bool:
        """Writes the outcome to the row first, then to the message: a crash in between only delivers it again."""
        emit(Metric.JOB_RESULT, job_type=job.type.value, result=type(outcome).__name__)
        match outcome:
            case Done(summary):
                self._finish(job, JobStatus.SUCCEEDED, result=summary)
                return True
            case Skip(reason):
                self._finish(job, JobStatus.SUCCEEDED, result=f"skipped: {reason}")
                return True
            case Defer(after_s, waiting_for, detail):
                last_error = None if detail is None else _bounded(detail)
                defer_job(self.engine, job, delay_s=after_s, waiting_for=waiting_for, last_error=last_error)
                logger.info("job deferred", extra={"waiting_for": waiting_for.value, "after_s": after_s})
                return True
            case StartAgain(reason):
                self.publisher.publish(self.engine, [restart_job(self.engine, job)])
                logger.info("job published again", extra={"reason": reason})
                return True
            case Retry(reason, _) if delivery.receive_count < self.max_receive_count:
                delay_s = retry_delay_s(delivery.receive_count, outcome.after_s, self.time_scale)
                release_job(self.engine, job, delay_s=delay_s, last_error=_bounded(reason))
                self._set_visibility(delivery, delay_s)
                return False
            case Retry(reason, _):
                return self._fail(job, f"gave up after {delivery.receive_count} receives: {reason}", delivery)
            case DeadLetter(reason):
                return self._fail(job, reason, delivery)

    def _fail(self, job: ClaimedJob, reason: str, delivery: _Delivery) -> bool:
        """FAILED, and visible at once: the redrive policy moves the message after the receives that remain.

        The reason goes to the row only: it may quote what a model or a statement refused.
        """
        logger.error("job failed for good", extra=delivery.log_keys())
        self._finish(job, JobStatus.FAILED, last_error=_bounded(reason), failed_sqs_message_id=delivery.message_id)
        self._set_visibility(delivery, 0)
        return False

    def _finish(
        self,
        job: ClaimedJob,
        status: JobStatus,
        *,
        result: str | None = None,
        last_error: str | None = None,
        failed_sqs_message_id: str | None = None,
    ) -> None:
        following = finish_job(
            self.engine,
            job,
            status,
            result=result,
            last_error=last_error,
            failed_sqs_message_id=failed_sqs_message_id,
        )
        if following:
            self.publisher.publish(self.engine, following)

    def _set_visibility(self, delivery: _Delivery, delay_s: float) -> None:
        """Sets the message's visibility; when SQS cannot be reached the queue's own time-out applies."""
        try:
            self.sqs.change_message_visibility(
                QueueUrl=self.queue_url,
                ReceiptHandle=delivery.receipt_handle,
                VisibilityTimeout=visibility_s(delay_s, elapsed_s=time.monotonic() - delivery.received_at),
            )
        except (BotoCoreError, ClientError) as error:
            logger.warning("visibility not changed", extra={"error": type(error).__name__, **delivery.log_keys()})


@dataclass(frozen=True, slots=True)
class _Delivery:
    message_id: str
    receipt_handle: str
    receive_count: int
    received_at: float  # monotonic

    @staticmethod
    def of(record: Mapping[str, Any]) -> _Delivery:
        return _Delivery(
            message_id=record["messageId"],
            receipt_handle=record["receiptHandle"],
            receive_count=int(record["attributes"]["ApproximateReceiveCount"]),
            received_at=time.monotonic(),
        )

    def log_keys(self) -> dict[str, str | int]:
        return {"sqs_message_id": self.message_id, "receive_count": self.receive_count}


def _bounded(reason: str) -> str:
    reason = sanitize_text(reason)
    return reason if len(reason) <= MAX_ERROR_LENGTH else reason[: MAX_ERROR_LENGTH - 1] + "…"
