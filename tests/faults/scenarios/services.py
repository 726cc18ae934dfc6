"""The model and Instantly fail, in every way and at every request."""

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
from tests.faults.scenarios.common import OPT_OUT, WISH, approve_all, rules_applied, unless
from tests.faults.suite import Suite

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
    to_post: list[tuple[Ledger, TestWorkspace, dict[str, Any]]] = []
    for title, (rule, times) in kinds.items():
        workspace, ledger = suite.driver.workspace(f"model {title}"[:40]), suite.ledger()
        numbers = []
        for task in TASKS:
            word = f"w{uuid4().hex[:12]}"
            numbers.append(len(rules))
            rules.append({"match": "/v1/responses", "contains": [word, of_task(task)], "count": times, **rule})
            to_post.append((ledger, workspace, workspace.reply(f"{WISH} {word}")))
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


def instantly_fails(suite: Suite) -> None:
    """Breaks reading the trigger and sending the draft in every way."""
    malformed = {"body": '{"id": '}
    kinds: dict[str, dict[str, Any]] = {
        "429": {"status": 429, "headers": {"Retry-After": "1"}},
        "500": {"status": 500},
        "500 after doing the work": {"status": 500, "do_work": True},
        "404": {"status": 404},
        "403": {"status": 403},
        "cut after doing the work": {"drop": True},
        "cut before doing it": {"drop": True, "do_work": False},
        "malformed 2xx": malformed,
        "2xx without an id": {"body": "{}"},
        "time-out": {"delay_s": 2 * suite.timeout_s("post-process")},
    }
    began = time.monotonic()
    rules: list[dict[str, Any]] = []
    rows: list[tuple[str, list[int], TestWorkspace, Ledger]] = []
    to_post: list[tuple[Ledger, TestWorkspace, dict[str, Any]]] = []
    for method, where, auto in (
        ("GET", "reading the trigger", True),
        ("POST", "sending the answer", True),
        ("POST", "sending an approved draft", False),
    ):
        for title, rule in kinds.items():
            workspace, ledger = suite.driver.workspace(f"{where} {title}"[:40]), suite.ledger()
            numbers = []
            for _ in range(2):
                event = workspace.reply(WISH, auto=auto)
                numbers.append(len(rules))
                place = (
                    {"match": f"/emails/{event['email_id']}"}
                    if method == "GET"
                    else {"match": "/emails/reply", "contains": event["email_id"]}
                )
                # A reply is read twice: for its sender, which may fail, and right before the send.
                rules.append({"method": method, "count": 2 if method == "GET" else 1, **place, **rule})
                to_post.append((ledger, workspace, event))
            rows.append((f"Instantly, {where}: {title}", numbers, workspace, ledger))
    suite.driver.set_faults("instantly", rules)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda item: item[0].post(item[1], item[2], Wanted.SEND), to_post))
    suite.settle([workspace for _, _, workspace, _ in rows])
    for title, _, workspace, _ in rows:
        if "approved" in title:
            approve_all(suite, workspace)
    suite.settle([workspace for _, _, workspace, _ in rows])
    applied = rules_applied(suite, "instantly")
    for title, numbers, workspace, ledger in rows:
        suite.conclude(
            title,
            sum(applied[number] for number in numbers),
            [workspace],
            ledger,
            began,
            more=unless(all(applied[number] for number in numbers), "a request was never made"),
        )
        began = time.monotonic()


def suppressions_fail(suite: Suite) -> None:
    """Breaks Instantly while suppressions, and their undoing, are synced to it; an undone one leaves no entry."""
    began = time.monotonic()
    kinds: tuple[dict[str, Any], ...] = (
        {"status": 429, "headers": {"Retry-After": "1"}},
        {"status": 500},
        {"status": 500, "do_work": True},
        {"status": 403},
        {"drop": True},
    )
    places = (("/block-lists-entries", "POST"), ("/leads/update-interest-status", "POST"))
    workspace, ledger = suite.driver.workspace("suppressions"), suite.ledger()
    rules, events = [], []
    for kind in kinds:
        for match, method in places:
            event = workspace.reply(OPT_OUT)
            rules.append({"match": match, "method": method, "contains": event["lead_email"], "count": 1, **kind})
            events.append(event)
    kept = [(workspace, event, Wanted.SUPPRESSION) for event in events[::2]]
    undone = [(workspace, event, Wanted.EITHER) for event in events[1::2]]
    lifted = [workspace.reply(OPT_OUT) for _ in kinds]
    rules += [
        {"match": "/block-lists-entries", "method": "POST", "contains": event["lead_email"], "count": 1, **kind}
        for event, kind in zip(lifted, kinds, strict=True)
    ]
    suite.driver.set_faults("instantly", rules)
    ledger.post_all(kept + undone + [(workspace, event, Wanted.EITHER) for event in lifted])
    suite.settle([workspace])
    applied = rules_applied(suite, "instantly")
    addresses = [str(event["lead_email"]) for event in [*events[1::2], *lifted]]
    undoing = [{"match": "/block-lists-entries/", "method": "DELETE", "count": 1, **kind} for kind in kinds]
    suite.driver.set_faults("instantly", undoing)
    for address in addresses:
        lead = suite.driver.one("SELECT id FROM lead WHERE client_id = %s AND email = %s", workspace.id, address)
        unsuppress_lead(suite.driver.engine, suite.driver.publisher(), workspace.id, lead["id"], by=Actor.person("Pat"))
    suite.settle([workspace])
    applied += rules_applied(suite, "instantly")

    def nothing_is_left(evidence: Evidence) -> Iterator[Violation]:
        for address in sorted(evidence.blocked.intersection(addresses)):
            yield Violation(1, f"lead {address}", "its suppression was lifted, but Instantly still blocks it")

    suite.conclude(
        "Instantly, being told of suppressions and their undoing",
        sum(applied),
        [workspace],
        ledger,
        began,
        at_least=len(rules) + len(undoing),
        more=nothing_is_left,
        notes=f"{len(addresses)} lifted again",
    )
