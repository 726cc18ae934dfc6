"""The output checks clear their bar over the labelled drafts."""

from __future__ import annotations

import pytest

from evals.draft_checks import (
    PASS,
    JudgedDraft,
    LabelledDraft,
    draft_figures,
    draft_gates,
    figures_by,
    judge_drafts,
    load_drafts,
    load_workspaces,
)


@pytest.fixture(scope="module")
def judged() -> list[JudgedDraft]:
    return judge_drafts(load_drafts())


def test_the_checks_clear_the_bar(judged: list[JudgedDraft]) -> None:
    assert [gate for gate in draft_gates(draft_figures(judged)) if not gate.passed] == []


def test_the_checks_clear_the_bar_in_every_file(judged: list[JudgedDraft]) -> None:
    for part, figures in figures_by(judged, "part").items():
        gates = draft_gates(figures)[:2]
        assert [gate for gate in gates if not gate.passed] == [], part


def test_every_draft_is_labelled_with_a_workspace_that_is_there_and_a_language() -> None:
    drafts, workspaces = load_drafts(), load_workspaces()
    assert {draft.context["workspace"] for draft in drafts} <= set(workspaces)
    assert {draft.language for draft in drafts} == {"en", "de", "fr", "es", "it", "nl", "pt", "pl"}
    assert sum(draft.expected == PASS for draft in drafts) > len(drafts) / 2


def test_an_alarm_on_a_good_draft_and_silence_on_a_wrong_one_are_counted() -> None:
    label = LabelledDraft(kind="x", language="en", draft="x", context={}, expected=PASS, commitments=("CALL",))
    wrong = label.model_copy(update={"expected": "amount", "commitments": None})
    figures = draft_figures(
        [
            JudgedDraft(label, (("amount", "£5"),), ("CALL", "INVITE")),
            JudgedDraft(label, (), ()),
            JudgedDraft(wrong, (), ()),
        ]
    )
    assert (figures.false_alarms.hits, figures.false_alarms.of) == (1, 2)
    assert (figures.misses.hits, figures.misses.of) == (1, 1)
    assert (figures.commitments.hits, figures.commitments.of, figures.invented_commitments) == (1, 2, 1)
    assert [gate.passed for gate in draft_gates(figures)] == [False, False, False]
