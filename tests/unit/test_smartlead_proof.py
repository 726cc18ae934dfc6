"""Whose delivery a request of SmartLead's is: our token in the URL, and our secret where a person could be affected."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import pytest

from shared.domain.vocabulary import ClientId, Provider
from shared.domain.webhook_token import RenewableKeys, make_secret, make_token
from shared.providers.protocol import Claim, WebhookRequest
from shared.providers.smartlead.provider import SmartLeadProvider
from tests.instantly_events import PREVIOUS_SIGNING_KEY, SIGNING_KEY, body_of
from tests.smartlead_events import (
    SECRET,
    account_disconnected,
    category_updated,
    email_reply,
    email_sent,
    lead_event,
    nested_reply,
    request_of,
    secret_of,
    signature_of,
    token_of,
    with_secret,
)

CLIENT = UUID("01890000-0000-7000-8000-000000000001")
OTHER = UUID("01890000-0000-7000-8000-000000000002")
KEYS = (SIGNING_KEY, PREVIOUS_SIGNING_KEY)
CLAIM = Claim(client_id=ClientId(CLIENT), token_version=1)
PERSONAL = [
    email_reply(),
    nested_reply(),
    category_updated(email_reply()),
    email_sent(),
    lead_event("EMAIL_BOUNCE"),
    lead_event("LEAD_UNSUBSCRIBED"),
    lead_event("UNTRACKED_REPLIES"),
    lead_event("SOMETHING_NEW"),
    lead_event("EMAIL_OPEN"),
    {"secret_key": SECRET, "lead_email": "dana@acme.test"},
]


def claim_of(request: WebhookRequest, keys: tuple[str, ...] = KEYS) -> Claim | None:
    return SmartLeadProvider().authenticate(request, keys)


def query(**changes: str) -> dict[str, str]:
    return {"clientId": str(CLIENT), "token": token_of(CLIENT), **changes}


@pytest.mark.parametrize("event", PERSONAL, ids=lambda event: event.get("event_type") or event.get("event") or "none")
def test_an_event_needs_token_and_secret(event: dict[str, Any]) -> None:
    assert claim_of(request_of(event, CLIENT)) == CLAIM
    without = body_of({key: value for key, value in event.items() if key != "secret_key"})
    assert claim_of(request_of(event, CLIENT, body=without)) is None
    assert claim_of(request_of(event, CLIENT, query={"clientId": str(CLIENT)})) is None


def test_what_a_hook_is_set_up_with_is_what_is_asked_for() -> None:
    (settings,) = SmartLeadProvider().hook_settings(ClientId(CLIENT), 3, SIGNING_KEY)
    url = urlsplit(settings.path)
    query = dict(parse_qsl(url.query))
    body = body_of({**email_reply(), **settings.body})
    assert (url.path, settings.headers) == (SmartLeadProvider.routes[0].path, {})
    assert claim_of(WebhookRequest(url.path, query, {}, body)) == Claim(client_id=ClientId(CLIENT), token_version=3)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("other_key", KEYS)
def test_either_key_may_have_made_either(key: str, other_key: str) -> None:
    body = with_secret(email_reply(), secret_of(CLIENT, key=other_key))
    request = request_of(b"", CLIENT, query=query(token=token_of(CLIENT, key=key)), body=body)
    assert claim_of(request) == CLAIM
    assert claim_of(request, KEYS[:1]) == (CLAIM if (key, other_key) == (KEYS[0], KEYS[0]) else None)


def test_a_key_that_was_just_staged_is_looked_for_once_more() -> None:
    newest = "the-newest-signing-key-of-40-characters!"
    keys = RenewableKeys.of(KEYS, lambda: (newest, *KEYS))
    body = with_secret(email_reply(), secret_of(CLIENT, key=newest))
    signed = {"x-smartlead-signature": signature_of(body, secret_of(CLIENT, key=newest))}
    for headers in ({}, signed):
        request = request_of(b"", CLIENT, query=query(token=token_of(CLIENT, key=newest)), body=body, headers=headers)
        assert SmartLeadProvider().authenticate(request, keys) == CLAIM


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "x",
        "ü\ud800",
        secret_of(OTHER),
        secret_of(CLIENT, version=2),
        secret_of(CLIENT) + " ",
        secret_of(CLIENT).upper(),
        token_of(CLIENT),
        make_secret(CLIENT, 1, SIGNING_KEY, Provider.INSTANTLY),
        make_secret(CLIENT, 1, "a-key-that-is-none-of-ours-40-characters", Provider.SMARTLEAD),
        ["x"],
        None,
        1,
        True,
        {"secret_key": secret_of(CLIENT)},
    ],
)
def test_a_wrong_secret_is_refused(secret: Any) -> None:
    assert claim_of(request_of(b"", CLIENT, body=body_of(email_reply() | {"secret_key": secret}))) is None


def test_a_secret_counts_at_its_own_place_only() -> None:
    event = {key: value for key, value in email_reply().items() if key != "secret_key"}
    nested = {**event, "metadata": {"secret_key": secret_of(CLIENT)}, "Secret_Key": secret_of(CLIENT)}
    assert claim_of(request_of(b"", CLIENT, body=body_of(nested))) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": ""},
        {"token": secret_of(CLIENT)},
        {"token": token_of(OTHER)},
        {"token": make_token(CLIENT, 1, SIGNING_KEY, Provider.INSTANTLY)},  # Instantly's
        {"token": f"{token_of(CLIENT)},{token_of(CLIENT)}"},  # twice
        {"token": f"{token_of(CLIENT)},x"},
        {"clientId": str(OTHER)},
        {"clientId": f"{CLIENT},{OTHER}"},
        {"clientId": "x"},
    ],
)
def test_a_wrong_token_is_refused_whatever_the_body_proves(wrong: dict[str, str]) -> None:
    body = with_secret(email_reply(), secret_of(CLIENT))
    headers = {
        "x-smartlead-signature": signature_of(body, secret_of(CLIENT)),
        "authorization": f"Bearer {token_of(CLIENT)}",
    }
    assert claim_of(request_of(b"", CLIENT, query=query(**wrong), body=body, headers=headers)) is None


def test_token_and_secret_are_of_one_version() -> None:
    body = with_secret(email_reply(), secret_of(CLIENT, version=2))
    request = request_of(b"", CLIENT, query=query(token=token_of(CLIENT, version=2)), body=body)
    assert claim_of(request) == Claim(client_id=ClientId(CLIENT), token_version=2)
    assert claim_of(request_of(b"", CLIENT, query=query(token=token_of(CLIENT, version=1)), body=body)) is None


# --- The signature ---------------------------------------------------------------------------------------------------


def signed(event: Any, signature: str | None = None, **changes: Any) -> WebhookRequest:
    body = event if isinstance(event, bytes) else with_secret(event, secret_of(CLIENT))
    signature = signature_of(body, secret_of(CLIENT)) if signature is None else signature
    return request_of(b"", CLIENT, body=body, headers={"x-smartlead-signature": signature, **changes})


@pytest.mark.parametrize("secret", [SECRET, "***", None])
def test_a_right_signature_stands_for_the_secret(secret: str | None) -> None:
    assert claim_of(signed(email_reply(secret_key=secret))) == CLAIM


def test_a_right_signature_may_cover_any_bytes() -> None:
    assert claim_of(signed(b"\xff no JSON")) == CLAIM


@pytest.mark.parametrize(
    "event", [email_reply(), account_disconnected(), b"no JSON"], ids=["reply", "envelope", "broken"]
)
def test_a_wrong_signature_is_refused_even_if_the_rest_is_right(event: Any) -> None:
    body = event if isinstance(event, bytes) else with_secret(event, secret_of(CLIENT))
    right = signature_of(body, secret_of(CLIENT))
    assert claim_of(signed(event, right)) == CLAIM
    for wrong in (
        "",
        "N/A",
        "sha256=",
        right.removeprefix("sha256="),
        right.replace("sha256", "sha1"),
        f"{right},{right}",
        right[:-1] + ("0" if right[-1] != "0" else "1"),
        signature_of(body + b" ", secret_of(CLIENT)),
        signature_of(body, secret_of(OTHER)),
        signature_of(body, token_of(CLIENT)),
        signature_of(body, "***"),
    ):
        assert claim_of(signed(event, wrong)) is None, wrong


def test_json_that_was_written_again_is_not_what_was_signed() -> None:
    body = json.dumps(email_reply(secret_key="***"), indent=1).encode()
    right = signature_of(body, secret_of(CLIENT))
    assert claim_of(signed(body, right)) == CLAIM
    assert claim_of(signed(json.dumps(json.loads(body)).encode(), right)) is None


# --- What has no secret ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"EMAIL_REPLY"', b"\xff\0", b"[" * 100_000, body_of(account_disconnected())]
)
def test_what_can_affect_nobody_passes_on_the_token(body: bytes) -> None:
    assert claim_of(request_of(b"", CLIENT, body=body)) == CLAIM
    assert claim_of(request_of(b"", CLIENT, body=body, query=query(token="x"))) is None


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"lead_email": "dana@acme.test"}',
        b'{"type": "email.account.disconnected", "event_type": "LEAD_UNSUBSCRIBED", "lead_email": "dana@acme.test"}',
        b'{"type": "email.account.disconnected", "event": "EMAIL_REPLIED", "lead": {"email": "dana@acme.test"}}',
        b'{"type": "x", "event_type": "", "event": "LEAD_UNSUBSCRIBED", "lead_email": "dana@acme.test"}',
        b'{"type": "x", "event_type\\u0000": "LEAD_UNSUBSCRIBED", "lead_email": "dana@acme.test"}',
        b'\xef\xbb\xbf{"event_type": "LEAD_UNSUBSCRIBED", "lead_email": "dana@acme.test"}',
        '{"event_type": "LEAD_UNSUBSCRIBED", "lead_email": "dana@acme.test"}'.encode("utf-16-le"),
        # No JSON until the secret is taken out: what is read, and stored, is the redacted body.
        b'{"event_type": "LEAD_UNSUBSCRIBED", "lead_email": "dana@acme.test", "secret_key": "\\u"}',
        b'{"event_type": "LEAD_UNSUBSCRIBED", "lead_email": "dana@acme.test", "secret_key": x}',
    ],
)
def test_an_object_without_a_secret_is_refused_unless_it_is_an_envelope(body: bytes) -> None:
    assert claim_of(request_of(b"", CLIENT, body=body)) is None


def test_another_client_gets_nothing_by_its_own_token() -> None:
    other = uuid4()
    body = with_secret(email_reply(), secret_of(other))
    assert claim_of(request_of(b"", CLIENT, body=body)) is None
    assert claim_of(request_of(b"", CLIENT, body=body, query=query(token=token_of(other)))) is None


@pytest.mark.parametrize(
    ("header", "id"),
    [
        ("5a1f2c2e-0000-4000-8000-000000000013", "5a1f2c2e-0000-4000-8000-000000000013"),
        ("5a1f2c2e-0000,5a1f2c2e-0000", None),  # sent twice
        ("short", None),
        ("x" * 201, None),
        ("5a1f2c2e 0000", None),
        ("", None),
        (None, None),
    ],
)
def test_a_delivery_has_the_number_that_it_was_given_or_none(header: str | None, id: str | None) -> None:
    headers = {} if header is None else {"x-request-id": header}
    assert SmartLeadProvider().delivery_id(request_of(b"{}", CLIENT, headers=headers)) == id
