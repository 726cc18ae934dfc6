"""The commitments that a text of ours makes: "I'll call you after 2", "you will get an invitation".

A clause that asks, offers, denies or depends on what the lead does commits us to nothing. All languages
are read, since a text may mix them. Linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from shared.domain.commitments import CommitmentKind
from shared.domain.drafting.commitment_words import JOINED, MOMENTS, NO_PROMISE, PROMISES, SOMEBODY_ELSE
from shared.domain.text.calendar_words import MONTH_OF_WORD, WEEKDAY_OF_WORD
from shared.domain.text.language import language_of
from shared.domain.text.wording import without_accents

GAPS: Final = {"…": 3, "……": 9}  # words that a gap may stand for, at most
MAX_CLAUSE_WORDS: Final = 60  # a longer clause is no sentence of a letter; what follows is read as the next one

# A number with a full stop may be an ordinal ("7. Dezember"), unless a word follows that begins sentences.
_CLAUSE_END: Final = re.compile(
    r"(?<=[^\d\s][.!?;:…])\s+|(?<=[\d\s][!?;:])\s+|(?<=\d{3}\.)\s+(?=[A-ZÀ-Þ¿¡])"
    r"|(?<=\d\.)\s+(?=(?:I|We|You|An|The|Ich|Wir|Sie|Die|Je|Nous|Vous|Une|Le|Te|La|Ik|U|Vou)\b)|\n+|\s[–—-]\s"
)
_ELISION: Final = re.compile(r"\b(?:l|d|un|all|dell|nell|dall|sull)'(?=\w)", re.IGNORECASE)  # "l'invitation"
_JOINED: Final = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(map(re.escape, JOINED), key=len, reverse=True))})(?!\S)")
_WORD: Final = re.compile(r"[^\W_]+(?:['.@-][^\W_]+)*'?|\S")
_ADDRESS: Final = re.compile(r"\S@\S|://")


@dataclass(frozen=True, slots=True)
class StatedCommitment:
    """A commitment that a text states: its kind, and the clause that states it."""

    kind: CommitmentKind
    words: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """The folded words of a clause; ``names`` are those that are written like a name."""

    words: tuple[str, ...]
    names: frozenset[str]


_POLITE: Final = frozenset(
    {"Sie", "Ihnen", "Ihr", "Ihre", "Ihrem", "Ihren", "Lei", "Le", "La", "Usted", "Ud", "U", "I", "Pan", "Pani", "Pana"}
)
_SIDE_BY_SIDE: Final = frozenset({CommitmentKind.INVITE, CommitmentKind.CALL, CommitmentKind.CONTACT_PERSON})
_CALENDAR: Final = frozenset(without_accents(word) for word in (*MONTH_OF_WORD, *WEEKDAY_OF_WORD))

_SIGNS: Final = frozenset({*GAPS, "@", "#", "^"})

type _Phrase = tuple[frozenset[str] | str, ...]


def stated_commitments(text: str) -> tuple[StatedCommitment, ...]:
    """Finds what ``text`` commits us to, in its order: at most one commitment of each kind per clause."""
    text = text.replace("’", "'")
    language = language_of(text)
    return tuple(
        StatedCommitment(kind, words)
        for words in _clauses(text)
        if not words.endswith("?")
        for kind in _kinds_in(_clause(words), language_of(words) or language)
    )


def _clauses(text: str) -> Iterator[str]:
    for part in _CLAUSE_END.split(text):
        words = part.split() if part else []
        for start in range(0, len(words), MAX_CLAUSE_WORDS):
            yield " ".join(words[start : start + MAX_CLAUSE_WORDS])


def _clause(text: str) -> _Clause:
    words = _WORD.findall(_ELISION.sub(r"\g<0> ", text))
    folded = _JOINED.sub(lambda match: JOINED[match[0]], without_accents(" ".join(words)).lower())
    names = {
        without_accents(word).lower()
        for word in words[1:]
        if (word[0].isupper() and len(word) > 1 and word not in _POLITE) or _ADDRESS.search(word)
    }
    return _Clause(tuple(folded.split()), frozenset(names) - _CALENDAR)


def _kinds_in(clause: _Clause, language: str | None) -> Iterator[CommitmentKind]:
    """Yields the kinds that a clause promises, in the table's order of precedence.

    Other languages than the clause's own are read where nothing is found in it, since one word tells little.
    """
    own = [one for one in NO_PROMISE if one == language]
    if any(_stands_any(NO_PROMISE[one], clause) for one in own):
        return
    binding = [one for one, row in NO_PROMISE.items() if one != language and not _stands_any(row, clause)]
    found: list[CommitmentKind] = []
    for languages in (own, binding):
        if not found:
            found = [kind for kind in PROMISES if any(_stands_any(PROMISES[kind][one], clause) for one in languages)]
    yield from [kind for kind in found if kind in _SIDE_BY_SIDE] or found[:1]


def _stands_any(row: str, clause: _Clause) -> bool:
    return any(_stands_in(phrase, clause) for phrase in _phrases(row))


@cache
def _phrases(row: str) -> tuple[_Phrase, ...]:
    return tuple(
        tuple(item if item in _SIGNS else frozenset(item.split("|")) for item in phrase.split())
        for phrase in row.split(";")
    )


def _stands_in(phrase: _Phrase, clause: _Clause) -> bool:
    if any(isinstance(item, frozenset) and _is_absent(item, clause) for item in phrase):
        return False
    return any(_matches(phrase, clause, start) for start in range(len(clause.words)))


def _is_absent(item: frozenset[str], clause: _Clause) -> bool:
    """Tells whether none of the alternatives is in the clause; with a wildcard among them nobody knows yet."""
    return item.isdisjoint(clause.words) and not any(form.endswith("*") for form in item)


def _matches(phrase: _Phrase, clause: _Clause, start: int) -> bool:
    """Tells whether the phrase stands at ``start``. Every gap is bounded, and so is the work."""
    if not phrase:
        return True
    first, rest = phrase[0], phrase[1:]
    if first == "^":
        return start == 0 and _matches(rest, clause, start)
    if isinstance(first, str) and first in GAPS:
        return any(_matches(rest, clause, start + skipped) for skipped in range(GAPS[first] + 1))
    return start < len(clause.words) and _is(first, clause.words[start], clause) and _matches(rest, clause, start + 1)


def _is(item: frozenset[str] | str, word: str, clause: _Clause) -> bool:
    if item == "@":
        return word in SOMEBODY_ELSE or word in clause.names
    if item == "#":
        return word in MOMENTS or word in _CALENDAR or word[0].isdigit()
    return word in item or any(form.endswith("*") and word.startswith(form[:-1]) for form in item)
