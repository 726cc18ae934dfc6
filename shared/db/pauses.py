"""Queries of pause: what is stopped, what is still on its way, and the lock that sends and pauses meet at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, text

from shared.db.jobs import LIVE
from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.pauses import STRICTEST_FIRST, stops_sending
from shared.domain.vocabulary import ClientId, Pausable, PauseReason

SENDS_LOCK = 0x7061757365  # an advisory lock of our own, for nothing else
"""Every claim of a send shares it, from the lead's lock on; a pause takes it alone.

So a pause waits for the claims that did not see it, and every later one sees it: none is claimed after it committed.
"""


def strictest_pause(client_id: str) -> str:
    """SQL: the strictest active pause of a client, as a value of Pausable, or NULL. ``client_id`` is an expression.

    What a newer release may pause and this one does not know counts as the strictest: fail closed.
    """
    ranks = " ".join(f"WHEN '{what.value}' THEN {rank}" for rank, what in enumerate(STRICTEST_FIRST))
    names = " ".join(f"WHEN {rank} THEN '{what.value}'" for rank, what in enumerate(STRICTEST_FIRST))
    return f"""
    (SELECT CASE min(CASE pause.what {ranks} ELSE 0 END) {names} END FROM pause
     WHERE pause.lifted_at IS NULL AND (pause.client_id = {client_id} OR pause.client_id IS NULL))
"""  # noqa: S608 (constants only)


@dataclass(frozen=True, slots=True)
class Pause:
    """One active pause; ``client_id`` None is for every client."""

    id: UUID
    client_id: ClientId | None
    client_name: str | None
    what: str  # of a newer release, a word that Pausable does not know
    reason: str
    note: str
    paused_by_kind: str
    paused_by: str
    paused_at: datetime


_COLUMNS = """
    pause.id, pause.client_id, client.name AS client_name, pause.what, pause.reason, pause.note, pause.paused_by_kind,
    pause.paused_by, pause.paused_at
"""


def _pause(row: Row[tuple[object, ...]]) -> Pause:
    return Pause(**row._mapping)


def take_sends_lock(connection: Connection) -> None:
    """Waits for the sends that are being claimed right now, and keeps further ones waiting until the commit."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SENDS_LOCK})


def insert_pauses(
    connection: Connection,
    client_ids: Sequence[ClientId | None],
    what: Pausable,
    reason: PauseReason,
    actor: Actor,
    *,
    note: str = "",
) -> int:
    """Pauses each of ``client_ids`` (None: every client), under ``take_sends_lock``; returns how many were not yet."""
    return connection.execute(
        text(
            """
            INSERT INTO pause (id, client_id, what, reason, note, paused_by_kind, paused_by)
            SELECT made.id, made.client_id, :what, :reason, :note, :kind, :name
            FROM unnest(CAST(:ids AS uuid[]), CAST(:client_ids AS uuid[])) AS made (id, client_id)
            ON CONFLICT DO NOTHING
            """
        ),
        {
            "ids": [uuid7() for _ in client_ids],
            "client_ids": list(client_ids),
            "what": what.value,
            "reason": reason.value,
            "note": note,
            "kind": actor.kind.value,
            "name": actor.name,
        },
    ).rowcount


def lift_pauses(
    connection: Connection, client_id: ClientId | None, what: Pausable, reasons: Sequence[PauseReason], actor: Actor
) -> int:
    """Ends the active pauses of exactly this scope; returns how many there were."""
    return connection.execute(
        text(
            """
            UPDATE pause SET lifted_at = now(), lifted_by_kind = :kind, lifted_by = :name
            WHERE lifted_at IS NULL AND client_id IS NOT DISTINCT FROM CAST(:client_id AS uuid) AND what = :what
              AND reason = ANY(:reasons)
            """
        ),
        {
            "client_id": client_id,
            "what": what.value,
            "reasons": [reason.value for reason in reasons],
            "kind": actor.kind.value,
            "name": actor.name,
        },
    ).rowcount


def list_active_pauses(connection: Connection, client_id: ClientId | None = None) -> list[Pause]:
    """Lists the active pauses, the oldest first: one client's (pauses of everything included), or all."""
    rows = connection.execute(
        text(
            f"""
            SELECT {_COLUMNS} FROM pause LEFT JOIN client ON client.id = pause.client_id
            WHERE pause.lifted_at IS NULL
              AND (CAST(:client_id AS uuid) IS NULL OR pause.client_id = :client_id OR pause.client_id IS NULL)
            ORDER BY pause.paused_at, pause.id
            """  # noqa: S608 (a constant)
        ),
        {"client_id": client_id},
    )
    return [_pause(row) for row in rows]


def is_paused(connection: Connection, client_id: UUID, *, automated: bool) -> bool:
    """True when a client's sends are held back right now; ``automated``: those that no person has approved."""
    found = connection.execute(
        text(f"SELECT {strictest_pause('CAST(:client_id AS uuid)')}"),
        {"client_id": client_id},
    ).scalar_one()
    return stops_sending(None if found is None else Pausable(found), automated=automated)


# INTENDED is on the wire as long as the lease of its job lives (afterwards its worker is dead); a running job may be in
# the middle of a call to a model.
_IN_FLIGHT = {
    Pausable.AUTOMATIC_SENDS: "sending.automated",
    Pausable.ALL_SENDS: "true",
}


def count_in_flight(connection: Connection, client_id: ClientId | None, what: Pausable) -> int:
    """Counts the paused work that was under way before: sends with a live worker, or running jobs."""
    of_client = "(CAST(:client_id AS uuid) IS NULL OR job.client_id = :client_id)"
    if what is Pausable.PROCESSING:
        statement = f"SELECT count(*) FROM background_job AS job WHERE {LIVE} AND {of_client}"  # noqa: S608
    else:
        statement = (
            "SELECT count(*) FROM outbound_send AS sending JOIN background_job AS job ON job.id = sending.job_id"  # noqa: S608
            f" WHERE sending.status = 'INTENDED' AND {_IN_FLIGHT[what]} AND {LIVE} AND {of_client}"
        )
    return int(connection.execute(text(statement), {"client_id": client_id}).scalar_one())
