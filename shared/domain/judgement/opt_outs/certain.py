"""Whole messages that are nothing but an opt-out: every clause is understood, in one language.

A message is certain if it divides, without a rest, into greeting, courtesy, reasons, at least one demand, and a
closing with a name. One clause that the grammar does not know, and the message is not certain.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.judgement.opt_outs.language import Language, readings
from shared.domain.judgement.opt_outs.matching import Reading
from shared.domain.judgement.opt_outs.tokens import Kind, Token
from shared.domain.vocabulary import Channel

MAX_TOKENS = 160  # a longer message says more than one wish
_MAX_SIGNATURE_TOKENS = 40
_MAX_NAME_WORDS = 4
_PARTICLES = {"de", "van", "von", "den", "der", "da", "di", "du", "la", "le", "el", "del", "dos", "ter", "ten"}
_ENDS = {".", "!", "?", ",", ";", ":", "-", "\n", "\n\n", "(", ")", '"'}
_STATED = ("demand", "bare", "reason")  # "?" behind one of these makes it another thing
_ASKED = ("request", "question", "courtesy")


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand in a message: the grammar's rule, and the place of its words in the text."""

    rule: str
    start: int
    end: int


def understand(tokens: list[Token], channel: Channel = Channel.EMAIL) -> tuple[Language, Demand] | None:
    """Returns the first demand of a message on ``channel`` that one language understands whole, else None."""
    if not tokens or len(tokens) > MAX_TOKENS:
        return None
    for language, reading in readings(tokens, channel):
        demand = _Understanding(language, reading).demand()
        if demand is not None:
            return language, demand
    return None


class _Understanding:
    """The clauses of one message: which places can be reached from its beginning with everything understood."""

    def __init__(self, language: Language, reading: Reading) -> None:
        self._language = language
        self._grammar = language.grammar
        self._reading = reading
        self._end = len(reading.words)
        self._rules = [(kind, rule) for kind in (*_STATED, *_ASKED) for rule in self._grammar.rules(kind)]

    def demand(self) -> Demand | None:
        start = self._behind_marks(0)
        reached: dict[int, Demand | None] = {start: None}
        for end in self._grammar.ends("greeting", self._reading, start):
            reached.setdefault(self._behind_marks(end), None)
        for place in range(start, self._end + 1):
            if place not in reached:
                continue
            demand = reached[place]
            if demand is not None and self._is_closed(place):
                return demand
            for rule, end in self._clauses_at(place):
                found = demand or self._demand_of(rule, place, end)
                for behind in self._next_clauses(end):
                    if reached.get(behind) is None:
                        reached[behind] = found
        return None

    def _clauses_at(self, place: int) -> list[tuple[str, int]]:
        clauses = []
        for kind, rule in self._rules:
            for end in self._grammar.ends(rule, self._reading, place):
                if end <= place:
                    continue
                is_question = "?" in self._reading.words[end : self._behind_marks(end)]
                stands_alone = end == self._end or self._reading.words[end] in _ENDS
                if is_question and kind in _STATED:
                    continue
                if kind == "bare" and not stands_alone:
                    continue
                if kind in ("demand", "request") and not self._has_shape(place, end):
                    continue
                clauses.append((rule, end))
        return sorted(clauses, key=lambda clause: -clause[1])  # the longest has the most of the writer's words

    def _next_clauses(self, end: int) -> set[int]:
        behind = self._behind_marks(end)
        joined = self._grammar.ends("JOIN", self._reading, behind)
        return {behind, *(self._behind_marks(place) for place in joined)}

    def _demand_of(self, rule: str, place: int, end: int) -> Demand | None:
        if not rule.startswith(("demand.", "request.", "bare.")):
            return None
        tokens = self._reading.tokens
        first = self._reading.skip_line(place)
        return Demand(rule.partition(".")[2], tokens[first].start, tokens[end - 1].end)

    def _has_shape(self, place: int, end: int) -> bool:
        """Whether the words of a demand would also be suspected: two descriptions of a demand must agree."""
        return any(
            self._language.is_trigger(self._reading.words[index])
            and any(self._grammar.ends(rule, self._reading, index) for rule in self._language.shapes)
            for index in range(place, end)
        )

    def _behind_marks(self, place: int) -> int:
        while place < self._end and self._reading.words[place] in _ENDS:
            place += 1
        return place

    def _is_closed(self, place: int) -> bool:
        """Whether nothing but a closing and a name stands behind ``place``."""
        if place == self._end:
            return True
        for end in self._grammar.ends("signoff", self._reading, place):
            if self._is_signature(self._behind_marks(end)):
                return True
        words_before = self._reading.words[place - 1] if place else ""
        names = [token for token in self._reading.tokens[place:] if token.kind is Kind.WORD]
        return (
            words_before in ("\n", "\n\n", "-")
            and 0 < len(names) <= _MAX_NAME_WORDS
            and all(self._may_be_name(token) for token in names)
            and self._is_signature(place)
        )

    def _may_be_name(self, token: Token) -> bool:
        return token.capital or token.word in _PARTICLES or not self._grammar.knows(token.word)

    def _is_signature(self, place: int) -> bool:
        rest = self._reading.tokens[place:]
        if len(rest) > _MAX_SIGNATURE_TOKENS or any(token.word in ("?", "!") for token in rest):
            return False
        words = [token for token in rest if token.kind is Kind.WORD]
        if any(self._language.is_trigger(token.word) for token in words):
            return False
        small = [token for token in words if not token.capital and self._grammar.knows(token.word)]
        return len(small) <= 2
