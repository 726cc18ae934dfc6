"""Every opt-out rule with words that it takes for a demand, and with words that only look like it."""

from __future__ import annotations

import pytest

from shared.domain.judgement.certain_rules import find_opt_out, judge
from shared.domain.judgement.suppression_rules import OPT_OUT_RULES
from shared.domain.vocabulary import Tag

# rule, words that are a demand, words that are not
TABLE: tuple[tuple[str, str, str], ...] = (
    ("opt_out.en.whole_message", "Hi Tom,\n\nSTOP\n\nThanks,\nAnna", "Stop by any time!"),
    (
        "opt_out.en.whole_message",
        "Not interested, please unsubscribe",
        "Stop, this is exactly what we were looking for!",
    ),
    ("opt_out.en.whole_message", "unsubscribe", "Is unsubscribe handling part of your product?"),
    ("opt_out.de.whole_message", "Bitte abmelden.", "Wie können sich unsere Kunden abmelden?"),
    ("opt_out.fr.whole_message", "Désinscription svp", "La désinscription est-elle automatique chez vous ?"),
    ("opt_out.es.whole_message", "Baja, por favor", "La baja de precio nos interesa."),
    ("opt_out.it.whole_message", "Cancellami", "Cancellami pure l'appuntamento di martedì, facciamo mercoledì?"),
    ("opt_out.nl.whole_message", "Graag afmelden", "Kunnen gebruikers zich zelf afmelden?"),
    ("opt_out.pt.whole_message", "Descadastrar, por favor", "Como funciona o botão descadastrar?"),
    ("opt_out.pl.whole_message", "Proszę wypisać", "Czy można się wypisać w każdej chwili?"),
    (
        "opt_out.nordic.whole_message",
        "Avregistrera mig",
        "Hur avregistrera mig från ert webinar på tisdag? Jag kan onsdag i stället.",
    ),
    ("opt_out.ru.whole_message", "Отписаться", "Как пользователи могут отписаться?"),
    ("opt_out.ja.whole_message", "配信停止希望", "配信停止の機能はありますか"),
    (
        "opt_out.en.remove_from_list",
        "Please remove me from your mailing list.",
        "Please remove me from the thread and add Jane.",
    ),
    (
        "opt_out.en.remove_from_list",
        "Take my name off your list, thanks",
        "Take me off the cc, add my colleague who wants a demo.",
    ),
    (
        "opt_out.en.remove_from_list",
        "Can you delete anna@lead.test from your database?",
        "Don't remove me from your list yet.",
    ),
    ("opt_out.en.remove_me", "We have a vendor. Remove me please.", "I don't want to be removed."),
    ("opt_out.en.remove_me", "Kindly take us off.", "Take me off hold and I'll tell you what we need."),
    (
        "opt_out.en.unsubscribe_from",
        "Please unsubscribe me from your newsletter",
        "Users unsubscribe from our newsletter all the time, can you help?",
    ),
    (
        "opt_out.en.unsubscribe_please",
        "We are fine as we are. Unsubscribe please.",
        "Do your emails have an unsubscribe link? Please say yes.",
    ),
    ("opt_out.en.stop_writing", "Stop emailing me!", "We want to stop emailing customers by hand."),
    ("opt_out.en.stop_writing", "for the last time, stop contacting us", "Can you stop by and call me first?"),
    (
        "opt_out.en.stop_sending",
        "Please stop sending me these emails.",
        "We had to stop sending emails from that domain, can you help?",
    ),
    ("opt_out.en.stop_the_mails", "Enough with the emails.", "Stop the presses, this email is great."),
    ("opt_out.en.do_not_contact", "Do not contact me again.", "Please do not contact me until September."),
    (
        "opt_out.en.do_not_contact",
        "Don't ever email me again",
        "Please don't call me before 9, email is best, very interested.",
    ),
    ("opt_out.en.do_not_call_or_write", "Do not call or email me again.", "Do not call me, I prefer email."),
    ("opt_out.en.do_not_send", "Don't send me any more emails", "Don't send me more emails this week, I'm travelling."),
    (
        "opt_out.en.do_not_write_again",
        "Who gave you my address? Don't write again.",
        "Don't write again before you have read my answer.",
    ),
    (
        "opt_out.en.cease_contact",
        "Please cease all communication.",
        "We want to stop all marketing by hand, can you help?",
    ),
    (
        "opt_out.en.asked_again",
        "This is the third time I'm asking. Stop.",
        "This is the third time I'm asking. Stop by on Monday?",
    ),
    (
        "opt_out.en.appreciate_removal",
        "I'd appreciate it if you removed me from your list.",
        "I'd appreciate it if you sent me prices.",
    ),
    (
        "opt_out.de.refrain",
        "Bitte von weiteren E-Mails absehen.",
        "Sehen Sie sich das bitte an, abgesehen von weiteren Mails.",
    ),
    ("opt_out.en.no_more_mails", "No more emails please", "No more emails for now, let's talk on Monday."),
    (
        "opt_out.en.no_wish_to_receive",
        "I don't want to receive any more emails from you.",
        "I don't want to receive invoices by email.",
    ),
    (
        "opt_out.en.no_wish_to_be_contacted",
        "I do not wish to be contacted",
        "I don't want to be contacted by phone, email is fine.",
    ),
    (
        "opt_out.en.no_wish_for_mails",
        "I don't want your emails",
        "I don't want your emails to get lost in spam, use my other address.",
    ),
    (
        "opt_out.en.first_person_opt_out",
        "I would like to opt out.",
        "I'd like to unsubscribe users in bulk with your tool.",
    ),
    ("opt_out.en.opting_out", "I'm opting out.", "I'm opting out of the old contract if yours is cheaper."),
    ("opt_out.en.asked_before", "I have asked you twice to stop.", "I asked you to stop by on Tuesday."),
    (
        "opt_out.en.asked_before",
        "I've asked you three times to remove me from this list.",
        "He asked me to remove him.",
    ),
    (
        "opt_out.en.unsubscribed_before",
        "I unsubscribed already.",
        "I unsubscribed from another vendor and am looking for a new one.",
    ),
    ("opt_out.en.lose_my_address", "Kindly lose my email address.", "Did you lose my email address?"),
    ("opt_out.en.leave_alone", "Leave me alone!", "Leave me a message."),
    ("opt_out.en.go_away", "Fuck off", "The problem won't go away by itself, so tell me more."),
    (
        "opt_out.en.reported_as_spam",
        "I'm reporting this as spam.",
        "Your email was marked as spam by our filter, but yes, let's talk.",
    ),
    ("opt_out.en.blocked_you", "I've blocked you.", "I blocked out Tuesday at 3pm."),
    ("opt_out.en.report_to_authority", "I will report you to the ICO.", "I report to the CFO, he decides."),
    (
        "opt_out.en.delete_my_data",
        "Delete all my personal data under GDPR.",
        "Can you delete my data if I cancel the trial?",
    ),
    (
        "opt_out.en.right_to_erasure",
        "I hereby request the erasure of my personal data.",
        "Does your product support the right to erasure?",
    ),
    (
        "opt_out.en.withdraw_consent",
        "I withdraw my consent to any processing.",
        "How do users withdraw consent in your tool?",
    ),
    (
        "opt_out.en.cease_and_desist",
        "This is a cease and desist.",
        "We are a law firm: do you have a cease and desist template?",
    ),
    (
        "opt_out.en.how_do_i_unsubscribe",
        "How do I unsubscribe from these emails?",
        "How do people unsubscribe from your product's e-mails? We need that feature.",
    ),
    (
        "opt_out.en.earned_block",
        "Seventh pitch this week. Welcome to my spam folder.",
        "It landed in my spam folder, but yes.",
    ),
    (
        "opt_out.de.remove_from_list",
        "Kein Interesse, bitte nehmen Sie mich aus Ihrem Verteiler.",
        "Löschen Sie mich noch nicht aus dem Verteiler.",
    ),
    ("opt_out.de.sign_me_off", "Bitte tragen Sie mich aus.", "Tragen Sie mich bitte für Dienstag ein."),
    ("opt_out.de.no_more_mails", "Bitte keine weiteren E-Mails.", "Ich habe keine weiteren Fragen."),
    (
        "opt_out.de.do_not_write",
        "Schreiben Sie mir bitte nicht mehr.",
        "Schreiben Sie mir bitte nicht mehr diese Woche, aber ab Montag gerne.",
    ),
    ("opt_out.de.stop_writing", "Hören Sie auf, mir zu schreiben!", "Hören Sie sich das an und schreiben Sie mir."),
    (
        "opt_out.de.no_wish_to_be_contacted",
        "Ich möchte nicht mehr kontaktiert werden.",
        "Ich möchte nicht mehr von Anbieter X kontaktiert werden, sondern von Ihnen.",
    ),
    (
        "opt_out.de.delete_my_data",
        "Löschen Sie bitte umgehend meine Daten.",
        "Wenn wir kündigen, löschen Sie meine Daten?",
    ),
    ("opt_out.de.leave_alone", "Lassen Sie mich in Ruhe.", "Ich lese das in Ruhe und melde mich."),
    (
        "opt_out.de.reported_as_spam",
        "Ich habe Ihre E-Mail als Spam gemeldet.",
        "Ihre Mail war als Spam markiert, ich habe sie aber gefunden.",
    ),
    (
        "opt_out.fr.remove_from_list",
        "Merci de me retirer de votre liste de diffusion.",
        "Merci de me retirer de la copie et d'ajouter Paul.",
    ),
    ("opt_out.fr.unsubscribe_me", "Veuillez me désabonner.", "Comment nos clients peuvent-ils se désabonner ?"),
    ("opt_out.fr.stop_writing", "Arrêtez de m'écrire.", "Nous voulons arrêter d'écrire des mails à la main."),
    ("opt_out.fr.do_not_write", "Merci de ne plus me contacter.", "Merci de ne plus me contacter avant septembre."),
    (
        "opt_out.fr.no_wish",
        "Je ne souhaite plus recevoir vos mails.",
        "Je ne souhaite pas recevoir de devis avant d'avoir vu une démo.",
    ),
    ("opt_out.fr.delete_my_data", "Supprimez mes données personnelles.", "Si je résilie, supprimez-vous mes données ?"),
    ("opt_out.fr.leave_alone", "Laissez-moi tranquille.", "Laissez-moi un message."),
    (
        "opt_out.fr.reported_as_spam",
        "J'ai signalé votre message comme spam.",
        "Votre message était classé comme spam, je l'ai retrouvé.",
    ),
    (
        "opt_out.es.remove_from_list",
        "Por favor, elimínenme de su lista.",
        "Por favor, quítenme de la copia y añadan a Pedro.",
    ),
    ("opt_out.es.unsubscribe_me", "Quiero darme de baja.", "¿Cómo se dan de baja los usuarios?"),
    ("opt_out.es.stop_writing", "Dejen de enviarme correos.", "Queremos dejar de enviar correos a mano."),
    ("opt_out.es.do_not_write", "No me escriban más.", "No me escriban hasta septiembre."),
    ("opt_out.es.no_wish", "No quiero recibir más correos de ustedes.", "No quiero recibir la factura por correo."),
    ("opt_out.es.delete_my_data", "Eliminen mis datos personales.", "Si cancelo, ¿eliminan mis datos?"),
    ("opt_out.es.leave_alone", "Déjenme en paz.", "Déjenme pensarlo y les escribo."),
    (
        "opt_out.it.remove_from_list",
        "Cancellatemi dalla vostra mailing list.",
        "Toglietemi dalla copia e aggiungete Marco.",
    ),
    ("opt_out.it.unsubscribe_me", "Per favore disiscrivetemi.", "Come si disiscrivono gli utenti?"),
    ("opt_out.it.stop_writing", "Smettetela di scrivermi.", "Vogliamo smettere di scrivere le mail a mano."),
    ("opt_out.it.do_not_write", "Non scrivetemi più.", "Non scrivetemi prima di settembre."),
    ("opt_out.it.no_wish", "Non desidero più ricevere le vostre email.", "Non voglio ricevere la fattura via email."),
    ("opt_out.it.delete_my_data", "Cancellate i miei dati.", "Se disdico, cancellate i miei dati?"),
    ("opt_out.it.leave_alone", "Lasciatemi in pace.", "Lasciatemi qualche giorno."),
    ("opt_out.nl.remove_from_list", "Verwijder mij uit uw bestand.", "Haal mij uit de cc en voeg Piet toe."),
    ("opt_out.nl.sign_me_off", "Meld mij af.", "Meld mij aan voor de demo."),
    ("opt_out.nl.stop_writing", "Stop met mailen.", "Wij willen stoppen met handmatig mailen."),
    ("opt_out.nl.no_more_mails", "Stuur mij geen mails meer.", "Ik heb geen vragen meer."),
    ("opt_out.nl.no_wish", "Ik wil geen mails meer ontvangen.", "Ik wil geen papieren factuur."),
    ("opt_out.nl.delete_my_data", "Verwijder mijn gegevens.", "Als wij opzeggen, verwijdert u mijn gegevens?"),
    ("opt_out.nl.leave_alone", "Laat me met rust.", "Laat me even nadenken."),
    (
        "opt_out.pt.remove_from_list",
        "Por favor, remova-me da sua lista.",
        "Por favor, remova-me da cópia e inclua a Maria.",
    ),
    ("opt_out.pt.unsubscribe_me", "Quero me descadastrar.", "Como os usuários podem se descadastrar?"),
    ("opt_out.pt.stop_writing", "Parem de me enviar e-mails.", "Queremos parar de enviar e-mails manualmente."),
    ("opt_out.pt.do_not_write", "Não me enviem mais e-mails.", "Não me enviem nada antes de setembro."),
    ("opt_out.pt.no_wish", "Não quero mais receber e-mails.", "Não quero receber a fatura por e-mail."),
    ("opt_out.pt.delete_my_data", "Apaguem os meus dados.", "Se eu cancelar, vocês apagam os meus dados?"),
    ("opt_out.pt.leave_alone", "Me deixe em paz.", "Me deixe pensar."),
    ("opt_out.pl.remove_from_list", "Proszę mnie usunąć z listy mailingowej.", "Proszę usunąć mnie z DW i dodać Annę."),
    ("opt_out.pl.unsubscribe_me", "Mamy dostawcę. Proszę mnie wypisać.", "Jak użytkownicy mogą się wypisać?"),
    ("opt_out.pl.stop_writing", "Przestańcie do mnie pisać.", "Chcemy przestać pisać maile ręcznie."),
    ("opt_out.pl.do_not_write", "Proszę więcej do mnie nie pisać.", "Proszę nie pisać przed wrześniem."),
    ("opt_out.pl.no_wish", "Nie życzę sobie więcej takich wiadomości.", "Nie chcę płacić z góry."),
    ("opt_out.pl.delete_my_data", "Proszę usunąć moje dane.", "Jeśli zrezygnuję, czy usuniecie moje dane?"),
    ("opt_out.pl.leave_alone", "Dajcie mi spokój.", "Przeczytam to w spokoju."),
    ("opt_out.nordic.remove_from_list", "Ta bort mig från er lista.", "Ta bort mig från kopian och lägg till Lars."),
    ("opt_out.nordic.remove_from_list", "Fjern meg fra listen.", "Fjern prisen fra tilbuddet."),
    ("opt_out.nordic.sign_me_off", "Vi har leverantör. Ta bort mig.", "Ta bort mig inte ännu."),
    ("opt_out.nordic.stop_writing", "Sluta maila mig!", "Vi vill sluta maila manuellt."),
    ("opt_out.nordic.do_not_write", "Kontakta mig inte igen.", "Kontakta mig inte före september."),
    ("opt_out.nordic.no_wish", "Jag vill inte ha fler mejl.", "Jag vill inte ha bindningstid."),
    (
        "opt_out.en.stop_writing",
        "I said stop emailing me!",
        "He said stop emailing me to his assistant, so write to her.",
    ),
    (
        "opt_out.en.delete_my_data",
        "I request that you delete all personal data you hold about me.",
        "Do you delete all data you hold about us when we cancel?",
    ),
    (
        "opt_out.en.delete_my_data",
        "Under GDPR I request that you erase my data and stop contacting me.",
        "Under GDPR, who erases my data?",
    ),
    ("opt_out.en.whole_message", "No. Unsubscribe.", "No."),
    (
        "opt_out.de.delete_my_data",
        "Hiermit widerspreche ich der Verarbeitung meiner Daten.",
        "Da widerspreche ich Ihnen.",
    ),
    ("opt_out.fr.stop_writing", "Merci d'arrêter de m'envoyer des mails.", "Merci d'arrêter le devis à 5 postes."),
    ("opt_out.es.do_not_write", "Favor de no enviar más correos.", "Favor de no enviar la factura todavía."),
    ("opt_out.pl.remove_from_list", "Proszę o wypisanie z listy.", "Proszę o wypisanie faktury."),
    (
        "opt_out.pl.do_not_write",
        "Proszę się ze mną więcej nie kontaktować.",
        "Proszę się ze mną nie kontaktować do września.",
    ),
    ("opt_out.fi.remove_from_list", "Poistakaa minut postituslistalta.", "Poistakaa minut, jos hinta nousee."),
    ("opt_out.ru.remove_from_list", "Отпишите меня от рассылки.", "Если цена вырастет, отпишите меня."),
    ("opt_out.ru.do_not_write", "Больше не пишите мне.", "Не пишите до сентября."),
    ("opt_out.ja.stop", "今後メールは不要です。", "メールの配信停止機能はありますか。"),
)


