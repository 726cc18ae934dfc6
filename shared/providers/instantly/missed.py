"""The events that Instantly's hook did not bring: received emails, and its log of deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from shared.domain.vocabulary import Source
from shared.providers.account_values import FailedDelivery, Missed
from shared.providers.instantly.emails import Email, WebhookDelivery

if TYPE_CHECKING:
    from shared.providers.instantly.client import InstantlyClient


def received_emails(client: InstantlyClient, since: datetime, *, timeout_s: float) -> Iterator[Missed]:
    """All received mail since a moment, the oldest first."""
    listed = client.list_emails(
        email_type="received", min_timestamp_created=since, sort_order="asc", deadline_s=timeout_s
    )
    for email in listed:
        body = email.as_body() if _is_reply(email) else None
        yield Missed(body, Source.API, email.timestamp_created, message_id=email.id)


def _is_reply(email: Email) -> bool:
    """Whether a received mail is a lead's: mailboxes get other mail as well, and that is nobody's business here."""
    return email.is_received and (email.lead is not None or email.campaign_id is not None)


def deliveries(client: InstantlyClient, since: datetime, *, also_delivered: bool) -> Iterator[Missed]:
    """Yields the log's deliveries since the day of a moment, newest first; failed ones never delivered later."""
    success = None if also_delivered else False
    for delivery in client.list_webhook_events(success, from_date=since.date()):
        if also_delivered or not delivery.retry_successful:
            yield Missed(
                delivery.raw_body,
                Source.HOOK,
                delivery.timestamp_created,
                url=delivery.webhook_url,
                failure=None if delivery.success else _failure(delivery),
            )


def _failure(delivery: WebhookDelivery) -> FailedDelivery:
    return FailedDelivery(delivery.status_code, delivery.error_message, delivery.will_retry)
