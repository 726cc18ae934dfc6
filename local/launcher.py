"""Executes a program that gets a signal when its parent ends, for whatever reason. Linux only.

    python -I -S local/launcher.py SIGNAL PARENT_PID USER_ID GROUP_ID PROGRAM [ARGUMENT …]

A process in between, not a function run between fork and exec: forking a process that has threads may deadlock. The
request (PR_SET_PDEATHSIG) outlives exec, but is dropped when the user changes, so that comes first. USER_ID -1 keeps
the user.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    death_signal, parent, user_id, group_id = (int(value) for value in sys.argv[1:5])
    if user_id != -1:
        os.setgroups([])
        os.setgid(group_id)
        os.setuid(user_id)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:  # it ended before the request was made
        sys.exit(1)
    os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606 (a program and its arguments, no shell)


main()
