"""Queries of message: recording a message in or out once, whatever the number and kinds of events that tell of it.

Everything here runs under the lead's lock, in a statement after the one that took it, so its snapshot holds what
other deliveries about the same lead have committed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from shared.db.jobs import Job, job_columns, job_of
from shared.db.lead_group import group_of
from shared.db.leads import once_booked
from shared.db.message_records import MessageRecord, Recorded, ReplyRecord
from shared.db.outbox import ASSERT_REPLY_JOBS, reply_job_values
from shared.db.sent_copies import COPY_AS_FACTS, TAKE_SENT_COPY
from shared.db.webhook_events import COUNT_DELIVERY, RECORD_EVENT_OF_TARGET, EventRecord
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    ClientId,
    Direction,
    JobType,
)

OWN_GROUP = "CAST((SELECT lead_ids FROM own_group) AS uuid[])"
_CAMPAIGN = """(SELECT id FROM campaign WHERE client_id = :client_id AND provider = :provider
                AND provider_campaign_id = CAST(:provider_campaign_id AS text))"""
_CANDIDATE = (
    "id, lead_id, effective_at, provider_message_id IS NULL AS has_no_id, reply_handle IS NULL AS has_no_handle"
)
_MAY_BE_ITS_ACCOUNTS = "coalesce(provider_account_id = CAST(:provider_account_id AS uuid), true)"

# Which message an event is about: by its key, which the provider's id makes. Else by content, when either side lacks
# the id: the same words with two ids are two messages. Else by its own words, if another account has brought them: two
# tools that watch one mailbox show the same message, each with an id of its own. Of a message whose account is not
# known nobody can say that it was another one.
#
# ``candidate`` has one row per way of matching; the surest and nearest in time wins. What the message lacks is filled
# in: id, addresses, and, as long as nobody has said what the reply means, that it is automatic. Account, id, thread,
# handle, campaign and our own address are one account's: they are taken over together, from the account that can
# respond where the first cannot.
MATCH_MESSAGE = f"""
    own_group AS MATERIALIZED (
        SELECT array_agg(person.lead_id) AS lead_ids FROM {group_of(":lead_id")} AS person
    ), candidate AS (
        SELECT 1 AS doubt, {_CANDIDATE} FROM message
        WHERE client_id = :client_id AND reply_key = :reply_key AND direction = :direction
        UNION ALL
        SELECT CASE WHEN content_key = :content_key AND {_MAY_BE_ITS_ACCOUNTS} THEN 3 ELSE 4 END, {_CANDIDATE}
        FROM message
        WHERE lead_id = ANY ({OWN_GROUP}) AND direction = :direction
          AND ((content_key = :content_key AND {_MAY_BE_ITS_ACCOUNTS}
                AND (provider_message_id IS NULL OR CAST(:provider_message_id AS text) IS NULL))
               OR (words_key = CAST(:words_key AS bytea) AND NOT {_MAY_BE_ITS_ACCOUNTS}))
          AND (CAST(:within AS interval) IS NULL OR effective_at BETWEEN
               CAST(:effective_at AS timestamptz) - CAST(:within AS interval)
               AND CAST(:effective_at AS timestamptz) + CAST(:within AS interval))
    ), matched AS MATERIALIZED (
        SELECT candidate.id, coalesce(lead.merged_into_id, lead.id) AS lead_id, doubt, doubt < 4 AS is_accounts,
               doubt = 4 AND has_no_handle AND CAST(:reply_handle AS jsonb) IS NOT NULL AS is_taken_over,
               CASE WHEN doubt < 4 THEN has_no_id AND CAST(:provider_message_id AS text) IS NOT NULL
                    ELSE has_no_handle AND CAST(:reply_handle AS jsonb) IS NOT NULL END AS is_named
        FROM candidate JOIN lead ON lead.id = candidate.lead_id
        ORDER BY doubt, abs(extract(epoch FROM effective_at - CAST(:effective_at AS timestamptz))), candidate.id LIMIT 1
    ), completed AS (
        UPDATE message
        SET provider_message_id = CASE WHEN is_named THEN :provider_message_id ELSE message.provider_message_id END,
            reply_key = CASE WHEN is_named THEN :reply_key ELSE message.reply_key END,
            provider_account_id = CASE WHEN is_taken_over THEN CAST(:provider_account_id AS uuid)
                                       WHEN is_named THEN coalesce(message.provider_account_id, :provider_account_id)
                                       ELSE message.provider_account_id END,
            thread_id = CASE WHEN is_taken_over THEN :thread_id
                             WHEN is_named THEN coalesce(message.thread_id, :thread_id) ELSE message.thread_id END,
            campaign_id = CASE WHEN is_taken_over THEN {_CAMPAIGN} ELSE message.campaign_id END,
            reply_handle = CASE WHEN is_named THEN coalesce(CAST(:reply_handle AS jsonb), message.reply_handle)
                                WHEN is_accounts THEN coalesce(message.reply_handle, CAST(:reply_handle AS jsonb))
                                ELSE message.reply_handle END,
            mailbox = CASE WHEN is_taken_over THEN :our_address
                           WHEN is_accounts THEN coalesce(message.mailbox, :our_address) ELSE message.mailbox END,
            our_address = CASE WHEN is_taken_over THEN :our_address
                               WHEN is_accounts THEN coalesce(message.our_address, :our_address)
                               ELSE message.our_address END,
            from_email = coalesce(message.from_email, :sender),
            sender_address = coalesce(message.sender_address, :sender),
            campaign_step = coalesce(message.campaign_step, CAST(:campaign_step AS integer)),
            author_is_unknown = message.author_is_unknown AND :author_is_unknown,
            is_auto_reply = message.is_auto_reply OR (:is_auto_reply AND message.sentiment IS NULL)
        FROM matched
        WHERE message.id = matched.id
          AND (is_named
               OR (is_accounts AND message.mailbox IS NULL AND CAST(:our_address AS text) IS NOT NULL)
               OR (message.from_email IS NULL AND CAST(:sender AS text) IS NOT NULL)
               OR (message.author_is_unknown AND NOT :author_is_unknown)
               OR (NOT message.is_auto_reply AND :is_auto_reply AND message.sentiment IS NULL))
    )
