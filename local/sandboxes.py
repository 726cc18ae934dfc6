"""Runs the sandboxes of OpenAI and of each provider in one process of their own: a slow one cannot stall the stack.

    python -m local.sandboxes READY_FILE [MINUTE_S]

A provider's sandbox is ``make_app(minute_s=…)`` of ``local.<name>_sandbox``. MINUTE_S is how long the minute of the
providers' limits lasts, in seconds: a scaled topology shortens it. Each sandbox listens on a free port of 127.0.0.1;
then ``{"openai_url": …, "<name>_url": …}`` is written to READY_FILE.
"""

from __future__ import annotations

import asyncio
import json
import sys
from importlib import import_module
from pathlib import Path

from aiohttp import web

from infra.topology import TOPOLOGY
from local.openai_sandbox import make_app as make_openai
from local.serving import listen


def make_sandbox(provider: str, minute_s: float = 60.0) -> web.Application:
    """Makes the sandbox of the provider of that name."""
    application: web.Application = import_module(f"local.{provider}_sandbox").make_app(minute_s=minute_s)
    return application


async def serve(ready_file: Path, minute_s: float) -> None:
    applications = {"openai": make_openai()} | {
        provider.name: make_sandbox(provider.name, minute_s) for provider in TOPOLOGY.providers
    }
    urls = {
        f"{name}_url": await listen(web.AppRunner(application, access_log=None))
        for name, application in applications.items()
    }
    partial = ready_file.with_suffix(".partial")
    partial.write_text(json.dumps(urls))
    partial.replace(ready_file)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 60.0))
