"""What is broken, one function per kind of fault. Each posts replies, breaks something and asks for a verdict."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from random import Random
from typing import Any
from uuid import uuid4

from shared.db.clients import disable_client, enable_client
from shared.pipelines.interventions import unsuppress_lead
from shared.pipelines.review_drafts import ReviewRefusedError, approve_draft
from tests.e2e.driver import INTERESTED, Answer, TestWorkspace
from tests.faults.checker import FAIR_FAILURES, MODEL_FAILURES, Violation, a_flood_delays_only_its_own
from tests.faults.evidence import Evidence
from tests.faults.ledger import Ledger, Posting, Wanted
from tests.faults.points import FUNCTIONS
from tests.faults.suite import MARKER, SETTLE_S, Suite, median_latency_s
from tests.instantly_events import body_of, iso, lead_event

OPT_OUT = f"Please unsubscribe me from this list. {MARKER}"
MODEL_OPT_OUT = f"Being removed from your database would be lovely. {MARKER}"
QUESTION = f"What does it cost per month? {MARKER}"
REFUSAL = f"We are not interested, thank you. {MARKER}"
ABSENCE = f"I am out of office until 1 December 2026. {MARKER}"
WISH = f"{INTERESTED} {MARKER}"

SUPPRESSED = 60  # leads that unsubscribe while their reply is worked off
STEPS_OF_A_REPLY = 4
WRITES_AGAIN = 0.2  # of the soak's replies are of a lead that has written before
UNSUBSCRIBES = 0.03  # of its leads
SOAK_POSTERS = 6
SOAK_PAUSE_S = 0.45  # each poster's, on average: the load lasts long enough for faults of every kind
RECORDED = 3  # replies that are recorded of each way through the product
ROUNDS = 4  # of one kill scenario: what did not strike in the first is tried again


# --- Killed at every point -------------------------------------------------------------------------------------------


Rules = Callable[[dict[str, Any], str], list[tuple[str, dict[str, Any]]]]
"""Faults of the sandboxes for one reply: (service, rule), made of its event and of a word that only it contains."""


def no_rules(_event: dict[str, Any], _word: str) -> list[tuple[str, dict[str, Any]]]:
    return []


def on_sending(**fault: Any) -> Rules:
    """The first request to send the answer goes wrong."""
    rule = {"match": "/emails/reply", "method": "POST", "count": 1, **fault}
    return lambda event, _word: [("instantly", {**rule, "contains": event["email_id"]})]


def on_reading(**fault: Any) -> Rules:
    """The first request for the reply that is answered goes wrong."""
    return lambda event, _: [
        ("instantly", {"match": f"/emails/{event['email_id']}", "method": "GET", "count": 1, **fault})
    ]


def on_task(task: str, **fault: Any) -> Rules:
    """The first call of the model for a task goes wrong."""
    rule = {"match": "/v1/responses", "count": 1, **fault}
    return lambda _event, word: [("openai", {**rule, "contains": [word, f'"name":"{task}"']})]


@dataclass(frozen=True)
class Route:
    """One way through the product, to be killed at each of its points."""

    title: str
    text: str
    wanted: Wanted
    auto: bool = True
    approved: bool = False
    delayed: bool = False
    rules: Rules = no_rules


ROUTES = (
    Route("answered without a person", WISH, Wanted.SEND),
    Route("answered after an approval", WISH, Wanted.DRAFT, auto=False, approved=True),
    Route("answered after a delay", WISH, Wanted.SEND, delayed=True),
    Route("certain opt-out", OPT_OUT, Wanted.SUPPRESSION),
    Route("opt-out that only a model sees", MODEL_OPT_OUT, Wanted.SUPPRESSION),
    Route("no answer wanted", REFUSAL, Wanted.NO_DRAFT),
    Route("absence notice", ABSENCE, Wanted.NO_DRAFT),
    Route("while a model fails", WISH, Wanted.SEND, rules=on_task("Draft", status=500)),
    Route("while the reply is not shown", WISH, Wanted.SEND, rules=on_reading(status=404)),
    Route("while sending is refused for now", WISH, Wanted.SEND, rules=on_sending(status=429)),
    Route("while sending is refused for good", WISH, Wanted.SEND, rules=on_sending(status=404)),
    Route("while the answer to a send is lost", WISH, Wanted.SEND, rules=on_sending(drop=True)),
)


def killed_at_every_point(suite: Suite) -> None:
    """kill -9 before and after each commit and each outside call of every job, and of the webhook, one process each."""
    known: set[str] = set()
    for route in ROUTES:
        began = time.monotonic()
        workspace, ledger = _workspace_for(suite, route), suite.ledger()
        suite.points.forget_seen()
        suite.points.record(True)
        _walk(suite, route, workspace, ledger, RECORDED)
        suite.points.record(False)
        always = suite.points.always_seen(_subjects(suite, workspace, ledger))
        # Maintenance and the replay have scenarios of their own; what an earlier route has struck is not struck again.
        keys = [
            key for key in suite.points.seen() if key not in known and not key.startswith(("maintenance", "ingest"))
        ]
        suite.points.arm(keys)
        _strike(suite, keys, always, partial(_walk, suite, route, workspace, ledger))
        missed = always.intersection(suite.points.armed(keys))
        struck = suite.points.struck(keys)
        suite.points.disarm(keys)
        known.update(struck)
        suite.conclude(
            f"kill -9: {route.title}",
            len(struck),
            [workspace],
            ledger,
            began,
            at_least=1 if always.intersection(keys) else 0,
            more=lambda _, missed=missed: _not_struck(missed),
            notes=f"{len(keys)} new points",
        )


def _strike(suite: Suite, keys: Sequence[str], always: Collection[str], walk: Callable[[int], None]) -> None:
    """Walks until every armed point has struck; those that chance must bring get as long as some still strike."""
    left = suite.points.armed(keys)
    for _ in range(ROUNDS):
        if not left:
            return
        walk(len(left) + 1)
        before, left = left, suite.points.armed(keys)
        if len(left) == len(before) and not always.intersection(left):
            return


def _subjects(suite: Suite, workspace: TestWorkspace, ledger: Ledger) -> set[str]:
    """What the fault points call this workspace's jobs and deliveries."""
    return {str(job["id"]) for job in suite.driver.jobs(workspace)} | {
        sha256(body_of(posting.event)).hexdigest() for posting in ledger.postings
    }


