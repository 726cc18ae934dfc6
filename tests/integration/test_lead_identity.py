"""A person is one lead, whatever the keys that events know him by, and however many come at once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import IntegrityError

from shared.db.clients import create_client
from shared.db.lead_identity import (
    _FIND,
    FIND_BY_ONE_KEY,
    FIND_OR_MAKE_LEAD,
    FoundLead,
    find_or_make_lead,
    found_lead,
    person_of,
    person_parameters,
)
from shared.db.merge_suggestions import suggest_merges
from shared.db.outages import is_race
from shared.domain.events import Address, Person
from shared.domain.identifiers import uuid7
from shared.domain.identity import Match, OtherLead, match_lead
from shared.domain.vocabulary import ClientId, IdentityKind, LeadId
from shared.pipelines.intake.case import Handled, StartOver
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus
from shared.pipelines.intake.receive_event import TRANSACTION_ATTEMPTS, _transact

EMAIL, PHONE, SLUG = IdentityKind.EMAIL, IdentityKind.PHONE, IdentityKind.LINKEDIN_SLUG
CONTACT, MEMBER = IdentityKind.GHL_CONTACT, IdentityKind.LINKEDIN_MEMBER

PEOPLE = 300
DELIVERIES = 1_800
SESSIONS = 6


@pytest.fixture
def client_id(engine: Engine) -> ClientId:
    with engine.begin() as connection:
        return ClientId(create_client(connection, "Acme").id)


def person(*keys: tuple[IdentityKind, str], **names: str) -> Person:
    return Person(tuple(Address(kind, value) for kind, value in keys), **names)


def find(engine: Engine, client_id: ClientId, who: Person, *, create: bool = True) -> FoundLead:
    with engine.begin() as connection:
        found = find_or_make_lead(connection, client_id, who, create=create)
        assert not found.contended
        return found


def keys_of(engine: Engine, lead_id: LeadId | None) -> set[tuple[str, str]]:
    statement = text("SELECT kind, value FROM lead_identity WHERE lead_id = :lead_id")
    with engine.connect() as connection:
        return {(row.kind, row.value) for row in connection.execute(statement, {"lead_id": lead_id})}


def rows(engine: Engine, statement: str, **values: Any) -> Sequence[Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(text(statement), values).all()


# --- One at a time ---------------------------------------------------------------------------------------------------


def test_an_unknown_person_becomes_a_lead_with_every_key(engine: Engine, client_id: ClientId) -> None:
    keys = [(EMAIL, "pat@acme.test"), (CONTACT, "loc:1"), (PHONE, "+12025550123"), (SLUG, "/in/pat")]
    found = find(engine, client_id, person(*keys, first_name="Pat", last_name="Lee", company="Acme"))
    (lead,) = rows(engine, "SELECT id, email, first_name, last_name, company FROM lead")
    assert tuple(lead) == (found.id, "pat@acme.test", "Pat", "Lee", "Acme")
    assert keys_of(engine, found.id) == {(kind.value, value) for kind, value in keys}
    for key in keys:
        assert find(engine, client_id, person(key)).id == found.id


def test_a_person_without_an_address_becomes_a_lead_without_one(engine: Engine, client_id: ClientId) -> None:
    found = find(engine, client_id, person((MEMBER, "acc:ACoAA1")))
    assert [tuple(row) for row in rows(engine, "SELECT id, email FROM lead")] == [(found.id, None)]


def test_a_free_key_is_added_to_the_lead_and_nothing_of_it_is_rewritten(engine: Engine, client_id: ClientId) -> None:
    first = find(engine, client_id, person((EMAIL, "pat@acme.test"), first_name="Pat"))
    before = rows(engine, "SELECT xmin, ctid, first_name FROM lead")
    again = find(engine, client_id, person((CONTACT, "loc:1"), (EMAIL, "pat@acme.test"), first_name="Robin"))
    assert again.id == first.id
    assert keys_of(engine, first.id) == {("EMAIL", "pat@acme.test"), ("GHL_CONTACT", "loc:1")}
    assert [row.first_name for row in rows(engine, "SELECT first_name FROM lead")] == [before[0].first_name]


def test_a_lead_without_an_address_takes_the_first_that_it_learns(engine: Engine, client_id: ClientId) -> None:
    member = (MEMBER, "acc:ACoAA1")
    lead = find(engine, client_id, person(member))
    other = find(engine, client_id, person((EMAIL, "robin@acme.test")))
    for learnt, email in (
        ([(PHONE, "+12025550123")], None),
        ([(EMAIL, "robin@acme.test")], None),  # is another's
        ([(EMAIL, "pat@acme.test")], "pat@acme.test"),
        ([(EMAIL, "p.lee@acme.test")], "pat@acme.test"),
    ):
        assert find(engine, client_id, person(member, *learnt)).id == lead.id
        (row,) = rows(engine, "SELECT email FROM lead WHERE id = :id", id=lead.id)
        assert row.email == email
    assert {value for kind, value in keys_of(engine, lead.id) if kind == "EMAIL"} == {
        "pat@acme.test",
        "p.lee@acme.test",
    }
    assert keys_of(engine, other.id) == {("EMAIL", "robin@acme.test")}


def test_an_address_of_a_lead_that_has_no_keys_yet_stays_that_leads(engine: Engine, client_id: ClientId) -> None:
    with engine.begin() as connection:  # as the release before this one has made it
        connection.execute(
            text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client_id, 'pat@acme.test')"),
            {"id": uuid7(), "client_id": client_id},
        )
    lead = find(engine, client_id, person((CONTACT, "loc:1")))
    assert find(engine, client_id, person((CONTACT, "loc:1"), (EMAIL, "pat@acme.test"))).id == lead.id
    assert keys_of(engine, lead.id) == {("GHL_CONTACT", "loc:1")}
    (row,) = rows(engine, "SELECT email FROM lead WHERE id = :id", id=lead.id)
    assert row.email is None


@pytest.mark.parametrize("who_waits", ["who learns it", "who makes a lead of it"])
def test_an_address_that_two_sessions_take_at_once_is_of_whoever_was_first(
    engine: Engine, client_id: ClientId, who_waits: str
) -> None:
    """The second waits, and then starts over with the other's rows in sight."""
    known = find(engine, client_id, person((CONTACT, "loc:1")))
    learns, makes = person((CONTACT, "loc:1"), (EMAIL, "pat@acme.test")), person((EMAIL, "pat@acme.test"))
    first, second = (makes, learns) if who_waits == "who learns it" else (learns, makes)
    with ThreadPoolExecutor(1) as pool, engine.connect() as connection:
        winner = find_or_make_lead(connection, client_id, first, create=True)
        attempt = pool.submit(_deliver, engine, client_id, second)
        _until_somebody_waits(engine)
        connection.commit()
        loser, starts = attempt.result()
    assert starts == 2
    assert loser == (known.id if second is learns else winner.id)
    emails = {row.id: row.email for row in rows(engine, "SELECT id, email FROM lead")}
    assert emails[winner.id] == "pat@acme.test"
    assert [lead_id for lead_id, email in emails.items() if email] == [winner.id]


