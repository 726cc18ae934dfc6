"""The composition root: builds what each function needs from its settings. Nothing connects here.

What only some functions need is imported where it is built: the webhook starts with its imports, and never loads the
model's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from shared.config import (
    PARAMETER_STORE_PREFIX,
    ConsumerSettings,
    DatabaseSettings,
    IngestReplaySettings,
    JobQueueSettings,
    LeadScoringSettings,
    MaintenanceSettings,
    PostProcessSettings,
    ProviderSettings,
    Secrets,
    WebhookSettings,
)
from shared.db.engine import make_engine
from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import Provider as ProviderName
from shared.jobs.parked_bodies import ParkedBodies
from shared.jobs.publish import Publisher
from shared.jobs.sqs_client import make_sqs_client
from shared.pipelines.dependencies import Dependencies, Intake
from shared.providers.pacing import LIMIT_WINDOW_S, Pacer
from shared.providers.protocol import Access, Account, Accounts
from shared.providers.registry import PROVIDERS

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from shared.ai.client import ModelClient
    from shared.jobs.consumer import Consumer, Run
    from shared.jobs.outcomes import Outcome

# The webhook's caller waits: for the database (more at its time budget), then for one call of SQS, retried, and one of
# S3, so that the response comes within 15 s.
WEBHOOK_STATEMENT_TIMEOUT_S = 2.0
WEBHOOK_ANSWER_MARGIN_S = 0.5
WEBHOOK_SQS_CONNECT_TIMEOUT_S = 1.0
WEBHOOK_SQS_READ_TIMEOUT_S = 2.0
REPLAY_STATEMENT_TIMEOUT_S = 8.0
REPLAY_ANSWER_MARGIN_S = 1.0

# A server that hangs must cost a worker seconds, not its function's whole time-out. All of a consumer's statements are
# short; maintenance looks through and prunes whole tables.
CONSUMER_STATEMENT_TIMEOUT_S = 15.0
MAINTENANCE_STATEMENT_TIMEOUT_S = 30.0
ANSWER_MARGIN_S = 2.0  # a server that still works cancels the statement itself before we give up on it


def _engine(
    settings: DatabaseSettings,
    secrets: Secrets,
    statement_timeout_s: float,
    *,
    ping: bool,
    margin_s: float = ANSWER_MARGIN_S,
    prepared: bool = False,
) -> Engine:
    return make_engine(
        settings.database_url,
        secrets=secrets,
        statement_timeout_s=statement_timeout_s,
        answer_timeout_s=statement_timeout_s + margin_s,
        prepared=prepared,
        iam_auth=settings.database_iam_auth,
        ping=ping,
    )


def _consumer_engine(settings: ConsumerSettings, secrets: Secrets) -> Engine:
    # Without the ping: the consumer repeats a claim on a dead connection.
    return _engine(settings, secrets, CONSUMER_STATEMENT_TIMEOUT_S, ping=False)


def build_publisher(settings: JobQueueSettings, sqs: SQSClient) -> Publisher:
    return Publisher(
        sqs,
        post_process_queue_url=settings.post_process_queue_url,
        lead_scoring_queue_url=settings.lead_scoring_queue_url,
    )


def model_client(settings: ConsumerSettings, secrets: Secrets) -> Callable[[], ModelClient]:
    """Gives the model client, a new one when the key has changed; one that is refused is read again for the next call.

    The SDK is loaded here, in the function's init phase: half a second that the first job's time-out does not know of.
    """
    import openai  # noqa: F401

    from shared.ai.client import ModelClient

    forget = partial(secrets.forget, settings.openai_api_key)
    keep = _Kept[None, ModelClient](lambda _, key: ModelClient(key, settings.openai_base_url, on_key_refused=forget))
    return lambda: keep.of(None, secrets.resolve(settings.openai_api_key))


@dataclass(frozen=True, slots=True)
class _Environment:
    """What the environment says of a provider. ``credentials``: a path of parameters, each named for its client, or
    one value for every client."""

    base_url: str
    credentials: str


def _environment_of(settings: ProviderSettings, provider: ProviderName) -> _Environment:
    match provider:
        case ProviderName.INSTANTLY:
            return _Environment(settings.instantly_base_url, settings.instantly_api_keys)


def credential_reference(settings: ProviderSettings, ref: AccountRef) -> str:
    """Returns what an account's credential is resolved from: its row's reference, else the environment's rule."""
    if ref.credential_ref is not None:
        return ref.credential_ref
    credentials = _environment_of(settings, ref.provider).credentials
    return f"{credentials}{ref.client_id}" if credentials.startswith(PARAMETER_STORE_PREFIX) else credentials


