"""The CDK app: the two stacks of one stage. The CDK's command line runs it (cdk.json), and so do the tests.

npx cdk synth -c stage=dev
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.config import StageConfig, stage_config
from infra.errors import DeploymentError

if TYPE_CHECKING:
    from aws_cdk import App

ROOT = Path(__file__).resolve().parent.parent
BUNDLING_STACKS = "aws:cdk:bundling-stacks"


def build_app(
    context: Mapping[str, Any] | None = None, outdir: str | None = None, values: Mapping[str, str] | None = None
) -> App:
    """Returns the app for the context's stage; ``context`` adds to cdk.json's and to the command line's.

    ``values`` replace the stage's file.

    Raises DeploymentError for a missing or wrong value, before anything is synthesized.
    """
    require_node()
    from aws_cdk import App, Tags

    from infra.data_stack import DataStack
    from infra.service_stack import ServiceStack

    defaults = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = App(context={**defaults, **(context or {})}, outdir=outdir)
    given = app.node.get_all_context()
    config = stage_config(given, values)
    if str(given.get("bundle", "true")) == "false":
        app.node.set_context(BUNDLING_STACKS, [])
    data = DataStack(app, stack_name(config, "Data"), config=config, termination_protection=config.protected)
    ServiceStack(app, stack_name(config, "Service"), config=config, data=data, termination_protection=config.protected)
    Tags.of(app).add("service", "reply-pipeline")
    Tags.of(app).add("stage", config.name)
    check_with_cdk_nag(app)
    return app


def check_with_cdk_nag(app: App) -> None:
    """Makes every synthesis of ``app`` fail while an AwsSolutions finding is neither fixed nor acknowledged."""
    from aws_cdk import Validations
    from cdk_nag import AwsSolutionsChecks

    Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))


def stack_name(config: StageConfig, part: str) -> str:
    return f"ReplyPipeline-{config.name}-{part}"


def require_node() -> None:
    """Checks that Node.js is there, which the CDK's libraries need even from Python. Raises DeploymentError."""
    if shutil.which("node") is None:
        raise DeploymentError("Node.js is missing: the AWS CDK needs version 22 or 24 on the PATH (docs/deploy.md).")
    # A dozen lines about the end of an older version's life would bury the one sentence that matters.
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20")


def main() -> int:
    try:
        build_app().synth()
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except RuntimeError as error:  # what jsii makes of an error of the CDK; its findings are printed above
        sys.stderr.write(f"Nothing was synthesized: {str(error).splitlines()[0]}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
