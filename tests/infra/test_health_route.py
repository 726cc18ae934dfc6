"""GET /health: what a release's smoke check asks, before a new version gets any traffic."""

from __future__ import annotations

import io
import json
from typing import Any
from unittest.mock import MagicMock

import pytest
from botocore.response import StreamingBody
from sqlalchemy import Engine

from functions.webhook_instantly.api_gateway import HEALTH_ROUTE, Webhook
from infra import smoke_check
from infra.topology import TOPOLOGY
from shared.db.engine import make_engine


def webhook(engine: Engine) -> Webhook:
    nothing_else_is_used: Any = None
    return Webhook(
        engine=engine,
        sqs=nothing_else_is_used,
        publisher=nothing_else_is_used,
        ingest_queue_url="",
        bodies=nothing_else_is_used,
        signing_keys=lambda: (),
    )


def test_the_route_is_the_topologys() -> None:
    assert HEALTH_ROUTE in {f"{route.method} {route.path}" for route in TOPOLOGY.routes}


def test_a_copy_that_reaches_the_database_is_well(engine: Engine) -> None:
    answer = webhook(engine).answer(smoke_check.REQUEST)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"status": "ok", "database": "reachable"}


def test_without_the_database_events_are_still_taken() -> None:
    engine = make_engine("postgresql://app@127.0.0.1:9/replies")
    try:
        answer = webhook(engine).answer(smoke_check.REQUEST)
    finally:
        engine.dispose()
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"status": "degraded", "database": "unreachable"}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"Payload": {"statusCode": 200, "body": "{}"}}, "Succeeded"),
        ({"Payload": {"statusCode": 503}}, "Failed"),
        ({"Payload": {"errorMessage": "No module named 'x'"}, "FunctionError": "Unhandled"}, "Failed"),
    ],
)
def test_the_smoke_check_tells_codedeploy(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], verdict: str
) -> None:
    payload = json.dumps(answer["Payload"]).encode()
    clients = {"lambda": MagicMock(), "codedeploy": MagicMock()}
    clients["lambda"].invoke.return_value = answer | {"Payload": StreamingBody(io.BytesIO(payload), len(payload))}
    monkeypatch.setattr("boto3.client", clients.__getitem__)
    monkeypatch.setenv("FUNCTION_VERSION_ARN", "arn:aws:lambda:eu-west-1:111122223333:function:webhook:7")
    hook: Any = smoke_check.handler
    hook({"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "h-1"}, None)
    assert clients["lambda"].invoke.call_args.kwargs["FunctionName"].endswith(":7")
    clients["codedeploy"].put_lifecycle_event_hook_execution_status.assert_called_once_with(
        deploymentId="d-1", lifecycleEventHookExecutionId="h-1", status=verdict
    )
