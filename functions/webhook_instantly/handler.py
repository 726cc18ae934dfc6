"""Lambda entry point of the webhook. Settings are checked at init; database and queues are first used by a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.webhook.api_gateway import Answer, Webhook
from shared.config import Secrets, SigningKeys, WebhookSettings, load_settings
from shared.db.engine import make_engine
from shared.db.time_budget import TimeBudget, limited
from shared.domain.vocabulary import Provider
from shared.jobs.parked_bodies import ParkedBodies
from shared.jobs.publish import Publisher
from shared.jobs.sqs_client import make_sqs_client
from shared.observability import observed
from shared.providers.registry import PROVIDERS

STATEMENT_TIMEOUT_S = 2.0
ANSWER_TIMEOUT_S = 2.5  # a little later: a server that still works cancels the statement itself
DATABASE_BUDGET_S = 4.0  # for connecting and all statements of a request; then the event is parked
SQS_CONNECT_TIMEOUT_S = 1.0
SQS_READ_TIMEOUT_S = 2.0  # one call, retried, after the whole budget and one to S3: the answer comes within 15 s


def build() -> Webhook:
    """The webhook with all that it needs, from the environment. Raises SettingsError naming what is missing."""
    settings = load_settings(WebhookSettings)
    secrets = Secrets()
    sqs = make_sqs_client(connect_timeout_s=SQS_CONNECT_TIMEOUT_S, read_timeout_s=SQS_READ_TIMEOUT_S)
    return Webhook(
        provider=PROVIDERS[Provider.INSTANTLY],
        engine=make_engine(
            settings.database_url,
            secrets=secrets,
            statement_timeout_s=STATEMENT_TIMEOUT_S,
            answer_timeout_s=ANSWER_TIMEOUT_S,
            prepared=True,
            ping=False,  # a transaction whose connection turns out dead is repeated
            iam_auth=settings.database_iam_auth,
        ),
        sqs=sqs,
        publisher=Publisher(
            sqs,
            post_process_queue_url=settings.post_process_queue_url,
            lead_scoring_queue_url=settings.lead_scoring_queue_url,
        ),
        ingest_queue_url=settings.ingest_queue_url,
        bodies=ParkedBodies(settings.parked_bodies_bucket),
        signing_keys=SigningKeys(secrets, settings.webhook_signing_keys),
        time_scale=settings.time_scale,
    )


_webhook = build()


@observed
def handler(event: Mapping[str, Any], _context: object) -> Answer:
    budget = TimeBudget(DATABASE_BUDGET_S)
    with limited(_webhook.engine, budget):
        return _webhook.answer(event, budget)
