"""Settings from the environment, and the secrets that they refer to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

import boto3
import pytest
from moto import mock_aws

from shared import config
from shared.bootstrap.accounts import provider_accounts
from shared.config import (
    SECRET_CACHE_S,
    MaintenanceSettings,
    PostProcessSettings,
    ProviderAccess,
    Secrets,
    SecretUnavailableError,
    SettingsError,
    load_settings,
)
from shared.db.engine import make_engine
from shared.domain.vocabulary import ClientId, Provider
from shared.providers.registry import PROVIDERS

COMPLETE = {
    "DATABASE_URL": "postgresql://app@db/replies",
    "POST_PROCESS_QUEUE_URL": "https://sqs/post-process",
    "LEAD_SCORING_QUEUE_URL": "https://sqs/lead-scoring",
    "OPENAI_API_KEY": "sk-test",
    **{f"{provider}_API_KEYS": "ssm:/keys/" for provider in Provider},
    "ADDRESS_HASH_KEY": "h" * 40,
    "MAX_RECEIVE_COUNT": "10",
}
CLIENT = ClientId(UUID("019aa0f0-3a10-7c11-9d11-000000000001"))


def test_settings_come_from_the_environment_with_sensible_defaults() -> None:
    settings = load_settings(PostProcessSettings, COMPLETE)
    assert settings.max_receive_count == 10
    assert settings.openai_base_url is None
    assert settings.providers[Provider.INSTANTLY] == ProviderAccess(api_keys="ssm:/keys/")
    assert settings.time_scale == 1.0


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(PostProcessSettings, {"DATABASE_URL": "postgresql://app@db/replies", "OPENAI_API_KEY": ""})
    for name in ("POST_PROCESS_QUEUE_URL", "LEAD_SCORING_QUEUE_URL", "OPENAI_API_KEY", "MAX_RECEIVE_COUNT"):
        assert f"{name}: missing" in str(error.value)
    assert "DATABASE_URL" not in str(error.value)


def test_accounts_are_opened_for_every_provider_of_the_registry_or_for_none() -> None:
    settings = load_settings(
        PostProcessSettings, {name: COMPLETE[name] for name in COMPLETE if "_API_KEYS" not in name}
    )
    with pytest.raises(SettingsError) as error:
        provider_accounts(settings, Secrets(), make_engine("postgresql://nobody@127.0.0.1:9/none"))
    for provider in PROVIDERS:
        assert f"{provider}_API_KEYS: missing" in str(error.value)


def test_a_wrong_value_is_named_and_never_shown() -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(PostProcessSettings, {**COMPLETE, "MAX_RECEIVE_COUNT": "sk-oops"})
    assert "MAX_RECEIVE_COUNT" in str(error.value)
    assert "sk-oops" not in str(error.value)


@pytest.mark.parametrize(
    "name", ["KEEP_EVENTS_DAYS", "KEEP_JOB_STEPS_DAYS", "KEEP_AI_INTERACTIONS_DAYS", "KEEP_SENT_COPIES_DAYS"]
)
def test_retention_is_at_least_a_day(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings(MaintenanceSettings, {**COMPLETE, name: "0"})


def test_a_key_that_is_too_short_to_hash_addresses_with_is_named_and_never_shown() -> None:
    with pytest.raises(SettingsError, match="ADDRESS_HASH_KEY") as error:
        Secrets().address_hash_key("short-key")
    assert "short-key" not in str(error.value)


def test_a_plain_value_is_itself_and_never_fetched() -> None:
    def fetch(_: str) -> str:
        raise AssertionError("fetched")

    assert Secrets(fetch).resolve("postgresql://app@db/replies") == "postgresql://app@db/replies"


def test_a_reference_is_read_once_in_five_minutes_and_an_old_value_outlasts_an_outage() -> None:
    now, answers = [0.0], ["first", "second"]

    def fetch(_: str) -> str:
        if not answers:
            raise TimeoutError
        return answers.pop(0)

    secrets = Secrets(fetch, lambda: now[0])
    assert [secrets.resolve("ssm:/key") for _ in range(3)] == ["first"] * 3
    now[0] += SECRET_CACHE_S
    assert secrets.resolve("ssm:/key") == "second"
    now[0] += SECRET_CACHE_S
    assert secrets.resolve("ssm:/key") == "second"


def test_a_forgotten_reference_is_read_anew_and_stays_known_until_then() -> None:
    answers: list[str | Exception] = ["first", TimeoutError(), "second"]

    def fetch(_: str) -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    secrets = Secrets(fetch)
    secrets.forget("ssm:/key")  # harmless before the first read
    assert secrets.resolve("ssm:/key") == "first"
    for expected in ("first", "second"):
        secrets.forget("ssm:/key")
        assert secrets.resolve("ssm:/key") == expected
    assert answers == []


def test_a_secret_that_was_never_read_is_named() -> None:
    def fetch(_: str) -> str:
        raise LookupError("no such parameter")

    with pytest.raises(SecretUnavailableError, match="ssm:/keys/"):
        Secrets(fetch).resolve(f"ssm:/keys/{CLIENT}")


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        config._aws_client.cache_clear()
        yield
        config._aws_client.cache_clear()


@pytest.mark.usefixtures("aws")
def test_references_are_read_from_secrets_manager_and_parameter_store() -> None:
    keys = {"current": "a" * 32, "previous": "b" * 32}
    arn = boto3.client("secretsmanager").create_secret(Name="signing", SecretString=json.dumps(keys))["ARN"]
    boto3.client("ssm").put_parameter(Name=f"/keys/{CLIENT}", Value="instantly-key", Type="SecureString")
    secrets = Secrets()
    assert secrets.signing_keys(arn) == ("a" * 32, "b" * 32)
    assert secrets.resolve(f"ssm:/keys/{CLIENT}") == "instantly-key"
