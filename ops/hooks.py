"""A workspace's hooks at Instantly: which are ours, and telling them the token that they have to send."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from shared.db.clients import Client, note_hook_token
from shared.domain.signing_keys import fingerprint
from shared.domain.webhook_token import make_token

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from shared.providers.account_values import Hook
    from shared.providers.protocol import Account


def hooks_of(account: Account, client_id: UUID) -> list[Hook]:
    """Returns the workspace's hooks that lead to us, by any address that our API has had."""
    return [hook for hook in account.hooks() or () if client_of(hook.url) == client_id]


def client_of(url: str) -> UUID | None:
    """Returns the workspace that a hook's URL is for."""
    try:
        parts = urlsplit(url)
        return UUID(parse_qs(parts.query)["clientId"][0]) if parts.path.endswith("/webhooks/instantly") else None
    except (ValueError, KeyError):
        return None


def authorization(client: Client, key: str) -> str:
    """Returns the header's value that this workspace's hooks have to send."""
    return f"Bearer {make_token(client.id, client.webhook_token_version, key)}"


def carries(hook: Hook, client: Client, key: str) -> bool | None:
    """True when a hook sends the token of ``key``; None when Instantly does not show the token."""
    if hook.authorization_sha256 is None:
        return None
    return hook.authorization_sha256 == sha256(authorization(client, key).encode()).hexdigest()


def told(client: Client, key: str) -> str:
    """Returns the workspace's record of the token that its hooks were given."""
    return f"v{client.webhook_token_version}:{fingerprint(key)}"


def tell_hooks(account: Account, engine: Engine, client: Client, key: str) -> list[Hook]:
    """Has every hook of the workspace send the present token, and those send again that Instantly had disabled.

    Doing it twice is harmless. Raises ProviderError; then some may have been told.
    """
    headers = {"Authorization": authorization(client, key)}
    updated = [account.put_hook(hook, headers=headers) for hook in hooks_of(account, client.id)]
    if updated:
        with engine.begin() as connection:
            note_hook_token(connection, client.id, told(client, key))
    return updated
