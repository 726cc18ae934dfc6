from __future__ import annotations

import json

import pytest

from shared.config import SECRET_CACHE_S, SECRET_RETRY_S, Secrets, SettingsError, SigningKeys

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
