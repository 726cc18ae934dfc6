"""How each provider posts to its webhook, in tests: what its hook is set up with, and its signature where it signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from shared.domain.vocabulary import ClientId, Provider
from shared.providers.protocol import HookSettings
from shared.providers.registry import PROVIDERS
from tests.instantly_events import SIGNING_KEY, api_gateway_event
from tests.smartlead_events import signature_of

SIGNED: Mapping[Provider, Callable[[bytes, HookSettings], dict[str, str]]] = {
    # Whatever the body is: one that is broken has no place for a secret.
    Provider.SMARTLEAD: lambda body, settings: {
        "x-smartlead-signature": signature_of(body, settings.body["secret_key"])
    },
}
"""By provider, what it signs a body with, as headers."""


def posted(
    provider: Provider,
    body: bytes,
    client_id: UUID,
    *,
    token_version: int = 1,
    key: str = SIGNING_KEY,
    headers: Mapping[str, str] | None = None,
    as_base64: bool = False,
) -> dict[str, Any]:
    """Returns the request in which a provider delivers this body to a client, as API Gateway hands it on."""
    settings = PROVIDERS[provider].hook_settings(ClientId(client_id), token_version, key)[0]
    url = urlsplit(settings.path)
    signed = SIGNED[provider](body, settings) if provider in SIGNED else {}
    proof = {name.lower(): value for name, value in settings.headers.items()}
    return api_gateway_event(
        body,
        client_id=client_id,
        path=url.path,
        query=dict(parse_qsl(url.query)),
        headers={**proof, **signed, **(headers or {})},
        as_base64=as_base64 or not _is_text(body),
    )


def _is_text(body: bytes) -> bool:
    """Bytes that are no text would not arrive as they were signed."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
