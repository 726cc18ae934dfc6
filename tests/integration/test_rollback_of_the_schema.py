"""An older release's own migrate code on a schema that a newer release has migrated: what a rollback runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from infra.previous_release import ROOT, schema_of
from shared.config import MigrateSettings, Secrets
from shared.db import migrate as migrations
from shared.db.engine import sqlalchemy_url
from shared.db.migrate import SchemaMismatchError, SchemaState, load_schema, migrate
from shared.pipelines.upkeep.migrate_database import migrate_database

NEXT = """
from alembic import op
revision = "next"
down_revision = "{newest}"
def upgrade():
    op.execute("CREATE TABLE next_thing (id int)")
"""
APP = "app_of_the_older_release"


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(empty_database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """The migrations of the release after this one: this one's, and one more."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next_thing.py").write_text(NEXT.format(newest=newest()))
    return folder


@pytest.fixture
def app_user(empty_engine: Engine) -> Iterator[str]:
    with empty_engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {APP} LOGIN"))
    yield APP
    with empty_engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {APP} CASCADE"))
        connection.execute(text(f"DROP ROLE {APP}"))


def newest() -> str:
    return str(migrations.ScriptDirectory(str(migrations.MIGRATIONS)).get_current_head())


def migrate_with(folder: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", folder)
        return migrate(engine)


def put_at(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def state_of(engine: Engine) -> SchemaState:
    with engine.connect() as connection:
        return load_schema(connection).state


def test_the_migrate_function_of_this_release_succeeds_on_the_next_ones_schema(
    empty_engine: Engine,
    empty_database_url: str,
    app_user: str,
    next_release: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a process of its own, as CloudFormation calls it: from a copy of the code as it would be deployed."""
    assert migrate_with(next_release, empty_engine, monkeypatch) == "next"
    before = schema_of(empty_database_url)
    code = tmp_path / "release"
    for package in ("functions", "shared"):
        shutil.copytree(ROOT / package, code / package, ignore=shutil.ignore_patterns("__pycache__"))
    result = subprocess.run(
        [sys.executable, "-c", "from functions.migrate.handler import handler; print(handler({}, None))"],
        cwd=code,
        env=os.environ | {"PYTHONPATH": str(code), "DATABASE_URL": empty_database_url, "DATABASE_APP_USER": app_user},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "{'revision': 'next'}" in result.stdout
    assert "the schema is newer than this release" in result.stdout
    assert schema_of(empty_database_url) == before
    app_url = empty_database_url.replace("postgresql://postgres@", f"postgresql://{app_user}@")
    app = create_engine(sqlalchemy_url(app_url))
    try:
        with app.begin() as connection:  # the grants were set, also on what only the newer release knows
            connection.execute(text("INSERT INTO client (id, name) VALUES (gen_random_uuid(), 'Acme')"))
            connection.execute(text("INSERT INTO next_thing VALUES (1)"))
    finally:
        app.dispose()


def test_every_earlier_release_succeeds_on_todays_schema(
    empty_engine: Engine, empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = migrate(empty_engine)
    older = tmp_path / "older"
    shutil.copytree(migrations.MIGRATIONS, older, ignore=shutil.ignore_patterns("__pycache__"))
    scripts = list(migrations.ScriptDirectory(str(older)).walk_revisions())
    assert len(scripts) > 1
    monkeypatch.setattr(migrations, "MIGRATIONS", older)
    settings = MigrateSettings.model_validate({"DATABASE_URL": empty_database_url})
    for script in scripts[:-1]:  # from the newest on, until only the first is left
        Path(script.path).unlink()
        assert state_of(empty_engine) is SchemaState.AHEAD
        assert migrate_database(settings, Secrets()) == revision


def test_the_next_release_goes_on_where_a_rollback_left_it(
    empty_engine: Engine, next_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = migrate(empty_engine)
    assert migrate_with(next_release, empty_engine, monkeypatch) == "next"
    assert migrate(empty_engine) == "next"  # rolled back
    (next_release / "versions" / "after.py").write_text(
        NEXT.format(newest="next").replace('revision = "next"', 'revision = "after"', 1).replace("next_thing", "after")
    )
    assert migrate_with(next_release, empty_engine, monkeypatch) == "after"  # released again, with one more
    with empty_engine.connect() as connection:
        recorded = set(connection.execute(text("SELECT revision FROM schema_revision")).scalars())
    assert {first, "next", "after"} <= recorded


@pytest.mark.parametrize("revision", ["9999", "garbage", "0000"])
def test_a_revision_that_nobody_recorded_is_an_error(empty_engine: Engine, revision: str) -> None:
    """Numbers prove nothing: the higher one of another branch was never built on ours."""
    migrate(empty_engine)
    put_at(empty_engine, revision)
    assert state_of(empty_engine) is SchemaState.FOREIGN
    with pytest.raises(SchemaMismatchError, match=rf"{revision}.*{newest()}"):
        migrate(empty_engine)


def test_another_branchs_schema_is_an_error(
    empty_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded, but never built on this release's newest revision: that one is missing in the database."""
    other = tmp_path / "other"
    shutil.copytree(migrations.MIGRATIONS, other, ignore=shutil.ignore_patterns("__pycache__"))
    tip, before = list(migrations.ScriptDirectory(str(other)).walk_revisions())[:2]
    Path(tip.path).unlink()
    (other / "versions" / "other.py").write_text(NEXT.format(newest=before.revision))
    assert migrate_with(other, empty_engine, monkeypatch) == "next"
    with pytest.raises(SchemaMismatchError, match="next"):
        migrate(empty_engine)


def test_a_schema_from_before_the_record_is_recorded_by_the_next_migration(empty_engine: Engine) -> None:
    revision = migrate(empty_engine)
    with empty_engine.begin() as connection:
        connection.execute(text("DROP TABLE schema_revision"))
    assert migrate(empty_engine) == revision
    with empty_engine.connect() as connection:
        assert revision in connection.execute(text("SELECT revision FROM schema_revision")).scalars().all()


def test_an_empty_database_and_an_older_schema_are_behind(empty_engine: Engine) -> None:
    assert state_of(empty_engine) is SchemaState.BEHIND
    migrate(empty_engine, "0001")
    assert state_of(empty_engine) is SchemaState.BEHIND
    migrate(empty_engine)
    assert state_of(empty_engine) is SchemaState.CURRENT
