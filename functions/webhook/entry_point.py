"""The Lambda entry point of a provider's webhook, built from the environment of its function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from functions.webhook.api_gateway import Answer, Webhook
from shared.bootstrap.intake import build_webhook
from shared.config import Secrets, SigningKeys, WebhookSettings, load_settings
from shared.db.time_budget import TimeBudget, limited
from shared.domain.vocabulary import Provider
from shared.observability import observed
from shared.providers.registry import PROVIDERS


@dataclass
class EntryPoint:
    """A handler. Settings are checked when it is made; database and queues are first used by a request.

    ``database_budget_s``: for connecting and all statements of a request; then the event is parked.
    """

    webhook: Webhook
    database_budget_s: float = field(default=4.0, kw_only=True)

    @classmethod
    def of(cls, provider: Provider) -> Self:
        """Makes the handler of a provider's deliveries. Raises SettingsError naming what is missing."""
        settings, secrets = load_settings(WebhookSettings), Secrets()
        intake = build_webhook(settings, secrets)
        return cls(Webhook(PROVIDERS[provider], intake, SigningKeys(secrets, settings.webhook_signing_keys)))

    def __post_init__(self) -> None:
        self._observed = observed(self._answer)

    def __call__(self, event: Mapping[str, Any], context: object) -> Answer:
        """Answers one request."""
        return self._observed(event, context)

    def _answer(self, event: Mapping[str, Any], _context: object) -> Answer:
        budget = TimeBudget(self.database_budget_s)
        with limited(self.webhook.intake.engine, budget):
            return self.webhook.answer(event, budget)
