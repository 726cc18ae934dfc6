"""The facts that a draft states and the two grounds on which it may state them.

What we promise or charge (prices, percentages, links, addresses, terms) is grounded by our own texts; what only the
lead said is a finding for a person. Days and hours are grounded by the conversation. Where a notation is ambiguous,
every reading counts: a check that cries wolf is switched off sooner or later, and a model's evaluation follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.domain.commitments import CommitmentKind
from shared.domain.drafting.amount_grounds import AmountGrounds, ungrounded_amounts
from shared.domain.drafting.day_grounds import KnownDays, read_days, ungrounded_days
from shared.domain.drafting.price_labels import misnamed_prices
from shared.domain.drafting.stated_addresses import KnownAddresses, ungrounded_addresses, without_addresses
from shared.domain.drafting.stated_amounts import KnownAmounts
from shared.domain.drafting.stated_commitments import stated_commitments
from shared.domain.drafting.stated_days import without_days
from shared.domain.drafting.stated_times import KnownTimes, read_times, ungrounded_times, without_times
from shared.domain.text.language import language_of

# The line above a quotation says when somebody wrote, not when anybody has time.
_ATTRIBUTION: Final = re.compile(
    r"^[> ]*(?:on|am|le|el|il|op|em|w dniu|dnia|den|pe)\b[^\n]{4,200}(?:\n[^\n]{0,120}){0,2}?"
    r"\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał(?:a|\(a\))?|skrev)[^\n]{0,60}:[ \t]*$"
    r"|^[> ]*(?:sent|date|gesendet|datum|envoyé|enviado|fecha|inviato|data|verzonden|wysłano)[ \t]*:[^\n]{0,100}$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class UngroundedFact:
    """A fact without its ground: its kind (link, email, phone, amount, number, date, time) and words.

    ``lead_only``: the lead said it, but our own texts do not.
    """

    kind: str
    words: str
    lead_only: bool = False


@dataclass(frozen=True, slots=True)
class Grounds:
    """The facts that a draft may state; made by ``read_grounds``."""

    addresses: tuple[KnownAddresses, KnownAddresses]  # ours, theirs
    amounts: AmountGrounds
    days: KnownDays
    times: KnownTimes
    own_texts: tuple[str, ...]
    leads_names: tuple[str, ...]


def straighten(text: str) -> str:
    """Turns typographic apostrophes and carriage returns into their plain forms; the length stays."""
    return text.replace("’", "'").replace("\r", "\n")


def read_grounds(
    ours: Iterable[str], theirs: Iterable[str], reference_dates: Sequence[date] = (), leads_names: Iterable[str] = ()
) -> Grounds:
    """Reads the facts that our texts and the lead's ground.

    ``reference_dates``: from which "tomorrow" is counted. ``leads_names``: the names of the lead and their company.
    """
    own_texts = tuple(_ATTRIBUTION.sub("", straighten(text)) for text in ours)
    our_text, their_text = "\n".join(own_texts), _ATTRIBUTION.sub("", "\n".join(map(straighten, theirs)))
    addresses = KnownAddresses(), KnownAddresses()
    amounts = KnownAmounts(), KnownAmounts()
    for text, known, numbers in ((our_text, addresses[0], amounts[0]), (their_text, addresses[1], amounts[1])):
        known.add(text)
        numbers.add(text)
    days = read_days(our_text, their_text, amounts[1].times, reference_dates)
    german = language_of(their_text) == "de"
    times = read_times(without_addresses(our_text), without_days(without_addresses(their_text)), german=german)
    return Grounds(
        addresses, AmountGrounds(*amounts, frozenset(days.years)), days, times, own_texts, tuple(leads_names)
    )


def _ours_to_choose(text: str) -> str:
    """Returns the clauses that promise to write again: if the lead has named a later moment, the day is our choice."""
    later = (one.words for one in stated_commitments(text) if one.kind is CommitmentKind.WRITE_LATER)
    return "\n".join(later)


def ungrounded_facts(text: str, grounds: Grounds) -> Iterator[UngroundedFact]:
    """Yields the facts of ``text`` that are not grounded.

    Each kind is looked for in what the kinds before it have left, so that a date is not also a number.
    """
    text = straighten(text)
    german = language_of(text) == "de"
    for kind, words, said in ungrounded_addresses(text, *grounds.addresses, grounds.leads_names):
        yield UngroundedFact(kind, words, lead_only=said)
    text = without_addresses(text)
    numbers = grounds.amounts.ours.numbers | grounds.amounts.theirs.numbers
    ours_to_choose = _ours_to_choose(text) if grounds.days.later else ""
    for words in ungrounded_days(text, grounds.days, numbers):
        if words not in ours_to_choose:
            yield UngroundedFact("date", words)
    for words in ungrounded_times(without_days(text), grounds.times, german=german):
        yield UngroundedFact("time", words)
    rest = without_times(without_days(text), german=german)
    for amount in ungrounded_amounts(rest, grounds.amounts):
        if amount.kind == "number" and amount.words in ours_to_choose:
            continue
        yield UngroundedFact(amount.kind, amount.words, lead_only=amount.lead_only)
    for words in misnamed_prices(rest, grounds.own_texts):
        yield UngroundedFact("amount", words)
