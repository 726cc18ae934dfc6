"""A person's own words in a message of a chat or a phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.text.chat_text import own_words
from shared.domain.text.email_text import clean_reply
from tests.timing import cpu_seconds


@pytest.mark.parametrize(
    "text",
    [
        "Liked “Still keen? Tuesday 2pm?”",
        'Loved "See you then"',
        "Loved an image",
        "Laughed at “we said “never” again”",
        "Emphasised “Can you\ndo 3pm?”",
        "Questioned a photo",
        "Reacted 😂 to “hi”",
        "Removed a heart from “hi”",
        "👍 to “Shall I send the invite?”",
        "\u200b❤️\u200b to “ ok ”",
        "Gefällt „Bis morgen“",
        "A aimé « On se parle demain ? »",
        "Le encantó “Nos vemos”",
        "[Voice message]",
        "🎤 Voice message (0:14)",
        "Voice note, 0:45",
        "<Media omitted>",
        "[2 photos]",
        "image omitted",
        "IMG_2041.HEIC",
        "Pat sent an attachment",
        "You received a new multimedia message.",
        "[Sprachnachricht]",
        "[Nota de voz 0:32]",
        "\ufffc",
        "Sent from my iPhone",
        "",
    ],
)
def test_a_reaction_or_a_placeholder_says_nothing(text: str) -> None:
    assert own_words(text) == ""
    assert clean_reply(text, None, has_quotes=False).text == ""


@pytest.mark.parametrize(
    "text",
    [
        "Liked your idea",
        "Loved it, can we talk?",
        "Liked “your idea” but not “the price”",
        "Video",
        "Photo please",
        "👍",
        "🙏 to you as well",
        "Voice call at 3?",
        "send the pdf",
        "I sent a photo of the contract yesterday",
        "-- \nPat",
        "> quoted",
    ],
)
def test_what_a_person_types_stays(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize("footer", ["Sent from my iPhone", "Sent from LinkedIn for iOS", "Von meinem iPhone gesendet"])
def test_an_apps_footer_goes(footer: str) -> None:
    assert own_words(f"Works for me\n\n{footer}\n") == "Works for me"
    assert own_words(f"{footer} but yes") == f"{footer} but yes"


@given(st.text(max_size=200))
def test_it_only_takes_away(text: str) -> None:
    assert own_words(text) in text
    assert own_words(own_words(text)) == own_words(text)


@pytest.mark.parametrize("fragment", ["Liked “", "👍 to “a”", "“a”", "[voice ", "Sent from my ", "« "])
def test_hostile_text_takes_linear_time(fragment: str) -> None:
    assert cpu_seconds(lambda: own_words(fragment * 4_000), times=2) < 0.5