def _not_struck(keys: Iterable[str]) -> Iterator[Violation]:
    """A point that every recorded run came by and no kill has reached: then the kills prove less than they claim."""
    for key in keys:
        yield Violation(0, key, "was armed, but nothing came by")


def _unless(holds: bool, what: str) -> Callable[[object], Iterator[Violation]]:
    """A further condition of a scenario: without it, it proves nothing."""
    return lambda _: iter(() if holds else (Violation(0, "scenario", what),))


def _workspace_for(suite: Suite, route: Route) -> TestWorkspace:
    if route.delayed:
        return suite.driver.workspace(route.title, delay_min_s=40, delay_max_s=60)
    return suite.driver.workspace(route.title)


def _walk(suite: Suite, route: Route, workspace: TestWorkspace, ledger: Ledger, count: int) -> None:
    """Posts ``count`` replies and takes them to their end."""
    words = [f"w{uuid4().hex[:12]}" for _ in range(count)]
    events = [workspace.reply(f"{route.text} {word}", auto=route.auto) for word in words]
    rules = [rule for event, word in zip(events, words, strict=True) for rule in route.rules(event, word)]
    for service in ("openai", "instantly"):
        suite.driver.set_faults(service, [rule for of, rule in rules if of == service])
    ledger.post_all([(workspace, event, route.wanted) for event in events], at_once=4, may_fail=True)
    suite.settle([workspace])
    if route.approved:
        _approve_all(suite, workspace)
        suite.settle([workspace])


def _approve_all(suite: Suite, workspace: TestWorkspace) -> None:
    publisher = suite.driver.publisher()
    drafts = suite.driver.rows("SELECT id FROM draft WHERE client_id = %s AND status = 'NEEDS_REVIEW'", workspace.id)
    for draft in drafts:
        approve_draft(suite.driver.engine, publisher, draft["id"], by="pat")


