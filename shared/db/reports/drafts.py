"""Listings of drafts, with what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.db.lead_group import group_of
from shared.domain.drafting.draft_rules import explain
from shared.domain.vocabulary import DraftStatus


def decider(kind: str | None, name: str | None) -> str | None:
    """Names who decided: a person, or the sort of machine."""
    return name or (kind and kind.lower())


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
    revision: int  # the number of this text
    approved_revision: int | None
    action: str | None
    rule: str | None
    confidence: float | None
    threshold: float | None
    finding: str | None  # what the rule found
    reason: str  # rule and finding as a sentence
    model: str | None
    decided_by_kind: str | None
    decided_by: str | None  # a person's name
    decided_at: datetime | None
    send_status: str | None
    send_attempts: int | None
    send_error: str | None
    sent_at: datetime | None
    provider_message_id: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def decider(self) -> str | None:
        return decider(self.decided_by_kind, self.decided_by)


_DRAFTS = """
    SELECT draft.id, draft.client_id, draft.lead_id, lead.email AS lead_email, campaign.name AS campaign_name,
           draft.trigger_message_id, message.sentiment AS tag, draft.status, draft.subject, draft.body,
           draft.model_body, draft.revision, draft.approved_revision, draft.action, draft.rule, draft.confidence,
           draft.threshold, draft.finding, draft.reason, draft.model, draft.decided_by_kind, draft.decided_by,
           draft.decided_at, outbound_send.status AS send_status,
           outbound_send.attempts AS send_attempts, outbound_send.error AS send_error, outbound_send.sent_at,
           outbound_send.provider_message_id, draft.created_at, draft.updated_at
    FROM draft
    JOIN lead ON lead.id = draft.lead_id
    JOIN message ON message.id = draft.trigger_message_id
    LEFT JOIN campaign ON campaign.id = message.campaign_id
    LEFT JOIN outbound_send ON outbound_send.draft_id = draft.id
"""


def _report(row: Row[Any]) -> DraftReport:
    """Reads a row of _DRAFTS; one of the release before has its reason as a sentence already."""
    return DraftReport(**{**row._mapping, "reason": row.reason or explain(row.rule, row.finding)})


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
    return [_report(row) for row in rows]


def list_drafts_of_lead(connection: Connection, lead_id: UUID, *, limit: int = 20) -> list[DraftReport]:
    rows = connection.execute(
        text(
            f"{_DRAFTS} WHERE draft.lead_id IN {group_of(':lead_id')}"
            " ORDER BY draft.created_at DESC, draft.id DESC LIMIT :limit"
        ),
        {"lead_id": lead_id, "limit": limit},
    )
    return [_report(row) for row in rows]


def get_draft(connection: Connection, draft_id: UUID) -> DraftReport | None:
    row = connection.execute(text(f"{_DRAFTS} WHERE draft.id = :id"), {"id": draft_id}).one_or_none()
    return None if row is None else _report(row)


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """One row of a draft's history."""

    decided_at: datetime
    revision: int
    status: str
    reason: str
    confidence: float | None
    by: str


def list_decisions(connection: Connection, draft_id: UUID) -> list[DecisionReport]:
    """Lists what was decided about a draft, the oldest first."""
    rows = connection.execute(
        text("""
            SELECT decided_at, revision, status, rule, finding, confidence, actor_kind, actor FROM draft_decision
            WHERE draft_id = :id ORDER BY decided_at, id
        """),
        {"id": draft_id},
    )
    return [
        DecisionReport(
            row.decided_at,
            row.revision,
            row.status,
            explain(row.rule, row.finding),
            row.confidence,
            decider(row.actor_kind, row.actor) or "",
        )
        for row in rows
    ]
