"""Servers that break the connection on purpose, or never come to an end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

PAUSE_S = 0.05  # between two bytes: each read by itself is quick
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n"

Behaviour = Callable[[socket.socket, threading.Event], None]


@contextmanager
def serving(behave: Behaviour, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Runs a server that does ``behave`` with each connection, until the event that it is handed is set."""
    ended = threading.Event()
    threads: list[threading.Thread] = []
    with ExitStack() as connections, socket.create_server((host, port)) as listening:

        def attend(connection: socket.socket) -> None:
            try:
                behave(connection, ended)
            except OSError:
                pass  # the client has hung up
            finally:
                connection.close()

        def accept() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                connection.settimeout(10)
                connections.callback(connection.close)
                threads.append(threading.Thread(target=attend, args=(connection,)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            for thread in (accepting, *threads):
                thread.join(10)


def read_request(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (chunk := connection.recv(65_536)):
            raise OSError("hung up")
        received += chunk


def dripping(at_once: bytes, endlessly: bytes) -> Behaviour:
    def behave(connection: socket.socket, ended: threading.Event) -> None:
        read_request(connection)
        connection.sendall(at_once)
        while True:
            for byte in endlessly:
                connection.sendall(bytes([byte]))
                if ended.wait(PAUSE_S):
                    return

    return behave
