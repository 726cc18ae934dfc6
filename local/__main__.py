"""``python -m local up`` and ``demo``, which `make up` and `make demo` run, and ``post``, which posts as a provider.

Loading their imports takes a second, in which somebody may already press Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130


def main() -> int:
    for number in SIGNALS:
        signal.signal(number, _stopped)
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "up":
        from local.up import main as up

        return up(sys.argv[2:])
    if command == "demo":
        from local.demo import main as demo

        return demo(sys.argv[2:])
    if command == "post":
        from local.post import main as post

        return post(sys.argv[2:])
    sys.stderr.write("usage: python -m local up|demo|post [options], each with --help\n")
    return 2


def _stopped(*_: object) -> None:
    """Ends at once: nothing has been started yet. Each command sets its own handlers before it starts anything."""
    sys.stderr.write("Stopped\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
