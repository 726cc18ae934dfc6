"""The demo's verdict: the deviations, those that only a model may decide, and that every row is shown."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from local.demo_report import NARROW, DemoReport, Posted, Row, Totals, compare, print_report, report_as_json
from local.samples import Delivery, Expectation, Sample
from shared.db.reports.leads import LeadReport
from shared.db.reports.outcomes import ReplyOutcome

MESSAGE, LEAD = UUID(int=1), UUID(int=2)

SAMPLE = Sample(
    provider="instantly",
    name="01_interested",
    title="Interested, automatic campaign",
    campaign="auto",
    delivery=Delivery(body={"lead_email": "pat@acme.test"}),
    expect=Expectation.model_validate(
        {
            "http_status": 200,
            "status": "accepted",
            "tag": "Interested",
            "lead_status": "qualified",
            "is_auto_reply": False,
            "draft": True,
            "decision": "SEND_NOW",
            "sent": True,
            "overall_score": [2, 4],
        }
    ),
)
POSTED = Posted(1, SAMPLE, "pat@acme.test", 200, "accepted", None, MESSAGE, 12.3)
OUTCOME = ReplyOutcome(
    message_id=MESSAGE,
    lead_id=LEAD,
    lead_email="pat@acme.test",
    tag="Interested",
    is_auto_reply=False,
    lead_status="qualified",
    suppression_reason=None,
    overall_score=3,
    fit_score=3,
    intent_score=3,
    draft_id=UUID(int=3),
    draft_body="Hi Pat,\n\nhere is what you asked for.",
    draft_status="SENT",
    action="SEND_NOW",
    rule="evaluation",
    confidence=0.95,
    send_status="SENT",
    model_calls=4,
    cost_usd=Decimal("0.0040"),
)
LEAD_NOW = LeadReport(
    **{
        **dict.fromkeys(LeadReport.__dataclass_fields__),
        "id": LEAD,
        "email": "pat@acme.test",
        "status": "qualified",
        "overall_score": 3,
    }  # type: ignore[arg-type]
)
ROW = Row(POSTED, OUTCOME, LEAD_NOW, same_as=None, dead_letters=0)
TOTALS = Totals(
    messages={"inbound": 1, "outbound": 1},
    jobs={"SUCCEEDED": 2, "FAILED": 0},
    sends={"SENT": 1, "REFUSED": 0, "UNCERTAIN": 0, "INTENDED": 0},
    sent_at={"instantly": 1},
    dead_letters={"post-process-dlq.fifo": 0},
    model_calls=4,
    cost_usd=Decimal("0.0040"),
    duration_s=20.0,
)


def changed(**changes: Any) -> Row:
    """ROW with fields of its outcome, its lead or its answer changed, whichever has them."""
    row = ROW
    for name, value in changes.items():
        if name in Posted.__dataclass_fields__:
            row = replace(row, posted=replace(row.posted, **{name: value}))
        elif name in ("status_now", "suppression_reason", "overall_score"):
            assert row.lead is not None
            row = replace(row, lead=replace(row.lead, **{name.replace("_now", ""): value}))
        else:
            assert row.outcome is not None
            row = replace(row, outcome=replace(row.outcome, **{name: value}))
    return row


def test_what_is_as_expected_is_no_deviation() -> None:
    assert compare([ROW], TOTALS, model_is_offline=True) == []
    assert compare([ROW], TOTALS, model_is_offline=False) == []


@pytest.mark.parametrize(
    ("changes", "what", "fails_with_a_real_model"),
    [
        ({"http_status": 202}, "response", True),
        ({"status": "parked"}, "status", True),
        ({"tag": "Neutral"}, "tag", False),
        ({"tag": None}, "tag", False),
        ({"is_auto_reply": True}, "automatic reply", False),
        ({"status_now": "new"}, "lead status", False),
        ({"suppression_reason": "OPT_OUT"}, "suppressed", True),
        ({"suppression_reason": "MODEL"}, "suppressed", False),
        ({"draft_id": None}, "draft", False),
        ({"action": "NEEDS_REVIEW"}, "decision", False),
        ({"send_status": "UNCERTAIN"}, "sent", False),
        ({"overall_score": 1}, "score", False),
        ({"overall_score": None}, "score", False),
    ],
)
def test_every_difference_is_named_and_fails_the_demo(
    changes: dict[str, Any], what: str, fails_with_a_real_model: bool
) -> None:
    offline = compare([changed(**changes)], TOTALS, model_is_offline=True)
    real = compare([changed(**changes)], TOTALS, model_is_offline=False)

    assert [(deviation.number, deviation.what, deviation.fails) for deviation in offline] == [(1, what, True)]
    assert [deviation.fails for deviation in real] == [fails_with_a_real_model]


def test_an_email_where_a_person_has_to_approve_fails_with_any_model() -> None:
    expect = SAMPLE.expect.model_copy(update={"sent": False, "decision": "NEEDS_REVIEW"})
    sample = SAMPLE.model_copy(update={"campaign": "draft", "expect": expect})

    deviations = compare([changed(sample=sample)], TOTALS, model_is_offline=False)

    assert {deviation.what: deviation.fails for deviation in deviations} == {"decision": False, "sent": True}


def test_the_same_reply_must_have_the_same_message() -> None:
    expect = SAMPLE.expect.model_copy(update={"same_message_as": SAMPLE.name, "status": "duplicate"})
    again = SAMPLE.model_copy(update={"name": "02_again", "expect": expect})
    twin = changed(number=2, sample=again, status="duplicate")
    other = changed(number=2, sample=again, status="duplicate", message_id=UUID(int=9))

    assert compare([ROW, twin], TOTALS, model_is_offline=True) == []
    assert [deviation.what for deviation in compare([ROW, other], TOTALS, model_is_offline=False)] == ["message"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"dead_letters": {"post-process-dlq.fifo": 1}}, "dead letters"),
        ({"jobs": {"FAILED": 1}}, "jobs that failed"),
        ({"sent_at": {"instantly": 2}}, "messages that the providers took, by our records"),
        ({"sends": {"SENT": 0, "UNCERTAIN": 1}}, "messages without a certain end"),
    ],
)
def test_the_totals_have_to_add_up_whatever_the_model(changes: dict[str, Any], what: str) -> None:
    deviations = compare([ROW], replace(TOTALS, **changes), model_is_offline=False)

    assert (what, True) in [(deviation.what, deviation.fails) for deviation in deviations]


@pytest.mark.parametrize("width", [60, NARROW - 1, NARROW, 160, 170])
def test_every_event_is_shown_at_any_width(width: int) -> None:
    quarantined = Row(
        replace(POSTED, number=2, status="quarantined", reason="not_json", message_id=None), None, None, None, 0
    )
    rows = [ROW, quarantined]
    shown = shown_at(width, DemoReport(rows, TOTALS, compare(rows, TOTALS, model_is_offline=True), True))

    assert "offline rules server" in shown
    for words in ("Interested", "200 accepted", "200 quarantined", "not json", "send now 0.95", "0.0040", "✗2"):
        assert words in shown, words
    assert "the demo has failed" in shown
    assert max(len(line) for line in shown.splitlines()) <= width


def test_a_real_model_is_named_and_its_judgement_does_not_fail() -> None:
    rows = [changed(tag="Neutral")]
    report = DemoReport(rows, TOTALS, compare(rows, TOTALS, model_is_offline=False), False)

    shown = shown_at(170, report)

    assert report.failures == []
    assert "OpenAI" in shown
    assert "≠ 1 Interested, automatic campaign — tag: Neutral, expected Interested" in shown
    assert report_as_json(report)["deviations"] == [
        {"event": 1, "what": "tag", "expected": "Interested", "actual": "Neutral", "fails": False}
    ]


def shown_at(width: int, report: DemoReport) -> str:
    output = io.StringIO()
    print_report(report, Console(file=output, width=width, highlight=False))
    return output.getvalue()
