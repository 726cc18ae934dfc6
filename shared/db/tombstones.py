"""Queries of tombstone: the keyed hashes of erased people's addresses, and who is there again after a restore."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from shared.domain.events import Address
from shared.domain.vocabulary import ClientId, IdentityKind, LeadId


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An address of an erased person, which nobody can read from it."""

    client_id: ClientId
    address_hash: bytes
    kind: str
    erased_at: datetime


# The later erasure counts: what the person wrote between the two is gone as well.
_BURY = text(
    """
    INSERT INTO tombstone AS stone (client_id, address_hash, kind, erased_at)
    SELECT own.client_id, own.hash, own.kind, own.erased_at
    FROM unnest(CAST(:clients AS uuid[]), CAST(:hashes AS bytea[]), CAST(:kinds AS text[]),
                CAST(:times AS timestamptz[])) AS own (client_id, hash, kind, erased_at)
    JOIN client ON client.id = own.client_id
    ORDER BY own.client_id, own.hash
    ON CONFLICT (client_id, address_hash) DO UPDATE SET erased_at = greatest(stone.erased_at, excluded.erased_at)
    """
)


def bury(connection: Connection, stones: Iterable[Tombstone]) -> int:
    """Keeps tombstones, each address once, of clients that there are; returns how many."""
    stones = list(stones)
    values = {
        "clients": [stone.client_id for stone in stones],
        "hashes": [stone.address_hash for stone in stones],
        "kinds": [stone.kind for stone in stones],
        "times": [stone.erased_at for stone in stones],
    }
    return connection.execute(_BURY, values).rowcount


def list_tombstones(connection: Connection) -> Sequence[Tombstone]:
    """Lists the tombstones of every client, the oldest first."""
    statement = text("SELECT client_id, address_hash, kind, erased_at FROM tombstone ORDER BY erased_at, address_hash")
    return [
        Tombstone(row.client_id, bytes(row.address_hash), row.kind, row.erased_at)
        for row in connection.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address of a lead that was not erased; ``since`` when it is a lead."""

    client_id: ClientId
    head_id: LeadId
    address: Address
    since: datetime


_KNOWN = text(
    f"""
    SELECT lead.client_id, coalesce(lead.merged_into_id, lead.id) AS head_id, key.kind, key.value, lead.created_at
    FROM lead CROSS JOIN LATERAL (
        SELECT kind, value FROM lead_identity WHERE lead_identity.lead_id = lead.id
        UNION
        SELECT '{IdentityKind.EMAIL}', lower(lead.email) WHERE lead.email IS NOT NULL
    ) AS key
    WHERE lead.client_id = ANY(:client_ids) AND lead.erased_at IS NULL
    """  # noqa: S608 (constants only)
)


def known_addresses(connection: Connection, client_ids: Collection[ClientId]) -> Iterable[KnownAddress]:
    """Reads every address that leads of these clients are known by."""
    for row in connection.execute(_KNOWN, {"client_ids": list(client_ids)}):
        yield KnownAddress(row.client_id, row.head_id, Address(IdentityKind(row.kind), row.value), row.created_at)
