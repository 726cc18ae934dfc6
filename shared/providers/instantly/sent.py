"""Our own mail at Instantly: what was sent in answer, by hand or through the API, as a thread or a listing shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.domain.email_address import same_address
from shared.domain.events import Person
from shared.domain.text.email_text import plain_text
from shared.providers.account_values import SentMessage, Sought
from shared.providers.instantly.emails import Email, EmailType

if TYPE_CHECKING:
    from shared.providers.instantly.client import InstantlyClient


def find_sent(client: InstantlyClient, sought: Sought, *, timeout_s: float) -> Iterator[SentMessage]:
    """Returns our emails in a thread since a moment of Instantly's clock, the oldest first."""
    person = None if sought.person is None else sought.person.email
    search = f"thread:{sought.thread_id}" if sought.thread_id is not None else person
    listed = client.list_emails(
        search=search,
        eaccount=sought.our_address,
        email_type=None if search is not None else "manual",
        min_timestamp_created=sought.since,
        sort_order="asc",
        deadline_s=timeout_s,
    )
    return (_sent_message(email) for email in listed if _fits(email, sought))


def _fits(email: Email, sought: Sought) -> bool:
    mailbox = sought.our_address
    return (
        email.ue_type == EmailType.MANUAL
        and (sought.thread_id is None or email.thread_id == sought.thread_id)
        and (email.timestamp_created is None or email.timestamp_created >= sought.since)
        and (mailbox is None or email.eaccount is None or same_address(email.eaccount, mailbox))
    )


def _sent_message(email: Email) -> SentMessage:
    return SentMessage(
        message_id=email.id,
        thread_id=email.thread_id,
        our_address=email.eaccount,
        subject=email.subject,
        text=plain_text(email.text, email.html).strip(),
        sent_at=email.timestamp_created,
        campaign_id=email.campaign_id,
        person=Person.of_emails(*(address for address in (email.lead, *email.to) if address is not None)),
    )