"""  # noqa: S608 (constants only)


# A key that is another lead's message, whose lock is not ours, is a unique violation: nothing is written, and the
# transaction has to start over with the other's message in sight.
# ``mailbox`` and ``from_email`` are what the release before reads.
_INSERT_MESSAGE = """
    inserted AS (
        INSERT INTO message (id, client_id, lead_id, campaign_id, channel, provider_account_id, direction, subject,
            body_text, body_html, clean_text, text_source, signature_text, hidden_chars, provider_message_id, thread_id,
            reply_handle, mailbox, our_address, from_email, sender_address, reply_key, content_key, words_key,
            is_auto_reply, sentiment, sentiment_source, sentiment_reason, occurred_at, received_at, effective_at,
            draft_id, campaign_step, author_is_unknown, answerable, trigger_facts)
        SELECT CAST(:message_id AS uuid), CAST(:client_id AS uuid), CAST(:lead_id AS uuid), {campaign}, :channel,
            CAST(:provider_account_id AS uuid), :direction, :subject, :body_text, :body_html, :clean_text, :text_source,
            CAST(:signature_text AS text), :hidden_chars, :provider_message_id,
            CAST(:thread_id AS text), CAST(:reply_handle AS jsonb), :our_address, :our_address,
            CAST(:sender AS text), CAST(:sender AS text), :reply_key, :content_key, CAST(:words_key AS bytea),
            :is_auto_reply, :tag, :tag_source, :tag_reason, CAST(:occurred_at AS timestamptz),
            CAST(:message_received_at AS timestamptz),
            CAST(:effective_at AS timestamptz), CAST(:draft_id AS uuid), CAST(:campaign_step AS integer),
            :author_is_unknown, :answerable, {trigger_facts}
        WHERE NOT EXISTS (SELECT 1 FROM matched WHERE lead_id = :lead_id OR doubt >= 3)
        RETURNING id, lead_id, effective_at, author_is_unknown
    ), target AS (
        SELECT id, lead_id, true AS is_new FROM inserted
        UNION ALL
        SELECT id, lead_id, false FROM matched
    )
"""

INSERT_SENT_MESSAGE = _INSERT_MESSAGE.format(campaign=_CAMPAIGN, trigger_facts="CAST(NULL AS jsonb)")

_TARGET_AND_JOBS = f"""
    SELECT target.id AS target_id, target.lead_id AS target_lead_id, target.is_new, {job_columns("publishable")}
    FROM target LEFT JOIN publishable ON true
