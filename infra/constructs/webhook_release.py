"""The gradual, guarded releases of one webhook: the alias that the API calls, and what lets it change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import CfnResource, Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge, acknowledge_versions
from infra.constructs.service_function import SAME_RUNTIME, ServiceFunction
from infra.schema_revision import newest_revision

SMOKE_CHECK = Path(__file__).parent.parent / "smoke_check.py"
SMOKE_CHECK_TIMEOUT = Duration.minutes(2)  # three tries of the webhook's time-out each, and the pauses
ALIAS = "live"
CODEDEPLOY_POLICY = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited"


class WebhookRelease(Construct):
    """A webhook's alias, and the deployment group that shifts it to a new version."""

    def __init__(self, scope: Construct, id: str, *, webhook: ServiceFunction) -> None:
        super().__init__(scope, id)
        self._webhook = webhook
        self.alias = lambda_.Alias(self, "Alias", alias_name=ALIAS, version=webhook.function.current_version)

    def guard_with(self, alarms: Sequence[cloudwatch.Alarm], *, gradual: bool, hotfix: bool) -> None:
        """Shifts traffic to a new version once it has passed the check, and back when one of ``alarms`` goes off.

        ``hotfix`` asks a new version only if it starts, and shifts at once in spite of alarms: for the release of a fix
        that the guard itself, or an outage that it sees, would keep out.
        """
        check = self._smoke_check(deep=not hotfix)
        group = codedeploy.LambdaDeploymentGroup(
            self,
            "Group",
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
