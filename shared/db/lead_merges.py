"""Queries of lead_merge: two leads that are one person, and how that is undone.

All run in one transaction under the locks of both leads (``lock_leads``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.draft_states import superseded
from shared.db.lead_group import group_of
from shared.db.reply_order import overtaking_reply
from shared.db.unsettled_sends import UNSETTLED
from shared.domain.actor import Actor
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import ClientId, LeadId, LeadStatus, MessageId, Tag


@dataclass(frozen=True, slots=True)
class LockedLead:
    """A lead as a merge sees it; ``suppression_reason`` is as it is stored, and None when it is not suppressed."""

    id: LeadId
    client_id: ClientId
    merged_into_id: LeadId | None
    erased: bool
    suppression_reason: str | None
    suppression_rule: str
    suppression_words: str
    suppression_message_id: MessageId | None


# In the order of their ids: two merges of the same leads never wait for each other in a circle. Everybody else locks
# one lead only.
_LOCK_LEADS = text(
    """
    SELECT id, client_id, merged_into_id, erased_at IS NOT NULL AS erased, suppression_reason,
           coalesce(suppression_evidence ->> 'rule', '') AS suppression_rule,
           coalesce(suppression_evidence ->> 'words', '') AS suppression_words, suppression_message_id
    FROM lead WHERE id = ANY(:lead_ids) ORDER BY id FOR NO KEY UPDATE
    """
)


def lock_leads(connection: Connection, lead_ids: Collection[LeadId]) -> dict[LeadId, LockedLead]:
    """Locks leads for this transaction, merged ones too, and returns those that there are."""
    rows = connection.execute(_LOCK_LEADS, {"lead_ids": list(lead_ids)})
    return {row.id: LockedLead(*row) for row in rows}


_HAS_UNSETTLED_SEND = text(
    f"SELECT EXISTS (SELECT 1 FROM outbound_send WHERE lead_id = ANY(:lead_ids) AND {UNSETTLED})"  # noqa: S608
)


def has_unsettled_send(connection: Connection, lead_ids: Collection[LeadId]) -> bool:
    """Says whether something is on its way to one of these leads, or may be."""
    return bool(connection.execute(_HAS_UNSETTLED_SEND, {"lead_ids": list(lead_ids)}).scalar_one())


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


# The address of a lead that the release before has made is no key yet.
_KEEP_ADDRESSES = text(
    """
    INSERT INTO lead_identity (client_id, lead_id, kind, value)
    SELECT client_id, id, 'EMAIL', email FROM lead WHERE id IN (:winner_id, :loser_id) AND email IS NOT NULL
    ORDER BY email
    ON CONFLICT DO NOTHING
    """
)

# A number that both have stays a key of both.
_MERGE = text(
    """
    WITH identities AS (
        UPDATE lead_identity AS identity SET lead_id = :winner_id
        WHERE identity.lead_id = :loser_id AND NOT EXISTS (
            SELECT 1 FROM lead_identity AS same
            WHERE same.lead_id = :winner_id AND same.kind = identity.kind AND same.value = identity.value)
        RETURNING identity.id
    ), leads AS (
        UPDATE lead SET merged_into_id = :winner_id WHERE id = :loser_id OR merged_into_id = :loser_id
        RETURNING id
    ), decided AS (
        UPDATE merge_suggestion
        SET decision = 'MERGED', decided_at = now(), decided_by_kind = :actor_kind, decided_by = :actor
        WHERE lead_id = least(CAST(:winner_id AS uuid), :loser_id)
          AND other_lead_id = greatest(CAST(:winner_id AS uuid), :loser_id) AND decided_at IS NULL
    )
    INSERT INTO lead_merge (client_id, winner_id, loser_id, moved_identities, moved_leads, actor_kind, actor)
    SELECT :client_id, :winner_id, :loser_id, ARRAY(SELECT id FROM identities),
           ARRAY(SELECT id FROM leads WHERE id <> :loser_id), :actor_kind, :actor
    """
)


def record_merge(connection: Connection, client_id: ClientId, *, winner: LeadId, loser: LeadId, by: Actor) -> None:
    """Makes ``winner`` the head of both groups, with the keys of both."""
    connection.execute(_KEEP_ADDRESSES, {"winner_id": winner, "loser_id": loser})
    connection.execute(
        _MERGE,
        {
            "client_id": client_id,
            "winner_id": winner,
            "loser_id": loser,
            "actor_kind": by.kind.value,
            "actor": by.name,
        },
    )


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that holds."""

    id: UUID
    client_id: ClientId
    winner_id: LeadId
    loser_id: LeadId
    merged_at: datetime


