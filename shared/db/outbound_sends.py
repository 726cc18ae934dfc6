"""Queries of the send protocol: the intent is committed before the provider is called, the result after it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import IntegrityError

from shared.db.drafts import in_status, moved
from shared.db.job_leases import HOLD_LEAD, ClaimedJob, LeaseLost, insert_step
from shared.db.pauses import strictest_pause
from shared.db.transactions import autocommit
from shared.domain.drafting.draft_rules import DraftRule, explain
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    SENDABLE_DRAFT_STATUSES,
    DecisionAction,
    DraftId,
    DraftStatus,
    JobId,
    MessageId,
    OutboundSendStatus,
    Pausable,
    known,
)


@dataclass(frozen=True, slots=True)
class SendableDraft:
    """A draft with what a send needs to know about its trigger message and about earlier attempts."""

    id: DraftId
    status: DraftStatus
    subject: str
    body: str
    trigger_message_id: MessageId
    trigger_email_id: str | None
    trigger_mailbox: str | None
    trigger_at: datetime
    trigger_received_at: datetime
    restored_since: bool  # the database was restored after the trigger: an answer to it may be forgotten
    provider_campaign_id: str | None
    lead_email: str
    timezone: str
    sending_window: Mapping[str, Any] | None
    has_daily_cap: bool
    action: DecisionAction | None
    send_status: OutboundSendStatus | None
    send_job_id: JobId | None
    client_disabled: bool
    pause: Pausable | None
    dismissed_objections: tuple[str, ...]  # what a person has overruled by lifting the lead's suppression
    block_list_entry_is_ours: bool


_LOAD_SENDABLE = text(
    f"""
    SELECT draft.id, draft.status, draft.subject, draft.body, draft.trigger_message_id,
           trigger.provider_message_id AS trigger_email_id, trigger.mailbox AS trigger_mailbox,
           trigger.effective_at AS trigger_at, trigger.received_at AS trigger_received_at,
           EXISTS (SELECT 1 FROM restore_mark WHERE restore_mark.client_id = draft.client_id
                   AND restore_mark.marked_at >= trigger.effective_at) AS restored_since,
           campaign.provider_campaign_id, lead.email AS lead_email,
           coalesce(settings.timezone, 'UTC') AS timezone, settings.sending_window,
           settings.daily_send_cap IS NOT NULL AS has_daily_cap, draft.action,
           sending.status AS send_status, sending.job_id AS send_job_id,
           client.disabled_at IS NOT NULL AS client_disabled,
           {strictest_pause("client.id")} AS pause,
           coalesce(lead.dismissed_objections, '{{}}') AS dismissed_objections,
           lead.block_listed_at IS NOT NULL AS block_list_entry_is_ours
    FROM draft
    JOIN client ON client.id = draft.client_id
    JOIN message AS trigger ON trigger.id = draft.trigger_message_id
    JOIN lead ON lead.id = draft.lead_id
    LEFT JOIN campaign ON campaign.id = trigger.campaign_id
    LEFT JOIN client_settings AS settings ON settings.client_id = draft.client_id
    LEFT JOIN outbound_send AS sending ON sending.draft_id = draft.id
    WHERE draft.id = :draft_id AND draft.client_id = :client_id AND draft.lead_id = :lead_id
    """  # noqa: S608 (constants only)
)


def load_sendable_draft(engine: Engine, job: ClaimedJob, draft_id: DraftId) -> SendableDraft | None:
    """The draft, if it is of the job's client and lead. Raises UnknownValueError."""
    with autocommit(engine) as connection:
        row = connection.execute(
            _LOAD_SENDABLE, {"draft_id": draft_id, "client_id": job.client_id, "lead_id": job.lead_id}
        ).one_or_none()
    if row is None:
        return None
    return SendableDraft(
        id=row.id,
        status=known(DraftStatus, row.status),
        subject=row.subject,
        body=row.body,
        trigger_message_id=row.trigger_message_id,
        trigger_email_id=row.trigger_email_id,
        trigger_mailbox=row.trigger_mailbox,
        trigger_at=row.trigger_at,
        trigger_received_at=row.trigger_received_at,
        restored_since=row.restored_since,
        provider_campaign_id=row.provider_campaign_id,
        lead_email=row.lead_email,
        timezone=row.timezone,
        sending_window=row.sending_window,
        has_daily_cap=row.has_daily_cap,
        action=None if row.action is None else known(DecisionAction, row.action),
        send_status=None if row.send_status is None else known(OutboundSendStatus, row.send_status),
        send_job_id=row.send_job_id,
        client_disabled=row.client_disabled,
        pause=None if row.pause is None else Pausable(row.pause),
        dismissed_objections=tuple(row.dismissed_objections),
        block_list_entry_is_ours=row.block_list_entry_is_ours,
    )


