"""Checkpoints of a running job (job_step): what a retry resumes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, text

from shared.db.job_leases import FENCE, ClaimedJob, LeaseLost
from shared.db.transactions import autocommit

_KEEP_STEP = "ON CONFLICT (job_id, name) DO NOTHING"
_REPLACE_STEP = "ON CONFLICT (job_id, name) DO UPDATE SET result = excluded.result, finished_at = now()"


def insert_step(name: str, *, source: str = "(SELECT 1) AS once", also: str = "", replace: bool = False) -> str:
    """SQL, a part of a larger WITH: the checkpoint of the step ``name``, once per row of ``source``.

    ``also`` is a jsonb expression that is added to :step, for what only the statement knows. What an earlier run
    finished stays as it is, unless ``replace``. Values: :job_id, :client_id and :step, a JSON object.
    """
    return f"""
    INSERT INTO job_step (job_id, name, client_id, result)
    SELECT :job_id, '{name}', :client_id, CAST(:step AS jsonb){f" || {also}" if also else ""} FROM {source}
    {_REPLACE_STEP if replace else _KEEP_STEP}
"""  # noqa: S608 (no value of anybody's)


# The same of several steps: :steps is one JSON object, name → result.
INSERT_STEPS = f"""
    INSERT INTO job_step (job_id, name, client_id, result)
    SELECT :job_id, step.key, :client_id, step.value FROM jsonb_each(CAST(:steps AS jsonb)) AS step
    {_KEEP_STEP}
"""  # noqa: S608 (constants only)

_SAVE_STEPS = text(
    f"""
    WITH held AS MATERIALIZED (
        SELECT job.id FROM background_job AS job WHERE {FENCE} FOR NO KEY UPDATE
    ), saved AS (
        INSERT INTO job_step (job_id, name, client_id, result)
        SELECT held.id, step.key, :client_id, step.value FROM held, jsonb_each(CAST(:steps AS jsonb)) AS step
        {_REPLACE_STEP}
    )
    SELECT count(*) FROM held
    """  # noqa: S608 (constants only)
)


_INSERT_STEPS = text(INSERT_STEPS)


def insert_steps(connection: Connection, job: ClaimedJob, steps: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes checkpoints in the transaction of their effects, which holds the job."""
    values = {"job_id": job.id, "client_id": job.client_id, "steps": json.dumps(steps)}
    connection.execute(_INSERT_STEPS, values)


def save_steps(engine: Engine, job: ClaimedJob, steps: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes checkpoints of steps that had no effect on other tables, over earlier ones. Raises LeaseLost."""
    with autocommit(engine) as connection:
        held = connection.execute(
            _SAVE_STEPS, {**job.fence, "client_id": job.client_id, "steps": json.dumps(steps)}
        ).scalar_one()
    if not held:
        raise LeaseLost(job)
