"""A psycopg connection that gives up on a server that does not answer."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

from shared.db.time_budget import database_time_left_s


class ImpatientConnection(psycopg.Connection[Any]):
    """Waits ``answer_timeout_s`` seconds for each answer, then closes itself and raises psycopg.OperationalError.

    statement_timeout is the server's to enforce; one that is stopped, starved or behind a dead network does not.
    Within a ``database_time_budget`` no answer is waited for longer than the budget lasts.
    """

    answer_timeout_s: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is None and self.answer_timeout_s is not None:
            timeout = max(0.0, min(self.answer_timeout_s, database_time_left_s()))
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # a question is still open: whatever came back now would answer that one
            raise


def connect_impatiently(answer_timeout_s: float, *arguments: Any, **parameters: Any) -> ImpatientConnection:
    """``psycopg.connect`` for an ImpatientConnection. Raises psycopg.OperationalError when no time is left for it."""
    if database_time_left_s() <= 0:
        raise psycopg.OperationalError("no time is left to connect to the database")
    connection = ImpatientConnection.connect(*arguments, **parameters)
    connection.answer_timeout_s = answer_timeout_s
    return connection
