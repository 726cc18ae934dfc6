"""Queries of the recovery of missed deliveries: which workspaces, how far each has been read, and what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from shared.db.transactions import autocommit
from shared.db.webhook_events import SETTLED
from shared.domain.vocabulary import ClientId


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """How far a workspace was read: Instantly's log of failed deliveries, and the mail that it received."""

    client_id: ClientId
    instantly_workspace_id: str | None
    deliveries_until: datetime
    emails_until: datetime


# No delivery can be older than its workspace, but for the provider's clock: a day more costs nothing.
_STATES = text(
    """
    SELECT id AS client_id, instantly_workspace_id,
           coalesce(hook_checked_at, created_at - interval '1 day') AS deliveries_until,
           coalesce(emails_recovered_until, created_at) AS emails_until
    FROM client WHERE disabled_at IS NULL AND (CAST(:client_id AS uuid) IS NULL OR id = :client_id)
    ORDER BY recovery_attempted_at NULLS FIRST, id
    """
)

_ATTEMPT = text("UPDATE client SET recovery_attempted_at = :at WHERE id = :client_id")

# Forward only: of two runs at once the one that came further counts.
_ADVANCE = text(
    """
    UPDATE client
    SET hook_checked_at = greatest(hook_checked_at, CAST(:deliveries_until AS timestamptz)),
        emails_recovered_until = greatest(emails_recovered_until, CAST(:emails_until AS timestamptz))
    WHERE id = :client_id
    """
)

_SETTLED_DELIVERIES = text(
    """
    SELECT delivery_key FROM webhook_event
    WHERE client_id = :client_id AND delivery_key = ANY(CAST(:keys AS bytea[])) AND outcome = ANY(:settled)
    """
)


def list_recovery_states(engine: Engine, client_id: ClientId | None = None) -> list[RecoveryState]:
    """Every enabled workspace, or the one that is named; the one whose last attempt is longest ago first."""
    with autocommit(engine) as connection:
        rows = connection.execute(_STATES, {"client_id": client_id})
        return [RecoveryState(**row._mapping) for row in rows]


def note_recovery_attempt(engine: Engine, client_id: ClientId, at: datetime) -> None:
    """Puts a workspace at the end of the row, before its work: what kills a run must not keep its place at the head."""
    with autocommit(engine) as connection:
        connection.execute(_ATTEMPT, {"client_id": client_id, "at": at})


def advance_recovery(
    engine: Engine,
    client_id: ClientId,
    *,
    deliveries_until: datetime | None = None,
    emails_until: datetime | None = None,
) -> None:
    """Remembers how far a workspace was read; None leaves a mark where it is."""
    with autocommit(engine) as connection:
        connection.execute(
            _ADVANCE, {"client_id": client_id, "deliveries_until": deliveries_until, "emails_until": emails_until}
        )


def settled_deliveries(engine: Engine, client_id: ClientId, keys: Sequence[bytes]) -> set[bytes]:
    """Those of ``keys`` (of deliveries) that had their effect."""
    with autocommit(engine) as connection:
        rows = connection.execute(
            _SETTLED_DELIVERIES,
            {"client_id": client_id, "keys": list(keys), "settled": [outcome.value for outcome in SETTLED]},
        )
        return {bytes(row.delivery_key) for row in rows}


def known_email_ids(engine: Engine, client_id: ClientId, email_ids: Sequence[str]) -> set[str]:
    """Those of ``email_ids`` (the provider's) that we have a message for."""
    with autocommit(engine) as connection:
        rows = connection.execute(
            text(
                "SELECT provider_message_id FROM message"
                " WHERE client_id = :client_id AND provider_message_id = ANY(:email_ids)"
            ),
            {"client_id": client_id, "email_ids": list(email_ids)},
        )
        return {row.provider_message_id for row in rows}
