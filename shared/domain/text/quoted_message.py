"""The recognition of a quoted message among those that are at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from shared.domain.text.wording import folded

SHARE_OF_WORDS = 0.6  # a client wraps, cuts and decorates what it quotes
LEAST_WORDS = 5
MOST_WORDS = 300  # of each: enough to tell two messages apart


def is_among(quoted: str, messages: Iterable[str]) -> bool:
    """Tells whether most words of the quoted message are in one of these, so that it need not be shown twice.

    A quotation of a few words is taken for any message's.
    """
    words = _words(quoted)
    if len(words) < LEAST_WORDS:
        return True
    return any(len(words & _words(message)) >= SHARE_OF_WORDS * len(words) for message in messages)


def _words(text: str) -> set[str]:
    return {match[0] for match in islice(re.finditer(r"\w+", folded(text)), MOST_WORDS)}
