"""Replays what waits in ingest.fifo, for as long as an outage of the database lasts."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.jobs.parked_bodies import ParkedBodyUnavailableError
from shared.jobs.retry_policy import backoff_s, visibility_s
from shared.observability import Metric, emit, logger
from shared.pipelines.dependencies import Intake
from shared.pipelines.intake.delivery import DatabaseUnavailableError, Receipt, ReceiptStatus
from shared.pipelines.intake.park_event import ParkedEvent, UnreadableParkedEventError, decode_parked_event, object_key
from shared.pipelines.intake.receive_event import keep_without_body, receive_event

MAX_DELAY_S = 900.0
"""The longest pause between two tries. The queue has no dead-letter queue: a day-long outage costs a hundred receives,
and when it is over the last event is back within this time."""

_DOUBLINGS = 10  # of the backoff; later receives wait as long as the tenth


@dataclass(frozen=True)
class ParkedEventReplay:
    """Puts parked events through the webhook's use case; what fails stays in the queue and comes back later."""

    intake: Intake

    def handle(self, event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Works off an SQS event and returns a partial batch response; after a failure nothing later may run (FIFO)."""
        records: Sequence[Mapping[str, Any]] = event["Records"]
        for position, record in enumerate(records):
            if not self._replay(record):
                return {"batchItemFailures": [{"itemIdentifier": item["messageId"]} for item in records[position:]]}
        return {"batchItemFailures": []}

    def _replay(self, record: Mapping[str, Any]) -> bool:
        """True when SQS may delete the message."""
        started = time.monotonic()
        keys = {"sqs_message_id": record["messageId"]}
        try:
            parked = decode_parked_event(record["body"])
            receipt = self._receive(parked)
        except DatabaseUnavailableError as error:
            logger.warning("database unavailable", extra={"error": str(error), **keys})
        except UnreadableParkedEventError as error:
            # Kept, not dropped: newer code may have parked it in a format that it reads itself.
            logger.error("parked event not readable", extra={"error": str(error), **keys})
        except ParkedBodyUnavailableError as error:
            logger.error("parked body not read", extra={"error": str(error), **keys})
        else:
            if parked.object_key is not None:
                self.intake.bodies.delete(parked.object_key)
            if receipt.status is ReceiptStatus.QUARANTINED:
                emit(Metric.PARKED_EVENT_QUARANTINED)
            logger.info(
                "parked event replayed",
                extra={
                    "client_id": parked.delivery.claimant,
                    "status": receipt.status.value,
                    "reason": receipt.reason,
                    "message_id": receipt.message_id and str(receipt.message_id),
                    **keys,
                },
            )
            return True
        self._hide(record, elapsed_s=time.monotonic() - started)
        return False

    def _receive(self, parked: ParkedEvent) -> Receipt:
        delivery = parked.delivery
        if parked.object_key is not None:
            body = self.intake.bodies.get(parked.object_key)
            if body is None or object_key(replace(delivery, raw_body=body)) != parked.object_key:
                logger.error("parked body missing", extra={"client_id": delivery.claimant})
                return keep_without_body(delivery, self.intake.engine)
            delivery = replace(delivery, raw_body=body)
        intake = self.intake
        return receive_event(
            delivery,
            engine=intake.engine,
            publisher=intake.publisher,
            hash_address=intake.hash_address,
            time_scale=intake.time_scale,
        )

    def _hide(self, record: Mapping[str, Any], elapsed_s: float) -> None:
        receives = int(record["attributes"]["ApproximateReceiveCount"])
        scale = self.intake.time_scale
        delay_s = min(backoff_s(min(receives, _DOUBLINGS), scale), MAX_DELAY_S * scale)
        try:
            self.intake.sqs.change_message_visibility(
                QueueUrl=self.intake.queue_url,
                ReceiptHandle=record["receiptHandle"],
                VisibilityTimeout=visibility_s(delay_s, elapsed_s),
            )
        except (BotoCoreError, ClientError) as error:
            # The queue's own visibility time-out applies.
            logger.warning("visibility not changed", extra={"error": type(error).__name__})
