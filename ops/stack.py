"""The target of the commands: the running local stack, or the system that environment variables point to.

``DATABASE_URL``, the queues' variables (``infra.topology`` names them), ``WEBHOOK_SIGNING_KEYS`` and ``API_URL`` win
over the stack's own values where they are set: the same commands work on a system that runs elsewhere, as in AWS.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from infra.topology import TOPOLOGY
from ops.errors import CommandError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from sqlalchemy import Connection, Engine

    from shared.config import ProviderSettings
    from shared.db.clients import Client
    from shared.domain.address_hash import HashAddress
    from shared.domain.signing_keys import SigningKeySet
    from shared.jobs.publish import Publisher

REPOSITORY = Path(__file__).resolve().parent.parent
SANDBOX_KEY = "local"  # the sandbox takes any
NO_STACK = CommandError("No local stack is running.", "Start one with: make up")


@dataclass(frozen=True, slots=True)
class Stack:
    """The addresses of a running local stack, from its stack.json."""

    path: Path
    api_url: str
    database_url: str
    sqs_endpoint: str
    queues: Mapping[str, str]
    sandboxes: Mapping[str, str]  # the roots of the providers' APIs there, by the provider's name
    openai_url: str
    client_id: UUID

    @property
    def model_is_offline(self) -> bool:
        """True when the offline rules server stands in for OpenAI."""
        return urlsplit(self.openai_url).hostname == "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Target:
    """The target of the commands; ``stack`` is None when only environment variables say where it is."""

    stack: Stack | None
    environment: Mapping[str, str]

    def database_url(self) -> str:
        url = self.environment.get("DATABASE_URL")
        if url:
            return resolve("DATABASE_URL", url)
        if self.stack is None:
            raise NO_STACK
        return self.stack.database_url

    def queue_url(self, name: str, variable: str) -> str:
        """Returns the URL of the queue ``name`` of the topology. Raises CommandError."""
        url = self.environment.get(variable)
        if url:
            return url
        if self.stack is None:
            raise CommandError("No local stack is running.", f"Start one with make up, or set {variable}.")
        if name not in self.stack.queues:
            raise CommandError(f"{self.stack.path} names no queue {name}.", "Restart the stack: make up")
        return self.stack.queues[name]

    def queue_urls(self) -> dict[str, str]:
        """Returns the known URLs of the topology's queues by name."""
        if self.stack is not None and not self._queues_are_elsewhere:
            return dict(self.stack.queues)
        found = {queue.name: self.environment.get(queue.variable or "") for queue in TOPOLOGY.queues}
        return {name: url for name, url in found.items() if url}

    @property
    def queue_remedy(self) -> str:
        """Advice about a queue that does not respond."""
        if self.stack is None or self._queues_are_elsewhere:
            return "Are the queue's variable, the region and the credentials right?"
        return "Is the stack still running? Start it with: make up"

    @property
    def _queues_are_elsewhere(self) -> bool:
        return bool(self.environment.get("POST_PROCESS_QUEUE_URL"))

    def signing_keys(self) -> tuple[str, ...]:
        """Returns the keys that webhook tokens are made with, the current one first. Raises CommandError."""
        from shared.config import Secrets, SettingsError

        value = resolve("WEBHOOK_SIGNING_KEYS", self.environment.get("WEBHOOK_SIGNING_KEYS", ""))
        source = "WEBHOOK_SIGNING_KEYS"
        if not value:
            source, key = "identity.json", self._kept_key("signing key", "signing_key", variable=source)
            value = json.dumps({"current": key})
        try:
            return Secrets().signing_keys(value)
        except SettingsError as error:
            raise CommandError(f"{source}: {str(error).removeprefix('WEBHOOK_SIGNING_KEYS: ')}") from None

    def hash_address(self) -> HashAddress:
        """Returns the hash of addresses with this stage's key. Raises CommandError."""
        from shared.config import Secrets, SettingsError

        value = resolve("ADDRESS_HASH_KEY", self.environment.get("ADDRESS_HASH_KEY", ""))
        value = value or self._kept_key("key of address hashes", "address_hash_key", variable="ADDRESS_HASH_KEY")
        try:
            return Secrets().address_hash_key(value).hash_of
        except SettingsError as error:
            raise CommandError(f"{error}.") from None

    def _kept_key(self, what: str, name: str, *, variable: str) -> str:
        """Reads a key that the local stack keeps beside its stack.json."""
        if self.stack is None:
            raise CommandError(f"The {what} is unknown.", f"Start a stack, or set {variable}.")
        path = self.stack.path.with_name("identity.json")
        try:
            return str(json.loads(path.read_text(encoding="utf-8"))[name])
        except (OSError, ValueError, KeyError, TypeError):
            raise CommandError(
                f"The stack's {what} cannot be read from {path}.", f"Restart the stack, or set {variable}."
            ) from None

    def signing_key_secret(self) -> SigningKeySecret:
        """Returns the secret that holds the signing keys. Raises CommandError when they are a plain value here."""
        from shared.config import SECRETS_MANAGER_PREFIX

        reference = self.environment.get("WEBHOOK_SIGNING_KEYS", "")
        if reference.startswith(SECRETS_MANAGER_PREFIX):
            return SigningKeySecret(reference)
        if reference or self.stack is None:
            raise CommandError(
                "WEBHOOK_SIGNING_KEYS is not the ARN of a secret: there is nothing to stage a new key in.",
                "On a stage: .venv/bin/python -m infra.operate STAGE -- keys rotate",
            )
        raise CommandError(
            "The local stack's signing key is a plain value that its functions get when they start: it cannot be"
            " rotated while they run.",
            "One workspace's token can: replyctl client token --rotate",
        )

    def api_root(self, given: str | None = None) -> str:
        """Returns the root of our API as providers reach it; empty where nothing says it."""
        return (given or self.environment.get("API_URL") or (self.stack.api_url if self.stack else "")).rstrip("/")

    def sqs(self) -> SQSClient:
        """Makes an SQS client with short time-outs: a person is waiting."""
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2, "mode": "standard"})
        if self.stack is None or self._queues_are_elsewhere:
            try:
                return boto3.client("sqs", config=config)
            except BotoCoreError as error:  # no region
                raise CommandError(f"SQS cannot be asked: {error}", "Set AWS_REGION, and credentials.") from None
        return boto3.client(
            "sqs",
            endpoint_url=self.stack.sqs_endpoint,
            region_name="us-east-1",
            aws_access_key_id="local",  # the local SQS takes any, but the SDK signs with something
            aws_secret_access_key="local",  # noqa: S106
            config=config,
        )

    def dead_letter_queues(self) -> dict[str, str]:
        """Returns the topology's dead-letter queues: URL by name. Raises CommandError when none is known here."""
        names = {queue.dead_letter_queue for queue in TOPOLOGY.queues}
        found = {name: url for name, url in self.queue_urls().items() if name in names}
        if not found:
            raise CommandError("No local stack is running.", "Start one with make up; for AWS see docs/deploy.md.")
        return found

    def provider_settings(self) -> ProviderSettings:
        """Returns where the providers' APIs are and what credentials are resolved from: the sandboxes' on a stack."""
        from shared.config import ProviderSettings
        from shared.domain.vocabulary import Provider

        given = {"TIME_SCALE": self.environment.get("TIME_SCALE")}
        for provider in Provider:
            keys, url = (self.environment.get(f"{provider}_{field}") for field in ("API_KEYS", "BASE_URL"))
            sandbox = self.stack.sandboxes.get(provider) if self.stack is not None and not keys else None
            given[f"{provider}_API_KEYS"] = keys or (SANDBOX_KEY if sandbox else "")
            given[f"{provider}_BASE_URL"] = url or sandbox
        return ProviderSettings.model_validate({name: value for name, value in given.items() if value is not None})

    @contextmanager
    def publisher(self) -> Iterator[Publisher]:
        """Yields a publisher of committed jobs; log and metrics, which go to standard output, are silent."""
        from shared.jobs.publish import Publisher
        from shared.observability import silenced

        with silenced():
            yield Publisher(
                self.sqs(),
                post_process_queue_url=self.queue_url("post-process.fifo", "POST_PROCESS_QUEUE_URL"),
                lead_scoring_queue_url=self.queue_url("lead-scoring.fifo", "LEAD_SCORING_QUEUE_URL"),
            )

    @contextmanager
    def database(self) -> Iterator[Engine]:
        """Opens an engine on the database. Raises CommandError when it cannot be reached or has another schema."""
        from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

        from shared.db.engine import make_engine
        from shared.db.outages import is_other_schema

        url = self.database_url()
        where = "DATABASE_URL" if self.environment.get("DATABASE_URL") else f"database_url of {self._path}"
        try:
            engine = make_engine(url, iam_auth=self.environment.get("DATABASE_IAM_AUTH") == "true")
        except ArgumentError:
            raise CommandError(f"{where} is no database URL.", "It looks like postgresql://user@host/name") from None
        try:
            yield engine
        except OperationalError as error:
            remedy = "Is the stack still running? Start it with: make up"
            raise CommandError(f"The database of {where} does not respond: {_first_line(error)}", remedy) from None
        except ProgrammingError as error:
            if not is_other_schema(error):
                raise
            raise CommandError(f"The database of {where} has another schema: {_first_line(error)}", MIGRATE) from None
        finally:
            engine.dispose()

    @contextmanager
    def workspace(self, reference: str | None) -> Iterator[tuple[Connection, Client]]:
        """Opens a transaction on the database, with the workspace that ``reference`` names, as ``client`` finds it."""
        with self.database() as engine:
            client = self.client(engine, reference)
            with engine.begin() as connection:
                yield connection, client

    def client(self, engine: Engine, reference: str | None) -> Client:
        """Finds the workspace that ``reference`` names (id or name), else the stack's own, or the only one there is.

        Raises CommandError.
        """
        from shared.db.clients import list_clients

        with engine.connect() as connection:
            clients = list_clients(connection)
        if reference is None and self.stack is not None and not self.environment.get("DATABASE_URL"):
            reference = str(self.stack.client_id)
        matches = [
            client
            for client in clients
            if reference is None
            or reference.lower() == str(client.id)
            or reference.casefold() == client.name.casefold()
        ]
        if len(matches) == 1:
            return matches[0]
        if not clients:
            raise CommandError("There is no workspace yet.", 'Make one with: replyctl client add "Its name"')
        names = ", ".join(f"{client.name} ({client.id})" for client in (matches or clients)[:10])
        if matches:
            which = (
                "Several workspaces are there" if reference is None else f"Several workspaces are called {reference}"
            )
            raise CommandError(f"{which}.", f"Name one by its id: {names}")
        raise CommandError(f"There is no workspace {reference}.", f"There are: {names}")

    def require_owner(
        self, engine: Engine, reference: str | None, owners: Mapping[UUID, UUID | None], what: str
    ) -> None:
        """Holds a command with --client to that workspace. Raises CommandError for a row of any other workspace.

        ``owners`` maps the id of each row that the command names to its client, or to None when there is no such row;
        ``what`` is an operator's word for such a row.
        """
        if reference is None:
            return
        workspace = self.client(engine, reference)
        for id, owner in owners.items():
            if owner != workspace.id:
                raise CommandError(
                    f"{workspace.name} has no {what} {id}.",
                    "Another workspace may: name that one, or leave --client out.",
                )

    @property
    def _path(self) -> str:
        return "the environment" if self.stack is None else str(self.stack.path)