def _until_somebody_waits(engine: Engine) -> None:
    for _ in range(1000):
        waiting = rows(
            engine, "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        if waiting:
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_key_that_another_lead_has_stays_there(engine: Engine, client_id: ClientId) -> None:
    by_email = find(engine, client_id, person((EMAIL, "pat@acme.test")))
    by_contact = find(engine, client_id, person((CONTACT, "loc:1")))
    both = find(engine, client_id, person((CONTACT, "loc:1"), (EMAIL, "pat@acme.test")))
    assert both.match == Match(by_contact.id, (OtherLead(LeadId(_id(by_email)), EMAIL),))
    assert both.id == by_contact.id
    assert keys_of(engine, by_email.id) == {("EMAIL", "pat@acme.test")}


def test_leads_that_may_be_one_person_are_suggested_once(engine: Engine, client_id: ClientId) -> None:
    one, other = (find(engine, client_id, person(key)) for key in ((EMAIL, "pat@acme.test"), (CONTACT, "loc:1")))
    for _ in range(2):
        with engine.begin() as connection:
            both = find_or_make_lead(
                connection, client_id, person((CONTACT, "loc:1"), (EMAIL, "pat@acme.test")), create=True
            )
            suggest_merges(connection, client_id, both.match)
    (suggestion,) = rows(engine, "SELECT client_id, lead_id, other_lead_id, kind, decision FROM merge_suggestion")
    assert tuple(suggestion) == (client_id, *sorted([_id(one), _id(other)]), "EMAIL", None)


def test_nobody_is_made_of_a_mail_that_was_sent(engine: Engine, client_id: ClientId) -> None:
    assert find(engine, client_id, person((EMAIL, "pat@acme.test")), create=False) == FoundLead(None)
    assert rows(engine, "SELECT 1 FROM lead") == []


def test_the_same_keys_are_another_lead_in_another_workspace(engine: Engine, client_id: ClientId) -> None:
    with engine.begin() as connection:
        other_client = ClientId(create_client(connection, "Other").id)
    who = person((EMAIL, "pat@acme.test"), (PHONE, "+12025550123"))
    assert find(engine, client_id, who).id != find(engine, other_client, who).id


def test_the_lead_of_a_release_without_identities_is_found_by_its_address(engine: Engine, client_id: ClientId) -> None:
    lead_id = uuid7()
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client_id, 'pat@acme.test')"),
            {"id": lead_id, "client_id": client_id},
        )
    with engine.connect() as connection:
        assert person_of(connection, LeadId(lead_id)) == person((EMAIL, "pat@acme.test"))
    assert find(engine, client_id, person((EMAIL, "pat@acme.test")), create=False).id == lead_id
    assert keys_of(engine, LeadId(lead_id)) == {("EMAIL", "pat@acme.test")}


