"""Queries of the reply pipeline: what one inbound message needs to be understood, answered and decided about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.db.ai_interactions import INSERT_INTERACTIONS
from shared.db.found_responses import ANSWERED_SENTENCE
from shared.db.job_leases import INSERT_STEPS, ClaimedJob, insert_step
from shared.db.outbox import POST_PROCESS, Job, bring_forward, job_columns, job_of, share_left, start_again
from shared.db.pauses import strictest_pause
from shared.db.reply_order import counted_from, is_late, newer_human_reply, overtaking_reply
from shared.domain.drafting.auto_send_gate import OVERTAKEN, Decision
from shared.domain.vocabulary import (
    CampaignId,
    Direction,
    DraftId,
    DraftStatus,
    LeadStatus,
    MessageId,
    Pausable,
    ResponseMode,
    SentimentSource,
    Tag,
    known,
)

HISTORY_LIMIT = 30  # e-mails of the lead that a model sees besides the one it judges


@dataclass(frozen=True, slots=True)
class InboundMessage:
    id: MessageId
    client_id: UUID
    lead_id: UUID
    direction: Direction
    subject: str
    body_text: str | None
    body_html: str | None
    clean_text: str
    text_source: str
    provider_message_id: str | None
    thread_id: str | None
    mailbox: str | None
    from_email: str | None  # the sender, as far as the provider has been asked
    is_auto_reply: bool
    sentiment: Tag | None
    sentiment_source: SentimentSource | None
    suppression_dismissed: bool
    effective_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryMessage:
    direction: Direction
    at: datetime
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class LeadRecord:
    email: str
    first_name: str | None
    last_name: str | None
    company: str | None
    status: LeadStatus
    suppressed: bool
    auto_reply_enabled: bool
    meeting_evidence: bool


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    id: CampaignId
    response_mode: ResponseMode
    auto_send_threshold: float


@dataclass(frozen=True, slots=True)
class WorkspaceRecord:
    """The client's settings as the pipeline needs them."""

    client_disabled: bool
    persona_name: str
    persona_tone: str
    persona_greeting: str
    persona_signature: str
    persona_goals: str
    service_description: str
    company_name: str
    ideal_customer_profile: str
    qualification_questions: tuple[str, ...]
    booking_link: str | None
    timezone: str
    sentiment_model: str | None
    draft_model: str | None
    evaluation_model: str | None
    scoring_model: str | None
    sending_window: Mapping[str, Any] | None
    delay_s: tuple[int, int] | None
    knowledge: tuple[tuple[str, str], ...]  # (name, text)


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """One inbound message with its lead, its campaign, the client's settings and the thread before it."""

    message: InboundMessage
    lead: LeadRecord
    campaign: CampaignRecord | None
    workspace: WorkspaceRecord
    history: tuple[HistoryMessage, ...]  # oldest first, without the message itself

    @property
    def sender_is_lead(self) -> bool:
        """Whether the lead has written, as far as is known; else somebody has answered in the lead's stead."""
        return self.message.from_email in (None, self.lead.email)


class UncleanedReplyError(RuntimeError):
    """An inbound message without the text that intake stores with it: a bug, since nothing cleans it later."""


