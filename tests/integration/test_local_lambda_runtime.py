"""Functions run locally as on AWS: cold and warm, in time and out of it, ended well and badly."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from infra.topology import Function
from local.child_processes import Guardian
from local.lambda_runtime import PAYLOAD_LIMIT, InvocationResult, LambdaRuntime, PayloadTooLarge
from tests.timing import PATIENCE_S

TOY = """
    import json, os, sys, time

    LOADED = time.time_ns()
    CALLS = 0

    def handler(event, context):
        global CALLS
        CALLS += 1
        match event.get("do"):
            case "sleep":
                time.sleep(event["seconds"])
            case "exit":
                sys.stdout.flush()
                os._exit(3)
            case "abort":
                os.kill(os.getpid(), 9)
            case "raise":
                raise ValueError("this is the toy's own error")
            case "print":
                print("a line of the toy's log")
            case "big":
                return "x" * event["size"]
            case "environment":
                return dict(os.environ)
        return {
            "pid": os.getpid(),
            "loaded": LOADED,
            "calls": CALLS,
            "request_id": context.aws_request_id,
            "remaining_ms": context.get_remaining_time_in_millis(),
            "arn": context.invoked_function_arn,
            "echo": event.get("echo"),
        }
"""
BROKEN = """
    import a_module_that_is_not_there
"""
SILENT = """
    import os
    os._exit(4)
"""


@pytest.fixture
def task_root(tmp_path: Path) -> Path:
    for name, source in (("toy", TOY), ("broken", BROKEN), ("silent", SILENT)):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
    return tmp_path


@pytest.fixture
def guardian() -> Iterator[Guardian]:
    guardian = Guardian()
    yield guardian
    guardian.end()


@pytest.fixture
def run(task_root: Path, guardian: Guardian) -> Callable[..., Any]:
    """Runs a test's coroutine with a runtime of one function."""

    def run_with(
        scenario: Callable[[LambdaRuntime], Awaitable[Any]],
        *,
        handler: str = "toy.handler",
        timeout_s: float = 20.0,
        concurrency: int = 1,
    ) -> Any:
        function = Function("toy", handler, timeout_s, 128, concurrency, ())

        @asynccontextmanager
        async def runtime() -> AsyncIterator[LambdaRuntime]:
            runtime = LambdaRuntime(
                (function,),
                variables={"toy": {"SETTING": "value"}},
                log_dir=task_root / "logs",
                task_roots=task_root,
                guardian=guardian,
            )
            try:
                yield runtime
            finally:
                pids = [line["pid"] for line in runtime.describe()]
                await runtime.close()
                assert not [pid for pid in pids if psutil.pid_exists(int(str(pid)))]

        async def main() -> Any:
            async with runtime() as started:
                return await scenario(started)

        return asyncio.run(main())

    return run_with


async def invoke(runtime: LambdaRuntime, **event: Any) -> InvocationResult:
    return await runtime.invoke("toy", json.dumps(event).encode())


async def call(runtime: LambdaRuntime, **event: Any) -> Any:
    result = await invoke(runtime, **event)
    assert not result.is_error, result.payload
    return json.loads(result.payload)


def error_of(result: InvocationResult) -> dict[str, Any]:
    assert result.is_error
    return dict(json.loads(result.payload))


