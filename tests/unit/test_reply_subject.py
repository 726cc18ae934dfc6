"""The subject of a draft, for any prefix on the reply's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.drafting.outgoing_text import outgoing_line
from shared.domain.text.reply_subject import FALLBACK_SUBJECT, MAX_SUBJECT_CHARS, reply_subject


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("quick question", "Re: quick question"),
        ("Re: quick question", "Re: quick question"),
        ("RE: re:  Re[2]: quick\r\n question ", "Re: quick question"),
        ("Re : idée", "Re: idée"),
        ("AW: Re: Ihre Frage", "Re: Ihre Frage"),
        ("R: domanda", "Re: domanda"),
        ("回复：问题", "Re: 问题"),
        ("Regarding: us", "Re: Regarding: us"),
        ("Ref: order 12", "Re: Ref: order 12"),
        ("Fwd: Re: this", "Re: Fwd: Re: this"),
        ("RV: pregunta", "Re: RV: pregunta"),  # forwarded
        ("Re: pay\u202eroll\u200b now\x07", "Re: payroll now"),
        ("x" * 400, "Re: " + "x" * (MAX_SUBJECT_CHARS - 4)),
        ("", FALLBACK_SUBJECT),
        ("Re:", FALLBACK_SUBJECT),
    ],
)
def test_an_answer_bears_one_prefix(given: str, expected: str) -> None:
    assert reply_subject(given) == expected
    assert reply_subject(expected) == expected


def test_a_subject_without_words_gives_way_to_the_next() -> None:
    assert reply_subject("", "Re: \u200b", "our idea", "another") == "Re: our idea"


@given(st.lists(st.text(max_size=400), max_size=3))
def test_it_is_one_line_that_is_made_once(subjects: list[str]) -> None:
    subject = reply_subject(*subjects)
    assert subject == outgoing_line(subject) == reply_subject(subject)
    assert subject.startswith("Re:")
    assert len(subject) <= MAX_SUBJECT_CHARS
