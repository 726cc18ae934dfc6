"""The reasons for a draft's status: codes, which rows and queries hold, and the sentences that people read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class DraftRule(StrEnum):
    """The reason why a draft was decided about, handed to a person or withdrawn (draft.rule)."""

    # the gate
    SUPPRESSED = "suppressed"
    HELD = "held"
    NEWER_MESSAGE = "newer_message"
    ARRIVED_LATE = "arrived_late"
    ANOTHER_SENDER = "another_sender"
    TAG = "tag"
    NEWER_OUTBOUND = "newer_outbound"
    MODE = "mode"
    CHANNEL = "channel"
    KILL_SWITCH = "kill_switch"
    OUTPUT_CHECKS = "output_checks"
    LEAD_ONLY = "lead_only"
    APPOINTMENT = "appointment"
    REPLY_AGE = "reply_age"
    RELATIVE_DAY = "relative_day"
    NO_COMMON_HOUR = "no_common_hour"
    UNKNOWN_QUESTION = "unknown_question"
    ACKNOWLEDGEMENT = "acknowledgement"
    LEGAL = "legal"
    COMPLAINT = "complaint"
    NEGOTIATION = "negotiation"
    OWN_CALENDAR = "own_calendar"
    CALL_REQUEST = "call_request"
    HIDDEN_TEXT = "hidden_text"
    COMMITMENT = "commitment"
    ESCALATION_PHRASE = "escalation_phrase"
    CONSECUTIVE_AUTO_REPLIES = "consecutive_auto_replies"
    DAILY_CAP = "daily_cap"
    DRAFT_STATUS = "draft_status"
    FOLLOW_UP = "follow_up"
    # the evaluation
    EVALUATION = "evaluation"
    EVALUATION_FAILED = "evaluation_failed"
    EVALUATION_UNAVAILABLE = "evaluation_unavailable"
    # no draft at all
    AUTOMATIC_REPLY = "automatic_reply"
    NO_RESPONSE_WANTED = "no_response_wanted"
    NOT_ANSWERABLE = "not_answerable"
    # the send
    NO_MESSAGE_ID = "no_message_id"
    TRIGGER_NOT_FOUND = "trigger_not_found"
    NOT_THE_LEADS_MESSAGE = "not_the_leads_message"
    PROVIDER_SAYS_AUTOMATIC = "provider_says_automatic"
    CONSENT_UNKNOWN = "consent_unknown"
    NO_MAILBOX = "no_mailbox"
    ACCOUNT_DISABLED = "account_disabled"
    UNSEEN_CHARACTERS = "unseen_characters"
    TOO_LONG = "too_long"
    PROVIDER_REFUSED = "provider_refused"
    SEND_UNCERTAIN = "send_uncertain"
    SEND_FAILED = "send_failed"
    ANSWERED_AT_PROVIDER = "answered_at_provider"
    UNSUBSCRIBED_AT_PROVIDER = "provider.consent.unsubscribed"
    BLOCKED_AT_PROVIDER = "provider.consent.blocked"
    DOMAIN_BLOCKED_AT_PROVIDER = "provider.consent.domain_blocked"
    BOUNCED_AT_PROVIDER = "provider.consent.bounced"
    # people, and what is learnt later
    EDITED = "edited"
    REJECTED = "rejected"
    MERGED = "merged"
    ANOTHER_DRAFT = "another_draft"
    ERASED = "erased"
    MESSAGE_EDITED = "message_edited"
    MESSAGE_DELETED = "message_deleted"
    NO_LONGER_OVERTAKEN = "no_longer_overtaken"


_FINDING = "{finding}"

SENTENCES: Mapping[DraftRule, str] = MappingProxyType(
    {
        DraftRule.SUPPRESSED: "the lead is suppressed",
        DraftRule.HELD: "the lead is held: the reply may be an opt-out",
        DraftRule.NEWER_MESSAGE: "the lead has written again",
        DraftRule.ARRIVED_LATE: (
            "the reply arrived late: the lead has written again, or has been answered, between its writing and its"
            " arrival"
        ),
        DraftRule.ANOTHER_SENDER: "somebody else than the lead has answered",
        DraftRule.TAG: "{finding} replies are never answered automatically",
        DraftRule.NEWER_OUTBOUND: "the lead has been answered since",
        DraftRule.MODE: "automated answers are off for this campaign or lead",
        DraftRule.CHANNEL: "nothing is sent automatically on this channel",
        DraftRule.KILL_SWITCH: "automated answers are switched off",
        DraftRule.OUTPUT_CHECKS: "the draft failed its checks: {finding}",
        DraftRule.LEAD_ONLY: "the draft states what only the lead has said: {finding}",
        DraftRule.APPOINTMENT: "a meeting is booked already",
        DraftRule.REPLY_AGE: "the reply is older than {finding} h in which automated answers may leave",
        DraftRule.RELATIVE_DAY: "the draft says “{finding}”, but would leave on another day",
        DraftRule.NO_COMMON_HOUR: "the sending window is never open between 8 and 20 at the lead's place",
        DraftRule.UNKNOWN_QUESTION: "the reply is a word or two, and what it answers is not known",
        DraftRule.ACKNOWLEDGEMENT: "the reply only acknowledges",
        DraftRule.LEGAL: "the reply is about law or data protection: {finding}",
        DraftRule.COMPLAINT: "the reply complains: {finding}",
        DraftRule.NEGOTIATION: "the reply negotiates: {finding}",
        DraftRule.OWN_CALENDAR: "the lead offers a calendar of their own: {finding}",
        DraftRule.CALL_REQUEST: "the lead wants to be phoned: {finding}",
        DraftRule.HIDDEN_TEXT: "the reply hides {finding} characters of text",
        DraftRule.COMMITMENT: "the draft promises what nobody keeps: {finding}",
        DraftRule.ESCALATION_PHRASE: "escalation phrase: {finding}",
        DraftRule.CONSECUTIVE_AUTO_REPLIES: "{finding} automated answers since a person last wrote",
        DraftRule.DAILY_CAP: "the cap of {finding} automated answers a day is reached",
        DraftRule.FOLLOW_UP: "a promised follow-up is sent by itself only where its campaign says so",
        DraftRule.DRAFT_STATUS: "the draft is {finding}",
        DraftRule.EVALUATION: _FINDING,
        DraftRule.EVALUATION_FAILED: _FINDING,
        DraftRule.EVALUATION_UNAVAILABLE: _FINDING,
        DraftRule.AUTOMATIC_REPLY: "automatic replies are not answered",
        DraftRule.NO_RESPONSE_WANTED: "no answer wanted",
        DraftRule.NOT_ANSWERABLE: "several people would read the answer",
        DraftRule.NO_MESSAGE_ID: "the ids by which the provider knows the lead's message are not known",
        DraftRule.TRIGGER_NOT_FOUND: "the provider does not show the lead's email ({finding})",
        DraftRule.NOT_THE_LEADS_MESSAGE: "the provider's message is not one that was received from this lead",
        DraftRule.PROVIDER_SAYS_AUTOMATIC: "the provider marks the lead's email as an automatic reply",
        DraftRule.CONSENT_UNKNOWN: "the provider does not say whether the lead objects ({finding})",
        DraftRule.NO_MAILBOX: "the mailbox that received the lead's email is unknown",
        DraftRule.ACCOUNT_DISABLED: "the account that the reply came through is not in use",
        DraftRule.UNSEEN_CHARACTERS: "the text holds characters that nobody can see: edit it",
        DraftRule.TOO_LONG: "the text is longer than the {finding} that may leave: edit it",
        DraftRule.PROVIDER_REFUSED: "the provider refused the response: {finding}",
        DraftRule.SEND_UNCERTAIN: "the provider's answer is unknown: the email may have been sent",
        DraftRule.SEND_FAILED: "the provider could not deliver the response: {finding}",
        DraftRule.ANSWERED_AT_PROVIDER: "the lead has been answered at the provider already",
        DraftRule.UNSUBSCRIBED_AT_PROVIDER: "the provider says that the lead has unsubscribed",
        DraftRule.BLOCKED_AT_PROVIDER: "the lead's address is on the provider's block list",
        DraftRule.DOMAIN_BLOCKED_AT_PROVIDER: "the lead's domain is on the provider's block list",
        DraftRule.BOUNCED_AT_PROVIDER: "the provider says that mail to the lead bounces",
        DraftRule.MERGED: "the lead was merged with another, or parted from it, since",
        DraftRule.ANOTHER_DRAFT: "another draft to the lead is open, which takes this one's message into account",
        DraftRule.ERASED: "everything about the lead was erased",
        DraftRule.MESSAGE_EDITED: "the lead has changed the message",
        DraftRule.MESSAGE_DELETED: "the lead has taken the message back",
        DraftRule.EDITED: "a person has changed the text",
        DraftRule.REJECTED: _FINDING,
        DraftRule.NO_LONGER_OVERTAKEN: "what the lead seemed to have written since was an automatic reply",
    }
)

EVALUATION_RULES = frozenset({DraftRule.EVALUATION, DraftRule.EVALUATION_FAILED, DraftRule.EVALUATION_UNAVAILABLE})


def explain(rule: str | None, finding: str | None = None) -> str:
    """Renders the sentence of a rule; ``finding`` is what it found, such as a phrase or a model's own words.

    A rule that only a newer release knows stands for itself.
    """
    if rule is None or rule not in SENTENCES:
        return finding or rule or ""
    return SENTENCES[DraftRule(rule)].replace(_FINDING, finding or "–")
