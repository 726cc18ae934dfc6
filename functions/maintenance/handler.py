"""EventBridge Scheduler → maintenance: every minute what keeps work moving, every quarter of an hour recovery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.bootstrap.maintenance import build_maintenance
from shared.config import MaintenanceSettings, Secrets, load_settings
from shared.jobs.consumer import LambdaContext
from shared.observability import observed
from shared.pipelines.upkeep.maintain import maintain
from shared.pipelines.upkeep.recover_missed import recover_missed

settings = load_settings(MaintenanceSettings)
dependencies = build_maintenance(settings, Secrets())

TASKS = {"maintain": maintain, "recover": recover_missed}


@observed
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    task = TASKS[event.get("task", "maintain")]
    return dict(task(dependencies, lambda: context.get_remaining_time_in_millis() / 1000))
