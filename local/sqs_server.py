"""LocalStack's SQS with dead-lettering and redrive as on AWS. Runs on the Python of .venv-localstack, as a script.

Where LocalStack differs: a message that moves to a dead-letter queue, and back, keeps its deduplication id, so within
five minutes the target queue swallows it silently while the move task says COMPLETED; later it comes back with its old
message id and receive count. On AWS the dead-letter queue takes the message id as the deduplication id, the enqueue
time of a FIFO message starts anew there, and a redriven message is a new one: new id, receive count from one.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from localstack.runtime.main import main
from localstack.services.sqs import models

SOURCE = "DeadLetterQueueSourceArn"
# What a message brings along but the target queue counts for itself.
OWN_ATTRIBUTES = ("ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber")

_put = models.FifoQueue.put


def put_as_aws_does(
    queue: models.FifoQueue,
    message: dict[str, Any],
    visibility_timeout: int | None = None,
    message_deduplication_id: str | None = None,
    message_group_id: str | None = None,
    delay_seconds: int | None = None,
) -> Any:
    source = message.get("Attributes", {}).get(SOURCE)
    if source is not None:
        # A copy: the queue it comes from still finds the message by its old id when it deletes it.
        message = {**message, "Attributes": dict(message["Attributes"])}
        for name in OWN_ATTRIBUTES:
            message["Attributes"].pop(name, None)
        message["Attributes"]["SentTimestamp"] = str(int(time.time() * 1000))
        if not is_dead_letter_queue_of(queue, source):
            message["MessageId"] = str(uuid.uuid4())
            del message["Attributes"][SOURCE]
        message_deduplication_id = message["MessageId"]
    return _put(queue, message, visibility_timeout, message_deduplication_id, message_group_id, delay_seconds)


def is_dead_letter_queue_of(queue: models.FifoQueue, source_arn: str) -> bool:
    _, _, _, region, account, name = source_arn.split(":")
    source = models.sqs_stores[account][region].queues.get(name)
    policy = source.redrive_policy if source is not None else None
    return policy is not None and policy.get("deadLetterTargetArn") == queue.arn


if __name__ == "__main__":
    models.FifoQueue.put = put_as_aws_does
    main()
