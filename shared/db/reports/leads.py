"""Listings of leads and of their places in sequences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.lead_group import group_of
from shared.domain.email_address import canonical_address
from shared.domain.vocabulary import SuppressionReason


@dataclass(frozen=True, slots=True)
class LeadReport:
    id: UUID
    client_id: UUID
    email: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    status: str
    sentiment: str | None
    auto_reply_enabled: bool
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    meeting_booked_at: datetime | None
    appointment_start_at: datetime | None
    fit_score: int | None
    intent_score: int | None
    overall_score: int | None
    score_reason: str | None
    scored_at: datetime | None
    suppressed_at: datetime | None
    suppression_reason: str | None
    suppression_evidence: dict[str, Any] | None
    suppression_message_id: UUID | None
    held_at: datetime | None  # since when it may have opted out, and nothing is sent
    held_rule: str | None
    hold_evidence: dict[str, Any] | None
    merged_into_id: UUID | None  # the lead that this one turned out to be
    erased_at: datetime | None
    created_at: datetime

    @property
    def words(self) -> str:
        """A person's words for it: the address, or the id of a lead without one."""
        return self.email or str(self.id)


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    id: UUID
    sequence_name: str
    status: str
    paused_reason: str | None
    next_step_due: datetime | None
    updated_at: datetime


_LEADS = """
    SELECT id, client_id, email, first_name, last_name, company, status, sentiment, auto_reply_enabled,
           last_inbound_at, last_outbound_at, meeting_booked_at, appointment_start_at, fit_score, intent_score,
           overall_score, score_reason, scored_at, suppressed_at, suppression_reason, suppression_evidence,
           suppression_message_id, held_at, held_rule, hold_evidence, merged_into_id, erased_at, created_at
    FROM lead
"""


def get_lead(connection: Connection, lead_id: UUID) -> LeadReport | None:
    row = connection.execute(text(f"{_LEADS} WHERE id = :id"), {"id": lead_id}).one_or_none()
    return None if row is None else LeadReport(**row._mapping)


def find_lead(connection: Connection, client_id: UUID, email: str) -> LeadReport | None:
    """Finds the client's lead that is recognised by this address, however it is spelled."""
    row = connection.execute(
        text(f"""
            {_LEADS}
            WHERE id = coalesce(
                (SELECT lead_id FROM lead_identity
                 WHERE client_id = :client_id AND kind = 'EMAIL' AND value = :email),
                (SELECT coalesce(own.merged_into_id, own.id) FROM lead AS own
                 WHERE own.client_id = :client_id AND lower(own.email) = :email))
        """),  # noqa: S608 (constants only)
        {"client_id": client_id, "email": canonical_address(email)},
    ).one_or_none()
    return None if row is None else LeadReport(**row._mapping)


def find_merged_lead(connection: Connection, client_id: UUID, email: str) -> LeadReport | None:
    """Finds the client's lead that had this address before it was merged into another."""
    row = connection.execute(
        text(f"{_LEADS} WHERE client_id = :client_id AND lower(email) = :email AND merged_into_id IS NOT NULL"),
        {"client_id": client_id, "email": canonical_address(email)},
    ).one_or_none()
    return None if row is None else LeadReport(**row._mapping)


def list_merged_leads(connection: Connection, lead_id: UUID) -> list[LeadReport]:
    """Lists the leads that were merged into this one."""
    rows = connection.execute(text(f"{_LEADS} WHERE merged_into_id = :lead_id ORDER BY id"), {"lead_id": lead_id})
    return [LeadReport(**row._mapping) for row in rows]


def list_suppressed_leads(
    connection: Connection, client_id: UUID, *, reason: SuppressionReason | None = None, limit: int = 50
) -> list[LeadReport]:
    """Lists the client's suppressed leads, the newest suppression first."""
    rows = connection.execute(
        text(f"""
            {_LEADS}
            WHERE client_id = :client_id AND suppressed_at IS NOT NULL
              AND (CAST(:reason AS text) IS NULL OR suppression_reason = :reason)
            ORDER BY suppressed_at DESC, id DESC
            LIMIT :limit
        """),
        {"client_id": client_id, "reason": reason.value if reason else None, "limit": limit},
    )
    return [LeadReport(**row._mapping) for row in rows]


def list_follow_ups_of_lead(connection: Connection, lead_id: UUID) -> list[FollowUpReport]:
    rows = connection.execute(
        text(f"""
            SELECT id, sequence_name, status, paused_reason, next_step_due, updated_at
            FROM follow_up_instance WHERE lead_id IN {group_of(":lead_id")} ORDER BY id
        """),  # noqa: S608 (constants only)
        {"lead_id": lead_id},
    )
    return [FollowUpReport(**row._mapping) for row in rows]
