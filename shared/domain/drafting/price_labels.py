# ruff: noqa: E501 - the words of one kind stay on one line
"""The names that our texts give to their prices, and drafts that give one of these prices another name.

A price list is read clause by clause: "Standard: £2,900 per month" calls 2,900 "standard", "No set-up fee" has no price.
A draft is wrong when the nearest name before a price has other prices, and the price's own is not in the sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.domain.drafting import unit_words as units
from shared.domain.drafting.stated_amounts import Amount, amounts_in
from shared.domain.text.wording import plain, words_of

_CLAUSE_END: Final = re.compile(r"[;\n]|\.(?=\s|$)|,(?=\s)")
_SENTENCE_END: Final = re.compile(r"[;\n!?]|[.](?=\s|$)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NOTHING: Final = words_of(
    "no not without kein keine keinen ohne pas aucun aucune sans sin ningun ninguna senza nessun nessuna geen zonder sem nenhum nenhuma bez brak"
)
_LABEL_WORDS: Final = 4  # a longer beginning of a clause is a sentence, not a name
_MONEY: Final = frozenset({*units.CURRENCIES, units.CENT})
_COMMON: Final = words_of(
    "the a an and or of for from with per our your all is are we it to in on by up first der die das und oder von fur mit alle ab bei je ist im am zum zur einmalig pauschal le la les des du et ou de "
    "pour avec par un une en el los las y o con por una il lo gli e di da del della il het een voor van met en os as e do da com para w z na i lub do od za ceny prices price preis preise prix precio "
    "precios prezzo prezzi prijs prijzen preco precos cena cennik kosten kostet costs cost plan plans paket pakiet plano pack month monat mois mes mese maand miesiecznie"
)


@dataclass(frozen=True, slots=True)
class _Named:
    label: frozenset[str]
    values: frozenset[Decimal]


def misnamed_prices(draft: str, own_texts: Iterable[str]) -> Iterator[str]:
    """Yields the prices of ``draft`` that our texts give to something else, each with the words before it."""
    named = list(_named_prices(own_texts))
    if len(named) < 2:
        return
    for sentence, start in _pieces(draft, _SENTENCE_END):
        words = {word for _, word in _words(sentence)}
        after = 0
        for amount in _prices_in(sentence):
            between = [word for position, word in _words(sentence) if after <= position < amount.start]
            after = amount.end
            own = [one for one in named if one.values & amount.values]
            others = [one for one in named if not one.values & amount.values]
            if not own or any(one.label & words for one in own):
                continue
            nearest = next((word for word in reversed(between) if any(word in one.label for one in named)), None)
            if nearest is not None and any(nearest in one.label for one in others):
                yield draft[start + amount.start : start + amount.end]


def _named_prices(texts: Iterable[str]) -> Iterator[_Named]:
    found = [
        (label, values)
        for text in texts
        for clause, _ in _pieces(text, _CLAUSE_END)
        if (named := _label_of(clause)) is not None
        for label, values in [named]
    ]
    shared = Counter(word for label, _ in found for word in label)
    for label, values in found:
        if own := frozenset(word for word in label if shared[word] == 1):
            yield _Named(own, values)


def _label_of(clause: str) -> tuple[frozenset[str], frozenset[Decimal]] | None:
    """Returns the words before a clause's first price, and its prices: none after "No set-up fee"."""
    prices = list(_prices_in(clause))
    words = [word for _, word in _words(clause[: prices[0].start] if prices else clause)]
    if not prices:
        if not words or words[0] not in _NOTHING or len(words) > _LABEL_WORDS:
            return None
        words = words[1:]
    label = frozenset(word for word in words if word not in _COMMON)
    if not label or len(words) > _LABEL_WORDS + 2:
        return None
    return label, frozenset(value for price in prices for value in price.values)


def _prices_in(text: str) -> Iterator[Amount]:
    yield from (amount for amount in amounts_in(text) if amount.unit in _MONEY)


def _pieces(text: str, end: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    start = 0
    for match in end.finditer(text):
        yield text[start : match.start()], start
        start = match.end()
    yield text[start:], start


def _words(text: str) -> Iterator[tuple[int, str]]:
    for match in _WORD.finditer(text):
        yield match.start(), plain(match[0])
