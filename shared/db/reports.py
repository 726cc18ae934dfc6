"""What people look at: read-only listings of drafts, jobs, events and leads for the operator's command line.

Every listing is of one client, newest first, bounded, and served by an index on (client_id, …) or (lead_id, …).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.outbox import KNOWN_TYPE
from shared.domain.email_address import canonical_address
from shared.domain.vocabulary import (
    Direction,
    DraftStatus,
    EventOutcome,
    HeldReason,
    JobStatus,
    JobType,
    OutboundSendStatus,
    SuppressionReason,
)


@dataclass(frozen=True, slots=True)
class MessageReport:
    id: UUID
    direction: str
    subject: str
    clean_text: str | None
    from_email: str | None
    mailbox: str | None
    provider_message_id: str | None
    is_auto_reply: bool
    sentiment: str | None
    sentiment_source: str | None
    sentiment_reason: str | None
    draft_id: UUID | None
    effective_at: datetime


@dataclass(frozen=True, slots=True)
class DraftReport:
    id: UUID
    client_id: UUID
    lead_id: UUID
    lead_email: str
    campaign_name: str | None
    trigger_message_id: UUID
    tag: str | None
    status: str
    subject: str
    body: str
    model_body: str | None
    action: str | None
    rule: str | None
    confidence: float | None
    threshold: float | None
    reason: str | None
    model: str | None
    decided_by: str | None
    decided_at: datetime | None
    send_status: str | None
    send_attempts: int | None
    send_error: str | None
    sent_at: datetime | None
    provider_message_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class JobReport:
    id: UUID
    client_id: UUID
    lead_id: UUID
    lead_email: str
    message_id: UUID | None
    draft_id: UUID | None
    type: str
    status: str
    attempts: int
    generation: int
    run_at: datetime
    enqueued_at: datetime | None
    lease_owner: str | None
    lease_expires_at: datetime | None
    failed_sqs_message_id: str | None
    last_error: str | None
    waiting_for: str | None  # a WaitingFor, or a newer release's
    result: str | None
    trace_id: str | None
    dedupe_key: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepReport:
    name: str
    result: dict[str, Any]
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class ModelCallReport:
    feature: str
    prompt_version: str
    model: str
    status: str
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cost_usd: Decimal | None
    latency_ms: int
    error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EventReport:
    id: UUID
    client_id: UUID
    event_type: str | None
    outcome: str
    detail: str | None
    message_id: UUID | None
    lead_id: UUID | None
    lead_email: str | None
    deliveries: int
    size_bytes: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class LeadReport:
    id: UUID
    client_id: UUID
    email: str
    first_name: str | None
    last_name: str | None
    company: str | None
    status: str
    sentiment: str | None
    auto_reply_enabled: bool
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    meeting_booked_at: datetime | None
    appointment_start_at: datetime | None
    fit_score: int | None
    intent_score: int | None
    overall_score: int | None
    score_reason: str | None
    scored_at: datetime | None
    suppressed_at: datetime | None
    suppression_reason: str | None
    suppression_evidence: dict[str, Any] | None
    suppression_message_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    id: UUID
    sequence_name: str
    status: str
    paused_reason: str | None
    next_step_due: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyOutcome:
    """What became of one inbound message. The lead's fields are the lead's state now, not right after this message."""

    message_id: UUID
    lead_id: UUID
    lead_email: str
    tag: str | None
    is_auto_reply: bool
    lead_status: str
    suppression_reason: str | None
    overall_score: int | None
    fit_score: int | None
    intent_score: int | None
    draft_id: UUID | None
    draft_body: str | None
    draft_status: str | None
    action: str | None
    rule: str | None
    confidence: float | None
    send_status: str | None
    model_calls: int
    cost_usd: Decimal | None


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_DRAFTS = """
    SELECT draft.id, draft.client_id, draft.lead_id, lead.email AS lead_email, campaign.name AS campaign_name,
           draft.trigger_message_id, message.sentiment AS tag, draft.status, draft.subject, draft.body,
           draft.model_body, draft.action, draft.rule, draft.confidence, draft.threshold, draft.reason, draft.model,
           draft.decided_by, draft.decided_at, outbound_send.status AS send_status,
           outbound_send.attempts AS send_attempts, outbound_send.error AS send_error, outbound_send.sent_at,
           outbound_send.provider_message_id, draft.created_at, draft.updated_at
    FROM draft
    JOIN lead ON lead.id = draft.lead_id
    JOIN message ON message.id = draft.trigger_message_id
    LEFT JOIN campaign ON campaign.id = message.campaign_id
    LEFT JOIN outbound_send ON outbound_send.draft_id = draft.id
