"""The hard rules of sending a draft without a person, before any model is asked. Pure.

Every rule is a row of RULES, checked in order; the first that applies decides. None of them can be bypassed by a
setting, a threshold or the model. What passes still needs the model's evaluation (``after_evaluation``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.channels import CHANNELS, ChannelRules
from shared.domain.commitments import Commitment
from shared.domain.drafting.acknowledgement import is_acknowledgement
from shared.domain.drafting.delicate_replies import (
    call_words,
    complaint_words,
    legal_words,
    negotiation_words,
    own_calendar,
)
from shared.domain.drafting.draft_rules import EVALUATION_RULES, DraftRule
from shared.domain.drafting.findings import Finding, confidence_after
from shared.domain.drafting.sending_window import time_zone
from shared.domain.tags import DRAFTED_TAGS
from shared.domain.text.wording import occurs_in
from shared.domain.vocabulary import ActorKind, Channel, DecisionAction, ResponseMode, Tag
from shared.domain.workspace_settings import WorkspaceSettings

NOTHING_FOUND = "nothing found"

SHORT_CHARS = 25
"""Characters of a chat's message up to which it only says something beside the message that it answers."""

HIDDEN_CHARS = 20
"""Hidden characters of a reply from which a person looks at it: shorter ones are spacers and marks of mail programs."""


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
    last_outbound_text: str | None = None  # our newest email before the reply; None: it is not known
    relative_days: tuple[str, ...] = ()  # "tomorrow", "heute": words of the draft that another day makes wrong
    drafted_at: datetime | None = None
    leaves_at: datetime | None = None  # when the draft is to be sent; None: now
    never_leaves: bool = False  # the sending window is never open in the channel's hours at the lead's place

    @property
    def escalation(self) -> str | None:
        return escalation_phrase(self.reply_text, self.settings.escalation_phrases)

    @property
    def unkept(self) -> str:
        """The words of the first promise that nobody would keep."""
        if self.settings.auto_send_commitments:
            return ""
        return next((one.words or one.kind for one in self.commitments if not one.is_kept_by_us), "")


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


def escalation_phrase(text: str, phrases: Sequence[str]) -> str | None:
    """Finds the first of the client's escalation phrases in the reply, whatever its case and spacing."""
    return next((phrase for phrase in phrases if occurs_in(phrase, text)), None)


def _found(rule: DraftRule, find: Callable[[GateFacts], str]) -> GateRule:
    """Makes the rule that applies where something is found, and says what."""
    return GateRule(rule, lambda facts: bool(find(facts)), find)


def _leaves_on_another_day(facts: GateFacts) -> bool:
    """Tells whether a draft that says "tomorrow" leaves on another day than it was written on."""
    if not facts.relative_days or facts.drafted_at is None:
        return False
    zone = time_zone(facts.settings.timezone)
    return (facts.leaves_at or facts.now).astimezone(zone).date() != facts.drafted_at.astimezone(zone).date()


def _mode_allows(facts: GateFacts) -> bool:
    if facts.campaign_mode is None:
        return facts.lead_auto_reply_enabled
    return facts.campaign_mode is ResponseMode.AUTO_SEND


def _channel_allows(facts: GateFacts) -> bool:
    setting = facts.channel.auto_send_setting
    return facts.channel.auto_send_by_default or (setting is not None and bool(getattr(facts.settings, setting)))


def _answers_unknown(facts: GateFacts) -> bool:
    """Tells whether a few words of a chat answer something that we do not know."""
    is_short = len(facts.reply_text.strip()) <= SHORT_CHARS
    return not facts.channel.is_letter and is_short and facts.last_outbound_text is None


RULES: tuple[GateRule, ...] = (
    GateRule(DraftRule.SUPPRESSED, lambda f: f.suppressed, action=DecisionAction.NOTHING),
    GateRule(DraftRule.HELD, lambda f: f.held),
    GateRule(DraftRule.NEWER_MESSAGE, lambda f: not f.is_newest_message, action=DecisionAction.NOTHING),
    GateRule(DraftRule.ARRIVED_LATE, lambda f: f.arrived_late),
    GateRule(DraftRule.ANOTHER_SENDER, lambda f: not f.sender_is_lead),
    GateRule(DraftRule.TAG, lambda f: f.tag not in DRAFTED_TAGS, lambda f: f.tag),
    GateRule(DraftRule.NEWER_OUTBOUND, lambda f: f.newer_outbound),
    GateRule(DraftRule.MODE, lambda f: not _mode_allows(f)),
    GateRule(DraftRule.CHANNEL, lambda f: not _channel_allows(f)),
    GateRule(DraftRule.KILL_SWITCH, lambda f: f.client_disabled or not f.settings.auto_send_enabled),
    GateRule(DraftRule.OUTPUT_CHECKS, lambda f: bool(f.failed_checks), lambda f: "; ".join(f.failed_checks)),
    _found(DraftRule.LEAD_ONLY, lambda f: "; ".join(f.lead_only)),
    GateRule(DraftRule.APPOINTMENT, lambda f: f.appointment),
    GateRule(
        DraftRule.REPLY_AGE,
        lambda f: f.settings.is_too_old(f.message_at, f.now),
        lambda f: f.settings.max_reply_age_hours,
    ),
    GateRule(DraftRule.RELATIVE_DAY, _leaves_on_another_day, lambda f: f.relative_days[0]),
    GateRule(DraftRule.NO_COMMON_HOUR, lambda f: f.never_leaves),
    GateRule(DraftRule.UNKNOWN_QUESTION, _answers_unknown),
    GateRule(DraftRule.ACKNOWLEDGEMENT, lambda f: is_acknowledgement(f.reply_text, f.last_outbound_text)),
    _found(DraftRule.LEGAL, lambda f: legal_words(f.reply_text)),
    _found(DraftRule.COMPLAINT, lambda f: complaint_words(f.reply_text)),
    _found(DraftRule.NEGOTIATION, lambda f: negotiation_words(f.reply_text)),
    _found(DraftRule.OWN_CALENDAR, lambda f: own_calendar(f.reply_text, f.settings.booking_link)),
    _found(DraftRule.CALL_REQUEST, lambda f: f.tag if f.tag is Tag.CALL_REQUESTED else call_words(f.reply_text)),
    GateRule(DraftRule.HIDDEN_TEXT, lambda f: f.hidden_chars >= HIDDEN_CHARS, lambda f: f.hidden_chars),
    _found(DraftRule.COMMITMENT, lambda f: f.unkept),
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


def after_evaluation(findings: Sequence[Finding], *, confidence: float, threshold: float, model: str) -> Decision:
    """Turns the model's findings into a decision: send if none of them holds, and the confidence reaches the threshold.

    ``confidence`` and ``threshold`` are between 0 and 1; doubts lower the confidence that is kept.
    """
    confidence = confidence_after(findings, confidence)
    send = confidence >= threshold and not any(finding.holds for finding in findings)
    return Decision(
        action=DecisionAction.SEND_NOW if send else DecisionAction.NEEDS_REVIEW,
        rule=DraftRule.EVALUATION,
        finding="; ".join(map(str, findings)) or NOTHING_FOUND,
        confidence=confidence,
        threshold=threshold,
        model=model,
    )
