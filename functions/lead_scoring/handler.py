"""SQS lead-scoring.fifo → lead scoring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.bootstrap.workers import build_consumer, build_lead_scoring
from shared.config import LeadScoringSettings, Secrets, load_settings
from shared.jobs.consumer import LambdaContext
from shared.observability import observed
from shared.pipelines.reply.score_lead import run_lead_scoring

settings = load_settings(LeadScoringSettings)
consumer = build_consumer(
    settings, settings.lead_scoring_queue_url, build_lead_scoring(settings, Secrets()), run_lead_scoring
)


@observed
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.handle(event, context)
