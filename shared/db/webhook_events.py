"""Queries of webhook_event: what was delivered, byte for byte, and how it was judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, Direction, EventOutcome, LeadId, MessageId


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A delivery as it is kept."""

    client_id: ClientId
    delivery_key: bytes
    event_type: str | None
    raw_body: bytes
    payload: Mapping[str, Any] | None  # fit for jsonb
    received_at: datetime

    def parameters(self) -> dict[str, Any]:
        """The statement parameters of EVENT_COLUMNS, but for the outcome, detail and message."""
        return {
            "event_id": uuid7(),
            "client_id": self.client_id,
            "delivery_key": self.delivery_key,
            "event_type": self.event_type,
            "raw_body": self.raw_body,
            "payload": None if self.payload is None else json.dumps(self.payload, ensure_ascii=False),
            "received_at": self.received_at,
        }


@dataclass(frozen=True, slots=True)
class EarlierDelivery:
    """The same delivery, seen before."""

    outcome: EventOutcome
    message_id: MessageId | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """The message that bears an event's e-mail id."""

    id: MessageId
    lead_id: LeadId
    direction: Direction


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """What is known when a delivery comes in: its client, whether it came before, and the message of its e-mail id."""

    workspace_id: str | None
    token_version: int
    disabled: bool
    earlier: EarlierDelivery | None
    message: KnownMessage | None


_LOAD_CONTEXT = text(
    """
    SELECT client.instantly_workspace_id, client.webhook_token_version, client.disabled_at IS NOT NULL AS disabled,
           event.outcome, event.message_id AS event_message_id, event.received_at,
           message.id AS message_id, message.lead_id, message.direction
    FROM client
    LEFT JOIN webhook_event AS event ON event.client_id = client.id AND event.delivery_key = :delivery_key
    LEFT JOIN message ON message.client_id = client.id AND message.provider_message_id = :email_id
    WHERE client.id = :client_id
    """
)


def load_delivery_context(
    connection: Connection, client_id: ClientId, delivery_key: bytes, email_id: str | None
) -> DeliveryContext | None:
    """The state before a delivery is judged, or None for an unknown client.

    It is read before any lock is had: good enough to know the client and which lead to lock. What must be certain is
    read again by the statement that records.
    """
    row = connection.execute(
        _LOAD_CONTEXT, {"client_id": client_id, "delivery_key": delivery_key, "email_id": email_id}
    ).one_or_none()
    if row is None:
        return None
    return DeliveryContext(
        workspace_id=row.instantly_workspace_id,
        token_version=row.webhook_token_version,
        disabled=row.disabled,
        earlier=None
        if row.outcome is None
        else EarlierDelivery(EventOutcome(row.outcome), row.event_message_id, row.received_at),
        message=None if row.message_id is None else KnownMessage(row.message_id, row.lead_id, Direction(row.direction)),
    )


EVENT_COLUMNS = "id, client_id, delivery_key, event_type, raw_body, payload, received_at, outcome, detail, message_id"
EVENT_VALUES = (
    "CAST(:event_id AS uuid), CAST(:client_id AS uuid), CAST(:delivery_key AS bytea), CAST(:event_type AS text),"
    " CAST(:raw_body AS bytea), CAST(:payload AS jsonb), CAST(:received_at AS timestamptz)"
)

# The delivery key closes the race of identical deliveries: the later one counts itself on the earlier one's row. Only
# a quarantined row may be judged anew.
ON_SAME_DELIVERY = """
    ON CONFLICT (client_id, delivery_key) DO UPDATE
    SET deliveries = event.deliveries + 1,
        event_type = CASE WHEN event.outcome = 'QUARANTINED' THEN excluded.event_type ELSE event.event_type END,
        payload = CASE WHEN event.outcome = 'QUARANTINED' THEN excluded.payload ELSE event.payload END,
        detail = CASE WHEN event.outcome = 'QUARANTINED' THEN excluded.detail ELSE event.detail END,
        message_id = CASE WHEN event.outcome = 'QUARANTINED' THEN excluded.message_id ELSE event.message_id END,
        outcome = CASE WHEN event.outcome = 'QUARANTINED' THEN excluded.outcome ELSE event.outcome END
"""

# ``before`` has the snapshot of this statement: under the lead's lock it tells whether another delivery of the same
# bytes was judged while this one waited.
_RECORD = text(
    f"""
    WITH before AS (
        SELECT outcome FROM webhook_event WHERE client_id = :client_id AND delivery_key = :delivery_key
    ), recorded AS (
        INSERT INTO webhook_event AS event ({EVENT_COLUMNS})
        VALUES ({EVENT_VALUES}, :outcome, :detail, :message_id)
        {ON_SAME_DELIVERY}
        RETURNING id
    )
    SELECT before.outcome FROM recorded LEFT JOIN before ON true
    """  # noqa: S608 (constants only)
)


def record_event(
    connection: Connection,
    event: EventRecord,
    outcome: EventOutcome,
    *,
    detail: str | None = None,
    message_id: MessageId | None = None,
) -> EventOutcome | None:
    """Keeps a delivery and how it was judged; returns how the same delivery had been judged before, if it was."""
    before = connection.execute(
        _RECORD, {**event.parameters(), "outcome": outcome.value, "detail": detail, "message_id": message_id}
    ).scalar_one()
    return None if before is None else EventOutcome(before)


_COUNT_REPEAT = text(
    "UPDATE webhook_event SET deliveries = deliveries + 1 WHERE client_id = :client_id AND delivery_key = :delivery_key"
)


def count_repeated_delivery(connection: Connection, client_id: UUID, delivery_key: bytes) -> None:
    """Counts one more delivery of the same bytes."""
    connection.execute(_COUNT_REPEAT, {"client_id": client_id, "delivery_key": delivery_key})
