"""The webhook's signing keys and the states of their rotation, in the form of the secret's JSON.

``{"current": …}`` → stage a new key (``next``: accepted, not used) → once every verifier has read it, make it current
(the old one is ``previous``: accepted, not used) → once every hook carries a token of the new one, retire the old.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

MIN_KEY_CHARS = 32


@dataclass(frozen=True, slots=True)
class SigningKeySet:
    """The keys by their part. Tokens are made with ``current``; all three are accepted."""

    current: str = field(repr=False)
    previous: str | None = field(default=None, repr=False)
    next: str | None = field(default=None, repr=False)
    next_since: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> SigningKeySet:
        """Reads a set of keys. Raises ValueError, whose message quotes nothing, when ``text`` holds no usable one."""
        try:
            values = json.loads(text)
            current, previous, following = (
                str(values[name]) if values.get(name) else None for name in ("current", "previous", "next")
            )
            since = values.get("next_since")
            next_since = datetime.fromisoformat(since) if since else None
        except (ValueError, AttributeError, TypeError):
            raise ValueError('expected JSON {"current": "…", "previous": "…"}') from None
        given = [key for key in (current, previous, following) if key is not None]
        if current is None or min(map(len, given)) < MIN_KEY_CHARS:
            raise ValueError(f"a current key is needed, and keys of at least {MIN_KEY_CHARS} characters")
        return cls(current, previous, following, next_since)

    def to_json(self) -> str:
        values = {
            "current": self.current,
            "previous": self.previous or "",
            "next": self.next,
            "next_since": None if self.next_since is None else self.next_since.isoformat(),
        }
        return json.dumps({name: value for name, value in values.items() if value is not None})

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every accepted key, the one that tokens are made with first."""
        return tuple(key for key in (self.current, self.previous, self.next) if key is not None)

    def staged(self, key: str, at: datetime) -> SigningKeySet:
        """Returns the set with ``key`` as the next one. Raises ValueError while another rotation is under way."""
        if self.next is not None or self.previous is not None:
            raise ValueError("a rotation is under way")
        return SigningKeySet(self.current, next=key, next_since=at)

    def promoted(self) -> SigningKeySet:
        """Returns the set with the next key as the current one. Raises ValueError when there is none."""
        if self.next is None:
            raise ValueError("no key is staged")
        return SigningKeySet(self.next, previous=self.current)

    def retired(self) -> SigningKeySet:
        """Returns the set without the previous key. Raises ValueError while a key is staged."""
        if self.next is not None:
            raise ValueError("a rotation is under way")
        return SigningKeySet(self.current)


def make_key() -> str:
    """Makes a new key."""
    return secrets.token_hex(32)


def fingerprint(key: str) -> str:
    """Returns a key's name for the public: nothing can be derived from it."""
    return sha256(b"fingerprint of a signing key:" + key.encode()).hexdigest()[:8]
