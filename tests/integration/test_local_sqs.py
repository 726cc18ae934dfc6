"""The local queue service behaves as SQS does where our design depends on it."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from infra.topology import TOPOLOGY, Queue, Topology
from local.sqs import create_queues, queue_arn
from tests.timing import PATIENCE_S

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_RECEIVES = 2


@pytest.fixture
def prefix() -> str:
    return f"r{secrets.token_hex(4)}-"


@pytest.fixture
def pair(sqs_client: SQSClient, prefix: str) -> dict[str, str]:
    """A queue that dead-letters after two receives, and its dead-letter queue."""
    topology = Topology(
        queues=(
            Queue("work.fifo", None, 30, dead_letter_queue="dead.fifo", max_receive_count=MAX_RECEIVES),
            Queue("dead.fifo", None, 30),
        ),
        functions=(),
        event_sources=(),
        schedules=(),
        routes=(),
    )
    return create_queues(sqs_client, topology, prefix)


def receive(client: SQSClient, url: str, wait_s: int = 5) -> dict[str, Any] | None:
    answer = client.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"], WaitTimeSeconds=wait_s)
    messages = answer.get("Messages", [])
    return dict(messages[0]) if messages else None


def give_back(client: SQSClient, url: str, message: dict[str, Any]) -> None:
    client.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)


def fail_until_dead(client: SQSClient, url: str, received: int = 0) -> None:
    """Lets the head of the queue fail until it is dead-lettered; ``received`` of its receives are spent already."""
    for count in range(received + 1, MAX_RECEIVES + 1):
        message = receive(client, url)
        assert message is not None
        assert message["Attributes"]["ApproximateReceiveCount"] == str(count)
        give_back(client, url, message)
    assert receive(client, url, wait_s=0) is None


def redrive(client: SQSClient, dead_letter_arn: str) -> None:
    client.start_message_move_task(SourceArn=dead_letter_arn)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        [task] = client.list_message_move_tasks(SourceArn=dead_letter_arn, MaxResults=1)["Results"]
        if task["Status"] != "RUNNING":
            break
    assert task["Status"] == "COMPLETED"
    assert task["ApproximateNumberOfMessagesMoved"] == 1


def test_a_redriven_message_is_a_new_message_every_time(
    sqs_client: SQSClient, pair: dict[str, str], prefix: str
) -> None:
    url = pair["work.fifo"]
    sent = sqs_client.send_message(
        QueueUrl=url, MessageBody="the body", MessageGroupId="lead", MessageDeduplicationId="job"
    )
    ids, dedup_ids = [sent["MessageId"]], ["job"]
    fail_until_dead(sqs_client, url)

    for _ in range(3):  # all well inside the five minutes in which a repeated deduplication id is swallowed
        redrive(sqs_client, queue_arn(f"{prefix}dead.fifo"))
        message = receive(sqs_client, url)
        assert message is not None, "the redriven message never arrived"
        assert message["Body"] == "the body"
        assert message["Attributes"]["MessageGroupId"] == "lead"
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert "DeadLetterQueueSourceArn" not in message["Attributes"]
        ids.append(message["MessageId"])
        dedup_ids.append(message["Attributes"]["MessageDeduplicationId"])
        give_back(sqs_client, url, message)
        fail_until_dead(sqs_client, url, received=1)

    assert len(set(ids)) == len(set(dedup_ids)) == 4


def test_a_dead_letter_keeps_its_message_id_and_takes_it_as_deduplication_id(
    sqs_client: SQSClient, pair: dict[str, str], prefix: str
) -> None:
    sent = sqs_client.send_message(
        QueueUrl=pair["work.fifo"], MessageBody="{}", MessageGroupId="lead", MessageDeduplicationId="job"
    )
    fail_until_dead(sqs_client, pair["work.fifo"])

    dead = receive(sqs_client, pair["dead.fifo"])

    assert dead is not None
    assert dead["MessageId"] == sent["MessageId"]
    assert dead["Attributes"]["MessageDeduplicationId"] == sent["MessageId"]
    assert dead["Attributes"]["MessageGroupId"] == "lead"
    assert dead["Attributes"]["DeadLetterQueueSourceArn"] == queue_arn(f"{prefix}work.fifo")


def test_a_repeated_deduplication_id_is_answered_with_the_first_message_and_not_delivered_twice(
    sqs_client: SQSClient, queues: dict[str, str]
) -> None:
    def send(group: str) -> str:
        return sqs_client.send_message(
            QueueUrl=queues["ingest.fifo"], MessageBody="{}", MessageGroupId=group, MessageDeduplicationId="same"
        )["MessageId"]

    first, repeated, other_group = send("a"), send("a"), send("b")

    assert repeated == first
    assert other_group != first  # in high-throughput mode the id counts per group
    received = [receive(sqs_client, queues["ingest.fifo"], wait_s=0) for _ in range(3)]
    assert [message["MessageId"] for message in received if message] == [first, other_group]


def test_a_failed_message_comes_back_before_the_rest_of_its_group(
    sqs_client: SQSClient, queues: dict[str, str]
) -> None:
    url = queues["ingest.fifo"]
    for number in range(3):
        sqs_client.send_message(
            QueueUrl=url, MessageBody=str(number), MessageGroupId="lead", MessageDeduplicationId=str(number)
        )
    first = receive(sqs_client, url)
    assert first is not None
    assert receive(sqs_client, url, wait_s=0) is None  # the group waits for its head
    give_back(sqs_client, url, first)

    order = []
    while message := receive(sqs_client, url, wait_s=0):
        order.append((message["Body"], message["Attributes"]["ApproximateReceiveCount"]))
        sqs_client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert order == [("0", "2"), ("1", "1"), ("2", "1")]


def test_queues_are_made_as_the_topology_says(sqs_client: SQSClient, queues: dict[str, str]) -> None:
    for queue in TOPOLOGY.queues:
        attributes = sqs_client.get_queue_attributes(QueueUrl=queues[queue.name], AttributeNames=["All"])["Attributes"]
        assert float(attributes["VisibilityTimeout"]) == queue.visibility_timeout_s
        assert int(attributes["MessageRetentionPeriod"]) == queue.retention_s
        assert ("RedrivePolicy" in attributes) == (queue.dead_letter_queue is not None)
        assert attributes["DeduplicationScope"] == "messageGroup"
        assert attributes["FifoThroughputLimit"] == "perMessageGroupId"


def test_a_queue_must_come_with_its_dead_letter_queue(sqs_client: SQSClient, prefix: str) -> None:
    without = replace(TOPOLOGY, queues=tuple(q for q in TOPOLOGY.queues if "dlq" not in q.name))
    with pytest.raises(KeyError, match="dlq"):
        create_queues(sqs_client, without, prefix)
