"""Queries of restore_mark: from which moment on a client's past is missing, and who has been reconciled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.db.transactions import autocommit
from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId


@dataclass(frozen=True, slots=True)
class RestoredClient:
    """A client whose rows were restored and are not reconciled yet. ``is_paused``: its restore's pause still holds."""

    mark_id: UUID
    client_id: ClientId
    name: str
    restored_to: datetime
    disabled: bool
    is_paused: bool
    deliveries_until: datetime | None  # how far each was read by an earlier run
    sent_until: datetime | None


def mark_restored(
    connection: Connection, client_ids: Sequence[ClientId], restored_to: datetime, at: datetime, actor: Actor
) -> int:
    """Marks the clients as restored to a moment; returns how many were not marked so before."""
    return connection.execute(
        text(
            """
            INSERT INTO restore_mark (id, client_id, restored_to, marked_by_kind, marked_by, marked_at)
            SELECT made.id, made.client_id, :restored_to, :kind, :name, :at
            FROM unnest(CAST(:ids AS uuid[]), CAST(:client_ids AS uuid[])) AS made (id, client_id)
            ON CONFLICT (client_id, restored_to) DO NOTHING
            """
        ),
        {
            "ids": [uuid7() for _ in client_ids],
            "client_ids": list(client_ids),
            "restored_to": restored_to,
            "kind": actor.kind.value,
            "name": actor.name,
            "at": at,
        },
    ).rowcount


def list_unreconciled(connection: Connection) -> list[RestoredClient]:
    """Lists the clients with an open mark, each once with the earliest moment that it was restored to."""
    rows = connection.execute(
        text(
            """
            SELECT DISTINCT ON (client.id) mark.id AS mark_id, client.id AS client_id, client.name, mark.restored_to,
                   mark.deliveries_until, mark.sent_until, client.disabled_at IS NOT NULL AS disabled,
                   EXISTS (SELECT 1 FROM pause WHERE pause.client_id = client.id AND pause.reason = 'RESTORE'
                           AND pause.lifted_at IS NULL) AS is_paused
            FROM restore_mark AS mark JOIN client ON client.id = mark.client_id
            WHERE mark.reconciled_at IS NULL
            ORDER BY client.id, mark.restored_to
            """
        )
    )
    return [RestoredClient(**row._mapping) for row in rows]


def rewind_recovery(connection: Connection, client_ids: Sequence[ClientId], to: datetime, at: datetime) -> None:
    """Received mail and failed deliveries are read again from ``to`` on, and consent from the beginning."""
    connection.execute(
        text(
            """
            UPDATE provider_account
            SET cursor = jsonb_build_object(
                    'HOOK', least(CAST(cursor ->> 'HOOK' AS timestamptz), CAST(:to AS timestamptz)),
                    'API', least(CAST(cursor ->> 'API' AS timestamptz), CAST(:to AS timestamptz))),
                consent_gap_at = :at, consent_cursor = NULL
            WHERE client_id = ANY(:ids)
            """
        ),
        {"ids": list(client_ids), "to": to, "at": at},
    )


def keep_restore_cursors(
    engine: Engine, mark_id: UUID, *, deliveries_until: datetime | None = None, sent_until: datetime | None = None
) -> None:
    """Remembers how far the reading since the restored moment is; None leaves a cursor where it is."""
    with autocommit(engine) as connection:
        connection.execute(
            text(
                """
                UPDATE restore_mark
                SET deliveries_until = greatest(deliveries_until, CAST(:deliveries_until AS timestamptz)),
                    sent_until = greatest(sent_until, CAST(:sent_until AS timestamptz))
                WHERE id = :id
                """
            ),
            {"id": mark_id, "deliveries_until": deliveries_until, "sent_until": sent_until},
        )


def note_reconciled(connection: Connection, client_id: ClientId, at: datetime) -> None:
    """Closes the client's open marks."""
    connection.execute(
        text("UPDATE restore_mark SET reconciled_at = :at WHERE client_id = :id AND reconciled_at IS NULL"),
        {"id": client_id, "at": at},
    )
