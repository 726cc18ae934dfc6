"""The stack that a release replaces: the API, the functions, their queues and schedules, and their monitoring."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import stage_values
from infra.config import StageConfig
from infra.constructs.acknowledgements import BASIC_EXECUTION_ROLE, acknowledge, acknowledge_cdk_functions, logical_id
from infra.constructs.alarms import Alarms
from infra.constructs.buckets import Buckets
from infra.constructs.dashboard import Dashboard
from infra.constructs.job_consumer import JobConsumer
from infra.constructs.log_retention import log_retention
from infra.constructs.migrations import Migrations
from infra.constructs.names import construct_id
from infra.constructs.product_metrics import ProductMetrics
from infra.constructs.queues import Queues
from infra.constructs.release_guard import release_alarms
from infra.constructs.removal import removal
from infra.constructs.schedules import Schedules
from infra.constructs.service_function import ServiceFunction
from infra.constructs.webhook_api import WebhookApi
from infra.constructs.webhook_release import ALIAS, WebhookRelease
from infra.data_stack import DataStack
from infra.smoke_test import ALARM_OUTPUT as SMOKE_TEST_ALARM
from infra.smoke_test import live_version_output
from infra.stage_values import as_output
from infra.topology import ADDRESS_HASH_KEY, OPERATIONS, PARKED_BODIES, SIGNING_KEYS, TOPOLOGY, Function, Provider

TESTED_ALARM = "JobsLost"  # takes no release back, and its metric is almost always silent


class ServiceStack(Stack):
    """Everything of ``infra.topology``, built on the data stack of the same stage."""

    def __init__(self, scope: Construct, id: str, *, config: StageConfig, data: DataStack, **options: Any) -> None:
        super().__init__(scope, id, **options)
        self._config = config
        self._data = data
        self._retention = log_retention(config.log_retention_days)
        self._log_removal = removal(retain=config.retain_data)
        self.queues = Queues(
            self, "Queues", topology=TOPOLOGY, retain=config.retain_data, log_retention=self._retention
        ).by_name
        self.buckets = Buckets(self, "Buckets", topology=TOPOLOGY, retain=config.retain_data).by_name
        self._variables = self._settings()

        self.functions = {function.name: self._function(function) for function in TOPOLOGY.functions}
        self._grant_database_and_secrets()
        self._grant_queues()
        self._grant_buckets()

        self.releases = {
            webhook.name: WebhookRelease(
                self, f"{construct_id(webhook.name)}Release", webhook=self.functions[webhook.name]
            )
            for webhook in TOPOLOGY.webhooks
        }
        self.api = WebhookApi(
            self,
            "WebhookApi",
            config=config,
            routes=TOPOLOGY.routes,
            aliases={name: release.alias for name, release in self.releases.items()},
            log_retention=self._retention,
            log_removal=self._log_removal,
        )
        for source in TOPOLOGY.event_sources:
            JobConsumer(
                self,
                f"{construct_id(source.queue)}Consumer",
                source=source,
                queue=self.queues[source.queue],
                consumer=self.functions[source.function],
            )
        self.operations = self._operations()
        migrate = self.functions["migrate"]
        Migrations(
            self,
            "Migrations",
            migrate=migrate,
            before=[each for each in (*self.functions.values(), self.operations) if each is not migrate],
        )
        Schedules(
            self,
            "Schedules",
            schedules=TOPOLOGY.schedules,
            functions={name: function.function for name, function in self.functions.items()},
        )
        self._watch()
        acknowledge_cdk_functions(
            self,
            {
                "AWS679f53fac002430cb0da5b7982bd2287": {
                    BASIC_EXECUTION_ROLE: "The CDK's own function for single SDK calls: it opens each dead-letter queue"
                    " to its source, and may do nothing else."
                }
            },
        )
        CfnOutput(self, "ApiUrl", value=self.api.url)
        if self.api.domain is not None:
            CfnOutput(self, "RegionalDomainName", value=self.api.domain.regional_domain_name)
        CfnOutput(self, "OperationsFunction", value=self.operations.function.function_name)
        for provider in TOPOLOGY.providers:
            CfnOutput(self, f"{construct_id(provider.name)}KeysPath", value=self._keys_path(provider))
        for name, queue in self.queues.items():
            CfnOutput(self, f"{construct_id(name)}QueueUrl", value=queue.queue_url)
        CfnOutput(self, stage_values.OUTPUT, value=as_output(config.values))

    @property
    def service(self) -> str:
        """The service name of this stage's logs and metrics."""
        return f"reply-pipeline-{self._config.name}"

    def _keys_path(self, provider: Provider) -> str:
        """Returns the parameter path of the clients' keys at a provider: a SecureString each, under the client's id."""
        return f"/reply-pipeline/{self._config.name}/{provider.name}-api-keys/"

    def _settings(self) -> dict[str, str]:
        """Returns every variable that some function takes; references where the value is a secret."""
        urls = {
            queue.variable: self.queues[queue.name].queue_url for queue in TOPOLOGY.queues if queue.variable is not None
        }
        names = {bucket.variable: self.buckets[bucket.name].bucket_name for bucket in TOPOLOGY.buckets}
        return {
            **urls,
            **names,
            "LOG_LEVEL": self._config.log_level,
            "POWERTOOLS_SERVICE_NAME": self.service,
            "TIME_SCALE": "1",
            "MAX_RECEIVE_COUNT": str(TOPOLOGY.queue("post-process.fifo").max_receive_count),
            SIGNING_KEYS: self._data.signing_keys.secret_arn,
            ADDRESS_HASH_KEY: self._data.address_hash_key.secret_arn,
            "OPENAI_API_KEY": self._data.openai_key.secret_arn,
            "OPENAI_BASE_URL": "",  # the SDK's own
            **{provider.keys_variable: f"ssm:{self._keys_path(provider)}" for provider in TOPOLOGY.providers},
            **{provider.url_variable: "" for provider in TOPOLOGY.providers},  # the API's own root
        }

    def _function(self, function: Function, **more: str) -> ServiceFunction:
        database = self._data.database
        login = database.migrate if function.name == "migrate" else database.app
        return ServiceFunction(
            self,
            construct_id(function.name),
            function=function,
            variables={**self._variables, **login.variables, **more},
            placement=database.placement,
            log_retention=self._retention,
            log_removal=self._log_removal,
            reserved_concurrency=self._config.webhook_reserved_concurrency if function in TOPOLOGY.webhooks else None,
        )

    def _grant_database_and_secrets(self) -> None:
        database = self._data.database
        for name, function in self.functions.items():
            (database.migrate if name == "migrate" else database.app).grant(function.role)
            self._grant_secrets(TOPOLOGY.function(name), function)

    def _grant_secrets(self, spec: Function, function: ServiceFunction) -> None:
        """Grants exactly the secrets whose references the function gets."""
        if SIGNING_KEYS in spec.variables:
            self._data.signing_keys.grant_read(function.role)
        if ADDRESS_HASH_KEY in spec.variables:
            self._data.address_hash_key.grant_read(function.role)
        if "OPENAI_API_KEY" in spec.variables:
            self._data.openai_key.grant_read(function.role)
        for provider in TOPOLOGY.providers:
            if provider.keys_variable not in spec.variables:
                continue
            keys = f"{self._keys_path(provider)[1:]}*"
            function.role.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=["ssm:GetParameter"],
                    resources=[self.format_arn(service="ssm", resource="parameter", resource_name=keys)],
                )
            )
            arn = f"arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/{keys}"
            acknowledge(
                function.role,
                {f"AwsSolutions-IAM5[Resource::{arn}]": "One key per client, and clients come and go."},
            )

    def _grant_queues(self) -> None:
        """Grants sending to the queues whose URLs a function gets; receiving is granted with the event source."""
        for name, function in self.functions.items():
            self._grant_send(TOPOLOGY.function(name), function)

    def _grant_send(self, spec: Function, function: ServiceFunction) -> None:
        for queue in TOPOLOGY.queues:
            if queue.url_variable is None or queue.url_variable not in spec.variables:
                continue
            if queue.url_variable in spec.never_sends_to:
                self.queues[queue.name].grant(function.role, "sqs:GetQueueAttributes")
            else:
                self.queues[queue.name].grant_send_messages(function.role)

    def _grant_buckets(self) -> None:
        """Grants writing to the functions that park a body, and reading and deleting to the one that replays it."""
        bucket = self.buckets[PARKED_BODIES]
        webhooks = [self.functions[webhook.name].role for webhook in TOPOLOGY.webhooks]
        replay = self.functions["ingest-replay"].role
        for webhook in webhooks:
            webhook.add_to_principal_policy(
                iam.PolicyStatement(actions=["s3:PutObject"], resources=[bucket.arn_for_objects("*")])
            )
        replay.add_to_principal_policy(
            iam.PolicyStatement(actions=["s3:GetObject", "s3:DeleteObject"], resources=[bucket.arn_for_objects("*")])
        )
        # Without it an object that is not there is "access denied", and would look like a broken permission.
        replay.add_to_principal_policy(iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket.bucket_arn]))
        objects = f"AwsSolutions-IAM5[Resource::<{logical_id(bucket)}.Arn>/*]"
        for role in (*webhooks, replay):
            acknowledge(role, {objects: "One object per parked event, and events come and go."})

    def _operations(self) -> ServiceFunction:
        """Adds replyctl inside the VPC, with an operator's permissions: publish, redrive, try the keys, rotate ours."""
        operations = self._function(OPERATIONS, API_URL=self.api.url)
        self._data.database.app.grant(operations.role)
        self._grant_secrets(OPERATIONS, operations)
        operations.role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["secretsmanager:PutSecretValue"], resources=[self._data.signing_keys.secret_arn]
            )
        )
        self._grant_send(OPERATIONS, operations)
        for queue in TOPOLOGY.queues:
            if queue.dead_letter_queue is not None:
                _grant_redrive(operations.role, self.queues[queue.dead_letter_queue])
        return operations

    def _watch(self) -> None:
        metrics = ProductMetrics(self.service)
        alarms = Alarms(self, "Alarms", email=self._config.alarm_email)
        for name, function in self.functions.items():
            if name != "migrate":  # its failure is the deployment's
                alarms.watch_function(TOPOLOGY.function(name), function.function)
        for schedule in TOPOLOGY.schedules:
            alarms.watch_schedule(schedule, metrics)
        alarms.watch_queues(TOPOLOGY, self.queues)
        alarms.watch_product(metrics)
        alarms.watch_database(self._data.database.load_metrics())
        alarms.add(
            "ApiServerErrors",
            self.api.api.metric_server_error(period=Duration.minutes(1), statistic="Sum"),
            says="Callers got a 5xx: after a few of them a provider may disable its hook.",
            section="webhook-errors",
        )
        for provider in TOPOLOGY.providers:
            webhook = self.functions[provider.webhook].function
            self.releases[provider.webhook].guard_with(
                release_alarms(alarms, metrics, provider=provider, function=webhook, alias=ALIAS),
                gradual=self._config.gradual_rollout,
                hotfix=self._config.hotfix,
            )
        dashboard = Dashboard(
            self,
            "Dashboard",
            topology=TOPOLOGY,
            metrics=metrics,
            functions={name: function.function for name, function in self.functions.items()},
            queues=self.queues,
            api=self.api.api,
            database=self._data.database.load_metrics(),
            alarms=alarms.all,
        )
        CfnOutput(self, "AlarmTopic", value=alarms.topic.topic_arn)
        CfnOutput(self, SMOKE_TEST_ALARM, value=alarms.named(TESTED_ALARM).alarm_name)
        for name, release in self.releases.items():
            CfnOutput(self, live_version_output(name), value=release.alias.function_arn)
        CfnOutput(self, "DashboardName", value=dashboard.dashboard.dashboard_name)


def _grant_redrive(role: iam.Role, dead_letter_queue: sqs.Queue) -> None:
    """Grants what StartMessageMoveTask needs on the dead-letter queue; sending to the source is granted separately."""
    role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=[
                "sqs:CancelMessageMoveTask",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ListMessageMoveTasks",
                "sqs:ReceiveMessage",
                "sqs:StartMessageMoveTask",
            ],
            resources=[dead_letter_queue.queue_arn],
        )
    )
