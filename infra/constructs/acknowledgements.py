"""Findings of cdk-nag that we live with, each with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_lambda as lambda_
from constructs import IConstruct

BASIC_EXECUTION_ROLE = (
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]"
)


def acknowledge(scope: IConstruct, reasons: dict[str, str]) -> None:
    """Accepts findings (rule → reason) on ``scope`` and everything below it.

    A finding of a rule that looks at single permissions is named in full, as in ``AwsSolutions-IAM5[Resource::*]``:
    accepting one wildcard must not accept the next.
    """
    Validations.of(scope).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))


def acknowledge_versions(scope: IConstruct, function: lambda_.Function, reason: str) -> None:
    """Accepts a permission on every version and alias of one ``function``: that is what its ARN with ``:*`` means."""
    stack = Stack.of(function)
    resource = function.node.default_child
    if not isinstance(resource, lambda_.CfnFunction):
        raise AssertionError(f"{function.node.path} is made of one CfnFunction")
    acknowledge(scope, {f"AwsSolutions-IAM5[Resource::<{stack.get_logical_id(resource)}.Arn>:*]": reason})


def acknowledge_cdk_functions(stack: Stack, prefixes: dict[str, dict[str, str]]) -> None:
    """Accepts findings on the functions that the CDK itself adds to a stack, found by the start of their id."""
    for child in stack.node.children:
        for prefix, reasons in prefixes.items():
            if child.node.id.startswith(prefix):
                acknowledge(child, reasons)
