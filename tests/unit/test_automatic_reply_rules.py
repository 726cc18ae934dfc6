"""Every rule for automatic replies with words that only a machine writes, and with words that a person may write."""

from __future__ import annotations

import pytest

from shared.domain.judgement.absence_rules import ABSENCE_WORD_RULES, AWAY_RULES, FORMULA_RULES
from shared.domain.judgement.automatic_reply_rules import (
    ABSENCE_SUBJECT_RULES,
    AUTOMATIC_BODY_RULES,
    AUTOMATIC_SUBJECT_RULES,
)
from shared.domain.judgement.certain_rules import PROVIDER_RULE, judge
from shared.domain.judgement.notice_rules import RULES as NOTICE_RULES
from shared.domain.judgement.rule_matching import Rule, first_found, fold
from shared.domain.vocabulary import Tag

# rule, a subject that a machine writes, a subject that a person's reply may have
SUBJECTS: tuple[tuple[str, str, str], ...] = (
    ("absence.en.subject", "Out of Office: Re: quick question", "Re: Out of office automation for Acme"),
    ("absence.en.subject", "Automatic reply: out of office", "Out of the box thinking"),
    ("absence.de.subject", "Abwesenheitsnotiz: Re: Frage", "Re: Abwesenheitsnotiz"),
    ("absence.fr.subject", "Absence du bureau : Re: question", "Re: Absence du bureau"),
    ("absence.es.subject", "Fuera de la oficina: Re: pregunta", "Re: Fuera de la oficina"),
    ("absence.it.subject", "Fuori sede: Re: domanda", "Re: fuori sede"),
    ("absence.nl.subject", "Afwezig: Re: vraag", "Re: afwezig"),
    ("absence.pt.subject", "Ausente do escritório", "Re: Fora do escritório"),
    ("absence.pl.subject", "Nieobecność: Re: pytanie", "Re: Nieobecność"),
    ("absence.nordic.subject", "Frånvaro: Re: fråga", "Sv: Frånvaro på mötet?"),
    ("absence.ja.subject", "不在通知 Re: ご質問", "Re: 不在通知"),
    ("automatic.en.subject", "Automatic reply: Re: quick question", "Re: Automatic reply rules in Acme"),
    ("automatic.en.subject", "[Auto-Reply] Re: hello", "Auto replies at Acme"),
    ("automatic.de.subject", "Automatische Antwort: Re: Frage", "Re: Automatische Antworten"),
    ("automatic.fr.subject", "Réponse automatique : Re: question", "Re: Réponse automatique"),
    ("automatic.es.subject", "Respuesta automática: Re: pregunta", "Re: Respuesta automática"),
    ("automatic.it.subject", "Risposta automatica: R: domanda", "R: risposta automatica"),
    ("automatic.nl.subject", "Automatisch antwoord: Re: vraag", "Re: automatisch antwoord"),
    ("automatic.pt.subject", "Resposta automática: Re: pergunta", "Re: resposta automática"),
    ("automatic.pl.subject", "Automatyczna odpowiedź: Re: pytanie", "Odp: automatyczna odpowiedź"),
    ("automatic.nordic.subject", "Autosvar: Re: fråga", "Sv: autosvar"),
    ("automatic.ja.subject", "自動返信: お問い合わせ", "Re: 自動返信の件"),
    ("automatic.ru.subject", "Автоответ: Re: вопрос", "Re: Автоответ"),
    ("absence.de.subject", "Abwesenheit / Out of office: quick question", "Re: Abwesenheit / Out of office"),
    ("absence.en.subject", "Out of office / Absence du bureau", "Office / warehouse software"),
    ("automatic.any.subject", "Automatikus válasz: kérdés", "Re: Automatikus válaszok"),
    ("automatic.any.subject", "自动回复: 问题", "Re: 自动回复"),
    ("ticket.any.received_subject", "Ticket Received - 286614 - quick question", "Ticket prices received well?"),
    ("ticket.any.subject_created", "Ticket ACM-20931 created: quick question", "Re: Ticket ACM-20931 created"),
    ("ticket.any.subject_created", "Case 00019222 has been opened", "Case 4 for next week"),
    ("ticket.any.subject_created", "Vorgang 20931 wurde angelegt", "Ticket system for Acme, 20931 tickets"),
    ("ticket.any.subject_created", "Chamado #20931 criado", "Re: chamado 20931 criado"),
    ("ticket.any.subject_received", "We received your message - case 00019222", "Re: We received your message"),
    ("ticket.any.subject_received", "[Request received] quick question", "Request received by mistake?"),
    ("ticket.any.subject_received", "Wir haben Ihre Nachricht erhalten", "AW: Wir haben Ihre Nachricht erhalten"),
    ("ticket.any.subject_received", "Accusé de réception : votre question", "Re: accusé de réception"),
    ("ticket.any.subject_received", "Otrzymaliśmy Twoją wiadomość", "Odp: otrzymaliśmy"),
    ("receipt.any.subject", "Read: quick question", "Read this first"),
    ("receipt.any.subject", "Gelesen: Frage", "Gelesen und verstanden"),
    ("challenge.any.subject", "Please verify your email to pat@acme.test", "Re: please verify your email"),
    ("challenge.any.subject", "Your message to pat@acme.test is awaiting verification", "Verify leads in bulk"),
    ("challenge.any.subject", "Bitte bestätigen Sie Ihre E-Mail", "Bitte bestätigen Sie den Termin"),
    ("challenge.any.subject", "Potwierdź swój adres", "Potwierdzam spotkanie"),
)

