# ruff: noqa: E501 - the words of one language stay on one line
"""The numbers of a text, in digits or in words, with every value that they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from shared.domain.text.wording import without_accents

# From one, with a blank between the numbers; words of one language that mean the same are joined by a slash.
_UP_TO_TWENTY: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
    "eins zwei drei vier funf/fuenf sechs sieben acht neun zehn elf zwolf/zwoelf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
    "- deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
    "- dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte",
    "- due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti",
    "- twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig",
    "- dois/duas tres quatro cinco seis sete oito nove dez onze doze treze quatorze/catorze quinze dezesseis dezessete dezoito dezenove vinte",
    "jeden dwa/dwie/dwoch/dwoma trzy/trzech cztery/czterech piec/pieciu szesc/szesciu siedem/siedmiu osiem/osmiu dziewiec/dziewieciu dziesiec/dziesieciu jedenascie dwanascie/dwunastu trzynascie czternascie/czternastu pietnascie/pietnastu szesnascie siedemnascie osiemnascie dziewietnascie dwadziescia/dwudziestu",
)
# Thirty to ninety.
_TENS: Final = (
    "thirty forty fifty sixty seventy eighty ninety",
    "dreissig vierzig funfzig/fuenfzig sechzig siebzig achtzig neunzig",
    "trente quarante cinquante soixante soixante-dix quatre-vingt/quatre-vingts quatre-vingt-dix",
    "treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "dertig veertig vijftig zestig zeventig tachtig negentig",
    "trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "trzydziesci/trzydziestu czterdziesci piecdziesiat/piecdziesieciu szescdziesiat siedemdziesiat osiemdziesiat dziewiecdziesiat",
)
# Two hundred to nine hundred, where they are words of their own.
_HUNDREDS: Final = (
    "doscientos/doscientas trescientos/trescientas cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
    "duzentos/duzentas trezentos/trezentas quatrocentos quinhentos seiscentos setecentos oitocentos novecentos",
    "dwiescie trzysta czterysta piecset szescset siedemset osiemset dziewiecset",
    "duecento trecento quattrocento cinquecento seicento settecento ottocento novecento",
)
_SCALE_WORDS: Final = {
    100: "hundred hundert cent cien ciento cento honderd cem sto",
    1_000: "thousand tausend mille mil mila duizend tysiac tysiace tysiecy tsd",
    1_000_000: "million millions millionen millon millones milione milioni miljoen milhao milhoes milion miliony milionow mio",
}


def _small_numbers() -> Iterator[tuple[str, int]]:
    for row in _UP_TO_TWENTY:
        for number, words in enumerate(row.split(), 1):
            yield from ((word, number) for word in words.split("/") if word != "-")
    for rows, first, factor in ((_TENS, 3, 10), (_HUNDREDS, 2, 100)):
        for row in rows:
            for number, words in enumerate(row.split(), first):
                yield from ((word, number * factor) for word in words.split("/"))


NUMBER_OF_WORD: Final = dict(_small_numbers())
_TENS_OF_START: Final = {word: number for word, number in NUMBER_OF_WORD.items() if 20 <= number < 100} | {"veinti": 20}
_SCALE_OF_WORD: Final = {word: scale for scale, words in _SCALE_WORDS.items() for word in words.split()}
# German and Dutch write "fünfundzwanzig" and "zweitausend" in one word.
_COMPOUND: Final = re.compile(r"(?P<head>[a-z]+?)(?P<scale>hundert|tausend|honderd|duizend)(?P<rest>[a-z]*)\Z")
_UNITS_AND_TENS: Final = re.compile(r"(?P<units>[a-z]+?)(?:und|en)(?P<tens>[a-z]+(?:zig|ssig|tig))\Z")
MAX_WORD: Final = 30  # letters; a longer word is no number
MAX_WORDS: Final = 5  # "two thousand five hundred"

_SEPARATORS: Final = " \u00a0\u202f"
NUMBER: Final = re.compile(
    r"(?<![\d.,])(?P<digits>\d{1,3}(?:[ \u00a0\u202f.,']\d{3}){1,5}(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,15}(?:[.,]\d{1,6})?)(?!\d)"
    r"(?:[ \u00a0]?(?P<scale>k|mio|m|tsd|thousand|tausend|mille|mil|mila|tys|million(?:en|s)?|millones|milioni)\b)?"
    r"|(?P<word>(?<![^\W_])[^\W\d_]{2,30}(?:-[^\W\d_]{2,20}){0,2}(?![^\W_]))",
    re.IGNORECASE,
)
_SCALES: Final = {"k": 1_000, "tys": 1_000, "m": 1_000_000, **_SCALE_OF_WORD}


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number in a text, with every value that it may mean: "100 m" is a hundred metres or millions."""

    start: int
    end: int
    values: frozenset[Decimal]
    scaled: bool = False  # "5k"
    in_words: bool = False


