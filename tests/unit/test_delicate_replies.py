"""The words that send a reply to a person: of each matter in each language, and what only looks like them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from shared.domain.drafting.delicate_replies import (
    call_words,
    complaint_words,
    legal_words,
    negotiation_words,
    own_calendar,
)

OURS = "https://cal.example.com/mara/20min"


def calendar_of_theirs(text: str) -> str:
    return own_calendar(text, OURS)


FOUND: dict[Callable[[str], str], list[str]] = {
    legal_words: [
        "Is this GDPR-compliant?",
        "Our lawyer will have a look first.",
        "Where did you get my email address?",
        "Please delete my data.",
        "Do you sign an NDA?",
        "Ich bitte um Auskunft nach Art. 15 DSGVO.",
        "Woher haben Sie meine Adresse?",
        "Das gebe ich an unsere Rechtsabteilung.",
        "Comment avez-vous eu mon adresse ?",
        "Je saisirai la CNIL.",
        "¿De dónde ha sacado mi correo?",
        "Hablaré con mi abogada.",
        "Dove avete trovato la mia mail?",
        "Ne parlerò con il mio avvocato.",
        "Hoe komt u aan mijn gegevens?",
        "Como conseguiu o meu contato?",
        "Skąd mają Państwo mój adres?",
        "Czy to zgodne z RODO?",
    ],
    complaint_words: [
        "I want to complain about your service.",
        "This is the third spam mail.",
        "Can I get a refund?",
        "I'm fed up with these mails.",
        "Das ist eine Frechheit.",
        "Ich möchte mich beschweren.",
        "C’est inadmissible.",
        "Esto es una vergüenza.",
        "Voglio fare un reclamo.",
        "Ik heb een klacht.",
        "Quero fazer uma reclamação.",
        "Składam reklamację.",
    ],
    negotiation_words: [
        "Any discount for a year?",
        "Would you do it for £500?",
        "Could you match their price?",
        "Is there room in the price?",
        "Would you still honour the old price?",
        "Geht da preislich noch was, ein Rabatt?",
        "Können Sie uns entgegenkommen?",
        "Vous pouvez faire une remise ?",
        "¿Hay algún descuento?",
        "C'è uno sconto?",
        "Is er korting mogelijk?",
        "Tem desconto?",
        "Czy możliwy jest rabat?",
    ],
    call_words: [
        "Call me tomorrow.",
        "My number is (512) 555-0147.",
        "Give us a ring after lunch.",
        "Rufen Sie mich bitte kurz an.",
        "Ich bitte um Rückruf.",
        "Appelez-moi au 01 99 00 12 34.",
        "Llámeme mañana.",
        "Il mio numero è +39 010 555 0134.",
        "Bel me even.",
        "Oi, pode me ligar?",
        "Proszę o telefon.",
    ],
    calendar_of_theirs: [
        "Book here: https://calendly.com/pat/30min",
        "calendly.com/pat/30min works best",
        "https://meetings.hubspot.com/pat?uuid=1",
        "https://meet.acme.example/dana/intro",
        "https://outlook.office.com/bookwithme/user/1",
        "https://acme.example/book/dana",
        "Pick any slot in my calendar.",
        "The calendar link is in my signature.",
        "Tragen Sie sich über meinen Kalender ein.",
        "Prenez un créneau dans mon agenda.",
        "Puede reservar en mi calendario.",
        "Può prenotare nel mio calendario.",
        "Plan gerust iets in mijn agenda.",
        "Pode marcar na minha agenda.",
        "Proszę wybrać termin przez mój kalendarz.",
    ],
}


@pytest.mark.parametrize(("find", "text"), [(find, text) for find, texts in FOUND.items() for text in texts])
def test_words_of_each_matter_are_found_in_each_language(find: Callable[[str], str], text: str) -> None:
    found = find(text)
    assert found
    assert found.lower() in " ".join(text.lower().replace("’", "'").split())


@pytest.mark.parametrize(
    "text",
    [
        "It landed in my spam folder, but yes, Friday morning?",
        "What does it cost for a team of 8, and what is the minimum term?",
        "We are under contract with a competitor until March.",
        "Sounds good, what are the next steps?",
        "Let us have a call on Tuesday at 10.",
        "I will call out the details to the team.",
        f"Done, I booked via {OURS}?month=2026-12",
        "Join me here: https://meet.google.com/abc-defg-hij",
        "See https://acme.example/about and tell me what you think.",
        "Tuesday fits my calendar.",
        "Das klingt gut, schicken Sie mir bitte Unterlagen.",
        "Können wir am Donnerstag telefonieren?",
        "C'est intéressant, quel est le prix ?",
        "Il nostro negozio vende scarpe.",
        "Cuénteme más sobre su negocio.",
        "O nosso negócio é pequeno.",
        "Proszę o przesłanie oferty.",
        "Nous avons un contrat jusqu'en mars.",
    ],
)
def test_ordinary_replies_hold_none_of_them(text: str) -> None:
    assert [find(text) for find in FOUND] == [""] * len(FOUND)


@pytest.mark.parametrize(
    "piece", ["my ", "call ", "how did you get my ", "https://a.example/", "ruf sie mich ", "a.b.c/"]
)
def test_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        started = time.process_time()
        for find in FOUND:
            find(text)
        return time.process_time() - started

    seconds(100)
    assert seconds(16_000) < 40 * max(seconds(1_000), 0.005)
