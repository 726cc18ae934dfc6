"""A function of the topology with a role and a log group of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jsii
from aws_cdk import (
    ArnFormat,
    AssetHashType,
    BundlingOptions,
    DockerImage,
    Duration,
    ILocalBundling,
    RemovalPolicy,
    Stack,
)
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import bundling
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.database import Placement
from infra.errors import DeploymentError
from infra.topology import COMMON_VARIABLES, Function

# What Lambda needs to place a function into a VPC (AWSLambdaVPCAccessExecutionRole). It does so with the function's own
# role, so the function's code could as well: to that it is denied, as Lambda's guide advises.
NETWORK_INTERFACE_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)

SAME_RUNTIME = (
    "The product is built, compiled and tested on Python 3.13; Lambda maintains it until 2029. A newer runtime is a"
    " change of its own, with the tests run on it."
)


@jsii.implements(ILocalBundling)
class _LocalBundle:
    """A builder of the bundle on this machine, called when the CDK needs it."""

    def __init__(self, function: Function) -> None:
        self._function = function

    def try_bundle(self, output_dir: str, *_options: object, **_named_options: object) -> bool:
        bundling.build(self._function, bundling.Platform.ARM64, Path(output_dir))
        return True


class ServiceFunction(Construct):
    """One Lambda function: python3.13 on arm64, its own role, its own log group, the topology's settings."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        function: Function,
        variables: Mapping[str, str],
        placement: Placement | None,
        log_retention: logs.RetentionDays,
        log_removal: RemovalPolicy,
        reserved_concurrency: int | None = None,
    ) -> None:
        """Creates the function. ``variables`` may hold more than it takes; it gets only what the topology lists.

        Raises DeploymentError when one that it takes is missing.
        """
        super().__init__(scope, id)
        self.log_group = logs.LogGroup(self, "Logs", retention=log_retention, removal_policy=log_removal)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"Permissions of the function {function.name}",
            inline_policies={} if placement is None else {"network": _network_policy(Stack.of(self))},
        )
        self.log_group.grant_write(self.role)
        if placement is not None:
            acknowledge(
                self.role,
                {
                    "AwsSolutions-IAM5[Resource::*]": "EC2 has no resource-level permission for the network interfaces"
                    " that Lambda makes in the VPC; the actions are the ones it asks for."
                },
            )
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"Reply pipeline: {function.name}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=function.handler,
            code=_code(function),
            memory_size=function.memory_mb,
            timeout=Duration.seconds(function.timeout_s),
            environment=_environment(function, variables),
            role=self.role,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            reserved_concurrent_executions=reserved_concurrency,
            retry_attempts=0,  # of asynchronous calls: the next minute's run is the retry
            # A completed job publishes the next one of its client, so a backlog is a chain of calls. Lambda would take
            # it for a runaway loop after some 16 links and throw the message away.
            recursive_loop=lambda_.RecursiveLoop.ALLOW,
            vpc=placement.vpc if placement else None,
            vpc_subnets=placement.subnets if placement else None,
            security_groups=[placement.security_group] if placement else None,
        )
        acknowledge(self.function, {"AwsSolutions-L1": SAME_RUNTIME})


def _environment(function: Function, variables: Mapping[str, str]) -> dict[str, str]:
    missing = [name for name in (*COMMON_VARIABLES, *function.variables) if name not in variables]
    if missing:
        raise DeploymentError(f"{function.name} takes {', '.join(missing)}, which nothing in the stack provides.")
    wanted = (*COMMON_VARIABLES, *function.variables, *function.cloud_variables)
    return {name: variables[name] for name in sorted(wanted) if variables.get(name)}


def _code(function: Function) -> lambda_.Code:
    return lambda_.Code.from_asset(
        str(bundling.ROOT),
        asset_hash_type=AssetHashType.CUSTOM,
        asset_hash=bundling.contents(function).digest(bundling.Platform.ARM64),
        bundling=BundlingOptions(
            image=DockerImage.from_registry("never-pulled"),  # the property is required; the local bundle comes first
            local=_LocalBundle(function),
        ),
    )


def _network_policy(stack: Stack) -> iam.PolicyDocument:
    """Lets Lambda manage the function's network interfaces, and denies the same to the function's code."""
    functions = stack.format_arn(
        service="lambda", resource="function", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(actions=list(NETWORK_INTERFACE_ACTIONS), resources=["*"]),
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=[*NETWORK_INTERFACE_ACTIONS, "ec2:DetachNetworkInterface"],
                resources=["*"],
                # Only what a function's code calls carries its ARN; naming this one would be a circle of resources.
                conditions={"ArnLike": {"lambda:SourceFunctionArn": functions}},
            ),
        ]
    )
