"""Queries about responses that the provider has sent for us and that we hold no row for.

A crash can lose one, and a restored database has forgotten all of its last hours. Everything here runs under the lead's
lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from shared.db.draft_states import in_status, moved, superseded
from shared.db.lead_group import group_of
from shared.db.leads import rolled_up_outbound
from shared.db.recorded_sends import SENT_PROMISES, sent_as_found
from shared.db.transactions import autocommit
from shared.domain.accounts import AccountRef
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Person
from shared.domain.identifiers import uuid7
from shared.domain.sent_match import UnsettledSend
from shared.domain.vocabulary import (
    OPEN_DRAFT_STATUSES,
    Channel,
    ClientId,
    DraftId,
    DraftStatus,
    LeadId,
    MessageId,
    SettledBy,
)


@dataclass(frozen=True, slots=True)
class FoundResponse:
    """A mail of ours as the provider shows it. ``campaign_id`` is the provider's."""

    provider_message_id: str
    thread_id: str | None
    mailbox: str | None
    subject: str
    body: str
    channel: Channel
    campaign_id: str | None
    sent_at: datetime
    reply_key: bytes
    content_key: bytes


# A draft whose send is INTENDED is on the wire right now, and is left to its worker.
_OPEN_DRAFTS = text(
    f"""
    SELECT draft.id, draft.body FROM draft
    JOIN message AS trigger ON trigger.id = draft.trigger_message_id
    LEFT JOIN outbound_send AS sending ON sending.draft_id = draft.id
    WHERE draft.lead_id IN {group_of(":lead_id")} AND {in_status((*OPEN_DRAFT_STATUSES, DraftStatus.SEND_UNCERTAIN))}
      AND sending.status IS DISTINCT FROM 'INTENDED' AND trigger.effective_at <= :sent_at
    ORDER BY trigger.effective_at DESC, trigger.id DESC
    """  # noqa: S608 (constants only)
)


def drafts_before(connection: Connection, lead_id: LeadId, sent_at: datetime) -> list[UnsettledSend]:
    """Returns the lead's open or uncertain drafts to messages older than ``sent_at``, the newest first."""
    rows = connection.execute(_OPEN_DRAFTS, {"lead_id": lead_id, "sent_at": sent_at})
    return [UnsettledSend(row.id, row.body) for row in rows]


# The message once: an event or another run may have brought it. As the outcome of a draft of ours it settles that draft
# and its send; else its author is unknown. Either way whatever else was open about older mail is moot.
_ADOPT = text(
    f"""
    WITH inserted AS (
        INSERT INTO message
            (id, client_id, lead_id, campaign_id, channel, provider_account_id, direction, subject, body_text,
             clean_text, text_source, provider_message_id, thread_id, mailbox, from_email, reply_key, content_key,
             draft_id, author_is_unknown, occurred_at, received_at, effective_at)
        SELECT :message_id, CAST(:client_id AS uuid), CAST(:lead_id AS uuid),
               (SELECT id FROM campaign
                WHERE client_id = :client_id AND provider = :provider
                  AND provider_campaign_id = CAST(:campaign_id AS text)),
               :channel, CAST(:provider_account_id AS uuid), 'OUTBOUND', :subject, :body, :body,
               'text', :provider_message_id, :thread_id, :mailbox, :mailbox,
               :reply_key, :content_key, CAST(:draft_id AS uuid), CAST(:draft_id AS uuid) IS NULL,
               CAST(:sent_at AS timestamptz), now(), least(CAST(:sent_at AS timestamptz), now())
        ON CONFLICT DO NOTHING
        RETURNING lead_id, effective_at
    ), rollup AS ({rolled_up_outbound("inserted")}), settled AS ({sent_as_found("inserted")}),
    promising AS (SELECT CAST(:draft_id AS uuid) AS draft_id FROM inserted), {SENT_PROMISES},
    {moved("sent_draft", DraftStatus.SENT, source="inserted", where="draft.id = CAST(:draft_id AS uuid)")},
    {superseded(DraftRule.ANSWERED_AT_PROVIDER, source="inserted", where="draft.id = ANY(CAST(:overtaken AS uuid[]))")}
    SELECT count(*) FROM inserted
    """  # noqa: S608 (constants only)
)


def adopt_response(
    connection: Connection,
    account: AccountRef,
    lead_id: LeadId,
    response: FoundResponse,
    *,
    draft_id: DraftId | None,
    overtaken: Sequence[DraftId],
) -> bool:
    """Records a mail of ours that was found, once; False when there is a row of it.

    ``draft_id`` is the draft that it is, None when nobody knows who wrote it; ``overtaken`` the drafts it makes moot.
    """
    adopted = connection.execute(
        _ADOPT,
        {
            "message_id": MessageId(uuid7()),
            "send_id": uuid7(),
            "client_id": account.client_id,
            "provider": account.provider.value,
            "provider_account_id": account.id,
            "channel": response.channel.value,
            "lead_id": lead_id,
            "campaign_id": response.campaign_id,
            "subject": response.subject,
            "body": response.body,
            "provider_message_id": response.provider_message_id,
            "thread_id": response.thread_id,
            "mailbox": response.mailbox,
            "reply_key": response.reply_key,
            "content_key": response.content_key,
            "draft_id": draft_id,
            "sent_at": response.sent_at,
            "settled_by_kind": SettledBy.THREAD.value,
            "overtaken": list(overtaken),
        },
    ).scalar_one()
    return bool(adopted)


_LEAD_OF_RESPONSE = text(
    """
    WITH offered AS (
        SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:values AS text[]))
                      WITH ORDINALITY AS key (kind, value, place)
    ), linked AS (
        SELECT place, lead_id FROM offered JOIN lead_identity AS own
            ON own.client_id = :client_id AND own.kind = offered.kind AND own.value = offered.value
        UNION ALL
        SELECT place, lead.id FROM offered JOIN lead
            ON lead.client_id = :client_id AND offered.kind = 'EMAIL' AND lower(lead.email) = offered.value
    )
    SELECT (array_agg(lead.id))[1] AS lead_id FROM linked JOIN lead ON lead.id = linked.lead_id
    GROUP BY place HAVING count(DISTINCT coalesce(lead.merged_into_id, lead.id)) = 1 ORDER BY place LIMIT 1
    """
)


def find_lead_of_response(engine: Engine, client_id: ClientId, person: Person) -> LeadId | None:
    """Finds the client's lead that a message was sent to, by the first key of the person that is one lead's alone."""
    keys = person.addresses
    values = {"client_id": client_id, "kinds": [key.kind.value for key in keys], "values": [key.value for key in keys]}
    with autocommit(engine) as connection:
        row = connection.execute(_LEAD_OF_RESPONSE, values).one_or_none()
    return None if row is None else row.lead_id
