"""Listings of deliveries, and how each was judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.domain.vocabulary import (
    EventOutcome,
    HeldReason,
    Provider,
)


@dataclass(frozen=True, slots=True)
class EventReport:
    id: UUID
    client_id: UUID | None
    provider: str  # as it is stored
    external_account: str | None
    event_type: str | None
    outcome: str
    detail: str | None
    message_id: UUID | None
    lead_id: UUID | None
    lead_email: str | None
    deliveries: int
    size_bytes: int
    received_at: datetime


_EVENTS = """
    SELECT event.id, event.client_id, event.provider, event.external_account, event.event_type, event.outcome,
           event.detail, event.message_id, lead.id AS lead_id, lead.email AS lead_email, event.deliveries,
           octet_length(event.raw_body) AS size_bytes, event.received_at
    FROM webhook_event AS event
    LEFT JOIN message ON message.id = event.message_id
    LEFT JOIN lead ON lead.id = message.lead_id
"""


def list_events(
    connection: Connection,
    client_id: UUID | None,
    *,
    outcomes: Sequence[EventOutcome] = (),
    providers: Sequence[Provider] = (),
    reasons: Sequence[str] = (),
    limit: int = 50,
) -> list[EventReport]:
    """Lists the client's newest deliveries, of the given outcomes, providers and reasons (any when empty).

    A ``client_id`` of None stands for deliveries of workspaces that were not there when they were judged, and of
    accounts that nobody has.
    """
    unknown = "(event.detail = 'unknown_workspace' OR event.client_id IS NULL)"
    whose = "event.client_id = :client_id" if client_id is not None else unknown
    rows = connection.execute(
        text(f"""
            {_EVENTS}
            WHERE {whose} AND (:any_outcome OR event.outcome = ANY(:outcomes))
              AND (:any_provider OR event.provider = ANY(:providers))
              AND (:any_reason OR event.detail = ANY(:reasons))
            ORDER BY event.received_at DESC, event.id DESC
            LIMIT :limit
        """),
        {
            **({} if client_id is None else {"client_id": client_id}),
            "any_outcome": not outcomes,
            "outcomes": [word.value for word in outcomes],
            "any_provider": not providers,
            "providers": [word.value for word in providers],
            "any_reason": not reasons,
            "reasons": list(reasons),
            "limit": limit,
        },
    )
    return [EventReport(**row._mapping) for row in rows]


def count_held_events(connection: Connection) -> dict[str, int]:
    """Counts the acknowledged deliveries of every client that wait in quarantine for a person, by reason."""
    rows = connection.execute(
        text("""
            SELECT detail, count(*) FROM webhook_event
            WHERE outcome = 'QUARANTINED' AND detail = ANY(:reasons) GROUP BY detail ORDER BY detail
        """),
        {"reasons": [word.value for word in HeldReason]},
    )
    return {str(reason): int(count) for reason, count in rows}


def get_event(connection: Connection, event_id: UUID) -> EventReport | None:
    row = connection.execute(text(f"{_EVENTS} WHERE event.id = :id"), {"id": event_id}).one_or_none()
    return None if row is None else EventReport(**row._mapping)


def read_raw_body(connection: Connection, event_id: UUID) -> bytes | None:
    """Reads the delivery byte for byte as it came."""
    body = connection.execute(
        text("SELECT raw_body FROM webhook_event WHERE id = :id"), {"id": event_id}
    ).scalar_one_or_none()
    return None if body is None else bytes(body)
