"""Queries of what a person puts right by hand: lost jobs, uncertain sends, wrong suppressions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.drafts import moved
from shared.db.lead_group import group_of
from shared.db.outbox import KNOWN_TYPE
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import ClientId, DraftId, DraftStatus, LeadId, MessageId

# --- Jobs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobWords:
    """A job's type and status as they are stored: a newer release may have written either."""

    type: str
    status: str


def read_job_words(connection: Connection, job_id: UUID) -> JobWords | None:
    """None: there is no such job."""
    row = connection.execute(
        text("SELECT type, status FROM background_job WHERE id = :id"), {"id": job_id}
    ).one_or_none()
    return None if row is None else JobWords(row.type, row.status)


def list_failed_jobs(connection: Connection, client_id: UUID, *, limit: int) -> Sequence[UUID]:
    """The client's failed jobs that this release can run, the oldest first."""
    return (
        connection.execute(
            text(f"""
                SELECT id FROM background_job WHERE client_id = :client_id AND status = 'FAILED' AND {KNOWN_TYPE}
                ORDER BY finished_at, id LIMIT :limit
            """),  # noqa: S608 (a constant)
            {"client_id": client_id, "limit": limit},
        )
        .scalars()
        .all()
    )


def count_published(connection: Connection, job_ids: Sequence[UUID]) -> int:
    """How many of the jobs are in their queue."""
    count = connection.execute(
        text("SELECT count(*) FROM background_job WHERE id = ANY(:ids) AND enqueued_at IS NOT NULL"),
        {"ids": list(job_ids)},
    ).scalar_one()
    return int(count)


# --- Sends -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UncertainSend:
    """A send that may have left, under the lead's lock."""

    draft_id: DraftId
    client_id: ClientId
    lead_id: LeadId
    draft_status: str
    thread_id: str | None
    mailbox: str | None
    subject: str


def lock_uncertain_send(connection: Connection, draft_id: UUID) -> UncertainSend | None:
    """Locks draft and send (the lead is locked already); None when the draft has no uncertain send."""
    row = connection.execute(
        text("""
            SELECT draft.id AS draft_id, draft.client_id, draft.lead_id, draft.status AS draft_status,
                   outbound_send.thread_id, outbound_send.mailbox, draft.subject
            FROM draft JOIN outbound_send ON outbound_send.draft_id = draft.id
            WHERE draft.id = :id AND draft.status = 'SEND_UNCERTAIN' AND outbound_send.status = 'UNCERTAIN'
            FOR NO KEY UPDATE OF draft, outbound_send
        """),
        {"id": draft_id},
    ).one_or_none()
    return None if row is None else UncertainSend(**row._mapping)


@dataclass(frozen=True, slots=True)
class RecordedEmail:
    """Whose message an e-mail of the provider's is recorded as."""

    direction: str
    lead_id: LeadId
    draft_id: DraftId | None


def find_recorded_email(connection: Connection, client_id: ClientId, provider_message_id: str) -> RecordedEmail | None:
    """The client's message with the provider's id; None when no event has brought it yet."""
    row = connection.execute(
        text("""
            SELECT direction, lead_id, draft_id FROM message
            WHERE client_id = :client_id AND provider_message_id = :provider_message_id
        """),
        {"client_id": client_id, "provider_message_id": provider_message_id},
    ).one_or_none()
    return None if row is None else RecordedEmail(row.direction, row.lead_id, row.draft_id)


_SETTLE_AS_NOT_SENT = text(
    f"""
    WITH settled AS (
        UPDATE outbound_send
        SET status = 'REFUSED', settled_by = :settled_by, error = 'not sent, as a person found out'
        WHERE draft_id = :draft_id AND status = 'UNCERTAIN' RETURNING draft_id
    ), {
        moved(
            "moved",
            DraftStatus.NEEDS_REVIEW,
            source="settled",
            where="draft.id = settled.draft_id",
            rule=DraftRule.SEND_UNCERTAIN,
            person=":settled_by",
        )
    }
    SELECT count(*) FROM settled
    """  # noqa: S608 (constants only)
)


def settle_uncertain_as_not_sent(connection: Connection, draft_id: DraftId, *, settled_by: str) -> None:
    """UNCERTAIN → REFUSED, and the draft back to a person: only an approval sends it again."""
    connection.execute(
        _SETTLE_AS_NOT_SENT,
        {"draft_id": draft_id, "settled_by": settled_by},
    )


# --- Suppressions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LiftedSuppression:
    """What a suppression was before it was lifted."""

    reason: str  # as it is stored: what a newer release suppressed can be lifted here
    suppressed_at: datetime
    message_id: MessageId | None
    rule: str = ""


# Runs under the lead's lock. The messages that were taken for an opt-out remember that a person disagreed: none of them
# suppresses this lead again. What the suppression superseded and cancelled stays so: its moment has passed.
_UNSUPPRESS = text(
    f"""
    WITH suppressed AS (
        SELECT id, suppression_reason, suppressed_at, suppression_message_id,
               coalesce(suppression_evidence ->> 'rule', '') AS rule
        FROM lead WHERE id = :lead_id AND suppressed_at IS NOT NULL
    ), dismissed AS (
        UPDATE message SET suppression_dismissed_at = now()
        FROM suppressed
        WHERE message.lead_id IN {group_of(":lead_id")} AND message.direction = 'INBOUND'
          AND (message.id = suppressed.suppression_message_id OR message.sentiment = 'Blacklist')
    ), lifted AS (
        UPDATE lead
        SET status = coalesce(lead.status_before_suppression, 'new'), status_before_suppression = NULL,
            suppressed_at = NULL, suppression_reason = NULL, suppression_evidence = NULL,
            suppression_message_id = NULL, sentiment = CASE WHEN sentiment = 'Blacklist' THEN NULL ELSE sentiment END
        FROM suppressed WHERE lead.id = suppressed.id
    )
    SELECT suppression_reason, suppressed_at, suppression_message_id, rule FROM suppressed
    """  # noqa: S608 (constants only)
)


def lift_suppression(connection: Connection, lead_id: LeadId) -> LiftedSuppression | None:
    """Restores the lead's status; None when it is not suppressed."""
    row = connection.execute(_UNSUPPRESS, {"lead_id": lead_id}).one_or_none()
    if row is None:
        return None
    return LiftedSuppression(
        row.suppression_reason,
        row.suppressed_at,
        None if row.suppression_message_id is None else MessageId(row.suppression_message_id),
        row.rule,
    )
