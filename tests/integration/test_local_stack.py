"""The stack as a whole: what it starts, what it writes down, and that nothing is left of it however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import psutil
import psycopg
import pytest

import local.sqs
from infra.topology import TOPOLOGY, EventSource, Function, Queue, Route, Schedule, Topology
from local.elsewhere import POINT_ELSEWHERE
from local.sqs import sqs_client as make_sqs_client
from local.stack import Stack, StartError, bundle_folders, hold_checkout
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import Provider
from shared.domain.webhook_token import verify_token
from tests.e2e.conftest import REPOSITORY, RunningStack, running_stack
from tests.timing import PATIENCE_S

PROVIDER_URLS = {f"{provider.name}_url" for provider in TOPOLOGY.providers}
KEYS = {"api_url", "database_url", "sqs_endpoint", "queues", "openai_url", "client", "webhooks", *PROVIDER_URLS}

TOY = """
    import json, os
    from pathlib import Path

    def handler(event, context):
        name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        with (Path(os.environ["LAMBDA_TASK_ROOT"]) / f"{name}.calls").open("a") as calls:
            calls.write(json.dumps(event) + chr(10))
        if "Records" in event:
            return {"batchItemFailures": []}
        return {"statusCode": 200, "headers": {"x-variables": ",".join(sorted(os.environ))}, "body": event.get("body")}
"""
TOY_TOPOLOGY = Topology(
    queues=(
        Queue("toy.fifo", "TOY_QUEUE_URL", 6, dead_letter_queue="toy-dlq.fifo", max_receive_count=4),
        Queue("toy-dlq.fifo", None, 6),
    ),
    functions=(
        Function("front", "toy.handler", 5, 128, 2, ("DATABASE_URL", "TOY_QUEUE_URL")),
        Function("consumer", "toy.handler", 5, 128, 2, ("MAX_RECEIVE_COUNT",)),
        Function("clock", "toy.handler", 5, 128, 1, ()),
    ),
    event_sources=(EventSource("toy.fifo", "consumer", 2),),
    schedules=(Schedule("tick", "clock", 0.3, {"task": "tick"}),),
    routes=(Route("POST", "/toy", "front"),),
)


@pytest.fixture
def task_root(tmp_path: Path) -> Path:
    (tmp_path / "toy.py").write_text(textwrap.dedent(TOY))
    return tmp_path


@pytest.fixture
def elsewhere(database_url: str, sqs_endpoint: str) -> dict[str, str]:
    """An environment that names running servers, so that a stack has none of its own to start."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "AWS_ENDPOINT_URL_SQS": sqs_endpoint,
        "AWS_ENDPOINT_URL_S3": sqs_endpoint,
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        **{provider.url_variable: "http://127.0.0.1:9" for provider in TOPOLOGY.providers},
    }


@pytest.fixture
def toy_stack(task_root: Path, elsewhere: dict[str, str]) -> Iterator[Stack]:
    with Stack(
        task_root / "state", topology=TOY_TOPOLOGY, task_roots=task_root, environment=elsewhere, report=lambda _: None
    ) as stack:
        yield stack


def calls_of(task_root: Path, function: str, count: int) -> list[dict[str, Any]]:
    """Waits for the first ``count`` events that ``function`` gets, and returns them."""
    path = task_root / f"{function}.calls"
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists() or path.read_text().count("\n") < count:
        assert time.monotonic() < deadline, f"{function} was not called {count} times"
        time.sleep(0.05)
    events: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()[:count]]
    return events


def post(url: str, body: bytes, content_type: str = "application/json") -> httpx2.Response:
    return httpx2.post(url, content=body, headers={"Content-Type": content_type}, timeout=PATIENCE_S, trust_env=False)


