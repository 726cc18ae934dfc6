"""Whole messages: slots in order, nothing left over, the subject only for an empty body."""

from __future__ import annotations

import random

import pytest

from shared.domain.judgement.certain_rules import judge
from shared.domain.judgement.opt_outs.finding import BUTTON_RULE, SUBJECT_RULE
from tests.timing import cpu_seconds

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
        "Delete wrong address.",  # a bare demand is a clause of its own
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
        # other channels, other lists, other objects, more instead of less
        "Please stop, I have it already.",
        "No more emails please, we are meeting tomorrow anyway.",
        "Please remove me, Anna takes over.",
        "Not interested in the newsletter, remove me from it but keep the offers coming.",
        "Stop emailing my colleagues, write to me.",
        "Unsubscribe me from the webinar list only.",
        "I'm not the right person, please remove me and write to Ben.",
        "Please do not contact me at this address.",
        "Please do not email me at this address, use the other one.",
        "Take me off the list of speakers.",
        "Take us off your blacklist please.",
        "Remove us from your blacklist.",
        "Please remove me from your suppression list.",
        "Remove my email from your block list, I want to receive your emails again.",
        "I unsubscribed by accident.",
        "I was removed from your list, why?",
        "Why was I removed from your list?",
        "Why did you stop emailing me?",
        "You stopped emailing me.",
        "Please don't stop emailing me.",
        "Never stop sending these.",
        "Do you remove me from your list if I ask?",
        "Will you delete my data?",
        "Do you delete my data?",
        "Would you delete my data after the trial?",
        "Can you stop?",
        "Could you stop by?",
        "Please stop here.",
        "I do not want to receive anything but the price list.",
        "We do not want to be contacted by phone.",
        "Please do not call or text.",
        "No calls please, emails are fine.",
        "No emails please, phone is fine.",
        "No more calls please.",
        "Please no attachments.",
        "Please do not reply.",
        "Do not reply to this email.",
        "Please do not forward.",
        "Don't bother.",
        "Don't bother sending the slides.",
        "Please don't write to Sam.",
        "Please leave us a message.",
        "Please take my name off the invoice.",
        "Please delete my old address.",
        "Please delete my old email address from your list and use this one.",
        "Please delete my data from the demo.",
        "My data was deleted.",
        "Delete this thread.",
        "I object to the price.",
        "I withdraw my offer.",
        "I do not consent to the recording.",
        "I opt out of the webinar.",
        "I want out of my contract with Contoso.",
        "Get me off the phone, I am interested.",
        "Lose the jargon.",
        "Forget my last message.",
        "Forget it.",
        "Enough said, send the contract.",
        "Please cancel my subscription to the trial.",
        "How do I opt out?",
        "I report to Anna.",
        "Leave me alone for a week.",
        "Thanks, remove the second seat.",
        "Bitte keine E-Mails, rufen Sie an.",
        "Bitte keine Anrufe.",
        "Bitte nicht mehr anrufen.",
        "Bitte schreiben Sie mir nicht auf Englisch.",
        "Löschen Sie meine alten Daten.",
        "Löschen Sie bitte meine alte Adresse.",
        "Bitte nehmen Sie uns auf.",
        "Nehmen Sie mich mit.",
        "Bitte streichen Sie mich von der Gästeliste.",
        "Bitte tragen Sie mich ein.",
        "Melden Sie sich bitte nicht vor Montag.",
        "Melden Sie sich.",
        "Lassen Sie mich wissen.",
        "Lassen Sie mich raus aus dem Vertrag.",
        "Hören Sie auf Herrn Kern.",
        "Ich widerspreche Ihnen.",
        "Ich widerrufe meine Bestellung.",
        "Ich möchte kein Angebot, ich möchte eine Demo.",
        "Kein Interesse an Mails, aber an einem Anruf.",
        "Wir brauchen keine weiteren Informationen, wir nehmen es.",
        "Keine weiteren Fragen.",
        "Haben Sie meine Daten gelöscht?",
        "Warum bekomme ich keine Mails mehr?",
        "Bitte verzichten Sie auf den Vertrag.",
        "Merci de ne pas appeler.",
        "Merci de supprimer le rendez-vous.",
        "Ne m'envoyez pas le devis.",
        "Ne m'envoyez plus de devis papier.",
        "Arrêtez les travaux.",
        "Laissez-moi réfléchir.",
        "Plus de questions.",
        "Plus d'informations s'il vous plaît.",
        "Plus de mails comme celui-ci !",
        "Je souhaite plus d'informations.",
        "Je veux recevoir vos mails.",
        "Je ne veux pas rater vos mails.",
        "Supprimez mon ancienne adresse.",
        "Désinscription à la formation.",
        "Je me désinscris du webinaire.",
        "No me llamen.",
        "No quiero más demoras.",
        "No envíen la factura por correo.",
        "Más correos por favor.",
        "No más preguntas.",
        "Quiero darme de alta.",
        "Quiero dar de baja mi línea.",
        "Elimine mi usuario.",
        "Dejen de llamarme.",
        "Borren mi cuenta.",
        "No me manden el contrato.",
        "Cancelen la reunión.",
        "Non chiamatemi più.",
        "Non mandatemi il contratto.",
        "Più email per favore.",
        "Cancellate la riunione.",
        "Toglietemi dalla riunione.",
        "Voglio più informazioni.",
        "Basta così, firmo.",
        "Basta chiacchiere.",
        "Non voglio perdere le vostre email.",
        "Stop met bellen.",
        "Niet meer bellen graag.",
        "Stuur geen factuur.",
        "Ik wil me aanmelden.",
        "Meld mij aan voor de nieuwsbrief.",
        "Meld mij af voor het webinar.",
        "Graag geen telefoontjes.",
        "Haal mij op.",
        "Schrijf mij.",
        "Não me ligue.",
        "Mais emails por favor.",
        "Não envie o contrato.",
        "Quero sair do contrato.",
        "Cancelar a reunião.",
        "Parem a produção.",
        "Remova meu usuário.",
        "Não quero perder os seus emails.",
        "Proszę nie dzwonić.",
        "Proszę wysłać więcej informacji.",
        "Więcej maili proszę.",
        "Proszę usunąć fakturę.",
        "Proszę mnie zapisać.",
        "Nie pisać po angielsku.",
        "Rezygnuję ze spotkania.",
        "Ring mig inte.",
        "Skicka mer information.",
        "Fler mejl tack.",
        "Sluta ringa.",
        "Ta med mig.",
        "Fjern fakturaen.",
        "Meld mig til.",
        "Meld meg på.",
        "Jag vill ha fler mejl.",
        "Jeg vil gerne have flere mails.",
        "Stop produktionen.",
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


def test_misspelt_words_without_end_take_bounded_time() -> None:
    draw = random.Random(1)  # noqa: S311 - the same words in every run
    words = " ".join("unsub" + "".join(draw.choices("abcdefghijkl", k=6)) for _ in range(16_000))

    def seconds(size: int, enough: float = 0.0) -> float:
        return cpu_seconds(lambda: judge(words[:size], "Re: hello"), enough=enough)

    bound = 3 * seconds(19_000) + 0.005
    assert seconds(190_000, enough=bound) < bound