"""


def list_drafts(
    connection: Connection, client_id: UUID, *, statuses: Sequence[DraftStatus] = (), limit: int = 50
) -> list[DraftReport]:
    """The client's newest drafts, of the given statuses (any when empty)."""
    rows = connection.execute(
        text(f"""
            {_DRAFTS}
            WHERE draft.client_id = :client_id AND (:any_status OR draft.status = ANY(:statuses))
            ORDER BY draft.created_at DESC, draft.id DESC
            LIMIT :limit
        """),
        {"client_id": client_id, "any_status": not statuses, "statuses": _values(statuses), "limit": limit},
    )
    return [DraftReport(**row._mapping) for row in rows]


def get_draft(connection: Connection, draft_id: UUID) -> DraftReport | None:
    row = connection.execute(text(f"{_DRAFTS} WHERE draft.id = :id"), {"id": draft_id}).one_or_none()
    return None if row is None else DraftReport(**row._mapping)


# ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_MESSAGES = """
    SELECT id, direction, subject, coalesce(clean_text, body_text) AS clean_text, from_email, mailbox,
           provider_message_id, is_auto_reply, sentiment, sentiment_source, sentiment_reason, draft_id, effective_at
    FROM message
"""


def get_message(connection: Connection, message_id: UUID) -> MessageReport | None:
    row = connection.execute(text(f"{_MESSAGES} WHERE id = :id"), {"id": message_id}).one_or_none()
    return None if row is None else MessageReport(**row._mapping)


def list_messages_of_lead(connection: Connection, lead_id: UUID, *, limit: int = 50) -> list[MessageReport]:
    """The lead's newest messages, the newest first."""
    rows = connection.execute(
        text(f"{_MESSAGES} WHERE lead_id = :lead_id ORDER BY effective_at DESC, id DESC LIMIT :limit"),
        {"lead_id": lead_id, "limit": limit},
    )
    return [MessageReport(**row._mapping) for row in rows]


# ── Jobs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_JOBS = """
    SELECT job.id, job.client_id, job.lead_id, lead.email AS lead_email, job.message_id, job.draft_id, job.type,
           job.status, job.attempts, job.generation, job.run_at, job.enqueued_at, job.lease_owner,
           job.lease_expires_at, job.failed_sqs_message_id, job.last_error, job.waiting_for, job.result, job.trace_id,
           job.dedupe_key, job.created_at, job.started_at, job.finished_at
    FROM background_job AS job
    JOIN lead ON lead.id = job.lead_id
"""


def list_jobs(
    connection: Connection,
    client_id: UUID,
    *,
    statuses: Sequence[JobStatus] = (),
    types: Sequence[JobType] = (),
    limit: int = 50,
) -> list[JobReport]:
    """The client's newest jobs, of the given statuses and types (any when empty)."""
    rows = connection.execute(
        text(f"""
            {_JOBS}
            WHERE job.client_id = :client_id
              AND (:any_status OR job.status = ANY(:statuses))
              AND (:any_type OR job.type = ANY(:types))
            ORDER BY job.created_at DESC, job.id DESC
            LIMIT :limit
        """),
        {
            "client_id": client_id,
            "any_status": not statuses,
            "statuses": _values(statuses),
            "any_type": not types,
            "types": _values(types),
            "limit": limit,
        },
    )
    return [JobReport(**row._mapping) for row in rows]


