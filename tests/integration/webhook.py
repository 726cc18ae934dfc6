"""The deployed webhook handler under test: its real module, once per Lambda environment."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Row, text

from functions.webhook.api_gateway import Webhook
from infra.topology import PARKED_BODIES
from shared.db.clients import create_client
from shared.db.engine import make_engine
from shared.db.found_accounts import connect_account
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, Provider
from shared.domain.webhook_token import make_token
from tests.instantly_events import ADDRESS_HASH_KEY, PREVIOUS_SIGNING_KEY, SIGNING_KEY, api_gateway_event, body_of
from tests.posting import posted

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_numbers = itertools.count()
_FUNCTIONS = Path(__file__).parents[2] / "functions"


def load_handler(function: str) -> ModuleType:
    """Loads a new instance of a function's handler module, as every Lambda environment has one of its own."""
    name = f"functions_{function}_environment_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(name, _FUNCTIONS / function / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


@dataclass(frozen=True)
class Answered:
    status_code: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def status(self) -> str | None:
        return self.body.get("status")

    @property
    def message_id(self) -> UUID | None:
        value = self.body.get("messageId")
        return None if value is None else UUID(value)


@dataclass
class WebhookUnderTest:
    """One client's webhook: the real handler, the database behind it and the queues that it publishes to."""

    engine: Engine
    sqs: SQSClient
    queues: dict[str, str]
    client_id: UUID = field(default_factory=uuid7)
    provider: Provider = Provider.INSTANTLY
    environments: list[ModuleType] = field(default_factory=list)
    others: dict[Provider, WebhookUnderTest] = field(default_factory=dict)
    patient: bool = True
    """Whether its database may be slow: on a machine that runs much else, what is tested is not the speed."""

    def of(self, provider: Provider) -> WebhookUnderTest:
        """Returns another provider's webhook of the same client, on the same servers."""
        if provider is self.provider:
            return self
        if provider not in self.others:
            with self.engine.begin() as connection:
                client_id = ClientId(self.client_id)
                connect_account(connection, client_id, provider, None, credential_ref=None, finds_client=False)
            self.others[provider] = replace(self, provider=provider, environments=[], others={})
        return self.others[provider]

    @property
    def every_environment(self) -> list[ModuleType]:
        return [*self.environments, *(module for other in self.others.values() for module in other.environments)]

    def new_environment(self) -> Callable[..., Answered]:
        """Makes a handler of its own with its own connection, for a thread of its own."""
        module = load_handler(f"webhook_{self.provider.lower()}")
        if self.patient:
            deployed: Webhook = module.handler.webhook
            deployed.intake.engine.dispose()
            url = os.environ["DATABASE_URL"]
            engine = make_engine(url, statement_timeout_s=60, answer_timeout_s=61, prepared=True, ping=False)
            module.handler.webhook = replace(deployed, intake=replace(deployed.intake, engine=engine))
            module.handler.database_budget_s = 60
        self.environments.append(module)
        return lambda event, **request: self._call(module, event, **request)

    def post(self, event: Any, **request: Any) -> Answered:
        """Posts an event (an object, or a raw body as bytes) with a valid token unless ``request`` says otherwise."""
        if not self.environments:
            self.new_environment()
        return self._call(self.environments[0], event, **request)

    def _call(self, module: ModuleType, event: Any, **request: Any) -> Answered:
        raw = event if isinstance(event, bytes | None) else body_of(event)
        if self.provider is not Provider.INSTANTLY:
            return self.call(posted(self.provider, raw or b"", self.client_id, **request), module)
        request = {"client_id": self.client_id, "token": self.token(), **request}
        return self.call(api_gateway_event(raw, **request), module)

    def call(self, request: Any, module: ModuleType | None = None) -> Answered:
        """Hands a request to the handler as it is."""
        if module is None:
            if not self.environments:
                self.new_environment()
            module = self.environments[0]
        answer = module.handler(request, SimpleNamespace(aws_request_id="request-1"))
        json.dumps(answer)  # Lambda has to be able to send it
        return Answered(answer["statusCode"], json.loads(answer["body"]), answer["headers"])

    def token(self, version: int = 1, key: str = SIGNING_KEY) -> str:
        return make_token(self.client_id, version, key, Provider.INSTANTLY)

    def register_account(self, external_id: str | None) -> None:
        """Registers the workspace at Instantly whose events are this client's; None: any."""
        self.execute(
            "UPDATE provider_account SET external_id = :external_id WHERE client_id = :client_id",
            external_id=external_id,
        )

    def rows(self, sql: str, **parameters: Any) -> list[Row[Any]]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), {"client_id": self.client_id, **parameters}))

    def row(self, sql: str, **parameters: Any) -> Row[Any]:
        rows = self.rows(sql, **parameters)
        assert len(rows) == 1, rows
        return rows[0]

    def execute(self, sql: str, **parameters: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(sql), {"client_id": self.client_id, **parameters})

    def count(self, table: str) -> int:
        return int(self.row(f"SELECT count(*) AS n FROM {table}").n)

    def received(self, queue: str) -> list[MessageTypeDef]:
        """Takes what is in a queue now out of it."""
        messages: list[MessageTypeDef] = []
        while True:
            found = self.sqs.receive_message(
                QueueUrl=self.queues[queue],
                MaxNumberOfMessages=10,
                MessageSystemAttributeNames=["All"],
                VisibilityTimeout=60,
            ).get("Messages", [])
            if not found:
                return messages
            for message in found:
                self.sqs.delete_message(QueueUrl=self.queues[queue], ReceiptHandle=message["ReceiptHandle"])
            messages += found


def add_client(engine: Engine, client_id: UUID, *, workspace: str | None = None) -> None:
    with engine.begin() as connection:
        create_client(connection, "Acme Sales", id=client_id, external_account=workspace)


def set_environment(
    patch: pytest.MonkeyPatch, database_url: str, queues: dict[str, str], sqs_endpoint: str, **variables: str
) -> None:
    """Sets the variables that the webhook and the replay are deployed with."""
    settings = {
        "DATABASE_URL": database_url,
        "POST_PROCESS_QUEUE_URL": queues["post-process.fifo"],
        "LEAD_SCORING_QUEUE_URL": queues["lead-scoring.fifo"],
        "INGEST_QUEUE_URL": queues["ingest.fifo"],
        "PARKED_BODIES_BUCKET": PARKED_BODIES,
        "AWS_ENDPOINT_URL_SQS": sqs_endpoint,
        "AWS_ENDPOINT_URL_S3": sqs_endpoint,
        "WEBHOOK_SIGNING_KEYS": json.dumps({"current": SIGNING_KEY, "previous": PREVIOUS_SIGNING_KEY}),
        "ADDRESS_HASH_KEY": ADDRESS_HASH_KEY.secret,
        **variables,
    }
    for name, value in settings.items():
        patch.setenv(name, value)
