"""Queries of provider_account: its health, and what its provider needs to respond to a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.db.transactions import autocommit
from shared.domain.accounts import AccountRef
from shared.domain.events import ReplyHandle
from shared.domain.vocabulary import ClientId, Provider, known

CREDENTIALS_REFUSED = "CREDENTIALS_REFUSED"


def note_account_refused(engine: Engine, account_id: UUID) -> None:
    """Remembers since when the provider refuses the account's credential, or that there is none."""
    with autocommit(engine) as connection:
        connection.execute(
            text(
                "UPDATE provider_account SET broken_since = now(), broken_reason = :reason"
                " WHERE id = :id AND broken_since IS NULL"
            ),
            {"id": account_id, "reason": CREDENTIALS_REFUSED},
        )


def note_account_taken(engine: Engine, account_id: UUID) -> None:
    """Remembers that the provider takes the account's credential."""
    with autocommit(engine) as connection:
        connection.execute(
            text(
                "UPDATE provider_account SET broken_since = NULL, broken_reason = NULL"
                " WHERE id = :id AND broken_reason = :reason"
            ),
            {"id": account_id, "reason": CREDENTIALS_REFUSED},
        )


def note_account_broken(connection: Connection, account_id: UUID, reason: str) -> None:
    """Remembers the provider's word that an account is broken; a later word replaces the reason."""
    connection.execute(
        text(
            "UPDATE provider_account SET broken_since = coalesce(broken_since, now()), broken_reason = :reason"
            " WHERE id = :id"
        ),
        {"id": account_id, "reason": reason},
    )


def note_account_works(connection: Connection, account_id: UUID) -> None:
    """Remembers that an account has no fault any more, whatever it was."""
    connection.execute(
        text(
            "UPDATE provider_account SET broken_since = NULL, broken_reason = NULL"
            " WHERE id = :id AND broken_since IS NOT NULL"
        ),
        {"id": account_id},
    )


def note_hook_token(connection: Connection, account_id: UUID, hook_token: str) -> None:
    """Remembers which token the account's hooks at the provider were told."""
    connection.execute(
        text("UPDATE provider_account SET hook_token = :hook_token WHERE id = :id"),
        {"id": account_id, "hook_token": hook_token},
    )


def account_of(message: str) -> str:
    """SQL: the account that a message came through, as ``account_ref`` reads it; ``message`` is the table's alias."""
    return f"""
    (SELECT jsonb_build_object('id', id, 'provider', provider, 'credential_ref', credential_ref,
                               'disabled', disabled_at IS NOT NULL)
     FROM provider_account WHERE id = {message}.provider_account_id)"""  # noqa: S608 (aliases of ours)


def account_ref(client_id: ClientId, account: Mapping[str, Any] | None) -> AccountRef:
    """Reads ``account_of``. A message that an older release has stored came through the only account of its client.

    Raises UnknownValueError.
    """
    if account is None:
        return AccountRef(client_id, Provider.INSTANTLY)
    return AccountRef(client_id, known(Provider, account["provider"]), UUID(account["id"]), account["credential_ref"])


def reply_handle(
    account: AccountRef,
    stored: Mapping[str, str] | None,
    *,
    message_id: str | None,
    our_address: str | None,
    lead_email: str | None,
) -> ReplyHandle:
    """Returns the handle that a message was stored with.

    What an older release has stored has none, or not all of it: it is an email of the only provider that there was.
    """
    if account.provider is not Provider.INSTANTLY:
        return stored or {}
    made = {"email_id": message_id, "mailbox": our_address, "lead_email": lead_email}
    return {**{key: value for key, value in made.items() if value is not None}, **(stored or {})}
