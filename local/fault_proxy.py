"""A TCP proxy in front of Postgres or SQS that can refuse, cut or stall connections, for rehearsing an outage.

The servers themselves are not stopped: the queues live in the memory of theirs.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from enum import StrEnum
from pathlib import Path

CHUNK = 65_536


class ProxyMode(StrEnum):
    PASS = "pass"  # noqa: S105 (not a password)
    REFUSE = "refuse"  # nobody listens: connection refused, and what was open is cut
    STALL = "stall"  # connections are taken and stay silent, open ones fall silent: a server that hangs


class FaultProxy:
    """A listener on a port of 127.0.0.1 that forwards every connection to ``target`` as long as the mode allows.

    ``target``: (host, port), or the path of a unix socket. To be used from one event loop.
    """

    def __init__(self, target: tuple[str, int] | Path) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._passes = asyncio.Event()
        self._passes.set()
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self.mode = ProxyMode.PASS
        self.delay_s = 0.0  # that everything takes on its way, in each direction: a server that is slow, or far away
        self.port = 0

    async def start(self) -> None:
        """Starts to listen; ``port`` is known then and survives every change of mode."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def set_mode(self, mode: ProxyMode) -> None:
        """Changes the treatment of connections from now on; REFUSE also cuts the present ones."""
        if mode is ProxyMode.REFUSE:
            self._stop_listening()
            self._passes.set()
            self.mode = mode
            self.cut()
            return
        if self._server is None:
            await self.start()
        (self._passes.clear if mode is ProxyMode.STALL else self._passes.set)()
        self.mode = mode

    def cut(self) -> int:
        """Resets every open connection, also in the middle of a transfer, and returns how many there were."""
        for task, writer in self._connections.items():
            _abort(writer)
            task.cancel()
        return len(self._connections)

    async def close(self) -> None:
        self._stop_listening()
        self._passes.set()
        self.cut()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 (asyncio runs this in a task)
        self._connections[task] = writer
        upstream: asyncio.StreamWriter | None = None
        try:
            await self._passes.wait()
            if isinstance(self._target, Path):
                upstream_reader, upstream = await asyncio.open_unix_connection(str(self._target))
            else:
                upstream_reader, upstream = await asyncio.open_connection(*self._target)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, upstream))
                pumps.create_task(self._pump(upstream_reader, writer))
        except (OSError, ExceptionGroup):
            _abort(writer)
        finally:
            self._connections.pop(task, None)
            if upstream is not None:
                upstream.transport.abort()
            writer.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(CHUNK):
            await self._passes.wait()
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            sink.write(data)
            await sink.drain()
        with contextlib.suppress(OSError, RuntimeError):
            sink.write_eof()


def _abort(writer: asyncio.StreamWriter) -> None:
    """Closes with a reset instead of an orderly end, as a lost server does."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
