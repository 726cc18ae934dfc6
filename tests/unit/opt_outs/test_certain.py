"""Whole messages: slots in order, nothing left over, the subject only for an empty body."""

from __future__ import annotations

import pytest

from shared.domain.judgement.certain_rules import judge
from shared.domain.judgement.opt_outs.finding import BUTTON_RULE, SUBJECT_RULE

DEMAND = "Please remove me from your list"


@pytest.mark.parametrize(
    "words",
    [
        f"{DEMAND} today.",
        f"{DEMAND} for now.",
        f"{DEMAND}, I have it already.",
        f"{DEMAND} until March.",
        f"{DEMAND} and call me.",
        f"{DEMAND} of attendees.",
        f"{DEMAND}?",
        f"They say: {DEMAND}.",
        "list your from me remove Please",  # the same words in another order
        "Stop by on Monday.",
        "Remove the second page.",
        "Don't unsubscribe me.",
        "Unsubscribe rates.",
        "I removed you from my list.",
        "Stop. I want to hear more.",
        "Don't email me, call me: 555-0100.",
        "Hören Sie nicht auf, mir zu schreiben.",
        "Bitte nehmen Sie mich in den Verteiler auf.",
    ],
)
def test_one_word_that_has_no_slot_and_the_message_is_not_certain(words: str) -> None:
    assert judge(words, "").opt_out is None


@pytest.mark.parametrize(
    "words",
    [
        # the writer's own mailing, a list to be put on, an email to be thrown away, "now", somebody else's inbox
        "We want to stop sending emails.",
        "We want to stop sending cold emails.",
        "Nous voulons arrêter d'envoyer des mails.",
        "Queremos dejar de enviar correos.",
        "Vogliamo smettere di inviare email.",
        "Queremos parar de enviar e-mails.",
        "Wij willen stoppen met mailen.",
        "Chcemy przestać wysyłać maile.",
        "Vi vill sluta skicka mejl.",
        "Wir möchten keine Mails mehr schreiben.",
        "Können Sie meine Adresse in Ihren Verteiler nehmen?",
        "Meld meg på nyhetsbrevet.",
        "Zet mij op uw mailinglijst.",
        "Schrijf mij in voor uw nieuwsbrief.",
        "Mettez-moi sur votre liste.",
        "Añádame a su lista.",
        "Aggiungetemi alla vostra mailing list.",
        "Please keep me on your list.",
        "Please delete this email.",
        "Please remove it.",
        "Please delete my account.",
        "Is it possible to stop?",
        "Please take me off hold.",
        "Please take me out.",
        "Leave me out of the cc.",
        "Please do not call me.",
        "Never mind.",
        "No more questions, thanks.",
        "Nothing more, thanks.",
        "I don't want to receive these by post.",
        "I do not want to miss your emails.",
        "I do not want to be removed from your list.",
        "We never received your emails.",
        "I have not received any more emails from you.",
        "Ich habe keine E-Mails mehr von Ihnen erhalten.",
        "Ich erhalte keine E-Mails mehr von Ihnen.",
        "Je ne reçois plus vos mails.",
        "No recibo más correos de ustedes.",
        "Non ricevo più le vostre email.",
        "Ik ontvang geen mails meer van jullie.",
        "Não recebo mais e-mails.",
        "Nie otrzymuję już wiadomości.",
        "Jag får inga mejl längre.",
        "Jeg får ikke mails mere.",
        "I no longer get your emails.",
        "We do not get your emails anymore.",
        "Löschen Sie das bitte.",
        "Supprimez-le svp.",
        "Elimínelo por favor.",
        "Cancellalo per favore.",
        "Verwijder het aub.",
        "Por favor apague.",
        "Proszę to usunąć.",
        "Please cancel.",
        "Cancel it.",
        "Stop the campaign.",
        "Please stop the campaign for us.",
        "Bitte nicht schreiben, anrufen.",
        "Please stop sending these to my colleague.",
        "Please stop sending emails to Bob.",
        "Don't email Bob.",
        "Could you stop sending them twice?",
        "Please do not send the contract.",
        "Do not send it.",
        "Don't send anything.",
        "No need to email me.",
        "No need to follow up.",
        "Please send no more information.",
        "We have no interest in receiving it by email.",
        "Not another vendor!",
        "We do not accept PDF.",
        "Please stop it, you're making me blush.",
        "Please forget me not.",
        "Do not email me now.",
        "No me escriban ahora.",
        "Schreiben Sie mir jetzt nicht.",
        "Ne m'écrivez pas maintenant.",
        "Non scrivetemi adesso.",
        "Do not send these.",
        "Do not send this.",
        "Don't send me the invoice.",
        "Schicken Sie mir nichts.",
        "No envíen nada.",
        "Não enviem nada.",
        "Non inviate niente.",
        "Please do not contact me today.",
        "Do not write to me in English.",
        "We do not want your newsletter, we want a demo.",
        "Please take our name off the door.",
        "Remove my name from the invite list.",
        "Remove me from the waiting list.",
        "Bitte löschen Sie die E-Mail.",
        "Bitte löschen Sie meine letzte E-Mail.",
        "Supprimez mon dernier mail.",
        "Elimine mi último correo.",
        "Please ignore my last email.",
        "Delete my last email.",
        "Please remove my signature.",
        "Please delete my email.",
        "Supprimez mon mail.",
        "Cancellate la mia email.",
        "Elimine mi correo.",
        "Löschen Sie meine E-Mail.",
        "Delete my message.",
        "Wij hebben geen mail ontvangen.",
        "Ik heb geen mails meer ontvangen.",
        "Wir wollen keine Werbung schalten.",
        "We do not want to advertise.",
    ],
)
def test_the_words_of_a_demand_with_another_meaning_are_not_certain(words: str) -> None:
    assert judge(words, "").opt_out is None


