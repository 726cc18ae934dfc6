"""Raw events that wait in ingest.fifo while Postgres is away, and their way back.

A body that no message can carry waits in S3. When S3 is away as well, the message carries what of it we would read: no
body may make the webhook refuse an event while SQS works.

Nothing is checked when an event is parked but its token's or its provider's signature: whether that version of the
token was valid, whether the client or the account was there and whether the event came before is asked when it is
replayed, as of when it first arrived. Its sender has been told that we have it, so whatever the answer, it is kept.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError

from shared.db.time_budget import UNLIMITED, TimeBudget
from shared.domain.events import Person
from shared.domain.identity import person_key
from shared.domain.vocabulary import ClientId, Provider, Source, known
from shared.jobs.parked_bodies import ParkedBodies
from shared.observability import Metric, emit, logger
from shared.pipelines.dependencies import Intake
from shared.pipelines.intake.delivery import DatabaseUnavailableError, Delivery, Receipt, ReceiptStatus
from shared.pipelines.intake.receive_event import receive_event
from shared.providers.protocol import Unreadable
from shared.providers.registry import PROVIDERS

SQS_BODY_LIMIT = 1_048_576  # SQS hard limit (SendMessage), in bytes
FORMAT = 3
OLDER_FORMATS = (1, 2)  # of the release before, which knew one provider: with its body, and with the object that is it
MAX_BODY_BYTES = 32 * 1024 * 1024  # far above what the platform takes: a bound for decompression

# Characters of a mail that are parked when not even S3 takes all of it, tried one after the other. The first is as much
# as is ever read of a mail's text; the last fits whatever the characters are.
SHORTENED_CHARS = (250_000, 100_000, 20_000)


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """The content of an ingest.fifo message. With ``object_key`` the delivery's body is that object's."""

    delivery: Delivery
    object_key: str | None = None


class UnreadableParkedEventError(ValueError):
    """A message of ingest.fifo that this version of the code cannot read."""


def receive_or_park(delivery: Delivery, intake: Intake, budget: TimeBudget = UNLIMITED) -> Receipt:
    """Receives a delivery, or parks it while the database is away. Never raises.

    UNAVAILABLE when SQS cannot take it either: only then does the sender have to come again.
    """
    try:
        return receive_event(
            delivery,
            engine=intake.engine,
            publisher=intake.publisher,
            hash_address=intake.hash_address,
            time_scale=intake.time_scale,
            budget=budget,
        )
    except DatabaseUnavailableError as error:
        logger.warning("database unavailable", extra={"client_id": delivery.claimant, "error": str(error)})
    except Exception as error:
        emit(Metric.WEBHOOK_INTERNAL_ERROR)
        logger.error("event not received", extra={"error": type(error).__name__})
    if not _park(delivery, intake):
        return Receipt(ReceiptStatus.UNAVAILABLE)
    emit(Metric.EVENT_PARKED)
    return Receipt(ReceiptStatus.PARKED)


def _park(delivery: Delivery, intake: Intake) -> bool:
    try:
        body = encode_parked_event(delivery)
        if len(body) > SQS_BODY_LIMIT:
            body = _store(delivery, intake.bodies) or encode_shortened(delivery)
        intake.sqs.send_message(
            QueueUrl=intake.queue_url,
            MessageBody=body,
            MessageGroupId=_group_id(delivery),
            MessageDeduplicationId=delivery.delivery_key.hex(),
        )
    except (BotoCoreError, ClientError) as error:
        logger.error("event not parked", extra={"client_id": delivery.claimant, "error": type(error).__name__})
        return False
    except Exception as error:
        emit(Metric.WEBHOOK_INTERNAL_ERROR)
        logger.error("event not parked", extra={"client_id": delivery.claimant, "error": type(error).__name__})
        return False
    return True


def _group_id(delivery: Delivery) -> str:
    """Groups one person's events, which stay in order and block only each other; what names nobody is alone."""
    try:
        person = PROVIDERS[delivery.provider].read_event(delivery.raw_body, delivery.source).header.person
    except Unreadable:
        person = Person()
    subject = person_key(person) or delivery.delivery_key.hex()
    return sha256(f"{delivery.claimant}:{subject}".encode()).hexdigest()


