"""The load time of the webhook's bundle, against one that imports everything without bytecode."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from bench.report import Result, p50
from infra.bundling import bundle_path, size_of
from infra.topology import TOPOLOGY

RATIO = 0.40
MAX_MB = 70
ROUNDS = 7
EVERYTHING = (
    "aws_lambda_powertools",
    "boto3",
    "openai",
    "pydantic",
    "psycopg",
    "sqlalchemy",
    "sqlalchemy.orm",
    "httpx2",
)
WEBHOOK = "webhook-instantly"


def measure() -> list[Result]:
    """Returns ratio and size of the largest bundle; needs ``python -m infra.bundling --platform x86_64`` before."""
    bundles = {function.name: bundle_path(function) for function in TOPOLOGY.functions}
    what, budget = "webhook, cold init of the bundle", f"≤ {RATIO:.2f} ×"
    if not all(path.exists() for path in bundles.values()):
        hint = "first: python -m infra.bundling --platform x86_64"
        return [Result(what, budget, "–", None, hint), Result("bundle", f"≤ {MAX_MB} MB", "–", None, hint)]
    handler = next(function.handler for function in TOPOLOGY.functions if function.name == WEBHOOK)
    installed = Path(sysconfig.get_path("purelib"))
    with tempfile.TemporaryDirectory(prefix="rc-") as empty:
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(ROUNDS):  # in turns: both meet the same disturbances
            ours.append(_import_s(bundles[WEBHOOK], [handler.rpartition(".")[0]]))
            # Where bytecode is looked for there is none: every module is compiled anew, as from a read-only bundle.
            theirs.append(_import_s(installed, EVERYTHING, PYTHONPYCACHEPREFIX=empty))
    ratio = p50(ours) / p50(theirs)
    sizes = {name: size_of(path) / 1e6 for name, path in bundles.items()}
    largest = max(sizes, key=lambda name: sizes[name])
    return [
        Result(
            what,
            budget,
            f"{ratio:.2f} ×",
            ratio <= RATIO,
            f"{p50(ours) * 1000:.0f} ms, everything without bytecode {p50(theirs) * 1000:.0f} ms",
        ),
        Result("bundle", f"≤ {MAX_MB} MB", f"{sizes[largest]:.0f} MB", sizes[largest] <= MAX_MB, largest),
    ]


def _import_s(folder: Path, modules: Sequence[str], **environment: str) -> float:
    """Returns the seconds that a fresh process with nothing else on its path takes to start and import ``modules``."""
    began = perf_counter()
    subprocess.run(
        [sys.executable, "-S", "-c", "; ".join(f"import {module}" for module in modules)],
        cwd=folder,
        check=True,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
            "WEBHOOK_SIGNING_KEYS": json.dumps({"current": "k" * 40}),
            "ADDRESS_HASH_KEY": "h" * 64,
            **{f"{name}_QUEUE_URL": "http://127.0.0.1:9/q" for name in ("POST_PROCESS", "LEAD_SCORING", "INGEST")},
            **environment,
        },
    )
    return perf_counter() - began
