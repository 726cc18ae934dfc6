"""Queries of lead_identity: whose an event is, found or made and locked; and the whole person behind a lead.

``match_lead`` of shared.domain.identity is the rule; FIND_OR_MAKE_LEAD is the same in SQL, so that it fits into a
larger statement. A test holds the two together. Most events name one address and nothing else: for them
FIND_BY_ONE_KEY is the same again, without all that takes several keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.db.lead_group import keys_of
from shared.domain.events import Address, Person
from shared.domain.identifiers import uuid7
from shared.domain.identity import Match, match_lead, strongest_first
from shared.domain.vocabulary import ClientId, IdentityKind, LeadId

TO_TELL = "(lead.suppressed_at IS NOT NULL OR lead.sequences_paused_at IS NOT NULL)"
"""SQL: whether the accounts are to know how a lead stands."""


def _locked_or_made(*, email: str, is_offered: str) -> str:
    """SQL: the lead of ``chosen``, locked, or a new one; ``email`` of the new one, and whether there is any key."""
    return f"""
    held AS MATERIALIZED (
        SELECT lead.id, {TO_TELL} AS to_tell FROM chosen JOIN lead ON lead.id = chosen.lead_id
        WHERE lead.merged_into_id IS NULL AND lead.erased_at IS NULL
        FOR NO KEY UPDATE OF lead
    ), made AS (
        INSERT INTO lead (id, client_id, email, first_name, last_name, company)
        SELECT CAST(:lead_id AS uuid), client_id, {email}, CAST(:first_name AS text), CAST(:last_name AS text),
               CAST(:company AS text)
        FROM opened
        WHERE :create AND {is_offered} AND NOT EXISTS (SELECT 1 FROM chosen)
        ON CONFLICT DO NOTHING
        RETURNING id
    ), person AS MATERIALIZED (
        SELECT id, to_tell FROM held UNION ALL SELECT id, false FROM made
    )
