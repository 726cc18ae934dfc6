"""The HTTP client's read time-out is a total: whatever a server drips, the call ends when its time is over."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import pytest

from shared.providers.http import HttpClient, retry_after
from tests.broken_servers import HEAD, PAUSE_S, dripping, read_request, serving

TOTAL_S = 0.4
PATIENCE_S = 2.0  # far above the total on a busy machine, far below what each of these servers would take


def failing_in_time(call: Callable[[HttpClient], object], **options: object) -> BaseException:
    with HttpClient(trust_env=False, timeout=TOTAL_S, **options) as http:  # type: ignore[arg-type]
        started = time.monotonic()
        with pytest.raises(httpx2.TimeoutException) as failure:
            call(http)
        assert TOTAL_S * 0.9 <= time.monotonic() - started < PATIENCE_S
    return failure.value


@pytest.mark.parametrize(
    ("at_once", "endlessly"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Filler: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["head", "informational heads", "body", "chunks"],
)
@pytest.mark.parametrize("through_proxy", [False, True])
def test_what_drips_ends_with_the_calls_time(at_once: bytes, endlessly: bytes, through_proxy: bool) -> None:
    with serving(dripping(at_once, endlessly)) as port:
        address = f"http://127.0.0.1:{port}"
        options = {"proxy": address} if through_proxy else {}
        target = "http://provider.example/" if through_proxy else address
        error = failing_in_time(lambda http: http.get(target), **options)
    assert isinstance(error, httpx2.ReadTimeout)


def test_handshake_that_never_ends_ends_with_the_calls_time() -> None:
    """As one that is not sent: no byte of the request was written."""

    def silent(_connection: socket.socket, ended: threading.Event) -> None:
        ended.wait(10)

    with serving(silent) as port:
        error = failing_in_time(lambda http: http.get(f"https://127.0.0.1:{port}"))
    assert isinstance(error, httpx2.ConnectTimeout)


def test_request_that_is_read_slowly_ends_with_the_calls_time() -> None:
    def sip(connection: socket.socket, ended: threading.Event) -> None:
        while connection.recv(65_536) and not ended.wait(PAUSE_S / 10):
            pass  # often enough for each write to get on, and too slowly for the whole

    with serving(sip) as port:
        error = failing_in_time(lambda http: http.post(f"http://127.0.0.1:{port}", content=bytes(64 * 1024 * 1024)))
    assert isinstance(error, httpx2.WriteTimeout)


def answer_each(connection: socket.socket, _ended: threading.Event) -> None:
    while True:
        read_request(connection)
        connection.sendall(HEAD + b"ok")


def test_kept_connection_serves_each_call_for_a_time_of_its_own() -> None:
    connections: list[socket.socket] = []

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connections.append(connection)
        answer_each(connection, ended)

    with serving(behave) as port, HttpClient(trust_env=False, timeout=TOTAL_S) as http:
        assert http.get(f"http://127.0.0.1:{port}").text == "ok"
        time.sleep(TOTAL_S * 1.5)
        assert http.get(f"http://127.0.0.1:{port}").text == "ok"
        assert len(connections) == 1


def test_redirects_share_one_time() -> None:
    def send_on(connection: socket.socket, ended: threading.Event) -> None:
        while not ended.is_set():
            read_request(connection)
            ended.wait(TOTAL_S / 2)
            connection.sendall(b"HTTP/1.1 307 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    with serving(send_on) as port:
        failing_in_time(lambda http: http.get(f"http://127.0.0.1:{port}", follow_redirects=True))


# --- Hosts of several addresses ----------------------------------------------------------------------------------


@contextmanager
def unreachable(*hosts: str) -> Iterator[int]:
    """Yields a port on which connecting to any of ``hosts`` hangs: their queues of connections are full."""
    with ExitStack() as stack:
        first = stack.enter_context(socket.create_server((hosts[0], 0), backlog=0))
        port = first.getsockname()[1]
        for host in hosts[1:]:
            stack.enter_context(socket.create_server((host, port), backlog=0))
        for host in hosts:
            for _ in range(4):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex((host, port))
        yield port


def resolve_to(monkeypatch: pytest.MonkeyPatch, port: int, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]
    lookup = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: object, **options: object) -> object:
        return found if host == "provider.example" else lookup(host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_addresses_that_do_not_answer_share_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = [f"127.0.0.{number}" for number in range(2, 12)]
    with unreachable(*hosts) as port:
        resolve_to(monkeypatch, port, *hosts)
        error = failing_in_time(lambda http: http.get(f"http://provider.example:{port}"))
    assert isinstance(error, httpx2.ConnectTimeout)


def test_next_address_is_tried_when_one_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with unreachable("127.0.0.2") as port, serving(answer_each, port=port):
        resolve_to(monkeypatch, port, "127.0.0.2", "127.0.0.1")
        with HttpClient(trust_env=False, timeout=httpx2.Timeout(5.0, connect=0.1)) as http:
            assert http.get(f"http://provider.example:{port}").text == "ok"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "999999999"}, 86_400.0),
        ({"retry-after-ms": "1500", "Retry-After": "2"}, 1.5),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
        (
            {"Retry-After": "Fri, 20 Nov 2026 14:01:30 GMT", "Date": "Fri, 20 Nov 2026 14:00:00 GMT"},
            90.0,
        ),
        ({"Retry-After": "Fri, 20 Nov 2026 13:00:00 GMT", "Date": "Fri, 20 Nov 2026 14:00:00 GMT"}, 0.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "12"}, 12.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "12", "Retry-After": "3"}, 3.0),
        ({"X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "12"}, None),
        ({"X-RateLimit-Remaining": "0"}, None),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, None),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "nan"}, None),
        (
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1795183245", "Date": "Fri, 20 Nov 2026 14:00:00 GMT"},
            45.0,
        ),
        (
            {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": "1795183245000",
                "Date": "Fri, 20 Nov 2026 14:00:00 GMT",
            },
            45.0,
        ),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(httpx2.Headers(headers)) == seconds
