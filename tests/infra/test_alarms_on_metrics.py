"""Alarms and the dashboard look for exactly what the code emits: namespace, name, dimensions and statistic."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infra.app import ROOT
from infra.constructs.alarms import PARTS_OF_SCHEDULE, PRODUCT_ALARMS
from infra.topology import TOPOLOGY
from shared.observability import NAMESPACE, Metric, VersionFailure
from tests.infra.conftest import Synthesized
from tests.unit.test_observability import emissions

# Every value of every metric once, printed by the functions' own code in a process with a function's variables.
PRINT_ALL = """
from shared.observability import Metric, emit, metrics
for metric in Metric:
    emit(metric, **{name: f"<{name}>" for name in metric.dimensions})
metrics.flush_metrics()
"""


@dataclass(frozen=True)
class Looked:
    """The metric of an alarm, by the alarm's logical id; a dimension that is a reference is given as its JSON."""

    alarm: str
    namespace: str
    metric: str
    dimensions: dict[str, str]
    statistic: str
    missing: str


def looked_for(stack: Synthesized) -> Iterator[Looked]:
    for name, alarm in stack.properties("Service", "AWS::CloudWatch::Alarm").items():
        single = [(alarm, alarm.get("Statistic") or alarm.get("ExtendedStatistic"))] if "MetricName" in alarm else []
        queries = [query["MetricStat"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
        for metric, statistic in [*single, *((query["Metric"], query["Stat"]) for query in queries)]:
            yield Looked(
                alarm=name,
                namespace=metric["Namespace"],
                metric=metric["MetricName"],
                dimensions={
                    each["Name"]: each["Value"] if isinstance(each["Value"], str) else json.dumps(each["Value"])
                    for each in metric.get("Dimensions", ())
                },
                statistic=statistic,
                missing=alarm["TreatMissingData"],
            )


def own(stack: Synthesized) -> list[Looked]:
    return [each for each in looked_for(stack) if each.namespace == NAMESPACE]


@pytest.fixture(scope="module")
def printed() -> dict[str, dict[str, Any]]:
    """The line of embedded metrics that holds each metric, as a function of prod prints it."""
    environment = {**os.environ, "POWERTOOLS_SERVICE_NAME": "reply-pipeline-prod"}
    result = subprocess.run(
        [sys.executable, "-c", PRINT_ALL], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return {
        metric["Name"]: line
        for line in lines
        for described in line["_aws"]["CloudWatchMetrics"]
        for metric in described["Metrics"]
    }


def test_an_alarm_looks_for_what_is_printed(prod: Synthesized, printed: dict[str, dict[str, Any]]) -> None:
    alarms = own(prod)
    assert len(alarms) >= len(PRODUCT_ALARMS)
    for alarm in alarms:
        line = printed[alarm.metric]
        (described,) = line["_aws"]["CloudWatchMetrics"]
        assert described["Namespace"] == alarm.namespace, alarm
        assert {frozenset(names) for names in described["Dimensions"]} == {frozenset(alarm.dimensions)}, alarm
        assert line["service"] == alarm.dimensions["service"], alarm


def test_a_gauge_is_read_by_its_maximum_and_a_count_by_its_sum(synthesized: Synthesized) -> None:
    """What maintenance counts anew each minute must not be added up, and events that happened must be."""
    gauges = {metric for metric, _, where in emissions() if where.startswith("shared/pipelines/upkeep/maintain.py")} & {
        Metric.UNPUBLISHED_JOBS,
        Metric.UNCERTAIN_SENDS,
        Metric.OVERDUE_COMMITMENTS,
        Metric.HELD_LEADS,
        Metric.DRAFTS_AWAITING_REVIEW,
        Metric.ELIGIBLE_WITHOUT_DRAFT,
    }
    assert len(gauges) == 6
    for alarm in own(synthesized):
        assert alarm.statistic == ("Maximum" if alarm.metric in gauges else "Sum"), alarm
        if alarm.metric in gauges:
            assert alarm.missing == "breaching", "nobody knows how many wait when nobody counts"


def test_every_part_of_every_schedule_is_missed_when_it_is_silent(synthesized: Synthesized) -> None:
    assert set(PARTS_OF_SCHEDULE) == {schedule.name for schedule in TOPOLOGY.schedules}
    alarms = synthesized.properties("Service", "AWS::CloudWatch::Alarm")
    watched = {}
    for alarm in own(synthesized):
        if alarm.metric == Metric.MAINTENANCE_COMPLETED:
            properties = alarms[alarm.alarm]
            assert (properties["ComparisonOperator"], properties["Threshold"]) == ("LessThanThreshold", 1)
            assert alarm.missing == "breaching"
            watched[alarm.dimensions["part"]] = properties["Period"] * properties["EvaluationPeriods"]
    for schedule in TOPOLOGY.schedules:
        for part in PARTS_OF_SCHEDULE[schedule.name]:
            # Long enough for two runs to fail, short enough for the same hour.
            assert max(600, 2 * schedule.every_s) <= watched.pop(part) <= 3600, part
    assert watched == {}


def test_the_new_version_is_watched_for_every_reason(synthesized: Synthesized) -> None:
    reasons = {alarm.dimensions["reason"] for alarm in own(synthesized) if alarm.metric == Metric.VERSION_FAILURE}
    assert reasons == {reason.value for reason in VersionFailure}


def test_the_dashboard_shows_what_is_printed(prod: Synthesized, printed: dict[str, dict[str, Any]]) -> None:
    (dashboard,) = prod.properties("Service", "AWS::CloudWatch::Dashboard").values()
    parts = dashboard["DashboardBody"]["Fn::Join"][1]
    body = json.loads("".join(part if isinstance(part, str) else "reference" for part in parts))
    metrics = [metric for widget in body["widgets"] for metric in widget["properties"].get("metrics", ())]
    searched = {
        (match["metric"], frozenset(match["schema"].split(",")[1:]), match["service"])
        for metric in metrics
        for match in re.finditer(
            r"\{(?P<schema>[\w,]+)\} MetricName=\"(?P<metric>\w+)\" service=\"(?P<service>[\w-]+)\"",
            json.dumps(metric[0].get("expression", "")).replace("\\", "") if isinstance(metric[0], dict) else "",
        )
    }
    named = {
        (metric[1], frozenset(metric[2:-1:2]), dict(zip(metric[2:-1:2], metric[3:-1:2], strict=False))["service"])
        for metric in metrics
        if metric[0] == NAMESPACE
    }
    assert len(searched) >= 6
    assert len(named) >= 4
    for name, dimensions, service in searched | named:
        line = printed[name]
        (described,) = line["_aws"]["CloudWatchMetrics"]
        assert {frozenset(names) for names in described["Dimensions"]} == {dimensions}, name
        assert line["service"] == service, name
