"""Maintenance, which needs no model."""

from __future__ import annotations

from shared.bootstrap.accounts import provider_accounts
from shared.bootstrap.parts import build_engine, build_publisher
from shared.config import MaintenanceSettings, Secrets
from shared.jobs.sqs_client import make_sqs_client
from shared.pipelines.dependencies import Dependencies

STATEMENT_TIMEOUT_S = 30.0  # it looks through whole tables, and prunes them


def build_maintenance(settings: MaintenanceSettings, secrets: Secrets) -> Dependencies:
    engine = build_engine(settings, secrets, STATEMENT_TIMEOUT_S, ping=True)
    return Dependencies(
        engine=engine,
        publisher=build_publisher(settings, make_sqs_client()),
        accounts=provider_accounts(settings, secrets, engine, background=True),
        hash_address=secrets.address_hash_key(settings.address_hash_key).hash_of,
        retention={
            "webhook_event": settings.keep_events_days,
            "quarantined_event": settings.keep_quarantined_events_days,
            "job_step": settings.keep_job_steps_days,
            "ai_interaction": settings.keep_ai_interactions_days,
            "sent_copy": settings.keep_sent_copies_days,
        },
        time_scale=settings.time_scale,
    )
