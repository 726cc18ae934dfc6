"""Brings a database to the newest schema: what the migrate function, the local stack and the tests call.

A rollback runs an older release's copy of this file on a schema that a newer release has migrated. Every migration
only adds (docs/deploy.md), so there is nothing to do then, and that is a success. That the schema is *newer*, and not
another one, is read from ``schema_revision``: each release writes down every revision that led to the present one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from shared.observability import logger

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 7_301_984  # any constant: two deployments must not migrate at once
LOCK_TIMEOUT = "5s"  # a migration that waits longer for a table would stop the traffic queueing behind it

# Bookkeeping like alembic's own table, and so no migration's: the code of any release finds and understands it.
BOOKKEEPING = ("alembic_version", "schema_revision")
_CREATE_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_revision (
    revision text PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT now()
)
"""


class SchemaMismatchError(RuntimeError):
    """The database has a schema that does not follow from this release's: nothing of it was touched."""


class SchemaState(StrEnum):
    BEHIND = "behind"  # migrations are missing
    CURRENT = "current"
    AHEAD = "ahead"  # a newer release has migrated it: this code works on it, and has nothing to do
    FOREIGN = "foreign"  # at a revision that no release that knows ours has recorded


@dataclass(frozen=True)
class Schema:
    """A database's schema, as seen from this code."""

    revision: str | None  # None: an empty database
    newest: str  # the newest revision that this code knows
    state: SchemaState


def migrate(engine: Engine, revision: str = "head") -> str:
    """Upgrades to ``revision`` in one transaction and returns the revision that is now in place.

    On a schema that a newer release has migrated it changes nothing and returns that newer revision.

    Raises sqlalchemy.exc.OperationalError when a lock cannot be had in time, and SchemaMismatchError when the revision
    in place is neither known nor recorded as following from ours; the schema is then as it was.
    """
    config = _config()
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        schema = load_schema(connection)
        if schema.state is SchemaState.FOREIGN:
            raise SchemaMismatchError(
                f"the database is at revision {schema.revision}, which this release does not know and which is not"
                f" recorded as following from its own, {schema.newest}: is it the right database, and was its schema"
                " made by this product's releases only?"
            )
        if schema.state is SchemaState.AHEAD:
            logger.warning(
                "the schema is newer than this release; nothing to migrate",
                revision=schema.revision,
                newest_known=schema.newest,
            )
            return str(schema.revision)
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        in_place = str(_revision(connection))
        _record(connection, config, in_place)
        return in_place


def load_schema(connection: Connection) -> Schema:
    """Compares the revision in place with those that this code knows."""
    scripts = ScriptDirectory.from_config(_config())
    newest = str(scripts.get_current_head())
    revision = _revision(connection)
    if revision == newest:
        state = SchemaState.CURRENT
    elif revision is None or revision in {script.revision for script in scripts.walk_revisions()}:
        state = SchemaState.BEHIND
    elif {revision, newest} <= _recorded(connection):
        state = SchemaState.AHEAD
    else:
        state = SchemaState.FOREIGN
    return Schema(revision, newest, state)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _recorded(connection: Connection) -> set[str]:
    if connection.execute(text("SELECT to_regclass('schema_revision')")).scalar_one() is None:
        return set()
    return set(connection.execute(text("SELECT revision FROM schema_revision")).scalars())


def _record(connection: Connection, config: Config, revision: str) -> None:
    """Writes down ``revision`` and all that led to it, for the code of older releases to read."""
    chain = [script.revision for script in ScriptDirectory.from_config(config).iterate_revisions(revision, "base")]
    connection.execute(text(_CREATE_HISTORY))
    connection.execute(
        text("INSERT INTO schema_revision (revision) SELECT unnest(CAST(:chain AS text[])) ON CONFLICT DO NOTHING"),
        {"chain": chain},
    )
