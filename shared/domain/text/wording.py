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
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


class _PlainLetters(dict[int, str]):
    """A table for ``str.translate`` that fills itself with the letters that it meets."""

    def __missing__(self, code: int) -> str:
        letter = without_accents(chr(code))[:1].lower()
        self[code] = letter if len(letter) == 1 else chr(code)
        return self[code]


_PLAIN: Final = _PlainLetters()


def plain(text: str) -> str:
    """Folds letters to small ones without accents, one for one, so that places in the result are places in ``text``."""
    return text.translate(_PLAIN)


def words_of(row: str) -> frozenset[str]:
    """Splits a row of a table of words."""
    return frozenset(row.split())
