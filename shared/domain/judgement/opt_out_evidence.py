"""A model's word about an opt-out, and the condition for it to suppress: what it quotes are the lead's own words."""

from __future__ import annotations

from enum import StrEnum

from shared.domain.text.wording import occurs_in


class OptOutVerdict(StrEnum):
    """A model's verdict about words that may be an opt-out."""

    CONFIRMED = "CONFIRMED"
    DENIED = "DENIED"
    UNCLEAR = "UNCLEAR"
    NONE = "NONE"  # nothing was suspected


def words_occur(words: str, *, subject: str, clean_text: str) -> bool:
    """True when ``words`` occur in the subject or the cleaned text, in any case of letters and with any white space.

    ``words`` is the model's quotation for its reason; quoting nothing proves nothing, so empty words never occur.
    """
    return occurs_in(words, subject) or occurs_in(words, clean_text)