def encode_parked_event(delivery: Delivery) -> str:
    """Makes the message that carries a delivery, its body compressed; it may be longer than SQS_BODY_LIMIT."""
    body = base64.b64encode(zlib.compress(delivery.raw_body, 6)).decode("ascii")
    return json.dumps({**_envelope(delivery), "body": body})


def encode_claim_check(delivery: Delivery) -> str:
    """Makes the message that stands for a delivery whose body is the object of ``object_key``."""
    return json.dumps({**_envelope(delivery), "object_key": object_key(delivery)})


def encode_shortened(delivery: Delivery, limit: int = SQS_BODY_LIMIT) -> str:
    """Makes a message of at most ``limit`` bytes with what we would read of a delivery, shortened as far as needed.

    The delivery key stays that of the original bytes, so a redelivery of them is still known as one.
    """
    for max_chars in SHORTENED_CHARS:
        shorter = PROVIDERS[delivery.provider].shorten(delivery.raw_body, max_chars)
        if shorter is None:  # its beginning is enough to see what it is
            shorter = delivery.raw_body[: limit // 2]
        encoded = encode_parked_event(replace(delivery, raw_body=shorter))
        if len(encoded) <= limit:
            break
    return encoded


def object_key(delivery: Delivery) -> str:
    """Names where the body of a delivery is kept: the same bytes for the same client or account are the same object."""
    folder = "accounts" if delivery.client_id is None else delivery.client_id
    return f"{folder}/{delivery.key_of_bytes.hex()}"


def _store(delivery: Delivery, bodies: ParkedBodies) -> str | None:
    return encode_claim_check(delivery) if bodies.put(object_key(delivery), delivery.raw_body) else None


def _envelope(delivery: Delivery) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "provider": delivery.provider.value,
        "source": delivery.source.value,
        "claim": {
            "client_id": None if delivery.client_id is None else str(delivery.client_id),
            "token_version": delivery.token_version,
            "external_account": delivery.external_account,
        },
        "received_at": delivery.received_at.isoformat(),
        "delivery_key": delivery.delivery_key.hex(),
        "trace_id": delivery.trace_id,
    }


def decode_parked_event(body: str) -> ParkedEvent:
    """Reads a message of ingest.fifo. Raises UnreadableParkedEventError."""
    try:
        return _decoded(json.loads(body))
    except UnreadableParkedEventError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        # Never the message of ``error``: it may quote the event.
        raise UnreadableParkedEventError(f"malformed ({type(error).__name__})") from None


def _decoded(parked: Any) -> ParkedEvent:
    if parked["format"] in OLDER_FORMATS:
        parked = {**parked, "claim": parked, "provider": Provider.INSTANTLY, "source": Source.HOOK}
    elif parked["format"] != FORMAT:
        raise UnreadableParkedEventError(f"format {parked['format']!r}, this code reads up to {FORMAT}")
    raw_body, key = b"", None
    if "object_key" in parked:
        key = str(parked["object_key"])
    else:
        raw_body = _unpack(parked["body"])
    claim = parked["claim"]
    client_id, account, version = claim["client_id"], claim.get("external_account"), claim["token_version"]
    if client_id is None and account is None:
        raise UnreadableParkedEventError("its claim names neither a client nor an account")
    received_at = datetime.fromisoformat(parked["received_at"])
    if received_at.tzinfo is None:
        raise UnreadableParkedEventError("received_at has no time zone")
    delivery = Delivery(
        client_id=None if client_id is None else ClientId(UUID(client_id)),
        raw_body=raw_body,
        received_at=received_at,
        delivery_key=bytes.fromhex(parked["delivery_key"]),
        provider=known(Provider, parked["provider"]),
        source=known(Source, parked["source"]),
        token_version=None if version is None else int(version),
        external_account=None if account is None else str(account),
        trace_id=parked.get("trace_id"),
        acknowledged=True,
    )
    return ParkedEvent(delivery, key)


def _unpack(packed: str) -> bytes:
    unpacking = zlib.decompressobj()
    raw_body = unpacking.decompress(base64.b64decode(packed, validate=True), MAX_BODY_BYTES)
    if not unpacking.eof:
        raise UnreadableParkedEventError("the compressed body is cut off or too large")
    return raw_body
