"""make smoke-test: it fails for every fault that would otherwise be found too late, and leaves no alarm behind."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import MagicMock

import pytest

from infra.deployed import DeployedStack
from infra.errors import DeploymentError
from infra.schema_revision import newest_revision
from infra.smoke_test import ALARM_OUTPUT, HISTORY_TRIES, http_status, live_version_output, main, smoke_test
from infra.topology import TOPOLOGY
from tests.infra.conftest import Synthesized

ALARM = "ReplyPipeline-prod-Service-AlarmsJobsLost-1"
API = "https://hooks.example.com"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:topic"
PUBLISHED = f"Successfully executed action {TOPIC}"
REFUSED = f"Failed to execute action {TOPIC}. Received error: not authorized to perform: SNS:Publish"
PATHS = [path for provider in TOPOLOGY.providers for path in provider.paths]
LIVE = {
    live_version_output(webhook.name): f"arn:aws:lambda:eu-west-1:111122223333:function:{webhook.name}:live"
    for webhook in TOPOLOGY.webhooks
}
SERVICE = DeployedStack(
    "ReplyPipeline-prod-Service",
    exists=True,
    outputs={
        "ApiUrl": API,
        **LIVE,
        "AlarmTopic": TOPIC,
        ALARM_OUTPUT: ALARM,
    },
)


class Stage:
    """A deployed stage in which all is well, until a test says otherwise."""

    def __init__(self) -> None:
        self.statuses = {"GET": 200, "POST": 401}
        self.asked: list[tuple[str, str]] = []
        self.checked: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.subscribers = {"on-call@example.com": f"{TOPIC}:1"}
        self.states: list[str] = []
        self.before: list[str] = []  # in the alarm's history already
        self.history = PUBLISHED
        self.after = 0  # how many looks it takes until the history shows it
        self.looks = 0

    def client(self, name: str) -> Any:
        return {
            "lambda": MagicMock(invoke=self._invoke),
            "sns": MagicMock(list_subscriptions_by_topic=self._subscriptions),
            "cloudwatch": MagicMock(set_alarm_state=self._set_state, describe_alarm_history=self._history),
        }[name]

    def ask(self, method: str, url: str) -> int:
        self.asked.append((method, url))
        return self.statuses[method]

    def _invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName in LIVE.values()
        self.checked.append(json.loads(Payload))
        body = json.dumps({"problems": self.problems})
        return {"Payload": io.BytesIO(json.dumps({"statusCode": 200, "body": body}).encode())}

    def _subscriptions(self, TopicArn: str) -> dict[str, Any]:  # noqa: N803
        assert TopicArn == TOPIC
        found = [{"Endpoint": who, "SubscriptionArn": arn} for who, arn in self.subscribers.items()]
        return {"Subscriptions": found}

    def _set_state(self, AlarmName: str, StateValue: str, StateReason: str) -> None:  # noqa: N803
        assert AlarmName == ALARM
        assert StateReason
        self.states.append(StateValue)

    def _history(self, AlarmName: str, HistoryItemType: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        assert (AlarmName, HistoryItemType) == (ALARM, "Action")
        summaries = list(self.before)
        if self.states:
            self.looks += 1
            if self.history and self.looks > self.after:
                summaries.append(self.history)
        items = [
            {"Timestamp": datetime(2026, 11, 27, 12, number, tzinfo=UTC), "HistorySummary": summary}
            for number, summary in enumerate(summaries)
        ]
        return {"AlarmHistoryItems": items}

    def test(self) -> list[str]:
        """Returns the failures."""
        session: Any = self
        results = list(smoke_test(session, SERVICE, ask=self.ask, sleep=lambda _: None))
        assert len(results) == 3 + len(TOPOLOGY.webhooks) + len(PATHS)
        return [result.problem for result in results if result.problem is not None]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_sound_stage_passes(stage: Stage) -> None:
    assert stage.test() == []
    assert [method for method, _ in stage.asked] == ["GET", *("POST" for _ in PATHS)]
    assert all(url.startswith(API) for _, url in stage.asked)
    assert stage.checked == [{"releaseCheck": {"schemaRevision": newest_revision()}} for _ in TOPOLOGY.webhooks]


def test_the_alarm_is_set_off_and_back(stage: Stage) -> None:
    stage.after = 3
    assert stage.test() == []
    assert stage.states == ["ALARM", "OK"]


def test_an_alarm_that_may_not_publish_is_found(stage: Stage) -> None:
    stage.history = REFUSED
    assert stage.test() == [f"CloudWatch says: {REFUSED}"]
    assert stage.states == ["ALARM", "OK"]


def test_an_earlier_success_proves_nothing(stage: Stage) -> None:
    stage.before = [PUBLISHED]
    stage.history = ""
    (problem,) = stage.test()
    assert "has not tried within a minute" in problem
    assert stage.looks == HISTORY_TRIES
    assert stage.states == ["ALARM", "OK"]


def test_the_alarm_is_set_back_also_when_the_history_cannot_be_read(stage: Stage) -> None:
    results = smoke_test(stage, SERVICE, ask=stage.ask, sleep=_interrupt)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        list(results)
    assert stage.states == ["ALARM", "OK"]


def _interrupt(_: float) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("subscribers", "words"),
    [({}, "has no subscriber"), ({"on-call@example.com": "PendingConfirmation"}, "not confirmed yet")],
)
def test_a_topic_that_nobody_hears_is_found(stage: Stage, subscribers: dict[str, str], words: str) -> None:
    stage.subscribers = subscribers
    (problem,) = stage.test()
    assert words in problem


@pytest.mark.parametrize(("method", "status"), [("GET", 0), ("GET", 503), ("POST", 200), ("POST", 500)])
def test_a_wrong_status_is_found(stage: Stage, method: str, status: int) -> None:
    stage.statuses[method] = status
    asked = 1 if method == "GET" else len(PATHS)
    assert stage.test() == asked * [f"it returns {status or 'nothing'}"]


def test_what_the_version_says_of_itself_is_shown(stage: Stage) -> None:
    stage.problems = ["database: OperationalError", "queues: EndpointConnectionError"]
    said = "database: OperationalError; queues: EndpointConnectionError"
    assert stage.test() == len(TOPOLOGY.webhooks) * [said]


def test_a_stage_that_is_not_there_is_said(stage: Stage) -> None:
    session: Any = stage
    with pytest.raises(DeploymentError, match="is not deployed in this account and region"):
        list(smoke_test(session, DeployedStack("ReplyPipeline-prod-Service", exists=False)))


def test_an_address_at_which_nobody_is_answers_nothing() -> None:
    assert http_status("GET", "http://127.0.0.1:9/health") == 0


@pytest.mark.parametrize("arguments", [[], ["production"], ["prod", "dev"]])
def test_a_wrong_call_says_how(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage: python -m infra.smoke_test STAGE" in capsys.readouterr().err


def test_the_stack_says_all_that_it_needs(synthesized: Synthesized) -> None:
    outputs = synthesized.templates["Service"]["Outputs"]
    assert set(SERVICE.outputs) <= set(outputs)
    alarm = outputs[ALARM_OUTPUT]["Value"]["Ref"]
    properties = synthesized.properties("Service", "AWS::CloudWatch::Alarm")[alarm]
    (topic,) = synthesized.resources("Service", "AWS::SNS::Topic")
    assert properties["AlarmActions"] == properties["OKActions"] == [{"Ref": topic}]
    assert outputs["AlarmTopic"]["Value"] == {"Ref": topic}
    groups = synthesized.properties("Service", "AWS::CodeDeploy::DeploymentGroup").values()
    assert len(groups) == len(TOPOLOGY.webhooks)
    assert alarm not in json.dumps(list(groups)), "setting it off must not take a release back"
