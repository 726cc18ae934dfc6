"""The place within which a message's id at a provider is unique: its account, or its thread."""

from __future__ import annotations

from shared.domain.accounts import AccountRef
from shared.domain.reply_identity import reply_key
from shared.domain.vocabulary import Provider
from shared.providers.registry import PROVIDERS


def id_scope(provider: Provider, thread_id: str | None) -> str | None:
    """Returns the thread that a message's id belongs to; None where ids are the whole account's."""
    return (thread_id or "") if PROVIDERS[provider].ids_are_per_thread else None


def message_key(account: AccountRef, thread_id: str | None, message_id: str) -> bytes:
    """Returns the unique key of a message of an account's."""
    return reply_key(account.provider, account.id, id_scope(account.provider, thread_id), message_id)