_LOAD_CONTEXT = text(
    f"""
    SELECT message.id, message.client_id, message.lead_id, message.direction, message.subject, message.body_text,
           message.body_html, message.clean_text, message.text_source, message.provider_message_id, message.thread_id,
           message.mailbox, message.from_email, message.is_auto_reply, message.sentiment, message.sentiment_source,
           message.suppression_dismissed_at IS NOT NULL AS suppression_dismissed,
           message.effective_at, message.received_at,
           lead.email, lead.first_name, lead.last_name, lead.company, lead.status,
           lead.suppressed_at IS NOT NULL AS suppressed, lead.auto_reply_enabled,
           lead.meeting_booked_at IS NOT NULL OR lead.appointment_start_at IS NOT NULL AS meeting_evidence,
           campaign.id AS campaign_id, campaign.response_mode, campaign.auto_send_threshold,
           client.disabled_at IS NOT NULL AS client_disabled, client.name AS client_name,
           to_jsonb(client_settings) AS settings,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(name, text) ORDER BY created_at, id), '[]')
            FROM knowledge_asset WHERE client_id = client.id) AS knowledge,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(direction, effective_at, subject, body)
                                      ORDER BY effective_at, id), '[]')
            FROM (SELECT direction, effective_at, id, subject, coalesce(clean_text, body_text, '') AS body
                  FROM message AS earlier
                  WHERE earlier.lead_id = message.lead_id AND earlier.id <> message.id
                    AND (earlier.effective_at, earlier.id) < ({counted_from("message")}, message.id)
                  ORDER BY earlier.effective_at DESC, earlier.id DESC LIMIT {HISTORY_LIMIT}) AS recent) AS history
    FROM message
    JOIN lead ON lead.id = message.lead_id
    JOIN client ON client.id = message.client_id
    LEFT JOIN client_settings ON client_settings.client_id = client.id
    LEFT JOIN campaign ON campaign.id = message.campaign_id
    WHERE message.id = :message_id
    """  # noqa: S608 (a constant)
)


def load_reply_context(engine: Engine, message_id: MessageId) -> ReplyContext | None:
    """Everything about one message in one statement, or None when it is gone.

    Raises UncleanedReplyError and UnknownValueError.
    """
    with engine.connect() as connection:
        row = connection.execute(_LOAD_CONTEXT, {"message_id": message_id}).one_or_none()
    if row is None:
        return None
    direction = known(Direction, row.direction)
    if direction is Direction.INBOUND and (row.clean_text is None or row.text_source is None):
        raise UncleanedReplyError(f"message {message_id} has no clean_text, which intake stores with every reply")
    settings: dict[str, Any] = row.settings or {}
    delay = (settings.get("delay_min_s"), settings.get("delay_max_s"))
    return ReplyContext(
        message=InboundMessage(
            id=row.id,
            client_id=row.client_id,
            lead_id=row.lead_id,
            direction=direction,
            subject=row.subject,
            body_text=row.body_text,
            body_html=row.body_html,
            clean_text=row.clean_text or "",
            text_source=row.text_source or "none",
            provider_message_id=row.provider_message_id,
            thread_id=row.thread_id,
            mailbox=row.mailbox,
            from_email=row.from_email,
            is_auto_reply=row.is_auto_reply,
            sentiment=None if row.sentiment is None else known(Tag, row.sentiment),
            sentiment_source=None if row.sentiment_source is None else known(SentimentSource, row.sentiment_source),
            suppression_dismissed=row.suppression_dismissed,
            effective_at=row.effective_at,
            received_at=row.received_at,
        ),
        lead=LeadRecord(
            email=row.email,
            first_name=row.first_name,
            last_name=row.last_name,
            company=row.company,
            status=known(LeadStatus, row.status),
            suppressed=row.suppressed,
            auto_reply_enabled=row.auto_reply_enabled,
            meeting_evidence=row.meeting_evidence,
        ),
        campaign=None
        if row.campaign_id is None
        else CampaignRecord(
            id=row.campaign_id,
            response_mode=_response_mode(row.response_mode),
            auto_send_threshold=row.auto_send_threshold,
        ),
        workspace=WorkspaceRecord(
            client_disabled=row.client_disabled,
            persona_name=settings.get("persona_name") or row.client_name,
            persona_tone=settings.get("persona_tone", ""),
            persona_greeting=settings.get("persona_greeting", ""),
            persona_signature=settings.get("persona_signature", ""),
            persona_goals=settings.get("persona_goals", ""),
            service_description=settings.get("service_description", ""),
            company_name=settings.get("company_name") or row.client_name,
            ideal_customer_profile=settings.get("ideal_customer_profile", ""),
            qualification_questions=tuple(settings.get("qualification_questions") or ()),
            booking_link=settings.get("booking_link"),
            timezone=settings.get("timezone") or "UTC",
            sentiment_model=settings.get("sentiment_model"),
            draft_model=settings.get("draft_model"),
            evaluation_model=settings.get("evaluation_model"),
            scoring_model=settings.get("scoring_model"),
            sending_window=settings.get("sending_window"),
            delay_s=None if delay[0] is None or delay[1] is None else (int(delay[0]), int(delay[1])),
            knowledge=tuple((name, body) for name, body in row.knowledge),
        ),
        history=tuple(
            HistoryMessage(known(Direction, direction), datetime.fromisoformat(at), subject, body)
            for direction, at, subject, body in row.history
        ),
    )