@pytest.mark.parametrize(("rule", "demand", "near_miss"), TABLE)
def test_a_demand_suppresses_and_its_near_miss_does_not(rule: str, demand: str, near_miss: str) -> None:
    rules = [candidate for candidate in OPT_OUT_RULES if candidate.id == rule]
    found = find_opt_out(demand, "Re: quick question", rules)
    assert found is not None
    assert found.rule == rule
    assert found.words in demand

    judged = judge(demand, "Re: quick question")
    assert judged.tag is Tag.BLACKLIST
    assert judged.opt_out is not None
    assert not judged.is_auto_reply

    left_open = judge(near_miss, "Re: quick question")
    assert left_open.opt_out is None
    assert left_open.tag is None


def test_every_opt_out_rule_stands_in_the_table() -> None:
    assert {row[0] for row in TABLE} == {rule.id for rule in OPT_OUT_RULES}


@pytest.mark.parametrize(
    "words",
    [
        # what earlier patterns of this trade took for an opt-out or a bounce
        "I blocked out Tuesday at 3pm",
        "We are a team of 550 - what does it cost?",
        "our CFO rejected the last vendor, tell me more",
        "your email landed in my spam folder, but yes let's talk",
        "does not exist after the upgrade?",
        "please don't call me before 9, email is best, very interested",
        "can you stop by and call me first",
        "take me off the cc, add my colleague who wants a demo",
        "happy to have you stop by any time",
        "don't remove me yet",
        "I don't want to be removed",
        "how do people unsubscribe from your product's e-mails? we need that feature",
        # conditions, reports, third persons, business about unsubscribing
        "If this is a mass mailing, please remove me from your list.",
        "Our customers say \"stop emailing me\" when they get too many mails.",
        "When someone writes unsubscribe, does your tool stop?",
        "I was going to ask you to remove me from your list but this is relevant.",
        "I almost unsubscribed, glad I didn't.",
        "Should I unsubscribe from the old plan first?",
        "Can we unsubscribe any time? Then let's do it.",
        "Take me off your prospect list and put me on your customer list, let's do it",
        "We use unsubscribe rates as a metric.",
        "They told me to remove my address from the form.",
        "I can't stop thinking about this.",
        "Please remove the pricing page from the deck.",
        "Please stop calling me, email me instead",
        "Remove me from the list of attendees until Friday",
        "Don't contact me by phone, mail is fine",
        "Not interested",
        "No thanks, not at this time.",
        "No more questions from my side.",
        "Please forward this to Jane",
        "Go ahead",
        "The end",
    ],
)  # fmt: skip
def test_words_that_only_look_like_an_opt_out_are_left_to_the_model(words: str) -> None:
    judged = judge(words, "Re: unsubscribe rates at Acme")
    assert judged.opt_out is None
    assert judged.bounce is None
    assert judged.tag is None


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Thanks, but no.\nPlease take me\noff your list.", "take me\noff your list"),
        ("Hi Tom – please REMOVE me from your mailing list!!", "REMOVE me from your mailing list"),
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


