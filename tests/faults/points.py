"""The suite's side of the fault points: it records them, arms them, and sees which have struck."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from infra.topology import TOPOLOGY
from tests.e2e.driver import Driver
from tests.faults.injection.fault_points import digest

INJECTION = Path(__file__).parent / "injection"
WEBHOOKS = tuple(provider.webhook for provider in TOPOLOGY.providers)
FUNCTIONS = (*WEBHOOKS, "ingest-replay", "post-process", "lead-scoring", "maintenance")


def kind_of(key: str) -> str:
    """Returns the function and the type of job that a point belongs to."""
    return key.partition(" | ")[0]


class FaultPointControl:
    """The folder that the functions' processes look into."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("seen", "armed", "spent", "died"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def install(self, driver: Driver) -> None:
        """Gives the points to every process that is started from now on."""
        variables = {"PYTHONPATH": str(INJECTION), "FAULT_POINTS_DIR": str(self._folder)}
        for function in FUNCTIONS:
            driver.control("PUT", f"/functions/{function}/variables", variables)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Forgets what was seen before, and notes every point that is reached inside."""
        for path in (self._folder / "seen").iterdir():
            path.unlink()
        flag = self._folder / "record"
        flag.touch()
        try:
            yield
        finally:
            flag.unlink()

    def seen(self) -> list[str]:
        """Returns the keys that were reached while recording, in the order of the first time."""
        return list(self._subjects_by_key())

    def always_seen(self, subjects: Collection[str] | None = None) -> set[str]:
        """Returns those that every subject of their kind came by; the others depend on the rest of the traffic.

        ``subjects`` are the ones that count, when stragglers of something else may have been recorded as well.
        """
        subjects_by_key = {
            key: reached_by if subjects is None else reached_by.intersection(subjects)
            for key, reached_by in self._subjects_by_key().items()
        }
        everybody: defaultdict[str, set[str]] = defaultdict(set)
        for key, reached_by in subjects_by_key.items():
            everybody[kind_of(key)] |= reached_by
        return {
            key for key, reached_by in subjects_by_key.items() if reached_by and reached_by == everybody[kind_of(key)]
        }

    def _subjects_by_key(self) -> dict[str, set[str]]:
        subjects: dict[str, set[str]] = {}
        for path in sorted((self._folder / "seen").iterdir()):
            for line in path.read_text().splitlines():
                point = json.loads(line)
                subjects.setdefault(point["key"], set()).add(point["subject"])
        return subjects

    def arm(self, keys: Sequence[str]) -> None:
        for key in keys:
            (self._folder / "spent" / digest(key)).unlink(missing_ok=True)
            (self._folder / "armed" / digest(key)).write_text(key)

    def disarm(self, keys: Sequence[str]) -> list[str]:
        """Returns those of ``keys`` at which a process has died."""
        for key in keys:
            (self._folder / "armed" / digest(key)).unlink(missing_ok=True)
        return [key for key in keys if (self._folder / "spent" / digest(key)).exists()]

    def disarm_all(self) -> None:
        for path in (self._folder / "armed").iterdir():
            path.unlink(missing_ok=True)

    def armed(self, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if (self._folder / "armed" / digest(key)).exists()]

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
