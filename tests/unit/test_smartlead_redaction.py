"""No secret of ours is stored, parked, logged or part of a key: SmartLead repeats it in each of its deliveries."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.providers.smartlead.redaction import redact
from tests.instantly_events import body_of
from tests.smartlead_events import category_updated, email_reply, secret_of, token_of, with_secret

CLIENT = UUID("01890000-0000-7000-8000-000000000001")
OURS = secret_of(CLIENT)
TOKEN = token_of(CLIENT)


@pytest.mark.parametrize(
    ("body", "redacted"),
    [
        (b'{"secret_key":"their own words","a":1}', b'{"secret_key":"***","a":1}'),
        (b'{"secret_key" :\n "a\\"b","a":1}', b'{"secret_key" :\n "***","a":1}'),
        (b'{"a":{"b":[{"secret_key":"x"}]},"secret_key":"y","secret_key":"z"}',
         b'{"a":{"b":[{"secret_key":"***"}]},"secret_key":"***","secret_key":"***"}'),
        (b'{"secret\\u005Fkey":"x"}', b'{"secret_key":"***"}'),
        (b'{"\\u0073\\u0065cret_key\\u0000":"x"}', b'{"secret_key":"***"}'),
        (b'{"secret_key":123,"a":null}', b'{"secret_key":"***","a":null}'),
        (b'{"raw":"{\\"secret_key\\": \\"x\\", \\"a\\": 1}"}', b'{"raw":"{\\"secret_key\\": \\"***\\", \\"a\\": 1}"}'),
        (b'{"webhook_url":"https://hooks.test/w?clientId=1&token=x","u":"https://u.test?token=theirs"}',
         b'{"webhook_url":"https://hooks.test/w?***","u":"https://u.test?token=theirs"}'),
        (b'{"webhook_url":"https:\\/\\/hooks.test\\u003ftoken=x"}', b'{"webhook_url":"https:\\/\\/hooks.test?***"}'),
        (f'{{"text":"see {OURS} and {TOKEN}."}}'.encode(), b'{"text":"see *** and ***."}'),
        (b'x" {"secret_key": "x"} no JSON', b'x" {"secret_key": "***"} no JSON'),
        (b'{"secret_key": "cut o', b'{"secret_key": "***'),
        ('{"secret_key":"x"}'.encode("utf-16-le"), b'{"secret_key":"***"}'),
    ],
)  # fmt: skip
def test_secrets_are_taken_out_however_they_are_spelled(body: bytes, redacted: bytes) -> None:
    assert redact(body) == redacted
    assert redact(redacted) == redacted


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\xff",
        b'{"text":"my secret_key is lost","secret":"of success","key":"secret_key"}',
        b'{"webhook_url":"https://hooks.test/w","text":"webhook_url? none"}',
        b'{"text":"caf\\u00e9 \\u0041 \\\\u0041 v1.0 s3.amazonaws"}',
        b'{"url":"https://t.test/' + b"0123456789abcdef" * 4 + b'"}',
    ],
)
def test_what_holds_no_secret_stays_as_it_came(body: bytes) -> None:
    assert redact(body) == body


def test_a_delivery_is_the_same_whatever_secret_it_came_with() -> None:
    reply = email_reply()
    reply["webhook_url"] = f"https://hooks.test/webhooks/smartlead?clientId={CLIENT}&token={TOKEN}"
    for event in (reply, category_updated(reply)):
        kept = {redact(with_secret(event, secret)) for secret in (OURS, secret_of(CLIENT, 2), "theirs")}
        assert len(kept) == 1
        assert json.loads(kept.pop()) == {
            **event,
            "secret_key": "***",
            **({"webhook_url": "https://hooks.test/webhooks/smartlead?***"} if "webhook_url" in event else {}),
        }


def escaped(text: str, every: int) -> str:
    return "".join(f"\\u{ord(char):04x}" if index % every == 0 else char for index, char in enumerate(text))


@given(
    fields=st.dictionaries(st.text(max_size=8), st.text(max_size=20) | st.integers() | st.none(), max_size=4),
    depth=st.integers(0, 4),
    every=st.integers(1, 20),
    cut=st.integers(0, 400),
    secret=st.sampled_from([OURS, TOKEN]),
)
def test_no_secret_is_left_wherever_it_stands(
    fields: dict[str, Any], depth: int, every: int, cut: int, secret: str
) -> None:
    value: Any = {**fields, "secret_key": "SECRET", "text": "TEXT"}
    for _ in range(depth):
        value = {**fields, "inner": [value]}
    spelled = json.dumps(value).replace("SECRET", escaped(secret, every)).replace("TEXT", f"so {secret} it is")
    body = spelled.encode()
    whole = redact(body)
    assert secret not in json.dumps(json.loads(whole))
    assert redact(whole) == whole
    broken = redact(body[cut:])
    assert secret.encode() not in broken
    assert redact(broken) == broken


@given(st.binary(max_size=200) | st.text('secret_key":\\ u0073{}[]webhook_url?\0', max_size=60).map(str.encode))
def test_redacting_twice_changes_nothing(body: bytes) -> None:
    assert redact(redact(body)) == redact(body)


@pytest.mark.parametrize(
    "part",
    [b'"', b"\\", b'\\"', b"secret_key", b'secret_key":"', b'secret_key\\":\\"', b'webhook_url":"', b"v1.", b"\\u0073",
     b's1.' + b"a" * 63, b"s\0", b"Hello there. "],
)  # fmt: skip
def test_hostile_bodies_take_linear_time(part: bytes) -> None:
    started = time.thread_time()
    redact(part * (300_000 // len(part)))
    assert time.thread_time() - started < 2  # 0.1 s; quadratic steps would take minutes


def test_the_event_is_still_the_same_json() -> None:
    body = body_of(email_reply())
    assert json.loads(redact(body)) | {"secret_key": "", "webhook_url": ""} == json.loads(body) | {
        "secret_key": "",
        "webhook_url": "",
    }
