"""The webhook responds to any input: no exception, no 5xx, and every authenticated delivery is kept or counted."""

from __future__ import annotations

import contextlib
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.vocabulary import Provider, Source
from shared.providers.protocol import Unreadable, WebhookRequest
from shared.providers.registry import PROVIDERS
from tests import smartlead_events as smartlead
from tests.instantly_events import email_sent, lead_event, reply_received
from tests.integration.webhook import Answered, WebhookUnderTest
from tests.posting import posted

any_input = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)

SAMPLES = Path(__file__).parents[2] / "samples"


@dataclass(frozen=True)
class Fuzzed:
    """What a provider is fuzzed with: events of every kind, and a key of each thing that is read of them.

    ``bomb``: the beginning of a reply; ``names``: of its keys for an address, an id, a text and HTML.
    """

    templates: Sequence[dict[str, Any]]
    keys: Sequence[str]
    bomb: bytes
    names: tuple[bytes, bytes, bytes, bytes]

    @staticmethod
    def samples(name: Provider) -> list[bytes]:
        """The provider's samples, as they are delivered."""
        files = sorted((SAMPLES / name.lower()).glob("[0-9]*.json"))
        deliveries = [json.loads(path.read_text())["delivery"] for path in files]
        broken = [delivery["body_text"].encode() for delivery in deliveries if "body_text" in delivery]
        return [json.dumps(delivery["body"]).encode() for delivery in deliveries if "body" in delivery] + broken


FUZZED = {
    Provider.INSTANTLY: Fuzzed(
        templates=[
            reply_received(),
            reply_received(event_type="auto_reply_received"),
            reply_received(event_type="lead_interested"),
            reply_received(event_type="lead_meeting_booked"),
            email_sent(),
            lead_event("email_bounced"),
            lead_event("lead_unsubscribed"),
            {"type": "reply_received", "contact_email": "li@acme.test", "timestamp": 1_795_183_391, "reply_text": "Hi"},
        ],
        keys=sorted(reply_received()),
        bomb=b'{"event_type":"reply_received","lead_email":"pat@acme.test",',
        names=(b"lead_email", b"email_id", b"reply_text", b"reply_html"),
    ),
    Provider.SMARTLEAD: Fuzzed(
        templates=[
            smartlead.email_reply(),
            smartlead.nested_reply(),
            smartlead.category_updated(smartlead.email_reply()),
            smartlead.email_sent(),
            smartlead.lead_event("EMAIL_BOUNCE"),
            smartlead.lead_event("LEAD_UNSUBSCRIBED"),
            smartlead.email_reply(event_type="UNTRACKED_REPLIES"),
            smartlead.account_disconnected(),
        ],
        keys=sorted({*smartlead.email_reply(), *smartlead.category_updated(smartlead.email_reply()), "lead", "reply"}),
        bomb=b'{"event_type":"EMAIL_REPLY","sl_lead_email":"pat@acme.test","secret_key":"x",',
        names=(b"sl_lead_email", b"message_id", b"reply_body", b"reply_body"),
    ),
}
each_provider = pytest.mark.parametrize("name", PROVIDERS)
STATUSES = {"accepted", "duplicate", "ignored", "quarantined"}


def post(webhook: WebhookUnderTest, name: Provider, body: bytes, *, as_base64: bool = False) -> Answered:
    """Posts a body as the provider delivers it, with a valid credential."""
    return webhook.of(name).post(body, as_base64=as_base64)


def test_every_provider_is_fuzzed() -> None:
    assert FUZZED.keys() >= PROVIDERS.keys()
    assert all(Fuzzed.samples(name) for name in PROVIDERS)


@each_provider
@any_input
@given(data=st.data())
def test_events_with_any_values(webhook: WebhookUnderTest, name: Provider, data: st.DataObject) -> None:
    fuzzed = FUZZED[name]
    template = data.draw(st.sampled_from(fuzzed.templates))
    changes = data.draw(st.dictionaries(st.sampled_from(fuzzed.keys), anything, max_size=5))
    body = json.dumps({**template, **changes}).encode()
    first = post(webhook, name, body)
    assert (first.status_code, first.status in STATUSES) == (200, True)
    assert first.body.get("reason") != "internal_error"
    again = post(webhook, name, body)
    assert again.status == ("duplicate" if first.status == "accepted" else first.status)
    assert again.message_id == first.message_id


@each_provider
@any_input
@given(body=st.binary(max_size=400))
def test_any_bytes(webhook: WebhookUnderTest, name: Provider, body: bytes) -> None:
    answer = post(webhook, name, body, as_base64=True)
    assert (answer.status_code, answer.status) == (200, "quarantined")
    stored = PROVIDERS[name].redact(body)
    assert webhook.rows("SELECT 1 FROM webhook_event WHERE raw_body = :body", body=stored)