def list_jobs_of_lead(connection: Connection, lead_id: UUID, *, limit: int = 50) -> list[JobReport]:
    rows = connection.execute(
        text(f"{_JOBS} WHERE job.lead_id = :lead_id ORDER BY job.created_at DESC, job.id DESC LIMIT :limit"),
        {"lead_id": lead_id, "limit": limit},
    )
    return [JobReport(**row._mapping) for row in rows]


def list_dead_jobs(connection: Connection, *, limit: int = 100) -> list[JobReport]:
    """Failed jobs of every client whose message went the way to a dead-letter queue, the newest first."""
    rows = connection.execute(
        text(f"""
            {_JOBS}
            WHERE job.status = 'FAILED' AND job.failed_sqs_message_id IS NOT NULL
            ORDER BY job.finished_at DESC LIMIT :limit
        """),
        {"limit": limit},
    )
    return [JobReport(**row._mapping) for row in rows]


def get_job(connection: Connection, job_id: UUID) -> JobReport | None:
    row = connection.execute(text(f"{_JOBS} WHERE job.id = :id"), {"id": job_id}).one_or_none()
    return None if row is None else JobReport(**row._mapping)


def list_steps(connection: Connection, job_id: UUID) -> list[StepReport]:
    """The job's checkpoints in the order in which they were made."""
    rows = connection.execute(
        text("SELECT name, result, finished_at FROM job_step WHERE job_id = :id ORDER BY finished_at"), {"id": job_id}
    )
    return [StepReport(**row._mapping) for row in rows]


def list_model_calls(connection: Connection, job_id: UUID) -> list[ModelCallReport]:
    """What the job asked a model, in order, failures included."""
    rows = connection.execute(
        text("""
            SELECT feature, prompt_version, model, status, input_tokens, output_tokens, reasoning_tokens, cost_usd,
                   latency_ms, error, created_at
            FROM ai_interaction WHERE job_id = :id ORDER BY created_at, id
        """),
        {"id": job_id},
    )
    return [ModelCallReport(**row._mapping) for row in rows]


def count_jobs_by_status(connection: Connection, client_id: UUID) -> dict[JobStatus, int]:
    """How many of the client's jobs are in each status; every status is there."""
    rows = connection.execute(
        text("SELECT status, count(*) FROM background_job WHERE client_id = :id GROUP BY status"), {"id": client_id}
    )
    counts = {str(status): int(count) for status, count in rows}
    return {status: counts.get(status.value, 0) for status in JobStatus}


@dataclass(frozen=True, slots=True)
class TroubledJobs:
    failed: int
    unpublished: int  # due, in no queue, and of a type that this release knows, like the next
    lost: int  # RUNNING although the lease is over


def count_troubled_jobs(connection: Connection, *, late_s: float) -> TroubledJobs:
    """Jobs of every client that need a look; ``late_s`` is how long one may be due or without a lease, in seconds."""
    row = connection.execute(
        text(f"""
            SELECT
                (SELECT count(*) FROM background_job WHERE status = 'FAILED') AS failed,
                (SELECT count(*) FROM background_job
                 WHERE enqueued_at IS NULL AND status = 'PENDING' AND {KNOWN_TYPE}
                   AND run_at < now() - make_interval(secs => :late_s)) AS unpublished,
                (SELECT count(*) FROM background_job
                 WHERE status = 'RUNNING' AND lease_expires_at < now() - make_interval(secs => :late_s)
                   AND {KNOWN_TYPE}) AS lost
        """),  # noqa: S608 (a constant)
        {"late_s": late_s},
    ).one()
    return TroubledJobs(**row._mapping)


# ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_EVENTS = """
    SELECT event.id, event.client_id, event.event_type, event.outcome, event.detail, event.message_id,
           lead.id AS lead_id, lead.email AS lead_email, event.deliveries,
           octet_length(event.raw_body) AS size_bytes, event.received_at
    FROM webhook_event AS event
    LEFT JOIN message ON message.id = event.message_id
    LEFT JOIN lead ON lead.id = message.lead_id
"""


def list_events(
    connection: Connection,
    client_id: UUID | None,
    *,
    outcomes: Sequence[EventOutcome] = (),
    reasons: Sequence[str] = (),
    limit: int = 50,
) -> list[EventReport]:
    """The client's newest deliveries, of the given outcomes and reasons (any when empty).

    A ``client_id`` of None stands for deliveries of workspaces that were not there when they were judged.
    """
    whose = "event.client_id = :client_id" if client_id is not None else "event.detail = 'unknown_workspace'"
    rows = connection.execute(
        text(f"""
            {_EVENTS}
            WHERE {whose} AND (:any_outcome OR event.outcome = ANY(:outcomes))
              AND (:any_reason OR event.detail = ANY(:reasons))
            ORDER BY event.received_at DESC, event.id DESC
            LIMIT :limit
        """),
        {
            **({} if client_id is None else {"client_id": client_id}),
            "any_outcome": not outcomes,
            "outcomes": _values(outcomes),
            "any_reason": not reasons,
            "reasons": list(reasons),
            "limit": limit,
        },
    )
    return [EventReport(**row._mapping) for row in rows]


def count_held_events(connection: Connection) -> dict[str, int]:
    """How many acknowledged deliveries of every client wait in quarantine for a person, by reason."""
    rows = connection.execute(
        text("""
            SELECT detail, count(*) FROM webhook_event
            WHERE outcome = 'QUARANTINED' AND detail = ANY(:reasons) GROUP BY detail ORDER BY detail
        """),
        {"reasons": _values(list(HeldReason))},
    )
    return {str(reason): int(count) for reason, count in rows}


def get_event(connection: Connection, event_id: UUID) -> EventReport | None:
    row = connection.execute(text(f"{_EVENTS} WHERE event.id = :id"), {"id": event_id}).one_or_none()
    return None if row is None else EventReport(**row._mapping)


def read_raw_body(connection: Connection, event_id: UUID) -> bytes | None:
    """The delivery byte for byte as it came."""
    body = connection.execute(
        text("SELECT raw_body FROM webhook_event WHERE id = :id"), {"id": event_id}
    ).scalar_one_or_none()
    return None if body is None else bytes(body)


# ── Leads ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_LEADS = """
    SELECT id, client_id, email, first_name, last_name, company, status, sentiment, auto_reply_enabled,
           last_inbound_at, last_outbound_at, meeting_booked_at, appointment_start_at, fit_score, intent_score,
           overall_score, score_reason, scored_at, suppressed_at, suppression_reason, suppression_evidence,
           suppression_message_id, created_at
    FROM lead
"""


def get_lead(connection: Connection, lead_id: UUID) -> LeadReport | None:
    row = connection.execute(text(f"{_LEADS} WHERE id = :id"), {"id": lead_id}).one_or_none()
    return None if row is None else LeadReport(**row._mapping)


def find_lead(connection: Connection, client_id: UUID, email: str) -> LeadReport | None:
    """The client's lead with this address, however it is spelled."""
    row = connection.execute(
        text(f"{_LEADS} WHERE client_id = :client_id AND lower(email) = :email"),
        {"client_id": client_id, "email": canonical_address(email)},
    ).one_or_none()
    return None if row is None else LeadReport(**row._mapping)


