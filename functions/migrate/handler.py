"""Run by `cdk deploy` before any new code takes traffic: a failure here stops the deployment."""

from __future__ import annotations

from typing import Any

from shared.config import MigrateSettings, Secrets, load_settings
from shared.observability import observed
from shared.pipelines.upkeep.migrate_database import migrate_database


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, str]:  # noqa: ARG001 (Lambda's signature)
    """Brings the database to the newest schema; the answer names the revision."""
    return {"revision": migrate_database(load_settings(MigrateSettings), Secrets())}
