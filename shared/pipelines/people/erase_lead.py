"""A person asks to be forgotten: everything that we keep about them goes, and comes back by no replay or restore.

Two steps. First the lead is suppressed and each provider account is told, which takes the address. Once that is done,
everything goes in one transaction under the lead's lock. From then on ``erased_at`` is a fence for whatever still has
the lead in hand, and tombstones (keyed hashes of the addresses) recognise the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from shared.db.erasures import (
    is_suppressed,
    read_addresses,
    read_group,
    scrub,
    untold_accounts,
)
from shared.db.job_changes import lock_waiting_jobs
from shared.db.jobs import Job
from shared.db.lead_merges import LockedLead, has_unsettled_send, lock_leads
from shared.db.outages import is_deadlock
from shared.db.outbox import next_publishable
from shared.db.person_jobs import assert_person_jobs
from shared.db.tombstones import Tombstone, bury
from shared.db.transactions import autocommit
from shared.domain.address_hash import HashAddress
from shared.domain.vocabulary import PERSON_ERASED, ClientId, LeadId, SuppressionReason
from shared.jobs.publish import Publisher
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead

MERGES_MEANWHILE = 3


class EraseRefusal(StrEnum):
    """A reason not to erase a lead now."""

    UNKNOWN_LEAD = "unknown_lead"
    ERASED = "erased"
    JOB_RUNNING = "job_running"
    SEND_UNSETTLED = "send_unsettled"
    PROVIDER_UNTOLD = "provider_untold"


class EraseRefusedError(Exception):
    """Nothing was erased; with PROVIDER_UNTOLD the lead is suppressed, and its jobs are on their way."""

    def __init__(self, refusal: EraseRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class _MergedMeanwhileError(Exception):
    """The leads that are one person are others than those that were locked."""


@dataclass(frozen=True, slots=True)
class Erased:
    """The receipt of an erasure: which leads, and how many rows by table. It names nobody."""

    client_id: ClientId
    lead_ids: tuple[LeadId, ...]  # the head first, then what had been merged into it
    erased_at: datetime
    rows: Mapping[str, int]
    tombstones: int


def erase_lead(
    engine: Engine,
    publisher: Publisher,
    lead_id: LeadId,
    hash_address: HashAddress,
    *,
    now: datetime,
    even_if_untold: bool = False,
) -> Erased:
    """Erases a person, with every lead that was merged into theirs.

    The lead is suppressed before anything else, and its provider accounts are told by their jobs: until they are the
    erasure is refused, since they cannot be told any more afterwards. ``even_if_untold`` is for accounts that will not
    be there again. Refused as well while a worker or the provider has something of the person in hand: a response that
    may be on its way must find the rows that it settles. Raises EraseRefusedError.
    """
    client_id, jobs = _in_one_go(engine, lambda connection: _suppress(connection, lead_id))
    publisher.publish(engine, jobs)
    erased = _in_one_go(
        engine, lambda connection: _erase(connection, lead_id, hash_address, now=now, even_if_untold=even_if_untold)
    )
    with autocommit(engine) as connection:
        due = next_publishable(connection, client_id)
    publisher.publish(engine, due)  # in the places that the ended jobs have left
    return erased


def _in_one_go[T](engine: Engine, work: Callable[[Connection], T]) -> T:
    for _ in range(MERGES_MEANWHILE):
        try:
            with engine.begin() as connection:
                return work(connection)
        except _MergedMeanwhileError:
            continue
        except DBAPIError as error:
            if not is_deadlock(error):  # a merge is undone meanwhile, which locks the same leads in its own order
                raise
    raise EraseRefusedError(EraseRefusal.JOB_RUNNING)


def _locked_group(connection: Connection, lead_id: LeadId) -> list[LockedLead]:
    """Locks every lead of the person, and returns them, the head first.

    The head's lock comes first, as for a worker that writes to a lead which was merged into it.
    """
    group = read_group(connection, lead_id)
    lock_leads(connection, group[:1])
    locked = lock_leads(connection, group)
    if read_group(connection, lead_id) != group:
        raise _MergedMeanwhileError
    if not group:
        raise EraseRefusedError(EraseRefusal.UNKNOWN_LEAD)
    if locked[group[0]].erased:
        raise EraseRefusedError(EraseRefusal.ERASED)
    return [locked[one] for one in group]


def _suppress(connection: Connection, lead_id: LeadId) -> tuple[ClientId, tuple[Job, ...]]:
    """Suppresses the lead, and makes sure that each account has a job that tells it so."""
    head = _locked_group(connection, lead_id)[0]
    if not is_suppressed(connection, head.id):
        evidence = SuppressionEvidence(SuppressionReason.ERASED, PERSON_ERASED)
        return head.client_id, suppress_lead(connection, head.client_id, head.id, evidence)
    untold = untold_accounts(connection, head.client_id, head.id)
    if untold.jobs == untold.accounts:
        return head.client_id, ()
    made = assert_person_jobs(connection, head.client_id, head.id)
    return head.client_id, tuple(one.job for one in made if one.within_share)


def _erase(
    connection: Connection, lead_id: LeadId, hash_address: HashAddress, *, now: datetime, even_if_untold: bool
) -> Erased:
    group = _locked_group(connection, lead_id)
    client_id, lead_ids = group[0].client_id, [lead.id for lead in group]
    if has_unsettled_send(connection, lead_ids):
        raise EraseRefusedError(EraseRefusal.SEND_UNSETTLED)
    if not even_if_untold and untold_accounts(connection, client_id, lead_ids[0]).accounts:
        raise EraseRefusedError(EraseRefusal.PROVIDER_UNTOLD)
    if not lock_waiting_jobs(connection, lead_ids):
        raise EraseRefusedError(EraseRefusal.JOB_RUNNING)
    own = read_addresses(connection, lead_ids)
    hashes = {one.address: hash_address(client_id, one.address) for one in own}
    rows = scrub(connection, client_id, lead_ids, hashes, erased_at=now)
    stones = [Tombstone(client_id, hashes[one.address], one.address.kind, now) for one in own if not one.is_shared]
    bury(connection, stones)
    return Erased(client_id, tuple(lead_ids), now, rows, len(stones))
