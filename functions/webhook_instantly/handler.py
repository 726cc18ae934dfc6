"""Lambda entry point of the webhook. Settings are checked at init; database and queues are first used by a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.webhook.api_gateway import Answer, Webhook
from shared.bootstrap.intake import build_webhook
from shared.config import Secrets, SigningKeys, WebhookSettings, load_settings
from shared.db.time_budget import TimeBudget, limited
from shared.domain.vocabulary import Provider
from shared.observability import observed
from shared.providers.registry import PROVIDERS

DATABASE_BUDGET_S = 4.0  # for connecting and all statements of a request; then the event is parked


def build() -> Webhook:
    """Builds the webhook from the environment. Raises SettingsError naming what is missing."""
    settings, secrets = load_settings(WebhookSettings), Secrets()
    intake = build_webhook(settings, secrets)
    return Webhook(PROVIDERS[Provider.INSTANTLY], intake, SigningKeys(secrets, settings.webhook_signing_keys))


_webhook = build()


@observed
def handler(event: Mapping[str, Any], _context: object) -> Answer:
    budget = TimeBudget(DATABASE_BUDGET_S)
    with limited(_webhook.intake.engine, budget):
        return _webhook.answer(event, budget)
