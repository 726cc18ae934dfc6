"""The comparison of words with a text, in any case of letters and with any white space."""

from __future__ import annotations

import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
    }
)  # letters that Unicode does not decompose


def folded(text: str) -> str:
    """Folds a text for comparison: no letter case, one blank for any white space."""
    return " ".join(text.casefold().split())


def occurs_in(words: str, text: str) -> bool:
    """Tells whether ``words`` stand in a text; empty words never do."""
    return bool(needle := folded(words)) and needle in folded(text)


def without_accents(text: str) -> str:
    """Reduces letters to those of the English alphabet where one is near: "Søren Müller" becomes "Soren Muller"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
