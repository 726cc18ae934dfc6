"""The claims of a text that no fact grounds: an attachment, a deed, being a program, a gift, a stranger of ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import islice
from typing import Final

from shared.domain.drafting.claim_words import ATTACHED, DONE, NO_NAMES, PROGRAM, SOMEBODY_OF_OURS
from shared.domain.drafting.unit_words import GIVEN_AWAY
from shared.domain.text.calendar_words import MONTH_OF_WORD, WEEKDAY_OF_WORD
from shared.domain.text.wording import plain

MAX_NAMES: Final = 12  # in one sentence
_SENTENCE: Final = re.compile(r"[^.!?;:\n]+(?:\.(?=\w)[^.!?;:\n]+)*")
_NAME: Final = re.compile(r"(?<![\w'.-])[A-ZÀ-ÖØ-ÞĆŁŚŹŻ][\w&'-]{1,40}(?!\.\w)")
_FROM_OUR_TEAM: Final = tuple(
    f" {words} "
    for words in (
        "from our",
        "aus unserem",
        "de notre",
        "de nuestro",
        "del nostro",
        "uit ons",
        "da nossa",
        "do nosso",
        "z naszego",
    )
)
_GERMAN: Final = 1  # the row of SOMEBODY_OF_OURS in which nouns are written like names
_CALENDAR: Final = frozenset(map(plain, (*MONTH_OF_WORD, *WEEKDAY_OF_WORD)))
_NEXT_NAME: Final = re.compile(
    r"[ ,]*(?:(?:und|and|sowie|oder|wie|Herrn?|Frau|Dr\.|gehören|zählen|ist|sind|heißt)[ ,]+){0,3}"
    r"(?P<name>[A-ZÀ-ÖØ-Þ][\w&'-]{1,40})"
)


def claims_in(text: str, own_texts: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yields the claims of a text: the check that forbids it, and the words."""
    folded = plain(text)
    for check, phrases in (("attachment", ATTACHED), ("done", DONE), ("not_a_reply", PROGRAM)):
        for match in _any_of(phrases).finditer(folded):
            yield check, text[match.start() : match.end()].strip()
    ours = {kind for own in own_texts for kind, _ in given_away(own)}
    for kind, words in given_away(text):
        if kind not in ours:
            yield "amount", words


def given_away(text: str) -> Iterator[tuple[str, str]]:
    """Yields what a text gives away for nothing or less: the kind of the gift, and its words."""
    folded = plain(text)
    for kind, pattern in GIVEN_AWAY.items():
        for match in re.finditer(rf"\b(?:{pattern})", folded):
            yield kind, text[match.start() : match.end()]


def strangers_in(text: str, known: Collection[str], own: Collection[str]) -> Iterator[str]:
    """Yields names that a text gives to customers, partners or people of ours.

    ``known``: the folded words of everything that the writer was shown. ``own``: those of our own texts, which alone
    ground a name directly behind "our partner". German nouns are capitalised: only such a name counts there.
    """
    for sentence in _SENTENCE.finditer(text):
        folded = plain(sentence[0])
        for row, phrases in enumerate(SOMEBODY_OF_OURS):
            cue = _any_of((phrases,)).search(folded)
            if cue is not None:
                found = (
                    _behind(sentence[0], cue.end(), own)
                    if row == _GERMAN
                    else _around(sentence[0], cue.end(), known, own)
                )
                yield from found
                break


def _behind(sentence: str, position: int, own: Collection[str]) -> Iterator[str]:
    """Yields the unknown names directly behind a German phrase: other capitalised words are nouns."""
    following = _NEXT_NAME.match(sentence, position)
    if following and not _is_known(following["name"], own) and not _is_noun(following["name"]):
        yield following["name"]


def _around(sentence: str, position: int, known: Collection[str], own: Collection[str]) -> Iterator[str]:
    """Yields the unknown names of a sentence with such a phrase, but for the word that begins it."""
    folded = plain(sentence)
    first = len(sentence) - len(sentence.lstrip())
    for match in islice(_NAME.finditer(sentence), MAX_NAMES):
        if match.start() == first and not folded[match.end() :].startswith(_FROM_OUR_TEAM):
            continue
        directly = not folded[position : match.start()].strip()
        if plain(match[0]) not in _CALENDAR and not _is_known(match[0], own if directly else known):
            yield match[0]


def _is_known(name: str, known: Collection[str]) -> bool:
    parts = [plain(part) for part in re.split(r"['&-]", name.removesuffix("'s")) if part]
    return all(part in known or part in NO_NAMES or len(part) == 1 for part in parts)


_NOUN_ENDINGS: Final = (
    "ung",
    "heit",
    "keit",
    "schaft",
    "tion",
    "team",
    "en",
    "er",
    "e",
    "innen",
    "leiter",
    "partner",
    "berater",
)


def _is_noun(word: str) -> bool:
    """Tells whether a German word is more likely a noun than a name."""
    return plain(word).endswith(_NOUN_ENDINGS) and len(word) > 8


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w'-])(?:" + "|".join(phrases) + r")(?![\w-])")
