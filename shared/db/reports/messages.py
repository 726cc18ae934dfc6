"""Listings of messages, in and out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.lead_group import group_of


@dataclass(frozen=True, slots=True)
class MessageReport:
    id: UUID
    direction: str
    subject: str
    clean_text: str | None
    from_email: str | None
    mailbox: str | None
    provider_message_id: str | None
    is_auto_reply: bool
    sentiment: str | None
    sentiment_source: str | None
    sentiment_reason: str | None
    draft_id: UUID | None
    effective_at: datetime


_MESSAGES = """
    SELECT id, direction, subject, coalesce(clean_text, body_text) AS clean_text, from_email, mailbox,
           provider_message_id, is_auto_reply, sentiment, sentiment_source, sentiment_reason, draft_id, effective_at
    FROM message
"""


def get_message(connection: Connection, message_id: UUID) -> MessageReport | None:
    row = connection.execute(text(f"{_MESSAGES} WHERE id = :id"), {"id": message_id}).one_or_none()
    return None if row is None else MessageReport(**row._mapping)


def list_messages_of_lead(connection: Connection, lead_id: UUID, *, limit: int = 50) -> list[MessageReport]:
    """Lists the lead's newest messages, the newest first."""
    rows = connection.execute(
        text(f"{_MESSAGES} WHERE lead_id IN {group_of(':lead_id')} ORDER BY effective_at DESC, id DESC LIMIT :limit"),
        {"lead_id": lead_id, "limit": limit},
    )
    return [MessageReport(**row._mapping) for row in rows]
