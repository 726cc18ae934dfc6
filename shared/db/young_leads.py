"""Queries about a lead that nothing is known of but a provider's id: may it be absorbed, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, text

from shared.domain.events import Address
from shared.domain.vocabulary import ClientId, IdentityKind, LeadId, known

_ERASED = text(
    "SELECT EXISTS (SELECT 1 FROM tombstone WHERE client_id = :client_id"
    " AND address_hash = ANY(CAST(:hashes AS bytea[])))"
)


def is_of_erased_person(connection: Connection, client_id: ClientId, hashes: Collection[bytes]) -> bool:
    """Says whether an address with one of these keyed hashes was an erased person's."""
    return bool(connection.execute(_ERASED, {"client_id": client_id, "hashes": list(hashes)}).scalar_one())


@dataclass(frozen=True, slots=True)
class LeadTraces:
    """The traces that a lead has left. ``has_past``: a draft, a send, or a lead that was merged into it.

    ``parted_from``: leads that a person has said are somebody else.
    """

    keys: tuple[Address, ...]
    has_past: bool
    parted_from: frozenset[LeadId]


_TRACES = text(
    """
    SELECT (SELECT coalesce(jsonb_agg(jsonb_build_array(kind, value) ORDER BY kind, value), '[]')
            FROM lead_identity WHERE lead_id = :lead_id) AS own_keys,
           EXISTS (SELECT 1 FROM draft WHERE lead_id = :lead_id)
           OR EXISTS (SELECT 1 FROM outbound_send WHERE lead_id = :lead_id)
           OR EXISTS (SELECT 1 FROM lead WHERE merged_into_id = :lead_id) AS has_past,
           ARRAY(SELECT CASE WHEN lead_id = :lead_id THEN other_lead_id ELSE lead_id END FROM merge_suggestion
                 WHERE :lead_id IN (lead_id, other_lead_id) AND decision = 'DISMISSED') AS parted_from
    """
)


def read_traces(connection: Connection, lead_id: LeadId) -> LeadTraces:
    """Reads the traces that a lead has left. Raises UnknownValueError for a key of a newer release."""
    row = connection.execute(_TRACES, {"lead_id": lead_id}).one()
    keys = tuple(Address(known(IdentityKind, kind), value) for kind, value in row.own_keys)
    return LeadTraces(keys, row.has_past, frozenset(row.parted_from))


# The address of a lead that the release before has made is no key yet.
_HEADS = text(
    """
    WITH key AS (
        SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:values AS text[])) AS key (kind, value)
    )
    SELECT coalesce(lead.merged_into_id, lead.id) AS id
    FROM key JOIN lead_identity AS identity
      ON identity.client_id = :client_id AND identity.kind = key.kind AND identity.value = key.value
    JOIN lead ON lead.id = identity.lead_id
    UNION
    SELECT coalesce(lead.merged_into_id, lead.id)
    FROM key JOIN lead ON lead.client_id = :client_id AND lower(lead.email) = key.value
    WHERE key.kind = 'EMAIL'
    """
)


def leads_of_keys(connection: Connection, client_id: ClientId, keys: Collection[Address]) -> frozenset[LeadId]:
    """Finds the leads that any of these keys belongs to, without a lock: whoever locks them looks again."""
    values = {
        "client_id": client_id,
        "kinds": [key.kind.value for key in keys],
        "values": [key.value for key in keys],
    }
    return frozenset(connection.execute(_HEADS, values).scalars())