"""  # noqa: S608 (constants only)


# Both are parts of a larger WITH, after ``opened``: no row, or one row with client_id where the event is to have an
# effect. Their parameters are those of ``person_parameters``; LEAD_COLUMNS is what ``found_lead`` reads.
#
# The lead's row lock serialises everything about one person. A known lead is locked without being rewritten; an unknown
# one is made with all of its keys, in their order, so that two sessions that make the same never wait for each other in
# a circle. Whoever comes second has inserted fewer rows than it wanted, or finds that the lead was merged or erased
# while it waited: then ``contended`` is true and the transaction has to start over, with the other's rows in sight.
#
# A lead without an address takes the first that it learns before its key, in the order of whoever makes a lead of them.
# If another session has taken it meanwhile it is a unique violation, and the transaction has to start over, too.
#
# A lead without any key was made by the release before this one: its address is its key, and nobody else's. A number
# that two leads had before they were merged is still a key of both.
_LOCKED_OR_MADE = _locked_or_made(
    email="(SELECT value FROM offered WHERE kind = 'EMAIL' ORDER BY position LIMIT 1)",
    is_offered="EXISTS (SELECT 1 FROM offered)",
)
FIND_OR_MAKE_LEAD = f"""
    offered AS MATERIALIZED (
        SELECT key.kind, key.value, key.position
        FROM opened, unnest(CAST(:key_kinds AS text[]), CAST(:key_values AS text[]))
                     WITH ORDINALITY AS key (kind, value, position)
    ), stored AS MATERIALIZED (
        SELECT offered.kind, offered.value, offered.position, identity.lead_id
        FROM offered JOIN lead_identity AS identity
          ON identity.client_id = :client_id AND identity.kind = offered.kind AND identity.value = offered.value
        WHERE offered.kind <> 'PHONE' AND identity.kind <> 'PHONE'
        UNION ALL
        SELECT DISTINCT offered.kind, offered.value, offered.position, coalesce(lead.merged_into_id, lead.id)
        FROM offered JOIN lead_identity AS identity
          ON identity.client_id = :client_id AND identity.kind = 'PHONE' AND identity.value = offered.value
        JOIN lead ON lead.id = identity.lead_id
        WHERE offered.kind = 'PHONE'
    ), linked AS MATERIALIZED (
        SELECT kind, value, position, lead_id FROM stored
        UNION ALL
        SELECT offered.kind, offered.value, offered.position, coalesce(lead.merged_into_id, lead.id)
        FROM offered JOIN lead ON lead.client_id = :client_id AND lower(lead.email) = offered.value
        WHERE offered.kind = 'EMAIL' AND NOT EXISTS (SELECT 1 FROM stored WHERE stored.position = offered.position)
    ), chosen AS MATERIALIZED (
        SELECT lead_id FROM linked
        WHERE kind <> 'PHONE' OR (SELECT count(*) FROM linked AS same WHERE same.position = linked.position) = 1
        ORDER BY position LIMIT 1
    ), {_LOCKED_OR_MADE}, free AS MATERIALIZED (
        SELECT offered.kind, offered.value, offered.position, person.id AS lead_id, person.to_tell
        FROM person, offered
        WHERE NOT EXISTS (SELECT 1 FROM stored WHERE stored.position = offered.position
                          AND (stored.kind <> 'PHONE' OR stored.lead_id = person.id))
          AND NOT EXISTS (SELECT 1 FROM linked WHERE linked.position = offered.position
                          AND linked.kind <> 'PHONE' AND linked.lead_id <> person.id)
    ), first_email AS MATERIALIZED (
        SELECT lead_id, value FROM free WHERE kind = 'EMAIL' ORDER BY position LIMIT 1
    ), addressed AS (
        UPDATE lead SET email = first_email.value FROM first_email
        WHERE lead.id = first_email.lead_id AND lead.email IS NULL AND NOT EXISTS (
            SELECT 1 FROM lead AS other WHERE other.client_id = :client_id AND lower(other.email) = first_email.value)
        RETURNING 1
    ), added AS (
        INSERT INTO lead_identity (client_id, lead_id, kind, value)
        SELECT CAST(:client_id AS uuid), lead_id, kind, value FROM free, (SELECT count(*) FROM addressed) AS before
        ORDER BY kind, value
        ON CONFLICT DO NOTHING
        RETURNING 1
    ), lead_of_event AS (
        SELECT (SELECT id FROM person) AS lead_id,
               (SELECT count(*) FROM added) < (SELECT count(*) FROM free)
               OR ((EXISTS (SELECT 1 FROM chosen) OR (:create AND EXISTS (SELECT 1 FROM offered)))
                   AND NOT EXISTS (SELECT 1 FROM person)) AS contended,
               EXISTS (SELECT 1 FROM free WHERE to_tell) AS learnt_while_told,
               CASE WHEN (SELECT count(DISTINCT lead_id) FROM linked) > 1
                    THEN (SELECT jsonb_agg(jsonb_build_array(kind, value, lead_id)) FROM linked) END AS linked
    )
"""  # noqa: S608 (constants only)

# One key that is no number belongs to one lead at most, so there is nothing to choose, to count or to suggest; and a
# lead that is found by it has it, or has the address that it is.
_KIND, _VALUE = "(CAST(:key_kinds AS text[]))[1]", "(CAST(:key_values AS text[]))[1]"
FIND_BY_ONE_KEY = f"""
    stored AS MATERIALIZED (
        SELECT identity.lead_id FROM opened, lead_identity AS identity
        WHERE identity.client_id = :client_id AND identity.kind = {_KIND} AND identity.value = {_VALUE}
          AND identity.kind <> 'PHONE'
    ), chosen AS MATERIALIZED (
        SELECT lead_id FROM stored
        UNION ALL
        SELECT coalesce(lead.merged_into_id, lead.id) FROM opened, lead
        WHERE lead.client_id = :client_id AND lower(lead.email) = {_VALUE} AND {_KIND} = 'EMAIL'
          AND NOT EXISTS (SELECT 1 FROM stored)
    ), {_locked_or_made(email=f"CASE WHEN {_KIND} = 'EMAIL' THEN {_VALUE} END", is_offered=f"{_VALUE} IS NOT NULL")},
    added AS (
        INSERT INTO lead_identity (client_id, lead_id, kind, value)
        SELECT CAST(:client_id AS uuid), id, {_KIND}, {_VALUE} FROM person WHERE NOT EXISTS (SELECT 1 FROM stored)
        ON CONFLICT DO NOTHING
        RETURNING 1
    ), lead_of_event AS (
        SELECT person.id AS lead_id,
               CASE WHEN person.id IS NOT NULL THEN is_free AND NOT EXISTS (SELECT 1 FROM added)
                    ELSE EXISTS (SELECT 1 FROM chosen)
                         OR (:create AND {_VALUE} IS NOT NULL AND EXISTS (SELECT 1 FROM opened)) END AS contended,
               is_free AND coalesce(person.to_tell, false) AS learnt_while_told, CAST(NULL AS jsonb) AS linked
        FROM (SELECT NOT EXISTS (SELECT 1 FROM stored) AS is_free) AS key LEFT JOIN person ON true
    )