def descendants(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    family: list[psutil.Process] = psutil.Process(process.pid).children(recursive=True)
    return family


def wait_until_gone(processes: list[psutil.Process], timeout_s: float = PATIENCE_S) -> list[psutil.Process]:
    """Returns those that are still there in the end. A zombie has ended, though nobody has looked yet."""

    def alive() -> list[psutil.Process]:
        left = []
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                    left.append(process)
        return left

    deadline = time.monotonic() + timeout_s
    while alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    return alive()


def test_routes_queues_and_schedules_reach_their_functions(toy_stack: Stack, task_root: Path) -> None:
    answer = post(toy_stack.info["api_url"] + "/toy?a=1", b"hello", "text/plain")
    assert (answer.status_code, answer.content) == (200, b"hello")
    [event] = calls_of(task_root, "front", 1)
    assert event["rawQueryString"] == "a=1"
    variables = answer.headers["x-variables"].split(",")
    assert {"DATABASE_URL", "TOY_QUEUE_URL", "LOG_LEVEL", "TIME_SCALE", "AWS_ENDPOINT_URL_SQS"} <= set(variables)
    assert not {"MAX_RECEIVE_COUNT", "WEBHOOK_SIGNING_KEYS", "OPENAI_API_KEY"} & set(variables)

    make_sqs_client(toy_stack.info["sqs_endpoint"]).send_message(
        QueueUrl=toy_stack.info["queues"]["toy.fifo"],
        MessageBody="queued",
        MessageGroupId="g",
        MessageDeduplicationId=str(uuid7()),
    )
    [delivered] = calls_of(task_root, "consumer", 1)
    assert delivered["Records"][0]["body"] == "queued"

    assert calls_of(task_root, "clock", 2) == [{"task": "tick"}] * 2


def test_unknown_routes_and_too_large_bodies_are_answered_by_the_front(toy_stack: Stack, task_root: Path) -> None:
    url = toy_stack.info["api_url"]

    unknown = post(url + "/nothing-here", b"")
    assert (unknown.status_code, unknown.content) == (404, b'{"message":"Not Found"}')
    assert post(url + "/toy/", b"").status_code == 404
    assert httpx2.get(url + "/toy", trust_env=False).status_code == 404
    assert post(url + "/toy", b"x" * (10 * 1024 * 1024 + 1)).status_code == 413
    assert post(url + "/toy", b"x" * (7 * 1024 * 1024)).status_code == 413
    assert not (task_root / "front.calls").exists()


def test_a_chunked_body_and_one_of_six_megabytes_reach_the_function_whole(toy_stack: Stack, task_root: Path) -> None:
    url = toy_stack.info["api_url"] + "/toy"
    pieces = [b'{"event_type":', b'"reply_', b"\r\n0\r\n\r\n", 'received", "a": "ü"}'.encode()]

    chunked = httpx2.post(url, content=iter(pieces), headers={"Content-Type": "application/json"}, trust_env=False)

    assert (chunked.status_code, chunked.content) == (200, b"".join(pieces))
    [event] = calls_of(task_root, "front", 1)
    assert event["headers"]["transfer-encoding"] == "chunked"
    assert (event["body"].encode(), event["isBase64Encoded"]) == (b"".join(pieces), False)

    large = b"x" * 6_000_000
    answer = post(url, large)
    assert (answer.status_code, len(answer.content)) == (200, len(large))
    assert answer.content == large
    as_chunks = httpx2.post(
        url,
        content=(large[start : start + 65_536] for start in range(0, len(large), 65_536)),
        headers={"Content-Type": "application/json"},
        timeout=20,
        trust_env=False,
    )
    assert (as_chunks.status_code, as_chunks.content == large) == (200, True)


def test_a_failing_function_is_an_internal_server_error(toy_stack: Stack, task_root: Path) -> None:
    (task_root / "toy.py").write_text("def handler(event, context):\n    raise ValueError('private detail')\n")

    answer = post(toy_stack.info["api_url"] + "/toy", b"")

    assert (answer.status_code, answer.content) == (500, b'{"message":"Internal Server Error"}')


def test_a_variable_that_the_stack_does_not_know_is_named(task_root: Path, elsewhere: dict[str, str]) -> None:
    topology = Topology((), (Function("front", "toy.handler", 5, 128, 1, ("NOBODY_SETS_THIS",)),), (), (), ())
    stack = Stack(task_root / "state", topology=topology, environment=elsewhere, report=lambda _: None)

    with pytest.raises(StartError, match="NOBODY_SETS_THIS of the function front"):
        stack.start()


def test_a_busy_port_is_named_with_the_way_out(task_root: Path, elsewhere: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        stack = Stack(
            task_root / "state", topology=TOY_TOPOLOGY, port=port, environment=elsewhere, report=lambda _: None
        )
        with pytest.raises(StartError, match=f"^Port {port} of 127.0.0.1 is in use: choose another with --port"):
            stack.start()
    assert not stack.info_path.exists()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "nonsense", "DATABASE_URL is no database URL: .*postgresql://"),
        ("DATABASE_URL", "postgresql://user:hidden@host:port/x", "DATABASE_URL is no database URL: .*postgresql://"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/x", "database does not respond: .*refused"),
        ("OPENAI_BASE_URL", "nonsense", "OPENAI_BASE_URL is no URL: .*http://"),
        ("INSTANTLY_BASE_URL", "127.0.0.1:8080", "INSTANTLY_BASE_URL is no URL: .*http://"),
        ("AWS_ENDPOINT_URL_SQS", "http://host:port", "AWS_ENDPOINT_URL_SQS is no URL: .*http://"),
        ("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9", "SQS at http://127.0.0.1:9 does not work"),
    ],
)
def test_an_address_that_cannot_work_is_told_in_one_sentence(
    task_root: Path, elsewhere: dict[str, str], name: str, value: str, sentence: str
) -> None:
    stack = Stack(
        task_root / "state", topology=TOY_TOPOLOGY, environment={**elsewhere, name: value}, report=lambda _: None
    )

    with pytest.raises(StartError, match=sentence) as raised:
        stack.start()

    assert "\n" not in str(raised.value)
    assert "hidden" not in str(raised.value)


