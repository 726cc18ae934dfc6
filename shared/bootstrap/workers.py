"""The functions that run jobs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import openai  # noqa: F401 (in the function's init phase: half a second that the first job's time-out does not know of)
from sqlalchemy import Engine

from shared.ai.client import ModelClient
from shared.bootstrap.accounts import provider_accounts
from shared.bootstrap.parts import Kept, build_engine, build_publisher
from shared.config import (
    ConsumerSettings,
    LeadScoringSettings,
    PostProcessSettings,
    Secrets,
)
from shared.jobs.consumer import Consumer, Run
from shared.jobs.outcomes import Outcome
from shared.jobs.sqs_client import make_sqs_client
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.job_failures import decide_failure

# A server that hangs must cost a worker seconds, not its function's whole time-out. All of a consumer's statements are
# short.
CONSUMER_STATEMENT_TIMEOUT_S = 15.0


def _consumer_engine(settings: ConsumerSettings, secrets: Secrets) -> Engine:
    # Without the ping: the consumer repeats a claim on a dead connection.
    return build_engine(settings, secrets, CONSUMER_STATEMENT_TIMEOUT_S, prepared=True, ping=False)


def model_client(settings: ConsumerSettings, secrets: Secrets) -> Callable[[], ModelClient]:
    """Gives the model client, a new one when the key has changed; a refused key is read again for the next call."""
    forget = partial(secrets.forget, settings.openai_api_key)
    keep = Kept[None, ModelClient](lambda _, key: ModelClient(key, settings.openai_base_url, on_key_refused=forget))
    return lambda: keep.of(None, secrets.resolve(settings.openai_api_key))


def build_post_process(settings: PostProcessSettings, secrets: Secrets) -> Dependencies:
    engine = _consumer_engine(settings, secrets)
    return Dependencies(
        engine=engine,
        publisher=build_publisher(settings, make_sqs_client()),
        accounts=provider_accounts(settings, secrets, engine),
        hash_address=secrets.address_hash_key(settings.address_hash_key).hash_of,
        model=model_client(settings, secrets),
        time_scale=settings.time_scale,
    )


def build_lead_scoring(settings: LeadScoringSettings, secrets: Secrets) -> Dependencies:
    return Dependencies(
        engine=_consumer_engine(settings, secrets),
        publisher=build_publisher(settings, make_sqs_client()),
        model=model_client(settings, secrets),
        time_scale=settings.time_scale,
    )


def build_consumer(
    settings: ConsumerSettings,
    queue_url: str,
    dependencies: Dependencies,
    use_case: Callable[[Dependencies, Run], Outcome],
) -> Consumer:
    """Builds the loop over one queue's records that runs ``use_case`` for each job."""
    return Consumer(
        engine=dependencies.engine,
        sqs=make_sqs_client(),
        queue_url=queue_url,
        publisher=dependencies.publisher,
        run=partial(use_case, dependencies),
        decide=decide_failure,
        max_receive_count=settings.max_receive_count,
        time_scale=settings.time_scale,
    )
