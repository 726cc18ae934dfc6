"""Brings a database to the newest schema: what the migrate function, the local stack and the tests call."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 7_301_984  # any constant: two deployments must not migrate at once
LOCK_TIMEOUT = "5s"  # a migration that waits longer for a table would stop the traffic queueing behind it


def migrate(engine: Engine, revision: str = "head") -> str:
    """Upgrades to ``revision`` in one transaction and returns the revision that is now in place.

    Raises sqlalchemy.exc.OperationalError when a lock cannot be had in time; the schema is then as it was.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
