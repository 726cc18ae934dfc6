from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.vocabulary import Provider
from shared.domain.webhook_token import (
    RenewableKeys,
    is_well_formed,
    make_secret,
    make_token,
    verify_secret,
    verify_signature,
    verify_token,
)

CLIENT = UUID("01890000-0000-7000-8000-000000000001")
CURRENT, PREVIOUS = "current-key-of-at-least-32-characters", "previous-key-of-at-least-32-character"


def test_token_names_its_version_and_is_good_for_headers() -> None:
    token = make_token(CLIENT, 3, CURRENT, Provider.INSTANTLY)
    assert token.startswith("v3.")
    assert len(token) == 3 + 64
    assert token.isascii()


@pytest.mark.parametrize("key", [CURRENT, PREVIOUS])
def test_either_key_is_accepted_while_one_is_rotated_out(key: str) -> None:
    assert (
        verify_token(make_token(CLIENT, 2, key, Provider.INSTANTLY), CLIENT, (CURRENT, PREVIOUS), Provider.INSTANTLY)
        == 2
    )


def test_token_of_a_key_that_is_gone_is_refused() -> None:
    assert (
        verify_token(make_token(CLIENT, 1, PREVIOUS, Provider.INSTANTLY), CLIENT, (CURRENT,), Provider.INSTANTLY)
        is None
    )


def test_without_keys_nothing_is_accepted() -> None:
    assert verify_token(make_token(CLIENT, 1, "", Provider.INSTANTLY), CLIENT, (), Provider.INSTANTLY) is None


def test_token_of_another_client_is_refused() -> None:
    assert (
        verify_token(make_token(uuid4(), 1, CURRENT, Provider.INSTANTLY), CLIENT, (CURRENT,), Provider.INSTANTLY)
        is None
    )


@pytest.mark.parametrize("change", ["v2.", "v01.", "v+1.", "V1.", "v1:", "v١.", "v-1.", "v1000000000.", ""])
def test_version_is_part_of_what_is_signed_and_written_one_way(change: str) -> None:
    token = make_token(CLIENT, 1, CURRENT, Provider.INSTANTLY)
    assert verify_token(change + token[3:], CLIENT, (CURRENT,), Provider.INSTANTLY) is None


@given(position=st.integers(0, 66), character=st.characters(codec="utf-8"))
def test_any_changed_character_spoils_the_token(position: int, character: str) -> None:
    token = make_token(CLIENT, 1, CURRENT, Provider.INSTANTLY)
    changed = token[:position] + character + token[position + 1 :]
    assert verify_token(changed, CLIENT, (CURRENT,), Provider.INSTANTLY) == (1 if changed == token else None)


@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    assert verify_token(text, CLIENT, (CURRENT, PREVIOUS), Provider.INSTANTLY) is None


@given(
    client_id=st.uuids(), version=st.integers(1, 999_999_999), key=st.text(st.characters(codec="utf-8"), min_size=32)
)
def test_every_token_made_is_verified(client_id: UUID, version: int, key: str) -> None:
    assert (
        verify_token(
            make_token(client_id, version, key, Provider.INSTANTLY), client_id, (CURRENT, key), Provider.INSTANTLY
        )
        == version
    )


def test_keys_that_can_be_read_again_get_a_second_look_when_none_of_them_made_a_well_formed_token() -> None:
    looks: list[str] = []

    def renew() -> tuple[str, ...]:
        looks.append("look")
        return (CURRENT, PREVIOUS)

    keys = RenewableKeys.of((PREVIOUS,), renew)
    assert verify_token(make_token(CLIENT, 2, PREVIOUS, Provider.INSTANTLY), CLIENT, keys, Provider.INSTANTLY) == 2
    assert verify_token("v2.not-one-of-ours", CLIENT, keys, Provider.INSTANTLY) is None
    assert looks == []
    assert verify_token(make_token(CLIENT, 2, CURRENT, Provider.INSTANTLY), CLIENT, keys, Provider.INSTANTLY) == 2
    assert verify_token("v2." + "0" * 64, CLIENT, keys, Provider.INSTANTLY) is None
    assert looks == ["look"] * 2


# --- The secret of a provider that repeats one ----------------------------------------------------------------------


def test_a_secret_is_a_token_of_nobody_and_no_token_is_a_secret() -> None:
    provider = Provider.SMARTLEAD
    secret, token = make_secret(CLIENT, 1, CURRENT, provider), make_token(CLIENT, 1, CURRENT, provider)
    assert secret.partition(".")[2] != token.partition(".")[2]
    assert verify_secret(secret, CLIENT, 1, (CURRENT,), provider)
    assert not is_well_formed(secret)
    assert not verify_secret(token, CLIENT, 1, (CURRENT,), provider)
    assert not verify_secret("s" + token[1:], CLIENT, 1, (CURRENT,), provider)
    assert verify_token("v" + secret[1:], CLIENT, (CURRENT,), provider) is None


def test_a_secret_is_of_one_client_version_provider_and_key() -> None:
    secret = make_secret(CLIENT, 2, PREVIOUS, Provider.SMARTLEAD)
    assert verify_secret(secret, CLIENT, 2, (CURRENT, PREVIOUS), Provider.SMARTLEAD)
    for client, version, keys, provider in (
        (uuid4(), 2, (PREVIOUS,), Provider.SMARTLEAD),
        (CLIENT, 1, (PREVIOUS,), Provider.SMARTLEAD),
        (CLIENT, 2, (CURRENT,), Provider.SMARTLEAD),
        (CLIENT, 2, (), Provider.SMARTLEAD),
        (CLIENT, 2, (PREVIOUS,), Provider.INSTANTLY),
    ):
        assert not verify_secret(secret, client, version, keys, provider)


@given(secret=st.text(max_size=80), signature=st.text(max_size=80))
def test_no_text_is_an_error_as_a_secret_or_signature(secret: str, signature: str) -> None:
    assert not verify_secret(secret, CLIENT, 1, (CURRENT,), Provider.SMARTLEAD)
    assert not verify_signature(signature, b"body", CLIENT, 1, (CURRENT,), Provider.SMARTLEAD)
