"""One logger and one set of metrics for every function: JSON lines that carry ids, never bodies, headers or addresses.

Metrics are CloudWatch's embedded metric format, written to standard output with the log: no API call, nothing to lose.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "ReplyPipeline"
# A log line that cannot be written must not print the exception that is being handled: it may quote somebody's email.
logging.raiseExceptions = False
# A dimension of every metric: it keeps the stages of one account apart.
SERVICE = os.environ.get("POWERTOOLS_SERVICE_NAME", "reply-pipeline")

MAX_FRAMES = 12  # of a failure's traceback, the innermost

logger = Logger(service=SERVICE, utc=True)
metrics = Metrics(namespace=NAMESPACE, service=SERVICE)
_unmeasured: ContextVar[bool] = ContextVar("unmeasured", default=False)


class Metric(StrEnum):
    """The metrics that the functions emit, each with its dimensions; alarms and the dashboard refer to these.

    CloudWatch adds nothing up by itself: a value is found only under exactly the dimensions that it was emitted with.
    """

    dimensions: tuple[str, ...]  # beside "service", which every metric has

    def __new__(cls, name: str, *dimensions: str) -> Metric:
        metric = str.__new__(cls, name)
        metric._value_ = name
        metric.dimensions = dimensions
        return metric

    WEBHOOK_ANSWER = "WebhookAnswer", "status"
    WEBHOOK_TOKEN_REJECTED = "WebhookTokenRejected"  # noqa: S105 (a metric)
    WEBHOOK_INTERNAL_ERROR = "WebhookInternalError"
    # What a release is taken back for, by the version of the provider's webhook that it happened to: a version that is
    # well has none, so there are no more of these than there are bad releases.
    VERSION_FAILURE = "VersionFailure", "provider", "reason", "version"
    EVENT_IGNORED = "EventIgnored", "event_type"  # one of the known ones, "unknown" otherwise
    EVENT_PARKED = "EventParked"
    PARKED_EVENT_QUARANTINED = "ParkedEventQuarantined"  # acknowledged, and without effect until a person replays it
    ACCOUNT_ERROR = "AccountError"
    JOBS_PUBLISHED = "JobsPublished"
    PUBLISH_FAILED = "PublishFailed"
    JOB_RESULT = "JobResult", "job_type", "result"
    JOB_LEASE_LOST = "JobLeaseLost"
    JOB_UNKNOWN = "JobUnknown"  # a message whose job is not in Postgres: acknowledged, there is nothing to run
    MODEL_CALL = "ModelCall", "feature", "status"
    MODEL_COST_USD = "ModelCostUsd", "feature"
    MODEL_CREDENTIALS_REFUSED = "ModelCredentialsRefused"
    PROVIDER_CREDENTIALS_REFUSED = "ProviderCredentialsRefused"
    SEND_RESULT = "SendResult", "result"
    DECISION = "Decision", "action"
    LEAD_SUPPRESSED = "LeadSuppressed", "reason"
    MAINTENANCE_COMPLETED = "MaintenanceCompleted", "part"  # one of MAINTENANCE_PARTS
    MAINTENANCE_PARTS_FAILED = "MaintenancePartsFailed"
    UNPUBLISHED_JOBS = "UnpublishedJobs"
    JOBS_OF_NEWER_RELEASE = "JobsOfNewerRelease"  # they wait until it is deployed again
    UNCERTAIN_SENDS = "UncertainSends"
    OVERDUE_COMMITMENTS = "OverdueCommitments"  # promises of ours that somebody should have kept by now
    HELD_LEADS = "HeldLeads"
    DRAFTS_AWAITING_REVIEW = "DraftsAwaitingReview"
    ELIGIBLE_WITHOUT_DRAFT = "EligibleRepliesWithoutDraft"
    JOBS_LOST = "JobsLost"  # their worker vanished and their queue no longer knows them
    HOOK_DISABLED = "HookDisabled"
    EVENTS_RECOVERED = "EventsRecovered"


class VersionFailure(StrEnum):
    """The reasons of Metric.VERSION_FAILURE."""

    PARKED = "parked"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"


def emit(metric: Metric, value: float = 1, unit: MetricUnit = MetricUnit.Count, **dimensions: str) -> None:
    """Records one value of ``metric``; with dimensions it becomes a line of its own at once."""
    if _unmeasured.get():
        return
    if not dimensions:
        metrics.add_metric(name=metric.value, unit=unit, value=value)
        return
    with single_metric(
        name=metric.value, unit=unit, value=value, namespace=NAMESPACE, default_dimensions={"service": SERVICE}
    ) as line:
        for name, text in dimensions.items():
            line.add_dimension(name=name, value=text)


@contextmanager
def unmeasured() -> Iterator[None]:
    """Counts nothing inside the block: the rehearsal of a release check has not happened."""
    token = _unmeasured.set(True)
    try:
        yield
    finally:
        _unmeasured.reset(token)


@contextmanager
def silenced() -> Iterator[None]:
    """Logs and counts nothing inside the block: standard output belongs to a command's result."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    try:
        with unmeasured():
            yield
    finally:
        logger.setLevel(level)


def log_failure(message: str, error: BaseException, **ids: str) -> None:
    """Logs where our code failed, without the exception's own words: they may quote somebody's email or address."""
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    logger.error(
        message,
        extra={
            "error": type(error).__name__,
            "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            **ids,
        },
    )


def observed[E: Mapping[str, Any], R](handler: Callable[[E, Any], R]) -> Callable[[E, Any], R]:
    """Decorates a Lambda handler: the request id on every log line, and metrics flushed however the call ends."""

    @wraps(handler)
    def observe(event: E, context: Any) -> R:
        logger.append_keys(request_id=getattr(context, "aws_request_id", None))
        try:
            return handler(event, context)
        finally:
            if metrics.metric_set:
                metrics.flush_metrics()
            logger.clear_state()

    return observe