@each_provider
@any_input
@given(
    body=st.binary(max_size=400) | anything.map(lambda value: json.dumps(value).encode()),
    query=st.dictionaries(st.sampled_from(["clientId", "token", "x"]), st.text(max_size=80), max_size=3),
    headers=st.dictionaries(st.text(max_size=20) | st.just("authorization"), st.text(max_size=80), max_size=3),
)
def test_nothing_but_unreadable_is_ever_raised(
    name: Provider, body: bytes, query: dict[str, str], headers: dict[str, str]
) -> None:
    provider = PROVIDERS[name]
    for route in provider.routes:
        request = WebhookRequest(route.path, query, headers, body)
        assert provider.authenticate(request, ["a-key-for-tests-with-at-least-32-characters"]) is None
        provider.delivery_id(request)
    redacted = provider.redact(body)
    assert provider.redact(redacted) == redacted
    shorter = provider.shorten(redacted, 1_000)
    assert shorter is None or len(shorter) <= len(redacted) + 1_000
    for source in Source:
        with contextlib.suppress(Unreadable):
            provider.read_event(redacted, source)


@each_provider
@any_input
@given(
    changes=st.dictionaries(
        st.sampled_from(["headers", "body", "isBase64Encoded", "queryStringParameters", "requestContext", "rawPath"]),
        anything,
        max_size=4,
    ),
    headers=st.dictionaries(st.text(max_size=20), st.text(max_size=80), max_size=3),
)
def test_any_request(
    webhook: WebhookUnderTest, name: Provider, changes: dict[str, Any], headers: dict[str, str]
) -> None:
    request = posted(name, b"{}", webhook.client_id, headers=headers)
    assert webhook.of(name).call({**request, **changes}).status_code in (200, 400, 401)


# --- Mutants of what providers really send --------------------------------------------------------------------------

MUTANTS = 400 // len(PROVIDERS)
SEED_VARIABLE = "MUTATION_SEED"  # of a failure, to see it again
FOREIGN_VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**30,
        1e308,
        "",
        " \n",
        "\0",
        "\ud800",
        "x" * 5_000,
        [],
        {},
        [[]],
        {"a": {"b": 1}},
    ),
    *("2026-02-30", "pat@acme.test", "<p>Hi</p>", "> quoted", "019ab401-0036-7c11-9d11-000000000001"),
]


def truncated(rnd: random.Random, body: bytes, _other: bytes) -> bytes:
    return body[: rnd.randrange(len(body))]


def with_flipped_bits(rnd: random.Random, body: bytes, _other: bytes) -> bytes:
    flipped = bytearray(body)
    for _ in range(rnd.randint(1, 8)):
        flipped[rnd.randrange(len(flipped))] ^= 1 << rnd.randrange(8)
    return bytes(flipped)


def spliced(rnd: random.Random, body: bytes, other: bytes) -> bytes:
    return body[: rnd.randrange(len(body))] + other[rnd.randrange(len(other)) :]


def with_a_slice_twice(rnd: random.Random, body: bytes, _other: bytes) -> bytes:
    start, end = sorted(rnd.sample(range(len(body)), 2))
    return body[:end] + body[start:end] * rnd.randint(1, 20) + body[end:]


def as_fields(body: bytes) -> list[tuple[str, Any]]:
    """Returns the members of the object; of a reply with these words when it is none any more."""
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    if isinstance(parsed, dict) and len(parsed) > 1:
        return list(parsed.items())
    return [("event_type", "reply_received"), ("reply_text", body.decode(errors="replace"))]


def as_object(fields: list[tuple[str, Any]]) -> bytes:
    """Unlike a dict it may hold a key twice."""
    return ("{" + ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in fields) + "}").encode()


def with_foreign_types(rnd: random.Random, body: bytes, _other: bytes) -> bytes:
    fields = as_fields(body)
    for index in rnd.sample(range(len(fields)), rnd.randint(1, min(4, len(fields)))):
        fields[index] = (fields[index][0], rnd.choice(FOREIGN_VALUES))
    return as_object(fields)


def with_values_swapped(rnd: random.Random, body: bytes, other: bytes) -> bytes:
    keys, values = zip(*as_fields(body), strict=True)
    shuffled = rnd.sample([*values, *(value for _, value in as_fields(other))], len(values))
    return as_object([(key, rnd.choice((new, old))) for key, new, old in zip(keys, shuffled, values, strict=True)])


def with_keys_dropped(rnd: random.Random, body: bytes, _other: bytes) -> bytes:
    return as_object([field for field in as_fields(body) if rnd.random() < 0.7])


