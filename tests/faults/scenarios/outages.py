"""Postgres, SQS or both away, under load."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.e2e.driver import TestWorkspace
from tests.faults.ledger import Ledger, Wanted
from tests.faults.scenarios.common import WISH, count_parked, unless
from tests.faults.suite import Suite


@contextmanager
def load(
    suite: Suite, ledger: Ledger, workspace: TestWorkspace, *, pause_s: float = 0.25, may_fail: bool = False
) -> Iterator[None]:
    """Posts replies in the background, two at a time, for as long as the block runs."""
    ends = threading.Event()

    def keep_posting() -> None:
        while not ends.is_set():
            ledger.post(workspace, suite.reply(workspace, WISH), Wanted.SEND, may_fail=may_fail)
            ends.wait(pause_s)

    with ThreadPoolExecutor(2) as pool:
        posters = [pool.submit(keep_posting) for _ in range(2)]
        try:
            yield
        finally:
            ends.set()
    for poster in posters:
        poster.result()


def postgres_away(suite: Suite) -> None:
    """Postgres refuses, hangs, is restarted, crashes, and ends or loses its connections, while replies come in."""
    for title, mode in (("refuses connections", "refuse"), ("hangs", "stall")):
        began = time.monotonic()
        workspace, ledger = suite.workspace(title), suite.ledger()
        with load(suite, ledger, workspace):
            for _ in range(2):
                time.sleep(suite.random.uniform(0.5, 1.5))
                with suite.outage("postgres", mode=mode):
                    time.sleep(suite.random.uniform(3.0, 5.0))
            time.sleep(1.0)
        parked = count_parked(ledger.postings)
        suite.conclude(
            f"Postgres {title} under load",
            2,
            [workspace],
            ledger,
            began,
            more=unless(parked > 0, "nothing was parked"),
            notes=f"{parked} parked",
        )

    for title, strike in (
        ("stops and starts again", lambda: suite.restart_postgres(suite.random.uniform(0.5, 3.0))),
        ("crashes (kill -9) and recovers", suite.crash_postgres),
    ):
        began = time.monotonic()
        workspace, ledger = suite.workspace(title), suite.ledger()
        struck = 0
        with load(suite, ledger, workspace):
            for _ in range(3):
                time.sleep(suite.random.uniform(0.5, 2.0))
                struck += strike()
            time.sleep(1.0)
        suite.conclude(
            f"Postgres {title} under load",
            struck,
            [workspace],
            ledger,
            began,
            at_least=3,
            notes=f"{count_parked(ledger.postings)} parked",
        )

    for title, breaks in (
        ("Postgres ends every connection, as a failover does", suite.terminate_connections),
        ("connections to Postgres cut mid-transaction", lambda: suite.cut("postgres")),
    ):
        began = time.monotonic()
        workspace, ledger = suite.workspace(title[:40]), suite.ledger()
        broken = 0
        with load(suite, ledger, workspace, pause_s=0.1):
            for _ in range(25):
                time.sleep(suite.random.uniform(0.02, 0.5))
                broken += breaks()
        suite.conclude(title, broken, [workspace], ledger, began, notes=f"{count_parked(ledger.postings)} parked")


def sqs_away(suite: Suite) -> None:
    """SQS refuses connections under load: everything is accepted, and published later."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("SQS away"), suite.ledger()
    with load(suite, ledger, workspace):
        for mode in ("refuse", "stall"):
            time.sleep(suite.random.uniform(0.5, 1.5))
            with suite.outage("sqs", mode=mode):
                time.sleep(suite.random.uniform(3.0, 5.0))
        for _ in range(5):
            time.sleep(suite.random.uniform(0.1, 0.4))
            suite.cut("sqs")
    suite.conclude("SQS unreachable under load", 7, [workspace], ledger, began)


def both_away(suite: Suite) -> None:
    """Neither can be reached: 503, and the sender comes again."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("both away"), suite.ledger()
    with load(suite, ledger, workspace, may_fail=True):
        for _ in range(2):
            time.sleep(suite.random.uniform(0.5, 1.0))
            with suite.outage("postgres", "sqs"):
                time.sleep(suite.random.uniform(3.0, 4.0))
    refused = sum(not answer.is_taken for posting in ledger.postings for answer in posting.answers)
    suite.conclude(
        "Postgres and SQS unreachable",
        2,
        [workspace],
        ledger,
        began,
        more=unless(refused > 0, "nothing was refused"),
        notes=f"{refused} answered with 503",
    )
