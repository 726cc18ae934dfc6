"""Text that leaves: nothing in it that a reader cannot see, and on a phone no marks that a keyboard does not have.

A model writes control characters now and then, and a lead can put anything into a reply. Such characters hide words,
turn the direction of a line round or reach somebody's terminal. They are removed before a text is stored as a draft, so
what is checked, approved and sent is the same text; a send refuses a text that still holds one.

The sets follow Unicode's Default_Ignorable_Code_Point, the bidirectional controls of UAX 9, and C0 and C1.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shared.domain.channels import ChannelRules
from shared.domain.text.email_text import sanitize_text

# Line ends of other systems; a vertical tab is a line break inside a paragraph in texts pasted from word processors.
_LINE_END: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")

_INVISIBLE: Final = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200e\u200f"  # zero width space, marks of direction
    "\u202a-\u202e\u2060-\u206f"  # embeddings, overrides, isolates; word joiner, invisible operators
    "\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags
    "]"
)

# Joiners and variation selectors, which some scripts and emoji cannot do without.
_ZWNJ, _ZWJ = "\u200c", "\u200d"
_EMOJI_STYLE = "\ufe0f"
_TEXT_STYLE = "\ufe0e"
_KEYCAP = "\u20e3"
_DEPENDENT: Final = re.compile("[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_EMOJI: Final = re.compile("[\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_JOINING_LETTER: Final = re.compile(  # Arabic to Sinhala, Tibetan, Myanmar, Khmer, Mongolian, Arabic's other forms
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18aa\ufb50-\ufdff\ufe70-\ufefc]"
)
_MONGOLIAN: Final = re.compile("[\u1820-\u18aa]")
_IDEOGRAPH: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


# A single one of these takes a text message out of its alphabet, which halves what it holds.
_PLAIN_MARKS: Final = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞", '"'),
        **dict.fromkeys("‘’‚‛‹›′ʼ´`", "'"),
        **dict.fromkeys("‐‑‒–—―−•‣◦·", "-"),
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
        "…": "...",
    }
)


def text_on(channel: ChannelRules, text: str) -> str:
    """Prepares a text for a channel, before a draft's revision is stored: what leaves is what was checked. Idempotent.

    Beside ``outgoing_text``: plain quotes, dashes and blanks where the medium counts letters.
    """
    text = outgoing_text(text)
    return unicodedata.normalize("NFC", text).translate(_PLAIN_MARKS) if channel.plain_marks else text


def outgoing_text(text: str) -> str:
    """Removes characters that cannot be seen; line ends become newlines, tabs stay. Idempotent, linear.

    A joiner stays between letters of a script that joins and between emoji, a variation selector behind a character
    that has variants. What is no character at all (half of a surrogate pair) becomes U+FFFD.
    """
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", sanitize_text(text)))
    return _DEPENDENT.sub(_needed, text)


def outgoing_line(text: str) -> str:
    """Does the same for a single line, such as a subject: blank space of any kind becomes one blank."""
    return " ".join(outgoing_text(text).split())


def may_leave(text: str, subject: str) -> bool:
    """True when an email's text and subject hold nothing that cannot be seen."""
    return text == outgoing_text(text) and subject == outgoing_line(subject)


def _needed(run: re.Match[str]) -> str:
    """Keeps of a run of joiners and variation selectors those that its neighbours need: at most one of each."""
    text = run.string
    before = text[run.start() - 1] if run.start() > 0 else ""
    after = text[run.end()] if run.end() < len(text) else ""
    found = run[0]
    selector = found[0] if found[0] not in (_ZWNJ, _ZWJ) and _has_variants(before, found[0], after) else ""
    joiner = next((char for char in found if char in (_ZWNJ, _ZWJ)), "")
    return selector + (joiner if joiner and _joins(before, joiner, after) else "")


def _has_variants(before: str, selector: str, after: str) -> bool:
    if selector in (_TEXT_STYLE, _EMOJI_STYLE):
        return _EMOJI.match(before) is not None or (before in "0123456789#*" and before != "" and after == _KEYCAP)
    if "\u180b" <= selector <= "\u180f":
        return _MONGOLIAN.match(before) is not None
    return _IDEOGRAPH.match(before) is not None


def _joins(before: str, joiner: str, after: str) -> bool:
    if joiner == _ZWJ and _EMOJI.match(before) and _EMOJI.match(after):
        return True
    # Behind the last letter of an abbreviation a joiner keeps its joined form.
    return _JOINING_LETTER.match(before) is not None and (joiner == _ZWJ or _JOINING_LETTER.match(after) is not None)
