"""The commitments of a text: what promises something, in eight languages, and what only asks, offers or depends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.commitments import CommitmentKind
from shared.domain.drafting.stated_commitments import StatedCommitment, stated_commitments
from tests.timing import cpu_seconds

PROMISED = [
    ("INVITE", "Thursday at 10 works, an invitation follows."),
    ("INVITE", "You will get an invitation from me."),
    ("CALL", "I'll call you at (512) 555-0147 after 2 today."),
    ("FIND_OUT", "I’ll check with the team and get back to you."),
    ("FIND_OUT", "I'll check what I can send you."),
    ("CONTACT_PERSON", "I'll write to Jonas."),
    ("WRITE_LATER", "I'll check back in Q2."),
    ("OTHER", "I'll go through the spreadsheet tonight."),
    ("INVITE", "Dann am 7. Dezember, die Einladung folgt."),
    ("FIND_OUT", "Ob das mit Profinet geht, kläre ich und melde mich dazu."),
    ("WRITE_LATER", "Ich melde mich in KW 4."),
    ("CALL", "Je vous appelle au +33 6 12 34 56 78."),
    ("CONTACT_PERSON", "Le escribiré a laura.gomez@example.com."),
    ("INVITE", "Giovedì alle 10:00 va bene, seguirà un invito."),
    ("INVITE", "Donderdag om 10:00 uur is prima, je krijgt een uitnodiging."),
    ("CALL", "Combinado, ligo para você amanhã."),
    ("WRITE_LATER", "Odezwę się na początku stycznia."),
]
NOT_PROMISED = [
    "Shall I call you on Monday?",
    "If you like, I can send you the case study.",
    "You can book a time here: https://cal.example.com/mara",
    "Our team sets it up in two weeks.",
    "I'd be happy to show you how it works.",
    "Let me know which day suits you and I'll send an invitation.",
    "Wenn Sie möchten, schicke ich Ihnen die Unterlagen.",
    "Soll ich Ihnen eine Einladung schicken?",
    "Je peux vous envoyer un devis si vous le souhaitez.",
    "Puede reservar una llamada aquí.",
    "Czy mogę zadzwonić jutro?",
]


@pytest.mark.parametrize(("kind", "sentence"), PROMISED)
def test_a_promise_is_found(kind: str, sentence: str) -> None:
    words = sentence.replace("’", "'")
    assert stated_commitments(f"Hi Anna,\n\n{sentence}\n\nBest regards,\nMara") == (
        StatedCommitment(CommitmentKind(kind), words),
    )


@pytest.mark.parametrize("sentence", NOT_PROMISED)
def test_a_question_an_offer_or_a_condition_commits_to_nothing(sentence: str) -> None:
    assert stated_commitments(f"Hi Anna,\n\n{sentence}\n\nBest regards,\nMara") == ()


def test_commitments_come_in_the_order_of_the_text() -> None:
    text = "I'll call you on Friday. An invitation follows. I'll also find out about the SOC 2 report."
    assert [one.kind.value for one in stated_commitments(text)] == ["CALL", "INVITE", "FIND_OUT"]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(stated_commitments(text), tuple)


@pytest.mark.parametrize("word", ["i'll ", "ich melde ", "je vais ", "x. ", "do "])
def test_the_time_is_linear_in_the_length(word: str) -> None:
    bound = 12 * cpu_seconds(lambda: stated_commitments(word * 500))
    assert cpu_seconds(lambda: stated_commitments(word * 2_000), enough=bound) < bound
