"""The effect of each pause. Pure."""

from __future__ import annotations

from shared.domain.vocabulary import Pausable

STRICTEST_FIRST = (Pausable.PROCESSING, Pausable.ALL_SENDS, Pausable.AUTOMATIC_SENDS)


def stops_sending(pause: Pausable | None, *, automated: bool) -> bool:
    """True when the strictest active pause holds a send back. ``automated``: no person has approved the draft."""
    return pause is not None and (automated or pause is not Pausable.AUTOMATIC_SENDS)


def stops_processing(pause: Pausable | None) -> bool:
    """True when the strictest active pause holds every job back."""
    return pause is Pausable.PROCESSING
