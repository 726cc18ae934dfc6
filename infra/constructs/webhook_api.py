"""The front door: an HTTP API in front of the webhook's alias, and the alias's gradual, guarded releases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import CfnResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import HEALTH_THROTTLE, StageConfig
from infra.constructs.acknowledgements import acknowledge, acknowledge_versions
from infra.constructs.service_function import SAME_RUNTIME, ServiceFunction
from infra.schema_revision import newest_revision
from infra.topology import Route

SMOKE_CHECK = Path(__file__).parent.parent / "smoke_check.py"
SMOKE_CHECK_TIMEOUT = Duration.minutes(2)  # three tries of the webhook's time-out each, and the pauses
ALIAS = "live"
CODEDEPLOY_POLICY = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited"
# What an access log line says. No header, no query, no body: the client's id is in the query, its token in a header.
ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "sourceIp": "$context.identity.sourceIp",
    "responseLatencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "responseBytes": "$context.responseLength",
}


class WebhookApi(Construct):
    """The API with its routes, throttled one by one, and the alias that they call."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: StageConfig,
        routes: tuple[Route, ...],
        webhook: ServiceFunction,
        log_retention: logs.RetentionDays,
        log_removal: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        self._webhook = webhook
        self.alias = lambda_.Alias(self, "Alias", alias_name=ALIAS, version=webhook.function.current_version)
        self.domain = domain = self._domain(config)
        self.api = apigateway.HttpApi(
            self,
            "Api",
            description="Events of Instantly",
            create_default_stage=False,
            # Closed in a deployment of its own: hooks still name it when a domain is turned on.
            disable_execute_api_endpoint=config.closes_execute_api,
        )
        integration = integrations.HttpLambdaIntegration("Webhook", self.alias)
        for route in routes:
            self.api.add_routes(path=route.path, methods=[apigateway.HttpMethod[route.method]], integration=integration)
        access_logs = logs.LogGroup(self, "AccessLogs", retention=log_retention, removal_policy=log_removal)
        self.stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            detailed_metrics_enabled=True,
            domain_mapping=None if domain is None else apigateway.DomainMappingOptions(domain_name=domain),
        )
        self._throttle_and_log(config, routes, access_logs)
        # Where hooks are registered.
        self.url = f"https://{config.domain_name}" if domain and not config.leaves_domain else self.api.api_endpoint
        acknowledge(
            self.api,
            {
                "AwsSolutions-APIG4": "Instantly signs nothing and cannot log in: the function compares the token that"
                " it sends, in constant time, before anything else. An authorizer would be a second cold start and keep"
                " a revoked token alive for as long as it caches."
            },
        )

    def release_with(self, alarms: Sequence[cloudwatch.Alarm], *, gradual: bool, hotfix: bool) -> None:
        """Shifts traffic to a new version once it has passed the check, and back when one of ``alarms`` goes off.

        ``hotfix`` asks a new version only if it starts, and shifts at once in spite of alarms: for the release of a fix
        that the guard itself, or an outage that it sees, would keep out.
        """
        check = self._smoke_check(deep=not hotfix)
        group = codedeploy.LambdaDeploymentGroup(
            self,
            "Release",
            alias=self.alias,
            deployment_config=codedeploy.LambdaDeploymentConfig.LINEAR_10_PERCENT_EVERY_1_MINUTE
            if gradual and not hotfix
            else codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE,
            alarms=alarms,
            ignore_alarm_configuration=hotfix,
            auto_rollback=codedeploy.AutoRollbackConfig(deployment_in_alarm=not hotfix),
            pre_hook=check,
        )
        # The policy that lets the hook report names the deployment group; so does the one for asking about the version.
        check.add_to_role_policy(
            iam.PolicyStatement(
                actions=["codedeploy:GetDeploymentTarget", "codedeploy:ListDeploymentTargets"],
                resources=[group.deployment_group_arn],
            )
        )
        self._update_last(group, check, *alarms)
        acknowledge_versions(group, check, "CodeDeploy calls its hook through whatever version is current.")
        acknowledge(
            group,
            {
                f"AwsSolutions-IAM4[{CODEDEPLOY_POLICY}]": "CodeDeploy's own policy for this purpose, in its limited"
                " form: AWS extends it with the service."
            },
        )

    def _update_last(self, *guards: Construct) -> None:
        """Makes the alias, whose update is the release, wait for everything that guards it.

        Its update policy names the guards, but no documentation says that CloudFormation orders updates by that.
        """
        alias = self.alias.node.default_child
        if not isinstance(alias, lambda_.CfnAlias):
            raise AssertionError("an alias is made of one CfnAlias")
        for guard in guards:
            resource = guard.node.default_child
            if not isinstance(resource, CfnResource):
                raise AssertionError(f"{guard.node.path} is made of one resource")
            alias.add_resource_dependency(resource)

    def _domain(self, config: StageConfig) -> apigateway.DomainName | None:
        if config.domain_name is None or config.certificate_arn is None:
            return None
        return apigateway.DomainName(
            self,
            "Domain",
            domain_name=config.domain_name,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", config.certificate_arn),
        )

    def _throttle_and_log(self, config: StageConfig, routes: tuple[Route, ...], access_logs: logs.LogGroup) -> None:
        """Sets per-route throttling and our own log line, two properties that the construct above does not have."""
        stage = self.stage.node.default_child
        if not isinstance(stage, apigateway.CfnStage):
            raise AssertionError("an HTTP stage is made of one CfnStage")
        stage.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=access_logs.log_group_arn, format=Stack.of(self).to_json_string(ACCESS_LOG_FIELDS)
        )
        limits = {route: config.webhook_throttle if route.method == "POST" else HEALTH_THROTTLE for route in routes}
        stage.route_settings = {
            f"{route.method} {route.path}": {
                "ThrottlingRateLimit": limit.rate,
                "ThrottlingBurstLimit": limit.burst,
                "DetailedMetricsEnabled": True,
            }
            for route, limit in limits.items()
        }
        # Route settings name routes, which have to be there first.
        for route in self.api.node.find_all():
            if isinstance(route, apigateway.CfnRoute):
                stage.add_resource_dependency(route)

    def _smoke_check(self, *, deep: bool) -> lambda_.Function:
        """Adds the check that CodeDeploy runs before any traffic shifts: the new version has to prove itself."""
        log_group = logs.LogGroup(
            self, "SmokeCheckLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(self, "SmokeCheckRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"], resources=[f"{self._webhook.function.function_arn}:*"]
            )
        )
        acknowledge_versions(
            role, self._webhook.function, "The version to check is a new one at every release: the hook may call each."
        )
        check = lambda_.Function(
            self,
            "SmokeCheck",
            description="Has a new version of the webhook check itself before it gets traffic",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(SMOKE_CHECK.read_text(encoding="utf-8")),
            timeout=SMOKE_CHECK_TIMEOUT,
            role=role,
            log_group=log_group,
            environment={
                "FUNCTION_VERSION_ARN": self._webhook.function.current_version.function_arn,
                "SCHEMA_REVISION": newest_revision(),
                "DEEP": "true" if deep else "false",
            },
        )
        acknowledge(check, {"AwsSolutions-L1": SAME_RUNTIME})
        return check
