"""Messages that may hold an opt-out: the shape of a demand stands somewhere, whatever else they say.

A shape is let go where its own sentence says that it is no demand to us: it asks about something, sets a condition or
a time, reports, or speaks about another channel or person. Footers are the cleaning's matter.
"""

from __future__ import annotations

from shared.domain.judgement.opt_outs.certain import Demand
from shared.domain.judgement.opt_outs.language import BARE, Language, readings
from shared.domain.judgement.opt_outs.matching import Reading
from shared.domain.judgement.opt_outs.tokens import Kind, Token
from shared.domain.vocabulary import Channel

_MAX_SENTENCE_TOKENS = 120
_NEVER_LET_GO = frozenset({"suspect.alone", "suspect.dead"})  # abuse and deaths, however they are said
# "If one more comes, I report you", "she has asked you twice to stop": neither condition nor report lets these go.
_SAID_TO_US = frozenset({"suspect.complaint", "suspect.data", "suspect.ensure"})
_SENTENCE_ENDS = {".", "!", "?", ";", "\n\n"}


def suspect(tokens: list[Token], channel: Channel = Channel.EMAIL) -> tuple[Language, Demand] | None:
    """Returns the first demand that some language finds in a message on ``channel`` and nothing lets go."""
    for language, reading in readings(tokens, channel):
        for sentence in _sentences(reading):
            demand = _demand_in(language, sentence)
            if demand is not None:
                return language, demand
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
            if rule == BARE:
                ends = {end for end in ends if _stands_alone(language, sentence, end)}
            if ends and not releases(language, sentence, index, rule):
                end, start = max(ends), sentence.tokens[index].start
                return Demand(rule.partition(".")[2], start, sentence.tokens[end - 1].end)
    return None


def _stands_alone(language: Language, sentence: Reading, end: int) -> bool:
    """Whether a clause ends at ``end``, but for politeness: "stop, please" and not "stop losing leads"."""
    is_end = end == len(sentence.words) or sentence.tokens[end].kind is not Kind.WORD
    return is_end or bool(language.grammar.ends("TAIL", sentence, end))


def releases(language: Language, sentence: Reading, index: int, rule: str) -> list[str]:
    """Returns the grounds on which the demand at ``index`` of a sentence is none to us; empty if it stands.

    Each ground is looked for where it would be said: a report before the demand, a limit or another channel behind it,
    another object in the demand itself.
    """
    if rule in _NEVER_LET_GO:
        return []
    end = len(sentence.words)
    is_said_to_us = rule in _SAID_TO_US
    is_polite = is_said_to_us or _occurs(language, "GRATEFUL", sentence, range(end))
    places = {
        "release.reported": range(0 if is_said_to_us else index),
        "release.condition": range(0 if is_polite else end),  # "I would be grateful if you …" sets none
        "release.time": range(index, end),
        "release.elsewhere": range(index, end),
        "release.other": range(max(0, index - 2), index + 1),
        "release.opposite": range(end),
    }
    grounds = [ground for ground, where in places.items() if _occurs(language, ground, sentence, where)]
    if sentence.words[-1] == "?" and not _occurs(language, "ADDRESSED", sentence, range(end)):
        grounds.append("question")
    return grounds


def _occurs(language: Language, rule: str, sentence: Reading, where: range) -> bool:
    return any(language.grammar.ends(rule, sentence, index) for index in where)
