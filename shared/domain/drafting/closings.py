# ruff: noqa: E501 - the phrases of one language stay on one line
"""The closing phrases of letters, per language, and the language that a draft must be written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.text.language import language_of
from shared.domain.text.wording import folded

CLOSINGS: Final = {
    "en": r"(?:best|kind|warm|many)(?: regards| wishes)?|regards|cheers|thanks|thank you|many thanks|sincerely|yours \w+|talk soon|all the best|take care",
    "de": r"(?:viele|beste|liebe|freundliche|herzliche|schöne|sonnige) grüße(?: (?:aus|nach) [\w-]+)?|mit (?:freundlichen|besten|herzlichen) grüßen|lg|vg|mfg|gruß|herzlich|ihre?|viele grüsse|freundliche grüsse|beste grüsse",
    "fr": r"(?:bien |très )?cordialement|bien à vous|merci|sincères salutations|salutations distinguées|meilleures salutations|amicalement|belle journée|bonne journée|à bientôt",
    "es": r"saludos(?: cordiales)?|un (?:cordial |fuerte )?saludo|cordialmente|atentamente|gracias|un abrazo|quedo atenta?o?",
    "it": r"(?:cordiali|distinti|cari) saluti|saluti|un (?:caro )?saluto|cordialmente|grazie|a presto|buona giornata",
    "nl": r"met (?:vriendelijke|hartelijke) groet(?:en)?|(?:hartelijke |vriendelijke )?groet(?:en|jes)?|tot snel",
    "pt": r"atenciosamente|(?:um )?(?:grande )?abraços?|cumprimentos|cordialmente|obrigad[oa]|até breve|com os melhores cumprimentos",
    "pl": r"pozdrawiam(?: serdecznie)?|z poważaniem|serdecznie pozdrawiam|pozdrowienia|łączę pozdrowienia|dziękuję",
    "sv": r"med vänliga hälsningar|vänliga hälsningar|mvh",
    "da": r"venlig hilsen|med venlig hilsen|mange hilsner|vh",
}
QUOTED_LINE_CHARS: Final = 20  # a line of ours this long was quoted from our texts, in whatever language they are
SIGN_OFF: Final = re.compile(rf"(?:{'|'.join(CLOSINGS.values())})[ ,.!]*", re.IGNORECASE)
_OF_LANGUAGE: Final = {language: re.compile(rf"(?:{row})[ ,.!]*", re.IGNORECASE) for language, row in CLOSINGS.items()}


def closing_at(lines: list[str]) -> int | None:
    """Finds the closing phrase: the last one, since "Thanks!" may also begin a letter."""
    found = [index for index, line in enumerate(lines) if SIGN_OFF.fullmatch(line)]
    return found[-1] if found else None


def languages_of_closing(line: str) -> frozenset[str]:
    """Returns the languages in which a line is a closing phrase; none when it is none."""
    return frozenset(language for language, pattern in _OF_LANGUAGE.items() if pattern.fullmatch(line.strip()))


def wrong_language(body: str, reply_text: str, signature: str, own_texts: Sequence[str]) -> Iterator[str]:
    """Yields the languages that do not fit: the draft's beside the reply's, its closing's beside the draft's own.

    Our signature and whole lines of our own texts are the workspace's choice. An uncertain language never fails.
    """
    own = [folded(text) for text in own_texts]
    own_lines = {folded(line) for line in signature.split("\n")}
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    lines = [
        line
        for line in lines
        if folded(line) not in own_lines
        and not (len(line) >= QUOTED_LINE_CHARS and any(folded(line) in text for text in own))
    ]
    at = closing_at(lines)
    written = language_of("\n".join(lines[: at if at else None]))
    asked = language_of(reply_text)
    if written and asked and written != asked:
        yield f"{written} instead of {asked}"
        return
    if at is None or written not in CLOSINGS:
        return
    if written not in languages_of_closing(lines[at]):
        yield lines[at]
