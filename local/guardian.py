"""Ends a stack's processes when the stack itself can no longer do it: after a crash or a kill -9.

    python -I -S local/guardian.py < pipe

The other end of the pipe is held by the stack alone, so the system closes it whatever happens to the stack. Lines:
``+ PID SIGNAL`` a process group to end with that signal, ``- PID`` one that has ended, ``f PATH`` a file to remove from
the folder that PATH leads to now (a later folder of that name is somebody else's).
On Linux the kernel's own signal comes first (launcher.py); this covers other systems, process groups and files.
"""

import contextlib
import os
import signal
import sys
import time

GRACE_S = 5.0


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends when the pipe does, not before
    groups = {}
    files = []
    for line in sys.stdin:
        kind, _, rest = line.rstrip("\n").partition(" ")
        if kind == "+":
            pid, death_signal = rest.split()
            groups[int(pid)] = int(death_signal)
        elif kind == "-":
            groups.pop(int(rest), None)
        elif kind == "f":
            folder, name = os.path.split(rest)
            with contextlib.suppress(OSError):
                files.append((name, os.open(folder, os.O_RDONLY)))
    for pid, death_signal in groups.items():
        send(pid, death_signal)
    deadline = time.monotonic() + GRACE_S
    while any(send(pid, 0) for pid in groups) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in groups:
        send(pid, signal.SIGKILL)
    for name, folder_fd in files:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder_fd)


def send(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


main()
