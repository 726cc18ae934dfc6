"""Locks that more than one aggregate relies on."""

from __future__ import annotations

from sqlalchemy import Connection, text

from shared.db.lead_group import head_of
from shared.domain.vocabulary import LeadId

MERGES_MEANWHILE = 3


# Once more when the lead was merged while this statement waited for its lock.
_LOCK_LEAD = text(
    f"""
    SELECT id FROM lead WHERE id = {head_of(":lead_id")} AND merged_into_id IS NULL AND erased_at IS NULL
    FOR NO KEY UPDATE
    """  # noqa: S608 (a constant)
)


def lock_lead(connection: Connection, lead_id: LeadId) -> LeadId | None:
    """Locks a lead's head for this transaction and returns it; None when there is none, or it was erased."""
    for _ in range(MERGES_MEANWHILE):
        found: LeadId | None = connection.execute(_LOCK_LEAD, {"lead_id": lead_id}).scalar_one_or_none()
        if found is not None:
            return found
    return None


def try_lock_key_rotation(connection: Connection) -> bool:
    """Says whether this session may now exchange the signing keys: it alone, as long as its connection lives."""
    statement = text("SELECT pg_try_advisory_lock(hashtextextended('reply-pipeline key rotation', 0))")
    return bool(connection.execute(statement).scalar_one())
