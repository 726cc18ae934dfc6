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
from shared.domain.vocabulary import ActorKind, ClientId, Pausable, PauseReason, ProviderAccountId

SENDS_LOCK = 0x7061757365  # an advisory lock of our own, for nothing else
"""Every claim of a send shares it, from the lead's lock on; a pause takes it alone.

So a pause waits for the claims that did not see it, and every later one sees it: none is claimed after it committed.
"""


def strictest_pause(client_id: str, *, account_id: str = "NULL", channel: str = "NULL") -> str:
    """SQL: the strictest active pause of what a client does, as a value of Pausable, or NULL.

    ``account_id`` and ``channel`` are those of a send; NULL: a pause of one account or channel is none of it. All three
    are expressions. What a newer release may pause and this one does not know counts as the strictest: fail closed.
    """
    ranks = " ".join(f"WHEN '{what.value}' THEN {rank}" for rank, what in enumerate(STRICTEST_FIRST))
    names = " ".join(f"WHEN {rank} THEN '{what.value}'" for rank, what in enumerate(STRICTEST_FIRST))
    return f"""
    (SELECT CASE min(CASE pause.what {ranks} ELSE 0 END) {names} END FROM pause
     WHERE pause.lifted_at IS NULL AND (pause.client_id = {client_id} OR pause.client_id IS NULL)
       AND (pause.provider_account_id IS NULL OR pause.provider_account_id = {account_id})
       AND (pause.channel IS NULL OR pause.channel = {channel}))
"""  # noqa: S608 (constants only)


@dataclass(frozen=True, slots=True)
class Pause:
    """One active pause; ``client_id`` None is for every client, ``account`` None for every account of it."""

    id: UUID
    client_id: ClientId | None
    client_name: str | None
    account: str | None  # provider and external id
    what: str  # of a newer release, a word that Pausable does not know
    reason: str
    note: str
    paused_by_kind: str
    paused_by: str
    paused_at: datetime


_COLUMNS = """
    pause.id, pause.client_id, client.name AS client_name,
    CASE WHEN account.id IS NOT NULL THEN concat_ws(' ', account.provider, account.external_id) END AS account,
    pause.what, pause.reason, pause.note, pause.paused_by_kind,
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
              AND provider_account_id IS NULL AND channel IS NULL AND reason = ANY(:reasons)
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
            LEFT JOIN provider_account AS account ON account.id = pause.provider_account_id
            WHERE pause.lifted_at IS NULL
              AND (CAST(:client_id AS uuid) IS NULL OR pause.client_id = :client_id OR pause.client_id IS NULL)
            ORDER BY pause.paused_at, pause.id
            """  # noqa: S608 (a constant)
        ),
        {"client_id": client_id},
    )
    return [_pause(row) for row in rows]


_PAUSE_OF_DRAFT = text(
    f"""
    SELECT {strictest_pause("draft.client_id", account_id="trigger.provider_account_id", channel="draft.channel")}
    FROM draft JOIN message AS trigger ON trigger.id = draft.trigger_message_id WHERE draft.id = :draft_id
    """  # noqa: S608 (constants only)
)


def is_held_back(connection: Connection, draft_id: UUID, *, automated: bool) -> bool:
    """True when a pause holds a draft's send back right now; ``automated``: no person has approved it."""
    found = connection.execute(_PAUSE_OF_DRAFT, {"draft_id": draft_id}).scalar_one_or_none()
    return stops_sending(None if found is None else Pausable(found), automated=automated)


# --- The pause of an account -------------------------------------------------------------------------------------

_PAUSE_ACCOUNT = text(
    f"""
    INSERT INTO pause (id, client_id, provider_account_id, what, reason, note, paused_by_kind, paused_by)
    SELECT :id, client_id, id, '{Pausable.ALL_SENDS}', '{PauseReason.ACCOUNT}', :note, '{ActorKind.SYSTEM}', provider
    FROM provider_account WHERE id = :account_id
    ON CONFLICT DO NOTHING
    """  # noqa: S608 (constants only)
)


def pause_account(connection: Connection, account_id: ProviderAccountId, *, note: str) -> bool:
    """Holds back all sends by an account that its provider calls broken; False when they are held back already.

    A send that is being claimed at this moment may still leave: whoever posts the provider's word does not wait.
    """
    values = {"id": uuid7(), "account_id": account_id, "note": note}
    return connection.execute(_PAUSE_ACCOUNT, values).rowcount == 1


_LIFT_ACCOUNT_PAUSE = text(
    f"""
    UPDATE pause SET lifted_at = now(), lifted_by_kind = :kind, lifted_by = :name
    WHERE lifted_at IS NULL AND provider_account_id = :account_id AND reason = '{PauseReason.ACCOUNT}'
    RETURNING client_id
    """  # noqa: S608 (constants only)
)


def lift_account_pause(connection: Connection, account_id: UUID, actor: Actor) -> ClientId | None:
    """Lets an account's sends go on; returns its client if they were held back."""
    values = {"account_id": account_id, "kind": actor.kind.value, "name": actor.name}
    found = connection.execute(_LIFT_ACCOUNT_PAUSE, values).scalar_one_or_none()
    return None if found is None else ClientId(found)


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