@pytest.mark.parametrize(
    "words",
    [
        "Stop",
        "Hi Tom,\n\nSTOP\n\nAnna",
        "Stop. Thank you",
        f"Hello Sam,\n\nno thanks, we already have a vendor. {DEMAND}!\n\nKind regards,\nAlan Price\nDirector",
        f"Not interested - {DEMAND} asap, thanks",
        "PLEASE REMOVE ME FROM YOUR LIST!!!",
        "Can you unsubscribe me, please?",
        "Bitte loeschen Sie meine Daten.",
        "Graag afmelden a.u.b.",
        "Désinscrivez-moi de l'ensemble de vos listes.",
    ],
)
def test_greeting_courtesy_reason_and_closing_leave_a_demand_certain(words: str) -> None:
    found = judge(words, "").opt_out
    assert found is not None
    assert found.words in words


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Thanks, but no.\nPlease take me\noff your list.", "Please take me\noff your list"),
        ("Hi Tom – please REMOVE me from your mailing list!!", "please REMOVE me from your mailing list"),
        ("Don’t email me again.", "Don’t email me again"),
    ],
)
def test_evidence_is_what_the_lead_wrote(text: str, evidence: str) -> None:
    found = judge(text, "").opt_out
    assert found is not None
    assert found.words == evidence


@pytest.mark.parametrize(
    ("text", "subject", "is_opt_out"),
    [
        ("", "STOP", True),
        ("", "unsubscribe", True),
        ("Thanks,\nAnna", "Unsubscribe", False),  # not an empty body: a person said something else
        ("", "Re: STOP", False),  # the subject of our own mail
        ("", "Stop losing leads", False),
    ],
)
def test_the_subject_speaks_only_for_an_empty_body(text: str, subject: str, is_opt_out: bool) -> None:
    assert (judge(text, subject).opt_out is not None) is is_opt_out


def test_a_subject_that_is_a_demand_holds_beside_other_words() -> None:
    suspected = judge("Thanks,\nAnna", "Unsubscribe").suspected
    assert suspected is not None
    assert suspected.rule == SUBJECT_RULE


@pytest.mark.parametrize(
    "sentence",
    [
        "This message was automatically generated by Gmail.",
        "Apple Mail sent this email to unsubscribe from the message “quick question”.",
    ],
)
def test_the_unsubscribe_buttons_of_mail_programs_are_opt_outs(sentence: str) -> None:
    found = judge(sentence, "unsubscribe").opt_out
    assert found is not None
    assert found.rule == BUTTON_RULE
    assert judge(sentence, "Re: quick question").opt_out is None


@pytest.mark.parametrize("subject", ["[Ticket #48213] quick question", "Ticket #48213: quick question"])
def test_the_subject_of_a_help_desk_does_not_hide_an_opt_out(subject: str) -> None:
    assert judge("stop emailing our support desk", subject).opt_out is not None


@pytest.mark.parametrize("words", ["Unsubcribe please", "pls unsubcribe me", "unsuscribe", "Remvoe me from your list"])
def test_misspelt_demands_are_understood(words: str) -> None:
    assert judge(words, "").opt_out is not None


@pytest.mark.parametrize("words", ["Please contract me again.", "The remote list."])
def test_another_word_is_no_misspelling(words: str) -> None:
    assert judge(words, "").opt_out is None
