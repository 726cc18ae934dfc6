"""SQS post-process.fifo → the reply pipeline: replies, approved or delayed sends, suppressions told to Instantly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.bootstrap.workers import build_consumer, build_post_process
from shared.config import PostProcessSettings, Secrets, load_settings
from shared.jobs.consumer import LambdaContext
from shared.observability import observed
from shared.pipelines.run_job import run_post_process_job

settings = load_settings(PostProcessSettings)
consumer = build_consumer(
    settings, settings.post_process_queue_url, build_post_process(settings, Secrets()), run_post_process_job
)


@observed
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return consumer.handle(event, context)