@pytest.mark.parametrize(
    "words",
    [
        "We have a vendor and have said so twice to your colleagues, so before the next mail: please don't email us.",
        "We work with somebody who does this already, so please remove me from your list.",
        "Delete all personal data you hold about me under Art. 17 GDPR and do not contact me again.",
        "I don't know who gave you my address; please remove me from your list.",
        "We are happy with our vendor and please do not contact us again.",
        "Thanks for the offer but please remove me from your mailing list.",
        "Wir haben schon einen Anbieter, der das macht; bitte keine weiteren E-Mails.",
        "Wir haben kein Interesse und bitte löschen Sie meine Daten.",
        "Ich weiß nicht, wie Sie an meine Adresse kommen: bitte nehmen Sie mich aus Ihrem Verteiler.",
        "Nous avons déjà un prestataire et merci de ne plus me contacter.",
        "Ya tenemos proveedor y por favor no me envíen más correos.",
        "Abbiamo già un fornitore e vi prego di cancellarmi dalla lista.",
        "We hebben al een leverancier, dus graag uitschrijven uit de mailinglijst.",
        "Já temos fornecedor e por favor remova-me da lista.",
        "Mamy już dostawcę i proszę o usunięcie mnie z listy.",
        "Under Article 17 GDPR I ask you to delete all my personal data. Also do not contact me again.",
        "Please erase my personal data (Art. 17 GDPR) and stop contacting me.",
        "Bitte löschen Sie alle meine Daten gemäß Art. 17 DSGVO und kontaktieren Sie mich nicht mehr.",
        "Conformément à l'art. 17 du RGPD, supprimez mes données et ne me contactez plus.",
        "De acuerdo con el art. 17 del RGPD, solicito la supresión de mis datos y que no me contacten más.",
        "Ai sensi dell'art. 17 GDPR chiedo la cancellazione dei miei dati e di non essere più contattato.",
        "Op grond van art. 17 AVG verzoek ik u mijn gegevens te verwijderen en mij niet meer te benaderen.",
        "Nos termos do art. 17 do RGPD, solicito a eliminação dos meus dados e que não me contactem mais.",
        "Na podstawie art. 17 RODO żądam usunięcia moich danych i proszę się ze mną nie kontaktować.",
        "Gemäß Art. 17 DSGVO verlange ich die Löschung meiner Daten.",
        "Appreciate the persistence but please take me off whatever list this is.",
        "We handle this in-house. Please stop the follow-ups and remove acme.test from your sequences.",
        "Please stop emailing me and remove me from your list.",
        "Buenas tardes, le pido por favor que me quite de su base de datos.",
        "Agradecería que me borraran de su lista de correos.",
        "Non siamo interessati, vi chiediamo di non inviarci più comunicazioni commerciali.",
        "Graag verwijderen uit jullie mailinglijst, wij hebben hier geen behoefte aan.",
        "Gostaria que removessem o meu email da vossa lista, por favor.",
        "Proszę nie wysyłać mi więcej takich ofert i usunąć mój adres z bazy.",
        "Vil du være så venlig at fjerne mig fra jeres liste?",
        "Remove jo@acme.test from your list.",
        "Could you please make sure we don't get any more of these emails?",
        "Könnten Sie bitte dafür sorgen, dass ich keine weiteren Mails mehr bekomme?",
        "Auriez-vous l'amabilité de me désinscrire de votre liste ?",
        "Je vous serais reconnaissante de ne plus m'adresser de mails commerciaux.",
        "Os agradecería que no me enviéis más publicidad.",
        "Wil je me alsjeblieft van de lijst halen?",
        "Favor não enviar mais mensagens para este endereço.",
    ],
)  # fmt: skip
def test_a_demand_at_the_end_of_a_longer_sentence_suppresses(words: str) -> None:
    judged = judge(words, "Re: quick question")
    assert judged.tag is Tag.BLACKLIST
    assert judged.opt_out is not None
    assert judged.opt_out.words in words