def numbers_in(text: str) -> Iterator[StatedNumber]:
    """Yields the numbers of a text, in order; "one" and its kin are articles in most languages and no numbers."""
    position = 0
    while match := NUMBER.search(text, position):
        if match["digits"]:
            scale = (match["scale"] or "").lower()
            values = readings(match["digits"], _SCALES.get(without_accents(scale), 1) if scale else 1)
            if scale == "m":  # "100 m" may be metres
                values |= readings(match["digits"], 1)
            yield StatedNumber(match.start(), match.end(), values, scaled=bool(scale))
            position = match.end()
            continue
        found = _in_words(text, match)
        if found is not None:
            yield found
        position = match.end() if found is None else found.end


def _in_words(text: str, match: re.Match[str]) -> StatedNumber | None:
    """Reads the number that begins with this word, over as many words as belong to it."""
    total = current = Decimal(0)
    end = match.start()
    next_word: re.Match[str] | None = match
    for _ in range(MAX_WORDS):
        if next_word is None:
            break
        value, scale = _value(next_word["word"] or "")
        if value is not None:
            if current and not (current % 100 == 0 or (current % 100 >= 20 and current % 10 == 0 and value < 10)):
                break
            current += value
        elif scale is not None:
            current = max(current, Decimal(1)) * scale
            if scale >= 1_000:
                total, current = total + current, Decimal(0)
        else:
            break
        end = next_word.end()
        next_word = _word_after(text, end)
        # "treinta y cinco", "vinte e cinco"
        if text[end + 1 : end + 3] in ("y ", "e ") and current % 100 >= 20 and current % 10 == 0:
            next_word = _word_after(text, end + 2)
    if end == match.start():
        return None
    return StatedNumber(match.start(), end, frozenset({total + current}), in_words=True)


def _word_after(text: str, end: int) -> re.Match[str] | None:
    following = NUMBER.match(text, end + 1) if text[end : end + 1] in _SEPARATORS else None
    return following if following is not None and following["word"] else None


@lru_cache(maxsize=4096)
def _value(word: str) -> tuple[Decimal | None, int | None]:
    """Returns the number that a word names, or the scale by which the number before it is multiplied."""
    if len(word) > MAX_WORD:
        return None, None
    plain = without_accents(word).lower()
    if plain in NUMBER_OF_WORD:
        return Decimal(NUMBER_OF_WORD[plain]), None
    if plain in _SCALE_OF_WORD:
        return None, _SCALE_OF_WORD[plain]
    return _compound(plain), None


def _compound(word: str) -> Decimal | None:
    if match := _COMPOUND.match(word):
        head = Decimal(1) if match["head"] == "ein" else _value(match["head"])[0]
        rest = _value(match["rest"])[0] if match["rest"] else Decimal(0)
        return None if head is None or rest is None else head * _SCALE_OF_WORD[match["scale"]] + rest
    if match := _UNITS_AND_TENS.match(word):
        units = Decimal(1) if match["units"] == "ein" else _value(match["units"])[0]
        tens = _value(match["tens"])[0]
        return None if units is None or tens is None else units + tens
    for start, number in _TENS_OF_START.items():  # "venticinque", "veinticinco", "vingt-cinq"
        rest_of_word = word.removeprefix(start).removeprefix("-") if word.startswith(start) else ""
        if 0 < NUMBER_OF_WORD.get(rest_of_word, 0) < 10:
            return Decimal(number + NUMBER_OF_WORD[rest_of_word])
    return None


def readings(digits: str, scale: int = 1) -> frozenset[Decimal]:
    """Returns the numbers that the digits mean: "1.500" is 1500, since nobody writes three places, "0.125" a fraction."""
    plain = re.sub(r"[ \u00a0\u202f']", "", digits)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return frozenset({Decimal(plain) * scale})
    tail = plain[last + 1 :]
    whole = re.sub(r"[.,]", "", plain)
    with_point = Decimal(f"{re.sub(r'[.,]', '', plain[:last])}.{tail}") * scale
    marks = plain.count(".") + plain.count(",")
    if len(tail) != 3:
        return frozenset({with_point})
    is_fraction = marks == 1 and plain.startswith("0")
    return frozenset({with_point if is_fraction else Decimal(whole) * scale})
