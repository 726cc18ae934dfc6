"""CodeDeploy's hook: the version that it asks, its request, and its report to CodeDeploy."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any
from unittest.mock import MagicMock

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from infra import smoke_check
from infra.topology import TOPOLOGY

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:webhook"
EVENT = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "h-1"}
WELL = {"Payload": {"statusCode": 200, "body": "{}"}}
UNWELL = {"Payload": {"statusCode": 503, "body": '{"problems": ["database: OperationalError"]}'}}
BROKEN = {"Payload": {"errorMessage": "No module named 'x'"}, "FunctionError": "Unhandled"}


class Aws:
    """Lambda and CodeDeploy as the hook sees them; CodeDeploy knows the new version unless ``target`` is given."""

    def __init__(self, answers: Iterable[dict[str, Any]], target: Any = None) -> None:
        self.lambda_ = MagicMock()
        self.lambda_.invoke.side_effect = [self._answer(answer) for answer in answers]
        self.codedeploy = MagicMock()
        self.codedeploy.list_deployment_targets.return_value = {"targetIds": ["t-1"]}
        info = {"functionName": FUNCTION, "functionAlias": "live", "currentVersion": "6", "targetVersion": "7"}
        self.codedeploy.get_deployment_target.side_effect = [
            target or {"deploymentTarget": {"lambdaTarget": {"lambdaFunctionInfo": info}}}
        ]

    @staticmethod
    def _answer(answer: dict[str, Any]) -> dict[str, Any]:
        payload = json.dumps(answer["Payload"]).encode()
        return answer | {"Payload": StreamingBody(io.BytesIO(payload), len(payload))}

    def client(self, name: str) -> MagicMock:
        return {"lambda": self.lambda_, "codedeploy": self.codedeploy}[name]

    @property
    def asked(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            (call.kwargs["FunctionName"], json.loads(call.kwargs["Payload"]))
            for call in self.lambda_.invoke.call_args_list
        ]

    @property
    def told(self) -> str:
        self.codedeploy.put_lifecycle_event_hook_execution_status.assert_called_once()
        told = self.codedeploy.put_lifecycle_event_hook_execution_status.call_args.kwargs
        assert (told["deploymentId"], told["lifecycleEventHookExecutionId"]) == ("d-1", "h-1")
        return str(told["status"])


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNCTION_VERSION_ARN", f"{FUNCTION}:6")
    monkeypatch.setenv("SCHEMA_REVISION", "0004")
    monkeypatch.setattr(smoke_check, "PAUSE_S", 0.0)


def run(monkeypatch: pytest.MonkeyPatch, aws: Aws) -> str:
    monkeypatch.setattr("boto3.client", aws.client)
    hook: Any = smoke_check.handler
    hook(EVENT, None)
    return aws.told


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([WELL], "Succeeded"),
        ([UNWELL, WELL], "Succeeded"),
        ([UNWELL, BROKEN, WELL], "Succeeded"),
        ([UNWELL] * 3, "Failed"),
        ([BROKEN] * 3, "Failed"),
        ([], "Failed"),  # the call itself is refused
    ],
)
def test_what_it_tells_codedeploy(monkeypatch: pytest.MonkeyPatch, answers: list[dict[str, Any]], verdict: str) -> None:
    aws = Aws(answers)
    assert run(monkeypatch, aws) == verdict
    assert len(aws.asked) == max(1, len(answers))


def test_it_has_the_version_that_codedeploy_shifts_to_check_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Aws([WELL])
    run(monkeypatch, aws)
    assert aws.asked == [(f"{FUNCTION}:7", {"releaseCheck": {"schemaRevision": "0004"}})]


@pytest.mark.parametrize(
    "target",
    [
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetDeploymentTarget"),
        {"deploymentTarget": {"deploymentTargetType": "LambdaFunction"}},
    ],
)
def test_it_asks_the_version_that_it_was_told_when_codedeploy_does_not_say(
    monkeypatch: pytest.MonkeyPatch, target: Any
) -> None:
    aws = Aws([WELL], target)
    assert run(monkeypatch, aws) == "Succeeded"
    assert [function for function, _ in aws.asked] == [f"{FUNCTION}:6"]


def test_of_a_hotfix_it_asks_only_whether_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEP", "false")
    aws = Aws([WELL])
    run(monkeypatch, aws)
    ((_, request),) = aws.asked
    assert request["routeKey"] in {f"{route.method} {route.path}" for route in TOPOLOGY.routes}