# rule, what a machine writes, what a person may write
BODIES: tuple[tuple[str, str, str], ...] = (
    (
        "automatic.en.phone",
        "I'm driving with Driving Focus turned on. I'll see your message when I get where I'm going.",
        "I'm driving with my kids in the car, talk at 5?",
    ),
    ("automatic.en.says_so", "This is an automated response.", "Is this an automated message?"),
    ("automatic.en.says_so", "This message was automatically generated.", "I thought this was an automated reply."),
    ("automatic.de.says_so", "Dies ist eine automatisch generierte Antwort.", "Ist das eine automatische Antwort?"),
    ("automatic.fr.says_so", "Ceci est un message automatique.", "Votre outil répond automatiquement ?"),
    ("automatic.es.says_so", "Esta es una respuesta automática.", "¿Responde automáticamente su producto?"),
    ("automatic.it.says_so", "Questo messaggio è generato automaticamente.", "Il vostro tool risponde da solo?"),
    ("automatic.nl.says_so", "Dit is een automatisch bericht.", "Stuurt jullie tool automatisch berichten?"),
    ("automatic.pt.says_so", "Esta é uma resposta automática.", "A vossa ferramenta responde automaticamente?"),
    ("automatic.pl.says_so", "To jest automatyczna odpowiedź.", "Czy narzędzie odpowiada automatycznie?"),
    ("automatic.nordic.says_so", "Detta är ett automatiskt svar.", "Svarar ert verktyg automatiskt?"),
    ("automatic.any.says_so", "This is a system-generated message.", "Is this a system-generated message?"),
    ("automatic.any.says_so", "Message automatique.", "Votre message automatique m'a fait rire."),
    ("ticket.any.received", "We got your email and opened a ticket for it.", "We got your email and opened a bottle."),
    ("automatic.ja.says_so", "このメールは自動送信されています。", "自動化について教えてください"),
    ("unmonitored.en.mailbox", "This mailbox is no longer monitored.", "We monitored this mailbox last year."),
    ("unmonitored.en.mailbox", "Replies to this email are not monitored.", "Is this inbox monitored?"),
    (
        "unmonitored.en.mailbox",
        "The email address you contacted is no longer in use.",
        "The tool you sold us is no longer in use.",
    ),
    ("unmonitored.en.do_not_reply", "Please do not reply to this email.", "I did not reply to the first email, sorry."),
    ("unmonitored.de.mailbox", "Dieses Postfach wird nicht mehr gelesen.", "Das Postfach lese ich nur montags."),
    ("unmonitored.fr.mailbox", "Cette boîte mail n'est plus consultée.", "Je consulte cette boîte le lundi."),
    ("unmonitored.es.mailbox", "Por favor no responda a este correo.", "No respondí a este correo antes, perdón."),
    ("unmonitored.it.mailbox", "Questa casella non è presidiata.", "Leggo questa casella ogni giorno."),
    ("unmonitored.nl.mailbox", "Deze mailbox wordt niet gelezen.", "Deze mailbox lees ik zelf."),
    ("unmonitored.pt.mailbox", "Por favor, não responda a este e-mail.", "Não respondi antes, desculpe."),
    ("unmonitored.pl.mailbox", "Prosimy nie odpowiadać na tę wiadomość.", "Nie odpowiedziałem wcześniej, przepraszam."),
    ("unmonitored.nordic.mailbox", "Svara inte på detta mail.", "Jag svarade inte på ditt mail, ursäkta."),
    ("unmonitored.ja.mailbox", "このメールアドレスは送信専用です。", "このアドレスにご連絡ください"),
    ("ticket.en.received", "Your request (#48213) has been received.", "Our ticket system is Zendesk."),
    (
        "ticket.en.received",
        "We've received your message and created ticket ACM-20931.",
        "I received your message and created a task for myself.",
    ),
    (
        "ticket.en.received",
        "Your message has been delivered to our team. While you wait, why not join our newsletter?",
        "Your message was forwarded to me by our team, what is the price?",
    ),
    ("ticket.en.received", "It has been assigned reference number 20931.", "It has been assigned to me."),
    (
        "ticket.en.thanks_for_contacting",
        "Thank you for contacting Acme Support. Our team will get back to you within 24 hours.",
        "Thank you for contacting us. Our budget is 5k, can you do that?",
    ),
    (
        "ticket.en.we_received_and_will",
        "We have received your email and will respond within two business days.",
        "I received your message and will get back to you.",
    ),
    (
        "ticket.en.thanks_for_contacting",
        "Thanks for reaching out to Acme! We typically respond within one business day.",
        "Thanks for reaching out to Acme! We usually buy in spring, what does it cost?",
    ),
    (
        "challenge.en.verify_sender",
        "Your message couldn't be delivered yet because I only accept mail from approved senders.",
        "I only accept calls from people I know, so mail me the details.",
    ),
    ("ticket.de.received", "Ihre Anfrage ist bei uns eingegangen.", "Ihre Anfrage habe ich an den Chef gegeben."),
    ("ticket.de.received", "Das Ticket ACM-20931 wurde für Sie angelegt.", "Wir legen dafür 20931 Tickets im Jahr an."),
    ("ticket.fr.received", "Le ticket 20931 a été créé.", "Nous créons 20931 tickets par an."),
    ("ticket.es.received", "Se ha creado el ticket número 20931.", "Creamos 20931 tickets al año."),
    ("ticket.it.received", "È stato aperto il ticket 20931.", "Apriamo 20931 ticket all'anno."),
    ("ticket.nl.received", "Ticket 20931 is aangemaakt.", "Wij maken 20931 tickets per jaar aan."),
    ("ticket.pt.received", "Foi criado o chamado 20931.", "Criamos 20931 chamados por ano."),
    ("ticket.pl.received", "Zgłoszenie 20931 zostało utworzone.", "Mamy 20931 zgłoszeń rocznie."),
    ("ticket.fr.received", "Votre demande a bien été enregistrée.", "Votre demande est un peu vague."),
    ("ticket.es.received", "Hemos recibido su solicitud.", "Su solicitud está en manos de mi jefe."),
    ("ticket.it.received", "Abbiamo ricevuto la sua richiesta.", "La sua richiesta è dal mio capo."),
    ("ticket.nl.received", "Wij hebben uw bericht in goede orde ontvangen.", "Uw bericht ligt bij mijn chef."),
    ("ticket.pt.received", "Recebemos a sua mensagem.", "A sua mensagem está com o meu chefe."),
    ("ticket.pl.received", "Państwa zgłoszenie zostało zarejestrowane.", "Państwa zapytanie jest u szefa."),
    ("ticket.nordic.received", "Vi har mottagit ditt ärende.", "Ditt ärende ligger hos chefen."),
    (
        "ticket.ja.received",
        "お問い合わせありがとうございます。担当者よりご連絡いたします。",
        "お問い合わせの件、担当は私です。",
    ),
    ("ticket.ja.received", "受付番号: 20251234", "番号を教えてください"),
    (
        "challenge.en.verify_sender",
        "Please click the link below to confirm that you are a human.",
        "Please send the link to the calendar.",
    ),
    (
        "challenge.en.verify_sender",
        "Your message to pat@acme.test is awaiting verification.",
        "Your message to Pat is waiting in her inbox.",
    ),
    (
        "challenge.en.verify_sender",
        "To make sure it gets delivered, please click the link below to confirm that you are a real person.",
        "Please confirm that you are a real person, not a sales bot.",
    ),
    ("challenge.de.verify_sender", "Ihre E-Mail an p@acme.test wartet auf Freigabe.", "Ihre E-Mail wartet bei mir."),
    ("challenge.es.verify_sender", "Su mensaje está pendiente de verificación.", "Su mensaje está claro."),
    (
        "challenge.it.verify_sender",
        "Clicchi sul link per confermare il suo indirizzo.",
        "Ho cliccato sul link, confermo martedì.",
    ),
    (
        "challenge.nl.verify_sender",
        "Klik op de link om uw adres te bevestigen.",
        "Ik bevestig dinsdag, stuur de link maar.",
    ),
    (
        "challenge.pt.verify_sender",
        "Clique no link para confirmar o seu endereço.",
        "Envie o link para confirmar a reunião.",
    ),
    (
        "challenge.pl.verify_sender",
        "Kliknij link, aby potwierdzić, że jesteś człowiekiem.",
        "Proszę o link, potwierdzę termin.",
    ),
    ("challenge.fr.verify_sender", "Votre message est bloqué, veuillez vous authentifier.", "Votre message est clair."),
    (
        "challenge.de.verify_sender",
        "Klicken Sie auf den Link, um Ihre Adresse zu bestätigen.",
        "Schicken Sie mir den Link, ich bestätige den Termin.",
    ),
    (
        "challenge.es.verify_sender",
        "Haga clic en el enlace para verificar su correo.",
        "Envíeme el enlace para la reunión.",
    ),
)

