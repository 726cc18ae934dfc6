"""The consequences of a model's words about an opt-out: a suppression, a release, or a question to a person. Pure.

A model suppresses only with the lead's own words for proof, and even then a person is asked to confirm. Without proof
nobody is suppressed and nobody is written to: the lead stays held.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.judgement.opt_out_evidence import OptOutVerdict, words_occur
from shared.domain.vocabulary import ReviewKind, Tag


class HoldAction(StrEnum):
    SUPPRESS = "SUPPRESS"
    RELEASE = "RELEASE"
    HOLD = "HOLD"


@dataclass(frozen=True, slots=True)
class HoldOutcome:
    """The step that follows for the lead, and the question that a person is asked about it."""

    action: HoldAction
    asks: ReviewKind | None = None


def hold_outcome(
    *, suspected: bool, verdict: OptOutVerdict, tag: Tag, quoted_words: str, clean_text: str, subject: str
) -> HoldOutcome | None:
    """Returns the outcome of a model's reading of a reply; None when it speaks of no opt-out and none was suspected.

    ``tag`` and ``verdict`` are the model's; ``quoted_words`` are its proof.
    """
    proven = words_occur(quoted_words, subject=subject, clean_text=clean_text)
    if suspected:
        if verdict is OptOutVerdict.CONFIRMED and proven:
            return HoldOutcome(HoldAction.SUPPRESS, ReviewKind.SUPPRESSED_BY_MODEL)
        if verdict is OptOutVerdict.DENIED:
            return HoldOutcome(HoldAction.RELEASE)
        return HoldOutcome(HoldAction.HOLD, ReviewKind.HOLD_UNDECIDED)
    if tag is not Tag.BLACKLIST:
        return None
    if proven:
        return HoldOutcome(HoldAction.SUPPRESS, ReviewKind.SUPPRESSED_BY_MODEL)
    return HoldOutcome(HoldAction.HOLD, ReviewKind.BLACKLIST_UNPROVEN)
