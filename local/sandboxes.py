"""Runs the sandboxes of OpenAI and Instantly in one process of their own: a slow response cannot stall the stack.

    python -m local.sandboxes READY_FILE [MINUTE_S]

MINUTE_S is how long the minute of Instantly's listing limit lasts, in seconds: a scaled topology shortens it.
Listens on two free ports of 127.0.0.1 and then writes ``{"openai_url": …, "instantly_url": …}`` to READY_FILE.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from aiohttp import web

from local.instantly_sandbox import make_app as make_instantly
from local.openai_sandbox import make_app as make_openai
from local.serving import listen


async def serve(ready_file: Path, minute_s: float) -> None:
    applications = {"openai_url": make_openai(), "instantly_url": make_instantly(minute_s=minute_s)}
    urls: dict[str, str] = {}
    for name, application in applications.items():
        urls[name] = await listen(web.AppRunner(application, access_log=None))
    partial = ready_file.with_suffix(".partial")
    partial.write_text(json.dumps(urls))
    partial.replace(ready_file)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 60.0))
