"""A provider that is registered like any row, for tests alone: a marketplace app with one signed URL for all accounts.

Its deliveries name a location and no client, and know people by contact ids.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest

from shared.domain.events import (
    AccountProblem,
    AccountRecovered,
    Address,
    Content,
    Deleted,
    Edited,
    Event,
    Header,
    InboundReply,
    MessageSent,
    Person,
    Unknown,
    Unsubscribed,
)
from shared.domain.identity import canonical_key
from shared.domain.vocabulary import Channel, ClientId, IdentityKind, JobType, Source
from shared.domain.vocabulary import Provider as ProviderName
from shared.providers import registry
from shared.providers.protocol import (
    Access,
    Account,
    Claim,
    ClientFrom,
    HookSettings,
    Route,
    Unreadable,
    WebhookRequest,
)

NAME = "MARKETPLACE"
PATH = "/webhooks/marketplace"
APP_SECRET = "the-secret-of-the-app"
LOCATION = "ve9EPM428h8vShlRW1KT"

_numbers = itertools.count(1)


class Marketplace:
    """The facts about the provider. ``opened`` is the account that a credential opens."""

    title = "Marketplace"
    channels = frozenset({Channel.EMAIL})
    job_type = JobType.POST_PROCESS
    api_root = "https://marketplace.invalid"
    routes = (Route(PATH, client_from=ClientFrom.ACCOUNT, parked_status=200),)
    deliveries_name_account = True
    sends_are_reported = True
    ids_are_per_thread = False
    rate_limits = ()

    def __init__(self, opened: Account | None = None, *, pauses_sequences: bool = False) -> None:
        self.opened = opened
        self.pauses_sequences = pauses_sequences

    @property
    def name(self) -> ProviderName:
        return ProviderName(NAME)

    def authenticate(self, request: WebhookRequest, keys: Sequence[str]) -> Claim | None:  # noqa: ARG002
        if not hmac.compare_digest(request.headers.get("x-signature", ""), signature(request.body)):
            return None
        try:
            location = json.loads(request.body)["locationId"]
        except (ValueError, TypeError, KeyError):
            location = None
        return Claim(external_account=location if isinstance(location, str) else None)

    def hook_settings(self, client_id: ClientId, token_version: int, key: str) -> Sequence[HookSettings]:  # noqa: ARG002
        return [HookSettings(PATH)]

    def redact(self, body: bytes) -> bytes:
        try:
            event = json.loads(body)
        except ValueError:
            return body
        if not isinstance(event, dict) or "secret" not in event:
            return body
        return json.dumps({key: value for key, value in event.items() if key != "secret"}).encode()

    def delivery_id(self, request: WebhookRequest) -> str | None:
        return request.headers.get("x-delivery")

    def shorten(self, body: bytes, max_chars: int) -> bytes | None:  # noqa: ARG002
        return None

    def read_event(self, body: bytes, source: Source) -> Event:  # noqa: ARG002
        try:
            event = json.loads(body)
        except ValueError:
            raise Unreadable("not_json") from None
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Unreadable("no_event_type")
        header = _header(event)
        match event["type"]:
            case "message":
                return _reply(header, event)
            case "edited":
                return Edited(header, _reply(header, event))
            case "deleted":
                return Deleted(header, event["messageId"], event["thread"])
            case "disconnected":
                return AccountProblem(header, "disconnected", stops_account=True)
            case "connected":
                return AccountRecovered(header)
            case "sent":
                return MessageSent(header, _content(event), event["messageId"], event["thread"], event.get("mailbox"))
            case "opted_out":
                return Unsubscribed(header)
        return Unknown(header)

    def account(self, credential: str, access: Access) -> Account:  # noqa: ARG002
        assert self.opened is not None
        return self.opened


def _reply(header: Header, event: Mapping[str, Any]) -> InboundReply:
    return InboundReply(
        header,
        _content(event),
        event["messageId"],
        event["thread"],
        handle={"message_id": event["messageId"], "contact": event["contactId"]},
        answerable=not event.get("group", False),
    )


def _header(event: Mapping[str, Any]) -> Header:
    location = event.get("eventLocation") or event["locationId"]
    keys: list[Address | None] = [canonical_key(IdentityKind.GHL_CONTACT, f"{location}:{event['contactId']}")]
    if "email" in event:
        keys.append(canonical_key(IdentityKind.EMAIL, event["email"]))
    return Header(
        name=event["type"],
        log_name=event["type"],
        channel=Channel.EMAIL,
        person=Person(tuple(key for key in keys if key is not None), first_name="Pat"),
        external_account=event.get("eventLocation", location),
        occurred_at=datetime.fromisoformat(event["at"]),
        payload=event,
    )


def _content(event: Mapping[str, Any]) -> Content:
    return Content(text=event.get("text"), html=event.get("html"))


def signature(body: bytes) -> str:
    return hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()


def message(text: str = "Sounds good, Tuesday?", **changes: Any) -> dict[str, Any]:
    """Returns a message of a contact's as the provider posts it."""
    number = next(_numbers)
    return {
        "type": "message",
        "locationId": LOCATION,
        "contactId": f"contact-{number}",
        "messageId": f"message-{number}",
        "thread": "thread",
        "text": text,
        "at": (datetime.now(UTC) - timedelta(seconds=2)).isoformat(),
        **changes,
    }


@contextmanager
def registered(provider: Marketplace | None = None) -> Iterator[Marketplace]:
    """Adds the provider's name to the vocabulary, and its row to the registry wherever that has been imported."""
    word = str.__new__(ProviderName, NAME)
    word._name_ = word._value_ = NAME
    ProviderName._member_map_[NAME] = ProviderName._value2member_map_[NAME] = word
    ProviderName._member_names_.append(NAME)
    row = provider or Marketplace()
    before = registry.PROVIDERS
    try:
        with pytest.MonkeyPatch.context() as patch:
            for module in list(sys.modules.values()):
                if getattr(module, "PROVIDERS", None) is before:
                    patch.setattr(module, "PROVIDERS", MappingProxyType({**before, row.name: row}))
            yield row
    finally:
        del ProviderName._member_map_[NAME], ProviderName._value2member_map_[NAME]
        ProviderName._member_names_.remove(NAME)
