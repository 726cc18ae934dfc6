"""The database as the functions see it, whoever runs it: their placement, their variables and their permissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam


@dataclass(frozen=True)
class Placement:
    """The network that functions have to run in to reach the database."""

    vpc: ec2.IVpc
    subnets: ec2.SubnetSelection
    security_group: ec2.ISecurityGroup


@dataclass(frozen=True)
class DatabaseLogin:
    """The login of one kind of function: its variables, and the permissions that go with them."""

    variables: Mapping[str, str]
    grant: Callable[[iam.IRole], None]


class Database(Protocol):
    """The service stack's view of a database."""

    placement: Placement | None
    app: DatabaseLogin
    migrate: DatabaseLogin

    def load_metrics(self) -> Mapping[str, cloudwatch.IMetric]:
        """Metrics of the database's load by name; empty when somebody else monitors it."""
        ...