def test_a_process_loads_its_handler_once_and_is_used_again(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> list[dict[str, Any]]:
        return [await call(runtime, echo=number) for number in range(5)]

    answers = run(scenario, concurrency=4)  # four would be allowed; one after the other needs one

    assert [answer["echo"] for answer in answers] == [0, 1, 2, 3, 4]
    assert [answer["calls"] for answer in answers] == [1, 2, 3, 4, 5]
    assert len({(answer["pid"], answer["loaded"]) for answer in answers}) == 1


def test_the_context_is_the_invocations_own(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> tuple[InvocationResult, InvocationResult]:
        return await invoke(runtime), await invoke(runtime)

    results = run(scenario, timeout_s=7)

    answers = [json.loads(result.payload) for result in results]
    assert [answer["request_id"] for answer in answers] == [result.request_id for result in results]
    assert results[0].request_id != results[1].request_id
    assert all(6_000 < answer["remaining_ms"] <= 7_000 for answer in answers)
    assert answers[0]["arn"].endswith(":function:toy")


def test_invocations_beyond_the_concurrency_wait_for_a_free_process(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> list[Any]:
        return await asyncio.gather(*(call(runtime, do="sleep", seconds=0.3) for _ in range(6)))

    answers = run(scenario, concurrency=2)

    assert len(answers) == 6
    assert len({answer["pid"] for answer in answers}) == 2


def test_a_process_that_takes_too_long_is_killed_and_reported_as_on_aws(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> tuple[InvocationResult, float, dict[str, Any], dict[str, Any]]:
        first = await call(runtime)
        began = time.monotonic()
        late = await invoke(runtime, do="sleep", seconds=60)
        return late, time.monotonic() - began, first, await call(runtime)

    late, duration, before, after = run(scenario, timeout_s=1.0)

    assert error_of(late) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {late.request_id} Error: Task timed out after 1.00 seconds",
    }
    assert 0.9 < duration < 30, "it would have slept for 60 s"
    assert after["pid"] != before["pid"]
    assert not psutil.pid_exists(before["pid"])


@pytest.mark.parametrize(("do", "how"), [("exit", "exit status 3"), ("abort", "signal: killed")])
def test_a_process_that_dies_is_an_exit_error_and_the_next_call_starts_another(
    run: Callable[..., Any], do: str, how: str
) -> None:
    async def scenario(runtime: LambdaRuntime) -> tuple[InvocationResult, dict[str, Any]]:
        return await invoke(runtime, do=do), await call(runtime)

    died, after = run(scenario)

    assert error_of(died) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {died.request_id} Error: Runtime exited with error: {how}",
    }
    assert after["calls"] == 1


def test_an_unhandled_error_is_a_function_error_and_the_process_stays(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> tuple[InvocationResult, dict[str, Any]]:
        return await invoke(runtime, do="raise"), await call(runtime)

    failed, after = run(scenario)

    error = error_of(failed)
    assert error["errorType"] == "ValueError"
    assert error["errorMessage"] == "this is the toy's own error"
    assert error["requestId"] == failed.request_id
    assert error["stackTrace"]
    assert after["calls"] == 2


def test_a_handler_that_cannot_be_loaded_is_an_init_error_every_time(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> list[InvocationResult]:
        return [await invoke(runtime), await invoke(runtime)]

    for result in run(scenario, handler="broken.handler"):
        error = error_of(result)
        assert error["errorType"] == "Runtime.ImportModuleError"
        assert "a_module_that_is_not_there" in error["errorMessage"]


def test_a_process_that_ends_while_it_loads_is_an_exit_error(run: Callable[..., Any]) -> None:
    error = error_of(run(invoke, handler="silent.handler"))

    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Runtime exited with error: exit status 4")


def test_a_caller_that_gives_up_does_not_stop_the_function(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> dict[str, Any]:
        await call(runtime)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await invoke(runtime, do="sleep", seconds=0.6)
        answer: dict[str, Any] = await call(runtime)
        return answer

    assert run(scenario)["calls"] == 3


def test_payloads_over_the_limits_are_refused(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> tuple[InvocationResult, Any]:
        with pytest.raises(PayloadTooLarge):
            await runtime.invoke("toy", b" " * (PAYLOAD_LIMIT + 1))
        return await invoke(runtime, do="big", size=7_000_000), await call(runtime, do="big", size=6_000_000)

    too_large, accepted = run(scenario)

    assert error_of(too_large)["errorType"] == "Function.ResponseSizeTooLarge"
    assert len(accepted) == 6_000_000


def test_a_function_sees_its_settings_and_what_aws_sets_and_nothing_of_ours(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_DEVELOPER", "x")

    async def scenario(runtime: LambdaRuntime) -> Any:
        return await call(runtime, do="environment")

    seen = run(scenario)

    assert seen["SETTING"] == "value"
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "toy"
    assert "AWS_LAMBDA_FUNCTION_TIMEOUT" not in seen  # it does not exist on AWS
    assert "SECRET_OF_THE_DEVELOPER" not in seen
    assert "PYTHONPATH" not in seen


def test_what_a_function_prints_is_in_its_log(run: Callable[..., Any], task_root: Path) -> None:
    async def scenario(runtime: LambdaRuntime) -> InvocationResult:
        return await invoke(runtime, do="print")

    result = run(scenario)

    lines = (task_root / "logs" / "toy.log").read_text().splitlines()
    assert "a line of the toy's log" in lines
    assert f"START RequestId: {result.request_id} Version: $LATEST" in lines
    assert f"END RequestId: {result.request_id}" in lines


def test_new_variables_reach_the_next_process_and_present_ones_retire(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> tuple[int, Any]:
        first = await call(runtime)
        runtime.pool("toy").set_variables({"FAULT_POINT": "after-commit", "SETTING": None})
        return first["pid"], await call(runtime, do="environment")

    pid, seen = run(scenario)

    assert seen["FAULT_POINT"] == "after-commit"
    assert "SETTING" not in seen
    assert not psutil.pid_exists(pid)


def test_killing_a_function_ends_its_processes_and_its_invocation(run: Callable[..., Any]) -> None:
    async def scenario(runtime: LambdaRuntime) -> tuple[InvocationResult, list[int]]:
        await call(runtime)
        pool = runtime.pool("toy")
        assert pool.kill(only_busy=True) == []
        work = asyncio.create_task(invoke(runtime, do="sleep", seconds=30))
        while not (killed := pool.kill(only_busy=True)):  # until the process has asked for it
            await asyncio.sleep(0.01)
        return await work, killed

    result, killed = run(scenario)

    assert len(killed) == 1
    assert error_of(result)["errorType"] == "Runtime.ExitError"


def test_warm_calls_are_fast(run: Callable[..., Any]) -> None:
    """The 40 ms of a delayed acknowledgement (Nagle's algorithm in a runtime server) would show here."""

    async def scenario(runtime: LambdaRuntime) -> list[float]:
        await call(runtime)
        durations = []
        for _ in range(60):
            began = time.perf_counter()
            await call(runtime, echo="x" * 20_000)
            durations.append(time.perf_counter() - began)
        return durations

    assert min(run(scenario)) < 0.03  # it delays each of them, whereas load leaves some of them alone


def test_processes_die_with_the_one_that_started_them(task_root: Path, guardian: Guardian, tmp_path: Path) -> None:
    """A stand-in for the stack is killed without warning; the function's process goes, too."""
    program = f"""
        import asyncio, json, sys
        from pathlib import Path
        from infra.topology import Function
        from local.child_processes import Guardian
        from local.lambda_runtime import LambdaRuntime

        async def main():
            runtime = LambdaRuntime((Function("toy", "toy.handler", 60, 128, 1, ()),), variables={{}},
                log_dir=Path({str(tmp_path)!r}) / "logs", task_roots=Path({str(task_root)!r}), guardian=Guardian())
            result = await runtime.invoke("toy", b"{{}}")
            print(json.loads(result.payload)["pid"], flush=True)
            await runtime.invoke("toy", b'{{"do": "sleep", "seconds": 60}}')

        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    ) as stand_in:
        assert stand_in.stdout is not None
        pid = int(stand_in.stdout.readline())
        worker = psutil.Process(pid)
        os.kill(stand_in.pid, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_S
        while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE:  # adopted, and not yet looked at
            assert time.monotonic() < deadline, "the function's process outlived its stack"
            time.sleep(0.02)


ALONE = """
    import importlib.util, sys, zoneinfo

    def handler(event, context):
        names = ("beside_it", "psycopg", "boto3", "shared", "json")
        return {
            "sees": [name for name in names if importlib.util.find_spec(name)],
            "first": sys.path[0],
            "flags": [sys.flags.isolated, sys.flags.no_site],
            "time_zones": zoneinfo.TZPATH,
        }
"""


def test_a_bundle_runs_on_nothing_but_itself(tmp_path: Path, guardian: Guardian) -> None:
    """What it forgot to bring may be missing on AWS: neither our packages nor our code nor this machine's time zones
    stand in for it."""
    bundle = tmp_path / "bundles" / "toy"
    bundle.mkdir(parents=True)
    (bundle / "toy.py").write_text(textwrap.dedent(ALONE))
    (bundle / "beside_it.py").write_text("")
    function = Function("toy", "toy.handler", 20.0, 128, 1, ())

    async def scenario() -> Any:
        runtime = LambdaRuntime(
            (function,),
            variables={},
            log_dir=tmp_path / "logs",
            task_roots={"toy": bundle},
            guardian=guardian,
        )
        try:
            return await call(runtime)
        finally:
            await runtime.close()

    assert asyncio.run(scenario()) == {
        "sees": ["beside_it", "json"],
        "first": str(bundle),
        "flags": [1, 1],
        "time_zones": [],
    }
