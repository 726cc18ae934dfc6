"""The workflows run what is pinned, with no more rights than they need, and deploy only what passed every check."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from infra.app import ROOT
from infra.config import STAGES

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")
READS = {"contents": "read"}
SIGNS_IN = {"contents": "read", "id-token": "write"}
# What a job may run while it can get credentials that change a stage: the pinned command line, and tools of the runner.
RELEASE_COMMANDS = re.compile(r"(npm ci --ignore-scripts|npx --no-install cdk deploy|echo|tar)\b")


def workflow(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def named(name: str) -> dict[str, Any]:
    return workflow(FOLDER / f"{name}.yml")


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = workflow(path)["jobs"]
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path).values() for step in job.get("steps", [])]


def commands(job: dict[str, Any]) -> list[str]:
    return [line.strip() for step in job["steps"] if "run" in step for line in step["run"].splitlines() if line.strip()]


def before(jobs: dict[str, dict[str, Any]], name: str) -> set[str]:
    """Returns every job that has to succeed before ``name`` starts."""
    needs = jobs[name].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*(before(jobs, each) for each in direct))


every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


@every_workflow
def test_actions_are_pinned_to_a_commit_and_say_which_version_that_is(path: Path) -> None:
    used = re.findall(r"uses: (\S+)( # v\d+\.\d+\.\d+)?", path.read_text(encoding="utf-8"))
    assert used
    for action, version in used:
        local = action.startswith("./")
        assert local or (PINNED.fullmatch(action) and version), action
        assert not local or (ROOT / action).exists(), action


def test_an_action_has_one_version_everywhere() -> None:
    used = {action for path in WORKFLOWS for action in re.findall(r"uses: ([\w/-]+@\w+)", path.read_text())}
    names = [action.partition("@")[0] for action in used]
    assert len(names) == len(set(names))


@every_workflow
def test_what_is_not_said_to_may_only_read(path: Path) -> None:
    rights = workflow(path)["permissions"]
    assert rights == (SIGNS_IN if path.stem in ("plan", "release") else READS)
    for name, job in jobs(path).items():
        if "permissions" in job:
            allowed = {
                "deploy": SIGNS_IN,
                "updates": {"contents": "write", "pull-requests": "write", "actions": "write"},
            }
            assert job["permissions"] == allowed.get(path.stem), name
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False


def test_who_may_write_to_the_repository_runs_nothing_of_anybody_elses() -> None:
    propose = named("updates")["jobs"]["propose"]
    for command in commands(propose):
        assert re.match(r"(git|gh|\|\||--body)\b|\|\| gh|--body", command), command
    assert "--include='requirements/*.txt'" in " ".join(commands(propose))  # whatever the other job has changed


# --- Deployments ----------------------------------------------------------------------------------------------------


def test_only_tags_and_people_deploy() -> None:
    triggers = named("deploy")[True]  # YAML reads "on" so
    assert set(triggers) == {"push", "workflow_dispatch"}
    assert triggers["push"] == {"tags": ["v*"]}
    assert triggers["workflow_dispatch"]["inputs"]["stage"]["options"] == list(STAGES)
    for name in ("checks", "plan", "release"):
        assert set(named(name)[True]) == {"workflow_call"}, name


def test_nothing_is_deployed_that_is_not_on_main_or_failed_a_check() -> None:
    deploy = named("deploy")["jobs"]
    assert deploy["checks"]["uses"] == "./.github/workflows/checks.yml"
    (ancestor,) = commands(deploy["origin"])
    assert ancestor == 'git merge-base --is-ancestor "$GITHUB_SHA" refs/remotes/origin/main'
    for name in deploy:
        if name not in ("origin", "checks"):
            assert {"origin", "checks"} <= before(deploy, name), name
    for name, job in deploy.items():
        assert "always()" not in str(job.get("if", "")), name
        assert not job.get("continue-on-error"), name


def test_prod_gets_what_dev_got() -> None:
    deploy = named("deploy")["jobs"]
    releases = {
        job["with"]["stage"]: (name, job)
        for name, job in deploy.items()
        if job.get("uses", "").endswith("/release.yml")
    }
    assert set(releases) == set(STAGES)
    assert "dev" in before(deploy, "prod")
    for name, job in releases.values():
        assert job["with"]["digest"] == "${{ needs.build.outputs.digest }}"
        assert f"plan-{name}" in before(deploy, name)
        assert deploy[f"plan-{name}"]["with"] == job["with"]
    (build,) = [name for name, job in deploy.items() if "cdk synth" in " ".join(map(str, job.get("steps", [])))]
    built = " ".join(commands(deploy[build]))
    for stage in STAGES:
        assert f"--output cdk.out/{stage} -c stage={stage}" in built


@pytest.mark.parametrize("name", ["checks", "ci", "advisories", "updates"])
def test_what_runs_other_peoples_code_cannot_sign_in(name: str) -> None:
    assert "id-token" not in (FOLDER / f"{name}.yml").read_text(encoding="utf-8")


def test_the_build_cannot_sign_in() -> None:
    build = named("deploy")["jobs"]["build"]
    assert "permissions" not in build
    assert "aws-actions" not in str(build)


def test_a_release_runs_the_pinned_command_line_on_the_checked_artefact_and_nothing_else() -> None:
    (release,) = named("release")["jobs"].values()
    run = commands(release)
    assert [command for command in run if not RELEASE_COMMANDS.match(command)] == []
    assert run[-1] == 'npx --no-install cdk deploy --app "cdk.out/$STAGE" --all --require-approval never --ci'
    assert any("sha256sum --check --strict" in command for command in run)
    checkout = release["steps"][0]["with"]
    assert checkout["sparse-checkout"].split() == ["package.json", "package-lock.json"]
    used = [step["uses"].partition("@")[0] for step in release["steps"] if "uses" in step]
    assert used == [
        "actions/checkout",
        "actions/setup-node",
        "actions/download-artifact",
        "aws-actions/configure-aws-credentials",
    ]
    # What is installed is installed, and what was built is checked, before there are credentials.
    order = [str(step.get("uses", step.get("run"))) for step in release["steps"]]
    credentials = next(number for number, step in enumerate(order) if step.startswith("aws-actions"))
    assert all("npm ci" not in step and "sha256sum" not in step for step in order[credentials:])
    assert release["environment"] == "${{ inputs.stage }}"
    assert release["concurrency"]["cancel-in-progress"] is False


def test_a_plan_signs_in_elsewhere_than_a_release() -> None:
    (plan,) = named("plan")["jobs"].values()
    assert plan["environment"] == "${{ inputs.stage }}-plan"
    assert not [command for command in commands(plan) if "deploy" in command]


def test_no_key_of_aws_is_stored() -> None:
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        assert "secrets." not in text, path.name
        assert ("role-to-assume" in text) is (path.stem in ("plan", "release")), path.name


@every_workflow
def test_nothing_of_an_events_text_becomes_part_of_a_command(path: Path) -> None:
    """A branch's or a pull request's name would be run: expressions reach a command through its environment only."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


