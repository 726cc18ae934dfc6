"""What holds for all certain rules together."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.certain_rules import ALL_RULES, judge
from shared.domain.rule_matching import MAX_EVIDENCE_CHARS, find, fold
from shared.domain.suppression_rules import LANGUAGES


def test_rule_ids_are_unique_and_speak() -> None:
    ids = [rule.id for rule in ALL_RULES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z_]+(?:\.[a-z_]+){1,2}", rule_id) for rule_id in ids)
    assert all(rule.why and rule.hints for rule in ALL_RULES)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_every_rule_is_written_in_the_folded_shape(rule: object) -> None:
    for hint in rule.hints:  # type: ignore[attr-defined]
        assert fold(hint) == hint
    language = LANGUAGES.get(rule.language)  # type: ignore[attr-defined]
    filler, tail = (language.filler, language.tail) if language else ("", "")
    everything = " ".join(rule.hints) + " words"  # type: ignore[attr-defined]
    list(find(rule, everything, filler=filler, tail=tail))  # type: ignore[arg-type]  # compiles


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_can_be_judged_and_evidence_is_part_of_it(text: str, subject: str) -> None:
    judged = judge(text, subject)
    for match in (judged.opt_out, judged.bounce, judged.automatic):
        if match is not None:
            assert match.words in text or match.words in subject
            assert len(match.words) <= MAX_EVIDENCE_CHARS


@given(st.text(max_size=300))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


FRAGMENTS = (
    "please ",
    "remove me from your ",
    "i don't want to receive any ",
    "I am out of the office ",
    "hi, ",
    "\n",
    "a",
)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_time_does_not_grow_with_the_text(fragment: str) -> None:
    """Rules read a bounded part of the text: ten times the text must not take three times as long."""

    def seconds(size: int) -> float:
        text = fragment * (size // len(fragment))
        judge(text, "Re: hello")
        return min(_timed(text) for _ in range(5))

    def _timed(text: str) -> float:
        started = time.perf_counter()
        judge(text, "Re: hello")
        return time.perf_counter() - started

    assert seconds(200_000) < 3 * seconds(20_000) + 0.005
