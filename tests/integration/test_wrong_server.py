"""Connections that are open and of no use: to a server that takes no writes, or with plans of tables that changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.db.engine import make_engine
from shared.db.outages import is_outage, was_dead
from shared.db.transactions import autocommit, committing
from shared.jobs.outcomes import Retry
from shared.pipelines.job_failures import decide_failure
from tests.instantly_events import reply_received
from tests.integration.webhook import WebhookUnderTest

# As the functions make theirs: the webhook and the replay, the consumers, maintenance, migrations and replyctl.
ENGINES: dict[str, dict[str, Any]] = {
    "webhook": {"prepared": True, "ping": False, "answer_timeout_s": 9.0},
    "consumer": {"prepared": True, "ping": False, "answer_timeout_s": 17.0},
    "maintenance": {"answer_timeout_s": 32.0},
    "operations": {},
}
READ_ONLY_SESSION = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"  # as one to a server that was demoted


@pytest.fixture(params=ENGINES)
def product_engine(request: pytest.FixtureRequest, database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, **ENGINES[request.param])
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (words text NOT NULL)"))
    yield engine
    engine.dispose()


def backend(engine: Engine) -> int:
    with autocommit(engine) as connection:  # a ROLLBACK would make psycopg forget what it has prepared
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def write(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES ('kept')"))


def failing(work: Callable[[], None]) -> DBAPIError:
    with pytest.raises(DBAPIError) as failure:
        work()
    return failure.value


def test_connection_to_a_server_that_takes_no_writes_is_given_up_at_once(product_engine: Engine) -> None:
    with product_engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(READ_ONLY_SESSION))
    stuck = backend(product_engine)
    started = time.monotonic()
    error = failing(lambda: write(product_engine))
    assert error.orig is not None
    assert getattr(error.orig, "sqlstate", None) == "25006"
    assert is_outage(error)
    assert was_dead(error, started), "whoever repeats its first transaction does so"
    write(product_engine)
    assert backend(product_engine) != stuck


@pytest.mark.parametrize("state", ["25006", "40001", "57P01", "57P02", "57P03", "57P05", "08006", "08P01"])
def test_session_that_says_that_another_may_do_better_is_given_up(database_url: str, state: str) -> None:
    assert _is_given_up_after(database_url, state)


@pytest.mark.parametrize("state", ["40P01", "23505", "22012", "42P01", "53100", "55P03", "57014", "P0001"])
def test_session_whose_statement_failed_is_kept(database_url: str, state: str) -> None:
    assert not _is_given_up_after(database_url, state)


def _is_given_up_after(database_url: str, state: str) -> bool:
    engine = make_engine(database_url)
    before = backend(engine)

    def fail() -> None:
        with engine.begin() as connection:
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))

    error = failing(fail)
    after = backend(engine)
    engine.dispose()
    assert error.connection_invalidated == (after != before)
    return after != before


@pytest.fixture
def read_only_server(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Whoever connects from now on may not write."""
    with psycopg.connect(database_url, autocommit=True) as admin:
        name = conninfo_to_dict(database_url)["dbname"]
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        yield admin


def let_write(admin: psycopg.Connection[Any], database_url: str) -> None:
    admin.execute(f'ALTER DATABASE "{conninfo_to_dict(database_url)["dbname"]}" RESET default_transaction_read_only')


@pytest.mark.parametrize("kind", ENGINES)
def test_no_connection_is_taken_from_a_server_that_takes_no_writes(
    database_url: str, read_only_server: psycopg.Connection[Any], kind: str
) -> None:
    engine = make_engine(database_url, **ENGINES[kind])
    with pytest.raises(OperationalError) as refused:
        backend(engine)
    assert is_outage(refused.value)
    let_write(read_only_server, database_url)
    assert backend(engine)
    engine.dispose()


@pytest.mark.usefixtures("read_only_server")
def test_url_may_ask_for_any_server(database_url: str) -> None:
    separator = "&" if "?" in database_url else "?"
    engine = make_engine(f"{database_url}{separator}target_session_attrs=any")
    with engine.connect() as connection:
        assert connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on"
    engine.dispose()


# --- Plans that outlived a change of their tables ----------------------------------------------------------------


NOTES = text("SELECT * FROM note WHERE words <> :words")