# rule, a notice, a person's reply that mentions being away
ABSENCES: tuple[tuple[str, str, str], ...] = (
    (
        "absence.en.away",
        "I am currently out of the office until August 12 with limited access to email.",
        "I'm out of office tomorrow, let's talk Thursday",
    ),
    (
        "absence.en.away",
        "Our office is closed and will reopen on January 2nd.",
        "Our office is closed on Mondays, Tuesday?",
    ),
    ("absence.en.away", "I'm out sick today and will reply when I can.", "I'm out sick today, call me tomorrow."),
    (
        "absence.en.away",
        "I am currently out of the office at a conference, returning Wednesday, 25 November. If you need help right "
        "now, call our main number.",
        "I'm at a conference, returning Wednesday. If you need an answer right now: yes.",
    ),
    (
        "absence.en.away",
        "I only check my inbox on Tuesdays and am away on sabbatical until January 11.",
        "I only check my inbox on Tuesdays, sorry. Tell me more.",
    ),
    (
        "absence.de.away",
        "Ich bin bis 30.11.2026 abwesend. / I am out of office until 30 November 2026.\n\n"
        "Mit freundlichen Grüßen / Kind regards\nStefan Huber",
        "Ich bin bis 30.11. abwesend, danach gerne!\n\nMit freundlichen Grüßen / Kind regards\nStefan Huber",
    ),
    (
        "absence.en.away",
        "I'm away from my desk until Monday. For anything pressing, ping ops@acme.test.",
        "On leave till January but my colleague Ana can take the call, cc'd.",
    ),
    (
        "absence.fr.away",
        "Merci pour votre message. Je suis absente jusqu'au 12 mai.\n\nCordialement,\nClaire",
        "Je suis absente jusqu'au 12 mai, votre offre m'intéresse.\n\nCordialement,\nClaire",
    ),
    ("absence.en.away", "I'm on vacation until Monday.", "I'm on vacation until the 12th, can we talk after that?"),
    (
        "absence.de.away",
        "Ich bin bis einschließlich 14.08. nicht im Büro. In dringenden Fällen wenden Sie sich an Herrn Huber.",
        "Bin nächste Woche im Urlaub, melden Sie sich bitte danach nochmal.",
    ),
    (
        "absence.fr.away",
        "Je suis absente du bureau jusqu'au 12 mai inclus. En cas d'urgence, contactez Paul.",
        "Je suis en congés la semaine prochaine, rappelez-moi après.",
    ),
    (
        "absence.es.away",
        "Estoy fuera de la oficina hasta el 5 de agosto. Para asuntos urgentes, contacte con Pedro.",
        "Estoy de vacaciones hasta el lunes, ¿hablamos después?",
    ),
    (
        "absence.it.away",
        "Sono fuori ufficio fino al 20 agosto. Per urgenze contattare Marco.",
        "Sono in ferie fino a lunedì, sentiamoci dopo?",
    ),
    (
        "absence.nl.away",
        "Ik ben tot en met 14 augustus op vakantie. Voor dringende zaken kunt u contact opnemen met Piet.",
        "Ik ben op vakantie tot maandag, kunnen we daarna bellen?",
    ),
    (
        "absence.pt.away",
        "Estou de férias até 15 de agosto. Em caso de urgência, contacte a Maria.",
        "Estou de férias até segunda, podemos falar depois?",
    ),
    (
        "absence.pl.away",
        "Jestem na urlopie do 20 sierpnia. W pilnych sprawach proszę o kontakt z Anną.",
        "Jestem na urlopie do poniedziałku, możemy porozmawiać potem?",
    ),
    (
        "absence.sv.away",
        "Jag är på semester till den 15 augusti. Vid brådskande ärenden kontakta Lars.",
        "Jag är på semester till måndag, kan vi höras sen?",
    ),
    (
        "absence.da_no.away",
        "Jeg er på ferie til og med den 12. august. Jeg svarer på din mail, når jeg er tilbage.",
        "Jeg er på ferie til mandag, kan vi tale bagefter?",
    ),
    (
        "absence.da_no.away",
        "Jeg er ikke på kontoret før mandag. Ved hastende saker kontakt Kari.",
        "Jeg er syk i dag, ring meg heller i morgen?",
    ),
    (
        "absence.fi.away",
        "Olen lomalla 12.8. saakka. Kiireellisissä asioissa ottakaa yhteyttä Mattiin.",
        "Olen lomalla maanantaihin, sopiiko soitto sen jälkeen?",
    ),
    (
        "absence.ja.away",
        "ただいま休暇をいただいております。8月14日以降にご連絡いたします。",
        "来週は休暇中ですが、その後に打ち合わせは可能ですか?",
    ),
    (
        "absence.any.away",
        "Do 4. prosince jsem na dovolené. V naléhavých případech volejte recepci.",
        "Do pátku jsem na dovolené, zavolejte mi prosím v pondělí.",
    ),
    ("absence.any.away", "Out of office - back Monday.", "Out of office space since May, so no."),
    (
        "absence.any.away",
        "Szabadságon vagyok december 4-ig. Sürgős esetben hívja a recepciót.",
        "Péntekig szabadságon vagyok, utána beszélhetünk, érdekel.",
    ),
    ("absence.any.away", "您好，我正在休假，12月4日回来。紧急事宜请联系前台。", "我这周出差，下周二可以聊聊。"),
    (
        "absence.any.away",
        "Jag har semester till och med den 4 december.",
        "Jag har semester nästa vecka, kan vi höras sen?",
    ),
    (
        "absence.ru.away",
        "Я нахожусь в отпуске до 14 августа. По срочным вопросам обращайтесь к Ивану.",
        "Я в отпуске до понедельника, перезвоните после?",
    ),
)

