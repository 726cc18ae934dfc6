"""Which deliveries are the same delivery, and which events are about the same reply.

Instantly's payloads carry no event id; one reply may arrive several times, byte for byte or under several event types,
with or without its e-mail id. Three keys tell these cases apart. All are SHA-256 digests: hostile input cannot outgrow
an index entry, and the parts are joined so that no two lists of parts give the same bytes.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from uuid import UUID

# Marks without width that mail programs add and drop at will: zero width (no-break) space, joiners, soft hyphen.
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


def delivery_key(client_id: UUID, raw_body: bytes) -> bytes:
    """The identity of a delivery: the same bytes for the same client are the same delivery."""
    return sha256(client_id.bytes + raw_body).digest()


def content_key(campaign_id: str | None, lead_email: str, text: str, subject: str) -> bytes:
    """What a mail says, in which campaign and to or from whom: what stays the same when event type and time differ.

    ``campaign_id`` is the provider's; ``text`` is without quotes where possible. Letter case, white space and marks
    without width do not count.
    """
    return _digest("content", campaign_id or "", lead_email.lower(), normalised_text(text), normalised_text(subject))


def reply_key(email_id: str | None, content: bytes, delivery: bytes) -> bytes:
    """The unique key of a message: its e-mail id, else what it says in this delivery.

    Without an id the delivery takes part, so that the same "ok, thanks" a month later is a new reply while a
    redelivery is not; the clock never does, or a redelivery would be new each time.
    """
    if email_id is not None:
        return _digest("email", email_id)
    return _digest("occurrence", content.hex(), delivery.hex())


def normalised_text(value: str) -> str:
    """``value`` for comparison only: compatibility forms folded, no letter case, no white space, nothing invisible."""
    return "".join(unicodedata.normalize("NFKC", value).casefold().translate(_INVISIBLE).split())


def holds_wording(mail: str, body: str) -> bool:
    """Whether ``mail`` carries ``body``, whatever a mail program has put around it (signature, quoted thread)."""
    return bool(words := normalised_text(body)) and words in normalised_text(mail)


def _digest(*parts: str) -> bytes:
    digest = sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()