def webhook_killed_before_publishing(suite: Suite) -> None:
    """The webhook dies between its commit and its publication, and nobody delivers the event again."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("never published"), suite.ledger()
    suite.points.forget_seen()
    suite.points.record(True)
    ledger.post_all([(workspace, workspace.reply(WISH), Wanted.SEND) for _ in range(RECORDED)])
    suite.settle([workspace])
    suite.points.record(False)
    seen = [key for key in suite.points.seen() if key.startswith("webhook-instantly")]
    committed = next(number for number, key in enumerate(seen) if "| commit" in key and key.endswith("after"))
    keys = [key for key in seen[committed:] if "#" not in key and "handler" not in key]
    suite.points.arm(keys)
    alone = [
        ledger.post(workspace, workspace.reply(WISH), Wanted.SEND, may_fail=True, attempts=1)
        for _ in range(3 * len(keys))
    ]
    struck = suite.points.struck(keys)
    suite.points.disarm(keys)
    unanswered = [posting for posting in alone if not posting.is_taken]
    suite.settle([workspace])
    done = suite.driver.rows(
        "SELECT message.provider_message_id FROM background_job AS job JOIN message ON message.id = job.message_id"
        " WHERE job.client_id = %s AND job.type = 'INSTANTLY_INBOUND_POST_PROCESS' AND job.status = 'SUCCEEDED'",
        workspace.id,
    )
    lost = {posting.email_id for posting in unanswered} - {row["provider_message_id"] for row in done}
    for posting in ledger.postings:
        posting.attempts = 3
    suite.conclude(
        "kill -9: webhook after its commit, never delivered again",
        len(struck),
        [workspace],
        ledger,
        began,
        at_least=len(keys),
        more=lambda _: (
            Violation(1, f"reply {email_id}", "was committed, and waited for a redelivery") for email_id in lost
        ),
        notes=f"{len(unanswered)} without an answer, done by maintenance",
    )


MAINTENANCE_DUTIES = ("publish", "mark_enqueued", "settle")  # points of these are struck, whatever each run had to do


def publishers_killed(suite: Suite) -> None:
    """Maintenance killed at every point of publishing deferred jobs and of settling sends by their threads."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("maintenance", delay_min_s=40, delay_max_s=60), suite.ledger()
    route = Route("maintenance", WISH, Wanted.SEND, delayed=True, rules=on_sending(drop=True))

    def walk(_count: int) -> None:
        """Answers that wait for their time, and are lost on their way: only maintenance takes them on."""
        _walk(suite, route, workspace, ledger, 3)

    suite.points.forget_seen()
    suite.points.record(True)
    walk(0)
    suite.points.record(False)
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
        walk(0)
    missed = wanted.intersection(suite.points.armed(keys))
    struck = suite.points.struck(keys)
    suite.points.disarm(keys)
    suite.conclude(
        "kill -9: maintenance",
        len(struck),
        [workspace],
        ledger,
        began,
        at_least=len(wanted),
        more=lambda _: _not_struck(missed),
        notes=f"{len(keys)} points",
    )


def completions_killed(suite: Suite) -> None:
    """A consumer killed while it publishes the client's next jobs: more replies than a client may have in flight."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("completion"), suite.ledger()
    events = [(workspace, workspace.reply(REFUSAL), Wanted.NO_DRAFT) for _ in range(70)]
    suite.points.forget_seen()
    suite.points.record(True)
    ledger.post_all(events, at_once=8)
    suite.settle([workspace])
    suite.points.record(False)
    # The first publication of a run is the scoring job's; what follows is what the completion has made room for.
    keys = [key for key in suite.points.seen() if "Publisher" in key and not key.startswith(("webhook", "maintenance"))]
    suite.points.arm(keys)
    ledger.post_all([(workspace, workspace.reply(REFUSAL), Wanted.NO_DRAFT) for _ in range(80)], at_once=8)
    suite.settle([workspace])
    struck = suite.points.struck(keys)
    suite.points.disarm(keys)
    following = [key for key in struck if " #2" in key or key.startswith("lead-scoring")]
    suite.conclude(
        "kill -9: publishing on completion",
        len(struck),
        [workspace],
        ledger,
        began,
        more=_unless(bool(following), "no completion that publishes was killed"),
        notes=f"{len(keys)} points",
    )


def replays_killed(suite: Suite) -> None:
    """ingest_replay killed at every point of putting a parked event through, and the webhook while it parks one."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("parked"), suite.ledger()

    def parked(count: int) -> None:
        events = [(workspace, workspace.reply(WISH), Wanted.SEND) for _ in range(count)]
        with suite.outage("postgres"):
            ledger.post_all(events, may_fail=True)
        suite.settle([workspace])

    suite.points.forget_seen()
    suite.points.record(True)
    parked(RECORDED)
    suite.points.record(False)
    keys = [key for key in suite.points.seen() if key.startswith(("ingest-replay", "webhook"))]
    # Whether a parked event is tried, and hidden, before the outage is over is chance.
    always = {key for key in suite.points.always_seen() if "hide" not in key and "ChangeMessage" not in key}
    suite.points.arm(keys)
    _strike(suite, keys, always, parked)
    missed = always.intersection(suite.points.armed(keys))
    struck = suite.points.struck(keys)
    suite.points.disarm(keys)
    suite.conclude(
        "kill -9: parking and its replay",
        len(struck),
        [workspace],
        ledger,
        began,
        at_least=len(always.intersection(keys)),
        more=lambda _: _not_struck(missed),
        notes=f"{len(keys)} points, {_parked(ledger.postings)} parked",
    )


def _parked(postings: Sequence[Posting]) -> int:
    return sum(answer.status == "parked" for posting in postings for answer in posting.answers)


# --- Servers away ----------------------------------------------------------------------------------------------------


