"""Queries of the maintenance function: each safe to run twice at once and bounded per run."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from shared.db.lead_group import head_of
from shared.db.outbox import KNOWN_TYPE, NOT_SCORING, POST_PROCESS, PUBLISHABLE, SCORING, clients_waiting, share_left
from shared.db.reply_order import is_newest_human_reply
from shared.db.transactions import autocommit
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, DraftId, JobType, LeadId

# --- Sends without a known end -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnsettledSend:
    draft_id: DraftId
    client_id: ClientId
    lead_id: LeadId
    thread_id: str | None
    mailbox: str | None
    body: str
    intended_at: datetime


# INTENDED is covered by the lease of the job that committed it: as long as that lives the call may be under way.
_LOCK_ABANDONED = text(
    """
    SELECT sending.draft_id FROM outbound_send AS sending
    LEFT JOIN background_job AS job ON job.id = sending.job_id
    WHERE sending.draft_id = :draft_id AND sending.status = 'INTENDED'
      AND NOT coalesce(job.status = 'RUNNING' AND job.lease_expires_at > clock_timestamp(), false)
    """
)

_ABANDONED = text(
    """
    SELECT sending.draft_id, sending.client_id, sending.lead_id, sending.thread_id, sending.mailbox,
           draft.body, sending.intended_at
    FROM outbound_send AS sending
    JOIN draft ON draft.id = sending.draft_id
    LEFT JOIN background_job AS job ON job.id = sending.job_id
    WHERE sending.status = 'INTENDED'
      AND NOT coalesce(job.status = 'RUNNING' AND job.lease_expires_at > now(), false)
    ORDER BY sending.intended_at LIMIT :limit
    """
)

_UNCERTAIN = text(
    """
    SELECT sending.draft_id, sending.client_id, sending.lead_id, sending.thread_id, sending.mailbox,
           draft.body, sending.intended_at
    FROM outbound_send AS sending
    JOIN draft ON draft.id = sending.draft_id
    WHERE sending.status = 'UNCERTAIN'
      AND sending.intended_at > now() - make_interval(secs => :give_up_after_s)
    ORDER BY sending.checked_at NULLS FIRST, sending.intended_at LIMIT :limit
    """
)


def abandoned_sends(engine: Engine, limit: int) -> list[UnsettledSend]:
    """INTENDED sends whose job's lease is over: nobody will record how they ended."""
    return _unsettled(engine, _ABANDONED, {"limit": limit})


def uncertain_sends(engine: Engine, *, give_up_after_s: float, limit: int) -> list[UnsettledSend]:
    """UNCERTAIN sends that are young enough to be looked for, the longest unchecked first."""
    return _unsettled(engine, _UNCERTAIN, {"give_up_after_s": give_up_after_s, "limit": limit})


def still_abandoned(connection: Connection, draft_id: DraftId) -> bool:
    """Whether a send is (still) INTENDED without a live lease, asked under the lead's lock."""
    return connection.execute(_LOCK_ABANDONED, {"draft_id": draft_id}).one_or_none() is not None


def _unsettled(engine: Engine, statement: Any, values: dict[str, Any]) -> list[UnsettledSend]:
    with autocommit(engine) as connection:
        rows = connection.execute(statement, values).all()
    return [UnsettledSend(**row._mapping) for row in rows]


def note_checked(engine: Engine, draft_id: DraftId) -> None:
    """Remembers that a send was looked for just now, so that the others get their turn first."""
    with autocommit(engine) as connection:
        connection.execute(
            text("UPDATE outbound_send SET checked_at = now() WHERE draft_id = :draft_id"), {"draft_id": draft_id}
        )


def linked_emails(engine: Engine, client_id: ClientId, email_ids: list[str]) -> set[str]:
    """Those of ``email_ids`` that belong to a recorded message which is itself the result of another draft.

    A message that only an email_sent event has brought is not linked: it may well be the one that is looked for.
    """
    with autocommit(engine) as connection:
        rows = connection.execute(
            text(
                "SELECT provider_message_id FROM message WHERE client_id = :client_id"
                " AND provider_message_id = ANY(:email_ids) AND draft_id IS NOT NULL"
            ),
            {"client_id": client_id, "email_ids": email_ids},
        )
        return {row.provider_message_id for row in rows}


# --- Follow-ups --------------------------------------------------------------------------------------------------

# A reply or a suppression that commits first changes the row, and the condition is then checked on what it has become.
_RESUME_FOLLOW_UPS = text(
    """
    UPDATE follow_up_instance
    SET status = 'ACTIVE', paused_reason = NULL, paused_by_message_id = NULL, updated_at = now()
    WHERE id IN (
        SELECT id FROM follow_up_instance
        WHERE status = 'PAUSED' AND paused_reason = 'OUT_OF_OFFICE' AND next_step_due <= now()
        ORDER BY next_step_due LIMIT :limit FOR NO KEY UPDATE SKIP LOCKED
    )
    """
)


def resume_follow_ups(engine: Engine, *, limit: int) -> int:
    """Resumes follow-ups that were paused for an absence whose stated end has come; returns how many."""
    with autocommit(engine) as connection:
        return connection.execute(_RESUME_FOLLOW_UPS, {"limit": limit}).rowcount


# --- Pruning -----------------------------------------------------------------------------------------------------

