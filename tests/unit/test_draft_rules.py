"""Each reason for a draft's status has its sentence, and the documents list them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.domain.drafting.draft_rules import SENTENCES, DraftRule, explain


@pytest.mark.parametrize("rule", DraftRule)
def test_each_rule_has_a_sentence_with_room_for_what_it_found(rule: DraftRule) -> None:
    sentence = explain(rule, "42 {braces}")
    assert sentence
    assert ("42 {braces}" in sentence) == ("{finding}" in SENTENCES[rule])


@pytest.mark.parametrize("rule", DraftRule)
def test_the_runbook_lists_each_rule(rule: DraftRule) -> None:
    runbook = (Path(__file__).parents[2] / "docs/operations.md").read_text(encoding="utf-8")
    assert f"| `{rule}` | {SENTENCES[rule].replace('{finding}', '…')} |" in runbook


@pytest.mark.parametrize(
    ("rule", "finding", "sentence"),
    [
        ("rule_of_a_newer_release", None, "rule_of_a_newer_release"),
        ("rule_of_a_newer_release", "its finding", "its finding"),
        (None, None, ""),
        ("escalation_phrase", None, "escalation phrase: –"),
    ],
)
def test_what_is_missing_or_unknown_is_no_error(rule: str | None, finding: str | None, sentence: str) -> None:
    assert explain(rule, finding) == sentence