def test_a_model_that_takes_no_connection_is_told_and_waited_for(task_root: Path, elsewhere: dict[str, str]) -> None:
    lines: list[str] = []
    with Stack(
        task_root / "state", topology=TOY_TOPOLOGY, task_roots=task_root, environment=elsewhere, report=lines.append
    ):
        pass

    assert any(re.search(r"OPENAI_BASE_URL takes no connection at 127\.0\.0\.1:9 .*will wait", line) for line in lines)


def test_a_bundle_that_was_not_built_names_make_bundle(task_root: Path, elsewhere: dict[str, str]) -> None:
    stack = Stack(
        task_root / "state",
        topology=TOY_TOPOLOGY,
        task_roots=bundle_folders(task_root / "bundles", TOY_TOPOLOGY),
        environment=elsewhere,
        report=lambda _: None,
    )

    with pytest.raises(StartError, match=r"no bundle of front at .*make bundle"):
        stack.start()


def test_a_missing_queue_environment_names_make_setup(
    task_root: Path, elsewhere: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local.sqs, "PYTHON", task_root / "no-such-python")
    environment = {name: value for name, value in elsewhere.items() if name != "AWS_ENDPOINT_URL_SQS"}

    with pytest.raises(StartError, match="make setup"):
        Stack(task_root / "state", environment=environment, report=lambda _: None).start()


