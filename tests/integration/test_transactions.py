"""How statements travel: round trips, and what becomes of a transaction whose BEGIN or COMMIT goes along with one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bench.cost import counted
from shared.db import postgres_connection
from shared.db.engine import make_engine
from shared.db.outages import is_outage, is_race, was_dead
from shared.db.transactions import autocommit, committing
from tests.conftest import database_in

ENGINES: dict[str, dict[str, Any]] = {"worker": {"answer_timeout_s": 20.0}, "webhook": {"prepared": True}, "tool": {}}
ADD = text("INSERT INTO note (id, words) VALUES (:id, :words) RETURNING id, words")
READ = text("SELECT words FROM note WHERE id >= :id ORDER BY id")


@pytest.fixture(scope="module")
def notes_url(postgres_url: str) -> Iterator[str]:
    """The URL of a database for these tests alone: one that another table is added to cannot be used by others."""
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("CREATE DATABASE notes TEMPLATE template0")
        url = database_in(postgres_url, "notes")
        with psycopg.connect(url) as setup:
            setup.execute(
                "CREATE TABLE note"
                " (id int PRIMARY KEY, words text, again int REFERENCES note DEFERRABLE INITIALLY DEFERRED)"
            )
        yield url
        server.execute("DROP DATABASE notes WITH (FORCE)")


@pytest.fixture
def database_url(notes_url: str) -> str:
    """The same, with no row and none on its way."""
    with psycopg.connect(notes_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute("DELETE FROM note")
    return notes_url


@pytest.fixture(params=ENGINES)
def product(database_url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = make_engine(database_url, ping=False, **ENGINES[request.param])
    yield engine
    engine.dispose()


def add(connection: Connection, id: int, words: str = "hello") -> Any:
    return connection.execute(ADD, {"id": id, "words": words})


def notes(engine: Engine) -> list[str]:
    with autocommit(engine) as connection:
        return list(connection.scalars(READ, {"id": 0}))


def two_writes(engine: Engine) -> None:
    with engine.begin() as connection:
        add(connection, 1)
        add(connection, 2)


def two_writes_the_last_with_the_commit(engine: Engine) -> None:
    with engine.begin() as connection:
        add(connection, 1)
        add(committing(connection), 2)


def one_write_with_the_commit(engine: Engine) -> None:
    with engine.begin() as connection:
        add(committing(connection), 1)


def one_write_alone(engine: Engine) -> None:
    with autocommit(engine) as connection:
        add(connection, 1)


def two_reads(engine: Engine) -> None:
    with autocommit(engine) as connection:
        connection.execute(READ, {"id": 0})
        connection.execute(READ, {"id": 0})


def read_in_a_transaction(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(READ, {"id": 0})


def nothing(engine: Engine) -> None:
    with engine.begin():
        pass


@pytest.mark.parametrize(
    ("work", "round_trips"),
    [
        (two_writes, 3),
        (two_writes_the_last_with_the_commit, 2),
        (one_write_with_the_commit, 1),
        (one_write_alone, 1),
        (two_reads, 2),
        (read_in_a_transaction, 2),
        (nothing, 0),
    ],
)
def test_begin_and_commit_take_no_round_trip_of_their_own(
    product: Engine, work: Callable[[Engine], None], round_trips: int
) -> None:
    for _ in range(3):  # until its statements are prepared
        work(product)
        with product.begin() as connection:
            connection.execute(text("DELETE FROM note"))
    with counted(product) as cost:
        work(product)
    assert cost.round_trips == round_trips


def test_what_was_written_is_returned_and_there(product: Engine) -> None:
    with product.begin() as connection:
        first = add(connection, 1, "one")
        second = add(committing(connection), 2, "two")
        assert _seen_by_others(product) == 2
        assert first.one() == (1, "one")
        assert second.one() == (2, "two")
    with product.begin() as connection:
        changed = connection.execute(text("UPDATE note SET words = :words"), {"words": "three"})
        assert changed.rowcount == 2
    assert notes(product) == ["three", "three"]


def failing(work: Callable[[], object]) -> DBAPIError:
    with pytest.raises(DBAPIError) as failure:
        work()
    return failure.value


@pytest.mark.parametrize("times", [1, 4])
def test_a_last_statement_that_fails_undoes_the_transaction_and_says_why(product: Engine, times: int) -> None:
    one_write_alone(product)
    for _ in range(times):

        def work() -> None:
            with product.begin() as connection:
                add(connection, 2)
                add(committing(connection), 1)

        error = failing(work)
        assert isinstance(error, IntegrityError)
        assert is_race(error)
        assert not error.connection_invalidated
    assert notes(product) == ["hello"]


def test_a_first_statement_that_fails_says_why(product: Engine) -> None:
    one_write_alone(product)
    for work in (one_write_with_the_commit, two_writes, one_write_alone):
        error = failing(lambda work=work: work(product))
        assert is_race(error)
        assert not error.connection_invalidated
    assert notes(product) == ["hello"]


def test_a_commit_that_fails_undoes_the_transaction_and_says_why(product: Engine) -> None:
    def work() -> None:
        with product.begin() as connection:
            add(connection, 1)
            connection = committing(connection)
            connection.execute(text("UPDATE note SET again = :again"), {"again": 9})

    error = failing(work)
    assert getattr(error.orig, "sqlstate", None) == "23503"
    assert not error.connection_invalidated
    assert notes(product) == []


def test_an_exception_before_the_last_statement_undoes_the_transaction(product: Engine) -> None:
    with suppress(ValueError), product.begin() as connection:
        add(connection, 1)
        raise ValueError
    assert notes(product) == []


def test_a_statement_after_the_last_one_is_refused(product: Engine) -> None:
    with product.begin() as connection:
        add(committing(connection), 1)
        with pytest.raises(RuntimeError, match="COMMIT"):
            add(connection, 2)
    assert notes(product) == ["hello"]
    with product.begin() as connection:  # the next transaction knows nothing of it
        add(connection, 2)
        add(connection, 3)
    assert len(notes(product)) == 3


def test_several_commands_in_one_string_are_one_transaction(product: Engine) -> None:
    with product.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (1, 'one'); INSERT INTO note VALUES (2, 'two')"))
        assert _seen_by_others(product) == 0
    assert notes(product) == ["one", "two"]


def test_a_long_statement_is_read_once_and_its_values_each_time(product: Engine) -> None:
    reads: list[str] = []
    long = text(f"SELECT CAST(:words AS text) || '%', CAST(:words AS text) || :more -- {uuid4()} {'x' * 5_000}")
    notes(product)
    before = postgres_connection._translated.cache_info()
    for words in ("one", "two", "three"):
        with autocommit(product) as connection:
            reads += connection.execute(long, {"words": words, "more": "!"}).one()
    after = postgres_connection._translated.cache_info()
    assert reads == ["one%", "one!", "two%", "two!", "three%", "three!"]
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 2)


def test_many_rows_of_one_statement_are_one_transaction(product: Engine) -> None:
    with suppress(ValueError), product.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (:id, 'x')"), [{"id": id} for id in range(5)])
        assert _seen_by_others(product) == 0
        raise ValueError
    assert notes(product) == []


@pytest.mark.parametrize("last", [False, True])
def test_a_statement_that_takes_too_long_is_an_outage(database_url: str, last: bool) -> None:
    engine = make_engine(database_url, statement_timeout_s=0.2, answer_timeout_s=10.0)

    def work() -> None:
        with engine.begin() as connection:
            (committing(connection) if last else connection).execute(text("SELECT pg_sleep(:s)"), {"s": 5})

    error = failing(work)
    assert getattr(error.orig, "sqlstate", None) == "57014"
    assert is_outage(error)
    assert not error.connection_invalidated
    engine.dispose()


@pytest.mark.parametrize("last", [False, True])
def test_a_connection_that_is_found_dead_is_replaced(product: Engine, database_url: str, last: bool) -> None:
    with autocommit(product) as connection:
        session = connection.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [session])
    started = time.monotonic()
    work = one_write_with_the_commit if last else two_writes
    error = failing(lambda: work(product))
    assert is_outage(error)
    assert was_dead(error, started)
    assert notes(product) == []
    work(product)
    assert notes(product)


@pytest.mark.parametrize("size", [1, 55_000, 30_000_000])  # 55,000: the socket has room for all but the Sync
@pytest.mark.parametrize("last", [False, True])
def test_a_server_that_stays_silent_is_given_up(
    database_url: str, last: bool, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether a last statement was committed is then unknown, as it is after any COMMIT without an answer."""
    engine = make_engine(database_url, ping=False, answer_timeout_s=0.5)

    def work() -> None:
        with engine.begin() as connection:
            add(committing(connection) if last else connection, 1, "x" * size)

    with autocommit(engine) as connection:
        session = connection.scalar(text("SELECT pg_backend_pid()"))
    os.kill(session, signal.SIGSTOP)
    try:
        error = failing(work)
    finally:
        os.kill(session, signal.SIGCONT)
    assert is_outage(error)
    assert error.connection_invalidated
    assert caplog.records == []
    engine.dispose()


def _url(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _seen_by_others(engine: Engine) -> int:
    with psycopg.connect(_url(engine)) as other:
        row = other.execute("SELECT count(*) FROM note").fetchone()
    assert row is not None
    return int(row[0])
