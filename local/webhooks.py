"""The addresses that providers post to, with what each delivery has to carry for one workspace.

``stack.json`` has them under ``webhooks``: by the end of the path, e.g. ``instantly``; a provider may have several.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from shared.domain.vocabulary import ClientId
from shared.providers.registry import PROVIDERS

HMAC_OF_BODY = "${hmac_sha256}"
"""Stands in a header's value for the HMAC-SHA256 of the posted bytes, in hex, under the secret that bodies carry."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address. ``body``: fields to set in each body. ``ids``: the provider's ids of the workspace's account."""

    url: str
    headers: Mapping[str, str]
    body: Mapping[str, str]
    ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, shown: Mapping[str, Any]) -> Self:
        return cls(shown["url"], shown["headers"], shown["body"], shown["ids"])

    def to_json(self) -> dict[str, Any]:
        """Returns it as stack.json shows it."""
        return {"url": self.url, "headers": dict(self.headers), "body": dict(self.body), "ids": dict(self.ids)}

    def signed_body(self, body: bytes) -> bytes:
        """Returns the body with its secrets in it; one that is no JSON object stays as it is."""
        try:
            event = json.loads(body)
        except ValueError:
            return body
        if not self.body or not isinstance(event, dict):
            return body
        return json.dumps({**event, **self.body}, separators=(",", ":"), ensure_ascii=False).encode()

    def signed_headers(self, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """Returns the headers of a signed body, with ours."""
        secret = "".join(self.body.values())
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        own = {name: value.replace(HMAC_OF_BODY, signature) for name, value in headers.items()}
        return {"Content-Type": "application/json", **self.headers, **own}


def webhooks_of(api_url: str, client_id: ClientId, token_version: int, key: str) -> dict[str, Webhook]:
    """Returns the addresses of a workspace by their names, with what its token's version and signing key make."""
    return {
        webhook_name(settings.path): Webhook(api_url + settings.path, settings.headers, settings.body)
        for provider in PROVIDERS.values()
        for settings in provider.hook_settings(client_id, token_version, key)
    }


def webhook_name(path: str) -> str:
    """Names the address of a path: ``/webhooks/ghl/sms?…`` is ``ghl_sms``."""
    return path.partition("?")[0].removeprefix("/webhooks/").replace("/", "_")
