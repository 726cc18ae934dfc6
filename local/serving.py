"""An aiohttp application on an address of this machine."""

from __future__ import annotations

import asyncio
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

TIMEOUT_S = 10.0


async def listen(runner: web.AppRunner, port: int = 0) -> str:
    """Listens on 127.0.0.1 (``port`` 0: a free one) and returns the root URL."""
    logging.getLogger("aiohttp.server").addFilter(_quote_nothing)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    host, bound_port = runner.addresses[0][:2]
    return f"http://{host}:{bound_port}"


@contextmanager
def serving(application: web.Application) -> Iterator[str]:
    """Serves the application from a thread of its own while the block runs; yields the root URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="serving", daemon=True)
    thread.start()
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    try:
        yield asyncio.run_coroutine_threadsafe(listen(runner), loop).result(TIMEOUT_S)
    finally:
        try:
            asyncio.run_coroutine_threadsafe(_close(runner), loop).result(TIMEOUT_S)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(TIMEOUT_S)
            loop.close()


def _quote_nothing(record: logging.LogRecord) -> bool:
    """Removes an error's message, keeps type and frames: a parser quotes the bytes that it choked on, tokens too."""
    if record.exc_info and record.exc_info[0] is not None:
        kind, _, frames = record.exc_info
        record.exc_text = "".join(traceback.format_tb(frames)) + kind.__name__
        record.exc_info = None
    return True


async def _close(runner: web.AppRunner) -> None:
    await runner.cleanup()  # cancels what still runs, but waits for none of it
    cut_off = asyncio.all_tasks() - {asyncio.current_task()}
    for task in cut_off:
        task.cancel()
    await asyncio.gather(*cut_off, return_exceptions=True)
