"""The facts about a lead's message that its delivery does not bring: one look at the provider, kept on the message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MAX_TEXT_CHARS = 2_000  # of a message of ours: what a lead responds to stands at its beginning
MAX_NAMES = 20  # of copies and attachments
MAX_NAME_CHARS = 200


@dataclass(frozen=True, slots=True)
class OurMessage:
    """The message of ours that the lead responds to."""

    subject: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TriggerFacts:
    """``copies``: the addresses in Cc; ``attachments``: their names. ``our_message``: what is responded to."""

    copies: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    our_message: OurMessage | None = None

    def to_json(self) -> dict[str, Any]:
        """Renders them for message.trigger_facts, within the limits of this module."""
        rendered: dict[str, Any] = {
            "copies": [one[:MAX_NAME_CHARS] for one in self.copies[:MAX_NAMES]],
            "attachments": [one[:MAX_NAME_CHARS] for one in self.attachments[:MAX_NAMES]],
        }
        if (ours := self.our_message) is not None:
            rendered["our_message"] = {
                "subject": ours.subject[:MAX_NAME_CHARS],
                "text": ours.text[:MAX_TEXT_CHARS],
                "at": None if ours.at is None else ours.at.isoformat(),
            }
        return rendered

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> TriggerFacts:
        """Reads what ``to_json`` has rendered; nothing of it needs to be there."""
        stored = stored or {}
        ours = stored.get("our_message")
        return cls(
            copies=tuple(stored.get("copies", ())),
            attachments=tuple(stored.get("attachments", ())),
            our_message=ours
            and OurMessage(
                ours.get("subject", ""),
                ours.get("text", ""),
                datetime.fromisoformat(ours["at"]) if ours.get("at") else None,
            ),
        )
