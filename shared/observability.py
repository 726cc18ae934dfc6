"""One logger and one set of metrics for every function: JSON lines that carry ids, never bodies, headers or addresses.

Metrics are CloudWatch's embedded metric format, written to standard output with the log: no API call, nothing to lose.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "ReplyPipeline"
# A log line that cannot be written must not print the exception that is being handled: it may quote somebody's mail.
logging.raiseExceptions = False
# A dimension of every metric: it keeps the stages of one account apart.
SERVICE = os.environ.get("POWERTOOLS_SERVICE_NAME", "reply-pipeline")

MAX_FRAMES = 12  # of a failure's traceback, the innermost

logger = Logger(service=SERVICE, utc=True)
metrics = Metrics(namespace=NAMESPACE, service=SERVICE)


class Metric(StrEnum):
    """Every metric that the functions emit; alarms and the dashboard refer to these names."""

    WEBHOOK_ANSWER = "WebhookAnswer"  # dimension: status
    WEBHOOK_TOKEN_REJECTED = "WebhookTokenRejected"  # noqa: S105 (a metric)
    WEBHOOK_INTERNAL_ERROR = "WebhookInternalError"
    EVENT_IGNORED = "EventIgnored"  # dimension: event_type of the known ones, "unknown" otherwise
    EVENT_PARKED = "EventParked"
    PARKED_EVENT_QUARANTINED = "ParkedEventQuarantined"  # acknowledged, and without effect until a person replays it
    ACCOUNT_ERROR = "AccountError"
    JOBS_PUBLISHED = "JobsPublished"
    PUBLISH_FAILED = "PublishFailed"
    JOB_RESULT = "JobResult"  # dimensions: job_type, result
    JOB_LEASE_LOST = "JobLeaseLost"
    MODEL_CALL = "ModelCall"  # dimensions: feature, status
    MODEL_COST_USD = "ModelCostUsd"  # dimension: feature
    MODEL_CREDENTIALS_REFUSED = "ModelCredentialsRefused"
    PROVIDER_CREDENTIALS_REFUSED = "ProviderCredentialsRefused"
    SEND_RESULT = "SendResult"  # dimension: result
    DECISION = "Decision"  # dimension: action
    LEAD_SUPPRESSED = "LeadSuppressed"  # dimension: reason
    UNPUBLISHED_JOBS = "UnpublishedJobs"
    UNCERTAIN_SENDS = "UncertainSends"
    DRAFTS_AWAITING_REVIEW = "DraftsAwaitingReview"
    ELIGIBLE_WITHOUT_DRAFT = "EligibleRepliesWithoutDraft"
    JOBS_LOST = "JobsLost"  # their worker vanished and their queue no longer knows them
    HOOK_DISABLED = "HookDisabled"
    EVENTS_RECOVERED = "EventsRecovered"


_silent = False


@contextmanager
def silenced() -> Iterator[None]:
    """Writes neither log nor metrics meanwhile: standard output belongs to a command's result."""
    global _silent
    level, _silent = logger.log_level, True
    logger.setLevel("CRITICAL")
    try:
        yield
    finally:
        logger.setLevel(level)
        _silent = False


def emit(metric: Metric, value: float = 1, unit: MetricUnit = MetricUnit.Count, **dimensions: str) -> None:
    """Records one value of ``metric``; with dimensions it becomes a line of its own at once."""
    if _silent:
        return
    if not dimensions:
        metrics.add_metric(name=metric.value, unit=unit, value=value)
        return
    with single_metric(name=metric.value, unit=unit, value=value, namespace=NAMESPACE) as line:
        for name, text in dimensions.items():
            line.add_dimension(name=name, value=text)


def log_failure(message: str, error: BaseException, **ids: str) -> None:
    """Logs where our code failed, never with what: an exception's own words may quote somebody's mail or address."""
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
