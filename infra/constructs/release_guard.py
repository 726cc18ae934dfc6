"""The alarms that roll a webhook's release back: on its new version alone.

An alarm on the whole API, or on whatever the alias runs, is also driven by the version before: while that one fails,
CodeDeploy would refuse the release of the fix. So each release has alarms of its own, which have never seen another
version: their logical ids carry the version's hash.
"""

from __future__ import annotations

from functools import partial

import jsii
from aws_cdk import CfnResource, Duration, IResolveContext, IStringProducer, Lazy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

from infra.constructs.alarms import Alarms
from infra.constructs.names import construct_id
from infra.constructs.product_metrics import ProductMetrics
from infra.topology import Provider
from shared.observability import Metric, VersionFailure

HASH_CHARS = 32  # of the version's contents, at the end of its logical id
PERIOD = Duration.minutes(5)
# One stray failure in a busy five minutes takes nothing back, and neither does the only one of a quiet night.
TOLERATED = 1
TOLERATED_SHARE = 0.02
SLOW_MS = 5_000


def release_alarms(
    alarms: Alarms, metrics: ProductMetrics, *, provider: Provider, function: lambda_.Function, alias: str
) -> list[cloudwatch.Alarm]:
    """Returns the alarms that watch the new version of a provider's webhook while ``alias`` shifts traffic to it."""
    webhook = construct_id(provider.webhook)
    version = function.current_version
    failures_of = partial(_failures, metrics, provider, version)
    calls = _lambda_metric("Invocations", function, alias, "Sum")
    failures = {
        "NewVersionErrors": (_lambda_metric("Errors", function, alias, "Sum"), "crashed, or ran out of time or memory"),
        "NewVersionParks": (failures_of(VersionFailure.PARKED), "parked events: it has no database"),
        "NewVersionRefuses": (
            failures_of(VersionFailure.UNAVAILABLE),
            "returned 503: it has neither database nor queue",
        ),
        "NewVersionInternalErrors": (
            failures_of(VersionFailure.INTERNAL_ERROR),
            "failed on events by a bug of its own",
        ),
    }
    made = [
        alarms.add(
            f"{webhook}{name}",
            _beyond_the_tolerated(failed, calls),
            says=f"The newest version of {provider.webhook} {words}; while its release is under way, it is taken back.",
            section="release-taken-back",
        )
        for name, (failed, words) in failures.items()
    ]
    made.append(
        alarms.add(
            f"{webhook}NewVersionSlow",
            _lambda_metric("Duration", function, alias, "p99", period=Duration.minutes(1)),
            says=f"The newest version of {provider.webhook} is slow; while its release is under way, it is taken back.",
            section="release-taken-back",
            above=SLOW_MS,
            periods=3,
        )
    )
    for alarm in made:
        _renew_with(alarm, version)
    return made


def _lambda_metric(
    name: str, function: lambda_.Function, alias: str, statistic: str, *, period: Duration = PERIOD
) -> cloudwatch.Metric:
    """Returns one of Lambda's metrics, of calls that went through ``alias`` to the new version."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name=name,
        dimensions_map={
            "FunctionName": function.function_name,
            # Put together here: the alias has to wait for the alarms, so these must not name it.
            "Resource": f"{function.function_name}:{alias}",
            "ExecutedVersion": function.current_version.version,
        },
        statistic=statistic,
        period=period,
    )


def _failures(
    metrics: ProductMetrics, provider: Provider, version: lambda_.Version, reason: VersionFailure
) -> cloudwatch.Metric:
    return metrics.metric(
        Metric.VERSION_FAILURE, provider=provider.name.upper(), reason=reason.value, version=version.version
    )


def _beyond_the_tolerated(failed: cloudwatch.IMetric, calls: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression=f"IF(failed > {TOLERATED} AND failed > {TOLERATED_SHARE} * FILL(calls, 0), failed, 0)",
        using_metrics={"failed": failed, "calls": calls},
        label="failures beyond what is tolerated",
        period=PERIOD,
    )


def _renew_with(alarm: cloudwatch.Alarm, version: lambda_.Version) -> None:
    """Makes ``alarm`` a different resource with every ``version``: an updated one would keep its state for a while."""
    resource, of_version = alarm.node.default_child, version.node.default_child
    if not isinstance(resource, CfnResource) or not isinstance(of_version, CfnResource):
        raise AssertionError("an alarm and a version are made of one resource each")
    resource.override_logical_id(Lazy.uncached_string(_WithHash(alarm.node.id, Stack.of(version), of_version)))


@jsii.implements(IStringProducer)
class _WithHash:
    """A logical id with the version's hash, resolved at synthesis when everything that it covers is known."""

    def __init__(self, name: str, stack: Stack, version: CfnResource) -> None:
        self._name = name
        self._stack = stack
        self._version = version

    def produce(self, context: IResolveContext) -> str:  # noqa: ARG002 (the CDK's signature)
        return f"{self._name}{str(self._stack.resolve(self._version.logical_id))[-HASH_CHARS:]}"
