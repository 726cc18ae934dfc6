"""A keyed hash of a person's address: recognises the address when it comes again, without keeping it.

Tombstones, copies of what we sent to people who are no lead, and kept deliveries are found by it. Without the key
nobody can try out addresses against it. The key is one of its own and never rotates: what was hashed with a former
one would never be recognised again, and an erased person would be written to. The webhook's signing keys rotate.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from shared.domain.events import Address
from shared.domain.identity import canonical_key
from shared.domain.vocabulary import ClientId

MIN_KEY_CHARS = 32

type HashAddress = Callable[[ClientId, Address], bytes]
"""AddressHashKey.hash_of, with the stage's key."""


@dataclass(frozen=True, slots=True)
class AddressHashKey:
    """The key of a stage's address hashes. Raises ValueError, whose message quotes nothing, when it is too short."""

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < MIN_KEY_CHARS:
            raise ValueError(f"a key of at least {MIN_KEY_CHARS} characters is needed")

    def hash_of(self, client_id: ClientId, address: Address) -> bytes:
        """Returns the 32 bytes that all spellings of ``address`` share inside one client.

        The client is part of it: equal hashes of two clients would say that both know the same person.
        """
        canonical = canonical_key(address.kind, address.value) or address
        said = f"{client_id}\n{canonical.kind}\n{canonical.value}"
        return hmac.digest(self.secret.encode(), said.encode("utf-8", "surrogatepass"), sha256)
