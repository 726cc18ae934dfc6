"""A person decides about an opt-out: suppresses a lead, or lets a held one go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from shared.db.lead_holds import EndedHold, release_hold_by_person
from shared.db.locks import lock_lead
from shared.db.suppression_reviews import decide_reviews
from shared.domain.actor import Actor
from shared.domain.vocabulary import ClientId, LeadId, ReviewDecision, SuppressionReason
from shared.jobs.publish import Publisher
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead

RULE = "person"


def suppress_by_person(
    engine: Engine, publisher: Publisher, client_id: ClientId, lead_id: LeadId, *, by: Actor, words: str = ""
) -> int:
    """Suppresses a lead at a person's word, or confirms a suppression; returns how many questions that has answered.

    ``words``: the reason, as the person puts it. The provider accounts are told by jobs. Raises
    InterventionRefusedError for a lead that is not there.
    """
    with _locked(engine, lead_id) as (connection, head_id):
        # First: the suppression itself would call the questions obsolete.
        answered = decide_reviews(connection, head_id, ReviewDecision.SUPPRESSED, by)
        evidence = SuppressionEvidence(SuppressionReason.PERSON, RULE, words)
        jobs = suppress_lead(connection, client_id, head_id, evidence)
    publisher.publish(engine, jobs)
    return answered


def release_lead(engine: Engine, lead_id: LeadId, *, by: Actor) -> EndedHold:
    """Ends a hold at a person's word: the messages behind it never hold or suppress the lead again.

    Drafts that waited because of it wait for their own decision. Raises InterventionRefusedError.
    """
    with _locked(engine, lead_id) as (connection, head_id):
        ended = release_hold_by_person(connection, head_id)
        if ended is None:
            raise InterventionRefusedError(Refusal.NOT_HELD, "the lead is not held")
        decide_reviews(connection, head_id, ReviewDecision.RELEASED, by)
    return ended


@contextmanager
def _locked(engine: Engine, lead_id: LeadId) -> Iterator[tuple[Connection, LeadId]]:
    with engine.begin() as connection:
        head_id = lock_lead(connection, lead_id)
        if head_id is None:
            raise InterventionRefusedError(Refusal.UNKNOWN_LEAD, f"there is no lead {lead_id}")
        yield connection, head_id
