"""Queries of message: recording a mail in or out once, whatever the number and kinds of events that tell of it.

Everything here runs under the lead's lock, in a statement after the one that took it, so its snapshot holds what
other deliveries about the same lead have committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.db.drafts import moved
from shared.db.leads import once_booked
from shared.db.outbox import ASSERT_REPLY_JOBS, Job, job_columns, job_of, reply_job_values
from shared.db.webhook_events import EVENT_COLUMNS, EVENT_VALUES, ON_SAME_DELIVERY, EventRecord
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    ClientId,
    DraftId,
    DraftStatus,
    JobType,
    LeadId,
    MessageId,
    Provider,
    SentimentSource,
    Tag,
)


@dataclass(frozen=True, slots=True)
class InboundReply:
    """A reply as an event tells it, with what the certain rules say about it."""

    lead_id: LeadId  # locked
    provider_campaign_id: str | None
    subject: str
    body_text: str | None
    body_html: str | None
    clean_text: str
    text_source: str
    provider_message_id: str | None
    mailbox: str | None
    from_email: str | None  # the sender, where the provider's API was asked
    reply_key: bytes
    content_key: bytes
    is_auto_reply: bool
    tag: Tag | None  # None: not certain
    tag_source: SentimentSource | None
    tag_reason: str | None
    occurred_at: datetime | None
    received_at: datetime
    effective_at: datetime
    first_name: str | None
    last_name: str | None
    company: str | None
    meeting_booked_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """The message that a reply is, now or since an earlier event, and the jobs that may be published now."""

    message_id: MessageId
    lead_id: LeadId
    is_new: bool
    jobs: tuple[Job, ...]


# Which message an event is about: by key or e-mail id, else by content when either side lacks the id. The same words
# with two different ids are two replies. ``candidate`` has one row per way of matching; the surest and nearest in time
# wins. What the message lacks and this event knows is filled in: id, mailbox, sender, and, as long as nobody has said
# what the reply means, that it is automatic.
_MATCHED = """
    candidate AS (
        SELECT 1 AS doubt, id, lead_id, effective_at FROM message
        WHERE client_id = :client_id AND reply_key = :reply_key AND direction = :direction
        UNION ALL
        SELECT 2, id, lead_id, effective_at FROM message
        WHERE client_id = :client_id AND provider_message_id = CAST(:provider_message_id AS text)
          AND direction = :direction
        UNION ALL
        SELECT 3, id, lead_id, effective_at FROM message
        WHERE lead_id = :lead_id AND content_key = :content_key AND direction = :direction
          AND (provider_message_id IS NULL OR CAST(:provider_message_id AS text) IS NULL)
          AND (CAST(:within AS interval) IS NULL OR effective_at BETWEEN
               CAST(:effective_at AS timestamptz) - CAST(:within AS interval)
               AND CAST(:effective_at AS timestamptz) + CAST(:within AS interval))
    ), matched AS MATERIALIZED (
        SELECT id, lead_id FROM candidate
        ORDER BY doubt, abs(extract(epoch FROM effective_at - CAST(:effective_at AS timestamptz))), id LIMIT 1
    ), completed AS (
        UPDATE message SET provider_message_id = coalesce(message.provider_message_id, :provider_message_id),
                           mailbox = coalesce(message.mailbox, :mailbox),
                           from_email = coalesce(message.from_email, :from_email),
                           is_auto_reply = message.is_auto_reply OR (:is_auto_reply AND message.sentiment IS NULL)
        WHERE message.id = (SELECT id FROM matched)
          AND ((message.provider_message_id IS NULL AND CAST(:provider_message_id AS text) IS NOT NULL)
               OR (message.mailbox IS NULL AND CAST(:mailbox AS text) IS NOT NULL)
               OR (message.from_email IS NULL AND CAST(:from_email AS text) IS NOT NULL)
               OR (NOT message.is_auto_reply AND :is_auto_reply AND message.sentiment IS NULL))
    )
