"""Queries of a lead's hold: a suspected opt-out, until a model or a person has said what it is.

A hold changes no draft: it is a fact of the gate (shared.db.gate_state) and of a person's approval. All statements run
under the lead's lock, each as one of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from shared.db.lead_group import group_of
from shared.db.suppression_reviews import UNDECIDED
from shared.domain.vocabulary import ClientId, LeadId, MessageId

NO_HOLD = "held_at = NULL, held_by_message_id = NULL, held_rule = NULL, hold_evidence = NULL"
"""SQL: the columns of a lead that nothing holds."""

# The newest suspicion is the one that has to be settled: what a model says of an older one does not end it. A message
# that a person has dismissed as an opt-out holds nobody.
_PLACE = text(
    """
    UPDATE lead
    SET held_at = coalesce(held_at, now()), held_by_message_id = :message_id, held_rule = :rule,
        hold_evidence = CAST(:evidence AS jsonb)
    WHERE id = :lead_id AND suppressed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM message WHERE id = :message_id AND suppression_dismissed_at IS NOT NULL)
    RETURNING id
    """
)

# A hold whose earlier suspicion waits for a person is theirs to end.
_RELEASE = text(
    f"""
    UPDATE lead SET {NO_HOLD}
    WHERE id = :lead_id AND held_by_message_id = :message_id AND NOT EXISTS (
        SELECT FROM {group_of("lead.id")} AS person JOIN suppression_review AS review ON review.lead_id = person.lead_id
        WHERE {UNDECIDED} AND review.message_id <> :message_id)
    RETURNING id
    """  # noqa: S608 (constants only)
)

_RELEASE_BY_PERSON = text(
    f"""
    WITH held AS (
        SELECT id, held_at, held_rule, held_by_message_id FROM lead WHERE id = :lead_id AND held_at IS NOT NULL
    ), dismissed AS (
        UPDATE message SET suppression_dismissed_at = now() FROM held
        WHERE message.id = held.held_by_message_id OR message.id IN (
            SELECT review.message_id FROM suppression_review AS review
            WHERE review.lead_id IN {group_of(":lead_id")} AND {UNDECIDED})
    ), released AS (
        UPDATE lead SET {NO_HOLD} FROM held WHERE lead.id = held.id
    )
    SELECT held_at, held_rule, held_by_message_id FROM held
    """  # noqa: S608 (constants only)
)


def place_hold(connection: Connection, lead_id: LeadId, *, message_id: MessageId, rule: str, words: str) -> bool:
    """Holds the lead for a suspected opt-out; True unless it is suppressed or a person has dismissed the message."""
    evidence = json.dumps({"words": words}, ensure_ascii=False)
    values = {"lead_id": lead_id, "message_id": message_id, "rule": rule, "evidence": evidence}
    return connection.execute(_PLACE, values).one_or_none() is not None


def release_hold(connection: Connection, lead_id: LeadId, message_id: MessageId) -> bool:
    """Ends the hold that this message has placed, since it is no opt-out; True if it was the lead's.

    A hold stays while an earlier suspicion of the lead waits for a person.
    """
    return connection.execute(_RELEASE, {"lead_id": lead_id, "message_id": message_id}).one_or_none() is not None


@dataclass(frozen=True, slots=True)
class EndedHold:
    """A hold as it was before a person ended it."""

    held_at: datetime
    rule: str
    message_id: MessageId | None


def release_hold_by_person(connection: Connection, lead_id: LeadId) -> EndedHold | None:
    """Ends whatever holds the lead; no message behind it holds or suppresses again. None: nothing holds it."""
    row = connection.execute(_RELEASE_BY_PERSON, {"lead_id": lead_id}).one_or_none()
    if row is None:
        return None
    message_id = row.held_by_message_id
    return EndedHold(row.held_at, row.held_rule, None if message_id is None else MessageId(message_id))


@dataclass(frozen=True, slots=True)
class HeldLeadReport:
    """A held lead as people see it; ``finding``: a model's own words where it could not decide."""

    id: LeadId
    email: str | None
    name: str
    held_at: datetime
    rule: str
    words: str
    finding: str | None
    asks_a_person: bool  # False: a model has not been asked yet


_LIST = text(
    f"""
    SELECT lead.id, lead.email, concat_ws(' ', lead.first_name, lead.last_name) AS name, lead.held_at,
           lead.held_rule AS rule, coalesce(lead.hold_evidence ->> 'words', '') AS words, review.finding,
           review.id IS NOT NULL AS asks_a_person
    FROM lead LEFT JOIN LATERAL (
        SELECT review.id, review.finding
        FROM {group_of("lead.id")} AS person JOIN suppression_review AS review ON review.lead_id = person.lead_id
        WHERE {UNDECIDED} ORDER BY review.id DESC LIMIT 1
    ) AS review ON true
    WHERE lead.client_id = :client_id AND lead.held_at IS NOT NULL AND lead.merged_into_id IS NULL
    ORDER BY lead.held_at LIMIT :limit
    """  # noqa: S608 (constants only)
)


def list_held(connection: Connection, client_id: ClientId, *, limit: int) -> Sequence[HeldLeadReport]:
    """Lists the client's held leads, the longest held first."""
    rows: Any = connection.execute(_LIST, {"client_id": client_id, "limit": limit})
    return [HeldLeadReport(**row._mapping) for row in rows]