"""  # noqa: S608 (constants only)

LEAD_COLUMNS = "lead_of_event.lead_id, lead_of_event.contended, lead_of_event.learnt_while_told, lead_of_event.linked"


@dataclass(frozen=True, slots=True)
class FoundLead:
    """The lead that an event is about, locked for this transaction.

    ``id`` of None: nobody is known by the person's keys, and nobody was to be made. ``contended``: another session got
    in the way, and the transaction has to start over. ``learnt_while_told``: the providers do not know yet that
    nobody, or no sequence, may write to the new address. ``match`` names the leads that may be the same person.
    """

    id: LeadId | None
    contended: bool = False
    learnt_while_told: bool = False
    match: Match = field(default_factory=lambda: Match(None))


def person_parameters(person: Person | None, *, create: bool) -> dict[str, Any]:
    """Returns the parameters of FIND_OR_MAKE_LEAD but for the client; ``create``: an unknown person becomes a lead.

    The person's addresses have to be canonical (shared.domain.identity).
    """
    keys = () if person is None else strongest_first(person.addresses)
    return {
        "lead_id": uuid7(),
        "key_kinds": [key.kind.value for key in keys],
        "key_values": [key.value for key in keys],
        "create": create,
        "first_name": None if person is None else person.first_name,
        "last_name": None if person is None else person.last_name,
        "company": None if person is None else person.company,
    }


def found_lead(row: Row[Any]) -> FoundLead:
    """Reads a row with LEAD_COLUMNS."""
    linked: dict[Address, list[LeadId]] = {}
    for kind, value, lead_id in row.linked or ():
        linked.setdefault(Address(IdentityKind(kind), value), []).append(LeadId(UUID(lead_id)))
    match = match_lead(linked) if linked else Match(row.lead_id)
    return FoundLead(row.lead_id, row.contended, row.learnt_while_told, match)


def find_or_make_sql(person: Person | None) -> str:
    """Returns what finds this person: FIND_BY_ONE_KEY, or FIND_OR_MAKE_LEAD where it takes more."""
    keys = set() if person is None else set(person.addresses)
    is_one = len(keys) <= 1 and all(key.kind is not IdentityKind.PHONE for key in keys)
    return FIND_BY_ONE_KEY if is_one else FIND_OR_MAKE_LEAD


_FIND = {
    find: text(
        f"""
        WITH opened AS MATERIALIZED (
            SELECT CAST(:client_id AS uuid) AS client_id
        ), {find}
        SELECT {LEAD_COLUMNS} FROM lead_of_event
        """  # noqa: S608 (constants only)
    )
    for find in (FIND_BY_ONE_KEY, FIND_OR_MAKE_LEAD)
}


def find_or_make_lead(connection: Connection, client_id: ClientId, person: Person, *, create: bool) -> FoundLead:
    """Finds the person's lead, or makes it, and locks it for this transaction; free keys are added to it."""
    values = {"client_id": client_id, **person_parameters(person, create=create)}
    return found_lead(connection.execute(_FIND[find_or_make_sql(person)], values).one())


# --- The whole person --------------------------------------------------------------------------------------------


def person_of(connection: Connection, lead_id: LeadId) -> Person:
    """Returns a lead's person with every key that is known of them, whichever of the merged leads learnt it."""
    statement = text(f"SELECT {keys_of('CAST(:lead_id AS uuid)')}")
    return person_with(connection.execute(statement, {"lead_id": lead_id}).scalar_one())


def person_with(keys: Iterable[tuple[str, str]] | None, *, email: str | None = None) -> Person:
    """Reads ``keys_of``, behind an ``email`` that comes first; a kind that only a newer release knows is left out."""
    first = () if email is None else (Address(IdentityKind.EMAIL, email),)
    known = (Address(IdentityKind(kind), value) for kind, value in keys or () if kind in IdentityKind)
    return Person(tuple(dict.fromkeys((*first, *known))))
