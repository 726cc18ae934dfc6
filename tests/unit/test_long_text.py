"""Of a text that nobody wrote by hand its beginning and its end are read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.text.calendar_words import MONTH_NAMES, MONTH_OF_WORD, WEEKDAY_NAMES, WEEKDAY_OF_WORD
from shared.domain.text.long_text import head_and_tail
from shared.domain.text.wording import occurs_in


@given(st.text(max_size=30), st.integers(1, 10), st.integers(1, 10))
def test_a_short_text_stays_and_a_long_one_keeps_both_ends(text: str, head: int, tail: int) -> None:
    cut = head_and_tail(text, head, tail, joint="|")
    if len(text) <= head + tail:
        assert cut == text
    else:
        assert cut == f"{text[:head]}|{text[-tail:]}"


def test_the_cuts_move_to_a_better_place() -> None:
    cut = head_and_tail(
        "one two three four",
        6,
        6,
        joint="…",
        end_of_head=lambda head: head.rfind(" "),
        start_of_tail=lambda tail: tail.find(" ") + 1,
    )
    assert cut == "one…four"


def test_each_language_names_all_days_and_months() -> None:
    assert {len(days) for days in WEEKDAY_NAMES.values()} == {7}
    assert {len(months) for months in MONTH_NAMES.values()} == {12}
    assert all(words for table in (WEEKDAY_NAMES, MONTH_NAMES) for rows in table.values() for words in rows)


def test_a_word_that_is_mostly_another_one_grounds_no_date() -> None:
    assert (WEEKDAY_OF_WORD["mondays"], MONTH_OF_WORD["märz"], MONTH_OF_WORD["dec"]) == (0, 3, 12)
    assert not {"out", "des", "gen", "fev"} & MONTH_OF_WORD.keys()
    assert "out" in MONTH_NAMES["pt"][9]
    assert "mondays" not in WEEKDAY_NAMES["en"][0]


def test_words_occur_in_any_case_and_spacing_and_empty_ones_never_do() -> None:
    assert occurs_in("Leave  me\nalone", "please LEAVE me alone")
    assert not occurs_in(" \n", "please")
