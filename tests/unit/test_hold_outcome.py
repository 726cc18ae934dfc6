from __future__ import annotations

import pytest

from shared.domain.judgement.hold_outcome import HoldAction, HoldOutcome, hold_outcome
from shared.domain.judgement.opt_out_evidence import OptOutVerdict
from shared.domain.vocabulary import ReviewKind, Tag

REPLY = "One more. Spare me this."
SUPPRESSED = HoldOutcome(HoldAction.SUPPRESS, ReviewKind.SUPPRESSED_BY_MODEL)
UNDECIDED = HoldOutcome(HoldAction.HOLD, ReviewKind.HOLD_UNDECIDED)


@pytest.mark.parametrize(
    ("verdict", "tag", "quoted", "outcome"),
    [
        (OptOutVerdict.CONFIRMED, Tag.BLACKLIST, "SPARE  me\nthis", SUPPRESSED),
        (OptOutVerdict.CONFIRMED, Tag.BLACKLIST, "remove me", UNDECIDED),
        (OptOutVerdict.CONFIRMED, Tag.BLACKLIST, "", UNDECIDED),
        (OptOutVerdict.DENIED, Tag.INTERESTED, "", HoldOutcome(HoldAction.RELEASE)),
        (OptOutVerdict.UNCLEAR, Tag.INTERESTED, "spare me this", UNDECIDED),
        (OptOutVerdict.NONE, Tag.INTERESTED, "", UNDECIDED),
    ],
)
def test_a_suspicion_ends_by_proof_or_by_a_denial_and_else_waits_for_a_person(
    verdict: OptOutVerdict, tag: Tag, quoted: str, outcome: HoldOutcome
) -> None:
    assert _of(suspected=True, verdict=verdict, tag=tag, quoted=quoted) == outcome


@pytest.mark.parametrize(
    ("tag", "quoted", "outcome"),
    [
        (Tag.BLACKLIST, "Spare me this", SUPPRESSED),
        (Tag.BLACKLIST, "remove me", HoldOutcome(HoldAction.HOLD, ReviewKind.BLACKLIST_UNPROVEN)),
        (Tag.BLACKLIST, "", HoldOutcome(HoldAction.HOLD, ReviewKind.BLACKLIST_UNPROVEN)),
        (Tag.NOT_INTERESTED, "Spare me this", None),
    ],
)
def test_an_opt_out_that_only_a_model_sees_suppresses_with_the_leads_own_words_and_else_holds(
    tag: Tag, quoted: str, outcome: HoldOutcome | None
) -> None:
    assert _of(suspected=False, verdict=OptOutVerdict.NONE, tag=tag, quoted=quoted) == outcome


def _of(*, suspected: bool, verdict: OptOutVerdict, tag: Tag, quoted: str) -> HoldOutcome | None:
    return hold_outcome(
        suspected=suspected, verdict=verdict, tag=tag, quoted_words=quoted, clean_text=REPLY, subject="Re: hello"
    )
