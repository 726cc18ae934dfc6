"""Queries of provider_account: its health, and what its provider needs to respond to a message."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Engine, text

from shared.db.transactions import autocommit
from shared.domain.events import ReplyHandle

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


def note_account_works(engine: Engine, account_id: UUID) -> None:
    """Remembers that the provider takes the account's credential."""
    with autocommit(engine) as connection:
        connection.execute(
            text(
                "UPDATE provider_account SET broken_since = NULL, broken_reason = NULL"
                " WHERE id = :id AND broken_since IS NOT NULL"
            ),
            {"id": account_id},
        )


def reply_handle(
    stored: Mapping[str, str] | None, *, message_id: str | None, our_address: str | None, lead_email: str
) -> ReplyHandle:
    """Returns the handle that a message was stored with.

    One that an older release has stored lacks it, or a part: it is an email of the only provider that there was then.
    """
    made = {"email_id": message_id, "mailbox": our_address, "lead_email": lead_email}
    return {key: value for key, value in made.items() if value is not None} | dict(stored or {})
