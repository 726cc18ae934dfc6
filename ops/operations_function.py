"""Runs replyctl beside a database that only functions can reach: arguments in, printed output out.

A Lambda function of its own, called with `python -m infra.operate STAGE -- drafts list`. Each call is a process of its
own, so that it behaves as on a terminal: fresh state, real exit codes, nothing left over from the call before.

Whoever may call it may not look around on its machine, whose environment holds the role's credentials: the files that a
command needs come with the call, and no file that a caller names is opened here (``ops.files``).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from ops.files import FILES_COME_WITH_THE_CALL, pack, unpack

ROOT = Path(__file__).resolve().parent.parent
MARGIN_S = 10.0  # a command that takes too long ends with a message, not in the function's time-out
MAX_OUTPUT_CHARS = 1_000_000  # Lambda returns 6 MB at most, and JSON may need six bytes for a character
NAME = re.compile(r"[\w.@+-]{1,64}")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Runs one command.

    ``event`` holds ``arguments`` (a list of strings, as behind ``replyctl``), ``files`` (what the arguments name: name
    and content in Base64), ``operator`` (whose decision it is) and ``columns`` (the terminal's width). Returns
    ``exit_code``, ``stdout`` and ``stderr``.
    """
    arguments = event.get("arguments")
    if not isinstance(arguments, list) or not all(isinstance(argument, str) for argument in arguments):
        return _answer(2, "", 'arguments must be a list of strings, such as ["drafts", "list"]\n')
    if arguments[:1] in (["explain"], ["check-draft"]):
        command = f".venv/bin/replyctl {arguments[0]} FILE"
        return _answer(2, "", f"{arguments[0]} needs no stack and reads a file of yours: run {command}\n")
    try:
        files = pack(unpack(event.get("files", {})))
    except ValueError as error:
        return _answer(2, "", f"{error}\n")
    operator = str(event.get("operator", ""))
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "COLUMNS": str(min(400, max(40, int(event.get("columns", 120))))),
        "NO_COLOR": "1",
        FILES_COME_WITH_THE_CALL: "1",
        "LOGNAME": operator if NAME.fullmatch(operator) else "operator",
        # Rich and typer would look for a terminal's settings in a home that is not writable here.
        "HOME": "/tmp",  # noqa: S108
    }
    call = [sys.executable, "-m", "ops.replyctl", *arguments]
    time_left_s = context.get_remaining_time_in_millis() / 1000 - MARGIN_S
    try:
        done = subprocess.run(
            call,
            cwd=ROOT,
            env=environment,
            input=json.dumps(files),
            capture_output=True,
            text=True,
            timeout=time_left_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _answer(124, "", f"stopped after {time_left_s:.0f} s: what it had finished by then is done\n")
    return _answer(done.returncode, done.stdout, done.stderr)


def _answer(exit_code: int, stdout: str, stderr: str) -> dict[str, Any]:
    return {"exit_code": exit_code, "stdout": _shortened(stdout), "stderr": _shortened(stderr)}


def _shortened(output: str) -> str:
    if len(output) <= MAX_OUTPUT_CHARS:
        return output
    return output[:MAX_OUTPUT_CHARS] + "\n… the rest is left out: use --limit\n"
