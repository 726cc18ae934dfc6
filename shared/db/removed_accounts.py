"""The removal of an account: nothing under way may name it, and what came through it stays."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from shared.db.draft_states import OPEN, in_status
from shared.domain.vocabulary import DraftStatus, JobStatus

_UNSETTLED = in_status((DraftStatus.SENDING, DraftStatus.SEND_UNCERTAIN))
_UNDER_WAY = f"job.status IN ('{JobStatus.PENDING}', '{JobStatus.RUNNING}')"


@dataclass(frozen=True, slots=True)
class OpenWork:
    """The work that is under way through an account: jobs that wait or run, drafts that are not settled."""

    jobs: int
    drafts: int


# Locked first: whatever is made for the account meanwhile waits at its reference, or is counted.
_LOCK = text("SELECT 1 FROM provider_account WHERE id = :id FOR UPDATE")
_OPEN_WORK = text(
    f"""
    SELECT (SELECT count(*) FROM background_job AS job LEFT JOIN message ON message.id = job.message_id
            WHERE {_UNDER_WAY} AND :id IN (job.provider_account_id, message.provider_account_id)) AS jobs,
           (SELECT count(*) FROM draft JOIN message AS trigger ON trigger.id = draft.trigger_message_id
            WHERE trigger.provider_account_id = :id AND ({OPEN} OR {_UNSETTLED})) AS drafts
    """  # noqa: S608 (constants only)
)
_DELETE = text("DELETE FROM provider_account WHERE id = :id")
_KEEP = text(
    """
    UPDATE provider_account
    SET removed_at = coalesce(removed_at, now()), disabled_at = coalesce(disabled_at, now()), hook_token = NULL,
        broken_since = NULL, broken_reason = NULL
    WHERE id = :id
    """
)


def remove_account(connection: Connection, account_id: UUID) -> OpenWork | None:
    """Deletes an account that nothing names; one with a history is disabled and kept for that alone.

    Returns the work that is in the way, and has then changed nothing; None: it is removed.
    """
    connection.execute(_LOCK, {"id": account_id})
    row = connection.execute(_OPEN_WORK, {"id": account_id}).one()
    if row.jobs or row.drafts:
        return OpenWork(row.jobs, row.drafts)
    try:
        with connection.begin_nested():
            connection.execute(_DELETE, {"id": account_id})
    except IntegrityError:  # messages, campaigns, deliveries or jobs name it
        connection.execute(_KEEP, {"id": account_id})
    return None
