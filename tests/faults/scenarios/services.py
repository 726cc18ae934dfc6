"""The model and the providers fail, in every way and at every request."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from shared.domain.actor import Actor
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from tests.e2e.driver import TestWorkspace, of_task
from tests.faults.checker import FAIR_FAILURES, MODEL_FAILURES, Violation
from tests.faults.evidence import Evidence
from tests.faults.ledger import Ledger, Wanted
from tests.faults.providers import SIDES, FaultEvent, ProviderSide, Rule
from tests.faults.scenarios.common import OPT_OUT, WISH, approve_all, rules_applied, unless
from tests.faults.suite import Suite

READING = "reading the trigger"
OF_EACH = 2  # replies that meet each fault of a provider
TASKS = ("sentiment", "draft", "reply_evaluation", "lead_score")


def model_fails(suite: Suite) -> None:
    """Every way in which a model call goes wrong, at each of the four tasks."""
    too_long_s = 2 * suite.timeout_s("post-process")
    kinds: dict[str, tuple[dict[str, Any], int]] = {  # the rule, and how often per reply
        "429 with Retry-After": ({"status": 429, "headers": {"Retry-After": "1"}}, 2),
        "500": ({"status": 500}, 2),
        "time-out": ({"delay_s": too_long_s}, 1),
        "connection cut": ({"drop": True}, 2),
        "truncated JSON": ({"kind": "truncated"}, 3),
        "cut off by the token limit": ({"kind": "incomplete"}, 1),
        "wrong schema": ({"kind": "wrong_schema"}, 2),
        "refusal": ({"kind": "refusal"}, 1),
        "exhausted quota": ({"kind": "insufficient_quota"}, 1),
        "400": ({"status": 400}, 1),
    }
    began = time.monotonic()
    rules: list[dict[str, Any]] = []
    rows: list[tuple[str, list[int], TestWorkspace, Ledger]] = []
    to_post: list[tuple[Ledger, TestWorkspace, FaultEvent]] = []
    for title, (rule, times) in kinds.items():
        workspace, ledger = suite.workspace(f"model {title}"[:40]), suite.ledger()
        numbers = []
        for task in TASKS:
            word = f"w{uuid4().hex[:12]}"
            numbers.append(len(rules))
            rules.append({"match": "/v1/responses", "contains": [word, of_task(task)], "count": times, **rule})
            to_post.append((ledger, workspace, suite.reply(workspace, f"{WISH} {word}")))
        rows.append((title, numbers, workspace, ledger))
    suite.driver.set_faults("openai", rules)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda item: item[0].post(item[1], item[2], Wanted.SEND), to_post))
    suite.settle([workspace for _, _, workspace, _ in rows])
    applied = rules_applied(suite, "openai")
    dead_letters = [suite.failed_jobs(workspace) for _, _, workspace, _ in rows]  # the first verdict redrives them all
    for (title, numbers, workspace, ledger), dead in zip(rows, dead_letters, strict=True):
        suite.conclude(
            f"model: {title}",
            sum(applied[number] for number in numbers),
            [workspace],
            ledger,
            began,
            fair_failures=FAIR_FAILURES + MODEL_FAILURES,
            more=unless(all(applied[number] for number in numbers), "a task was never asked for"),
            notes=f"{dead} dead letters, redriven" if dead else "",
        )
        began = time.monotonic()


def providers_fail(suite: Suite) -> None:
    """Breaks reading the trigger and sending the draft in every way, at each provider."""
    kinds: dict[str, Rule] = {
        "429": {"status": 429, "headers": {"Retry-After": "1"}},
        "500": {"status": 500},
        "500 after doing the work": {"status": 500, "do_work": True},
        "404": {"status": 404},
        "403": {"status": 403},
        "cut after doing the work": {"drop": True},
        "cut before doing it": {"drop": True, "do_work": False},
        "malformed 2xx": {"body": '{"id": '},
        "2xx without an id": {"body": "{}"},
        "time-out": {"delay_s": 2 * suite.timeout_s("post-process")},
    }
    began = time.monotonic()
    rules: list[tuple[str, Rule]] = []
    rows: list[tuple[str, ProviderSide, list[int], TestWorkspace, Ledger]] = []
    to_post: list[tuple[Ledger, TestWorkspace, FaultEvent]] = []
    for side in SIDES.values():
        placed = 0
        for where, auto in (
            (READING, True),
            ("sending the answer", True),
            ("sending an approved draft", False),
        ):
            for title, rule in kinds.items():
                workspace, ledger = suite.workspace(f"{where} {title}"[:40]), suite.ledger()
                for _ in range(OF_EACH):
                    event = suite.reply(workspace, WISH, auto=auto, side=side)
                    place = (side.reading if where == READING else side.sending)(event.fields)
                    # A reply is read twice: for its sender, which may fail, and right before the send.
                    rules.append((side.service, {"count": 2 if where == READING else 1, **place, **rule}))
                    to_post.append((ledger, workspace, event))
                numbers = list(range(placed, placed + OF_EACH))
                placed += OF_EACH
                rows.append((f"{side.title}, {where}: {title}", side, numbers, workspace, ledger))
    suite.set_rules(rules)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda item: item[0].post(item[1], item[2], Wanted.SEND), to_post))
    suite.settle([workspace for *_, workspace, _ in rows])
    for title, *_, workspace, _ in rows:
        if "approved" in title:
            approve_all(suite, workspace)
    suite.settle([workspace for *_, workspace, _ in rows])
    applied = {side: rules_applied(suite, side.service) for side in SIDES.values()}
    for title, side, numbers, workspace, ledger in rows:
        struck = [applied[side][number] for number in numbers]
        suite.conclude(
            title,
            sum(struck),
            [workspace],
            ledger,
            began,
            more=unless(all(struck), "a request was never made"),
        )
        began = time.monotonic()


def suppressions_fail(suite: Suite) -> None:
    """Breaks each provider while suppressions, and their undoing, are synced to all; an undone one leaves no entry.

    Where one fails, the others are told.
    """
    began = time.monotonic()
    kinds: tuple[Rule, ...] = (
        {"status": 429, "headers": {"Retry-After": "1"}},
        {"status": 500},
        {"status": 500, "do_work": True},
        {"status": 403},
        {"drop": True},
    )
    workspace, ledger = suite.workspace("suppressions"), suite.ledger()
    rules: list[tuple[str, Rule]] = []
    kept, undone = [], []
    for side in SIDES.values():
        for kind in kinds:
            for number in range(len(side.suppressing(""))):
                event = suite.reply(workspace, OPT_OUT, side=side)
                place = side.suppressing(event.lead)[number]
                rules.append((side.service, {**place, "count": 1, **kind}))
                (undone if number else kept).append(event)
            lifted = suite.reply(workspace, OPT_OUT, side=side)
            rules.append((side.service, {**side.suppressing(lifted.lead)[0], "count": 1, **kind}))
            undone.append(lifted)
    suite.set_rules(rules)
    ledger.post_all(
        [(workspace, event, Wanted.SUPPRESSION) for event in kept]
        + [(workspace, event, Wanted.EITHER) for event in undone]
    )
    suite.settle([workspace])
    applied = sum(sum(rules_applied(suite, side.service)) for side in SIDES.values())
    addresses = {event.lead for event in undone}
    undoing = [(side.service, {**side.RELEASING, "count": 1, **kind}) for side in SIDES.values() for kind in kinds]
    suite.set_rules(undoing)
    for address in sorted(addresses):
        lead = suite.driver.one("SELECT id FROM lead WHERE client_id = %s AND email = %s", workspace.id, address)
        unsuppress_lead(suite.driver.engine, suite.driver.publisher(), workspace.id, lead["id"], by=Actor.person("Pat"))
    suite.settle([workspace])
    applied += sum(sum(rules_applied(suite, side.service)) for side in SIDES.values())

    def nothing_is_left(evidence: Evidence) -> Iterator[Violation]:
        for name, record in evidence.records.items():
            for address in sorted(record.blocked & addresses):
                yield Violation(1, f"lead {address}", f"its suppression was lifted, but {name} still blocks it")

    suite.conclude(
        "providers, being told of suppressions and their undoing",
        applied,
        [workspace],
        ledger,
        began,
        at_least=len(rules) + len(undoing),
        more=nothing_is_left,
        notes=f"{len(addresses)} lifted again",
    )
