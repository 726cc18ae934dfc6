"""A language: its grammar, and how a message reads in it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module

from shared.domain.judgement.opt_outs.notation import Grammar, Reading
from shared.domain.judgement.opt_outs.spelling import Spelling
from shared.domain.judgement.opt_outs.tokens import Kind, Token

CODES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "nordic", "fi", "ru")
_ENCLITICS = {
    "es": ("me", "nos", "lo", "la", "los", "las", "le", "se"),
    "it": ("mi", "ci", "la", "lo", "li", "ne", "vi", "mela"),
}
_MIN_HOST_CHARS = 3  # "dar" in "darme", not "no" in "nome"
_MAX_CORRECTIONS = 40  # a message; looking one up costs some 50 µs, and nobody misspells more words that matter


class Language:
    """One language's grammar with its misspellings and enclitics. ``code``: ISO 639-1, or "nordic" for da, no, sv."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.grammar = Grammar(text)
        self.demands = self.grammar.rules("suspect")
        first = {word for rule in self.demands for word in self.grammar.first_words(rule)}
        self._spelling = Spelling(self.grammar.first_words("FUZZY") if self.grammar.rules("FUZZY") else ())
        self._triggers = {word for word in first if not word.endswith("~")}
        self._trigger_stems = tuple(word[:-1] for word in first if word.endswith("~"))
        self._enclitics = _ENCLITICS.get(code, ())

    def is_trigger(self, word: str) -> bool:
        """True for a word with which the shape of a demand can begin."""
        return word in self._triggers or word.startswith(self._trigger_stems)

    def read(self, tokens: list[Token]) -> Reading:
        """Reads the tokens as this language's words: enclitics apart, misspelt words as what they stand for."""
        read: list[Token] = []
        words: list[str] = []
        corrections = 0
        for token in tokens:
            word = token.word
            host = self._host(word)
            if host is not None:
                read += (token, replace(token, word=word[len(host) :]))
                words += (host, word[len(host) :])
                continue
            if token.kind is Kind.WORD and not self.grammar.knows(word):
                if corrections < _MAX_CORRECTIONS and not _is_known(word):
                    corrections += 1
                    word = self._spelling.correct(word) or word
            read.append(token)
            words.append(word)
        return Reading(read, words)

    def _host(self, word: str) -> str | None:
        for enclitic in self._enclitics:
            host = word[: -len(enclitic)]
            if word.endswith(enclitic) and len(host) >= _MIN_HOST_CHARS and host in self.grammar.vocabulary:
                return host
        return None

    def share_known(self, tokens: list[Token]) -> float:
        """Returns the share of the words that the grammar knows, 0–1."""
        words = [token.word for token in tokens if token.kind is Kind.WORD]
        if not words:
            return 0.0
        return sum(self.grammar.knows(word) or self._host(word) is not None for word in words) / len(words)


@cache
def language(code: str) -> Language:
    """Returns a language by its code; its grammar is parsed at the first call, within a few milliseconds."""
    return Language(code, import_module(f"shared.domain.judgement.opt_outs.grammars.{code}").GRAMMAR)


def languages() -> list[Language]:
    """Returns every language that has a grammar."""
    return [language(code) for code in CODES]


@cache
def _is_known(word: str) -> bool:
    return any(one.grammar.knows(word) for one in languages())
