"""The way of statements to the server: a round trip each, none for BEGIN and COMMIT by themselves.

A transaction's BEGIN goes out together with its first statement (every engine of ``make_engine`` does so), and its
COMMIT together with the last one where the caller says which one that is (``committing``). What is one statement needs
neither (``autocommit``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event

from shared.db.outages import has_stale_plan
from shared.db.postgres_connection import PostgresConnection

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import ExecutionContext

_LAST = "last_statement"


class _Last:
    """Whether the statement that was announced as a transaction's last one has been there."""

    executed = False


@contextmanager
def autocommit(engine: Engine) -> Iterator[Connection]:
    """Yields a connection on which every statement is a transaction of its own: for one read or one write."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection


def committing(connection: Connection) -> Connection:
    """Lets the next statement take the transaction's COMMIT along; returns ``connection``.

    For a statement after which nothing is left to be decided: there is no rolling back once it has been executed, and
    a further statement is refused.
    """
    return connection.execution_options(**{_LAST: _Last()})


def join_begin_and_commit(engine: Engine) -> None:
    """Has ``engine``, whose connections are PostgresConnections, send BEGIN and COMMIT along with statements."""
    event.listen(engine, "do_execute", _execute)


def _execute(cursor: Any, statement: str, parameters: Any, context: ExecutionContext | None) -> bool:
    """Executes a statement that begins or ends its transaction; returns False for SQLAlchemy to do it.

    What begins a transaction, or is one, is repeated when its plan turns out stale: nothing has been written yet.
    """
    last = cast("_Last | None", context.execution_options.get(_LAST)) if context is not None else None
    if last is not None:
        if last.executed:
            raise RuntimeError("a statement after the one that took the COMMIT along")
        last.executed = True
    driver: PostgresConnection = cursor.connection
    begins = driver.info.transaction_status == TransactionStatus.IDLE
    if not (begins or last):
        return False
    try:
        _send(driver, cursor, statement, parameters, commit=last is not None)
    except psycopg.Error as error:
        if not begins or not has_stale_plan(error):
            raise
        driver.forget_plans()
        _send(driver, cursor, statement, parameters, commit=last is not None)
    return True


def _send(driver: PostgresConnection, cursor: Any, statement: str, parameters: Any, *, commit: bool) -> None:
    # Without parameters it may be several statements in one string, which a pipeline does not take.
    if driver.autocommit or not parameters or isinstance(cursor, psycopg.ServerCursor):
        cursor.execute(statement, parameters)
    else:
        driver.execute_in_one_trip(cursor, statement, parameters, commit=commit)
