"""The events of any provider, in our own words: one frozen class per kind.

A provider's ``read_event`` makes these of a delivery or of an answer of its API; nothing behind it knows which provider
it was. What a provider does not say is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.domain.trigger_facts import OurMessage
from shared.domain.vocabulary import Channel, IdentityKind

type ReplyHandle = Mapping[str, str]
"""What a provider needs to respond in place. Opaque to everybody else; stored with the message as jsonb."""


@dataclass(frozen=True, slots=True)
class Address:
    """One canonical key of a person. An id of the provider's carries its scope: ``location:contact``."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an event is about. Names and title are customer data, fit to be shown and to greet by, nothing else."""

    addresses: tuple[Address, ...] = ()
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None  # of their job

    @classmethod
    def of_emails(cls, *emails: str) -> Person:
        """Makes the person with these email addresses (canonical)."""
        return cls(tuple(Address(IdentityKind.EMAIL, email) for email in emails))

    def address(self, kind: IdentityKind) -> str | None:
        """Returns the first address of a kind."""
        return next((address.value for address in self.addresses if address.kind is kind), None)

    @property
    def email(self) -> str | None:
        return self.address(IdentityKind.EMAIL)


@dataclass(frozen=True, slots=True)
class Campaign:
    """The campaign that an event belongs to, as the provider names it."""

    provider_campaign_id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A message as the provider shows it; ``snippet`` is the provider's own beginning of it."""

    subject: str = ""
    text: str | None = None
    html: str | None = None
    snippet: str | None = None

    @property
    def has_body(self) -> bool:
        return any(part and part.strip() for part in (self.text, self.html, self.snippet))

    @property
    def raw(self) -> str:
        """All of it, quotes included: identifies a reply that has no words of its own."""
        return self.text or self.html or self.snippet or ""


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of every event.

    ``name``: the provider's event type, as it was sent. ``log_name``: the same if it is one of the provider's own, else
    a word of ours, since a label is somebody's words and a log line must not hold it. ``external_account``: the
    account at the provider that the event names. ``occurred_at``: the provider's clock, UTC; ``clock_is_providers``
    where it is certainly that and nobody else's, so that it needs no doubt. ``payload``: what was sent, as jsonb takes
    it.
    """

    name: str
    log_name: str
    channel: Channel
    person: Person = Person()
    external_account: str | None = None
    campaign: Campaign | None = None
    occurred_at: datetime | None = None
    clock_is_providers: bool = False
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InboundReply:
    """A message of a lead's. ``automatic``: the provider says that a machine wrote it.

    ``sender``: who wrote it, which may be a colleague of the lead. ``our_address``: the mailbox, number or account that
    it reached. ``copies``: the addresses in Cc; ``attachments``: names; ``answers``: the message of ours that it
    answers; each as far as the event says. ``answerable``: False where several people would read an answer: it is only
    kept.
    """

    header: Header
    content: Content
    message_id: str | None = None
    thread_id: str | None = None
    sender: str | None = None
    our_address: str | None = None
    handle: ReplyHandle = field(default_factory=dict)
    automatic: bool = False
    copies: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    answers: OurMessage | None = None
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message of ours has left: a response, a step of a sequence, or what a person wrote at the provider.

    ``campaign_step``: which step of a sequence it is, from 1; None: no sequence sent it.
    """

    header: Header
    content: Content
    message_id: str | None = None
    thread_id: str | None = None
    our_address: str | None = None
    campaign_step: int | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that was queued has reached the lead's side."""

    header: Header
    message_id: str


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A message that was queued has not left, and will not. ``code``: the provider's, if it has one."""

    header: Header
    message_id: str
    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """Somebody has put a label on the lead; ``reply`` is what came along with it, if anything did.

    ``reply`` may have no words (a label only names the reply that it is about). ``means_meeting``: the label is the
    provider's own word for a meeting that was booked.
    """

    header: Header
    reply: InboundReply
    means_meeting: bool = False


@dataclass(frozen=True, slots=True)
class Bounced:
    """Mail to the lead's address is refused for good."""

    header: Header


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """The lead has unsubscribed at the provider."""

    header: Header


@dataclass(frozen=True, slots=True)
class DndChanged:
    """The provider blocks or allows a channel for the lead. ``address`` is the one that it is about, if it says so."""

    header: Header
    blocked: bool
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class AccountProblem:
    """An account at the provider is disconnected, refused or full; ``reason`` is a code.

    ``stops_account``: nothing can leave by it until it has recovered. Else a part of it has the problem, such as one of
    its mailboxes.
    """

    header: Header
    reason: str
    stops_account: bool = False


@dataclass(frozen=True, slots=True)
class AccountRecovered:
    """An account at the provider works again."""

    header: Header


@dataclass(frozen=True, slots=True)
class IdentityLearnt:
    """The provider names another address of a person that it has named before."""

    header: Header


@dataclass(frozen=True, slots=True)
class Edited:
    """The lead has changed a message; ``reply`` is what it says now, under the id that it had."""

    header: Header
    reply: InboundReply


@dataclass(frozen=True, slots=True)
class Deleted:
    """The lead has taken a message back."""

    header: Header
    message_id: str
    thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class Unused:
    """An event type that is known and of no use to us."""

    header: Header


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event type that we do not know. A provider's set of them is open: it is kept, to be replayed once it is."""

    header: Header


type Event = (
    InboundReply
    | MessageSent
    | Delivered
    | DeliveryFailed
    | Labelled
    | Bounced
    | Unsubscribed
    | DndChanged
    | AccountProblem
    | AccountRecovered
    | IdentityLearnt
    | Edited
    | Deleted
    | Unused
    | Unknown
)
