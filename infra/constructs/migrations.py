"""Migrations as a step of the deployment, before any function gets its new code."""

from __future__ import annotations

from aws_cdk import Duration, triggers
from constructs import Construct

from infra.constructs.service_function import ServiceFunction


class Migrations(Construct):
    """A custom resource that migrates when the function's code or settings change; a failure stops the deployment."""

    def __init__(self, scope: Construct, id: str, *, migrate: ServiceFunction, before: list[Construct]) -> None:
        super().__init__(scope, id)
        self.trigger = triggers.Trigger(
            self,
            "Trigger",
            handler=migrate.function,
            # Longer than the function's own time-out, so that what a person reads is the function's error.
            timeout=Duration.minutes(6),
            invocation_type=triggers.InvocationType.REQUEST_RESPONSE,
            execute_before=before,
            execute_on_handler_change=True,
        )
