"""SQS lead-scoring.fifo → lead scoring."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from shared.config import LeadScoringSettings, Secrets, load_settings
from shared.jobs.consumer import Consumer, LambdaContext
from shared.jobs.sqs_client import make_sqs_client
from shared.observability import observed
from shared.pipelines.composition import build_lead_scoring
from shared.pipelines.job_failures import decide_failure
from shared.pipelines.score_lead import run_lead_scoring

settings = load_settings(LeadScoringSettings)
dependencies = build_lead_scoring(settings, Secrets())
consumer = Consumer(
    engine=dependencies.engine,
    sqs=make_sqs_client(),
    queue_url=settings.lead_scoring_queue_url,
    publisher=dependencies.publisher,
    run=partial(run_lead_scoring, dependencies),
    decide=decide_failure,
    max_receive_count=settings.max_receive_count,
    time_scale=settings.time_scale,
)


@observed
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.handle(event, context)
