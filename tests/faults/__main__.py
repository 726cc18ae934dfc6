"""``python -m tests.faults`` (make test-faults): breaks the running stack in every way and checks the invariants.

The seed decides every choice of chance; it is printed, and SEED=… or --seed repeats a run.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import groupby
from math import ceil
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.topology import scaled
from tests.e2e.conftest import running_stack
from tests.e2e.driver import Driver
from tests.faults.checker import Violation
from tests.faults.points import FaultPointControl
from tests.faults.scenarios import SCENARIOS, soak
from tests.faults.suite import Suite, Verdict

SCALE = 0.05  # a minute is three seconds; shorter, and a busy machine's own delays look like faults
SOAK_REPLIES = 2_000
LOGGED_SHARE = 0.05  # of all statements, as if they had been slow: enough for each to come by many times
PIPED_WIDTH = 150
SHOWN_VIOLATIONS = 20


def main() -> int:
    arguments = parse_arguments()
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
    console.print(f"Fault suite, SEED={arguments.seed}, time scale {arguments.scale}")
    folder = Path(tempfile.mkdtemp(prefix="rf-"))
    began = time.monotonic()
    logged: list[Violation] = []
    points = FaultPointControl(folder / "points")
    try:
        with running_stack(folder / "stack", ["--scale", str(arguments.scale), "--fault-proxies"]) as stack:
            driver = Driver(stack.info, stack.state_dir)
            points.install(driver)
            shorten_visibility(driver, arguments.scale)
            driver.log_statements(LOGGED_SHARE)
            suite = Suite(driver, points, arguments.seed, arguments.scale, console)
            for name in arguments.only or SCENARIOS:
                if name in SCENARIOS:
                    suite.run(name, SCENARIOS[name])
            if arguments.soak and (not arguments.only or "soak" in arguments.only):
                suite.run("soak", lambda suite: soak(suite, arguments.soak))
            suite.conclude_everything()
            logged = suite.scan_logs()
            driver.close()
    except BaseException:
        console.print(f"Stopped. SEED={arguments.seed} repeats this run. What the stack wrote: {folder}")
        raise
    print_table(console, suite.verdicts)
    print_summary(console, suite.verdicts)
    for verdict in suite.verdicts:  # once more, at the end: whoever reads only that must see what broke
        for violation in verdict.violations[:SHOWN_VIOLATIONS]:
            console.print(f"{verdict.fault}: {violation}", markup=False, soft_wrap=True)
    for violation in logged[:SHOWN_VIOLATIONS]:
        console.print(str(violation), markup=False, soft_wrap=True)
    broken = sum(len(verdict.violations) for verdict in suite.verdicts) + len(logged)
    console.print(
        f"{sum(verdict.injected for verdict in suite.verdicts)} faults, "
        f"{sum(verdict.replies for verdict in suite.verdicts)} replies, {broken} violations, "
        f"{len(logged)} lines of the logs with what does not belong there, {(time.monotonic() - began) / 60:.1f} min, "
        f"SEED={arguments.seed}"
    )
    if broken:
        console.print(f"What the stack wrote is in {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def shorten_visibility(driver: Driver, scale: float) -> None:
    """A worker that dies before it has set its message's visibility costs the queue's: six time-outs, for safety.

    Two are enough here, where every such death is waited for.
    """
    visibility_s = ceil(2 * scaled(scale).function("post-process").timeout_s)
    driver.sqs.set_queue_attributes(
        QueueUrl=driver.info["queues"]["post-process.fifo"], Attributes={"VisibilityTimeout": str(visibility_s)}
    )


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    seed = os.environ.get("SEED") or str(secrets.randbelow(1_000_000))
    parser.add_argument("--seed", type=int, default=int(seed), help="of every choice of chance (SEED, else a new one)")
    parser.add_argument("--scale", type=float, default=SCALE, help=f"of the topology's times ({SCALE})")
    parser.add_argument("--soak", type=int, default=SOAK_REPLIES, help=f"replies of the soak ({SOAK_REPLIES}); 0: none")
    parser.add_argument("--only", action="append", choices=[*SCENARIOS, "soak"], help="run this one; may be repeated")
    return parser.parse_args()


def print_table(console: Console, verdicts: Sequence[Verdict]) -> None:
    table = Table(title="Nothing lost, nothing twice", title_justify="left")
    table.add_column("fault")
    for column in ("injected", "replies", "lost", "doubled", "unsent", "late", "p50 s", "broken"):
        table.add_column(column, justify="right")
    table.add_column("notes")
    for verdict in verdicts:
        table.add_row(
            verdict.fault,
            *(str(value) for value in (verdict.injected, verdict.replies, verdict.lost, verdict.doubled)),
            str(verdict.unsent),
            str(verdict.late),
            f"{verdict.p50_s:.1f}",
            str(len(verdict.violations)),
            verdict.notes,
            style="red" if verdict.violations else None,
        )
    console.print(table)
    console.print(
        "unsent: not answered without a person, since the provider's answer was lost or refused (a person decided"
        " afterwards). late: understood more than a minute after it had come.",
        style="dim",
    )


def print_summary(console: Console, verdicts: Sequence[Verdict]) -> None:
    """The same by scenario, for a reader who wants to know it in one look."""
    table = Table(title="By scenario", title_justify="left")
    columns = ("injected", "replies", "lost", "doubled", "unsent", "late")
    table.add_column("scenario")
    for column in (*columns, "broken", "s"):
        table.add_column(column, justify="right")
    for scenario, group in groupby(verdicts, key=lambda verdict: verdict.scenario):
        rows = list(group)
        table.add_row(
            scenario,
            *(str(sum(getattr(row, column) for row in rows)) for column in columns),
            str(sum(len(row.violations) for row in rows)),
            f"{sum(row.seconds for row in rows):.0f}",
        )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
