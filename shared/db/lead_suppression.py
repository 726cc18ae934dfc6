"""Queries about a lead's suppression as it is now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.transactions import autocommit, committing
from shared.domain.vocabulary import ClientId, LeadId, Objection


@dataclass(frozen=True, slots=True)
class SuppressionState:
    client_id: ClientId
    email: str
    reason: str | None  # as it is stored: whatever it is, nothing may be sent. None: the lead is not suppressed
    block_list_entry_is_ours: bool  # the entry on the provider's block list was made by us
    dismissed_objections: tuple[str, ...]  # of the provider's, overruled by a person


def load_suppression(engine: Engine, lead_id: LeadId) -> SuppressionState | None:
    """The lead's address and whether it is suppressed; None when there is no such lead."""
    with autocommit(engine) as connection:
        row = connection.execute(
            text(
                "SELECT client_id, email, suppression_reason, block_listed_at, dismissed_objections FROM lead"
                " WHERE id = :lead_id"
            ),
            {"lead_id": lead_id},
        ).one_or_none()
    if row is None:
        return None
    return SuppressionState(
        client_id=row.client_id,
        email=row.email,
        reason=row.suppression_reason,
        block_list_entry_is_ours=row.block_listed_at is not None,
        dismissed_objections=tuple(row.dismissed_objections or ()),
    )


def note_block_list_entry(engine: Engine, job: ClaimedJob, *, ours: bool) -> None:
    """Remembers whether the entry of the job's lead on the provider's block list is ours. Raises LeaseLost."""
    with engine.begin() as connection:
        hold_lead(connection, job)
        committing(connection).execute(
            text("UPDATE lead SET block_listed_at = CASE WHEN :ours THEN now() END WHERE id = :lead_id"),
            {"lead_id": job.lead_id, "ours": ours},
        )


def dismiss_objections(connection: Connection, lead_id: LeadId, kind: Objection) -> None:
    """Overrules all that the provider holds against the lead of one kind, under the lead's lock."""
    connection.execute(
        text(
            "UPDATE lead SET dismissed_objections = array_append(coalesce(dismissed_objections, '{}'), :kind)"
            " WHERE id = :lead_id AND NOT coalesce(dismissed_objections, '{}') @> ARRAY[CAST(:kind AS text)]"
        ),
        {"lead_id": lead_id, "kind": kind.value},
    )


def settle_dismissed_kinds(engine: Engine, job: ClaimedJob, keys: Collection[str]) -> None:
    """Puts the objections that exist in the place of their dismissed kinds: a later one counts. Raises LeaseLost."""
    with engine.begin() as connection:
        hold_lead(connection, job)
        committing(connection).execute(
            text(
                """
                UPDATE lead SET dismissed_objections = ARRAY(
                    SELECT kept FROM unnest(dismissed_objections) AS kept WHERE kept LIKE '%:%'
                    UNION SELECT unnest(CAST(:keys AS text[])))
                WHERE id = :lead_id AND suppressed_at IS NULL
                """
            ),
            {"lead_id": job.lead_id, "keys": list(keys)},
        )
