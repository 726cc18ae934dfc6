"""SQS post-process.fifo → the reply pipeline: replies, approved or delayed sends, suppressions told to Instantly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from shared.config import PostProcessSettings, Secrets, load_settings
from shared.jobs.consumer import Consumer, LambdaContext
from shared.jobs.sqs_client import make_sqs_client
from shared.observability import observed
from shared.pipelines.composition import build_post_process
from shared.pipelines.job_failures import decide_failure
from shared.pipelines.run_job import run_post_process_job

settings = load_settings(PostProcessSettings)
dependencies = build_post_process(settings, Secrets())
consumer = Consumer(
    engine=dependencies.engine,
    sqs=make_sqs_client(),
    queue_url=settings.post_process_queue_url,
    publisher=dependencies.publisher,
    run=partial(run_post_process_job, dependencies),
    decide=decide_failure,
    max_receive_count=settings.max_receive_count,
    time_scale=settings.time_scale,
)


@observed
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.handle(event, context)
