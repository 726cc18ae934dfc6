"""Queries about a lead's suppression as it is now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.lead_group import group_of
from shared.db.transactions import autocommit, committing
from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import ClientId, JobType, LeadId, MessageId, Objection, Provider, known


@dataclass(frozen=True, slots=True)
class LeadAddress:
    """An address of a lead, or of one that was merged into it."""

    lead_id: LeadId
    email: str
    block_list_entry_is_ours: bool  # the entry on the account's block list was made by us


@dataclass(frozen=True, slots=True)
class SuppressionState:
    client_id: ClientId
    account: AccountRef | None  # that is to be told; None: it is gone or disabled
    addresses: tuple[LeadAddress, ...]  # the lead's own first
    reason: str | None  # as it is stored: whatever it is, nothing may be sent. None: the lead is not suppressed
    dismissed_objections: tuple[str, ...]  # of the provider's, overruled by a person


_LOAD_SUPPRESSION = text(
    f"""
    SELECT lead.client_id, lead.suppression_reason, lead.dismissed_objections, own.id, own.email,
           account.id AS account_id, account.provider, account.credential_ref,
           coalesce(account.id = ANY(own.our_blocks), false) AS block_list_entry_is_ours
    FROM lead CROSS JOIN LATERAL {group_of("lead.id")} AS person JOIN lead AS own ON own.id = person.lead_id
    LEFT JOIN background_job AS job ON job.id = :job_id
    LEFT JOIN provider_account AS account ON account.id = job.provider_account_id AND account.disabled_at IS NULL
    WHERE lead.id = :lead_id
    ORDER BY own.id <> lead.id, own.id
    """  # noqa: S608 (constants only)
)


def load_suppression(engine: Engine, job: ClaimedJob) -> SuppressionState | None:
    """Loads the addresses and suppression of the job's lead, and the job's account; None when there is no such lead.

    Raises UnknownValueError for an account at a provider that only a newer release knows.
    """
    with autocommit(engine) as connection:
        rows = connection.execute(_LOAD_SUPPRESSION, {"lead_id": job.lead_id, "job_id": job.id}).all()
    if not rows:
        return None
    first = rows[0]
    account = None
    if first.account_id is not None:
        account = AccountRef(first.client_id, known(Provider, first.provider), first.account_id, first.credential_ref)
    return SuppressionState(
        client_id=first.client_id,
        account=account,
        addresses=tuple(
            LeadAddress(row.id, row.email, row.block_list_entry_is_ours) for row in rows if row.email is not None
        ),
        reason=first.suppression_reason,
        dismissed_objections=tuple(first.dismissed_objections or ()),
    )


_NOTE_BLOCK = text(
    """
    UPDATE lead
    SET our_blocks = array_remove(our_blocks, job.provider_account_id)
        || CASE WHEN :ours THEN ARRAY[job.provider_account_id] ELSE '{}' END
    FROM background_job AS job WHERE lead.id = :lead_id AND job.id = :job_id
    """
)


def note_block_list_entry(engine: Engine, job: ClaimedJob, lead_id: LeadId, *, ours: bool) -> None:
    """Remembers whether the entry on the block list of the job's account is ours. Raises LeaseLost.

    ``lead_id``: of the lead whose address it is: the job's own, or one that was merged into it.
    """
    with engine.begin() as connection:
        hold_lead(connection, job)
        committing(connection).execute(_NOTE_BLOCK, {"lead_id": lead_id, "job_id": job.id, "ours": ours})


def dismiss_objections(connection: Connection, lead_id: LeadId, kind: Objection) -> None:
    """Overrules all that the provider holds against the lead of one kind, under the lead's lock."""
    connection.execute(
        text(
            "UPDATE lead SET dismissed_objections = array_append(coalesce(dismissed_objections, '{}'), :kind)"
            " WHERE id = :lead_id AND NOT coalesce(dismissed_objections, '{}') @> ARRAY[CAST(:kind AS text)]"
        ),
        {"lead_id": lead_id, "kind": kind.value},
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
