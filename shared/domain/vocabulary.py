"""The words that the whole product shares: identifiers, states, tags and job types.

A value of an enum is what the database stores and what answers, logs and commands show; renaming one is a migration.

After a rollback a row may hold a value that only the newer release knows. Statements that work for everybody pick the
values that they know, listings show what is stored, and a path that is about one row reads it with ``known``: its error
stops that row's work and nobody else's.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType
from uuid import UUID

ClientId = NewType("ClientId", UUID)
CampaignId = NewType("CampaignId", UUID)
LeadId = NewType("LeadId", UUID)
MessageId = NewType("MessageId", UUID)
JobId = NewType("JobId", UUID)
DraftId = NewType("DraftId", UUID)
ProviderAccountId = NewType("ProviderAccountId", UUID)


class UnknownValueError(ValueError):
    """A row holds a value that this release does not know: a newer one, since rolled back, has written it."""


def known[E: StrEnum](vocabulary: type[E], value: str) -> E:
    """Returns the word that is stored as ``value``. Raises UnknownValueError."""
    if value not in vocabulary:
        raise UnknownValueError(f"this release knows no {vocabulary.__name__} {value!r}: a newer one has written it")
    return vocabulary(value)


class Provider(StrEnum):
    INSTANTLY = "INSTANTLY"
    SMARTLEAD = "SMARTLEAD"


class ResponseMode(StrEnum):
    DRAFT_ONLY = "DRAFT_ONLY"
    AUTO_SEND = "AUTO_SEND"


class Direction(StrEnum):
    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"


class Channel(StrEnum):
    EMAIL = "EMAIL"
    SMS = "SMS"
    LINKEDIN = "LINKEDIN"


class IdentityKind(StrEnum):
    """By what a person is recognised, the strongest first; a provider's own id outweighs what it says of the person."""

    GHL_CONTACT = "GHL_CONTACT"
    SMARTLEAD_LEAD = "SMARTLEAD_LEAD"
    LINKEDIN_MEMBER = "LINKEDIN_MEMBER"
    EMAIL = "EMAIL"
    PHONE = "PHONE"  # the only kind that two leads may share
    LINKEDIN_SLUG = "LINKEDIN_SLUG"


class Source(StrEnum):
    """The party whose words a raw body is in."""

    HOOK = "HOOK"  # the provider's webhook
    API = "API"  # an answer of its API: a message that no delivery brought


class Tag(StrEnum):
    """The meaning of a reply, in order of precedence when several fit: the first wins.

    One exception: a Follow Up that names a later moment comes before an Objection.
    """

    BLACKLIST = "Blacklist"
    AUTOMATED_REPLY = "Automated Reply"
    OUT_OF_OFFICE = "Out of Office"
    MEETING_BOOKED = "Meeting Booked"
    MEETING_REQUESTED = "Meeting Requested"
    CALL_REQUESTED = "Call Requested"
    INFORMATION_REQUESTED = "Information Requested"
    NOT_INTERESTED = "Not Interested"
    WRONG_PERSON = "Wrong Person"
    OBJECTION = "Objection"
    FOLLOW_UP = "Follow Up"
    INTERESTED = "Interested"
    NEUTRAL = "Neutral"


class LeadStatus(StrEnum):
    NEW = "new"
    MEETING_BOOKED = "meeting-booked"
    MEETING_REQUESTED = "meeting-requested"
    QUALIFIED = "qualified"
    NOT_INTERESTED = "not-interested"
    BLACKLISTED = "blacklisted"


class SentimentSource(StrEnum):
    """The origin of a message's tag."""

    PROVIDER = "PROVIDER"  # the event type itself (auto_reply_received, email_bounced, …)
    RULE = "RULE"  # a certain rule of shared.domain
    MODEL = "MODEL"


