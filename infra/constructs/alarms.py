"""The alarms: each says what happened and which section of the runbook to open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import ArnFormat, Aws, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.names import construct_id
from infra.constructs.product_metrics import ProductMetrics
from infra.topology import Function, Schedule, Topology
from shared.observability import Metric
from shared.pipelines.upkeep import maintain, recover_missed

RUNBOOK = "docs/operations.md"
NEAR_THE_TIMEOUT = 0.8
PARTS_OF_SCHEDULE: Mapping[str, tuple[str, ...]] = {
    "maintain": maintain.PARTS,
    "recover": (recover_missed.PART,),
}
SHORTEST_PERIOD_S = 300  # one run of a minute's schedule that fails is the next one's business
SILENT_PERIODS = 3
# How long a queue's oldest message may wait. Retries of one message span hours by design; a queue that is merely busy
# drains in minutes; a parked event means that Postgres was away.
OLDEST_MESSAGE_S = {"post-process.fifo": 1800, "lead-scoring.fifo": 3600, "ingest.fifo": 600}
DATABASE_LIMITS = {
    # metric: (threshold, words)
    "capacity": (80.0, "The database works at over 80 % of the capacity that it may grow to."),
    "load": (8.0, "On average over 8 sessions are at work in the database at once."),
    "connections": (300.0, "The database has over 300 connections."),
}


@dataclass(frozen=True)
class ProductAlarm:
    """An alarm on one of the product's own metrics: it goes off above ``above`` for ``periods`` × ``minutes``.

    ``silence_is_bad`` is for metrics that are emitted all the time: when nobody counts, nobody knows how many wait.
    """

    name: str
    metric: Metric
    says: str
    section: str
    above: float = 0
    statistic: str = "Sum"
    minutes: int = 5
    periods: int = 1
    silence_is_bad: bool = False


PRODUCT_ALARMS = (
    ProductAlarm(
        "UnpublishedJobs",
        Metric.UNPUBLISHED_JOBS,
        "Committed jobs are due and have not reached a queue for a quarter of an hour.",
        "unpublished-jobs",
        statistic="Maximum",
        periods=3,
        silence_is_bad=True,
    ),
    ProductAlarm(
        "MaintenancePartsFailed",
        Metric.MAINTENANCE_PARTS_FAILED,
        "Parts of maintenance have failed again and again for a quarter of an hour.",
        "maintenance-silent",
        periods=3,
    ),
    ProductAlarm("JobsLost", Metric.JOBS_LOST, "Workers vanished and their messages did not come back.", "lost-jobs"),
    ProductAlarm("UnknownJobs", Metric.JOB_UNKNOWN, "Messages came whose jobs are not in Postgres.", "unknown-jobs"),
    ProductAlarm(
        "UncertainSends",
        Metric.UNCERTAIN_SENDS,
        "Emails may or may not have left, and the thread has not shown it for half an hour.",
        "uncertain-sends",
        statistic="Maximum",
        periods=6,
        silence_is_bad=True,
    ),
    ProductAlarm(
        "OverdueCommitments",
        Metric.OVERDUE_COMMITMENTS,
        "Responses have promised something that nobody has kept in time.",
        "overdue-commitments",
        statistic="Maximum",
        periods=6,
        silence_is_bad=True,
    ),
    ProductAlarm(
        "RejectedTokens",
        Metric.WEBHOOK_TOKEN_REJECTED,
        "Many requests carry a wrong token: a hook that still has the old one, or somebody who tries.",
        "rejected-tokens",
        above=20,
    ),
    ProductAlarm(
        "WebhookInternalErrors",
        Metric.WEBHOOK_INTERNAL_ERROR,
        "A webhook met an error of its own while taking an event.",
        "webhook-errors",
    ),
    ProductAlarm(
        "ParkedEvents",
        Metric.EVENT_PARKED,
        "Postgres could not be reached: events are parked in ingest.fifo.",
        "database-unreachable",
    ),
    ProductAlarm(
        "ParkedEventsQuarantined",
        Metric.PARKED_EVENT_QUARANTINED,
        "Parked events could not be handled when they were replayed: they have no effect until somebody replays them.",
        "quarantined-events",
    ),
    ProductAlarm("HookDisabled", Metric.HOOK_DISABLED, "A provider has disabled a client's hook.", "disabled-hook"),
    ProductAlarm(
        "ModelCredentialsRefused",
        Metric.MODEL_CREDENTIALS_REFUSED,
        "OpenAI refuses the key, or its quota is used up: replies wait.",
        "model-credentials",
    ),
    ProductAlarm(
        "ProviderCredentialsRefused",
        Metric.PROVIDER_CREDENTIALS_REFUSED,
        "A provider refuses a client's credential: its replies wait.",
        "provider-credentials",
    ),
    ProductAlarm(
        "RepliesWithoutDraft",
        Metric.ELIGIBLE_WITHOUT_DRAFT,
        "Replies that need a draft are processed and have none.",
        "replies-without-draft",
        statistic="Maximum",
        periods=6,
        silence_is_bad=True,
    ),
    ProductAlarm(
        "AccountErrors",
        Metric.ACCOUNT_ERROR,
        "A provider reports that a sending account has an error.",
        "mailbox-errors",
    ),
)


class Alarms(Construct):
    """The topic that people subscribe to, and every alarm that publishes to it."""

    def __init__(self, scope: Construct, id: str, *, email: str | None) -> None:
        super().__init__(scope, id)
        self.all: list[cloudwatch.Alarm] = []
        self.topic = sns.Topic(self, "Topic", display_name="Reply pipeline", enforce_ssl=True)
        self._let_alarms_publish()
        if email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def _let_alarms_publish(self) -> None:
        """Lets CloudWatch publish to the topic: our policy replaces the default one, which allowed it.

        CloudFormation names this stage's alarms after the stack.
        """
        stack = Stack.of(self)
        alarms = stack.format_arn(
            service="cloudwatch",
            resource="alarm",
            resource_name=f"{stack.stack_name}-*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": alarms},
                },
            )
        )

    def named(self, name: str) -> cloudwatch.Alarm:
        return next(alarm for alarm in self.all if alarm.node.id == name)

    def add(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        *,
        says: str,
        section: str,
        above: float = 0,
        periods: int = 1,
        silence_is_bad: bool = False,
        below: float | None = None,
    ) -> cloudwatch.Alarm:
        """Adds an alarm for ``metric`` over ``above`` (or under ``below``) for ``periods`` in a row."""
        alarm = cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            alarm_description=f"{says} Runbook: {RUNBOOK}#{section}",
            threshold=above if below is None else below,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
            if below is None
            else cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            evaluation_periods=periods,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING
            if silence_is_bad
            else cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        action = actions.SnsAction(self.topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
        self.all.append(alarm)
        return alarm

    def watch_product(self, metrics: ProductMetrics) -> None:
        for alarm in PRODUCT_ALARMS:
            self.add(
                alarm.name,
                metrics.metric(alarm.metric, statistic=alarm.statistic, minutes=alarm.minutes),
                says=alarm.says,
                section=alarm.section,
                above=alarm.above,
                periods=alarm.periods,
                silence_is_bad=alarm.silence_is_bad,
            )

    def watch_queues(self, topology: Topology, queues: Mapping[str, sqs.Queue]) -> None:
        for queue in topology.queues:
            if queue.dead_letter_queue is not None:
                self.add(
                    f"{construct_id(queue.dead_letter_queue)}NotEmpty",
                    queues[queue.dead_letter_queue].metric_approximate_number_of_messages_visible(
                        period=Duration.minutes(1), statistic="Maximum"
                    ),
                    says=f"Jobs of {queue.name} have used up their attempts or cannot succeed.",
                    section="dead-letter-queue",
                )
            if queue.url_variable is not None:
                self.add(
                    f"{construct_id(queue.name)}Old",
                    queues[queue.name].metric_approximate_age_of_oldest_message(
                        period=Duration.minutes(5), statistic="Maximum"
                    ),
                    says=f"A message of {queue.name} waits for over {OLDEST_MESSAGE_S[queue.name] // 60} minutes.",
                    section="old-messages",
                    above=OLDEST_MESSAGE_S[queue.name],
                    periods=3,
                )

    def watch_function(self, spec: Function, function: lambda_.IFunction) -> list[cloudwatch.Alarm]:
        """Adds alarms on errors, throttles and calls that come near their time-out."""
        name = construct_id(spec.name)
        return [
            self.add(
                f"{name}Errors",
                function.metric_errors(period=Duration.minutes(1), statistic="Sum"),
                says=f"{spec.name} crashed, ran out of memory or out of time.",
                section="function-errors",
            ),
            self.add(
                f"{name}Throttles",
                function.metric_throttles(period=Duration.minutes(1), statistic="Sum"),
                says=f"Calls of {spec.name} were refused: the account or the function is at its concurrency limit.",
                section="throttles",
            ),
            self.add(
                f"{name}Slow",
                function.metric_duration(period=Duration.minutes(5), statistic="p99"),
                says=f"The slowest calls of {spec.name} come near its time-out of {spec.timeout_s:.0f} s.",
                section="slow-function",
                above=spec.timeout_s * 1000 * NEAR_THE_TIMEOUT,
                periods=3,
            ),
        ]

    def watch_schedule(self, schedule: Schedule, metrics: ProductMetrics) -> None:
        """Adds an alarm on silence: nothing else would notice that nobody publishes, settles and recovers.

        Each part has an alarm of its own on a plain metric: AWS does not say if a sum over parts has a value when one
        of them was never heard of.
        """
        period = Duration.seconds(max(SHORTEST_PERIOD_S, schedule.every_s))
        waited = f"{SILENT_PERIODS * period.to_minutes():.0f} minutes"
        for part in PARTS_OF_SCHEDULE[schedule.name]:
            self.add(
                f"{construct_id(part.replace('_', '-'))}Silent",
                metrics.metric(Metric.MAINTENANCE_COMPLETED, minutes=int(period.to_minutes()), part=part),
                says=f"{schedule.function} has not completed {part} for {waited}.",
                section="maintenance-silent",
                below=1,
                periods=SILENT_PERIODS,
                silence_is_bad=True,
            )

    def watch_database(self, metrics: Mapping[str, cloudwatch.IMetric]) -> None:
        for name, metric in metrics.items():
            threshold, says = DATABASE_LIMITS[name]
            self.add(
                f"Database{name.capitalize()}",
                metric,
                says=says,
                section="database-load",
                above=threshold,
                periods=3,
            )