def with_keys_twice(rnd: random.Random, body: bytes, other: bytes) -> bytes:
    fields = as_fields(body) + [field for field in as_fields(other) if rnd.random() < 0.5]
    fields += [(key.upper() if rnd.random() < 0.3 else f"{key}\0", value) for key, value in rnd.sample(fields, 2)]
    rnd.shuffle(fields)
    return as_object(fields)


MUTATIONS: list[Callable[[random.Random, bytes, bytes], bytes]] = [
    *(truncated, with_flipped_bits, spliced, with_a_slice_twice),
    *(with_foreign_types, with_values_swapped, with_keys_dropped, with_keys_twice),
]


@each_provider
def test_mutants_of_the_samples_get_an_answer(webhook: WebhookUnderTest, name: Provider) -> None:
    seed = os.environ.get(SEED_VARIABLE) or str(random.SystemRandom().randrange(10**9))
    rnd = random.Random(seed)  # noqa: S311
    bodies = Fuzzed.samples(name)
    seen = set()
    for number in range(MUTANTS):
        body, other = rnd.sample(bodies, 2)
        mutations = [MUTATIONS[number % len(MUTATIONS)], *rnd.sample(MUTATIONS, rnd.choice((0, 0, 1)))]
        for mutate in mutations:
            body = mutate(rnd, body, other) or b"{}"
        told = f"{SEED_VARIABLE}={seed}, mutant {number} ({', '.join(m.__name__ for m in mutations)}): {body!r}"
        try:
            answer = post(webhook, name, body, as_base64=rnd.random() < 0.5)
        except Exception as error:
            pytest.fail(f"{type(error).__name__} of {told}")
        assert (answer.status_code, answer.status in STATUSES) == (200, True), told
        assert answer.body.get("reason") != "internal_error", told
        seen.add(answer.status)
    assert seen >= STATUSES - {"duplicate"}, (
        f"{SEED_VARIABLE}={seed}: the mutants are all too broken, or not broken enough"
    )


# --- Bombs ---------------------------------------------------------------------------------------------------------

BOMBS: dict[str, Callable[[bytes, bytes, bytes, bytes, bytes], bytes]] = {
    "depth": lambda start, _address, _id, text, _html: start + b'"%s":' % text + b"[" * 500_000 + b"]" * 500_000 + b"}",
    "long number": lambda start, _address, _id, text, _html: start + b'"%s":"Hi","x":' % text + b"9" * 1_000_000 + b"}",
    "no number": lambda start, _address, _id, text, _html: start + b'"%s":"Hi","x":1e999999,"y":NaN}' % text,
    "duplicate keys": lambda start, _address, _id, text, _html: (
        start + b'"%s":"Hi"' % text + b',"k":1' * 200_000 + b"}"
    ),
    "quotes": lambda start, _address, _id, text, _html: start + b'"%s":"' % text + b"> \\n" * 700_000 + b'"}',
    "tags": lambda start, _address, _id, _text, html: start + b'"%s":"' % html + b"<div>" * 600_000 + b'"}',
    "address": lambda start, address, _id, text, _html: (
        start + b'"%s":"' % address + b"a" * 100_000 + b'@acme.test","%s":"Hi"}' % text
    ),
    "id": lambda start, _address, id, text, _html: start + b'"%s":"' % id + b"x" * 500_000 + b'","%s":"Hi"}' % text,
    "event type": lambda start, _address, _id, text, _html: (
        start + b'"event_type":"' + b"lead_" * 100_000 + b'","%s":"Hi"}' % text
    ),
    "combining marks": lambda start, _address, _id, text, _html: (
        start
        + b'"%s":"a' % text
        + "\N{COMBINING ACUTE ACCENT}".encode() * 1_400_000
        + "\N{COMBINING GRAVE ACCENT BELOW}".encode() * 1_400_000
        + b'"}'
    ),
    "quotations begin": lambda start, _address, _id, _text, html: (
        start + b'"%s":"' % html + b"wrote:<br>" * 590_000 + b'"}'
    ),
}
CLEANING = {"quotes", "tags", "combining marks", "quotations begin"}  # the same for whoever brings the text


@pytest.mark.parametrize(
    ("name", "bomb"),
    [(name, bomb) for name in PROVIDERS for bomb in BOMBS if bomb not in CLEANING or name is Provider.INSTANTLY],
)
def test_bombs_take_bounded_time(webhook: WebhookUnderTest, name: Provider, bomb: str) -> None:
    body = BOMBS[bomb](FUZZED[name].bomb, *FUZZED[name].names)
    post(webhook, name, b"warm-up")
    started = time.thread_time()
    answer = post(webhook, name, body)
    assert answer.status_code == 200
    assert answer.body.get("reason") != "internal_error"
    assert time.thread_time() - started < 10
