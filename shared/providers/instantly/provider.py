"""Instantly as a provider: email, posted by webhook with the headers that we have registered there."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from shared.domain.events import Event
from shared.domain.vocabulary import Channel, ClientId, JobType, Provider, Source
from shared.domain.webhook_token import make_token
from shared.providers.instantly import events
from shared.providers.instantly.limits import EMAIL_LISTING
from shared.providers.protocol import Access, Account, Claim, HookSettings, Route, WebhookRequest
from shared.providers.webhook_auth import bearer_token, claim_by_token


class InstantlyProvider:
    """The facts about Instantly that need no account."""

    name = Provider.INSTANTLY
    title = "Instantly"
    channels = frozenset({Channel.EMAIL})
    job_type = JobType.POST_PROCESS
    routes = (Route("/webhooks/instantly"),)
    api_root = "https://api.instantly.ai"
    deliveries_name_account = True
    sends_are_reported = True
    ids_are_per_thread = False
    pauses_sequences = False
    rate_limits = (EMAIL_LISTING,)

    def authenticate(self, request: WebhookRequest, keys: Sequence[str]) -> Claim | None:
        """Checks our token: Instantly signs nothing, but sends the headers that we register with it."""
        tokens = (bearer_token(request.headers), request.headers.get("x-instantly-secret", "").strip())
        return claim_by_token(request, tokens, keys, self.name)

    def hook_settings(self, client_id: ClientId, token_version: int, key: str) -> Sequence[HookSettings]:
        """Returns the route with the client in its query, and the header with our token."""
        token = make_token(client_id, token_version, key, self.name)
        (route,) = self.routes
        return [HookSettings(f"{route.path}?clientId={client_id}", {"Authorization": f"Bearer {token}"})]

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

    def account(self, credential: str, access: Access) -> Account:
        # By name, so that who only reads events carries no HTTP client; infra/bundling.py knows who opens accounts.
        account: Account = import_module("shared.providers.instantly.account").open_account(credential, access)
        return account
