from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from shared.config import KEYS_READ_AGAIN_S, SECRET_CACHE_S, SECRET_RETRY_S, Secrets, SettingsError, SigningKeys
from shared.domain.signing_keys import MIN_KEY_CHARS, SigningKeySet, fingerprint, make_key

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys"
FIRST, SECOND = "first-key-of-at-least-32-characters!", "second-key-of-at-least-32-characters"


class SecretStore:
    """Secrets Manager as far as these tests need it, and a clock."""

    def __init__(self) -> None:
        self.value = json.dumps({"current": FIRST})
        self.fails = False
        self.reads = 0
        self.now = 1_000.0

    def fetch(self, _reference: str) -> str:
        self.reads += 1
        if self.fails:
            raise TimeoutError
        return self.value

    def keys(self) -> SigningKeys:
        return SigningKeys(Secrets(self.fetch, lambda: self.now), ARN, lambda: self.now)


def test_rotated_keys_are_taken_up_within_five_minutes() -> None:
    store = SecretStore()
    keys = store.keys()
    store.value = json.dumps({"current": SECOND, "previous": FIRST})
    assert keys() == (FIRST,)
    store.now += SECRET_CACHE_S
    assert keys() == (SECOND, FIRST)


@pytest.mark.parametrize("broken", ["not readable", "nonsense", '{"current": "short"}'])
def test_known_keys_outlive_a_secret_that_is_broken_or_out_of_reach(broken: str) -> None:
    store = SecretStore()
    keys = store.keys()
    store.fails = broken == "not readable"
    store.value = broken
    store.now += SECRET_CACHE_S
    reads = store.reads
    assert keys() == keys() == (FIRST,)
    assert store.reads == reads + 1  # not once per request
    store.fails, store.value = False, json.dumps({"current": SECOND})
    store.now += SECRET_CACHE_S + SECRET_RETRY_S
    assert keys() == (SECOND,)


def test_without_keys_from_the_start_there_is_no_webhook() -> None:
    store = SecretStore()
    store.value = "{}"
    with pytest.raises(SettingsError):
        store.keys()


def test_keys_are_read_again_at_once_for_a_token_that_none_of_them_made_though_not_for_each() -> None:
    store = SecretStore()
    keys = store.keys()
    store.value = json.dumps({"current": SECOND, "previous": FIRST})
    assert keys.read_again() == keys() == (SECOND, FIRST)
    for _ in range(100):
        store.now += KEYS_READ_AGAIN_S / 101
        keys.read_again()
    assert store.reads == 2
    store.now += KEYS_READ_AGAIN_S
    keys.read_again()
    assert store.reads == 3


def test_reading_again_does_not_wait_for_the_pause_after_a_broken_secret() -> None:
    store = SecretStore()
    keys = store.keys()
    store.value = "nonsense"
    store.now += SECRET_CACHE_S
    assert keys() == (FIRST,)
    store.value = json.dumps({"current": SECOND})
    assert keys.read_again() == (SECOND,)


@pytest.mark.parametrize("broken", ["not readable", "nonsense"])
def test_known_keys_outlive_a_secret_that_cannot_be_read_again(broken: str) -> None:
    store = SecretStore()
    keys = store.keys()
    store.fails = broken == "not readable"
    store.value = broken
    assert keys.read_again() == keys() == (FIRST,)


def test_a_staged_key_is_accepted_and_makes_no_tokens() -> None:
    store = SecretStore()
    store.value = json.dumps({"current": FIRST, "previous": "", "next": SECOND, "next_since": "2026-11-20T00:00:00Z"})
    assert store.keys()() == (FIRST, SECOND)


# --- The states of a rotation ------------------------------------------------------------------------------------

AT = datetime(2026, 11, 20, tzinfo=UTC)


def test_a_rotation_goes_through_its_states_and_each_is_kept_as_json() -> None:
    before = SigningKeySet.parse(json.dumps({"current": FIRST, "previous": ""}))
    staged = before.staged(SECOND, AT)
    promoted = staged.promoted()
    retired = promoted.retired()
    assert [keys.accepted for keys in (before, staged, promoted, retired)] == [
        (FIRST,),
        (FIRST, SECOND),
        (SECOND, FIRST),
        (SECOND,),
    ]
    for keys in (before, staged, promoted, retired):
        assert SigningKeySet.parse(keys.to_json()) == keys
    assert staged.next_since == AT


def test_no_state_is_skipped() -> None:
    settled = SigningKeySet(FIRST)
    staged = settled.staged(SECOND, AT)
    for wrong in (
        settled.promoted,
        staged.retired,
        lambda: staged.staged(SECOND, AT),
        lambda: staged.promoted().staged(FIRST, AT),
    ):
        with pytest.raises(ValueError, match=r"rotation|staged"):
            wrong()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"current": "short"}',
        json.dumps({"current": FIRST, "next": "short"}),
        json.dumps({"previous": FIRST}),
        json.dumps({"current": FIRST, "next": SECOND, "next_since": "yesterday"}),
    ],
)
def test_what_is_no_set_of_keys_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected JSON|key is needed") as raised:
        SigningKeySet.parse(text)
    assert FIRST not in str(raised.value)


def test_keys_are_not_shown_and_a_fingerprint_tells_them_apart() -> None:
    key, other = make_key(), make_key()
    assert key not in repr(SigningKeySet(key, previous=other, next=other))
    assert other not in repr(SigningKeySet(key, previous=other, next=other))
    assert fingerprint(key) != fingerprint(other)
    assert len(key) >= MIN_KEY_CHARS
    assert fingerprint(key) not in key
