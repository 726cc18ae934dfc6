"""The keyed hash of an address: one for all spellings, and of no use to anybody without the key."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.domain.address_hash import AddressHashKey
from shared.domain.events import Address
from shared.domain.vocabulary import ClientId, IdentityKind

KEY = AddressHashKey("an-address-hash-key-for-tests-with-45-characters")
CLIENT = ClientId(UUID("019aa000-0000-7000-8000-000000000001"))
OTHER_CLIENT = ClientId(UUID("019aa000-0000-7000-8000-000000000002"))
JANE = Address(IdentityKind.EMAIL, "jane@example.com")


def test_the_hash_is_the_same_for_ever() -> None:
    """Stored hashes have to be found by every later release."""
    expected = "dcc1d7"
    assert KEY.hash_of(CLIENT, JANE).hex()[:6] == expected
    assert len(KEY.hash_of(CLIENT, JANE)) == 32


@pytest.mark.parametrize("spelling", ["Jane@Example.com", " jane@example.com.", "JANE@EXAMPLE.COM"])
def test_all_spellings_of_an_address_have_one_hash(spelling: str) -> None:
    assert KEY.hash_of(CLIENT, Address(IdentityKind.EMAIL, spelling)) == KEY.hash_of(CLIENT, JANE)


def test_what_is_no_address_of_its_kind_has_a_hash_of_its_own() -> None:
    numbers = [Address(IdentityKind.PHONE, value) for value in ("+12025550101", "2025550101", "")]
    assert len({KEY.hash_of(CLIENT, number) for number in numbers}) == len(numbers)


def test_clients_kinds_and_keys_are_apart() -> None:
    other_key = AddressHashKey("another-address-hash-key-with-40-characters")
    hashes = {
        KEY.hash_of(CLIENT, JANE),
        KEY.hash_of(OTHER_CLIENT, JANE),
        KEY.hash_of(CLIENT, Address(IdentityKind.SMARTLEAD_LEAD, JANE.value)),
        other_key.hash_of(CLIENT, JANE),
    }
    assert len(hashes) == 4


def test_a_short_key_is_refused_and_never_shown() -> None:
    with pytest.raises(ValueError, match="at least 32 characters") as refused:
        AddressHashKey("short-secret")
    assert "short-secret" not in str(refused.value)
    assert KEY.secret not in repr(KEY)
