"""The HTTP side of every provider's webhook: an API Gateway event (payload format 2.0) in, one use case, JSON out."""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.db.time_budget import UNLIMITED, TimeBudget
from shared.observability import Metric, VersionFailure, emit, logger
from shared.pipelines.dependencies import Intake
from shared.pipelines.intake.delivery import Delivery, Receipt, ReceiptStatus
from shared.pipelines.intake.park_event import receive_or_park
from shared.providers.protocol import Claim, ClientFrom, Provider, Route, WebhookRequest
from shared.providers.webhook_auth import named_client

HEALTH_ROUTE = "GET /health"
RELEASE_CHECK = "releaseCheck"
VERSION = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
RETRY_AFTER_S = 30
MAX_TRACE_ID_CHARS = 128

Answer = dict[str, Any]


def _answer(status_code: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    return {
        "statusCode": status_code,
        "headers": {"content-type": "application/json", **(headers or {})},
        "body": json.dumps(body),
    }


_FAILURE_OF_STATUS = {
    ReceiptStatus.PARKED: VersionFailure.PARKED,
    ReceiptStatus.UNAVAILABLE: VersionFailure.UNAVAILABLE,
}


def _unauthorized() -> Answer:
    """One answer for every reason, so that it tells a stranger nothing."""
    return _answer(401, {"success": False, "error": "unauthorized"})


@dataclass(frozen=True)
class Webhook:
    """Answers one provider's deliveries. ``signing_keys`` returns the accepted keys, the current one first."""

    provider: Provider
    intake: Intake
    signing_keys: Callable[[], Sequence[str]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, event: Mapping[str, Any], budget: TimeBudget = UNLIMITED) -> Answer:
        """Answers one request (docs/architecture.md has the contract). Never raises for what the caller sent.

        Nothing is published any more once ``budget``, the request's time for the database, is used up.
        """
        if event.get("routeKey") == HEALTH_ROUTE:
            # Anybody may ask: no more than that this copy runs, and nothing is opened for it.
            return _answer(200, {"status": "ok"})
        if RELEASE_CHECK in event:
            return self._check_release(event[RELEASE_CHECK])
        received_at = self.now()
        request = _request(event)
        route = next((route for route in self.provider.routes if route.path == request.path), self.provider.routes[0])
        if route.client_from is ClientFrom.QUERY and named_client(request.query) is None:
            return _answer(400, {"success": False, "error": "clientId must be a UUID"})
        claim = self.provider.authenticate(request, self.signing_keys())
        if claim is None or not _names_its_client(claim, route):
            emit(Metric.WEBHOOK_TOKEN_REJECTED)
            return _unauthorized()
        delivery = Delivery.of(
            claim.client_id,
            self.provider.redact(request.body),
            received_at,
            provider=self.provider.name,
            token_version=claim.token_version,
            external_account=claim.external_account,
            trace_id=_trace_id(request.headers),
            delivery_id=self.provider.delivery_id(request),
        )
        receipt = receive_or_park(delivery, self.intake, budget)
        emit(Metric.WEBHOOK_ANSWER, status=receipt.status.value)
        self._count_failure(receipt)
        logger.info(
            "event received",
            extra={
                "client_id": delivery.claimant,
                "status": receipt.status.value,
                "reason": receipt.reason,
                "event_type": receipt.event_type,
                "message_id": receipt.message_id and str(receipt.message_id),
                "trace_id": delivery.trace_id,
            },
        )
        return _answer_of(receipt, route)

    def _count_failure(self, receipt: Receipt) -> None:
        """Counts what a release is taken back for, under the version that runs here."""
        failure = _FAILURE_OF_STATUS.get(receipt.status)
        if receipt.reason == VersionFailure.INTERNAL_ERROR:
            failure = VersionFailure.INTERNAL_ERROR
        if failure is not None:
            emit(Metric.VERSION_FAILURE, provider=self.provider.name.value, reason=failure.value, version=VERSION)

    def _check_release(self, request: Any) -> Answer:
        """Answers CodeDeploy's hook, which invokes the function itself: a request from outside has no such key."""
        from shared.pipelines.upkeep.release_check import ReleaseCheck  # once per release: not for every cold start

        check = ReleaseCheck(
            engine=self.intake.engine,
            sqs=self.intake.sqs,
            queue_urls=(self.intake.queue_url, *self.intake.publisher.queue_urls),
            signing_keys=self.signing_keys,
            hash_address=self.intake.hash_address,
        )
        problems = check.problems(str(request.get("schemaRevision") or "") if isinstance(request, Mapping) else "")
        logger.info("release checked", extra={"problems": problems})
        return _answer(503 if problems else 200, {"version": VERSION, "problems": problems})


def _names_its_client(claim: Claim, route: Route) -> bool:
    """Says whether a claim is of the kind that its route promises: what the other kind would need was not checked."""
    by_account = route.client_from is ClientFrom.ACCOUNT
    return bool(claim.external_account) is by_account and (claim.client_id is None) is by_account


def _answer_of(receipt: Receipt, route: Route) -> Answer:
    if receipt.status is ReceiptStatus.REJECTED:
        return _unauthorized()
    if receipt.status is ReceiptStatus.UNAVAILABLE:
        return _answer(503, {"success": False, "error": "try again later"}, {"retry-after": str(RETRY_AFTER_S)})
    body: dict[str, Any] = {"success": True, "status": receipt.status.value}
    if receipt.message_id is not None:
        body["messageId"] = str(receipt.message_id)
    if receipt.reason is not None:
        body["reason"] = receipt.reason
    return _answer(route.parked_status if receipt.status is ReceiptStatus.PARKED else 200, body)


def _request(event: Mapping[str, Any]) -> WebhookRequest:
    path, query = event.get("rawPath"), event.get("queryStringParameters")
    return WebhookRequest(
        path=path if isinstance(path, str) else "",
        query={str(name): value for name, value in query.items() if isinstance(value, str)}
        if isinstance(query, Mapping)
        else {},
        headers=_headers(event),
        body=_raw_body(event),
    )


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    """Reads the headers by their names in lower case; values of one name are joined, as API Gateway does it."""
    headers = event.get("headers")
    joined: dict[str, str] = {}
    if isinstance(headers, Mapping):
        for name, value in headers.items():
            if isinstance(value, str):
                key = str(name).lower()
                joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined


def _raw_body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body")
    if not isinstance(body, str):
        return b""
    if event.get("isBase64Encoded"):
        try:
            packed = "".join(body.split()).rstrip("=")  # MIME breaks its lines, others leave out the padding
            return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
        except (binascii.Error, ValueError):
            pass  # kept as it came: the event ends in quarantine, where a person can see it
    return body.encode("utf-8", "surrogatepass")


def _trace_id(headers: Mapping[str, str]) -> str | None:
    """Reads X-Ray's id of this request: the platform sets it for the function, else API Gateway's header has it."""
    value = os.environ.get("_X_AMZN_TRACE_ID") or headers.get("x-amzn-trace-id", "")
    root = next((part[5:] for part in value.split(";") if part.startswith("Root=")), None)
    if root is None or len(root) > MAX_TRACE_ID_CHARS or not root.replace("-", "").isalnum() or not root.isascii():
        return None
    return root
