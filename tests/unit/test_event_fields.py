"""What providers' deliveries have in common: whether a body that may be either is HTML."""

from __future__ import annotations

import pytest

from shared.providers.event_fields import holds_markup


@pytest.mark.parametrize(
    "body",
    [
        "<div>Yes please</div>",
        "<p class=x>Yes",
        "Yes<br>Sam",
        "Yes<BR/>Sam",
        "<a href='https://reach.example'>here",
        "<!DOCTYPE html>\nYes",
        "I&#39;m away",
        "Fish &amp; chips",
        "Yes</span>",
    ],
)
def test_elements_and_named_characters_are_markup(body: str) -> None:
    assert holds_markup(body)


@pytest.mark.parametrize(
    "body",
    [
        "Please unsubscribe me.\n\nOn Fri, Nov 20, 2026 Sam <sam@send.test>\nwrote:\n\n> may I ask you something?",
        "On Friday Bea <b@acme.test> wrote:",
        "See <https://reach.example/a?b=1&c=2> or <mailto:sam@reach.example>",
        "less < more, and 3 <b 4",
        "I <3 it",
        "AT&T; R & D",
        "",
    ],
)
def test_addresses_links_and_signs_are_plain_text(body: str) -> None:
    assert not holds_markup(body)
