"""The webhook's self-check before a new version gets any traffic: can this copy take deliveries?

A version that cannot log in to Postgres parks its events, and one with a bug quarantines them: both respond 2xx. So the
check does the work itself, on a test delivery of each kind that must not fail, in a transaction that it rolls back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from shared.db.clients import create_client
from shared.db.outages import name_of
from shared.domain.address_hash import HashAddress
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, Provider
from shared.domain.webhook_token import make_token, verify_token
from shared.observability import log_failure
from shared.pipelines.intake.delivery import Delivery, ReceiptStatus
from shared.pipelines.intake.receive_event import rehearse_event

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_REPLY = {
    "event_type": "reply_received",
    "campaign_id": "release-check",
    "campaign_name": "Release check",
    "lead_email": "release-check@example.com",
    "email_account": "sender@example.com",
    "email_id": "release-check-1",
    "reply_subject": "Re: Release check",
    "reply_text": "Sounds interesting, tell me more.",
    "reply_text_snippet": "Sounds interesting, tell me more.",
}
_OPT_OUT = {
    **_REPLY,
    "email_id": "release-check-2",
    "reply_text": "Please remove me from your list and stop e-mailing me.",
    "reply_text_snippet": "Please remove me from your list and stop e-mailing me.",
}
_SENT = {
    "event_type": "email_sent",
    "campaign_id": "release-check",
    "lead_email": "release-check@example.com",
    "email_account": "sender@example.com",
    "email_id": "release-check-3",
    "email_subject": "Release check",
    "email_text": "Did you have a look?",
}
_UNSUBSCRIBED = {"event_type": "lead_unsubscribed", "lead_email": "release-check@example.com"}

REHEARSED: tuple[tuple[Mapping[str, Any], ReceiptStatus], ...] = (
    (_REPLY, ReceiptStatus.ACCEPTED),
    (_REPLY, ReceiptStatus.DUPLICATE),
    (_SENT, ReceiptStatus.ACCEPTED),
    (_OPT_OUT, ReceiptStatus.ACCEPTED),
    (_UNSUBSCRIBED, ReceiptStatus.ACCEPTED),
)
"""Deliveries of one lead in this order, and how each has to end."""


# A schema that a newer release has migrated, as after a rollback, has the revisions before it written down as well
# (shared/db/migrate.py).
_SCHEMA = text(
    """
    SELECT version_num AS revision, clock_timestamp() AS now,
           EXISTS (SELECT 1 FROM schema_revision WHERE revision = :needed) AS led_here
    FROM alembic_version
    """
)


class ReleaseCheckError(RuntimeError):
    """A part of the check that failed; the message says which, and quotes nothing."""


@dataclass(frozen=True)
class ReleaseCheck:
    """The check's dependencies, as the webhook has them; ``signing_keys`` returns the accepted keys, current first."""

    engine: Engine
    sqs: SQSClient
    queue_urls: Sequence[str]
    signing_keys: Callable[[], Sequence[str]]
    hash_address: HashAddress

    def problems(self, schema_revision: str) -> list[str]:
        """Returns the problems, a short line each; nothing when this copy can do its work.

        ``schema_revision`` is the newest that its code knows. Never raises.
        """
        parts: tuple[tuple[str, Callable[[], None]], ...] = (
            ("signing keys", self._check_signing_keys),
            ("queues", self._check_queues),
            ("database", lambda: self._check_database(schema_revision)),
        )
        return [problem for name, part in parts for problem in _attempt(name, part)]

    def _check_signing_keys(self) -> None:
        client_id, keys = ClientId(uuid7()), self.signing_keys()
        if (
            verify_token(make_token(client_id, 1, keys[0], Provider.INSTANTLY), client_id, keys, Provider.INSTANTLY)
            != 1
        ):
            raise ReleaseCheckError("a token of the current key is refused")

    def _check_queues(self) -> None:
        for url in self.queue_urls:
            self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])

    def _check_database(self, schema_revision: str) -> None:
        with self.engine.connect() as connection:
            try:
                schema = connection.execute(_SCHEMA, {"needed": schema_revision}).one()
                if not schema.led_here:
                    raise ReleaseCheckError(
                        f"the schema is at {schema.revision}, this code needs {schema_revision or 'to be told'}"
                    )
                _rehearse(connection, schema.now, self.hash_address)
            finally:
                connection.rollback()


def _rehearse(connection: Connection, now: datetime, hash_address: HashAddress) -> None:
    """Receives the test deliveries for a client that nobody but this transaction ever sees."""
    client_id = create_client(connection, "Release check").id
    for number, (payload, expected) in enumerate(REHEARSED, start=1):
        body = json.dumps(payload).encode()
        delivery = Delivery.of(client_id, body, now, provider=Provider.INSTANTLY, token_version=1)
        receipt = rehearse_event(delivery, connection, hash_address)
        if receipt.status is not expected:
            raise ReleaseCheckError(
                f"test delivery {number} ({payload['event_type']}) ended as {receipt.status.value}"
                f" ({receipt.reason or 'no reason'}), not as {expected.value}"
            )


def _attempt(name: str, part: Callable[[], None]) -> Iterator[str]:
    try:
        part()
    except ReleaseCheckError as error:
        yield f"{name}: {error}"
    except Exception as error:
        log_failure("release check failed", error, part=name)
        yield f"{name}: {name_of(error)}"