# rule, the words under the subject of an automatic reply, words under such a subject that say nothing about absence
ABSENCE_WORDS: tuple[tuple[str, str, str], ...] = (
    ("absence_words.en", "Thanks! I will be back in the office on Monday.", "Thanks! We will be in touch."),
    ("absence_words.en", "During my absence please write to Tom.", "Please write to Tom, our office manager."),
    ("absence_words.de", "Ich bin ab dem 7.12. wieder im Büro.", "Wir melden uns in Kürze."),
    (
        "absence_words.de",
        "Während meines Urlaubs vertritt mich Frau Meier.",
        "Frau Meier kümmert sich um Ihr Anliegen.",
    ),
    ("absence_words.fr", "Merci, je serai de retour le 7 décembre.", "Merci, nous revenons vers vous rapidement."),
    ("absence_words.es", "Le responderé a mi regreso.", "Le responderemos en breve."),
    ("absence_words.it", "Risponderò al mio rientro.", "Risponderemo al più presto."),
    ("absence_words.nl", "Vanaf maandag ben ik weer bereikbaar.", "Wij nemen snel contact op."),
    ("absence_words.pt", "Responderei no meu regresso.", "Responderemos em breve."),
    ("absence_words.pl", "Odpowiem po moim powrocie z urlopu.", "Odpowiemy wkrótce."),
    ("absence_words.nordic", "Jag svarar när jag är tillbaka.", "Vi svarar så snart vi kan."),
    ("absence_words.ja", "出張から帰社しましたらご連絡いたします。", "お問い合わせありがとうございます。"),
    ("absence_words.any", "Szabadság után válaszolok.", "Hamarosan válaszolunk."),
    ("absence_words.ru", "Вернусь в понедельник.", "Мы скоро ответим."),
)