"""

# ON CONFLICT DO NOTHING is for one race only: the same e-mail id under two lead addresses, whose locks differ. Then
# there is no target, nothing else is written, and the caller starts over with the other's message in sight.
_EVENT = f"""
    target AS (
        SELECT id, lead_id, true AS is_new FROM inserted
        UNION ALL
        SELECT id, lead_id, false FROM matched
    ), recorded AS (
        INSERT INTO webhook_event AS event ({EVENT_COLUMNS})
        SELECT {EVENT_VALUES}, CASE WHEN is_new THEN 'ACCEPTED' ELSE 'DUPLICATE' END, NULL, target.id FROM target
        {ON_SAME_DELIVERY}
    )
"""  # noqa: S608 (constants only)

_TARGET_AND_JOBS = f"""
    SELECT target.id AS target_id, target.lead_id AS target_lead_id, target.is_new,
           {job_columns("publishable")}
    FROM target LEFT JOIN publishable ON true
"""  # noqa: S608

_INSERTED = """
    inserted AS (
        INSERT INTO message (id, client_id, lead_id, campaign_id, direction, subject, body_text, body_html, clean_text,
            text_source, provider_message_id, mailbox, from_email, reply_key, content_key, is_auto_reply, sentiment,
            sentiment_source, sentiment_reason, occurred_at, received_at, effective_at, draft_id, campaign_step)
        SELECT CAST(:message_id AS uuid), CAST(:client_id AS uuid), CAST(:lead_id AS uuid),
            (SELECT id FROM campaign WHERE client_id = :client_id AND provider = :provider
                AND provider_campaign_id = CAST(:provider_campaign_id AS text)),
            :direction, :subject, :body_text, :body_html, :clean_text, :text_source, :provider_message_id, :mailbox,
            CAST(:from_email AS text), :reply_key, :content_key, :is_auto_reply, :tag, :tag_source, :tag_reason,
            CAST(:occurred_at AS timestamptz), CAST(:message_received_at AS timestamptz),
            CAST(:effective_at AS timestamptz), CAST(:draft_id AS uuid), CAST(:campaign_step AS integer)
        WHERE NOT EXISTS (SELECT 1 FROM matched)
        ON CONFLICT DO NOTHING
        RETURNING id, lead_id, effective_at
    )
