"""Queries of sends without a known end: abandoned by their worker, looked for at the provider, resolved by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.db.jobs import LIVE
from shared.db.lead_group import group_of
from shared.db.provider_accounts import account_of, account_ref
from shared.db.transactions import autocommit
from shared.domain.accounts import AccountRef
from shared.domain.sent_match import UnsettledSend
from shared.domain.vocabulary import (
    ClientId,
    DraftId,
    LeadId,
    OutboundSendStatus,
    Provider,
    ProviderAccountId,
    known,
)

UNSETTLED = "status IN ('INTENDED', 'QUEUED', 'UNCERTAIN')"
"""SQL: whether a send has no known end, so that its message may have left or may still leave."""

# --- Abandoned ---------------------------------------------------------------------------------------------------

# INTENDED is covered by the lease of the job that committed it: as long as that lives the call may be under way.
_ABANDONED = f"""
    SELECT sending.draft_id, sending.lead_id FROM outbound_send AS sending
    LEFT JOIN background_job AS job ON job.id = sending.job_id
    WHERE sending.status = 'INTENDED' AND NOT coalesce({LIVE}, false)
"""  # noqa: S608 (constants only)
_LIST_ABANDONED = text(f"{_ABANDONED} ORDER BY sending.intended_at LIMIT :limit")
_STILL_ABANDONED = text(f"{_ABANDONED} AND sending.draft_id = :draft_id")


@dataclass(frozen=True, slots=True)
class AbandonedSend:
    """An INTENDED send whose job's lease is over: nobody will record how it ended."""

    draft_id: DraftId
    lead_id: LeadId


def abandoned_sends(engine: Engine, limit: int) -> list[AbandonedSend]:
    """Lists abandoned sends, the oldest first."""
    with autocommit(engine) as connection:
        return [AbandonedSend(*row) for row in connection.execute(_LIST_ABANDONED, {"limit": limit})]


def still_abandoned(connection: Connection, draft_id: DraftId) -> bool:
    """Says whether a send is (still) abandoned, asked under the lead's lock."""
    return connection.execute(_STILL_ABANDONED, {"draft_id": draft_id}).one_or_none() is not None


# --- Reported ----------------------------------------------------------------------------------------------------

_REPORTABLE = text(
    f"""
    SELECT sending.draft_id, draft.body, sending.intended_at, sending.provider_message_id AS message_id,
           sending.thread_id, sending.mailbox AS our_address, sending.provider_account_id AS account_id, sending.status,
           message.id AS recorded_as
    FROM outbound_send AS sending JOIN draft ON draft.id = sending.draft_id
    LEFT JOIN message ON message.draft_id = draft.id
    WHERE sending.lead_id IN {group_of(":lead_id")}
      AND (sending.{UNSETTLED}
           OR (sending.status = 'SENT' AND sending.intended_at >= CAST(:sent_since AS timestamptz)
               AND (sending.provider_message_id IS NULL
                    OR sending.provider_account_id <> CAST(:account_id AS uuid))))
    ORDER BY sending.intended_at DESC, sending.draft_id
    """  # noqa: S608 (constants only)
)


def reportable_sends(
    connection: Connection, lead_id: LeadId, account_id: UUID | None, *, sent_since: datetime
) -> list[UnsettledSend]:
    """Lists the lead's sends that a message of ours, which an account shows, may be; the latest first.

    Those without a known end, and of those that have left since ``sent_since`` the ones of which the account may not
    have told yet: without an id, or of another account. Under the lead's lock.
    """
    rows = connection.execute(
        _REPORTABLE, {"lead_id": lead_id, "account_id": account_id, "sent_since": sent_since}
    ).all()
    return [UnsettledSend(**{**row._mapping, "status": known(OutboundSendStatus, row.status)}) for row in rows]


# --- Reported by its id ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportedSend:
    """The send that bears a provider's message id. ``status`` is as stored: a newer release may have written it."""

    draft_id: DraftId
    lead_id: LeadId
    status: str
    thread_id: str | None
    mailbox: str | None
    account: AccountRef


# A report that names no account is about any of the client's with that provider; ids are unique per account at least.
_REPORTED = text(
    f"""
    SELECT sending.draft_id, sending.lead_id, sending.status, sending.thread_id, sending.mailbox,
           {account_of("sending")} AS account
    FROM outbound_send AS sending JOIN provider_account AS account ON account.id = sending.provider_account_id
    WHERE sending.client_id = :client_id AND sending.provider_message_id = :provider_message_id
      AND account.provider = :provider AND account.id = coalesce(CAST(:account_id AS uuid), account.id)
    """  # noqa: S608 (constants only)
)


