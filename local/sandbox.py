"""The parts that all sandboxes share: faults on demand and a log of the requests they got.

``PUT /_faults`` takes a JSON array of rules and replaces the earlier ones. Of each rule, ``match`` (a substring of the
path) is required; the first rule that matches and is not used up is applied:

=============  ========================================================================================
key            effect
=============  ========================================================================================
``match``      substring of the request's path; the empty string matches every request
``method``     only requests of this method
``contains``   only requests whose body contains this text, or all of these texts
``count``      how many requests it is for; absent: all that follow
``status``     respond with this status instead of doing the work (see ``do_work``)
``body``       respond with this text, as it is; without ``status`` the work is done and its status kept
``headers``    set on the response, e.g. ``{"Retry-After": "2"}``
``delay_s``    wait this long before responding; work that is done is done before the wait
``drop``       do the work, then cut the connection without a response
``do_work``    whether the work is done: by default it is unless there is a ``status`` without ``drop``
=============  ========================================================================================

A sandbox may allow further keys and read them from ``fault_of(request).extras``. ``GET /_faults`` shows the rules and
how often each was applied. ``GET /_requests`` returns a JSON array of ``{method, path, query, body, status}`` in
order of arrival (``status`` is null while there is no response, and when the connection was cut); ``DELETE /_requests``
empties it. Headers are not logged: they carry keys.

Each provider's sandbox adds ``GET /_sent``: a JSON array of ``{id, to, text}`` (HTML where the provider takes that),
one for each message of ours that has left, those included whose response was lost.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

MAX_LOGGED_REQUESTS = 50_000
MAX_LOGGED_BYTES = 256 * 1024 * 1024
MAX_DELAY_S = 3_600.0


class FaultRuleError(ValueError):
    """A mistake in a rule of ``PUT /_faults``; the message says which rule and what is expected."""


@dataclass
class FaultRule:
    """One rule of ``PUT /_faults``, with how often it was applied."""

    match: str
    method: str | None = None
    contains: tuple[str, ...] = ()
    status: int | None = None
    count: int | None = None
    delay_s: float = 0.0
    drop: bool = False
    do_work: bool = True
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)
    applied: int = 0

    def takes(self, request: web.Request, body: bytes) -> bool:
        return (
            self.match in request.path
            and self.method in (None, request.method)
            and all(text.encode() in body for text in self.contains)
            and (self.count is None or self.applied < self.count)
        )

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"match": self.match, "applied": self.applied, "do_work": self.do_work}
        for name in ("method", "contains", "status", "count", "delay_s", "drop", "body", "headers"):
            value = getattr(self, name)
            if value not in (None, False, 0.0, {}, ()) or (name == "count" and value == 0):
                shown[name] = value
        return shown | self.extras


@dataclass
class LoggedRequest:
    method: str
    path: str
    query: dict[str, str | list[str]]
    body: bytes  # JSON, already encoded: half a million parsed objects would not fit into memory
    status: int | None = None

    def to_json(self) -> bytes:
        head = json.dumps({"method": self.method, "path": self.path, "query": self.query})[:-1].encode()
        return head + b', "body": ' + self.body + b', "status": ' + json.dumps(self.status).encode() + b"}"


class Sandbox:
    """The rules and the request log of one sandbox."""

    def __init__(self, extra_fault_keys: Collection[str], error_body: Callable[[int], str]) -> None:
        self.extra_fault_keys = frozenset(extra_fault_keys)
        self.error_body = error_body
        self.rules: list[FaultRule] = []
        self.requests: deque[LoggedRequest] = deque()
        self.logged_bytes = 0

    def fault_for(self, request: web.Request, body: bytes) -> FaultRule | None:
        for rule in self.rules:
            if rule.takes(request, body):
                rule.applied += 1
                return rule
        return None

    def log(self, request: web.Request, body: bytes) -> LoggedRequest:
        entry = LoggedRequest(request.method, request.path, _query(request), _as_json(body))
        self.requests.append(entry)
        self.logged_bytes += len(entry.body)
        while len(self.requests) > MAX_LOGGED_REQUESTS or (
            self.logged_bytes > MAX_LOGGED_BYTES and len(self.requests) > 1
        ):
            self.logged_bytes -= len(self.requests.popleft().body)
        return entry

    def forget_requests(self) -> None:
        self.requests.clear()
        self.logged_bytes = 0


class Limit:
    """A limit of ``count`` requests of one key within any ``window_s`` seconds."""

    def __init__(self, count: int, window_s: float, clock: Callable[[], float]) -> None:
        self.count = count
        self._window_s = window_s
        self._clock = clock
        self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def allows(self, key: str) -> bool:
        """Counts a request, unless it is one too many."""
        if self.left(key) <= 0:
            return False
        self._seen[key].append(self._clock())
        return True

    def left(self, key: str) -> int:
        """Returns how many requests may come now."""
        seen, now = self._seen[key], self._clock()
        while seen and seen[0] <= now - self._window_s:
            seen.popleft()
        return self.count - len(seen)

    def free_in_s(self, key: str) -> float:
        """Returns the seconds until a request may come again; 0 when one may come now."""
        return 0.0 if self.left(key) > 0 else self._seen[key][0] + self._window_s - self._clock()


SANDBOX: web.AppKey[Sandbox] = web.AppKey("sandbox", Sandbox)
_FAULT: web.RequestKey[FaultRule] = web.RequestKey("fault", FaultRule)


def default_error_body(status: int) -> str:
    """Returns the body of an injected response when the rule gives none."""
    return "{}" if status < 400 else json.dumps({"error": {"message": f"injected fault {status}"}})


def add_sandbox_routes(
    app: web.Application,
    *,
    extra_fault_keys: Collection[str] = (),
    error_body: Callable[[int], str] = default_error_body,
) -> None:
    """Gives an app ``/_faults`` and ``/_requests``; the app is made with ``middlewares=sandbox_middlewares()``.

    ``extra_fault_keys`` are further keys that a rule may have, for the app's own handlers to read with ``fault_of``.
    ``error_body`` makes the body of an injected status in the shape of the imitated service.
    """
    app[SANDBOX] = Sandbox(extra_fault_keys, error_body)
    app.router.add_put("/_faults", _put_faults)
    app.router.add_get("/_faults", _get_faults)
    app.router.add_get("/_requests", _get_requests)
    app.router.add_delete("/_requests", _delete_requests)


def sandbox_middlewares() -> list[Middleware]:
    """Returns the middlewares that log requests and apply faults; outermost, so that faults precede authentication."""
    return [_log_and_fault]


def fault_of(request: web.Request) -> FaultRule | None:
    """Returns the rule that is applied to this request, for handlers that interpret extra keys."""
    return request.get(_FAULT)


def parse_fault_rules(rules: object, extra_fault_keys: Collection[str] = ()) -> list[FaultRule]:
    """Parses the rules of a ``PUT /_faults`` body. Raises FaultRuleError naming the first mistake."""
    if not isinstance(rules, list):
        raise FaultRuleError('expected a JSON array of rules, such as [{"match": "/v1/responses", "status": 503}]')
    return [_parse_rule(f"rule {index}", rule, extra_fault_keys) for index, rule in enumerate(rules)]


def _parse_rule(where: str, rule: object, extra_fault_keys: Collection[str]) -> FaultRule:
    if not isinstance(rule, dict):
        raise FaultRuleError(f"{where}: expected an object")
    known = {"match", "method", "contains", "status", "count", "delay_s", "drop", "do_work", "body", "headers"}
    unknown = sorted(set(rule) - known - set(extra_fault_keys))
    if unknown:
        allowed = ", ".join(sorted(known | set(extra_fault_keys)))
        raise FaultRuleError(f"{where}: unknown key {unknown[0]!r}; known are {allowed}")
    given = {key: value for key, value in rule.items() if value is not None}

    def require(key: str, expected: str, accept: Callable[[Any], bool]) -> Any:
        value = given.get(key)
        if value is not None and not accept(value):
            raise FaultRuleError(f"{where}: {key} must be {expected}, not {json.dumps(value)[:80]}")
        return value

    if "match" not in given:
        raise FaultRuleError(f"{where}: match is missing (a substring of the path)")
    match = require("match", "a string", lambda value: isinstance(value, str))
    method = require("method", "a string such as POST", lambda value: isinstance(value, str))
    contains = require("contains", "a string or an array of strings (parts of the request's body)", _is_text_or_texts)
    status = require("status", "an integer from 200 to 599", lambda value: _is_int(value) and 200 <= value <= 599)
    count = require("count", "an integer of at least 0", lambda value: _is_int(value) and value >= 0)
    delay_s = require(
        "delay_s",
        f"a number of seconds from 0 to {MAX_DELAY_S:g}",
        lambda value: (_is_int(value) or isinstance(value, float)) and 0 <= value <= MAX_DELAY_S,
    )
    drop = require("drop", "true or false", lambda value: isinstance(value, bool)) or False
    do_work = require("do_work", "true or false", lambda value: isinstance(value, bool))
    body = require("body", "a string (the raw text to respond with)", lambda value: isinstance(value, str))
    headers = require("headers", "an object of printable strings", _is_headers)
    return FaultRule(
        match=match,
        method=method.upper() if method else None,
        contains=(contains,) if isinstance(contains, str) else tuple(contains or ()),
        status=status,
        count=count,
        delay_s=float(delay_s or 0),
        drop=drop,
        do_work=(drop or status is None) if do_work is None else do_work,
        body=body,
        headers=headers or {},
        extras={key: given[key] for key in extra_fault_keys if key in given},
    )


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text_or_texts(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(text, str) for text in value))


def _is_headers(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(text, str) and text.isprintable() for item in value.items() for text in item
    )


@web.middleware
async def _log_and_fault(request: web.Request, handler: Handler) -> web.StreamResponse:
    # Control paths and the health check at the root are the tester's own traffic.
    if request.path == "/" or request.path.startswith("/_"):
        return await handler(request)
    sandbox = request.app[SANDBOX]
    body = await request.read()
    entry = sandbox.log(request, body)
    fault = sandbox.fault_for(request, body)
    if fault is None:
        response = await _handle(request, handler)
        entry.status = response.status
        return response
    request[_FAULT] = fault
    worked = await _handle(request, handler) if fault.do_work else None
    if fault.delay_s:
        await asyncio.sleep(fault.delay_s)
    if fault.drop:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)  # goes nowhere: the connection is gone
    response = _altered(fault, worked, sandbox)
    entry.status = response.status
    return response


async def _handle(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:  # aiohttp's own 404 and 405
        return web.Response(status=error.status, text=error.text, content_type=error.content_type)


def _altered(fault: FaultRule, worked: web.StreamResponse | None, sandbox: Sandbox) -> web.StreamResponse:
    if worked is not None and fault.status is None and fault.body is None:
        worked.headers.update(fault.headers)
        return worked
    status = fault.status or (worked.status if worked is not None else 200)
    text = fault.body if fault.body is not None else sandbox.error_body(status)
    return web.Response(status=status, body=text.encode(), headers={"Content-Type": "application/json"} | fault.headers)


def _query(request: web.Request) -> dict[str, str | list[str]]:
    query: dict[str, str | list[str]] = {}
    for name in request.query:
        values = request.query.getall(name)
        query[name] = values[0] if len(values) == 1 else values
    return query


def _as_json(body: bytes) -> bytes:
    """Returns the body as JSON text: itself when it is JSON, else a string, else null."""
    if not body:
        return b"null"
    try:
        text = body.decode()
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return json.dumps(body.decode(errors="replace")).encode()
    return text.strip().encode()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


async def read_seeds(request: web.Request) -> list[dict[str, Any]]:
    """Returns the JSON array of objects that a test seeds."""
    try:
        seeds = json.loads(await request.read())
    except ValueError:
        seeds = None
    if not isinstance(seeds, list) or not all(isinstance(seed, dict) for seed in seeds):
        raise web.HTTPBadRequest(text="expected a JSON array of objects")
    return seeds


async def _put_faults(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    try:
        rules = json.loads(await request.text())
    except (ValueError, RecursionError) as error:
        return web.json_response({"error": f"not JSON: {error}"}, status=400)
    try:
        sandbox.rules = parse_fault_rules(rules, sandbox.extra_fault_keys)
    except FaultRuleError as error:
        return web.json_response({"error": str(error)}, status=400)
    return await _get_faults(request)


async def _get_faults(request: web.Request) -> web.Response:
    return web.json_response([rule.to_json() for rule in request.app[SANDBOX].rules])


async def _get_requests(request: web.Request) -> web.Response:
    body = b"[" + b",\n".join(entry.to_json() for entry in request.app[SANDBOX].requests) + b"]"
    return web.Response(body=body, content_type="application/json")


async def _delete_requests(request: web.Request) -> web.Response:
    request.app[SANDBOX].forget_requests()
    return web.json_response([])
