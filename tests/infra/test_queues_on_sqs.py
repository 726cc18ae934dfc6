"""A real SQS (LocalStack's) accepts the queues exactly as CloudFormation would make them."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from tests.infra.conftest import Synthesized
from tests.infra.test_topology_in_templates import QUEUE, reference

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# CloudFormation's properties and the API's attributes are named alike, with these exceptions.
ATTRIBUTES = {"ContentBasedDeduplication", "DeduplicationScope", "FifoQueue", "FifoThroughputLimit"} | {
    "MessageRetentionPeriod",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
}


def attributes_of(properties: dict[str, Any], arns: dict[str, str]) -> dict[Any, str]:
    attributes: dict[Any, str] = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in properties.items()
        if name in ATTRIBUTES
    }
    if "RedrivePolicy" in properties:
        policy = properties["RedrivePolicy"]
        attributes["RedrivePolicy"] = json.dumps(
            {
                "deadLetterTargetArn": arns[reference(policy["deadLetterTargetArn"])],
                "maxReceiveCount": policy["maxReceiveCount"],
            }
        )
    return attributes


def test_the_templates_queues_can_be_made_and_used(prod: Synthesized, sqs_client: SQSClient) -> None:
    prefix = f"cfn-{secrets.token_hex(4)}"
    urls: dict[str, str] = {}
    arns: dict[str, str] = {}
    queues = prod.properties("Service", QUEUE)
    for logical_id, properties in sorted(queues.items(), key=lambda item: "RedrivePolicy" in item[1]):
        unknown = set(properties) - ATTRIBUTES - {"RedrivePolicy", "Tags"}
        assert unknown == set(), f"{logical_id}: {unknown} would not reach SQS in this test"
        urls[logical_id] = sqs_client.create_queue(
            QueueName=f"{prefix}-{logical_id}.fifo", Attributes=attributes_of(properties, arns)
        )["QueueUrl"]
        arns[logical_id] = sqs_client.get_queue_attributes(QueueUrl=urls[logical_id], AttributeNames=["QueueArn"])[
            "Attributes"
        ]["QueueArn"]
    try:
        for call in prod.properties("Service", "Custom::AWS").values():
            _call_as_the_custom_resource_does(call["Create"], urls, arns, sqs_client)
        for logical_id, url in urls.items():
            sqs_client.send_message(
                QueueUrl=url, MessageBody="{}", MessageGroupId="lead", MessageDeduplicationId="client:message:type"
            )
            (message,) = sqs_client.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"]
            assert message["Body"] == "{}", logical_id
    finally:
        for url in urls.values():
            sqs_client.delete_queue(QueueUrl=url)


def _call_as_the_custom_resource_does(
    join: dict[str, Any], urls: dict[str, str], arns: dict[str, str], client: SQSClient
) -> None:
    """Resolves the reference that each part of the call is, makes the call, and reads back what it set."""
    separator, parts = join["Fn::Join"]
    call = json.loads(
        separator.join(
            part if isinstance(part, str) else urls[part["Ref"]] if "Ref" in part else arns[reference(part)]
            for part in parts
        )
    )
    assert (call["service"], call["action"]) == ("SQS", "setQueueAttributes")
    parameters = call["parameters"]
    client.set_queue_attributes(QueueUrl=parameters["QueueUrl"], Attributes=parameters["Attributes"])
    stored = client.get_queue_attributes(QueueUrl=parameters["QueueUrl"], AttributeNames=["RedriveAllowPolicy"])
    policy = json.loads(stored["Attributes"]["RedriveAllowPolicy"])
    assert policy["redrivePermission"] == "byQueue"
    assert set(policy["sourceQueueArns"]) <= set(arns.values())
