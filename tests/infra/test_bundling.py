"""A bundle's contents, which are the same everywhere and start on nothing but themselves."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from infra import bundling
from infra.bundling import ROOT, Platform, build, contents, size_of
from infra.errors import DeploymentError
from infra.topology import OPERATIONS, TOPOLOGY, Function
from shared.db.engine import RDS_CERTIFICATES
from shared.providers.registry import PROVIDERS

EVERY_FUNCTION = (*TOPOLOGY.functions, OPERATIONS)
BY_NAME = {function.name: function for function in EVERY_FUNCTION}
ENVIRONMENT = {
    "AWS_REGION": "eu-west-1",
    "DATABASE_URL": "postgresql://app@127.0.0.1:9/replies",
    "POST_PROCESS_QUEUE_URL": "http://127.0.0.1:9/post-process.fifo",
    "LEAD_SCORING_QUEUE_URL": "http://127.0.0.1:9/lead-scoring.fifo",
    "INGEST_QUEUE_URL": "http://127.0.0.1:9/ingest.fifo",
    "PARKED_BODIES_BUCKET": "parked-bodies",
    "WEBHOOK_SIGNING_KEYS": '{"current": "0123456789abcdef0123456789abcdef"}',
    "ADDRESS_HASH_KEY": "0123456789abcdef0123456789abcdef",
    "OPENAI_API_KEY": "none",
    **{provider.keys_variable: "none" for provider in TOPOLOGY.providers},
    "MAX_RECEIVE_COUNT": "10",
}


WEBHOOKS = [webhook.name for webhook in TOPOLOGY.webhooks]


@pytest.mark.parametrize("name", [*WEBHOOKS, "ingest-replay", "migrate"])
def test_what_answers_or_migrates_carries_no_model_client(name: str) -> None:
    found = contents(BY_NAME[name])
    assert not {"openai", "httpx2"} & set(found.packages)
    assert not [path for path in found.files if path.parts[:2] == ("shared", "ai")]


@pytest.mark.parametrize("name", ["post-process", "lead-scoring", "maintenance", "operations"])
def test_the_accounts_of_every_provider_travel_with_what_opens_them(name: str) -> None:
    found = contents(BY_NAME[name])
    accounts = {Path(f"shared/providers/{provider.lower()}/account.py") for provider in PROVIDERS}
    assert accounts <= set(found.files)
    assert "httpx2" in found.packages


def test_only_what_migrates_carries_alembic() -> None:
    carriers = {function.name for function in TOPOLOGY.functions if "alembic" in contents(function).packages}
    assert carriers == {"migrate"}


def test_every_revision_travels_with_the_migrate_function() -> None:
    revisions = set((ROOT / "shared/db/migrations/versions").glob("*.py"))
    assert revisions
    assert revisions <= {ROOT / path for path in contents(BY_NAME["migrate"]).files}


def test_prompts_travel_with_what_calls_a_model() -> None:
    prompts = {path.relative_to(ROOT) for path in (ROOT / "shared/ai/prompts").glob("*.md")}
    assert prompts
    assert prompts <= set(contents(BY_NAME["post-process"]).files)


@pytest.mark.parametrize("function", EVERY_FUNCTION, ids=lambda function: function.name)
def test_the_driver_the_certificates_and_time_zones_are_in_every_bundle(function: Function) -> None:
    found = contents(function)
    assert {"psycopg", "psycopg-binary", "sqlalchemy", "tzdata"} <= set(found.packages)
    assert RDS_CERTIFICATES.relative_to(ROOT) in found.files


@pytest.mark.parametrize("function", EVERY_FUNCTION, ids=lambda function: function.name)
def test_every_package_is_locked_by_hash(function: Function) -> None:
    found = contents(function)
    pinned = [line for line in found.requirements.splitlines() if "==" in line]
    assert len(pinned) == len(found.packages)
    assert found.requirements.count("--hash=sha256:") >= len(pinned)


def test_nothing_of_a_developers_machine_is_deployed() -> None:
    for function in EVERY_FUNCTION:
        parts = {path.parts[0] for path in contents(function).files}
        assert parts <= {"functions", "shared", "ops", "infra"}, function.name
        assert not [path for path in contents(function).files if path.parts[:2] == ("infra", "constructs")]


def test_the_hash_does_not_know_where_the_checkout_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = contents(BY_NAME["webhook-instantly"])
    here = found.digest(Platform.ARM64)
    for path in found.files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)
    monkeypatch.setattr(bundling, "ROOT", tmp_path)
    assert found.digest(Platform.ARM64) == here


def test_the_hash_knows_the_source_the_packages_and_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = contents(BY_NAME["webhook-instantly"])
    digests = {found.digest(Platform.ARM64), found.digest(Platform.X86_64)}
    shorter = bundling.Contents(found.files, found.packages, found.requirements.replace("sha256:", "sha256:0", 1))
    digests.add(shorter.digest(Platform.ARM64))
    for path in found.files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)
    with (tmp_path / found.files[0]).open("a") as file:
        file.write("# one more line\n")
    monkeypatch.setattr(bundling, "ROOT", tmp_path)
    digests.add(found.digest(Platform.ARM64))
    assert len(digests) == 4


def test_a_prompt_does_not_redeploy_the_webhook() -> None:
    assert not [
        path for path in contents(BY_NAME["webhook-instantly"]).files if path.suffix == ".md" and "ai" in path.parts
    ]


def test_a_handler_that_is_not_there_is_named() -> None:
    missing = Function(
        name="gone", handler="functions.gone.handler.handler", timeout_s=1, memory_mb=128, concurrency=1, variables=()
    )
    with pytest.raises(DeploymentError, match=r"gone: there is no module functions\.gone\.handler"):
        contents(missing)


def test_a_package_that_is_not_locked_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "_lock_entries", lambda _lock: {})
    with pytest.raises(DeploymentError, match="imported, but not in"):
        contents(BY_NAME["migrate"])


@pytest.mark.parametrize("target", ["demo", "up"])
def test_the_local_stack_runs_the_bundles_when_asked(target: str) -> None:
    def commands(*arguments: str) -> str:
        return subprocess.run(["make", "-n", target, *arguments], cwd=ROOT, capture_output=True, text=True).stdout

    assert "--bundles .build/bundles" in commands("BUNDLES=1")
    assert "infra.bundling --platform local" in commands("BUNDLES=1")
    assert "bundl" not in commands()


@pytest.fixture(scope="module", params=["webhook-instantly", "post-process", "migrate", "operations"])
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    target = tmp_path_factory.mktemp("bundle") / request.param
    build(BY_NAME[request.param], Platform.X86_64, target)
    return request.param, target


@pytest.mark.slow
class TestBuiltBundle:
    """Builds for this machine's processor, from the package index or uv's cache."""

    def test_it_starts_on_nothing_but_itself(self, bundle: tuple[str, Path]) -> None:
        """As Lambda does: no virtual environment, no site-packages, no writable code."""
        name, target = bundle
        module = "ops.replyctl" if name == "operations" else BY_NAME[name].handler.rpartition(".")[0]
        entry = "main" if name == "operations" else "handler"
        script = f"import sys; sys.path.insert(0, {str(target)!r}); import {module} as m; assert callable(m.{entry})"
        result = subprocess.run(
            [os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", script],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr[-2000:]

    def test_it_has_its_own_time_zones(self, bundle: tuple[str, Path]) -> None:
        """With its data files, where the machine's are out of sight."""
        _, target = bundle
        script = (
            f"import sys, zoneinfo; sys.path.insert(0, {str(target)!r});"
            " assert [zoneinfo.ZoneInfo(name) for name in ('Europe/Berlin', 'Australia/Lord_Howe', 'UTC')]"
        )
        result = subprocess.run(
            [os.path.realpath(sys.executable), "-P", "-s", "-S", "-B", "-c", script],
            env={**ENVIRONMENT, "PYTHONTZPATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr[-2000:]

    def test_all_code_is_compiled_with_unchecked_hashes(self, bundle: tuple[str, Path]) -> None:
        _, target = bundle
        compiled = list(target.rglob("*.pyc"))
        assert len(compiled) > 500
        for path in compiled:
            (flags,) = struct.unpack("<I", path.read_bytes()[4:8])
            assert flags == 0b01, path  # by hash, and the hash is not looked at
        sources = [path for package in ("functions", "ops", "shared") for path in (target / package).rglob("*.py")]
        for path in sources:
            assert (path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc").exists(), path

    def test_it_is_small_and_holds_nothing_of_the_machine(self, bundle: tuple[str, Path]) -> None:
        _, target = bundle
        assert size_of(target) <= 70_000_000
        assert not (target / "bin").exists()
        assert list(target.glob("*.dist-info/RECORD")) == []
        services = {path.name for path in (target / "botocore" / "data").iterdir() if path.is_dir()}
        assert services <= set(bundling.AWS_SERVICES)

    def test_two_builds_are_the_same_to_the_byte(
        self, bundle: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name, target = bundle
        monkeypatch.setattr(bundling, "BUILD", tmp_path / "another" / "place")
        build(BY_NAME[name], Platform.X86_64, tmp_path / "again")
        assert _tree(tmp_path / "again") == _tree(target)


def _tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
