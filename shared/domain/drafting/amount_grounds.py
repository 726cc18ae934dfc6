"""The grounding of amounts.

A price is grounded by our own texts alone, by itself or as a sum that code can follow: unit price times a count, less a
percentage, or added to another price of the draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.domain.drafting import unit_words as units
from shared.domain.drafting.stated_amounts import (
    BARE,
    MONEY,
    SCALED,
    SENTENCE_WORD,
    Amount,
    KnownAmounts,
    amounts_in,
    clause_words,
    single_spans,
)
from shared.domain.text.wording import plain

SMALLEST_BARE_NUMBER: Final = 100  # "2 or 3 times" is a phrase, "ISO 9001" a fact
MAX_PRICES, MAX_COUNTS, MAX_PARTS = 40, 40, 12  # what sums are made of, at most: their number stays bounded


@dataclass(frozen=True, slots=True)
class UngroundedAmount:
    """An amount that our texts do not hold; ``lead_only`` if the lead's do."""

    kind: str  # amount, number
    words: str
    lead_only: bool = False


@dataclass(slots=True)
class AmountGrounds:
    """The amounts of our own texts and of the lead's, and the years that may be named."""

    ours: KnownAmounts
    theirs: KnownAmounts
    years: frozenset[Decimal] = frozenset()


def ungrounded_amounts(text: str, grounds: AmountGrounds) -> Iterator[UngroundedAmount]:
    """Yields the amounts of a draft that are not grounded. ``text`` is without days, times, links and phone numbers."""
    stated = [*amounts_in(text), *single_spans(text)]
    sums = _Sums(stated, text, grounds)
    for amount in stated:
        clause = clause_words(text, amount)
        if amount.unit in MONEY or amount.unit == SCALED:
            yield from _money(amount, clause, grounds, sums)
        elif amount.unit == units.PERCENT:
            yield from _percent(amount, clause, grounds)
        elif amount.unit == BARE:
            if max(amount.values) >= SMALLEST_BARE_NUMBER and not amount.values & (
                grounds.ours.numbers | grounds.theirs.numbers | grounds.years | sums.of_any_unit
            ):
                yield UngroundedAmount("number", amount.words)
        else:
            yield from _counted(amount, clause, grounds, sums)


def _money(amount: Amount, clause: frozenset[str], grounds: AmountGrounds, sums: _Sums) -> Iterator[UngroundedAmount]:
    if _is_price_of(amount, grounds.ours) or sums.holds(amount):
        return
    if _is_price_of(amount, grounds.theirs):
        if not clause & units.LEADS_MONEY:
            yield UngroundedAmount("amount", amount.words, lead_only=True)
        return
    yield UngroundedAmount("amount", amount.words)


def _is_price_of(amount: Amount, known: KnownAmounts) -> bool:
    by_unit = known.by_unit
    if amount.unit == SCALED:
        return bool(amount.values & known.numbers)
    if amount.unit == units.CENT:
        return any(
            value / 100 in values
            for value in amount.values
            for unit, values in by_unit.items()
            if unit in units.CURRENCIES
        ) or bool(amount.values & by_unit.get(units.CENT, set()))
    grounded = amount.values & (by_unit.get(amount.unit, set()) | by_unit.get(SCALED, set()))
    grounded |= {value for value in amount.values if value * 100 in by_unit.get(units.CENT, set())}
    if amount.unit in by_unit:  # a price list may name its currency once
        grounded |= amount.values & (by_unit.get(BARE, set()) | by_unit.get(units.PER, set()))
    return bool(grounded)


def _percent(amount: Amount, clause: frozenset[str], grounds: AmountGrounds) -> Iterator[UngroundedAmount]:
    if amount.values & (grounds.ours.by_unit.get(units.PERCENT, set()) | {Decimal(100)}):
        return
    lead_only = bool(amount.values & grounds.theirs.by_unit.get(units.PERCENT, set()))
    if not (lead_only and clause & units.LEADS_MONEY):
        yield UngroundedAmount("amount", amount.words, lead_only=lead_only)