@dataclass(frozen=True, slots=True)
class SigningKeySecret:
    """The signing keys in Secrets Manager, always read anew. Raises CommandError when AWS refuses or fails."""

    arn: str

    def read(self) -> SigningKeySet:
        from botocore.exceptions import BotoCoreError, ClientError

        from shared.domain.signing_keys import SigningKeySet

        try:
            return SigningKeySet.parse(self._client().get_secret_value(SecretId=self.arn)["SecretString"])
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"The signing keys cannot be read: {error}.", "May these credentials read it?") from None
        except ValueError as error:
            raise CommandError(f"The secret {self.arn} holds no signing keys: {error}.") from None

    def put(self, keys: SigningKeySet) -> SigningKeySet:
        """Makes ``keys`` the secret's value, and returns them."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client().put_secret_value(SecretId=self.arn, SecretString=keys.to_json())
        except (BotoCoreError, ClientError) as error:
            raise CommandError(
                f"The signing keys cannot be changed: {error}.", "The keys of before are in force."
            ) from None
        return keys

    @staticmethod
    def _client() -> SecretsManagerClient:
        import boto3

        return boto3.client("secretsmanager")


MIGRATE = "Bring it to the newest schema: restart the stack with make up, or run the migrate function."


def resolve(name: str, value: str) -> str:
    """Returns the value of the variable ``name``, or the secret that it refers to.

    Raises CommandError when the secret cannot be read.
    """
    from shared.config import Secrets, SecretUnavailableError

    try:
        return Secrets().resolve(value)
    except SecretUnavailableError as error:
        raise CommandError(
            f"{name} cannot be read: {error}.", "Is it there, and may these credentials read it?"
        ) from None


def target(stack_file: str | None) -> Target:
    """Finds the target from --stack, REPLYCTL_STACK, the repository's own stack, or the environment."""
    environment = os.environ
    explicit = stack_file or environment.get("REPLYCTL_STACK")
    path = Path(explicit) if explicit else REPOSITORY / ".local" / "stack.json"
    if not path.exists():
        if explicit:
            raise CommandError(f"No stack is running at {path}: there is no such file.", "Start one with: make up")
        return Target(stack=None, environment=environment)
    return Target(stack=read_stack(path), environment=environment)


def read_stack(path: Path) -> Stack:
    """Reads a stack.json. Raises CommandError when it is none."""
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Stack(
            path=path,
            api_url=values["api_url"],
            database_url=values["database_url"],
            sqs_endpoint=values["sqs_endpoint"],
            queues=dict(values["queues"]),
            sandboxes={name[: -len("_url")].upper(): url for name, url in values.items() if name.endswith("_url")},
            openai_url=values["openai_url"],
            client_id=UUID(values["client"]["id"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise CommandError(
            f"{path} is no stack.json: {what}.", "Delete it and start the stack again: make up"
        ) from None


def login_name() -> str:
    """Returns the login of the person at this terminal, for the record of a decision."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"


def parse_id(value: str, what: str) -> UUID:
    """Parses an id. Raises CommandError when ``value`` is none."""
    try:
        return UUID(value)
    except ValueError:
        raise CommandError(
            f"{value} is no id of {what}.", "Ids look like 0192f3a4-…: the list command shows them in full."
        ) from None


def _first_line(error: BaseException) -> str:
    lines = str(getattr(error, "orig", error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__
