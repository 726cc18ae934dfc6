"""A lead without any email address, at a provider that knows people by ids of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from shared.db.lead_identity import find_or_make_lead
from shared.domain.consent import Consent, ProviderObjection
from shared.domain.events import Address, Person
from shared.domain.vocabulary import IdentityKind, JobType, MessageId, Objection
from shared.jobs.outcomes import Done, Outcome
from shared.providers.account_values import Outgoing, Sent, Sought, Trigger
from tests.integration.reply_scene import FakeInstantly, account_of
from tests.integration.two_tools import OtherTool, TwoTools
from tests.marketplace import LOCATION, message, registered

CONTACT = Address(IdentityKind.GHL_CONTACT, f"{LOCATION}:contact-9")
MEMBER = Address(IdentityKind.LINKEDIN_MEMBER, "account:ACoAA9")
PHONE = Address(IdentityKind.PHONE, "+12025550123")


class Addressless:
    """An account whose people have no address. ``objects_to``: the key whose person is not to be written to."""

    def __init__(self) -> None:
        self._other = account_of(FakeInstantly())
        self.sender: str | None = "contact-9"
        self.objects_to: Address | None = None
        self.asked: list[Person] = []
        self.sent: list[tuple[Mapping[str, str], str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._other, name)

    def look_at_trigger(self, handle: Mapping[str, str], *, timeout_s: float) -> Trigger:
        assert timeout_s > 0
        return Trigger(handle, "thread", self.sender, "our account", "", automatic=False, written_at=None)

    def identify(self, *_: object, **__: object) -> None:
        return None

    def consent(self, person: Person, *, timeout_s: float) -> Consent:
        assert timeout_s > 0
        self.asked.append(person)
        objects = self.objects_to in person.addresses
        return Consent((ProviderObjection(Objection.UNSUBSCRIBED),) if objects else ())

    def send(self, handle: Mapping[str, str], outgoing: Outgoing, *, timeout_s: float) -> Sent:
        assert timeout_s > 0
        self.sent.append((handle, outgoing.text))
        return Sent("sent-1", "thread", None)

    def find_sent(self, sought: Sought, *, timeout_s: float) -> Sequence[Any]:
        assert timeout_s > 0
        assert sought.person is None or CONTACT in sought.person.addresses
        return []


@pytest.fixture
def account() -> Addressless:
    return Addressless()


@pytest.fixture
def scene(engine: Engine, account: Addressless) -> Iterator[TwoTools]:
    with registered(OtherTool()):
        scene = TwoTools(engine)
        scene.dependencies = replace(scene.dependencies, accounts=lambda _: account)
        yield scene


def approved_response(scene: TwoTools) -> Outcome:
    """Takes a reply in that names a contact only, lets it be drafted, and sends what a person has approved."""
    receipt = scene.other(message("Tell me more about the setup.", contactId="contact-9"))
    assert receipt.message_id is not None
    return approve(scene, receipt.message_id)


def approve(scene: TwoTools, message_id: MessageId) -> Outcome:
    scene.lead_id = scene.one("SELECT lead_id FROM message WHERE id = :id", id=message_id).lead_id
    scene.run(scene.job_of(message_id, JobType.SMARTLEAD_POST_PROCESS))
    with scene.engine.begin() as connection:
        statement = text("UPDATE draft SET status = 'APPROVED', approved_revision = revision WHERE lead_id = :id")
        assert connection.execute(statement, {"id": scene.lead_id}).rowcount == 1
    return scene.run(scene.job(message_id, JobType.SEND_REPLY, scene.draft().id))


def test_a_response_to_a_lead_without_an_address_goes_out_and_is_asked_about(
    scene: TwoTools, account: Addressless
) -> None:
    assert approved_response(scene) == Done("sent")
    assert (scene.lead().email, [person.addresses for person in account.asked]) == (None, [(CONTACT,)])
    ((handle, words),) = account.sent
    assert (handle["contact"], words) == ("contact-9", scene.draft().body)
    assert words.startswith("Hi Pat,")
    sent = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert (sent.provider_message_id, sent.draft_id) == ("sent-1", scene.draft().id)


@pytest.mark.parametrize("key", [MEMBER, PHONE, Address(IdentityKind.EMAIL, "pat.lee@acme.test")])
def test_an_objection_to_any_of_their_keys_counts(scene: TwoTools, account: Addressless, key: Address) -> None:
    with scene.engine.begin() as connection:
        find_or_make_lead(connection, scene.client_id, Person((CONTACT, MEMBER, PHONE)), create=True)
        other = Person((CONTACT, Address(IdentityKind.EMAIL, "pat.lee@acme.test")))
        find_or_make_lead(connection, scene.client_id, other, create=False)
    account.objects_to = key
    outcome = approved_response(scene)
    assert (outcome, account.sent) == (Done("blocked (provider.consent.unsubscribed)"), [])
    assert (scene.lead().suppression_reason, scene.draft().status) == ("UNSUBSCRIBED", "SUPERSEDED")


@pytest.mark.parametrize(("sender", "action"), [("contact-9", "SEND_NOW"), ("contact-7", "NEEDS_REVIEW")])
def test_a_sender_is_the_lead_by_any_of_their_keys(
    scene: TwoTools, account: Addressless, sender: str, action: str
) -> None:
    """A contact of the same location that is not the lead's is somebody else, as a colleague's address is."""
    account.sender = sender
    receipt = scene.other(message("Tell me more about the setup.", contactId="contact-9"))
    assert receipt.message_id is not None
    with scene.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET campaign_id = :campaign WHERE id = :id"),
            {"campaign": scene.campaign_id, "id": receipt.message_id},
        )
    scene.lead_id = scene.one("SELECT lead_id FROM message WHERE id = :id", id=receipt.message_id).lead_id
    scene.run(scene.job_of(receipt.message_id, JobType.SMARTLEAD_POST_PROCESS))
    assert scene.draft().action == action
    assert len(account.sent) == (action == "SEND_NOW")
