"""The amounts of a text: prices, percentages, spans of time and counts, each with its unit; and their grounding.

A price is grounded by our own texts alone, by itself or as a sum that code can follow: unit price times a count, less a
percentage, or added to another price of the draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from shared.domain.drafting import unit_words as units
from shared.domain.drafting.number_words import StatedNumber, numbers_in
from shared.domain.text.wording import plain

SMALLEST_BARE_NUMBER: Final = 100  # "2 or 3 times" is a phrase, "ISO 9001" a fact
MAX_PRICES, MAX_COUNTS, MAX_PARTS = 40, 40, 12  # what sums are made of, at most: their number stays bounded
_SCALED: Final = "SCALED"  # "5k" without a currency
_BARE: Final = ""
_MONEY: Final = frozenset({*units.CURRENCIES, units.CENT})
_CLAUSE_END: Final = re.compile(r"[!?;\n]|[.:](?!\d)|,(?!\d)")
_UNIT_BEFORE: Final = re.compile(r"(?:us\$|r\$|[$€£¥₹]|(?<![^\W\d_])[^\W\d_]{2,3})[ \u00a0]?\Z", re.IGNORECASE)
_UNIT_AFTER: Final = re.compile(
    r"[ \u00a0\u202f-]?(?P<unit>us\$|r\$|[$€£¥₹%]|[^\W\d_]{2,16}(?:-[^\W\d_]{2,8})?)", re.IGNORECASE
)
_SENTENCE_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PERCENT_AFTER: Final = re.compile(r"[ \u00a0](?:per cent|pour cent|por ciento|por cento|per cento)\b", re.IGNORECASE)
# "6-9%" and "1 to 2 days": what follows the second number is the first one's unit as well.
_RANGE: Final = re.compile(
    r"[ \u00a0]?(?:[-–—/]|\b(?:to|or|and|bis|oder|und|à|ou|et|a|o|y|e|tot|of|en|do|lub|i|al|ao|às)\b)[ \u00a0]?\Z",
    re.IGNORECASE,
)
MAX_RANGE_GAP: Final = 7  # characters between the numbers of a range


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it is written: where, its words, its readings, and its unit ("" for a bare number)."""

    start: int
    end: int
    words: str
    values: frozenset[Decimal]
    unit: str

    def of_time(self) -> Iterator[tuple[str, Decimal]]:
        """Yields the amount in every unit of time that it can be given in."""
        word = _last_word(self.words)
        for unit, factor in units.TIMES.get(word, ()):
            yield from ((unit, value * factor) for value in self.values)


