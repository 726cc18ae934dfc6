"""Our own mail at SmartLead: what was sent in answer, by hand or through the API, as the message history shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.email_address import same_address
from shared.domain.events import Person
from shared.providers.account_values import SentMessage, Sought
from shared.providers.smartlead.client import INBOX_PAGE, SortBy
from shared.providers.smartlead.emails import Conversation, ShownEmail
from shared.providers.smartlead.handle import ids_of, thread_of
from shared.providers.smartlead.leads import find_lead

if TYPE_CHECKING:
    from shared.providers.smartlead.client import SmartLeadClient


def find_sent(client: SmartLeadClient, sought: Sought, *, timeout_s: float) -> Iterable[SentMessage]:
    """Returns our emails since a moment, the oldest first: in one thread, to one person, or to all who have replied."""
    deadline = time.monotonic() + timeout_s
    found = [
        _sent_message(conversation, email)
        for conversation in _conversations(client, sought, lambda: max(0.1, deadline - time.monotonic()))
        for email in conversation.emails
        if _fits(email, sought) and email.message_id is not None
    ]
    return sorted(found, key=lambda message: message.sent_at or sought.since)


def _conversations(client: SmartLeadClient, sought: Sought, left_s: Callable[[], float]) -> Iterator[Conversation]:
    if sought.thread_id is not None:
        ids = ids_of(sought.thread_id)
        if ids is not None:
            yield client.message_history(*ids, since=sought.since, timeout_s=left_s())
    elif sought.person is not None:
        lead = None if sought.person.email is None else find_lead(client, sought.person.email, left_s)
        if lead is not None:
            for campaign_id in lead.campaign_ids:
                yield client.message_history(campaign_id, lead.id, since=sought.since, timeout_s=left_s())
    else:
        yield from _sent_since(client, sought.since, left_s)


def _sent_since(client: SmartLeadClient, since: datetime, left_s: Callable[[], float]) -> Iterator[Conversation]:
    """The conversations in which we have written since a moment. The inbox knows who has replied, and no others."""
    offset = 0
    while True:
        rows = client.inbox(sort_by=SortBy.NEWEST_SENT, offset=offset, timeout_s=left_s())
        recent = [row for row in rows if row.sent_at is None or row.sent_at >= since]
        yield from (row.conversation for row in recent if row.conversation is not None)
        if len(rows) < INBOX_PAGE or not any(row.sent_at is not None for row in recent):
            return
        offset += len(rows)


def _fits(email: ShownEmail, sought: Sought) -> bool:
    mailbox = sought.our_address
    return (
        email.is_sent
        and email.step is None
        and (email.at is None or email.at >= sought.since)
        and (mailbox is None or email.sender is None or same_address(email.sender, mailbox))
    )


def _sent_message(conversation: Conversation, email: ShownEmail) -> SentMessage:
    addresses = (conversation.lead_email, email.recipient)
    return SentMessage(
        message_id=email.message_id or "",
        thread_id=thread_of(conversation.campaign_id, conversation.lead_id),
        our_address=email.sender or conversation.mailbox,
        subject=email.subject,
        text=email.plain,
        sent_at=email.at,
        campaign_id=conversation.campaign_id,
        person=Person.of_emails(*dict.fromkeys(address for address in addresses if address is not None)),
    )
