"""Queries of the recovery of missed deliveries: which workspaces, and how far each has been read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from shared.domain.vocabulary import ClientId


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """``hook_checked_at``: when its hook and its failed deliveries were last looked at; ``read_until``: its mail."""

    client_id: ClientId
    instantly_workspace_id: str | None
    hook_checked_at: datetime
    read_until: datetime


_STATES = text(
    """
    SELECT id AS client_id, instantly_workspace_id, coalesce(hook_checked_at, created_at) AS hook_checked_at,
           coalesce(emails_recovered_until, created_at) AS read_until
    FROM client WHERE disabled_at IS NULL ORDER BY hook_checked_at NULLS FIRST, id
    """
)

# Forward only: of two runs at once the one that came further counts.
_ADVANCE = text(
    """
    UPDATE client
    SET hook_checked_at = greatest(hook_checked_at, CAST(:hook_checked_at AS timestamptz)),
        emails_recovered_until = greatest(emails_recovered_until, CAST(:read_until AS timestamptz))
    WHERE id = :client_id
    """
)


def list_recovery_states(engine: Engine) -> list[RecoveryState]:
    """Every enabled workspace, the one that waits longest first."""
    with engine.connect() as connection:
        return [RecoveryState(**row._mapping) for row in connection.execute(_STATES)]


def advance_recovery(
    engine: Engine,
    client_id: ClientId,
    *,
    hook_checked_at: datetime | None = None,
    read_until: datetime | None = None,
) -> None:
    """Remembers how far a workspace was read; None leaves a mark where it is."""
    with engine.begin() as connection:
        connection.execute(
            _ADVANCE, {"client_id": client_id, "hook_checked_at": hook_checked_at, "read_until": read_until}
        )


def known_email_ids(engine: Engine, client_id: ClientId, email_ids: Sequence[str]) -> set[str]:
    """Those of ``email_ids`` (the provider's) that we have a message for."""
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT provider_message_id FROM message"
                " WHERE client_id = :client_id AND provider_message_id = ANY(:email_ids)"
            ),
            {"client_id": client_id, "email_ids": list(email_ids)},
        )
        return {row.provider_message_id for row in rows}
