"""The condition for a model's opt-out to suppress: the words that it quotes are the lead's own."""

from __future__ import annotations

from shared.domain.text.wording import occurs_in


def words_occur(words: str, *, subject: str, clean_text: str) -> bool:
    """True when ``words`` occur in the subject or the cleaned text, in any case of letters and with any white space.

    ``words`` is the model's quotation for its reason; quoting nothing proves nothing, so empty words never occur.
    """
    return occurs_in(words, subject) or occurs_in(words, clean_text)
