"""EventBridge schedules: calls of functions at a fixed rate, even while the call before is still running."""

from __future__ import annotations

import asyncio
import json
import sys

from infra.topology import Schedule
from local.lambda_runtime import LambdaRuntime

FIRST_RUN_S = 1.0  # after the start; AWS waits a whole interval
MAX_UNFINISHED = 4  # calls of one schedule; a function that hangs must not pile up calls without end


class Scheduler:
    """A timer that fires every schedule until it is closed."""

    def __init__(self, schedules: tuple[Schedule, ...], runtime: LambdaRuntime) -> None:
        self._schedules = schedules
        self._runtime = runtime
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(schedule)) for schedule in self._schedules]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, schedule: Schedule) -> None:
        unfinished: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        due = loop.time() + min(FIRST_RUN_S, schedule.every_s)
        try:
            while True:
                await asyncio.sleep(max(0.0, due - loop.time()))
                due = max(due + schedule.every_s, loop.time())
                if len(unfinished) >= MAX_UNFINISHED:
                    print(f"schedule {schedule.name}: skipped, {len(unfinished)} calls have not ended", file=sys.stderr)
                    continue
                call = asyncio.create_task(self._call(schedule))
                unfinished.add(call)
                call.add_done_callback(unfinished.discard)
        finally:
            for call in unfinished:
                call.cancel()

    async def _call(self, schedule: Schedule) -> None:
        # An asynchronous invocation, so nobody sees its result; without AWS's retries, since the next run is at hand.
        result = await self._runtime.invoke(schedule.function, json.dumps(schedule.payload).encode())
        if result.is_error:
            print(f"{schedule.function} failed on schedule: {result.describe_error()}", file=sys.stderr)
