"""The two commands that change a stage: their calls, the order of these, and the parts that they do not touch."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from infra.config import StageConfig, stage_config
from infra.deploy import deploy, run_command
from infra.errors import DeploymentError
from infra.rollback import roll_back

TODAY = 'alarmEmail = "today@example.com"\n'
OF_THEN = 'alarmEmail = "then@example.com"\n'


@dataclass
class Runs:
    """Notes what would be run and what the stage's file said then; fails at what begins with ``fails_at``."""

    fails_at: str = "nothing"
    commands: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    folders: set[Path] = field(default_factory=set)

    def __call__(self, command: Sequence[str], directory: Path) -> None:
        self.commands.append(" ".join(command))
        self.files.append((directory / "infra/stages/prod.toml").read_text())
        self.folders.add(directory)
        if self.commands[-1].startswith(self.fails_at):
            raise DeploymentError("it failed")


def config_of(stage: str) -> StageConfig:
    return stage_config({"stage": stage}, {})


def deployed(stage: str = "prod", *, data: bool = True, service: bool = True, hotfix: bool = False) -> list[str]:
    runs = Runs()
    deploy(config_of(stage), data_exists=data, service_exists=service, hotfix=hotfix, yes=False, run=runs)
    return runs.commands


def test_a_stage_that_is_there_is_deployed_at_once() -> None:
    assert deployed() == ["npx cdk deploy --all -c stage=prod"]


def test_a_first_deployment_begins_with_the_data_and_waits_for_the_key() -> None:
    assert deployed(data=False, service=False) == [
        "npx cdk deploy ReplyPipeline-prod-Data -c stage=prod -c creating=true"
    ]
    said = deploy(config_of("prod"), data_exists=False, service_exists=False, hotfix=False, yes=False, run=Runs())
    assert "Put the OpenAI key into its secret" in said


def test_what_matters_is_protected_once_it_is_there() -> None:
    assert deployed(service=False) == [
        "npx cdk deploy --all -c stage=prod -c creating=true",
        "npx cdk deploy --all -c stage=prod",
    ]
    assert deployed("dev", service=False) == ["npx cdk deploy --all -c stage=dev -c creating=true"]


def test_a_creation_that_fails_stays_unprotected() -> None:
    runs = Runs(fails_at="npx")
    with pytest.raises(DeploymentError):
        deploy(config_of("prod"), data_exists=True, service_exists=False, hotfix=False, yes=False, run=runs)
    assert runs.commands == ["npx cdk deploy --all -c stage=prod -c creating=true"]


def test_a_hotfix_is_said_for_this_one_deployment() -> None:
    assert deployed(hotfix=True) == ["npx cdk deploy --all -c stage=prod -c hotfix=true"]
    assert deployed() == ["npx cdk deploy --all -c stage=prod"]


def test_a_machine_is_asked_nothing() -> None:
    runs = Runs()
    deploy(config_of("prod"), data_exists=True, service_exists=True, hotfix=False, yes=True, run=runs)
    assert runs.commands == ["npx cdk deploy --all -c stage=prod --require-approval never --ci"]


def test_a_command_that_fails_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match="git no-such-command ended with 1"):
        run_command(["git", "no-such-command"], tmp_path)


# --- Rollback --------------------------------------------------------------------------------------------------------


def git(repository: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com", *arguments],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """v1.3.0 is older than the stages' files, v1.4.0 has one of its own, and today's is not even committed."""
    repository = tmp_path / "repository"
    (repository / "infra/stages").mkdir(parents=True)
    git(repository, "init", "--quiet")
    (repository / "infra/app.py").write_text("# 1.3\n")
    git(repository, "add", "-A")
    git(repository, "commit", "--quiet", "-m", "1.3")
    git(repository, "tag", "v1.3.0")
    (repository / "infra/app.py").write_text("# 1.4\n")
    (repository / "infra/stages/prod.toml").write_text(OF_THEN)
    git(repository, "add", "-A")
    git(repository, "commit", "--quiet", "-m", "1.4")
    git(repository, "tag", "v1.4.0")
    (repository / "infra/app.py").write_text("# 1.5\n")
    git(repository, "commit", "--quiet", "-am", "1.5")
    (repository / "infra/stages/prod.toml").write_text(TODAY)
    return repository


def test_the_release_is_deployed_from_its_own_code_with_the_stages_values_of_today(repository: Path) -> None:
    runs = Runs()
    roll_back("prod", "v1.4.0", repository=repository, run=runs)
    assert runs.commands == [
        "make setup",
        "npm ci --no-audit --no-fund",
        "npx cdk deploy ReplyPipeline-prod-Service --exclusively -c stage=prod",
    ]
    assert runs.files == [TODAY] * 3
    assert repository not in runs.folders


def test_the_code_is_the_releases(repository: Path) -> None:
    seen = []
    roll_back(
        "prod",
        "v1.4.0",
        repository=repository,
        run=lambda _, directory: seen.append((directory / "infra/app.py").read_text()),
    )
    assert seen == ["# 1.4\n"] * 3


def test_the_data_stack_of_then_is_not_deployed(repository: Path) -> None:
    """It would take away what has been added to it since."""
    runs = Runs()
    roll_back("prod", "v1.4.0", repository=repository, hotfix=True, yes=True, run=runs)
    (cdk,) = (command for command in runs.commands if "cdk" in command)
    assert "--exclusively" in cdk
    assert "Data" not in cdk
    assert cdk.endswith("-c stage=prod -c hotfix=true --require-approval never --ci")


@pytest.mark.parametrize("fails_at", ["nothing", "make", "npm", "npx"])
def test_nothing_of_it_stays_and_nothing_here_has_changed(repository: Path, fails_at: str) -> None:
    before = git(repository, "status", "--porcelain", "--branch")
    runs = Runs(fails_at)
    try:
        roll_back("prod", "v1.4.0", repository=repository, run=runs)
    except DeploymentError:
        assert fails_at != "nothing"
    assert git(repository, "status", "--porcelain", "--branch") == before
    assert (repository / "infra/stages/prod.toml").read_text() == TODAY
    assert len(git(repository, "worktree", "list").splitlines()) == 1
    assert not any(folder.exists() for folder in runs.folders)


def test_a_release_that_is_not_there_is_said(repository: Path) -> None:
    with pytest.raises(DeploymentError, match=r"there is no tag 'v9\.9\.9'"):
        roll_back("prod", "v9.9.9", repository=repository, run=Runs())


def test_a_release_that_knows_no_files_of_stages_is_refused(repository: Path) -> None:
    runs = Runs()
    with pytest.raises(DeploymentError, match=r"v1\.3\.0 is older than infra/stages/"):
        roll_back("prod", "v1.3.0", repository=repository, run=runs)
    assert runs.commands == []


def test_a_branch_or_an_option_is_no_release(repository: Path) -> None:
    for name in ("HEAD", "--force", "-b"):
        with pytest.raises(DeploymentError, match="there is no tag"):
            roll_back("prod", name, repository=repository, run=Runs())
