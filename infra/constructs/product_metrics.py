"""The product's own metrics as CloudWatch sees them: one namespace, one service name per stage."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from shared.observability import NAMESPACE, Metric


class ProductMetrics:
    """The metrics of one stage. ``service`` is its functions' POWERTOOLS_SERVICE_NAME."""

    def __init__(self, service: str) -> None:
        self.service = service

    def metric(
        self, metric: Metric, *, statistic: str = "Sum", minutes: int = 5, **dimensions: str
    ) -> cloudwatch.Metric:
        """Returns a metric of exactly these dimensions (and the service's): CloudWatch adds nothing up by itself."""
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=metric.value,
            dimensions_map={"service": self.service, **dimensions},
            statistic=statistic,
            period=Duration.minutes(minutes),
        )

    def by(self, metric: Metric, *dimensions: str, statistic: str = "Sum", minutes: int = 5) -> cloudwatch.IMetric:
        """Returns one line per value of ``dimensions``, including future ones: a search, for dashboards only."""
        schema = ",".join((NAMESPACE, *sorted((*dimensions, "service"))))
        return cloudwatch.MathExpression(
            expression=f'SEARCH(\'{{{schema}}} MetricName="{metric.value}" service="{self.service}"\','
            f" '{statistic}', {minutes * 60})",
            label="",
            period=Duration.minutes(minutes),
            using_metrics={},
        )