def lock_daily_cap(connection: Connection, client_id: UUID) -> None:
    """Serialises the claims of a client that has a daily cap: two leads at once must not both take its last place."""
    connection.execute(
        text("SELECT 1 FROM client_settings WHERE client_id = :client_id FOR NO KEY UPDATE"),
        {"client_id": client_id},
    )


# What the provider says about the e-mail that is answered; a :from_email that is not the lead's is a colleague.
_KEEP_TRIGGER = """
    UPDATE message
    SET thread_id = coalesce(CAST(:thread_id AS text), message.thread_id),
        from_email = coalesce(CAST(:from_email AS text), message.from_email)
    FROM draft WHERE draft.id = :draft_id AND message.id = draft.trigger_message_id
"""


def keep_trigger(connection: Connection, draft_id: DraftId, *, thread_id: str | None, from_email: str | None) -> None:
    """Keeps thread and sender of the e-mail that a draft answers, under the lead's lock."""
    connection.execute(text(_KEEP_TRIGGER), {"draft_id": draft_id, "thread_id": thread_id, "from_email": from_email})


# The claim: from here on the draft is on the wire. A row that an earlier attempt left REFUSED is taken up again; any
# other earlier row means that the mail has left or may have left, and then nothing is claimed. Its time is the clock's,
# after the wait for the lead's lock; now() is when the transaction began.
_CLAIM_SEND = text(
    f"""
    WITH kept AS ({_KEEP_TRIGGER}), {
        moved(
            "claimed",
            DraftStatus.SENDING,
            where=f'''draft.id = :draft_id AND {in_status(SENDABLE_DRAFT_STATUSES)}
          AND NOT EXISTS (SELECT 1 FROM outbound_send WHERE draft_id = :draft_id AND status <> 'REFUSED')''',
        )
    }
    INSERT INTO outbound_send AS sending
        (id, client_id, lead_id, draft_id, job_id, automated, status, attempts, intended_at, thread_id, mailbox)
    SELECT :id, :client_id, :lead_id, claimed.id, :job_id, :automated, 'INTENDED', 1, clock_timestamp(), :thread_id,
           :mailbox
    FROM claimed
    ON CONFLICT (draft_id) DO UPDATE
    SET status = 'INTENDED', attempts = sending.attempts + 1, intended_at = clock_timestamp(), job_id = excluded.job_id,
        automated = excluded.automated, thread_id = excluded.thread_id, mailbox = excluded.mailbox, error = NULL
    WHERE sending.status = 'REFUSED'
    RETURNING 1
    """  # noqa: S608 (a constant)
)


def claim_send(
    connection: Connection,
    job: ClaimedJob,
    draft_id: DraftId,
    *,
    automated: bool,
    thread_id: str | None,
    from_email: str | None,
    mailbox: str,
) -> bool:
    """Draft SENDING and send INTENDED, under the lead's lock; False when the draft is no longer to be had.

    ``thread_id`` and ``from_email`` are those of the e-mail that is answered, and are kept on its message.
    """
    return (
        connection.execute(
            _CLAIM_SEND,
            {
                "id": uuid7(),
                "client_id": job.client_id,
                "lead_id": job.lead_id,
                "job_id": job.id,
                "draft_id": draft_id,
                "automated": automated,
                "thread_id": thread_id,
                "from_email": from_email,
                "mailbox": mailbox,
            },
        ).one_or_none()
        is not None
    )


# Whether the message that is known under :provider_message_id, if there is one, can be the mail that :draft_id became.
_MAY_BE_OURS = """
    NOT EXISTS (SELECT 1 FROM message AS other
                WHERE other.client_id = :client_id AND other.provider_message_id = CAST(:provider_message_id AS text)
                  AND (other.direction <> 'OUTBOUND' OR other.lead_id <> :lead_id
                       OR (other.draft_id IS NOT NULL AND other.draft_id <> :draft_id)))
"""
_LINK_OURS = """
    ON CONFLICT (client_id, provider_message_id) WHERE provider_message_id IS NOT NULL
    DO UPDATE SET draft_id = excluded.draft_id, author_is_unknown = false
    WHERE existing.direction = 'OUTBOUND' AND existing.lead_id = excluded.lead_id
      AND (existing.draft_id IS NULL OR existing.draft_id = excluded.draft_id)
"""

