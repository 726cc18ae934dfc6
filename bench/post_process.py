"""The cost of post-processing itself: a reply is understood, drafted, decided and sent; services respond at once."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from bench.consumer import event_of, invocation, post_process_consumer
from bench.cost import counted
from bench.report import Result, p50, within
from bench.servers import Servers
from bench.webhook import finish_jobs, new_reply, webhook

WARM_UP = 5
PORTION = 20
STATEMENTS = 18
ROUND_TRIPS = 20
P50_MS = 30.0


def measure(servers: Servers, rounds: int) -> list[Result]:
    """Returns the p50 and the cost in Postgres of a run that sends a draft; its messages come from the real queue."""
    call, consumer = webhook(servers), post_process_consumer()
    queue_url = servers.queues["post-process.fifo"]
    servers.sqs.purge_queue(QueueUrl=queue_url)

    def process() -> float:
        call(new_reply())
        message = receive(servers, queue_url)
        began = perf_counter()
        answer = consumer.handle(event_of(message), invocation())
        taken = perf_counter() - began
        assert answer == {"batchItemFailures": []}, answer
        servers.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return taken

    times: list[float] = []
    for number in range(WARM_UP + rounds):
        if number % PORTION == 0:
            finish_jobs(servers)  # nobody scores here, and waiting jobs use up what a client may have in flight
        times.append(process())
    with counted(consumer.engine) as cost:
        process()
    with servers.engine.connect() as connection:
        sent = connection.exec_driver_sql("SELECT count(*) FROM outbound_send WHERE status = 'SENT'").scalar_one()
    assert sent >= rounds, f"only {sent} of {rounds} replies were answered: the measurement would flatter"
    middle = p50(times[WARM_UP:]) * 1000
    return [
        Result(
            "post-process, draft and send",
            f"p50 ≤ {P50_MS:.0f} ms",
            f"{middle:.1f} ms",
            middle <= P50_MS,
            f"{rounds} replies",
        ),
        within("post-process, statements", STATEMENTS, len(cost.statements)),
        within("post-process, round trips", ROUND_TRIPS, cost.round_trips),
    ]


def receive(servers: Servers, queue_url: str) -> Any:
    """Returns the next message of a queue."""
    while True:
        found = servers.sqs.receive_message(
            QueueUrl=queue_url, WaitTimeSeconds=5, MaxNumberOfMessages=1, MessageSystemAttributeNames=["All"]
        ).get("Messages")
        if found:
            return found[0]
