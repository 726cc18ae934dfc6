"""The state that a head and the lead merged into it take over from each other: drafts, score, strictness, last word.

All run in one transaction under the locks of both leads (``shared.db.lead_merges.lock_leads``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from shared.db.draft_states import superseded
from shared.db.lead_group import group_of
from shared.db.reply_order import overtaking_reply
from shared.db.suppression_reviews import asked_for_displaced
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import LeadId, LeadStatus, Tag

_SUPERSEDED = superseded(
    DraftRule.MERGED,
    source="",
    where="draft.lead_id = :lead_id AND coalesce(draft.created_at >= CAST(:since AS timestamptz), true)",
)
_SUPERSEDE = text(f"WITH {_SUPERSEDED} SELECT count(*) FROM superseded")  # noqa: S608 (constants only)

_OVERTAKEN = superseded(
    DraftRule.NEWER_MESSAGE,
    source="",
    where=f"draft.lead_id = :lead_id AND EXISTS ({overtaking_reply('draft.trigger_message_id')})",
)
_SUPERSEDE_OVERTAKEN = text(f"WITH {_OVERTAKEN} SELECT count(*) FROM superseded")  # noqa: S608 (constants only)


def supersede_overtaken_drafts(connection: Connection, head: LeadId) -> None:
    """Closes the head's open drafts that a newer reply overtakes, now that the merged lead's replies are its own."""
    connection.execute(_SUPERSEDE_OVERTAKEN, {"lead_id": head})


def supersede_drafts(connection: Connection, lead_id: LeadId, *, since: datetime | None = None) -> None:
    """Closes the lead's open drafts, or those written since a moment: the person's conversation is another one now."""
    connection.execute(_SUPERSEDE, {"lead_id": lead_id, "since": since})


# A score of an older message never overwrites a newer one's.
_TAKE_NEWER_SCORE = text(
    """
    UPDATE lead
    SET fit_score = loser.fit_score, intent_score = loser.intent_score, overall_score = loser.overall_score,
        score_reason = loser.score_reason, scored_at = loser.scored_at, scored_message_id = loser.scored_message_id
    FROM lead AS loser
    JOIN message AS its ON its.id = loser.scored_message_id
    WHERE lead.id = :winner_id AND loser.id = :loser_id
      AND NOT EXISTS (SELECT 1 FROM message AS own WHERE own.id = lead.scored_message_id
                      AND (own.effective_at, own.id) > (its.effective_at, its.id))
    """
)

# Each takes from the other what it lacks, so that an undone merge leaves both as strict as the person was. Where two
# messages hold them, a person is asked about each that was not read: the head's row names one.
_DISPLACED = asked_for_displaced(
    "lead",
    where="held.id = ANY(:lead_ids) AND EXISTS (SELECT FROM lead AS other WHERE other.id = ANY(:lead_ids)"
    " AND other.held_by_message_id <> held.held_by_message_id)",
)
_SHARE_STRICTNESS = text(
    f"""
    WITH displaced AS ({_DISPLACED})
    UPDATE lead
    SET suppressed_at = CASE WHEN other.suppressed_at IS NULL THEN lead.suppressed_at
                             ELSE coalesce(lead.suppressed_at, now()) END,
        suppression_reason = coalesce(lead.suppression_reason, other.suppression_reason),
        suppression_evidence = coalesce(lead.suppression_evidence, other.suppression_evidence),
        suppression_message_id = coalesce(lead.suppression_message_id, other.suppression_message_id),
        status_before_suppression = CASE WHEN lead.suppressed_at IS NULL AND other.suppressed_at IS NOT NULL
                                         THEN lead.status ELSE lead.status_before_suppression END,
        status = CASE WHEN other.suppressed_at IS NULL THEN lead.status ELSE 'blacklisted' END,
        held_at = CASE WHEN lead.held_at IS NULL THEN other.held_at ELSE lead.held_at END,
        held_rule = CASE WHEN lead.held_at IS NULL THEN other.held_rule ELSE lead.held_rule END,
        held_by_message_id = CASE WHEN lead.held_at IS NULL THEN other.held_by_message_id
                                  ELSE lead.held_by_message_id END,
        hold_evidence = CASE WHEN lead.held_at IS NULL THEN other.hold_evidence ELSE lead.hold_evidence END,
        sequences_paused_at = coalesce(lead.sequences_paused_at, other.sequences_paused_at),
        taken_over_at = coalesce(lead.taken_over_at, other.taken_over_at),
        taken_over_by = coalesce(lead.taken_over_by, other.taken_over_by),
        meeting_booked_at = greatest(lead.meeting_booked_at, other.meeting_booked_at),
        appointment_start_at = greatest(lead.appointment_start_at, other.appointment_start_at)
    FROM lead AS other
    WHERE lead.id <> other.id AND lead.id = ANY(:lead_ids) AND other.id = ANY(:lead_ids)
    """  # noqa: S608 (constants only)
)


def take_newer_score(connection: Connection, *, winner: LeadId, loser: LeadId) -> None:
    """Gives the winner the loser's score if it is of a newer reply."""
    connection.execute(_TAKE_NEWER_SCORE, {"winner_id": winner, "loser_id": loser})


