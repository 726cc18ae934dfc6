"""Rows of message as intake writes them, and the outcome of writing one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.db.jobs import Job
from shared.domain.events import ReplyHandle
from shared.domain.trigger_facts import TriggerFacts
from shared.domain.vocabulary import Channel, DraftId, LeadId, MessageId, SentimentSource, Tag


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message in or out, with what both have in common: as an event tells it, cleaned and with its keys."""

    lead_id: LeadId  # locked
    channel: Channel
    provider_campaign_id: str | None
    subject: str
    body_text: str | None
    body_html: str | None
    clean_text: str
    text_source: str
    provider_message_id: str | None
    thread_id: str | None
    our_address: str | None
    reply_key: bytes
    content_key: bytes
    words_key: bytes | None  # None: it has no words of its own
    occurred_at: datetime | None
    received_at: datetime
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyRecord(MessageRecord):
    """A reply, with what the certain rules say about it."""

    sender: str | None
    signature_text: str | None  # None: nothing was cut as one
    hidden_chars: int
    handle: ReplyHandle
    is_auto_reply: bool
    tag: Tag | None  # None: not certain
    tag_source: SentimentSource | None
    tag_reason: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    title: str | None
    person_hashes: tuple[bytes, ...]  # of the person's addresses
    facts: TriggerFacts | None  # None: the event says nothing
    meeting_booked_at: datetime | None
    answerable: bool


@dataclass(frozen=True, slots=True)
class SentRecord(MessageRecord):
    """A message that the provider says was sent to a lead.

    ``draft_id`` is the draft that it was sent from, ``campaign_step`` which step of a sequence it is, from 1.
    """

    draft_id: DraftId | None
    campaign_step: int | None

    @property
    def author_is_unknown(self) -> bool:
        """True if nobody knows who wrote it: a person at the provider, or a draft of ours that it does not show."""
        return self.draft_id is None and self.campaign_step is None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The message that an event tells of, now or since an earlier event, and the jobs that may be published now."""

    message_id: MessageId
    lead_id: LeadId  # the lead's, or of the one that it was merged into
    is_new: bool
    jobs: tuple[Job, ...] = ()
