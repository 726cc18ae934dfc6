"""The offline stand-in for OpenAI, served from this process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

START_TIMEOUT_S = 10.0


class OfflineModelError(RuntimeError):
    """The stand-in could not be started."""


@contextmanager
def offline_model() -> Iterator[str]:
    """Serves the sandbox on a free port of 127.0.0.1 while the block runs; gives the base URL for the client."""
    from local.openai_sandbox import make_app

    started = threading.Event()
    loop = asyncio.new_event_loop()
    addresses: list[tuple[str, int]] = []
    failures: list[BaseException] = []

    async def serve() -> web.AppRunner:
        runner = web.AppRunner(make_app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        addresses.append(runner.addresses[0][:2])
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            runner = loop.run_until_complete(serve())
        except BaseException as failure:
            failures.append(failure)
            started.set()
            loop.close()
            return
        started.set()
        try:
            loop.run_forever()
            loop.run_until_complete(runner.cleanup())
        finally:
            loop.close()

    thread = threading.Thread(target=run, name="offline-model", daemon=True)
    thread.start()
    if not started.wait(START_TIMEOUT_S) or failures:
        raise OfflineModelError("the offline model did not start") from (failures[0] if failures else None)
    try:
        host, port = addresses[0]
        yield f"http://{host}:{port}/v1"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_TIMEOUT_S)