def _response_mode(stored: str) -> ResponseMode:
    """A mode that only a newer release knows sends nothing by itself: a person gets the draft."""
    return ResponseMode(stored) if stored in ResponseMode else ResponseMode.DRAFT_ONLY


# --- Understand --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnderstoodReply:
    """What the understand step writes."""

    message_id: MessageId
    from_email: str | None
    thread_id: str | None
    tag: Tag
    source: SentimentSource
    reason: str
    is_auto_reply: bool
    lead_sentiment: Tag | None  # None: leave it
    lead_status: LeadStatus | None  # None: leave it
    absent_until: datetime | None  # an absence notice's stated return


# One statement after the lead's lock: it sees every message that was committed before the lock was ours. What it says
# about the lead, its drafts and follow-ups holds only while no newer human reply exists: that one's results win.
_SAVE_UNDERSTANDING = text(
    f"""
    WITH newest AS MATERIALIZED (
        SELECT NOT EXISTS ({newer_human_reply(":message_id")}) AS is_newest,
               EXISTS ({overtaking_reply(":message_id")}) AS is_overtaken
    ), understood AS (
        UPDATE message
        SET from_email = coalesce(from_email, :from_email), thread_id = coalesce(thread_id, :thread_id),
            sentiment = :tag, sentiment_source = :source,
            sentiment_reason = CASE WHEN sentiment = :tag THEN coalesce(sentiment_reason, :reason) ELSE :reason END,
            is_auto_reply = is_auto_reply OR :is_auto_reply
        WHERE id = :message_id
    ), lead_after AS (
        UPDATE lead
        SET sentiment = coalesce(CAST(:lead_sentiment AS text), sentiment),
            status = coalesce(CAST(:lead_status AS text), status)
        FROM newest WHERE lead.id = :lead_id AND newest.is_newest
          AND (CAST(:lead_sentiment AS text) IS NOT NULL OR CAST(:lead_status AS text) IS NOT NULL)
    ), superseded AS (
        UPDATE draft SET status = 'SUPERSEDED', reason = '{OVERTAKEN}', updated_at = now()
        FROM newest, message AS older, message AS this
        WHERE newest.is_newest AND NOT :is_auto_reply
          AND draft.lead_id = :lead_id AND draft.status IN ('PENDING', 'NEEDS_REVIEW', 'APPROVED')
          AND older.id = draft.trigger_message_id AND this.id = :message_id
          AND (older.effective_at, older.id) < (this.effective_at, this.id)
    ), kept_paused AS (
        UPDATE follow_up_instance
        SET status = 'PAUSED', paused_reason = 'LEAD_REPLIED', paused_by_message_id = :message_id, updated_at = now()
        FROM newest
        WHERE newest.is_newest AND NOT :is_auto_reply AND lead_id = :lead_id
          AND (status = 'ACTIVE' OR (status = 'PAUSED' AND paused_reason IN ('LEAD_REPLIED', 'OUT_OF_OFFICE')))
    ), paused_until AS (
        UPDATE follow_up_instance
        SET status = 'PAUSED', paused_reason = 'OUT_OF_OFFICE', paused_by_message_id = :message_id,
            next_step_due = :absent_until, updated_at = now()
        FROM newest
        WHERE newest.is_newest AND :is_auto_reply AND CAST(:absent_until AS timestamptz) IS NOT NULL
          AND lead_id = :lead_id
          AND (status = 'ACTIVE' OR (status = 'PAUSED' AND (paused_by_message_id = :message_id
               OR (paused_reason = 'OUT_OF_OFFICE' AND next_step_due < CAST(:absent_until AS timestamptz)))))
    ), resumed AS (
        UPDATE follow_up_instance
        SET status = 'ACTIVE', paused_reason = NULL, paused_by_message_id = NULL, updated_at = now()
        FROM newest
        WHERE newest.is_newest AND :is_auto_reply AND CAST(:absent_until AS timestamptz) IS NULL
          AND lead_id = :lead_id AND status = 'PAUSED' AND paused_by_message_id = :message_id
    ), scoring AS (
        {bring_forward("dedupe_key = :scoring_key")}
        RETURNING {job_columns("job")}
    ), publishable AS (
        SELECT scoring.* FROM scoring, ({share_left(":client_id")}) AS share WHERE share.scoring_jobs > 0
    ), telemetry AS ({INSERT_INTERACTIONS}),
    step AS ({
        insert_step(
            "understand",
            source="newest",
            also="jsonb_build_object('is_newest', is_newest, 'is_overtaken', is_overtaken)",
        )
    })
    SELECT newest.is_overtaken, publishable.* FROM newest LEFT JOIN publishable ON true
    """  # noqa: S608
)


