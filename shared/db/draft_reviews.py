"""Queries of what a person's decision about a draft depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.lead_group import group_of, head_of
from shared.db.reply_order import answered_from, overtaking_reply
from shared.domain.vocabulary import ClientId, DraftId, LeadId, MessageId
from shared.domain.workspace_settings import WorkspaceSettings, stored_settings


@dataclass(frozen=True, slots=True)
class ReviewedDraft:
    """A draft with the facts that a person's decision depends on."""

    id: DraftId
    client_id: ClientId
    lead_id: LeadId
    trigger_message_id: MessageId
    status: str  # as it is stored: a newer release may have written it
    channel: str  # as it is stored, too
    sender: str | None  # of the reply
    body: str
    revision: int
    commitments: list[dict[str, Any]]  # what that revision promises
    settings: WorkspaceSettings
    lead_suppressed: bool
    lead_held: bool
    newer_human_reply: bool
    newer_outbound_message: bool


def find_lead_of_draft(connection: Connection, draft_id: UUID) -> LeadId | None:
    """Finds the lead whose lock a change of the draft needs; a draft never changes its lead."""
    lead_id = connection.execute(
        text("SELECT lead_id FROM draft WHERE id = :id"), {"id": draft_id}
    ).scalar_one_or_none()
    return None if lead_id is None else LeadId(lead_id)


# Runs after the lead is locked, as a statement of its own: its snapshot then holds every reply, send and suppression
# that committed before, and none can be added until this transaction ends.
_READ = text(
    f"""
    SELECT draft.id, draft.client_id, draft.lead_id, draft.trigger_message_id, draft.status, draft.channel,
           trigger.sender_address AS sender,
           draft.body, draft.revision,
           coalesce((SELECT own.commitments FROM draft_revision AS own
                     WHERE own.draft_id = draft.id AND own.number = draft.revision), '[]') AS commitments,
           (SELECT to_jsonb(settings) FROM client_settings AS settings
            WHERE settings.client_id = draft.client_id) AS settings,
           lead.suppressed_at IS NOT NULL AS lead_suppressed, lead.held_at IS NOT NULL AS lead_held,
           EXISTS ({overtaking_reply("trigger.id")}) AS newer_human_reply,
           EXISTS (
               SELECT FROM {group_of("draft.lead_id")} AS person JOIN message ON message.lead_id = person.lead_id
               WHERE message.direction = 'OUTBOUND' AND message.effective_at > {answered_from("draft", "trigger")}
           ) AS newer_outbound_message
    FROM draft
    JOIN lead ON lead.id = {head_of("draft.lead_id")}
    JOIN message AS trigger ON trigger.id = draft.trigger_message_id
    WHERE draft.id = :id
    FOR NO KEY UPDATE OF draft
    """  # noqa: S608 (no value of anybody's)
)


def lock_draft_for_review(connection: Connection, draft_id: UUID) -> ReviewedDraft:
    """Locks the draft (its lead is locked already) and reads what a decision depends on."""
    row = connection.execute(_READ, {"id": draft_id}).one()
    return ReviewedDraft(**{**row._mapping, "settings": stored_settings(row.settings)})
