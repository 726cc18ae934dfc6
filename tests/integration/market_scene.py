"""A workspace with an account of the marketplace's, and a lead that is known by its email address."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from shared.db.found_accounts import connect_account
from shared.db.lead_identity import find_or_make_lead
from shared.domain.accounts import AccountRef
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Address, Person, ReplyHandle
from shared.domain.vocabulary import ClientId, IdentityKind, LeadId, MessageId
from shared.pipelines.intake.delivery import Delivery, Receipt
from shared.pipelines.intake.receive_event import receive_event
from shared.providers.account_values import NotAnswerable, Outgoing, Sent, Trigger
from shared.providers.errors import ProviderError, Refused
from shared.providers.instantly.account import InstantlyAccount
from shared.providers.instantly.client import InstantlyClient
from shared.providers.protocol import Account
from tests.integration.reply_scene import FakeInstantly, Scene
from tests.marketplace import LOCATION, Marketplace, message

EMAIL = "pat@acme.test"


class MarketAccount(InstantlyAccount):
    """An account that vouches for what a test says."""

    def __init__(self) -> None:
        super().__init__(cast("InstantlyClient", FakeInstantly()))
        self.vouches_for: Person | None = Person.of_emails(EMAIL)
        self.error: ProviderError | None = None
        self.asked: list[Person] = []
        self.shows: Trigger | None = None  # of the message that is responded to; None: it is not to be responded to
        self.sent: list[str] = []
        self.is_broken = False
        self.before: Callable[[], None] = lambda: None

    def identify(self, person: Person, *, timeout_s: float) -> Person | None:  # type: ignore[override]
        assert timeout_s > 0
        self.asked.append(person)
        self.before()
        if self.error is not None:
            raise self.error
        return self.vouches_for

    def look_at_trigger(self, handle: ReplyHandle, *, timeout_s: float) -> Trigger | NotAnswerable:  # noqa: ARG002
        if self.shows is None:
            return NotAnswerable(DraftRule.NO_MESSAGE_ID)
        return self.shows

    def send(self, handle: ReplyHandle, outgoing: Outgoing, *, timeout_s: float) -> Sent:  # noqa: ARG002
        self.sent.append(outgoing.text)
        return Sent(f"sent-{len(self.sent)}", "thread", None)

    def check(self) -> str:
        if self.is_broken:
            raise Refused(403, "the account is disconnected")
        return "works"


class MarketScene(Scene):
    """A workspace with an account of the marketplace's, and a lead that is known by its email address."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.account = MarketAccount()
        self.provider = Marketplace(self.account)
        self.dependencies = replace(self.dependencies, accounts=self._open)
        with self.engine.begin() as connection:
            connect_account(
                connection,
                self.client_id,
                self.provider.name,
                LOCATION,
                credential_ref="a key",
                finds_client=True,
            )

    def _open(self, ref: AccountRef) -> Account:
        assert ref.provider == self.provider.name
        return self.account

    def arrives(self, text: str = "Sounds interesting, tell me more about the setup.", **changes: Any) -> MessageId:
        """Takes a contact's message in; its message."""
        receipt = self.takes(message(text, **{"contactId": "contact", **changes}))
        assert receipt.message_id is not None
        return receipt.message_id

    def takes(self, event: dict[str, Any]) -> Receipt:
        """Takes a delivery of the provider's in."""
        delivery = Delivery.of(
            None,
            json.dumps(event).encode(),
            datetime.now(UTC),
            provider=self.provider.name,
            external_account=LOCATION,
        )
        return receive_event(
            delivery, engine=self.engine, publisher=self.publisher, hash_address=self.dependencies.hash_address
        )

    def young(self, message_id: MessageId) -> LeadId:
        """Returns the lead that a message made."""
        lead_id: LeadId = self.one("SELECT lead_id FROM message WHERE id = :id", id=message_id).lead_id
        return lead_id

    def head(self, lead_id: UUID) -> UUID | None:
        head: UUID | None = self.one("SELECT merged_into_id FROM lead WHERE id = :id", id=lead_id).merged_into_id
        return head

    def suggestions(self) -> list[tuple[UUID, UUID]]:
        return [tuple(row) for row in self.all("SELECT lead_id, other_lead_id FROM merge_suggestion")]

    def keys(self, lead_id: UUID) -> set[str]:
        return {row.value for row in self.all("SELECT value FROM lead_identity WHERE lead_id = :id", id=lead_id)}

    def other_lead(self, *keys: tuple[IdentityKind, str]) -> LeadId:
        who = Person(tuple(Address(kind, value) for kind, value in keys))
        with self.engine.begin() as connection:
            found = find_or_make_lead(connection, ClientId(self.client_id), who, create=True)
        assert found.id is not None
        return found.id