def save_understanding(
    connection: Connection,
    job: ClaimedJob,
    reply: UnderstoodReply,
    *,
    scoring_key: str,
    step: Mapping[str, Any],
    interactions: str,
) -> tuple[bool, Job | None]:
    """Writes what a reply means, its consequences and the checkpoint, under the lead's lock (``hold_lead``).

    About the lead only the newest human reply changes anything. Returns whether a newer one has overtaken this, so that
    it is not answered, and the scoring job when it can be published now.
    """
    row = connection.execute(
        _SAVE_UNDERSTANDING,
        {
            "job_id": job.id,
            "client_id": job.client_id,
            "lead_id": job.lead_id,
            "message_id": reply.message_id,
            "from_email": reply.from_email,
            "thread_id": reply.thread_id,
            "tag": reply.tag.value,
            "source": reply.source.value,
            "reason": reply.reason,
            "is_auto_reply": reply.is_auto_reply,
            "lead_sentiment": None if reply.lead_sentiment is None else reply.lead_sentiment.value,
            "lead_status": None if reply.lead_status is None else reply.lead_status.value,
            "absent_until": reply.absent_until,
            "scoring_key": scoring_key,
            "step": json.dumps(step),
            "interactions": interactions,
        },
    ).one()
    return row.is_overtaken, None if row.id is None else job_of(row)


# The reply before this one, when it was the newest of a person all along: its job starts over, without a second call of
# the model for what is known. A draft that was superseded for nothing waits again; for a person, where one had decided
# about it or changed it.
_RESTART_OVERTAKEN = text(
    f"""
    WITH newest AS (
        SELECT other.id, (other.effective_at, other.id) < (this.effective_at, this.id) AS is_older
        FROM message AS this JOIN message AS other ON other.lead_id = this.lead_id AND other.id <> this.id
        WHERE this.id = :message_id AND other.direction = 'INBOUND' AND NOT other.is_auto_reply
        ORDER BY other.effective_at DESC, other.id DESC LIMIT 1
    ), overtaken AS (
        SELECT newest.id FROM newest, lead
        WHERE newest.is_older AND lead.id = :lead_id AND lead.suppressed_at IS NULL
    ), revived AS (
        UPDATE draft
        SET status = CASE WHEN coalesce(decided_by, 'gate') IN ('gate', 'evaluation') AND model_body IS NULL
                          THEN 'PENDING' ELSE 'NEEDS_REVIEW' END,
            action = NULL, rule = NULL, reason = NULL, decided_by = NULL, decided_at = NULL, updated_at = now()
        FROM overtaken
        WHERE draft.trigger_message_id = overtaken.id AND status = 'SUPERSEDED' AND reason = '{OVERTAKEN}'
        RETURNING draft.id
    ), restarted AS (
        UPDATE background_job AS job SET {start_again()}
        FROM overtaken
        WHERE job.message_id = overtaken.id AND job.{POST_PROCESS}
          AND (job.status <> 'RUNNING' OR job.lease_expires_at <= clock_timestamp())
          AND (EXISTS (SELECT 1 FROM revived)
               OR EXISTS (SELECT 1 FROM job_step AS step WHERE step.job_id = job.id AND step.name = 'understand'
                          AND step.result ->> 'is_newest' = 'false'))
        RETURNING {job_columns("job")}
    ), forgotten AS (
        DELETE FROM job_step AS step USING restarted
        WHERE step.job_id = restarted.id AND NOT (step.name = 'draft' AND step.result ->> 'draft_id' IS NOT NULL)
    )
    SELECT restarted.* FROM restarted, ({share_left(":client_id")}) AS share WHERE share.jobs > 0
    """  # noqa: S608
)


