"""The consumer as deployed, with a model and a provider that respond at once (or after a set time)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

from pydantic import BaseModel

from shared.ai.client import ModelClient
from shared.bootstrap.workers import build_consumer, build_post_process
from shared.config import PostProcessSettings, Secrets, load_settings
from shared.domain.interaction import Interaction
from shared.domain.vocabulary import InteractionStatus
from shared.jobs.consumer import Consumer
from shared.pipelines.run_job import run_post_process_job
from shared.providers.instantly.account import InstantlyAccount
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Email, SentEmail
from shared.providers.instantly.leads import ProviderLead

ANSWERS: dict[str, dict[str, Any]] = {
    "sentiment": {
        "reason": "asks for more",
        "tag": "Interested",
        "opt_out_reason": "",
        "opt_out": "NONE",
        "quoted_words": "",
    },
    "draft": {
        "language": "en",
        "questions": [],
        "greeting": "Hi,",
        "body": "happy to tell you more. Which part matters most to you?",
        "closing": "Best,",
        "we_owe": [],
    },
    "reply_evaluation": {"findings": [], "confidence": 0.97},
    "lead_score": {"reason": "fits", "fit": 3, "intent": 4, "overall": 4},
}


class CannedModel:
    """A model that does every task in ``latency_s`` seconds."""

    def __init__(self, latency_s: float) -> None:
        self._latency_s = latency_s

    def parse(
        self, *, task: str, prompt_version: str, model: str, output: type[BaseModel], record: Any, **_: Any
    ) -> Any:
        if self._latency_s:
            time.sleep(self._latency_s)
        record(
            Interaction(
                feature=task,
                prompt_version=prompt_version,
                model=model,
                input_tokens=900,
                output_tokens=60,
                reasoning_tokens=20,
                cost_usd=Decimal("0.000321"),
                latency_ms=round(self._latency_s * 1000),
                status=InteractionStatus.SUCCESS,
                error=None,
                created_at=datetime.now(UTC),
            )
        )
        return output.model_validate(ANSWERS[task])


class CannedProvider:
    """A provider that knows every email and takes every send, at once."""

    def get_email(self, email_id: str, **_: Any) -> Email:
        return Email(
            id=email_id,
            thread_id=f"thread-{email_id}",
            message_id=None,
            from_email=None,
            to=(),
            copies=(),
            attachments=(),
            lead=None,
            eaccount="sam@send.test",
            ue_type=2,
            campaign_id=None,
            subject="Re: quick question",
            text=None,
            html=None,
            snippet=None,
            timestamp_created=datetime.now(UTC),
            timestamp_email=None,
            is_auto_reply=False,
            raw={},
        )

    def list_leads(self, **_: Any) -> Iterator[ProviderLead]:
        """Returns no lead: nobody objects."""
        return iter(())

    def is_on_block_list(self, value: str, **_: Any) -> bool:  # noqa: ARG002
        return False

    def reply(self, **_: Any) -> SentEmail:
        return SentEmail(id=str(uuid4()), message_id=None, thread_id=None, timestamp_created=datetime.now(UTC))


def post_process_consumer(model_latency_s: float = 0.0) -> Consumer:
    """Returns the deployed post_process function's consumer with canned services behind it."""
    settings = load_settings(PostProcessSettings)
    dependencies = replace(
        build_post_process(settings, Secrets()),
        model=lambda: cast("ModelClient", CannedModel(model_latency_s)),
        accounts=lambda _: InstantlyAccount(cast("InstantlyClient", CannedProvider())),
    )
    return build_consumer(settings, settings.post_process_queue_url, dependencies, run_post_process_job)


def event_of(message: Any) -> dict[str, Any]:
    """Returns a received SQS message as a Lambda event."""
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
    }
    return {"Records": [record]}


def invocation() -> Any:
    """Returns Lambda's context object for an invocation that has three minutes."""
    ends_at = time.monotonic() + 180
    remaining: Callable[[], int] = lambda: int((ends_at - time.monotonic()) * 1000)  # noqa: E731
    return SimpleNamespace(aws_request_id=str(uuid4()), get_remaining_time_in_millis=remaining)
