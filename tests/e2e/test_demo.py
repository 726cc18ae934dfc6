"""make demo, and replyctl on the stack that ``--keep`` leaves running: a newcomer's first ten minutes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from infra.topology import TOPOLOGY
from local.elsewhere import POINT_ELSEWHERE
from local.samples import FOLDERS, load_about
from tests.e2e.conftest import REPOSITORY

DEMO_TIMEOUT_S = 250.0
SEND_TIMEOUT_S = 60.0


class RunningDemo:
    """``python -m local demo --json`` and what it has reported."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.output = folder / "demo.json"
        self.errors = folder / "demo.log"
        environment = {name: value for name, value in os.environ.items() if name not in POINT_ELSEWHERE}
        with self.output.open("wb") as output, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local", "demo", "--json", *arguments],
                cwd=REPOSITORY,
                env={**environment, "TMPDIR": str(folder)},
                stdout=output,
                stderr=errors,
            )

    def wait_until[T](self, what: str, timeout_s: float, ready: Callable[[], T | None]) -> T:
        deadline = time.monotonic() + timeout_s
        while (found := ready()) is None:
            if time.monotonic() > deadline or self.process.poll() is not None:
                pytest.fail(f"no {what}; the demo said:\n{self.errors.read_text(errors='replace')}")
            time.sleep(0.1)
        return found

    def report(self) -> dict[str, Any]:
        """Returns the report, once it is there in full."""

        def read() -> dict[str, Any] | None:
            try:
                return dict(json.loads(self.output.read_text()))
            except ValueError:
                return None

        return self.wait_until("report", DEMO_TIMEOUT_S, read)

    @property
    def stack_file(self) -> Path:
        (path,) = self.folder.glob("reply-demo-*/stack.json")
        return path

    def replyctl(self, *arguments: str) -> Any:
        """Runs replyctl as a process of its own, from another folder, and returns its JSON."""
        finished = subprocess.run(
            [sys.executable, "-m", "ops.replyctl", *arguments, "--json"],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "REPLYCTL_STACK": str(self.stack_file)},
            capture_output=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr.decode()
        return json.loads(finished.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    running = RunningDemo(tmp_path_factory.mktemp("demo"), "--keep")
    try:
        yield running
    finally:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(60)


@pytest.fixture(scope="module")
def client_id(demo: RunningDemo) -> str:
    """The workspace that the demo has made, besides the stack's own."""
    demo.report()
    (made,) = (client for client in demo.replyctl("client", "list") if client["name"].endswith("(demo)"))
    return str(made["id"])


def test_the_demo_is_as_its_samples_expect(demo: RunningDemo) -> None:
    report = demo.report()

    assert report["deviations"] == []
    assert report["model"] == "offline rules server"
    for provider in TOPOLOGY.providers:
        assert report[provider.name] == "sandbox"
        assert report["totals"][f"messages_at_{provider.name}"] > 0, "it answers by itself somewhere at each"
    assert len(report["events"]) >= 16
    totals = report["totals"]
    sent = [event for event in report["events"] if event["sent"] and event["same_message_as"] is None]
    assert sent, "at least one campaign answers by itself"
    assert taken(totals) == totals["sends"]["SENT"] == len(sent)
    assert set(totals["dead_letters"].values()) == {0}
    assert totals["jobs"]["SUCCEEDED"] == sum(totals["jobs"].values())
    assert totals["cost_usd"] > 0


def test_every_command_works_on_what_the_demo_made(demo: RunningDemo, client_id: str) -> None:
    report = demo.report()
    events = demo.replyctl("events", "list", "--client", client_id)
    assert {event["outcome"] for event in events} >= {"ACCEPTED", "QUARANTINED"}
    campaigns = demo.replyctl("campaign", "list", "--client", client_id)
    assert len(campaigns) == sum(len(load_about(folder).campaigns) for folder in FOLDERS)
    assert len(demo.replyctl("jobs", "list", "--client", client_id, "--limit", "500")) == sum(
        report["totals"]["jobs"].values()
    )
    suppressed = demo.replyctl("lead", "suppressed", "--client", client_id)
    assert {lead["suppression_reason"] for lead in suppressed} == {"OPT_OUT", "BOUNCED", "UNSUBSCRIBED"}
    assert demo.replyctl("doctor", "--client", client_id)["healthy"] is True


def test_an_approved_draft_is_sent_once(demo: RunningDemo, client_id: str) -> None:
    before = taken(demo.report()["totals"])
    draft = demo.replyctl("drafts", "list", "--client", client_id, "--status", "NEEDS_REVIEW")[0]
    demo.replyctl("drafts", "edit", draft["id"], "--body", "Hi, a person wrote this.")
    demo.replyctl("drafts", "approve", draft["id"], "--by", "dana")

    def sent() -> dict[str, Any] | None:
        shown = demo.replyctl("drafts", "show", draft["id"])["draft"]
        return shown if shown["status"] == "SENT" else None

    shown = demo.wait_until("sent e-mail", SEND_TIMEOUT_S, sent)

    assert (shown["send_status"], shown["send_attempts"], shown["decided_by"]) == ("SENT", 1, "dana")
    messages = sent_through_all(demo)
    assert len(messages) == before + 1
    assert [message for message in messages if "a person wrote this" in message["text"]]


def taken(totals: dict[str, Any]) -> int:
    """Returns how many messages the providers have taken."""
    return sum(int(totals[f"messages_at_{provider.name}"]) for provider in TOPOLOGY.providers)


def sent_through_all(demo: RunningDemo) -> list[dict[str, Any]]:
    shown = json.loads(demo.stack_file.read_text())
    urls = [shown[f"{provider.name}_url"] for provider in TOPOLOGY.providers]
    return [message for url in urls for message in httpx2.get(f"{url}/_sent", trust_env=False).json()]


def test_ctrl_c_leaves_nothing_behind(demo: RunningDemo) -> None:
    """The last test of this file: it stops the demo."""
    demo.report()

    demo.process.send_signal(signal.SIGINT)

    assert demo.process.wait(60) == 0
    assert list(demo.folder.glob("reply-demo-*")) == []


def test_ctrl_c_while_jobs_run_is_one_word(tmp_path: Path) -> None:
    """The moment at which the database goes away below a step that reads it."""
    demo = RunningDemo(tmp_path)

    def drafts() -> int | None:
        files = list(tmp_path.glob("reply-demo-*/stack.json"))
        if not files:
            return None
        with psycopg.connect(json.loads(files[0].read_text())["database_url"]) as connection:
            found = connection.execute("SELECT count(*) FROM draft").fetchone()
        return int(found[0]) or None if found else None

    demo.wait_until("draft", DEMO_TIMEOUT_S, drafts)
    demo.process.send_signal(signal.SIGINT)

    assert demo.process.wait(60) == 130
    said = demo.errors.read_text()
    assert said.splitlines()[-1] == "Stopped"
    assert "Traceback" not in said
    assert list(tmp_path.glob("reply-demo-*")) == []
