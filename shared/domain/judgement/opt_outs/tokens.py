"""Splits a message into words and marks, folded so that spellings of the same word are the same token."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache


class Kind(Enum):
    WORD = auto()
    NUMBER = auto()
    ADDRESS = auto()
    LINK = auto()
    MARK = auto()  # punctuation that ends a clause
    LINE = auto()  # a line break inside a paragraph: a blank or the end of a clause
    PARAGRAPH = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark. ``word`` is folded; ``start`` and ``end`` are its place in the message."""

    word: str
    kind: Kind
    start: int
    end: int
    capital: bool = False


_TOKEN = re.compile(
    r"(?P<link>(?:https?://|www\.)[^\s<>]{1,500})"
    r"|(?P<address>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5})"
    r"|(?P<domain>(?<![\w.-])(?:[a-z\d][a-z\d-]{0,40}\.){1,3}(?:com|org|net|io|co|eu|de|test|example|fr|es|it|nl|pt|pl|se|dk|no|uk)\b)"
    r"|(?P<short>(?<![\w.])(?:[^\W\d_]\.[ ]?){1,4}[^\W\d_](?:\.|(?!\w)))"
    r"|(?P<number>\d[\d.,:/-]{0,30}(?:st|nd|rd|th)?)"
    r"|(?P<word>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]){0,40}(?:['’‘´`ʼ](?:[^\W\d_]){1,40}){0,3})"
    r"|(?P<paragraph>[ \t\r]*\n[ \t\r]*\n\s*)"
    r"|(?P<line>\n)"
    r"|(?P<mark>\.{1,10}|…|[!?¿¡;:,()\"“”„«»|。、！？，：]|(?<=[\s!?.,)])[-–—]{1,3}(?=\s|$)|[–—])",
    re.IGNORECASE,
)  # fmt: skip
_KINDS = {
    "link": Kind.LINK, "address": Kind.ADDRESS, "domain": Kind.ADDRESS, "number": Kind.NUMBER, "word": Kind.WORD,
    "short": Kind.WORD, "paragraph": Kind.PARAGRAPH, "line": Kind.LINE, "mark": Kind.MARK,
}  # fmt: skip
_MARKS = {"！": "!", "？": "?", "。": ".", "、": ",", "，": ",", "：": ":", "…": ".", "¿": "(", "¡": "("}
_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "‘": "'",
    "´": "'", "`": "'", "ʼ": "'",
})  # fmt: skip
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})

# One spelling as it is typed, and the words that it stands for.
_NEGATED = ("do", "does", "did", "would", "wo", "ca", "should", "could", "is", "are", "was", "have", "has", "had")
_SPELLINGS: dict[str, tuple[str, ...]] = {
    **{f"{verb}n't": ({"wo": "will", "ca": "can"}.get(verb, verb), "not") for verb in _NEGATED},
    **{f"{verb}nt": (verb, "not") for verb in ("do", "did", "does", "have")},
    "do'nt": ("do", "not"), "don": ("do",), "cannot": ("can", "not"), "dnt": ("do", "not"), "wont": ("will", "not"),
    "mail": ("email",), "mails": ("emails",), "mailing": ("mailing",), "eamil": ("email",), "emial": ("email",),
    "optout": ("opt", "out"), "u": ("you",), "ur": ("your",), "im": ("i", "am"), "ive": ("i", "have"),
    "pls": ("please",), "plz": ("please",), "pleas": ("please",), "thx": ("thanks",), "tks": ("thanks",),
    "offa": ("off",), "gimme": ("give", "me"), "wanna": ("want", "to"),
}  # fmt: skip
_ENGLISH_TAILS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_MAX_WORD_CHARS = 40


@lru_cache(maxsize=4096)
def fold_word(word: str) -> str:
    """Folds a word: lower case, no accents, ł as l, ß as ss, straight apostrophes."""
    lowered = word.lower().translate(_LETTERS)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)


def spellings_of(word: str) -> tuple[str, ...]:
    """Returns the folded spellings of a grammar's word: "löschen" is typed "loschen" and "loeschen"."""
    plain, typed = fold_word(word), fold_word(word.lower().translate(_DIGRAPHS))
    plain = _SPELLINGS.get(plain, (plain,))[0]
    return (plain,) if plain == typed else (plain, typed)


def tokens_of(text: str) -> list[Token]:
    """Splits ``text`` into tokens. Elisions and hyphens part words, and the spellings of "email" are one word."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = _KINDS[match.lastgroup or "mark"]
        start, end = match.span()
        if match.lastgroup == "short":
            tokens.append(Token(fold_word(re.sub(r"[. ]", "", match.group())), kind, start, end))
        elif kind is Kind.WORD:
            _add_words(tokens, match.group(), start, end, hyphened=start > 0 and text[start - 1] in "-‐‑")
        elif kind is Kind.MARK:
            mark = match.group()
            mark = _MARKS.get(mark, mark[0])
            tokens.append(Token("-" if mark in "-–—|" else '"' if mark in '"“”„«»' else mark, kind, start, end))
        else:
            word = {Kind.LINE: "\n", Kind.PARAGRAPH: "\n\n"}.get(kind, match.group().lower())
            tokens.append(Token(word, kind, start, end))
    return tokens


def _add_words(tokens: list[Token], written: str, start: int, end: int, *, hyphened: bool) -> None:
    folded = fold_word(written)
    if hyphened and tokens and tokens[-1].end == start - 1 and tokens[-1].word in ("e", "un"):
        before = tokens.pop()  # "e-mail", "un-subscribe"
        start = before.start
        folded = before.word + folded
    capital = written[0].isupper()
    tokens.extend(Token(word, Kind.WORD, start, end, capital) for word in _words_in(folded))


def _words_in(folded: str) -> tuple[str, ...]:
    known = _SPELLINGS.get(folded)
    if known is not None:
        return known
    if "'" not in folded:
        return (folded,)
    *heads, tail = folded.split("'")
    if tail == "s" and len(heads) == 1:
        return (heads[0], "is") if heads[0] in ("that", "it", "he", "she", "who", "what", "there") else (heads[0], "s")
    tail = _ENGLISH_TAILS.get(tail, tail) if heads[-1] in ("i", "you", "we", "they", "he", "she", "it") else tail
    return tuple(_SPELLINGS.get(part, (part,))[0] for part in (*heads, tail))
