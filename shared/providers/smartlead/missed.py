"""The events that SmartLead's hook did not bring.

Replies are read from the inbox, by the time of each lead's newest one. Deliveries that failed are not shown by anybody:
SmartLead is asked to post them again, and they come in by the hook like any other.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shared.domain.text.reply_subject import is_reply_subject
from shared.domain.vocabulary import Source
from shared.providers.account_values import Missed
from shared.providers.errors import Refused
from shared.providers.smartlead.client import INBOX_PAGE
from shared.providers.smartlead.emails import InboxRow, UntrackedEmail

if TYPE_CHECKING:
    from shared.providers.smartlead.client import SmartLeadClient

PAGES_AT_ONCE = 5  # of the inbox, which lists the newest first: as many are held to be given oldest first
SHORTEST_SPAN = timedelta(seconds=1)
CLOCKS_DIFFER = timedelta(hours=1)
# A lead that writes again moves to its newest reply's time, and takes along the older one that was not read yet.
OLDER_REPLIES = timedelta(days=1)
UNTRACKED_PAGES = 5

CAMPAIGNS_AT_ONCE = 10  # asked about failed deliveries in one run; the others have their turn in the next ones
TURN_S = 600.0
AT_WORK = frozenset({"ACTIVE", "PAUSED", "COMPLETED", "STOPPED"})


def received_replies(client: SmartLeadClient, since: datetime, *, timeout_s: float) -> Iterator[Missed]:
    """Yields the replies since a moment, the oldest first. Some may be older, and given before."""
    deadline = time.monotonic() + timeout_s

    def left_s() -> float:
        return max(0.1, deadline - time.monotonic())

    untracked = _untracked(client, since, left_s)
    yield from heapq.merge(_tracked(client, since, left_s), untracked, key=lambda missed: missed.at or since)


def _tracked(client: SmartLeadClient, since: datetime, left_s: Callable[[], float]) -> Iterator[Missed]:
    """The replies to campaigns, span by span: one that holds too many is halved, the next is twice as long."""
    begin, end = since, datetime.now(UTC) + CLOCKS_DIFFER
    span, seen = end - begin, set[str | None]()
    while begin < end:
        until = min(begin + span, end)
        rows = _rows(client, begin, until, left_s)
        if rows is None:
            span /= 2
            continue
        found = (missed for row in rows for missed in _replies_in(row, since - OLDER_REPLIES))
        for missed in sorted(found, key=lambda missed: missed.at or begin):
            if missed.message_id is None or missed.message_id not in seen:
                seen.add(missed.message_id)
                yield missed
        begin, span = until, 2 * span


def _rows(
    client: SmartLeadClient, since: datetime, until: datetime, left_s: Callable[[], float]
) -> list[InboxRow] | None:
    """All leads whose newest reply is of that time; None when there are more than can be held."""
    rows: list[InboxRow] = []
    while True:
        page = client.inbox(since=since, until=until, offset=len(rows), timeout_s=left_s())
        rows += page
        if len(page) < INBOX_PAGE:
            return rows
        if len(rows) >= PAGES_AT_ONCE * INBOX_PAGE and until - since > SHORTEST_SPAN:
            return None


def _replies_in(row: InboxRow, since: datetime) -> Iterator[Missed]:
    conversation = row.conversation
    for email in () if conversation is None else conversation.emails:
        at = email.at or row.replied_at
        if conversation is not None and email.is_reply and (at is None or at >= since):
            yield Missed(conversation.as_delivery(email), Source.API, at, message_id=email.message_id)


def _untracked(client: SmartLeadClient, since: datetime, left_s: Callable[[], float]) -> list[Missed]:
    """What came to our mailboxes for no campaign, as far as it looks like a reply: the rest is nobody's business."""
    emails: list[UntrackedEmail] = []
    for page in range(UNTRACKED_PAGES):
        try:
            listed = client.untracked_replies(offset=page * INBOX_PAGE, timeout_s=left_s())
        except Refused as error:
            if error.is_credential:
                raise
            break  # the plan does not have it
        recent = [email for email in listed if email.at is None or email.at >= since]
        emails += recent
        if len(listed) < INBOX_PAGE or not recent:
            break
    return [
        Missed(
            email.as_delivery() if email.sender is not None and is_reply_subject(email.subject) else None,
            Source.API,
            email.at,
            message_id=email.message_id,
        )
        for email in sorted(emails, key=lambda email: email.at or since)
    ]


def deliver_again(client: SmartLeadClient, since: datetime, *, timeout_s: float) -> Iterator[Missed]:
    """Has SmartLead post again what failed since that day, for some campaigns each time; yields nothing.

    A repetition is harmless: a delivery that has had its effect has none the second time.
    """
    deadline, until = time.monotonic() + timeout_s, datetime.now(UTC)
    since = since.replace(hour=0, minute=0, second=0, microsecond=0)
    campaigns = sorted(id for id, status in client.campaigns(timeout_s=timeout_s) if status in AT_WORK)
    turns = -(-len(campaigns) // CAMPAIGNS_AT_ONCE) or 1
    for campaign_id in campaigns[int(until.timestamp() // TURN_S) % turns :: turns]:
        left_s = max(0.1, deadline - time.monotonic())
        try:
            if client.failed_deliveries(campaign_id, since, until, timeout_s=left_s):
                client.deliver_again(campaign_id, since, until, timeout_s=left_s)
        except Refused as error:
            if error.is_credential:
                raise
            break  # not every account has it
    yield from ()
