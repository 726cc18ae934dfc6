"""One event inside its transaction: what handling it needs, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from shared.db.deliveries import OpenedDelivery
from shared.db.jobs import Job
from shared.db.message_records import Recorded
from shared.db.transactions import committing
from shared.db.webhook_events import SETTLED, EventRecord, record_event
from shared.domain.events import Event
from shared.domain.reply_identity import reply_key, reply_key_without_id
from shared.domain.reply_time import effective_time
from shared.domain.vocabulary import ClientId, Direction, EventOutcome, LeadId
from shared.pipelines.intake.delivery import Delivery, Receipt, ReceiptStatus
from shared.pipelines.intake.reading import Reading
from shared.providers.message_ids import id_scope

SAME_CONTENT_WITHIN = timedelta(hours=24)
"""Events of the same content further apart than this tell of two messages. Labels may be put on at any time."""


class StartOver(Exception):  # noqa: N818 (a signal, not an error)
    """Another session recorded the same message under another lead meanwhile: handle the event with that in sight."""


@dataclass(frozen=True, slots=True)
class Handled:
    """The answer, and the jobs to publish once the transaction is committed."""

    receipt: Receipt
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that handling one event needs."""

    connection: Connection
    delivery: Delivery
    reading: Reading
    event: Event
    context: OpenedDelivery
    scoring_delay: timedelta
    commits: bool  # False: the transaction is the caller's, who rolls it back

    @property
    def client_id(self) -> ClientId:
        return self.context.client_id

    @property
    def lead_id(self) -> LeadId | None:
        """The lead that the event is about, locked."""
        return self.context.lead.id

    @property
    def known_reply(self) -> LeadId | None:
        """The lead of the reply that bears this event's id; not the event's own when a colleague has written."""
        message = self.context.message
        return message.lead_id if message is not None and message.direction == Direction.INBOUND else None

    @property
    def effective_at(self) -> datetime:
        """The time at which the message counts as written; a clock that is certainly the provider's needs no doubt."""
        header, received_at = self.event.header, self.delivery.received_at
        if header.clock_is_providers and header.occurred_at is not None:
            return min(header.occurred_at, received_at)
        return effective_time(header.occurred_at, received_at)

    def reply_key(self, message_id: str | None, thread_id: str | None) -> bytes:
        """Makes the unique key of the message that the event tells of."""
        if message_id is None:
            return reply_key_without_id(self.reading.content, self.delivery.delivery_key)
        provider = self.delivery.provider
        return reply_key(provider, self.context.account_id, id_scope(provider, thread_id), message_id)

    def record(self) -> EventRecord:
        return record_of(self.delivery, self.reading, self.context)

    def keep(self, outcome: EventOutcome, detail: str | None = None) -> bool:
        """Keeps an event without a message; False when the same delivery has had its effect meanwhile."""
        return record_event(self.connection, self.record(), outcome, detail=detail) not in SETTLED

    def quarantine(self, reason: str) -> Handled:
        return quarantine(self.connection, self.delivery, self.reading, reason, self.context)

    def for_last_statement(self) -> Connection:
        """Returns the connection for what ends the handling: it takes the COMMIT along, unless more is to be noted."""
        lead = self.context.lead
        more = lead.match.others or lead.learnt_while_told
        return committing(self.connection) if self.commits and not more else self.connection

    def of_locked_lead(self, recorded: Recorded, lead_id: LeadId) -> Recorded:
        """Raises StartOver when the message turned out to be recorded under a lead whose lock is not ours."""
        if recorded.lead_id != lead_id:
            raise StartOver
        return recorded


def record_of(delivery: Delivery, reading: Reading, context: OpenedDelivery | None = None) -> EventRecord:
    """Makes the delivery as it is kept, whether it could be read or not."""
    record = EventRecord(
        client_id=delivery.client_id if context is None else context.client_id,
        delivery_key=delivery.delivery_key,
        provider=delivery.provider,
        source=delivery.source,
        raw_body=delivery.raw_body,
        received_at=delivery.received_at,
        external_account=delivery.external_account,
    )
    if reading.problem is not None:
        return replace(record, payload=reading.problem.payload)
    if reading.header is None:
        return record
    return replace(
        record,
        event_type=reading.header.name,
        payload=reading.header.payload,
        external_account=delivery.external_account or reading.header.external_account,
        provider_account_id=context.account_id if context is not None and context.own_account else None,
        lead_id=None if context is None else context.lead.id,
        person_hash=reading.person_hash,
    )


def quarantine(
    connection: Connection, delivery: Delivery, reading: Reading, reason: str, context: OpenedDelivery | None = None
) -> Handled:
    """Keeps a delivery for a person, unless the same one has had its effect."""
    record = record_of(delivery, reading, context)
    if record_event(connection, record, EventOutcome.QUARANTINED, detail=reason) in SETTLED:
        earlier = None if context is None else context.earlier
        return Handled(Receipt(ReceiptStatus.DUPLICATE, message_id=None if earlier is None else earlier.message_id))
    return Handled(Receipt(ReceiptStatus.QUARANTINED, reason=reason))