@pytest.mark.parametrize(
    "words",
    [
        "Three phrases we need detected: remove me from your list; stop emailing me; unsubscribe.",
        "When customers get annoyed they answer: stop emailing me.",
        "If this is a mass mailing: remove me from your list.",
        "Falls Sie kein Angebot haben: bitte löschen Sie mich aus dem Verteiler.",
        "Why do so many of our customers, after three mails, answer: remove me from your list?",
        "Our users write: please stop emailing me; can your tool see that?",
        "Please add Tom to this thread, take me off.",
        "Talk to Tom, he decides, and please take me off the thread.",
        "Unsere Kunden schreiben: bitte keine weiteren E-Mails.",
        "Can your tool handle messages such as: stop emailing me.",
        "Does it handle replies like this: unsubscribe me.",
        "If the price goes up, so please remove me from the list of attendees.",
        "Nos clients répondent: merci de ne plus me contacter.",
        # the address is given up, its owner is gone: somebody still wants to hear from us
        "Please don't contact tom@acme.test anymore, he left. I'm the right person.",
        "Please remove tom@acme.test from your list, he left the company. I took over his role.",
        "Don't email tom@acme.test, use jo@acme.test.",
        "Please remove jo@old.test from your list and write to jo@new.test.",
        "Löschen Sie bitte tom@acme.test, er ist nicht mehr bei uns. Was kostet das?",
        "Delete my number from your records, email is better for me.",
        "Stop the follow-ups, I'm in! When can we start?",
        "I asked my team to remove me from all vendor lists, but yours caught my eye.",
        "I removed us from your competitor's list last month, we're free to talk.",
        "Please make sure we don't get any more of these duplicate invites, but the demo on Friday stands.",
        "Stop me if I'm wrong, but this does what HubSpot does?",
        "Please delete the first attachment from your mail and resend, our gateway refuses zip files.",
        "Could you remove the tracking link and send it again? Our proxy blocks it.",
        "We opted out of the annual plan with our vendor. What do you charge?",
        "End of Q1 works better for us.",
        "I no longer handle this. Please remove me and contact Jo Park (jo@acme.test), she'd love this.",
        "Please take me off and add jo@acme.test, she runs procurement.",
        "Take my colleague off copy please.",
        "Don't contact us before January please.",
        "Please do not contact me until our budget is approved in March.",
        "Don't email me on weekends please.",
        "Never heard of you, but it sounds useful. Send more.",
        "I'm reporting to the board on Tuesday, can you send numbers before?",
        "We blocked your calendar link by mistake, send another.",
        "Bitte löschen Sie meinen alten Termin und schicken Sie einen neuen.",
        "Bitte schreiben Sie mir nicht mehr auf Englisch, Deutsch ist mir lieber.",
        "Kontaktieren Sie mich bitte nicht vor Januar.",
        "Bitte nehmen Sie meinen Kollegen in den Verteiler auf.",
        "Entfernen Sie bitte Position 3 aus dem Angebot, dann passt es.",
        "Merci de ne plus me contacter par téléphone, le mail suffit.",
        "Merci de supprimer mon ancien numéro et d'utiliser celui-ci.",
        "Ne m'écrivez plus en anglais svp, et dites-moi le prix.",
        "Por favor no me llamen más, mejor por correo.",
        "Quite el segundo producto de la oferta y la firmo.",
        "No vuelva a enviar el PDF, ya lo tengo.",
        "Per favore togliete il terzo utente dal preventivo.",
        "Non scrivetemi più su LinkedIn, meglio via mail.",
        "Haal mijn collega van de mail, ik neem het over.",
        "Stuur mij geen offerte meer zonder btw.",
        "Não me ligue mais, prefiro e-mail.",
        "Remova o item 2 da lista de preços e fechamos.",
        "Proszę usunąć pozycję 3 z oferty i podpiszemy.",
        "Proszę więcej nie dzwonić, wolę maile.",
        "Ta bort punkt 3 från offerten så kör vi.",
        "Fjern venligst punkt 3 fra listen, så er vi klar.",
        "Skriv ikke mere på engelsk, men send gerne priser.",
        "Your opt-out link is broken, just so you know. Tell me more about pricing though.",
        "Is there an unsubscribe option for our end users?",
        "Delete my data? No, just kidding - what do you have on us?",
        "How did you get my data?",
        "I will report back to you next week.",
        "Please stop by our booth at the fair.",
        "We have to cease all contact with vendors until the audit ends in May.",
        "My boss said to remove us from every vendor list, but I think he should see this.",
        "Not now. Contact me again in Q3.",
        "Please don't forward my email to anyone.",
        "Never contact my boss directly, go through me.",
        "Leave me alone with the details, just send the price :)",
        "quit my job last week, so not the right person, try jo@acme.test",
        "Stop - wrong Pat. You want Pat Lee in marketing.",
        "Cancel my subscription to your competitor first, haha. Let's talk.",
        "We'd like to unsubscribe 2,000 contacts from HubSpot, can you import them?",
        "Abmelden geht bei uns nur schriftlich - wie läuft das bei Ihnen?",
        "The unsubscribe rate is too high, please help us stop annoying people.",
        "Email me at my private address instead, remove this one.",
        "Please remove me from the CC and keep Tom in.",
        "I'd rather not be contacted by phone.",
        "We don't want any emails lost in migration.",
        'We sent 5k mails and please do not ask how many said "remove me from your list".',
        "How do you delete all personal data you hold about us after the contract ends?",
        "Wie löschen Sie alle meine Daten gemäß Art. 17 DSGVO nach Vertragsende?",
        "Comment traitez-vous l'art. 17 du RGPD? Supprimez-vous les données?",
    ],
)  # fmt: skip
def test_conditions_reports_and_specimens_are_no_demands(words: str) -> None:
    judged = judge(words, "Re: quick question")
    assert judged.opt_out is None
    assert judged.tag is None
