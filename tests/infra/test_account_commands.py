"""The commands that talk to an account: what they check, what they call, and what they say."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from infra.config import STAGES, ExistingDatabase, stage_config
from infra.errors import DeploymentError
from infra.operate import operations_function, run_command
from infra.preflight import main as preflight
from infra.preflight import problems
from ops.operations_function import handler as run_operation

APP_URL = "postgresql://app:secret@db.example.com/replies?sslmode=verify-full"


@pytest.fixture
def session() -> Iterator[boto3.Session]:
    with mock_aws():
        yield boto3.Session(region_name="us-east-1")


def existing(session: boto3.Session, app: str, migrate: str = APP_URL) -> list[str]:
    client = session.client("secretsmanager")
    arns = [client.create_secret(Name=name, SecretString=value)["ARN"] for name, value in (("a", app), ("m", migrate))]
    config = stage_config({"stage": "dev", "databaseSecretArn": arns[0], "migrateSecretArn": arns[1]})
    assert isinstance(config.database, ExistingDatabase)
    session.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
    return list(problems(session, config, data_only=True))


def test_a_sound_account_is_ready(session: boto3.Session) -> None:
    assert existing(session, APP_URL) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("hunter2", "neither a postgresql:// URL nor JSON"),
        (json.dumps({"username": "app", "password": "hunter2"}), "neither a postgresql:// URL nor JSON"),
        ("postgresql://db.example.com/replies", "lacks the user"),
        ("postgresql://app:hunter2@db.example.com/replies?sslmode=prefer", "without TLS"),
    ],
)
def test_a_wrong_database_secret_is_named_and_never_shown(session: boto3.Session, value: str, words: str) -> None:
    (problem,) = existing(session, value)
    assert words in problem
    assert "hunter2" not in problem


def test_a_secret_that_is_not_there_is_named(session: boto3.Session) -> None:
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:{}-AbCdEf"
    config = stage_config(
        {"stage": "dev", "databaseSecretArn": arn.format("gone"), "migrateSecretArn": arn.format("gone-too")}
    )
    found = list(problems(session, config, data_only=True))
    assert [("gone-" in problem) for problem in found] == [False, True, True]
    assert "npx cdk bootstrap" in found[0]


def test_an_old_bootstrap_and_a_missing_data_stack_are_named(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="5", Type="String")
    cloudformation, others = session.client("cloudformation"), session.client
    monkeypatch.setattr(session, "client", lambda name: cloudformation if name == "cloudformation" else others(name))
    with Stubber(cloudformation) as stub:
        stub.add_client_error("describe_stacks", "ValidationError", "does not exist")
        found = list(problems(session, STAGES["dev"], data_only=False))
    assert "is at version 5" in found[0]
    assert "ReplyPipeline-dev-Data is not there" in found[1]


def test_a_region_whose_certificates_we_do_not_have_is_named() -> None:
    with mock_aws():
        session = boto3.Session(region_name="mx-central-1")
        session.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
        (problem,) = problems(session, STAGES["dev"], data_only=True)
    assert "certificates of RDS in mx-central-1" in problem


def test_a_wrong_stage_is_said_before_aws_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert preflight(["production"]) == 1
    assert capsys.readouterr().err == "'production' is no stage: pass -c stage=dev or -c stage=prod.\n"


# --- replyctl against a deployed stage -----------------------------------------------------------------------------


class Context:
    def __init__(self, seconds: float = 60) -> None:
        self._milliseconds = int(seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


def test_the_operations_function_runs_replyctl_on_the_stages_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("WEBHOOK_SIGNING_KEYS", json.dumps({"current": "k" * 32}))
    added = run_operation({"arguments": ["client", "add", "Acme", "--json"], "operator": "alice"}, Context())
    assert added["exit_code"] == 0, added
    listed = run_operation({"arguments": ["client", "list", "--json"], "operator": "alice"}, Context())
    assert listed["exit_code"] == 0, listed
    assert "Acme" in listed["stdout"]


def test_a_wrong_command_ends_as_on_a_terminal() -> None:
    answer = run_operation({"arguments": ["no-such-command"], "operator": "alice"}, Context())
    assert answer["exit_code"] == 2
    assert "no-such-command" in answer["stderr"]


@pytest.mark.parametrize("arguments", [None, "drafts list", ["drafts", 1]])
def test_arguments_of_another_shape_are_refused(arguments: Any) -> None:
    assert run_operation({"arguments": arguments}, Context())["exit_code"] == 2


def test_explain_is_sent_back_to_the_operators_own_machine() -> None:
    answer = run_operation({"arguments": ["explain", "replies.jsonl"], "operator": "alice"}, Context())
    assert (answer["exit_code"], answer["stdout"]) == (2, "")
    assert "run .venv/bin/replyctl explain" in answer["stderr"]


def test_a_command_that_takes_too_long_ends_in_an_answer() -> None:
    answer = run_operation({"arguments": ["--help"], "operator": "alice"}, Context(seconds=10.001))
    assert answer["exit_code"] == 124
    assert "stopped after" in answer["stderr"]


def test_the_function_is_found_by_the_stacks_output() -> None:
    client = boto3.client("cloudformation", region_name="us-east-1")
    stack = {"StackName": "x", "CreationTime": "2026-11-23T00:00:00Z", "StackStatus": "UPDATE_COMPLETE"}
    with Stubber(client) as stub:
        outputs = [{"OutputKey": "OperationsFunction", "OutputValue": "fn-1"}]
        stub.add_response(
            "describe_stacks", {"Stacks": [stack | {"Outputs": outputs}]}, {"StackName": "ReplyPipeline-prod-Service"}
        )
        assert operations_function(client, "prod") == "fn-1"
        stub.add_client_error("describe_stacks", "ValidationError", "does not exist")
        with pytest.raises(DeploymentError, match="ReplyPipeline-dev-Service"):
            operations_function(client, "dev")
    with pytest.raises(DeploymentError, match="no stage"):
        operations_function(client, "staging")


def test_a_crash_of_the_function_is_an_error_and_not_an_answer() -> None:
    from botocore.response import StreamingBody

    client = boto3.client("lambda", region_name="us-east-1")
    payload = json.dumps({"errorMessage": "Task timed out"}).encode()
    with Stubber(client) as stub:
        body = StreamingBody(io.BytesIO(payload), len(payload))
        stub.add_response("invoke", {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": body})
        with pytest.raises(DeploymentError, match="Task timed out"):
            run_command(client, "fn-1", ["drafts", "list"])
