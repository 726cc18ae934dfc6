"""Replies that only acknowledge, and the same words as an answer to a question of ours."""

from __future__ import annotations

import pytest

from shared.domain.drafting.acknowledgement import asks_something, is_acknowledgement


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks!", True),
        ("ok", True),
        ("Got it, thank you so much", True),
        ("👍", True),
        ("Danke schön", True),
        ("Merci beaucoup !", True),
        ("D’accord", True),
        ("tak", True),
        ("Dziękuję", True),
        ("Tak, dziękuję", False),  # Polish: yes
        ("Thanks, what does it cost?", False),
        ("Ok, Tuesday works", False),
        ("Great, send me the link", False),
        ("Perfect. " * 12, False),  # too long to be a mere nod
    ],
)
def test_acknowledgements(text: str, expected: bool) -> None:
    assert is_acknowledgement(text) is expected


@pytest.mark.parametrize("text", ["ok", "great, thanks", "sounds good", "👍", "passt", "parfait, merci", "tak", "Tak."])
def test_to_a_question_of_ours_the_same_words_are_an_answer(text: str) -> None:
    assert not is_acknowledgement(text, "Hi Peter,\n\nshall I send you the two case studies?\n\nSam")
    assert is_acknowledgement(text, "Hi Peter,\n\nhere are the two case studies.\n\nSam")


@pytest.mark.parametrize("text", ["tak", "Tak!", "tak, ok"])
def test_the_polish_yes_is_no_danish_thanks(text: str) -> None:
    assert not is_acknowledgement(text, "Dzień dobry, prześlę Panu cennik jutro.")
    assert is_acknowledgement(text, "Hej Mads, jeg sender prislisten i morgen.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Worth a call next week?", True),
        ("Haben Sie am Dienstag Zeit?\nJana", True),
        ("Here is the price list.", False),
        ("Here it is: https://example.com/a?b=c", False),
        ("Here is the price list.\n\nNot relevant? Unsubscribe here: https://example.com/u", False),
        ("Voici les tarifs.\n\nPas intéressé ? Se désabonner", False),
    ],
)
def test_a_question_in_a_footer_or_a_link_is_none(text: str, expected: bool) -> None:
    assert asks_something(text) is expected
