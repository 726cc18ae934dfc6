"""The offline stand-in for OpenAI, served from this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from local.openai_sandbox import make_app
from local.serving import serving


@contextmanager
def offline_model() -> Iterator[str]:
    """Serves the sandbox on a free port of 127.0.0.1 while the block runs; yields the base URL for the client."""
    with serving(make_app()) as url:
        yield f"{url}/v1"
