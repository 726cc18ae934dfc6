"""The running stack, as a person starts it: a process of its own, driven over HTTP only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.topology import TOPOLOGY
from local.elsewhere import POINT_ELSEWHERE

REPOSITORY = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 90.0  # on a machine that is busy with something else; 4 s when it is not
STOP_TIMEOUT_S = 30.0


KEYS = {provider.keys_variable: f"{provider.name}-key-of-the-tests" for provider in TOPOLOGY.providers}
"""The providers' keys: the sandboxes take any; a log line must not hold one of these."""


@dataclass(frozen=True)
class RunningStack:
    """The tests' knowledge of the stack: its stack.json, its folder and its process."""

    info: dict[str, Any]
    state_dir: Path
    process: subprocess.Popen[bytes]


@contextmanager
def running_stack(
    state_dir: Path, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[RunningStack]:
    """Runs ``python -m local up`` on ``state_dir`` and stops it as Ctrl-C does. ``environment`` adds variables."""
    state_dir.mkdir(parents=True, exist_ok=True)
    output = state_dir / "up.log"
    inherited = {name: value for name, value in os.environ.items() if name not in POINT_ELSEWHERE}
    with output.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "local", "up", "--state-dir", str(state_dir), *arguments],
            cwd=REPOSITORY,
            env={**inherited, **(environment or {})},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not (state_dir / "stack.json").exists():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the stack did not start:\n{output.read_text(errors='replace')}")
            time.sleep(0.05)
        info = json.loads((state_dir / "stack.json").read_text())
        yield RunningStack(info=info, state_dir=state_dir, process=process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


@pytest.fixture(scope="session")
def stack(state_dir: Path) -> Iterator[RunningStack]:
    """One stack for the whole run, with the topology's own times."""
    with running_stack(state_dir / "stack", environment=KEYS) as running:
        yield running
