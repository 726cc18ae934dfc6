"""Proves whose delivery a request is, for providers that sign nothing: a client in the query, and our token for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from shared.domain.vocabulary import ClientId, Provider
from shared.domain.webhook_token import verify_token
from shared.providers.protocol import Claim, WebhookRequest

# UUID() also takes braces, URNs, signs and hyphens anywhere.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def named_client(query: Mapping[str, str]) -> ClientId | None:
    """Reads the client that the query names. A parameter that was sent twice arrives joined by a comma."""
    named = {part.strip().lower() for part in query.get("clientId", "").split(",")}
    text = named.pop() if len(named) == 1 else ""
    return ClientId(UUID(text)) if _UUID.fullmatch(text) else None


def bearer_token(headers: Mapping[str, str]) -> str | None:
    """Reads the token of an Authorization header."""
    match headers.get("authorization", "").split():
        case [scheme, token] if scheme.lower() == "bearer":
            return token
    return None


def claim_by_token(
    request: WebhookRequest, tokens: Iterable[str | None], keys: Sequence[str], provider: Provider
) -> Claim | None:
    """Makes the claim of the client that the query names, if one of the tokens is ours for it; the newest counts."""
    client_id = named_client(request.query)
    if client_id is None:
        return None
    versions = [verify_token(token, client_id, keys, provider) for token in tokens if token is not None]
    version = max((version for version in versions if version is not None), default=None)
    return None if version is None else Claim(client_id=client_id, token_version=version)
