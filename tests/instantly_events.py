"""Events as Instantly posts them, and API Gateway's requests with them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.domain.address_hash import AddressHashKey

SIGNING_KEY = "a-signing-key-for-tests-with-40-characters"
ADDRESS_HASH_KEY = AddressHashKey("an-address-hash-key-for-tests-with-45-characters")
hash_address = ADDRESS_HASH_KEY.hash_of
PREVIOUS_SIGNING_KEY = "the-signing-key-before-that-40-characters"
WORKSPACE = "8c1e9d7a-1111-4000-8000-000000000001"
CAMPAIGN = "4ea94d08-1111-4d39-8e1b-000000000001"

QUOTED = "\n\nOn Fri, Nov 20, 2026 at 2:00 PM Sam <sam@send.test>\nwrote:\n\n> Hi Pat,\n> may I ask you something?\n"


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def reply_received(**changes: Any) -> dict[str, Any]:
    """Returns a reply as documented, of an address of its own. A change to None leaves the key out."""
    return _event(
        {
            "timestamp": iso(datetime.now(UTC) - timedelta(seconds=2)),
            "event_type": "reply_received",
            "workspace": WORKSPACE,
            "campaign_id": CAMPAIGN,
            "campaign_name": "Q4 Founders",
            "lead_email": f"pat.{uuid4().hex[:12]}@acme.test",
            "email_account": "sam@send.test",
            "unibox_url": None,
            "step": 1,
            "variant": 2,
            "is_first": True,
            "email_id": str(uuid4()),
            "reply_subject": "Re: quick question",
            "reply_text_snippet": "Sounds good, Tuesday?",
            "reply_text": "Sounds good, Tuesday?" + QUOTED,
            "reply_html": "<div>Sounds good, Tuesday?</div>",
            "firstName": "Pat",
            "companyName": "Acme",
        },
        changes,
    )


def email_sent(**changes: Any) -> dict[str, Any]:
    """Returns the event of an email that Instantly sent to a lead."""
    return _event(
        {
            "timestamp": iso(datetime.now(UTC) - timedelta(seconds=2)),
            "event_type": "email_sent",
            "workspace": WORKSPACE,
            "campaign_id": CAMPAIGN,
            "campaign_name": "Q4 Founders",
            "lead_email": "pat@acme.test",
            "email_account": "sam@send.test",
            "email_id": str(uuid4()),
            "email_subject": "quick question",
            "email_text": "Hi Pat,\nmay I ask you something?",
        },
        changes,
    )


def lead_event(event_type: str, **changes: Any) -> dict[str, Any]:
    """Returns an event about a lead that names no email."""
    return _event(
        {
            "timestamp": iso(datetime.now(UTC) - timedelta(seconds=2)),
            "event_type": event_type,
            "workspace": WORKSPACE,
            "campaign_id": CAMPAIGN,
            "campaign_name": "Q4 Founders",
            "lead_email": "pat@acme.test",
        },
        changes,
    )


def _event(event: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = {**event, **changes}
    return {key: value for key, value in merged.items() if value is not None or key not in changes}


def body_of(event: Any) -> bytes:
    return json.dumps(event).encode()


def api_gateway_event(
    body: bytes | None,
    *,
    client_id: UUID | str | None,
    token: str | None = None,
    path: str = "/webhooks/instantly",
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    as_base64: bool = False,
) -> dict[str, Any]:
    """Returns the request as an HTTP API hands it to a function: payload format 2.0, header names in lower case."""
    if query is None:
        query = {} if client_id is None else {"clientId": str(client_id)}
    sent = {
        "accept": "application/json",
        "content-type": "application/json",
        "host": "hooks.example.com",
        "user-agent": "axios/0.21.4",
        "x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678",
    }
    if token is not None:
        sent["authorization"] = f"Bearer {token}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "&".join(f"{key}={value}" for key, value in query.items()),
        "headers": {**sent, **(headers or {})},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "hooks.example.com",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "axios/0.21.4",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": f"POST {path}",
            "stage": "$default",
            "time": "20/Nov/2026:14:03:11 +0000",
            "timeEpoch": 1795183391000,
        },
        "isBase64Encoded": as_base64,
    }
    if query:
        event["queryStringParameters"] = query
    if body is not None:
        event["body"] = base64.b64encode(body).decode() if as_base64 else body.decode("utf-8", "surrogateescape")
    return event
