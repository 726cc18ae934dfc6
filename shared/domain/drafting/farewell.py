"""The lines below a draft that code writes, by language: the closing, and the note that an AI has written it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.drafting.closings import languages_of_closing

_CLOSINGS: Final[Mapping[str, str]] = {
    "en": "Best regards,",
    "de": "Viele Grüße",
    "fr": "Cordialement,",
    "es": "Saludos cordiales,",
    "it": "Cordiali saluti,",
    "nl": "Met vriendelijke groet,",
    "pt": "Atenciosamente,",
    "pl": "Pozdrawiam,",
    "sv": "Med vänliga hälsningar,",
    "da": "Med venlig hilsen",
    "nb": "Med vennlig hilsen",
    "fi": "Ystävällisin terveisin",
    "cs": "S pozdravem",
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

# Where each letter counts.
_SHORT_DISCLOSURES: Final[Mapping[str, str]] = {
    "en": "Written by an AI.",
    "de": "Von einer KI geschrieben.",
    "fr": "Écrit par une IA.",
    "es": "Escrito por una IA.",
    "it": "Scritto da un'IA.",
    "nl": "Geschreven door een AI.",
    "pt": "Escrito por uma IA.",
    "pl": "Napisane przez AI.",
    "sv": "Skrivet av en AI.",
    "da": "Skrevet af en AI.",
    "nb": "Skrevet av en AI.",
    "fi": "Tekoälyn kirjoittama.",
    "cs": "Napsala AI.",
}


def _language(code: str) -> str:
    """Reduces a code such as "pt-BR" to the language that the tables know."""
    language = code.strip().lower().replace("_", "-").partition("-")[0]
    return _SAME.get(language, language)


def closing_in(language: str) -> str | None:
    """Returns the closing of a language (a code such as "de" or "pt-BR"); None where none is known."""
    return _CLOSINGS.get(_language(language))


def split_signature(signature: str) -> tuple[str, str]:
    """Splits a signature into the closing that it begins with ("" if none) and the rest.

    >>> split_signature("Best,\\nMegan Ortiz")
    ('Best,', 'Megan Ortiz')
    """
    first, _, rest = signature.strip().partition("\n")
    if rest.strip() and languages_of_closing(first):
        return first.strip(), rest.strip()
    return "", signature.strip()


def farewell(language: str, signature: str, offered: str) -> str:
    """Returns closing and signature: the signature's own closing in its language, else the language's.

    ``offered`` is the closing that a model has written; it stands in for a language that is not in the table.
    """
    own, rest = split_signature(signature)
    speaks_it = _language(language) in languages_of_closing(own)
    closing = own if speaks_it else closing_in(language) or offered
    return "\n".join(part for part in (closing, rest) if part)


def disclosure_in(language: str, *, is_letter: bool = True) -> str:
    """Returns the line that says that an AI wrote a text, in English where the language is not known."""
    disclosures = _DISCLOSURES if is_letter else _SHORT_DISCLOSURES
    return disclosures.get(_language(language), disclosures["en"])
