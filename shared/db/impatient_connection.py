"""A psycopg connection that gives up on a server that does not answer."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus


class ImpatientConnection(psycopg.Connection[Any]):
    """Waits ``answer_timeout_s`` seconds for each answer, then closes itself and raises psycopg.OperationalError.

    statement_timeout is the server's to enforce; one that is stopped, starved or behind a dead network does not.
    """

    answer_timeout_s: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, self.answer_timeout_s if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # a question is still open: whatever came back now would answer that one
            raise
