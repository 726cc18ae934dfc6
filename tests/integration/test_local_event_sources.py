"""The event source mappings under success, failure, crash and order, on the real queue service."""

from __future__ import annotations

import asyncio
import json
import secrets
import textwrap
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.topology import EventSource, Function, Queue, Topology
from local.child_processes import Guardian
from local.event_sources import AsyncSqs, EventSourceMapping, PolledQueue
from local.lambda_runtime import LambdaRuntime
from local.sqs import REGION, create_queues, queue_arn
from tests.timing import PATIENCE_S

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

VISIBILITY_S = 2
MAX_RECEIVES = 3

# Writes every record that it gets to a file of its own before it does what the body says.
CONSUMER = """
    import json, os, time, uuid
    from pathlib import Path

    SEEN = Path(os.environ["LAMBDA_TASK_ROOT"]) / "seen"

    def note(kind, record):
        entry = {"kind": kind, "at": time.monotonic(), "record": record, "pid": os.getpid()}
        path = SEEN / f"{uuid.uuid4().hex}.partial"
        path.write_text(json.dumps(entry))
        path.rename(path.with_suffix(".json"))

    def handler(event, context):
        if not event["Records"]:
            return
        [record] = event["Records"]
        note("begin", record)
        body = json.loads(record["body"])
        receives = int(record["attributes"]["ApproximateReceiveCount"])
        failing = body.get("fail_until", 0) >= receives
        time.sleep(body.get("seconds", 0))
        if failing and body["how"] == "crash":
            os._exit(1)
        if failing and body["how"] == "raise":
            raise RuntimeError("fails as told")
        if failing and body["how"] == "hang":
            time.sleep(60)
        if failing:
            return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
        note("end", record)
        return body.get("answer", {"batchItemFailures": []})
"""


class Line:
    """A queue, its dead-letter queue, a consumer and the mapping between them."""

    def __init__(self, client: SQSClient, urls: dict[str, str], prefix: str, task_root: Path) -> None:
        self.client = client
        self.url = urls["work.fifo"]
        self.dead_url = urls["dead.fifo"]
        self.arn = queue_arn(prefix + "work.fifo")
        self.task_root = task_root

    def send(self, group: str = "lead", **body: Any) -> str:
        return self.client.send_message(
            QueueUrl=self.url,
            MessageBody=json.dumps(body),
            MessageGroupId=group,
            MessageDeduplicationId=secrets.token_hex(8),
        )["MessageId"]

    def seen(self, kind: str) -> list[dict[str, Any]]:
        entries = [json.loads(path.read_text()) for path in (self.task_root / "seen").glob("*.json")]
        return sorted((entry for entry in entries if entry["kind"] == kind), key=lambda entry: entry["at"])

    def is_empty(self) -> bool:
        """True when empty twice in a row: a message on its way from waiting to in flight is counted nowhere."""
        if not self._counts_nothing():
            return False
        time.sleep(0.05)
        return self._counts_nothing()

    def _counts_nothing(self) -> bool:
        attributes = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return (
            attributes["ApproximateNumberOfMessages"] == "0"
            and attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
        )

    def dead_letters(self) -> list[str]:
        answer = self.client.receive_message(QueueUrl=self.dead_url, MaxNumberOfMessages=10)
        return [message["MessageId"] for message in answer.get("Messages", [])]


@pytest.fixture
def line(sqs_client: SQSClient, tmp_path: Path) -> Iterator[Line]:
    prefix = f"e{secrets.token_hex(4)}-"
    topology = Topology(
        queues=(
            Queue("work.fifo", None, VISIBILITY_S, dead_letter_queue="dead.fifo", max_receive_count=MAX_RECEIVES),
            Queue("dead.fifo", None, 30),
        ),
        functions=(),
        event_sources=(),
        schedules=(),
        routes=(),
    )
    (tmp_path / "consumer.py").write_text(textwrap.dedent(CONSUMER))
    (tmp_path / "seen").mkdir()
    urls = create_queues(sqs_client, topology, prefix)
    yield Line(sqs_client, urls, prefix, tmp_path)
    for url in urls.values():
        sqs_client.delete_queue(QueueUrl=url)


@pytest.fixture
def consume(line: Line, sqs_endpoint: str) -> Callable[..., None]:
    """Runs the mapping until a condition holds; fails when it never does."""

    def run_until(condition: Callable[[], bool], *, concurrency: int = 2, timeout_s: float = PATIENCE_S) -> None:
        async def main() -> None:
            guardian = Guardian()
            runtime = LambdaRuntime(
                (Function("consumer", "consumer.handler", 2.0, 128, concurrency, ()),),
                variables={},
                log_dir=line.task_root / "logs",
                task_roots=line.task_root,
                guardian=guardian,
            )
            sqs = AsyncSqs(sqs_endpoint, REGION, "local", "local")
            mapping = EventSourceMapping(
                EventSource("work.fifo", "consumer", 10),
                PolledQueue(line.url, line.arn, REGION),
                sqs,
                runtime,
                concurrency,
            )
            # Started before there is anything to do: a slow start must not take a message's visibility.
            await runtime.invoke("consumer", b'{"Records": []}')
            mapping.start()
            try:
                await until(condition, timeout_s)
            finally:
                await mapping.close()
                await runtime.close()
                await sqs.close()
                guardian.end()

        asyncio.run(main())

    return run_until


