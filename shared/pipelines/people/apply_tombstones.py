"""After a restore: whoever was erased since the restored moment is there again, and is erased again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from shared.db.tombstones import Tombstone, bury, known_addresses
from shared.domain.address_hash import HashAddress
from shared.domain.vocabulary import LeadId
from shared.jobs.publish import Publisher
from shared.pipelines.people.erase_lead import Erased, EraseRefusal, EraseRefusedError, erase_lead


@dataclass(frozen=True, slots=True)
class Applied:
    """The result: who was erased again, and who could not be yet."""

    tombstones: int  # of clients that there are
    erased: tuple[Erased, ...]
    refused: tuple[tuple[LeadId, EraseRefusal], ...]


def apply_tombstones(
    engine: Engine, publisher: Publisher, stones: Sequence[Tombstone], hash_address: HashAddress
) -> Applied:
    """Takes tombstones in that were kept outside the database, and erases the leads that they are about.

    A lead that has come after its tombstone is a newer message of the person and stays. Doing it again is harmless. The
    providers were told before the first erasure; nobody waits for them.
    """
    erased_at = {(stone.client_id, stone.address_hash): stone.erased_at for stone in stones}
    due: dict[LeadId, datetime] = {}
    with engine.begin() as connection:
        taken = bury(connection, stones)
        for known in known_addresses(connection, {stone.client_id for stone in stones}):
            at = erased_at.get((known.client_id, hash_address(known.client_id, known.address)))
            if at is not None and known.since <= at:
                due[known.head_id] = max(at, due.get(known.head_id, at))
    erased: list[Erased] = []
    refused: list[tuple[LeadId, EraseRefusal]] = []
    for lead_id, at in due.items():
        try:
            erased.append(erase_lead(engine, publisher, lead_id, hash_address, now=at, even_if_untold=True))
        except EraseRefusedError as error:
            refused.append((lead_id, error.refusal))
    return Applied(taken, tuple(erased), tuple(refused))