@contextmanager
def load(
    suite: Suite, ledger: Ledger, workspace: TestWorkspace, *, pause_s: float = 0.25, may_fail: bool = False
) -> Iterator[None]:
    """Posts replies in the background, two at a time, for as long as the block runs."""
    ends = threading.Event()

    def keep_posting() -> None:
        while not ends.is_set():
            ledger.post(workspace, workspace.reply(WISH), Wanted.SEND, may_fail=may_fail)
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
        workspace, ledger = suite.driver.workspace(title), suite.ledger()
        with load(suite, ledger, workspace):
            for _ in range(2):
                time.sleep(suite.random.uniform(0.5, 1.5))
                with suite.outage("postgres", mode=mode):
                    time.sleep(suite.random.uniform(3.0, 5.0))
            time.sleep(1.0)
        parked = _parked(ledger.postings)
        suite.conclude(
            f"Postgres {title} under load",
            2,
            [workspace],
            ledger,
            began,
            more=_unless(parked > 0, "nothing was parked"),
            notes=f"{parked} parked",
        )

    for title, strike in (
        ("stops and starts again", lambda: suite.restart_postgres(suite.random.uniform(0.5, 3.0))),
        ("crashes (kill -9) and recovers", suite.crash_postgres),
    ):
        began = time.monotonic()
        workspace, ledger = suite.driver.workspace(title), suite.ledger()
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
            notes=f"{_parked(ledger.postings)} parked",
        )

    for title, breaks in (
        ("Postgres ends every connection, as a failover does", suite.terminate_connections),
        ("connections to Postgres cut mid-transaction", lambda: suite.cut("postgres")),
    ):
        began = time.monotonic()
        workspace, ledger = suite.driver.workspace(title[:40]), suite.ledger()
        broken = 0
        with load(suite, ledger, workspace, pause_s=0.1):
            for _ in range(25):
                time.sleep(suite.random.uniform(0.02, 0.5))
                broken += breaks()
        suite.conclude(title, broken, [workspace], ledger, began, notes=f"{_parked(ledger.postings)} parked")


def sqs_away(suite: Suite) -> None:
    """SQS refuses connections under load: everything is accepted, and published later."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("SQS away"), suite.ledger()
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
    workspace, ledger = suite.driver.workspace("both away"), suite.ledger()
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
        more=_unless(refused > 0, "nothing was refused"),
        notes=f"{refused} answered with 503",
    )


# --- Model and provider ----------------------------------------------------------------------------------------------

TASKS = ("Sentiment", "Draft", "ReplyEvaluation", "LeadScore")


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
            rules.append({"match": "/v1/responses", "contains": [word, f'"name":"{task}"'], "count": times, **rule})
            to_post.append((ledger, workspace, workspace.reply(f"{WISH} {word}")))
        rows.append((title, numbers, workspace, ledger))
    suite.driver.set_faults("openai", rules)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda item: item[0].post(item[1], item[2], Wanted.SEND), to_post))
    suite.settle([workspace for _, _, workspace, _ in rows])
    applied = _applied(suite, "openai")
    dead_letters = [suite.failed_jobs(workspace) for _, _, workspace, _ in rows]  # the first verdict redrives them all
    for (title, numbers, workspace, ledger), dead in zip(rows, dead_letters, strict=True):
        suite.conclude(
            f"model: {title}",
            sum(applied[number] for number in numbers),
            [workspace],
            ledger,
            began,
            fair_failures=FAIR_FAILURES + MODEL_FAILURES,
            more=_unless(all(applied[number] for number in numbers), "a task was never asked for"),
            notes=f"{dead} dead letters, redriven" if dead else "",
        )
        began = time.monotonic()


def instantly_fails(suite: Suite) -> None:
    """Every way in which reading the trigger and sending the answer go wrong."""
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
                rules.append({"method": method, "count": 1, **place, **rule})
                to_post.append((ledger, workspace, event))
            rows.append((f"Instantly, {where}: {title}", numbers, workspace, ledger))
    suite.driver.set_faults("instantly", rules)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda item: item[0].post(item[1], item[2], Wanted.SEND), to_post))
    suite.settle([workspace for _, _, workspace, _ in rows])
    for title, _, workspace, _ in rows:
        if "approved" in title:
            _approve_all(suite, workspace)
    suite.settle([workspace for _, _, workspace, _ in rows])
    applied = _applied(suite, "instantly")
    for title, numbers, workspace, ledger in rows:
        suite.conclude(
            title,
            sum(applied[number] for number in numbers),
            [workspace],
            ledger,
            began,
            more=_unless(all(applied[number] for number in numbers), "a request was never made"),
        )
        began = time.monotonic()


def suppressions_fail(suite: Suite) -> None:
    """Instantly fails while it is told of suppressions, and of their undoing; what was undone leaves no entry."""
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
    applied = _applied(suite, "instantly")
    addresses = [str(event["lead_email"]) for event in [*events[1::2], *lifted]]
    undoing = [{"match": "/block-lists-entries/", "method": "DELETE", "count": 1, **kind} for kind in kinds]
    suite.driver.set_faults("instantly", undoing)
    for address in addresses:
        lead = suite.driver.one("SELECT id FROM lead WHERE client_id = %s AND email = %s", workspace.id, address)
        unsuppress_lead(suite.driver.engine, suite.driver.publisher(), workspace.id, lead["id"])
    suite.settle([workspace])
    applied += _applied(suite, "instantly")

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


def _applied(suite: Suite, service: str) -> list[int]:
    """How often each rule has struck."""
    return [rule["applied"] for rule in suite.driver.http.get(f"{suite.driver.info[f'{service}_url']}/_faults").json()]


# --- Again and again, out of order, all at once ----------------------------------------------------------------------


def redeliveries(suite: Suite) -> None:
    """The same reply as eight deliveries of two kinds at once, and every job's SQS message three times."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("storm"), suite.ledger()
    postings = ledger.post_all([(workspace, workspace.reply(WISH), Wanted.SEND) for _ in range(15)], at_once=8)
    storm: list[Posting] = []
    for posting in postings:
        assert isinstance(posting.event, dict)
        label = Posting(workspace, {**posting.event, "event_type": "lead_interested"}, posting.wanted)
        ledger.postings.append(label)
        storm += [posting] * 4 + [label] * 3
    suite.random.shuffle(storm)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ledger.deliver, storm))
    copies = _copy_messages(suite, workspace)  # while the jobs run
    suite.settle([workspace])
    copies += _copy_messages(suite, workspace)  # and when they have succeeded
    suite.driver.wait_for(
        "the copies are used up",
        lambda: suite.driver.queue_depth("post-process.fifo") + suite.driver.queue_depth("lead-scoring.fifo") == 0,
        SETTLE_S,
    )
    suite.conclude("redelivery storm", len(storm) + copies, [workspace], ledger, began)


