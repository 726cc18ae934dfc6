"""Checks a deployed stage from outside and from inside, and that an alarm reaches somebody.

    python -m infra.smoke_test prod

Asks the API for its health, sends each webhook a delivery without a token and has its live version check itself as
CodeDeploy does before a release, and sets one alarm off: CloudWatch's own history says whether it could publish, and a
person has to say whether the email came. The alarm is set back to OK whatever happens.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.config import STAGES
from infra.constructs.names import construct_id
from infra.deployed import DeployedStack, deployed_stack
from infra.errors import DeploymentError
from infra.preflight import ready_session
from infra.schema_revision import newest_revision
from infra.topology import TOPOLOGY

if TYPE_CHECKING:
    import boto3

ALARM_OUTPUT = "SmokeTestAlarm"
USAGE = "usage: python -m infra.smoke_test STAGE\n"
HISTORY_TRIES = 12
HISTORY_PAUSE_S = 5.0
REASON = "Smoke test: nothing is wrong. The test waits for this email."
NO_CLIENT = "00000000-0000-4000-8000-000000000000"


def live_version_output(webhook: str) -> str:
    """Returns the name of the stack's output with a webhook's alias."""
    return f"{construct_id(webhook)}LiveVersion"


type Ask = Callable[[str, str], int]


@dataclass(frozen=True)
class Result:
    """One check: its subject, and what is wrong with the result (None: nothing)."""

    what: str
    problem: str | None = None


def http_status(method: str, url: str) -> int:
    """Returns the status that ``url`` responds with; 0 when there is no response."""
    request = urllib.request.Request(url, method=method, data=b"{}" if method == "POST" else None)  # noqa: S310 (https)
    try:
        with urllib.request.urlopen(request, timeout=15) as response:  # noqa: S310
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def smoke_test(
    session: boto3.Session,
    service: DeployedStack,
    *,
    ask: Ask = http_status,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Result]:
    """Runs every check in turn and yields its result. Raises DeploymentError when the stage is not there."""
    api = service.output("ApiUrl")
    yield _status(ask, "GET", f"{api}/health", 200)
    for provider in TOPOLOGY.providers:
        for path in provider.paths:
            yield _status(ask, "POST", f"{api}{path}?clientId={NO_CLIENT}", 401)
        yield _deep_check(session, provider.webhook, service.output(live_version_output(provider.webhook)))
    yield _subscriptions(session, service.output("AlarmTopic"))
    yield _alarm_reaches_the_topic(session, service.output(ALARM_OUTPUT), sleep)


def _status(ask: Ask, method: str, url: str, expected: int) -> Result:
    found = ask(method, url)
    return Result(
        f"{method} {url} returns {expected}", None if found == expected else f"it returns {found or 'nothing'}"
    )


def _deep_check(session: boto3.Session, webhook: str, function: str) -> Result:
    what = f"the live version of {webhook} reaches its database, queues and keys, and can take a delivery"
    request = {"releaseCheck": {"schemaRevision": newest_revision()}}
    answer = session.client("lambda").invoke(FunctionName=function, Payload=json.dumps(request).encode())
    body: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        return Result(what, str(body.get("errorMessage", body)))
    return Result(what, "; ".join(json.loads(body["body"])["problems"]) or None)


def _subscriptions(session: boto3.Session, topic: str) -> Result:
    found = session.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    confirmed = [each["Endpoint"] for each in found if each["SubscriptionArn"].startswith("arn:")]
    waiting = [each["Endpoint"] for each in found if not each["SubscriptionArn"].startswith("arn:")]
    what = f"somebody hears of alarms: {', '.join(confirmed) or 'nobody'}"
    if waiting:
        return Result(what, f"not confirmed yet, by the link in SNS's email: {', '.join(waiting)}")
    return Result(what, None if confirmed else "the topic has no subscriber: alarmEmail in the stage's file makes one")


def _alarm_reaches_the_topic(session: boto3.Session, alarm: str, sleep: Callable[[float], None]) -> Result:
    """Sets ``alarm`` off and reads from its history if CloudWatch could publish; sets it back in any case."""
    what = f"{alarm} may publish to the topic"
    cloudwatch = session.client("cloudwatch")
    started = datetime.now(UTC) - timedelta(seconds=60)  # clocks differ
    earlier = _actions(cloudwatch, alarm, started)
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason=REASON)
    try:
        for _ in range(HISTORY_TRIES):
            sleep(HISTORY_PAUSE_S)
            summaries = [item["HistorySummary"] for item in _actions(cloudwatch, alarm, started) if item not in earlier]
            if any(summary.startswith("Successfully executed") for summary in summaries):
                return Result(what)
            if summaries:
                return Result(what, f"CloudWatch says: {summaries[0]}")
        return Result(what, "CloudWatch has not tried within a minute: look at the alarm's history in the console")
    finally:
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="Smoke test: over.")


def _actions(cloudwatch: Any, alarm: str, since: datetime) -> list[dict[str, Any]]:
    history = cloudwatch.describe_alarm_history(
        AlarmName=alarm, HistoryItemType="Action", StartDate=since, EndDate=datetime.now(UTC) + timedelta(minutes=5)
    )
    return list(history["AlarmHistoryItems"])


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 1 or given[0] not in STAGES:
        sys.stderr.write(f"{USAGE}STAGE is {' or '.join(STAGES)}.\n")
        return 2
    from botocore.exceptions import BotoCoreError, ClientError

    failed = False
    try:
        session = ready_session()
        service = deployed_stack(session.client("cloudformation"), f"ReplyPipeline-{given[0]}-Service")
        for result in smoke_test(session, service):
            failed |= result.problem is not None
            sys.stdout.write(f"{'ok    ' if result.problem is None else 'FAILED'} {result.what}\n")
            if result.problem is not None:
                sys.stdout.write(f"       {result.problem}\n")
            sys.stdout.flush()
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"AWS cannot be asked with these credentials: {error}\n")
        return 1
    sys.stdout.write(
        f"Two emails must arrive now, with {service.output(ALARM_OUTPUT)} in their subject: ALARM, then OK."
        " Without them the test has failed, whatever stands above.\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
