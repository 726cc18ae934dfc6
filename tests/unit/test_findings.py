"""What an evaluation's findings do to a draft."""

from __future__ import annotations

import pytest

from shared.domain.drafting.findings import LOWERED_TO, LOWERING, Finding, FindingKind, confidence_after


@pytest.mark.parametrize("kind", FindingKind)
def test_a_finding_either_holds_a_draft_back_or_lowers_the_confidence(kind: FindingKind) -> None:
    finding = Finding(kind, "its  words\n")
    assert finding.holds is (kind not in LOWERING)
    assert confidence_after([finding], 0.97) == (0.97 if finding.holds else LOWERED_TO)
    assert str(finding) == f"{kind.value}: its words"


def test_each_further_doubt_takes_something_off_and_none_adds() -> None:
    doubt, other = Finding(FindingKind.UNANSWERED, ""), Finding(FindingKind.AMBIGUOUS, "")
    assert str(doubt) == "unanswered"
    assert confidence_after([], 0.97) == 0.97
    assert confidence_after([doubt, other], 0.97) == pytest.approx(0.7)
    assert confidence_after([doubt], 0.4) == 0.4


def test_a_quotation_of_half_an_email_is_cut() -> None:
    assert len(str(Finding(FindingKind.UNFIT, "word " * 500))) < 140