def share_strictness(connection: Connection, one: LeadId, other: LeadId) -> None:
    """Makes both as strict as the stricter: suppression, hold, pause, take-over, the evidence of a meeting."""
    connection.execute(_SHARE_STRICTNESS, {"lead_ids": [one, other]})


@dataclass(frozen=True, slots=True)
class LastWord:
    """The tag of a lead's newest understood reply, and the status that the lead has."""

    lead_id: LeadId
    tag: str  # as it is stored, like the status
    status: str
    meeting_evidence: bool


_LAST_WORDS = text(
    f"""
    SELECT lead.id, newest.sentiment, lead.status,
           lead.meeting_booked_at IS NOT NULL OR lead.appointment_start_at IS NOT NULL AS meeting_evidence
    FROM lead CROSS JOIN LATERAL (
        SELECT message.sentiment FROM {group_of("lead.id")} AS person JOIN message ON message.lead_id = person.lead_id
        WHERE message.direction = 'INBOUND' AND NOT message.is_auto_reply
          AND message.sentiment <> 'Blacklist'  -- of a lead that is not suppressed: a person has dismissed it
        ORDER BY message.effective_at DESC, message.id DESC LIMIT 1
    ) AS newest
    WHERE lead.id = ANY(:lead_ids) AND lead.suppressed_at IS NULL
    """  # noqa: S608 (constants only)
)
_SAVE_LAST_WORD = text("UPDATE lead SET sentiment = :tag, status = :status WHERE id = :lead_id")


def last_words(connection: Connection, lead_ids: Collection[LeadId]) -> Sequence[LastWord]:
    """Reads the last word of each lead that is not suppressed and has an understood reply."""
    return [LastWord(*row) for row in connection.execute(_LAST_WORDS, {"lead_ids": list(lead_ids)})]


def save_last_word(connection: Connection, lead_id: LeadId, tag: Tag, status: LeadStatus) -> None:
    """Makes a reply's tag and the status that follows from it the lead's."""
    connection.execute(_SAVE_LAST_WORD, {"lead_id": lead_id, "tag": tag.value, "status": status.value})


_REFRESH_ROLLUPS = text(
    f"""
    UPDATE lead
    SET last_inbound_at = of_group.inbound_at, last_outbound_at = of_group.outbound_at,
        last_message_at = of_group.at, last_message_direction = of_group.direction
    FROM (
        SELECT head.id, max(message.effective_at) AS at,
               max(message.effective_at) FILTER (WHERE message.direction = 'INBOUND') AS inbound_at,
               max(message.effective_at) FILTER (WHERE message.direction = 'OUTBOUND') AS outbound_at,
               (array_agg(message.direction ORDER BY message.effective_at DESC, message.id DESC))[1] AS direction
        FROM lead AS head CROSS JOIN LATERAL {group_of("head.id")} AS person
        LEFT JOIN message ON message.lead_id = person.lead_id
        WHERE head.id = ANY(:lead_ids)
        GROUP BY head.id
    ) AS of_group
    WHERE lead.id = of_group.id
    """  # noqa: S608 (constants only)
)


def refresh_rollups(connection: Connection, lead_ids: Collection[LeadId]) -> None:
    """Makes what heads say about their messages the truth about all messages of their groups."""
    connection.execute(_REFRESH_ROLLUPS, {"lead_ids": list(lead_ids)})
