"""A person lifts a suppression that was a mistake."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from shared.db.lead_suppression import LiftedSuppression, dismiss_objections, lift_suppression
from shared.db.locks import lock_lead
from shared.db.outbox import next_publishable
from shared.db.person_jobs import assert_person_jobs, read_person_jobs
from shared.db.suppression_reviews import decide_reviews
from shared.db.transactions import autocommit
from shared.domain.actor import Actor
from shared.domain.consent import objection_behind
from shared.domain.vocabulary import ClientId, LeadId, ReviewDecision
from shared.jobs.publish import Publisher
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal


@dataclass(frozen=True, slots=True)
class Unsuppressed:
    """``provider_is_told``: the jobs that take the lead off the block lists are in their queue."""

    lifted: LiftedSuppression
    provider_is_told: bool


def unsuppress_lead(
    engine: Engine, publisher: Publisher, client_id: ClientId, lead_id: LeadId, *, by: Actor
) -> Unsuppressed:
    """Lifts a suppression: the status from before at once, what the provider accounts were told of it by jobs.

    The message that caused it never suppresses this lead again, nor does the provider's objection that it was about;
    another one does. Superseded drafts and cancelled follow-ups stay as they are. Raises InterventionRefusedError when
    the lead is not suppressed, or when an account is being told of the suppression at this moment: that run has read
    the lead's state already.
    """
    with engine.begin() as connection:
        head_id = lock_lead(connection, lead_id)
        if head_id is None:
            raise InterventionRefusedError(Refusal.UNKNOWN_LEAD, f"there is no lead {lead_id}")
        lead_id = head_id
        lifted = lift_suppression(connection, lead_id)
        if lifted is None:
            raise InterventionRefusedError(Refusal.NOT_SUPPRESSED, "the lead is not suppressed")
        decide_reviews(connection, lead_id, ReviewDecision.RELEASED, by)
        objection = objection_behind(lifted.reason, lifted.rule)
        if objection is not None:
            dismiss_objections(connection, lead_id, objection)
        assert_person_jobs(connection, client_id, lead_id)
        if not all(state.will_run for state in read_person_jobs(connection, client_id, lead_id)):
            raise InterventionRefusedError(
                Refusal.PROVIDER_BEING_TOLD,
                "the provider is being told of the suppression right now: try again in a minute",
            )
    with autocommit(engine) as connection:
        due = next_publishable(connection, client_id)
    publisher.publish(engine, due)
    with autocommit(engine) as connection:
        states = read_person_jobs(connection, client_id, lead_id)
    return Unsuppressed(lifted, provider_is_told=all(state.published for state in states))
