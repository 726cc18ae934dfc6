"""The first statement of a delivery: who is it from, did it come before, whom is it about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, TextClause, text

from shared.db.lead_identity import (
    FIND_BY_ONE_KEY,
    FIND_OR_MAKE_LEAD,
    LEAD_COLUMNS,
    FoundLead,
    find_or_make_sql,
    found_lead,
    person_parameters,
)
from shared.db.webhook_events import IS_SETTLED
from shared.domain.events import Campaign, Person
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    PERSON_ERASED,
    ClientId,
    Direction,
    HeldReason,
    LeadId,
    MessageId,
    Provider,
    ProviderAccountId,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A question about a delivery, before it is handled.

    A ``token_version`` of None is a caller that needs no token. ``acknowledged``: its sender was told at
    ``received_at`` that we have it, so it is handled as of then, else as of now. ``account_id``: the account by which
    the client was found; ``external_account``: the one that the event names. ``person`` is whom it has an effect on,
    None if on nobody; ``create``: an unknown person becomes a lead. ``address_hashes`` are those of the addresses of
    whom it is about, and ``said_at`` is when they wrote it; None: they did not. ``id_scope``: the thread of the message
    id, at a provider whose ids are only unique within one.
    """

    client_id: ClientId
    delivery_key: bytes
    provider: Provider
    token_version: int | None
    received_at: datetime
    acknowledged: bool
    external_account: str | None = None
    provider_message_id: str | None = None
    id_scope: str | None = None
    account_id: ProviderAccountId | None = None
    person: Person | None = None
    create: bool = False
    campaign: Campaign | None = None
    address_hashes: Sequence[bytes] = ()
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EarlierDelivery:
    """The same delivery, seen before."""

    outcome: str  # as it is stored: a newer release may have written it
    message_id: MessageId | None
    lead_id: LeadId | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """The message that bears an event's message id. ``lead_id``: its lead, or the one which that was merged into."""

    id: MessageId
    lead_id: LeadId
    direction: str  # as it is stored, like an outcome


@dataclass(frozen=True, slots=True)
class OpenedDelivery:
    """Everything that is known when a delivery comes in; the lead is locked for this transaction."""

    client_id: ClientId
    inadmissible: HeldReason | None  # the client is disabled, or the token's version is not the client's
    account_id: ProviderAccountId | None
    own_account: bool  # False: the account that the event names is another client's, or none of this client's
    earlier: EarlierDelivery | None
    erased: bool  # it is about an erased person, and nothing that they have written since
    writes_again: bool  # it is what an erased person has written since
    message: KnownMessage | None
    lead: FoundLead


