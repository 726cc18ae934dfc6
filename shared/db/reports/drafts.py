"""Listings of drafts, with what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.lead_group import group_of
from shared.domain.vocabulary import (
    DraftStatus,
)


@dataclass(frozen=True, slots=True)
class DraftReport:
    id: UUID
    client_id: UUID
    lead_id: UUID
    lead_email: str
    campaign_name: str | None
    trigger_message_id: UUID
    tag: str | None
    status: str
    subject: str
    body: str
    model_body: str | None
    action: str | None
    rule: str | None
    confidence: float | None
    threshold: float | None
    reason: str | None
    model: str | None
    decided_by: str | None
    decided_at: datetime | None
    send_status: str | None
    send_attempts: int | None
    send_error: str | None
    sent_at: datetime | None
    provider_message_id: str | None
    created_at: datetime
    updated_at: datetime


_DRAFTS = """
    SELECT draft.id, draft.client_id, draft.lead_id, lead.email AS lead_email, campaign.name AS campaign_name,
           draft.trigger_message_id, message.sentiment AS tag, draft.status, draft.subject, draft.body,
           draft.model_body, draft.action, draft.rule, draft.confidence, draft.threshold, draft.reason, draft.model,
           draft.decided_by, draft.decided_at, outbound_send.status AS send_status,
           outbound_send.attempts AS send_attempts, outbound_send.error AS send_error, outbound_send.sent_at,
           outbound_send.provider_message_id, draft.created_at, draft.updated_at
    FROM draft
    JOIN lead ON lead.id = draft.lead_id
    JOIN message ON message.id = draft.trigger_message_id
    LEFT JOIN campaign ON campaign.id = message.campaign_id
    LEFT JOIN outbound_send ON outbound_send.draft_id = draft.id
"""


def list_drafts(
    connection: Connection, client_id: UUID, *, statuses: Sequence[DraftStatus] = (), limit: int = 50
) -> list[DraftReport]:
    """Lists the client's newest drafts, of the given statuses (any when empty)."""
    rows = connection.execute(
        text(f"""
            {_DRAFTS}
            WHERE draft.client_id = :client_id AND (:any_status OR draft.status = ANY(:statuses))
            ORDER BY draft.created_at DESC, draft.id DESC
            LIMIT :limit
        """),
        {
            "client_id": client_id,
            "any_status": not statuses,
            "statuses": [word.value for word in statuses],
            "limit": limit,
        },
    )
    return [DraftReport(**row._mapping) for row in rows]


def list_drafts_of_lead(connection: Connection, lead_id: UUID, *, limit: int = 20) -> list[DraftReport]:
    rows = connection.execute(
        text(
            f"{_DRAFTS} WHERE draft.lead_id IN {group_of(':lead_id')}"
            " ORDER BY draft.created_at DESC, draft.id DESC LIMIT :limit"
        ),
        {"lead_id": lead_id, "limit": limit},
    )
    return [DraftReport(**row._mapping) for row in rows]


def get_draft(connection: Connection, draft_id: UUID) -> DraftReport | None:
    row = connection.execute(text(f"{_DRAFTS} WHERE draft.id = :id"), {"id": draft_id}).one_or_none()
    return None if row is None else DraftReport(**row._mapping)
