"""Runs the last release's integration tests against today's schema: a rollback brings exactly that together.

    python -m infra.previous_release [--tag v1.4.0]

The release is the newest tag ``v…`` that is not on the present commit. Its code goes into a scratch folder, today's
migrations take the place of its own, and its tests run there with this virtual environment.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = Path("shared/db/migrations")
COMPARES_MODELS_WITH_MIGRATIONS = "schema"  # tests of this name compare models and migrations: they differ by design


def previous_tag(repository: Path) -> str | None:
    """The newest release tag that the present commit does not carry itself; None when there is none."""
    here = _git(repository, "rev-parse", "HEAD")
    for tag in _git(repository, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").split():
        if _git(repository, "rev-parse", f"{tag}^{{commit}}") != here:
            return tag
    return None


def check_out(repository: Path, tag: str, target: Path) -> None:
    """The code of ``tag`` in ``target``, with today's migrations in place of its own."""
    archive = subprocess.run(["git", "archive", tag], cwd=repository, capture_output=True, check=True).stdout
    target.mkdir(parents=True)
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive, check=True)
    shutil.rmtree(target / MIGRATIONS)
    shutil.copytree(repository / MIGRATIONS, target / MIGRATIONS, ignore=shutil.ignore_patterns("__pycache__"))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.previous_release", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--tag", help="the release (default: the newest v… tag before this commit)")
    options = parser.parse_args(arguments)
    tag = options.tag or previous_tag(ROOT)
    if tag is None:
        sys.stdout.write("There is no earlier release to compare with.\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="previous-release-") as scratch:
        code = Path(scratch) / tag.replace("/", "-")
        check_out(ROOT, tag, code)
        sys.stdout.write(f"{tag} on today's schema\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", "pytest", "tests/integration", "-k", f"not {COMPARES_MODELS_WITH_MIGRATIONS}"]
        return subprocess.run(command, cwd=code, env=_environment(code), check=False).returncode


def _environment(code: Path) -> dict[str, str]:
    """This environment with the release's code first: the virtual environment may know the present checkout's."""
    return os.environ | {"PYTHONPATH": str(code)}


def _git(repository: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=repository, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