class SuppressionReason(StrEnum):
    UNSUBSCRIBED = "UNSUBSCRIBED"  # provider event lead_unsubscribed
    BOUNCED = "BOUNCED"  # provider event email_bounced, or a bounce recognised by a rule
    OPT_OUT = "OPT_OUT"  # an unmistakable opt-out in the lead's own words (a certain rule)
    MODEL = "MODEL"  # the model's Blacklist with words that do occur in the reply; a person confirms it
    PERSON = "PERSON"  # a person has said so
    ERASED = "ERASED"  # the person has asked to be forgotten


PERSON_ERASED = "person_erased"
"""The code of whatever ends for an erasure: a delivery's detail, a job's result, the rule of a suppression."""


class EventOutcome(StrEnum):
    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    IGNORED = "IGNORED"
    QUARANTINED = "QUARANTINED"


class HeldReason(StrEnum):
    """The reason why an acknowledged delivery could not be judged: the detail of its QUARANTINED row."""

    UNKNOWN_WORKSPACE = "unknown_workspace"
    WORKSPACE_DISABLED = "workspace_disabled"  # before it arrived
    TOKEN_SUPERSEDED = "token_superseded"  # noqa: S105 (a reason); it cannot be shown that its token was valid then
    BODY_MISSING = "body_missing"  # its message came without the body that it stands for


class JobType(StrEnum):
    POST_PROCESS = "INSTANTLY_INBOUND_POST_PROCESS"  # each provider has one (Provider.job_type): see POST_PROCESS_TYPES
    SMARTLEAD_POST_PROCESS = "SMARTLEAD_INBOUND_POST_PROCESS"
    LEAD_SCORING = "LEAD_SCORING_POST_PROCESS"
    SEND_REPLY = "SEND_REPLY"
    COMMITMENT_DUE = "COMMITMENT_DUE"  # writes the follow-up that a response has promised
    SYNC_PERSON = "SYNC_PERSON"  # tells the provider what we know of a person: suppressed, or no longer


POST_PROCESS_TYPES = tuple(type for type in JobType if type.value.endswith("_INBOUND_POST_PROCESS"))
"""The jobs that understand and answer one reply, whichever provider brought it."""


class WaitingFor(StrEnum):
    """The thing that a deferred job waits for. The first four end by an act that brings their jobs forward."""

    WORKSPACE_DISABLED = "WORKSPACE_DISABLED"
    AUTOMATIC_SENDS = "AUTOMATIC_SENDS"  # these three are named after the Pausable that holds the job back
    ALL_SENDS = "ALL_SENDS"
    PROCESSING = "PROCESSING"
    SENDING_WINDOW = "SENDING_WINDOW"
    QUIET_HOURS = "QUIET_HOURS"  # at the lead's place
    NEWER_RELEASE = "NEWER_RELEASE"  # a row holds a word that only that one knows
    ANOTHER_DRAFT = "ANOTHER_DRAFT"  # a promised follow-up, until no other draft to the lead is open


WAITING_FOR_PAUSE = (WaitingFor.AUTOMATIC_SENDS, WaitingFor.ALL_SENDS, WaitingFor.PROCESSING)


class JobStatus(StrEnum):
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class DraftStatus(StrEnum):
    PENDING = "PENDING"  # written, not decided or waiting for its delayed send
    NEEDS_REVIEW = "NEEDS_REVIEW"  # a person decides
    APPROVED = "APPROVED"  # a person said send
    SENDING = "SENDING"  # claimed for a send
    SENT = "SENT"
    REJECTED = "REJECTED"  # a person said no
    SUPERSEDED = "SUPERSEDED"  # a newer human reply or a suppression made it moot
    SEND_UNCERTAIN = "SEND_UNCERTAIN"  # it may have left: never sent again blindly
    SEND_FAILED = "SEND_FAILED"  # the provider took it, and could not deliver it: for a person, never sent again


class DraftPurpose(StrEnum):
    """The occasion of a draft."""

    REPLY = "REPLY"  # a model answers one reply
    FOLLOW_UP = "FOLLOW_UP"  # a model keeps a promise to write again
    MANUAL = "MANUAL"  # a person has asked for it


