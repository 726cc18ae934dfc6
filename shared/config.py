"""Environment variables as one pydantic model per function, and the secrets that they point to.

A variable that holds a secret may hold a reference instead of the value: ``arn:aws:secretsmanager:…`` is read from
Secrets Manager, ``ssm:/a/path/`` from SSM Parameter Store. In the cloud they always do; the local stack sets the same
variables to plain values. Fetched values are kept for five minutes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from math import inf
from typing import Any

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.domain.address_hash import AddressHashKey
from shared.domain.signing_keys import SigningKeySet
from shared.domain.vocabulary import Provider
from shared.domain.webhook_token import RenewableKeys

SECRET_CACHE_S = 300.0
SECRET_RETRY_S = 60.0
KEYS_READ_AGAIN_S = 10.0  # at the most often, for tokens that no known key made: anybody can send those
SECRET_CONNECT_TIMEOUT_S = 1.0
SECRET_READ_TIMEOUT_S = 1.5  # with the retry about four seconds: a request may have to wait for it
SECRET_ATTEMPTS = 2
SECRETS_MANAGER_PREFIX = "arn:aws:secretsmanager:"
PARAMETER_STORE_PREFIX = "ssm:"
SET_THESE = "set these environment variables"


class SettingsError(RuntimeError):
    """A variable that is missing or wrong; the message names each one and what is expected."""


class SecretUnavailableError(RuntimeError):
    """A secret that cannot be read and has no earlier value. The message names the reference, never a value.

    ``is_credential``: an account's at a provider.
    """

    def __init__(self, reference: str, cause: Exception, *, is_credential: bool = False) -> None:
        super().__init__(f"{reference}: {type(cause).__name__}")
        self.is_credential = is_credential


class Settings(BaseModel):
    """The settings of every function. Field names are the variables' names in lower case."""

    model_config = ConfigDict(frozen=True, alias_generator=AliasGenerator(validation_alias=str.upper))

    log_level: str = "INFO"
    time_scale: float = Field(default=1.0, gt=0)  # tests only: leases, backoff and delays of jobs are multiplied by it


class DatabaseSettings(Settings):
    database_url: str  # a libpq URL (or a reference); without a password an RDS IAM token is used when *_iam_auth
    database_iam_auth: bool = False


class JobQueueSettings(Settings):
    post_process_queue_url: str
    lead_scoring_queue_url: str


class IntakeSettings(DatabaseSettings, JobQueueSettings):
    address_hash_key: str  # never rotated (shared/domain/address_hash.py)


class IngestReplaySettings(IntakeSettings):
    ingest_queue_url: str
    parked_bodies_bucket: str | None = None  # for what no message of the ingest queue can carry; None: it is shortened


class WebhookSettings(IngestReplaySettings):
    webhook_signing_keys: str  # JSON {"current": …, "previous": …}; previous may be missing


class ConsumerSettings(DatabaseSettings, JobQueueSettings):
    openai_api_key: str
    openai_base_url: str | None = None
    max_receive_count: int = Field(ge=1)


class ProviderAccess(BaseModel):
    """The words of the environment on the accounts at one provider."""

    model_config = ConfigDict(frozen=True)

    api_keys: str  # "ssm:/path/" (the client's id is appended), or one key for every client
    base_url: str | None = None  # in place of the API's own root


class ProviderSettings(Settings):
    """The variables <NAME>_API_KEYS and <NAME>_BASE_URL of each provider that the environment names.

    Which of them are needed is for the registry to say (``shared.bootstrap.accounts``).
    """

    providers: Mapping[Provider, ProviderAccess]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, variables: Mapping[str, str]) -> dict[str, Any]:
        found = {
            provider: {"api_keys": keys, "base_url": variables.get(f"{provider}_BASE_URL")}
            for provider in Provider
            if (keys := variables.get(f"{provider}_API_KEYS")) is not None
        }
        return {**variables, "PROVIDERS": found}


class PostProcessSettings(ConsumerSettings, ProviderSettings):
    address_hash_key: str  # as of IntakeSettings: it learns addresses, too


class LeadScoringSettings(ConsumerSettings):
    pass


class MaintenanceSettings(IntakeSettings, ProviderSettings):
    keep_events_days: int = Field(default=30, ge=1)
    keep_quarantined_events_days: int = Field(default=365, ge=1)
    keep_job_steps_days: int = Field(default=30, ge=1)
    keep_ai_interactions_days: int = Field(default=90, ge=1)
    keep_sent_copies_days: int = Field(default=60, ge=1)


class MigrateSettings(DatabaseSettings):
    database_admin_secret: str | None = None  # who may create the two users of a new database; None: they are there
    database_app_user: str | None = None  # the functions' user, which gets its grants here; None: one user does it all


