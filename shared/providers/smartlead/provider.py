"""SmartLead as a provider: email, posted by webhook with our token in the URL and our secret in the body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module

from shared.domain.events import Event
from shared.domain.vocabulary import Channel, ClientId, JobType, Provider, Source
from shared.domain.webhook_token import make_secret, make_token
from shared.providers.protocol import Access, Account, Claim, HookSettings, Route, WebhookRequest
from shared.providers.smartlead import events, proof, redaction, shorter
from shared.providers.smartlead.limits import RATE_LIMITS

_DELIVERY_ID = re.compile(r"[\w.:/+=-]{8,200}", re.ASCII)  # sent twice it holds a comma, and is none


class SmartLeadProvider:
    """The facts about SmartLead that need no account."""

    name = Provider.SMARTLEAD
    title = "SmartLead"
    channels = frozenset({Channel.EMAIL})
    job_type = JobType.SMARTLEAD_POST_PROCESS
    routes = (Route("/webhooks/smartlead", parked_status=200),)
    api_root = "https://server.smartlead.ai"
    deliveries_name_account = False
    sends_are_reported = True
    ids_are_per_thread = False  # the reply's own Message-ID
    pauses_sequences = True
    rate_limits = RATE_LIMITS

    def authenticate(self, request: WebhookRequest, keys: Sequence[str]) -> Claim | None:
        """Checks our token in the URL and, where a person could be affected, the secret or what it has signed."""
        return proof.authenticate(request, keys)

    def hook_settings(self, client_id: ClientId, token_version: int, key: str) -> Sequence[HookSettings]:
        """Returns the route with client and token in its query, and the secret for each body."""
        token = make_token(client_id, token_version, key, self.name)
        secret = make_secret(client_id, token_version, key, self.name)
        (route,) = self.routes
        return [HookSettings(f"{route.path}?clientId={client_id}&token={token}", body={proof.SECRET_KEY: secret})]

    def redact(self, body: bytes) -> bytes:
        """Returns the body without our secret, which every delivery repeats, and without our URL's token."""
        return redaction.redact(body)

    def delivery_id(self, request: WebhookRequest) -> str | None:
        """Reads the id that a delivery keeps when it is repeated, where there is one."""
        id = request.headers.get("x-request-id", "")
        return id if _DELIVERY_ID.fullmatch(id) else None

    def shorten(self, body: bytes, max_chars: int) -> bytes | None:
        return shorter.shorter_body(body, max_chars)

    def read_event(self, body: bytes, source: Source) -> Event:
        return events.read_event(body, source)

    def account(self, credential: str, access: Access) -> Account:
        # By name, so that who only reads events carries no HTTP client; infra/bundling.py knows who opens accounts.
        account: Account = import_module("shared.providers.smartlead.account").open_account(credential, access)
        return account
