"""The webhook's start-up is its imports: what it must never load, and what a missing setting says."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from infra.topology import TOPOLOGY
from shared.config import SettingsError

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "DATABASE_URL": "postgresql://postgres@127.0.0.1:1/none",
    "POST_PROCESS_QUEUE_URL": "http://127.0.0.1:1/000000000000/post-process.fifo",
    "LEAD_SCORING_QUEUE_URL": "http://127.0.0.1:1/000000000000/lead-scoring.fifo",
    "INGEST_QUEUE_URL": "http://127.0.0.1:1/000000000000/ingest.fifo",
    "PARKED_BODIES_BUCKET": "parked-bodies",
    "WEBHOOK_SIGNING_KEYS": '{"current": "a-signing-key-for-tests-with-40-characters"}',
    "ADDRESS_HASH_KEY": "an-address-hash-key-for-tests-with-45-characters",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}
HEAVY = ("openai", "httpx2", "alembic", "sqlalchemy.orm", "boto3", "shared.ai")
WEBHOOKS = tuple(webhook.name.replace("-", "_") for webhook in TOPOLOGY.webhooks)
FUNCTIONS = (*WEBHOOKS, "ingest_replay")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_start_up_loads_nothing_heavy_and_connects_to_nothing(function: str) -> None:
    loaded = f"print([name for name in {HEAVY!r} if name in sys.modules])"
    started = subprocess.run(
        [sys.executable, "-c", f"import functions.{function}.handler as handler, sys; {loaded}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **SETTINGS},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    assert started.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("function", "variable"),
    [
        *((function, variable) for function in FUNCTIONS for variable in ("DATABASE_URL", "INGEST_QUEUE_URL")),
        *((webhook, "WEBHOOK_SIGNING_KEYS") for webhook in WEBHOOKS),  # what is replayed has been checked
    ],
)
def test_missing_setting_is_named_at_start_up(monkeypatch: pytest.MonkeyPatch, function: str, variable: str) -> None:
    assert f"{variable}: missing" in refused_start(monkeypatch, function, variable, None)


@pytest.mark.parametrize("keys", ["{}", "[]", "nonsense", '{"current": "short"}', '{"previous": "' + "x" * 40 + '"}'])
def test_webhook_does_not_start_without_a_usable_signing_key(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    assert "WEBHOOK_SIGNING_KEYS" in refused_start(monkeypatch, "webhook_instantly", "WEBHOOK_SIGNING_KEYS", keys)


def refused_start(monkeypatch: pytest.MonkeyPatch, function: str, variable: str, value: str | None) -> str:
    """Loads a function's handler, which starts it, with one setting changed; returns what it says of that."""
    for name, setting in {**SETTINGS, variable: value}.items():
        if setting is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, setting)
    handler = f"functions.{function}.handler"
    monkeypatch.delitem(sys.modules, handler, raising=False)
    with pytest.raises(SettingsError) as refused:
        import_module(handler)
    return str(refused.value)
