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
from shared.db.suppression_reviews import UNDECIDED, asked_for_displaced, unread
from shared.domain.vocabulary import ClientId, LeadId, MessageId

NO_HOLD = "held_at = NULL, held_by_message_id = NULL, held_rule = NULL, hold_evidence = NULL"
"""SQL: the columns of a lead that nothing holds."""


def _asked_about(lead_id: str, *, besides: str = "NULL") -> str:
    """SQL: whether a person is asked about a message of the lead's group, besides one; both are expressions."""
    return f"""EXISTS (
        SELECT FROM {group_of(lead_id)} AS person JOIN suppression_review AS review ON review.lead_id = person.lead_id
        WHERE {UNDECIDED} AND review.message_id IS DISTINCT FROM {besides})"""  # noqa: S608


# The newest suspicion is the one that holds; a person is asked about the one whose place it takes, unless that was
# read. A message that a person has dismissed as an opt-out holds nobody.
_PLACE = text(
    f"""
    WITH before AS MATERIALIZED (
        SELECT id, client_id, held_by_message_id, held_rule, hold_evidence FROM lead WHERE id = :lead_id
    ), placed AS (
        UPDATE lead
        SET held_at = coalesce(held_at, now()), held_by_message_id = :message_id, held_rule = :rule,
            hold_evidence = CAST(:evidence AS jsonb)
        WHERE id = :lead_id AND suppressed_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM message WHERE id = :message_id AND suppression_dismissed_at IS NOT NULL)
        RETURNING id
    ), displaced AS ({
        asked_for_displaced("before", where="held.held_by_message_id <> :message_id AND EXISTS (SELECT FROM placed)")
    })
    SELECT id FROM placed
    """  # noqa: S608 (constants only)
)

# A message is dealt with once it was read and nobody is asked about it. A lead that was merged with this one may be
# held by the same message, also after they were parted.
_RELEASE = text(
    f"""
    UPDATE lead SET {NO_HOLD}
    FROM lead AS held
    WHERE lead.id = held.id AND lead.held_by_message_id IS NOT DISTINCT FROM held.held_by_message_id
      AND held.client_id = :client_id AND held.held_at IS NOT NULL
      AND (held.held_by_message_id = :message_id OR held.id IN {group_of(":lead_id")})
      AND NOT {unread("held.held_by_message_id")} AND NOT {_asked_about("held.id", besides=":message_id")}
    """  # noqa: S608 (constants only)
)

_RELEASE_BY_PERSON = text(
    f"""
    WITH held AS (
        SELECT id, client_id, held_at, held_rule, held_by_message_id FROM lead
        WHERE id = :lead_id AND held_at IS NOT NULL
    ), dismissed AS (
        UPDATE message SET suppression_dismissed_at = now() FROM held
        WHERE message.id = held.held_by_message_id OR message.id IN (
            SELECT review.message_id FROM suppression_review AS review
            WHERE review.lead_id IN {group_of(":lead_id")} AND {UNDECIDED})
        RETURNING message.id
    ), released AS (
        UPDATE lead SET {NO_HOLD} FROM held
        WHERE lead.client_id = held.client_id AND lead.held_at IS NOT NULL AND (
            lead.id IN {group_of(":lead_id")} OR (
                lead.held_by_message_id IN (SELECT id FROM dismissed) AND NOT {_asked_about("lead.id")}))
    )
    SELECT held_at, held_rule, held_by_message_id FROM held
    """  # noqa: S608 (constants only)
)


def place_hold(connection: Connection, lead_id: LeadId, *, message_id: MessageId, rule: str, words: str) -> bool:
    """Holds the lead for a suspected opt-out; True unless it is suppressed or a person has dismissed the message."""
    evidence = json.dumps({"words": words}, ensure_ascii=False)
    values = {"lead_id": lead_id, "message_id": message_id, "rule": rule, "evidence": evidence}
    return connection.execute(_PLACE, values).one_or_none() is not None


def release_hold(connection: Connection, client_id: ClientId, lead_id: LeadId, message_id: MessageId) -> None:
    """Ends the lead's hold now that this message is no opt-out, unless another one of the lead's may be one."""
    connection.execute(_RELEASE, {"client_id": client_id, "lead_id": lead_id, "message_id": message_id})


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
