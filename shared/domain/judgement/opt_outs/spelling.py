"""Corrects misspelt words towards a few that matter, by an index of deletions.

Two words that one typing slip parts share a word with a letter deleted. So the index holds every wanted word with up to
one letter gone (two from nine letters on), and looking a word up costs its own few deletions, however many are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

_MIN_CHARS = 5
_LONG_CHARS = 9  # from here on two slips are forgiven
_MAX_CHARS = 20


class Spelling:
    """The words towards which a misspelt word is corrected."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_deletion: dict[str, set[str]] = {}
        for word in words:
            if len(word) >= _MIN_CHARS:
                for shorter in _deletions(word):
                    self._by_deletion.setdefault(shorter, set()).add(word)

    def correct(self, word: str) -> str | None:
        """Returns the wanted word that ``word`` is a misspelling of, with the same first letter; None without one."""
        if not _MIN_CHARS - 1 <= len(word) <= _MAX_CHARS:
            return None
        found = {
            wanted
            for shorter in _deletions(word)
            for wanted in self._by_deletion.get(shorter, ())
            if wanted[0] == word[0] and _slips(word, wanted) <= _forgiven(wanted)
        }
        return min(found, key=lambda wanted: (_slips(word, wanted), wanted), default=None)


def _forgiven(word: str) -> int:
    return 2 if len(word) >= _LONG_CHARS else 1


def _deletions(word: str) -> Iterator[str]:
    for count in range(_forgiven(word) + 1):
        for kept in combinations(range(len(word)), len(word) - count):
            yield "".join(word[index] for index in kept)


def _slips(one: str, other: str) -> int:
    """Counts the letters inserted, left out, changed or swapped with their neighbour (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(line[-1] + 1, rows[-1][column] + 1, rows[-1][column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, rows[-2][column - 2] + 1)
            line.append(cost)
        rows.append(line)
    return rows[-1][-1]