def test_a_suppressed_lead_that_gets_another_key_says_so(engine: Engine, client_id: ClientId) -> None:
    pat = person((EMAIL, "pat@acme.test"))
    find(engine, client_id, pat)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE lead SET suppressed_at = now(), suppression_reason = 'OPT_OUT', status = 'blacklisted'")
        )
    assert not find(engine, client_id, pat).learnt_while_told
    both = person(*((address.kind, address.value) for address in pat.addresses), (EMAIL, "p.lee@acme.test"))
    assert find(engine, client_id, both).learnt_while_told
    assert not find(engine, client_id, both).learnt_while_told


# --- The rule, twice -------------------------------------------------------------------------------------------------

KEYS = [Address(kind, value) for kind in (CONTACT, EMAIL, PHONE, SLUG) for value in ("x@x.test", "y@x.test")]


def test_the_statement_decides_as_the_rule_does(engine: Engine, client_id: ClientId) -> None:
    leads = [find(engine, client_id, person((MEMBER, f"acc:{number}"))).id for number in range(3)]
    links = st.dictionaries(
        st.sampled_from(KEYS), st.lists(st.sampled_from([_id(lead) for lead in leads]), max_size=3, unique=True)
    ).map(lambda linked: {key: ids if key.kind is PHONE else ids[:1] for key, ids in linked.items()})

    @given(links, st.booleans())
    def decides_alike(linked: dict[Address, Collection[LeadId]], create: bool) -> None:
        with engine.connect() as connection:  # rolled back
            for key, ids in linked.items():
                for lead_id in ids:
                    _link(connection, client_id, lead_id, key)
            found = find_or_make_lead(connection, client_id, Person(tuple(linked)), create=create)
            expected = match_lead(linked)
            assert not found.contended
            if expected.lead_id is None:
                assert (found.id is None) == (not (create and linked))
                assert found.id not in leads
            else:
                assert found.id == expected.lead_id
            assert found.match.others == expected.others
            if found.id is not None:  # what was free is its own now
                for key, ids in linked.items():
                    has = _has(connection, LeadId(found.id), key)
                    assert has == (not ids or found.id in ids or key.kind is PHONE)

    decides_alike()


HAS_IT = "INSERT INTO lead_identity (client_id, lead_id, kind, value) VALUES (:client_id, :lead_id, :kind, :value)"
IS_ITS_ADDRESS = "UPDATE lead SET email = :value WHERE id = :lead_id"
SUPPRESSED = "UPDATE lead SET suppressed_at = now(), suppression_reason = 'OPT_OUT' WHERE id = :lead_id"
MERGED = "UPDATE lead SET merged_into_id = :head WHERE id = :lead_id"
PASTS: list[tuple[str, ...]] = [
    (),
    (HAS_IT,),
    (HAS_IT, SUPPRESSED),
    (HAS_IT, MERGED),
    (IS_ITS_ADDRESS,),
    (IS_ITS_ADDRESS, SUPPRESSED),
    (IS_ITS_ADDRESS, MERGED),
    (IS_ITS_ADDRESS, HAS_IT),
]


@pytest.mark.parametrize("past", PASTS)
@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("key", [Address(EMAIL, "pat@acme.test"), Address(CONTACT, "loc:1"), None])
def test_one_key_is_decided_as_several_are(
    engine: Engine, client_id: ClientId, past: tuple[str, ...], create: bool, key: Address | None
) -> None:
    lead, head = (find(engine, client_id, person((MEMBER, f"acc:{number}"))).id for number in range(2))
    who = Person(() if key is None else (key,), first_name="Pat")
    values = {"client_id": client_id, "lead_id": lead, "head": head, "kind": "EMAIL", "value": "pat@acme.test"}
    if key is not None:
        values |= {"kind": key.kind.value, "value": key.value}
    outcomes = []
    for statement in (FIND_BY_ONE_KEY, FIND_OR_MAKE_LEAD):
        with engine.connect() as connection:  # rolled back
            for command in past:
                connection.execute(text(command), values)
            made = person_parameters(who, create=create)
            row = connection.execute(_FIND[statement], {"client_id": client_id, **made}).one()
            found = found_lead(row)
            kept = connection.execute(
                text(
                    """
                    SELECT CASE WHEN lead.id <> :new THEN lead.id END AS lead_id, email, first_name, kind, value
                    FROM lead LEFT JOIN lead_identity AS identity ON identity.lead_id = lead.id ORDER BY 1, 4
                    """
                ),
                {"new": made["lead_id"]},
            ).all()
            who_it_is = "new" if found.id == made["lead_id"] else found.id
            outcomes.append((who_it_is, found.contended, found.learnt_while_told, found.match.others, kept))
    assert outcomes[0] == outcomes[1]


