"""Handles a kept delivery again, byte for byte, as of when it first came."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine

from shared.db.transactions import autocommit
from shared.db.webhook_events import load_kept_delivery
from shared.domain.address_hash import HashAddress
from shared.domain.vocabulary import PERSON_ERASED, HeldReason
from shared.jobs.publish import Publisher
from shared.pipelines.intake.delivery import Delivery, Receipt, ReceiptStatus
from shared.pipelines.intake.receive_event import receive_event


def replay_event(engine: Engine, publisher: Publisher, event_id: UUID, hash_address: HashAddress) -> Receipt:
    """Runs the webhook's use case on a stored event; safe to repeat.

    A quarantined event is handled anew, whatever its token was: that a person replays it is what admits it. Any other
    is a duplicate, whose jobs are re-asserted. Raises LookupError when there is no such event, and
    DatabaseUnavailableError when the database does not answer.
    """
    with autocommit(engine) as connection:
        kept = load_kept_delivery(connection, event_id)
    if kept is None:
        raise LookupError(f"there is no event {event_id}")
    if kept.detail == HeldReason.BODY_MISSING:
        return Receipt(ReceiptStatus.QUARANTINED, reason=HeldReason.BODY_MISSING)  # there is nothing to handle
    if kept.detail == PERSON_ERASED:
        return Receipt(ReceiptStatus.IGNORED, reason=PERSON_ERASED)  # as above
    delivery = Delivery(
        kept.client_id,
        kept.raw_body,
        kept.received_at,
        kept.delivery_key,
        provider=kept.provider,
        source=kept.source,
        external_account=kept.external_account,
        acknowledged=True,
    )
    return receive_event(delivery, engine=engine, publisher=publisher, hash_address=hash_address)
