"""kill -9 at every point: of the jobs, of the webhook, of maintenance, of completions and of the replay."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import uuid4

from tests.e2e.driver import TestWorkspace, of_task
from tests.faults.checker import POST_PROCESS, Violation
from tests.faults.ledger import ATTEMPTS, Ledger, Wanted
from tests.faults.points import WEBHOOKS
from tests.faults.providers import SIDES, FaultEvent, ProviderSide, Rule
from tests.faults.scenarios.common import (
    ABSENCE,
    MODEL_OPT_OUT,
    OPT_OUT,
    RECORDED,
    REFUSAL,
    ROUNDS,
    WISH,
    approve_all,
    count_parked,
    not_struck,
    unless,
)
from tests.faults.suite import Suite

Rules = Callable[[FaultEvent, str], list[tuple[str, Rule]]]
"""Faults of the sandboxes for one reply: (service, rule), made of its event and of a word that only it contains."""


def no_rules(_event: FaultEvent, _word: str) -> list[tuple[str, Rule]]:
    return []


def on_sending(**fault: Any) -> Rules:
    """Breaks the first request to send the draft."""
    return lambda event, _word: [
        (event.side.service, {**event.side.sending(event.fields), "count": 1, **fault}),
    ]


def on_reading(**fault: Any) -> Rules:
    """Both requests for the reply go wrong: the one for its sender, then the first that a send makes."""
    return lambda event, _: [(event.side.service, {**event.side.reading(event.fields), "count": 2, **fault})]


def on_task(task: str, **fault: Any) -> Rules:
    """The first call of the model for a task goes wrong."""
    rule = {"match": "/v1/responses", "count": 1, **fault}
    return lambda _event, word: [("openai", {**rule, "contains": [word, of_task(task)]})]


@dataclass(frozen=True)
class Route:
    """One way through the product, to be killed at each of its points."""

    title: str
    text: str
    wanted: Wanted
    auto: bool = True
    approved: bool = False
    delayed: bool = False
    promises: bool = False  # its drafts promise something, and may be sent all the same
    rules: Rules = no_rules


ROUTES = (
    Route("answered without a person", WISH, Wanted.SEND),
    Route("answered after an approval", WISH, Wanted.DRAFT, auto=False, approved=True),
    Route("answered after a delay", WISH, Wanted.SEND, delayed=True),
    Route("certain opt-out", OPT_OUT, Wanted.SUPPRESSION),
    Route("suspected opt-out", MODEL_OPT_OUT, Wanted.SUPPRESSION),
    Route("no answer wanted", REFUSAL, Wanted.NO_DRAFT),
    Route("absence notice", ABSENCE, Wanted.NO_DRAFT),
    Route("while a model fails", WISH, Wanted.SEND, rules=on_task("draft", status=500)),
    Route("while the reply is not shown", WISH, Wanted.SEND, rules=on_reading(status=404)),
    Route("while sending is refused for now", WISH, Wanted.SEND, rules=on_sending(status=429)),
    Route("while sending is refused for good", WISH, Wanted.SEND, rules=on_sending(status=404)),
    Route("while the answer to a send is lost", WISH, Wanted.SEND, rules=on_sending(drop=True)),
)


def killed_at_every_point(suite: Suite) -> None:
    """kill -9 before and after each commit and each outside call of every job, and of the webhook, one process each."""
    killed_along(suite, ROUTES)


def killed_along(suite: Suite, routes: Sequence[Route], where: Sequence[str] = ("",)) -> None:
    """Kills at every point of some ways through the product, with a verdict for each.

    ``where``: only at the points whose keys hold one of these words.
    """
    known: set[str] = set()
    for route in routes:
        began = time.monotonic()
        workspace, ledger = _workspace_for(suite, route), suite.ledger()
        with suite.points.recording():
            _walk(suite, route, workspace, ledger, list(SIDES.values()) * RECORDED)
        always = suite.points.always_seen(_subjects(suite, workspace, ledger))
        # Maintenance and the replay have scenarios of their own; what an earlier route has struck is not struck again.
        keys = [
            key
            for key in suite.points.seen()
            if key not in known and not key.startswith(("maintenance", "ingest")) and any(word in key for word in where)
        ]
        suite.points.arm(keys)
        _strike(suite, keys, always, partial(_walk, suite, route, workspace, ledger))
        struck = suite.points.disarm(keys)
        missed = always.intersection(keys).difference(struck)
        known.update(struck)
        suite.conclude(
            f"kill -9: {route.title}",
            len(struck),
            [workspace],
            ledger,
            began,
            at_least=1 if always.intersection(keys) else 0,
            more=lambda _, missed=missed: not_struck(missed),
            notes=f"{len(keys)} new points",
        )


def _strike(
    suite: Suite, keys: Sequence[str], always: Collection[str], walk: Callable[[Sequence[ProviderSide]], None]
) -> None:
    """Walks until every armed point has struck; those that chance must bring get as long as some still strike."""
    left = suite.points.armed(keys)
    for _ in range(ROUNDS):
        if not left:
            return
        walk(_by_provider(left))
        before, left = left, suite.points.armed(keys)
        if len(left) == len(before) and not always.intersection(left):
            return


def _by_provider(keys: Sequence[str]) -> list[ProviderSide]:
    """Returns as many replies of each provider as it takes to come by all of these points, and one more of each."""
    sides = list(SIDES.values())
    own = [[key for key in keys if side.function in key or side.job_type in key] for side in sides]
    common = len(keys) - sum(map(len, own))
    more = -(-common // len(sides)) + 1  # the points that all come by are shared out
    return [side for side, only in zip(sides, own, strict=True) for _ in range(len(only) + more)]


def _subjects(suite: Suite, workspace: TestWorkspace, ledger: Ledger) -> set[str]:
    """Returns the fault points' names of this workspace's jobs and deliveries."""
    return {str(job["id"]) for job in suite.driver.jobs(workspace)} | {
        sha256(posting.posted_body).hexdigest() for posting in ledger.postings
    }


def _workspace_for(suite: Suite, route: Route) -> TestWorkspace:
    if route.delayed:
        return suite.workspace(route.title, delay_min_s=40, delay_max_s=60)
    return suite.workspace(route.title[:40], auto_send_commitments=route.promises)


def _walk(suite: Suite, route: Route, workspace: TestWorkspace, ledger: Ledger, sides: Sequence[ProviderSide]) -> None:
    """Posts a reply through each of these providers and takes them to their end."""
    words = [f"w{uuid4().hex[:12]}" for _ in sides]
    events = [
        suite.reply(workspace, f"{route.text} {word}", auto=route.auto, side=side)
        for word, side in zip(words, sides, strict=True)
    ]
    rules = [rule for event, word in zip(events, words, strict=True) for rule in route.rules(event, word)]
    suite.set_rules(rules)
    ledger.post_all([(workspace, event, route.wanted) for event in events], at_once=4, may_fail=True)
    suite.settle([workspace], fresh_keys=True)
    if route.approved:
        approve_all(suite, workspace)
        suite.settle([workspace], fresh_keys=True)


def webhook_killed_before_publishing(suite: Suite) -> None:
    """The webhook dies between its commit and its publication, and nobody delivers the event again."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("never published"), suite.ledger()
    sides = list(SIDES.values())
    with suite.points.recording():
        ledger.post_all([(workspace, suite.reply(workspace), Wanted.SEND) for _ in sides * RECORDED])
        suite.settle([workspace])
    keys = []
    for webhook in WEBHOOKS:
        seen = [key for key in suite.points.seen() if key.startswith(webhook)]
        committed = next(number for number, key in enumerate(seen) if "| commit" in key and key.endswith("after"))
        keys += [key for key in seen[committed:] if "#" not in key and "handler" not in key]
    suite.points.arm(keys)
    alone = [
        ledger.post(workspace, suite.reply(workspace, WISH), Wanted.SEND, may_fail=True, attempts=1)
        for _ in range(3 * len(keys))
    ]
    struck = suite.points.disarm(keys)
    unanswered = [posting for posting in alone if not posting.is_taken]
    suite.settle([workspace])
    done = suite.driver.rows(
        "SELECT message.provider_message_id FROM background_job AS job JOIN message ON message.id = job.message_id"
        " WHERE job.client_id = %s AND job.type = ANY(%s) AND job.status = 'SUCCEEDED'",
        workspace.id,
        list(POST_PROCESS),
    )
    lost = {posting.reply_id for posting in unanswered} - {row["provider_message_id"] for row in done}
    for posting in ledger.postings:
        posting.attempts = ATTEMPTS
    suite.conclude(
        "kill -9: webhook after its commit, never delivered again",
        len(struck),
        [workspace],
        ledger,
        began,
        at_least=len(keys),
        more=lambda _: (
            Violation(1, f"reply {reply_id}", "was committed, and waited for a redelivery") for reply_id in lost
        ),
        notes=f"{len(unanswered)} without an answer, done by maintenance",
    )


