"""The drafts that evaluations are measured on, and the computed cost of a reply."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from evals.evaluations import Evaluated, evaluations_json, load_seeded_drafts
from evals.model_cost import BUDGET_USD, cost_per_reply
from shared.ai.tasks.reply_evaluation import EvaluationResult
from shared.domain.drafting.findings import Finding, FindingKind


def test_every_kind_of_finding_is_seeded_and_some_drafts_are_good() -> None:
    drafts = load_seeded_drafts()
    seeded = Counter(draft.expect for draft in drafts)
    assert len({draft.id for draft in drafts}) == len(drafts)
    assert sum(seeded.values()) - seeded[None] >= 60
    assert min(seeded[kind] for kind in FindingKind) >= 4
    assert seeded[None] >= 12
    assert all(draft.expect not in draft.accept for draft in drafts)


def test_what_is_found_held_and_missed_is_counted_by_kind() -> None:
    drafts = {kind: [draft for draft in load_seeded_drafts() if draft.expect is kind] for kind in (*FindingKind, None)}
    legal, good = drafts[FindingKind.LEGAL], drafts[None]
    found = EvaluationResult((Finding(FindingKind.LEGAL, ""),), 0.95)
    clean, doubtful = EvaluationResult((), 0.95), EvaluationResult((), 0.5)
    counted = evaluations_json(
        [
            Evaluated(legal[0], found),
            Evaluated(legal[1], clean),
            Evaluated(legal[2], None),
            Evaluated(good[0], doubtful),
        ]
    )
    assert counted["kinds"] == {
        "legal": {"drafts": 3, "found": 1, "held": 2},
        "none": {"drafts": 1, "found": 0, "held": 1},
    }
    assert (counted["missed"], counted["wrongly_held"]) == ([legal[1].id], [good[0].id])


def test_a_drafted_and_evaluated_reply_stays_in_its_budget() -> None:
    computed = cost_per_reply()
    assert computed["passed"]
    assert computed["warm"] < float(BUDGET_USD) < computed["cold"]
    evaluation = computed["tasks"]["reply_evaluation"]
    assert evaluation["cold"] < 2 * evaluation["warm"], "it reads what the draft has written, even if nobody had before"
    averages = list(computed["average_by_replies_a_day"].values())
    assert averages == sorted(averages, reverse=True)
    said = (Path(__file__).parents[2] / "evals/README.md").read_text(encoding="utf-8")
    for usd in averages:
        assert f"{usd:.4f}" in said, "evals/README.md says what is computed"
