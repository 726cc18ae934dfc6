"""One page that shows if the stage is healthy, if anything is stuck, and the cost."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.product_metrics import ProductMetrics
from infra.topology import Topology
from shared.observability import Metric

PERIOD = Duration.minutes(5)
HALF, THIRD, FULL = 12, 8, 24


class Dashboard(Construct):
    """The stage's dashboard. CloudWatch gives it a name of its own; the stack's output says where it is."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topology: Topology,
        metrics: ProductMetrics,
        functions: Mapping[str, lambda_.IFunction],
        queues: Mapping[str, sqs.Queue],
        api: apigateway.HttpApi,
        database: Mapping[str, cloudwatch.IMetric],
        alarms: list[cloudwatch.Alarm],
    ) -> None:
        super().__init__(scope, id)
        self._metrics = metrics
        self.dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=Duration.hours(24))
        self.dashboard.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=FULL, height=4)
        )
        self._heading("Is it healthy?")
        self.dashboard.add_widgets(
            self._graph("Webhook responses", [metrics.by(Metric.WEBHOOK_ANSWER, "status")], THIRD),
            self._graph(
                "Calls of each webhook",
                [functions[webhook.name].metric_invocations(label=webhook.name) for webhook in topology.webhooks],
                THIRD,
            ),
            self._graph("Webhook latency at the gateway", self._latency(api), THIRD),
        )
        self.dashboard.add_widgets(
            self._graph("Job results", [metrics.by(Metric.JOB_RESULT, "job_type", "result")], THIRD),
            self._graph("Sends", [metrics.by(Metric.SEND_RESULT, "result")], THIRD),
            self._graph(
                "Errors and throttles",
                [metric for function in functions.values() for metric in _failures(function)],
                THIRD,
            ),
        )
        if database:
            self.dashboard.add_widgets(
                *(
                    self._graph(f"Database: {name}", [metric], FULL // len(database))
                    for name, metric in database.items()
                )
            )
        self._heading("What is stuck?")
        consumed = [queue for queue in topology.queues if queue.url_variable is not None]
        dead = [queue for queue in topology.queues if queue.url_variable is None]
        self.dashboard.add_widgets(
            self._graph(
                "Waiting messages",
                [
                    queues[queue.name].metric_approximate_number_of_messages_visible(label=queue.name)
                    for queue in consumed
                ],
                THIRD,
            ),
            self._graph(
                "Age of the oldest message (s)",
                [queues[queue.name].metric_approximate_age_of_oldest_message(label=queue.name) for queue in consumed],
                THIRD,
            ),
            self._graph(
                "Dead-letter queues",
                [queues[queue.name].metric_approximate_number_of_messages_visible(label=queue.name) for queue in dead],
                THIRD,
            ),
        )
        self.dashboard.add_widgets(
            self._now("Unpublished jobs", Metric.UNPUBLISHED_JOBS),
            self._now("Uncertain sends", Metric.UNCERTAIN_SENDS),
            self._now("Overdue commitments", Metric.OVERDUE_COMMITMENTS),
            self._now("Held leads", Metric.HELD_LEADS),
            self._now("Drafts awaiting review", Metric.DRAFTS_AWAITING_REVIEW),
            self._now("Eligible replies without a draft", Metric.ELIGIBLE_WITHOUT_DRAFT),
        )
        self.dashboard.add_widgets(
            self._graph("Maintenance: completed parts", [metrics.by(Metric.MAINTENANCE_COMPLETED, "part")], HALF),
            self._graph(
                "Failures by version of a webhook",
                [metrics.by(Metric.VERSION_FAILURE, "provider", "reason", "version")],
                HALF,
            ),
        )
        self._heading("What does it cost, and what does it decide?")
        self.dashboard.add_widgets(
            self._graph("Model cost (US$)", [metrics.by(Metric.MODEL_COST_USD, "feature", minutes=60)], THIRD),
            self._graph("Model calls", [metrics.by(Metric.MODEL_CALL, "feature", "status")], THIRD),
            self._graph("Decisions", [metrics.by(Metric.DECISION, "action")], THIRD),
        )

    def _heading(self, words: str) -> None:
        self.dashboard.add_widgets(cloudwatch.TextWidget(markdown=f"## {words}", width=FULL, height=1))

    def _graph(self, title: str, metrics: list[cloudwatch.IMetric], width: int) -> cloudwatch.GraphWidget:
        return cloudwatch.GraphWidget(title=title, left=metrics, width=width, period=PERIOD)

    def _now(self, title: str, metric: Metric) -> cloudwatch.SingleValueWidget:
        return cloudwatch.SingleValueWidget(
            title=title, metrics=[self._metrics.metric(metric, statistic="Maximum")], width=FULL // 4, sparkline=True
        )

    def _latency(self, api: apigateway.HttpApi) -> list[cloudwatch.IMetric]:
        return [api.metric_latency(period=PERIOD, statistic=statistic, label=statistic) for statistic in ("p50", "p99")]


def _failures(function: lambda_.IFunction) -> list[cloudwatch.IMetric]:
    return [function.metric_errors(period=PERIOD), function.metric_throttles(period=PERIOD)]
