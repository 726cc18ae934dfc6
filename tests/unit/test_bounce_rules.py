"""Non-delivery reports: those that prove an address dead, and the words of people that are no report."""

from __future__ import annotations

import pytest

from shared.domain.judgement.bounce_rules import BOUNCE_BODY_RULES, BOUNCE_SUBJECT_RULES, TRANSIENT_RULES
from shared.domain.judgement.certain_rules import judge
from shared.domain.judgement.rule_matching import first_found, fold
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
        "bounce.en.not_delivered",
        "Re: quick question",
        "Hi. This is the mail program at mx.lead.test.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.",
        "Your mail was not delivered to my colleague at first, now I have it.",
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
    ("full_mailbox.any.status", "El buzón del destinatario está lleno.", "Mi agenda está llena esta semana."),
    ("full_mailbox.any.status", "Skrzynka odbiorcy jest pełna.", "Mam pełne ręce roboty."),
    ("refused_content.any.status", "El mensaje fue rechazado como spam.", "Rechazamos la oferta anterior."),
    ("delay.any.status", "Die Zustellung der Nachricht wurde verzögert.", "Das Projekt ist verzögert."),
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
    late = "Delivery to anna@lead.test has been delayed. We will keep trying for 2 days."
    assert judge(late, "Delivery Status Notification (Delay)").tag is Tag.AUTOMATED_REPLY


def test_a_mail_servers_own_address_makes_its_report_certain() -> None:
    text = "Your message wasn't delivered. Can you check the address?"
    assert judge(text, "Re: hello").bounce is None
    assert judge(text, "Re: hello", from_email="MAILER-DAEMON@mx.lead.test").bounce is not None


@pytest.mark.parametrize(
    "words",
    [
        'Your last mail first bounced ("550 mailbox unavailable"), our admin fixed it. Please resend.',
        "Sorry, we had trouble with our mail server: 550 5.1.1 user unknown for everybody. It works again now.",
        "My assistant told me: your message could not be delivered. All good now, send it to this address.",
        "Your message wasn't delivered at first, I found it in quarantine.",
        "Ihre Nachricht konnte nicht zugestellt werden, unser Admin hat das behoben. Bitte nochmal senden.",
        "Votre message n'a pas été distribué chez nous, notre serveur était en panne.",
        "Su mensaje no se pudo entregar porque nuestro servidor estaba caído. Ahora funciona.",
        "Il suo messaggio non è stato recapitato, abbiamo cambiato server.",
        "Uw bericht kon niet worden bezorgd, wij hadden een storing.",
        "Sua mensagem não foi entregue ontem, nosso servidor caiu.",
        "Państwa poprzedni mail odbił się z błędem 550 user unknown, nasz serwer już działa.",
        "Your message was not delivered to the right department, please resend it to buying@acme.test",
        "My old address gives 550 user unknown, use this one.",
    ],
)
def test_a_person_who_tells_about_a_bounce_is_a_person(words: str) -> None:
    judged = judge(words, "Re: quick question")
    assert judged.bounce is None
    assert not judged.is_auto_reply


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 <anna@lead.test>: Recipient address rejected: User unknown\n\n"
        "From: Sam <sam@send.test>\nSubject: quick question\n\nI noticed that we can help your team.",
        "The mail server could not deliver to anna@our.lead.test: 550 no such user. We tried 3 times.",
        "We were unable to deliver your message to anna@lead.test: user unknown.",
        "Uw bericht aan anna@lead.test kon niet worden afgeleverd.",
    ],
)
def test_a_servers_own_words_are_a_bounce_without_a_subject_that_says_so(text: str) -> None:
    assert judge(text, "Re: quick question").bounce is not None


def test_every_rule_stands_in_a_table() -> None:
    assert {row[0] for row in REPORTS} == {rule.id for rule in (*BOUNCE_SUBJECT_RULES, *BOUNCE_BODY_RULES)}
    assert {row[0] for row in HARMLESS} == {rule.id for rule in TRANSIENT_RULES}
