"""Reads a delivery: its event, and what the message that it tells of says. Pure, before any transaction is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.address_hash import HashAddress
from shared.domain.channels import CHANNELS, ChannelRules
from shared.domain.events import (
    Address,
    Bounced,
    Content,
    Deleted,
    Edited,
    Event,
    Header,
    InboundReply,
    Labelled,
    MessageSent,
    Person,
    Unsubscribed,
)
from shared.domain.identity import person_key, strongest_first
from shared.domain.judgement.certain_rules import Judgement, judge
from shared.domain.reply_identity import content_key, words_key
from shared.domain.sent_match import Echo
from shared.domain.text.email_text import CleanedText, clean_reply, plain_text, strip_quoted_text
from shared.domain.vocabulary import ClientId
from shared.pipelines.intake.delivery import Delivery
from shared.providers.protocol import Unreadable
from shared.providers.registry import PROVIDERS


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a reply, without quotes, and what is certain about them."""

    cleaned: CleanedText
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of a delivery. Either ``event`` or ``problem`` is there; neither of one that is kept unread.

    ``words`` go with a reply; ``echo`` (still without its time) and ``cleaned`` with a message of ours; ``content``, a
    content_key, and ``own_words``, a words_key, with both. ``hashes`` has the keyed hash of each of the person's
    addresses.
    """

    event: Event | None = None
    problem: Unreadable | None = None
    words: Words | None = None
    echo: Echo | None = None
    cleaned: CleanedText | None = None
    content: bytes = b""
    own_words: bytes | None = None
    hashes: Mapping[Address, bytes] = field(default_factory=dict)

    @property
    def header(self) -> Header | None:
        return None if self.event is None else self.event.header

    @property
    def reply(self) -> InboundReply | None:
        """The reply that the event tells of, or is about."""
        match self.event:
            case InboundReply() as reply:
                return reply
            case Labelled(reply=reply) | Edited(reply=reply):
                return reply
        return None

    def said_at(self, received_at: datetime) -> datetime | None:
        """Returns when the person has written what the event tells of; None where it tells of something else.

        The provider's clock counts however old it says the message is: what an erasure has taken must not come back.
        """
        if not isinstance(self.event, InboundReply | Edited):
            return None
        occurred_at = self.event.header.occurred_at
        return received_at if occurred_at is None else min(occurred_at, received_at)

    @property
    def person_hash(self) -> bytes | None:
        """The hash of the strongest of the person's addresses; what is kept of an event is found by it."""
        return next((self.hashes[address] for address in strongest_first(self.hashes)), None)

    @property
    def message_id(self) -> str | None:
        """The provider's id of the message that the event tells of; a bounce or an unsubscription only mentions one."""
        return None if self._told is None else self._told.message_id

    @property
    def thread_id(self) -> str | None:
        return None if self._told is None else self._told.thread_id

    @property
    def _told(self) -> MessageSent | Deleted | InboundReply | None:
        return self.event if isinstance(self.event, MessageSent | Deleted) else self.reply


def read_delivery(delivery: Delivery) -> Reading:
    """Reads a delivery's event and the words of its message; the hashes need its client (``with_hashes``)."""
    try:
        event = PROVIDERS[delivery.provider].read_event(delivery.raw_body, delivery.source)
    except Unreadable as problem:
        return Reading(problem=problem)
    match event:
        case (InboundReply() as reply) | Labelled(reply=reply) | Edited(reply=reply):
            channel = CHANNELS[event.header.channel]
            words = read_words(reply.content, automatic=reply.automatic, sender=reply.sender, channel=channel)
            own = words.cleaned.text + words.cleaned.unread
            return Reading(
                event,
                words=words,
                content=_content_key(event.header, own or reply.content.raw, reply.content.subject),
                own_words=words_key(event.header.channel, own),
            )
        case MessageSent():
            return _read_sent(event)
    return Reading(event)


def with_hashes(reading: Reading, client_id: ClientId, hash_address: HashAddress) -> Reading:
    """Adds the hashes of the person's addresses, which are a client's own."""
    if reading.header is None:
        return reading
    hashes = {address: hash_address(client_id, address) for address in reading.header.person.addresses}
    return replace(reading, hashes=hashes)


def read_words(content: Content, *, automatic: bool, sender: str | None, channel: ChannelRules) -> Words:
    """Cleans a reply and holds it against the certain rules."""
    cleaned = clean_reply(content.text, content.html, content.snippet, has_quotes=channel.has_quotes)
    judgement = judge(cleaned.text, content.subject, automatic=automatic, from_email=sender, channel=channel)
    return Words(cleaned, judgement)


def has_reply_content(reply: InboundReply) -> bool:
    """Tells whether there is anything that a reply could be known from another by."""
    return reply.content.has_body or bool(reply.content.subject.strip()) or reply.message_id is not None


def person_of(event: Event | None) -> Person | None:
    """Returns whom an event has an effect on; None if on nobody, or if it names nobody."""
    match event:
        case InboundReply():
            has_effect = has_reply_content(event)
        case Edited():
            has_effect = has_reply_content(event.reply)
        case Labelled():
            has_effect = event.means_meeting or event.reply.content.has_body
        case MessageSent() | Bounced() | Unsubscribed():
            has_effect = True
        case _:
            return None
    return event.header.person if has_effect and event.header.person.addresses else None


def _read_sent(event: MessageSent) -> Reading:
    text = plain_text(event.content.text, event.content.html)
    said = strip_quoted_text(text) if CHANNELS[event.header.channel].has_quotes else text
    source = "text" if event.content.text else "html" if text else "none"
    return Reading(
        event,
        cleaned=CleanedText(said or text, source),
        echo=Echo.of(
            text,
            message_id=event.message_id,
            thread_id=event.thread_id,
            our_address=event.our_address,
        ),
        content=_content_key(event.header, text, event.content.subject),
        own_words=words_key(event.header.channel, said or text),
    )


def _content_key(header: Header, words: str, subject: str) -> bytes:
    campaign = None if header.campaign is None else header.campaign.provider_campaign_id
    return content_key(campaign, person_key(header.person) or "", words, subject)
