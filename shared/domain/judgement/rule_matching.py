"""Named rules: their notation, and the search for their patterns.

Patterns are written as people read them: lower case, straight quotes, one blank between words. `fold` brings a text
into that shape without moving a single character, so that a match's words can be cut out of the original as evidence.

A rule is compiled when its hint (a plain substring) occurs for the first time: most rules never are, and importing the
tables costs next to nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

MAX_EVIDENCE_CHARS = 200


class Where(StrEnum):
    """The words that a rule reads."""

    ANYWHERE = "ANYWHERE"
    SUBJECT = "SUBJECT"  # at the beginning of the subject


@dataclass(frozen=True, slots=True)
class Rule:
    """One certain rule.

    id: "<family>.<language>.<name>", stored as the reason. language: ISO 639-1, or "any".
    hints: lower-case substrings of which one occurs in every text that the pattern matches.
    why: the reason for certainty.
    """

    id: str
    language: str
    pattern: str
    why: str
    hints: tuple[str, ...]
    where: Where = Where.ANYWHERE


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """rule: the rule's id. words: what it matched, exactly as written, at most 200 characters."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Found:
    """The place of a rule's words in the folded text: start and end index."""

    rule: Rule
    start: int
    end: int


_FOLDED = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\t": " ", "\r": " ",
        "’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "！": "!", "？": "?", "，": ",", "：": ":",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Folds a text to lower case, straight quotes and dashes, plain blanks: the same length, index by index."""
    text = text.translate(_FOLDED)
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _regex(notation: str) -> str:
    """Translates the tables' notation to a regular expression: a blank also matches line breaks, " ?" none at all.

    Character classes and look-behinds keep their blanks: there one blank is one character.
    """
    parts: list[str] = []
    in_class = False
    look_behind = 0  # how many groups deep inside of a look-behind
    position = 0
    while position < len(notation):
        char = notation[position]
        if char == "\\":
            parts.append(notation[position : position + 2])
            position += 2
            continue
        if in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "(":
            look_behind += look_behind > 0 or notation.startswith(("(?<!", "(?<="), position)
        elif char == ")":
            look_behind -= look_behind > 0
        elif char == " " and not look_behind:
            optional = notation.startswith(" ?", position)
            quantified = notation.startswith((" {", " *", " +"), position)
            parts.append("[ \\n]" if quantified else "[ \\n]{0,3}" if optional else "[ \\n]{1,3}")
            position += 2 if optional else 1
            continue
        parts.append(char)
        position += 1
    return "".join(parts)


@functools.lru_cache(maxsize=4)
def _flat(folded: str) -> str:
    """Returns the text in one line, for hints of more than one word."""
    return folded.replace("\n", " ")


def find(rule: Rule, folded: str) -> Iterator[re.Match[str]]:
    """Yields the matches of a rule in a folded text; a SUBJECT rule has one at its beginning at most."""
    flat = _flat(folded)
    if not any(hint in flat for hint in rule.hints):
        return
    pattern = compiled(rule.pattern)
    if rule.where is Where.SUBJECT:
        match = pattern.match(folded)
        if match is not None:
            yield match
    else:
        yield from pattern.finditer(folded)


def first_found(rules: Iterable[Rule], folded: str) -> Found | None:
    """Returns the first rule of the table, in its order, whose words occur."""
    for rule in rules:
        for match in find(rule, folded):
            return Found(rule, *match.span())
    return None


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Returns a pattern in the tables' notation, compiled once."""
    return re.compile(_regex(pattern))


_SENTENCE_END = re.compile(r"[.!?。！？]+(?=[\s\"')\]]|$)|\n[ ]*\n|[。！？]")


def sentence_around(folded: str, start: int, end: int) -> tuple[int, int]:
    """Returns start and end of the sentence around the span, closing mark included; looks 600 characters around."""
    left = max(0, start - 600)
    begin = left
    for match in _SENTENCE_END.finditer(folded, left, start):
        begin = match.end()
    closing = _SENTENCE_END.search(folded, end, min(len(folded), end + 600))
    return begin, closing.end() if closing else min(len(folded), end + 600)


def sentences(folded: str) -> list[str]:
    """Returns the sentences of a folded text, closing marks included, without blanks around them."""
    result: list[str] = []
    position = 0
    for match in _SENTENCE_END.finditer(folded):
        result.append(folded[position : match.end()].strip())
        position = match.end()
    result.append(folded[position:].strip())
    return [sentence for sentence in result if sentence]


def matched(text: str, found: Found | None) -> RuleMatch | None:
    """Returns the rule that was found with its words, cut out of the original text."""
    return None if found is None else evidence(text, found.rule, found.start, found.end)


def evidence(text: str, rule: Rule, start: int, end: int) -> RuleMatch:
    """Returns the rule with the original words between start and end, at most 200 characters of them."""
    return RuleMatch(rule.id, text[start : min(end, start + MAX_EVIDENCE_CHARS)].strip())
