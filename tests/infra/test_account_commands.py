"""The commands that talk to an account: their checks, their calls, and their messages."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from infra.config import STAGES, StageConfig, stage_config
from infra.errors import DeploymentError
from infra.operate import operations_function, run_command
from infra.preflight import LAMBDA_POOL, concurrency_needed, problems
from infra.preflight import main as preflight
from infra.stage_values import DATABASE_VALUES, OUTPUT, as_output
from infra.topology import TOPOLOGY
from ops.operations_function import handler as run_operation

APP_URL = "postgresql://app:secret@db.example.com/replies?sslmode=verify-full"
ALARM_EMAIL = {"alarmEmail": "on-call@example.com"}
STACK = {"CreationTime": "2026-11-23T00:00:00Z"}


class Account:
    """An account as the preflight sees it: moto's, with the stacks and the Lambda quota that a test says."""

    region_name = "us-east-1"

    def __init__(self) -> None:
        self.aws = boto3.Session(region_name=self.region_name)
        self.aws.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
        self.stacks: dict[str, dict[str, Any]] = {}
        self.unreserved = 1000
        self.calls: list[str] = []

    def deploy(self, stage: str, part: str, status: str = "UPDATE_COMPLETE", **outputs: str) -> None:
        self.stacks[f"ReplyPipeline-{stage}-{part}"] = {
            **STACK,
            "StackStatus": status,
            "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()],
        }

    def deploy_both(self, stage: str, values: dict[str, str]) -> None:
        secret = self.secret("openai", "sk-something")
        self.deploy(stage, "Data", OpenAiApiKeySecret=secret, **{OUTPUT: as_output(values, DATABASE_VALUES)})
        self.deploy(stage, "Service", **{OUTPUT: as_output(values)})

    def secret(self, name: str, value: str | None) -> str:
        given = {} if value is None else {"SecretString": value}
        return str(self.aws.client("secretsmanager").create_secret(Name=name, **given)["ARN"])

    def client(self, name: str) -> Any:
        if name == "cloudformation":
            return MagicMock(describe_stacks=self._describe_stacks)
        if name == "lambda":
            limit = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": self.unreserved}
            return MagicMock(get_account_settings=lambda: {"AccountLimit": limit})
        client = self.aws.client(name)
        client.meta.events.register("before-call", lambda model, **_: self.calls.append(model.name))
        return client

    def _describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if StackName not in self.stacks:
            error = {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")
        return {"Stacks": [self.stacks[StackName]]}


@pytest.fixture
def account() -> Iterator[Account]:
    with mock_aws():
        yield Account()


def found(account: Account, config: StageConfig, *meant: str, read_secrets: bool = False) -> list[str]:
    session: Any = account
    return list(problems(session, config, meant=meant, read_secrets=read_secrets))


def dev(values: dict[str, str] | None = None) -> StageConfig:
    return stage_config({"stage": "dev"}, values or {})


def prod(values: dict[str, str] | None = None) -> StageConfig:
    return stage_config({"stage": "prod"}, {**ALARM_EMAIL, **(values or {})})


def existing(account: Account, app: str | None, migrate: str = APP_URL) -> StageConfig:
    return dev({"databaseSecretArn": account.secret("a", app), "migrateSecretArn": account.secret("m", migrate)})


@pytest.mark.parametrize("stage", STAGES)
def test_a_sound_account_is_ready_for_the_first_deployment(account: Account, stage: str) -> None:
    assert found(account, stage_config({"stage": stage}, ALARM_EMAIL)) == []


def test_no_value_of_a_secret_is_read_to_learn_that_it_exists(account: Account) -> None:
    config = existing(account, APP_URL)
    account.deploy_both("dev", dict(config.values))
    account.calls.clear()
    assert found(account, config) == []
    assert "DescribeSecret" in account.calls
    assert "GetSecretValue" not in account.calls


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("hunter2", "neither a postgresql:// URL nor JSON"),
        (json.dumps({"username": "app", "password": "hunter2"}), "neither a postgresql:// URL nor JSON"),
        ("postgresql://db.example.com/replies", "lacks the user"),
        ("postgresql://app:hunter2@db.example.com/replies?sslmode=prefer", "without TLS"),
    ],
)
def test_a_wrong_database_secret_is_named_when_it_may_be_read_and_never_shown(
    account: Account, value: str, words: str
) -> None:
    config = existing(account, value)
    assert found(account, config) == []
    (problem,) = found(account, config, read_secrets=True)
    assert words in problem
    assert "hunter2" not in problem


def test_a_secret_that_is_not_there_or_empty_is_named(account: Account) -> None:
    (problem,) = found(account, existing(account, None))
    assert "is not there or has no value" in problem
    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:{}-AbCdEf"
    config = dev({"databaseSecretArn": arn.format("gone"), "migrateSecretArn": arn.format("gone-too")})
    assert ["gone" in problem for problem in found(account, config)] == [True, True]