"""

_RECORD_REPLY = text(
    f"""
    WITH {_MATCHED}, {_INSERTED}, {_EVENT}, {ASSERT_REPLY_JOBS},
    rolled_up AS (
        UPDATE lead
        SET last_inbound_at = greatest(last_inbound_at, inserted.effective_at),
            last_message_at = greatest(last_message_at, inserted.effective_at),
            last_message_direction = CASE WHEN last_message_at > inserted.effective_at THEN last_message_direction
                                          WHEN inserted.id IS NULL THEN last_message_direction ELSE 'INBOUND' END,
            first_name = coalesce(:first_name, first_name), last_name = coalesce(:last_name, last_name),
            company = coalesce(:company, company),
            meeting_booked_at = greatest(meeting_booked_at, CAST(:meeting_booked_at AS timestamptz)),
            status = CASE WHEN CAST(:meeting_booked_at AS timestamptz) IS NULL THEN lead.status
                          ELSE {once_booked("status")} END,
            status_before_suppression = CASE WHEN CAST(:meeting_booked_at AS timestamptz) IS NULL
                                             THEN lead.status_before_suppression
                                             ELSE {once_booked("status_before_suppression")} END
        FROM target LEFT JOIN inserted ON inserted.id = target.id
        WHERE lead.id = target.lead_id
          AND (target.is_new OR lead.meeting_booked_at < CAST(:meeting_booked_at AS timestamptz)
               OR (lead.meeting_booked_at IS NULL AND CAST(:meeting_booked_at AS timestamptz) IS NOT NULL))
    ), paused AS (
        UPDATE follow_up_instance
        SET status = 'PAUSED', paused_reason = 'LEAD_REPLIED', paused_by_message_id = inserted.id, updated_at = now()
        FROM inserted
        WHERE follow_up_instance.lead_id = inserted.lead_id AND follow_up_instance.status = 'ACTIVE'
          AND NOT :is_auto_reply
    )
    {_TARGET_AND_JOBS}
    """  # noqa: S608
)


def record_reply(
    connection: Connection,
    event: EventRecord,
    reply: InboundReply,
    *,
    within: timedelta | None,
    scoring_delay: timedelta,
    trace_id: str | None,
) -> RecordedReply | None:
    """Records one reply once: message, event, both jobs, the lead's rollups and paused follow-ups, in one statement.

    ``within`` bounds how far apart in time an event and a message of the same content may be to be the same reply;
    None: any time. ``scoring_delay`` is how long the scoring job waits for post-processing to publish it.

    Returns None when another session has just recorded this e-mail id under another lead: nothing was written, and
    the transaction has to start over.
    """
    rows = connection.execute(
        _RECORD_REPLY,
        {
            **event.parameters(),
            **_message_parameters(event.client_id, reply, reply.lead_id),
            **reply_job_values(JobType.POST_PROCESS, scoring_delay, trace_id),
            "direction": "INBOUND",
            "within": within,
            "from_email": reply.from_email,
            "is_auto_reply": reply.is_auto_reply,
            "tag": None if reply.tag is None else reply.tag.value,
            "tag_source": None if reply.tag_source is None else reply.tag_source.value,
            "tag_reason": reply.tag_reason,
            "draft_id": None,
            "campaign_step": None,
            "first_name": reply.first_name,
            "last_name": reply.last_name,
            "company": reply.company,
            "meeting_booked_at": reply.meeting_booked_at,
        },
    ).all()
    return _recorded(rows)


# The event's row is counted on, not judged again: the answer is the message that it led to then.
_REPEAT = text(
    f"""
    WITH counted AS (
        UPDATE webhook_event SET deliveries = deliveries + 1
        WHERE client_id = :client_id AND delivery_key = :delivery_key
        RETURNING message_id
    ), target AS (
        SELECT message.id, message.lead_id, false AS is_new
        FROM counted JOIN message ON message.id = counted.message_id
        WHERE message.direction = 'INBOUND'
    ), {ASSERT_REPLY_JOBS}
    {_TARGET_AND_JOBS}
    """  # noqa: S608
)


def repeat_delivery(
    connection: Connection,
    client_id: ClientId,
    delivery_key: bytes,
    *,
    scoring_delay: timedelta,
    trace_id: str | None,
) -> tuple[Job, ...]:
    """Counts a repeated delivery and re-asserts the jobs of the reply that it told of; returns those to publish."""
    rows = connection.execute(
        _REPEAT,
        {
            "client_id": client_id,
            "delivery_key": delivery_key,
            **reply_job_values(JobType.POST_PROCESS, scoring_delay, trace_id),
        },
    ).all()
    recorded = _recorded(rows)
    return () if recorded is None else recorded.jobs


# --- Outbound ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutboundMail:
    """A mail that the provider says was sent to a lead."""

    lead_id: LeadId  # locked
    provider_campaign_id: str | None
    subject: str
    body_text: str | None
    body_html: str | None
    clean_text: str
    text_source: str
    provider_message_id: str | None
    mailbox: str | None
    reply_key: bytes
    content_key: bytes
    occurred_at: datetime | None
    received_at: datetime
    effective_at: datetime
    draft_id: DraftId | None  # the draft that it was sent from, when it settles a send
    campaign_step: int | None  # which step of a sequence it is, from 1; None: no sequence sent it


@dataclass(frozen=True, slots=True)
class UnsettledSend:
    """A send of ours whose end we do not know (UNCERTAIN), or not yet (INTENDED)."""

    draft_id: DraftId
    intended_at: datetime
    mailbox: str | None
    body: str


_UNSETTLED = text(
    """
    SELECT outbound_send.draft_id, outbound_send.intended_at, outbound_send.mailbox, draft.body
    FROM outbound_send JOIN draft ON draft.id = outbound_send.draft_id
    WHERE outbound_send.lead_id = :lead_id AND outbound_send.status IN ('INTENDED', 'UNCERTAIN')
    """
)


def unsettled_sends(connection: Connection, lead_id: LeadId) -> list[UnsettledSend]:
    """The lead's sends that a sent mail may settle."""
    rows = connection.execute(_UNSETTLED, {"lead_id": lead_id})
    return [UnsettledSend(row.draft_id, row.intended_at, row.mailbox, row.body) for row in rows]


