"""The notation of the grammars, and the search for its rules in a list of tokens.

A grammar is text, one rule a line, continued on lines that are indented:

    ME     = me | us | my (address | data)
    FROM   = (from | off) [your | this] (list | newsletter~)
    demand.remove = [please] remove ME [FROM]

Small letters are words, "~" the open end of one, capitals other rules; "[x]" may be absent, "x*" stands any number of
times, "(a | b)" is a choice, and "..3" stands for up to three words of any kind without a comma. A rule that is written
twice has both lines as a choice. No rule may use itself. Built in are EMAIL (an address or a domain), LINK, NUMBER,
COMMA, NAME (a word with a capital) and OTHER (a word that the grammar does not know).
"""

from __future__ import annotations

import re

from shared.domain.judgement.opt_outs.matching import (
    NOWHERE,
    Ends,
    Matcher,
    Reading,
    any_of,
    built_in,
    gap,
    in_order,
    memoized,
    optional,
    phrases,
    repeated,
)
from shared.domain.judgement.opt_outs.tokens import spellings_of

_SYMBOL = re.compile(r"\.\.\d+|[A-Z][A-Z_]*|[()\[\]|*]|[^\s()\[\]|*]+")
_RULE = re.compile(r"([A-Za-z_]+(?:\.[a-z_]+)?) += (.*)")


class GrammarError(ValueError):
    """A grammar that cannot be read; the message names the rule."""


class Grammar:
    """The rules of one language. ``vocabulary`` holds its words, ``stems`` those with an open end."""

    def __init__(self, text: str) -> None:
        self.vocabulary: set[str] = set()
        self._open_ends: set[str] = set()
        self._sources = _read_rules(text)
        self._matchers: dict[str, Matcher] = {}
        self._firsts: dict[str, set[str]] = {}
        for name in self._sources:
            self._matcher(name, ())
        self.stems = tuple(sorted(self._open_ends))

    def rules(self, kind: str) -> list[str]:
        """Returns the names of the rules of a kind: "demand" has "demand.remove"."""
        return [name for name in self._sources if name == kind or name.startswith(f"{kind}.")]

    def ends(self, rule: str, reading: Reading, index: int) -> Ends:
        """Returns the places at which ``rule`` can end when it begins at ``index``; a missing rule never matches."""
        matcher = self._matchers.get(rule)
        return NOWHERE if matcher is None else matcher(reading, index)

    def first_words(self, rule: str) -> set[str]:
        """Returns the words that a match of ``rule`` can begin with; stems end in "~"."""
        return self._firsts[rule]

    def knows(self, word: str) -> bool:
        """True for a word of the vocabulary."""
        return word in self.vocabulary or word.startswith(self.stems)

    def unused_parts(self) -> set[str]:
        """Returns the named parts that no rule uses."""
        used = {symbol for source in self._sources.values() for symbol in _SYMBOL.findall(source)}
        return {name for name in self._sources if name[0].isupper() and name not in used}

    def _matcher(self, name: str, within: tuple[str, ...]) -> Matcher:
        if name in within:
            raise GrammarError(f"{name} uses itself")
        if name not in self._matchers:
            if name not in self._sources:
                raise GrammarError(f"{within[-1] if within else name} uses {name}, which is no rule")
            node, first = _Parser(self, name, (*within, name)).parse(self._sources[name])
            self._matchers[name], self._firsts[name] = memoized(name, node), first
        return self._matchers[name]

    def note_word(self, word: str) -> None:
        """Takes a rule's word into the vocabulary."""
        if word.endswith("~"):
            self._open_ends.add(word[:-1])
        else:
            self.vocabulary.add(word)

    def reference(self, name: str, within: tuple[str, ...]) -> tuple[Matcher, set[str]]:
        """Returns the matcher of another rule and its first words. Raises GrammarError if there is none."""
        ready = built_in(name, self.knows)
        if ready is not None:
            return ready, {f"<{name}>"}
        matcher = self._matcher(name, within)
        return matcher, self._firsts[name]