# Who is it, did it come before, and the lock on whom it is about, in one statement.
#
# Nothing is locked or made for who is not admitted, for a delivery that was handled before, or for a reply that is
# known by its message id: that one may be another lead's. Since this statement's snapshot was taken before the wait for
# the lock, whatever must be certain is read again by the statement that records.
#
# An account that the event names must be the client's: the one that it has registered, or while it has registered none,
# one that nobody else has.
#
# Campaigns are hot rows: many leads of one campaign reply at once. So an unchanged campaign is neither written nor
# locked, and which id it has is looked up by the recording statement, whose snapshot also sees one that another
# session has inserted meanwhile.
#
# An erased person is known by the tombstones of their addresses. Only what they have written since counts: what comes
# late or again, and what others say of them, has no effect and is not kept.
#
# A delivery that its sender was told we have is handled as of its arrival: rotating a token or disabling a client must
# not take back what was acknowledged before. Only the version right before the current one can be shown to have been
# valid then.
def _opening(find: str) -> TextClause:
    return text(
        f"""
    WITH context AS MATERIALIZED (
        SELECT client.id AS client_id,
               CASE WHEN client.disabled_at IS NOT NULL
                     AND NOT (:acknowledged AND client.disabled_at > CAST(:received_at AS timestamptz))
                    THEN '{HeldReason.WORKSPACE_DISABLED}'
                    WHEN CAST(:token_version AS integer) <> client.webhook_token_version
                     AND NOT (:acknowledged AND CAST(:token_version AS integer) = client.webhook_token_version - 1
                              AND coalesce(client.webhook_token_rotated_at > CAST(:received_at AS timestamptz), false))
                    THEN '{HeldReason.TOKEN_SUPERSEDED}'
               END AS inadmissible,
               account.id AS account_id,
               CASE WHEN CAST(:external_account AS text) IS NULL THEN true
                    WHEN account.external_id IS NOT NULL THEN lower(account.external_id) = lower(:external_account)
                    ELSE NOT EXISTS (SELECT 1 FROM provider_account AS others
                                     WHERE others.provider = :provider AND others.client_id <> client.id
                                       AND lower(others.external_id) = lower(:external_account))
               END AS own_account,
               event.outcome, event.message_id AS event_message_id, event.lead_id AS event_lead_id, event.received_at,
               coalesce(event.detail = '{PERSON_ERASED}', false) AS is_erased,
               (SELECT coalesce(max(erased_at) < CAST(:said_at AS timestamptz)
                                AND coalesce(max(erased_at) < event.received_at, true), false)
                FROM tombstone
                WHERE tombstone.client_id = client.id AND address_hash = ANY(CAST(:address_hashes AS bytea[]))
                HAVING count(*) > 0) AS writes_again,
               message.id AS message_id, coalesce(its_lead.merged_into_id, its_lead.id) AS message_lead_id,
               message.direction
        FROM client
        LEFT JOIN LATERAL (
            SELECT id, external_id FROM provider_account
            WHERE provider_account.client_id = client.id AND provider = :provider
            ORDER BY id = CAST(:account_id AS uuid) DESC NULLS LAST,
                     lower(external_id) = lower(CAST(:external_account AS text)) DESC NULLS LAST, created_at, id LIMIT 1
        ) AS account ON true
        LEFT JOIN webhook_event AS event ON event.client_id = client.id AND event.delivery_key = :delivery_key
        LEFT JOIN message ON message.provider_account_id = account.id
                         AND message.provider_message_id = CAST(:provider_message_id AS text)
                         AND coalesce(coalesce(message.thread_id, '') = CAST(:id_scope AS text), true)
        LEFT JOIN lead AS its_lead ON its_lead.id = message.lead_id
        WHERE client.id = :client_id
    ), opened AS MATERIALIZED (
        SELECT client_id FROM context
        WHERE inadmissible IS NULL AND own_account AND coalesce(outcome {IS_SETTLED}, false) IS FALSE
          AND NOT is_erased AND coalesce(writes_again, true)
          AND coalesce(direction, '{Direction.OUTBOUND}') = '{Direction.OUTBOUND}' AND :has_person
    ), {find}, new_campaign AS (
        INSERT INTO campaign (id, client_id, provider, provider_account_id, provider_campaign_id, name)
        SELECT CAST(:campaign_id AS uuid), opened.client_id, :provider, context.account_id,
               CAST(:provider_campaign_id AS text),
               coalesce(CAST(:campaign_name AS text), 'Campaign ' || CAST(:provider_campaign_id AS text))
        FROM opened, context WHERE :create AND CAST(:provider_campaign_id AS text) IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM campaign WHERE client_id = :client_id AND provider = :provider
               AND provider_campaign_id = :provider_campaign_id)
        ON CONFLICT (client_id, provider, provider_campaign_id) DO NOTHING
    ), renamed_campaign AS (
        UPDATE campaign SET name = :campaign_name
        FROM opened
        WHERE campaign.client_id = :client_id AND provider = :provider
          AND provider_campaign_id = :provider_campaign_id AND name <> CAST(:campaign_name AS text)
    )
    SELECT context.*, {LEAD_COLUMNS} FROM context CROSS JOIN lead_of_event
    """  # noqa: S608 (constants only)
    )


_OPEN = {find: _opening(find) for find in (FIND_BY_ONE_KEY, FIND_OR_MAKE_LEAD)}


def open_delivery(connection: Connection, opening: Opening) -> OpenedDelivery | None:
    """Looks at a delivery before it is handled, and locks the lead that it is about; None for an unknown client."""
    campaign = opening.campaign
    row = connection.execute(
        _OPEN[find_or_make_sql(opening.person)],
        {
            "client_id": opening.client_id,
            "delivery_key": opening.delivery_key,
            "token_version": opening.token_version,
            "received_at": opening.received_at,
            "acknowledged": opening.acknowledged,
            "external_account": opening.external_account,
            "account_id": opening.account_id,
            "provider_message_id": opening.provider_message_id,
            "id_scope": opening.id_scope,
            "provider": opening.provider.value,
            "campaign_id": uuid7(),
            "address_hashes": list(opening.address_hashes),
            "said_at": opening.said_at,
            "has_person": opening.person is not None,
            **person_parameters(opening.person, create=opening.create),
            "provider_campaign_id": None if campaign is None else campaign.provider_campaign_id,
            "campaign_name": None if campaign is None else campaign.name,
        },
    ).one_or_none()
    if row is None:
        return None
    return OpenedDelivery(
        client_id=row.client_id,
        inadmissible=None if row.inadmissible is None else HeldReason(row.inadmissible),
        account_id=row.account_id,
        own_account=row.own_account,
        earlier=None
        if row.outcome is None
        else EarlierDelivery(row.outcome, row.event_message_id, row.event_lead_id, row.received_at),
        erased=row.is_erased or row.writes_again is False,
        writes_again=bool(row.writes_again),
        message=None if row.message_id is None else KnownMessage(row.message_id, row.message_lead_id, row.direction),
        lead=found_lead(row),
    )