# rule, a formula of absence notices: it proves nothing without an absence
FORMULAS: tuple[tuple[str, str, str], ...] = (
    ("formula.en", "I will respond on my return.", "I have limited time today."),
    ("formula.en", "If you need help right now, call our main number.", "If you need help with the form, call me."),
    ("formula.en", "I only check my inbox on Tuesdays.", "I only check the price."),
    ("formula.de", "Wenn Sie sofort Hilfe brauchen, rufen Sie Herrn Huber an.", "Wenn Sie wollen, rufen Sie mich an."),
    ("formula.de", "In dringenden Fällen erreichen Sie Herrn Huber.", "Das ist mir zu teuer."),
    ("formula.fr", "En cas d'urgence, appelez Paul.", "C'est trop cher."),
    ("formula.es", "Para asuntos urgentes, llame a Pedro.", "Es demasiado caro."),
    ("formula.it", "Per urgenze contattare Marco.", "Costa troppo."),
    ("formula.nl", "Voor dringende zaken: bel Piet.", "Dat is te duur."),
    ("formula.pt", "Em caso de urgência, ligue à Maria.", "É caro demais."),
    ("formula.pl", "W pilnych sprawach proszę dzwonić do Anny.", "To za drogo."),
    ("formula.nordic", "Vid brådskande ärenden ring Lars.", "Det är för dyrt."),
    ("formula.ja", "お急ぎの場合は田中まで。", "高すぎます。"),
    ("formula.any", "Sven is looking after my accounts.", "Sven is looking after the garden."),
    ("formula.any", "V naléhavých případech volejte recepci.", "To je příliš drahé."),
    ("formula.ru", "По срочным вопросам звоните Ивану.", "Это дорого."),
)