_PRUNE = {
    "webhook_event": text(
        """
        DELETE FROM webhook_event WHERE id IN (
            SELECT id FROM webhook_event
            WHERE received_at < now() - make_interval(days => :days) AND outcome <> 'QUARANTINED'
            ORDER BY received_at LIMIT :limit FOR UPDATE SKIP LOCKED)
        """
    ),
    # What was acknowledged and has had no effect waits for a person, far longer than a copy of what had its effect.
    "quarantined_event": text(
        """
        DELETE FROM webhook_event WHERE id IN (
            SELECT id FROM webhook_event
            WHERE received_at < now() - make_interval(days => :days) AND outcome = 'QUARANTINED'
            ORDER BY received_at LIMIT :limit FOR UPDATE SKIP LOCKED)
        """
    ),
    # The checkpoints of a job that can still run are what it resumes from, however old.
    "job_step": text(
        """
        DELETE FROM job_step WHERE ctid = ANY(ARRAY(
            SELECT step.ctid FROM job_step AS step JOIN background_job AS job ON job.id = step.job_id
            WHERE step.finished_at < now() - make_interval(days => :days) AND job.status = 'SUCCEEDED'
            ORDER BY step.finished_at LIMIT :limit FOR UPDATE OF step SKIP LOCKED))
        """
    ),
    "ai_interaction": text(
        """
        DELETE FROM ai_interaction WHERE id IN (
            SELECT id FROM ai_interaction WHERE created_at < now() - make_interval(days => :days)
            ORDER BY created_at LIMIT :limit FOR UPDATE SKIP LOCKED)
        """
    ),
}


def prune(engine: Engine, table: str, *, days: int, limit: int) -> int:
    """Deletes at most ``limit`` rows of a kind of _PRUNE that are older than ``days`` days; returns how many."""
    with autocommit(engine) as connection:
        return connection.execute(_PRUNE[table], {"days": days, "limit": limit}).rowcount


# --- Gauges ------------------------------------------------------------------------------------------------------


_RECENT_S = 2 * 86_400.0  # replies are done within a day of their coming, or are found by other gauges


@dataclass(frozen=True, slots=True)
class Gauges:
    """What is waiting or stuck right now."""

    unpublished_jobs: int  # due for more than a minute and inside their client's share
    jobs_of_newer_release: int  # unfinished, of a type that this release does not know
    uncertain_sends: int
    drafts_awaiting_review: int
    eligible_without_draft: int  # replies of the last day whose tag deserves a draft, done, and without one


# A job that waits for its client's share is no fault, however long: it is counted up to what the share has left.
# Ids are time-ordered: :made_since makes the primary key the index of the young jobs, or each run would read every job
# that there ever was.
def _count_late(waiting: str, kind: str, left: str) -> str:
    return f"""
        (SELECT count(*) FROM {waiting} CROSS JOIN LATERAL (
             SELECT 1 FROM background_job AS job
             WHERE job.client_id = {waiting}.client_id AND {PUBLISHABLE} AND {kind}
               AND job.run_at < now() - make_interval(secs => :late_s)
             LIMIT (SELECT {left} FROM ({share_left(f"{waiting}.client_id")}) AS share)) AS late
         WHERE {waiting}.client_id IS NOT NULL)
"""  # noqa: S608 (constants only)


_GAUGES = text(
    f"""
    WITH RECURSIVE {clients_waiting("waiting", NOT_SCORING)}, {clients_waiting("waiting_scoring", SCORING)}
    SELECT
        {_count_late("waiting", NOT_SCORING, "jobs")}
        + {_count_late("waiting_scoring", SCORING, "scoring_jobs")} AS unpublished_jobs,
        (SELECT count(*) FROM background_job WHERE {PUBLISHABLE} AND type <> '{JobType.LEAD_SCORING}'
            AND NOT {KNOWN_TYPE})
        + (SELECT count(*) FROM background_job WHERE enqueued_at IS NOT NULL AND status IN ('PENDING', 'RUNNING')
            AND NOT {KNOWN_TYPE}) AS jobs_of_newer_release,
        (SELECT count(*) FROM outbound_send WHERE status = 'UNCERTAIN') AS uncertain_sends,
        (SELECT count(*) FROM draft WHERE status = 'NEEDS_REVIEW') AS drafts_awaiting_review,
        (SELECT count(*) FROM background_job AS job
         JOIN message ON message.id = job.message_id
         JOIN lead ON lead.id = {head_of("message.lead_id")}
         WHERE job.{POST_PROCESS} AND job.status = 'SUCCEEDED'
           AND job.finished_at > now() - interval '1 day' AND job.id > CAST(:made_since AS uuid)
           AND message.sentiment = ANY(:drafted_tags) AND lead.suppressed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.trigger_message_id = message.id)
           AND {is_newest_human_reply("message")}) AS eligible_without_draft
    """  # noqa: S608 (constants)
)


def load_gauges(engine: Engine, *, late_s: float, drafted_tags: list[str]) -> Gauges:
    """Counts for metrics and for doctor."""
    made_since = uuid7(at_ms=int((time.time() - _RECENT_S) * 1000))
    with autocommit(engine) as connection:
        row = connection.execute(
            _GAUGES, {"late_s": late_s, "drafted_tags": drafted_tags, "made_since": made_since}
        ).one()
    return Gauges(**row._mapping)
