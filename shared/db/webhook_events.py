"""Queries of webhook_event: what was delivered, byte for byte, and how it was judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, EventOutcome, HeldReason, LeadId, MessageId, Provider


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

    outcome: str  # as it is stored: a newer release may have written it
    message_id: MessageId | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """The message that bears an event's e-mail id."""

    id: MessageId
    lead_id: LeadId
    direction: str  # as it is stored, like an outcome


@dataclass(frozen=True, slots=True)
class LeadOfEvent:
    """The person that an event is about, as the event tells it, and the campaign that it belongs to.

    ``email`` is canonical. ``create`` says whether the event makes an unknown person a lead.
    """

    email: str
    create: bool
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    provider_campaign_id: str | None = None
    campaign_name: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedDelivery:
    """What is known when a delivery comes in."""

    inadmissible: HeldReason | None  # the client is disabled, or the token's version is not the client's
    own_workspace: bool
    earlier: EarlierDelivery | None
    message: KnownMessage | None
    lead_id: LeadId | None  # locked for this transaction


# Who is it, did it come before, and the lock on whom it is about, in one statement.
#
# The lead's row lock serialises everything about one person. A lead that exists is locked without being rewritten; a
# new one is inserted, and when two sessions insert the same at once the second waits, then locks the first's row
# (DO UPDATE; DO NOTHING would leave it unlocked and unseen). Nothing is locked or made for who is not admitted, for a
# delivery that was judged before, or for a reply that is known by its e-mail id: that one may be another lead's. Since
# this statement's snapshot was taken before the wait for the lock, whatever must be certain is read again by the
# statement that records.
#
# Campaigns are hot rows: many leads of one campaign answer at once. So an unchanged campaign is neither written nor
# locked, and which id it has is looked up by the recording statement, whose snapshot also sees one that another
# session has inserted meanwhile.
#
# A delivery that its sender was told we have is judged as of its arrival: rotating a token or disabling a client must
# not take back what was acknowledged before. Only the version right before the current one can be shown to have been
# valid then.
_OPEN = text(
    """
    WITH context AS MATERIALIZED (
        SELECT client.id AS client_id,
               CASE WHEN client.disabled_at IS NOT NULL
                     AND NOT (:acknowledged AND client.disabled_at > CAST(:received_at AS timestamptz))
                    THEN 'workspace_disabled'
                    WHEN CAST(:token_version AS integer) <> client.webhook_token_version
                     AND NOT (:acknowledged AND CAST(:token_version AS integer) = client.webhook_token_version - 1
                              AND coalesce(client.webhook_token_rotated_at > CAST(:received_at AS timestamptz), false))
                    THEN 'token_superseded'
               END AS inadmissible,
               coalesce(lower(client.instantly_workspace_id) = lower(CAST(:workspace AS text)), true) AS own_workspace,
               event.outcome, event.message_id AS event_message_id, event.received_at,
               message.id AS message_id, message.lead_id AS message_lead_id, message.direction
        FROM client
        LEFT JOIN webhook_event AS event ON event.client_id = client.id AND event.delivery_key = :delivery_key
        LEFT JOIN message ON message.client_id = client.id
                         AND message.provider_message_id = CAST(:provider_message_id AS text)
        WHERE client.id = :client_id
    ), opened AS MATERIALIZED (
        SELECT client_id FROM context
        WHERE inadmissible IS NULL AND own_workspace AND coalesce(outcome, '') NOT IN ('ACCEPTED', 'DUPLICATE')
          AND coalesce(direction, 'OUTBOUND') = 'OUTBOUND' AND CAST(:email AS text) IS NOT NULL
    ), held AS MATERIALIZED (
        SELECT lead.id FROM opened JOIN lead ON lead.client_id = opened.client_id AND lower(lead.email) = :email
        FOR NO KEY UPDATE OF lead
    ), made AS (
        INSERT INTO lead (id, client_id, email, first_name, last_name, company)
        SELECT CAST(:lead_id AS uuid), client_id, CAST(:email AS text), CAST(:first_name AS text),
               CAST(:last_name AS text), CAST(:company AS text)
        FROM opened WHERE :create AND NOT EXISTS (SELECT 1 FROM held)
        ON CONFLICT (client_id, lower(email)) DO UPDATE SET email = lead.email
        RETURNING id
    ), new_campaign AS (
        INSERT INTO campaign (id, client_id, provider, provider_campaign_id, name)
        SELECT CAST(:campaign_id AS uuid), client_id, :provider, CAST(:provider_campaign_id AS text),
               coalesce(CAST(:campaign_name AS text), 'Campaign ' || CAST(:provider_campaign_id AS text))
        FROM opened WHERE :create AND CAST(:provider_campaign_id AS text) IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM campaign WHERE client_id = :client_id AND provider = :provider
               AND provider_campaign_id = :provider_campaign_id)
        ON CONFLICT (client_id, provider, provider_campaign_id) DO NOTHING
    ), renamed_campaign AS (
        UPDATE campaign SET name = :campaign_name
        FROM opened
        WHERE campaign.client_id = opened.client_id AND provider = :provider
          AND provider_campaign_id = :provider_campaign_id AND name <> CAST(:campaign_name AS text)
    )
    SELECT context.*, coalesce((SELECT id FROM held), (SELECT id FROM made)) AS lead_id FROM context
    """
)


