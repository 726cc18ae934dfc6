"""The fate of a resource that a stack no longer has."""

from __future__ import annotations

from aws_cdk import RemovalPolicy


def removal(*, retain: bool) -> RemovalPolicy:
    """Returns the removal policy: kept where data matters, except after a failed creation.

    Each failed attempt would otherwise leave another set of resources behind.
    """
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retain else RemovalPolicy.DESTROY
