"""A model's quotation proves an opt-out only if the lead has written these words, whatever a phone made of them."""

from __future__ import annotations

import pytest

from shared.domain.judgement.opt_out_evidence import words_occur


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("don't email me", "Please don’t email me any more."),
        ("dont email me", "Please don't email me any more."),
        ("stop, please", "STOP please"),
        ("no more mails", "No — more\nmails!"),
        ("please stop … writing", "Please stop ever writing to us."),
        ("please stop... writing", "Please stop ever writing to us."),
        ("“leave us alone”", "leave us alone"),
        ("n'écrivez plus", "N’écrivez plus."),
        ("もう送らないで", "もう送らないでください。"),
    ],
)
def test_words_are_the_leads_whatever_their_punctuation(words: str, text: str) -> None:
    assert words_occur(words, subject="Re: idea", clean_text=text)
    assert words_occur(words, subject=text, clean_text="")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("", "Please stop."),
        ("…", "Please stop."),
        (" , ", "Please, stop."),
        ("writing … please stop", "Please stop ever writing to us."),
        ("never write again", "Write again next year."),
    ],
)
def test_other_words_or_none_prove_nothing(words: str, text: str) -> None:
    assert not words_occur(words, subject="Re: idea", clean_text=text)
