"""Raw events that wait in ingest.fifo while Postgres is away, and their way back.

Nothing is judged when an event is parked but its token's signature: whether that version of the token was valid,
whether the client was there and whether the event came before is asked when it is replayed, as of when it first
arrived. Its sender has been told that we have it, so whatever the answer, it is kept.
"""

from __future__ import annotations

import base64
import json
import zlib
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from sqlalchemy import Engine

from shared.domain.vocabulary import ClientId
from shared.jobs.publish import Publisher
from shared.observability import Metric, emit, logger
from shared.pipelines.receive_event import (
    DatabaseUnavailableError,
    Delivery,
    Receipt,
    ReceiptStatus,
    receive_event,
)
from shared.providers.instantly.json_fields import read_body
from shared.providers.instantly.payloads import PayloadError, parse_event

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SQS_BODY_LIMIT = 1_048_576  # SQS hard limit (SendMessage), in bytes
FORMAT = 1
MAX_BODY_BYTES = 32 * 1024 * 1024  # far above what the platform takes: a bound for decompression

_HTML_AND_ITS_TEXT = (("reply_html", "reply_text"), ("email_html", "email_text"))


class UnreadableParkedEventError(ValueError):
    """A message of ingest.fifo that this version of the code cannot read."""


def receive_or_park(
    delivery: Delivery,
    *,
    engine: Engine,
    publisher: Publisher,
    sqs: SQSClient,
    ingest_queue_url: str,
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
    if not _park(delivery, sqs, ingest_queue_url):
        return Receipt(ReceiptStatus.UNAVAILABLE)
    emit(Metric.EVENT_PARKED)
    return Receipt(ReceiptStatus.PARKED)


def _park(delivery: Delivery, sqs: SQSClient, queue_url: str) -> bool:
    try:
        body = encode_parked_event(delivery)
        if body is None:
            logger.error("event too large to park", extra={"client_id": str(delivery.client_id)})
            return False
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


def encode_parked_event(delivery: Delivery, limit: int = SQS_BODY_LIMIT) -> str | None:
    """The message that carries a delivery through ingest.fifo, or None when it does not fit into ``limit`` bytes.

    The body is compressed; when that is not enough, HTML that stands beside text is left out. The delivery key stays
    that of the original bytes, so a redelivery of them is still known as one.
    """
    encoded = _encode(delivery, delivery.raw_body)
    if len(encoded) <= limit:
        return encoded
    lighter = _without_html(delivery.raw_body)
    if lighter is None:
        return None
    encoded = _encode(delivery, lighter)
    return encoded if len(encoded) <= limit else None


def _encode(delivery: Delivery, raw_body: bytes) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "client_id": str(delivery.client_id),
            "token_version": delivery.token_version,
            "received_at": delivery.received_at.isoformat(),
            "delivery_key": delivery.delivery_key.hex(),
            "trace_id": delivery.trace_id,
            "body": base64.b64encode(zlib.compress(raw_body, 6)).decode("ascii"),
        }
    )


def _without_html(raw_body: bytes) -> bytes | None:
    """The same event without the HTML of mails that have text as well; None when there is nothing to leave out."""
    try:
        payload: dict[str, Any] = parse_event(raw_body).payload
    except PayloadError:
        return None
    dropped = [html for html, text in _HTML_AND_ITS_TEXT if html in payload and read_body(payload, text) is not None]
    if not dropped:
        return None
    return json.dumps({key: value for key, value in payload.items() if key not in dropped}).encode()


def decode_parked_event(body: str) -> Delivery:
    """The delivery in a message of ingest.fifo. Raises UnreadableParkedEventError."""
    try:
        parked = json.loads(body)
        if parked["format"] != FORMAT:
            raise UnreadableParkedEventError(f"format {parked['format']!r}, this code reads {FORMAT}")
        unpacking = zlib.decompressobj()
        raw_body = unpacking.decompress(base64.b64decode(parked["body"], validate=True), MAX_BODY_BYTES)
        if not unpacking.eof:
            raise UnreadableParkedEventError("the compressed body is cut off or too large")
        version = parked["token_version"]
        received_at = datetime.fromisoformat(parked["received_at"])
        if received_at.tzinfo is None:
            raise UnreadableParkedEventError("received_at has no time zone")
        return Delivery(
            client_id=ClientId(UUID(parked["client_id"])),
            raw_body=raw_body,
            received_at=received_at,
            delivery_key=bytes.fromhex(parked["delivery_key"]),
            token_version=None if version is None else int(version),
            trace_id=parked.get("trace_id"),
            acknowledged=True,
        )
    except UnreadableParkedEventError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        # Never the message of ``error``: it may quote the event.
        raise UnreadableParkedEventError(f"malformed ({type(error).__name__})") from None
