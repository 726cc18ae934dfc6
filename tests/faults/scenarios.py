"""What is broken, one function per kind of fault. Each posts replies, breaks something and asks for a verdict."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.pipelines.review_drafts import approve_draft
from tests.e2e.driver import INTERESTED, TestWorkspace
from tests.faults.checker import Violation, a_flood_delays_only_its_own
from tests.faults.ledger import Ledger, Posting, Wanted
from tests.faults.points import FUNCTIONS
from tests.faults.suite import MARKER, Suite, median_latency_s
from tests.instantly_events import iso, lead_event

OPT_OUT = f"Please unsubscribe me from this list. {MARKER}"
MODEL_OPT_OUT = f"Being removed from your database would be lovely. {MARKER}"
REFUSAL = f"We are not interested, thank you. {MARKER}"
ABSENCE = f"I am out of office until 1 December 2026. {MARKER}"
WISH = f"{INTERESTED} {MARKER}"

SUPPRESSED = 60  # leads that unsubscribe while their reply is worked off
STEPS_OF_A_REPLY = 4
SOAK_POSTERS = 6
SOAK_PAUSE_S = 0.45  # each poster's, on average: the load lasts long enough for faults of every kind
RECORDED = 3  # replies that are recorded of each way through the product
ROUNDS = 4  # of one kill scenario: what did not strike in the first is tried again


# --- Killed at every point -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Route:
    """One way through the product, to be killed at each of its points."""

    title: str
    text: str
    wanted: Wanted
    auto: bool = True
    approved: bool = False
    delayed: bool = False


ROUTES = (
    Route("answered without a person", WISH, Wanted.SEND),
    Route("answered after an approval", WISH, Wanted.DRAFT, auto=False, approved=True),
    Route("answered after a delay", WISH, Wanted.SEND, delayed=True),
    Route("certain opt-out", OPT_OUT, Wanted.SUPPRESSION),
    Route("opt-out that only a model sees", MODEL_OPT_OUT, Wanted.SUPPRESSION),
    Route("no answer wanted", REFUSAL, Wanted.NO_DRAFT),
    Route("absence notice", ABSENCE, Wanted.NO_DRAFT),
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
        always = suite.points.always_seen()
        # Maintenance has a scenario of its own; what an earlier route has struck is not struck again.
        keys = [key for key in suite.points.seen() if key not in known and not key.startswith("maintenance")]
        known.update(keys)
        suite.points.arm(keys)
        for _ in range(ROUNDS):
            armed = suite.points.armed(keys)
            if not always.intersection(armed):
                break
            _walk(suite, route, workspace, ledger, len(armed) + 1)
        missed = always.intersection(suite.points.armed(keys))
        suite.points.disarm(keys)
        suite.conclude(
            f"kill -9: {route.title}",
            len(suite.points.struck(keys)),
            [workspace],
            ledger,
            began,
            more=lambda _, missed=missed: _not_struck(missed),
            notes=f"{len(keys)} new points",
        )


def _not_struck(keys: Iterable[str]) -> Iterator[Violation]:
    """A point that every recorded run came by and no kill has reached: then the kills prove less than they claim."""
    for key in keys:
        yield Violation(0, key, "was armed, but nothing came by")


def _workspace_for(suite: Suite, route: Route) -> TestWorkspace:
    if route.delayed:
        return suite.driver.workspace(route.title, delay_min_s=40, delay_max_s=60)
    return suite.driver.workspace(route.title)


def _walk(suite: Suite, route: Route, workspace: TestWorkspace, ledger: Ledger, count: int) -> None:
    """Posts ``count`` replies and takes them to their end."""
    events = [(workspace, workspace.reply(route.text, auto=route.auto), route.wanted) for _ in range(count)]
    ledger.post_all(events, at_once=4, may_fail=True)
    suite.settle([workspace])
    if route.approved:
        publisher = suite.driver.publisher()
        drafts = suite.driver.rows(
            "SELECT id FROM draft WHERE client_id = %s AND status = 'NEEDS_REVIEW'", workspace.id
        )
        for draft in drafts:
            approve_draft(suite.driver.engine, publisher, draft["id"], by="pat")
        suite.settle([workspace])


def publishers_killed(suite: Suite) -> None:
    """Maintenance killed at every point of publishing deferred jobs, most of all between the send and its mark."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("maintenance", delay_min_s=40, delay_max_s=60), suite.ledger()

    def unpublished(count: int) -> None:
        """Answers that wait for their time: nobody but maintenance publishes their jobs."""
        ledger.post_all([(workspace, workspace.reply(WISH), Wanted.SEND) for _ in range(count)])
        suite.settle([workspace])

    suite.points.forget_seen()
    suite.points.record(True)
    unpublished(2)
    suite.points.record(False)
    keys = [key for key in suite.points.seen() if key.startswith("maintenance maintain")]
    always = suite.points.always_seen()
    suite.points.arm(keys)
    for _ in range(2 * len(keys)):
        if not suite.points.armed(keys):
            break
        unpublished(2)
    missed = [key for key in suite.points.armed(keys) if key in always or "publish" in key]
    suite.points.disarm(keys)
    suite.conclude(
        "kill -9: maintenance",
        len(suite.points.struck(keys)),
        [workspace],
        ledger,
        began,
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
    keys = [key for key in suite.points.seen() if ">finish_job" not in key and "_finish" in key]
    keys = keys or [key for key in suite.points.seen() if "Publisher" in key and not key.startswith("webhook")]
    suite.points.arm(keys)
    ledger.post_all([(workspace, workspace.reply(REFUSAL), Wanted.NO_DRAFT) for _ in range(80)], at_once=8)
    suite.settle([workspace])
    struck = len(suite.points.struck(keys))
    suite.points.disarm(keys)
    suite.conclude("kill -9: publishing on completion", struck, [workspace], ledger, began)


def replays_killed(suite: Suite) -> None:
    """ingest_replay killed at every point of putting a parked event through."""
    began = time.monotonic()
    workspace, ledger = suite.driver.workspace("parked"), suite.ledger()

    def parked(count: int) -> None:
        with suite.outage("postgres"):
            ledger.post_all([(workspace, workspace.reply(WISH), Wanted.SEND) for _ in range(count)])
        suite.settle([workspace])

    suite.points.forget_seen()
    suite.points.record(True)
    parked(2)
    suite.points.record(False)
    keys = [key for key in suite.points.seen() if key.startswith("ingest-replay")]
    always = suite.points.always_seen()
    suite.points.arm(keys)
    for _ in range(ROUNDS):
        if always.intersection(armed := suite.points.armed(keys)):
            parked(len(armed) + 1)
    missed = always.intersection(suite.points.armed(keys))
    suite.points.disarm(keys)
    suite.conclude(
        "kill -9: replay of parked events",
        len(suite.points.struck(keys)),
        [workspace],
        ledger,
        began,
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
        suite.conclude(
            f"Postgres {title} under load", 2, [workspace], ledger, began, notes=f"{_parked(ledger.postings)} parked"
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
    suite.conclude("Postgres and SQS unreachable", 2, [workspace], ledger, began, notes=f"{refused} answered with 503")


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
    applied = [rule["applied"] for rule in suite.driver.http.get(f"{suite.driver.info['openai_url']}/_faults").json()]
    dead_letters = [suite.failed_jobs(workspace) for _, _, workspace, _ in rows]  # the first verdict redrives them all
    for (title, numbers, workspace, ledger), dead in zip(rows, dead_letters, strict=True):
        suite.conclude(
            f"model: {title}",
            sum(applied[number] for number in numbers),
            [workspace],
            ledger,
            began,
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
    for method, where in (("GET", "reading the trigger"), ("POST", "sending the answer")):
        for title, rule in kinds.items():
            workspace, ledger = suite.driver.workspace(f"{where} {title}"[:40]), suite.ledger()
            numbers = []
            for _ in range(2):
                event = workspace.reply(WISH)
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
    applied = [
        rule["applied"] for rule in suite.driver.http.get(f"{suite.driver.info['instantly_url']}/_faults").json()
    ]
    for title, numbers, workspace, ledger in rows:
        suite.conclude(title, sum(applied[number] for number in numbers), [workspace], ledger, began)
        began = time.monotonic()


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
        120.0,
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
    texts = (WISH, REFUSAL, f"What does it cost per month? {MARKER}", ABSENCE, WISH)
    events = []
    for _ in range(8):
        address = f"many.{uuid4().hex[:10]}@acme.test"
        written = datetime.now(UTC) - timedelta(minutes=30)
        order = suite.random.sample(texts, len(texts))
        for number, text in enumerate(order):
            at = iso(written + timedelta(minutes=number))
            events.append((workspace, workspace.reply(text, lead_email=address, timestamp=at), Wanted.DRAFT))
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
        posting = ledger.post(workspace, workspace.reply(WISH), Wanted.NO_DRAFT)
        suite.driver.wait_for(
            f"{steps} steps", lambda: _finished_steps(suite, posting.answers[-1].message_id) >= steps, 120.0
        )
        event = lead_event(
            "lead_unsubscribed", workspace=None, campaign_id=workspace.auto_campaign, lead_email=posting.lead_email
        )
        ledger.post(workspace, event, Wanted.SUPPRESSION)

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


def _finished_steps(suite: Suite, message_id: UUID) -> int:
    found = suite.driver.one(
        "SELECT count(*) AS steps FROM job_step JOIN background_job AS job ON job.id = job_step.job_id"
        " WHERE job.message_id = %s AND job.type = 'INSTANTLY_INBOUND_POST_PROCESS'",
        message_id,
    )
    return int(found["steps"])


def noisy_neighbours(suite: Suite) -> None:
    """One client floods, another's every job fails: a third one's replies pass both."""
    began = time.monotonic()
    quiet, flood, poisoned = (suite.driver.workspace(name) for name in ("quiet", "flood", "poisoned"))
    alone = suite.ledger()
    alone.post_all([(quiet, quiet.reply(WISH), Wanted.SEND) for _ in range(5)])
    suite.settle([quiet])
    alone_s = median_latency_s(suite.evidence([quiet], alone.postings))

    workspace, ledger = suite.driver.workspace("quiet beside a flood"), suite.ledger()
    word = f"w{uuid4().hex[:12]}"
    with suite.driver.faults("openai", {"match": "/v1/responses", "contains": word, "status": 500}):
        ledger.post_all(
            [(flood, flood.reply(WISH), Wanted.SEND) for _ in range(150)]
            + [(poisoned, poisoned.reply(f"{WISH} {word}"), Wanted.SEND) for _ in range(10)],
            at_once=8,
        )
        ledger.post_all([(workspace, workspace.reply(WISH), Wanted.SEND) for _ in range(5)])
        suite.driver.wait_for("the flood is over", lambda: suite.driver.open_jobs(flood, workspace) == 0, 300.0)
    beside_s = median_latency_s(suite.evidence([workspace], ledger.postings))
    suite.conclude(
        "flood of one client, failures of another",
        160,
        [workspace, flood, poisoned],
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
        + [(f"What does it cost per month? {MARKER}", Wanted.DRAFT)] * 2
        + [(REFUSAL, Wanted.NO_DRAFT)] * 2
        + [(ABSENCE, Wanted.NO_DRAFT), (OPT_OUT, Wanted.SUPPRESSION), (MODEL_OPT_OUT, Wanted.SUPPRESSION)]
    )
    events = []
    for _ in range(replies):
        workspace = chance.choice(workspaces)
        text, wanted = chance.choice(texts)
        events.append((workspace, workspace.reply(text), wanted))
    pauses = [chance.uniform(0.0, 2 * SOAK_PAUSE_S) for _ in events]
    injected = 0
    ended = threading.Event()

    def post_after(pause_s: float, event: tuple[TestWorkspace, dict[str, Any], Wanted]) -> None:
        time.sleep(pause_s)
        ledger.post(*event, may_fail=True)

    def break_things() -> int:
        count = 0
        while not ended.is_set():
            try:
                count += _random_fault(suite, ledger)
            except AssertionError:  # the stack was busy with the fault before
                continue
            ended.wait(chance.uniform(1.0, 4.0))
        return count

    with ThreadPoolExecutor(1) as pool:
        breaking = pool.submit(break_things)
        try:
            with ThreadPoolExecutor(SOAK_POSTERS) as posters:
                list(posters.map(post_after, pauses, events))
            suite.driver.wait_for(
                "most of the soak's jobs have ended", lambda: suite.driver.open_jobs(*workspaces) < replies // 4, 900.0
            )
        finally:
            ended.set()
        injected = breaking.result()
    suite.conclude(
        "soak: all faults at random", injected, workspaces, ledger, began, notes=f"{_parked(ledger.postings)} parked"
    )


def _random_fault(suite: Suite, ledger: Ledger) -> int:
    chance = suite.random

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

    model = "/v1/responses"
    faults: list[Callable[[], int]] = [
        lambda: suite.kill_busy(chance.choice(FUNCTIONS)),
        lambda: suite.kill_busy("post-process"),
        lambda: away("postgres"),
        lambda: away("sqs"),
        lambda: away("postgres", "sqs"),
        lambda: suite.cut("postgres"),
        suite.terminate_connections,
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
            ],
        ),
        deliver_again,
    ]
    return chance.choice(faults)()


SCENARIOS: dict[str, Callable[[Suite], None]] = {
    "kill": killed_at_every_point,
    "kill-maintenance": publishers_killed,
    "kill-completion": completions_killed,
    "kill-replay": replays_killed,
    "postgres": postgres_away,
    "sqs": sqs_away,
    "both": both_away,
    "model": model_fails,
    "instantly": instantly_fails,
    "redelivery": redeliveries,
    "reordered": reordered,
    "suppressed": suppressed_meanwhile,
    "neighbours": noisy_neighbours,
}
