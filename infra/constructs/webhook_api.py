"""The front door: an HTTP API in front of the webhooks' aliases."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.config import HEALTH_THROTTLE, StageConfig
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.names import construct_id
from infra.topology import Route

# What an access log line says. No header, no query, no body: the client's id is in the query, its token there or in a
# header.
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
    """The API with its routes, throttled one by one. ``aliases``: what the routes call, by the function's name."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: StageConfig,
        routes: tuple[Route, ...],
        aliases: Mapping[str, lambda_.IAlias],
        log_retention: logs.RetentionDays,
        log_removal: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id)
        self.domain = domain = self._domain(config)
        self.api = apigateway.HttpApi(
            self,
            "Api",
            description="The providers' deliveries",
            create_default_stage=False,
            # Closed in a deployment of its own: hooks still name it when a domain is turned on.
            disable_execute_api_endpoint=config.closes_execute_api,
        )
        webhooks = {
            name: integrations.HttpLambdaIntegration(construct_id(name), alias) for name, alias in aliases.items()
        }
        for route in routes:
            self.api.add_routes(
                path=route.path,
                methods=[apigateway.HttpMethod[route.method]],
                integration=webhooks[route.function],
            )
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
                "AwsSolutions-APIG4": "Providers cannot log in: the function checks the token or signature they send,"
                " in constant time, before anything else. An authorizer would be a second cold start and keep a"
                " revoked token alive for as long as it caches."
            },
        )

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
