"""Deploys a stage: preflight first, then whatever the stage needs, be it its first deployment or its hundredth.

    python -m infra.deploy prod [--change NAME …] [--hotfix] [--yes]

A first deployment has two parts, since the OpenAI key has to be put in between: the data stack, then the service. Both
are made without protection against deletion, so that one that fails can start again; protection comes on at the end.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from infra.app import ROOT
from infra.config import StageConfig, stage_config
from infra.errors import DeploymentError
from infra.preflight import add_options, check, ready_session, stacks_of

type Run = Callable[[Sequence[str], Path], None]


def run_command(command: Sequence[str], directory: Path) -> None:
    """Runs ``command`` in ``directory`` with its output shown. Raises DeploymentError when it fails."""
    sys.stdout.write(f"$ {' '.join(command)}\n")
    sys.stdout.flush()
    status = subprocess.run(command, cwd=directory, check=False).returncode
    if status != 0:
        raise DeploymentError(f"{command[0]} {command[1]} ended with {status}: what it printed says why.")


def cdk_deploy(stage: str, *what: str, hotfix: bool = False, creating: bool = False, yes: bool = False) -> list[str]:
    """Returns the command that deploys ``what``: stacks by name, or ``--all``."""
    return [
        *("npx", "cdk", "deploy", *what, "-c", f"stage={stage}"),
        *(("-c", "hotfix=true") if hotfix else ()),
        *(("-c", "creating=true") if creating else ()),
        *(("--require-approval", "never", "--ci") if yes else ()),
    ]


def deploy(
    config: StageConfig, *, data_exists: bool, service_exists: bool, hotfix: bool, yes: bool, run: Run = run_command
) -> str:
    """Deploys the next part of the stage and returns what a person has to know then."""
    stage = config.name
    if not data_exists:
        run(cdk_deploy(stage, f"ReplyPipeline-{stage}-Data", creating=True, yes=yes), ROOT)
        return (
            "The data stack is there. Put the OpenAI key into its secret (docs/deploy.md, First deployment), then run"
            " this command again for the service.\n"
        )
    if not service_exists:
        run(cdk_deploy(stage, "--all", creating=True, yes=yes), ROOT)
        if config.retain_data:
            run(cdk_deploy(stage, "--all", yes=yes), ROOT)  # the protection, which changes nothing else
        return f"{stage} is there. Now: make smoke-test STAGE={stage}, and confirm the email that SNS has sent.\n"
    run(cdk_deploy(stage, "--all", hotfix=hotfix, yes=yes), ROOT)
    return f"{stage} is deployed. make smoke-test STAGE={stage} checks it.\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=(__doc__ or "").splitlines()[0])
    add_options(parser)
    parser.add_argument("--hotfix", action="store_true", help="at once, with no alarm and no deep check in the way")
    parser.add_argument("--yes", action="store_true", help="ask nothing: for a machine")
    options = parser.parse_args(arguments)
    try:
        config = stage_config({"stage": options.stage})
        if not check(config, meant=options.change):
            return 1
        data, service = stacks_of(ready_session(), config)
        sys.stdout.write(
            deploy(
                config,
                data_exists=data.exists,
                service_exists=service.exists,
                hotfix=options.hotfix,
                yes=options.yes,
            )
        )
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
