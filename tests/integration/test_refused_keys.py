"""A key that a provider refuses is read again for the next call, whatever the age of the copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
from aiohttp import web
from pydantic import BaseModel

from local import instantly_sandbox, openai_sandbox
from local.serving import serving
from shared.ai.client import Deadline, ModelUnavailable
from shared.ai.workspace_prefix import Prefix
from shared.bootstrap.accounts import provider_accounts
from shared.bootstrap.workers import model_client
from shared.config import PostProcessSettings, Secrets, SecretUnavailableError, load_settings
from shared.db.engine import make_engine
from shared.domain.accounts import AccountRef
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, Provider
from shared.jobs.outcomes import Retry
from shared.observability import Metric
from shared.pipelines import job_failures
from shared.providers.errors import Refused

CLIENT, OTHER = ClientId(uuid7()), ClientId(uuid7())
INSTANTLY_KEY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:instantly-second"
NO_DATABASE = make_engine("postgresql://nobody@127.0.0.1:9/none")
OPENAI_KEY = "arn:aws:secretsmanager:us-east-1:123456789012:secret:openai"


class Store:
    """Secrets Manager and Parameter Store: what every reference is worth, and how often it was read."""

    def __init__(self) -> None:
        self.value = "old-key"
        self.reads: list[str] = []
        self.secrets = Secrets(self.fetch, lambda: 0.0)  # no copy ever grows old

    def fetch(self, reference: str) -> str:
        self.reads.append(reference)
        return self.value


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def services() -> Iterator[tuple[str, str]]:
    with serving(instantly_sandbox.make_app()) as instantly, serving(openai_sandbox.make_app()) as openai:
        yield instantly, openai


def settings(instantly: str, openai: str, keys: str = "ssm:/keys/") -> PostProcessSettings:
    queues = dict.fromkeys(("POST_PROCESS_QUEUE_URL", "LEAD_SCORING_QUEUE_URL"), "http://127.0.0.1:9")
    return load_settings(
        PostProcessSettings,
        {
            **queues,
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            "MAX_RECEIVE_COUNT": "10",
            "OPENAI_API_KEY": OPENAI_KEY,
            "OPENAI_BASE_URL": f"{openai}/v1",
            **{f"{provider}_API_KEYS": keys for provider in Provider},
            "ADDRESS_HASH_KEY": "h" * 40,
            "INSTANTLY_BASE_URL": instantly,
        },
    )


def refuse_once(url: str, match: str) -> None:
    rule = {"match": match, "status": 401, "count": 1}
    httpx2.put(f"{url}/_faults", json=[rule], trust_env=False).raise_for_status()


def test_instantlys_key_is_read_again_after_it_was_refused(store: Store, services: tuple[str, str]) -> None:
    instantly, openai = services
    of = provider_accounts(settings(instantly, openai), store.secrets, NO_DATABASE)
    client, other = AccountRef(CLIENT, Provider.INSTANTLY), AccountRef(OTHER, Provider.INSTANTLY)
    of(other).hooks()
    refuse_once(instantly, "/webhooks")
    refused = of(client)
    with pytest.raises(Refused):
        refused.hooks()
    store.value = "new-key"  # a person has put the right one there
    of(client).hooks()
    of(other).hooks()
    for account in (refused, of(client), of(other)):
        account.close()
    assert store.reads == [f"ssm:/keys/{OTHER}", f"ssm:/keys/{CLIENT}", f"ssm:/keys/{CLIENT}"]


@pytest.mark.parametrize(
    ("credential_ref", "keys", "reads", "key"),
    [
        (None, "ssm:/keys/", [f"ssm:/keys/{CLIENT}"], "old-key"),
        (None, "one-for-all", [], "one-for-all"),
        ("ssm:/elsewhere/second", "ssm:/keys/", ["ssm:/elsewhere/second"], "old-key"),
        (INSTANTLY_KEY, "one-for-all", [INSTANTLY_KEY], "old-key"),
        ("a-plain-key", "ssm:/keys/", [], "a-plain-key"),
    ],
)
def test_an_accounts_credential_is_what_its_row_refers_to_else_what_the_environment_says(
    store: Store, credential_ref: str | None, keys: str, reads: list[str], key: str
) -> None:
    async def hooks(request: web.Request) -> web.Response:
        headers.append(request.headers["Authorization"])
        return web.json_response({"items": []})

    headers: list[str] = []
    instantly = web.Application()
    instantly.router.add_get("/api/v2/webhooks", hooks)
    ref = AccountRef(CLIENT, Provider.INSTANTLY, credential_ref=credential_ref)
    with (
        serving(instantly) as url,
        closing(provider_accounts(settings(url, "", keys), store.secrets, NO_DATABASE)(ref)) as account,
    ):
        account.hooks()
    assert headers == [f"Bearer {key}"]
    assert store.reads == reads


def test_an_accounts_own_key_is_read_again_after_it_was_refused(store: Store, services: tuple[str, str]) -> None:
    of = provider_accounts(settings(*services), store.secrets, NO_DATABASE)
    ref = AccountRef(CLIENT, Provider.INSTANTLY, credential_ref=INSTANTLY_KEY)
    refuse_once(services[0], "/webhooks")
    with closing(of(ref)) as refused, pytest.raises(Refused):
        refused.hooks()
    store.value = "new-key"
    with closing(of(ref)) as renewed:
        renewed.hooks()
    assert store.reads == [INSTANTLY_KEY, INSTANTLY_KEY]


@pytest.mark.parametrize("credential_ref", [None, "ssm:/elsewhere", INSTANTLY_KEY])
def test_a_credential_that_cannot_be_read_is_the_providers_matter_wherever_it_is(
    services: tuple[str, str], credential_ref: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_: str) -> str:
        raise LookupError

    emitted: list[Metric] = []
    monkeypatch.setattr(job_failures, "emit", emitted.append)
    of = provider_accounts(settings(*services), Secrets(fetch), NO_DATABASE)

    with pytest.raises(SecretUnavailableError) as missing:
        of(AccountRef(CLIENT, Provider.INSTANTLY, credential_ref=credential_ref))

    assert str(missing.value) == f"{credential_ref or f'ssm:/keys/{CLIENT}'}: LookupError"
    assert isinstance(job_failures.decide_failure(missing.value), Retry)
    with pytest.raises(SecretUnavailableError) as models:
        Secrets(fetch).resolve(OPENAI_KEY)
    job_failures.decide_failure(models.value)
    assert emitted == [Metric.PROVIDER_CREDENTIALS_REFUSED, Metric.MODEL_CREDENTIALS_REFUSED]


class Answer(BaseModel):
    text: str


def test_openais_key_is_read_again_after_it_was_refused(store: Store, services: tuple[str, str]) -> None:
    instantly, openai = services
    client = model_client(settings(instantly, openai), store.secrets)

    def ask() -> None:
        client().parse(
            task="test",
            prompt_version="test.v1",
            model="gpt-6-luna",
            prefix=Prefix("", ""),
            instructions="",
            input_text="",
            output=Answer,
            max_output_tokens=100,
            deadline=Deadline(lambda: 60.0),
            record=lambda _: None,
        )

    refuse_once(openai, "/v1/responses")
    refused = client()
    with pytest.raises(ModelUnavailable, match="401"):
        ask()
    store.value = "new-key"  # a person has put the right one there
    with closing(client()) as renewed:
        refused.close()
        assert renewed is not refused
        assert client() is renewed
    assert store.reads == [OPENAI_KEY] * 2
