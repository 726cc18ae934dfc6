"""An event that waits in ingest.fifo comes back as it was, and fits."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.events import Content, Event, InboundReply, Labelled, MessageSent
from shared.domain.vocabulary import ClientId, Provider, Source
from shared.pipelines.intake.delivery import Delivery
from shared.pipelines.intake.park_event import (
    SQS_BODY_LIMIT,
    ParkedEvent,
    UnreadableParkedEventError,
    decode_parked_event,
    encode_claim_check,
    encode_parked_event,
    encode_shortened,
    object_key,
)
from shared.providers.instantly.events import read_event, shorter_body

NOW = datetime(2026, 11, 20, 14, 3, 11, 204_000, tzinfo=UTC)


def delivery(raw_body: bytes) -> Delivery:
    return Delivery.of(
        ClientId(uuid4()),
        raw_body,
        NOW,
        provider=Provider.INSTANTLY,
        token_version=3,
        trace_id="1-67891233-abcdef012345678912345678",
        acknowledged=True,
    )


def content_of(raw_body: bytes) -> Content:
    event = read_event(raw_body, Source.HOOK)
    assert isinstance(event, InboundReply)
    return event.content


def noise(characters: int) -> str:
    """Returns text that compresses to a half at best."""
    return random.Random(7).randbytes(characters).hex()[:characters]  # noqa: S311


def shortened(event: dict[str, Any]) -> Delivery:
    parked = delivery(json.dumps(event).encode())
    encoded = encode_shortened(parked)
    assert len(encoded) <= SQS_BODY_LIMIT
    back = decode_parked_event(encoded).delivery
    assert back == replace(parked, raw_body=back.raw_body)  # so a redelivery of the original is still known as one
    return back


@given(st.binary(max_size=3000))
def test_any_body_comes_back_as_it_was(raw_body: bytes) -> None:
    parked = delivery(raw_body)
    encoded = encode_parked_event(parked)
    assert encoded.isascii()
    assert decode_parked_event(encoded) == ParkedEvent(parked)


def test_body_of_six_megabytes_that_compresses_fits() -> None:
    parked = delivery(json.dumps({"event_type": "reply_received", "reply_html": "<p>word</p>" * 500_000}).encode())
    encoded = encode_parked_event(parked)
    assert len(encoded) < SQS_BODY_LIMIT
    assert decode_parked_event(encoded).delivery == parked


@given(st.binary(max_size=300))
def test_a_claim_says_all_but_the_body_and_where_that_is(raw_body: bytes) -> None:
    parked = delivery(raw_body)
    claim = decode_parked_event(encode_claim_check(parked))
    assert claim == ParkedEvent(replace(parked, raw_body=b""), object_key(parked))


def test_html_beside_text_and_what_nobody_reads_are_left_out_when_all_of_it_does_not_fit() -> None:
    event = {"event_type": "reply_received", "reply_text": "Yes please", "reply_html": noise(3_000_000), "step": 1}
    left = json.loads(shortened({**event, "their_column": noise(3_000_000)}).raw_body)
    assert left == {"event_type": "reply_received", "reply_text": "Yes please", "reply_subject": "", "step": 1}


@pytest.mark.parametrize("text", ["Yes please", 42])
def test_what_the_live_path_reads_as_text_is_text_when_html_is_left_out(text: object) -> None:
    event = {"event_type": "reply_received", "reply_text": text, "reply_html": noise(3_000_000)}
    assert content_of(shortened(event).raw_body).text == str(text)


@pytest.mark.parametrize("nothing", [" \n", "\0", [1], {"a": 1}, True, None])
def test_html_alone_is_kept_without_its_embedded_pictures(nothing: object) -> None:
    picture = f'<img src="data:image/png;base64,{noise(3_000_000)}">'
    event = {"event_type": "reply_received", "reply_text": nothing, "reply_html": f"<p>Yes</p>{picture}<p>Pat</p>"}
    assert content_of(shortened(event).raw_body).html == '<p>Yes</p><img src=""><p>Pat</p>'


@pytest.mark.parametrize("key", ["reply_text", "reply_html", "reply_text_snippet"])
@pytest.mark.parametrize("character", ["x", "\U0001f600"])
def test_a_mail_that_is_too_long_altogether_is_cut_to_its_beginning_and_its_end(key: str, character: str) -> None:
    words = f"Please call me. {noise(2_500_000)}{character * 700_000} Regards, Pat"
    left = json.loads(shortened({"event_type": "reply_received", key: words}).raw_body)[key]
    assert left.startswith("Please call me. ")
    assert left.endswith(" Regards, Pat")


def test_the_widest_characters_in_every_place_fit() -> None:
    wide = "".join(map(chr, random.Random(3).choices(range(0x20000, 0x2A6DF), k=400_000)))  # noqa: S311
    keys = ("reply_text", "reply_html", "reply_text_snippet", "reply_subject", "firstName", "lastName", "companyName")
    shortened({"event_type": "reply_received", **dict.fromkeys(keys, wide)})
    shortened({"event_type": "reply_received", "reply_html": wide, "reply_text_snippet": wide})


def test_what_is_no_event_is_cut() -> None:
    parked = delivery(random.Random(5).randbytes(3_000_000))  # noqa: S311
    encoded = encode_shortened(parked)
    assert len(encoded) <= SQS_BODY_LIMIT
    assert parked.raw_body.startswith(decode_parked_event(encoded).delivery.raw_body)


_FIELDS = {
    "event_type": st.sampled_from(["reply_received", "email_sent", "lead_unsubscribed", "lead_interested", "mine"]),
    "timestamp": st.sampled_from(["2026-11-20T14:03:11.204Z", 1763647391, "never"]),
    "lead_email": st.sampled_from(["Pat@Acme.test.", "pat", None]),
    "step": st.integers(0, 3),
    **{
        key: st.text(max_size=30)
        for key in (
            *("workspace", "campaign_id", "campaign_name", "firstName", "companyName", "email_id"),
            *("reply_subject", "reply_text", "email_subject", "email_text", "email_html", "reply_text_snippet"),
        )
    },
}


def said(event: Event) -> Event:
    """The event without what a shorter body leaves out: the payload, and HTML beside text."""
    event = replace(event, header=replace(event.header, payload={}))
    match event:
        case InboundReply() | MessageSent():
            text_only = event.content.text is not None
            return replace(event, content=replace(event.content, html=None if text_only else event.content.html))
        case Labelled():
            reply = said(event.reply)
            assert isinstance(reply, InboundReply)
            return replace(event, reply=reply)
    return event


@given(st.fixed_dictionaries({"event_type": _FIELDS.pop("event_type")}, optional=_FIELDS))
def test_a_shorter_body_says_the_same_event(fields: dict[str, Any]) -> None:
    raw_body = json.dumps(fields).encode()
    shorter = shorter_body(raw_body, 1_000)
    assert shorter is not None
    assert said(read_event(shorter, Source.HOOK)) == said(read_event(raw_body, Source.HOOK))


def test_time_keeps_its_zone() -> None:
    at = datetime(2026, 11, 20, 16, 3, tzinfo=timezone(timedelta(hours=2)))
    parked = Delivery.of(ClientId(uuid4()), b"{}", at, provider=Provider.INSTANTLY)
    assert decode_parked_event(encode_parked_event(parked)).delivery.received_at == at


@pytest.mark.parametrize("older", [1, 2])
def test_what_the_release_before_has_parked_is_still_read(older: int) -> None:
    parked = delivery(b'{"event_type": "reply_received"}')
    encoded = json.loads(encode_parked_event(parked) if older == 1 else encode_claim_check(parked))
    claim = encoded.pop("claim")
    del encoded["provider"], encoded["source"]
    expected = ParkedEvent(parked) if older == 1 else ParkedEvent(replace(parked, raw_body=b""), object_key(parked))
    assert decode_parked_event(json.dumps({**encoded, **claim, "format": older})) == expected


def _changed(**changes: object) -> str:
    encoded = encode_parked_event(delivery(b'{"event_type": "reply_received"}'))
    return json.dumps({**json.loads(encoded), **changes})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        _changed(body=None),
        _changed(format=4),
        _changed(claim=None),
        _changed(claim={"client_id": "pat@acme.test", "token_version": 1}),
        _changed(claim={"client_id": str(uuid4())}),
        _changed(claim={"client_id": str(uuid4()), "token_version": "one"}),
        _changed(provider="NOBODY"),
        _changed(source="pat@acme.test"),
        _changed(body="%%%"),
        _changed(body="eJw="),
        _changed(received_at="2026-11-20T14:03:11"),
        _changed(received_at=None),
        _changed(delivery_key="zz"),
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
