"""A delivery as it comes in, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.reply_identity import delivery_key, delivery_key_of_account, delivery_key_of_id
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

    ``client_id`` of None: its request proved only an account (``external_account``), whose client is to be found.
    ``token_version`` is what its token was made for; None from a caller that needs no token (an operator's replay, the
    recovery of missed deliveries). ``received_at`` is when it first reached us. ``acknowledged``: its sender was told
    then that we have it (it was parked, or is kept), so nothing may lose it any more.
    """

    client_id: ClientId | None
    raw_body: bytes
    received_at: datetime
    delivery_key: bytes
    provider: Provider
    source: Source = Source.HOOK
    token_version: int | None = None
    external_account: str | None = None
    trace_id: str | None = None
    acknowledged: bool = False

    @staticmethod
    def of(
        client_id: ClientId | None,
        raw_body: bytes,
        received_at: datetime,
        *,
        provider: Provider,
        source: Source = Source.HOOK,
        token_version: int | None = None,
        external_account: str | None = None,
        trace_id: str | None = None,
        acknowledged: bool = False,
        delivery_id: str | None = None,
    ) -> Delivery:
        """Makes a delivery with the identity that its provider has given it, else with that of its bytes.

        Raises ValueError without a client and an account.
        """
        delivery = Delivery(
            client_id,
            raw_body,
            received_at,
            b"",
            provider,
            source,
            token_version=token_version,
            external_account=external_account,
            trace_id=trace_id,
            acknowledged=acknowledged,
        )
        key = (
            delivery.key_of_bytes
            if delivery_id is None
            else delivery_key_of_id(delivery.claimant, provider, delivery_id)
        )
        return replace(delivery, delivery_key=key)

    @property
    def claimant(self) -> str:
        """The client or account that its request proved."""
        return str(self.client_id) if self.external_account is None else f"account:{self.external_account}"

    @property
    def key_of_bytes(self) -> bytes:
        """The identity that it has by its bytes alone."""
        if self.external_account is not None:
            return delivery_key_of_account(self.provider, self.external_account, self.raw_body)
        if self.client_id is None:
            raise ValueError("a delivery names its client or its account")
        return delivery_key(self.client_id, self.raw_body)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a delivery. ``reason`` is a short code; ``event_type`` only ever one that we know."""

    status: ReceiptStatus
    message_id: MessageId | None = None
    reason: str | None = None
    event_type: str | None = None


class DatabaseUnavailableError(RuntimeError):
    """The database cannot be reached or cannot work; nothing is lost if the delivery is kept elsewhere."""
