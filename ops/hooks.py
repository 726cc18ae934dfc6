"""The hooks of an account that lead to us: how they have to be set, which are ours, and telling them their token."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from shared.db.provider_accounts import note_hook_token
from shared.domain.signing_keys import fingerprint
from shared.domain.vocabulary import Provider
from shared.providers import registry
from shared.providers.protocol import ClientFrom, HookSettings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from shared.db.clients import Client
    from shared.db.reports.accounts import AccountReport
    from shared.providers.account_values import Hook
    from shared.providers.protocol import Account

TOKEN_HEADER = "Authorization"  # noqa: S105 (its name)


def settings_of(provider: Provider, client: Client, key: str) -> Sequence[HookSettings]:
    """Returns how the workspace's hooks have to be set at a provider, one for each of its routes."""
    return registry.PROVIDERS[provider].hook_settings(client.id, client.webhook_token_version, key)


def proves_itself(provider: Provider) -> bool:
    """True when deliveries of a provider's carry something of ours that has to be exchanged with our keys."""
    return any(route.client_from is ClientFrom.QUERY for route in registry.PROVIDERS[provider].routes)


def hooks_of(opened: Account, account: AccountReport) -> list[Hook] | None:
    """Returns the account's hooks that lead to its workspace, by any address that our API has had.

    None: the provider shows no hooks, a person sets them by hand.
    """
    hooks = opened.hooks()
    return None if hooks is None else [hook for hook in hooks if leads_to(hook.url, account)]


def leads_to(url: str, account: AccountReport) -> bool:
    """True when a hook's URL is a route of the account's provider for the account's workspace."""
    try:
        parts = urlsplit(url)
        client_id = UUID(parse_qs(parts.query)["clientId"][0])
    except (ValueError, KeyError):
        return False
    routes = registry.PROVIDERS[account.ref.provider].routes
    return client_id == account.client_id and any(parts.path.endswith(route.path) for route in routes)


def carries(hook: Hook, client: Client, account: AccountReport, key: str) -> bool | None:
    """True when a hook sends the token of ``key``; None when its provider does not show the token."""
    if hook.authorization_sha256 is None:
        return None
    (wanted, *_) = settings_of(account.ref.provider, client, key)
    return hook.authorization_sha256 == sha256(wanted.headers.get(TOKEN_HEADER, "").encode()).hexdigest()


def told(client: Client, key: str) -> str:
    """Returns an account's record of the token that its hooks were given."""
    return f"v{client.webhook_token_version}:{fingerprint(key)}"


def tell_hooks(opened: Account, engine: Engine, client: Client, account: AccountReport, key: str) -> list[Hook] | None:
    """Has every hook of the account send the present token, and those send again that the provider had disabled.

    Doing it twice is harmless. None: a person has to do it by hand. Raises ProviderError; then some may have been told.
    """
    hooks = hooks_of(opened, account)
    if not hooks:
        return hooks
    (wanted, *_) = settings_of(account.ref.provider, client, key)
    updated = [opened.put_hook(hook, headers=wanted.headers) for hook in hooks]
    note_told(engine, client, account, key)
    return updated


def note_told(engine: Engine, client: Client, account: AccountReport, key: str) -> None:
    """Remembers that the account's hooks have the present token."""
    with engine.begin() as connection:
        note_hook_token(connection, account.id, told(client, key))
