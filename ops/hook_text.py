"""The settings of a hook as a person pastes them at a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.hooks import settings_of
from ops.output import print_facts, print_heading
from ops.wording import provider_title

if TYPE_CHECKING:
    from shared.db.clients import Client
    from shared.domain.vocabulary import Provider


def shown_hook_settings(root: str, provider: Provider, client: Client, key: str) -> list[dict[str, Any]]:
    """Returns the settings of the workspace's hooks at a provider, one for each of its routes."""
    return [
        {
            "provider": provider,
            "url": root + one.path,
            "headers": one.headers,
            "body": one.body,
        }
        for one in settings_of(provider, client, key)
    ]


def print_hook_settings(root: str, provider: Provider, client: Client, key: str) -> None:
    """Prints the same for a person."""
    for one in settings_of(provider, client, key):
        print_heading(f"The webhook at {provider_title(provider)}")
        headers = "\n".join(f"{name}: {value}" for name, value in one.headers.items())
        print_facts({"url": root + one.path, "header": headers, **one.body})