def _copy_messages(suite: Suite, workspace: TestWorkspace) -> int:
    """Sends every job's message again under a deduplication id of its own, as an SQS that delivers twice would."""
    jobs = suite.driver.jobs(workspace)
    for job in jobs:
        queue = "lead-scoring.fifo" if job["type"].startswith("LEAD_SCORING") else "post-process.fifo"
        envelope = {
            "job_id": str(job["id"]),
            "type": job["type"],
            "client_id": str(job["client_id"]),
            "lead_id": str(job["lead_id"]),
            "message_id": str(job["message_id"]),
            "dedupe_key": job["dedupe_key"],
        }
        suite.driver.sqs.send_message(
            QueueUrl=suite.driver.info["queues"][queue],
            MessageBody=json.dumps(envelope),
            MessageGroupId=str(job["lead_id"]),
            MessageDeduplicationId=f"copy-{uuid4()}",
        )
    return len(jobs)


def reordered(suite: Suite) -> None:
    """Five replies of one lead in any order and at once, for several leads: the newest one's results stay."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("reordered"), suite.ledger()
    texts = (
        (WISH, Wanted.SEND),
        (REFUSAL, Wanted.NO_DRAFT),
        (QUESTION, Wanted.DRAFT),
        (ABSENCE, Wanted.NO_DRAFT),
        (WISH, Wanted.SEND),
    )
    events = []
    for _ in range(8):
        address = f"many.{uuid4().hex[:10]}@acme.test"
        written = datetime.now(UTC) - timedelta(minutes=30)
        order = suite.random.sample(texts, len(texts))
        for number, (text, wanted) in enumerate(order):
            at = iso(written + timedelta(minutes=number))
            events.append((workspace, workspace.reply(text, lead_email=address, timestamp=at), wanted))
    suite.random.shuffle(events)
    with suite.driver.faults("openai", {"match": "/v1/responses", "delay_s": 0.1}):
        ledger.post_all(events, at_once=10)
        suite.settle([workspace])
    suite.conclude("replies of one lead out of order", len(events), [workspace], ledger, began)


def suppressed_meanwhile(suite: Suite) -> None:
    """An unsubscription at any stage between a reply and its answer: after none, one … all of the job's steps."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("suppressed"), suite.ledger()

    def unsubscribe_after(steps: int) -> None:
        posting = ledger.post(workspace, workspace.reply(WISH), Wanted.EITHER)
        suite.driver.wait_for(f"{steps} steps", lambda: _finished_steps(suite, posting) >= steps, 120.0)
        ledger.post(workspace, _unsubscription(workspace, posting.lead_email), Wanted.SUPPRESSION)

    slow = {"match": "/v1/responses", "delay_s": 0.2}
    slow_provider = {"match": "/emails/", "delay_s": 0.2}
    stages = [number % (STEPS_OF_A_REPLY + 1) for number in range(SUPPRESSED)]
    suite.random.shuffle(stages)
    with suite.driver.faults("openai", slow), suite.driver.faults("instantly", slow_provider):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(unsubscribe_after, stages))
        suite.settle([workspace])
    sent = len(suite.driver.rows("SELECT 1 FROM outbound_send WHERE client_id = %s", workspace.id))
    suite.conclude("unsubscribed meanwhile", SUPPRESSED, [workspace], ledger, began, notes=f"{sent} sent before")


