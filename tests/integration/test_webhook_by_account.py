"""Deliveries that name no client: a signed request says which account it is of, and the account says whose it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from bench.cost import counted
from local.fault_proxy import ProxyMode
from shared.db.found_accounts import (
    AccountTakenError,
    connect_account,
    disable_account,
    find_client,
    unclaimed_deliveries,
)
from shared.db.webhook_events import EventRecord, record_event
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, EventOutcome, Provider, Source
from shared.jobs.publish import Publisher
from shared.pipelines.intake.delivery import Receipt
from shared.pipelines.intake.replay_event import replay_event
from shared.providers.protocol import Route
from tests.instantly_events import hash_address
from tests.integration.outages import Connections, parked, run_replay
from tests.integration.waiting import until_waiting
from tests.integration.webhook import Answered, WebhookUnderTest, add_client
from tests.marketplace import LOCATION, NAME, PATH, Marketplace, message, registered, signature


@pytest.fixture(autouse=True)
def marketplace() -> Iterator[Marketplace]:
    with registered() as provider:
        yield provider


class Market:
    """The door of the app's one URL, with the accounts behind it."""

    def __init__(self, webhook: WebhookUnderTest, provider: Marketplace) -> None:
        self.webhook = webhook
        self.provider = provider

    def new_door(self) -> ModuleType:
        self.webhook.new_environment()
        module = self.webhook.environments[-1]
        module.handler.webhook = replace(module.handler.webhook, provider=self.provider)
        return module

    def post(self, event: Any, module: ModuleType | None = None, **headers: str) -> Answered:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        module = module or (self.webhook.environments or [self.new_door()])[0]
        sent = {"x-signature": signature(body), **headers}
        return self.webhook.call({"rawPath": PATH, "headers": sent, "body": body.decode()}, module)

    def connect(self, client_id: UUID | None = None, location: str = LOCATION) -> UUID:
        with self.webhook.engine.begin() as connection:
            return connect_account(
                connection,
                ClientId(client_id or self.webhook.client_id),
                Provider(NAME),
                location,
                credential_ref="a key",
                finds_client=True,
            ).id

    def disable(self, account_id: UUID, at: datetime | None = None) -> None:
        with self.webhook.engine.begin() as connection:
            assert disable_account(connection, account_id)
            if at is not None:
                connection.execute(
                    text("UPDATE provider_account SET disabled_at = :at WHERE id = :id"), {"at": at, "id": account_id}
                )

    def replay_kept(self, publisher: Publisher, client_id: UUID | None = None) -> list[Receipt]:
        engine = self.webhook.engine
        with engine.connect() as connection:
            kept = unclaimed_deliveries(connection, ClientId(client_id or self.webhook.client_id))
        return [replay_event(engine, publisher, event_id, hash_address) for event_id in kept]

    @property
    def owners(self) -> list[UUID | None]:
        """Whose the kept deliveries are."""
        return [row.client_id for row in self.webhook.rows("SELECT client_id FROM webhook_event")]


@pytest.fixture
def market(webhook: WebhookUnderTest, marketplace: Marketplace) -> Market:
    return Market(webhook, marketplace)


@pytest.fixture
def other(engine: Engine) -> UUID:
    """Another client."""
    client_id = uuid7()
    add_client(engine, client_id)
    return client_id


def test_the_client_is_found_by_the_account_in_the_body(market: Market, other: UUID) -> None:
    account_id = market.connect()
    market.connect(other, "another-location")
    event = message(secret="hunter2")
    answer = market.post(event)
    assert (answer.status_code, answer.status) == (200, "accepted")
    assert market.post(event).message_id == answer.message_id
    row = market.webhook.row("SELECT * FROM webhook_event")
    assert (row.client_id, row.provider_account_id, row.external_account) == (
        market.webhook.client_id,
        account_id,
        LOCATION,
    )
    assert (row.outcome, row.deliveries) == ("ACCEPTED", 2)
    assert b"hunter2" not in bytes(row.raw_body)
    stored = market.webhook.row("SELECT client_id, provider_account_id FROM message")
    assert stored == (market.webhook.client_id, account_id)
    assert len(market.webhook.received("post-process.fifo")) == 1


