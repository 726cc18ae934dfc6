"""Copying a restored database back, with the very commands that docs/deploy.md gives."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from local.postgres import find_binaries
from shared.config import MigrateSettings, Secrets
from shared.pipelines.upkeep.migrate_database import migrate_database
from tests.conftest import database_in

ROOT = Path(__file__).resolve().parents[2]
OWNER, APP = "migrate_of_the_restore", "app_of_the_restore"


def commands() -> list[str]:
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    return re.findall(r"^ +(pg_(?:dump|restore) .+)$", text, re.MULTILINE)


@pytest.fixture
def databases(postgres_url: str) -> Iterator[tuple[str, str]]:
    """Two databases of the schema's owner, each as the migrate function leaves it: restored and running."""
    names = [f"restore_{secrets.token_hex(4)}" for _ in range(2)]
    with psycopg.connect(postgres_url, autocommit=True) as superuser:
        for role in (OWNER, APP):
            superuser.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        try:
            for name in names:
                superuser.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                with psycopg.connect(database_in(postgres_url, name), autocommit=True) as inside:
                    inside.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))
                run_migrate(as_user(postgres_url, name, OWNER))
            yield as_user(postgres_url, names[0], OWNER), as_user(postgres_url, names[1], OWNER)
        finally:
            for name in names:
                superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            for role in (APP, OWNER):
                superuser.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def as_user(server_url: str, name: str, user: str) -> str:
    return re.sub(r"//[^@]*@", f"//{user}@", database_in(server_url, name))


def run_migrate(url: str) -> str:
    return migrate_database(MigrateSettings.model_validate({"DATABASE_URL": url, "DATABASE_APP_USER": APP}), Secrets())


def test_the_documented_commands_bring_every_row_back_and_the_functions_go_on(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    restored, running = databases
    with psycopg.connect(restored) as connection:
        connection.execute("INSERT INTO client (id, name) VALUES (gen_random_uuid(), 'Before the damage')")
    with psycopg.connect(running) as connection:
        connection.execute("INSERT INTO client (id, name) VALUES (gen_random_uuid(), 'Damaged')")
    dump, restore = commands()
    environment = os.environ | {
        "PATH": f"{find_binaries()}:{os.environ['PATH']}",
        "FROM": restored,
        "TO": running,
    }
    for command in (dump, restore):
        result = subprocess.run(
            ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
    run_migrate(running)
    with psycopg.connect(re.sub(r"//[^@]*@", f"//{APP}@", running)) as app:
        assert app.execute("SELECT name FROM client").fetchall() == [("Before the damage",)]
        app.execute("UPDATE client SET name = 'After'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE alembic_version SET version_num = 'x'")