def _link(connection: Connection, client_id: ClientId, lead_id: LeadId, key: Address) -> None:
    connection.execute(
        text(
            "INSERT INTO lead_identity (client_id, lead_id, kind, value) VALUES (:client_id, :lead_id, :kind, :value)"
        ),
        {"client_id": client_id, "lead_id": lead_id, "kind": key.kind.value, "value": key.value},
    )


def _has(connection: Connection, lead_id: LeadId, key: Address) -> bool:
    statement = text("SELECT count(*) FROM lead_identity WHERE lead_id = :id AND kind = :kind AND value = :value")
    found = connection.execute(statement, {"id": lead_id, "kind": key.kind.value, "value": key.value}).scalar_one()
    assert found <= 1
    return bool(found)


# --- All at once -----------------------------------------------------------------------------------------------------


def test_racing_first_deliveries_of_one_person_make_one_lead(engine: Engine, client_id: ClientId) -> None:
    """1,800 first deliveries of 300 people in six sessions, each with the person's first key and some of the others."""
    chance = random.Random(20261127)  # noqa: S311
    people = []
    for number in range(PEOPLE):
        keys = [
            Address(EMAIL, f"person{number}@acme.test"),
            Address(CONTACT, f"loc:{number}"),
            Address(MEMBER, f"acc:{number}"),
            Address(PHONE, f"+1202555{number:04}"),
        ]
        people.append(chance.sample(keys[:3], chance.randint(1, 3)) + keys[3:] * chance.randint(0, 1))
    deliveries = []
    for number in range(DELIVERIES):
        first, *others = people[number % PEOPLE]
        offered = [first, *chance.sample(others, chance.randint(0, len(others)))]
        chance.shuffle(offered)
        deliveries.append((number % PEOPLE, Person(tuple(offered))))
    # Neighbours in the list are taken at once: all six of a person, that is, but for what the threads make of it.
    deliveries.sort(key=lambda delivery: delivery[0])
    seen: list[set[Address]] = [set() for _ in people]
    for number, who in deliveries:
        seen[number].update(who.addresses)

    with ThreadPoolExecutor(SESSIONS) as pool:
        attempts = list(pool.map(lambda delivery: _deliver(engine, client_id, delivery[1]), deliveries))

    by_person: list[set[UUID]] = [set() for _ in people]
    for (number, _), (lead_id, _) in zip(deliveries, attempts, strict=True):
        by_person[number].add(lead_id)
    assert [len(leads) for leads in by_person] == [1] * PEOPLE
    assert len(set.union(*by_person)) == PEOPLE
    (lead_count,) = rows(engine, "SELECT count(*) AS count FROM lead")
    assert lead_count.count == PEOPLE
    assert (
        rows(engine, "SELECT id FROM lead WHERE NOT EXISTS (SELECT FROM lead_identity WHERE lead_id = lead.id)") == []
    )
    stored = Counter((row.lead_id, row.kind, row.value) for row in rows(engine, "SELECT * FROM lead_identity"))
    assert stored == Counter(
        (lead_id, key.kind.value, key.value) for (lead_id,), keys in zip(by_person, seen, strict=True) for key in keys
    )
    assert max(tries for _, tries in attempts) <= 1 + max(len(keys) for keys in people)  # each start finds a key more


def test_an_event_starts_over_as_often_as_its_keys_and_its_message_can_be_taken(engine: Engine) -> None:
    handled = Handled(Receipt(ReceiptStatus.ACCEPTED))
    taken = iter([*IdentityKind, "the message"])

    def work(_: Connection) -> Handled:
        if next(taken, None) is not None:
            raise StartOver
        return handled

    assert _transact(engine, work) is handled


def _deliver(engine: Engine, client_id: ClientId, who: Person) -> tuple[UUID, int]:
    """The lead, and how many starts it took; a deadlock or any other error of the database ends the test."""
    for attempt in range(1, TRANSACTION_ATTEMPTS + 1):
        with engine.connect() as connection:
            try:
                found = find_or_make_lead(connection, client_id, who, create=True)
            except IntegrityError as error:
                if not is_race(error):
                    raise
                continue
            if not found.contended:
                connection.commit()
                return _id(found), attempt
    raise AssertionError("never came through")


def _id(found: FoundLead | LeadId | None) -> UUID:
    value = found.id if isinstance(found, FoundLead) else found
    assert value is not None
    return value