def provider_accounts(settings: ProviderSettings, secrets: Secrets) -> Accounts:
    """Opens the accounts that the clients have at their providers. Two of ours with one key are one workspace there.

    A key that is refused is read again for the next call: a person may have put the right one there since.
    """
    pacers = dict[tuple[ProviderName, str], Pacer]()

    def make(ref: AccountRef, credential: str) -> Account:
        pacer = pacers.setdefault((ref.provider, credential), make_pacer(ref.provider, settings.time_scale))
        forget = partial(secrets.forget, credential_reference(settings, ref))
        access = Access(_environment_of(settings, ref.provider).base_url, pacer, on_refused=forget)
        return PROVIDERS[ref.provider].account(credential, access)

    keep = _Kept(make)
    return lambda ref: keep.of(ref, secrets.resolve(credential_reference(settings, ref), is_credential=True))


def make_pacer(provider: ProviderName, time_scale: float = 1.0) -> Pacer:
    """Makes the pace of all that have one credential of a provider's."""
    return Pacer(interval_s=PROVIDERS[provider].pace_s * time_scale, window_s=LIMIT_WINDOW_S * time_scale)


class _Kept[O, C]:
    """Accounts and clients that live as long as their key: connections are reused, and a rotated key is taken up."""

    def __init__(self, make: Callable[[O, str], C]) -> None:
        self._make = make
        self._clients: dict[O, tuple[str, C]] = {}

    def of(self, owner: O, key: str) -> C:
        known = self._clients.get(owner)
        if known is None or known[0] != key:
            known = self._clients[owner] = (key, self._make(owner, key))
        return known[1]


# --- What a function gets --------------------------------------------------------------------------------------------


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
        engine=_engine(settings, secrets, statement_timeout_s, margin_s=margin_s, prepared=True, ping=False),
        publisher=build_publisher(settings, sqs),
        sqs=sqs,
        queue_url=settings.ingest_queue_url,
        bodies=ParkedBodies(settings.parked_bodies_bucket),
        time_scale=settings.time_scale,
    )


def build_post_process(settings: PostProcessSettings, secrets: Secrets) -> Dependencies:
    return Dependencies(
        engine=_consumer_engine(settings, secrets),
        publisher=build_publisher(settings, make_sqs_client()),
        accounts=provider_accounts(settings, secrets),
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


def build_maintenance(settings: MaintenanceSettings, secrets: Secrets) -> Dependencies:
    return Dependencies(
        engine=_engine(settings, secrets, MAINTENANCE_STATEMENT_TIMEOUT_S, ping=True),
        publisher=build_publisher(settings, make_sqs_client()),
        accounts=provider_accounts(settings, secrets),
        retention={
            "webhook_event": settings.keep_events_days,
            "quarantined_event": settings.keep_quarantined_events_days,
            "job_step": settings.keep_job_steps_days,
            "ai_interaction": settings.keep_ai_interactions_days,
        },
        time_scale=settings.time_scale,
    )


def build_consumer(
    settings: ConsumerSettings,
    queue_url: str,
    dependencies: Dependencies,
    use_case: Callable[[Dependencies, Run], Outcome],
) -> Consumer:
    """Builds the loop over one queue's records that runs ``use_case`` for each job."""
    from shared.jobs.consumer import Consumer
    from shared.pipelines.job_failures import decide_failure

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
