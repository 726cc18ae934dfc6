"""Instantly as a provider: email, posted by webhook with the headers that we have registered there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.domain.events import Event
from shared.domain.vocabulary import Channel, JobType, Provider, Source
from shared.providers.instantly import events
from shared.providers.protocol import Account, Claim, Route, WebhookRequest
from shared.providers.webhook_auth import bearer_token, claim_by_token

if TYPE_CHECKING:
    import httpx2


class InstantlyProvider:
    """What can be said of Instantly without an account."""

    name = Provider.INSTANTLY
    channels = frozenset({Channel.EMAIL})
    job_type = JobType.POST_PROCESS
    routes = (Route("/webhooks/instantly"),)
    sends_are_reported = True

    def authenticate(self, request: WebhookRequest, keys: Sequence[str]) -> Claim | None:
        """Checks our token: Instantly signs nothing, but sends the headers that we register with it."""
        tokens = (bearer_token(request.headers), request.headers.get("x-instantly-secret", "").strip())
        return claim_by_token(request, tokens, keys, self.name)

    def redact(self, body: bytes) -> bytes:
        """Returns the body as it is: Instantly's deliveries hold no secret."""
        return body

    def delivery_id(self, _request: WebhookRequest) -> str | None:
        """Returns None: Instantly's deliveries have no id of their own."""
        return None

    def shorten(self, body: bytes, max_chars: int) -> bytes | None:
        return events.shorter_body(body, max_chars)

    def read_event(self, body: bytes, source: Source) -> Event:
        return events.read_event(body, source)

    def account(self, credential: str, http: httpx2.Client | None = None) -> Account:
        raise NotImplementedError  # shared.providers.instantly.account, imported here: the webhook needs no client
