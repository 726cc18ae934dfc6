"""Outcomes of replies, and sums over a client."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text

from shared.domain.vocabulary import (
    Direction,
    OutboundSendStatus,
)


@dataclass(frozen=True, slots=True)
class ReplyOutcome:
    """The outcome of one inbound message. The lead's fields are the lead's state now, not right after this message."""

    message_id: UUID
    lead_id: UUID
    lead_email: str
    tag: str | None
    is_auto_reply: bool
    lead_status: str
    suppression_reason: str | None
    overall_score: int | None
    fit_score: int | None
    intent_score: int | None
    draft_id: UUID | None
    draft_body: str | None
    draft_status: str | None
    action: str | None
    rule: str | None
    confidence: float | None
    send_status: str | None
    model_calls: int
    cost_usd: Decimal | None


def list_reply_outcomes(connection: Connection, client_id: UUID, *, limit: int = 200) -> list[ReplyOutcome]:
    """Lists the outcomes of the client's newest replies, the newest first; costs are of calls with a known price."""
    rows = connection.execute(
        text("""
            SELECT message.id AS message_id, lead.id AS lead_id, lead.email AS lead_email, message.sentiment AS tag,
                   message.is_auto_reply, lead.status AS lead_status, lead.suppression_reason, lead.overall_score,
                   lead.fit_score, lead.intent_score, draft.id AS draft_id, draft.body AS draft_body,
                   draft.status AS draft_status, draft.action, draft.rule, draft.confidence,
                   outbound_send.status AS send_status, calls.model_calls, calls.cost_usd
            FROM message
            JOIN lead ON lead.id = message.lead_id
            LEFT JOIN draft ON draft.trigger_message_id = message.id
            LEFT JOIN outbound_send ON outbound_send.draft_id = draft.id
            CROSS JOIN LATERAL (
                SELECT count(ai_interaction.id) AS model_calls, sum(ai_interaction.cost_usd) AS cost_usd
                FROM background_job
                LEFT JOIN ai_interaction ON ai_interaction.job_id = background_job.id
                WHERE background_job.message_id = message.id
            ) AS calls
            WHERE message.client_id = :client_id AND message.direction = 'INBOUND'
            ORDER BY message.received_at DESC, message.id DESC
            LIMIT :limit
        """),
        {"client_id": client_id, "limit": limit},
    )
    return [ReplyOutcome(**row._mapping) for row in rows]


def count_messages(connection: Connection, client_id: UUID) -> dict[Direction, int]:
    """Counts the messages that the client's leads and we have written."""
    rows = connection.execute(
        text("SELECT direction, count(*) FROM message WHERE client_id = :id GROUP BY direction"), {"id": client_id}
    )
    counts = {str(direction): int(count) for direction, count in rows}
    return {direction: counts.get(direction.value, 0) for direction in Direction}


def count_sends(connection: Connection, client_id: UUID) -> dict[OutboundSendStatus, int]:
    """Counts the client's messages that are in each state of the send protocol."""
    rows = connection.execute(
        text("SELECT status, count(*) FROM outbound_send WHERE client_id = :id GROUP BY status"), {"id": client_id}
    )
    counts = {str(status): int(count) for status, count in rows}
    return {status: counts.get(status.value, 0) for status in OutboundSendStatus}
