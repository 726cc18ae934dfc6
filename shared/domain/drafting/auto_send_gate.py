"""The hard rules of sending a draft without a person, before any model is asked. Pure.

Every rule is a row of RULES, checked in order; the first that applies decides. None of them can be bypassed by a
setting, a threshold or the model. What passes still needs the model's evaluation (``after_evaluation``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.channels import CHANNELS, ChannelRules
from shared.domain.commitments import Commitment
from shared.domain.drafting.draft_rules import EVALUATION_RULES, DraftRule
from shared.domain.tags import DRAFTED_TAGS
from shared.domain.text.wording import occurs_in
from shared.domain.vocabulary import ActorKind, Channel, DecisionAction, ResponseMode, Tag
from shared.domain.workspace_settings import WorkspaceSettings

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
    """The facts that the rules look at, read from the database in one go."""

    now: datetime
    tag: Tag
    suppressed: bool
    appointment: bool  # an appointment or a booked meeting exists
    is_newest_message: bool  # no newer inbound message that is not certainly automatic
    newer_outbound: bool  # an email has gone to the lead since
    arrived_late: bool  # and between its writing and its arrival the lead has written again or got an email
    sender_is_lead: bool  # as far as the sender is known
    message_at: datetime
    reply_text: str  # the cleaned reply
    campaign_mode: ResponseMode | None  # None: the message belongs to no campaign
    lead_auto_reply_enabled: bool
    client_disabled: bool
    settings: WorkspaceSettings
    sent_today: int  # automatic sends of this client since its midnight
    consecutive_auto_replies: int  # automatic sends to this lead since a person last wrote to it
    failed_checks: tuple[str, ...] = ()  # what the draft's output checks found
    channel: ChannelRules = CHANNELS[Channel.EMAIL]
    held: bool = False  # a suspected opt-out is not decided
    commitments: tuple[Commitment, ...] = ()  # what the draft promises, by its writer's word or by the checks
    lead_only: tuple[str, ...] = ()  # what the draft states although only the lead has said it
    hidden_chars: int = 0  # of text that the reply's HTML hid
    last_outbound_text: str | None = None  # our newest email before the reply; None: none is stored

    @property
    def escalation(self) -> str | None:
        return escalation_phrase(self.reply_text, self.settings.escalation_phrases)


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision record that the draft's row keeps: what happens with the draft, and why."""

    action: DecisionAction
    rule: DraftRule
    finding: str = ""  # what the rule found: a phrase, a number, a model's own words
    confidence: float | None = None
    threshold: float | None = None
    model: str | None = None

    @property
    def by(self) -> ActorKind:
        return ActorKind.EVALUATION if self.rule in EVALUATION_RULES else ActorKind.GATE


@dataclass(frozen=True, slots=True)
class GateRule:
    """A hard block: its code, whether it applies, and what it found if its sentence has a place for that."""

    id: DraftRule
    applies: Callable[[GateFacts], bool]
    finding: Callable[[GateFacts], object] = lambda _: ""
    action: DecisionAction = DecisionAction.NEEDS_REVIEW


def is_acknowledgement(text: str) -> bool:
    """Tells whether a reply only acknowledges ("thanks, got it 👍"): short, nothing asked, nothing offered."""
    words = _NOT_A_WORD.sub(" ", text).strip()
    return len(text.strip()) <= ACKNOWLEDGEMENT_MAX_LENGTH and (not words or _ACKNOWLEDGEMENT.match(words) is not None)


def escalation_phrase(text: str, phrases: Sequence[str]) -> str | None:
    """Finds the first of the client's escalation phrases in the reply, whatever its case and spacing."""
    return next((phrase for phrase in phrases if occurs_in(phrase, text)), None)


def _mode_allows(facts: GateFacts) -> bool:
    if facts.campaign_mode is None:
        return facts.lead_auto_reply_enabled
    return facts.campaign_mode is ResponseMode.AUTO_SEND


RULES: tuple[GateRule, ...] = (
    GateRule(DraftRule.SUPPRESSED, lambda f: f.suppressed, action=DecisionAction.NOTHING),
    GateRule(DraftRule.HELD, lambda f: f.held),
    GateRule(DraftRule.NEWER_MESSAGE, lambda f: not f.is_newest_message, action=DecisionAction.NOTHING),
    GateRule(DraftRule.ARRIVED_LATE, lambda f: f.arrived_late),
    GateRule(DraftRule.ANOTHER_SENDER, lambda f: not f.sender_is_lead),
    GateRule(DraftRule.TAG, lambda f: f.tag not in DRAFTED_TAGS, lambda f: f.tag),
    GateRule(DraftRule.NEWER_OUTBOUND, lambda f: f.newer_outbound),
    GateRule(DraftRule.MODE, lambda f: not _mode_allows(f)),
    GateRule(DraftRule.CHANNEL, lambda f: not f.channel.auto_send_by_default),
    GateRule(DraftRule.KILL_SWITCH, lambda f: f.client_disabled or not f.settings.auto_send_enabled),
    GateRule(DraftRule.OUTPUT_CHECKS, lambda f: bool(f.failed_checks), lambda f: "; ".join(f.failed_checks)),
    GateRule(DraftRule.APPOINTMENT, lambda f: f.appointment),
    GateRule(
        DraftRule.REPLY_AGE,
        lambda f: f.now - f.message_at > timedelta(hours=f.settings.max_reply_age_hours),
        lambda f: f.settings.max_reply_age_hours,
    ),
    GateRule(DraftRule.ACKNOWLEDGEMENT, lambda f: is_acknowledgement(f.reply_text)),
    GateRule(DraftRule.ESCALATION_PHRASE, lambda f: f.escalation is not None, lambda f: f.escalation),
    GateRule(
        DraftRule.CONSECUTIVE_AUTO_REPLIES,
        lambda f: f.consecutive_auto_replies >= f.settings.max_consecutive_auto_replies,
        lambda f: f.consecutive_auto_replies,
    ),
    GateRule(
        DraftRule.DAILY_CAP,
        lambda f: f.settings.daily_send_cap is not None and f.sent_today >= f.settings.daily_send_cap,
        lambda f: f.settings.daily_send_cap,
    ),
)


def blocked_by(facts: GateFacts) -> Decision | None:
    """Decides by the first rule that applies; None when the model may be asked."""
    for rule in RULES:
        if rule.applies(facts):
            return Decision(rule.action, rule.id, str(rule.finding(facts)))
    return None


def after_evaluation(
    *, safe: bool, requires_human_review: bool, confidence: float, reason: str, threshold: float, model: str
) -> Decision:
    """Turns the model's evaluation into a decision: send if safe, without review, and confidence ≥ threshold (0–1)."""
    send = safe and not requires_human_review and confidence >= threshold
    return Decision(
        action=DecisionAction.SEND_NOW if send else DecisionAction.NEEDS_REVIEW,
        rule=DraftRule.EVALUATION,
        finding=reason,
        confidence=confidence,
        threshold=threshold,
        model=model,
    )
