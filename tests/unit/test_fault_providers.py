"""Each provider of the registry plays its part in the fault suite, and its events are what the suite takes them for."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared.domain.events import InboundReply, Labelled, MessageSent, Unsubscribed
from shared.domain.vocabulary import ClientId, Source
from shared.providers.registry import PROVIDERS
from tests.e2e.driver import TestWorkspace
from tests.faults.providers import SIDES, FaultEvent, Mail, ProviderSide
from tests.instantly_events import body_of

LEAD = "pat@acme.test"
WRITTEN_AT = datetime(2026, 11, 20, 14, 3, 11, tzinfo=UTC)
WORKSPACE = TestWorkspace(ClientId(uuid4()), "v1.token", "4711", "4712")


def test_every_provider_of_the_registry_is_broken_by_the_fault_suite() -> None:
    assert SIDES.keys() == PROVIDERS.keys(), "a row of tests/faults/providers.py for each provider"


@pytest.fixture(params=SIDES.values(), ids=lambda side: side.service)
def side(request: pytest.FixtureRequest) -> ProviderSide:
    found: ProviderSide = request.param
    return found


def test_a_reply_is_read_as_the_suite_knows_it(side: ProviderSide) -> None:
    event = FaultEvent(side, side.reply(WORKSPACE, "Tell me more.", LEAD, WRITTEN_AT, auto=True))
    read = PROVIDERS[side.name].read_event(body_of(event.body), Source.HOOK)
    again = PROVIDERS[side.name].read_event(body_of(event.once_more().body), Source.HOOK)
    assert isinstance(read, InboundReply)
    replies = [read, again.reply if isinstance(again, Labelled) else again]
    for reply in replies:
        assert isinstance(reply, InboundReply)
        assert reply.message_id == event.reply_id == event.once_more().reply_id
        assert reply.header.person.email == event.lead_email == LEAD
        assert reply.header.campaign is not None
        assert reply.header.campaign.provider_campaign_id == WORKSPACE.auto_campaign
        assert side.key_of(reply.message_id, reply.handle) == event.key


def test_what_else_a_lead_and_we_do_is_read_as_the_suite_means_it(side: ProviderSide) -> None:
    provider, reply = PROVIDERS[side.name], side.reply(WORKSPACE, "Tell me more.", LEAD, WRITTEN_AT, auto=False)
    unsubscribed = provider.read_event(body_of(side.unsubscription(WORKSPACE, LEAD)), Source.HOOK)
    assert isinstance(unsubscribed, Unsubscribed)
    assert unsubscribed.header.person.email == LEAD
    mail = Mail("<ours@send.test>", "key", "thread", "Gladly.", WRITTEN_AT)
    reported = provider.read_event(body_of(side.report_of(reply, mail)), Source.HOOK)
    assert isinstance(reported, MessageSent)
    assert (reported.message_id, reported.content.text, reported.campaign_step) == (mail.id, mail.text, None)
    assert reported.header.person.email == LEAD
