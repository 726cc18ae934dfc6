"""AWS Lambda on this machine: every function in processes of AWS's own runtime client (awslambdaric).

A process is called an environment, as on AWS: it is started when an invocation finds none free, loads its handler once,
serves one invocation at a time and is used again. Each has a Runtime API server of its own (on a port that nobody else
knows), so a result can only come from the process that was asked. Time-outs, crashes and errors have AWS's shapes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from infra.topology import Function
from local.child_processes import Guardian, kill_group, start_process
from local.sqs import ACCOUNT, REGION

BUNDLE_RUNTIME = Path(__file__).with_name("bundle_runtime.py")

RUNTIME_API = "/2018-06-01/runtime"
PAYLOAD_LIMIT = 6_291_456  # bytes of a synchronous invocation's event
RESPONSE_LIMIT = 6_291_556  # and of its result
INIT_ALLOWANCE_S = 10.0  # AWS's limit of the init phase; an init that needs more goes on within the first invocation
VERSION = "$LATEST"

REQUEST_ID = "Lambda-Runtime-Aws-Request-Id"
DEADLINE = "Lambda-Runtime-Deadline-Ms"
FUNCTION_ARN = "Lambda-Runtime-Invoked-Function-Arn"
TRACE_ID = "Lambda-Runtime-Trace-Id"


class PayloadTooLarge(ValueError):  # noqa: N818 (AWS's name is RequestEntityTooLargeException)
    """An event larger than Lambda takes in a synchronous invocation."""


@dataclass(frozen=True)
class InvocationResult:
    """The result of Invoke: the payload, and is_error for a function error (AWS's X-Amz-Function-Error)."""

    request_id: str
    payload: bytes
    is_error: bool

    def describe_error(self) -> str:
        """Returns the kind of error for the terminal; the message may quote a reply and stays in the function's log."""
        try:
            kind = json.loads(self.payload)["errorType"]
        except (ValueError, KeyError, TypeError):
            kind = "unknown error"
        return f"{kind}, request {self.request_id}; its log says more"


@dataclass(eq=False)
class Invocation:
    payload: bytes
    done: asyncio.Future[InvocationResult]
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started: float = 0.0  # monotonic seconds, when an environment took it

    def finish(self, payload: bytes, *, is_error: bool) -> None:
        if not self.done.done():
            self.done.set_result(InvocationResult(self.request_id, payload, is_error))

    def fail(self, error_type: str, message: str) -> None:
        self.finish(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), is_error=True)


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


