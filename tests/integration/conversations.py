"""Rows as the pipeline leaves them: a workspace, a lead that replied, and the outcome of the draft."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.db.clients import create_client
from shared.db.jobs import dedupe_key
from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import delivery_key
from shared.domain.vocabulary import Direction, DraftStatus, EventOutcome, JobStatus, JobType

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Conversation:
    client_id: UUID
    lead_id: UUID
    message_id: UUID
    draft_id: UUID
    email: str


def start_conversation(
    engine: Engine, *, name: str = "Acme", email: str = "pat@acme.test", status: DraftStatus = DraftStatus.NEEDS_REVIEW
) -> Conversation:
    """Makes a new workspace with one lead, its reply of NOON and a draft for it."""
    with engine.begin() as connection:
        client_id = create_client(connection, name).id
        lead_id = add_lead(connection, client_id, email)
        message_id = add_message(connection, client_id, lead_id, at=NOON, tag="Interested")
        draft_id = uuid7()
        connection.execute(
            text("""
                INSERT INTO draft (id, client_id, lead_id, trigger_message_id, subject, body, status, action, rule,
                                   confidence, threshold, finding, decided_by_kind, decided_at)
                VALUES (:id, :client, :lead, :message, 'Re: quick question', 'Hi Pat,\nhappy to talk.', :status,
                        'NEEDS_REVIEW', 'evaluation', 0.71, 0.9, 'the offer is unclear', 'EVALUATION', now())
            """),
            {
                "id": draft_id,
                "client": client_id,
                "lead": lead_id,
                "message": message_id,
                "status": status.value,
            },
        )
    return Conversation(client_id, lead_id, message_id, draft_id, email)


def add_lead(connection: Connection, client_id: UUID, email: str) -> UUID:
    lead_id = uuid7()
    connection.execute(
        text("INSERT INTO lead (id, client_id, email, first_name) VALUES (:id, :client_id, :email, 'Pat')"),
        {"id": lead_id, "client_id": client_id, "email": email},
    )
    return lead_id


def add_message(
    connection: Connection,
    client_id: UUID,
    lead_id: UUID,
    *,
    at: datetime,
    direction: Direction = Direction.INBOUND,
    is_auto_reply: bool = False,
    body: str = "Sounds good, tell me more.",
    tag: str | None = None,
) -> UUID:
    message_id = uuid7()
    connection.execute(
        text("""
            INSERT INTO message (id, client_id, lead_id, direction, subject, body_text, clean_text, text_source,
                                 from_email, reply_key, content_key, is_auto_reply, sentiment, received_at,
                                 effective_at)
            VALUES (:id, :client_id, :lead_id, :direction, 'Re: quick question', :body, :body, 'text',
                    'pat@acme.test', :key, :key, :auto, :tag, :received_at, :at)
        """),
        {
            "id": message_id,
            "client_id": client_id,
            "lead_id": lead_id,
            "direction": direction.value,
            "body": body,
            "key": secrets.token_bytes(32),
            "auto": is_auto_reply,
            "tag": tag,
            "received_at": at + timedelta(seconds=1),
            "at": at,
        },
    )
    return message_id


def suppress(engine: Engine, lead_id: UUID) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("""
                UPDATE lead SET suppressed_at = now(), suppression_reason = 'OPT_OUT', status = 'blacklisted',
                    suppression_evidence = '{"rule": "opt_out.en.stop", "words": "please stop"}'
                WHERE id = :id
            """),
            {"id": lead_id},
        )


def add_job(
    engine: Engine,
    conversation: Conversation,
    *,
    type: JobType = JobType.SEND_REPLY,
    status: JobStatus = JobStatus.PENDING,
    enqueued: bool = False,
    lease_s: float | None = None,
    last_error: str | None = None,
) -> UUID:
    """Adds a job about the conversation's draft (sends) or message (all others), as a run of it would leave it."""
    job_id = uuid7()
    subject = conversation.draft_id if type is JobType.SEND_REPLY else conversation.message_id
    with engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO background_job (id, client_id, lead_id, message_id, draft_id, type, dedupe_key, status,
                                            run_at, enqueued_at, lease_owner, lease_expires_at, last_error)
                VALUES (:id, :client, :lead, :message, :draft, :type, :key, :status, now(),
                        CASE WHEN :enqueued THEN now() END, CASE WHEN :leased THEN 'worker' END,
                        CASE WHEN :leased THEN now() + make_interval(secs => :lease_s) END, :last_error)
            """),
            {
                "id": job_id,
                "client": conversation.client_id,
                "lead": conversation.lead_id,
                "message": conversation.message_id,
                "draft": conversation.draft_id if type is JobType.SEND_REPLY else None,
                "type": type.value,
                "key": dedupe_key(conversation.client_id, subject, type),
                "status": status.value,
                "enqueued": enqueued,
                "leased": lease_s is not None,
                "lease_s": lease_s or 0,
                "last_error": last_error,
            },
        )
    return job_id


def add_event(
    engine: Engine,
    conversation: Conversation,
    raw_body: bytes,
    outcome: EventOutcome,
    *,
    message: bool = True,
    detail: str | None = None,
) -> UUID:
    """Adds a delivery as the webhook keeps it; with ``message`` it is the one that brought the conversation's reply."""
    event_id = uuid7()
    with engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO webhook_event
                    (id, client_id, delivery_key, event_type, raw_body, outcome, detail, message_id, received_at)
                VALUES (:id, :client, :key, 'reply_received', :body, :outcome, :detail, :message, :at)
            """),
            {
                "id": event_id,
                "client": conversation.client_id,
                "key": delivery_key(conversation.client_id, raw_body),
                "body": raw_body,
                "outcome": outcome.value,
                "detail": detail,
                "message": conversation.message_id if message else None,
                "at": NOON,
            },
        )
    return event_id