@pytest.mark.parametrize("headers", [{"x-signature": "forged"}, {"x-signature": ""}])
def test_what_its_provider_has_not_signed_is_refused_without_a_look(market: Market, headers: dict[str, str]) -> None:
    market.connect()
    assert market.post(message(), None, **headers).status_code == 401
    assert market.webhook.count("webhook_event") == 0


@pytest.mark.parametrize("body", [b"[]", b"no json", b'{"locationId": ""}', b'{"locationId": 7}', b"{}"])
def test_a_signed_body_without_an_account_is_refused(market: Market, body: bytes) -> None:
    assert market.post(body).status_code == 401
    assert market.webhook.count("webhook_event") == 0


def test_a_claim_of_the_other_kind_than_its_route_promises_is_refused(market: Market) -> None:
    """What the other kind would need was not checked on this route."""

    class ByQuery(Marketplace):
        routes = (Route(PATH),)

    market.connect()
    market.provider = ByQuery()
    body = json.dumps(message()).encode()
    request = {
        "rawPath": PATH,
        "headers": {"x-signature": signature(body)},
        "queryStringParameters": {"clientId": str(market.webhook.client_id)},
        "body": body.decode(),
    }
    assert market.webhook.call(request, market.new_door()).status_code == 401


def test_a_delivery_of_nobodys_account_is_kept_and_handled_once_somebody_has_it(
    market: Market, publisher: Publisher
) -> None:
    early, late = message(secret="hunter2"), message("And Wednesday?")
    for event in (early, early, late):
        answer = market.post(event)
        assert (answer.status_code, answer.status, answer.body["reason"]) == (200, "ignored", "unknown_account")
    kept = market.webhook.rows("SELECT * FROM webhook_event ORDER BY received_at")
    assert [(row.client_id, row.outcome, row.detail, row.deliveries) for row in kept] == [
        (None, "IGNORED", "unknown_account", 2),
        (None, "IGNORED", "unknown_account", 1),
    ]
    assert [row.external_account for row in kept] == [LOCATION, LOCATION]
    assert b"hunter2" not in bytes(kept[0].raw_body)
    assert market.webhook.count("lead") == 0

    market.connect()
    assert [receipt.status.value for receipt in market.replay_kept(publisher)] == ["accepted", "accepted"]
    handled = market.webhook.rows("SELECT * FROM webhook_event ORDER BY received_at")
    assert [row.id for row in handled] == [row.id for row in kept]
    assert {row.client_id for row in handled} == {market.webhook.client_id}
    messages = market.webhook.rows("SELECT received_at FROM message ORDER BY received_at")
    assert [row.received_at for row in messages] == [row.received_at for row in kept], "as of their arrival"
    assert market.replay_kept(publisher) == []
    assert market.post(early).status == "duplicate"
    assert market.webhook.count("webhook_event") == 2


def test_a_redelivery_takes_over_what_was_kept_of_it(market: Market, publisher: Publisher) -> None:
    event = message()
    market.post(event, None, **{"x-delivery": "d-1"})
    market.connect()
    assert market.post({**event, "attempt": 2}, None, **{"x-delivery": "d-1"}).status == "accepted"
    assert market.owners == [market.webhook.client_id]
    assert market.replay_kept(publisher) == []


def test_a_disabled_account_is_nobodys_until_it_is_connected_again(market: Market, publisher: Publisher) -> None:
    account_id = market.connect()
    known, later = message(), message()
    assert market.post(known).status == "accepted"
    market.disable(account_id)
    assert market.post(known).status == "ignored"  # nobody is told what became of it before
    assert market.post(later).status == "ignored"
    assert market.webhook.count("message") == 1
    assert market.connect() == account_id
    assert [receipt.status.value for receipt in market.replay_kept(publisher)] == ["duplicate", "accepted"]
    assert market.owners == [market.webhook.client_id] * 2, "the copy of what was handled before is gone"
    assert market.webhook.count("message") == 2