_FIND_MERGE = text(
    """
    SELECT id, client_id, winner_id, loser_id, merged_at FROM lead_merge
    WHERE loser_id = :loser_id AND undone_at IS NULL
    """
)


def find_merge(connection: Connection, loser: LeadId) -> Merge | None:
    """Finds the merge that made this lead part of another; None when it is its own head."""
    row = connection.execute(_FIND_MERGE, {"loser_id": loser}).one_or_none()
    return None if row is None else Merge(*row)


# What both are known to have in common stays: keys that were learnt since, a suppression, a hold.
_UNDO = text(
    """
    WITH undone AS (
        UPDATE lead_merge SET undone_at = now(), undone_by_kind = :actor_kind, undone_by = :actor
        WHERE id = :merge_id
        RETURNING winner_id, loser_id, moved_identities, moved_leads
    ), identities AS (
        UPDATE lead_identity SET lead_id = undone.loser_id
        FROM undone
        WHERE lead_identity.id = ANY(undone.moved_identities) AND lead_identity.lead_id = undone.winner_id
    ), leads AS (
        UPDATE lead SET merged_into_id = CASE WHEN lead.id = undone.loser_id THEN NULL ELSE undone.loser_id END
        FROM undone
        WHERE lead.merged_into_id = undone.winner_id
          AND (lead.id = undone.loser_id OR lead.id = ANY(undone.moved_leads))
    )
    INSERT INTO merge_suggestion AS suggestion
        (client_id, lead_id, other_lead_id, kind, decision, decided_at, decided_by_kind, decided_by)
    SELECT :client_id, least(winner_id, loser_id), greatest(winner_id, loser_id), 'EMAIL', 'DISMISSED', now(),
           :actor_kind, :actor
    FROM undone
    ON CONFLICT (lead_id, other_lead_id) DO UPDATE
    SET decision = 'DISMISSED', decided_at = now(), decided_by_kind = excluded.decided_by_kind,
        decided_by = excluded.decided_by
    """
)


def undo_merge(connection: Connection, merge: Merge, by: Actor) -> None:
    """Makes the loser its own head again, with the keys that it had; the two are not suggested again."""
    connection.execute(
        _UNDO,
        {"merge_id": merge.id, "client_id": merge.client_id, "actor_kind": by.kind.value, "actor": by.name},
    )


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

# Each takes from the other what it lacks, so that an undone merge leaves both as strict as the person was.
_SHARE_STRICTNESS = text(
    """
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
        taken_over_at = coalesce(lead.taken_over_at, other.taken_over_at),
        taken_over_by = coalesce(lead.taken_over_by, other.taken_over_by),
        meeting_booked_at = greatest(lead.meeting_booked_at, other.meeting_booked_at),
        appointment_start_at = greatest(lead.appointment_start_at, other.appointment_start_at)
    FROM lead AS other
    WHERE lead.id <> other.id AND lead.id = ANY(:lead_ids) AND other.id = ANY(:lead_ids)
    """
)


def take_newer_score(connection: Connection, *, winner: LeadId, loser: LeadId) -> None:
    """Gives the winner the loser's score if it is of a newer reply."""
    connection.execute(_TAKE_NEWER_SCORE, {"winner_id": winner, "loser_id": loser})


def share_strictness(connection: Connection, one: LeadId, other: LeadId) -> None:
    """Makes both as strict as the stricter: suppression, hold, take-over, the evidence of a meeting."""
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
