"""The cost of post-processing itself: a reply is understood, drafted, decided and sent; services respond at once."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from bench.consumer import event_of, invocation, post_process_consumer
from bench.report import Result, counted_statements, p50
from bench.servers import Servers
from bench.webhook import finish_jobs, new_reply, webhook

WARM_UP = 5
PORTION = 20
STATEMENTS = 16
P50_MS = 30.0


def measure(servers: Servers, rounds: int) -> list[Result]:
    """Returns statements and p50 of a run that ends with a sent draft; its messages come from the real queue."""
    call, consumer = webhook(servers), post_process_consumer()
    queue_url = servers.queues["post-process.fifo"]
    servers.sqs.purge_queue(QueueUrl=queue_url)
    times: list[float] = []
    statements = 0
    for number in range(WARM_UP + rounds):
        if number % PORTION == 0:
            finish_jobs(servers)  # nobody scores here, and waiting jobs use up what a client may have in flight
        call(new_reply())
        message = receive(servers, queue_url)
        with counted_statements(consumer.engine) as seen:
            began = perf_counter()
            answer = consumer.handle(event_of(message), invocation())
            taken = perf_counter() - began
        assert answer == {"batchItemFailures": []}, answer
        servers.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        if number >= WARM_UP:
            times.append(taken)
            statements = max(statements, len(seen))
    with servers.engine.connect() as connection:
        sent = connection.exec_driver_sql("SELECT count(*) FROM outbound_send WHERE status = 'SENT'").scalar_one()
    assert sent >= rounds, f"only {sent} of {rounds} replies were answered: the measurement would flatter"
    middle = p50(times) * 1000
    return [
        Result(
            "post-process, draft and send",
            f"p50 ≤ {P50_MS:.0f} ms",
            f"{middle:.1f} ms",
            middle <= P50_MS,
            f"{rounds} replies",
        ),
        Result("post-process, statements", f"≤ {STATEMENTS}", str(statements), statements <= STATEMENTS),
    ]


def receive(servers: Servers, queue_url: str) -> Any:
    """Returns the next message of a queue."""
    while True:
        found = servers.sqs.receive_message(
            QueueUrl=queue_url, WaitTimeSeconds=5, MaxNumberOfMessages=1, MessageSystemAttributeNames=["All"]
        ).get("Messages")
        if found:
            return found[0]