_RECORD_OUTBOUND = text(
    f"""
    WITH {_MATCHED}, {_INSERTED}, {_EVENT},
    rolled_up AS (
        UPDATE lead
        SET last_outbound_at = greatest(last_outbound_at, inserted.effective_at),
            last_message_at = greatest(last_message_at, inserted.effective_at),
            last_message_direction = CASE WHEN last_message_at > inserted.effective_at THEN last_message_direction
                                          ELSE 'OUTBOUND' END
        FROM inserted WHERE lead.id = inserted.lead_id
    ), {moved("sent_draft", DraftStatus.SENT, source="inserted", where="draft.id = CAST(:draft_id AS uuid)")},
    settled AS (
        UPDATE outbound_send
        SET status = 'SENT', sent_at = inserted.effective_at, settled_by_kind = 'EVENT', error = NULL,
            provider_message_id = coalesce(:provider_message_id, outbound_send.provider_message_id),
            mailbox = coalesce(:mailbox, outbound_send.mailbox)
        FROM inserted
        WHERE outbound_send.draft_id = CAST(:draft_id AS uuid) AND outbound_send.status IN ('INTENDED', 'UNCERTAIN')
    )
    SELECT id AS target_id, lead_id AS target_lead_id, is_new, CAST(NULL AS uuid) AS id FROM target
    """  # noqa: S608
)


def record_outbound(
    connection: Connection, event: EventRecord, mail: OutboundMail, *, within: timedelta
) -> RecordedReply | None:
    """Records one sent mail once, with the lead's rollups; settles the send of ``mail.draft_id`` when it is new.

    ``within`` and None as in ``record_reply``. There are no jobs.
    """
    rows = connection.execute(
        _RECORD_OUTBOUND,
        {
            **event.parameters(),
            **_message_parameters(event.client_id, mail, mail.lead_id),
            "direction": "OUTBOUND",
            "within": within,
            "from_email": None,
            "is_auto_reply": False,
            "tag": None,
            "tag_source": None,
            "tag_reason": None,
            "draft_id": mail.draft_id,
            "campaign_step": mail.campaign_step,
        },
    ).all()
    return _recorded(rows)


def _message_parameters(client_id: UUID, mail: InboundReply | OutboundMail, lead_id: LeadId) -> dict[str, Any]:
    return {
        "message_id": uuid7(),
        "client_id": client_id,
        "lead_id": lead_id,
        "provider": Provider.INSTANTLY.value,
        "provider_campaign_id": mail.provider_campaign_id,
        "subject": mail.subject,
        "body_text": mail.body_text,
        "body_html": mail.body_html,
        "clean_text": mail.clean_text,
        "text_source": mail.text_source,
        "provider_message_id": mail.provider_message_id,
        "mailbox": mail.mailbox,
        "reply_key": mail.reply_key,
        "content_key": mail.content_key,
        "occurred_at": mail.occurred_at,
        "message_received_at": mail.received_at,
        "effective_at": mail.effective_at,
    }


def _recorded(rows: Sequence[Row[Any]]) -> RecordedReply | None:
    if not rows:
        return None
    first = rows[0]
    return RecordedReply(
        message_id=first.target_id,
        lead_id=first.target_lead_id,
        is_new=first.is_new,
        jobs=tuple(job_of(row) for row in rows if row.id is not None),
    )
