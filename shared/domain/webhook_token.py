"""The webhook's access token, and the secret of a provider that repeats one in the bodies that it posts.

A token is ``v<version>.<hmac>``: HMAC-SHA256 over the provider, the client's id and the version, under a signing key.
It needs no row to be checked, so a stranger costs no I/O. Raising the client's version revokes all earlier tokens; more
than one signing key is accepted while one is being rotated out (shared.domain.signing_keys).

A secret is ``s<version>.<hmac>``, derived in the same way for another purpose: neither can be told from the other.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Self
from uuid import UUID

from shared.domain.vocabulary import Provider

_TOKEN = re.compile(r"v([1-9][0-9]{0,8})\.([0-9a-f]{64})", re.ASCII)


def make_token(client_id: UUID, version: int, key: str, provider: Provider) -> str:
    """Makes the token that ``provider`` sends for a client in its token version (1 to 999,999,999)."""
    return f"v{version}.{_hmac('webhook', provider, client_id, version, key)}"


def make_secret(client_id: UUID, version: int, key: str, provider: Provider) -> str:
    """Makes the secret that ``provider`` knows a client's webhook by, in the client's token version."""
    return f"s{version}.{_hmac('webhook-secret', provider, client_id, version, key)}"


class RenewableKeys(tuple[str, ...]):
    """Keys as they were last read. ``renew`` reads them again: whoever makes tokens may be ahead of us."""

    renew: Callable[[], Sequence[str]]

    @classmethod
    def of(cls, keys: Sequence[str], renew: Callable[[], Sequence[str]]) -> Self:
        known = cls(keys)
        known.renew = renew
        return known


def verify_token(token: str, client_id: UUID, keys: Sequence[str], provider: Provider) -> int | None:
    """Returns the version that ``token`` was made for; None when no key of ``keys`` made it for this client.

    Whether that version is still the client's is for the caller to judge. Every key is tried and compared in constant
    time, so the answer's timing tells nothing about a signature. RenewableKeys get a second look when none of them made
    a well-formed token; how often they are really read is theirs to bound.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    version = int(match[1])
    genuine = _with_newest_keys(
        keys, lambda known: _is_one_of(token, (make_token(client_id, version, key, provider) for key in known))
    )
    return version if genuine else None


def verify_secret(secret: str, client_id: UUID, version: int, keys: Sequence[str], provider: Provider) -> bool:
    """Says whether a key of ``keys`` made this secret for a client and version. As careful as ``verify_token``."""
    return _with_newest_keys(
        keys, lambda known: _is_one_of(secret, (make_secret(client_id, version, key, provider) for key in known))
    )


def verify_signature(
    signature: str, body: bytes, client_id: UUID, version: int, keys: Sequence[str], provider: Provider
) -> bool:
    """Says whether ``signature`` is the HMAC-SHA256, in hex, of a body under a secret that a key of ``keys`` made."""
    return _with_newest_keys(
        keys,
        lambda known: _is_one_of(
            signature,
            (
                hmac.digest(make_secret(client_id, version, key, provider).encode(), body, "sha256").hex()
                for key in known
            ),
        ),
    )


def is_well_formed(token: str) -> bool:
    """True when ``token`` could be one of ours, of any maker."""
    return _TOKEN.fullmatch(token) is not None


def _with_newest_keys(keys: Sequence[str], is_genuine: Callable[[Sequence[str]], bool]) -> bool:
    return is_genuine(keys) or (isinstance(keys, RenewableKeys) and is_genuine(keys.renew()))


def _is_one_of(given: str, genuine: Iterable[str]) -> bool:
    """Compares with every one in constant time, whichever it is."""
    candidate, found = given.encode("utf-8", "surrogatepass"), False
    for one in genuine:
        found |= hmac.compare_digest(one.encode(), candidate)
    return found


def _hmac(purpose: str, provider: Provider, client_id: UUID, version: int, key: str) -> str:
    return hmac.digest(key.encode(), f"{provider.lower()}-{purpose}:{client_id}:{version}".encode(), "sha256").hex()
