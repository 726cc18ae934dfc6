"""The functions that take deliveries: the webhooks and the replay of parked events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.bootstrap.parts import build_engine, build_publisher
from shared.config import IngestReplaySettings, Secrets, WebhookSettings
from shared.jobs.parked_bodies import ParkedBodies
from shared.jobs.sqs_client import make_sqs_client
from shared.pipelines.dependencies import Intake

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# The webhook's caller waits: for the database (more at its time budget), then for one call of SQS, retried, and one of
# S3, so that the response comes within 15 s.
WEBHOOK_STATEMENT_TIMEOUT_S = 2.0
WEBHOOK_ANSWER_MARGIN_S = 0.5
WEBHOOK_SQS_CONNECT_TIMEOUT_S = 1.0
WEBHOOK_SQS_READ_TIMEOUT_S = 2.0
REPLAY_STATEMENT_TIMEOUT_S = 8.0
REPLAY_ANSWER_MARGIN_S = 1.0


def build_webhook(settings: WebhookSettings, secrets: Secrets) -> Intake:
    sqs = make_sqs_client(connect_timeout_s=WEBHOOK_SQS_CONNECT_TIMEOUT_S, read_timeout_s=WEBHOOK_SQS_READ_TIMEOUT_S)
    return _intake(settings, secrets, sqs, WEBHOOK_STATEMENT_TIMEOUT_S, WEBHOOK_ANSWER_MARGIN_S)


def build_replay(settings: IngestReplaySettings, secrets: Secrets) -> Intake:
    return _intake(settings, secrets, make_sqs_client(), REPLAY_STATEMENT_TIMEOUT_S, REPLAY_ANSWER_MARGIN_S)


def _intake(
    settings: IngestReplaySettings, secrets: Secrets, sqs: SQSClient, statement_timeout_s: float, margin_s: float
) -> Intake:
    # Without the ping: a transaction whose connection turns out dead is repeated.
    return Intake(
        engine=build_engine(settings, secrets, statement_timeout_s, margin_s=margin_s, prepared=True, ping=False),
        publisher=build_publisher(settings, sqs),
        sqs=sqs,
        queue_url=settings.ingest_queue_url,
        bodies=ParkedBodies(settings.parked_bodies_bucket),
        hash_address=secrets.address_hash_key(settings.address_hash_key).hash_of,
        time_scale=settings.time_scale,
    )
