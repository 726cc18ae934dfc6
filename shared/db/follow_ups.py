"""Queries of follow_up_instance that belong to no reply: another system sends the steps, we pause and resume them."""

from __future__ import annotations

from sqlalchemy import Engine, text

from shared.db.transactions import autocommit

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
