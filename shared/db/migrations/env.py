"""Alembic's environment: runs on the connection that shared.db.migrate passes, or on DATABASE_URL from the shell."""

from __future__ import annotations

import os

from alembic import context

from shared.db.engine import make_engine


def run() -> None:
    if context.is_offline_mode():  # prints the SQL, for the rules that every migration keeps
        context.configure(dialect_name="postgresql", literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    connection = context.config.attributes.get("connection")
    if connection is not None:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = make_engine(os.environ["DATABASE_URL"], statement_timeout_s=300)
    with engine.connect() as own_connection:
        context.configure(connection=own_connection)
        with context.begin_transaction():
            context.run_migrations()


run()