def _unsubscription(workspace: TestWorkspace, lead_email: object) -> dict[str, Any]:
    return lead_event("lead_unsubscribed", workspace=None, campaign_id=workspace.auto_campaign, lead_email=lead_email)


def _finished_steps(suite: Suite, posting: Posting) -> int:
    found = suite.driver.one(
        "SELECT count(*) AS steps FROM job_step JOIN background_job AS job ON job.id = job_step.job_id"
        " JOIN message ON message.id = job.message_id"
        " WHERE message.client_id = %s AND message.provider_message_id = %s"
        " AND job.type = 'INSTANTLY_INBOUND_POST_PROCESS'",
        posting.workspace.id,
        posting.email_id,
    )
    return int(found["steps"])


# --- The hook away ---------------------------------------------------------------------------------------------------

# Stands for Instantly's holding the reply: from then on it must not be lost.
MISSED = Answer(202, {"status": "missed"}, 0.0, 0.0)
OLD_ENOUGH_S = 10.0  # mail that is younger than 6 s, scaled as all is, is left to the hook
HOOKS, LOG, MAIL = "/api/v2/webhooks", "/api/v2/webhook-events", "/api/v2/emails"


@dataclass
class Missed:
    """What Instantly holds of replies that its hook has not brought: as received mail, as failed deliveries, as both.

    A reply of ``delivered`` is brought by the hook after all, while it is being recovered or later.
    """

    suite: Suite
    workspace: TestWorkspace
    ledger: Ledger
    emails: list[dict[str, Any]]
    log: list[dict[str, Any]]
    delivered: list[Posting]

    def add(self, count: int = 3) -> None:
        """Instantly holds ``count`` more, in turn in the one place, in the other and in both."""
        chance = self.suite.random
        for _ in range(count):
            number = len(self.ledger.postings)
            text, wanted = chance.choice(
                [(WISH, Wanted.SEND), (WISH, Wanted.SEND), (REFUSAL, Wanted.NO_DRAFT), (OPT_OUT, Wanted.SUPPRESSION)]
            )
            event = self.workspace.reply(text, timestamp=iso(datetime.now(UTC) - timedelta(seconds=OLD_ENOUGH_S)))
            posting = Posting(self.workspace, event, wanted, answers=[MISSED])
            self.ledger.postings.append(posting)
            if number % 3 != 1:
                self.emails.append(_as_mail(event))
            if number % 3 != 0:
                self.log.append(self._as_failed(event))
            if chance.random() < 0.3:
                self.delivered.append(posting)
        self.put("/_emails", self.emails)
        self.put("/_webhook_events", self.log)

    def _as_failed(self, event: dict[str, Any]) -> dict[str, Any]:
        """With the payload as an object, which is other bytes than the delivery, or as the text that was sent."""
        return {
            "id": str(uuid4()),
            "timestamp_created": event["timestamp"],
            "payload": self.suite.random.choice((event, body_of(event).decode())),
            "success": False,
            "status_code": 503,
            "webhook_url": self.hook,
        }

    @property
    def hook(self) -> str:
        return f"{self.suite.driver.info['api_url']}/webhooks/instantly?clientId={self.workspace.id}"

    def put(self, path: str, value: object) -> None:
        self.suite.driver.http.put(f"{self.suite.driver.info['instantly_url']}{path}", json=value).raise_for_status()

    def recover(self) -> bool:
        """One run like the schedule's, at once; whether it did all that there was to do."""
        run = self.suite.driver.control("POST", "/functions/maintenance/invoke", {"task": "recover"})
        return not run["failed"] and run["answer"]["workspaces"] == 1


def _as_mail(event: dict[str, Any]) -> dict[str, Any]:
    """The received e-mail of a reply event, with a sender's clock that is years behind."""
    return {
        "id": event["email_id"],
        "timestamp_created": event["timestamp"],
        "timestamp_email": "2024-11-20T14:03:11.204Z",
        "lead": event["lead_email"],
        "from_address_email": event["lead_email"],
        "eaccount": event["email_account"],
        "campaign_id": event["campaign_id"],
        "subject": event["reply_subject"],
        "body": {"text": event["reply_text"]},
        "ue_type": 2,
    }


