"""Queries of webhook_event: what was delivered, byte for byte, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    PERSON_ERASED,
    ClientId,
    EventOutcome,
    LeadId,
    MessageId,
    Provider,
    ProviderAccountId,
    Source,
    known,
)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A delivery as it is kept; what could not be read of it is None. Without a client, its account is nobody's."""

    client_id: ClientId | None
    delivery_key: bytes
    provider: Provider
    source: Source
    raw_body: bytes
    received_at: datetime
    event_type: str | None = None
    payload: Mapping[str, Any] | None = None  # fit for jsonb
    external_account: str | None = None
    provider_account_id: ProviderAccountId | None = None
    lead_id: LeadId | None = None
    person_hash: bytes | None = None  # what is kept of an erased person is found by it

    def parameters(self) -> dict[str, Any]:
        """Returns the values of EVENT_COLUMNS, but for the outcome, detail, message and lead."""
        return {
            "event_id": uuid7(),
            "client_id": self.client_id,
            "delivery_key": self.delivery_key,
            "provider": self.provider.value,
            "source": self.source.value,
            "event_type": self.event_type,
            "raw_body": self.raw_body,
            "payload": None if self.payload is None else json.dumps(self.payload, ensure_ascii=False),
            "received_at": self.received_at,
            "external_account": self.external_account,
            "provider_account_id": self.provider_account_id,
            "person_hash": self.person_hash,
        }


SETTLED = (EventOutcome.ACCEPTED, EventOutcome.DUPLICATE)
"""Outcomes of deliveries that had their effect. The others are handled again when they come again: a fix may have been
deployed, a client corrected, an event type learnt."""

IS_SETTLED = f"IN ({', '.join(f"'{outcome}'" for outcome in SETTLED)})"
"""SQL behind an outcome."""

EVENT_COLUMNS = (
    "id, client_id, delivery_key, provider, source, event_type, raw_body, payload, received_at, external_account,"
    " provider_account_id, person_hash, outcome, detail, message_id, lead_id"
)
EVENT_VALUES = (
    "CAST(:event_id AS uuid), CAST(:client_id AS uuid), CAST(:delivery_key AS bytea), CAST(:provider AS text),"
    " CAST(:source AS text), CAST(:event_type AS text), CAST(:raw_body AS bytea), CAST(:payload AS jsonb),"
    " CAST(:received_at AS timestamptz), CAST(:external_account AS text), CAST(:provider_account_id AS uuid),"
    " CAST(:person_hash AS bytea)"
)

# The delivery key closes the race of identical deliveries: the later one counts itself on the earlier one's row. Only
# a row that had no effect may be handled anew. The key is that of the bytes as they came: of what was parked without
# some of them, or whose bytes were lost, the fuller body is the truer one.
ON_SAME_DELIVERY = f"""
    ON CONFLICT (client_id, delivery_key) DO UPDATE
    SET deliveries = event.deliveries + 1,
        event_type = coalesce(excluded.event_type, event.event_type),
        payload = coalesce(excluded.payload, event.payload),
        external_account = coalesce(excluded.external_account, event.external_account),
        provider_account_id = coalesce(excluded.provider_account_id, event.provider_account_id),
        lead_id = coalesce(excluded.lead_id, event.lead_id),
        person_hash = coalesce(excluded.person_hash, event.person_hash),
        raw_body = CASE WHEN octet_length(excluded.raw_body) > octet_length(event.raw_body) THEN excluded.raw_body
                        ELSE event.raw_body END,
        detail = CASE WHEN event.outcome {IS_SETTLED} THEN event.detail ELSE excluded.detail END,
        message_id = coalesce(event.message_id, excluded.message_id),
        outcome = CASE WHEN event.outcome {IS_SETTLED} THEN event.outcome ELSE excluded.outcome END
    WHERE event.detail IS DISTINCT FROM '{PERSON_ERASED}'
"""  # noqa: S608 (constants only)

# A part of a larger WITH, after the CTE ``target`` (id, lead_id, is_new): the event of the message that it holds.
RECORD_EVENT_OF_TARGET = f"""
    recorded AS (
        INSERT INTO webhook_event AS event ({EVENT_COLUMNS})
        SELECT {EVENT_VALUES},
               CASE WHEN is_new THEN '{EventOutcome.ACCEPTED}' ELSE '{EventOutcome.DUPLICATE}' END, NULL, target.id,
               target.lead_id
        FROM target
        {ON_SAME_DELIVERY}
    )
"""  # noqa: S608 (constants only)

# A part of a larger WITH: counts a delivery that came before; its row says which message it led to.
COUNT_DELIVERY = """
    counted AS (
        UPDATE webhook_event SET deliveries = deliveries + 1
        WHERE client_id = :client_id AND delivery_key = :delivery_key
        RETURNING message_id
    )
"""

# ``before`` has the snapshot of this statement: under the lead's lock it tells whether another delivery of the same
# bytes was handled while this one waited.
_RECORD = text(
    f"""
    WITH before AS (
        SELECT outcome FROM webhook_event WHERE client_id = :client_id AND delivery_key = :delivery_key
    ), recorded AS (
        INSERT INTO webhook_event AS event ({EVENT_COLUMNS})
        VALUES ({EVENT_VALUES}, :outcome, :detail, :message_id, :event_lead_id)
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
) -> str | None:
    """Keeps a delivery and what became of it; returns what had become of the same delivery before, if it came."""
    before: str | None = connection.execute(
        _RECORD,
        {
            **event.parameters(),
            "outcome": outcome.value,
            "detail": detail,
            "message_id": message_id,
            "event_lead_id": event.lead_id,
        },
    ).scalar_one_or_none()
    return before


def is_known(connection: Connection, client_id: ClientId, delivery_key: bytes) -> bool:
    """Tells whether a delivery is kept, whatever became of it."""
    statement = text("SELECT 1 FROM webhook_event WHERE client_id = :client_id AND delivery_key = :delivery_key")
    parameters = {"client_id": client_id, "delivery_key": delivery_key}
    return connection.execute(statement, parameters).one_or_none() is not None


@dataclass(frozen=True, slots=True)
class KeptDelivery:
    """A delivery byte for byte as it came, for handling it again. ``external_account``: of one without a client."""

    client_id: ClientId | None
    delivery_key: bytes
    provider: Provider
    source: Source
    raw_body: bytes
    received_at: datetime
    detail: str | None
    external_account: str | None


def load_kept_delivery(connection: Connection, event_id: UUID) -> KeptDelivery | None:
    """Loads a delivery. Raises UnknownValueError."""
    statement = text(
        "SELECT client_id, delivery_key, provider, source, raw_body, received_at, detail,"
        " CASE WHEN client_id IS NULL THEN external_account END AS external_account FROM webhook_event WHERE id = :id"
    )
    row = connection.execute(statement, {"id": event_id}).one_or_none()
    if row is None:
        return None
    return KeptDelivery(
        row.client_id,
        bytes(row.delivery_key),
        known(Provider, row.provider),
        known(Source, row.source),
        bytes(row.raw_body),
        row.received_at,
        row.detail,
        row.external_account,
    )
