"""replyctl against a deployed stage, whose database nobody outside its VPC can reach.

    python -m infra.operate prod -- drafts list

It calls the stage's operations function, which runs the same command there. Who may do that is an IAM question
(`lambda:InvokeFunction` on that one function), and every call is in CloudTrail. Files that the command names, standard
input and the editor are this machine's: their content goes with the call.
"""

from __future__ import annotations

import getpass
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from infra.config import STAGES
from infra.deployed import deployed_stack
from infra.errors import DeploymentError
from ops.command_line import Command, understand
from ops.editor import edit_text
from ops.errors import CommandError
from ops.files import pack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

OUTPUT = "OperationsFunction"
READ_TIMEOUT_S = 910  # a little over the function's own
REQUEST_LIMIT = 6 * 1024 * 1024  # bytes: what Lambda takes in one synchronous call
EDITED = "the text from the editor"  # the name under which it is sent
USAGE = "usage: python -m infra.operate STAGE -- ARGUMENTS OF replyctl\n"


def operations_function(cloudformation: CloudFormationClient, stage: str) -> str:
    """Returns the name of the stage's operations function. Raises DeploymentError without such a stage."""
    if stage not in STAGES:
        raise DeploymentError(f"{stage!r} is no stage: there are {' and '.join(STAGES)}.")
    return deployed_stack(cloudformation, f"ReplyPipeline-{stage}-Service").output(OUTPUT)


def run_command(
    client: LambdaClient, function: str, arguments: Sequence[str], files: Mapping[str, bytes] | None = None
) -> dict[str, Any]:
    """Returns the command's output and exit code. Raises DeploymentError when the function itself failed."""
    from botocore.exceptions import BotoCoreError, ClientError

    request = {
        "arguments": list(arguments),
        "files": pack(files or {}),
        "operator": getpass.getuser(),
        "columns": shutil.get_terminal_size((120, 40)).columns,
    }
    payload = json.dumps(request).encode()
    if len(payload) > REQUEST_LIMIT:
        raise DeploymentError(
            f"the call has {len(payload) / 1024 / 1024:.1f} MB with what it sends (a file grows by a third on the way),"
            f" and Lambda takes {REQUEST_LIMIT // 1024 // 1024} MB. Nothing was sent."
        )
    try:
        answer = client.invoke(FunctionName=function, Payload=payload)
    except (BotoCoreError, ClientError) as error:
        raise DeploymentError(f"the operations function {function} cannot be called: {error}.") from None
    body: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise DeploymentError(f"the operations function failed: {body.get('errorMessage', body)}.")
    return body


def operate(client: LambdaClient, function: str, arguments: Sequence[str]) -> dict[str, Any]:
    """Runs one command there with the files and the input of this machine. Raises CommandError and DeploymentError."""
    command = understand(arguments)
    if command is None:  # the function says what is wrong with it
        return run_command(client, function, arguments)
    if command.path == ("explain",):
        raise CommandError("explain needs no stage.", "Run it here: .venv/bin/replyctl explain FILE")
    if command.path == ("drafts", "edit") and command.values["body"] is None and command.values["file"] is None:
        return _edit(client, function, arguments, command)
    return run_command(client, function, arguments, command.files)


def _edit(client: LambdaClient, function: str, arguments: Sequence[str], command: Command) -> dict[str, Any]:
    """Fetches the draft's text, opens it in the editor here and sends it back."""
    owner = ["--client", command.values["client"]] if command.values["client"] else []
    shown = run_command(client, function, ["--json", "drafts", "show", command.values["id"], *owner])
    if shown["exit_code"] != 0:
        return shown
    edited = edit_text(json.loads(shown["stdout"])["draft"]["body"])
    return run_command(client, function, [*arguments, "--file", EDITED], {EDITED: edited.encode()})


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) < 3 or given[1] != "--":
        sys.stderr.write(USAGE)
        return 2
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    try:
        function = operations_function(boto3.client("cloudformation"), given[0])
        # One attempt: a command that was cut off may have done its work, and a person decides whether to repeat it.
        client = boto3.client("lambda", config=Config(read_timeout=READ_TIMEOUT_S, retries={"total_max_attempts": 1}))
        answer = operate(client, function, given[2:])
    except BotoCoreError as error:  # no region
        sys.stderr.write(f"AWS cannot be asked: {error} Set AWS_REGION, and credentials.\n")
        return 1
    except DeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except CommandError as error:
        sys.stderr.write(f"{error.sentence} {error.remedy}".rstrip() + "\n")
        return 1
    sys.stdout.write(answer["stdout"])
    sys.stderr.write(answer["stderr"])
    return int(answer["exit_code"])


if __name__ == "__main__":
    sys.exit(main())
