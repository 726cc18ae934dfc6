"""The HTTP API in front of the functions: requests as events of payload format 2.0, responses as API Gateway's.

Source of the format and the limits: the API Gateway developer guide, "Working with AWS Lambda proxy integrations for
HTTP APIs" and "Quotas for configuring and running an HTTP API".
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from multidict import CIMultiDict

from infra.topology import Route
from local.lambda_runtime import InvocationResult, LambdaRuntime, PayloadTooLarge
from local.serving import listen
from local.sqs import ACCOUNT

BODY_LIMIT = 10 * 1024 * 1024
INTEGRATION_TIMEOUT_S = 30.0
HEADER_LIMIT = 10_240  # bytes of the request line and all headers together

TEXT_TYPES = frozenset({"application/json", "application/javascript", "application/xml"})
DEFAULT_CONTENT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class HttpRequest:
    """A request as it arrived, before API Gateway made an event of it."""

    method: str
    raw_path: str
    raw_query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    source_ip: str
    protocol: str = "HTTP/1.1"


@dataclass(frozen=True)
class HttpAnswer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class MalformedAnswerError(ValueError):
    """A function's result that API Gateway cannot turn into a response."""


def make_event(request: HttpRequest, route: Route, *, request_id: str, now_s: float) -> dict[str, Any]:
    """Returns the event of payload format 2.0 for ``request``. ``now_s`` is Unix time."""
    headers = _joined((name.lower(), value) for name, value in request.headers)
    cookies = [part.strip() for part in headers.pop("cookie", "").split(";") if part.strip()]
    host = headers.get("host", "localhost")
    headers.setdefault("content-length", str(len(request.body)))
    headers["x-forwarded-for"] = ",".join(filter(None, (headers.get("x-forwarded-for"), request.source_ip)))
    headers["x-forwarded-proto"] = "https"
    headers["x-forwarded-port"] = "443"
    headers["x-amzn-trace-id"] = f"Root=1-{int(now_s):08x}-{uuid.uuid4().hex[:24]}"
    route_key = f"{route.method} {route.path}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.raw_path,
        "rawQueryString": request.raw_query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": host.partition(":")[0],
            "domainPrefix": host.partition(".")[0].partition(":")[0],
            "http": {
                "method": request.method,
                "path": request.raw_path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route_key,
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now_s)),
            "timeEpoch": int(now_s * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if parameters := _joined(parse_qsl(request.raw_query, keep_blank_values=True, errors="replace")):
        event["queryStringParameters"] = parameters
    if request.body:
        event["isBase64Encoded"] = not is_text(headers.get("content-type"))
        event["body"] = (
            base64.b64encode(request.body).decode()
            if event["isBase64Encoded"]
            else request.body.decode("utf-8", errors="replace")
        )
    return event


def is_text(content_type: str | None) -> bool:
    """True when API Gateway passes a body of this type as text; all others arrive as base64."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    return media_type.startswith("text/") or media_type in TEXT_TYPES


def shape_answer(result: InvocationResult) -> HttpAnswer:
    """Returns the HTTP response for a function's result.

    Raises MalformedAnswerError when API Gateway would respond with 500.
    """
    if result.is_error:
        raise MalformedAnswerError("the function ended with an error")
    try:
        answer = json.loads(result.payload)
    except ValueError as error:
        raise MalformedAnswerError("the function's result is not JSON") from error
    if not isinstance(answer, dict) or "statusCode" not in answer:
        # Format 2.0 takes any other JSON as the body of a 200.
        body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        return HttpAnswer(200, (("content-type", "application/json"),), body)
    try:
        status = int(answer["statusCode"])
        headers = [(str(name).lower(), str(value)) for name, value in (answer.get("headers") or {}).items()]
        headers += [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or []]
        body_text = answer.get("body") or ""
        if not isinstance(body_text, str):
            raise MalformedAnswerError("the body of the function's result is not a string")
        body = base64.b64decode(body_text, validate=True) if answer.get("isBase64Encoded") else body_text.encode()
    except (ValueError, TypeError, AttributeError) as error:
        raise MalformedAnswerError(str(error)) from error
    if not 100 <= status <= 599:
        raise MalformedAnswerError(f"status {status}")
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", DEFAULT_CONTENT_TYPE))
    return HttpAnswer(status, tuple(headers), body)


class HttpApi:
    """A server on the API's address."""

    def __init__(self, routes: Iterable[Route], runtime: LambdaRuntime) -> None:
        self._routes = {(route.method, route.path): route for route in routes}
        self._runtime = runtime
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> str:
        """Listens on 127.0.0.1 (``port`` 0: a free one) and returns the API's root URL."""
        # One byte more than the limit: aiohttp refuses at its limit, API Gateway beyond it.
        application = web.Application(client_max_size=BODY_LIMIT + 1)
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(
            application,
            access_log=None,
            auto_decompress=False,  # API Gateway hands a compressed body on as it is
            max_line_size=HEADER_LIMIT,
            max_field_size=HEADER_LIMIT,
            shutdown_timeout=1.0,
        )
        return await listen(self._runner, port)

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        request_id = uuid.uuid4().hex
        answer = await self._answer(request, request_id)
        return web.Response(
            status=answer.status,
            headers=CIMultiDict([("apigw-requestid", request_id), *answer.headers]),
            body=answer.body,
        )

    async def _answer(self, request: web.Request, request_id: str) -> HttpAnswer:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _message(413, "Request Entity Too Large")
        raw_path, _, raw_query = request.raw_path.partition("?")
        route = self._routes.get((request.method, raw_path))
        if route is None:
            return _message(404, "Not Found")
        arrived = HttpRequest(
            method=request.method,
            raw_path=raw_path,
            raw_query=raw_query,
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers],
            body=body,
            source_ip=request.remote or "127.0.0.1",
            protocol=f"HTTP/{request.version.major}.{request.version.minor}",
        )
        event = make_event(arrived, route, request_id=request_id, now_s=time.time())
        try:
            async with asyncio.timeout(INTEGRATION_TIMEOUT_S):
                result = await self._runtime.invoke(route.function, json.dumps(event).encode())
            if result.is_error:
                print(f"{route.function} failed: {result.describe_error()}", file=sys.stderr)
            answer = shape_answer(result)
        except TimeoutError:
            return _message(503, "Service Unavailable")  # the function itself goes on
        except PayloadTooLarge:
            return _message(413, "Request Entity Too Large")
        except MalformedAnswerError:
            return _message(500, "Internal Server Error")
        return answer


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _message(status: int, message: str) -> HttpAnswer:
    body = json.dumps({"message": message}, separators=(",", ":")).encode()
    return HttpAnswer(status, (("content-type", "application/json"),), body)
