"""Starts processes that cannot outlive their parent.

On Linux the kernel itself signals the child when its parent's main thread ends (PR_SET_PDEATHSIG), however the parent
ends; the stack adds a guardian process for the other systems and for what a signal alone does not cover.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
# Loaded here, not in the child: between fork and exec nothing may be imported or locked.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Output = IO[bytes] | int


class StartError(RuntimeError):
    """Something could not be started; the message says what is missing and what to do."""


def die_with_parent(death_signal: int) -> Callable[[], None] | None:
    """What a child runs before it executes its program, so that it gets ``death_signal`` when its parent ends.

    None where the system has no such thing. The signal is tied to the *thread* that starts the child: start children
    from a thread that lives as long as they should.
    """
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # the parent ended before the request was made
            os._exit(1)

    return arrange


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
    whoever started it decides the order in which things end.
    """
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        user=user_id,
        group=None if user_id is None else pwd.getpwuid(user_id).pw_gid,
        extra_groups=[] if user_id is not None else None,
        process_group=0,
        preexec_fn=die_with_parent(death_signal),
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
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return  # PermissionError: macOS reports a group of zombies this way


def wait_until(condition: Callable[[], bool], *, timeout_s: float, poll_s: float = 0.02) -> bool:
    """Polls ``condition`` until it holds (True) or ``timeout_s`` seconds have passed (False)."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(poll_s)
    return True


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log file, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return f"(no log at {path})"
