"""Findings of cdk-nag that we live with, each with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, CfnElement, Stack, Validations
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
    """Accepts a permission on every version and alias of one ``function``: its ARN with ``:*`` means nothing more."""
    acknowledge(scope, {f"AwsSolutions-IAM5[Resource::<{logical_id(function)}.Arn>:*]": reason})


def logical_id(construct: IConstruct) -> str:
    """Returns the logical id, the name in the template, of the one resource that ``construct`` is made of."""
    resource = construct.node.default_child
    if not isinstance(resource, CfnElement):
        raise AssertionError(f"{construct.node.path} is made of one resource")
    return Stack.of(construct).get_logical_id(resource)


def acknowledge_cdk_functions(stack: Stack, prefixes: dict[str, dict[str, str]]) -> None:
    """Accepts findings on the functions that the CDK itself adds to a stack, found by the start of their id."""
    for child in stack.node.children:
        for prefix, reasons in prefixes.items():
            if child.node.id.startswith(prefix):
                acknowledge(child, reasons)
