"""Replies that only acknowledge: "thanks, got it". Answering them with a pitch is what a machine does.

The same words are an answer when our last email asked something: "ok" to "Shall I send you the figures?" is a yes.
"""

from __future__ import annotations

import re
from typing import Final

MAX_LENGTH: Final = 80

_WORDS: Final = (
    r"ok(?:ay)?|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ty|cheers|got it|sounds good|great|perfect|noted"
    r"|will do|understood|received|cool|awesome|nice|much appreciated|appreciated|you too|same to you"
    r"|danke(?: (?:schön|sehr|dir|ihnen))?|vielen dank|alles klar|passt"
    r"|merci(?: beaucoup)?|d'accord|parfait|gracias|muchas gracias|de acuerdo|perfecto|vale|grazie(?: mille)?|va bene"
    r"|dank je(?: wel)?|bedankt|obrigad[oa]|muito obrigad[oa]|dzięk(?:i|uję)|tack(?: så mycket)?|takk"
)
_DANISH_THANKS: Final = "tak"  # in Polish it is "yes"
_BETWEEN: Final = r"[\s,.!;:)\-–—]*"
_ACKNOWLEDGEMENT: Final = re.compile(rf"(?:(?:{_WORDS}){_BETWEEN})+\Z", re.IGNORECASE)
_ACKNOWLEDGEMENT_WITH_TAK: Final = re.compile(rf"(?:(?:{_WORDS}|{_DANISH_THANKS}){_BETWEEN})+\Z", re.IGNORECASE)
_NOT_A_WORD: Final = re.compile(r"[^\w\s,.!;:)\-–—']+")  # emoji and the like
_POLISH: Final = re.compile(r"[ąćęłńśźż]|\b(?:dzie[nń]|prosz|pozdraw|pa[nń]stw)", re.IGNORECASE)
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+")
_FOOTER: Final = re.compile(
    r"unsubscri|opt(?:ing)?[ -]?out|abmelde|abbestell|désabonn|desabonn|désinscri|darse de baja|cancelar la suscripción"
    r"|disiscri|annulla l'iscrizione|afmeld|uitschrijven|cancelar a inscrição|descadastr|wypisz|rezygn|avregistrer",
    re.IGNORECASE,
)


def is_acknowledgement(text: str, last_outbound: str | None = None) -> bool:
    """Tells whether a reply only acknowledges ("thanks, got it 👍"): short, nothing asked, nothing offered.

    ``last_outbound`` is the email of ours that it answers, None when that is not known; if it asks something, nothing
    is a mere acknowledgement.
    """
    if last_outbound is not None and asks_something(last_outbound):
        return False
    words = _NOT_A_WORD.sub(" ", text.replace("’", "'")).strip()
    if len(text.strip()) > MAX_LENGTH:
        return False
    speaks_polish = _POLISH.search(f"{text}\n{last_outbound or ''}") is not None
    pattern = _ACKNOWLEDGEMENT if speaks_polish else _ACKNOWLEDGEMENT_WITH_TAK
    return not words or pattern.match(words) is not None


def asks_something(text: str) -> bool:
    """Tells whether an email of ours asks a question, apart from its links and its footer ("Not for you? Opt out")."""
    lines = _LINK.sub(" ", text).splitlines()
    return any("?" in line and not _FOOTER.search(line) for line in lines)
