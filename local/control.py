"""The stack's own switchboard: list and kill processes, fault points, outages. Not part of the API.

======================================  ============================================================================
``GET /functions``                      ``[{"function", "pid", "busy"}]``
``POST /functions/{name}/invoke``       runs it once with the body as its event: ``{"failed": bool, "answer": …}``
``POST /functions/{name}/kill``         kills its processes (``?busy=1``: only those at work): ``{"killed": [pid]}``
``PUT /functions/{name}/variables``     ``{"NAME": "value" or null}`` for the processes to come
``PUT /proxies/{postgres|sqs|s3}``      ``{"mode": "pass" | "refuse" | "stall"}``
``POST /proxies/{postgres|sqs|s3}/cut`` resets the open connections: ``{"cut": number}``
``POST /servers/postgres/restart``      ``{"away_s": seconds}``: stops the server and starts it again after that time
======================================  ============================================================================
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from local.fault_proxy import FaultProxy, ProxyMode
from local.lambda_runtime import FunctionPool, LambdaRuntime
from local.serving import listen


class Control:
    """A server of the switchboard on a free port of 127.0.0.1."""

    def __init__(
        self,
        runtime: LambdaRuntime,
        proxies: Mapping[str, FaultProxy],
        restart_postgres: Callable[[float], Awaitable[None]],
    ) -> None:
        """Prepares it. ``restart_postgres`` takes the seconds of absence; KeyError: the server is not ours."""
        self._runtime = runtime
        self._proxies = proxies
        self._restart_postgres = restart_postgres
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        application = web.Application()
        application.add_routes(
            [
                web.get("/functions", self._list),
                web.post("/functions/{name}/invoke", self._invoke),
                web.post("/functions/{name}/kill", self._kill),
                web.put("/functions/{name}/variables", self._set_variables),
                web.put("/proxies/{name}", self._set_mode),
                web.post("/proxies/{name}/cut", self._cut),
                web.post("/servers/postgres/restart", self._restart),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        return await listen(self._runner)

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _list(self, _request: web.Request) -> web.Response:
        return web.json_response(self._runtime.describe())

    async def _invoke(self, request: web.Request) -> web.Response:
        result = await self._pool(request).invoke(await request.read())
        return web.json_response({"failed": result.is_error, "answer": json.loads(result.payload)})

    async def _kill(self, request: web.Request) -> web.Response:
        return web.json_response({"killed": self._pool(request).kill(only_busy="busy" in request.query)})

    async def _set_variables(self, request: web.Request) -> web.Response:
        self._pool(request).set_variables(await request.json())
        return web.json_response({})

    async def _set_mode(self, request: web.Request) -> web.Response:
        proxy = self._proxy(request)
        try:
            mode = ProxyMode((await request.json())["mode"])
        except (ValueError, KeyError, TypeError) as error:
            raise web.HTTPBadRequest(text='expected {"mode": "pass" | "refuse" | "stall"}') from error
        await proxy.set_mode(mode)
        return web.json_response({"mode": mode.value})

    async def _cut(self, request: web.Request) -> web.Response:
        return web.json_response({"cut": self._proxy(request).cut()})

    async def _restart(self, request: web.Request) -> web.Response:
        try:
            away_s = float((await request.json())["away_s"])
        except (ValueError, KeyError, TypeError) as error:
            raise web.HTTPBadRequest(text='expected {"away_s": seconds}') from error
        try:
            await self._restart_postgres(away_s)
        except KeyError as error:
            raise web.HTTPConflict(text="Postgres is not ours, or is being restarted") from error
        return web.json_response({})

    def _pool(self, request: web.Request) -> FunctionPool:
        try:
            return self._runtime.pool(request.match_info["name"])
        except KeyError as error:
            raise web.HTTPNotFound(text=f"there is no function {error}") from error

    def _proxy(self, request: web.Request) -> FaultProxy:
        try:
            return self._proxies[request.match_info["name"]]
        except KeyError as error:
            raise web.HTTPNotFound(text=f"there is no proxy {error}: start with --fault-proxies") from error
