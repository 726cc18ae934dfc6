"""Queries about a lead's suppression as it is now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.lead_group import group_of
from shared.db.transactions import committing
from shared.domain.vocabulary import JobType, LeadId, MessageId, Objection


def dismiss_objections(connection: Connection, lead_id: LeadId, which: Objection | str) -> None:
    """Overrules what the provider holds against the lead, under the lead's lock: all of a kind, or one by its key."""
    connection.execute(
        text(
            "UPDATE lead SET dismissed_objections = array_append(coalesce(dismissed_objections, '{}'), :which)"
            " WHERE id = :lead_id AND NOT coalesce(dismissed_objections, '{}') @> ARRAY[CAST(:which AS text)]"
        ),
        {"lead_id": lead_id, "which": str(which)},
    )


# The last account to be asked settles it: until then an objection of another one is among what was overruled. Jobs of
# one lead run one after the other.
_SETTLE = text(
    f"""
    WITH others AS (
        SELECT 1 FROM background_job AS job JOIN provider_account AS account ON account.id = job.provider_account_id
        WHERE job.lead_id = :lead_id AND job.type = '{JobType.SYNC_PERSON}' AND job.id <> :job_id
          AND job.status <> 'SUCCEEDED' AND account.disabled_at IS NULL
    )
    UPDATE lead SET dismissed_objections = ARRAY(
        SELECT kept FROM unnest(dismissed_objections) AS kept WHERE kept LIKE '%:%' OR EXISTS (SELECT FROM others)
        UNION SELECT unnest(CAST(:keys AS text[])))
    WHERE id = :lead_id AND suppressed_at IS NULL
    """  # noqa: S608 (constants only)
)


def dismiss_own_objection(engine: Engine, job: ClaimedJob, key: str) -> None:
    """Remembers that we have made an objection ourselves: it never stands for the lead's word. Raises LeaseLost."""
    with engine.begin() as connection:
        hold_lead(connection, job)
        dismiss_objections(committing(connection), job.lead_id, key)


def settle_dismissed_kinds(engine: Engine, job: ClaimedJob, keys: Collection[str]) -> None:
    """Adds the objections that exist at the job's account; they take the place of their dismissed kinds.

    So a later objection counts, once every account of the client has been asked. Raises LeaseLost.
    """
    with engine.begin() as connection:
        hold_lead(connection, job)
        committing(connection).execute(_SETTLE, {"lead_id": job.lead_id, "job_id": job.id, "keys": list(keys)})


# --- Lifted by a person ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LiftedSuppression:
    """A suppression as it was before it was lifted."""

    reason: str  # as it is stored: what a newer release suppressed can be lifted here
    suppressed_at: datetime
    message_id: MessageId | None
    rule: str = ""


# Runs under the lead's lock. The messages that were taken for an opt-out remember that a person disagreed: none of them
# suppresses this lead again. What the suppression superseded and cancelled stays so: its moment has passed.
_UNSUPPRESS = text(
    f"""
    WITH suppressed AS (
        SELECT id, suppression_reason, suppressed_at, suppression_message_id,
               coalesce(suppression_evidence ->> 'rule', '') AS rule
        FROM lead WHERE id = :lead_id AND suppressed_at IS NOT NULL
    ), dismissed AS (
        UPDATE message SET suppression_dismissed_at = now()
        FROM suppressed
        WHERE message.lead_id IN {group_of(":lead_id")} AND message.direction = 'INBOUND'
          AND (message.id = suppressed.suppression_message_id OR message.sentiment = 'Blacklist')
    ), lifted AS (
        UPDATE lead
        SET status = coalesce(lead.status_before_suppression, 'new'), status_before_suppression = NULL,
            suppressed_at = NULL, suppression_reason = NULL, suppression_evidence = NULL,
            suppression_message_id = NULL, sentiment = CASE WHEN sentiment = 'Blacklist' THEN NULL ELSE sentiment END
        FROM suppressed WHERE lead.id = suppressed.id
    )
    SELECT suppression_reason, suppressed_at, suppression_message_id, rule FROM suppressed
    """  # noqa: S608 (constants only)
)


def lift_suppression(connection: Connection, lead_id: LeadId) -> LiftedSuppression | None:
    """Lifts a suppression and restores the lead's status; None when the lead is not suppressed."""
    row = connection.execute(_UNSUPPRESS, {"lead_id": lead_id}).one_or_none()
    if row is None:
        return None
    return LiftedSuppression(
        row.suppression_reason,
        row.suppressed_at,
        None if row.suppression_message_id is None else MessageId(row.suppression_message_id),
        row.rule,
    )
