"""Whatever is sent, the webhook answers: no exception, no 5xx, and what was authenticated is kept or counted."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.instantly_events import api_gateway_event, email_sent, lead_event, reply_received
from tests.integration.webhook import WebhookUnderTest

any_input = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
templates = st.sampled_from(
    [
        reply_received(),
        reply_received(event_type="auto_reply_received"),
        reply_received(event_type="lead_interested"),
        reply_received(event_type="lead_meeting_booked"),
        email_sent(),
        lead_event("email_bounced"),
        lead_event("lead_unsubscribed"),
        {"type": "reply_received", "contact_email": "li@acme.test", "timestamp": 1_795_183_391, "reply_text": "Hi"},
    ]
)
STATUSES = {"accepted", "duplicate", "ignored", "quarantined"}


@any_input
@given(template=templates, changes=st.dictionaries(st.sampled_from(sorted(reply_received())), anything, max_size=5))
def test_events_with_any_values(webhook: WebhookUnderTest, template: dict[str, Any], changes: dict[str, Any]) -> None:
    body = json.dumps({**template, **changes}).encode()
    first = webhook.post(body)
    assert (first.status_code, first.status in STATUSES) == (200, True)
    assert first.body.get("reason") != "internal_error"
    again = webhook.post(body)
    assert again.status == ("duplicate" if first.status == "accepted" else first.status)
    assert again.message_id == first.message_id


@any_input
@given(st.binary(max_size=400))
def test_any_bytes(webhook: WebhookUnderTest, body: bytes) -> None:
    answer = webhook.post(body, as_base64=True)
    assert (answer.status_code, answer.status) == (200, "quarantined")
    assert webhook.rows("SELECT 1 FROM webhook_event WHERE raw_body = :body", body=body)


@any_input
@given(
    st.dictionaries(
        st.sampled_from(["headers", "body", "isBase64Encoded", "queryStringParameters", "requestContext", "rawPath"]),
        anything,
        max_size=4,
    ),
    st.dictionaries(st.text(max_size=20), st.text(max_size=80), max_size=3),
)
def test_any_request(webhook: WebhookUnderTest, changes: dict[str, Any], headers: dict[str, str]) -> None:
    request = api_gateway_event(b"{}", client_id=webhook.client_id, token=webhook.token(), headers=headers)
    assert webhook.call({**request, **changes}).status_code in (200, 400, 401)


@pytest.mark.parametrize(
    "body",
    [
        b'{"event_type":"reply_received","lead_email":"pat@acme.test","reply_text":'
        + b"[" * 500_000
        + b"]" * 500_000
        + b"}",
        b'{"event_type":"reply_received","lead_email":"pat@acme.test","reply_text":"Hi","x":' + b"9" * 1_000_000 + b"}",
        b'{"event_type":"reply_received","lead_email":"pat@acme.test","reply_text":"Hi","x":1e999999,"y":NaN}',
        b'{"event_type":"reply_received","lead_email":"pat@acme.test","reply_text":"Hi"' + b',"k":1' * 200_000 + b"}",
        b'{"event_type":"reply_received","lead_email":"pat@acme.test","reply_text":"' + b"> \\n" * 700_000 + b'"}',
        b'{"event_type":"reply_received","lead_email":"pat@acme.test","reply_html":"' + b"<div>" * 600_000 + b'"}',
        b'{"event_type":"reply_received","lead_email":"' + b"a" * 100_000 + b'@acme.test","reply_text":"Hi"}',
        b'{"event_type":"reply_received","lead_email":"pat@acme.test","email_id":"' + b"x" * 500_000 + b'"}',
        b'{"event_type":"' + b"lead_" * 100_000 + b'","lead_email":"pat@acme.test","reply_text":"Hi"}',
    ],
    ids=["depth", "long number", "no number", "duplicate keys", "quotes", "tags", "address", "id", "event type"],
)
def test_bombs_take_bounded_time(webhook: WebhookUnderTest, body: bytes) -> None:
    webhook.post(b"warm-up")
    started = time.monotonic()
    answer = webhook.post(body)
    assert answer.status_code == 200
    assert answer.body.get("reason") != "internal_error"
    assert time.monotonic() - started < 10