def hook_away(suite: Suite) -> None:
    """Replies that no hook brought are recovered: while Instantly's listings fail, at every kill, two runs at once."""
    began = time.monotonic()
    with _only(suite, "hook away") as workspace:
        missed = Missed(suite, workspace, suite.ledger(), [], [], [])
        missed.put("/_webhooks", [{"id": "disabled", "target_hook_url": missed.hook, "status": -1}])
        injected = _fail_listings(missed)
        missed.recover()  # what is left of that would be recorded as further points

        missed.add()
        suite.points.forget_seen()
        suite.points.record(True)
        missed.recover()
        suite.points.record(False)
        # A delivery after the second is like the second.
        keys = [
            key
            for key in suite.points.seen()
            if key.startswith("maintenance recover") and not re.search("#([3-9]|[0-9]{2})", key)
        ]
        suite.points.arm(keys)
        for _ in range(2 * len(keys)):
            if not suite.points.armed(keys):
                break
            missed.add()
            missed.recover()
        left = suite.points.armed(keys)
        suite.points.disarm(keys)

        for _ in range(ROUNDS):
            missed.add(6)
            with ThreadPoolExecutor(3) as pool:
                running = [pool.submit(missed.recover) for _ in range(2)]
                bringing = pool.submit(lambda: [missed.ledger.deliver(posting) for posting in missed.delivered])
                time.sleep(suite.random.uniform(0.0, 0.4))
                injected += suite.kill_busy("maintenance")
            for each in (bringing, *running):
                each.result()
            missed.delivered.clear()
        suite.driver.wait_for("a run of the recovery in which nothing fails", missed.recover)
        hooks = suite.driver.http.get(
            f"{suite.driver.info['instantly_url']}{HOOKS}", headers={"Authorization": "Bearer checker"}
        ).json()["items"]
        suite.conclude(
            "Instantly's hook away: recovery",
            injected + len(suite.points.struck(keys)),
            [workspace],
            missed.ledger,
            began,
            more=lambda _: itertools.chain(_not_struck(left), _not_resumed(hooks)),
            notes=f"{len(keys)} points",
        )
        for path in ("/_emails", "/_webhook_events", "/_webhooks"):
            missed.put(path, [])


def _fail_listings(missed: Missed) -> int:
    """Every listing of the recovery in every way, one run each; what it could not read is there for the next."""
    applied = 0
    for path in (HOOKS, LOG, MAIL):
        for rule in (
            {"status": 429, "headers": {"Retry-After": "1"}},
            {"status": 500},
            {"status": 403},
            {"drop": True},
            {"body": '{"items": ['},
        ):
            missed.add(2)
            with missed.suite.driver.faults("instantly", {"match": path, "method": "GET", "count": 1, **rule}):
                missed.recover()
                applied += missed.suite.driver.faults_applied("instantly")
    return applied


def _not_resumed(hooks: Iterable[dict[str, Any]]) -> Iterator[Violation]:
    for hook in hooks:
        if hook["status"] != 1:
            yield Violation(1, f"hook {hook['id']}", "is still disabled: nothing will come through it")


@contextmanager
def _only(suite: Suite, name: str) -> Iterator[TestWorkspace]:
    """A workspace, and no other enabled: all share one mailbox in the sandbox, and each would recover its mail."""
    others = [row["id"] for row in suite.driver.rows("SELECT id FROM client WHERE disabled_at IS NULL")]
    with suite.driver.engine.begin() as connection:
        for other in others:
            disable_client(connection, other, at=datetime.now(UTC))
    try:
        yield suite.driver.workspace(name)
    finally:
        with suite.driver.engine.begin() as connection:
            for other in others:
                enable_client(connection, other)


# --- One client and another ------------------------------------------------------------------------------------------


def noisy_neighbours(suite: Suite) -> None:
    """One client floods, another's every job fails: a third one's replies pass both."""
    began = time.monotonic()
    quiet, flood, poisoned = (suite.driver.workspace(name) for name in ("quiet", "flood", "poisoned"))
    ledger = suite.ledger()
    ledger.post_all([(quiet, quiet.reply(WISH), Wanted.SEND) for _ in range(5)])
    suite.settle([quiet])
    alone_s = median_latency_s(suite.evidence([quiet], ledger.postings))

    workspace = suite.driver.workspace("quiet beside a flood")
    word = f"w{uuid4().hex[:12]}"
    model = {"match": "/v1/responses"}
    # A model that takes its time makes the flood longer than this machine's speed alone does.
    with suite.driver.faults("openai", {**model, "contains": word, "status": 500}, {**model, "delay_s": 0.1}):
        ledger.post_all(
            [(flood, flood.reply(WISH), Wanted.SEND) for _ in range(150)]
            + [(poisoned, poisoned.reply(f"{WISH} {word}"), Wanted.SEND) for _ in range(10)],
            at_once=8,
        )
        ledger.post_all([(workspace, workspace.reply(WISH), Wanted.SEND) for _ in range(5)])
        suite.driver.wait_for("the flood is over", lambda: suite.driver.open_jobs(flood, workspace) == 0, SETTLE_S)
    beside_s = median_latency_s(suite.evidence([workspace], ledger.postings))
    suite.conclude(
        "flood of one client, failures of another",
        160,
        [workspace, quiet, flood, poisoned],
        ledger,
        began,
        more=lambda evidence: a_flood_delays_only_its_own(evidence, others=[workspace.id], flooding=flood.id),
        notes=f"a third one's reply took {beside_s:.1f} s, alone {alone_s:.1f} s",
    )