# The lead's lock and the fence ride in the statement. The outbound message may be there already (the provider's
# email_sent event was faster): then it is linked instead, found by the provider's id, or by the draft when the event
# had no id. An event that commits while this statement waits for the lock is not in its snapshot: one with the id meets
# ON CONFLICT, one without the unique draft, and then the statement is repeated. An id that is of a received e-mail, of
# another lead's or of another draft's is not the sent mail's, whatever the provider says: then nothing is recorded.
_RECORD_SENT = text(
    f"""
    WITH {HOLD_LEAD}, own AS MATERIALIZED (
        SELECT held.id FROM held WHERE {_MAY_BE_OURS}
    ), completed AS (
        UPDATE message SET provider_message_id = coalesce(message.provider_message_id, :provider_message_id),
                           thread_id = coalesce(message.thread_id, CAST(:thread_id AS text))
        FROM own WHERE message.draft_id = :draft_id
        RETURNING message.id
    ), sent_message AS (
        INSERT INTO message AS existing
            (id, client_id, lead_id, campaign_id, direction, subject, body_text, clean_text, text_source,
             provider_message_id, thread_id, mailbox, from_email, reply_key, content_key, draft_id,
             occurred_at, received_at, effective_at)
        SELECT :message_id, draft.client_id, draft.lead_id, trigger.campaign_id, 'OUTBOUND', :subject, draft.body,
               draft.body, 'text', :provider_message_id, :thread_id, :mailbox, :mailbox, :reply_key, :content_key,
               draft.id, CAST(:sent_at AS timestamptz), now(), least(CAST(:sent_at AS timestamptz), now())
        FROM own, draft JOIN message AS trigger ON trigger.id = draft.trigger_message_id
        WHERE draft.id = :draft_id AND NOT EXISTS (SELECT 1 FROM message AS known WHERE known.draft_id = :draft_id)
        {_LINK_OURS}
        RETURNING id, effective_at
    ), recorded AS (
        SELECT id FROM completed UNION ALL SELECT id FROM sent_message
    ), sent AS (
        UPDATE outbound_send
        SET status = 'SENT', sent_at = now(), provider_message_id = :provider_message_id,
            thread_id = coalesce(CAST(:thread_id AS text), thread_id), error = NULL, settled_by = :settled_by
        FROM recorded WHERE draft_id = :draft_id
    ), {moved("sent_draft", DraftStatus.SENT, source="recorded", where="draft.id = :draft_id")}, rollup AS (
        UPDATE lead
        SET last_outbound_at = greatest(last_outbound_at, sent_message.effective_at),
            last_message_direction = CASE WHEN last_message_at IS NULL OR last_message_at < sent_message.effective_at
                                          THEN 'OUTBOUND' ELSE last_message_direction END,
            last_message_at = greatest(last_message_at, sent_message.effective_at)
        FROM sent_message WHERE lead.id = :lead_id
    ), step AS ({insert_step("send", source="recorded", replace=True)})
    SELECT (SELECT count(*) FROM held) AS held, (SELECT count(*) FROM recorded) AS recorded
    """  # noqa: S608 (constants only)
)


def record_sent(
    engine: Engine,
    job: ClaimedJob,
    draft_id: DraftId,
    *,
    message_id: MessageId,
    subject: str,
    provider_message_id: str,
    thread_id: str | None,
    mailbox: str,
    sent_at: datetime | None,
    reply_key: bytes,
    content_key: bytes,
    settled_by: str,
    step: Mapping[str, Any],
) -> bool:
    """Records what the provider took: outbound message, rollup, draft and send SENT, checkpoint.

    Returns False, with nothing written, when ``provider_message_id`` is known to be another e-mail. Raises LeaseLost.
    """
    values = {
        **job.fence,
        "client_id": job.client_id,
        "lead_id": job.lead_id,
        "draft_id": draft_id,
        "message_id": message_id,
        "subject": subject,
        "provider_message_id": provider_message_id,
        "thread_id": thread_id,
        "mailbox": mailbox,
        "sent_at": sent_at,
        "reply_key": reply_key,
        "content_key": content_key,
        "settled_by": settled_by,
        "step": json.dumps(step),
    }
    try:
        held, recorded = _record_sent(engine, values)
    except IntegrityError:
        held, recorded = _record_sent(engine, values)  # with the message in sight that was recorded meanwhile
    if not held:
        raise LeaseLost(job)
    return recorded


def _record_sent(engine: Engine, values: Mapping[str, Any]) -> tuple[bool, bool]:
    with autocommit(engine) as connection:
        row = connection.execute(_RECORD_SENT, values).one()
    return bool(row.held), bool(row.recorded)


