"""Outbox to SQS: sends committed jobs and marks the ones that SQS took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched, groupby
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import Engine

from shared.db.jobs import Job
from shared.db.outbox import mark_enqueued_at_once
from shared.db.time_budget import UNLIMITED, TimeBudget
from shared.domain.vocabulary import JobType
from shared.jobs.envelope import JobEnvelope, deduplication_id
from shared.observability import Metric, emit, logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

SEND_BATCH_LIMIT = 10  # SQS hard limit (SendMessageBatch)


@dataclass(frozen=True, slots=True)
class PublishResult:
    published: int
    failed: int


class Publisher:
    """Publishes jobs to the queue of their type; group id = lead id, so that one lead is processed in order."""

    def __init__(self, sqs: SQSClient, *, post_process_queue_url: str, lead_scoring_queue_url: str) -> None:
        self._sqs = sqs
        # Whatever is done about a lead keeps its order; only scoring may come at any time.
        self._queue_urls: Mapping[JobType, str] = dict.fromkeys(JobType, post_process_queue_url) | {
            JobType.LEAD_SCORING: lead_scoring_queue_url
        }

    @property
    def queue_urls(self) -> frozenset[str]:
        """The queues that jobs go to."""
        return frozenset(self._queue_urls.values())

    def publish(self, engine: Engine, jobs: Sequence[Job], *, budget: TimeBudget = UNLIMITED) -> PublishResult:
        """Sends ``jobs`` (committed, not yet enqueued) and sets ``enqueued_at`` for those that SQS took.

        Never raises for SQS: the rows are durable, and what failed stays unmarked for maintenance to publish. A crash
        between send and mark sends twice; the claim in Postgres makes the job run once. So a request whose
        ``budget`` is used up begins neither a further batch nor the mark.
        """
        accepted = self.send(jobs, budget=budget)
        if accepted and budget.left_s() > 0:
            mark_enqueued_at_once(engine, accepted)
        return PublishResult(published=len(accepted), failed=len(jobs) - len(accepted))

    def send(self, jobs: Sequence[Job], *, budget: TimeBudget = UNLIMITED) -> list[Job]:
        """Sends ``jobs`` and returns those that SQS took; the caller marks them. Never raises for SQS.

        Begins no batch once ``budget`` is used up.
        """
        accepted: list[Job] = []
        for url, of_queue in groupby(sorted(jobs, key=self._url_of), key=self._url_of):
            for batch in batched(of_queue, SEND_BATCH_LIMIT, strict=False):
                if budget.left_s() <= 0:
                    break
                accepted += self._send_batch(url, batch)
        if accepted:
            emit(Metric.JOBS_PUBLISHED, len(accepted))
        if len(accepted) < len(jobs):
            emit(Metric.PUBLISH_FAILED, len(jobs) - len(accepted))
        return accepted

    def _url_of(self, job: Job) -> str:
        return self._queue_urls[job.type]

    def _send_batch(self, url: str, jobs: Sequence[Job]) -> list[Job]:
        try:
            answer = self._sqs.send_message_batch(QueueUrl=url, Entries=[_entry(job) for job in jobs])
        except (BotoCoreError, ClientError) as error:
            logger.warning("jobs not published", extra={"jobs": len(jobs), "error": type(error).__name__})
            return []
        # A batch answers 200 even when single entries failed.
        for refused in answer.get("Failed", []):
            logger.warning("job not published", extra={"job_id": refused["Id"], "error": refused.get("Code")})
        taken = {entry["Id"] for entry in answer.get("Successful", [])}
        return [job for job in jobs if str(job.id) in taken]


def _entry(job: Job) -> SendMessageBatchRequestEntryTypeDef:
    envelope = JobEnvelope(
        job_id=job.id,
        type=job.type.value,
        client_id=job.client_id,
        lead_id=job.lead_id,
        message_id=job.message_id,
        draft_id=job.draft_id,
        dedupe_key=job.dedupe_key,
        trace_id=job.trace_id,
    )
    return {
        "Id": str(job.id),
        "MessageBody": envelope.model_dump_json(exclude_none=True),
        "MessageGroupId": str(job.lead_id),
        "MessageDeduplicationId": deduplication_id(job.dedupe_key, job.generation),
    }