# --- All of it -------------------------------------------------------------------------------------------------------


def soak(suite: Suite, replies: int) -> None:
    """Thousands of replies while faults of every kind come at random."""
    began = time.monotonic()
    workspaces = [suite.driver.workspace(f"soak {number}") for number in range(6)]
    ledger = suite.ledger()
    chance = suite.random
    texts = (
        [(WISH, Wanted.SEND)] * 6
        + [(QUESTION, Wanted.DRAFT)] * 2
        + [(REFUSAL, Wanted.NO_DRAFT)] * 2
        + [(ABSENCE, Wanted.NO_DRAFT), (OPT_OUT, Wanted.SUPPRESSION), (MODEL_OPT_OUT, Wanted.SUPPRESSION)]
    )
    events: list[tuple[TestWorkspace, dict[str, Any], Wanted]] = []
    for _ in range(replies):
        workspace = chance.choice(workspaces)
        text, wanted = chance.choice(texts)
        changes = {}
        if events and chance.random() < WRITES_AGAIN:
            workspace, earlier, _ = chance.choice(events)
            changes["lead_email"] = earlier["lead_email"]
        events.append((workspace, workspace.reply(text, **changes), wanted))
    for _ in range(int(replies * UNSUBSCRIBES)):
        number = chance.randrange(len(events))
        workspace, earlier, _ = events[number]
        event = _unsubscription(workspace, earlier["lead_email"])
        events.insert(min(len(events), number + chance.randint(1, 20)), (workspace, event, Wanted.SUPPRESSION))
    pauses = [chance.uniform(0.0, 2 * SOAK_PAUSE_S) for _ in events]
    injected = 0
    ended = threading.Event()

    def post_after(pause_s: float, event: tuple[TestWorkspace, dict[str, Any], Wanted]) -> None:
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

    with ThreadPoolExecutor(1) as pool:
        breaking = pool.submit(break_things)
        try:
            with ThreadPoolExecutor(SOAK_POSTERS) as posters:
                list(posters.map(post_after, pauses, events))
            with contextlib.suppress(AssertionError):  # it only keeps the faults going
                suite.driver.wait_for(
                    "most of the soak's jobs have ended",
                    lambda: suite.driver.open_jobs(*workspaces) < replies // 4,
                    600.0,
                )
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
        notes=f"{_parked(ledger.postings)} parked",
    )


def _random_fault(suite: Suite, workspaces: Sequence[TestWorkspace], ledger: Ledger, chance: Random) -> int:
    def away(*names: str) -> int:
        with suite.outage(*names, mode=chance.choice(("refuse", "stall"))):
            time.sleep(chance.uniform(0.5, 2.5))
        return 1

    def fail(service: str, rules: Sequence[dict[str, Any]]) -> int:
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
                approve_draft(suite.driver.engine, suite.driver.publisher(), draft["id"], by="pat")
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
        lambda: fail(
            "instantly",
            [
                {"match": "/emails/reply", "status": 429},
                {"match": "/emails/reply", "status": 500},
                {"match": "/emails/reply", "status": 500, "do_work": True},
                {"match": "/emails/reply", "drop": True},
                {"match": "/emails/reply", "body": "{"},
                {"match": "/emails/", "method": "GET", "status": 500},
                {"match": "/emails/", "method": "GET", "drop": True},
                {"match": "/block-lists-entries", "status": 500},
                {"match": "/block-lists-entries", "method": "POST", "drop": True},
                {"match": "/leads/update-interest-status", "status": 500, "do_work": True},
            ],
        ),
        deliver_again,
    ]
    return chance.choice(faults)()


SCENARIOS: dict[str, Callable[[Suite], None]] = {
    "kill": killed_at_every_point,
    "kill-webhook": webhook_killed_before_publishing,
    "kill-maintenance": publishers_killed,
    "kill-completion": completions_killed,
    "kill-replay": replays_killed,
    "postgres": postgres_away,
    "sqs": sqs_away,
    "both": both_away,
    "model": model_fails,
    "instantly": instantly_fails,
    "suppressions": suppressions_fail,
    "redelivery": redeliveries,
    "reordered": reordered,
    "suppressed": suppressed_meanwhile,
    "missed": hook_away,
    "neighbours": noisy_neighbours,
}
