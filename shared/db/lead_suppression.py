"""Queries about a lead's suppression as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

from shared.domain.vocabulary import ClientId, LeadId, SuppressionReason


@dataclass(frozen=True, slots=True)
class SuppressionState:
    client_id: ClientId
    email: str
    reason: SuppressionReason | None  # None: the lead is not suppressed


def load_suppression(engine: Engine, lead_id: LeadId) -> SuppressionState | None:
    """The lead's address and whether it is suppressed; None when there is no such lead."""
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT client_id, email, suppression_reason FROM lead WHERE id = :lead_id"), {"lead_id": lead_id}
        ).one_or_none()
    if row is None:
        return None
    reason = None if row.suppression_reason is None else SuppressionReason(row.suppression_reason)
    return SuppressionState(client_id=row.client_id, email=row.email, reason=reason)
