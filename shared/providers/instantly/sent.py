"""Our own mail at Instantly: what was sent in answer, by hand or through the API, as a thread or a listing shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.email_address import same_address
from shared.providers.instantly.emails import Email, EmailType

if TYPE_CHECKING:
    from shared.providers.instantly.client import InstantlyClient


def find_sent(
    instantly: InstantlyClient,
    *,
    thread_id: str | None,
    lead_email: str | None = None,
    mailbox: str | None = None,
    since: datetime,
    deadline_s: float,
) -> list[Email]:
    """The mails of ours in a thread since a moment of Instantly's clock, the oldest first.

    Without a thread those with the lead as Instantly names them. A sequence's steps are no answers. Raises what
    ``list_emails`` raises.
    """
    search = f"thread:{thread_id}" if thread_id is not None else lead_email
    if search is None:
        return []
    listed = instantly.list_emails(search=search, eaccount=mailbox, min_timestamp_created=since, deadline_s=deadline_s)
    return [
        email
        for email in listed
        if email.ue_type == EmailType.MANUAL
        and (thread_id is None or email.thread_id == thread_id)
        and (email.timestamp_created is None or email.timestamp_created >= since)
        and (mailbox is None or email.eaccount is None or same_address(email.eaccount, mailbox))
    ]


def list_sent(instantly: InstantlyClient, *, since: datetime, deadline_s: float) -> Iterator[Email]:
    """All mails of ours since a moment of Instantly's clock, the oldest first, but for the steps of sequences."""
    listed = instantly.list_emails(
        email_type="manual", min_timestamp_created=since, sort_order="asc", deadline_s=deadline_s
    )
    return (email for email in listed if email.ue_type == EmailType.MANUAL)