def open_delivery(
    connection: Connection,
    client_id: ClientId,
    delivery_key: bytes,
    *,
    token_version: int | None,
    received_at: datetime,
    acknowledged: bool = False,
    workspace: str | None = None,
    provider_message_id: str | None = None,
    lead: LeadOfEvent | None = None,
) -> OpenedDelivery | None:
    """Looks at a delivery before it is judged, and locks the lead that it is about; None for an unknown client.

    A ``token_version`` of None is a caller that needs no token. ``acknowledged``: its sender was told at
    ``received_at`` that we have it, so it is judged as of then, else as of now. A ``workspace`` of None, or a client
    that has none registered, leaves nothing to compare.
    """
    row = connection.execute(
        _OPEN,
        {
            "client_id": client_id,
            "delivery_key": delivery_key,
            "token_version": token_version,
            "received_at": received_at,
            "acknowledged": acknowledged,
            "workspace": workspace,
            "provider_message_id": provider_message_id,
            "provider": Provider.INSTANTLY.value,
            "lead_id": uuid7(),
            "campaign_id": uuid7(),
            "email": None if lead is None else lead.email,
            "create": lead is not None and lead.create,
            "first_name": None if lead is None else lead.first_name,
            "last_name": None if lead is None else lead.last_name,
            "company": None if lead is None else lead.company,
            "provider_campaign_id": None if lead is None else lead.provider_campaign_id,
            "campaign_name": None if lead is None else lead.campaign_name,
        },
    ).one_or_none()
    if row is None:
        return None
    return OpenedDelivery(
        inadmissible=None if row.inadmissible is None else HeldReason(row.inadmissible),
        own_workspace=row.own_workspace,
        earlier=None if row.outcome is None else EarlierDelivery(row.outcome, row.event_message_id, row.received_at),
        message=None if row.message_id is None else KnownMessage(row.message_id, row.message_lead_id, row.direction),
        lead_id=row.lead_id,
    )


def is_known(connection: Connection, client_id: ClientId, delivery_key: bytes) -> bool:
    """Whether a delivery is kept, however it was judged."""
    statement = text("SELECT 1 FROM webhook_event WHERE client_id = :client_id AND delivery_key = :delivery_key")
    parameters = {"client_id": client_id, "delivery_key": delivery_key}
    return connection.execute(statement, parameters).one_or_none() is not None


SETTLED = (EventOutcome.ACCEPTED, EventOutcome.DUPLICATE)
"""Outcomes of deliveries that had their effect. The others are judged again when they come again: a fix may have been
deployed, a client corrected, an event type learnt."""

EVENT_COLUMNS = "id, client_id, delivery_key, event_type, raw_body, payload, received_at, outcome, detail, message_id"
EVENT_VALUES = (
    "CAST(:event_id AS uuid), CAST(:client_id AS uuid), CAST(:delivery_key AS bytea), CAST(:event_type AS text),"
    " CAST(:raw_body AS bytea), CAST(:payload AS jsonb), CAST(:received_at AS timestamptz)"
)

# The delivery key closes the race of identical deliveries: the later one counts itself on the earlier one's row. Only
# a row that had no effect may be judged anew. The key is that of the bytes as they came: of what was parked without
# some of them, or whose bytes were lost, the fuller body is the truer one.
ON_SAME_DELIVERY = """
    ON CONFLICT (client_id, delivery_key) DO UPDATE
    SET deliveries = event.deliveries + 1,
        event_type = coalesce(excluded.event_type, event.event_type),
        payload = coalesce(excluded.payload, event.payload),
        raw_body = CASE WHEN octet_length(excluded.raw_body) > octet_length(event.raw_body) THEN excluded.raw_body
                        ELSE event.raw_body END,
        detail = CASE WHEN event.outcome IN ('ACCEPTED', 'DUPLICATE') THEN event.detail ELSE excluded.detail END,
        message_id = coalesce(event.message_id, excluded.message_id),
        outcome = CASE WHEN event.outcome IN ('ACCEPTED', 'DUPLICATE') THEN event.outcome ELSE excluded.outcome END
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
) -> str | None:
    """Keeps a delivery and how it was judged; returns how the same delivery had been judged before, if it was."""
    before: str | None = connection.execute(
        _RECORD, {**event.parameters(), "outcome": outcome.value, "detail": detail, "message_id": message_id}
    ).scalar_one()
    return before
