"""Messages that may hold an opt-out: the shape of a demand stands somewhere, whatever else they say.

A shape is let go where its own sentence says that it is no demand to us: it asks about something, sets a condition or
a time, reports, speaks about another channel or person, or is a footer.
"""

from __future__ import annotations

from shared.domain.judgement.opt_outs.certain import Demand
from shared.domain.judgement.opt_outs.language import Language, languages
from shared.domain.judgement.opt_outs.notation import Reading
from shared.domain.judgement.opt_outs.tokens import Kind, Token

_MIN_SHARE_OF_BEST = 0.6
_MAX_SENTENCE_TOKENS = 120
_SENTENCE_ENDS = {".", "!", "?", ";", "\n\n"}


def suspect(tokens: list[Token]) -> tuple[Language, Demand] | None:
    """Returns the first demand that some language finds in the message and nothing lets go."""
    words = {token.word for token in tokens if token.kind is Kind.WORD}
    fits = {one.code: one.share_known(tokens) for one in languages()}
    best = max(fits.values())
    for one in sorted(languages(), key=lambda one: -fits[one.code]):
        if fits[one.code] < _MIN_SHARE_OF_BEST * best:
            break
        reading = one.read(tokens)
        if words.isdisjoint(reading.words) or not any(map(one.is_trigger, reading.words)):
            continue
        for sentence in _sentences(reading):
            demand = _demand_in(one, sentence)
            if demand is not None:
                return one, demand
    return None


def _sentences(reading: Reading) -> list[Reading]:
    sentences = []
    start = 0
    for index, word in enumerate(reading.words):
        if word in _SENTENCE_ENDS or index - start >= _MAX_SENTENCE_TOKENS:
            sentences.append((start, index + 1))
            start = index + 1
    sentences.append((start, len(reading.words)))
    return [Reading(reading.tokens[a:b], reading.words[a:b]) for a, b in sentences if b > a]


def _demand_in(language: Language, sentence: Reading) -> Demand | None:
    grammar = language.grammar
    for index, word in enumerate(sentence.words):
        if not language.is_trigger(word):
            continue
        for rule in language.demands:
            ends = grammar.ends(rule, sentence, index)
            if ends and not _is_let_go(language, sentence):
                end = max(ends)
                start = sentence.tokens[index].start
                return Demand(rule.partition(".")[2], start, sentence.tokens[end - 1].end)
    return None


def _is_let_go(language: Language, sentence: Reading) -> bool:
    return bool(releases(language, sentence))


def releases(language: Language, sentence: Reading) -> list[str]:
    """Returns the grounds on which a sentence is no demand to us."""
    grammar = language.grammar
    grounds = [rule for rule in grammar.rules("release") if _occurs(language, rule, sentence)]
    if sentence.words[-1] == "?" and not _occurs(language, "ADDRESSED", sentence):
        grounds.append("question")
    return grounds


def _occurs(language: Language, rule: str, sentence: Reading) -> bool:
    return any(language.grammar.ends(rule, sentence, index) for index in range(len(sentence.words)))
