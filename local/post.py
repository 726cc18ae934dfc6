"""``python -m local post WEBHOOK BODY``: posts one delivery to the running stack as the provider would.

It takes what proves whose delivery it is from stack.json, so that no secret has to be copied: headers, a token in the
address, fields of the body.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx2

from local.stack import default_state_dir
from local.webhooks import Webhook

TIMEOUT_S = 30.0


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m local post", description=(__doc__ or "").split("\n\n")[1])
    parser.add_argument("webhook", help="a name under webhooks in stack.json, e.g. instantly")
    parser.add_argument("body", help="the delivery's body; - reads it from standard input")
    parser.add_argument("--stack", type=Path, default=default_state_dir() / "stack.json", help="its stack.json")
    arguments = parser.parse_args(given)
    try:
        shown = json.loads(arguments.stack.read_text())["webhooks"]
    except FileNotFoundError:
        sys.stderr.write(f"error: no stack is running at {arguments.stack}: start one with make up\n")
        return 1
    if arguments.webhook not in shown:
        parser.error(f"there is no webhook {arguments.webhook}: choose one of {', '.join(shown)}")
    webhook = Webhook.from_json(shown[arguments.webhook])
    body = webhook.signed_body((sys.stdin.read() if arguments.body == "-" else arguments.body).encode())
    answer = httpx2.post(
        webhook.url, content=body, headers=webhook.signed_headers({}, body), timeout=TIMEOUT_S, trust_env=False
    )
    sys.stdout.write(f"{answer.text}\n")
    if not answer.is_success:
        sys.stderr.write(f"error: the webhook responded {answer.status_code}\n")
    return 0 if answer.is_success else 1
