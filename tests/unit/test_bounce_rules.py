"""Delivery reports: the causes that they name, and the words of people that are no report."""

from __future__ import annotations

import pytest

from shared.domain.judgement.bounce_rules import (
    COMPLAINT_RULES,
    DEAD_STATUS_RULES,
    DEAD_WORD_RULES,
    HARMLESS_RULES,
    REFUSAL_RULES,
    REPORT_BODY_RULES,
    REPORT_SUBJECT_RULES,
    RULES,
    SUCCESS_BODY_RULES,
    SUCCESS_SUBJECT_RULES,
)
from shared.domain.judgement.certain_rules import judge
from shared.domain.judgement.rule_matching import Rule, first_found, fold
from shared.domain.vocabulary import Tag

SUBJECT = "Undelivered Mail Returned to Sender"

# rule, the words of a report, what a person may write instead
PROOFS: tuple[tuple[str, str, str], ...] = (
    ("report.en.subject", "Undeliverable: quick question", "Undeliverable promises"),
    ("report.en.subject", "Mail delivery failed: returning message to sender", "Delivery of the parcel failed"),
    ("report.en.subject", "Delivery Notification: Delivery has failed", "Delivery notes for May"),
    ("report.any.subject", "Unzustellbar: Frage", "Zustellung am Freitag"),
    ("report.any.subject", "Non remis : question", "Remise de 10 %"),
    ("report.any.subject", "Недоставленное сообщение", "Доставка по России"),
    ("report.en.not_delivered", "Delivery has failed to these recipients or groups:", "Your delivery has failed us"),
    ("report.en.not_delivered", "This report relates to a message you sent", "This report relates to a deal"),
    ("report.en.not_delivered", "This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.", "This is the plan."),
    ("report.en.not_delivered", "--- The following addresses had delivery problems ---", "We had delivery problems."),
    ("report.en.not_delivered", "Message could not be delivered to mobile.", "Could it be delivered to our site?"),
    ("report.en.smtp_status", "550 5.1.1 <anna@lead.test>: user unknown", "We are a team of 550 - what does it cost?"),
    ("report.any.not_delivered", "Ihre Nachricht an a@lead.test konnte nicht zugestellt werden.", "Sie war nicht da."),
    ("report.any.not_delivered", "Это письмо отправлено почтовым сервером mx.lead.test.", "Письмо получил."),
    ("success.any.subject", "Successful Mail Delivery Report", "Successful mail campaigns"),
    ("success.any.subject", "Relayed: quick question", "Relayed to my boss"),
    ("success.en.delivered", "Your message was successfully delivered to the destination", "It was delivered today."),
)

# rule, the cause in the words of a report
HARMLESS: tuple[tuple[str, str], ...] = (
    ("delay.any.status", "Gmail will retry for 45 more hours."),
    ("delay.any.status", "Die Zustellung der Nachricht wurde verzögert."),
    ("delay.any.status", "450 4.1.1 <anna@lead.test>: user unknown"),
    ("full_mailbox.any.status", "The recipient's mailbox is full. 552 5.2.2"),
    ("full_mailbox.any.status", "550 5.1.1 <anna@lead.test> mailfolder is full"),
    ("full_mailbox.any.status", "El buzón del destinatario está lleno."),
    ("full_mailbox.any.status", "Skrzynka odbiorcy jest pełna."),
    ("too_large.any.status", "552 Message size exceeds fixed limit"),
    ("expired.any.status", "anna@lead.test: retry timeout exceeded"),
    ("expired.any.status", "The user is unknown today, please try again later."),
    ("expired.any.status", "connect to mx.lead.test[192.0.2.8]:25: Connection timed out"),
    ("busy.any.status", "421 4.7.0 Too many concurrent SMTP connections"),
    ("busy.any.status", "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents it."),
    ("refused.any.status", "550 Your IP 203.0.113.4 is not allowed to connect, no PTR record"),
    ("refused.any.status", "554 Relay access denied"),
    ("refused.any.status", "a virus was detected in your message"),
    ("refused.any.status", "El mensaje fue rechazado como spam."),
    ("refused.any.status", "550 5.1.8 <sam@send.test>: Sender address rejected: Domain not found"),
    ("refusal.any.status", "554 5.7.1 message rejected"),
)

