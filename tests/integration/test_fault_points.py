"""The fault suite's points see every commit, in whichever way it travels, and nothing that is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

REPOSITORY = Path(__file__).parents[2]
WORK = """
import os, sys
import fault_points

points = fault_points.install()  # as Python does: before the product can be imported
sys.path.insert(0, os.environ["PRODUCT"])

from sqlalchemy import text
from shared.db.engine import make_engine
from shared.db.transactions import autocommit, committing

engine = make_engine(os.environ["DATABASE_URL"])
add = text("INSERT INTO note VALUES (:id)")

def a_transaction():
    with engine.begin() as connection:
        connection.execute(add, {"id": 1})

def a_commit_along_with_a_statement():
    with engine.begin() as connection:
        connection.execute(add, {"id": 2})
        committing(connection).execute(add, {"id": 3})

def a_statement_alone():
    with autocommit(engine) as connection:
        connection.execute(add, {"id": 4})

def no_commit():
    with engine.connect() as connection:
        connection.execute(add, {"id": 5})
    with engine.begin():
        pass

for work in (a_transaction, a_commit_along_with_a_statement, a_statement_alone, no_commit):
    work.__code__ = work.__code__.replace(co_filename="/functions/work.py")
    points.begin({"task": "test"})
    work()
    points.end()
"""


def test_every_commit_is_a_point_before_and_after_it(empty_database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(empty_database_url) as setup:
        setup.execute("CREATE TABLE note (id int)")
    for folder in ("seen", "armed", "spent", "died"):
        (tmp_path / folder).mkdir()
    (tmp_path / "record").touch()
    subprocess.run(
        [sys.executable, "-c", WORK],
        check=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "DATABASE_URL": empty_database_url,
            "FAULT_POINTS_DIR": str(tmp_path),
            "PYTHONPATH": str(REPOSITORY / "tests" / "faults" / "injection"),
            "PRODUCT": str(REPOSITORY),
        },
    )
    (seen,) = (tmp_path / "seen").iterdir()
    assert [json.loads(line)["key"] for line in seen.read_text().splitlines()] == [
        f"test | commit {work} | {when}"
        for work in ("a_transaction", "a_commit_along_with_a_statement", "a_statement_alone")
        for when in ("before", "after")
    ]