def _read_rules(text: str) -> dict[str, str]:
    rules: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _RULE.fullmatch(line.rstrip()) if not line[0].isspace() else None
        if match is None:
            if not name or not line[0].isspace():
                raise GrammarError(f"no rule: {line!r}")
            rules[name] += f" {line.strip()}"
        else:
            name, source = match.groups()
            rules[name] = f"{rules[name]} | {source}" if name in rules else source
    return rules


class _Parser:
    """Parses one rule; every method returns a matcher, the first words, and whether it can match nothing."""

    def __init__(self, grammar: Grammar, name: str, within: tuple[str, ...]) -> None:
        self.grammar, self.name, self.within = grammar, name, within
        self.symbols: list[str] = []
        self.at = 0

    def parse(self, source: str) -> tuple[Matcher, set[str]]:
        self.symbols = _SYMBOL.findall(source)
        matcher, first, _ = self._choice()
        if self.at != len(self.symbols):
            raise GrammarError(f"{self.name}: unexpected {self.symbols[self.at]!r}")
        return matcher, first

    def _next(self) -> str:
        return self.symbols[self.at] if self.at < len(self.symbols) else ""

    def _choice(self) -> tuple[Matcher, set[str], bool]:
        plain: list[tuple[str, ...]] = []
        others: list[Matcher] = []
        first: set[str] = set()
        empty = False
        while True:
            words = self._plain_words()
            if words is not None:
                for phrase in words:
                    plain.append(phrase)
                    first.add(phrase[0])
            else:
                matcher, begins, can_be_empty = self._sequence()
                others.append(matcher)
                first |= begins
                empty |= can_be_empty
            if self._next() != "|":
                break
            self.at += 1
        if plain:
            others.append(phrases(plain))
        return (others[0] if len(others) == 1 else any_of(others)), first, empty

    def _plain_words(self) -> list[tuple[str, ...]] | None:
        """Reads a branch that is nothing but words, in all their spellings; None (and nothing read) otherwise."""
        end = self.at
        while end < len(self.symbols) and self.symbols[end] not in "|)]":
            symbol = self.symbols[end]
            if symbol in "([*" or symbol[0].isupper() or symbol.startswith(".."):
                return None
            end += 1
        if end == self.at:
            raise GrammarError(f"{self.name}: an empty choice")
        if self.symbols[self.at].endswith("~") and end > self.at + 1:
            return None
        variants: list[tuple[str, ...]] = [()]
        for symbol in self.symbols[self.at : end]:
            spellings = spellings_of(symbol)
            for spelling in spellings:
                self.grammar.note_word(spelling)
            variants = [(*variant, spelling) for variant in variants for spelling in spellings]
        self.at = end
        return variants

    def _sequence(self) -> tuple[Matcher, set[str], bool]:
        parts: list[Matcher] = []
        first: set[str] = set()
        empty = True
        while self._next() and self._next() not in "|)]":
            matcher, begins, can_be_empty = self._item()
            parts.append(matcher)
            if empty:
                first |= begins
            empty &= can_be_empty
        if not parts:
            raise GrammarError(f"{self.name}: an empty choice")
        return (parts[0] if len(parts) == 1 else in_order(parts)), first, empty

    def _item(self) -> tuple[Matcher, set[str], bool]:
        symbol = self._next()
        self.at += 1
        empty = False
        if symbol in ("(", "["):
            matcher, first, empty = self._choice()
            if self._next() != (")" if symbol == "(" else "]"):
                raise GrammarError(f"{self.name}: {symbol!r} is not closed")
            self.at += 1
            if symbol == "[":
                matcher, empty = optional(matcher), True
        elif symbol.startswith(".."):
            matcher, first, empty = gap(int(symbol[2:])), set(), True
        elif symbol[0].isupper():
            matcher, first = self.grammar.reference(symbol, self.within)
        else:
            spellings = spellings_of(symbol)
            for spelling in spellings:
                self.grammar.note_word(spelling)
            matcher, first = phrases([(spelling,) for spelling in spellings]), set(spellings)
        if self._next() == "*":
            self.at += 1
            matcher, empty = repeated(matcher), True
        return matcher, first, empty
