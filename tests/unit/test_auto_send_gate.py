"""The gate, rule by rule: facts that let a draft through, and for every rule the one change that stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.channels import CHANNELS
from shared.domain.commitments import Commitment, CommitmentKind
from shared.domain.drafting.auto_send_gate import (
    HIDDEN_CHARS,
    RULES,
    GateFacts,
    after_evaluation,
    blocked_by,
    escalation_phrase,
)
from shared.domain.drafting.draft_rules import explain
from shared.domain.drafting.findings import Finding, FindingKind
from shared.domain.vocabulary import Channel, DecisionAction, ResponseMode, Tag
from shared.domain.workspace_settings import WorkspaceSettings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday

PASSES = GateFacts(
    now=NOW,
    tag=Tag.INTERESTED,
    suppressed=False,
    appointment=False,
    is_newest_message=True,
    newer_outbound=False,
    arrived_late=False,
    sender_is_lead=True,
    message_at=NOW - timedelta(minutes=2),
    reply_text="Sounds interesting, tell me more about the setup.",
    campaign_mode=ResponseMode.AUTO_SEND,
    lead_auto_reply_enabled=False,
    client_disabled=False,
    settings=WorkspaceSettings(escalation_phrases=["works council"]),
    sent_today=0,
    consecutive_auto_replies=0,
)


def with_settings(facts: GateFacts = PASSES, **settings: object) -> GateFacts:
    return replace(facts, settings=facts.settings.model_copy(update=settings))


BLOCKED = {
    "suppressed": (replace(PASSES, suppressed=True), DecisionAction.NOTHING),
    "held": (replace(PASSES, held=True), DecisionAction.NEEDS_REVIEW),
    "newer_message": (replace(PASSES, is_newest_message=False), DecisionAction.NOTHING),
    "tag": (replace(PASSES, tag=Tag.NOT_INTERESTED), DecisionAction.NEEDS_REVIEW),
    "arrived_late": (replace(PASSES, arrived_late=True), DecisionAction.NEEDS_REVIEW),
    "another_sender": (replace(PASSES, sender_is_lead=False), DecisionAction.NEEDS_REVIEW),
    "newer_outbound": (replace(PASSES, newer_outbound=True), DecisionAction.NEEDS_REVIEW),
    "mode": (replace(PASSES, campaign_mode=ResponseMode.DRAFT_ONLY), DecisionAction.NEEDS_REVIEW),
    "channel": (
        replace(PASSES, channel=replace(PASSES.channel, auto_send_by_default=False)),
        DecisionAction.NEEDS_REVIEW,
    ),
    "kill_switch": (with_settings(auto_send_enabled=False), DecisionAction.NEEDS_REVIEW),
    "output_checks": (replace(PASSES, failed_checks=("link: unknown",)), DecisionAction.NEEDS_REVIEW),
    "lead_only": (replace(PASSES, lead_only=("£500",)), DecisionAction.NEEDS_REVIEW),
    "appointment": (replace(PASSES, appointment=True), DecisionAction.NEEDS_REVIEW),
    "reply_age": (replace(PASSES, message_at=NOW - timedelta(hours=25)), DecisionAction.NEEDS_REVIEW),
    "relative_day": (
        replace(PASSES, relative_days=("tomorrow",), drafted_at=NOW - timedelta(hours=13)),
        DecisionAction.NEEDS_REVIEW,
    ),
    "legal": (replace(PASSES, reply_text="Is this GDPR compliant?"), DecisionAction.NEEDS_REVIEW),
    "complaint": (replace(PASSES, reply_text="This is ridiculous, but tell me more."), DecisionAction.NEEDS_REVIEW),
    "negotiation": (replace(PASSES, reply_text="Would you do it for £500?"), DecisionAction.NEEDS_REVIEW),
    "own_calendar": (replace(PASSES, reply_text="Sure: https://calendly.com/pat/30min"), DecisionAction.NEEDS_REVIEW),
    "call_request": (replace(PASSES, tag=Tag.CALL_REQUESTED), DecisionAction.NEEDS_REVIEW),
    "hidden_text": (replace(PASSES, hidden_chars=HIDDEN_CHARS), DecisionAction.NEEDS_REVIEW),
    "commitment": (
        replace(PASSES, commitments=(Commitment(CommitmentKind.CALL, "I'll call you"),)),
        DecisionAction.NEEDS_REVIEW,
    ),
    "no_common_hour": (replace(PASSES, never_leaves=True), DecisionAction.NEEDS_REVIEW),
    "unknown_question": (
        replace(PASSES, channel=CHANNELS[Channel.SMS], reply_text="Tuesday at 2 is fine"),
        DecisionAction.NEEDS_REVIEW,
    ),
    "acknowledgement": (replace(PASSES, reply_text="Thanks, got it! 👍"), DecisionAction.NEEDS_REVIEW),
    "escalation_phrase": (
        replace(PASSES, reply_text="Our Works  Council will look at it."),
        DecisionAction.NEEDS_REVIEW,
    ),
    "consecutive_auto_replies": (replace(PASSES, consecutive_auto_replies=3), DecisionAction.NEEDS_REVIEW),
    "daily_cap": (with_settings(replace(PASSES, sent_today=5), daily_send_cap=5), DecisionAction.NEEDS_REVIEW),
}


@pytest.mark.parametrize(
    ("channel", "settings", "passes"),
    [
        (Channel.EMAIL, {}, True),
        (Channel.SMS, {}, True),
        (Channel.LINKEDIN, {}, False),
        (Channel.LINKEDIN, {"linkedin_auto_send": True}, True),
        (Channel.LINKEDIN, {"linkedin_auto_send": True, "auto_send_enabled": False}, False),
    ],
)
def test_linkedin_needs_its_own_switch(channel: Channel, settings: dict[str, object], passes: bool) -> None:
    facts = with_settings(replace(PASSES, channel=CHANNELS[channel]), **settings)
    assert (blocked_by(facts) is None) is passes


@pytest.mark.parametrize(
    "facts",
    [
        replace(PASSES, channel=CHANNELS[Channel.SMS], reply_text="Tuesday at 2", last_outbound_text="2pm or 3pm?"),
        replace(PASSES, channel=CHANNELS[Channel.SMS], reply_text="Send me prices for ten seats"),
        replace(PASSES, reply_text="Tuesday at 2"),
    ],
)
def test_a_short_answer_of_a_chat_needs_its_question(facts: GateFacts) -> None:
    assert blocked_by(facts) is None


def test_an_ordinary_interested_reply_passes() -> None:
    assert blocked_by(PASSES) is None


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_each_rule_stops_what_it_is_about(rule: str) -> None:
    facts, action = BLOCKED[rule]
    decision = blocked_by(facts)
    assert decision is not None
    assert (decision.rule, decision.action) == (rule, action)
    sentence = explain(decision.rule, decision.finding)
    assert sentence
    assert "{" not in sentence
    assert "–" not in sentence, "what it found is missing"


@pytest.mark.parametrize(
    "facts",
    [
        replace(PASSES, message_at=NOW - timedelta(hours=24)),
        replace(PASSES, consecutive_auto_replies=2),
        with_settings(replace(PASSES, sent_today=4), daily_send_cap=5),
        replace(PASSES, campaign_mode=None, lead_auto_reply_enabled=True),
        with_settings(max_reply_age_hours=1),
        replace(PASSES, tag=Tag.OBJECTION),
        with_settings(escalation_phrases=["", "  "]),
        replace(PASSES, hidden_chars=HIDDEN_CHARS - 1),
        replace(PASSES, reply_text="Thanks, got it! 👍", last_outbound_text="Shall I send you the figures?"),
        replace(PASSES, commitments=(Commitment(CommitmentKind.WRITE_LATER, "in March", date(2027, 3, 1)),)),
        with_settings(
            replace(PASSES, commitments=(Commitment(CommitmentKind.CALL, "I'll call you"),)),
            auto_send_commitments=True,
        ),
        replace(PASSES, relative_days=("tomorrow",), drafted_at=NOW - timedelta(hours=12)),
        replace(PASSES, drafted_at=NOW - timedelta(hours=13)),
        with_settings(
            replace(PASSES, reply_text="Yes: https://cal.example.com/mara", tag=Tag.MEETING_REQUESTED),
            booking_link="https://cal.example.com/mara",
        ),
    ],
)
def test_near_misses_pass(facts: GateFacts) -> None:
    assert blocked_by(facts) is None


def test_without_a_campaign_the_leads_own_switch_counts() -> None:
    decision = blocked_by(replace(PASSES, campaign_mode=None, lead_auto_reply_enabled=False))
    assert decision is not None
    assert decision.rule == "mode"


def test_a_cap_of_zero_stops_everything() -> None:
    decision = blocked_by(with_settings(daily_send_cap=0))
    assert decision is not None
    assert decision.rule == "daily_cap"


def test_a_promise_to_write_without_a_day_is_one_that_nobody_keeps() -> None:
    promise = Commitment(CommitmentKind.WRITE_LATER, "when the time is right")
    decision = blocked_by(replace(PASSES, commitments=(promise,)))
    assert decision is not None
    assert (decision.rule, decision.finding) == ("commitment", "when the time is right")


def test_a_draft_with_a_relative_day_is_not_put_off_to_another_one() -> None:
    facts = replace(PASSES, relative_days=("tomorrow",), drafted_at=NOW, leaves_at=NOW + timedelta(hours=13))
    decision = blocked_by(facts)
    assert decision is not None
    assert decision.rule == "relative_day"
    assert blocked_by(replace(facts, leaves_at=NOW + timedelta(hours=3))) is None
    # The day is the workspace's, not the server's: in Auckland it is past one o'clock at night already.
    assert blocked_by(with_settings(facts, timezone="Pacific/Auckland")) is None


WEEKDAYS = {"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "17:00"}


@pytest.mark.parametrize(
    ("age", "window", "blocked"),
    [
        (timedelta(hours=68), WEEKDAYS, False),  # from Friday 16:00: one open hour then, three today
        (timedelta(hours=68), None, True),
        (timedelta(days=5), WEEKDAYS, False),  # Wednesday noon: 5 + 8 + 8 + 3 open hours
        (timedelta(days=5, seconds=1), WEEKDAYS, True),
        (timedelta(days=4_000), WEEKDAYS, True),
    ],
)
def test_only_hours_in_which_a_draft_may_leave_make_a_reply_old(
    age: timedelta, window: dict[str, object] | None, blocked: bool
) -> None:
    facts = with_settings(replace(PASSES, message_at=NOW - age), sending_window=window)
    assert (blocked_by(facts) is not None) is blocked


@given(st.sampled_from(sorted(BLOCKED)), st.sampled_from(sorted(BLOCKED)))
def test_a_second_reason_never_lifts_a_block(first: str, second: str) -> None:
    facts, other = BLOCKED[first][0], BLOCKED[second][0]
    changes = {
        name: getattr(other, name)
        for name in GateFacts.__dataclass_fields__
        if getattr(other, name) != getattr(PASSES, name)
    }
    assert blocked_by(replace(facts, **changes)) is not None


def test_escalation_phrases_ignore_case_and_spacing() -> None:
    assert escalation_phrase("Please ask our LEGAL\n department first", ("legal department",)) == "legal department"
    assert escalation_phrase("It is legal. The department agrees.", ("legal department",)) is None


DOUBT, HOLD = Finding(FindingKind.UNANSWERED, "Norway?"), Finding(FindingKind.COMMITMENT, "I'll call you")


@pytest.mark.parametrize(
    ("findings", "confidence", "threshold", "sent"),
    [
        ([], 0.9, 0.9, True),
        ([], 0.95, 0.9, True),
        ([], 0.899, 0.9, False),
        ([DOUBT], 1.0, 0.9, False),
        ([DOUBT], 1.0, 0.85, True),
        ([DOUBT, DOUBT], 1.0, 0.85, False),
        ([HOLD], 1.0, 0.0, False),
        ([DOUBT, HOLD], 1.0, 0.0, False),
    ],
)
def test_sending_needs_no_finding_that_holds_and_a_confidence_at_or_over_the_threshold(
    findings: list[Finding], confidence: float, threshold: float, sent: bool
) -> None:
    decision = after_evaluation(findings, confidence=confidence, threshold=threshold, model="m")
    assert (decision.action is DecisionAction.SEND_NOW) is sent
    assert decision.rule == "evaluation"
    assert decision.threshold == threshold


def test_the_decision_keeps_what_was_found_and_the_confidence_that_counted() -> None:
    decision = after_evaluation([DOUBT, HOLD], confidence=0.97, threshold=0.9, model="m")
    assert decision.finding == "unanswered: Norway?; commitment: I'll call you"
    assert decision.confidence == 0.85
    assert after_evaluation([], confidence=0.5, threshold=0.9, model="m").finding == "nothing found"
