"""Every migration only adds; the rules that say so are tables, and this is what they catch."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from infra.migration_rules import RULES, violations
from infra.previous_release import (
    before_newest_migration,
    check_out,
    knows_newer_schemas,
    previous_tag,
    run_own_migrate,
)
from shared.db.migrate import MIGRATIONS


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("DROP TABLE lead", "drop-table"),
        ("ALTER TABLE lead DROP COLUMN company", "drop-column"),
        ("ALTER TABLE lead RENAME COLUMN company TO firm", "rename"),
        ("ALTER TABLE lead RENAME TO person", "rename"),
        ("ALTER TABLE lead ALTER COLUMN email TYPE varchar(10)", "change-type"),
        ("ALTER TABLE lead ALTER COLUMN company SET NOT NULL", "set-not-null"),
        ("ALTER TABLE lead ADD COLUMN firm text NOT NULL", "not-null-without-default"),
        ("ALTER TABLE lead ADD CONSTRAINT c CHECK (fit_score > 0)", "constraint-checked-at-once"),
        ("ALTER TABLE lead ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES b (id)", "constraint-checked-at-once"),
        ("CREATE UNIQUE INDEX i ON lead (email)", "index-on-a-live-table"),
        ("CREATE INDEX i ON lead USING btree (email)", "index-on-a-live-table"),
        ("ALTER TABLE lead ADD CONSTRAINT u UNIQUE (id, client_id)", "index-on-a-live-table"),
        ("alter table lead\n  alter column status\n  drop default", "narrower-values"),
    ],
)
def test_what_old_code_cannot_live_with_is_refused(sql: str, rule: str) -> None:
    assert [violation.rule.name for violation in violations(f"BEGIN;\n{sql};\nCOMMIT;")] == [rule]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE note (id uuid PRIMARY KEY, text text NOT NULL)",
        "ALTER TABLE lead ADD COLUMN firm text",
        "ALTER TABLE lead ADD COLUMN firm text DEFAULT '' NOT NULL",
        "ALTER TABLE lead ADD COLUMN firm text NOT NULL DEFAULT ''",
        "ALTER TABLE lead ADD CONSTRAINT c CHECK (fit_score > 0) NOT VALID",
        "ALTER TABLE lead VALIDATE CONSTRAINT c",
        "ALTER TABLE lead ADD CONSTRAINT u UNIQUE USING INDEX i",
        "CREATE INDEX CONCURRENTLY i ON lead (email)",
        "UPDATE lead SET company = 'DROP TABLE lead; really'",
        "-- DROP TABLE lead\nSELECT 1",
        "CREATE TABLE note (id uuid); CREATE INDEX i ON note (id); ALTER TABLE note ALTER COLUMN id SET NOT NULL",
    ],
)
def test_what_only_adds_is_fine(sql: str) -> None:
    assert violations(f"{sql};") == []


def test_a_rule_is_lifted_by_name_and_with_a_reason() -> None:
    sql = "ALTER TABLE lead DROP COLUMN company;"
    assert violations(sql, source="# migration-rule: drop-column: no release since 1.4 reads it\n") == []
    assert len(violations(sql, source="# migration-rule: drop-column:\n")) == 1
    assert len(violations(sql, source="# migration-rule: drop-table: no release since 1.4 reads it\n")) == 1


def test_every_rule_has_an_example_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [rule.name for rule in RULES if f'"{rule.name}")' not in text] == []


def migration_config(output: io.StringIO | None = None) -> Config:
    config = Config(output_buffer=output)
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


REVISIONS = [
    (script.revision, script.down_revision or "base")
    for script in ScriptDirectory.from_config(migration_config()).walk_revisions()
]


@pytest.mark.parametrize(("revision", "previous"), REVISIONS)
def test_every_migration_keeps_the_rules(revision: str, previous: str) -> None:
    output = io.StringIO()
    command.upgrade(migration_config(output), f"{previous}:{revision}", sql=True)
    sql = output.getvalue()
    assert f"version_num='{revision}'" in sql or f"VALUES ('{revision}')" in sql  # it was printed to its end
    (source,) = MIGRATIONS.glob(f"versions/{revision}_*.py")
    assert [str(violation) for violation in violations(sql, source=source.read_text(encoding="utf-8"))] == []


def test_the_schema_has_one_head() -> None:
    assert len(ScriptDirectory.from_config(migration_config()).get_heads()) == 1


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of one commit: some code, and one migration."""
    repository = tmp_path / "repository"
    versions = repository / "shared/db/migrations/versions"
    versions.mkdir(parents=True)
    (repository / "shared/code.py").write_text("old\n")
    (versions / "0001.py").write_text("one\n")
    git(repository, "init", "-q")
    commit(repository)
    return repository


def git(repository: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=repository, check=True, capture_output=True)


def commit(repository: Path) -> None:
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "change")


def test_the_previous_release_is_found_and_its_code_can_be_had_with_either_migrations(
    repository: Path, tmp_path: Path
) -> None:
    assert previous_tag(repository) is None
    git(repository, "tag", "v1.0.0")
    assert previous_tag(repository) is None  # the present commit is that release
    (repository / "shared/code.py").write_text("new\n")
    (repository / "shared/db/migrations/versions/0002.py").write_text("two\n")
    commit(repository)
    assert previous_tag(repository) == "v1.0.0"
    for todays, migrations in ((True, ["0001.py", "0002.py"]), (False, ["0001.py"])):
        target = tmp_path / str(todays)
        check_out(repository, "v1.0.0", target, todays_migrations=todays)
        assert (target / "shared/code.py").read_text() == "old\n"
        assert sorted(path.name for path in (target / "shared/db/migrations/versions").iterdir()) == migrations


def test_before_the_first_tag_it_is_what_came_before_the_newest_migration(repository: Path) -> None:
    assert before_newest_migration(repository) is None  # nothing came before the first
    (repository / "shared/code.py").write_text("new\n")
    (repository / "shared/db/migrate.py").write_text("reads schema_revision\n")
    commit(repository)
    expected = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True, check=True)
    (repository / "shared/db/migrations/versions/0002.py").write_text("two\n")
    commit(repository)
    (repository / "shared/code.py").write_text("newer\n")
    commit(repository)
    found = before_newest_migration(repository)
    assert found == expected.stdout.strip()
    assert knows_newer_schemas(repository, found)
    assert not knows_newer_schemas(repository, f"{found}^")


@pytest.mark.parametrize(
    ("handler", "result"),
    [
        ("return {'revision': 'whatever'}", 0),
        ("raise RuntimeError('Can not locate that revision')", 1),
        (
            "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL'], autocommit=True)"
            ".execute('CREATE TABLE x (y int)')",
            1,
        ),
    ],
    ids=["succeeds", "fails", "changes the schema"],
)
def test_the_releases_own_migrate_has_to_succeed_and_change_nothing(tmp_path: Path, handler: str, result: int) -> None:
    folder = tmp_path / "code" / "functions" / "migrate"
    folder.mkdir(parents=True)
    (folder / "handler.py").write_text(f"def handler(event, context):\n    {handler}\n")
    assert run_own_migrate(tmp_path / "code", tmp_path / "scratch") == result
