"""Records what a draft has become once it has left: outbound message, rollup, draft and send SENT, in one statement.

The provider's own report of the message may come before or after, with its id or without: there is one row of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from shared.db.commitments import CommitmentStatus, kept_by_follow_up
from shared.db.commitments import recorded as promised
from shared.db.draft_states import moved
from shared.db.job_leases import HOLD_LEAD, ClaimedJob, LeaseLost
from shared.db.job_steps import insert_step
from shared.db.leads import rolled_up_outbound
from shared.db.transactions import autocommit
from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import content_key, reply_key_of_draft
from shared.domain.vocabulary import ClientId, DraftId, DraftStatus, LeadId, SettledBy


@dataclass(frozen=True, slots=True)
class SentAs:
    """The message that a draft has become, as far as it is known."""

    provider_message_id: str | None
    thread_id: str | None
    mailbox: str | None
    subject: str = ""  # as it left, where that is known
    sent_at: datetime | None = None  # the provider's clock
    reply_key: bytes | None = None  # that the provider's id makes; None without one
    content_key: bytes | None = None  # by which a report without the provider's id is recognised


def _sent_values(client_id: UUID, lead_id: UUID, draft_id: DraftId, sent: SentAs) -> dict[str, Any]:
    content = sent.content_key or content_key(None, "", str(draft_id), "")
    return {
        "client_id": client_id,
        "lead_id": lead_id,
        "draft_id": draft_id,
        "message_id": uuid7(),
        "provider_message_id": sent.provider_message_id,
        "thread_id": sent.thread_id,
        "mailbox": sent.mailbox,
        "subject": sent.subject,
        "sent_at": sent.sent_at,
        "reply_key": sent.reply_key or reply_key_of_draft(draft_id),
        "content_key": content,
    }


# Whether the message that is known under :reply_key, if there is one, can be the one that :draft_id became.
_MAY_BE_OURS = """
    NOT EXISTS (SELECT 1 FROM message AS other
                WHERE other.client_id = :client_id AND other.reply_key = :reply_key
                  AND (other.direction <> 'OUTBOUND' OR other.lead_id <> :lead_id
                       OR (other.draft_id IS NOT NULL AND other.draft_id <> :draft_id)))
"""


def _recorded_message(source: str) -> str:
    """SQL, parts of a WITH: the outbound message of :draft_id and the lead's rollup, if ``source`` has a row.

    A message that a report of the provider's has brought meanwhile is linked instead of written again: one with the
    provider's id meets ON CONFLICT, one without is found by its draft.
    """
    return f"""
    sent_message AS (
        INSERT INTO message AS existing
            (id, client_id, lead_id, campaign_id, channel, provider_account_id, direction, subject, body_text,
             clean_text, text_source, provider_message_id, thread_id, mailbox, from_email, reply_key, content_key,
             draft_id, occurred_at, received_at, effective_at)
        SELECT :message_id, draft.client_id, draft.lead_id, trigger.campaign_id, trigger.channel,
               trigger.provider_account_id, 'OUTBOUND', coalesce(nullif(:subject, ''), draft.subject), draft.body,
               draft.body, 'text', CAST(:provider_message_id AS text), CAST(:thread_id AS text), :mailbox, :mailbox,
               :reply_key, :content_key, draft.id, CAST(:sent_at AS timestamptz), now(),
               least(CAST(:sent_at AS timestamptz), now())
        FROM {source}, draft JOIN message AS trigger ON trigger.id = draft.trigger_message_id
        WHERE draft.id = :draft_id AND NOT EXISTS (SELECT 1 FROM message AS known WHERE known.draft_id = :draft_id)
        ON CONFLICT (client_id, reply_key) DO UPDATE SET draft_id = excluded.draft_id, author_is_unknown = false
        WHERE existing.direction = 'OUTBOUND' AND existing.lead_id = excluded.lead_id
          AND (existing.draft_id IS NULL OR existing.draft_id = excluded.draft_id)
        RETURNING id, lead_id, effective_at
    ), rolled_up AS ({rolled_up_outbound("sent_message")})
"""  # noqa: S608 (constants only)


_SENT = """
    status = 'SENT', provider_message_id = coalesce(CAST(:provider_message_id AS text), sending.provider_message_id),
    error = NULL, error_code = NULL, thread_id = coalesce(CAST(:thread_id AS text), sending.thread_id),
    settled_by_kind = :settled_by_kind
"""

SENT_PROMISES = f"""
    opened AS ({promised("promising", CommitmentStatus.OPEN)}), kept AS ({kept_by_follow_up("promising")})