OPEN_DRAFT_STATUSES = (DraftStatus.PENDING, DraftStatus.NEEDS_REVIEW, DraftStatus.APPROVED)
"""Drafts that a newer human reply or a suppression supersedes. SENDING is not among them: it is on the wire."""

SENDABLE_DRAFT_STATUSES = (DraftStatus.PENDING, DraftStatus.APPROVED)
"""Drafts that a send may claim: nobody has approved a PENDING one."""


class OutboundSendStatus(StrEnum):
    INTENDED = "INTENDED"  # before the provider is called, and until its response is written down
    QUEUED = "QUEUED"  # the provider has taken it, and will report whether it left
    SENT = "SENT"
    REFUSED = "REFUSED"
    UNCERTAIN = "UNCERTAIN"
    FAILED = "FAILED"  # it was QUEUED, and did not leave


class FollowUpStatus(StrEnum):
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class PausedReason(StrEnum):
    LEAD_REPLIED = "LEAD_REPLIED"
    OUT_OF_OFFICE = "OUT_OF_OFFICE"


class SettledBy(StrEnum):
    """The way in which the end of a send became known (outbound_send.settled_by_kind)."""

    RESPONSE = "RESPONSE"  # the provider's response to the send
    EVENT = "EVENT"  # the provider's event of a sent email
    THREAD = "THREAD"  # the email was found in its thread
    PERSON = "PERSON"


class ActorKind(StrEnum):
    """The kind of an actor (``shared.domain.actor``)."""

    PERSON = "PERSON"
    SYSTEM = "SYSTEM"  # a command or step of ours that follows no rule about the reply
    RULE = "RULE"  # a certain rule about the lead or its messages
    GATE = "GATE"  # a hard rule about what may be sent without a person
    EVALUATION = "EVALUATION"  # a model's verdict about a draft
    MODEL = "MODEL"  # a model as the author of a text


class ReviewKind(StrEnum):
    """The question that a person is asked about an opt-out (suppression_review.kind)."""

    HOLD_UNDECIDED = "HOLD_UNDECIDED"  # a rule suspects an opt-out, and no model could say whether it is one
    SUPPRESSED_BY_MODEL = "SUPPRESSED_BY_MODEL"  # the lead is suppressed for a model's word
    BLACKLIST_UNPROVEN = "BLACKLIST_UNPROVEN"  # a model speaks of an opt-out that the reply's words do not show


class ReviewDecision(StrEnum):
    SUPPRESSED = "SUPPRESSED"
    RELEASED = "RELEASED"
    OBSOLETE = "OBSOLETE"  # certain evidence, or a later run, has answered the question


class Pausable(StrEnum):
    """The scope of a pause; each stops what those above it stop as well (``shared.domain.pauses``)."""

    AUTOMATIC_SENDS = "AUTOMATIC_SENDS"  # answers that no person has approved
    ALL_SENDS = "ALL_SENDS"  # approved ones, too
    PROCESSING = "PROCESSING"  # every job, before it calls a model or the provider; deliveries are still taken


class PauseReason(StrEnum):
    OPERATOR = "OPERATOR"
    RESTORE = "RESTORE"  # the database was restored; lifted once this client is reconciled with the provider
    ACCOUNT = "ACCOUNT"  # the provider says that an account is disconnected; lifted when it works again


class Objection(StrEnum):
    """The provider's reason why a person must not be written to."""

    UNSUBSCRIBED = "UNSUBSCRIBED"
    BOUNCED = "BOUNCED"
    BLOCKED = "BLOCKED"  # the address is on the block list
    DOMAIN_BLOCKED = "DOMAIN_BLOCKED"


class DecisionAction(StrEnum):
    """The decide step's conclusion about a draft."""

    SEND_NOW = "SEND_NOW"
    SEND_LATER = "SEND_LATER"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    NOTHING = "NOTHING"


class InteractionStatus(StrEnum):
    """The end of a model call (ai_interaction.status)."""

    SUCCESS = "SUCCESS"
    ERROR = "ERROR"
