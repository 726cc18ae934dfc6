"""The values that an account and the pipelines exchange: what is sent, what was found, what is to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Person, ReplyHandle
from shared.domain.sent_match import Echo
from shared.domain.vocabulary import Channel, Source


@dataclass(frozen=True, slots=True)
class Trigger:
    """The lead's message as the provider shows it now. ``handle`` is complete: a send needs nothing else."""

    handle: ReplyHandle
    thread_id: str | None
    sender: str | None
    our_address: str | None
    subject: str
    automatic: bool
    written_at: datetime | None  # the provider's clock
    copies: tuple[str, ...] = ()  # the addresses in Cc, ours among them
    attachments: tuple[str, ...] = ()  # their names


@dataclass(frozen=True, slots=True)
class NotAnswerable:
    """The provider's reason to refuse a response to this message. ``rule`` is a code; ``reason`` is for a person.

    ``sender`` and ``thread_id`` are the message's all the same, unless it is somebody else's.
    """

    rule: DraftRule
    finding: str = ""
    sender: str | None = None
    thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A response, complete: an account may encode it, never change it. ``copies``: who gets it besides the lead."""

    subject: str
    text: str
    campaign_id: str | None = None
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has sent it. Ids may be None: then its own report, or a look, tells them later."""

    message_id: str | None
    thread_id: str | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Queued:
    """The provider has taken it and will say later whether it left."""

    message_id: str | None
    thread_id: str | None


@dataclass(frozen=True, slots=True)
class Sought:
    """Messages of ours that are looked for since a moment: in a thread where one is known, else with the person.

    With neither it is all that was sent, to anybody. A sequence's steps are never among them.
    """

    since: datetime
    person: Person | None = None
    thread_id: str | None = None
    our_address: str | None = None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message of ours as the provider shows it. ``person``: to whom it went, the surest address first."""

    message_id: str
    thread_id: str | None
    our_address: str | None
    subject: str
    text: str  # plain; empty where the provider does not show it
    sent_at: datetime | None
    campaign_id: str | None = None
    person: Person = field(default_factory=Person)
    channel: Channel = Channel.EMAIL

    @property
    def echo(self) -> Echo:
        """The features by which one of our sends is recognised in it."""
        return Echo.of(
            self.text,
            at=self.sent_at,
            message_id=self.message_id,
            thread_id=self.thread_id,
            our_address=self.our_address,
        )


class Wanted(StrEnum):
    """The state that the provider is to bring a person into.

    PAUSED: no sequence writes to the person, who can still be answered. SUPPRESSED outranks it. RELEASED takes back
    what was done for SUPPRESSED and nothing else: sequences that stand still stay still, since a person has answered.
    Where that ends for somebody whose sequences are to stand still, both are wanted: PAUSED, then RELEASED.
    """

    SUPPRESSED = "SUPPRESSED"
    PAUSED = "PAUSED"
    RELEASED = "RELEASED"


BLOCK_IS_OURS = "block_is_ours"
"""In what a step returns: whether the provider's block of the person is ours from now on (True) or gone (False)."""

OBJECTION_IS_OURS = "objection_is_ours"
"""In what a step returns: the key (``ProviderObjection.key``) of an objection that it has made itself.

It says nothing of what the person wants, also where the provider cannot take it back once the suppression is lifted.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One idempotent step towards what is wanted of a person; checkpointed by name, which its undoing shares.

    ``look`` comes before ``run``, which is given its result: what it says is kept before ``run`` is called, whose
    response may be lost.
    """

    name: str
    run: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    look: Callable[[], Mapping[str, Any]] = dict


@dataclass(frozen=True, slots=True)
class Blocked:
    """An entry of the provider's block list: an address of a person, or a whole domain."""

    id: str
    value: str
    is_domain: bool


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """The outcome of a delivery that the provider has logged."""

    status: int | None
    error: str | None
    tries_again: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that a delivery may not have brought. ``body``: the same bytes for the same thing each time.

    ``body`` None: something that is none of our business; it only tells how far has been read. ``at`` is the provider's
    clock. ``message_id`` names the message that it holds (with ``thread_id`` where ids are only unique within one),
    ``url`` where it was posted to, if it was; ``delivery_id`` is what ``Provider.delivery_id`` would have read of it.
    """

    body: bytes | None
    source: Source
    at: datetime | None
    message_id: str | None = None
    thread_id: str | None = None
    url: str | None = None
    delivery_id: str | None = None
    failure: FailedDelivery | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as the provider has it. ``authorization_sha256``: of the header with our token, hex, where it is shown."""

    id: str
    url: str
    is_active: bool
    name: str | None = None
    events: str | None = None
    failed_at: datetime | None = None
    authorization_sha256: str | None = None
