"""What waits in ingest.fifo comes back as it was, and fits."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.vocabulary import ClientId
from shared.pipelines.park_event import (
    SQS_BODY_LIMIT,
    UnreadableParkedEventError,
    decode_parked_event,
    encode_parked_event,
)
from shared.pipelines.receive_event import Delivery
from shared.providers.instantly.payloads import parse_event

NOW = datetime(2026, 11, 20, 14, 3, 11, 204_000, tzinfo=UTC)


def delivery(raw_body: bytes) -> Delivery:
    return Delivery.of(
        ClientId(uuid4()), raw_body, NOW, token_version=3, trace_id="1-67891233-abcdef012345678912345678"
    )


def noise(characters: int) -> str:
    """Text that compresses to a half at best."""
    return random.Random(7).randbytes(characters).hex()[:characters]  # noqa: S311


@given(st.binary(max_size=3000))
def test_any_body_comes_back_as_it_was(raw_body: bytes) -> None:
    parked = delivery(raw_body)
    encoded = encode_parked_event(parked)
    assert encoded is not None
    assert encoded.isascii()
    assert decode_parked_event(encoded) == parked


def test_body_of_six_megabytes_that_compresses_fits() -> None:
    parked = delivery(json.dumps({"event_type": "reply_received", "reply_html": "<p>word</p>" * 500_000}).encode())
    encoded = encode_parked_event(parked)
    assert encoded is not None
    assert len(encoded) < SQS_BODY_LIMIT
    assert decode_parked_event(encoded) == parked


def test_html_beside_text_is_left_out_when_all_of_it_does_not_fit() -> None:
    event = {"event_type": "reply_received", "reply_text": "Yes please", "reply_html": noise(3_000_000), "step": 1}
    parked = delivery(json.dumps(event).encode())
    encoded = encode_parked_event(parked)
    assert encoded is not None
    assert len(encoded) <= SQS_BODY_LIMIT
    back = decode_parked_event(encoded)
    assert json.loads(back.raw_body) == {"event_type": "reply_received", "reply_text": "Yes please", "step": 1}
    assert back.delivery_key == parked.delivery_key  # a redelivery of the original bytes is still known as one


@pytest.mark.parametrize("text", ["Yes please", 42])
def test_what_the_live_path_reads_as_text_is_text_when_html_is_left_out(text: object) -> None:
    event = {"event_type": "reply_received", "reply_text": text, "reply_html": noise(3_000_000)}
    encoded = encode_parked_event(delivery(json.dumps(event).encode()))
    assert encoded is not None
    assert parse_event(decode_parked_event(encoded).raw_body).text == str(text)


@pytest.mark.parametrize(
    "event",
    [
        {"event_type": "reply_received", "reply_html": noise(3_000_000)},
        {"event_type": "reply_received", "reply_text": noise(3_000_000), "reply_html": "<p>short</p>"},
        *(
            {"event_type": "reply_received", "reply_text": nothing, "reply_html": noise(3_000_000)}
            for nothing in (" \n", "\0", [1], {"a": 1}, True, None)
        ),
    ],
    ids=["only html", "too much text", *("blank", "NUL", "a list", "an object", "true", "null")],
)
def test_what_does_not_fit_is_not_parked(event: dict[str, Any]) -> None:
    assert encode_parked_event(delivery(json.dumps(event).encode())) is None
    assert encode_parked_event(delivery(noise(3_000_000).encode())) is None


def test_time_keeps_its_zone() -> None:
    at = datetime(2026, 11, 20, 16, 3, tzinfo=timezone(timedelta(hours=2)))
    parked = Delivery.of(ClientId(uuid4()), b"{}", at)
    encoded = encode_parked_event(parked)
    assert encoded is not None
    assert decode_parked_event(encoded).received_at == at


def _changed(**changes: object) -> str:
    encoded = encode_parked_event(delivery(b'{"event_type": "reply_received"}'))
    assert encoded is not None
    return json.dumps({**json.loads(encoded), **changes})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        _changed(format=2),
        _changed(client_id="pat@acme.test"),
        _changed(body="%%%"),
        _changed(body="eJw="),
        _changed(received_at="2026-11-20T14:03:11"),
        _changed(received_at=None),
        _changed(delivery_key="zz"),
        _changed(token_version="one"),
    ],
)
def test_foreign_message_is_told_apart_and_not_quoted(body: str) -> None:
    with pytest.raises(UnreadableParkedEventError) as raised:
        decode_parked_event(body)
    assert "acme" not in str(raised.value)


@given(st.text(max_size=300))
def test_no_message_is_an_unexpected_error(body: str) -> None:
    with pytest.raises(UnreadableParkedEventError):
        decode_parked_event(body)
