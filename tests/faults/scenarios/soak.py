"""Thousands of replies while faults of every kind come at random."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random

import psycopg

from shared.domain.actor import Actor
from shared.pipelines.people.review_drafts import ReviewRefusedError, approve_draft
from tests.e2e.driver import TestWorkspace
from tests.faults.checker import FAIR_FAILURES, MODEL_FAILURES
from tests.faults.ledger import Ledger, Wanted
from tests.faults.points import FUNCTIONS
from tests.faults.providers import SIDES, FaultEvent, ProviderSide, Rule
from tests.faults.scenarios.common import (
    ABSENCE,
    MODEL_OPT_OUT,
    OPT_OUT,
    QUESTION,
    REFUSAL,
    WISH,
    count_parked,
)
from tests.faults.suite import Suite

WRITES_AGAIN = 0.2  # of the soak's replies are of a lead that has written before
UNSUBSCRIBES = 0.03  # of its leads
SOAK_POSTERS = 6
SEND_FAULTS: tuple[Rule, ...] = (
    {"status": 429},
    {"status": 500},
    {"status": 500, "do_work": True},
    {"drop": True},
    {"body": "{"},
)
LOOK_FAULTS: tuple[Rule, ...] = ({"status": 500}, {"drop": True})
TELL_FAULTS: tuple[Rule, ...] = ({"status": 500}, {"drop": True}, {"status": 500, "do_work": True})
SOAK_PAUSE_S = 0.45  # each poster's, on average: the load lasts long enough for faults of every kind


def soak(suite: Suite, replies: int) -> None:
    """Thousands of replies while faults of every kind come at random."""
    began = time.monotonic()
    workspaces = [suite.workspace(f"soak {number}") for number in range(6)]
    ledger = suite.ledger()
    chance = suite.random
    texts = (
        [(WISH, Wanted.SEND)] * 6
        + [(QUESTION, Wanted.DRAFT)] * 2
        + [(REFUSAL, Wanted.NO_DRAFT)] * 2
        + [(ABSENCE, Wanted.NO_DRAFT), (OPT_OUT, Wanted.SUPPRESSION), (MODEL_OPT_OUT, Wanted.SUPPRESSION)]
    )
    events: list[tuple[TestWorkspace, FaultEvent, Wanted]] = []
    for _ in range(replies):
        workspace = chance.choice(workspaces)
        text, wanted = chance.choice(texts)
        address = None
        if events and chance.random() < WRITES_AGAIN:
            workspace, earlier, _ = chance.choice(events)
            address = earlier.lead_email
        events.append((workspace, suite.reply(workspace, text, lead_email=address), wanted))
    for _ in range(int(replies * UNSUBSCRIBES)):
        number = chance.randrange(len(events))
        workspace, earlier, _ = events[number]
        event = suite.unsubscription(workspace, earlier.lead)
        events.insert(min(len(events), number + chance.randint(1, 20)), (workspace, event, Wanted.SUPPRESSION))
    pauses = [chance.uniform(0.0, 2 * SOAK_PAUSE_S) for _ in events]
    injected = 0
    ended = threading.Event()

    def post_after(pause_s: float, event: tuple[TestWorkspace, FaultEvent, Wanted]) -> None:
        time.sleep(pause_s)
        ledger.post(*event, may_fail=True)

    def break_things() -> int:
        count = 0
        for number in itertools.count():
            if ended.is_set():
                return count
            with contextlib.suppress(Exception):  # the stack was busy with the fault before
                count += _random_fault(suite, workspaces, ledger, suite.chances(f"soak/{number}"))
            ended.wait(chance.uniform(1.0, 4.0))
        raise AssertionError("unreachable")

    def most_have_ended() -> bool:
        try:
            return suite.driver.open_jobs(*workspaces) < replies // 4
        except psycopg.OperationalError:  # a fault has Postgres away just now
            return False

    with ThreadPoolExecutor(1) as pool:
        breaking = pool.submit(break_things)
        try:
            with ThreadPoolExecutor(SOAK_POSTERS) as posters:
                list(posters.map(post_after, pauses, events))
            with contextlib.suppress(AssertionError):  # it only keeps the faults going
                suite.driver.wait_for("most of the soak's jobs have ended", most_have_ended, 600.0)
        finally:
            ended.set()
        injected = breaking.result()
    suite.conclude(
        "soak: all faults at random",
        injected,
        workspaces,
        ledger,
        began,
        at_least=20,
        fair_failures=FAIR_FAILURES + MODEL_FAILURES,
        notes=f"{count_parked(ledger.postings)} parked",
    )


def _random_fault(suite: Suite, workspaces: Sequence[TestWorkspace], ledger: Ledger, chance: Random) -> int:
    def away(*names: str) -> int:
        with suite.outage(*names, mode=chance.choice(("refuse", "stall"))):
            time.sleep(chance.uniform(0.5, 2.5))
        return 1

    def fail(service: str, rules: Sequence[Rule]) -> int:
        suite.driver.set_faults(service, [chance.choice(rules) | {"count": chance.randint(1, 5)}])
        return 1

    def deliver_again() -> int:
        taken = [posting for posting in ledger.postings if posting.is_taken]
        again = chance.sample(taken, min(10, len(taken)))
        for posting in again:
            ledger.deliver(posting)
        return len(again)

    def approve_some() -> int:
        """No fault: people go on with their work meanwhile."""
        waiting = suite.driver.rows(
            "SELECT id FROM draft WHERE client_id = ANY(%s) AND status = 'NEEDS_REVIEW' ORDER BY id LIMIT 20",
            [workspace.id for workspace in workspaces],
        )
        for draft in chance.sample(waiting, min(8, len(waiting))):
            with contextlib.suppress(ReviewRefusedError):
                approve_draft(suite.driver.engine, suite.driver.publisher(), draft["id"], by=Actor.person("pat"))
        return 0

    model = "/v1/responses"
    faults: list[Callable[[], int]] = [
        lambda: suite.kill_busy(chance.choice(FUNCTIONS)),
        lambda: suite.kill_busy("post-process"),
        lambda: away("postgres"),
        lambda: away("sqs"),
        lambda: away("postgres", "sqs"),
        lambda: suite.cut("postgres"),
        suite.terminate_connections,
        suite.crash_postgres,
        lambda: suite.restart_postgres(chance.uniform(0.0, 1.5)),
        approve_some,
        approve_some,
        lambda: suite.cut("sqs"),
        lambda: fail(
            "openai",
            [
                {"match": model, "status": 429, "headers": {"Retry-After": "1"}},
                {"match": model, "status": 500},
                {"match": model, "drop": True},
                {"match": model, "kind": "truncated"},
                {"match": model, "kind": "refusal"},
                {"match": model, "kind": "wrong_schema"},
                {"match": model, "delay_s": 3.0},
            ],
        ),
        lambda: fail(*_of_provider(chance.choice(list(SIDES.values())))),
        deliver_again,
    ]
    return chance.choice(faults)()


def _of_provider(side: ProviderSide) -> tuple[str, list[Rule]]:
    """The ways in which a provider fails when it is to send, to show a reply, and to hear of a person."""
    return side.service, [
        *({**side.SENDING, **fault} for fault in SEND_FAULTS),
        *({**side.READING, **fault} for fault in LOOK_FAULTS),
        *({**place, **fault} for place in side.TELLING for fault in TELL_FAULTS),
    ]