def _settle(rule: str | None, finding: str | None) -> TextClause:
    return text(
        f"""
        WITH settled AS (
            UPDATE outbound_send SET status = :status, error = :error
            WHERE draft_id = :draft_id AND status = 'INTENDED' RETURNING draft_id
        ), {
            moved(
                "moved",
                ":draft_status",
                source="settled",
                where="draft.id = settled.draft_id AND draft.status = 'SENDING'",
                rule=rule,
                finding=finding,
            )
        }
        SELECT count(*) FROM settled
        """  # noqa: S608 (constants only)
    )


_SETTLE = _settle(None, None)
_SETTLE_BY_RULE = _settle(":rule", ":finding")


def settle_intended_send(
    connection: Connection,
    draft_id: DraftId,
    *,
    status: OutboundSendStatus,
    draft_status: DraftStatus,
    error: str,
    rule: DraftRule | None = None,
    finding: str = "",
) -> None:
    """Moves an INTENDED send that did not end SENT to REFUSED or UNCERTAIN and its draft along, under the lead's lock.

    ``rule`` is a new reason of the draft's.
    """
    values = {"draft_id": draft_id, "status": status.value, "draft_status": draft_status.value, "error": error}
    if rule is None:
        connection.execute(_SETTLE, values)
    else:
        connection.execute(_SETTLE_BY_RULE, {**values, "rule": rule.value, "finding": explain(rule, finding)})


# The same consequences as a recorded send, for a mail that was found later. A message that the provider's email_sent
# event has brought meanwhile is linked instead of written again.
_SETTLE_AS_SENT = text(
    f"""
    WITH settled AS (
        UPDATE outbound_send
        SET status = 'SENT', sent_at = coalesce(CAST(:sent_at AS timestamptz), now()), error = NULL,
            provider_message_id = :provider_message_id, thread_id = coalesce(CAST(:thread_id AS text), thread_id),
            settled_by = :settled_by
        WHERE draft_id = :draft_id AND status = 'UNCERTAIN' AND {_MAY_BE_OURS}
        RETURNING draft_id
    ), {moved("sent_draft", DraftStatus.SENT, source="settled", where="draft.id = settled.draft_id")}, sent_message AS (
        INSERT INTO message AS existing
            (id, client_id, lead_id, campaign_id, direction, subject, body_text, clean_text, text_source,
             provider_message_id, thread_id, mailbox, from_email, reply_key, content_key, draft_id,
             occurred_at, received_at, effective_at)
        SELECT :message_id, draft.client_id, draft.lead_id, trigger.campaign_id, 'OUTBOUND',
               coalesce(nullif(:subject, ''), draft.subject), draft.body, draft.body, 'text',
               :provider_message_id, :thread_id, :mailbox, :mailbox, :reply_key, :content_key, draft.id,
               CAST(:sent_at AS timestamptz), now(), least(CAST(:sent_at AS timestamptz), now())
        FROM settled JOIN draft ON draft.id = settled.draft_id
        JOIN message AS trigger ON trigger.id = draft.trigger_message_id
        {_LINK_OURS}
        RETURNING lead_id, effective_at
    ), rollup AS (
        UPDATE lead
        SET last_outbound_at = greatest(last_outbound_at, sent_message.effective_at),
            last_message_direction = CASE WHEN last_message_at IS NULL OR last_message_at < sent_message.effective_at
                                          THEN 'OUTBOUND' ELSE last_message_direction END,
            last_message_at = greatest(last_message_at, sent_message.effective_at)
        FROM sent_message WHERE lead.id = sent_message.lead_id
    )
    SELECT count(*) FROM settled
    """  # noqa: S608 (constants only)
)


def settle_uncertain_as_sent(
    connection: Connection,
    draft_id: DraftId,
    *,
    client_id: UUID,
    lead_id: UUID,
    message_id: MessageId,
    provider_message_id: str | None,
    thread_id: str | None,
    mailbox: str | None,
    subject: str,
    sent_at: datetime | None,
    reply_key: bytes,
    content_key: bytes,
    settled_by: str,
) -> bool:
    """UNCERTAIN → SENT, under the lead's lock; False when it was settled meanwhile, or when the id is another mail's.

    ``settled_by`` is "thread" or a person's name; a person need not know the provider's id.
    """
    settled = connection.execute(
        _SETTLE_AS_SENT,
        {
            "draft_id": draft_id,
            "client_id": client_id,
            "lead_id": lead_id,
            "message_id": message_id,
            "provider_message_id": provider_message_id,
            "thread_id": thread_id,
            "mailbox": mailbox,
            "subject": subject,
            "sent_at": sent_at,
            "reply_key": reply_key,
            "content_key": content_key,
            "settled_by": settled_by,
        },
    ).scalar_one()
    return bool(settled)
