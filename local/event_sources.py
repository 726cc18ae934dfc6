"""SQS event source mappings: they poll the queues, call the functions and delete finished messages.

As on AWS: a message that a function reports as failed, or whose function crashes or times out, is left alone and comes
back when its visibility time-out ends (which the function may have changed); only success deletes it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra.topology import EventSource
from local.lambda_runtime import InvocationResult, LambdaRuntime

# SQS takes up to 20 s. A poll that a fault cuts off may take a message with it until its visibility ends, so shorter.
LONG_POLL_S = 5
ANSWER_TIMEOUT_S = 10.0  # beyond the poll
RETRY_PAUSE_S = 0.5  # while the queue service is unreachable
DELETE_ATTEMPTS = 3


class SqsError(RuntimeError):
    """An error that the queue service returned."""


class AsyncSqs:
    """The three SQS calls that polling needs, over its JSON protocol, without a thread for each waiting poll."""

    def __init__(self, endpoint: str, region: str, access_key: str, secret_key: str) -> None:
        self._endpoint = endpoint.rstrip("/") + "/"
        self._signer = SigV4Auth(Credentials(access_key, secret_key), "sqs", region)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        await self._session.close()

    async def receive(self, queue_url: str) -> dict[str, Any] | None:
        """Returns one message after a long poll; None when the queue has nothing to give."""
        answer = await self._call(
            "ReceiveMessage",
            {
                "QueueUrl": queue_url,
                "MaxNumberOfMessages": 1,
                "WaitTimeSeconds": LONG_POLL_S,
                "MessageSystemAttributeNames": ["All"],
                "MessageAttributeNames": ["All"],
            },
        )
        messages = answer.get("Messages") or []
        return messages[0] if messages else None

    async def delete(self, queue_url: str, receipt_handle: str) -> None:
        await self._call("DeleteMessage", {"QueueUrl": queue_url, "ReceiptHandle": receipt_handle})

    async def _call(self, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(parameters).encode()
        request = AWSRequest("POST", self._endpoint, data=body)
        request.headers["Content-Type"] = "application/x-amz-json-1.0"
        request.headers["X-Amz-Target"] = f"AmazonSQS.{action}"
        self._signer.add_auth(request)
        timeout = aiohttp.ClientTimeout(total=LONG_POLL_S + ANSWER_TIMEOUT_S)
        async with self._session.post(
            self._endpoint, data=body, headers=dict(request.headers.items()), timeout=timeout
        ) as response:
            text = await response.text()
            if response.status != 200:
                raise SqsError(f"{action}: {response.status} {text[:500]}")
            return dict(json.loads(text)) if text else {}


@dataclass(frozen=True)
class PolledQueue:
    url: str
    arn: str
    region: str


class EventSourceMapping:
    """One queue's pollers: each takes a message, calls the function with it and only then takes the next."""

    def __init__(
        self, source: EventSource, queue: PolledQueue, sqs: AsyncSqs, runtime: LambdaRuntime, concurrency: int
    ) -> None:
        """Prepares the pollers. ``concurrency``: calls at once, the smaller of the mapping's and the function's."""
        if source.batch_size != 1:
            raise ValueError(f"{source.queue}: only a batch size of 1 is built, got {source.batch_size}")
        self._source = source
        self._queue = queue
        self._sqs = sqs
        self._runtime = runtime
        self._concurrency = concurrency
        self._pollers: list[asyncio.Task[None]] = []
        self._is_reachable = True

    def start(self) -> None:
        self._pollers = [asyncio.create_task(self._poll()) for _ in range(self._concurrency)]

    async def close(self) -> None:
        for poller in self._pollers:
            poller.cancel()
        await asyncio.gather(*self._pollers, return_exceptions=True)

    async def _poll(self) -> None:
        while True:
            try:
                message = await self._sqs.receive(self._queue.url)
            except (aiohttp.ClientError, TimeoutError, SqsError, ValueError) as error:
                self._note_reachable(False, error)
                await asyncio.sleep(RETRY_PAUSE_S)
                continue
            self._note_reachable(True)
            if message is not None:
                await self._deliver(message)

    async def _deliver(self, message: dict[str, Any]) -> None:
        event = {"Records": [make_record(message, self._queue)]}
        result = await self._runtime.invoke(self._source.function, json.dumps(event).encode())
        if result.is_error:
            print(f"{self._source.function} failed: {result.describe_error()}", file=sys.stderr)
        if not succeeded(result):
            return
        for attempt in range(1, DELETE_ATTEMPTS + 1):
            try:
                await self._sqs.delete(self._queue.url, message["ReceiptHandle"])
                return
            except (aiohttp.ClientError, TimeoutError, SqsError, ValueError) as error:
                if attempt == DELETE_ATTEMPTS:  # it will be delivered once more
                    print(f"{self._source.queue}: a finished message was not deleted: {error}", file=sys.stderr)
                await asyncio.sleep(RETRY_PAUSE_S)

    def _note_reachable(self, is_reachable: bool, error: Exception | None = None) -> None:
        if is_reachable != self._is_reachable:
            self._is_reachable = is_reachable
            state = "is polled again" if is_reachable else f"cannot be polled, trying on: {error!r}"
            print(f"{self._source.queue} {state}", file=sys.stderr)


def make_record(message: dict[str, Any], queue: PolledQueue) -> dict[str, Any]:
    """Returns a received message as the record of a Lambda event."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: _record_attribute(value) for name, value in (message.get("MessageAttributes") or {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": queue.region,
    }


def _record_attribute(value: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    for source, target in (("StringValue", "stringValue"), ("BinaryValue", "binaryValue")):
        if source in value:
            record[target] = value[source]
    return record


def succeeded(result: InvocationResult) -> bool:
    """True when a batch of one message counts as done (ReportBatchItemFailures).

    AWS takes an empty result or an empty list as success, and the whole batch as failed when the function fails, the
    result cannot be read, or a failure names no message or one that was not in the batch.
    Source: Lambda developer guide, "Implementing partial batch responses".
    """
    if result.is_error:
        return False
    try:
        answer = json.loads(result.payload)
    except ValueError:
        return False
    if answer is None:
        return True
    if not isinstance(answer, dict):
        return False
    return not answer.get("batchItemFailures")  # whatever it names, this batch holds one message
