"""How long a text message is, as carriers count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.text.sms_length import PART, WHOLE, Alphabet, SmsLength, sms_length

GSM, UCS = Alphabet.GSM_7, Alphabet.UCS_2


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", SmsLength(GSM, 0, 0)),
        ("a" * 160, SmsLength(GSM, 160, 1)),
        ("a" * 161, SmsLength(GSM, 161, 2)),
        ("a" * 306, SmsLength(GSM, 306, 2)),
        ("a" * 307, SmsLength(GSM, 307, 3)),
        ("€" * 80, SmsLength(GSM, 160, 1)),
        ("[]{}~|^\\", SmsLength(GSM, 16, 1)),
        # An escape is not parted from its character: 76 of them fill a part, and one septet stays empty.
        ("€" * 153, SmsLength(GSM, 306, 3)),
        ("Grüße, señor Åse à Ω", SmsLength(GSM, 20, 1)),
        ("ç", SmsLength(UCS, 1, 1, "ç")),
        ("a" * 69 + "’", SmsLength(UCS, 70, 1, "’")),
        ("a" * 70 + "’", SmsLength(UCS, 71, 2, "’")),
        ("ł" * 134, SmsLength(UCS, 134, 2, "ł")),
        ("ł" * 135, SmsLength(UCS, 135, 3, "ł")),
        ("😀" * 35, SmsLength(UCS, 70, 1, "😀")),
        # A pair is not parted either: 33 of them in a part of 67.
        ("😀" * 67, SmsLength(UCS, 134, 3, "😀")),
        ("Hi\nthere\r\n", SmsLength(GSM, 10, 1)),
    ],
)
def test_a_text_has_units_and_parts(text: str, length: SmsLength) -> None:
    assert sms_length(text) == length


@given(st.text(max_size=400))
def test_what_is_added_never_makes_it_shorter(text: str) -> None:
    length, longer = sms_length(text), sms_length(f"{text}x")
    assert longer.parts >= length.parts
    assert length.parts * WHOLE[length.alphabet] >= length.units
    if length.parts > 1:
        assert length.parts * PART[length.alphabet] >= length.units
    assert (length.alphabet is UCS) == bool(length.foreign)