class Environment:
    """One process of a function and the Runtime API that it talks to."""

    def __init__(self, pool: FunctionPool) -> None:
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._server: asyncio.Server | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._next: asyncio.Future[Invocation] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._init_error: bytes | None = None
        self._timed_out = False
        self._started = time.monotonic()
        self.invocation: Invocation | None = None
        self.is_ready = False  # it has asked for work at least once
        self.retires = False  # ends after its current invocation

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    @property
    def is_idle(self) -> bool:
        """True when it has asked for work and got none yet."""
        return self._next is not None

    @property
    def is_about_to_ask(self) -> bool:
        """True when it is starting, or between its result and its next request."""
        return self._next is None and self.invocation is None

    async def start(self) -> None:
        # The connection idles for as long as the handler works; closing it would cost the next result a reconnect.
        server = web.Server(self._answer, access_log=None, keepalive_timeout=86_400)
        self._server = await self._loop.create_server(server, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        function = self._pool.function
        with self._pool.log_path.open("ab") as output:
            self._process = start_process(
                self._pool.command(),
                env=self._pool.environment_variables(f"127.0.0.1:{port}"),
                output=output,
                cwd=self._pool.task_root,
            )
        self._pool.guardian.watch(self._process)
        threading.Thread(target=self._wait_for_exit, args=(self._process,), daemon=True).start()
        self._timer = self._loop.call_later(INIT_ALLOWANCE_S + function.timeout_s, self._time_out)

    def assign(self, invocation: Invocation) -> None:
        """Hands ``invocation`` to the idle process; its time starts to run."""
        assert self._next is not None  # noqa: S101 (only idle environments are given work)
        self.invocation = invocation
        invocation.started = time.monotonic()
        self._pool.log(f"START RequestId: {invocation.request_id} Version: {VERSION}")
        self._timer = self._loop.call_later(self._pool.function.timeout_s, self._time_out)
        self._next.set_result(invocation)
        self._next = None

    def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            kill_group(self._process.pid)

    def _time_out(self) -> None:
        self._timed_out = True
        self.kill()

    def _wait_for_exit(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: the stack has ended
            self._loop.call_soon_threadsafe(self._exited)

    def _exited(self) -> None:
        process = self._process
        assert process is not None  # noqa: S101 (it was waited for)
        self._pool.guardian.forget(process)
        if self._timer is not None:
            self._timer.cancel()
        if self._server is not None:
            self._server.close()
        if self._next is not None:
            self._next.cancel()
        self.is_ready, was_ready = False, self.is_ready
        invocation, self.invocation = self.invocation, None
        if invocation is None and not was_ready:
            invocation = self._pool.next_waiting()  # AWS reports a failed init to the invocation that asked for it
        if invocation is not None:
            self._report_end(invocation, process.returncode)
        self._pool.ended(self)

    def _report_end(self, invocation: Invocation, return_code: int) -> None:
        prefix = f"RequestId: {invocation.request_id} Error: "
        if self._init_error is not None:
            invocation.finish(self._init_error, is_error=True)
        elif self._timed_out:
            message = f"Task timed out after {self._pool.function.timeout_s:.2f} seconds"
            self._pool.log(f"{invocation.request_id} {message}")
            invocation.fail("Sandbox.Timedout", prefix + message)
        else:
            status = f"signal: {signal_name(-return_code)}" if return_code < 0 else f"exit status {return_code}"
            self._pool.log(f"{prefix}Runtime exited with error: {status}")
            invocation.fail("Runtime.ExitError", f"{prefix}Runtime exited with error: {status}")
        self._report(invocation)

    def _report(self, invocation: Invocation) -> None:
        duration = (time.monotonic() - invocation.started) * 1000 if invocation.started else 0.0
        self._pool.log(f"END RequestId: {invocation.request_id}")
        self._pool.log(f"REPORT RequestId: {invocation.request_id}\tDuration: {duration:.2f} ms")

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        action = request.path.removeprefix(RUNTIME_API)
        if request.method == "GET" and action == "/invocation/next":
            return await self._answer_next()
        body = await request.content.read()
        if request.method == "POST" and action == "/init/error":
            self._init_error = body
            return web.json_response({"status": "OK"}, status=202)
        invocation = self.invocation
        if request.method == "POST" and invocation is not None:
            if action == f"/invocation/{invocation.request_id}/response":
                return self._complete(invocation, body, is_error=False)
            if action == f"/invocation/{invocation.request_id}/error":
                return self._complete(invocation, body, is_error=True)
        error = {"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"}
        return web.json_response(error, status=403)

    async def _answer_next(self) -> web.Response:
        if not self.is_ready:
            self.is_ready = True
            if self._timer is not None:
                self._timer.cancel()
            self._pool.log(f"INIT_REPORT Init Duration: {(time.monotonic() - self._started) * 1000:.2f} ms")
        self._next = waiting = self._loop.create_future()
        self._pool.freed(self)
        invocation = await waiting
        deadline = time.time() + self._pool.function.timeout_s
        headers = {
            REQUEST_ID: invocation.request_id,
            DEADLINE: str(int(deadline * 1000)),
            FUNCTION_ARN: function_arn(self._pool.function.name),
            TRACE_ID: f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
        }
        return web.Response(body=invocation.payload, headers=headers, content_type="application/json")

    def _complete(self, invocation: Invocation, body: bytes, *, is_error: bool) -> web.Response:
        if self._timer is not None:
            self._timer.cancel()
        self.invocation = None
        too_large = len(body) > RESPONSE_LIMIT
        if too_large:
            message = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
            invocation.fail("Function.ResponseSizeTooLarge", message)
        else:
            invocation.finish(body, is_error=is_error)
        self._report(invocation)
        if self.retires:
            self.kill()
        if too_large:
            return web.json_response({"errorType": "RequestEntityTooLarge", "errorMessage": "too large"}, status=413)
        return web.json_response({"status": "OK"}, status=202)


class FunctionPool:
    """The environments of one function, and the invocations that wait for one."""

    def __init__(
        self,
        function: Function,
        *,
        variables: Mapping[str, str],
        log_path: Path,
        task_root: Path,
        is_bundle: bool,
        guardian: Guardian,
    ) -> None:
        self.function = function
        self.log_path = log_path
        self.task_root = task_root
        self.is_bundle = is_bundle
        self.guardian = guardian
        self._variables = dict(variables)
        self._log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._environments: list[Environment] = []  # the one used last is last
        self._waiting: deque[Invocation] = deque()
        self._starting: set[asyncio.Task[None]] = set()
        self._closed = False

    async def invoke(self, payload: bytes) -> InvocationResult:
        """Runs the function once. At the concurrency limit the invocation waits for a free environment."""
        if len(payload) > PAYLOAD_LIMIT:
            raise PayloadTooLarge(f"{self.function.name}: an event of {len(payload)} bytes, at most {PAYLOAD_LIMIT}")
        invocation = Invocation(payload, asyncio.get_running_loop().create_future())
        self._waiting.append(invocation)
        self._dispatch()
        # Shielded: a caller that gives up does not stop the function, as on AWS.
        return await asyncio.shield(invocation.done)

    def next_waiting(self) -> Invocation | None:
        return self._waiting.popleft() if self._waiting else None

    def freed(self, environment: Environment) -> None:
        self._environments.remove(environment)  # AWS, too, prefers the environment that was used last
        self._environments.append(environment)
        self._dispatch()

    def ended(self, environment: Environment) -> None:
        if environment in self._environments:
            self._environments.remove(environment)
        self._dispatch()

    def kill(self, *, only_busy: bool = False) -> list[int]:
        """Kills the function's processes (or those in the middle of an invocation) and returns their pids."""
        killed = [each for each in self._environments if each.invocation is not None or not only_busy]
        for environment in killed:
            environment.kill()
        return [environment.pid for environment in killed if environment.pid is not None]

    def set_variables(self, variables: Mapping[str, str | None]) -> None:
        """Sets environment variables (None removes one) for environments to come; present ones retire."""
        for name, value in variables.items():
            if value is None:
                self._variables.pop(name, None)
            else:
                self._variables[name] = value
        for environment in list(self._environments):
            environment.retires = True
            if environment.invocation is None:
                environment.kill()

    def describe(self) -> list[dict[str, object]]:
        return [
            {"function": self.function.name, "pid": each.pid, "busy": each.invocation is not None}
            for each in self._environments
        ]

    async def close(self) -> None:
        self._closed = True
        await asyncio.gather(*self._starting, return_exceptions=True)
        for invocation in self._waiting:
            invocation.done.cancel()
        self._waiting.clear()
        for environment in self._environments:
            environment.kill()
            if environment.invocation is not None:
                environment.invocation.done.cancel()
        while self._environments:
            await asyncio.sleep(0.01)
        os.close(self._log)

    def log(self, line: str) -> None:
        os.write(self._log, f"{line}\n".encode())

    def command(self) -> list[str | Path]:
        """Returns the command of an environment; a bundle has to bring everything that it imports."""
        if self.is_bundle:
            # Behind the virtual environment's link is the interpreter alone, without the packages around it.
            interpreter = os.path.realpath(sys.executable)
            packages = sysconfig.get_path("platlib")
            options = ("-I", "-S", "-B")
            return [interpreter, *options, BUNDLE_RUNTIME, self.task_root, packages, self.function.handler]
        return [sys.executable, "-m", "awslambdaric", self.function.handler]

    def environment_variables(self, runtime_api: str) -> dict[str, str]:
        """Returns the variables of a process of this function: its settings, and those that AWS sets everywhere."""
        function = self.function
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_RUNTIME_API": runtime_api,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_VERSION": VERSION,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"local/[{VERSION}]{uuid.uuid4().hex}",
            "AWS_DEFAULT_REGION": REGION,
            "LAMBDA_TASK_ROOT": str(self.task_root),
            "LAMBDA_RUNTIME_DIR": str(self.task_root),
            "_HANDLER": function.handler,
            **({"PYTHONTZPATH": ""} if self.is_bundle else {}),  # the machine's time zones do not stand in either
            **self._variables,
        }

    def _dispatch(self) -> None:
        if self._closed:
            return
        idle = [each for each in self._environments if each.is_idle and not each.retires]
        while self._waiting and idle:
            idle.pop().assign(self._waiting.popleft())
        soon_free = sum(each.is_about_to_ask for each in self._environments)
        room = self.function.concurrency - len(self._environments)
        for _ in range(min(room, len(self._waiting) - soon_free)):
            environment = Environment(self)
            self._environments.append(environment)
            task = asyncio.create_task(self._start(environment))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start(self, environment: Environment) -> None:
        try:
            await environment.start()
        except OSError as error:
            self.log(f"The process of {self.function.name} could not be started: {error}")
            self._environments.remove(environment)
            if invocation := self.next_waiting():
                invocation.fail("Runtime.InvalidEntrypoint", f"RequestId: {invocation.request_id} Error: {error}")
            self._dispatch()


class LambdaRuntime:
    """All functions of the stack."""

    def __init__(
        self,
        functions: tuple[Function, ...],
        *,
        variables: Mapping[str, Mapping[str, str]],
        log_dir: Path,
        task_roots: Mapping[str, Path] | Path,
        guardian: Guardian,
    ) -> None:
        """Prepares the pools. ``variables``: each function's settings by its name.

        ``task_roots``: the folder that all functions are loaded from, with this process's packages, or a built bundle
        for each, which brings its own.
        """
        log_dir.mkdir(parents=True, exist_ok=True)
        self._pools = {
            function.name: FunctionPool(
                function,
                variables=variables.get(function.name, {}),
                log_path=log_dir / f"{function.name}.log",
                task_root=task_roots if isinstance(task_roots, Path) else task_roots[function.name],
                is_bundle=not isinstance(task_roots, Path),
                guardian=guardian,
            )
            for function in functions
        }

    async def invoke(self, name: str, payload: bytes) -> InvocationResult:
        """Invokes a function with a JSON payload, synchronously.

        Raises PayloadTooLarge; everything that happens inside the function is in the result.
        """
        return await self._pools[name].invoke(payload)

    def pool(self, name: str) -> FunctionPool:
        """Returns the function's pool. Raises KeyError when there is no function of this name."""
        return self._pools[name]

    def describe(self) -> list[dict[str, object]]:
        """Lists every process: its function, its pid, and if it is in the middle of an invocation."""
        return [line for pool in self._pools.values() for line in pool.describe()]

    async def close(self) -> None:
        """Kills every process, also a busy one."""
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))


def signal_name(number: int) -> str:
    """Returns the signal's name as AWS words it: "killed", "segmentation fault"."""
    return (signal.strsignal(number) or str(number)).lower()
