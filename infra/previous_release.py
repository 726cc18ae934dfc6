"""The last release's own code on today's schema: a rollback brings exactly that together.

    python -m infra.previous_release [--tag v1.4.0]

The release is the newest tag ``v…`` that is not on the present commit; before the first tag, the commit before the
newest migration. Twice its code goes into a scratch folder:

1. as it was: its own migrate function runs on a database that today's migrations have built, and has to succeed and
   change nothing, since a rollback calls it;
2. with today's migrations in place of its own: its integration tests run, with this virtual environment.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from local.postgres import THROW_AWAY, start_postgres
from shared.db.engine import sqlalchemy_url
from shared.db.migrate import migrate

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = Path("shared/db/migrations")
DESCRIBES_THE_SCHEMA = "schema"  # tests of this name compare its own description with the migrations: newer by design
APP_USER = "app"
_CALL_MIGRATE = "from functions.migrate.handler import handler; print(handler({}, None))"
_SCHEMA = """
SELECT table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""


def previous_tag(repository: Path) -> str | None:
    """Returns the newest release tag that the present commit does not carry itself; None when there is none."""
    here = _git(repository, "rev-parse", "HEAD")
    for tag in _git(repository, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").split():
        if _git(repository, "rev-parse", f"{tag}^{{commit}}") != here:
            return tag
    return None


def before_newest_migration(repository: Path) -> str | None:
    """Returns the commit before the newest migration's; None when the history does not reach so far."""
    added = _git(repository, "log", "-1", "--diff-filter=A", "--format=%H", "--", str(MIGRATIONS / "versions"))
    found = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", f"{added}^"], cwd=repository, capture_output=True, text=True
    )
    return found.stdout.strip() or None


def knows_newer_schemas(repository: Path, commit: str) -> bool:
    """True when the migrate code of ``commit`` treats a schema that is ahead of it as a success.

    No release is without it; commits from before the rule cannot be rolled back to over a migration.
    """
    code = subprocess.run(
        ["git", "show", f"{commit}:shared/db/migrate.py"], cwd=repository, capture_output=True, text=True
    )
    return "schema_revision" in code.stdout


def check_out(repository: Path, commit: str, target: Path, *, todays_migrations: bool) -> None:
    """Checks ``commit`` out into ``target``; ``todays_migrations`` replaces its own migrations."""
    archive = subprocess.run(["git", "archive", commit], cwd=repository, capture_output=True, check=True).stdout
    target.mkdir(parents=True)
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive, check=True)
    if todays_migrations:
        shutil.rmtree(target / MIGRATIONS)
        shutil.copytree(repository / MIGRATIONS, target / MIGRATIONS, ignore=shutil.ignore_patterns("__pycache__"))


def run_own_migrate(code: Path, scratch: Path) -> int:
    """Calls the migrate function of ``code`` on a database that today's code has migrated; 0 when all is well."""
    with start_postgres(scratch / "postgres", THROW_AWAY) as server:
        engine = create_engine(sqlalchemy_url(server.url))
        try:
            revision = migrate(engine)
        finally:
            engine.dispose()
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {APP_USER} LOGIN")
        before = schema_of(server.url)
        environment = _environment(code) | {"DATABASE_URL": server.url, "DATABASE_APP_USER": APP_USER}
        called = subprocess.run([sys.executable, "-c", _CALL_MIGRATE], cwd=code, env=environment, check=False)
        if called.returncode != 0:
            sys.stdout.write(f"Its migrate function fails on revision {revision}: a rollback would be stuck.\n")
            return 1
        if schema_of(server.url) != before:
            sys.stdout.write("Its migrate function changes the newer schema.\n")
            return 1
    sys.stdout.write(f"Its migrate function leaves revision {revision} as it is.\n")
    return 0


def schema_of(url: str) -> list[tuple[object, ...]]:
    """Returns every column, as Postgres describes it."""
    with psycopg.connect(url) as connection:
        return list(connection.execute(_SCHEMA))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.previous_release", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--tag", help="the release (default: the newest v… tag before this commit)")
    options = parser.parse_args(arguments)
    tag = options.tag or previous_tag(ROOT)
    commit = tag or before_newest_migration(ROOT)
    if commit is None or not knows_newer_schemas(ROOT, commit):
        if tag is not None:
            sys.stdout.write(f"The migrate function of {tag} does not know newer schemas: no rollback reaches it.\n")
            return 1
        sys.stdout.write("There is no earlier release to compare with.\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="previous-release-") as scratch:
        sys.stdout.write(f"{tag or commit} on today's schema\n")
        sys.stdout.flush()
        own = Path(scratch) / "own"
        check_out(ROOT, commit, own, todays_migrations=False)
        failed = run_own_migrate(own, Path(scratch))
        if failed or tag is None:
            return failed
        code = Path(scratch) / "code"
        check_out(ROOT, commit, code, todays_migrations=True)
        command = [sys.executable, "-m", "pytest", "tests/integration", "-k", f"not {DESCRIBES_THE_SCHEMA}"]
        return subprocess.run(command, cwd=code, env=_environment(code), check=False).returncode


def _environment(code: Path) -> dict[str, str]:
    """Returns this environment with the release's code first: the virtual one may know the present checkout's."""
    return os.environ | {"PYTHONPATH": str(code)}


def _git(repository: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=repository, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
