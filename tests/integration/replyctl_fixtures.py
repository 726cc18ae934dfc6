"""replyctl in this process, on a stack.json that points at the test's own database and queues."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from ops.replyctl import app
from shared.jobs.publish import Publisher
from tests.instantly_events import ADDRESS_HASH_KEY
from tests.integration.conversations import Conversation, start_conversation

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SIGNING_KEY = "k" * 40

Replyctl = Callable[..., Result]


@pytest.fixture
def conversation(engine: Engine) -> Conversation:
    return start_conversation(engine)


@pytest.fixture
def stack_file(
    tmp_path: Path, database_url: str, conversation: Conversation, sqs_endpoint: str, queues: dict[str, str]
) -> Path:
    """A running stack's two files, with the conversation's workspace as the default one."""
    path = tmp_path / "stack.json"
    client = {"id": str(conversation.client_id), "token": "unused"}
    path.write_text(
        json.dumps(
            {
                "api_url": "http://127.0.0.1:8080",
                "database_url": database_url,
                "sqs_endpoint": sqs_endpoint,
                "queues": queues,
                "openai_url": "http://127.0.0.1:9",
                "instantly_url": "http://127.0.0.1:9",
                "client": client,
            }
        )
    )
    identity = {"client_id": client["id"], "signing_key": SIGNING_KEY, "address_hash_key": ADDRESS_HASH_KEY.secret}
    path.with_name("identity.json").write_text(json.dumps(identity))
    return path


@pytest.fixture
def publisher(sqs_client: SQSClient, queues: dict[str, str]) -> Publisher:
    return Publisher(
        sqs_client,
        post_process_queue_url=queues["post-process.fifo"],
        lead_scoring_queue_url=queues["lead-scoring.fifo"],
    )


@pytest.fixture
def replyctl(stack_file: Path) -> Replyctl:
    def run_command(*arguments: str, input: str | None = None, **environment: str) -> Result:
        return CliRunner().invoke(app, arguments, input=input, env={"REPLYCTL_STACK": str(stack_file), **environment})

    return run_command


def received(sqs_client: SQSClient, url: str) -> list[dict[str, Any]]:
    """Returns the envelopes that wait in a queue."""
    answer = sqs_client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def as_json(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refusal(result: Result) -> str:
    """Returns a refused command's words; nothing may be on standard output."""
    assert result.exit_code == 1, result.stdout
    assert result.stdout == ""
    return result.stderr
