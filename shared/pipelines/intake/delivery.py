"""A delivery as it comes in, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.reply_identity import delivery_key, delivery_key_of_id
from shared.domain.vocabulary import ClientId, MessageId, Provider, Source


class ReceiptStatus(StrEnum):
    """The end of a delivery; the webhook answers with it."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"
    REJECTED = "rejected"  # unknown or disabled client, or a revoked token; not acknowledged: nothing was stored
    PARKED = "parked"  # the database is away: the raw event waits in ingest.fifo
    UNAVAILABLE = "unavailable"  # and SQS could not take it either


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw body for a client, without the provider's secrets, and in whose words it is.

    ``token_version`` is what its token was made for; None from a caller that needs no token (an operator's replay,
    the recovery of missed deliveries). ``received_at`` is when it first reached us. ``acknowledged``: its sender was
    told then that we have it (it was parked, or is kept), so nothing may lose it any more.
    """

    client_id: ClientId
    raw_body: bytes
    received_at: datetime
    delivery_key: bytes
    provider: Provider
    source: Source = Source.HOOK
    token_version: int | None = None
    trace_id: str | None = None
    acknowledged: bool = False

    @staticmethod
    def of(
        client_id: ClientId,
        raw_body: bytes,
        received_at: datetime,
        *,
        provider: Provider,
        source: Source = Source.HOOK,
        token_version: int | None = None,
        trace_id: str | None = None,
        acknowledged: bool = False,
        delivery_id: str | None = None,
    ) -> Delivery:
        """Makes a delivery with the identity that its provider has given it, else with that of its bytes."""
        key = (
            delivery_key(client_id, raw_body)
            if delivery_id is None
            else delivery_key_of_id(client_id, provider, delivery_id)
        )
        return Delivery(
            client_id,
            raw_body,
            received_at,
            key,
            provider,
            source,
            token_version=token_version,
            trace_id=trace_id,
            acknowledged=acknowledged,
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a delivery. ``reason`` is a short code; ``event_type`` only ever one that we know."""

    status: ReceiptStatus
    message_id: MessageId | None = None
    reason: str | None = None
    event_type: str | None = None


class DatabaseUnavailableError(RuntimeError):
    """The database cannot be reached or cannot work; nothing is lost if the delivery is kept elsewhere."""
