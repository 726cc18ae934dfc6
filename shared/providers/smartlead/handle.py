"""The handle of an email at SmartLead, by which it is responded to in place, and the thread that it belongs to.

All mail between a lead and us in one campaign is one thread there: its message history is asked for by both ids. The
``stats_id`` is no thread: each step of a sequence has another.
"""

from __future__ import annotations

from datetime import datetime

from shared.domain.events import ReplyHandle


def thread_of(campaign_id: str | None, lead_id: str | None) -> str | None:
    """Returns the thread's name of ours; None where either id is unknown."""
    return f"{campaign_id}:{lead_id}" if campaign_id and lead_id else None


def ids_of(thread_id: str) -> tuple[str, str] | None:
    """Returns campaign and lead of a thread; None where the name is none of ours."""
    campaign_id, _, lead_id = thread_id.partition(":")
    return (campaign_id, lead_id) if are_ids(campaign_id, lead_id) else None


def are_ids(*values: str | None) -> bool:
    """Tells whether all of these can be ids of campaigns and leads, which are numbers."""
    return all(value is not None and value.isascii() and value.isdigit() for value in values)


def reply_handle(
    *,
    campaign_id: str | None,
    stats_id: str | None,
    lead_id: str | None,
    lead_email: str | None,
    to_email: str | None,
    message_id: str | None,
    replied_at: datetime | None,
    mailbox: str | None,
) -> ReplyHandle:
    """Makes the handle of a lead's email, as far as it is known.

    ``stats_id``: the sending that it responds to. ``to_email``: who wrote it, to whom the response goes.
    ``message_id``: of RFC 5322. ``mailbox``: ours.
    """
    handle = {
        "campaign_id": campaign_id,
        "stats_id": stats_id,
        "lead_id": lead_id,
        "lead_email": lead_email,
        "to_email": to_email,
        "message_id": message_id,
        "replied_at": replied_at.isoformat() if replied_at else None,
        "mailbox": mailbox,
    }
    return {key: value for key, value in handle.items() if value is not None}
