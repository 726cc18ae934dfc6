"""The notation of the grammars, and how text becomes its words."""

from __future__ import annotations

import pytest

from shared.domain.judgement.opt_outs.language import CODES, language
from shared.domain.judgement.opt_outs.matching import Reading
from shared.domain.judgement.opt_outs.notation import Grammar, GrammarError
from shared.domain.judgement.opt_outs.spelling import Spelling
from shared.domain.judgement.opt_outs.tokens import tokens_of

EXAMPLE = """
ME     = me | us | my (address | data)
demand = [please] remove ME
    [from (list | letter~)] now*
loose  = remove ..2 list
"""


def ends(rule: str, text: str, grammar: str = EXAMPLE) -> set[int]:
    tokens = tokens_of(text)
    return Grammar(grammar).ends(rule, Reading(tokens, [token.word for token in tokens]), 0)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("remove me", {2}),
        ("please remove my address", {4}),
        ("remove us from letters", {2, 4}),
        ("remove me now now", {2, 3, 4}),
        ("remove me\nfrom list", {2, 5}),  # a line break inside of a clause is a blank
        ("me remove", set()),
        ("remove, me", set()),
    ],
)
def test_slots_stand_in_their_order(text: str, places: set[int]) -> None:
    assert ends("demand", text) == places


@pytest.mark.parametrize(("text", "found"), [("remove the long list", True), ("remove a, list", False)])
def test_a_gap_spans_words_and_no_comma(text: str, found: bool) -> None:
    assert bool(ends("loose", text)) is found


@pytest.mark.parametrize(
    "grammar",
    ["a = B", "A = a A", "a = (b", "a = b)", "a = b |", "nothing", "    a = b"],
)
def test_a_grammar_that_cannot_be_read_is_refused(grammar: str) -> None:
    with pytest.raises(GrammarError):
        Grammar(grammar)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t E-Mail me!", ["do", "not", "email", "me", "!"]),
        ("un-subscribe dont", ["unsubscribe", "do", "not"]),
        ("l'adresse désinscrivez-moi", ["l", "adresse", "desinscrivez", "moi"]),
        ("Straße łódź ØRE", ["strasse", "lodz", "ore"]),
        ("a.u.b. svp", ["aub", "svp"]),
        ("jo@acme.test, 555-0100", ["jo@acme.test", ",", "555-0100"]),
        ("one\ntwo\n\nthree", ["one", "\n", "two", "\n\n", "three"]),
    ],
)
def test_spellings_of_the_same_words_are_the_same_tokens(text: str, words: list[str]) -> None:
    assert [token.word for token in tokens_of(text)] == words


def test_tokens_know_their_place_in_the_text() -> None:
    text = "Stop, it’s löschen @ 3pm"
    assert all(text[token.start : token.end] for token in tokens_of(text))
    assert [text[token.start : token.end] for token in tokens_of(text)][:3] == ["Stop", ",", "it’s"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("unsubcribe", "unsubscribe"),
        ("usnubscribe", "unsubscribe"),
        ("unsuscribr", "unsubscribe"),
        ("remvoe", "remove"),
        ("xemove", None),
        ("remote", None),  # two letters away from nothing, but a word of its own: one slip from "remove" counts
        ("stop", None),
    ],
)
def test_a_slip_is_corrected_and_another_word_is_not(typed: str, meant: str | None) -> None:
    known = {"remote"}
    corrected = None if typed in known else Spelling(["unsubscribe", "remove"]).correct(typed)
    assert corrected == meant


@pytest.mark.parametrize("code", CODES)
def test_every_grammar_is_read_and_has_both_strengths(code: str) -> None:
    grammar = language(code).grammar
    assert grammar.rules("demand")
    assert grammar.rules("bare")
    assert grammar.rules("suspect")


@pytest.mark.parametrize("code", CODES)
def test_every_named_part_of_a_grammar_is_used(code: str) -> None:
    by_code = {"FUZZY", "ADDRESSED", "GRATEFUL", "JOIN", "TAIL"}  # what the code asks for by name
    grammar = language(code).grammar
    assert grammar.unused_parts() - by_code == set()
