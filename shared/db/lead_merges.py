"""Queries of lead_merge: two leads that are one person, and how that is undone.

All run in one transaction under the locks of both leads (``lock_leads``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.unsettled_sends import UNSETTLED
from shared.domain.actor import Actor
from shared.domain.vocabulary import ClientId, LeadId, MessageId


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
    sequences_paused: bool


# In the order of their ids: two merges of the same leads never wait for each other in a circle. Everybody else locks
# one lead only.
_LOCK_LEADS = text(
    """
    SELECT id, client_id, merged_into_id, erased_at IS NOT NULL AS erased, suppression_reason,
           coalesce(suppression_evidence ->> 'rule', '') AS suppression_rule,
           coalesce(suppression_evidence ->> 'words', '') AS suppression_words, suppression_message_id,
           sequences_paused_at IS NOT NULL AS sequences_paused
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
