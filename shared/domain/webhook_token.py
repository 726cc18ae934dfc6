"""The webhook's access token, for providers that sign nothing but send what we have registered with them.

A token is ``v<version>.<hmac>``: HMAC-SHA256 over the provider, the client's id and the version, under a signing key.
It needs no row to be checked, so a stranger costs no I/O. Raising the client's version revokes all earlier tokens; more
than one signing key is accepted while one is being rotated out (shared.domain.signing_keys).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from typing import Self
from uuid import UUID

from shared.domain.vocabulary import Provider

_TOKEN = re.compile(r"v([1-9][0-9]{0,8})\.([0-9a-f]{64})", re.ASCII)


def make_token(client_id: UUID, version: int, key: str, provider: Provider = Provider.INSTANTLY) -> str:
    """Makes the token that ``provider`` sends for a client in its token version (1 to 999,999,999)."""
    return f"v{version}.{_signature(provider, client_id, version, key)}"


class RenewableKeys(tuple[str, ...]):
    """Keys as they were last read. ``renew`` reads them again: whoever makes tokens may be ahead of us."""

    renew: Callable[[], Sequence[str]]

    @classmethod
    def of(cls, keys: Sequence[str], renew: Callable[[], Sequence[str]]) -> Self:
        known = cls(keys)
        known.renew = renew
        return known


def verify_token(
    token: str, client_id: UUID, keys: Sequence[str], provider: Provider = Provider.INSTANTLY
) -> int | None:
    """Returns the version that ``token`` was made for; None when no key of ``keys`` made it for this client.

    Whether that version is still the client's is for the caller to judge. Every key is tried and compared in constant
    time, so the answer's timing tells nothing about a signature. RenewableKeys get a second look when none of them made
    a well-formed token; how often they are really read is theirs to bound.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    version, signature = int(match[1]), match[2]
    genuine = _is_genuine(signature, provider, client_id, version, keys)
    if not genuine and isinstance(keys, RenewableKeys):
        genuine = _is_genuine(signature, provider, client_id, version, keys.renew())
    return version if genuine else None


def _is_genuine(signature: str, provider: Provider, client_id: UUID, version: int, keys: Sequence[str]) -> bool:
    genuine = False
    for key in keys:
        genuine |= hmac.compare_digest(_signature(provider, client_id, version, key), signature)
    return genuine


def is_well_formed(token: str) -> bool:
    """True when ``token`` could be one of ours, of any maker."""
    return _TOKEN.fullmatch(token) is not None


def _signature(provider: Provider, client_id: UUID, version: int, key: str) -> str:
    return hmac.digest(key.encode(), f"{provider.lower()}-webhook:{client_id}:{version}".encode(), "sha256").hex()
