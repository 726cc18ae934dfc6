"""The services that the environment points to instead of ours: mistakes are reported before anything runs."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.exc import ArgumentError

from infra.topology import TOPOLOGY
from local.child_processes import StartError
from shared.db.engine import sqlalchemy_url

# Waited out by the jobs that need them: worth a word at the start, and no reason to refuse it.
MAY_BE_DOWN = ("OPENAI_BASE_URL", *(provider.url_variable for provider in TOPOLOGY.providers))
HTTP_SERVICES = ("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_S3", *MAY_BE_DOWN)
CREDENTIALS = ("OPENAI_API_KEY", *(provider.keys_variable for provider in TOPOLOGY.providers))
POINT_ELSEWHERE = ("DATABASE_URL", *HTTP_SERVICES, *CREDENTIALS)
"""Every variable that has the stack use something else than its own servers."""

CONNECT_TIMEOUT_S = 2.0


def check_addresses(environment: Mapping[str, str]) -> None:
    """Checks the addresses. Raises StartError, naming the variable, for one that cannot be an address."""
    database = environment.get("DATABASE_URL")
    if database:
        try:
            sqlalchemy_url(database)
        except (ArgumentError, ValueError):  # neither is quoted: the URL may hold a password
            raise StartError("DATABASE_URL is no database URL: it looks like postgresql://user@host/name.") from None
    for name in HTTP_SERVICES:
        value = environment.get(name)
        if value and not _is_http(value):
            raise StartError(f"{name} is no URL: it looks like {_example(name)}.")


def unreachable(environment: Mapping[str, str]) -> Iterator[str]:
    """Returns a sentence for each service elsewhere that takes no connection at the moment."""
    for name in MAY_BE_DOWN:
        value = environment.get(name)
        if not value:
            continue
        parts = urlsplit(value)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            socket.create_connection((str(parts.hostname), port), CONNECT_TIMEOUT_S).close()
        except OSError as error:
            yield f"{name} takes no connection at {parts.hostname}:{port} ({error}): what needs it will wait."


def _is_http(value: str) -> bool:
    try:
        parts: SplitResult = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        return False


def _example(name: str) -> str:
    return "http://127.0.0.1:8080/v1" if name == "OPENAI_BASE_URL" else "http://127.0.0.1:8080"
