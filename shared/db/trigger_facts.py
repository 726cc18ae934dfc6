"""The writing of what a look at the provider has told about a reply. It waits for no lock: nobody else writes these."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, text

from shared.db.transactions import autocommit
from shared.domain.vocabulary import MessageId

# Whoever was faster has looked: what is there stays.
_NOTE = text(
    """
    UPDATE message
    SET looked_at = now(), trigger_facts = CAST(:facts AS jsonb), from_email = coalesce(from_email, :sender),
        thread_id = coalesce(thread_id, :thread_id)
    WHERE id = :id AND looked_at IS NULL
    """
)


def note_trigger(
    engine: Engine, message_id: MessageId, facts: Mapping[str, Any], *, sender: str | None, thread_id: str | None
) -> None:
    """Keeps what a look at the provider has told about a reply (``TriggerFacts.to_json``): nobody looks again."""
    values = {"id": message_id, "facts": json.dumps(facts), "sender": sender, "thread_id": thread_id}
    with autocommit(engine) as connection:
        connection.execute(_NOTE, values)
