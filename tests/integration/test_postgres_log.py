"""The server's own log, with the cloud's settings: slow statements, lock waits and errors, and nobody's email."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from local.postgres import THROW_AWAY, start_postgres
from shared.config import MigrateSettings, Secrets
from shared.db.clients import create_client
from shared.db.engine import make_engine
from shared.db.migrate import migrate
from shared.db.server_settings import PRIVATE_LOG, SERVER_SETTINGS, open_log_settings
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import Provider
from shared.pipelines.intake.delivery import Delivery
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.upkeep.migrate_database import migrate_database
from tests.instantly_events import hash_address

ADDRESS = "pat.secret@example.com"
WORDS = "salary 90k, confidential"
BODY = f"My phone is 555-0123, {WORDS}"
NEEDLES = (ADDRESS, WORDS, WORDS.encode().hex(), BODY)
EVERYTHING_IS_SLOW = {"log_min_duration_statement": "0", "deadlock_timeout": "50ms"}
AS_INSTALLED = {  # PostgreSQL's own defaults
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",  # 0 in truth; an administrator who debugs sets this
    "log_error_verbosity": "default",
    "log_min_error_statement": "error",
}


class NoPublisher:
    def publish(self, *_: Any, **__: Any) -> None:
        """The queue is not what is looked at here."""


@contextmanager
def server(settings: Mapping[str, str]) -> Iterator[tuple[Engine, Callable[[], str]]]:
    """Runs a server with ``settings`` beside the cloud's: an engine as functions have it, and the log so far."""
    with (
        tempfile.TemporaryDirectory(prefix="pl-") as folder,
        start_postgres(Path(folder) / "pg", THROW_AWAY | EVERYTHING_IS_SLOW | dict(settings)) as running,
    ):
        engine = make_engine(running.url, statement_timeout_s=10, answer_timeout_s=11, prepared=True, ping=False)
        try:
            migrate(engine)
            yield engine, (Path(folder) / "pg.log").read_text
        finally:
            engine.dispose()


def receive(engine: Engine) -> str:
    """Takes a reply as the webhook does."""
    with engine.begin() as connection:
        client = create_client(connection, "Acme")
    event = {
        "event_type": "reply_received",
        "lead_email": ADDRESS,
        "email_id": str(uuid7()),
        "email_account": "sam@example.org",
        "reply_subject": "Re: offer",
        "reply_text": BODY,
    }
    delivery = Delivery.of(client.id, json.dumps(event).encode(), datetime.now(UTC), provider=Provider.INSTANTLY)
    publisher: Any = NoPublisher()
    return str(receive_event(delivery, engine=engine, publisher=publisher, hash_address=hash_address).status)


def wait_for_a_lock(engine: Engine, log: Callable[[], str]) -> None:
    """Runs an update that waits for another session's lock until the server has logged the wait."""
    other = make_engine(engine.url.render_as_string(hide_password=False))
    update = text("UPDATE lead SET company = :words WHERE email = :email")
    values = {"words": WORDS, "email": ADDRESS}
    try:
        with other.begin() as holder:
            holder.execute(update, values)
            waiting = threading.Thread(target=_execute, args=(engine, update, values))
            waiting.start()
            wait_until_logged(log, "still waiting for")
        waiting.join()
    finally:
        other.dispose()


