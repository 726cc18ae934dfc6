"""The seam between us and whoever carries our messages: what a provider is, and what an account of it can do.

A provider is one folder that implements both protocols and one row of ``registry.PROVIDERS``. The seam speaks our words
and stays narrow; an ability that a provider lacks is a value (None, an empty tuple), never a flag to keep in step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from shared.domain.consent import Consent
from shared.domain.events import Event, Person, ReplyHandle
from shared.domain.vocabulary import Channel, ClientId, JobType, Source
from shared.domain.vocabulary import Provider as ProviderName

if TYPE_CHECKING:
    import httpx2


class ClientFrom(StrEnum):
    """How a route's requests find their client."""

    QUERY = "QUERY"  # ?clientId=…, proven by a token
    ACCOUNT = "ACCOUNT"  # the account that the signed body names


@dataclass(frozen=True, slots=True)
class Route:
    """A path that the provider posts to. ``parked_status``: what "we have it, but later" is answered with: some
    providers take nothing but 200 for success."""

    path: str
    client_from: ClientFrom = ClientFrom.QUERY
    parked_status: int = 202


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A delivery's HTTP side. Header names are in lower case; values of one name are joined by commas."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """Who has sent a request, as far as that shows without I/O: a client and its token's version, or an account."""

    client_id: ClientId | None = None
    token_version: int | None = None
    external_account: str | None = None


class Unreadable(ValueError):  # noqa: N818 (named for what the caller then knows)
    """A body that is no event. ``reason`` is a short code, ``payload`` the object when there was one."""

    def __init__(self, reason: str, payload: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payload = payload


class Provider(Protocol):
    """What can be said of a provider without an account; pure."""

    @property
    def name(self) -> ProviderName: ...
    @property
    def channels(self) -> frozenset[Channel]: ...
    @property
    def job_type(self) -> JobType: ...
    @property
    def routes(self) -> tuple[Route, ...]: ...
    @property
    def sends_are_reported(self) -> bool:
        """Whether a send that left comes back as MessageSent by webhook."""

    def authenticate(self, request: WebhookRequest, keys: Sequence[str]) -> Claim | None:
        """Who sends this, or None. No I/O; secrets are compared in constant time. ``keys``: the current one first."""

    def redact(self, body: bytes) -> bytes:
        """The body without the provider's secrets: what is stored and parked, and what delivery keys are made from."""

    def delivery_id(self, request: WebhookRequest) -> str | None:
        """The provider's own id of this delivery, where it has one."""

    def shorten(self, body: bytes, max_chars: int) -> bytes | None:
        """A body that says the same in fewer characters, for a place that is too small; None if it cannot be read."""

    def read_event(self, body: bytes, source: Source) -> Event:
        """The event in a (redacted) body. Raises Unreadable and nothing else."""

    def account(self, credential: str, http: httpx2.Client | None = None) -> Account:
        """The account that a credential opens. Nothing connects here."""


# --- What an account and the pipelines exchange ----------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class NotAnswerable:
    """Why the provider would not let us respond to this message. ``rule`` is a code; ``reason`` says it to a person."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A response, complete: an account may encode it, never change it."""

    subject: str
    text: str
    campaign_id: str | None = None


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
    """Messages of ours that are looked for: in a thread where one is known, else with the person, since a moment."""

    person: Person
    since: datetime
    thread_id: str | None = None
    our_address: str | None = None
    handle: ReplyHandle = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message of ours as the provider shows it."""

    message_id: str
    thread_id: str | None
    our_address: str | None
    subject: str
    text: str
    sent_at: datetime | None
    campaign_id: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One idempotent step towards what is wanted of a person; checkpointed by name. ``run`` takes the earlier steps'
    results and returns its own."""

    name: str
    run: Callable[[Mapping[str, Mapping[str, Any]]], Mapping[str, Any]]


class Wanted(StrEnum):
    """What the provider is to do about a person."""

    SUPPRESSED = "SUPPRESSED"
    RELEASED = "RELEASED"


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that no delivery brought. ``body``: the same bytes for the same thing each time."""

    body: bytes
    source: Source
    at: datetime  # the provider's clock


class HookState(StrEnum):
    """How the provider's hook is."""

    ACTIVE = "ACTIVE"
    RESUMED = "RESUMED"  # it was disabled: deliveries were missed
    MISSING = "MISSING"
    UNKNOWN = "UNKNOWN"  # this provider cannot tell


class Account(Protocol):
    """One connected account. Every call raises Refused, RateLimited, NotSent or Uncertain, and nothing else."""

    def look_at_trigger(self, handle: ReplyHandle, *, timeout_s: float) -> Trigger | NotAnswerable:
        """The lead's message that a handle names, to be looked at right before a send."""

    def conversation(self, handle: ReplyHandle, since: datetime, *, timeout_s: float) -> Sequence[Event] | None:
        """The messages of a conversation since a moment, oldest first; None: this provider cannot tell."""

    def consent(self, person: Person, *, timeout_s: float) -> Consent | None:
        """What the provider knows against writing to a person; None when it does not know the person."""

    def send(self, handle: ReplyHandle, outgoing: Outgoing, *, timeout_s: float) -> Sent | Queued:
        """Sends a response, once. Only NotSent, RateLimited and Refused say that nothing left."""

    def find_sent(self, sought: Sought, *, timeout_s: float) -> Sequence[SentMessage] | None:
        """Messages of ours, oldest first; None: this provider cannot tell."""

    def person_steps(self, person: Person, wanted: Wanted) -> Sequence[Step]:
        """The steps towards what is wanted of a person; () where there is nothing that the provider can do."""

    def missed(self, cursor: Mapping[str, Any], *, deadline: float) -> Iterator[Missed]:
        """What no delivery brought since a cursor."""

    def hook(self, url: str, headers: Mapping[str, str]) -> HookState:
        """Makes sure that the provider posts to ``url``."""

    def check(self) -> str:
        """One sentence about the account's health; raises when it is refused. Doctor and ``account check`` show it."""
