"""Matchers: what a grammar's rules are made of, and the reading that they match.

A matcher says at which places it can end when it begins at a place; there may be several, so nothing is tried twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from shared.domain.judgement.opt_outs.tokens import Kind, Token

type Ends = set[int]
type Matcher = Callable[["Reading", int], Ends]

NOWHERE: Ends = set()
_GAP_ENDS = frozenset(",:-()")


@dataclass(slots=True)
class Reading:
    """Tokens that one grammar reads. ``words`` are theirs, perhaps corrected; ``memo`` spares repetition."""

    tokens: list[Token]
    words: list[str]
    memo: dict[tuple[str, int], Ends] = field(default_factory=dict)

    def skip_line(self, index: int) -> int:
        """Returns the place behind a line break: inside of a clause it is a blank."""
        return index + 1 if index < len(self.words) and self.words[index] == "\n" else index


@dataclass(frozen=True, slots=True)
class Phrases:
    """A choice of words and phrases, found by their first word; ``stems`` are words with an open end."""

    by_first: dict[str, tuple[tuple[str, ...], ...]]
    stems: tuple[str, ...]

    def __call__(self, reading: Reading, index: int) -> Ends:
        index = reading.skip_line(index)
        words = reading.words
        if index >= len(words):
            return NOWHERE
        word = words[index]
        ends = set()
        for rest in self.by_first.get(word, ()):
            at = index + 1
            for follower in rest:
                at = reading.skip_line(at)
                if at >= len(words) or not _is_word(words[at], follower):
                    break
                at += 1
            else:
                ends.add(at)
        if self.stems and word.startswith(self.stems):
            ends.add(index + 1)
        return ends


def _is_word(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("~") else word == wanted


def phrases(phrases: Iterable[tuple[str, ...]]) -> Matcher:
    """Returns a matcher of a choice of words and phrases."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    stems: set[str] = set()
    for first, *rest in phrases:
        if first.endswith("~") and not rest:
            stems.add(first[:-1])
        else:
            by_first.setdefault(first, []).append(tuple(rest))
    return Phrases({word: tuple(rests) for word, rests in by_first.items()}, tuple(stems))


def any_of(parts: list[Matcher]) -> Matcher:
    """Returns a matcher of a choice."""

    def match(reading: Reading, index: int) -> Ends:
        ends: Ends = set()
        for part in parts:
            ends |= part(reading, index)
        return ends

    return match


def in_order(parts: list[Matcher]) -> Matcher:
    """Returns a matcher of parts that follow one another."""

    def match(reading: Reading, index: int) -> Ends:
        places = {index}
        for part in parts:
            places = {end for place in places for end in part(reading, place)}
            if not places:
                break
        return places

    return match


def optional(part: Matcher) -> Matcher:
    """Returns a matcher of a part that may be absent."""
    return lambda reading, index: part(reading, index) | {index}


def repeated(part: Matcher) -> Matcher:
    """Returns a matcher of a part that stands any number of times."""

    def match(reading: Reading, index: int) -> Ends:
        ends, fresh = {index}, {index}
        while fresh:
            fresh = {end for place in fresh for end in part(reading, place)} - ends
            ends |= fresh
        return ends

    return match


def gap(most: int) -> Matcher:
    """Returns a matcher of up to so many words of any kind, none of them a comma."""

    def match(reading: Reading, index: int) -> Ends:
        ends = {index}
        for place in range(index, min(index + most, len(reading.words))):
            if reading.words[place] in _GAP_ENDS:
                break
            ends.add(place + 1)
        return ends

    return match


def memoized(name: str, part: Matcher) -> Matcher:
    """Returns a matcher that looks a rule up once at every place of a reading."""

    def match(reading: Reading, index: int) -> Ends:
        key = (name, index)
        ends = reading.memo.get(key)
        if ends is None:
            ends = reading.memo[key] = part(reading, index)
        return ends

    return match


def built_in(name: str, knows: Callable[[str], bool]) -> Matcher | None:
    """Returns the matcher of a built-in name, None for another; ``knows`` tells whether a word is the grammar's."""
    accepts = _BUILT_IN.get(name)
    if accepts is None:
        return None

    def match(reading: Reading, index: int) -> Ends:
        index = reading.skip_line(index)
        if index < len(reading.tokens) and accepts(reading.tokens[index], reading.words[index], knows):
            return {index + 1}
        return NOWHERE

    return match


_BUILT_IN: dict[str, Callable[[Token, str, Callable[[str], bool]], bool]] = {
    "EMAIL": lambda token, _, __: token.kind is Kind.ADDRESS,
    "LINK": lambda token, _, __: token.kind is Kind.LINK,
    "NUMBER": lambda token, _, __: token.kind is Kind.NUMBER,
    "COMMA": lambda _, word, __: word == ",",
    "NAME": lambda token, _, __: token.kind is Kind.WORD and token.capital,
    "OTHER": lambda token, word, knows: token.kind is Kind.WORD and not knows(word),
}
