"""A language: its grammar, and how a message reads in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module

from shared.domain.judgement.opt_outs.matching import Reading
from shared.domain.judgement.opt_outs.medium_words import in_words_of_email, medium_words
from shared.domain.judgement.opt_outs.notation import Grammar
from shared.domain.judgement.opt_outs.spelling import Spelling
from shared.domain.judgement.opt_outs.tokens import Kind, Token
from shared.domain.vocabulary import Channel

CODES = (
    "en", "de", "fr", "es", "it", "nl", "pt", "pl", "nordic", "fi", "cs", "sk", "hu", "ro", "tr", "el", "ru", "uk",
)  # fmt: skip
BARE = "suspect.bare"  # the rule of a demand without an object: "stop"
_ENCLITICS = {
    "es": ("me", "nos", "lo", "la", "los", "las", "le", "se"),
    "it": ("mi", "ci", "la", "lo", "li", "ne", "vi", "mela"),
}
_MIN_SHARE_OF_BEST = 0.6  # of the words that the best-fitting language knows
_MIN_HOST_CHARS = 3  # "dar" in "darme", not "no" in "nome"
_MAX_CORRECTIONS = 40  # a message; looking one up costs some 50 µs, and nobody misspells more words that matter


class Language:
    """One language's grammar with its misspellings and enclitics. ``code``: ISO 639-1, or "nordic" for da, no, sv."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.grammar = Grammar(text)
        self.demands = self.grammar.rules("suspect")
        self.shapes = [rule for rule in self.demands if rule != BARE]  # those that say what is to end
        first = {word for rule in self.demands for word in self.grammar.first_words(rule)}
        fuzzy = self.grammar.first_words("FUZZY") if self.grammar.rules("FUZZY") else ()
        self._corrected = lru_cache(maxsize=4096)(Spelling(fuzzy).correct)
        self._triggers = {word for word in first if not word.endswith("~")}
        self._trigger_stems = tuple(word[:-1] for word in first if word.endswith("~"))
        self._enclitics = _ENCLITICS.get(code, ())

    def is_trigger(self, word: str) -> bool:
        """True for a word with which the shape of a demand can begin."""
        return word in self._triggers or word.startswith(self._trigger_stems)

    def read(self, tokens: list[Token], channel: Channel = Channel.EMAIL) -> Reading:
        """Reads the tokens as this language's words: enclitics apart, misspelt words as what they stand for.

        The words for a message of the ``channel`` are read as those for an email.
        """
        read: list[Token] = []
        words: list[str] = []
        corrections = 0
        instead = medium_words(channel, self.code)
        for index, token in enumerate(tokens):
            word = token.word
            if instead:
                word = in_words_of_email(word, tokens[index + 1].word if index + 1 < len(tokens) else "", instead)
            host = self._host(word)
            if host is not None:
                read += (token, replace(token, word=word[len(host) :]))
                words += (host, word[len(host) :])
                continue
            if token.kind is Kind.WORD and corrections < _MAX_CORRECTIONS and not _known_in(word):
                corrections += 1
                word = self._corrected(word) or word
            read.append(token)
            words.append(word)
        return Reading(read, words)

    def knows(self, word: str) -> bool:
        """True for a word of the grammar, or one of them with an enclitic."""
        return self.grammar.knows(word) or self._host(word) is not None

    def _host(self, word: str) -> str | None:
        for enclitic in self._enclitics:
            host = word[: -len(enclitic)]
            if word.endswith(enclitic) and len(host) >= _MIN_HOST_CHARS and host in self.grammar.vocabulary:
                return host
        return None


@cache
def language(code: str) -> Language:
    """Returns a language by its code; its grammar is parsed at the first call, within some 15 ms."""
    return Language(code, import_module(f"shared.domain.judgement.opt_outs.grammars.{code}").GRAMMAR)


def readings(tokens: list[Token], channel: Channel = Channel.EMAIL) -> Iterator[tuple[Language, Reading]]:
    """Yields the languages that the message may be in, the likeliest first, as far as a demand could begin in it."""
    words = [token.word for token in tokens if token.kind is Kind.WORD]
    known = Counter(code for word in words for code in _known_in(word))
    best = max(known.values(), default=0)
    for code in sorted(CODES, key=lambda code: -known[code]):
        if known[code] < _MIN_SHARE_OF_BEST * best:
            break
        reading = language(code).read(tokens, channel)
        if any(map(language(code).is_trigger, reading.words)):
            yield language(code), reading


@lru_cache(maxsize=20_000)
def _known_in(word: str) -> tuple[str, ...]:
    return tuple(code for code in CODES if language(code).knows(word))
