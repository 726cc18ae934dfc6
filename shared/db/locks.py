"""Locks that more than one aggregate relies on."""

from __future__ import annotations

from sqlalchemy import Connection, text

from shared.domain.vocabulary import LeadId


def lock_lead(connection: Connection, lead_id: LeadId) -> bool:
    """Locks a lead for this transaction on behalf of a person; False when there is no such lead."""
    statement = text("SELECT 1 FROM lead WHERE id = :lead_id FOR NO KEY UPDATE")
    return connection.execute(statement, {"lead_id": lead_id}).one_or_none() is not None


def try_lock_key_rotation(connection: Connection) -> bool:
    """Says whether this session may now exchange the signing keys: it alone, as long as its connection lives."""
    statement = text("SELECT pg_try_advisory_lock(hashtextextended('reply-pipeline key rotation', 0))")
    return bool(connection.execute(statement).scalar_one())
