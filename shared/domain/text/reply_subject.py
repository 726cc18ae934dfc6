"""The subject of our drafts: the same in the draft, in the review and in the sent email."""

from __future__ import annotations

import re

from shared.domain.channels import ChannelRules
from shared.domain.drafting.outgoing_text import outgoing_line

MAX_SUBJECT_CHARS = 300
FALLBACK_SUBJECT = "Re: your message"

# "Re:" as mail programs write it in several languages, once or more. "RV" and "WG" announce a forwarded email.
_REPLY_PREFIXES = re.compile(
    r"(?:(?:re|aw|antw|sv|vs|rif|r|odp|res|回复|答复)\s*(?:\[\d{1,3}\])?\s*[:\uff1a]\s*)+", re.IGNORECASE
)


def reply_subject(*subjects: str) -> str:
    """Returns the first of these subjects that has words, as one line with "Re: " in front exactly once. Idempotent."""
    for subject in subjects:
        words = outgoing_line(subject)
        prefixes = _REPLY_PREFIXES.match(words)
        topic = words[prefixes.end() :] if prefixes else words
        if topic:
            return f"Re: {topic}"[:MAX_SUBJECT_CHARS].rstrip()
    return FALLBACK_SUBJECT


def subject_on(channel: ChannelRules, *subjects: str) -> str:
    """Returns the subject of our draft on a channel; empty where the medium has none."""
    return reply_subject(*subjects) if channel.has_subject else ""


def is_reply_subject(subject: str) -> bool:
    """Tells whether a mail program has marked a subject as that of a reply."""
    return _REPLY_PREFIXES.match(outgoing_line(subject)) is not None