def restart_overtaken_reply(connection: Connection, job: ClaimedJob, message_id: MessageId) -> Job | None:
    """Undoes that a person's reply counted as overtaken by ``message_id``, which has turned out to be automatic.

    Under the lead's lock, after ``save_understanding``. Returns the older reply's job when it can be published now;
    None when there is none, or nothing to undo.
    """
    row = connection.execute(
        _RESTART_OVERTAKEN, {"message_id": message_id, "lead_id": job.lead_id, "client_id": job.client_id}
    ).one_or_none()
    return None if row is None else job_of(row)


# --- Draft -------------------------------------------------------------------------------------------------------

# Born SUPERSEDED when a newer human reply or a suppression has come meanwhile, or when the provider has shown an answer
# of an unknown author: after a restore it may be the very one that is written here. The unique key (trigger message,
# channel) closes the race of two writers; whoever comes second gets the row that is there, whatever its status.
_SAVE_DRAFT = text(
    f"""
    WITH state AS MATERIALIZED (
        SELECT EXISTS ({overtaking_reply(":message_id")}) AS newer,
               (SELECT suppressed_at IS NOT NULL FROM lead WHERE id = :lead_id) AS suppressed,
               EXISTS (SELECT 1 FROM message AS found, message AS this
                       WHERE this.id = :message_id AND found.lead_id = this.lead_id AND found.author_is_unknown
                         AND found.effective_at > this.effective_at) AS answered
    ), inserted AS (
        INSERT INTO draft (id, client_id, lead_id, trigger_message_id, subject, body, model, status, reason)
        SELECT :draft_id, :client_id, :lead_id, :message_id, :subject, :body, :model,
               CASE WHEN newer OR suppressed OR answered THEN 'SUPERSEDED' ELSE 'PENDING' END,
               CASE WHEN suppressed THEN 'the lead is suppressed' WHEN newer THEN '{OVERTAKEN}'
                    WHEN answered THEN '{ANSWERED_SENTENCE}' END
        FROM state
        ON CONFLICT (trigger_message_id, channel) DO NOTHING
        RETURNING id, status
    ), telemetry AS ({INSERT_INTERACTIONS}),
    chosen AS (
        SELECT id, status FROM inserted
        UNION ALL
        SELECT id, status FROM draft WHERE trigger_message_id = :message_id AND channel = 'EMAIL'
        LIMIT 1
    ),
    step AS ({insert_step("draft", source="chosen", also="jsonb_build_object('draft_id', id, 'status', status)")})
    SELECT id, status FROM chosen
    """  # noqa: S608
)


def save_draft(
    connection: Connection,
    job: ClaimedJob,
    *,
    draft_id: DraftId,
    message_id: MessageId,
    subject: str,
    body: str,
    model: str,
    step: Mapping[str, Any],
    interactions: str,
) -> tuple[DraftId, DraftStatus]:
    """Stores the answer to a message and the checkpoint, under the lead's lock; returns the draft that is there."""
    row = connection.execute(
        _SAVE_DRAFT,
        {
            "job_id": job.id,
            "client_id": job.client_id,
            "lead_id": job.lead_id,
            "message_id": message_id,
            "draft_id": draft_id,
            "subject": subject,
            "body": body,
            "model": model,
            "step": json.dumps(step),
            "interactions": interactions,
        },
    ).one()
    return row.id, known(DraftStatus, row.status)