# rule, the words by which a report says that the address is dead
DEAD: tuple[tuple[str, str], ...] = (
    ("bounce.en.dead_address", "<anna@lead.test>   (User unknown anna@lead.test)"),
    ("bounce.en.dead_address", "Diagnostic code: smtp;550 unknown or illegal alias: anna@lead.test"),
    ("bounce.en.dead_address", "Error: INVALID/UNKNOWN RECIPIENT anna@lead.test"),
    ("bounce.en.dead_address", "User anna (anna@lead.test) not listed in Domino Directory"),
    ("bounce.en.dead_address", "anna wasn't found at lead.test."),
    ("bounce.en.dead_address", "550 5.7.1 user unknown"),
    ("bounce.en.dead_address", "The address couldn't be found. Please check it and try again."),
    ("bounce.en.dead_address", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
    ("bounce.any.dead_address", "Die E-Mail-Adresse anna@lead.test wurde nicht gefunden."),
    ("bounce.any.dead_address", "L'adresse de courrier que vous avez entrée est introuvable."),
    ("bounce.any.dead_address", "La dirección no existe."),
    ("bounce.any.dead_address", "Пользователь не найден"),
    ("bounce.any.dead_status", "550 5.1.1 <anna@lead.test>"),
    ("bounce.any.dead_status", "550 5.2.1 <anna@lead.test>"),
)


def rule_of(rule_id: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.id == rule_id)


@pytest.mark.parametrize(("rule", "words", "person"), PROOFS)
def test_a_mail_servers_words_make_a_report_and_alone_they_suppress_nobody(rule: str, words: str, person: str) -> None:
    assert first_found(rule_of(rule), fold(words)) is not None
    assert first_found(rule_of(rule), fold(person)) is None
    subject, text = (words, "") if "subject" in rule else ("Re: quick question", words)
    judged = judge(text, subject)
    assert judged.is_auto_reply
    if rule != "report.en.smtp_status":  # which names its cause
        assert judged.bounce is None
        assert judged.tag is Tag.AUTOMATED_REPLY
    person_judged = judge("", person) if "subject" in rule else judge(person, "Re: quick question")
    assert not person_judged.is_auto_reply


@pytest.mark.parametrize(("rule", "words"), HARMLESS)
def test_a_cause_that_says_nothing_about_the_address_is_an_automatic_reply(rule: str, words: str) -> None:
    assert first_found(rule_of(rule), fold(words)) is not None
    for judged in (judge(words, SUBJECT), judge(f"This is the mail system at host mx.lead.test.\n\n{words}", "Re: hi")):
        assert judged.bounce is None
        assert judged.tag is Tag.AUTOMATED_REPLY


@pytest.mark.parametrize(("rule", "words"), DEAD)
def test_a_report_about_a_dead_address_is_a_bounce(rule: str, words: str) -> None:
    assert first_found(rule_of(rule), fold(words)) is not None
    judged = judge(words, SUBJECT)
    assert judged.tag is Tag.BLACKLIST
    assert judged.bounce is not None
    assert judged.bounce.rule == rule
    assert judged.automatic == judged.bounce
    assert judged.opt_out is None


def test_every_rule_stands_in_a_table() -> None:
    assert {row[0] for row in PROOFS} == {
        rule.id for rule in (*REPORT_SUBJECT_RULES, *SUCCESS_SUBJECT_RULES, *REPORT_BODY_RULES, *SUCCESS_BODY_RULES)
    }
    assert {row[0] for row in HARMLESS} == {rule.id for rule in (*HARMLESS_RULES, *REFUSAL_RULES)}
    assert {row[0] for row in DEAD} == {rule.id for rule in (*DEAD_WORD_RULES, *DEAD_STATUS_RULES)}


def test_a_dead_address_next_to_a_delivered_one_suppresses_nobody() -> None:
    delivered = "Your message was successfully delivered to the destination a@lead.test"
    text = f"{delivered}\n\n<b@lead.test>: 550 5.1.1 user unknown"
    judged = judge(text, SUBJECT)
    assert judged.bounce is None
    assert judged.is_auto_reply


@pytest.mark.parametrize("status", ["5.1.7", "5.1.8", "5.1.5", "15.1.1", "5.1.1.7", "5.1.12"])
def test_numbers_that_are_no_status_of_the_address(status: str) -> None:
    assert judge(f"host mx.lead.test said: {status}", SUBJECT).bounce is None


def test_the_words_of_our_own_returned_message_are_no_cause() -> None:
    text = (
        "This is the mail system at host mx.lead.test.\n\nThe mail could not go out.\n\n"
        "Below is a copy of the original message:\n\nDoes half of your list say user unknown? We clean it."
    )
    judged = judge(text, SUBJECT)
    assert judged.bounce is None
    assert judged.is_auto_reply


def test_a_mail_servers_own_address_makes_its_report_certain() -> None:
    text = "Your message wasn't delivered, the user is unknown. Can you check the address?"
    assert not judge(text, "Re: hello").is_auto_reply
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
        "We run version 5.1.1 here.",
    ],
)
def test_a_person_who_tells_about_a_bounce_is_a_person(words: str) -> None:
    judged = judge(words, "Re: quick question")
    assert judged.bounce is None
    assert not judged.is_auto_reply


