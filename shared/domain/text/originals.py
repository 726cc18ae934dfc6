"""Proof that everything below an announcement is the announced mail, when the reply has no words above it.

People also answer below, or delete the original and write where it stood. So the text must be addressed to the
recipient or signed by the sender, and nothing may stand behind the signature but what cold emails carry there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.text.header_blocks import HeaderKind, header_kind
from shared.domain.text.small_print import is_mail_furniture

_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?[^\s@<>()\[\]]+@[^\s@<>()\[\]]+[>)\]]?")
_HEADER_START = re.compile(r"\s(?=\*?[^\W\d]{1,14} ?:\*? )")  # several headers in one line
_WORD = re.compile(r"[^\W\d_]{2,}")
_MAX_NAME_LINE = 60
_GREETING_LINES = 3


def is_whole_original(announcement: Sequence[str], below: Sequence[str]) -> bool:
    """True when the lines below are proven to be the announced mail, to their end."""
    filled = [line for line in below if line.strip()]
    if not filled:
        return True
    senders, recipients = _names(announcement)
    addressed = any(len(line) <= _MAX_NAME_LINE and recipients & _words(line) for line in filled[:_GREETING_LINES])
    signed = _signature_index(below, senders)
    if signed is None:
        return addressed and is_mail_furniture(filled[-1])
    while signed < len(below) and below[signed].strip():  # company and contact data
        signed += 1
    return all(is_mail_furniture(line) for line in below[signed:] if line.strip())


def _names(announcement: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Returns the words in the names of sender and recipients, folded."""
    senders: set[str] = set()
    recipients: set[str] = set()
    for line in (header for lines in announcement for header in _HEADER_START.split(lines[:600])):
        kind = header_kind(line)
        if kind is None or kind == HeaderKind.FROM:
            senders |= _words(_ADDRESS.sub(" ", line))
        elif kind in (HeaderKind.TO, HeaderKind.OTHER):
            recipients |= _words(line)
    return frozenset(senders), frozenset(recipients)


def _words(line: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(line[:400]))


def _signature_index(below: Sequence[str], senders: frozenset[str]) -> int | None:
    """Returns the index of the first line that is the sender's name, with a title at most behind a comma."""
    for index, line in enumerate(below):
        if 0 < len(line) <= _MAX_NAME_LINE:
            name = _words(re.split(r"[,|–]", line, maxsplit=1)[0])
            if name and name <= senders:
                return index
    return None
