"""Which account of a client's a message came through, and what its provider needs to respond to it."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.events import ReplyHandle


def reply_handle(
    stored: Mapping[str, str] | None, *, message_id: str | None, our_address: str | None, lead_email: str
) -> ReplyHandle:
    """The handle that a message was stored with.

    One that an older release has stored has none: it is an email of the only provider that there was then.
    """
    made = {"email_id": message_id, "mailbox": our_address, "lead_email": lead_email}
    return stored or {key: value for key, value in made.items() if value is not None}
