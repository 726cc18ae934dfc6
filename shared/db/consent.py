"""Queries of reading consent back: which accounts have it to do, how far it is, and whom it is about."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from shared.db.transactions import autocommit
from shared.domain.vocabulary import ClientId, LeadId


@dataclass(frozen=True, slots=True)
class KnownLead:
    """A lead that is not suppressed, with what a person has overruled about it."""

    id: LeadId
    email: str
    dismissed_objections: tuple[str, ...]
    block_list_entry_is_ours: bool


# A merged lead is mailed under its head's name, but to its own address. Whose a block is, is asked of one account.
_LEAD = """
    own.id, own.email, coalesce(head.dismissed_objections, '{}') AS dismissed_objections,
    EXISTS (SELECT FROM lead_identity AS identity
            WHERE identity.client_id = own.client_id AND identity.kind = 'EMAIL' AND identity.value = lower(own.email)
              AND CAST(:account_id AS uuid) = ANY(identity.our_blocks)) AS block_list_entry_is_ours
"""
_MAILABLE = """
    lead AS own JOIN lead AS head ON head.id = coalesce(own.merged_into_id, own.id)
    WHERE head.suppressed_at IS NULL AND own.email IS NOT NULL
"""


def _known_lead(row: Row[tuple[object, ...]]) -> KnownLead:
    return KnownLead(row.id, row.email, tuple(row.dismissed_objections), row.block_list_entry_is_ours)


@dataclass(frozen=True, slots=True)
class ConsentCursor:
    """The progress of reading a workspace's consent: first the status of our leads, then the block list.

    ``leads_after`` is the id of the last lead of ours, None at the beginning; ``block_list_after`` the same of the
    block list's entries, once ``leads_done``.
    """

    leads_after: UUID | None = None
    leads_done: bool = False
    block_list_after: str | None = None


def note_consent_gap(connection: Connection, account_id: UUID, at: datetime) -> None:
    """Opt-outs up to this moment may have been missed: consent is read, and from the beginning if it was half-way."""
    connection.execute(
        text("UPDATE provider_account SET consent_gap_at = :at, consent_cursor = NULL WHERE id = :id"),
        {"id": account_id, "at": at},
    )


@dataclass(frozen=True, slots=True)
class ConsentReading:
    """A reading to be done; ``gap_at`` is the gap that it closes, None for a reading that is only due."""

    gap_at: datetime | None
    cursor: ConsentCursor


def due_consent_reading(
    engine: Engine, account_id: UUID, now: datetime, *, at_least_every_s: float
) -> ConsentReading | None:
    """Returns the reading that a gap, or the time since the last one, calls for; None when neither does."""
    with autocommit(engine) as connection:
        row = connection.execute(
            text(
                """
                SELECT consent_gap_at, consent_cursor,
                       coalesce(consent_read_at, created_at)
                           < CAST(:now AS timestamptz) - make_interval(secs => :every_s) AS is_due
                FROM provider_account WHERE id = :id
                """
            ),
            {"id": account_id, "now": now, "every_s": at_least_every_s},
        ).one()
    if row.consent_gap_at is None and row.consent_cursor is None and not row.is_due:
        return None
    kept = row.consent_cursor or {}
    after = kept.get("leads_after")
    cursor = ConsentCursor(
        None if after is None else UUID(after), bool(kept.get("leads_done")), kept.get("block_list_after")
    )
    return ConsentReading(row.consent_gap_at, cursor)


def keep_consent_cursor(engine: Engine, account_id: UUID, gap_at: datetime | None, cursor: ConsentCursor) -> None:
    """Remembers how far the reading is, unless a newer gap has begun another one."""
    with autocommit(engine) as connection:
        connection.execute(
            text(
                "UPDATE provider_account SET consent_cursor = CAST(:cursor AS jsonb)"
                " WHERE id = :id AND consent_gap_at IS NOT DISTINCT FROM CAST(:gap_at AS timestamptz)"
            ),
            {
                "id": account_id,
                "gap_at": gap_at,
                "cursor": json.dumps(
                    {
                        "leads_after": None if cursor.leads_after is None else str(cursor.leads_after),
                        "leads_done": cursor.leads_done,
                        "block_list_after": cursor.block_list_after,
                    }
                ),
            },
        )


def finish_consent_reading(engine: Engine, account_id: UUID, gap_at: datetime | None, at: datetime) -> None:
    """Ends the reading; a gap that has opened meanwhile stays open."""
    with autocommit(engine) as connection:
        connection.execute(
            text(
                """
                UPDATE provider_account SET consent_read_at = :at, consent_gap_at = NULL, consent_cursor = NULL
                WHERE id = :id AND consent_gap_at IS NOT DISTINCT FROM CAST(:gap_at AS timestamptz)
                """
            ),
            {"id": account_id, "gap_at": gap_at, "at": at},
        )


def mailable_leads_after(
    engine: Engine, client_id: ClientId, account_id: UUID, after: UUID | None, limit: int
) -> list[KnownLead]:
    """Returns the client's leads that are not suppressed, in the order of their ids."""
    with autocommit(engine) as connection:
        rows = connection.execute(
            text(
                f"""
                SELECT {_LEAD} FROM {_MAILABLE} AND own.client_id = :client_id
                  AND (CAST(:after AS uuid) IS NULL OR own.id > :after)
                ORDER BY own.id LIMIT :limit
                """  # noqa: S608 (a constant)
            ),
            {"client_id": client_id, "account_id": account_id, "after": after, "limit": limit},
        ).all()
    return [_known_lead(row) for row in rows]


def mailable_leads_at(
    engine: Engine, client_id: ClientId, account_id: UUID, emails: Sequence[str], domains: Collection[str]
) -> list[KnownLead]:
    """Returns the client's leads at these addresses or domains that are not suppressed."""
    with autocommit(engine) as connection:
        rows = connection.execute(
            text(
                f"""
                SELECT {_LEAD} FROM {_MAILABLE} AND own.client_id = :client_id
                  AND (lower(own.email) = ANY(:emails)
                       OR (:any_domain AND split_part(lower(own.email), '@', 2) = ANY(:domains)))
                """  # noqa: S608 (a constant)
            ),
            {
                "client_id": client_id,
                "account_id": account_id,
                "emails": list(emails),
                "domains": list(domains),
                "any_domain": bool(domains),
            },
        ).all()
    return [_known_lead(row) for row in rows]


def load_mailable_lead(connection: Connection, account_id: UUID, lead_id: LeadId) -> KnownLead | None:
    """Loads the lead as it is under its lock; None when it is suppressed."""
    row = connection.execute(
        text(f"SELECT {_LEAD} FROM {_MAILABLE} AND own.id = :id"),  # noqa: S608 (a constant)
        {"id": lead_id, "account_id": account_id},
    ).one_or_none()
    return None if row is None else _known_lead(row)
