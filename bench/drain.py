"""The speed at which a backlog is worked off, with a check that each lead's replies keep their order."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import psycopg

from bench.report import Result
from bench.servers import Servers
from bench.webhook import new_reply, webhook

MODEL_LATENCY_S = 0.05
SHARE = 0.80


def measure(servers: Servers, replies: int, leads: int, concurrency: int) -> list[Result]:
    """Runs worker processes with the deployed consumer against the real queue; a poller each, as an event source has.

    Ideal is the time that the model's latency alone would take.
    """
    queue_url = servers.queues["post-process.fifo"]
    servers.sqs.purge_queue(QueueUrl=queue_url)
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute("UPDATE background_job SET status = 'SUCCEEDED' WHERE status IN ('PENDING', 'RUNNING')")
    started = datetime.now(UTC)
    _post(servers, replies, leads)
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    workers = [
        context.Process(target=work, args=(queue_url, ready, go, sys.path), daemon=True) for _ in range(concurrency)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    began = monotonic()
    go.set()
    _wait_until_drained(servers, replies, started)
    took = monotonic() - began
    for worker in workers:
        worker.kill()
        worker.join()
    calls = _model_calls(servers, started)
    ideal = calls * MODEL_LATENCY_S / concurrency
    share = ideal / took
    out_of_order = _out_of_order(servers, started)
    return [
        Result(
            "drain",
            f"≥ {SHARE:.0%} of the ideal",
            f"{share:.0%}",
            share >= SHARE,
            f"{replies:,} replies of {leads:,} leads, {calls:,} model calls, in {took:.1f} s, ideal {ideal:.1f} s",
        ),
        Result("drain, order per lead", "kept", f"{out_of_order} out of order", out_of_order == 0),
    ]


def _post(servers: Servers, replies: int, leads: int) -> None:
    """Posts the backlog through the webhook's own use case, the leads in turns."""
    call = webhook(servers)
    addresses = [f"drain.{uuid4().hex[:12]}@acme.test" for _ in range(leads)]
    written = datetime.now(UTC) - timedelta(hours=1)
    for number in range(replies):
        at = (written + timedelta(seconds=number / 10)).isoformat()
        call(new_reply(lead_email=addresses[number % leads], timestamp=at))


def _wait_until_drained(servers: Servers, replies: int, started: datetime) -> None:
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        while True:
            # Nobody scores here, and jobs that wait in the other queue use up the client's share of both.
            connection.execute(
                "UPDATE background_job SET status = 'SUCCEEDED'"
                " WHERE type = 'LEAD_SCORING_POST_PROCESS' AND status = 'PENDING' AND enqueued_at IS NOT NULL"
            )
            row = connection.execute(
                "SELECT count(*) FROM background_job WHERE type = 'INSTANTLY_INBOUND_POST_PROCESS'"
                " AND created_at >= %s AND status = 'SUCCEEDED'",
                [started],
            ).fetchone()
            if row is not None and row[0] >= replies:
                return
            sleep(0.05)


def _model_calls(servers: Servers, started: datetime) -> int:
    """Counts the model's calls: one for a reply that the lead has followed up on, three for one with a response."""
    with psycopg.connect(servers.database_url) as connection:
        row = connection.execute("SELECT count(*) FROM ai_interaction WHERE created_at >= %s", [started]).fetchone()
    return 0 if row is None else int(row[0])


def _out_of_order(servers: Servers, started: datetime) -> int:
    with psycopg.connect(servers.database_url) as connection:
        rows: Sequence[Any] = connection.execute(
            "SELECT lead_id, started_at FROM background_job"
            " WHERE type = 'INSTANTLY_INBOUND_POST_PROCESS' AND created_at >= %s ORDER BY created_at, id",
            [started],
        ).fetchall()
    starts: defaultdict[Any, list[datetime]] = defaultdict(list)
    for lead_id, started_at in rows:
        starts[lead_id].append(started_at)
    return sum(earlier > later for of_lead in starts.values() for earlier, later in pairwise(of_lead))


def work(queue_url: str, ready: Any, go: Any, path: list[str]) -> None:
    """Runs one worker process: takes a message, runs the deployed consumer with it, deletes it, as a poller does."""
    sys.path[:] = path
    sys.stdout = Path(os.devnull).open("w")  # what the functions log  # noqa: SIM115 (as long as the process)
    from bench.consumer import event_of, invocation, post_process_consumer
    from shared.jobs.sqs_client import make_sqs_client

    consumer = post_process_consumer(MODEL_LATENCY_S)
    sqs = make_sqs_client()
    ready.release()
    go.wait()
    while True:
        found = sqs.receive_message(
            QueueUrl=queue_url, WaitTimeSeconds=1, MaxNumberOfMessages=1, MessageSystemAttributeNames=["All"]
        ).get("Messages", [])
        for message in found:
            if consumer.handle(event_of(message), invocation()) == {"batchItemFailures": []}:
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
