"""Collects the model calls of a run and sees to it that each gets its row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from shared.db.ai_interactions import insert_interactions, interactions_json
from shared.db.job_leases import ClaimedJob
from shared.domain.interaction import Interaction
from shared.observability import Metric, emit, logger


class Telemetry:
    """The model calls of one run that have no row yet.

    A step that succeeds writes them with its own effects (``step_transaction``); whatever is left when the run ends,
    because a call or a step failed, ``flush`` writes alone.
    """

    def __init__(self, engine: Engine, job: ClaimedJob) -> None:
        self._engine = engine
        self._job = job
        self._unwritten: list[Interaction] = []

    def record(self, interaction: Interaction) -> None:
        """Takes one call, successful or not."""
        self._unwritten.append(interaction)
        emit(Metric.MODEL_CALL, feature=interaction.feature, status=interaction.status.value)
        if interaction.cost_usd is not None:
            emit(Metric.MODEL_COST_USD, float(interaction.cost_usd), feature=interaction.feature)

    @contextmanager
    def step_transaction(self) -> Iterator[tuple[Connection, str]]:
        """Opens a transaction; yields it with the unwritten calls, the value of its statement's :interactions."""
        with self._engine.begin() as connection:
            yield connection, interactions_json(self._job, self._unwritten)
        self._unwritten.clear()

    def flush(self) -> None:
        """Writes what is left. Never raises: losing a cost record must not change how the job ends."""
        try:
            insert_interactions(self._engine, self._job, self._unwritten)
        except SQLAlchemyError as error:
            logger.warning("telemetry lost", extra={"calls": len(self._unwritten), "error": type(error).__name__})
        self._unwritten.clear()
