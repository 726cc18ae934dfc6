"""The schema: migrations run up on an empty database, and build exactly what the models describe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from shared.db.engine import sqlalchemy_url
from shared.db.migrate import migrate
from shared.db.tables import Base
from shared.domain.identifiers import uuid7

# Everything that a difference between the two could hide in, as Postgres itself writes it down.
CATALOGUE = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, numeric_precision,
               numeric_scale
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name NOT IN ('alembic_version', 'schema_revision')
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
          AND conrelid::regclass::text NOT IN ('alembic_version', 'schema_revision')
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'schema_revision')
    """,
}


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(empty_database_url))
    yield engine
    engine.dispose()


def catalogue(engine: Engine, query: str) -> set[tuple[object, ...]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(query))}


@pytest.mark.parametrize("part", CATALOGUE)
def test_models_and_migrations_agree(engine: Engine, empty_engine: Engine, part: str) -> None:
    Base.metadata.create_all(empty_engine)
    migrated, modelled = catalogue(engine, CATALOGUE[part]), catalogue(empty_engine, CATALOGUE[part])
    assert migrated
    assert migrated - modelled == set()
    assert modelled - migrated == set()


def test_migrations_run_up_on_an_empty_database_and_again_change_nothing(empty_engine: Engine) -> None:
    revision = migrate(empty_engine)
    tables = catalogue(empty_engine, CATALOGUE["columns"])
    assert migrate(empty_engine) == revision
    assert catalogue(empty_engine, CATALOGUE["columns"]) == tables
    assert {table.name for table in Base.metadata.sorted_tables} <= {str(row[0]) for row in tables}


def test_every_table_names_its_client(engine: Engine) -> None:
    columns = catalogue(engine, CATALOGUE["columns"])
    with_client = {row[0] for row in columns if row[1] == "client_id"}
    assert {row[0] for row in columns} - with_client == {"client"}


def test_every_foreign_key_of_a_hot_path_has_an_index_to_find_its_rows_by(engine: Engine) -> None:
    """Per event and per job rows are looked up by these columns; a sequential scan would grow with the table."""
    indexed = {
        (str(table), re.split("[,)]", str(definition).split("(", 1)[1])[0])
        for table, _, definition in catalogue(engine, CATALOGUE["indexes"])
    }
    for table, column in [
        ("message", "lead_id"),
        ("draft", "lead_id"),
        ("draft", "trigger_message_id"),
        ("outbound_send", "draft_id"),
        ("outbound_send", "lead_id"),
        ("background_job", "lead_id"),
        ("background_job", "message_id"),
        ("background_job", "dedupe_key"),
        ("job_step", "job_id"),
        ("follow_up_instance", "lead_id"),
        ("ai_interaction", "job_id"),
        ("client_settings", "client_id"),
        ("knowledge_asset", "client_id"),
    ]:
        assert (table, column) in indexed, (table, column)


def test_a_lead_is_unique_per_client_whatever_the_case_and_stored_in_lower_case(engine: Engine) -> None:
    first, second = uuid7(), uuid7()
    insert = text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client, :email)")
    with engine.begin() as connection:
        for client in (first, second):
            connection.execute(text("INSERT INTO client (id, name) VALUES (:id, 'x')"), {"id": client})
            connection.execute(insert, {"id": uuid7(), "client": client, "email": "pat@acme.test"})
    for email in ("pat@acme.test", "PAT@acme.test"):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(insert, {"id": uuid7(), "client": first, "email": email})