def deadlock(engine: Engine, log: Callable[[], str]) -> None:
    """Two sessions that wait for each other, one of them with statements that a person typed."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with engine.begin() as connection:
        client = connection.execute(text("SELECT client_id FROM lead LIMIT 1")).scalar_one()
        connection.execute(
            text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client, 'second@example.com')"),
            {"id": uuid7(), "client": client},
        )
    first, second = (
        f"UPDATE lead SET company = '{WORDS}' WHERE email = '{who}'" for who in (ADDRESS, "second@example.com")
    )
    quiet = "-c log_min_duration_statement=-1"  # what a person types is logged when it is slow, as documented
    with psycopg.connect(url, options=quiet) as one, psycopg.connect(url, options=quiet) as other:
        one.execute(first)
        other.execute(second)
        crossing = threading.Thread(target=_swallow, args=(one, second))
        crossing.start()
        _swallow(other, first)
        crossing.join()
    wait_until_logged(log, "deadlock detected")


def fail(engine: Engine) -> None:
    """Errors whose DETAIL, CONTEXT or STATEMENT would show what was bound or typed."""
    lead = "INSERT INTO lead (id, client_id, email, company) SELECT :id, client_id, :email, :words FROM lead LIMIT 1"
    values = {"id": uuid7(), "email": ADDRESS, "words": WORDS}
    for statement, more in (
        (lead, {}),  # a unique violation: Key (client_id, email)=(…)
        (lead.replace("client_id, :email", "NULL, :email"), {}),  # not null: Failing row contains (…)
        (lead, {"email": ADDRESS.upper()}),  # a check
        ("SELECT CAST(:words AS jsonb)", {}),  # the value in its CONTEXT
        (f"SELECT 1/0 AS \"{ADDRESS}\", '{WORDS}'", {}),  # typed
        ("SELECT pg_sleep(5), CAST(:words AS text)", {}),  # cancelled
    ):
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL log_min_duration_statement = -1"))
            connection.execute(text("SET LOCAL statement_timeout = '300ms'"))
            with pytest.raises(DBAPIError):
                connection.execute(text(statement), values | more)
            connection.rollback()
    raw = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(raw) as connection, pytest.raises(psycopg.Error):
        _copy(connection, f"no-uuid\t{ADDRESS}\n")


def everything(engine: Engine, log: Callable[[], str]) -> str:
    assert receive(engine) == "accepted"
    wait_for_a_lock(engine, log)
    deadlock(engine, log)
    fail(engine)
    return log()


def test_the_servers_log_says_what_was_slow_and_what_failed_and_holds_nobodys_mail() -> None:
    with server({}) as (engine, log):
        logged = everything(engine, log)
    for said in (
        "duration:",
        "INSERT INTO webhook_event",
        "still waiting for",
        "deadlock detected",
        "duplicate key value violates unique constraint",
        "violates not-null constraint",
        "violates check constraint",
        "invalid input syntax for type json",
        "division by zero",
        "canceling statement due to statement timeout",
    ):
        assert said in logged, said
    assert [needle for needle in NEEDLES if needle.lower() in logged.lower()] == []
    assert not {"DETAIL:", "CONTEXT:", "STATEMENT:", "QUERY:"} & set(logged.split())


def test_without_those_settings_it_would_hold_all_of_it() -> None:
    with server(AS_INSTALLED) as (engine, log):
        logged = everything(engine, log).lower()
    assert [needle for needle in NEEDLES if needle.lower() not in logged] == []


@pytest.mark.parametrize("name", ["log_error_verbosity", "log_min_error_statement"])
def test_each_of_the_two_about_errors_is_needed(name: str) -> None:
    with server({name: AS_INSTALLED[name]}) as (engine, log):
        receive(engine)
        fail(engine)
        assert ADDRESS in log()


def test_a_session_of_ours_binds_nothing_into_errors_whatever_the_servers_default_is(database_url: str) -> None:
    engine = make_engine(f"{database_url}")
    try:
        with engine.connect() as connection:
            value = connection.execute(text("SELECT current_setting('log_parameter_max_length_on_error')")).scalar_one()
            source = connection.execute(
                text("SELECT source FROM pg_settings WHERE name = 'log_parameter_max_length_on_error'")
            ).scalar_one()
    finally:
        engine.dispose()
    assert (value, source) == ("0", "client")


def test_only_a_superuser_may_set_the_others(database_url: str) -> None:
    """Why an existing database's owner is asked to, instead of our sessions doing it."""
    with psycopg.connect(database_url) as connection:
        contexts = dict(
            connection.execute(
                "SELECT name, context FROM pg_settings WHERE name = ANY(%s)", [list(PRIVATE_LOG)]
            ).fetchall()
        )
    assert [name for name, context in contexts.items() if context == "user"] == ["log_parameter_max_length_on_error"]


def test_every_server_that_is_started_here_has_the_clouds_settings(engine: Engine) -> None:
    with engine.connect() as connection:
        assert open_log_settings(connection) == []
        for name, value in SERVER_SETTINGS.items():
            setting = connection.execute(text("SELECT setting FROM pg_settings WHERE name = :name"), {"name": name})
            assert setting.scalar_one() in (value, {"1": "on"}.get(value)), name


def test_a_server_that_may_log_mail_is_named_at_every_deployment_and_by_setting(
    log_output: Callable[[], str],
) -> None:
    with server(AS_INSTALLED) as (engine, _):
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with engine.connect() as connection:
            wanted = open_log_settings(connection)
        migrate_database(MigrateSettings.model_validate({"DATABASE_URL": url}), Secrets())
    # The fourth is what our own sessions set.
    assert wanted == [f"{name}={PRIVATE_LOG[name]}" for name in PRIVATE_LOG if not name.endswith("_on_error")]
    (line,) = [line for line in log_output().splitlines() if "may hold mail" in line]
    assert json.loads(line)["set"] == wanted


def wait_until_logged(log: Callable[[], str], words: str) -> None:
    until = time.monotonic() + 30
    while words not in log():
        assert time.monotonic() < until, f"the server never logged {words!r}"
        time.sleep(0.02)


def _copy(connection: psycopg.Connection[Any], row: str) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY lead (id, email) FROM STDIN") as copy:
        copy.write(row)


def _execute(engine: Engine, statement: Any, values: Mapping[str, object]) -> None:
    with engine.begin() as connection:
        connection.execute(statement, values)


def _swallow(connection: psycopg.Connection[Any], statement: str) -> None:
    try:
        connection.execute(statement)  # type: ignore[call-overload]
    except psycopg.errors.DeadlockDetected:
        connection.rollback()