MAINTENANCE_DUTIES = ("publish", "mark_enqueued", "settle")  # points of these are struck, whatever each run had to do


def publishers_killed(suite: Suite) -> None:
    """Maintenance killed at every point of publishing deferred jobs and of settling sends by their threads."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("maintenance", delay_min_s=40, delay_max_s=60), suite.ledger()
    route = Route("maintenance", WISH, Wanted.SEND, delayed=True, rules=on_sending(drop=True))

    def walk() -> None:
        """Answers that wait for their time, and are lost on their way: only maintenance takes them on."""
        _walk(suite, route, workspace, ledger, [*SIDES.values(), *SIDES.values()])

    with suite.points.recording():
        walk()
    keys = [key for key in suite.points.seen() if key.startswith("maintenance maintain")]
    always = suite.points.always_seen()
    wanted = {
        key
        for key in keys
        if key in always or (" #" not in key and any(duty in key.lower() for duty in MAINTENANCE_DUTIES))
    }
    suite.points.arm(keys)
    for _ in range(len(keys)):
        if not wanted.intersection(suite.points.armed(keys)):
            break
        walk()
    struck = suite.points.disarm(keys)
    missed = wanted.difference(struck)
    suite.conclude(
        "kill -9: maintenance",
        len(struck),
        [workspace],
        ledger,
        began,
        at_least=len(wanted),
        more=lambda _: not_struck(missed),
        notes=f"{len(keys)} points",
    )


def completions_killed(suite: Suite) -> None:
    """A consumer killed while it publishes the client's next jobs: more replies than a client may have in flight."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("completion"), suite.ledger()
    events = [(workspace, suite.reply(workspace, REFUSAL), Wanted.NO_DRAFT) for _ in range(70)]
    with suite.points.recording():
        ledger.post_all(events, at_once=8)
        suite.settle([workspace])
    # The first publication of a run is the scoring job's; what follows is what the completion has made room for.
    keys = [key for key in suite.points.seen() if "Publisher" in key and not key.startswith(("webhook", "maintenance"))]
    suite.points.arm(keys)
    ledger.post_all([(workspace, suite.reply(workspace, REFUSAL), Wanted.NO_DRAFT) for _ in range(80)], at_once=8)
    suite.settle([workspace])
    struck = suite.points.disarm(keys)
    following = [key for key in struck if " #2" in key or key.startswith("lead-scoring")]
    suite.conclude(
        "kill -9: publishing on completion",
        len(struck),
        [workspace],
        ledger,
        began,
        more=unless(bool(following), "no completion that publishes was killed"),
        notes=f"{len(keys)} points",
    )


def replays_killed(suite: Suite) -> None:
    """ingest_replay killed at every point of putting a parked event through, and the webhook while it parks one."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("parked"), suite.ledger()

    def parked(sides: Sequence[ProviderSide]) -> None:
        events = [(workspace, suite.reply(workspace, WISH, side=side), Wanted.SEND) for side in sides]
        with suite.outage("postgres"):
            ledger.post_all(events, may_fail=True)
        suite.settle([workspace])

    with suite.points.recording():
        parked(list(SIDES.values()) * RECORDED)
    keys = [key for key in suite.points.seen() if key.startswith(("ingest-replay", "webhook"))]
    # Whether a parked event is tried, and hidden, before the outage is over is chance.
    always = {key for key in suite.points.always_seen() if "hide" not in key and "ChangeMessage" not in key}
    suite.points.arm(keys)
    _strike(suite, keys, always, parked)
    struck = suite.points.disarm(keys)
    missed = always.intersection(keys).difference(struck)
    suite.conclude(
        "kill -9: parking and its replay",
        len(struck),
        [workspace],
        ledger,
        began,
        at_least=len(always.intersection(keys)),
        more=lambda _: not_struck(missed),
        notes=f"{len(keys)} points, {count_parked(ledger.postings)} parked",
    )
