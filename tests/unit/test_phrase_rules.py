"""The hints that rules of phrases read from their phrases."""

from __future__ import annotations

import pytest

from shared.domain.judgement.phrase_rules import phrase_rule


@pytest.mark.parametrize(
    ("phrase", "hints"),
    [
        ("user unknown", ("unknown",)),
        ("(?:user|recipient)[^\\n]{0,10} unknown", ("unknown",)),
        ("colou?rs", ("colo",)),
        ("(?<!x)foo", ("foo",)),
        ("(?:a|bcd)?hello", ("hello",)),
        ("x{1,2}yz", ("yz",)),
        ("(?:first|second) (?=three)", ("first", "second")),
        (r"\d5\.1\.1", ("5.1.1",)),
        (r"\bwe(?: will|'ll) be", ("'ll", "will")),
    ],
)
def test_a_hint_is_a_word_that_every_match_holds(phrase: str, hints: tuple[str, ...]) -> None:
    assert phrase_rule("a.b.c", "any", "why", phrase).hints == hints


@pytest.mark.parametrize("phrase", [r"\d{3}", "(?:one|[ab])", "(?:one)?"])
def test_a_phrase_without_such_a_word_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="no word stands in every text"):
        phrase_rule("a.b.c", "any", "why", phrase)
