"""May this draft be sent without a person? The hard rules, before any model is asked. Pure.

Every rule is a row of RULES, checked in order; the first that applies decides. None of them can be bypassed by a
setting, a threshold or the model. What passes still needs the model's evaluation (``after_evaluation``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.tags import DRAFTED_TAGS
from shared.domain.vocabulary import DecisionAction, ResponseMode, Tag

ACKNOWLEDGEMENT_MAX_LENGTH = 80

# Words that close a conversation: answering "thanks!" with a pitch is what a machine does.
_ACKNOWLEDGEMENT = re.compile(
    r"(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ty|cheers|got it|sounds good|great|perfect|"
    r"noted|will do|understood|received|cool|awesome|nice|much appreciated|appreciated|you too|same to you|"
    r"danke(?: (?:schön|sehr|dir|ihnen))?|vielen dank|alles klar|passt|"
    r"merci(?: beaucoup)?|d'accord|parfait|gracias|muchas gracias|de acuerdo|perfecto|vale|grazie(?: mille)?|va bene|"
    r"dank je(?: wel)?|bedankt|obrigad[oa]|muito obrigad[oa]|dzięk(?:i|uję)|tack(?: så mycket)?|tak|takk)"
    r"[\s,.!;:)\-–—]*)+\Z",
    re.IGNORECASE,
)
_NOT_A_WORD = re.compile(r"[^\w\s,.!;:)\-–—']+")  # emoji and the like


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the rules look at, read from the database in one go."""

    now: datetime
    tag: Tag
    suppressed: bool
    appointment: bool  # an appointment or a booked meeting exists
    is_newest_message: bool  # no newer inbound message that is not certainly automatic
    newer_outbound: bool  # somebody has answered already
    arrived_late: bool  # and between its writing and its arrival the lead has written again or has been answered
    sender_is_lead: bool  # as far as the sender is known
    message_at: datetime
    max_reply_age_hours: int
    reply_text: str  # the cleaned reply
    campaign_mode: ResponseMode | None  # None: the message belongs to no campaign
    lead_auto_reply_enabled: bool
    auto_send_enabled: bool  # the client's kill switch: False stops everything
    sent_today: int  # automated answers of this client since its midnight
    daily_send_cap: int | None
    consecutive_auto_replies: int  # automated answers to this lead since a person last wrote to it
    max_consecutive_auto_replies: int
    escalation_phrases: tuple[str, ...]
    failed_checks: tuple[str, ...] = ()  # what the draft's output checks found

    @property
    def escalation(self) -> str | None:
        return escalation_phrase(self.reply_text, self.escalation_phrases)

    @property
    def checks_text(self) -> str:
        return "; ".join(self.failed_checks)


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens with a draft, and why: the decision record that the draft's row keeps."""

    action: DecisionAction
    rule: str
    reason: str
    confidence: float | None = None
    threshold: float | None = None
    model: str | None = None


OVERTAKEN = "the lead has written again"  # why a draft is SUPERSEDED by a newer reply of a person


@dataclass(frozen=True, slots=True)
class GateRule:
    """A hard block: its id, whether it applies, and what a person reads (``{f…}`` are the facts)."""

    id: str
    applies: Callable[[GateFacts], bool]
    reason: str
    action: DecisionAction = DecisionAction.NEEDS_REVIEW


def is_acknowledgement(text: str) -> bool:
    """Whether a reply only acknowledges ("thanks, got it 👍"): short, nothing asked, nothing offered."""
    words = _NOT_A_WORD.sub(" ", text).strip()
    return len(text.strip()) <= ACKNOWLEDGEMENT_MAX_LENGTH and (not words or _ACKNOWLEDGEMENT.match(words) is not None)


def escalation_phrase(text: str, phrases: tuple[str, ...]) -> str | None:
    """The first of the client's escalation phrases that the reply contains, whatever its case and spacing."""
    folded = " ".join(text.casefold().split())
    return next(
        (phrase for phrase in phrases if phrase.strip() and " ".join(phrase.casefold().split()) in folded), None
    )


def _mode_allows(facts: GateFacts) -> bool:
    if facts.campaign_mode is None:
        return facts.lead_auto_reply_enabled
    return facts.campaign_mode is ResponseMode.AUTO_SEND


RULES: tuple[GateRule, ...] = (
    GateRule("suppressed", lambda f: f.suppressed, "the lead is suppressed", DecisionAction.NOTHING),
    GateRule("newer_message", lambda f: not f.is_newest_message, OVERTAKEN, DecisionAction.NOTHING),
    GateRule(
        "arrived_late",
        lambda f: f.arrived_late,
        "the reply arrived late: the lead has written again, or has been answered, between its writing and its arrival",
    ),
    GateRule("another_sender", lambda f: not f.sender_is_lead, "somebody else than the lead has answered"),
    GateRule("tag", lambda f: f.tag not in DRAFTED_TAGS, "{f.tag} replies are never answered automatically"),
    GateRule("newer_outbound", lambda f: f.newer_outbound, "the lead has been answered since"),
    GateRule("mode", lambda f: not _mode_allows(f), "automated answers are off for this campaign or lead"),
    GateRule("kill_switch", lambda f: not f.auto_send_enabled, "automated answers are switched off"),
    GateRule("output_checks", lambda f: bool(f.failed_checks), "the draft failed its checks: {f.checks_text}"),
    GateRule("appointment", lambda f: f.appointment, "a meeting is booked already"),
    GateRule(
        "reply_age",
        lambda f: f.now - f.message_at > timedelta(hours=f.max_reply_age_hours),
        "the reply is older than {f.max_reply_age_hours} h",
    ),
    GateRule("acknowledgement", lambda f: is_acknowledgement(f.reply_text), "the reply only acknowledges"),
    GateRule("escalation_phrase", lambda f: f.escalation is not None, "escalation phrase: {f.escalation}"),
    GateRule(
        "consecutive_auto_replies",
        lambda f: f.consecutive_auto_replies >= f.max_consecutive_auto_replies,
        "{f.consecutive_auto_replies} automated answers since a person last wrote",
    ),
    GateRule(
        "daily_cap",
        lambda f: f.daily_send_cap is not None and f.sent_today >= f.daily_send_cap,
        "the cap of {f.daily_send_cap} automated answers a day is reached",
    ),
)


def blocked_by(facts: GateFacts) -> Decision | None:
    """The decision of the first rule that applies, or None when the model may be asked."""
    for rule in RULES:
        if rule.applies(facts):
            return Decision(action=rule.action, rule=rule.id, reason=rule.reason.format(f=facts))
    return None


def after_evaluation(
    *, safe: bool, requires_human_review: bool, confidence: float, reason: str, threshold: float, model: str
) -> Decision:
    """The model's evaluation as a decision: send if safe, no review asked for, and confidence ≥ threshold (0–1)."""
    send = safe and not requires_human_review and confidence >= threshold
    return Decision(
        action=DecisionAction.SEND_NOW if send else DecisionAction.NEEDS_REVIEW,
        rule="evaluation",
        reason=reason,
        confidence=confidence,
        threshold=threshold,
        model=model,
    )