"""
"""SQL, parts of a WITH: what the drafts of ``promising`` promise is open now; a promise that one keeps is kept."""

# The lead's lock and the fence ride in the statement. An event that commits while it waits for the lock is not in its
# snapshot: one without the provider's id violates the unique draft, and then the statement is repeated. An id that is
# of a received email, of another lead's or of another draft's is not the sent message's, whatever the provider says:
# then nothing is recorded.
_RECORD_SENT = text(
    f"""
    WITH {HOLD_LEAD}, own AS MATERIALIZED (
        SELECT held.id FROM held WHERE {_MAY_BE_OURS}
    ), completed AS (
        UPDATE message SET provider_message_id = coalesce(message.provider_message_id, :provider_message_id),
                           reply_key = CASE WHEN message.provider_message_id IS NULL THEN :reply_key
                                            ELSE message.reply_key END,
                           thread_id = coalesce(message.thread_id, CAST(:thread_id AS text))
        FROM own WHERE message.draft_id = :draft_id
        RETURNING message.id
    ), {_recorded_message("own")}, recorded AS (
        SELECT id FROM completed UNION ALL SELECT id FROM sent_message
    ), sent AS (
        UPDATE outbound_send AS sending SET {_SENT}, sent_at = now() FROM recorded WHERE draft_id = :draft_id
    ), {moved("sent_draft", DraftStatus.SENT, source="recorded", where="draft.id = :draft_id")},
    promising AS (SELECT CAST(:draft_id AS uuid) AS draft_id FROM recorded), {SENT_PROMISES},
    step AS ({insert_step("send", source="recorded", replace=True)})
    SELECT (SELECT count(*) FROM held) AS held, (SELECT count(*) FROM recorded) AS recorded
    """  # noqa: S608 (constants only)
)


def record_sent(engine: Engine, job: ClaimedJob, draft_id: DraftId, sent: SentAs, *, step: Mapping[str, Any]) -> bool:
    """Records what the provider took: outbound message, rollup, draft and send SENT, checkpoint.

    Returns False, with nothing written, when the provider's id is known to be another email's. Raises LeaseLost.
    """
    values = {
        **job.fence,
        **_sent_values(job.client_id, job.lead_id, draft_id, sent),
        "settled_by_kind": SettledBy.RESPONSE.value,
        "step": json.dumps(step),
    }
    try:
        held, recorded = _execute(engine, values)
    except IntegrityError:
        held, recorded = _execute(engine, values)  # with the message in sight that was recorded meanwhile
    if not held:
        raise LeaseLost(job)
    return recorded


def _execute(engine: Engine, values: Mapping[str, Any]) -> tuple[bool, bool]:
    with autocommit(engine) as connection:
        row = connection.execute(_RECORD_SENT, values).one()
    return bool(row.held), bool(row.recorded)


def sent_as_found(source: str) -> str:
    """SQL: makes the send of :draft_id SENT, if ``source`` has a row and there is a draft; its row may be forgotten.

    One that is INTENDED is on the wire right now, and is left to its worker.
    """
    return f"""
    INSERT INTO outbound_send AS sending
        (id, client_id, lead_id, draft_id, automated, status, attempts, intended_at, sent_at, provider_message_id,
         thread_id, mailbox, provider_account_id, settled_by_kind)
    SELECT :send_id, :client_id, :lead_id, draft.id, draft.status <> 'APPROVED', 'SENT', 1,
           CAST(:sent_at AS timestamptz), CAST(:sent_at AS timestamptz), :provider_message_id, :thread_id, :mailbox,
           trigger.provider_account_id, :settled_by_kind
    FROM {source}, draft JOIN message AS trigger ON trigger.id = draft.trigger_message_id
    WHERE draft.id = CAST(:draft_id AS uuid)
    ON CONFLICT (draft_id) DO UPDATE SET {_SENT}, sent_at = excluded.sent_at
    WHERE sending.status <> 'INTENDED'
"""  # noqa: S608 (constants only)


# The same consequences for a message that was found or reported later.
_SETTLE_AS_SENT = text(
    f"""
    WITH settled AS (
        UPDATE outbound_send AS sending
        SET {_SENT}, sent_at = coalesce(CAST(:sent_at AS timestamptz), now()), settled_by = :settled_by
        WHERE draft_id = :draft_id AND status IN ('UNCERTAIN', 'QUEUED') AND {_MAY_BE_OURS}
        RETURNING draft_id
    ), {moved("sent_draft", DraftStatus.SENT, source="settled", where="draft.id = settled.draft_id")},
    {_recorded_message("settled")}, promising AS (SELECT draft_id FROM settled), {SENT_PROMISES}
    SELECT count(*) FROM settled
    """  # noqa: S608 (constants only)
)


def settle_as_sent(
    connection: Connection,
    client_id: ClientId,
    lead_id: LeadId,
    draft_id: DraftId,
    sent: SentAs,
    by: SettledBy,
    *,
    person: str | None = None,
) -> bool:
    """Settles an UNCERTAIN or QUEUED send as SENT, under the lead's lock.

    Returns False when it was settled meanwhile, or when the provider's id is another message's. A person need not know
    the id.
    """
    values = {
        **_sent_values(client_id, lead_id, draft_id, sent),
        "settled_by_kind": by.value,
        "settled_by": person,
    }
    return bool(connection.execute(_SETTLE_AS_SENT, values).scalar_one())


_NAME = text(
    """
    WITH named AS (
        UPDATE message SET provider_message_id = :provider_message_id, reply_key = :reply_key,
                           thread_id = coalesce(message.thread_id, CAST(:thread_id AS text))
        WHERE draft_id = :draft_id AND provider_message_id IS NULL
        RETURNING draft_id
    )
    UPDATE outbound_send AS sending SET provider_message_id = :provider_message_id
    FROM named WHERE sending.draft_id = named.draft_id AND sending.provider_message_id IS NULL
    """
)


def name_sent_message(connection: Connection, draft_id: DraftId, sent: SentAs) -> None:
    """Adds the id that the provider has given a message after it had left, under the lead's lock."""
    connection.execute(
        _NAME,
        {
            "draft_id": draft_id,
            "provider_message_id": sent.provider_message_id,
            "reply_key": sent.reply_key,
            "thread_id": sent.thread_id,
        },
    )