# --- Decide ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GateState:
    """What the gate reads fresh from the database: before the evaluation, and again under the lock before a send.

    ``pause`` is no rule of the gate: a paused send waits, and is decided about no differently.
    """

    now: datetime
    draft_status: DraftStatus
    draft_subject: str
    draft_body: str
    suppressed: bool
    meeting_evidence: bool
    is_newest_message: bool
    newer_outbound: bool
    arrived_late: bool
    campaign_mode: ResponseMode | None
    lead_auto_reply_enabled: bool
    auto_send_enabled: bool
    sent_today: int
    daily_send_cap: int | None
    consecutive_auto_replies: int
    max_consecutive_auto_replies: int
    max_reply_age_hours: int
    escalation_phrases: tuple[str, ...]
    pause: Pausable | None


_OUTBOUND_AFTER = """
    SELECT 1 FROM message AS sent
    WHERE sent.lead_id = lead.id AND sent.direction = 'OUTBOUND' AND sent.effective_at > {moment}
      AND sent.draft_id IS DISTINCT FROM draft.id
"""

# "Since a person last wrote": since the newest outbound mail that neither an automated send nor a sequence made. Sends
# on the wire and uncertain ones count as sent: the caps must hold even when the provider's answer was lost. A mail
# of an unknown author may be automated, so it is no person's.
_LOAD_GATE_STATE = text(
    f"""
    SELECT now() AS now, draft.status, draft.subject, draft.body,
           lead.suppressed_at IS NOT NULL AS suppressed,
           lead.meeting_booked_at IS NOT NULL OR lead.appointment_start_at IS NOT NULL AS meeting_evidence,
           NOT EXISTS ({overtaking_reply(":message_id")}) AS is_newest,
           EXISTS ({_OUTBOUND_AFTER.format(moment=counted_from("this"))}) AS newer_outbound,
           {is_late("this")} AND (EXISTS ({newer_human_reply(":message_id")})
               OR EXISTS ({_OUTBOUND_AFTER.format(moment="this.effective_at")})) AS arrived_late,
           campaign.response_mode, lead.auto_reply_enabled,
           coalesce(settings.auto_send_enabled, true) AND client.disabled_at IS NULL AS auto_send_enabled,
           settings.daily_send_cap,
           coalesce(settings.max_consecutive_auto_replies, 3) AS max_consecutive_auto_replies,
           coalesce(settings.max_reply_age_hours, 24) AS max_reply_age_hours,
           coalesce(settings.escalation_phrases, '{{}}') AS escalation_phrases,
           CASE WHEN settings.daily_send_cap IS NULL THEN 0 ELSE (
               SELECT count(*) FROM outbound_send AS today
               WHERE today.client_id = client.id AND today.automated AND today.status <> 'REFUSED'
                 AND today.draft_id <> draft.id
                 AND today.intended_at >= date_trunc('day', now(), coalesce(settings.timezone, 'UTC'))
           ) END AS sent_today,
           (SELECT count(*) FROM outbound_send AS auto
            WHERE auto.lead_id = lead.id AND auto.automated AND auto.status <> 'REFUSED' AND auto.draft_id <> draft.id
              AND auto.intended_at > coalesce((
                  SELECT max(by_person.effective_at) FROM message AS by_person
                  LEFT JOIN outbound_send AS its ON its.draft_id = by_person.draft_id
                  WHERE by_person.lead_id = lead.id AND by_person.direction = 'OUTBOUND'
                    AND by_person.campaign_step IS NULL AND NOT by_person.author_is_unknown
                    AND NOT coalesce(its.automated, false)), '-infinity')) AS consecutive_auto_replies,
           {strictest_pause("client.id")} AS pause
    FROM draft
    JOIN message AS this ON this.id = draft.trigger_message_id
    JOIN lead ON lead.id = draft.lead_id
    JOIN client ON client.id = draft.client_id
    LEFT JOIN client_settings AS settings ON settings.client_id = client.id
    LEFT JOIN campaign ON campaign.id = this.campaign_id
    WHERE draft.id = :draft_id AND this.id = :message_id
    """  # noqa: S608
)