async def until(condition: Callable[[], bool], timeout_s: float) -> None:
    """Polls in a thread, so that the mapping under test is not held up."""
    poll: Callable[[], Awaitable[bool]] = lambda: asyncio.to_thread(condition)  # noqa: E731
    deadline = time.monotonic() + timeout_s
    while not await poll():
        assert time.monotonic() < deadline, "it never came to that"
        await asyncio.sleep(0.05)


def test_success_deletes_the_message_and_the_record_has_the_shape_of_aws(
    line: Line, consume: Callable[..., None]
) -> None:
    message_id = line.send(group="lead-1")

    consume(line.is_empty)

    [entry] = line.seen("end")
    record = entry["record"]
    assert record["messageId"] == message_id
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == line.arn
    assert record["awsRegion"] == REGION
    assert record["body"] == "{}"
    assert record["md5OfBody"] == "99914b932bd37a50b983c5e7c90ae93b"
    assert record["messageAttributes"] == {}
    assert record["receiptHandle"]
    attributes = record["attributes"]
    assert attributes["ApproximateReceiveCount"] == "1"
    assert attributes["MessageGroupId"] == "lead-1"
    assert set(attributes) >= {
        "SentTimestamp",
        "MessageDeduplicationId",
        "SequenceNumber",
        "SenderId",
        "ApproximateFirstReceiveTimestamp",
    }
    assert all(isinstance(value, str) for value in attributes.values())


@pytest.mark.parametrize("how", ["report", "raise", "crash", "hang"])
def test_a_failure_leaves_the_message_to_its_visibility_and_it_comes_back(
    line: Line, consume: Callable[..., None], how: str
) -> None:
    message_id = line.send(fail_until=1, how=how)

    consume(line.is_empty)

    begun = line.seen("begin")
    assert [entry["record"]["messageId"] for entry in begun] == [message_id, message_id]
    assert [entry["record"]["attributes"]["ApproximateReceiveCount"] for entry in begun] == ["1", "2"]
    assert len(line.seen("end")) == 1


def test_a_message_that_keeps_failing_is_dead_lettered_after_its_last_receive(
    line: Line, consume: Callable[..., None]
) -> None:
    message_id = line.send(fail_until=99, how="report")
    found: list[str] = []

    def is_dead() -> bool:
        found.extend(line.dead_letters())
        return bool(found)

    consume(is_dead)

    assert found == [message_id]
    assert len(line.seen("begin")) == MAX_RECEIVES


def test_a_failed_message_holds_up_its_own_group_only(line: Line, consume: Callable[..., None]) -> None:
    line.send(group="poisoned", name="p1", fail_until=1, how="raise")
    line.send(group="poisoned", name="p2")
    for number in range(4):
        line.send(group="healthy", name=f"h{number}")

    consume(line.is_empty)

    finished = [json.loads(entry["record"]["body"])["name"] for entry in line.seen("end")]
    assert [name for name in finished if name.startswith("h")] == ["h0", "h1", "h2", "h3"]
    assert [name for name in finished if name.startswith("p")] == ["p1", "p2"]
    assert finished.index("h3") < finished.index("p1")


def test_groups_run_side_by_side_up_to_the_concurrency_and_each_in_order(
    line: Line, consume: Callable[..., None]
) -> None:
    for number in range(3):
        for group in "abc":
            line.send(group=group, name=f"{group}{number}", seconds=0.2)

    consume(line.is_empty, concurrency=2)

    begun, ended = line.seen("begin"), line.seen("end")
    for group in "abc":
        names = [json.loads(entry["record"]["body"])["name"] for entry in ended]
        assert [name for name in names if name[0] == group] == [f"{group}{number}" for number in range(3)]
    edges = sorted([(entry["at"], 1) for entry in begun] + [(entry["at"], -1) for entry in ended])
    running, most = 0, 0
    for _, change in edges:
        running += change
        most = max(most, running)
    assert most == 2


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": None}])
def test_an_answer_without_failures_is_success(line: Line, consume: Callable[..., None], answer: Any) -> None:
    line.send(answer=answer)

    consume(line.is_empty)

    assert len(line.seen("begin")) == 1


@pytest.mark.parametrize("answer", ["nonsense", {"batchItemFailures": [{"itemIdentifier": "unknown"}]}])
def test_an_answer_that_names_no_message_fails_the_whole_batch(
    line: Line, consume: Callable[..., None], answer: Any
) -> None:
    line.send(answer=answer)

    consume(lambda: len(line.seen("begin")) == 2)
