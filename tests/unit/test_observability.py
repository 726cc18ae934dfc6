"""Metrics as they leave a function: each is emitted somewhere, under the dimensions that alarms look for."""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.observability import NAMESPACE, SERVICE, Metric, emit, metrics, unmeasured

ROOT = Path(__file__).parents[2]
NOT_DIMENSIONS = {"value", "unit"}


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    """Metrics wait for the end of a call: what another test has left behind is not this one's."""
    metrics.clear_metrics()


def emissions() -> Iterator[tuple[Metric, tuple[str, ...], str]]:
    """Yields every call of emit() in the product: the metric (both of a choice), its dimensions, and its place."""
    for path in sorted([*(ROOT / "shared").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "emit":
                continue
            dimensions = sorted({str(keyword.arg) for keyword in call.keywords} - NOT_DIMENSIONS)
            named = [
                node.attr
                for node in ast.walk(call.args[0])
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Metric"
            ]
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            assert named, f"{where}: emit() of something that is no Metric"
            for name in named:
                yield Metric[name], tuple(dimensions), where


def test_every_metric_is_emitted_and_always_under_its_dimensions() -> None:
    found: dict[Metric, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for metric, dimensions, where in emissions():
        found[metric].append((dimensions, where))
    assert [metric for metric in Metric if metric not in found] == []
    wrong = [
        (metric, where)
        for metric, calls in found.items()
        for dimensions, where in calls
        if dimensions != tuple(sorted(metric.dimensions))
    ]
    assert wrong == []


@pytest.mark.parametrize("metric", Metric)
def test_a_metric_is_printed_under_its_dimensions_and_the_services(
    metric: Metric, capsys: pytest.CaptureFixture[str]
) -> None:
    emit(metric, 2, **{name: f"a {name}" for name in metric.dimensions})
    if not metric.dimensions:
        metrics.flush_metrics()
    line = json.loads(capsys.readouterr().out)
    (described,) = line["_aws"]["CloudWatchMetrics"]
    assert described["Namespace"] == NAMESPACE
    assert [sorted(names) for names in described["Dimensions"]] == [sorted(("service", *metric.dimensions))]
    assert described["Metrics"] == [{"Name": metric.value, "Unit": "Count"}]
    assert line["service"] == SERVICE
    assert line[metric.value] == [2.0]


def test_what_is_rehearsed_is_not_counted(capsys: pytest.CaptureFixture[str]) -> None:
    with unmeasured():
        emit(Metric.LEAD_SUPPRESSED, reason="OPT_OUT")
        emit(Metric.JOBS_LOST)
    assert not metrics.metric_set
    assert capsys.readouterr().out == ""
    emit(Metric.LEAD_SUPPRESSED, reason="OPT_OUT")
    assert "LeadSuppressed" in capsys.readouterr().out
