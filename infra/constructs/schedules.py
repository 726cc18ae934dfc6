"""The topology's schedules: EventBridge Scheduler calls a function with a payload."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge_versions
from infra.constructs.names import construct_id
from infra.topology import Schedule


class Schedules(Construct):
    """Every schedule of ``schedules``, calling the function of the same name in ``functions``."""

    def __init__(
        self, scope: Construct, id: str, *, schedules: tuple[Schedule, ...], functions: dict[str, lambda_.Function]
    ) -> None:
        super().__init__(scope, id)
        # The scheduler's roles are children of the stack, shared by the schedules of one function.
        for name in sorted({schedule.function for schedule in schedules}):
            acknowledge_versions(
                Stack.of(self),
                functions[name],
                "EventBridge Scheduler's role may call this one function, in any version.",
            )
        for schedule in schedules:
            function = functions[schedule.function]
            scheduler.Schedule(
                self,
                construct_id(schedule.name),
                description=f"{schedule.function}: {schedule.name}",
                schedule=scheduler.ScheduleExpression.rate(Duration.seconds(schedule.every_s)),
                target=targets.LambdaInvoke(
                    function,
                    input=scheduler.ScheduleTargetInput.from_object(schedule.payload),
                    # A call that comes late is worth nothing: the next one does its work.
                    max_event_age=Duration.seconds(max(60, schedule.every_s)),
                    retry_attempts=0,
                ),
            )
