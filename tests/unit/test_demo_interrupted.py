"""Ctrl-C in the demo, whatever it is doing: one word, exit code 130, nothing left behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from local import demo
from local.stack import StopRequestedError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class FakeStack:
    """A stack that starts at once and takes everything away as soon as it is asked to stop."""

    def __init__(self, state_dir: Path, **_: object) -> None:
        self.state_dir = state_dir
        self.log_dir = state_dir / "logs"
        self.info: dict[str, Any] = {"database_url": "postgresql://nobody@127.0.0.1:9/none"}
        self.ended = threading.Event()
        self.failure = None

    def __enter__(self) -> FakeStack:
        (self.state_dir / "postgres").mkdir()
        (self.state_dir / "logs").mkdir()
        happen("starting")
        if self.ended.is_set():
            raise StopRequestedError("stopped while starting")
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()

    def request_stop(self) -> None:
        self.ended.set()


happen: Callable[[str], None] = lambda _: None  # noqa: E731 (each test sets it)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Returns the demo's temporary folder; its steps do nothing but call ``happen``."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(demo, "Stack", FakeStack)

    def step(name: str, result: object) -> None:
        def take(*_: object, **__: object) -> object:
            happen(name)
            return result

        monkeypatch.setattr(demo, name, take)

    step("make_demo_workspace", type("Client", (), {"id": None}))
    step("post_samples", [])
    step("wait_for_jobs", None)
    step("make_report", type("Report", (), {"failures": ()}))
    step("print_report", None)
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield tmp_path
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def at(step: str, action: Callable[[], None]) -> Iterator[None]:
    global happen
    happen = lambda name: action() if name == step else None  # noqa: E731
    try:
        yield
    finally:
        happen = lambda _: None  # noqa: E731


def interrupt_and_fail() -> None:
    """Fails like a step whose database goes away under it."""
    signal.raise_signal(signal.SIGINT)
    raise OperationalError("SELECT 1", {}, Exception("server closed the connection unexpectedly"))


STEPS = ("starting", "make_demo_workspace", "post_samples", "wait_for_jobs", "make_report", "print_report")


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("step", STEPS)
def test_a_signal_that_disturbs_nothing_stops_the_demo(
    folder: Path, capsys: pytest.CaptureFixture[str], step: str, number: signal.Signals
) -> None:
    with at(step, lambda: signal.raise_signal(number)):
        assert demo.main([]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "Stopped"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("step", STEPS)
def test_what_fails_because_of_it_is_not_told(folder: Path, capsys: pytest.CaptureFixture[str], step: str) -> None:
    with at(step, interrupt_and_fail):
        assert demo.main([]) == 130
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == "Stopped"
    assert "Traceback" not in said.err
    assert "server closed" not in said.err + said.out
    assert list(folder.iterdir()) == []


def test_what_fails_by_itself_is_told(folder: Path) -> None:
    def fail() -> None:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection unexpectedly"))

    with at("wait_for_jobs", fail), pytest.raises(OperationalError):
        demo.main([])


def test_the_end_says_how_to_go_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main([]) == 0
    said = capsys.readouterr().err
    assert "make demo ARGS=--keep" in said
    assert "make up" in said


def test_a_demo_that_was_kept_ends_well_with_ctrl_c(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "explain_use", lambda *_: signal.raise_signal(signal.SIGINT))
    assert demo.main(["--keep"]) == 0
    assert list(folder.iterdir()) == []
