"""A model's word about an opt-out, and the condition for it to suppress: what it quotes are the lead's own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

_ELLIPSIS: Final = re.compile(r"\.{3,}|…|\[…\]")
_NO_WORD: Final = re.compile(r"[\W_]+")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’‘ʼ`´′\u00ad\u200b\u200d"))


class OptOutVerdict(StrEnum):
    """A model's verdict about words that may be an opt-out."""

    CONFIRMED = "CONFIRMED"
    DENIED = "DENIED"
    UNCLEAR = "UNCLEAR"
    NONE = "NONE"  # nothing was suspected


def words_occur(words: str, *, subject: str, clean_text: str) -> bool:
    """True when ``words`` occur in the subject or the cleaned text, whatever their case and punctuation.

    ``words`` is the model's quotation for its reason; quoting nothing proves nothing, so empty words never occur. An
    ellipsis stands for words that were left out: what is around it occurs in this order.
    """
    parts = [part for part in map(_bare, _ELLIPSIS.split(words)) if part]
    return bool(parts) and any(_in_order(parts, _bare(text)) for text in (subject, clean_text))


def _bare(text: str) -> str:
    """Reduces a text to its words: phones write “don’t” where a model quotes "don't"."""
    letters = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    return " ".join(_NO_WORD.sub(" ", letters).split())


def _in_order(parts: Sequence[str], text: str) -> bool:
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True