def test_an_old_bootstrap_is_named(account: Account) -> None:
    name = "/cdk-bootstrap/hnb659fds/version"
    account.aws.client("ssm").put_parameter(Name=name, Value="5", Type="String", Overwrite=True)
    assert "is at version 5" in found(account, dev())[0]
    account.aws.client("ssm").delete_parameter(Name=name)
    assert "npx cdk bootstrap" in found(account, dev())[0]


def test_the_openai_key_is_asked_for_once_its_place_is_there(account: Account) -> None:
    account.deploy("dev", "Data", OpenAiApiKeySecret=account.secret("openai", None))
    (problem,) = found(account, dev())
    assert "The secret for the OpenAI key has no value yet" in problem


def test_a_region_whose_certificates_we_do_not_have_is_named(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "region_name", "mx-central-1")
    (problem,) = found(account, dev())
    assert "certificates of RDS in mx-central-1" in problem


def test_a_stage_that_matters_has_somebody_to_wake_up(account: Account) -> None:
    assert found(account, stage_config({"stage": "dev"}, {})) == []
    (problem,) = found(account, stage_config({"stage": "prod"}, {}))
    assert problem == "Alarms would reach nobody: put alarmEmail into prod.toml."


# --- Lambda's quota -------------------------------------------------------------------------------------------------


def test_a_new_accounts_quota_is_too_small_for_every_stage(account: Account) -> None:
    account.unreserved = 10
    for config in (dev(), prod()):
        (problem,) = found(account, config)
        assert "has 10 concurrent executions of Lambda left" in problem


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_unreserved_has_to_be_enough(account: Account, stage: str) -> None:
    config = stage_config({"stage": stage}, ALARM_EMAIL)
    reserved = config.webhook_reserved_concurrency or 0
    needed = reserved + max(concurrency_needed(config), LAMBDA_POOL if reserved else 0)
    account.unreserved = needed
    assert found(account, config) == []
    account.unreserved = needed - 1
    assert len(found(account, config)) == 1
    # What the deployed webhook reserves is no longer among what is left.
    account.deploy_both(stage, ALARM_EMAIL)
    account.unreserved = needed - reserved
    assert found(account, config) == []


def test_the_need_covers_every_consumer() -> None:
    consumers = sum(source.maximum_concurrency for source in TOPOLOGY.event_sources)
    for config in (dev(), prod()):
        assert concurrency_needed(config) > consumers


# --- What is deployed -----------------------------------------------------------------------------------------------


def test_a_value_that_the_stage_has_is_not_dropped(account: Account) -> None:
    account.deploy_both("prod", {**ALARM_EMAIL, "domainName": "hooks.example.com"})
    (problem,) = found(account, prod())
    assert problem.startswith("domainName is dropped (it is hooks.example.com)")
    assert found(account, prod(), "domainName") == []


def test_a_cluster_is_not_exchanged_for_another_database(account: Account) -> None:
    account.deploy_both("dev", {})
    config = existing(account, APP_URL)
    assert len(found(account, config)) == 4  # both values, of both stacks
    assert found(account, config, "databaseSecretArn", "migrateSecretArn") == []


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "CREATE_FAILED", "REVIEW_IN_PROGRESS"])
def test_a_stack_whose_creation_failed_is_not_there(account: Account, status: str) -> None:
    account.deploy("dev", "Data", status, OpenAiApiKeySecret="arn:gone")
    assert found(account, dev()) == []


def test_that_a_stack_is_missing_is_never_guessed(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(StackName: str) -> Any:  # noqa: N803
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, "DescribeStacks")

    monkeypatch.setattr(account, "_describe_stacks", refused)
    with pytest.raises(DeploymentError, match="ReplyPipeline-dev-Data cannot be read"):
        found(account, dev())


def test_a_wrong_stage_is_said_before_aws_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert preflight(["production"]) == 1
    assert capsys.readouterr().err == "'production' is no stage: pass -c stage=dev or -c stage=prod.\n"


def test_only_values_of_a_stage_can_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        preflight(["prod", "--change", "everything"])
    assert "alarmEmail" in capsys.readouterr().err


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


@pytest.mark.parametrize("command", ["explain", "check-draft"])
def test_what_needs_no_stack_is_sent_back_to_the_operators_own_machine(command: str) -> None:
    answer = run_operation({"arguments": [command, "replies.jsonl"], "operator": "alice"}, Context())
    assert (answer["exit_code"], answer["stdout"]) == (2, "")
    assert f"run .venv/bin/replyctl {command}" in answer["stderr"]


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