@pytest.fixture
def keeping_plans(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, **ENGINES["webhook"])
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (words text NOT NULL)"))
    yield engine
    engine.dispose()


def read_alone(engine: Engine) -> None:
    with autocommit(engine) as connection:
        connection.execute(NOTES, {"words": ""})


def read_first(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(NOTES, {"words": ""})
        connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": "kept"})


def read_with_the_commit(engine: Engine) -> None:
    with engine.begin() as connection:
        committing(connection).execute(NOTES, {"words": ""})


def write_and_read(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": "kept"})
        connection.execute(NOTES, {"words": ""})


def make_stale(work: Callable[[Engine], None], engine: Engine, database_url: str) -> None:
    for _ in range(4):  # until every statement is prepared
        work(engine)
    with psycopg.connect(database_url) as other:
        other.execute("ALTER TABLE note ALTER COLUMN words TYPE varchar(100)")


@pytest.mark.parametrize("work", [read_alone, read_first, read_with_the_commit])
def test_stale_plan_of_what_begins_a_transaction_is_renewed_in_place(
    keeping_plans: Engine, database_url: str, work: Callable[[Engine], None]
) -> None:
    make_stale(work, keeping_plans, database_url)
    before = backend(keeping_plans)
    work(keeping_plans)
    assert backend(keeping_plans) == before
    for _ in range(4):
        work(keeping_plans)


def test_stale_plan_in_the_middle_of_a_transaction_costs_one_repetition(
    keeping_plans: Engine, database_url: str
) -> None:
    make_stale(write_and_read, keeping_plans, database_url)
    started = time.monotonic()
    error = failing(lambda: write_and_read(keeping_plans))
    assert getattr(error.orig, "sqlstate", None) == "0A000"
    assert was_dead(error, started)
    assert isinstance(decide_failure(error), Retry), "a job comes back and is worked off with new plans"
    write_and_read(keeping_plans)
    with keeping_plans.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM note")) == 5, "nothing of the failed one is left"


def test_what_no_server_can_do_is_no_outage(database_url: str) -> None:
    """It has the state of a stale plan: an event that meets it again and again must end with a person."""
    engine = make_engine(database_url)

    def ask() -> None:
        with engine.begin() as connection:
            connection.execute(text("SELECT count(*) FROM pg_class FOR UPDATE"))

    error = failing(ask)
    assert getattr(error.orig, "sqlstate", None) == "0A000"
    assert not is_outage(error)
    engine.dispose()


# --- The webhook -------------------------------------------------------------------------------------------------


def test_first_delivery_after_a_failover_is_accepted(webhook: WebhookUnderTest) -> None:
    assert webhook.post(reply_received()).status == "accepted"
    for engine in engines_of(webhook):
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(READ_ONLY_SESSION))
    assert webhook.post(reply_received()).status == "accepted"
    assert webhook.count("message") == 2


def test_events_are_parked_while_no_server_takes_writes_and_accepted_as_soon_as_one_does(
    webhook: WebhookUnderTest, database_url: str
) -> None:
    assert webhook.post(reply_received()).status == "accepted"
    with psycopg.connect(database_url, autocommit=True) as admin:
        name = conninfo_to_dict(database_url)["dbname"]
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        for engine in engines_of(webhook):
            with engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(READ_ONLY_SESSION))
        assert webhook.post(reply_received()).status == "parked"
        admin.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    assert webhook.post(reply_received()).status == "accepted"


def test_event_that_meets_a_stale_plan_is_accepted(webhook: WebhookUnderTest, database_url: str) -> None:
    for _ in range(4):
        assert webhook.post(reply_received()).status == "accepted"
    for change in (
        "ALTER TABLE webhook_event ALTER COLUMN detail TYPE varchar(5000)",
        "ALTER TABLE background_job ALTER COLUMN trace_id TYPE varchar(300)",
        "ALTER TABLE background_job ALTER COLUMN generation TYPE bigint",
    ):
        with psycopg.connect(database_url) as other:
            other.execute(change)
        assert webhook.post(reply_received()).status == "accepted", change


def engines_of(webhook: WebhookUnderTest) -> list[Engine]:
    return [module.handler.webhook.intake.engine for module in webhook.environments]
