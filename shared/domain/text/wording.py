"""The comparison of words with a text, in any case of letters and with any white space."""

from __future__ import annotations


def folded(text: str) -> str:
    """Folds a text for comparison: no letter case, one blank for any white space."""
    return " ".join(text.casefold().split())


def occurs_in(words: str, text: str) -> bool:
    """Tells whether ``words`` stand in a text; empty words never do."""
    return bool(needle := folded(words)) and needle in folded(text)
