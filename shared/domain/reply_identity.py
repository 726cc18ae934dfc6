"""Which deliveries are the same delivery, and which events are about the same message.

A payload need not carry an event id; one reply may arrive several times, byte for byte or under several event types,
with or without the provider's id of it, or through two accounts that watch one mailbox. Four keys distinguish these
cases. All are SHA-256 digests: hostile input cannot outgrow an index entry, and the parts are joined so that no two
lists of parts give the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from uuid import UUID

from shared.domain.vocabulary import Channel, DraftId, Provider

# Marks without width that mail programs add and drop at will: zero width (no-break) space, joiners, soft hyphen.
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))

# What text and HTML of one email show differently: *emphasis*, bullets, straight and curly quotes, dashes, ellipses.
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u206f\u25a0-\u25ff]+")

_MAX_CHARS = 200_000

# Normalising sorts each run of combining marks by insertion, in n² steps for n of them; no language comes near 30.
# The pattern finds what may hold a longer run: all marks are of this class, besides the two that are letters.
_MAX_MARKS = 30
_LONG_MARKS = re.compile(rf"(?:[^\w\s\x00-\x7f]|[\uff9e\uff9f]){{{_MAX_MARKS + 1},}}+")


def delivery_key(client_id: UUID, raw_body: bytes) -> bytes:
    """Returns a delivery's identity: the same bytes for the same client are the same delivery."""
    return sha256(client_id.bytes + raw_body).digest()


def delivery_key_of_account(provider: Provider, external_account: str, raw_body: bytes) -> bytes:
    """Returns the identity of a delivery that names no client: the same whoever turns out to have the account."""
    return _digest("delivery of account", provider, external_account, sha256(raw_body).hexdigest())


def delivery_key_of_id(whose: UUID | str, provider: Provider, delivery_id: str) -> bytes:
    """Returns the identity of a delivery that its provider numbers: its bytes may differ when it comes again.

    ``whose``: the client, or the external account of a delivery that names none.
    """
    return _digest("delivery", str(whose), provider, delivery_id)


def content_key(campaign_id: str | None, lead_email: str, text: str, subject: str) -> bytes:
    """Returns the identity of an email's words, campaign and people, in spite of event type and time.

    ``campaign_id`` is the provider's; ``text`` is without quotes where possible. Letter case, white space and marks
    without width do not count.
    """
    return _digest("content", campaign_id or "", lead_email.lower(), normalised_text(text), normalised_text(subject))


def words_key(channel: Channel, words: str) -> bytes | None:
    """Returns the identity of a message's own words (without quotes and signature), whichever account shows them.

    The subject takes no part: a tool may leave it out or show the campaign's. Neither does punctuation: one tool shows
    the text, another the HTML of the same email. None: words that are not there are nobody's.
    """
    said = bare_words(words)
    return _digest("words", channel, said) if said else None


def reply_key(provider: Provider, account_id: UUID | None, id_scope: str | None, message_id: str) -> bytes:
    """Returns the unique key of a message that its provider has given an id.

    ``id_scope``: the thread, at a provider whose ids are only unique within one; else None.
    """
    return _digest("message", provider, "" if account_id is None else str(account_id), id_scope or "", message_id)


def reply_key_without_id(content: bytes, delivery: bytes) -> bytes:
    """Returns the unique key of a message without an id: its content, as this delivery brought it.

    So the same "ok, thanks" a month later is a new reply while a redelivery is not; the clock never takes part, or a
    redelivery would be new each time.
    """
    return _digest("occurrence", content.hex(), delivery.hex())


def reply_key_of_draft(draft_id: DraftId) -> bytes:
    """Returns the unique key of the message that a draft has become, as long as the provider tells no id of it."""
    return _digest("draft", str(draft_id))


def normalised_text(value: str) -> str:
    """``value`` for comparison only: compatibility forms folded, no letter case, no white space, nothing invisible.

    Takes time linear in the length of any text. What lies beyond 200,000 characters takes part as its digest.
    """
    rest = ""
    if len(value) > _MAX_CHARS:  # one character may become 18, each of them costs
        rest = sha256(value[_MAX_CHARS:].encode("utf-8", "surrogatepass")).hexdigest()
        value = value[:_MAX_CHARS]
    folded = unicodedata.normalize("NFKC", _LONG_MARKS.sub(_part_marks, value)).casefold()
    return "".join(folded.translate(_INVISIBLE).split()) + rest


def bare_words(value: str) -> str:
    """Returns ``normalised_text`` without punctuation, unless there is nothing else."""
    said = normalised_text(value)
    return _PUNCTUATION.sub("", said) or said


def _part_marks(match: re.Match[str]) -> str:
    """The marks with a COMBINING GRAPHEME JOINER behind every 30th: the Stream-Safe Text Format of UAX #15."""
    parts: list[str] = []
    marks = 0
    for char in match.group():
        is_mark = unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) > 0
        marks = marks + 1 if is_mark else 0
        if marks > _MAX_MARKS:
            parts.append("\u034f")
            marks = 1
        parts.append(char)
    return "".join(parts)


def _digest(*parts: str) -> bytes:
    digest = sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.digest()
