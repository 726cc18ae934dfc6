"""A person lifts a suppression that was a mistake."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from shared.db.job_states import read_job_state
from shared.db.jobs import dedupe_key
from shared.db.lead_suppression import LiftedSuppression, dismiss_objections, lift_suppression
from shared.db.locks import lock_lead
from shared.db.outbox import assert_job, next_publishable
from shared.db.transactions import autocommit
from shared.domain.consent import objection_behind
from shared.domain.vocabulary import ClientId, JobType, LeadId
from shared.jobs.publish import Publisher
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal


@dataclass(frozen=True, slots=True)
class Unsuppressed:
    """``provider_is_told``: the job that takes the lead off the block list is in its queue."""

    lifted: LiftedSuppression
    provider_is_told: bool


def unsuppress_lead(engine: Engine, publisher: Publisher, client_id: ClientId, lead_id: LeadId) -> Unsuppressed:
    """Lifts a suppression: the status from before at once, what the provider was told of it by a job.

    The message that caused it never suppresses this lead again, nor does the provider's objection that it was about;
    another one does. Superseded drafts and cancelled follow-ups stay as they are. Raises InterventionRefusedError when
    the lead is not suppressed, or when the provider is being told of the suppression at this moment: that run has read
    the lead's state already.
    """
    with engine.begin() as connection:
        head_id = lock_lead(connection, lead_id)
        if head_id is None:
            raise InterventionRefusedError(Refusal.UNKNOWN_LEAD, f"there is no lead {lead_id}")
        lead_id, key = head_id, dedupe_key(client_id, head_id, JobType.SYNC_PERSON)
        lifted = lift_suppression(connection, lead_id)
        if lifted is None:
            raise InterventionRefusedError(Refusal.NOT_SUPPRESSED, "the lead is not suppressed")
        objection = objection_behind(lifted.reason, lifted.rule)
        if objection is not None:
            dismiss_objections(connection, lead_id, objection)
        job = assert_job(connection, JobType.SYNC_PERSON, client_id, lead_id, subject_id=lead_id)
        if job is None:
            state = read_job_state(connection, key)
            if state is None or not state.will_run:
                raise InterventionRefusedError(
                    Refusal.PROVIDER_BEING_TOLD,
                    "the provider is being told of the suppression right now: try again in a minute",
                )
    with autocommit(engine) as connection:
        due = next_publishable(connection, client_id)
    publisher.publish(engine, due)
    with autocommit(engine) as connection:
        state = read_job_state(connection, key)
    return Unsuppressed(lifted, provider_is_told=state is not None and state.published)