def test_starting_again_keeps_the_workspace_and_what_a_person_changed(
    task_root: Path, elsewhere: dict[str, str], database_url: str
) -> None:
    def run() -> dict[str, Any]:
        with Stack(
            task_root / "state",
            topology=TOY_TOPOLOGY,
            task_roots=task_root,
            environment=elsewhere,
            report=lambda _: None,
        ) as stack:
            return stack.info

    first = run()
    with psycopg.connect(database_url) as connection:
        name, booking_link, auto_send, workspace = connection.execute(
            """
            SELECT persona_name, booking_link, auto_send_enabled, external_id
            FROM provider_account JOIN client_settings USING (client_id)
            """
        ).fetchall()[0]
        assert name
        assert booking_link.startswith("https://")
        assert auto_send is True
        assert workspace is None
        assert connection.execute("SELECT count(*) FROM knowledge_asset").fetchone() == (4,)
        connection.execute("UPDATE client_settings SET persona_name = 'Changed'")

    second = run()

    assert second["client"] == first["client"]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT persona_name FROM client_settings").fetchall() == [("Changed",)]
        assert connection.execute("SELECT count(*) FROM knowledge_asset").fetchone() == (4,)


def test_jobs_of_an_earlier_run_are_handed_to_the_publisher_again(
    state_dir: Path, tmp_path: Path, elsewhere: dict[str, str], database_url: str
) -> None:
    """With a queue service of its own: that one starts empty, Postgres does not."""
    environment = {name: value for name, value in elsewhere.items() if name != "AWS_ENDPOINT_URL_SQS"}
    client, lead = uuid7(), uuid7()
    rows = {
        # status, published, generation → status, published, generation
        "published": ("PENDING", True, 0, "PENDING", False, 1),
        "running": ("RUNNING", True, 2, "PENDING", False, 3),
        "waiting": ("PENDING", False, 0, "PENDING", False, 0),
        "done": ("SUCCEEDED", True, 0, "SUCCEEDED", True, 0),
        "failed": ("FAILED", True, 0, "FAILED", True, 0),
    }
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO client (id, name) VALUES (%s, 'other')", (client,))
        connection.execute("INSERT INTO lead (id, client_id, email) VALUES (%s, %s, 'a@example.com')", (lead, client))
        for key, (status, published, generation, *_) in rows.items():
            connection.execute(
                """
                INSERT INTO background_job (id, client_id, lead_id, type, dedupe_key, status, generation, run_at,
                    enqueued_at, lease_owner, lease_expires_at)
                VALUES (%(id)s, %(client)s, %(lead)s, 'SYNC_PERSON', %(key)s, %(status)s, %(generation)s,
                    now(), CASE WHEN %(published)s THEN now() END,
                    CASE WHEN %(status)s = 'RUNNING' THEN 'gone' END,
                    CASE WHEN %(status)s = 'RUNNING' THEN now() + interval '1 hour' END)
                """,
                {
                    "id": uuid7(),
                    "client": client,
                    "lead": lead,
                    "key": key,
                    "status": status,
                    "generation": generation,
                    "published": published,
                },
            )

    topology = Topology(TOY_TOPOLOGY.queues, (), (), (), ())
    with Stack(tmp_path / "state", topology=topology, environment=environment, report=lambda _: None):
        pass

    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT dedupe_key, status, enqueued_at IS NOT NULL, generation, lease_owner, lease_expires_at"
            " FROM background_job"
        ).fetchall()
    assert {key: (status, published, generation) for key, status, published, generation, *_ in found} == {
        key: (status, published, generation) for key, (*_, status, published, generation) in rows.items()
    }
    assert all(owner is None and expires is None for *_, owner, expires in found)


REACH_OUT = """
    import os
    import boto3, psycopg
    from botocore.config import Config

    def handler(event, context):
        status = {"postgres": "up", "sqs": "up"}
        try:
            psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3).close()
        except psycopg.OperationalError:
            status["postgres"] = "down"
        try:
            sqs = boto3.client("sqs", config=Config(retries={"total_max_attempts": 1}))
            sqs.get_queue_attributes(QueueUrl=os.environ["TOY_QUEUE_URL"])
        except Exception as error:
            status["sqs"] = "down"
        return status
"""


