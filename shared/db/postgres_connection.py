"""A psycopg connection that gives up on a silent server, and that sends BEGIN and COMMIT along with statements."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import inf
from typing import Any

import psycopg
from psycopg._queries import PostgresQuery, _query2pg_nocache
from psycopg.abc import RV, Params, PQGen
from psycopg.generators import send
from psycopg.pq import ConnStatus, TransactionStatus

_translated = lru_cache(_query2pg_nocache)


class _Query(PostgresQuery):
    """A statement whose placeholders are looked for once, however long it is.

    psycopg does so up to 4,096 characters only: it takes longer ones for generated, each for one execution. Ours are
    constants, and reading one costs 0.2 to 0.4 ms.
    """

    __slots__ = ()

    def convert(self, query: Any, vars: Params | None) -> None:
        if vars is None or not isinstance(query, str):
            super().convert(query, vars)
            return
        statement = query.encode(self._tx.encoding)
        self.query, self._want_formats, self._order, self._parts = _translated(statement, self._tx.encoding)
        self.dump(vars)


class _Cursor(psycopg.Cursor[Any]):
    _query_cls = _Query


class PostgresConnection(psycopg.Connection[Any]):
    """Waits ``answer_timeout_s`` seconds for each answer, then closes itself and raises psycopg.OperationalError.

    statement_timeout is the server's to enforce; one that is stopped, starved or behind a dead network does not.
    No answer is waited for longer than ``time_left_s`` says either.
    """

    answer_timeout_s: float | None = None
    time_left_s: Callable[[], float] = staticmethod(lambda: inf)

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is None and self.answer_timeout_s is not None:
            timeout = max(0.0, min(self.answer_timeout_s, self.time_left_s()))
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # a question is still open: whatever came back now would answer that one
            raise

    def forget_plans(self) -> None:
        """Rolls back what has failed, and has every statement planned anew when it comes next."""
        self.rollback()
        with self.lock:
            self._prepared.clear()
            self.wait(self._prepared.maintain_gen(self))

    def execute_in_one_trip(
        self, cursor: psycopg.Cursor[Any], statement: str, parameters: Any, *, commit: bool
    ) -> None:
        """Executes a statement together with the BEGIN that it still needs and, if wanted, with the COMMIT.

        When the statement fails, the server skips the COMMIT, and the transaction is left to be rolled back.
        """
        with self.lock:
            self.wait(self._one_trip(cursor, statement, parameters, commit))

    def _one_trip(self, cursor: psycopg.Cursor[Any], statement: str, parameters: Any, commit: bool) -> PQGen[None]:
        """Does what ``cursor.execute`` does in a ``pipeline()``, sent at once and waited for once."""
        pipeline = self._pipeline = psycopg.Pipeline(self)
        self.pgconn.enter_pipeline_mode()
        try:
            yield from cursor._start_query(statement)
            yield from cursor._maybe_prepare_gen(cursor._convert_query(statement, parameters))
            if commit:
                yield from self._exec_command(b"COMMIT")
            pipeline._enqueue_sync()
            while pipeline.command_queue:
                pipeline.command_queue.popleft()()
            yield from send(self.pgconn)
            yield from pipeline._fetch_gen(flush=False)  # raises what failed first
        finally:
            self._pipeline = None
            if self.pgconn.status != ConnStatus.BAD:
                self.pgconn.exit_pipeline_mode()
        yield from self._prepared.maintain_gen(self)

    def _start_query(self) -> PQGen[None]:
        """Sends the BEGIN of a pipeline without waiting for its answer, which psycopg itself does."""
        if self._pipeline and not self.autocommit and self.pgconn.transaction_status == TransactionStatus.IDLE:
            yield from self._exec_command(self._get_tx_start_command())
        else:
            yield from super()._start_query()


def connect(
    answer_timeout_s: float | None, time_left_s: Callable[[], float], *arguments: Any, **parameters: Any
) -> PostgresConnection:
    """``psycopg.connect`` for a PostgresConnection. Raises psycopg.OperationalError when no time is left for it."""
    if answer_timeout_s is not None and time_left_s() <= 0:
        raise psycopg.OperationalError("no time is left to connect to the database")
    connection = PostgresConnection.connect(*arguments, **parameters)
    connection.cursor_factory = _Cursor
    connection.answer_timeout_s = answer_timeout_s
    connection.time_left_s = time_left_s
    return connection
