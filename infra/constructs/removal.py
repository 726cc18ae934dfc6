"""What becomes of a resource that a stack no longer has."""

from __future__ import annotations

from aws_cdk import RemovalPolicy


def removal(*, retain: bool) -> RemovalPolicy:
    """Kept where data matters, but for a creation that fails: each try would leave another set behind."""
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if retain else RemovalPolicy.DESTROY
