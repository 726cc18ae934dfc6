"""``python -m bench`` (make bench): the budgets as ratios within one run, so that they hold on any machine.

By default with small sizes, for a look; ``--full`` takes the sizes that the budgets are stated for.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console

from bench import cold_init, drain, growth, post_process
from bench import webhook as webhook_bench
from bench.report import Result, print_results
from bench.servers import Servers, running_servers
from shared.observability import logger

PIPED_WIDTH = 150


def main() -> int:
    arguments = parse_arguments()
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
    results: list[Result] = []
    on_servers: dict[str, Callable[[Servers], list[Result]]] = {
        "webhook": lambda servers: webhook_bench.measure(servers, arguments.rounds),
        "post-process": lambda servers: post_process.measure(servers, max(20, arguments.rounds // 4)),
        "drain": lambda servers: drain.measure(servers, arguments.replies, arguments.leads, arguments.concurrency),
        "growth": lambda servers: growth.measure(servers, arguments.messages),
    }
    wanted = arguments.only or [*on_servers, "cold-init"]
    if set(wanted) & set(on_servers):
        # The handlers log as they do in the cloud; here nobody reads it.
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), running_servers() as servers:
            logger.registered_handler.setStream(nowhere)  # type: ignore[attr-defined]  # a StreamHandler
            for name, measure in on_servers.items():
                if name in wanted:
                    console.print(f"{name} …", style="dim")
                    results += measure(servers)
    if "cold-init" in wanted:
        results += cold_init.measure()
    print_results(console, results)
    return 1 if any(result.kept is False for result in results) else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = ("webhook", "post-process", "drain", "growth", "cold-init")
    parser.add_argument("--only", action="append", choices=names, help="measure this; may be repeated")
    parser.add_argument("--full", action="store_true", help="1,000,000 messages, 5,000 replies of 1,000 leads")
    parser.add_argument("--rounds", type=int, default=200, help="of the webhook (200)")
    parser.add_argument("--messages", type=int, help="of the large database (100,000)")
    parser.add_argument("--replies", type=int, help="of the backlog (400)")
    parser.add_argument("--leads", type=int, help="of the backlog (80)")
    parser.add_argument("--concurrency", type=int, default=4, help="workers that drain it (4)")
    arguments = parser.parse_args()
    full: bool = arguments.full
    arguments.messages = arguments.messages or (1_000_000 if full else 100_000)
    arguments.replies = arguments.replies or (5_000 if full else 400)
    arguments.leads = arguments.leads or (1_000 if full else 80)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
