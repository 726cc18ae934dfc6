"""Queries of lead: what events say about one, and suppression. All run under the lead's lock."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.commitments import CommitmentRule, dropped
from shared.db.draft_states import superseded
from shared.db.lead_group import group_of
from shared.db.lead_holds import NO_HOLD
from shared.db.suppression_reviews import settled
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.tags import MOVED_BY_A_BOOKING
from shared.domain.vocabulary import (
    ActorKind,
    LeadId,
    LeadStatus,
    MessageId,
    ReviewDecision,
    SuppressionReason,
)


def once_booked(column: str) -> str:
    """SQL of the status in ``column`` after a booking: the evidence often comes after the reply was understood."""
    moved = ", ".join(f"'{status.value}'" for status in MOVED_BY_A_BOOKING)
    return f"CASE WHEN lead.{column} IN ({moved}) THEN '{LeadStatus.MEETING_BOOKED.value}' ELSE lead.{column} END"


def rolled_up_outbound(source: str) -> str:
    """SQL: the lead's times after a message of ours; ``source`` is a CTE of it (lead_id, effective_at)."""
    return f"""
        UPDATE lead
        SET last_outbound_at = greatest(last_outbound_at, {source}.effective_at),
            last_message_direction = CASE WHEN last_message_at > {source}.effective_at THEN last_message_direction
                                          ELSE 'OUTBOUND' END,
            last_message_at = greatest(last_message_at, {source}.effective_at)
        FROM {source} WHERE lead.id = {source}.lead_id
"""  # noqa: S608 (no value of anybody's)


_NOTE_MEETING = text(
    f"""
    UPDATE lead
    SET meeting_booked_at = greatest(meeting_booked_at, CAST(:at AS timestamptz)), status = {once_booked("status")},
        status_before_suppression = {once_booked("status_before_suppression")}
    WHERE id = :lead_id
    """  # noqa: S608 (constants only)
)


def note_meeting_booked(connection: Connection, lead_id: LeadId, at: datetime) -> None:
    """Keeps the provider's word that a meeting was booked, under the lead's lock; the latest one counts.

    The status follows at once, but for a refusal and a suppression.
    """
    connection.execute(_NOTE_MEETING, {"lead_id": lead_id, "at": at})


# One statement after the lead's lock. A message whose suppression a person undid never suppresses again. The first
# evidence stays, unless it was a model's opinion and the new one is certain: that needs nobody's confirmation any more.
# A person who says no more confirms the words and the message that were there, or that held the lead.
_SUPPRESS = text(
    f"""
    WITH before AS MATERIALIZED (
        SELECT id, suppressed_at IS NULL AS fresh, suppression_reason FROM lead
        WHERE id = :lead_id AND NOT EXISTS (
            SELECT 1 FROM message WHERE id = CAST(:message_id AS uuid) AND suppression_dismissed_at IS NOT NULL)
    ), suppressed AS (
        UPDATE lead
        SET suppressed_at = coalesce(lead.suppressed_at, now()), suppression_reason = :reason,
            suppression_evidence = CAST(:evidence AS jsonb) || CASE WHEN :reason = 'PERSON' AND :words = ''
                THEN jsonb_build_object('words', coalesce(
                    lead.suppression_evidence ->> 'words', lead.hold_evidence ->> 'words', ''))
                ELSE '{{}}' END,
            suppression_message_id = CASE WHEN :reason = 'PERSON'
                THEN coalesce(lead.suppression_message_id, lead.held_by_message_id)
                ELSE CAST(:message_id AS uuid) END,
            status_before_suppression =
                CASE WHEN before.fresh THEN lead.status ELSE lead.status_before_suppression END,
            status = 'blacklisted', {NO_HOLD}
        FROM before
        WHERE lead.id = before.id AND (before.fresh OR (before.suppression_reason = 'MODEL' AND :reason <> 'MODEL'))
    ), {superseded(DraftRule.SUPPRESSED, source="before", where="draft.lead_id = before.id")}, cancelled AS (
        UPDATE follow_up_instance SET status = 'CANCELLED', updated_at = now()
        FROM before
        WHERE follow_up_instance.lead_id IN {group_of(":lead_id")} AND follow_up_instance.status IN ('ACTIVE', 'PAUSED')
    ), promises AS ({
        dropped(
            CommitmentRule.SUPPRESSED,
            "before",
            where=f"commitment.status = 'OPEN' AND commitment.lead_id IN {group_of(':lead_id')}",
        )
    }), answered AS ({
        settled(
            "before",
            where="(before.fresh OR :reason <> 'MODEL')",
            decision=ReviewDecision.OBSOLETE,
            by=ActorKind.RULE,
        )
    })
    SELECT fresh FROM before
    """  # noqa: S608 (constants only)
)


def suppress(
    connection: Connection,
    lead_id: LeadId,
    reason: SuppressionReason,
    *,
    rule: str,
    words: str,
    message_id: UUID | MessageId | None,
) -> bool | None:
    """Suppresses a lead under its lock: status, evidence, open drafts superseded, follow-ups cancelled, no hold.

    ``rule`` and ``words`` are the evidence. Returns True when the lead was not suppressed before, False when it was,
    and None when a person has dismissed this message as a reason: then nothing was written.
    """
    fresh = connection.execute(
        _SUPPRESS,
        {
            "lead_id": lead_id,
            "reason": reason.value,
            "evidence": json.dumps({"rule": rule, "words": words}, ensure_ascii=False),
            "words": words,
            "message_id": message_id,
        },
    ).scalar_one_or_none()
    return None if fresh is None else bool(fresh)


def is_suppression_dismissed(connection: Connection, message_id: MessageId) -> bool:
    """Tells whether a person has dismissed this message as a reason, under the lead's lock."""
    statement = text("SELECT 1 FROM message WHERE id = :id AND suppression_dismissed_at IS NOT NULL")
    return connection.execute(statement, {"id": message_id}).one_or_none() is not None
