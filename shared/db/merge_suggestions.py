"""Queries of merge_suggestion: leads that may be one person, which a person decides about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from shared.domain.identity import Match
from shared.domain.vocabulary import ClientId, LeadId

_SUGGEST = text(
    """
    INSERT INTO merge_suggestion (client_id, lead_id, other_lead_id, kind)
    SELECT :client_id, least(one.id, other.id), greatest(one.id, other.id), other.kind
    FROM (SELECT CAST(:lead_id AS uuid) AS id) AS one,
         unnest(CAST(:other_lead_ids AS uuid[]), CAST(:kinds AS text[])) AS other (id, kind)
    ORDER BY 2, 3
    ON CONFLICT (lead_id, other_lead_id) DO NOTHING
    """
)


def suggest_merges(connection: Connection, client_id: ClientId, match: Match) -> None:
    """Notes the leads that may be the same person as the match's, once each: a person decides, and only once."""
    if match.others:
        connection.execute(
            _SUGGEST,
            {
                "client_id": client_id,
                "lead_id": match.lead_id,
                "other_lead_ids": [other.lead_id for other in match.others],
                "kinds": [other.kind.value for other in match.others],
            },
        )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two leads that may be one person. ``kind``: of the key that points to both."""

    lead_id: LeadId
    email: str | None
    name: str
    other_lead_id: LeadId
    other_email: str | None
    other_name: str
    kind: str
    created_at: datetime


# A lead that has been merged since stands for its head; two of one group need no decision any more.
_SUGGESTIONS = text(
    """
    SELECT one.id, one.email, concat_ws(' ', one.first_name, one.last_name) AS name,
           other.id AS other_lead_id, other.email AS other_email,
           concat_ws(' ', other.first_name, other.last_name) AS other_name, suggestion.kind, suggestion.created_at
    FROM merge_suggestion AS suggestion
    JOIN lead AS noted ON noted.id = suggestion.lead_id
    JOIN lead AS other_noted ON other_noted.id = suggestion.other_lead_id
    JOIN lead AS one ON one.id = coalesce(noted.merged_into_id, noted.id)
    JOIN lead AS other ON other.id = coalesce(other_noted.merged_into_id, other_noted.id)
    WHERE suggestion.client_id = :client_id AND suggestion.decided_at IS NULL AND one.id <> other.id
    ORDER BY suggestion.created_at DESC, suggestion.id DESC LIMIT :limit
    """
)


def list_suggestions(connection: Connection, client_id: ClientId, *, limit: int) -> Sequence[Suggestion]:
    """Lists the leads that nobody has decided about, the newest suggestion first."""
    rows = connection.execute(_SUGGESTIONS, {"client_id": client_id, "limit": limit})
    return [Suggestion(*row) for row in rows]
