"""A key that a provider refuses is read again for the next call, whatever the age of the copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
from pydantic import BaseModel

from local import instantly_sandbox, openai_sandbox
from local.serving import serving
from shared.ai.client import Deadline, ModelUnavailable
from shared.bootstrap import model_client, provider_accounts
from shared.config import PostProcessSettings, Secrets, load_settings
from shared.domain.accounts import AccountRef
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId
from shared.providers.errors import Refused

CLIENT, OTHER = ClientId(uuid7()), ClientId(uuid7())
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


def settings(instantly: str, openai: str) -> PostProcessSettings:
    queues = dict.fromkeys(("POST_PROCESS_QUEUE_URL", "LEAD_SCORING_QUEUE_URL"), "http://127.0.0.1:9")
    return load_settings(
        PostProcessSettings,
        {
            **queues,
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            "MAX_RECEIVE_COUNT": "10",
            "OPENAI_API_KEY": OPENAI_KEY,
            "OPENAI_BASE_URL": f"{openai}/v1",
            "INSTANTLY_API_KEYS": "ssm:/keys/",
            "INSTANTLY_BASE_URL": instantly,
        },
    )


def refuse_once(url: str, match: str) -> None:
    rule = {"match": match, "status": 401, "count": 1}
    httpx2.put(f"{url}/_faults", json=[rule], trust_env=False).raise_for_status()


def test_instantlys_key_is_read_again_after_it_was_refused(store: Store, services: tuple[str, str]) -> None:
    instantly, openai = services
    of = provider_accounts(settings(instantly, openai), store.secrets)
    client, other = AccountRef(CLIENT), AccountRef(OTHER)
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
