"""The migrate function on a real Postgres: users, schema and grants, however often it runs."""

from __future__ import annotations

import json
import secrets as random
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from functions.migrate.handler import handler
from shared.config import MigrateSettings, Secrets, SettingsError
from shared.db.engine import make_engine
from shared.pipelines.upkeep.migrate_database import migrate_database


@dataclass(frozen=True)
class NewDatabase:
    """A database as RDS hands it over: an administrator that owns it and may create users, but is no superuser."""

    superuser_url: str
    admin: str
    owner: str
    app: str

    def url(self, user: str) -> str:
        parts = conninfo_to_dict(self.superuser_url)
        return f"postgresql://{user}@/{parts['dbname']}?host={parts['host']}"

    def settings(self, **overrides: object) -> MigrateSettings:
        values = {
            "database_url": self.url(self.owner),
            "database_admin_secret": json.dumps({"username": self.admin, "password": "not asked for here"}),
            "database_app_user": self.app,
        } | overrides
        return MigrateSettings.model_validate({name.upper(): value for name, value in values.items()})


@pytest.fixture
def database(empty_database_url: str) -> Iterator[NewDatabase]:
    suffix = random.token_hex(4)
    new = NewDatabase(empty_database_url, f"admin_{suffix}", f"migrate-{suffix}", f"app_{suffix}")
    name = sql.Identifier(str(conninfo_to_dict(empty_database_url)["dbname"]))
    admin = sql.Identifier(new.admin)
    with psycopg.connect(empty_database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(admin))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, admin))
        try:
            yield new
        finally:
            for role in (new.app, new.owner, new.admin):
                if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(sql.Identifier(role)))
                    connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(role)))
                    connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_a_new_database_gets_its_users_its_schema_and_the_grants(database: NewDatabase) -> None:
    revision = migrate_database(database.settings(), Secrets())
    with psycopg.connect(database.url(database.app)) as app:
        assert app.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)
        app.execute("INSERT INTO client (id, name) VALUES (gen_random_uuid(), 'Acme')")
        app.execute("UPDATE client SET name = 'Acme Ltd'")
        assert app.execute("DELETE FROM client RETURNING name").fetchall() == [("Acme Ltd",)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE client ADD COLUMN mine int",
        "DROP TABLE client CASCADE",
        "TRUNCATE client",
        "UPDATE alembic_version SET version_num = 'x'",
        "CREATE ROLE mine",
    ],
)
def test_the_functions_user_cannot_change_the_schema(database: NewDatabase, statement: str) -> None:
    migrate_database(database.settings(), Secrets())
    with psycopg.connect(database.url(database.app)) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


def test_it_runs_again_without_the_administrator(database: NewDatabase) -> None:
    first = migrate_database(database.settings(), Secrets())
    locked_out = json.dumps({"username": "nobody-by-that-name", "password": "x"})
    assert migrate_database(database.settings(database_admin_secret=locked_out), Secrets()) == first


def test_tables_of_a_later_migration_are_the_apps_to_use(database: NewDatabase) -> None:
    migrate_database(database.settings(), Secrets())
    with psycopg.connect(database.url(database.owner)) as owner:
        owner.execute("CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
    with psycopg.connect(database.url(database.app)) as app:
        app.execute("INSERT INTO later (name) VALUES ('x')")
        assert app.execute("SELECT id, name FROM later").fetchall() == [(1, "x")]


def test_on_rds_both_users_log_in_by_token(database: NewDatabase) -> None:
    with psycopg.connect(database.superuser_url, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE rds_iam")
        try:
            superuser.execute(
                sql.SQL("GRANT rds_iam TO {} WITH ADMIN TRUE, INHERIT FALSE").format(sql.Identifier(database.admin))
            )
            migrate_database(database.settings(), Secrets())
            members = superuser.execute(
                "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole"
            ).fetchall()
        finally:
            superuser.execute("DROP ROLE rds_iam")
    assert {database.app, f'"{database.owner}"'} <= {name for (name,) in members}


def test_the_functions_user_is_read_from_their_secret(database: NewDatabase) -> None:
    """An existing database: both users are there, and two secrets say who they are."""
    with psycopg.connect(database.superuser_url, autocommit=True) as superuser:
        for role in (database.owner, database.app):
            superuser.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        superuser.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(database.owner)))
    references = {
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:migrate-AbCdEf": database.url(database.owner),
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf": database.url(database.app),
    }
    owner_arn, app_arn = references
    settings = MigrateSettings.model_validate({"DATABASE_URL": owner_arn, "DATABASE_APP_USER": app_arn})
    migrate_database(settings, Secrets(fetch=references.__getitem__))
    with psycopg.connect(database.url(database.app)) as app:
        assert app.execute("SELECT count(*) FROM client").fetchone() == (0,)


def test_a_database_that_is_down_stops_the_deployment() -> None:
    settings = MigrateSettings.model_validate({"DATABASE_URL": "postgresql://migrate@127.0.0.1:9/replies"})
    with pytest.raises(OperationalError):
        migrate_database(settings, Secrets())


def test_an_administrator_without_an_app_user_is_a_mistake() -> None:
    settings = MigrateSettings.model_validate(
        {"DATABASE_URL": "postgresql://migrate@127.0.0.1:9/replies", "DATABASE_ADMIN_SECRET": "{}"}
    )
    with pytest.raises(SettingsError, match="DATABASE_APP_USER"):
        migrate_database(settings, Secrets())


def test_two_deployments_do_not_migrate_at_once(database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.db.migrate import ADVISORY_LOCK

    migrate_database(database.settings(), Secrets())
    monkeypatch.setattr("shared.pipelines.upkeep.migrate_database.make_engine", _impatient_engine)
    with psycopg.connect(database.superuser_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        with pytest.raises(OperationalError, match=r"lock timeout|statement timeout"):
            migrate_database(database.settings(), Secrets())


def _impatient_engine(url: str, **options: object) -> object:
    return make_engine(url, statement_timeout_s=0.5, iam_auth=bool(options.get("iam_auth")))


def test_the_handler_answers_with_the_revision(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection:
            expected = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    finally:
        engine.dispose()
    assert handler({}, None) == {"revision": expected}
