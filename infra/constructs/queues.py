"""The FIFO queues of the topology, each dead-letter queue open to its own source only."""

from __future__ import annotations

import json

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import custom_resources as cr
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.names import construct_id
from infra.constructs.removal import removal
from infra.topology import Queue, Topology


class Queues(Construct):
    """Every queue of ``topology``, by its name there."""

    def __init__(
        self, scope: Construct, id: str, *, topology: Topology, retain: bool, log_retention: logs.RetentionDays
    ) -> None:
        super().__init__(scope, id)
        self._call_logs = logs.LogGroup(self, "CallLogs", retention=log_retention, removal_policy=RemovalPolicy.DESTROY)
        self._removal_policy = removal(retain=retain)
        self.by_name: dict[str, sqs.Queue] = {}
        dead_letter_names = {queue.dead_letter_queue for queue in topology.queues}
        for queue in sorted(topology.queues, key=lambda queue: queue.name not in dead_letter_names):
            self.by_name[queue.name] = self._queue(queue)
        for queue in topology.queues:
            if queue.dead_letter_queue is not None:
                self._open_to(self.by_name[queue.dead_letter_queue], source=self.by_name[queue.name])
            elif queue.name not in dead_letter_names:
                acknowledge(
                    self.by_name[queue.name],
                    {
                        "AwsSolutions-SQS3": "Events parked while Postgres is down wait here: a day-long outage must"
                        " not dead-letter them. What is not an outage ends as a quarantined event in the database."
                    },
                )

    def _queue(self, queue: Queue) -> sqs.Queue:
        return sqs.Queue(
            self,
            construct_id(queue.name),
            fifo=True,
            # Safe because the group is a pure function of the message: two sends of one job never differ in group.
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            visibility_timeout=Duration.seconds(queue.visibility_timeout_s),
            retention_period=Duration.seconds(queue.retention_s),
            encryption=sqs.QueueEncryption.SQS_MANAGED,  # our own key would have to be opened to everyone who redrives
            enforce_ssl=True,
            removal_policy=self._removal_policy,
            dead_letter_queue=None
            if queue.dead_letter_queue is None or queue.max_receive_count is None
            else sqs.DeadLetterQueue(
                queue=self.by_name[queue.dead_letter_queue], max_receive_count=queue.max_receive_count
            ),
        )

    def _open_to(self, dead_letter_queue: sqs.Queue, *, source: sqs.Queue) -> None:
        """Lets ``source`` alone use ``dead_letter_queue``, and a redrive go back to it alone.

        Called after both exist: as properties the two queues would name each other, which CloudFormation refuses, and
        physical names that would break the circle stand in the way of replacing a queue.
        """
        policy = {"redrivePermission": "byQueue", "sourceQueueArns": [source.queue_arn]}
        call = cr.AwsSdkCall(
            service="SQS",
            action="setQueueAttributes",
            parameters={
                "QueueUrl": dead_letter_queue.queue_url,
                "Attributes": {"RedriveAllowPolicy": json.dumps(policy)},
            },
            physical_resource_id=cr.PhysicalResourceId.of("redrive-allow-policy"),
        )
        cr.AwsCustomResource(
            self,
            f"{dead_letter_queue.node.id}RedriveAllowPolicy",
            on_update=call,  # stands for creation as well
            install_latest_aws_sdk=False,
            log_group=self._call_logs,
            policy=cr.AwsCustomResourcePolicy.from_statements(
                [iam.PolicyStatement(actions=["sqs:SetQueueAttributes"], resources=[dead_letter_queue.queue_arn])]
            ),
        )
