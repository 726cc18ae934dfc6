"""Properties of all certain rules together."""

from __future__ import annotations

import random
import re
from re import _constants as regex_codes  # type: ignore[attr-defined]  # the parsed pattern, to write words that match
from re import _parser as regex_parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.judgement.absence_rules import AWAY_RULES
from shared.domain.judgement.bounce_rules import RULES as BOUNCE_RULES
from shared.domain.judgement.certain_rules import ALL_RULES, judge
from shared.domain.judgement.notice_rules import RULES as NOTICE_RULES
from shared.domain.judgement.rule_matching import MAX_EVIDENCE_CHARS, Rule, find, fold
from tests.timing import cpu_seconds


def test_rule_ids_are_unique_and_speak() -> None:
    ids = [rule.id for rule in ALL_RULES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z_]+(?:\.[a-z_]+){1,2}", rule_id) for rule_id in ids)
    assert all(rule.why and rule.hints for rule in ALL_RULES)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_every_rule_is_written_in_the_folded_shape(rule: object) -> None:
    for hint in rule.hints:  # type: ignore[attr-defined]
        assert fold(hint) == hint
    list(find(rule, " ".join(rule.hints) + " words"))  # type: ignore[attr-defined, arg-type]  # compiles


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.id)
def test_a_hint_occurs_in_whatever_the_pattern_matches(rule: Rule) -> None:
    """A rule whose hints lack one of its alternatives never sees it: words are drawn from the pattern itself."""
    parsed = regex_parser.parse(rule.pattern)
    draw = random.Random(rule.id)  # noqa: S311 - the same words in every run
    for _ in range(400):
        words = " ".join(_words(parsed, draw).lower().split(" "))
        assert any(hint in words for hint in rule.hints), words


def _words(parsed: Any, draw: random.Random) -> str:
    written = []
    for code, value in parsed:
        if code is regex_codes.LITERAL:
            written.append(" " if value == ord("\n") else chr(value))
        elif code is regex_codes.IN:
            written.append(_character(value, draw))
        elif code is regex_codes.SUBPATTERN:
            written.append(_words(value[3], draw))
        elif code is regex_codes.BRANCH:
            written.append(_words(draw.choice(value[1]), draw))
        elif code in (regex_codes.MAX_REPEAT, regex_codes.MIN_REPEAT):
            fewest, most, repeated = value
            times = draw.choice((fewest, min(fewest + 1, most)))
            written.append("".join(_words(repeated, draw) for _ in range(times)))
        elif code not in (regex_codes.AT, regex_codes.ASSERT, regex_codes.ASSERT_NOT):
            written.append("~")
    return "".join(written)


def _character(value: Any, draw: random.Random) -> str:
    code, detail = draw.choice(value)
    if value[0][0] is regex_codes.NEGATE or code is regex_codes.CATEGORY:
        return "7" if detail is regex_codes.CATEGORY_DIGIT else "~"
    return chr(detail if code is regex_codes.LITERAL else draw.randint(*detail))


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_can_be_judged_and_evidence_is_part_of_it(text: str, subject: str) -> None:
    judged = judge(text, subject)
    for match in (judged.opt_out, judged.bounce, judged.automatic, judged.suspected):
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
    "remove\n",
    "unsubscirbe ",
    "nie ",
    "hi, ",
    "\n",
    "a",
)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_time_does_not_grow_with_the_text(fragment: str) -> None:
    """Rules read a bounded part of the text: ten times the text must not take three times as long."""

    def seconds(size: int, enough: float = 0.0) -> float:
        text = fragment * (size // len(fragment))
        return cpu_seconds(lambda: judge(text, "Re: hello"), times=3, enough=enough)

    bound = 3 * seconds(20_000) + 0.005
    assert seconds(200_000, enough=bound) < bound


@pytest.mark.parametrize("rule", [*BOUNCE_RULES, *NOTICE_RULES, *AWAY_RULES], ids=lambda rule: rule.id)
def test_time_grows_with_the_text_and_no_faster(rule: Rule) -> None:
    """Four times a rule's own words, without end, must not take the eight times that a square would come close to."""

    def seconds(size: int) -> float:
        texts = [hint * (size // len(hint)) for hint in rule.hints]
        return cpu_seconds(lambda: [judge(text, "Undeliverable: hello") for text in texts], times=1)

    seconds(100)  # compiles
    assert seconds(2_800) < 8 * seconds(700) + 0.05
