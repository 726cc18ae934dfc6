"""Ways to Postgres, SQS and S3 that can be cut, and the return of what was parked meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from psycopg.conninfo import conninfo_to_dict

from local.fault_proxy import FaultProxy, ProxyMode
from tests.integration.webhook import WebhookUnderTest, load_handler


class Connections:
    """Proxies in front of Postgres, SQS and S3, run by an event loop in a thread of its own."""

    def __init__(self, postgres_socket: Path, sqs_endpoint: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        address = urlsplit(sqs_endpoint)
        self.postgres = FaultProxy(postgres_socket)
        self.sqs = FaultProxy((str(address.hostname), int(address.port or 80)))
        self.s3 = FaultProxy((str(address.hostname), int(address.port or 80)))
        for proxy in (self.postgres, self.sqs, self.s3):
            self.run(proxy.start())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def set(self, proxy: FaultProxy, mode: ProxyMode) -> None:
        self.run(proxy.set_mode(mode))

    def cut(self, proxy: FaultProxy) -> None:
        async def cut() -> int:
            return proxy.cut()

        assert self.run(cut()) > 0
        time.sleep(0)

    def close(self) -> None:
        for proxy in (self.postgres, self.sqs, self.s3):
            self.run(proxy.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture
def connections(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch, database_url: str, sqs_endpoint: str
) -> Iterator[Connections]:
    """The webhook's own ways to Postgres, SQS and S3 lead through proxies."""
    webhook.patient = False
    database = conninfo_to_dict(database_url)
    through = Connections(Path(str(database["host"])) / ".s.PGSQL.5432", sqs_endpoint)
    monkeypatch.setenv(
        "DATABASE_URL", f"postgresql://{database['user']}@127.0.0.1:{through.postgres.port}/{database['dbname']}"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{through.sqs.port}")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{through.s3.port}")
    yield through
    through.close()


@pytest.fixture
def replay(webhook: WebhookUnderTest, connections: Connections) -> Iterator[ModuleType]:
    module = load_handler("ingest_replay")
    yield module
    module._replay.intake.engine.dispose()


def parked(webhook: WebhookUnderTest, receives: int = 1) -> list[dict[str, Any]]:
    """Returns the messages that wait in ingest.fifo, as the event source mapping hands them over."""
    found = webhook.sqs.receive_message(
        QueueUrl=webhook.queues["ingest.fifo"],
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["All"],
        VisibilityTimeout=600,
    ).get("Messages", [])
    return [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {**message["Attributes"], "ApproximateReceiveCount": str(receives)},
        }
        for message in found
    ]


def run_replay(module: ModuleType, records: list[dict[str, Any]]) -> list[str]:
    """Hands records to the replay and returns the ids of those that it gave back."""
    answer = module.handler({"Records": records}, SimpleNamespace(aws_request_id="request-2"))
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]