@pytest.mark.parametrize(
    "words",
    [
        "Hi Sam, I got this bounce from you. We are interested though. Anna",
        "Hi Sam, my mailbox gave you 550 5.1.1 user unknown, sorry. Write again.",
        "What happened here?",
    ],
)
def test_a_person_below_a_reports_subject_is_a_person(words: str) -> None:
    judged = judge(words, "Undeliverable: quick question")
    assert judged.bounce is None
    assert not judged.is_auto_reply


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 <anna@lead.test>: Recipient address rejected: User unknown\n\n"
        "From: Sam <sam@send.test>\nSubject: quick question\n\nI noticed that we can help your team.",
        "The mail server could not deliver to anna@our.lead.test: 550 no such user. We tried 3 times.",
        "We were unable to deliver your message to anna@lead.test: user unknown.",
        "Uw bericht aan anna@lead.test kon niet worden afgeleverd: het adres bestaat niet.",
        "Hi. This is the qmail-send program at mx.lead.test.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<anna@lead.test>: no such user",
    ],
)
def test_a_servers_own_words_are_a_bounce_without_a_subject_that_says_so(text: str) -> None:
    assert judge(text, "Re: quick question").bounce is not None


@pytest.mark.parametrize(
    "text",
    [
        "This is an email abuse report for an email message received from IP 203.0.113.4 on Fri, 20 Nov 2026.",
        "Feedback-Type: opt-out\nUser-Agent: Lead-FBL/1.0",
    ],
)
def test_a_complaint_that_a_mailbox_provider_passes_on_is_an_opt_out(text: str) -> None:
    judged = judge(text, "FW: quick question")
    assert judged.opt_out is not None
    assert judged.opt_out.rule == COMPLAINT_RULES[0].id
    assert judged.tag is Tag.BLACKLIST
    assert judged.bounce is None


def test_a_report_about_our_own_authentication_is_no_complaint() -> None:
    text = (
        "This is an email abuse report for an email message received from IP 203.0.113.4.\n"
        "The message below did not meet the sending domain's dmarc policy."
    )
    assert judge(text, "Report").opt_out is None
