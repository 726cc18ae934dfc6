"""The seam between us and whoever carries our messages: what a provider is, and what an account of it can do.

A provider is one folder that implements both protocols and one row of ``registry.PROVIDERS``. The seam speaks our words
and stays narrow; an ability that a provider lacks is a value (None, an empty tuple), never a flag to keep in step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from shared.domain.accounts import AccountRef
from shared.domain.consent import Consent
from shared.domain.events import Event, Person, ReplyHandle
from shared.domain.rate_limits import RateLimit
from shared.domain.vocabulary import Channel, ClientId, JobType, Source, SuppressionReason
from shared.domain.vocabulary import Provider as ProviderName
from shared.providers.account_values import (
    Blocked,
    Hook,
    Missed,
    NotAnswerable,
    Outgoing,
    Queued,
    Sent,
    SentMessage,
    Sought,
    Step,
    Trigger,
    Wanted,
)

if TYPE_CHECKING:
    import httpx2

    from shared.providers.rate_budget import RateBudget


class ClientFrom(StrEnum):
    """The way in which a route's requests find their client."""

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
class HookSettings:
    """The settings of a hook at the provider with which its deliveries reach us and prove whose they are.

    ``path``: behind the root of our API, with its query. ``headers``: to be sent along. ``body``: to be put into each
    body, by the provider's own names; empty where it does not do that.
    """

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """The sender of a request, as far as it shows without I/O: a client and its token's version, or an account.

    Which of the two is its route's ``client_from``.
    """

    client_id: ClientId | None = None
    token_version: int | None = None
    external_account: str | None = None


class Unreadable(ValueError):  # noqa: N818 (named for what the caller then knows)
    """A body that is no event. ``reason`` is a short code, ``payload`` the object when there was one."""

    def __init__(self, reason: str, payload: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payload = payload


type Accounts = Callable[[AccountRef], Account]
"""Gives an account with the credential of today. Raises SecretUnavailableError."""


@dataclass(frozen=True, slots=True)
class Access:
    """The access to an account. ``base_url``: the root of the API; ``budget``: what its rate limits leave.

    ``http``: the connections to use; None: its own. ``on_refused`` is called when the credential is not known (401).
    """

    base_url: str
    budget: RateBudget
    http: httpx2.Client | None = None
    on_refused: Callable[[], None] = lambda: None


class Provider(Protocol):
    """The facts and pure functions of a provider that need no account."""

    @property
    def name(self) -> ProviderName: ...
    @property
    def title(self) -> str:
        """Its name as people write it."""

    @property
    def channels(self) -> frozenset[Channel]: ...
    @property
    def job_type(self) -> JobType: ...
    @property
    def routes(self) -> tuple[Route, ...]: ...
    @property
    def api_root(self) -> str:
        """The root of its API, unless the environment names another one."""

    @property
    def deliveries_name_account(self) -> bool:
        """False when a client can have one account only: its deliveries would not say which of several they are of."""

    @property
    def sends_are_reported(self) -> bool:
        """True when a send that left comes back as MessageSent by webhook."""

    @property
    def ids_are_per_thread(self) -> bool:
        """True when a message's id is only unique within its thread; else it is within the account."""

    @property
    def pauses_sequences(self) -> bool:
        """True when ``person_steps`` can make a person's sequences stand still; else no job is made for it."""

    def authenticate(self, request: WebhookRequest, keys: Sequence[str]) -> Claim | None:
        """Returns the sender or None. No I/O; secrets are compared in constant time. ``keys``: current first."""

    def hook_settings(self, client_id: ClientId, token_version: int, key: str) -> Sequence[HookSettings]:
        """Returns what ``authenticate`` accepts for a client under ``key``: one for each of ``routes``, in order."""

    def redact(self, body: bytes) -> bytes:
        """Returns the body without the provider's secrets, for storage, parking and delivery keys."""

    def delivery_id(self, request: WebhookRequest) -> str | None:
        """Returns the provider's own id of this delivery, where it has one."""

    def shorten(self, body: bytes, max_chars: int) -> bytes | None:
        """Returns a shorter body of the same content, for a place that is too small; None if it cannot be read."""

    def read_event(self, body: bytes, source: Source) -> Event:
        """Reads the event in a (redacted) body. Raises Unreadable and nothing else."""

    @property
    def rate_limits(self) -> tuple[RateLimit, ...]:
        """The limits that requests wait for (``Access.budget``); () where nobody can reach any."""

    def account(self, credential: str, access: Access) -> Account:
        """Returns the account that a credential opens. Nothing connects here."""


class Account(Protocol):
    """One connected account. Every call raises Refused, RateLimited, NotSent or Uncertain, and nothing else.

    ``timeout_s`` is for the whole call, waiting for a turn included. What is iterated calls while it is.
    """

    def look_at_trigger(self, handle: ReplyHandle, *, timeout_s: float) -> Trigger | NotAnswerable:
        """Fetches the lead's message that a handle names, right before a send."""

    def conversation(self, handle: ReplyHandle, since: datetime, *, timeout_s: float) -> Sequence[Event] | None:
        """Returns a conversation's messages since a moment, oldest first; None: this provider has no listing."""

    def send(self, handle: ReplyHandle, outgoing: Outgoing, *, timeout_s: float) -> Sent | Queued:
        """Sends a response, once. Only NotSent, RateLimited and Refused say that nothing left."""

    def find_sent(self, sought: Sought, *, timeout_s: float) -> Iterable[SentMessage] | None:
        """Messages of ours, oldest first; None: this provider cannot tell."""

    def identify(self, person: Person, *, timeout_s: float) -> Person | None:
        """Returns a person with the further addresses that the provider vouches for; None: it cannot tell."""

    def consent(self, person: Person, *, timeout_s: float) -> Consent | None:
        """Returns the provider's objections to writing to a person; None when it does not know the person."""

    def consents(self, people: Sequence[Person], *, timeout_s: float) -> Sequence[Consent | None]:
        """Does the same for many at once, in their order, but for the entries of ``blocked``. At most 50.

        Where each has to be asked about and the rate leaves no time for all, the answers are about the first of them;
        about none, it raises RateLimited.
        """

    def blocked(self, after: str | None, *, timeout_s: float) -> Iterator[Sequence[Blocked]]:
        """Yields the block list behind an entry (its id) or from the beginning; nothing where there is none."""

    def person_steps(
        self, person: Person, wanted: Wanted, *, reason: SuppressionReason | None, block_is_ours: bool
    ) -> Sequence[Step]:
        """Returns the steps towards a person's wanted state; () where the provider can do nothing.

        ``reason``: why the person is suppressed. ``block_is_ours``: the provider's block of the person is one that an
        earlier step has made: only that is taken back.
        """

    def missed(
        self, source: Source, since: datetime, *, also_delivered: bool = False, timeout_s: float
    ) -> Iterator[Missed]:
        """Yields the messages since a cursor that no delivery brought.

        Source.API: messages that the account received, the oldest first. Source.HOOK: deliveries that failed, in any
        order, and since the beginning of that day; ``also_delivered``: those, too, that did not fail.
        """

    def hooks(self) -> Sequence[Hook] | None:
        """All hooks of the account, whoever's they are; None: this provider does not show them."""

    def put_hook(self, hook: Hook | None, *, url: str | None = None, headers: Mapping[str, str] | None = None) -> Hook:
        """Makes a hook for all events, or changes what is given of one and has it deliver again if it was disabled."""

    def check(self) -> str:
        """One sentence about the account's health; raises when it is refused. Doctor shows it."""

    def close(self) -> None:
        """Ends the connections that the account made itself."""
