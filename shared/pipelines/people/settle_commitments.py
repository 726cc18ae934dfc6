"""A person says of a promise that it was kept, or that it need not be."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine

from shared.db.commitments import CommitmentStatus, find_lead_of_commitment, settle_by_person
from shared.db.locks import lock_lead
from shared.domain.actor import Actor
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal


def settle_commitment(engine: Engine, commitment_id: UUID, status: CommitmentStatus, *, by: Actor) -> None:
    """Makes an open commitment KEPT or DROPPED. Raises InterventionRefusedError."""
    with engine.begin() as connection:
        lead_id = find_lead_of_commitment(connection, commitment_id)
        if lead_id is None or lock_lead(connection, lead_id) is None:
            raise InterventionRefusedError(Refusal.UNKNOWN_COMMITMENT, f"there is no commitment {commitment_id}")
        if not settle_by_person(connection, commitment_id, status, by):
            raise InterventionRefusedError(Refusal.COMMITMENT_SETTLED, "it is not open any more, or not sent yet")