def _counted(amount: Amount, clause: frozenset[str], grounds: AmountGrounds, sums: _Sums) -> Iterator[UngroundedAmount]:
    times = set(amount.of_time())
    if amount.unit == units.MINUTES and max(amount.values) <= 60 and clause & units.TALKS:
        return
    for known, is_ours in ((grounds.ours, True), (grounds.theirs, False)):
        if times:
            grounded = bool(times & known.times) or (
                bool(amount.values & known.by_unit.get(BARE, set())) and not is_ours
            )
        else:
            grounded = bool(amount.values & known.numbers)
        if not grounded:
            continue
        if not is_ours and times and clause & units.TERMS:
            yield UngroundedAmount("number", amount.words, lead_only=True)
        return
    if times and _same_hours(times, grounds):
        return
    if not times and (sums.of_any_unit & amount.values):
        return
    yield UngroundedAmount("number", amount.words)


def _same_hours(times: set[tuple[str, Decimal]], grounds: AmountGrounds) -> bool:
    """Tells whether the same span is known in another unit: 48 hours as two days."""
    minutes = {units.MINUTES: 1, units.HOURS: 60, units.DAYS: 1_440}
    known = {value * minutes[unit] for unit, value in grounds.ours.times | grounds.theirs.times if unit in minutes}
    return any(value * minutes[unit] in known for unit, value in times if unit in minutes)


class _Sums:
    """The sums that a draft may state: made of our prices, the lead's counts and what the draft itself says."""

    def __init__(self, stated: Sequence[Amount], text: str, grounds: AmountGrounds) -> None:
        known = grounds.ours
        counts = {value for value in grounds.theirs.numbers if 2 <= value <= 1_000_000}
        counts |= {value for amount in stated if amount.unit not in MONEY for value in amount.values if value >= 2}
        if any(plain(word) in units.WITHIN_A_YEAR for word in SENTENCE_WORD.findall(text)):
            counts.add(Decimal(12))
        counts |= {value for unit, value in known.times if unit == units.MONTHS and value >= 2}
        months_stated = {value for amount in stated for unit, value in amount.of_time() if unit == units.MONTHS}
        months_stated |= counts & {Decimal(12)}
        percents = {value for amount in stated if amount.unit == units.PERCENT for value in amount.values}
        percents &= known.by_unit.get(units.PERCENT, set())
        self.of_any_unit: set[Decimal] = set()
        self._by_unit: dict[str, set[Decimal]] = {}
        for unit in {amount.unit for amount in stated} & set(units.CURRENCIES):
            prices = sorted(known.by_unit.get(unit, set()))[:MAX_PRICES]
            products = {price * count for price in prices for count in sorted(counts)[:MAX_COUNTS]}
            products |= {product * months for product in products for months in months_stated}
            reduced = {value * (100 - percent) / 100 for value in products | set(prices) for percent in percents}
            single = products | reduced
            in_draft = {value for amount in stated if amount.unit == unit for value in amount.values}
            # A part of a sum is a price or a product that the draft states, or the product of two different counts.
            parts = sorted((single | set(prices)) & in_draft)[:MAX_PARTS]
            unstated = sorted(price * count for price in prices for count in counts if count in _small(grounds.theirs))[
                :MAX_PARTS
            ]
            pairs = {one + other for index, one in enumerate(parts) for other in parts[index + 1 :]}
            triples = {pair + part for pair in pairs for part in parts}
            two_products = {
                one + other for one in unstated for other in [*unstated, *prices][:MAX_PARTS] if one != other
            }
            self._by_unit[unit] = single | pairs | triples | two_products
            self._by_unit[unit] |= {total * (100 - percent) / 100 for total in pairs | triples for percent in percents}
        numbers = {value for value in grounds.theirs.numbers if 2 <= value <= 10_000}
        counted = {value for value in known.by_unit.get(units.COUNT, set()) | known.numbers if value >= 2}
        self.of_any_unit = {
            one * other for one in sorted(numbers)[:MAX_COUNTS] for other in sorted(counted)[:MAX_COUNTS]
        }

    def holds(self, amount: Amount) -> bool:
        return bool(amount.values & self._by_unit.get(amount.unit, set()))


def _small(known: KnownAmounts) -> set[Decimal]:
    return {
        value for value in known.by_unit.get(units.COUNT, set()) | known.by_unit.get(BARE, set()) if 2 <= value <= 1_000
    }
