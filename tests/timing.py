"""Time as tests may measure it: none of them may depend on what else the machine is doing."""

from __future__ import annotations

import time
from collections.abc import Callable

# How long a test waits for what comes in a moment on a machine that is free. Only a failure gets there.
PATIENCE_S = 60.0


def cpu_seconds(call: Callable[[], object], times: int = 5, *, enough: float = 0.0) -> float:
    """Returns the least processor time that this thread needed for ``call``; waiting for a turn does not count.

    A call that takes less than ``enough`` is not repeated: the least of several would only be less.
    """
    best = float("inf")
    for _ in range(times):
        started = time.thread_time()
        call()
        best = min(best, time.thread_time() - started)
        if best < enough:
            break
    return best