def load_gate_state(connection: Connection, draft_id: DraftId, message_id: MessageId) -> GateState:
    """The facts of the gate as the database has them now. Raises sqlalchemy.exc.NoResultFound for an unknown draft."""
    row = connection.execute(_LOAD_GATE_STATE, {"draft_id": draft_id, "message_id": message_id}).one()
    return GateState(
        now=row.now,
        draft_status=known(DraftStatus, row.status),
        draft_subject=row.subject,
        draft_body=row.body,
        suppressed=row.suppressed,
        meeting_evidence=row.meeting_evidence,
        is_newest_message=row.is_newest,
        newer_outbound=row.newer_outbound,
        arrived_late=row.arrived_late,
        campaign_mode=None if row.response_mode is None else _response_mode(row.response_mode),
        lead_auto_reply_enabled=row.auto_reply_enabled,
        auto_send_enabled=row.auto_send_enabled,
        sent_today=row.sent_today,
        daily_send_cap=row.daily_send_cap,
        consecutive_auto_replies=row.consecutive_auto_replies,
        max_consecutive_auto_replies=row.max_consecutive_auto_replies,
        max_reply_age_hours=row.max_reply_age_hours,
        escalation_phrases=tuple(row.escalation_phrases),
        pause=None if row.pause is None else Pausable(row.pause),
    )


# Only an undecided draft takes a decision: what a person or a newer reply did meanwhile stays.
_SAVE_DECISION = text(
    f"""
    WITH decided AS (
        UPDATE draft
        SET status = :status, action = :action, rule = :rule, confidence = :confidence, threshold = :threshold,
            reason = :reason, model = coalesce(CAST(:model AS text), model), decided_by = :decided_by,
            decided_at = now(), updated_at = now()
        WHERE id = :draft_id AND status = 'PENDING'
        RETURNING id
    ), telemetry AS ({INSERT_INTERACTIONS}),
    finished_steps AS ({INSERT_STEPS})
    SELECT count(*) FROM decided
    """  # noqa: S608
)


def save_decision(
    connection: Connection,
    job: ClaimedJob,
    draft_id: DraftId,
    decision: Decision,
    status: DraftStatus,
    *,
    steps: Mapping[str, Mapping[str, Any]],
    interactions: str,
) -> bool:
    """Stores the decision record and the checkpoints, under the lead's lock; False when it was decided before."""
    decided = connection.execute(
        _SAVE_DECISION,
        {
            "job_id": job.id,
            "client_id": job.client_id,
            "draft_id": draft_id,
            "status": status.value,
            "action": decision.action.value,
            "rule": decision.rule,
            "confidence": decision.confidence,
            "threshold": decision.threshold,
            "reason": decision.reason,
            "model": decision.model,
            "decided_by": "evaluation" if decision.model else "gate",
            "steps": json.dumps(steps),
            "interactions": interactions,
        },
    ).scalar_one()
    return bool(decided)


def change_draft_status(
    connection: Connection,
    draft_id: DraftId,
    *,
    allowed: Sequence[DraftStatus],
    status: DraftStatus,
    rule: str,
    reason: str,
) -> bool:
    """Moves a draft that is in one of ``allowed`` to ``status`` with the reason; False when it was in none of them."""
    statement = text(
        """
        UPDATE draft SET status = :status, rule = :rule, reason = :reason, updated_at = now()
        WHERE id = :draft_id AND status = ANY(:allowed)
        """
    )
    return (
        connection.execute(
            statement,
            {
                "draft_id": draft_id,
                "allowed": [one.value for one in allowed],
                "status": status.value,
                "rule": rule,
                "reason": reason,
            },
        ).rowcount
        == 1
    )