def list_suppressed_leads(
    connection: Connection, client_id: UUID, *, reason: SuppressionReason | None = None, limit: int = 50
) -> list[LeadReport]:
    """The client's suppressed leads, the newest suppression first."""
    rows = connection.execute(
        text(f"""
            {_LEADS}
            WHERE client_id = :client_id AND suppressed_at IS NOT NULL
              AND (CAST(:reason AS text) IS NULL OR suppression_reason = :reason)
            ORDER BY suppressed_at DESC, id DESC
            LIMIT :limit
        """),
        {"client_id": client_id, "reason": reason.value if reason else None, "limit": limit},
    )
    return [LeadReport(**row._mapping) for row in rows]


def list_drafts_of_lead(connection: Connection, lead_id: UUID, *, limit: int = 20) -> list[DraftReport]:
    rows = connection.execute(
        text(f"{_DRAFTS} WHERE draft.lead_id = :lead_id ORDER BY draft.created_at DESC, draft.id DESC LIMIT :limit"),
        {"lead_id": lead_id, "limit": limit},
    )
    return [DraftReport(**row._mapping) for row in rows]


def list_follow_ups_of_lead(connection: Connection, lead_id: UUID) -> list[FollowUpReport]:
    rows = connection.execute(
        text("""
            SELECT id, sequence_name, status, paused_reason, next_step_due, updated_at
            FROM follow_up_instance WHERE lead_id = :lead_id ORDER BY id
        """),
        {"lead_id": lead_id},
    )
    return [FollowUpReport(**row._mapping) for row in rows]


# ── Replies ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_reply_outcomes(connection: Connection, client_id: UUID, *, limit: int = 200) -> list[ReplyOutcome]:
    """What became of the client's newest replies, the newest first; costs are of model calls with a known price."""
    rows = connection.execute(
        text("""
            SELECT message.id AS message_id, lead.id AS lead_id, lead.email AS lead_email, message.sentiment AS tag,
                   message.is_auto_reply, lead.status AS lead_status, lead.suppression_reason, lead.overall_score,
                   lead.fit_score, lead.intent_score, draft.id AS draft_id, draft.body AS draft_body,
                   draft.status AS draft_status, draft.action, draft.rule, draft.confidence,
                   outbound_send.status AS send_status, calls.model_calls, calls.cost_usd
            FROM message
            JOIN lead ON lead.id = message.lead_id
            LEFT JOIN draft ON draft.trigger_message_id = message.id
            LEFT JOIN outbound_send ON outbound_send.draft_id = draft.id
            CROSS JOIN LATERAL (
                SELECT count(ai_interaction.id) AS model_calls, sum(ai_interaction.cost_usd) AS cost_usd
                FROM background_job
                LEFT JOIN ai_interaction ON ai_interaction.job_id = background_job.id
                WHERE background_job.message_id = message.id
            ) AS calls
            WHERE message.client_id = :client_id AND message.direction = 'INBOUND'
            ORDER BY message.received_at DESC, message.id DESC
            LIMIT :limit
        """),
        {"client_id": client_id, "limit": limit},
    )
    return [ReplyOutcome(**row._mapping) for row in rows]


def count_messages(connection: Connection, client_id: UUID) -> dict[Direction, int]:
    """How many messages the client's leads and we have written."""
    rows = connection.execute(
        text("SELECT direction, count(*) FROM message WHERE client_id = :id GROUP BY direction"), {"id": client_id}
    )
    counts = {str(direction): int(count) for direction, count in rows}
    return {direction: counts.get(direction.value, 0) for direction in Direction}


def count_sends(connection: Connection, client_id: UUID) -> dict[OutboundSendStatus, int]:
    """How many of the client's e-mails are in each state of the send protocol."""
    rows = connection.execute(
        text("SELECT status, count(*) FROM outbound_send WHERE client_id = :id GROUP BY status"), {"id": client_id}
    )
    counts = {str(status): int(count) for status, count in rows}
    return {status: counts.get(status.value, 0) for status in OutboundSendStatus}


def _values(words: Sequence[StrEnum]) -> list[str]:
    return [word.value for word in words]