@pytest.mark.parametrize("name", ["postgres", "sqs"])
def test_an_outage_is_the_functions_alone(task_root: Path, elsewhere: dict[str, str], name: str) -> None:
    """Functions reach Postgres and SQS through the proxies; whoever checks the outcome is not cut off."""
    (task_root / "toy.py").write_text(textwrap.dedent(REACH_OUT))
    topology = Topology(TOY_TOPOLOGY.queues, TOY_TOPOLOGY.functions[:1], (), (), TOY_TOPOLOGY.routes)
    with Stack(
        task_root / "state",
        topology=topology,
        fault_proxies=True,
        task_roots=task_root,
        environment=elsewhere,
        report=print,
    ) as stack:

        def set_mode(mode: str) -> None:
            answer = httpx2.put(f"{stack.control_url}/proxies/{name}", json={"mode": mode}, trust_env=False)
            answer.raise_for_status()

        def reached() -> Any:
            return post(stack.info["api_url"] + "/toy", b"").json()

        assert reached() == {"postgres": "up", "sqs": "up"}
        set_mode("refuse")
        assert reached() == {"postgres": "up", "sqs": "up"} | {name: "down"}
        psycopg.connect(stack.info["database_url"]).close()
        make_sqs_client(stack.info["sqs_endpoint"]).list_queues()
        set_mode("pass")
        assert reached() == {"postgres": "up", "sqs": "up"}


def test_its_postgres_is_restarted_on_demand_and_keeps_what_was_committed(
    state_dir: Path, elsewhere: dict[str, str]
) -> None:
    environment = {name: value for name, value in elsewhere.items() if name != "DATABASE_URL"}
    topology = Topology(TOY_TOPOLOGY.queues, (), (), (), ())

    def restart(stack: Stack) -> int:
        url = f"{stack.control_url}/servers/postgres/restart"
        return httpx2.post(url, json={"away_s": 0.1}, timeout=60, trust_env=False).status_code

    with Stack(state_dir / "restarted", topology=topology, environment=environment, report=lambda _: None) as stack:
        started = "SELECT pg_postmaster_start_time()"
        with psycopg.connect(stack.info["database_url"]) as before:
            first = before.execute(started).fetchone()
            before.execute("CREATE TABLE kept (x int)")
            before.commit()
            assert restart(stack) == 200
            with pytest.raises(psycopg.OperationalError):
                before.execute("SELECT 1")
        with psycopg.connect(stack.info["database_url"]) as after:
            assert after.execute("SELECT count(*) FROM kept").fetchone() == (0,)
            assert after.execute(started).fetchone() > first
    assert stack.failure is None

    with Stack(state_dir / "theirs", topology=topology, environment=elsewhere, report=lambda _: None) as stack:
        assert restart(stack) == 409, "somebody else's server is not ours to restart"