def _rule(rules: tuple[Rule, ...], name: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.id == name)


@pytest.mark.parametrize(("rule", "machine", "person"), SUBJECTS)
def test_a_machine_says_so_in_the_subject(rule: str, machine: str, person: str) -> None:
    rules = (*ABSENCE_SUBJECT_RULES, *AUTOMATIC_SUBJECT_RULES)
    assert first_found(_rule(rules, rule), fold(machine)) is not None
    judged = judge("Thank you for your message.", machine)
    assert judged.is_auto_reply
    assert judged.tag is (Tag.OUT_OF_OFFICE if "absence" in rule or "office" in machine else Tag.AUTOMATED_REPLY)
    assert judge("Sure, tell me more.", person).tag is None


@pytest.mark.parametrize(("rule", "machine", "person"), BODIES)
def test_a_machine_says_so_in_the_body(rule: str, machine: str, person: str) -> None:
    assert first_found(_rule(AUTOMATIC_BODY_RULES, rule), fold(machine)) is not None
    judged = judge(machine, "Re: quick question")
    assert judged.tag is Tag.AUTOMATED_REPLY
    assert judged.automatic is not None
    assert judged.automatic.words in machine
    assert judge(person, "Re: quick question").tag is None


@pytest.mark.parametrize(("rule", "notice", "person"), ABSENCES)
def test_an_absence_notice_is_automatic_and_a_person_who_is_away_is_not(rule: str, notice: str, person: str) -> None:
    assert first_found(_rule(AWAY_RULES, rule), fold(notice)) is not None
    judged = judge(notice, "Re: quick question")
    assert judged.tag is Tag.OUT_OF_OFFICE
    assert judged.is_auto_reply
    assert judge(person, "Re: quick question").tag is None