def find_reported_send(
    connection: Connection,
    client_id: ClientId,
    provider: Provider,
    account_id: ProviderAccountId | None,
    provider_message_id: str,
) -> ReportedSend | None:
    """Finds the send that a report is about; None when there is none, or when it could be more than one."""
    rows = connection.execute(
        _REPORTED,
        {
            "client_id": client_id,
            "provider": provider.value,
            "account_id": account_id,
            "provider_message_id": provider_message_id,
        },
    ).all()
    if len(rows) != 1:
        return None
    return ReportedSend(**{**rows[0]._mapping, "account": account_ref(client_id, rows[0].account)})


# --- Looked for --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UncertainSend:
    """An UNCERTAIN send, and whose it is."""

    client_id: ClientId
    lead_id: LeadId
    send: UnsettledSend
    account: AccountRef


_UNCERTAIN = text(
    f"""
    SELECT sending.client_id, sending.lead_id, sending.draft_id, draft.body, sending.intended_at,
           sending.provider_message_id, sending.thread_id, sending.mailbox, sending.provider_account_id,
           {account_of("sending")} AS account
    FROM outbound_send AS sending
    JOIN draft ON draft.id = sending.draft_id
    WHERE sending.status = 'UNCERTAIN'
      AND sending.intended_at > now() - make_interval(secs => :give_up_after_s)
    ORDER BY sending.checked_at NULLS FIRST, sending.intended_at LIMIT :limit
    """  # noqa: S608 (constants only)
)


def uncertain_sends(engine: Engine, *, give_up_after_s: float, limit: int) -> list[UncertainSend]:
    """Lists UNCERTAIN sends that are young enough to be looked for, the longest unchecked first."""
    with autocommit(engine) as connection:
        rows = connection.execute(_UNCERTAIN, {"give_up_after_s": give_up_after_s, "limit": limit})
        return [
            UncertainSend(client_id, lead_id, UnsettledSend(*send), account_ref(client_id, account))
            for client_id, lead_id, *send, account in rows
        ]


def note_checked(engine: Engine, draft_id: DraftId) -> None:
    """Remembers that a send was looked for just now, so that the others get their turn first."""
    with autocommit(engine) as connection:
        connection.execute(
            text("UPDATE outbound_send SET checked_at = now() WHERE draft_id = :draft_id"), {"draft_id": draft_id}
        )


def linked_messages(engine: Engine, client_id: ClientId, reply_keys: Sequence[bytes]) -> set[bytes]:
    """Returns those of ``reply_keys`` whose recorded message is itself the result of another draft.

    A message that only an event has brought is not linked: it may well be the one that is looked for.
    """
    with autocommit(engine) as connection:
        rows = connection.execute(
            text(
                "SELECT reply_key FROM message WHERE client_id = :client_id"
                " AND reply_key = ANY(CAST(:reply_keys AS bytea[])) AND draft_id IS NOT NULL"
            ),
            {"client_id": client_id, "reply_keys": list(reply_keys)},
        )
        return {bytes(row.reply_key) for row in rows}


# --- Resolved by a person ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LockedSend:
    """An UNCERTAIN send under the lead's lock."""

    draft_id: DraftId
    client_id: ClientId
    lead_id: LeadId
    thread_id: str | None
    mailbox: str | None
    account: AccountRef


def lock_uncertain_send(connection: Connection, draft_id: UUID) -> LockedSend | None:
    """Locks draft and send (the lead is locked already); None when the draft has no uncertain send."""
    row = connection.execute(
        text(f"""
            SELECT draft.id AS draft_id, draft.client_id, draft.lead_id, outbound_send.thread_id, outbound_send.mailbox,
                   {account_of("outbound_send")} AS account
            FROM draft JOIN outbound_send ON outbound_send.draft_id = draft.id
            WHERE draft.id = :id AND draft.status = 'SEND_UNCERTAIN' AND outbound_send.status = 'UNCERTAIN'
            FOR NO KEY UPDATE OF draft, outbound_send
        """),  # noqa: S608 (constants only)
        {"id": draft_id},
    ).one_or_none()
    if row is None:
        return None
    return LockedSend(**{**row._mapping, "account": account_ref(row.client_id, row.account)})


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """The message that one of the provider's is recorded as."""

    direction: str
    lead_id: LeadId
    draft_id: DraftId | None


def find_recorded_message(connection: Connection, client_id: ClientId, reply_key: bytes) -> RecordedMessage | None:
    """Finds the client's message with this key; None when no event has brought it yet."""
    row = connection.execute(
        text("""
            SELECT direction, lead_id, draft_id FROM message
            WHERE client_id = :client_id AND reply_key = :reply_key
        """),
        {"client_id": client_id, "reply_key": reply_key},
    ).one_or_none()
    return None if row is None else RecordedMessage(*row)
