"""Deletes what has been kept long enough: each statement is bounded, and safe to run twice at once."""

from __future__ import annotations

from sqlalchemy import Engine, text

from shared.db.transactions import autocommit

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
    # Whoever has not replied by then will not.
    "sent_copy": text(
        """
        DELETE FROM sent_copy WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM sent_copy WHERE sent_at < now() - make_interval(days => :days)
            ORDER BY sent_at LIMIT :limit FOR UPDATE SKIP LOCKED))
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