def test_a_disabled_clients_account_is_nobodys(market: Market, publisher: Publisher) -> None:
    """Refusing it would have the provider disable the one hook of all clients."""
    market.connect()
    market.webhook.execute("UPDATE client SET disabled_at = now() WHERE id = :client_id")
    assert market.post(message()).status == "ignored"
    assert market.owners == [None]
    market.webhook.execute("UPDATE client SET disabled_at = NULL WHERE id = :client_id")
    assert [receipt.status.value for receipt in market.replay_kept(publisher)] == ["accepted"]


def test_an_account_that_two_clients_have_in_use_is_refused_by_the_schema(market: Market, other: UUID) -> None:
    first = market.connect()
    with pytest.raises(AccountTakenError, match=f"another workspace has the account {LOCATION} in use"):
        market.connect(other)
    market.disable(first)
    market.connect(other)
    with pytest.raises(AccountTakenError):
        market.connect()


def test_an_account_that_names_its_client_by_a_token_finds_nobody(market: Market) -> None:
    market.webhook.execute(
        "INSERT INTO provider_account (client_id, provider, external_id) VALUES (:client_id, :name, :location)",
        name=NAME,
        location=LOCATION,
    )
    assert market.post(message()).status == "ignored"
    assert market.owners == [None]


def test_an_event_about_another_account_than_the_one_that_signed_it_is_quarantined(market: Market, other: UUID) -> None:
    market.connect()
    market.connect(other, "another-location")
    answer = market.post(message(eventLocation="another-location"))
    assert (answer.status, answer.body["reason"]) == ("quarantined", "workspace_mismatch")
    assert market.webhook.count("lead") == market.webhook.count("message") == 0
    assert market.owners == [market.webhook.client_id]


def test_an_event_that_names_no_account_is_of_the_one_that_signed_it(market: Market) -> None:
    market.connect(location="another-location")
    account_id = market.connect()
    answer = market.post(message(eventLocation=None))
    assert answer.status == "accepted"
    assert market.webhook.row("SELECT provider_account_id FROM message").provider_account_id == account_id


# --- Outages -----------------------------------------------------------------------------------------------------


def park(market: Market, through: Connections, event: dict[str, Any]) -> list[dict[str, Any]]:
    through.set(through.postgres, ProxyMode.REFUSE)
    answer = market.post(event)
    assert (answer.status_code, answer.status) == (200, "parked")
    through.set(through.postgres, ProxyMode.PASS)
    return parked(market.webhook)


def test_a_parked_delivery_carries_its_account(
    market: Market,
    connections: Connections,
    replay: ModuleType,
    publisher: Publisher,
) -> None:
    event = message()
    records = park(market, connections, event)
    claim = json.loads(records[0]["body"])["claim"]
    assert claim == {"client_id": None, "token_version": None, "external_account": LOCATION}
    assert run_replay(replay, records) == []
    assert market.owners == [None]
    assert run_replay(replay, records) == []  # of a replay that died before its answer
    assert len(market.owners) == 1
    market.connect()
    assert [receipt.status.value for receipt in market.replay_kept(publisher)] == ["accepted"]
    assert market.post(event).status == "duplicate"


@pytest.mark.parametrize("disabled", ["account", "client"])
def test_a_parked_delivery_is_its_accounts_of_when_it_arrived(
    market: Market,
    connections: Connections,
    replay: ModuleType,
    other: UUID,
    disabled: str,
) -> None:
    """The location has gone to another client meanwhile: what was written before is not that one's."""
    first = market.connect()
    records = park(market, connections, message())
    market.disable(first)
    if disabled == "client":
        market.webhook.execute("UPDATE client SET disabled_at = now() WHERE id = :client_id")
    market.connect(other)
    assert run_replay(replay, records) == []
    assert market.owners == [market.webhook.client_id]
    assert market.post(message()).status == "accepted"
    assert sorted(map(str, market.owners)) == sorted(map(str, [market.webhook.client_id, other]))