# --- Checks ---------------------------------------------------------------------------------------------------------


def test_every_check_is_there_and_ci_runs_the_same() -> None:
    run = " ".join(command for job in named("checks")["jobs"].values() for command in commands(job))
    for target in ("lint", "test", "demo", "test-faults", "synth", "test-infra", "test-integration", "demo BUNDLES=1"):
        assert re.search(rf"\bmake {target}( |$)", run), target
    assert "-m infra.previous_release" in run
    assert [job["uses"] for job in named("ci")["jobs"].values()] == ["./.github/workflows/checks.yml"]


def test_the_clusters_version_and_the_oldest_promised_are_among_those_that_are_tested() -> None:
    versions = {each["postgres"] for each in named("checks")["jobs"]["databases"]["strategy"]["matrix"]["include"]}
    aurora = (ROOT / "infra" / "constructs" / "aurora.py").read_text(encoding="utf-8")
    (cluster,) = re.findall(r"AuroraPostgresEngineVersion\.VER_(\d+)_\d+", aurora)
    (promised,) = re.findall(r"PostgreSQL (\d+) or newer", (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8"))
    assert {cluster, promised} <= versions


@every_workflow
def test_every_target_and_module_that_is_run_exists(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    run = "\n".join(str(step["run"]) for step in steps(path) if "run" in step)
    for target in re.findall(r"\bmake ([a-z-]+)", run):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for module in re.findall(r"-m (infra\.\w+)", run):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module


# --- Updates --------------------------------------------------------------------------------------------------------


def test_every_kind_of_dependency_is_renewed_after_a_week_of_waiting_and_looked_up() -> None:
    dependabot = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    assert {update["package-ecosystem"] for update in dependabot["updates"]} == {"github-actions", "npm"}
    assert {update["cooldown"]["default-days"] for update in dependabot["updates"]} == {7}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert '--exclude-newer "7 days"' in makefile
    locks = {path.stem for path in (ROOT / "requirements").glob("*.txt")}
    (audited,) = re.findall(r"^AUDITED := (.+)$", makefile, re.MULTILINE)
    assert set(audited.split()) == locks - {"localstack"}
    for lock in locks:
        assert f"requirements/{lock}.in" in makefile, lock
    for name in ("updates", "advisories"):
        assert named(name)[True]["schedule"]
    assert "make advisories" in commands(named("advisories")["jobs"]["advisories"])


def test_no_test_looks_advisories_up() -> None:
    """They need the network, and change while the code does not."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    needed = re.findall(r"^[a-z-]+:([^#\n]*)", makefile, re.MULTILINE)
    assert [prerequisites for prerequisites in needed if "advisories" in prerequisites] == []
    assert "advisories" not in (FOLDER / "checks.yml").read_text(encoding="utf-8")


def test_the_cdks_command_line_is_pinned_and_its_lock_names_no_server() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    pinned = package["devDependencies"]["aws-cdk"]
    assert re.fullmatch(r"2\.\d+\.\d+", pinned)  # npm's latest, 3.0.0, was published by accident
    entry = lock["packages"]["node_modules/aws-cdk"]
    assert entry["version"] == pinned
    assert entry["integrity"].startswith("sha512-")
    assert not any("resolved" in package for package in lock["packages"].values())


def test_a_finder_of_a_weakness_is_told_where_to_go() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "Report a vulnerability" in policy
    assert not re.search(r"example\.(com|org)|TODO|<[a-z]", policy)
