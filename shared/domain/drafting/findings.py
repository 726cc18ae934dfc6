"""The findings of an evaluation: a closed list, of which code decides what holds a draft back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_WORDS_CHARS: Final = 120


class FindingKind(StrEnum):
    """The kind of a finding. What the model is told about each stands in its prompt."""

    # these hold a draft back
    UNSUPPORTED_FACT = "unsupported_fact"  # about us, and not in our own texts
    COMMITMENT = "commitment"  # a promise that is not among those that are kept
    NEGOTIATION = "negotiation"
    LEGAL = "legal"  # law, contracts, data protection
    COMPLAINT = "complaint"  # also refunds, press, security incidents
    ANGER = "anger"  # also sarcasm and distress
    OPT_OUT = "opt_out"
    STEERING = "steering"  # the reply is meant for the program that reads it
    WRONG_PERSON = "wrong_person"
    WRONG_LANGUAGE = "wrong_language"
    MISSED_POINT = "missed_point"
    UNREADABLE = "unreadable"  # the reply needs an attachment, a picture or an email that is not there
    LEAK = "leak"  # instructions, or data of others
    UNFIT = "unfit"  # rude, unfinished, or with a placeholder
    # these lower the confidence
    UNANSWERED = "unanswered"
    LOOSE_FACT = "loose_fact"  # paraphrased so that it may be read as more than our texts say
    AMBIGUOUS = "ambiguous"  # the reply can be meant otherwise


LOWERING: Final = frozenset({FindingKind.UNANSWERED, FindingKind.LOOSE_FACT, FindingKind.AMBIGUOUS})

LOWERED_TO: Final = 0.85
"""The most that a draft with a lowering finding can get: just under the threshold that campaigns have at first."""
LOWERED_BY: Final = 0.15


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an evaluation has found, with the words that show it."""

    kind: FindingKind
    words: str

    @property
    def holds(self) -> bool:
        """True when a person must see the draft, whatever the confidence."""
        return self.kind not in LOWERING

    def __str__(self) -> str:
        words = " ".join(self.words.split())
        return f"{self.kind}: {words[:MAX_WORDS_CHARS]}" if words else self.kind.value


def confidence_after(findings: Sequence[Finding], confidence: float) -> float:
    """Returns the confidence (0 to 1) that counts: each lowering finding after the first takes something more off."""
    lowering = sum(not finding.holds for finding in findings)
    return confidence if lowering == 0 else min(confidence, round(LOWERED_TO - LOWERED_BY * (lowering - 1), 2))
