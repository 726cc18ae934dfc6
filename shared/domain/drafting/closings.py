# ruff: noqa: E501 - the words of one language stay on one line
"""The lines below a draft that code writes, by language: the closing, and the note that an AI has written it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# The first is the one that we write, the others are known where a workspace's signature begins with them.
_CLOSINGS: Final[Mapping[str, str]] = {
    "en": "Best regards,|best|best wishes|all the best|kind regards|kindest regards|warm regards|warmly|regards|many thanks|thanks|thank you|cheers|sincerely|yours sincerely|with best regards|with kind regards|talk soon",
    "de": "Viele Grüße|beste grüße|freundliche grüße|mit freundlichen grüßen|mit besten grüßen|liebe grüße|herzliche grüße|schöne grüße|grüße|gruß|mfg|vg|lg|viele grüsse|freundliche grüsse|mit freundlichen grüssen",
    "fr": "Cordialement,|bien cordialement|très cordialement|bien à vous|salutations|meilleures salutations|sincères salutations|à bientôt",
    "es": "Saludos cordiales,|saludos|un saludo|un cordial saludo|cordialmente|atentamente|un abrazo",
    "it": "Cordiali saluti,|saluti|un saluto|un cordiale saluto|distinti saluti|a presto",
    "nl": "Met vriendelijke groet,|vriendelijke groet|vriendelijke groeten|met vriendelijke groeten|groet|groeten|hartelijke groet|hartelijke groeten|mvg",
    "pt": "Atenciosamente,|cumprimentos|melhores cumprimentos|com os melhores cumprimentos|abraço|abraços|um abraço|até breve",
    "pl": "Pozdrawiam,|z poważaniem|pozdrawiam serdecznie|serdecznie pozdrawiam|z pozdrowieniami|pozdrowienia",
    "sv": "Med vänliga hälsningar,|vänliga hälsningar|med vänlig hälsning|vänlig hälsning|hälsningar|mvh",
    "da": "Med venlig hilsen|venlig hilsen|de bedste hilsner|bedste hilsner|mange hilsner|hilsen|mvh",
    "nb": "Med vennlig hilsen|vennlig hilsen|beste hilsen|hilsen|mvh",
    "fi": "Ystävällisin terveisin|terveisin|parhain terveisin",
    "cs": "S pozdravem|s přátelským pozdravem|hezký den",
}
_SAME: Final[Mapping[str, str]] = {"no": "nb", "nn": "nb"}

_DISCLOSURES: Final[Mapping[str, str]] = {
    "en": "This email was written by an AI.",
    "de": "Diese E-Mail hat eine KI geschrieben.",
    "fr": "Cet e-mail a été rédigé par une IA.",
    "es": "Este correo lo ha escrito una IA.",
    "it": "Questa e-mail è stata scritta da un'IA.",
    "nl": "Deze e-mail is geschreven door een AI.",
    "pt": "Este e-mail foi escrito por uma IA.",
    "pl": "Tę wiadomość napisała sztuczna inteligencja.",
    "sv": "Det här mejlet är skrivet av en AI.",
    "da": "Denne mail er skrevet af en AI.",
    "nb": "Denne e-posten er skrevet av en AI.",
    "fi": "Tämän sähköpostin on kirjoittanut tekoäly.",
    "cs": "Tento e-mail napsala umělá inteligence.",
}


def _language(code: str) -> str:
    """Reduces a code such as "pt-BR" to the language that the tables know."""
    language = code.strip().lower().replace("_", "-").partition("-")[0]
    return _SAME.get(language, language)


def closing_in(language: str) -> str | None:
    """Returns the closing of a language (a code such as "de" or "pt-BR"); None where none is known."""
    row = _CLOSINGS.get(_language(language))
    return None if row is None else row.partition("|")[0]


def split_signature(signature: str) -> tuple[str, str]:
    """Splits a signature into the closing that it begins with ("" if none) and the rest.

    >>> split_signature("Best,\\nMegan Ortiz")
    ('Best,', 'Megan Ortiz')
    """
    first, _, rest = signature.strip().partition("\n")
    if rest.strip() and _languages_of(first):
        return first.strip(), rest.strip()
    return "", signature.strip()


def farewell(language: str, signature: str, offered: str) -> str:
    """Returns closing and signature: the signature's own closing in its language, else the language's.

    ``offered`` is the closing that a model has written; it stands in for a language that is not in the table.
    """
    own, rest = split_signature(signature)
    speaks_it = _language(language) in _languages_of(own)
    closing = own if speaks_it else closing_in(language) or offered
    return "\n".join(part for part in (closing, rest) if part)


def disclosure_in(language: str) -> str:
    """Returns the line that says that an AI wrote an email, in English where the language is not known."""
    return _DISCLOSURES.get(_language(language), _DISCLOSURES["en"])


def _languages_of(closing: str) -> frozenset[str]:
    words = closing.strip().rstrip(",.!").casefold()
    return frozenset(
        language for language, row in _CLOSINGS.items() if words in row.replace(",|", "|").casefold().split("|")
    )
