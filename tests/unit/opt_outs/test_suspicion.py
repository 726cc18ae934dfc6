"""What holds a lead, and what lets a shape go."""

from __future__ import annotations

import pytest

from shared.domain.judgement.certain_rules import judge


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Interesting product, but I'd like to be removed from your mailing list please.", "removed"),
        ("Our parrot is ill and the roof leaks. Stop emailing me.", "Stop emailing"),
        ("I will report you to the ICO.", "report you"),
        ("Pat passed away in September. Please let this address rest.", "passed away"),
        ("Leave me alone, you vultures.", "Leave me alone"),
        ("Der Hund bellt. Sie dürfen mich gerne aus Ihrer Liste nehmen.", "Liste nehmen"),
        ("Le chat dort. Inutile de me relancer, merci.", "relancer"),
        ("Venku prší. Prosím odstraňte mě ze svého seznamu.", "odstraňte mě"),
        ("请把我从你们的邮件列表中删除。", "删除"),
        ("Ibland undrar jag, men skicka inga fler mejl.", "skicka inga"),
        ("The weather is fine. How do I unsubscribe?", "unsubscribe"),
    ],
)
def test_the_shape_of_a_demand_holds_whatever_stands_beside_it(words: str, part: str) -> None:
    judged = judge(words, "Re: hello")
    assert judged.opt_out is None
    assert judged.suspected is not None
    assert part in judged.suspected.words


@pytest.mark.parametrize(
    "words",
    [
        "How do users unsubscribe in your product?",  # a question that asks us to do nothing
        "If the price goes up, remove us from the list of testers.",  # a condition
        "Please do not contact me until September.",  # a limit in time
        "Our customers say stop emailing me when they get too many.",  # a report
        "Please stop the calls, they wake the baby.",  # something else is to stop
        "Don't email me, call me: 555-0100.",  # another channel
        "Don't unsubscribe me, keep them coming.",  # the opposite
    ],
)
def test_a_shape_is_let_go_where_its_sentence_says_that_it_is_no_demand(words: str) -> None:
    judged = judge(words, "Re: hello")
    assert judged.opt_out is None
    assert judged.suspected is None


def test_a_bare_stop_holds_only_as_a_clause_of_its_own() -> None:
    assert judge("The sun is up. Stop, please.", "Re: hello").suspected is not None
    assert judge("The sun is up. We must stop losing leads.", "Re: hello").suspected is None


def test_a_machines_boilerplate_is_never_suspected() -> None:
    notice = "I am out of the office until 3 March. To unsubscribe from our newsletter, reply STOP."
    judged = judge(notice, "Automatic reply: hello")
    assert judged.automatic is not None
    assert judged.suspected is None