"""  # noqa: S608 (constants only)

# The message of ours that it responds to, if a copy of that was kept, and what the event says of its message. What it
# says that it responds to is surer than the newest that we have sent.
_FACTS = f"nullif(coalesce({COPY_AS_FACTS}, '{{}}') || coalesce(CAST(:facts AS jsonb), '{{}}'), '{{}}')"

_RECORD_REPLY = text(
    f"""
    WITH {MATCH_MESSAGE}, {TAKE_SENT_COPY}, {_INSERT_MESSAGE.format(campaign=_CAMPAIGN, trigger_facts=_FACTS)},
    {RECORD_EVENT_OF_TARGET}, {ASSERT_REPLY_JOBS},
    rolled_up AS (
        UPDATE lead
        SET last_inbound_at = greatest(last_inbound_at, inserted.effective_at),
            last_message_at = greatest(last_message_at, inserted.effective_at),
            last_message_direction = CASE WHEN last_message_at > inserted.effective_at THEN last_message_direction
                                          WHEN inserted.id IS NULL THEN last_message_direction ELSE 'INBOUND' END,
            first_name = coalesce(:first_name, first_name), last_name = coalesce(:last_name, last_name),
            company = coalesce(:company, company), title = coalesce(:title, title),
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
        WHERE follow_up_instance.lead_id = ANY ({OWN_GROUP}) AND follow_up_instance.status = 'ACTIVE'
          AND NOT :is_auto_reply
    )
    {_TARGET_AND_JOBS}
    """  # noqa: S608 (constants only)
)


def record_reply(
    connection: Connection,
    event: EventRecord,
    reply: ReplyRecord,
    *,
    within: timedelta | None,
    job_type: JobType,
    scoring_delay: timedelta,
    trace_id: str | None,
) -> Recorded:
    """Records one reply once: message, event, both jobs, the lead's rollups and paused follow-ups, in one statement.

    ``within`` bounds how far apart in time an event and a message of the same content may be to be the same reply;
    None: any time. ``job_type`` is that of post-processing; ``scoring_delay`` how long the scoring job waits for it.

    Raises sqlalchemy.exc.IntegrityError when another session has just recorded this message id under another lead: the
    transaction has to start over.
    """
    rows = connection.execute(
        _RECORD_REPLY,
        {
            **event.parameters(),
            **message_parameters(reply, Direction.INBOUND, within=within),
            **reply_job_values(job_type, scoring_delay, trace_id),
            "sender": reply.sender,
            "answerable": reply.answerable,
            "signature_text": reply.signature_text,
            "hidden_chars": reply.hidden_chars,
            "reply_handle": json.dumps(dict(reply.handle)) if reply.handle else None,
            "is_auto_reply": reply.is_auto_reply,
            "tag": None if reply.tag is None else reply.tag.value,
            "tag_source": None if reply.tag_source is None else reply.tag_source.value,
            "tag_reason": reply.tag_reason,
            "first_name": reply.first_name,
            "last_name": reply.last_name,
            "company": reply.company,
            "title": reply.title,
            "hashes": list(reply.person_hashes),
            "facts": json.dumps(reply.facts.to_json()) if reply.facts else None,
            "meeting_booked_at": reply.meeting_booked_at,
        },
    ).all()
    return recorded(rows)


# The event's row is counted on, not handled again: the answer is the message that it led to then.
_REPEAT = text(
    f"""
    WITH {COUNT_DELIVERY}, target AS (
        SELECT message.id, coalesce(lead.merged_into_id, lead.id) AS lead_id, false AS is_new
        FROM counted JOIN message ON message.id = counted.message_id JOIN lead ON lead.id = message.lead_id
        WHERE message.direction = 'INBOUND'
    ), {ASSERT_REPLY_JOBS}
    {_TARGET_AND_JOBS}
    """  # noqa: S608 (constants only)
)


def repeat_delivery(
    connection: Connection,
    client_id: ClientId,
    delivery_key: bytes,
    *,
    job_type: JobType,
    scoring_delay: timedelta,
    trace_id: str | None,
) -> tuple[Job, ...]:
    """Counts a repeated delivery and re-asserts the jobs of the reply that it told of; returns those to publish."""
    values = {"client_id": client_id, "delivery_key": delivery_key}
    rows = connection.execute(_REPEAT, {**values, **reply_job_values(job_type, scoring_delay, trace_id)}).all()
    return recorded(rows).jobs if rows else ()


def message_parameters(message: MessageRecord, direction: Direction, *, within: timedelta | None) -> dict[str, Any]:
    """Returns the values of the parts that match and insert a message; those of one direction only are empty."""
    return {
        "message_id": uuid7(),
        "lead_id": message.lead_id,
        "channel": message.channel.value,
        "direction": direction.value,
        "within": within,
        "provider_campaign_id": message.provider_campaign_id,
        "subject": message.subject,
        "body_text": message.body_text,
        "body_html": message.body_html,
        "clean_text": message.clean_text,
        "text_source": message.text_source,
        "provider_message_id": message.provider_message_id,
        "thread_id": message.thread_id,
        "our_address": message.our_address,
        "reply_key": message.reply_key,
        "content_key": message.content_key,
        "words_key": message.words_key,
        "occurred_at": message.occurred_at,
        "message_received_at": message.received_at,
        "effective_at": message.effective_at,
        "sender": None,
        "answerable": True,
        "signature_text": None,
        "hidden_chars": 0,
        "reply_handle": None,
        "is_auto_reply": False,
        "tag": None,
        "tag_source": None,
        "tag_reason": None,
        "draft_id": None,
        "campaign_step": None,
        "author_is_unknown": False,
    }


def recorded(rows: Sequence[Row[Any]]) -> Recorded:
    """Reads the target, and a job of each row that has one."""
    first = rows[0]
    return Recorded(
        message_id=first.target_id,
        lead_id=first.target_lead_id,
        is_new=first.is_new,
        jobs=tuple(job_of(row) for row in rows if row.id is not None),
    )