@dataclass(slots=True)
class KnownAmounts:
    """The amounts of some texts, by unit."""

    by_unit: dict[str, set[Decimal]] = field(default_factory=dict)
    numbers: set[Decimal] = field(default_factory=set)
    times: set[tuple[str, Decimal]] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Adds the amounts of a text."""
        for amount in amounts_in(text):
            self.by_unit.setdefault(amount.unit, set()).update(amount.values)
            self.numbers.update(amount.values)
            self.times.update(amount.of_time())
        self.times.update(time for amount in _single_spans(text) for time in amount.of_time())
        self.times.update({(units.MONTHS, Decimal(months)) for months in _worded_spans(text)})


def amounts_in(text: str) -> Iterator[Amount]:
    """Yields the amounts of a text, in order. A number in words counts only with a unit."""
    found: list[tuple[StatedNumber, int, int, str]] = []
    for number in numbers_in(text):
        start, end, unit = _unit_of(text, number)
        found.append((number, start, end, unit))
    found = _with_units_of_ranges(text, found)
    for number, start, end, unit in found:
        if unit == _BARE and number.in_words:
            continue
        if unit == _BARE and number.start and (text[number.start - 1].isalnum() or text[number.start - 1] == "_"):
            continue  # "GPT4" and "B2B" hold no number
        yield Amount(start, end, text[start:end], number.values, unit or (_SCALED if number.scaled else _BARE))


def _unit_of(text: str, number: StatedNumber) -> tuple[int, int, str]:
    """Returns where the number with its unit begins and ends, and the unit."""
    before = _UNIT_BEFORE.search(text, max(number.start - 5, 0), number.start)
    unit = units.UNIT_OF_WORD.get(plain(before[0].strip())) if before else None
    if before and unit in units.CURRENCIES:
        return before.start(), number.end, str(unit)
    if percent := _PERCENT_AFTER.match(text, number.end):
        return number.start, percent.end(), units.PERCENT
    end = number.end
    for _ in range(2):  # one adjective may stand between
        after = _UNIT_AFTER.match(text, end)
        if after is None:
            break
        word = plain(after["unit"])
        unit = units.UNIT_OF_WORD.get(word) or _kind_of(word, after["unit"])
        if unit is not None:
            return number.start, after.end(), unit
        if word not in units.BETWEEN:
            break
        end = after.end()
    return number.start, number.end, _BARE


def _kind_of(word: str, written: str) -> str | None:
    if word in units.TIMES and not (word in ("an", "mes", "min") and written[0].isupper()):
        return units.TIMES[word][0][0]
    if word in units.COUNTED:
        return units.COUNT
    return units.PER if word in units.PER_WORDS and word != "a" else None


def _with_units_of_ranges(
    text: str, found: Sequence[tuple[StatedNumber, int, int, str]]
) -> list[tuple[StatedNumber, int, int, str]]:
    result = list(found)
    for index in range(len(result) - 2, -1, -1):
        number, start, end, unit = result[index]
        following, _, following_end, following_unit = result[index + 1]
        between = text[end : following.start]
        if unit == _BARE and following_unit and len(between) <= MAX_RANGE_GAP and _RANGE.search(between):
            result[index] = (number, start, following_end, following_unit)
    return result


# "Um dia útil" and, beside a word for terms, "ein Monat": elsewhere the article counts nothing.
_ONE: Final = re.compile(
    r"\b(?:ein|eine|einen|einem|einer|un|une|una|uno|een|um|uma|jeden) (?P<unit>[a-z]{2,12})\b"
    r"(?P<working> (?:util|uteis|ouvre|laborable|habil|lavorativo|roboczy))?"
)


def _single_spans(text: str) -> Iterator[Amount]:
    for match in _ONE.finditer(plain(text)):
        if match["unit"] in units.TIMES:
            words = text[match.start() : match.end("unit")]
            amount = Amount(
                match.start(), match.end("unit"), words, frozenset({Decimal(1)}), units.TIMES[match["unit"]][0][0]
            )
            if (
                match["working"]
                or match["unit"].endswith(("werktag", "arbeitstag"))
                or _clause_words(text, amount) & units.TERMS
            ):
                yield amount


_WORDED_SPANS: Final = {
    12: r"\b(?:a|one|einem?|eines|une?|um|een|jeden|per|pro|par|por|za) (?:year|jahr|an|annee|ano|anno|jaar|rok)\b",
    6: r"\b(?:half a year|half-year|halbes jahr|halbjahr|semestre|mezzo anno|half jaar|halfjaar|pol roku)\b",
    3: r"\b(?:a quarter|one quarter|first quarter|ein quartal|quartal|un trimestre|kwartaal|kwartal)\b",
}


def _worded_spans(text: str) -> Iterator[int]:
    folded = plain(text)
    yield from (months for months, pattern in _WORDED_SPANS.items() if re.search(pattern, folded))


def _last_word(words: str) -> str:
    found = _SENTENCE_WORD.findall(words)
    return plain(found[-1]) if found else ""


# --- grounding --------------------------------------------------------------------------------------------------------


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
    stated = [*amounts_in(text), *_single_spans(text)]
    sums = _Sums(stated, text, grounds)
    for amount in stated:
        clause = _clause_words(text, amount)
        if amount.unit in _MONEY or amount.unit == _SCALED:
            yield from _money(amount, clause, grounds, sums)
        elif amount.unit == units.PERCENT:
            yield from _percent(amount, clause, grounds)
        elif amount.unit == _BARE:
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
    if amount.unit == _SCALED:
        return bool(amount.values & known.numbers)
    if amount.unit == units.CENT:
        return any(
            value / 100 in values
            for value in amount.values
            for unit, values in by_unit.items()
            if unit in units.CURRENCIES
        ) or bool(amount.values & by_unit.get(units.CENT, set()))
    grounded = amount.values & (by_unit.get(amount.unit, set()) | by_unit.get(_SCALED, set()))
    grounded |= {value for value in amount.values if value * 100 in by_unit.get(units.CENT, set())}
    if amount.unit in by_unit:  # a price list may name its currency once
        grounded |= amount.values & (by_unit.get(_BARE, set()) | by_unit.get(units.PER, set()))
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
                bool(amount.values & known.by_unit.get(_BARE, set())) and not is_ours
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


def _clause_words(text: str, amount: Amount) -> frozenset[str]:
    start = max(
        (match.end() for match in _CLAUSE_END.finditer(text, max(0, amount.start - 150), amount.start)),
        default=max(0, amount.start - 150),
    )
    end = _CLAUSE_END.search(text, amount.end)
    return frozenset(
        plain(word) for word in _SENTENCE_WORD.findall(text[start : end.start() if end else amount.end + 150])
    )


class _Sums:
    """The sums that a draft may state: made of our prices, the lead's counts and what the draft itself says."""

    def __init__(self, stated: Sequence[Amount], text: str, grounds: AmountGrounds) -> None:
        known = grounds.ours
        counts = {value for value in grounds.theirs.numbers if 2 <= value <= 1_000_000}
        counts |= {value for amount in stated if amount.unit not in _MONEY for value in amount.values if value >= 2}
        if any(plain(word) in units.WITHIN_A_YEAR for word in _SENTENCE_WORD.findall(text)):
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
        value
        for value in known.by_unit.get(units.COUNT, set()) | known.by_unit.get(_BARE, set())
        if 2 <= value <= 1_000
    }


def given_away(text: str) -> Iterator[tuple[str, str]]:
    """Yields what a text gives away for nothing or less: the kind of the gift, and its words."""
    folded = plain(text)
    for kind, pattern in units.GIVEN_AWAY.items():
        for match in re.finditer(rf"\b(?:{pattern})", folded):
            yield kind, text[match.start() : match.end()]
