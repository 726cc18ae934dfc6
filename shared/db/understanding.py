"""The writing of the understand step: the meaning of a reply, and its consequences for the lead."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from shared.db.ai_interactions import INSERT_INTERACTIONS
from shared.db.commitments import CommitmentRule, dropped
from shared.db.draft_states import moved, superseded, withdrawn
from shared.db.job_changes import bring_forward
from shared.db.job_leases import ClaimedJob
from shared.db.job_steps import insert_step
from shared.db.jobs import Job, job_columns, job_of
from shared.db.lead_group import group_of, head_of
from shared.db.open_drafts import MAKING_ROOM, ROOM_MADE, answers_up_to, most_informed_first
from shared.db.outbox import share_left
from shared.db.reply_order import is_newest_human_reply, newer_human_reply, overtaking_reply
from shared.db.sequence_pauses import PAUSED_SINCE, pause_values, pausing
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import (
    ActorKind,
    DraftStatus,
    JobType,
    LeadStatus,
    MessageId,
    Provider,
    SentimentSource,
    Tag,
    known,
)


@dataclass(frozen=True, slots=True)
class UnderstoodReply:
    """The meaning of a reply, as the understand step writes it."""

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
    ), {pausing("NOT CAST(:is_auto_reply AS boolean)")}, lead_after AS (
        UPDATE lead
        SET sentiment = CASE WHEN newest.is_newest THEN coalesce(CAST(:lead_sentiment AS text), sentiment)
                             ELSE sentiment END,
            status = CASE WHEN newest.is_newest THEN coalesce(CAST(:lead_status AS text), status) ELSE status END,
            {PAUSED_SINCE}
        FROM newest WHERE lead.id = :lead_id AND (
            EXISTS (SELECT FROM pausing) OR (newest.is_newest
                AND (CAST(:lead_sentiment AS text) IS NOT NULL OR CAST(:lead_status AS text) IS NOT NULL)))
    ), {
        superseded(
            DraftRule.NEWER_MESSAGE,
            source="newest, message AS older, message AS this",
            where='''newest.is_newest AND NOT :is_auto_reply AND draft.lead_id = :lead_id
          AND older.id = draft.trigger_message_id AND this.id = :message_id
          AND (older.effective_at, older.id) < (this.effective_at, this.id)''',
            for_message=":message_id",
        )
    }, promises AS ({
        dropped(
            CommitmentRule.NEWER_MESSAGE,
            f"newest, {group_of(':lead_id')} AS person, draft, message AS older, message AS this",
            where='''newest.is_newest AND NOT :is_auto_reply AND commitment.lead_id = person.lead_id
          AND commitment.status = 'OPEN' AND draft.id = commitment.draft_id AND older.id = draft.trigger_message_id
          AND this.id = :message_id AND (older.effective_at, older.id) < (this.effective_at, this.id)''',
            message_id=":message_id",
        )
    }), kept_paused AS (
        UPDATE follow_up_instance
        SET status = 'PAUSED', paused_reason = 'LEAD_REPLIED', paused_by_message_id = :message_id, updated_at = now()
        FROM newest
        WHERE newest.is_newest AND NOT :is_auto_reply AND lead_id IN {group_of(":lead_id")}
          AND (status = 'ACTIVE' OR (status = 'PAUSED' AND paused_reason IN ('LEAD_REPLIED', 'OUT_OF_OFFICE')))
    ), paused_until AS (
        UPDATE follow_up_instance
        SET status = 'PAUSED', paused_reason = 'OUT_OF_OFFICE', paused_by_message_id = :message_id,
            next_step_due = :absent_until, updated_at = now()
        FROM newest
        WHERE newest.is_newest AND :is_auto_reply AND CAST(:absent_until AS timestamptz) IS NOT NULL
          AND lead_id IN {group_of(":lead_id")}
          AND (status = 'ACTIVE' OR (status = 'PAUSED' AND (paused_by_message_id = :message_id
               OR (paused_reason = 'OUT_OF_OFFICE' AND next_step_due < CAST(:absent_until AS timestamptz)))))
    ), resumed AS (
        UPDATE follow_up_instance
        SET status = 'ACTIVE', paused_reason = NULL, paused_by_message_id = NULL, updated_at = now()
        FROM newest
        WHERE newest.is_newest AND :is_auto_reply AND CAST(:absent_until AS timestamptz) IS NULL
          AND lead_id IN {group_of(":lead_id")} AND status = 'PAUSED' AND paused_by_message_id = :message_id
    ), scoring AS (
        {bring_forward("dedupe_key = :scoring_key")}
        RETURNING {job_columns("job")}
    ), share AS MATERIALIZED ({share_left(":client_id")}), publishable AS (
        SELECT * FROM (
            SELECT scoring.* FROM scoring, share WHERE share.scoring_jobs > 0
            UNION ALL
            SELECT {job_columns("told")} FROM told
        ) AS due LIMIT (SELECT jobs FROM share)
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
    pausing: Collection[Provider],
) -> tuple[bool, list[Job]]:
    """Writes what a reply means, its consequences and the checkpoint, under the lead's lock (``hold_lead``).

    About the lead only the newest human reply changes anything, but that every human reply has the person's sequences
    stand still: ``pausing`` are the providers to be told. Returns whether a newer reply has overtaken this, so that it
    is not answered, and the jobs that can be published now.
    """
    rows = connection.execute(
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
            **pause_values(pausing, job.trace_id),
        },
    ).all()
    return rows[0].is_overtaken, [job_of(row) for row in rows if row.id is not None]


# The newest reply of a person, which this one seemed to overtake. A draft that takes it into account and was withdrawn
# for that waits for a person; where none was written, the reply's job has to start over. A merge has closed the drafts
# of the merged lead for good.
_REOPEN_OVERTAKEN = text(
    f"""
    WITH newest AS (
        SELECT other.id, lead.id AS head_id FROM message AS this
        JOIN lead ON lead.id = {head_of("this.lead_id")} AND lead.suppressed_at IS NULL
        CROSS JOIN LATERAL {group_of("this.lead_id")} AS person
        JOIN message AS other ON other.lead_id = person.lead_id
        WHERE this.id = :message_id AND {is_newest_human_reply("other")}
          AND (other.effective_at, other.id) < (this.effective_at, this.id)
    ), opening AS (
        SELECT DISTINCT ON (draft.channel) draft.id, draft.lead_id, draft.channel, draft.purpose,
               draft.trigger_message_id AS message_id, {answers_up_to("draft")} AS answers_up_to,
               CAST(NULL AS text) AS moot
        FROM newest JOIN draft ON draft.lead_id = newest.head_id
            AND newest.id IN (draft.trigger_message_id, draft.answers_up_to_message_id)
        WHERE {withdrawn(DraftRule.NEWER_MESSAGE)}
        ORDER BY draft.channel, {most_informed_first("draft")}
    ), {MAKING_ROOM}, {
        moved(
            "reopened",
            DraftStatus.NEEDS_REVIEW,
            source=f"placed, {ROOM_MADE}",
            where="draft.id = placed.id AND placed.opens",
            rule=DraftRule.NO_LONGER_OVERTAKEN,
            by=ActorKind.RULE,
        )
    }
    SELECT newest.id, job.type FROM newest JOIN background_job AS job ON job.message_id = newest.id
    JOIN job_step AS step ON step.job_id = job.id AND step.name = 'understand'
    WHERE step.result ->> 'is_overtaken' = 'true'
      AND NOT EXISTS (SELECT FROM draft WHERE draft.trigger_message_id = newest.id)
    """  # noqa: S608 (constants only)
)


def reopen_overtaken_reply(connection: Connection, message_id: MessageId) -> tuple[MessageId, JobType] | None:
    """Undoes that a person's reply counted as overtaken by ``message_id``, which has turned out to be automatic.

    After ``save_understanding``, in its transaction. Returns the reply and the type of its job if no draft was written
    for it: that job has to start over.
    """
    row = connection.execute(_REOPEN_OVERTAKEN, {"message_id": message_id}).one_or_none()
    return None if row is None else (row.id, known(JobType, row.type))
