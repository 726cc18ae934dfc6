"""The replay of deliveries that came while their account was nobody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ops.errors import CommandError
from shared.db.found_accounts import unclaimed_deliveries
from shared.domain.vocabulary import ClientId
from shared.pipelines.intake.delivery import DatabaseUnavailableError, Receipt
from shared.pipelines.intake.replay_event import replay_event

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ops.stack import Target


def replay_unclaimed(here: Target, engine: Engine, client_id: ClientId) -> Sequence[Receipt]:
    """Handles what came while accounts of the workspace were nobody's, the oldest first. Raises CommandError."""
    with engine.connect() as connection:
        event_ids = unclaimed_deliveries(connection, client_id)
    if not event_ids:
        return ()
    try:
        with here.publisher() as publisher:
            hash_address = here.hash_address()
            return [replay_event(engine, publisher, event_id, hash_address) for event_id in event_ids]
    except DatabaseUnavailableError:
        raise CommandError(
            "The database does not respond: not every kept delivery was handled.", "Run it again: it goes on."
        ) from None


def describe_replayed(receipts: Sequence[Receipt]) -> str:
    """Says how many kept deliveries were handled, and what became of them."""
    if not receipts:
        return "Nothing was kept for it."
    counted = Counter(receipt.status.value for receipt in receipts)
    outcomes = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    return f"Replayed {len(receipts)} kept deliver{'y' if len(receipts) == 1 else 'ies'}: {outcomes}."
