"""A queue's consumer: one message per call, partial responses, and a cap on how many run at once."""

from __future__ import annotations

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.service_function import ServiceFunction
from infra.topology import EventSource


class JobConsumer(Construct):
    """The event source mapping from ``queue`` to ``consumer``, as the topology describes it.

    The cap is the mapping's maximum concurrency, which stops polling. Reserved concurrency would throttle calls whose
    message has already been received, and ten such receives end in the dead-letter queue without a single run.
    """

    def __init__(
        self, scope: Construct, id: str, *, source: EventSource, queue: sqs.IQueue, consumer: ServiceFunction
    ) -> None:
        super().__init__(scope, id)
        self.function: lambda_.IFunction = consumer.function
        self.queue = queue
        consumer.function.add_event_source(
            event_sources.SqsEventSource(
                queue,
                batch_size=source.batch_size,
                max_concurrency=source.maximum_concurrency,
                report_batch_item_failures=True,
            )
        )
