"""``python -m local up``: the stack in the foreground until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from infra.topology import TOPOLOGY, Topology, scaled
from local.samples import FOLDERS, load_about
from local.sqs import REPOSITORY
from local.stack import BUNDLES_HELP, Stack, StartError, StopRequestedError, bundle_folders, default_state_dir
from shared.domain.vocabulary import Provider
from shared.providers.registry import PROVIDERS

FOLLOW_INTERVAL_S = 0.2


def main(given: Sequence[str]) -> int:
    arguments = parse_arguments(given)
    stack = Stack(
        arguments.state_dir,
        topology=chosen_topology(arguments),
        port=arguments.port,
        fault_proxies=arguments.fault_proxies,
        task_roots=bundle_folders(arguments.bundles) if arguments.bundles else REPOSITORY,
        report=lambda line: print(line, flush=True),
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stack.request_stop())
    print("Starting the reply pipeline on this machine", flush=True)
    try:
        stack.start()
    except StopRequestedError:
        print("Stopped")
        return 130
    except StartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    introduce(stack)
    if arguments.verbose:
        threading.Thread(target=follow_logs, args=(stack.log_dir,), daemon=True).start()
    while not stack.ended.wait(0.2):
        pass
    stack.stop()
    if stack.failure is not None:
        print(f"error: {stack.failure}", file=sys.stderr)
        return 1
    print("Stopped")
    return 0


def parse_arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local up", description="Runs the reply pipeline on this machine until Ctrl-C."
    )
    parser.add_argument(
        "--state-dir", type=Path, default=default_state_dir(), help="database, logs, stack.json (.local)"
    )
    parser.add_argument("--port", type=int, default=0, help="port of the API (a free one)")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="multiplies every time-out, visibility and schedule (1)"
    )
    parser.add_argument(
        "--function-concurrency",
        action="append",
        default=[],
        metavar="NAME=N",
        help="processes of a function at once; may be repeated",
    )
    parser.add_argument("--fault-proxies", action="store_true", help="functions reach Postgres and SQS through proxies")
    parser.add_argument("--bundles", type=Path, metavar="FOLDER", help=BUNDLES_HELP)
    parser.add_argument("-v", "--verbose", action="store_true", help="show what the functions log")
    arguments = parser.parse_args(given)
    if arguments.scale <= 0:
        parser.error("--scale must be positive")
    for setting in arguments.function_concurrency:
        name, _, number = setting.partition("=")
        if name not in {function.name for function in TOPOLOGY.functions} or not number.isdigit() or int(number) < 1:
            names = ", ".join(function.name for function in TOPOLOGY.functions)
            parser.error(f"--function-concurrency {setting}: expected NAME=N with N ≥ 1 and NAME one of {names}")
    return arguments


def chosen_topology(arguments: argparse.Namespace) -> Topology:
    topology = TOPOLOGY if arguments.scale == 1.0 else scaled(arguments.scale)
    chosen = {name: int(number) for name, _, number in (s.partition("=") for s in arguments.function_concurrency)}
    return replace(
        topology,
        functions=tuple(
            replace(function, concurrency=chosen.get(function.name, function.concurrency))
            for function in topology.functions
        ),
    )


def introduce(stack: Stack) -> None:
    own = stack.state_dir == default_state_dir()
    somewhere_else = "" if own else f"  export REPLYCTL_STACK='{stack.info_path}'\n"
    where = "" if own else f" --stack '{stack.info_path}'"
    print(
        f"""
  API        {stack.info["api_url"]}
  Postgres   {stack.info["database_url"]}
  OpenAI     {stack.info["openai_url"]}
{chr(10).join(f"  {provider.title:<9}  {stack.info[f'{name.lower()}_url']}" for name, provider in PROVIDERS.items())}
  Logs       {stack.log_dir}
  Details    {stack.info_path}
{"".join(_first_reply(folder, where) for folder in FOLDERS)}
See what was written, and have it sent:

{somewhere_else}  .venv/bin/replyctl drafts list
  .venv/bin/replyctl drafts show ID
  .venv/bin/replyctl drafts approve ID

Ctrl-C stops everything.""",
        flush=True,
    )


def _first_reply(samples: Path, where: str) -> str:
    title = PROVIDERS[Provider(samples.name.upper())].title
    body = json.dumps(load_about(samples).first_reply, indent=1).replace("\n}", "}").replace("\n ", "\n    ")
    return f"""
Post a reply as {title} does:

  .venv/bin/python -m local post {samples.name}{where} \\
    '{body}'
"""


def follow_logs(folder: Path) -> None:
    """Prints the lines that are added to the functions' logs, each with the function's name."""
    offsets = {path: path.stat().st_size for path in folder.glob("*.log")}
    while True:
        for path in sorted(folder.glob("*.log")):
            with path.open("rb") as log:
                log.seek(offsets.get(path, 0))
                added = log.read()
            complete = added.rfind(b"\n") + 1  # a line that is still being written waits for its end
            offsets[path] = offsets.get(path, 0) + complete
            for line in added[:complete].decode(errors="replace").splitlines():
                print(f"[{path.stem}] {line}", flush=True)
        time.sleep(FOLLOW_INTERVAL_S)
