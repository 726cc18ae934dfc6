"""Telemetry of model calls: one row per call, written with the step that it served or, when that failed, alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, text

from shared.db.job_leases import ClaimedJob
from shared.db.transactions import autocommit
from shared.domain.identifiers import uuid7
from shared.domain.interaction import Interaction

MAX_ERROR_LENGTH = 2_000


# A part of a larger WITH: the rows travel as one JSON parameter (:interactions), so a step stays one statement.
INSERT_INTERACTIONS = """
    INSERT INTO ai_interaction
        (id, client_id, lead_id, message_id, job_id, feature, prompt_version, model,
         input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, cost_usd, latency_ms, status, error,
         created_at)
    SELECT id, client_id, lead_id, message_id, job_id, feature, prompt_version, model,
           input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, cost_usd, latency_ms, status, error,
           created_at
    FROM jsonb_to_recordset(CAST(:interactions AS jsonb)) AS call (
        id uuid, client_id uuid, lead_id uuid, message_id uuid, job_id uuid, feature text, prompt_version text,
        model text, input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, reasoning_tokens bigint,
        cost_usd numeric, latency_ms int, status text, error text, created_at timestamptz)
"""

_INSERT = text(INSERT_INTERACTIONS)


def interactions_json(job: ClaimedJob, rows: Sequence[Interaction]) -> str:
    """Returns the value of :interactions for the calls that ``job`` made."""
    return json.dumps([_record(job, row) for row in rows])


def insert_interactions(engine: Engine, job: ClaimedJob, rows: Sequence[Interaction]) -> None:
    """Writes telemetry in a transaction of its own: the step that it belongs to did not commit."""
    if rows:
        with autocommit(engine) as connection:
            connection.execute(_INSERT, {"interactions": interactions_json(job, rows)})


def _record(job: ClaimedJob, row: Interaction) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "client_id": str(job.client_id),
        "lead_id": str(job.lead_id),
        "message_id": str(job.message_id) if job.message_id else None,
        "job_id": str(job.id),
        "feature": row.feature,
        "prompt_version": row.prompt_version,
        "model": row.model,
        "input_tokens": row.input_tokens,
        "cached_input_tokens": row.cached_input_tokens,
        "output_tokens": row.output_tokens,
        "reasoning_tokens": row.reasoning_tokens,
        "cost_usd": None if row.cost_usd is None else str(row.cost_usd),
        "latency_ms": row.latency_ms,
        "status": row.status.value,
        "error": row.error[:MAX_ERROR_LENGTH].replace("\x00", "") if row.error else None,
        "created_at": row.created_at.isoformat(),
    }
