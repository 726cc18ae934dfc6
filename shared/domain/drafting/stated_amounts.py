"""The amounts of a text: prices, percentages, spans of time and counts, each with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from shared.domain.drafting import unit_words as units
from shared.domain.drafting.number_words import StatedNumber, numbers_in
from shared.domain.text.wording import plain

SCALED: Final = "SCALED"  # "5k" without a currency
BARE: Final = ""
MONEY: Final = frozenset({*units.CURRENCIES, units.CENT})
_CLAUSE_END: Final = re.compile(r"[!?;\n]|[.:](?!\d)|,(?!\d)")
_UNIT_BEFORE: Final = re.compile(r"(?:us\$|r\$|[$€£¥₹]|(?<![^\W\d_])[^\W\d_]{2,3})[ \u00a0]?\Z", re.IGNORECASE)
_UNIT_AFTER: Final = re.compile(
    r"[ \u00a0\u202f-]?(?P<unit>us\$|r\$|[$€£¥₹%]|[^\W\d_]{2,16}(?:-[^\W\d_]{2,8})?)", re.IGNORECASE
)
SENTENCE_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
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
        self.times.update(time for amount in single_spans(text) for time in amount.of_time())
        self.times.update({(units.MONTHS, Decimal(months)) for months in _worded_spans(text)})


def amounts_in(text: str) -> Iterator[Amount]:
    """Yields the amounts of a text, in order. A number in words counts only with a unit."""
    found: list[tuple[StatedNumber, int, int, str]] = []
    for number in numbers_in(text):
        start, end, unit = _unit_of(text, number)
        found.append((number, start, end, unit))
    found = _with_units_of_ranges(text, found)
    for number, start, end, unit in found:
        if unit == BARE and number.in_words:
            continue
        if unit == BARE and number.start and (text[number.start - 1].isalnum() or text[number.start - 1] == "_"):
            continue  # "GPT4" and "B2B" hold no number
        yield Amount(start, end, text[start:end], number.values, unit or (SCALED if number.scaled else BARE))


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
    return number.start, number.end, BARE


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
        if unit == BARE and following_unit and len(between) <= MAX_RANGE_GAP and _RANGE.search(between):
            result[index] = (number, start, following_end, following_unit)
    return result


# "Um dia útil" and, beside a word for terms, "ein Monat": elsewhere the article counts nothing.
_ONE: Final = re.compile(
    r"\b(?:ein|eine|einen|einem|einer|un|une|una|uno|een|um|uma|jeden) (?P<unit>[a-z]{2,12})\b"
    r"(?P<working> (?:util|uteis|ouvre|laborable|habil|lavorativo|roboczy))?"
)


def single_spans(text: str) -> Iterator[Amount]:
    for match in _ONE.finditer(plain(text)):
        if match["unit"] in units.TIMES:
            words = text[match.start() : match.end("unit")]
            amount = Amount(
                match.start(), match.end("unit"), words, frozenset({Decimal(1)}), units.TIMES[match["unit"]][0][0]
            )
            if (
                match["working"]
                or match["unit"].endswith(("werktag", "arbeitstag"))
                or clause_words(text, amount) & units.TERMS
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
    found = SENTENCE_WORD.findall(words)
    return plain(found[-1]) if found else ""


def clause_words(text: str, amount: Amount) -> frozenset[str]:
    start = max(
        (match.end() for match in _CLAUSE_END.finditer(text, max(0, amount.start - 150), amount.start)),
        default=max(0, amount.start - 150),
    )
    end = _CLAUSE_END.search(text, amount.end)
    return frozenset(
        plain(word) for word in SENTENCE_WORD.findall(text[start : end.start() if end else amount.end + 150])
    )