def test_what_arrived_after_an_account_was_disabled_is_not_its_clients(
    market: Market,
    connections: Connections,
    replay: ModuleType,
) -> None:
    account_id = market.connect()
    market.disable(account_id, at=datetime.now(UTC) - timedelta(minutes=1))
    records = park(market, connections, message())
    assert run_replay(replay, records) == []
    assert market.owners == [None]


# --- At once -----------------------------------------------------------------------------------------------------


def at_once(market: Market, events: Sequence[dict[str, Any]], also: Any = None) -> list[Answered]:
    doors = [market.new_door() for _ in events]
    barrier = Barrier(len(events) + (also is not None))

    def run(door: ModuleType, event: dict[str, Any]) -> Answered:
        barrier.wait()
        return market.post(event, door)

    def run_also() -> None:
        barrier.wait()
        also()

    with ThreadPoolExecutor(len(events) + 1) as pool:
        running = None if also is None else pool.submit(run_also)
        answers = list(pool.map(run, doors, events))
        if running is not None:
            running.result()
    return answers


def test_sixteen_redeliveries_at_once_are_one_reply(market: Market) -> None:
    market.connect()
    event = message()
    answers = at_once(market, [event] * 16)
    assert sorted(str(answer.status) for answer in answers) == ["accepted"] + ["duplicate"] * 15
    assert market.webhook.count("message") == market.webhook.count("lead") == market.webhook.count("webhook_event") == 1


def test_first_messages_of_two_clients_at_once_stay_apart(market: Market, other: UUID) -> None:
    market.connect()
    market.connect(other, "another-location")
    events = [message(contactId="same", locationId=of) for of in (LOCATION, "another-location") for _ in range(4)]
    assert {answer.status for answer in at_once(market, events)} == {"accepted"}
    leads = market.webhook.rows("SELECT client_id, count(*) AS leads FROM lead GROUP BY client_id")
    assert {row.client_id: row.leads for row in leads} == {market.webhook.client_id: 1, other: 1}


@pytest.mark.parametrize("attempt", range(3))
def test_no_delivery_is_lost_between_keeping_it_and_connecting_its_account(
    market: Market, publisher: Publisher, attempt: int
) -> None:
    events = [message(f"Reply {attempt} {number}") for number in range(6)]
    answers = at_once(market, events, also=market.connect)
    replayed = market.replay_kept(publisher)
    ignored = [answer for answer in answers if answer.status == "ignored"]
    assert len(replayed) == len(ignored)
    assert market.owners == [market.webhook.client_id] * 6
    assert market.webhook.count("message") == 6


def test_a_connection_waits_for_a_delivery_that_has_found_nobody(market: Market) -> None:
    """Else it could look for kept deliveries before that one is kept, which has not seen the account."""
    now, key = datetime.now(UTC), b"k" * 32
    event = EventRecord(
        None, key, Provider(NAME), Source.HOOK, json.dumps(message()).encode(), now, external_account=LOCATION
    )
    with ThreadPoolExecutor(1) as pool:
        with market.webhook.engine.begin() as connection:
            found = find_client(
                connection, event.provider, LOCATION, delivery_key=key, received_at=now, acknowledged=False
            )
            assert found is None
            connecting = pool.submit(market.connect)
            until_waiting(market.webhook.engine, "pg_advisory_xact_lock(")
            record_event(connection, event, EventOutcome.IGNORED)
        connecting.result(30)
    with market.webhook.engine.connect() as connection:
        assert len(unclaimed_deliveries(connection, ClientId(market.webhook.client_id))) == 1


def test_a_reply_takes_one_statement_more_than_where_the_client_is_named(market: Market) -> None:
    market.connect()
    for _ in range(4):  # until every statement is prepared
        market.post(message())
    with counted(market.webhook.environments[0].handler.webhook.intake.engine) as seen:
        assert market.post(message()).status == "accepted"
    assert len(seen.statements) == 4, seen
    assert seen.round_trips == 4, seen
