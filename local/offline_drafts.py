"""Draft templates by language and tag for the offline stand-in. They state nothing but the document's facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.channels import CHANNELS, LengthLimit
from shared.domain.text.language import language_of
from shared.domain.vocabulary import Channel

type Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Language:
    """The phrases of one language. ``{…}`` are words from the document, or our booking link."""

    frequent_words: frozenset[str]
    greeting: str
    closing: str
    meeting_at: str
    meeting_at_link: str
    meeting_link: str
    meeting_ask: str
    booked: str
    call_at: str
    call_ask: str
    facts: str
    no_facts: str
    offer_link: str
    offer_ask: str
    interested: str
    objection: str
    objection_ask: str
    follow_up_at: str
    follow_up: str
    wrote_again: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        frequent_words=_words(
            "the and you your for with this that have what how are is we our can not to of it please thanks call at my"
            " me works sounds good send not now no yes was would could"
        ),
        greeting="Hi",
        closing="Best regards,",
        meeting_at="thank you, {words} works well. You will get an invitation from me, and I look forward to talking.",
        meeting_at_link="thank you for proposing {words}. Please take that time, or one that suits you better: {link}",
        meeting_link="thank you, I would be glad to talk. Please pick the time that suits you best here: {link}",
        meeting_ask="thank you, I would be glad to talk. Which two or three times would suit you?",
        booked="thank you, I look forward to our conversation. Is there anything that you would like me to cover?",
        call_at="thank you, I will gladly call you at {words}.",
        call_ask="thank you, I will gladly call you. Which number and which time of day suit you best?",
        facts="thank you for asking. Here is what I can tell you right away:",
        no_facts="thank you for asking. I will check that and come back to you with a proper answer.",
        offer_link="If you would like to go through it together, please pick a time here: {link}",
        offer_ask="Would a short conversation help? Then tell me which times suit you.",
        interested="thank you, I am glad that this is of interest to you.",
        objection="thank you for saying that openly, I understand.",
        objection_ask="What would have to be different for this to be worth a look for you?",
        follow_up_at="thank you for letting me know. I will get back to you then ({words}).",
        follow_up="thank you for letting me know. I will get back to you at a better time.",
        wrote_again="you asked me to write again at this time. Is now a good moment to talk?",
    ),
    "de": Language(
        frequent_words=_words(
            "und der die das ich wir sie ihr ihnen ist nicht mit für bitte gerne ein eine auf "
            "uns mir danke was wie im zu den haben"
        ),
        greeting="Hallo",
        closing="Viele Grüße",
        meeting_at=(
            "vielen Dank, {words} passt gut. Sie bekommen eine Einladung von mir, ich freue mich auf das Gespräch."
        ),
        meeting_at_link=(
            "vielen Dank für den Vorschlag {words}. Bitte nehmen Sie hier diesen oder einen Termin, der Ihnen besser"
            " passt: {link}"
        ),
        meeting_link=(
            "vielen Dank, ich freue mich auf ein Gespräch. Bitte wählen Sie hier einen Termin, der Ihnen passt: {link}"
        ),
        meeting_ask="vielen Dank, ich freue mich auf ein Gespräch. Welche zwei oder drei Termine würden Ihnen passen?",
        booked="vielen Dank, ich freue mich auf unser Gespräch. Gibt es etwas, das ich vorbereiten soll?",
        call_at="vielen Dank, ich rufe Sie gerne unter {words} an.",
        call_ask=(
            "vielen Dank, ich rufe Sie gerne an. Unter welcher Nummer und zu welcher Tageszeit passt "
            "es Ihnen am besten?"
        ),
        facts="vielen Dank für Ihre Frage. Das kann ich Ihnen gleich sagen:",
        no_facts="vielen Dank für Ihre Frage. Ich kläre das und melde mich mit einer ordentlichen Antwort.",
        offer_link="Wenn Sie es gemeinsam durchgehen möchten, wählen Sie bitte hier einen Termin: {link}",
        offer_ask="Würde Ihnen ein kurzes Gespräch helfen? Dann nennen Sie mir gerne Zeiten, die Ihnen passen.",
        interested="vielen Dank, es freut mich, dass das für Sie interessant ist.",
        objection="vielen Dank für die offenen Worte, das verstehe ich.",
        objection_ask="Was müsste anders sein, damit es für Sie einen Blick wert wäre?",
        follow_up_at="vielen Dank für die Rückmeldung. Ich melde mich dann wieder ({words}).",
        follow_up="vielen Dank für die Rückmeldung. Ich melde mich zu einem besseren Zeitpunkt wieder.",
        wrote_again="Sie hatten mich gebeten, mich jetzt wieder zu melden. Passt es Ihnen gerade?",
    ),
    "fr": Language(
        frequent_words=_words(
            "le la les des et vous nous est pas je pour avec votre vos une un que qui merci "
            "bonjour sur dans en ce plus du"
        ),
        greeting="Bonjour",
        closing="Cordialement,",
        meeting_at=(
            "merci, {words} me convient très bien. Vous allez recevoir une invitation de ma part, au "
            "plaisir d'échanger."
        ),
        meeting_at_link=(
            "merci d'avoir proposé {words}. Vous pouvez prendre ici ce créneau, ou un autre qui vous convient : {link}"
        ),
        meeting_link="merci, ce sera avec plaisir. Vous pouvez choisir ici le créneau qui vous convient : {link}",
        meeting_ask="merci, ce sera avec plaisir. Quels seraient deux ou trois créneaux qui vous conviennent ?",
        booked="merci, je me réjouis de notre échange. Y a-t-il un sujet que vous souhaitez aborder ?",
        call_at="merci, je vous appelle volontiers au {words}.",
        call_ask=(
            "merci, je vous appelle volontiers. À quel numéro et à quel moment de la journée puis-je vous joindre ?"
        ),
        facts="merci pour votre question. Voici ce que je peux déjà vous dire :",
        no_facts="merci pour votre question. Je me renseigne et je reviens vers vous avec une vraie réponse.",
        offer_link="Si vous souhaitez en parler, vous pouvez choisir un créneau ici : {link}",
        offer_ask="Un court échange vous serait-il utile ? Dites-moi alors quels moments vous conviennent.",
        interested="merci, je suis heureux que cela vous intéresse.",
        objection="merci pour votre franchise, je comprends.",
        objection_ask="Qu'est-ce qui devrait changer pour que cela mérite votre attention ?",
        follow_up_at="merci pour votre retour. Je reviendrai vers vous à ce moment-là ({words}).",
        follow_up="merci pour votre retour. Je reviendrai vers vous à un meilleur moment.",
        wrote_again="vous m'aviez demandé de revenir vers vous à ce moment. Est-ce un bon moment pour en parler ?",
    ),
    "es": Language(
        frequent_words=_words(
            "el la los las de que y en un una por para con su sus no es me nos gracias hola más como está del al lo"
            " cuánto cuesta cuál qué precio"
        ),
        greeting="Hola",
        closing="Saludos cordiales,",
        meeting_at="muchas gracias, {words} me viene muy bien. Recibirá una invitación mía, será un placer hablar.",
        meeting_at_link=(
            "muchas gracias por proponer {words}. Puede reservar aquí ese momento, u otro que le venga mejor: {link}"
        ),
        meeting_link="muchas gracias, será un placer hablar. Puede elegir aquí el momento que mejor le venga: {link}",
        meeting_ask="muchas gracias, será un placer hablar. ¿Qué dos o tres horarios le vendrían bien?",
        booked="muchas gracias, será un placer hablar. ¿Hay algo que le gustaría tratar?",
        call_at="muchas gracias, le llamaré con gusto al {words}.",
        call_ask="muchas gracias, le llamaré con gusto. ¿A qué número y en qué momento del día le viene mejor?",
        facts="muchas gracias por su pregunta. Esto es lo que ya puedo decirle:",
        no_facts="muchas gracias por su pregunta. Lo consulto y le respondo como es debido.",
        offer_link="Si quiere verlo juntos, puede elegir un momento aquí: {link}",
        offer_ask="¿Le ayudaría una conversación breve? Dígame entonces qué horarios le vienen bien.",
        interested="muchas gracias, me alegra que le interese.",
        objection="muchas gracias por su franqueza, lo entiendo.",
        objection_ask="¿Qué tendría que ser diferente para que le mereciera la pena?",
        follow_up_at="muchas gracias por avisar. Le escribiré entonces ({words}).",
        follow_up="muchas gracias por avisar. Le escribiré en un mejor momento.",
        wrote_again="me pidió que le escribiera de nuevo ahora. ¿Es un buen momento para hablar?",
    ),
}

_DAY = (
    r"(?:(?:next |this |nächsten |kommenden |on |am |le |el )?(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes|miércoles|jueves|viernes|tomorrow|demain|mañana)"
)
_CLOCK = r"\d{1,2}(?:[:.h]\d{2})? ?(?:a\.?m\b|p\.?m\b|uhr\b|h\b|o'clock\b)|\d{1,2}[:h]\d{2}"
_MEETING_WORDS = re.compile(
    rf"\b{_DAY}(?:,? (?:the )?\d{{1,2}}(?:st|nd|rd|th|\.)(?!\d))?(?:,? (?:at |um |à |a las |around "
    rf"|gegen |vers )?(?:{_CLOCK}))?(?: (?:CET|CEST|EST|EDT|PST|PDT|CT|ET|PT|GMT|BST|UTC)\b)?",
    re.IGNORECASE,
)
_CLOCK_WORDS = re.compile(_CLOCK, re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00|0|\()\d?(?:[ ()/.-]{0,2}\d){6,14}")
_LATER_WORDS = re.compile(
    r"\b(?:next (?:quarter|year|month|week|spring|summer|autumn|fall)|(?:in|after|around|by|from"
    r"|early|late|mid) (?:q[1-4]|january|february|march|april|may|june|july|august|september"
    r"|october|november|december|(?:the )?(?:summer|holidays|new year)|(?:two|three|six|a few"
    r"|\d) (?:weeks|months))"
    r"|nächste[sn]? (?:quartal|jahr|monat)|(?:im|ab|nach dem?|anfang|ende) (?:januar|februar|märz"
    r"|april|mai|juni|juli|august|september|oktober|november|dezember|sommer|herbst|q[1-4])"
    r"|(?:le trimestre|l'année|le mois) prochaine?|en (?:janvier|février|mars|avril|mai|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre)|après (?:l'été|les vacances)"
    r"|(?:el )?(?:próximo|trimestre|año|mes) (?:trimestre|año|mes|que viene)|en (?:enero|febrero"
    r"|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
    r"|después del verano)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_SYNONYMS = (
    _words(
        "price prices pricing cost costs much fee fees rate rates preis preise kosten kostet tarif "
        "tarifs prix combien precio precios cuesta cuánto tarifas budget"
    ),
    _words(
        "integrate integrates integration integrations connect connects crm hubspot salesforce "
        "shopify schnittstelle integrieren intégration integración"
    ),
    _words("long setup set-up onboarding start implement implementation days weeks dauert einrichtung durée tarda"),
    _words(
        "customer customers reference references case study studies client clients referenzen kunden "
        "références clientes"
    ),
    _words("trial test pilot free probieren testen essai prueba"),
)
_AMOUNT = re.compile(r"[$€£]\s?\d|\d\s?(?:[$€£]|usd|eur|gbp|dollars?|euros?|pounds?)", re.IGNORECASE)
MAX_FACTS = 3


def write(document: Document, language: str) -> tuple[str, list[str], str]:
    """Writes greeting, paragraphs and closing of a draft for ``document`` in one of LANGUAGES."""
    phrases = LANGUAGES[language]
    paragraphs = _paragraphs(document, phrases, language)
    longest = CHANNELS[Channel(str(document["reply"].get("channel", Channel.EMAIL)).upper())].longest
    # After a greeting with a comma German and French go on in lower case, English and Spanish start a sentence.
    if language in ("en", "es") or longest is not None:
        paragraphs[0] = paragraphs[0][0].upper() + paragraphs[0][1:]
    if longest is not None:
        return "", [_in_a_line(paragraphs, longest)], ""
    return _greeting(document, phrases), paragraphs, phrases.closing


def _in_a_line(paragraphs: list[str], longest: LengthLimit) -> str:
    """Joins as many sentences as a message of a chat has room for; the first are the answer."""
    line = ""
    for sentence in _SENTENCE.split(" ".join(" ".join(paragraphs).split())):
        if line and longest.excess(f"{line} {sentence}"):
            break
        line = f"{line} {sentence}".strip()
    return line


def _greeting(document: Document, phrases: Language) -> str:
    ours = str(document["greeting"]).strip()
    if phrases.greeting == "Hi":
        return ours or "Hi,"
    lead = document["lead"]
    name = str(lead["first_name"]).strip() if lead["replier_is_lead"] else ""
    return f"{phrases.greeting} {name}," if name and name in ours else f"{phrases.greeting},"


def _paragraphs(document: Document, phrases: Language, language: str) -> list[str]:
    reply = str(document["reply"]["text"])
    # No link in a first response there, and a stand-in does not count responses.
    link = "" if document["reply"].get("channel") == "linkedin" else str(document["company"]["booking_link"])
    offer = phrases.offer_link.format(link=link) if link else phrases.offer_ask
    if "follow_up" in document:
        return [phrases.wrote_again, offer]
    match str(document["tag"]):
        case "Meeting Requested":
            if words := _first(_MEETING_WORDS, reply) or _first(_CLOCK_WORDS, reply):
                return [(phrases.meeting_at_link if link else phrases.meeting_at).format(words=words, link=link)]
            return [phrases.meeting_link.format(link=link) if link else phrases.meeting_ask]
        case "Meeting Booked":
            return [phrases.booked]
        case "Call Requested":
            words = _first(_PHONE, reply)
            return [phrases.call_at.format(words=words) if words else phrases.call_ask]
        case "Information Requested":
            told = [phrases.facts, "\n".join(_facts(document, reply)), offer]
            # A stand-in cannot translate: where our texts are in another language, it has nothing to say.
            is_sayable = told[1] and language_of("\n".join(told)) == language
            return told if is_sayable else [phrases.no_facts]
        case "Objection":
            return [phrases.objection, phrases.objection_ask]
        case "Follow Up":
            words = _first(_LATER_WORDS, reply)
            return [phrases.follow_up_at.format(words=words) if words else phrases.follow_up]
        case _:
            return [phrases.interested, offer]


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0].strip() if match else ""


def _facts(document: Document, reply: str) -> list[str]:
    """Returns the sentences of our own texts that share most words, or kinds of words, with the question; verbatim."""
    company = document["company"]
    sources = [str(asset["text"]) for asset in company["knowledge"]] + [str(company["service_description"])]
    asked = _topics(reply)
    ranked: list[tuple[int, int, str]] = []
    for source in sources:
        for sentence in _SENTENCE.split(source):
            shared = len(asked & _topics(sentence))
            is_sayable = 10 <= len(sentence) <= 300 and not sentence.lstrip().startswith(("#", ">", "|"))
            if shared and is_sayable:
                ranked.append((-shared, len(ranked), sentence.strip()))
    return [sentence for _, _, sentence in sorted(sorted(ranked)[:MAX_FACTS], key=lambda item: item[1])]


def _topics(text: str) -> set[str]:
    words = set(re.findall(r"[^\W\d_]{3,}(?:-[^\W\d_]+)?", text.lower()))
    kinds = {f"kind {number}" for number, kind in enumerate(_SYNONYMS) if words & kind}
    if _AMOUNT.search(text):
        kinds.add("kind 0")  # the first kind is prices
    return kinds | {word for word in words if len(word) >= 7}
