"""An HTTP client whose read time-out bounds the whole call, and what a server asks of whoever calls again.

The HTTP library's time-outs are for each read and each write by itself: a server that sends one byte of its response's
head before each of them runs out holds a call for ever. Here every connect, handshake, write and read gets what is left
of the call.

httpcore2 hands a request's time-outs to the network stream as they are, without looking into them. So a time-out that
knows when its call ends reaches each read of that call, and a pooled connection needs to know nothing of calls. The one
thing that this cannot bound is the look-up of the host's name: the resolver has time-outs of its own, of seconds.
"""

from __future__ import annotations

import logging
import math
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any, Self

import httpcore2
import httpx2

WRITE_SLICE_BYTES = 16_384  # one write of ours may be several of the socket's, each with the time-out anew
MAX_RETRY_AFTER_S = 86_400.0
_AS_MILLISECONDS = 1e11  # no moment of this millennium has as many seconds

# At INFO the HTTP library logs every URL, and a search's URL holds the lead's address.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Returns the wait in seconds that a response asks for: ``retry-after-ms``, else ``Retry-After``.

    The latter is a number, or an HTTP date counted from the response's own Date. Without both, a limit of which nothing
    remains (``X-RateLimit-Remaining: 0``) asks to wait for its ``X-RateLimit-Reset``. Between 0 and a day; None when
    there is no such header or it makes no sense. ``headers`` ignore the case of names, as httpx2's do.
    """
    value = headers.get("Retry-After", "").strip()
    if not value and headers.get("X-RateLimit-Remaining", "").strip() == "0":
        value = _reset(headers)
    for text, unit_s in ((headers.get("retry-after-ms", ""), 0.001), (value, 1.0)):
        try:
            seconds = float(text) * unit_s
        except ValueError:
            continue
        return min(max(seconds, 0.0), MAX_RETRY_AFTER_S) if math.isfinite(seconds) else None
    moment = _http_date(value)
    if moment is None:
        return None
    seconds = (moment - (_http_date(headers.get("Date", "")) or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)


def _reset(headers: Mapping[str, str]) -> str:
    """The seconds until a limit begins anew. Providers tell them, or the moment in seconds or milliseconds."""
    try:
        value = float(headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return ""
    if value <= MAX_RETRY_AFTER_S:
        return str(value)
    now = (_http_date(headers.get("Date", "")) or datetime.now(UTC)).timestamp()
    return str((value if value < _AS_MILLISECONDS else value / 1000) - now)


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


class HttpClient(httpx2.Client):
    """An ``httpx2.Client`` for calls that end in time.

    The read time-out of a request is for the whole call: redirects, a wait for a free connection, connecting, writing
    and reading to the end of the body. The other time-outs bound their part as well, inside that. Whatever is cut short
    raises the time-out of the part that was under way: before a connection stands, nothing has been sent.
    """

    def _init_transport(self, *_: Any, transport: httpx2.BaseTransport | None = None, **options: Any) -> Any:
        return transport or _Transport(**options)

    def _init_proxy_transport(self, *arguments: Any, **options: Any) -> Any:
        (proxy,) = arguments
        return _Transport(proxy=proxy, **options)


class _CallTimeout(float):
    """A time-out in seconds that belongs to a call which ends at ``ends_at`` (monotonic)."""

    ends_at: float

    @classmethod
    def of(cls, timeout_s: float, ends_at: float) -> Self:
        timeout = cls(timeout_s)
        timeout.ends_at = ends_at
        return timeout

    def left_s(self, over: type[httpcore2.TimeoutException]) -> float:
        """How long the next operation may take; raises ``over`` when the call's time is over."""
        left_s = min(float(self), self.ends_at - time.monotonic())
        if left_s <= 0:
            raise over("the call's time is over")
        return left_s


class _Transport(httpx2.HTTPTransport):
    def __init__(self, **options: Any) -> None:
        if options.get("verify", True) is True:
            options["verify"] = _public_certificates(options.get("trust_env", True))
        super().__init__(**options)
        # The library takes a network backend, and its transport offers no way to give it one.
        self._pool._network_backend = _Backend()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        timeouts = request.extensions.get("timeout", {})
        total_s = timeouts.get("read")
        # A redirected request brings the time-outs of the one before it, and goes on with what is left of them.
        if total_s is not None and not isinstance(total_s, _CallTimeout):
            ends_at = time.monotonic() + total_s
            bounded = {
                name: _CallTimeout.of(total_s if timeout_s is None else timeout_s, ends_at)
                for name, timeout_s in timeouts.items()
            }
            request.extensions = {**request.extensions, "timeout": bounded}
        return super().handle_request(request)


@cache
def _public_certificates(trust_env: bool) -> ssl.SSLContext:
    """Read once for all clients of the process: it takes as long as a request."""
    return httpx2.create_ssl_context(trust_env=trust_env)


class _Backend(httpcore2.NetworkBackend):
    def __init__(self) -> None:
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        # Each address of the host gets the time-out, in turn: the library's own loop would not look at the clock.
        failure: Exception | None = None
        for address in _addresses(host, port):
            try:
                timeout_s = _left_s(timeout, httpcore2.ConnectTimeout)
                return _Stream(
                    self._backend.connect_tcp(address, port, timeout_s, local_address, list(socket_options or ()))
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError(f"{host} has no address")


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore2.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left_s(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), WRITE_SLICE_BYTES):
            self._stream.write(buffer[start : start + WRITE_SLICE_BYTES], _left_s(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        timeout_s = _left_s(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout_s))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left_s(timeout: float | None, over: type[httpcore2.TimeoutException]) -> float | None:
    return timeout.left_s(over) if isinstance(timeout, _CallTimeout) else timeout
