"""The promises of our texts: the kinds of promises, and who keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CommitmentKind(StrEnum):
    """The kind of a promise (commitment.kind)."""

    INVITE = "INVITE"  # an invitation to a meeting follows
    CALL = "CALL"  # we phone the lead
    FIND_OUT = "FIND_OUT"  # we look something up, or ask somebody, and come back to it
    CONTACT_PERSON = "CONTACT_PERSON"  # we write to somebody else
    WRITE_LATER = "WRITE_LATER"  # we write to the lead again at a later moment
    OTHER = "OTHER"


KEPT_BY_US = frozenset({CommitmentKind.WRITE_LATER})
"""Promises that the system keeps by itself; every other one needs a person."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise of a text: its words there, and the day by which it is due if it names one."""

    kind: CommitmentKind
    words: str
    due: date | None = None

    @property
    def is_kept_by_us(self) -> bool:
        """True when no person is needed: what has no day cannot be kept by a clock."""
        return self.kind in KEPT_BY_US and self.due is not None
