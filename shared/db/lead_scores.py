"""Queries of lead scoring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from shared.db.ai_interactions import INSERT_INTERACTIONS
from shared.db.job_leases import ClaimedJob
from shared.db.job_steps import insert_step
from shared.domain.vocabulary import MessageId

# A score from an older message never overwrites a newer one: the order is (effective_at, id) of the scored messages.
_SAVE_SCORE = text(
    f"""
    WITH scored AS (
        UPDATE lead
        SET fit_score = :fit, intent_score = :intent, overall_score = :overall, score_reason = :reason,
            scored_at = now(), scored_message_id = :message_id
        FROM message AS this
        WHERE lead.id = :lead_id AND this.id = :message_id
          AND NOT EXISTS (SELECT 1 FROM message AS newer WHERE newer.id = lead.scored_message_id
                          AND (newer.effective_at, newer.id) > (this.effective_at, this.id))
        RETURNING lead.id
    ), telemetry AS ({INSERT_INTERACTIONS}),
    step AS ({insert_step("score")})
    SELECT count(*) FROM scored
    """  # noqa: S608 (a constant)
)


def save_score(
    connection: Connection,
    job: ClaimedJob,
    *,
    message_id: MessageId,
    fit: int,
    intent: int,
    overall: int,
    reason: str,
    step: Mapping[str, Any],
    interactions: str,
) -> bool:
    """Stores a score (each 1–4) and the checkpoint, under the lead's lock; False when a newer score stands."""
    saved = connection.execute(
        _SAVE_SCORE,
        {
            "job_id": job.id,
            "client_id": job.client_id,
            "lead_id": job.lead_id,
            "message_id": message_id,
            "fit": fit,
            "intent": intent,
            "overall": overall,
            "reason": reason,
            "step": json.dumps(step),
            "interactions": interactions,
        },
    ).scalar_one()
    return bool(saved)