@pytest.mark.parametrize(("rule", "formula", "person"), FORMULAS)
def test_a_formula_alone_proves_nothing(rule: str, formula: str, person: str) -> None:
    assert first_found(_rule(FORMULA_RULES, rule), fold(formula)) is not None
    assert first_found(_rule(FORMULA_RULES, rule), fold(person)) is None
    assert judge(formula, "Re: quick question").tag is None


@pytest.mark.parametrize(("rule", "absence", "other"), ABSENCE_WORDS)
def test_words_of_absence_count_where_a_machine_writes(rule: str, absence: str, other: str) -> None:
    assert first_found(_rule(ABSENCE_WORD_RULES, rule), fold(absence)) is not None
    assert judge(absence, "Automatic reply: quick question").tag is Tag.OUT_OF_OFFICE
    assert judge(absence, "Re: quick question", automatic=True).tag is Tag.OUT_OF_OFFICE
    assert judge(other, "Automatic reply: quick question").tag is Tag.AUTOMATED_REPLY
    assert judge(absence, "Re: quick question").tag is None


def test_every_rule_stands_in_a_table() -> None:
    for rules, rows in (
        ((*ABSENCE_SUBJECT_RULES, *AUTOMATIC_SUBJECT_RULES), SUBJECTS),
        (AUTOMATIC_BODY_RULES, BODIES),
        (AWAY_RULES, ABSENCES),
        (ABSENCE_WORD_RULES, ABSENCE_WORDS),
        (FORMULA_RULES, FORMULAS),
    ):
        assert {rule.id for rule in rules} == {row[0] for row in rows}


@pytest.mark.parametrize(
    "words",
    [
        "I am returning your call on Friday",
        "I was on holiday until yesterday, sorry for the delay. Yes, send it over.",
        "I will be back in the office on Monday, call me then.",
        "Thanks for your email. I'm on leave until 12 Aug with limited access to email, but this looks interesting.",
        "Let me check with my colleague, he is away until Monday.",
        "We are out of the office furniture business.",
        "I'll be out until Thursday. Friday 10am works.",
        "I'm on leave until Monday. Marketing is with Anna, she decides.",
        "My calendar is closed to new vendors, sorry.",
    ],
)
def test_people_who_are_away_and_answer_are_people(words: str) -> None:
    judged = judge(words, "Re: quick question")
    assert not judged.is_auto_reply
    assert judged.tag is None


# rule, a notice, a person who says the same and more
NOTICES: tuple[tuple[str, str, str], ...] = (
    (
        "left.any.company",
        "Jane Smith has left the company. Please contact Bob Jones at bob@acme.test.",
        "Hi Sam, Jane has left the company. I'd suggest Bob Jones, bob@acme.test.",
    ),
    (
        "left.any.company",
        "Herr Sailer arbeitet nicht mehr bei uns. Bitte wenden Sie sich an vertrieb@acme.test.",
        "Herr Sailer arbeitet nicht mehr bei uns, ich habe das Thema übernommen.",
    ),
    (
        "slow.any.mail",
        "I check my inbox twice a day, so please allow up to 24 hours for an answer.",
        "I only check email twice a day so sorry for the wait. Thursday at 4 then?",
    ),
    (
        "acknowledged.any.promise",
        "Bedankt voor uw bericht, wij nemen zo snel mogelijk contact met u op.",
        "Thanks for your message. We will get back to you as soon as the board has decided.",
    ),
    (
        "acknowledged.any.promise",
        "Thank you for your message. We will get back to you as soon as possible.",
        "Thank you for your message. I will see that we get back to you as soon as possible.",
    ),
)


