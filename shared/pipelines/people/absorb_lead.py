"""A young lead becomes part of the lead that a provider vouches for, or a person decides.

A lead is young as long as nothing is known of it but ids that providers have given it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.job_steps import insert_steps
from shared.db.lead_identity import FoundLead, find_or_make_lead
from shared.db.lead_merges import lock_leads
from shared.db.merge_suggestions import suggest_merges
from shared.db.outages import is_race
from shared.db.young_leads import LeadTraces, is_of_erased_person, leads_of_keys, read_traces
from shared.domain.actor import Actor
from shared.domain.events import Address, Person
from shared.domain.identity import is_young
from shared.domain.vocabulary import PERSON_ERASED, ActorKind, LeadId, SuppressionReason
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.people.merge_leads import MergeRefusedError, merge_locked, publish_next
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead, tell_providers_again

BY_RULE = Actor(ActorKind.RULE, "verified_key")
ATTEMPTS = 3


class Learnt(StrEnum):
    """The effect of a look-up."""

    NOTHING = "nothing"
    KEYS = "keys"  # the lead has further keys, or a suggestion waits for a person
    ABSORBED = "absorbed"  # the lead is part of another one, and so is the job


class _StartOver(Exception):  # noqa: N818 (a signal, not an error)
    """Another session has changed whose a key is, between the look and the locks."""


def learn_identity(
    dependencies: Dependencies, job: ClaimedJob, *, own: tuple[Address, ...], verified: tuple[Address, ...]
) -> Learnt:
    """Gives the job's young lead its verified keys, has it absorbed where they say so, and keeps the checkpoint.

    One transaction, under the locks of all leads that the keys point to. Where other sessions keep getting in the way,
    nothing is learnt. A person who was erased is recognised by the keys, and suppressed. Raises LeaseLost.
    """
    engine, hash_address = dependencies.engine, dependencies.hash_address
    hashes = [hash_address(job.client_id, key) for key in verified]
    for _ in range(ATTEMPTS):
        try:
            with engine.begin() as connection:
                learnt = _learn(connection, job, own, verified, hashes)
            break
        except _StartOver:
            continue
        except DBAPIError as error:
            if not is_race(error):
                raise
    else:
        return note_looked_up(engine, job)
    if learnt is not Learnt.NOTHING:
        publish_next(engine, dependencies.publisher, job.client_id)
    return learnt


def note_looked_up(engine: Engine, job: ClaimedJob) -> Learnt:
    """Keeps that the look-up was made and has led to nothing. Raises LeaseLost."""
    with engine.begin() as connection:
        hold_lead(connection, job)
        return _noted(connection, job, Learnt.NOTHING)


def _learn(
    connection: Connection,
    job: ClaimedJob,
    own: tuple[Address, ...],
    verified: tuple[Address, ...],
    hashes: Sequence[bytes],
) -> Learnt:
    # In the order of their ids before anything else is locked, as every merge does it.
    leads = lock_leads(connection, {job.lead_id, *leads_of_keys(connection, job.client_id, verified)})
    hold_lead(connection, job)
    traces = read_traces(connection, job.lead_id)
    found = find_or_make_lead(connection, job.client_id, Person((*own, *verified)), create=False)
    others = _others(found, job.lead_id)
    if found.contended or not others <= leads.keys():
        raise _StartOver
    if (winner := _absorbing(traces, others)) is not None:
        try:
            merge_locked(connection, leads, winner=winner, loser=job.lead_id, by=BY_RULE, held=job)
        except MergeRefusedError:
            pass  # something of the other is in hand, or it is erased: a person decides
        else:
            _suppress_erased(connection, job, winner, hashes)
            return _noted(connection, job, Learnt.ABSORBED)
    suggest_merges(connection, job.client_id, found.match)
    if found.id is not None and found.learnt_while_told:
        tell_providers_again(connection, job.client_id, found.id, trace_id=job.trace_id)
    _suppress_erased(connection, job, job.lead_id, hashes)
    return _noted(connection, job, Learnt.KEYS)


def _suppress_erased(connection: Connection, job: ClaimedJob, lead_id: LeadId, hashes: Sequence[bytes]) -> None:
    """Suppresses a person who was erased and has written again, as intake does where it knows the address."""
    if is_of_erased_person(connection, job.client_id, hashes):
        evidence = SuppressionEvidence(SuppressionReason.ERASED, PERSON_ERASED, message_id=job.message_id)
        suppress_lead(connection, job.client_id, lead_id, evidence, trace_id=job.trace_id)


def _others(found: FoundLead, lead_id: LeadId) -> frozenset[LeadId]:
    """Returns the leads that the keys point to besides the job's own."""
    pointed_to = {found.match.lead_id, *(other.lead_id for other in found.match.others)}
    return frozenset(lead for lead in pointed_to if lead not in (None, lead_id))


def _absorbing(traces: LeadTraces, others: frozenset[LeadId]) -> LeadId | None:
    """Returns the one lead that may absorb the young one; None where a person has to decide, or nothing is to do."""
    if len(others) != 1 or traces.has_past or not is_young(traces.keys) or others & traces.parted_from:
        return None
    return next(iter(others))


def _noted(connection: Connection, job: ClaimedJob, learnt: Learnt) -> Learnt:
    insert_steps(connection, job, {"identify": {"learnt": learnt}})
    return learnt
