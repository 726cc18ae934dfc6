"""The characters that may leave in an email, and those that never do."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.drafting.outgoing_text import may_leave, outgoing_line, outgoing_text

_LINE_ENDS = {"\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"}
_NEVER = {
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2060, 0x2070)),
    *map(chr, range(0xE0000, 0xE0080)),
    *"\u200b\u200e\u200f\u061c\u2028\u2029\ufeff\u00ad",
} - {"\n", "\t"}


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("Thank\x07 you\x1b, I will\u202e gladly\u200b show you.\x00\x08", "Thank you, I will gladly show you."),
        ("one\r\ntwo\rthree\u2028four\u2029five\x0bsix\x85seven", "one\ntwo\nthree\nfour\nfive\nsix\nseven"),
        ("a\tb\n\nc", "a\tb\n\nc"),
        ("\u2066pay\u2069 \u200ehere\u200f", "pay here"),
        ("hid\U000e0049\U000e0067den", "hidden"),
        ("co\u00adoperate\ufeff\u2060", "cooperate"),
        ("\ud83d\ude00 and half \ud83d", "😀 and half \ufffd"),
        ("\u200b\u200b\u2060\ufeff", ""),
        # scripts and emoji that need a joiner or a selector
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("۱۳۸۷ ه\u200d.ش", "۱۳۸۷ ه\u200d.ش"),
        ("👩\u200d💻 ❤\ufe0f\u200d🔥 ☎\ufe0e", "👩\u200d💻 ❤\ufe0f\u200d🔥 ☎\ufe0e"),
        ("👩🏽\u200d🚀 1\ufe0f\u20e3", "👩🏽\u200d🚀 1\ufe0f\u20e3"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("ᠠ\u180b", "ᠠ\u180b"),
        # and where nothing needs them
        ("pay\u200dment Auf\u200clage", "payment Auflage"),
        ("10\ufe0f a\ufe0f", "10 a"),
        ("😀\ufe0f\ufe01\ufe02\U000e0101hidden", "😀\ufe0fhidden"),
        ("\u200d\ufe0f", ""),
        ("می\u200c\u200c\u200dخواهم", "می\u200cخواهم"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(text: str, leaves: str) -> None:
    assert outgoing_text(text) == leaves
    assert may_leave(leaves, "")
    assert may_leave(text, "") is (text == leaves)


def test_a_subject_is_one_line() -> None:
    assert outgoing_line("Re:\u2028 pay\u202eroll\t now\r\nBcc: x@y.test ") == "Re: payroll now Bcc: x@y.test"
    assert not may_leave("text", "Re: two\nlines")
    assert not may_leave("text", "Re: \u202eright to left")


_TRICKY = st.sampled_from(
    [*sorted(_NEVER), *"\u200c\u200d\ufe0e\ufe0f\ufe01\U000e0100\u180b", *"a1# \n", *"مخक्ष葛ᠠ👩💻❤🏽\u20e3", "\ud83d"]
)
_TEXT = st.lists(_TRICKY | st.characters(codec=None), max_size=40).map("".join)


@given(_TEXT)
def test_nothing_hidden_leaves_and_nothing_visible_is_lost(text: str) -> None:
    leaves = outgoing_text(text)
    assert not _NEVER & set(leaves)
    leaves.encode()
    assert outgoing_text(leaves) == leaves, "made once is made for good"
    visible = [char for char in text if _is_visible(char)]
    assert [char for char in leaves if _is_visible(char) and char != "\ufffd"] == [
        char for char in visible if char != "\ufffd"
    ]
    assert outgoing_line(text) == " ".join(leaves.split())


def _is_visible(char: str) -> bool:
    """Letters, digits, punctuation, symbols: what every font draws by itself."""
    return unicodedata.category(char)[0] in "LNPS" and char not in "\u115f\u1160\u3164\uffa0"
