"""Starts processes that cannot outlive the one that started them."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

FOLDER = Path(__file__).resolve().parent
# Without site-packages and the user's settings: it starts in about 15 ms.
BARE_PYTHON = (sys.executable, "-I", "-S")

Output = IO[bytes] | int


class StartError(RuntimeError):
    """A process that could not be started; the message says what is missing and what to do."""


def start_process(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: Output,
    cwd: Path | None = None,
    user_id: int | None = None,
    death_signal: int = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Starts ``command`` in a process group of its own, with exactly ``env`` and both outputs going to ``output``.

    ``user_id`` runs it as that user (needs root). A group of its own keeps a Ctrl-C in the terminal away from it:
    whoever started it decides the order in which things end. On Linux it gets ``death_signal`` when the *thread* that
    starts it ends: start it from a thread that lives as long as it should.
    """
    user = -1 if user_id is None else user_id
    group = -1 if user_id is None else pwd.getpwuid(user_id).pw_gid
    arguments = [str(part) for part in command]
    on_linux = sys.platform == "linux"
    if on_linux:
        launcher = [*BARE_PYTHON, str(FOLDER / "launcher.py")]
        arguments = [*launcher, str(int(death_signal)), str(os.getpid()), str(user), str(group), *arguments]
    return subprocess.Popen(
        arguments,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        user=None if on_linux or user_id is None else user,
        group=None if on_linux or user_id is None else group,
        process_group=0,
    )


def stop_process(process: subprocess.Popen[bytes], *, first: int = signal.SIGTERM, grace_s: float = 3.0) -> None:
    """Sends ``first``, waits up to ``grace_s`` seconds, then kills the whole group. Fine on an ended process."""
    if process.poll() is None:
        process.send_signal(first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace_s)
    kill_group(process.pid)
    process.wait()


def kill_group(group: int) -> None:
    """Kills what is left of a process group; one that is gone is fine."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: PermissionError when only zombies are left
        os.killpg(group, signal.SIGKILL)


class Guardian:
    """A process that ends the watched process groups when this process ends without having done so itself."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*BARE_PYTHON, str(FOLDER / "guardian.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # out of reach of the terminal's signals and of whoever kills our group
            env={},
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def watch(self, process: subprocess.Popen[bytes], death_signal: int = signal.SIGKILL) -> None:
        self._say(f"+ {process.pid} {int(death_signal)}")

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        self._say(f"- {process.pid}")

    def remove_file(self, path: Path) -> None:
        """Has ``path`` removed at the end, whichever way it comes."""
        self._say(f"f {path}")

    def end(self) -> None:
        """Lets the guardian do its work now (kill what is still watched, remove the files) and waits for it."""
        assert self._process.stdin is not None  # noqa: S101 (it was opened as a pipe)
        self._process.stdin.close()
        self._process.wait()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 (it was opened as a pipe)
        with contextlib.suppress(BrokenPipeError):  # somebody killed it: Linux's own signal is left
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()


def wait_until(condition: Callable[[], bool], *, timeout_s: float, poll_s: float = 0.02) -> bool:
    """Polls ``condition`` until it holds (True) or ``timeout_s`` seconds have passed (False)."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(poll_s)
    return True


def last_lines(path: Path, count: int = 15) -> str:
    """Returns the end of a log file, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return f"(no log at {path})"
