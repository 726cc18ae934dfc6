"""replyctl against a deployed stage, whose database nobody outside its VPC can reach.

    python -m infra.operate prod -- drafts list

It calls the stage's operations function, which runs the same command there. Who may do that is an IAM question
(`lambda:InvokeFunction` on that one function), and every call is in CloudTrail.
"""

from __future__ import annotations

import getpass
import json
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from infra.config import STAGES
from infra.deployed import deployed_stack
from infra.errors import DeploymentError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

OUTPUT = "OperationsFunction"
READ_TIMEOUT_S = 910  # a little over the function's own
USAGE = "usage: python -m infra.operate STAGE -- ARGUMENTS OF replyctl\n"


def operations_function(cloudformation: CloudFormationClient, stage: str) -> str:
    """The name of the stage's operations function. Raises DeploymentError when the stage is not deployed here."""
    if stage not in STAGES:
        raise DeploymentError(f"{stage!r} is no stage: there are {' and '.join(STAGES)}.")
    return deployed_stack(cloudformation, f"ReplyPipeline-{stage}-Service").output(OUTPUT)


def run_command(client: LambdaClient, function: str, arguments: Sequence[str]) -> dict[str, Any]:
    """What the command printed and how it ended. Raises DeploymentError when the function itself failed."""
    request = {
        "arguments": list(arguments),
        "operator": getpass.getuser(),
        "columns": shutil.get_terminal_size((120, 40)).columns,
    }
    answer = client.invoke(FunctionName=function, Payload=json.dumps(request).encode())
    body: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise DeploymentError(f"the operations function failed: {body.get('errorMessage', body)}.")
    return body


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) < 3 or given[1] != "--":
        sys.stderr.write(USAGE)
        return 2
    import boto3
    from botocore.config import Config

    try:
        function = operations_function(boto3.client("cloudformation"), given[0])
        # One attempt: a command that was cut off may have done its work, and a person decides whether to repeat it.
        client = boto3.client("lambda", config=Config(read_timeout=READ_TIMEOUT_S, retries={"total_max_attempts": 1}))
        answer = run_command(client, function, given[2:])
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(answer["stdout"])
    sys.stderr.write(answer["stderr"])
    return int(answer["exit_code"])


if __name__ == "__main__":
    sys.exit(main())
