"""Redelivery, wrong order and floods: the behaviour of senders, leads and other clients."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.e2e.driver import TestWorkspace
from tests.faults.checker import a_flood_delays_only_its_own
from tests.faults.ledger import Posting, Wanted
from tests.faults.scenarios.common import ABSENCE, QUESTION, REFUSAL, WISH
from tests.faults.suite import SETTLE_S, Suite, median_latency_s

SUPPRESSED = 60  # leads that unsubscribe while their reply is worked off
STEPS_OF_A_REPLY = 4


def redeliveries(suite: Suite) -> None:
    """The same reply as eight deliveries of two kinds at once, and every job's SQS message three times."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("storm"), suite.ledger()
    postings = ledger.post_all([(workspace, suite.reply(workspace, WISH), Wanted.SEND) for _ in range(15)], at_once=8)
    storm: list[Posting] = []
    for posting in postings:
        label = Posting(workspace, posting.event.once_more(), posting.wanted)
        ledger.postings.append(label)
        storm += [posting] * 4 + [label] * 3
    suite.random.shuffle(storm)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ledger.deliver, storm))
    copies = copy_messages(suite, workspace)  # while the jobs run
    suite.settle([workspace])
    copies += copy_messages(suite, workspace)  # and when they have succeeded
    suite.driver.wait_for(
        "the copies are used up",
        lambda: suite.driver.queue_depth("post-process.fifo") + suite.driver.queue_depth("lead-scoring.fifo") == 0,
        SETTLE_S,
    )
    suite.conclude("redelivery storm", len(storm) + copies, [workspace], ledger, began)


def copy_messages(suite: Suite, workspace: TestWorkspace) -> int:
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
    workspace, ledger = suite.workspace("reordered"), suite.ledger()
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
            at = written + timedelta(minutes=number)
            events.append((workspace, suite.reply(workspace, text, lead_email=address, at=at), wanted))
    suite.random.shuffle(events)
    with suite.driver.faults("openai", {"match": "/v1/responses", "delay_s": 0.1}):
        ledger.post_all(events, at_once=10)
        suite.settle([workspace])
    suite.conclude("replies of one lead out of order", len(events), [workspace], ledger, began)


def suppressed_meanwhile(suite: Suite) -> None:
    """Unsubscribes at any stage between a reply and its draft's send: after none, one … all of the job's steps."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("suppressed"), suite.ledger()

    def unsubscribe_after(steps: int) -> None:
        posting = ledger.post(workspace, suite.reply(workspace, WISH), Wanted.EITHER)
        suite.driver.wait_for(f"{steps} steps", lambda: _finished_steps(suite, posting) >= steps, 120.0)
        ledger.post(workspace, suite.unsubscription(workspace, posting.event.lead), Wanted.SUPPRESSION)

    stages = [number % (STEPS_OF_A_REPLY + 1) for number in range(SUPPRESSED)]
    suite.random.shuffle(stages)
    with suite.slow(model_s=0.2, providers_s=0.2):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(unsubscribe_after, stages))
        suite.settle([workspace])
    sent = len(suite.driver.rows("SELECT 1 FROM outbound_send WHERE client_id = %s", workspace.id))
    suite.conclude("unsubscribed meanwhile", SUPPRESSED, [workspace], ledger, began, notes=f"{sent} sent before")


def _finished_steps(suite: Suite, posting: Posting) -> int:
    found = suite.driver.one(
        "SELECT count(*) AS steps FROM job_step JOIN background_job AS job ON job.id = job_step.job_id"
        " JOIN message ON message.id = job.message_id"
        " WHERE message.client_id = %s AND message.provider_message_id = %s"
        " AND job.type = %s",
        posting.workspace.id,
        posting.reply_id,
        posting.event.side.job_type,
    )
    return int(found["steps"])


def noisy_neighbours(suite: Suite) -> None:
    """One client floods, another's every job fails: a third one's replies pass both."""
    began = time.monotonic()
    quiet, flood, poisoned = (suite.workspace(name) for name in ("quiet", "flood", "poisoned"))
    ledger = suite.ledger()
    ledger.post_all([(quiet, suite.reply(quiet, WISH), Wanted.SEND) for _ in range(5)])
    suite.settle([quiet])
    alone_s = median_latency_s(suite.evidence([quiet], ledger.postings))

    workspace = suite.workspace("quiet beside a flood")
    word = f"w{uuid4().hex[:12]}"
    model = {"match": "/v1/responses"}
    # A model that takes its time makes the flood longer than this machine's speed alone does.
    with suite.driver.faults("openai", {**model, "contains": word, "status": 500}, {**model, "delay_s": 0.1}):
        ledger.post_all(
            [(flood, suite.reply(flood, WISH), Wanted.SEND) for _ in range(150)]
            + [(poisoned, suite.reply(poisoned, f"{WISH} {word}"), Wanted.SEND) for _ in range(10)],
            at_once=8,
        )
        ledger.post_all([(workspace, suite.reply(workspace, WISH), Wanted.SEND) for _ in range(5)])
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
