"""Queries about a lead's suppression as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from shared.db.background_jobs import ClaimedJob, hold_lead
from shared.domain.vocabulary import ClientId, LeadId


@dataclass(frozen=True, slots=True)
class SuppressionState:
    client_id: ClientId
    email: str
    reason: str | None  # as it is stored: whatever it is, nothing may be sent. None: the lead is not suppressed
    block_list_entry_is_ours: bool  # the entry on the provider's block list was made by us


def load_suppression(engine: Engine, lead_id: LeadId) -> SuppressionState | None:
    """The lead's address and whether it is suppressed; None when there is no such lead."""
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT client_id, email, suppression_reason, block_listed_at FROM lead WHERE id = :lead_id"),
            {"lead_id": lead_id},
        ).one_or_none()
    if row is None:
        return None
    return SuppressionState(
        client_id=row.client_id,
        email=row.email,
        reason=row.suppression_reason,
        block_list_entry_is_ours=row.block_listed_at is not None,
    )


def note_block_list_entry(engine: Engine, job: ClaimedJob, *, ours: bool) -> None:
    """Remembers whether the entry of the job's lead on the provider's block list is ours. Raises LeaseLost."""
    with engine.begin() as connection:
        hold_lead(connection, job)
        connection.execute(
            text("UPDATE lead SET block_listed_at = CASE WHEN :ours THEN now() END WHERE id = :lead_id"),
            {"lead_id": job.lead_id, "ours": ours},
        )
