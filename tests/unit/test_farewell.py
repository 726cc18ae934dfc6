"""The lines below a draft, which code writes in the draft's language."""

from __future__ import annotations

import pytest

from shared.domain.drafting.draft_checks import check_draft
from shared.domain.drafting.farewell import closing_in, disclosure_in, farewell, split_signature


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("Best,\nMegan Ortiz\nPaylane", ("Best,", "Megan Ortiz\nPaylane")),
        ("Groet,\nBram", ("Groet,", "Bram")),
        ("Mit freundlichen Grüßen\nJana", ("Mit freundlichen Grüßen", "Jana")),
        ("Megan Ortiz\nPaylane", ("", "Megan Ortiz\nPaylane")),
        ("Cheers", ("", "Cheers")),  # nothing else: somebody's name
        ("", ("", "")),
    ],
)
def test_a_signature_is_split_from_the_closing_that_it_begins_with(signature: str, expected: tuple[str, str]) -> None:
    assert split_signature(signature) == expected


@pytest.mark.parametrize(
    ("language", "signature", "expected"),
    [
        ("en", "Best,\nMegan", "Best,\nMegan"),  # its own closing, in its own language
        ("es", "Best,\nMegan", "Saludos cordiales,\nMegan"),
        ("pt-BR", "Best,\nMegan", "Atenciosamente,\nMegan"),
        ("en", "Groet,\nBram", "Best regards,\nBram"),
        ("de", "Jana Weiss", "Viele Grüße\nJana Weiss"),
        ("hu", "Best,\nMegan", "Üdvözlettel,\nMegan"),  # no table: what the model has offered
        ("en", "", "Best regards,"),
    ],
)
def test_an_email_closes_in_its_own_language(language: str, signature: str, expected: str) -> None:
    assert farewell(language, signature, "Üdvözlettel,") == expected


def test_a_disclosure_is_in_the_language_of_the_draft_and_passes_the_checks() -> None:
    assert disclosure_in("de-AT") == "Diese E-Mail hat eine KI geschrieben."
    assert disclosure_in("hu") == disclosure_in("en")
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs"):
        assert closing_in(language)
        body = f"Hi,\n\nhere is what we do for companies.\n\nSam Lee\n\n{disclosure_in(language)}"
        assert (
            check_draft(body, "Re: idea", ours=["Sam Lee"], theirs=[], sender_names=["Sam Lee"], signature="Sam Lee")
            == []
        )
