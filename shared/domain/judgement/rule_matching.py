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

    CLAUSE = "CLAUSE"  # at the beginning of a clause, behind fillers such as "please"; the clause ends with the match
    ANYWHERE = "ANYWHERE"
    MESSAGE = "MESSAGE"  # the whole message but for greeting, closing and name
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
    where: Where = Where.CLAUSE


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


# Clauses begin with the text, behind punctuation or on a new line.
# and, without punctuation, behind a conjunction if a word of request follows: "we have a vendor and please remove me".
_REQUESTS = {
    ("and", "but", "so"): "please |kindly ",
    ("und", "aber", "also", "daher", "deshalb"): "bitte ",
    ("et", "mais", "donc"): "merci de |veuillez |s'il vous plaît",
    ("y", "pero"): "por favor|le ruego |les ruego ",
    ("e", "ma", "mas", "quindi", "portanto"): "per favore|vi prego |la prego |por favor|favor ",
    ("en", "maar", "dus"): "graag |gelieve |alstublieft",
    ("i", "ale", "więc"): "proszę |prosimy ",
    ("och", "men", "så", "og"): "vänligen |venligst |vennligst |snälla ",
}
_JOINED_START = "|".join(
    f"(?<=[ \n]{conjunction}[ \n])(?={requests.replace(' ', '[ \n]')})"
    for conjunctions, requests in _REQUESTS.items()
    for conjunction in conjunctions
)
_CLAUSE_START = rf"(?:^|(?<=[.!?;:,\n(|-])|(?<=[。、！？])|{_JOINED_START})[ \n*_]{{0,3}}"
_CLAUSE_END = r"(?=[ *_]{0,3}(?:$|[.!?;:,)\n(|-]|[。、！？☺-🧿]))"


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


@functools.cache
def _compiled(pattern: str, where: Where, filler: str, tail: str) -> re.Pattern[str]:
    if where is not Where.CLAUSE:
        return re.compile(f"(?P<lead>)(?P<words>{_regex(pattern)})")
    lead = f"(?:(?:{_regex(filler)})[ \n,:-]{{1,3}}){{0,6}}" if filler else ""
    follow = f"(?:[ \n,]{{1,3}}(?:{_regex(tail)})){{0,5}}" if tail else ""
    return re.compile(f"{_CLAUSE_START}(?P<lead>{lead})(?P<words>(?:{_regex(pattern)}){follow}){_CLAUSE_END}")


@functools.lru_cache(maxsize=4)
def _flat(folded: str) -> str:
    """Returns the text in one line, for hints of more than one word."""
    return folded.replace("\n", " ")


def find(rule: Rule, folded: str, *, filler: str = "", tail: str = "") -> Iterator[re.Match[str]]:
    """Yields the matches of a rule in a folded text; group "words" holds the rule's own words, "lead" earlier fillers.

    filler, tail: the words allowed before and behind the words of a CLAUSE rule (alternatives, as a pattern).
    """
    flat = _flat(folded)
    if not any(hint in flat for hint in rule.hints):
        return
    # Fillers and tails make a pattern ten times as long: they are only compiled where the rule's own words do occur.
    if rule.where is Where.CLAUSE and compiled(rule.pattern).search(folded) is None:
        return
    pattern = _compiled(rule.pattern, rule.where, filler, tail)
    if rule.where is Where.MESSAGE:
        match = pattern.fullmatch(folded)
        if match is not None:
            yield match
    elif rule.where is Where.SUBJECT:
        match = pattern.match(folded)
        if match is not None:
            yield match
    else:
        yield from pattern.finditer(folded)


def first_found(rules: Iterable[Rule], folded: str) -> Found | None:
    """Returns the first rule of the table, in its order, whose words occur."""
    for rule in rules:
        for match in find(rule, folded):
            return Found(rule, *match.span("words"))
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