def load_settings[S: Settings](model: type[S], environment: Mapping[str, str] | None = None) -> S:
    """Loads the settings of one function, from ``environment`` (the process's own when omitted).

    Raises SettingsError naming every variable that is missing or wrong, all at once. An empty value counts as missing.
    """
    source = os.environ if environment is None else environment
    try:
        return model.model_validate({name: value for name, value in source.items() if value != ""})
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in problem['loc'])}: "
            + ("missing" if problem["type"] == "missing" else problem["msg"])
            for problem in error.errors(include_input=False)
        ]
        raise SettingsError(f"{model.__name__}: {SET_THESE}: " + "; ".join(problems)) from None


class Secrets:
    """A resolver of references to secrets that keeps each value for five minutes.

    ``fetch`` reads one reference; tests pass their own. The AWS clients are made on first use, so a process
    that holds plain values never loads them.
    """

    def __init__(self, fetch: Callable[[str], str] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch or _fetch_from_aws
        self._clock = clock
        self._values: dict[str, tuple[float, str]] = {}

    @staticmethod
    def is_reference(value: str) -> bool:
        return value.startswith((SECRETS_MANAGER_PREFIX, PARAMETER_STORE_PREFIX))

    def forget(self, reference: str) -> None:
        """Has the value read anew on its next use; until that succeeds the known one stays in use."""
        known = self._values.get(reference)
        if known is not None:
            self._values[reference] = (-inf, known[1])

    def resolve(self, value: str, *, is_credential: bool = False) -> str:
        """Returns the secret that ``value`` refers to, or ``value`` itself when it is no reference.

        A value that was read before stays in use while AWS does not respond. Raises SecretUnavailableError when there
        is none. ``is_credential``: it is an account's at a provider.
        """
        if not self.is_reference(value):
            return value
        cached = self._values.get(value)
        if cached is not None and self._clock() - cached[0] < SECRET_CACHE_S:
            return cached[1]
        try:
            secret = self._fetch(value)
        except Exception as error:
            if cached is None:
                raise SecretUnavailableError(value, error, is_credential=is_credential) from error
            secret = cached[1]
        self._values[value] = (self._clock(), secret)
        return secret

    def signing_keys(self, value: str) -> tuple[str, ...]:
        """Returns the webhook's accepted signing keys, the current one first.

        Raises SettingsError when there is no usable key: the webhook must not start open.
        """
        try:
            return SigningKeySet.parse(self.resolve(value)).accepted
        except ValueError as error:
            raise SettingsError(f"WEBHOOK_SIGNING_KEYS: {error}") from None

    def address_hash_key(self, value: str) -> AddressHashKey:
        """Returns the key that addresses are hashed with. Raises SettingsError when it is too short to be one."""
        try:
            return AddressHashKey(self.resolve(value))
        except ValueError as error:
            raise SettingsError(f"ADDRESS_HASH_KEY: {error}") from None


class SigningKeys:
    """The webhook's accepted keys at the moment. Raises SettingsError when made without a usable key.

    Once there were keys, a Secrets Manager that does not respond (or a secret that somebody broke) changes nothing: the
    earlier keys stay in force, since refusing every delivery makes Instantly disable the hook.
    """

    def __init__(self, secrets: Secrets, value: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._secrets = secrets
        self._value = value
        self._clock = clock
        self._keys = secrets.signing_keys(value)
        self._not_before = 0.0
        self._not_again_before = 0.0

    def __call__(self) -> RenewableKeys:
        """Returns the keys, the current one first; read again when five minutes old, a minute later after a failure.

        For a token that no known key made, ``verify_token`` has them read again at once.
        """
        if self._clock() >= self._not_before:
            try:
                self._keys = self._secrets.signing_keys(self._value)
            except Exception as error:
                from shared.observability import logger

                self._not_before = self._clock() + SECRET_RETRY_S
                logger.error("signing keys not read; the former ones stay", extra={"error": type(error).__name__})
        return RenewableKeys.of(self._keys, self.read_again)

    def read_again(self) -> RenewableKeys:
        """Returns the keys as they are now, though read at most every ten seconds."""
        if self._clock() >= self._not_again_before:
            self._not_again_before = self._clock() + KEYS_READ_AGAIN_S
            self._not_before = 0.0
            self._secrets.forget(self._value)
        return self()


@cache
def _aws_client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=SECRET_CONNECT_TIMEOUT_S,
        read_timeout=SECRET_READ_TIMEOUT_S,
        retries={"total_max_attempts": SECRET_ATTEMPTS, "mode": "standard"},
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]


def _fetch_from_aws(reference: str) -> str:
    if reference.startswith(SECRETS_MANAGER_PREFIX):
        return str(_aws_client("secretsmanager").get_secret_value(SecretId=reference)["SecretString"])
    name = reference.removeprefix(PARAMETER_STORE_PREFIX)
    return str(_aws_client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
