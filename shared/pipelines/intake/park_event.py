"""Raw events that wait in ingest.fifo while Postgres is away, and their way back.

A body that no message can carry waits in S3. When S3 is away as well, the message carries what of it we would read: no
body may make the webhook refuse an event while SQS works.

Nothing is judged when an event is parked but its token's signature: whether that version of the token was valid,
whether the client was there and whether the event came before is asked when it is replayed, as of when it first
arrived. Its sender has been told that we have it, so whatever the answer, it is kept.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import Engine

from shared.domain.vocabulary import ClientId
from shared.jobs.parked_bodies import ParkedBodies
from shared.jobs.publish import Publisher
from shared.observability import Metric, emit, logger
from shared.pipelines.intake.receive_event import (
    DatabaseUnavailableError,
    Delivery,
    Receipt,
    ReceiptStatus,
    receive_event,
)
from shared.providers.instantly.payloads import PayloadError, parse_event, shorter_body

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SQS_BODY_LIMIT = 1_048_576  # SQS hard limit (SendMessage), in bytes
FORMAT = 1  # of a message that carries its body
CLAIM_FORMAT = 2  # of one that names the object which is its body
MAX_BODY_BYTES = 32 * 1024 * 1024  # far above what the platform takes: a bound for decompression

# Characters of a mail that are parked when not even S3 takes all of it, tried one after the other. The first is as much
# as is ever read of a mail's text; the last fits whatever the characters are.
SHORTENED_CHARS = (250_000, 100_000, 20_000)


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """What a message of ingest.fifo holds. With ``object_key`` the delivery's body is that object's."""

    delivery: Delivery
    object_key: str | None = None


class UnreadableParkedEventError(ValueError):
    """A message of ingest.fifo that this version of the code cannot read."""


def receive_or_park(
    delivery: Delivery,
    *,
    engine: Engine,
    publisher: Publisher,
    sqs: SQSClient,
    ingest_queue_url: str,
    bodies: ParkedBodies,
    time_scale: float = 1.0,
) -> Receipt:
    """Receives a delivery, or parks it while the database is away. Never raises.

    UNAVAILABLE when SQS cannot take it either: only then does the sender have to come again.
    """
    try:
        return receive_event(delivery, engine=engine, publisher=publisher, time_scale=time_scale)
    except DatabaseUnavailableError as error:
        logger.warning("database unavailable", extra={"client_id": str(delivery.client_id), "error": str(error)})
    except Exception as error:
        emit(Metric.WEBHOOK_INTERNAL_ERROR)
        logger.error("event not received", extra={"error": type(error).__name__})
    if not _park(delivery, sqs, ingest_queue_url, bodies):
        return Receipt(ReceiptStatus.UNAVAILABLE)
    emit(Metric.EVENT_PARKED)
    return Receipt(ReceiptStatus.PARKED)


def _park(delivery: Delivery, sqs: SQSClient, queue_url: str, bodies: ParkedBodies) -> bool:
    try:
        body = encode_parked_event(delivery)
        if len(body) > SQS_BODY_LIMIT:
            body = _claim(delivery, bodies) or encode_shortened(delivery)
        sqs.send_message(
            QueueUrl=queue_url,
            MessageBody=body,
            MessageGroupId=_group_id(delivery),
            MessageDeduplicationId=delivery.delivery_key.hex(),
        )
    except (BotoCoreError, ClientError) as error:
        logger.error("event not parked", extra={"client_id": str(delivery.client_id), "error": type(error).__name__})
        return False
    except Exception as error:
        emit(Metric.WEBHOOK_INTERNAL_ERROR)
        logger.error("event not parked", extra={"client_id": str(delivery.client_id), "error": type(error).__name__})
        return False
    return True


def _group_id(delivery: Delivery) -> str:
    """One lead's events stay in order and block only each other; what names no lead is a group of its own."""
    try:
        subject = parse_event(delivery.raw_body).lead_email or delivery.delivery_key.hex()
    except PayloadError:
        subject = delivery.delivery_key.hex()
    return sha256(f"{delivery.client_id}:{subject}".encode()).hexdigest()


def encode_parked_event(delivery: Delivery) -> str:
    """The message that carries a delivery, its body compressed; it may be longer than SQS_BODY_LIMIT."""
    body = base64.b64encode(zlib.compress(delivery.raw_body, 6)).decode("ascii")
    return json.dumps({"format": FORMAT, **_envelope(delivery), "body": body})


def encode_claim(delivery: Delivery) -> str:
    """The message that stands for a delivery whose body is the object of ``object_key``."""
    return json.dumps({"format": CLAIM_FORMAT, **_envelope(delivery), "object_key": object_key(delivery)})


def encode_shortened(delivery: Delivery, limit: int = SQS_BODY_LIMIT) -> str:
    """A message of at most ``limit`` bytes that carries what we would read of a delivery, shortened as far as needed.

    The delivery key stays that of the original bytes, so a redelivery of them is still known as one.
    """
    try:
        event = parse_event(delivery.raw_body)
    except PayloadError:  # whose beginning is enough to see what it is
        return encode_parked_event(replace(delivery, raw_body=delivery.raw_body[: limit // 2]))
    for max_chars in SHORTENED_CHARS:
        encoded = encode_parked_event(replace(delivery, raw_body=shorter_body(event, max_chars)))
        if len(encoded) <= limit:
            break
    return encoded


def object_key(delivery: Delivery) -> str:
    """Where the body of a delivery is kept: the same bytes for the same client are the same object."""
    return f"{delivery.client_id}/{delivery.delivery_key.hex()}"


def _claim(delivery: Delivery, bodies: ParkedBodies) -> str | None:
    return encode_claim(delivery) if bodies.put(object_key(delivery), delivery.raw_body) else None


def _envelope(delivery: Delivery) -> dict[str, Any]:
    return {
        "client_id": str(delivery.client_id),
        "token_version": delivery.token_version,
        "received_at": delivery.received_at.isoformat(),
        "delivery_key": delivery.delivery_key.hex(),
        "trace_id": delivery.trace_id,
    }


def decode_parked_event(body: str) -> ParkedEvent:
    """What a message of ingest.fifo holds. Raises UnreadableParkedEventError."""
    try:
        parked = json.loads(body)
        raw_body, key = b"", None
        if parked["format"] == FORMAT:
            raw_body = _unpack(parked["body"])
        elif parked["format"] == CLAIM_FORMAT:
            key = str(parked["object_key"])
        else:
            raise UnreadableParkedEventError(
                f"format {parked['format']!r}, this code reads {FORMAT} and {CLAIM_FORMAT}"
            )
        version = parked["token_version"]
        received_at = datetime.fromisoformat(parked["received_at"])
        if received_at.tzinfo is None:
            raise UnreadableParkedEventError("received_at has no time zone")
        delivery = Delivery(
            client_id=ClientId(UUID(parked["client_id"])),
            raw_body=raw_body,
            received_at=received_at,
            delivery_key=bytes.fromhex(parked["delivery_key"]),
            token_version=None if version is None else int(version),
            trace_id=parked.get("trace_id"),
            acknowledged=True,
        )
        return ParkedEvent(delivery, key)
    except UnreadableParkedEventError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        # Never the message of ``error``: it may quote the event.
        raise UnreadableParkedEventError(f"malformed ({type(error).__name__})") from None


def _unpack(packed: str) -> bytes:
    unpacking = zlib.decompressobj()
    raw_body = unpacking.decompress(base64.b64decode(packed, validate=True), MAX_BODY_BYTES)
    if not unpacking.eof:
        raise UnreadableParkedEventError("the compressed body is cut off or too large")
    return raw_body
