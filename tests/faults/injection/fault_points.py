"""Fault points inside a function's process: before and after every commit and every call to the outside.

Nothing in the product knows of them. They sit where every commit and every request has to pass: SQLAlchemy's dialect
and the product's Postgres connection, the HTTP transport below the OpenAI SDK and the Instantly client, botocore's HTTP
session, and the runtime client's call of the handler. So a step that is added tomorrow has its points without anybody
remembering them.

The folder FAULT_POINTS_DIR is how the suite talks to them:

``record``   while this file exists, every point that is reached is appended to ``seen/<pid>``
``armed/``   a file per point to die at, named by ``digest`` of its key; whoever reaches it first moves it to ``spent/``
             and kills its own process with SIGKILL
``died/``    a file per death of a subject (job, delivery): each dies twice at most, so that it can end

A point's key is ``function job_type | kind label #n | before|after``; n counts repetitions within one invocation. The
label says where in the product it is, by the names of the functions that are on the stack.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

# Frames that every call passes: they tell nothing about where one is.
PLUMBING = (
    "/shared/ai/client.py",
    "/shared/pipelines/reply/telemetry.py",
    "/shared/providers/",
    "/shared/observability.py",
    "/shared/db/transactions.py",
    "/shared/db/postgres_connection.py",
)
IDLE = 0  # libpq's PQTRANS_IDLE: there is nothing to commit
DEATHS = 2  # the second one hits the run that recovers from the first
IDENTIFIER = re.compile(r"/[^/]*\d[^/]*(?=/|$)")  # a segment of a path with a digit in it, after the version


def digest(key: str) -> str:
    """Returns the file name of a point."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


class FaultPoints:
    """The points of one process, which serves one invocation at a time."""

    def __init__(self, folder: Path, function: str) -> None:
        self._folder = folder
        self._function = function
        self._counts: Counter[str] = Counter()
        self._job_type = ""
        self._subject = ""
        self._active = False
        self._is_in_product = False

    def begin(self, event: object) -> None:
        """Begins a new invocation: points are counted from the start, for the event's subject."""
        if not self._is_in_product:
            # Only now: Python loads the points before the runtime makes the product importable.
            from shared.db import transactions
            from shared.db.postgres_connection import PostgresConnection

            _around_commits(self, PostgresConnection, "execute_in_one_trip", lambda *_, commit: commit)
            # On a connection in autocommit mode every statement is a commit.
            _around_commits(self, transactions, "_send", lambda driver, *_, **__: driver.autocommit)
            self._is_in_product = True
        self._counts.clear()
        self._job_type, self._subject = _about(event)
        self._active = True

    def end(self) -> None:
        self._active = False

    def reach(self, kind: str, label: str, when: str) -> None:
        """Dies here if that is wanted."""
        if not self._active:
            return  # a connection that is opened or closed outside of an invocation
        name = f"{kind} {label}".strip()
        if when == "before":
            self._counts[name] += 1
        number = self._counts[name]
        key = f"{self._function} {self._job_type}".strip() + f" | {name}{f' #{number}' if number > 1 else ''} | {when}"
        if (self._folder / "record").exists():
            with (self._folder / "seen" / str(os.getpid())).open("a") as seen:
                seen.write(json.dumps({"key": key, "subject": self._subject}) + "\n")
        armed = self._folder / "armed" / digest(key)
        if armed.exists() and self._dies_now(armed):
            os.kill(os.getpid(), signal.SIGKILL)

    def around[**P, R](self, kind: str, describe: Callable[P, str], call: Callable[P, R]) -> Callable[P, R]:
        """``call`` with a point before it and one after it, however it ends."""

        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            label = describe(*args, **kwargs)
            self.reach(kind, label, "before")
            try:
                return call(*args, **kwargs)
            finally:
                self.reach(kind, label, "after")

        return called

    def _dies_now(self, armed: Path) -> bool:
        for number in range(DEATHS):
            mark = self._folder / "died" / f"{digest(self._subject)}.{number}"
            with contextlib.suppress(FileExistsError):
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
                break
        else:
            return False
        try:
            armed.rename(self._folder / "spent" / armed.name)
        except FileNotFoundError:  # somebody else was first
            mark.unlink()
            return False
        return True


def _about(event: object) -> tuple[str, str]:
    """Returns the type of job and the identity of an event's subject."""
    if not isinstance(event, dict):
        return "", ""
    if records := event.get("Records"):
        try:
            envelope = json.loads(records[0]["body"])
            return str(envelope.get("type", "")), str(envelope.get("job_id") or records[0]["messageId"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return "", str(records[0].get("messageId"))
    if "body" in event or "rawPath" in event:
        return "", hashlib.sha256(str(event.get("body")).encode()).hexdigest()
    return str(event.get("task", "")), os.urandom(8).hex()  # a schedule's: every run is a subject of its own


def _where(depth: int = 2) -> str:
    """Returns the innermost functions of the product on the stack, outermost first."""
    names: list[str] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and len(names) < depth:
        code = frame.f_code
        path = code.co_filename
        in_product = "/shared/" in path or "/functions/" in path
        if in_product and not any(part in path for part in PLUMBING):
            name = code.co_qualname.replace(".<locals>", "").replace(".<lambda>", "")
            if not names or names[-1] != name:
                names.append(name)
        frame = frame.f_back
    return ">".join(reversed(names))


def install() -> FaultPoints:
    """Puts the points in place. Raises when a library has moved the place where they belong."""
    import awslambdaric.bootstrap as bootstrap
    import botocore.httpsession
    import httpx2
    from sqlalchemy.engine.default import DefaultDialect

    points = FaultPoints(Path(os.environ["FAULT_POINTS_DIR"]), os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""))

    _around_commits(
        points, DefaultDialect, "do_commit", lambda _dialect, driver: driver.pgconn.transaction_status != IDLE
    )
    httpx2.HTTPTransport.handle_request = points.around(  # type: ignore[method-assign]
        "http", _describe_request, httpx2.HTTPTransport.handle_request
    )
    botocore.httpsession.URLLib3Session.send = points.around(
        "sqs", _describe_sqs, botocore.httpsession.URLLib3Session.send
    )

    handle = bootstrap.handle_event_request

    def handle_event_request(client: Any, handler: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        def handled(event: Any, context: Any) -> Any:
            points.begin(event)
            points.reach("handler", "", "before")
            try:
                return handler(event, context)
            finally:
                points.reach("handler", "", "after")
                points.end()

        return handle(client, handled, *args, **kwargs)

    bootstrap.handle_event_request = handle_event_request
    return points


def _around_commits(points: FaultPoints, owner: object, method: str, commits: Callable[..., bool]) -> None:
    """Puts a point before and after each call of a function that commits; ``owner`` is its class or module."""
    call = getattr(owner, method)
    committing = points.around("commit", lambda *_, **__: _where(), call)

    def called(*args: Any, **kwargs: Any) -> Any:
        return (committing if commits(*args, **kwargs) else call)(*args, **kwargs)

    setattr(owner, method, called)


def _describe_request(_transport: Any, request: Any) -> str:
    path = IDENTIFIER.sub("/*", request.url.path.removeprefix("/api/v2").removeprefix("/v1"))
    return f"{request.method} {path} {_where(1)}"


def _describe_sqs(_session: Any, request: Any) -> str:
    target = request.headers.get("X-Amz-Target", b"")
    action = target.decode() if isinstance(target, bytes) else str(target)
    return f"{action.rpartition('.')[2]} {_where()}"
