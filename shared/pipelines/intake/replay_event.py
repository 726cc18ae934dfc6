"""A kept delivery judged again, byte for byte, as of when it first came."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine

from shared.db.reports.events import get_event, read_raw_body
from shared.domain.vocabulary import ClientId, HeldReason
from shared.jobs.publish import Publisher
from shared.pipelines.intake.receive_event import Delivery, Receipt, ReceiptStatus, receive_event


def replay_event(engine: Engine, publisher: Publisher, event_id: UUID) -> Receipt:
    """Runs the webhook's use case on a stored event; safe to repeat.

    A quarantined event is judged anew, whatever its token was: that a person replays it is what admits it. Any other is
    a duplicate, whose jobs are re-asserted. Raises LookupError when there is no such event and
    DatabaseUnavailableError when the database does not answer.
    """
    with engine.connect() as connection:
        event = get_event(connection, event_id)
        raw_body = read_raw_body(connection, event_id)
    if event is None or raw_body is None:
        raise LookupError(f"there is no event {event_id}")
    if event.detail == HeldReason.BODY_MISSING:
        return Receipt(ReceiptStatus.QUARANTINED, reason=HeldReason.BODY_MISSING)  # there is nothing to judge
    delivery = Delivery.of(ClientId(event.client_id), raw_body, event.received_at, acknowledged=True)
    return receive_event(delivery, engine=engine, publisher=publisher)
