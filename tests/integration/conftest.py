from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from shared.observability import logger
from tests.integration.outages import connections, replay  # noqa: F401 (fixtures)
from tests.integration.replyctl_fixtures import conversation, publisher, replyctl, stack_file  # noqa: F401 (fixtures)
from tests.integration.webhook import WebhookUnderTest, add_client, set_environment

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@pytest.fixture
def webhook(
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    engine: Engine,
    queues: dict[str, str],
    sqs_endpoint: str,
    sqs_client: SQSClient,
    parked_bodies_bucket: str,  # made, under its own name
) -> Iterator[WebhookUnderTest]:
    """The webhook of one client without a registered workspace, on real Postgres and SQS."""
    set_environment(monkeypatch, database_url, queues, sqs_endpoint)
    under_test = WebhookUnderTest(engine=engine, sqs=sqs_client, queues=queues)
    add_client(engine, under_test.client_id)
    yield under_test
    for environment in under_test.every_environment:
        environment.handler.webhook.intake.engine.dispose()


@pytest.fixture
def log_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Returns all that was logged since the last call: the lines of the logger and of the metrics, and errors."""
    # The handler holds on to the stream of its import; pytest exchanges standard output between setup and call.
    handler = logger.registered_handler
    monkeypatch.setattr(handler, "emit", lambda record: sys.stdout.write(handler.format(record) + "\n"))

    def read() -> str:
        output = capsys.readouterr()
        return output.out + output.err

    return read
