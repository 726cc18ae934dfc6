"""The length of a text message as carriers count it: septets or UTF-16 units, and the parts that it travels in.

A text in the letters of GSM 03.38 takes a septet a character, two for those of its extension table. One character from
outside, and the whole text is UCS-2. A text of one part has 160 septets or 70 units; of several, each has fewer, since
a header says which part it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")


class Alphabet(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


WHOLE: Final[Mapping[Alphabet, int]] = MappingProxyType({Alphabet.GSM_7: 160, Alphabet.UCS_2: 70})
"""What a text of one part holds."""
PART: Final[Mapping[Alphabet, int]] = MappingProxyType({Alphabet.GSM_7: 153, Alphabet.UCS_2: 67})
"""What each part of a longer text holds. An escape and its character, or a surrogate pair, stay in one part."""


@dataclass(frozen=True, slots=True)
class SmsLength:
    """The length of a text: ``units`` are septets or UTF-16 units, ``foreign`` the first character outside of GSM-7."""

    alphabet: Alphabet
    units: int
    parts: int
    foreign: str = ""


def sms_length(text: str) -> SmsLength:
    """Measures a text as it would be sent."""
    foreign = next((char for char in text if char not in _BASIC and char not in _EXTENSION), "")
    if foreign:
        widths = [1 if ord(char) <= 0xFFFF else 2 for char in text]
        alphabet = Alphabet.UCS_2
    else:
        widths = [2 if char in _EXTENSION else 1 for char in text]
        alphabet = Alphabet.GSM_7
    units = sum(widths)
    if units <= WHOLE[alphabet]:
        return SmsLength(alphabet, units, min(units, 1), foreign)
    parts, used = 1, 0
    for width in widths:
        if used + width > PART[alphabet]:
            parts, used = parts + 1, 0
        used += width
    return SmsLength(alphabet, units, parts, foreign)
