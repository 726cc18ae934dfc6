"""The proxy makes the outages that it is there for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from local.fault_proxy import FaultProxy, ProxyMode

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1024):
        writer.write(data)
    writer.close()


def behind_proxy(scenario: Callable[[FaultProxy, Callable[[], Awaitable[Streams]]], Awaitable[None]]) -> None:
    """Runs ``scenario`` with a proxy in front of an echo server and a way to connect to it."""

    async def main() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        proxy = FaultProxy(("127.0.0.1", server.sockets[0].getsockname()[1]))
        await proxy.start()
        opened: list[asyncio.StreamWriter] = []

        async def connect() -> Streams:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            opened.append(writer)
            return reader, writer

        try:
            async with asyncio.timeout(20):
                await scenario(proxy, connect)
        finally:
            for writer in opened:
                writer.transport.abort()
            await proxy.close()
            server.close()

    asyncio.run(main())


async def exchange(streams: Streams, data: bytes = b"ping") -> bytes:
    reader, writer = streams
    writer.write(data)
    return await reader.read(len(data))


def test_bytes_pass_both_ways_and_so_does_the_end() -> None:
    async def scenario(_: FaultProxy, connect: Callable[[], Awaitable[Streams]]) -> None:
        reader, writer = await connect()
        assert await exchange((reader, writer)) == b"ping"
        writer.write_eof()
        assert await reader.read() == b""

    behind_proxy(scenario)


def test_refusing_cuts_what_is_open_and_refuses_what_comes_until_it_passes_again() -> None:
    async def scenario(proxy: FaultProxy, connect: Callable[[], Awaitable[Streams]]) -> None:
        open_one = await connect()
        assert await exchange(open_one) == b"ping"
        port = proxy.port

        await proxy.set_mode(ProxyMode.REFUSE)

        with pytest.raises(ConnectionResetError):
            await open_one[0].read()
        with pytest.raises(ConnectionRefusedError):
            await connect()

        await proxy.set_mode(ProxyMode.PASS)
        assert proxy.port == port
        assert await exchange(await connect()) == b"ping"

    behind_proxy(scenario)


def test_cutting_resets_open_connections_and_lets_new_ones_through() -> None:
    async def scenario(proxy: FaultProxy, connect: Callable[[], Awaitable[Streams]]) -> None:
        open_ones = [await connect() for _ in range(3)]
        for streams in open_ones:
            assert await exchange(streams) == b"ping"

        assert proxy.cut() == 3

        for reader, _ in open_ones:
            with pytest.raises(ConnectionResetError):
                await reader.read()
        assert await exchange(await connect()) == b"ping"

    behind_proxy(scenario)


def test_stalling_keeps_connections_open_and_silent_and_loses_nothing() -> None:
    async def scenario(proxy: FaultProxy, connect: Callable[[], Awaitable[Streams]]) -> None:
        old = await connect()
        assert await exchange(old) == b"ping"
        await proxy.set_mode(ProxyMode.STALL)
        new = await connect()
        pending = [asyncio.create_task(exchange(streams, b"late")) for streams in (old, new)]

        done, _ = await asyncio.wait(pending, timeout=0.2)
        assert not done

        await proxy.set_mode(ProxyMode.PASS)
        assert await asyncio.gather(*pending) == [b"late", b"late"]

    behind_proxy(scenario)


def test_a_target_that_is_gone_looks_like_a_reset() -> None:
    async def main() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        proxy = FaultProxy(("127.0.0.1", port))
        await proxy.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.transport.abort()
        await proxy.close()

    asyncio.run(main())
