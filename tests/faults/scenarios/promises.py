"""Drafts that promise something, killed around their claim and their record, and follow-ups whose day comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from shared.domain.vocabulary import Tag
from tests.e2e.driver import TestWorkspace, of_task
from tests.faults.checker import Violation
from tests.faults.evidence import Evidence
from tests.faults.ledger import Wanted
from tests.faults.providers import SIDES, FaultEvent, Rule
from tests.faults.scenarios.common import LATER, REFUSAL, rules_applied
from tests.faults.scenarios.kills import Route, Rules, killed_along, no_rules, on_sending
from tests.faults.suite import Suite

MADE_AND_KEPT = ("claim_send", "record", "emails/reply", "settle", "COMMITMENT_DUE")  # parts of fault points
OF_EACH = 3  # replies of each way to send
KILLS = 4
LATER_DAYS = 30
POSTERS = 4
PROMISE = "I will get back to you then."
FOLLOW_UP = "You asked me to write again. Is now a good moment to talk?"

SENDING: dict[str, Rules] = {
    "sent": no_rules,
    "sent, its response lost": on_sending(drop=True),
    "lost before it left": on_sending(drop=True, do_work=False),
    "refused for now": on_sending(status=429),
    "refused for good": on_sending(status=404),
    "failed after the work": on_sending(status=500, do_work=True),
}


def _promising(_event: FaultEvent, word: str, *, in_days: int = -1) -> list[tuple[str, Rule]]:
    """The model promises to write again, by default on a day that has come already, and keeps it by a follow-up."""
    due = (datetime.now(UTC) + timedelta(days=in_days)).date().isoformat()
    promise = {"kind": "WRITE_LATER", "words": PROMISE, "due": due}
    answers: tuple[tuple[list[str], list[str], dict[str, Any]], ...] = (
        (["sentiment"], [], {"tag": Tag.FOLLOW_UP.value, "reason": "as told"}),
        (["draft"], ['\\"promised\\"'], {"body": FOLLOW_UP, "we_owe": []}),
        (["draft"], [], {"body": f"Gladly. {PROMISE}", "we_owe": [promise]}),
        (["reply_evaluation"], [], {"findings": [], "confidence": 0.95}),
    )
    return [
        ("openai", {"match": "/v1/responses", "contains": [word, *map(of_task, tasks), *also], "answer": answer})
        for tasks, also, answer in answers
    ]


def _with(rules: Rules, *, in_days: int = -1) -> Rules:
    return lambda event, word: _promising(event, word, in_days=in_days) + rules(event, word)


ROUTES = (
    Route("a promise and its follow-up", LATER, Wanted.SEND, rules=_promising, promises=True),
    Route(
        "a promise whose response is lost",
        LATER,
        Wanted.SEND,
        rules=_with(on_sending(drop=True)),
        promises=True,
    ),
)


def promised(suite: Suite) -> None:
    """Each end of a send, while leads write again; then kills at every point of a promise and its follow-up."""
    _each_end(suite)
    killed_along(suite, ROUTES, where=MADE_AND_KEPT)


def _each_end(suite: Suite) -> None:
    """Some campaigns' follow-ups leave by themselves, some leads write again or unsubscribe before."""
    began = time.monotonic()
    workspace, ledger, chance = (
        suite.workspace("promised", auto_send_commitments=True),
        suite.ledger(),
        suite.random,
    )
    with suite.driver.engine.begin() as connection:
        connection.execute(
            text("UPDATE campaign SET auto_send_follow_ups = true WHERE client_id = :client"), {"client": workspace.id}
        )
    events, again, rules = [], [], []
    for place, title in enumerate(chance.sample(sorted(SENDING) * OF_EACH, len(SENDING) * OF_EACH)):
        writes_again = place % OF_EACH == 0  # before the day of the promise comes
        word = f"w{uuid4().hex[:12]}"
        event = suite.reply(workspace, f"{LATER} {word}")
        rules += _with(SENDING[title], in_days=LATER_DAYS if writes_again else -1)(event, word)
        events.append((workspace, event, Wanted.EITHER))
        if writes_again:
            again.append(event)
    suite.set_rules(rules)
    posted = threading.Event()
    with ThreadPoolExecutor(1) as other:
        killing = other.submit(_kill_some, suite, suite.chances("promised/kills"), posted)
        try:
            ledger.post_all(events, at_once=POSTERS, may_fail=True)
            suite.settle([workspace], redrives=True)
            ledger.post_all(
                [
                    *(
                        (workspace, suite.reply(workspace, REFUSAL, lead_email=event.lead), Wanted.EITHER)
                        for event in again[:OF_EACH]
                    ),
                    *(
                        (workspace, suite.unsubscription(workspace, event.lead), Wanted.SUPPRESSION)
                        for event in again[OF_EACH:]
                    ),
                ],
                may_fail=True,
            )
            suite.settle([workspace], redrives=True)
        finally:
            posted.set()
        killed = killing.result()
    struck = sum(sum(rules_applied(suite, side.service)) for side in SIDES.values())
    suite.let_people_decide([workspace])  # while the model still says what it was told to say
    suite.settle([workspace], redrives=True)
    suite.conclude(
        "promises: each end of a send, newer replies and opt-outs",
        killed + struck,
        [workspace],
        ledger,
        began,
        more=_proves,
        notes=f"{killed} workers killed, {_count(suite, workspace)}",
    )


def _kill_some(suite: Suite, chance: Random, posted: threading.Event) -> int:
    killed = 0
    while not posted.is_set() and killed < KILLS:
        time.sleep(chance.uniform(0.2, 1.0))
        killed += suite.kill_busy("post-process")
    return killed


def _proves(evidence: Evidence) -> Iterator[Violation]:
    ends = {(row["status"], row["settled_rule"]) for row in evidence.rows("commitment")}
    if ("KEPT", "follow_up") not in ends or not any(status == "DROPPED" for status, _ in ends):
        yield Violation(0, "scenario", f"{sorted(map(str, ends))}: no promise was kept, or none dropped")


def _count(suite: Suite, workspace: TestWorkspace) -> str:
    rows = suite.driver.rows(
        "SELECT concat_ws(' ', status, settled_rule) AS state, count(*) AS number FROM commitment"
        " WHERE client_id = %s GROUP BY 1 ORDER BY 1",
        workspace.id,
    )
    return ", ".join(f"{row['number']} {row['state']}" for row in rows)