@pytest.mark.parametrize(
    ("environment", "openai_url", "seen"),
    [
        ({"OPENAI_API_KEY": "sk-test"}, "https://api.openai.com", {"OPENAI_API_KEY": "sk-test"}),
        (
            {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": "http://model.example.com/v1"},
            "http://model.example.com",
            {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": "http://model.example.com/v1"},
        ),
        (
            {"OPENAI_BASE_URL": "http://model.example.com/v1"},
            "http://model.example.com",
            {"OPENAI_API_KEY": "local", "OPENAI_BASE_URL": "http://model.example.com/v1"},
        ),
    ],
)
def test_a_model_of_the_users_is_used_as_told(
    task_root: Path, elsewhere: dict[str, str], environment: dict[str, str], openai_url: str, seen: dict[str, str]
) -> None:
    (task_root / "toy.py").write_text(
        "import os\ndef handler(event, context):\n    return {k: v for k, v in os.environ.items() if 'OPENAI' in k}\n"
    )
    front = Function("front", "toy.handler", 5, 128, 1, ("OPENAI_API_KEY", "OPENAI_BASE_URL"))
    given = {name: value for name, value in elsewhere.items() if not name.startswith("OPENAI")} | environment
    with Stack(
        task_root / "state",
        topology=Topology((), (front,), (), (), TOY_TOPOLOGY.routes, providers=TOPOLOGY.providers),
        task_roots=task_root,
        environment=given,
        report=print,
    ) as stack:
        assert stack.info["openai_url"] == openai_url
        assert {stack.info[name] for name in PROVIDER_URLS} == {"http://127.0.0.1:9"}
        assert post(stack.info["api_url"] + "/toy", b"").json() == seen


@pytest.fixture(scope="module")
def running(state_dir: Path) -> Iterator[RunningStack]:
    with running_stack(state_dir / "module") as running:
        yield running


def test_stack_json_says_exactly_what_tools_rely_on(running: RunningStack) -> None:
    assert set(running.info) == KEYS
    assert set(running.info["client"]) == {"id", "token"}
    assert os.stat(running.state_dir / "stack.json").st_mode & 0o777 == 0o600
    assert set(running.info["queues"]) == {queue.name for queue in TOPOLOGY.queues}
    for name in ("api_url", "openai_url", "sqs_endpoint", *PROVIDER_URLS):
        assert running.info[name].startswith("http://127.0.0.1:")
        assert not running.info[name].endswith("/")
    assert set(running.info["webhooks"]) == {
        path.removeprefix("/webhooks/").replace("/", "_") for provider in TOPOLOGY.providers for path in provider.paths
    }
    for webhook in running.info["webhooks"].values():
        assert set(webhook) == {"url", "headers", "body", "ids"}
        assert webhook["url"].startswith(f"{running.info['api_url']}/webhooks/")
    psycopg.connect(running.info["database_url"]).close()
    key = json.loads((running.state_dir / "identity.json").read_text())["signing_key"]
    assert (
        verify_token(running.info["client"]["token"], UUID(running.info["client"]["id"]), [key], Provider.INSTANTLY)
        == 1
    )


def test_a_second_stack_on_the_same_folder_is_refused_with_the_first_ones_pid(running: RunningStack) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "local", "up", "--state-dir", str(running.state_dir)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert second.returncode == 1
    assert f"already (pid {running.process.pid})" in second.stderr
    assert "Traceback" not in second.stderr
    assert (running.state_dir / "stack.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_however_the_stack_ends(state_dir: Path, number: signal.Signals) -> None:
    folder = state_dir / f"end-{number.name.lower()}"
    with running_stack(folder) as running:
        post(running.info["api_url"] + "/webhooks/instantly", b"{}")  # one function's process, too
        family = descendants(running.process)
        assert any("awslambdaric" in " ".join(process.cmdline()) for process in family)
        assert any(process.name() == "postgres" for process in family)

        running.process.send_signal(number)
        status = running.process.wait(PATIENCE_S)

        assert wait_until_gone(family) == []
        assert status == (-signal.SIGKILL if number == signal.SIGKILL else 0)
        assert not (folder / "stack.json").exists()
        assert not (folder / "control.json").exists()


def test_a_server_that_dies_ends_the_stack_with_its_name(running: RunningStack) -> None:
    """The last test of the module's stack: it ends it."""
    family = descendants(running.process)
    [queue_server] = [process for process in family if "sqs_server" in " ".join(process.cmdline())]
    queue_server.kill()

    assert running.process.wait(PATIENCE_S) == 1
    assert wait_until_gone(family) == []
    assert "SQS ended unexpectedly" in (running.state_dir / "up.log").read_text()


def test_a_stack_whose_folder_is_deleted_stops_and_leaves_the_next_ones_alone(
    task_root: Path, elsewhere: dict[str, str]
) -> None:
    folder, away = task_root / "state", task_root / "away"
    del elsewhere["DATABASE_URL"]  # with a Postgres of its own
    before = set(psutil.Process().children(recursive=True))
    with Stack(
        folder, topology=TOY_TOPOLOGY, task_roots=task_root, environment=elsewhere, report=lambda _: None
    ) as stack:
        family = [process for process in psutil.Process().children(recursive=True) if process not in before]
        assert any(process.name() == "postgres" for process in family)
        folder.rename(away)  # at once, where deleting takes its time
        folder.mkdir()
        others = {folder / name: f"the next stack's {name}" for name in ("stack.json", "control.json", "stack.lock")}
        for path, content in others.items():
            path.write_text(content)

        assert stack.ended.wait(PATIENCE_S)

    assert (
        stack.failure == f"{folder} was deleted or moved while the stack was running on it, so the stack has stopped."
    )
    assert {path: path.read_text() for path in folder.iterdir()} == others
    assert wait_until_gone(family) == []


def test_make_clean_is_refused_while_something_runs_whatever_became_of_its_files(tmp_path: Path) -> None:
    """The check alone, on a checkout of its own: make clean would remove this one's .venv."""
    (tmp_path / "local").mkdir()
    check = [sys.executable, shutil.copy(REPOSITORY / "local" / "bootstrap.py", tmp_path / "local"), "--nothing-runs"]

    with hold_checkout(tmp_path):
        refused = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "A stack or a demo is running on this checkout: stop it first, with Ctrl-C.\n"

    (tmp_path / ".local").mkdir()
    with (tmp_path / ".local" / "stack.lock").open("w") as lock:
        lock.write("4711")
        lock.flush()
        with hold_checkout(tmp_path):
            assert "(pid" not in subprocess.run(check, capture_output=True, text=True, check=False).stderr
            fcntl.flock(lock, fcntl.LOCK_EX)
            assert "(pid 4711)" in subprocess.run(check, capture_output=True, text=True, check=False).stderr
        assert subprocess.run(check, capture_output=True, check=False).returncode == 0


def test_a_running_stack_holds_its_checkout(toy_stack: Stack) -> None:
    folder = os.open(REPOSITORY, os.O_RDONLY)
    try:
        with pytest.raises(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(folder)


def test_a_ctrl_c_while_the_programs_are_being_loaded_is_one_word(tmp_path: Path) -> None:
    """What takes a second to load is held up here until the signal has come."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "__init__.py").write_text("print('loading', flush=True)\nimport time\ntime.sleep(60)\n")
    for command in ("up", "demo"):
        with subprocess.Popen(
            [sys.executable, "-m", "local", command],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": f"{tmp_path}:{REPOSITORY}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "loading\n"
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, errors) == (130, "Stopped\n")


def test_a_stop_during_the_start_stops(state_dir: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "up", "--state-dir", str(state_dir / "early")],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name not in POINT_ELSEWHERE},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()  # "Starting …": the signals are handled from here on
        time.sleep(0.5)
        family = descendants(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 130
        assert wait_until_gone(family) == []


def test_a_ctrl_c_while_the_stacks_thread_is_being_started_stops_it(
    task_root: Path, elsewhere: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start

    def start_and_interrupt(thread: threading.Thread) -> None:
        start(thread)
        if thread.name == "stack":
            raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", start_and_interrupt)
    stack = Stack(task_root / "state", topology=TOY_TOPOLOGY, environment=elsewhere, report=lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        stack.start()
    assert stack.ended.is_set()
    assert not stack.info_path.exists()


def test_a_ctrl_c_during_the_start_of_a_stack_in_this_process_stops_it(
    task_root: Path, elsewhere: dict[str, str]
) -> None:
    lines: list[str] = []

    def interrupt(line: str) -> None:
        lines.append(line)
        if len(lines) == 1:
            os.kill(os.getpid(), signal.SIGINT)  # Python raises KeyboardInterrupt in the main thread, which waits

    stack = Stack(task_root / "state", topology=TOY_TOPOLOGY, environment=elsewhere, report=interrupt)
    with pytest.raises(KeyboardInterrupt):
        stack.start()
    assert stack.ended.is_set()
    assert not stack.info_path.exists()