@pytest.mark.parametrize(("rule", "notice", "person"), NOTICES)
def test_a_notice_speaks_for_nobody_in_particular(rule: str, notice: str, person: str) -> None:
    judged = judge(notice, "Re: quick question")
    assert judged.tag is Tag.AUTOMATED_REPLY
    assert judged.automatic is not None
    assert judged.automatic.rule == rule
    assert judge(person, "Re: quick question").tag is None


@pytest.mark.parametrize(
    "words",
    [
        "Your request was received by the wrong department, I'm in HR. Try Dana.",
        "Uw bericht is goed ontvangen, maar wij hebben al een leverancier.",
        "We received your message and talked it over. It isn't a priority for us.",
    ],
)
def test_whoever_confirms_a_message_and_says_i_or_but_is_a_person(words: str) -> None:
    assert not judge(words, "Re: quick question").is_auto_reply


def test_every_notice_stands_in_the_table() -> None:
    assert {rule.id for rule in NOTICE_RULES} == {row[0] for row in NOTICES}


@pytest.mark.parametrize(
    "subject",
    [
        "[EXTERNAL] Automatic reply: quick question",
        "EXTERNAL: Automatic reply: quick question",
        "CAUTION: External - Auto-Reply - quick question",
        "***SPAM*** Automatic reply: quick question",
        "[EXT] Automatische Antwort: Frage",
        "Re: Automatic reply: quick question",
        "AW: [EXTERN] Automatische Antwort: Frage",
        "[Ticket #48213] Automatic reply: quick question",
    ],
)
def test_a_marker_counts_behind_tags_and_prefixes(subject: str) -> None:
    assert judge("I am in meetings.", subject).is_auto_reply


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("RE: Automatic reply: quick question", "Back from holiday now. Send me the deck please."),
        ("RE: Out of Office: quick question", "Fine by me. Tuesday."),
        ("Re: [Ticket #48213] quick question", "We talked about it and would like a quote for 40 seats."),
        ("[Case 00123987] RE: quick question", "We have decided against it."),
        ("Re: [JIRA] (SUP-1123) quick question", "Not for us."),
        ("Ticket ACM-20931 created: quick question", "Could you send the price for 25 seats?"),
    ],
)
def test_a_subject_alone_makes_nobody_a_machine_who_answers_below_it(subject: str, words: str) -> None:
    assert not judge(words, subject).is_auto_reply


@pytest.mark.parametrize(
    "notice",
    [
        "I am out of the office until Monday. I will respond on my return.\n\nTo unsubscribe from our list click here.",
        "This is an automated response.\nPlease remove me from your list.",
        "I'm on annual leave with no access to email until 3 May.\nUnsubscribe",
    ],
)  # fmt: skip
def test_boilerplate_of_an_automatic_reply_is_nobodys_opt_out(notice: str) -> None:
    judged = judge(notice, "Re: quick question")
    assert judged.opt_out is None
    assert judged.is_auto_reply
    assert judged.tag in {Tag.OUT_OF_OFFICE, Tag.AUTOMATED_REPLY}


def test_the_unsubscribe_button_of_a_mail_client_is_a_persons_wish() -> None:
    judged = judge("This message was automatically generated by Gmail.", "unsubscribe")
    assert not judged.is_auto_reply
    assert judged.tag is Tag.BLACKLIST


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("I'm on holiday.", Tag.OUT_OF_OFFICE),
        ("Thanks for writing to us!", Tag.AUTOMATED_REPLY),
        ("", Tag.AUTOMATED_REPLY),
        ("Stop emailing me.", Tag.BLACKLIST),  # short, and no rule takes it for a machine's: a person's demand
    ],
)
def test_the_provider_knows_automatic_replies_for_certain(text: str, tag: Tag) -> None:
    judged = judge(text, "Re: quick question", automatic=True)
    assert judged.automatic is not None
    assert judged.automatic.rule == PROVIDER_RULE
    assert judged.tag is tag
