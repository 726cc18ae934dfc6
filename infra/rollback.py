"""Brings a stage's service back to an earlier release, with the stage's values of today.

    python -m infra.rollback prod --to v1.4.0 [--hotfix] [--yes]

The release is checked out beside this repository and deployed from there with its own locked tools; the data stack
stays as it is. Nothing of the present checkout changes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from infra.app import ROOT
from infra.config import stage_config
from infra.deploy import Run, cdk_deploy, run_command
from infra.errors import DeploymentError
from infra.preflight import add_options, check
from infra.stage_values import STAGES_FOLDER, stage_file


def roll_back(
    stage: str, tag: str, *, repository: Path = ROOT, hotfix: bool = False, yes: bool = False, run: Run = run_command
) -> None:
    """Deploys the service stack of ``tag``.

    Raises DeploymentError: either nothing was deployed, or CloudFormation has reported what happened.
    """
    folder = STAGES_FOLDER.relative_to(ROOT)
    with _checked_out(repository, tag) as release:
        if not (release / folder).is_dir():
            raise DeploymentError(f"{tag} is older than {folder}/: it would deploy the stage without its values.")
        # Of today: what the release had then may have been changed on purpose since.
        shutil.copyfile(stage_file(stage, repository / folder), stage_file(stage, release / folder))
        run(["make", "setup"], release)
        run(["npm", "ci", "--no-audit", "--no-fund"], release)
        # By itself: the data stack of then would take away what has been added since.
        run(
            cdk_deploy(stage, f"ReplyPipeline-{stage}-Service", "--exclusively", hotfix=hotfix, yes=yes),
            release,
        )


@contextmanager
def _checked_out(repository: Path, tag: str) -> Iterator[Path]:
    """Yields a worktree of ``tag`` and removes it afterwards. Raises DeploymentError when there is no such tag."""
    if _git(repository, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^{{commit}}").returncode != 0:
        raise DeploymentError(f"there is no tag {tag!r} here: git fetch --tags, and git tag --list 'v*' shows them.")
    with tempfile.TemporaryDirectory(prefix="rollback-") as scratch:
        release = Path(scratch) / "release"
        added = _git(repository, "worktree", "add", "--quiet", "--detach", str(release), f"refs/tags/{tag}")
        if added.returncode != 0:
            raise DeploymentError(f"{tag} cannot be checked out: {added.stderr.strip()}.")
        try:
            yield release
        finally:
            _git(repository, "worktree", "remove", "--force", str(release))


def _git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=repository, capture_output=True, text=True, check=False)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.rollback", description=(__doc__ or "").splitlines()[0])
    add_options(parser)
    parser.add_argument("--to", required=True, metavar="TAG", help="the release, such as v1.4.0")
    parser.add_argument("--hotfix", action="store_true", help="at once, with no alarm and no deep check in the way")
    parser.add_argument("--yes", action="store_true", help="ask nothing: for a machine")
    options = parser.parse_args(arguments)
    try:
        if not check(stage_config({"stage": options.stage}), meant=options.change):
            return 1
        roll_back(options.stage, options.to, hotfix=options.hotfix, yes=options.yes)
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{options.stage} runs {options.to}. make smoke-test STAGE={options.stage} checks it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
