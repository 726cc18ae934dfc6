"""Non-delivery reports: which of them say that an address is dead, and which words of people they are not."""

from __future__ import annotations

import pytest

from shared.domain.bounce_rules import BOUNCE_BODY_RULES, BOUNCE_SUBJECT_RULES, TRANSIENT_RULES
from shared.domain.certain_rules import judge
from shared.domain.rule_matching import first_found, fold
from shared.domain.vocabulary import Tag

# rule, subject and text of a report, what a person may write instead
REPORTS: tuple[tuple[str, str, str, str], ...] = (
    ("bounce.en.subject", "Undeliverable: quick question", "", "It came back as undeliverable, use my other address."),
    (
        "bounce.en.subject",
        "Mail delivery failed: returning message to sender",
        "",
        "Your delivery promise failed to convince me.",
    ),
    ("bounce.any.subject", "Unzustellbar: Frage", "", "Das Paket war unzustellbar."),
    ("bounce.any.subject", "Non remis : question", "", "Le prix n'est pas remisé."),
    (
        "bounce.en.not_delivered",
        "Re: quick question",
        "Delivery has failed to these recipients or groups:\n\nanna@lead.test",
        "Your last delivery has failed our tests, what changed?",
    ),
    (
        "bounce.en.no_such_address",
        "Re: quick question",
        "550 5.1.1 <anna@lead.test>: user unknown",
        "We are a team of 550 - what does it cost?",
    ),
    (
        "bounce.any.not_delivered",
        "Re: Frage",
        "Ihre Nachricht an anna@lead.test konnte nicht zugestellt werden.",
        "Die Lieferung konnte gestern nicht zugestellt werden, rufen Sie mich an?",
    ),
)
# rule, text of a report that says nothing about the address, what a person may write instead
HARMLESS: tuple[tuple[str, str, str], ...] = (
    ("delay.any.status", "Gmail will retry for 45 more hours.", "The project is delayed, let's talk in May."),
    ("full_mailbox.any.status", "The recipient's mailbox is full. 552 5.2.2", "My calendar is full this week."),
    ("refused_content.any.status", "554 5.7.1 message rejected due to policy", "Our CFO rejected the last vendor."),
)


@pytest.mark.parametrize(("rule", "subject", "text", "person"), REPORTS)
def test_a_report_about_a_dead_address_is_a_bounce(rule: str, subject: str, text: str, person: str) -> None:
    rules = tuple(r for r in (*BOUNCE_SUBJECT_RULES, *BOUNCE_BODY_RULES) if r.id == rule)
    assert first_found(rules, fold(subject if "subject" in rule else text)) is not None
    judged = judge(text, subject)
    assert judged.tag is Tag.BLACKLIST
    assert judged.bounce is not None
    assert judged.automatic == judged.bounce
    assert judged.is_auto_reply
    assert judged.opt_out is None
    left_open = judge(person, "Re: quick question")
    assert left_open.bounce is None
    assert left_open.tag is None


@pytest.mark.parametrize(("rule", "text", "person"), HARMLESS)
def test_a_delay_a_full_mailbox_and_a_refusal_say_nothing_about_the_address(rule: str, text: str, person: str) -> None:
    assert first_found(tuple(r for r in TRANSIENT_RULES if r.id == rule), fold(text)) is not None
    judged = judge(text, "Undeliverable: quick question")
    assert judged.bounce is None
    assert judged.tag is Tag.AUTOMATED_REPLY
    assert judge(person, "Re: quick question").tag is None


def test_a_delay_warning_is_automatic_without_being_a_bounce() -> None:
    judged = judge("Delivery delayed. Gmail will retry.", "Delivery Status Notification (Delay)")
    assert judged.bounce is None
    assert judged.tag is Tag.AUTOMATED_REPLY


def test_a_mail_servers_own_address_makes_its_report_certain() -> None:
    text = "Your message wasn't delivered. Can you check the address?"
    assert judge(text, "Re: hello").bounce is None
    assert judge(text, "Re: hello", from_email="MAILER-DAEMON@mx.lead.test").bounce is not None


def test_every_rule_stands_in_a_table() -> None:
    assert {row[0] for row in REPORTS} == {rule.id for rule in (*BOUNCE_SUBJECT_RULES, *BOUNCE_BODY_RULES)}
    assert {row[0] for row in HARMLESS} == {rule.id for rule in TRANSIENT_RULES}
