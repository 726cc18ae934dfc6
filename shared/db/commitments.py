"""Queries of commitment: what our drafts promise, from the claim of a send until somebody has kept it.

A revision of a draft lists what its text promises. Its rows are PROMISED with the claim of the send, OPEN once the
message has left or may have, and gone again if it certainly has not. The parts of statements here ride in those of the
send; like these, everything else runs under the lead's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from shared.db.lead_group import group_of, head_of
from shared.db.open_drafts import is_busy_for
from shared.db.transactions import autocommit
from shared.domain.actor import Actor
from shared.domain.commitments import CommitmentKind
from shared.domain.vocabulary import ActorKind, ClientId, DraftId, LeadId, MessageId


class CommitmentStatus(StrEnum):
    PROMISED = "PROMISED"
    OPEN = "OPEN"
    KEPT = "KEPT"
    DROPPED = "DROPPED"


class CommitmentRule(StrEnum):
    """The reason why a commitment was settled (commitment.settled_rule)."""

    PERSON = "person"  # a person says that it was kept, or that it need not be
    FOLLOW_UP = "follow_up"  # the follow-up that it promised was sent
    NEWER_MESSAGE = "newer_message"
    SUPPRESSED = "suppressed"
    NOT_SENT = "not_sent"  # the message that made it has not left


UNSETTLED = "commitment.status IN ('PROMISED', 'OPEN')"
"""SQL: whether a commitment is neither kept nor dropped."""

# --- Parts of the statements of a send ---------------------------------------------------------------------------


def recorded(source: str, status: CommitmentStatus, *, where: str = "true") -> str:
    """SQL: an INSERT of what the text of a draft promises, in ``status``; ``source`` is a CTE of drafts (draft_id).

    Rows that are there already move on to ``status``, those of a message, too, that was taken for not sent.
    """
    return f"""
        INSERT INTO commitment AS own (id, client_id, lead_id, draft_id, revision, ordinal, kind, words, due_at, status)
        SELECT gen_random_uuid(), draft.client_id, draft.lead_id, draft.id, draft.revision, promise.ordinal,
               promise.value ->> 'kind', promise.value ->> 'words',
               CAST(promise.value ->> 'due_at' AS timestamptz), '{status.value}'
        FROM {source} AS source JOIN draft ON draft.id = source.draft_id
        JOIN draft_revision AS revision ON revision.draft_id = draft.id AND revision.number = draft.revision
        CROSS JOIN LATERAL jsonb_array_elements(revision.commitments) WITH ORDINALITY AS promise (value, ordinal)
        WHERE {where}
        ON CONFLICT (draft_id, revision, ordinal) DO UPDATE
        SET status = excluded.status, settled_rule = NULL, settled_by_kind = NULL, settled_by = NULL, settled_at = NULL
        WHERE own.status = 'PROMISED' OR own.settled_rule = '{CommitmentRule.NOT_SENT.value}'
"""  # noqa: S608 (constants only)


def withdrawn(source: str, *, where: str = "true") -> str:
    """SQL: a DELETE of what a draft has PROMISED, whose message has certainly not left; ``source`` as above."""
    return f"""
        DELETE FROM commitment USING {source} AS source
        WHERE commitment.draft_id = source.draft_id AND commitment.status = 'PROMISED' AND {where}
"""  # noqa: S608 (constants only)


def dropped(
    rule: CommitmentRule,
    source: str,
    *,
    where: str,
    by: str = f"'{ActorKind.RULE.value}'",
    person: str = "NULL",
    message_id: str = "NULL",
) -> str:
    """SQL: an UPDATE that drops the unsettled commitments that ``where`` picks, with ``source`` as its FROM."""
    return f"""
        UPDATE commitment
        SET status = 'DROPPED', settled_rule = '{rule.value}', settled_by_kind = {by}, settled_by = {person},
            settled_by_message_id = CAST({message_id} AS uuid), settled_at = now()
        FROM {source} WHERE {UNSETTLED} AND {where}
"""  # noqa: S608 (constants only)


def kept_by_follow_up(source: str) -> str:
    """SQL: an UPDATE that makes KEPT the promise whose follow-up has been sent; ``source`` is a CTE (draft_id)."""
    return f"""
        UPDATE commitment
        SET status = 'KEPT', settled_rule = '{CommitmentRule.FOLLOW_UP.value}',
            settled_by_kind = '{ActorKind.SYSTEM.value}', settled_at = now()
        FROM {source} AS source JOIN draft ON draft.id = source.draft_id
        WHERE commitment.id = draft.commitment_id AND {UNSETTLED}
"""  # noqa: S608 (constants only)


# --- Settled by a person -----------------------------------------------------------------------------------------

_LEAD_OF = text("SELECT lead_id FROM commitment WHERE id = :id")
_SETTLE = text(
    f"""
    UPDATE commitment
    SET status = :status, settled_rule = '{CommitmentRule.PERSON.value}', settled_by_kind = :actor_kind,
        settled_by = :actor, settled_at = now()
    WHERE id = :id AND status = 'OPEN'
    RETURNING id
    """  # noqa: S608 (constants only)
)


def find_lead_of_commitment(connection: Connection, commitment_id: UUID) -> LeadId | None:
    """Finds the lead whose lock a change of the commitment needs."""
    return connection.execute(_LEAD_OF, {"id": commitment_id}).scalar_one_or_none()


def settle_by_person(connection: Connection, commitment_id: UUID, status: CommitmentStatus, by: Actor) -> bool:
    """Makes an OPEN commitment KEPT or DROPPED; False when it is not open."""
    values = {"id": commitment_id, "status": status.value, "actor_kind": by.kind.value, "actor": by.name}
    return connection.execute(_SETTLE, values).one_or_none() is not None


# --- Due ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DuePromise:
    """An open WRITE_LATER whose day has come, and whose job is not there yet."""

    id: UUID
    client_id: ClientId
    lead_id: LeadId
    message_id: MessageId  # the reply that the promising draft responded to


_DUE = text(
    f"""
    SELECT commitment.id, commitment.client_id, {head_of("commitment.lead_id")} AS lead_id,
           draft.trigger_message_id AS message_id
    FROM commitment JOIN draft ON draft.id = commitment.draft_id
    WHERE commitment.status = 'OPEN' AND commitment.kind = '{CommitmentKind.WRITE_LATER.value}'
      AND commitment.due_at <= now()
      AND NOT EXISTS (SELECT FROM background_job AS job
                      WHERE job.dedupe_key = concat_ws(':', commitment.client_id, commitment.id, 'COMMITMENT_DUE'))
    ORDER BY commitment.due_at LIMIT :limit
    """  # noqa: S608 (constants only)
)


def due_promises(engine: Engine, limit: int) -> Sequence[DuePromise]:
    """Lists the promises to write again whose time has come, the longest due first."""
    with autocommit(engine) as connection:
        return [DuePromise(*row) for row in connection.execute(_DUE, {"limit": limit})]


@dataclass(frozen=True, slots=True)
class PromiseToKeep:
    """A promise as the job sees it that keeps it. ``status`` is as stored: a newer release may have written it."""

    id: UUID
    status: str
    words: str
    made_at: datetime
    has_to_wait: bool  # another draft to the lead is open, or may be leaving


# Its own follow-up is there already when an earlier run has written it.
_TO_KEEP = text(
    f"""
    SELECT commitment.id, commitment.status, commitment.words, commitment.created_at AS made_at,
           NOT EXISTS (SELECT FROM draft AS own WHERE own.commitment_id = commitment.id)
           AND {is_busy_for(head_of("commitment.lead_id"), "promising.channel")} AS has_to_wait
    FROM commitment JOIN draft AS promising ON promising.id = commitment.draft_id
    WHERE commitment.id = :id AND commitment.client_id = :client_id
    """  # noqa: S608 (constants only)
)


def load_promise(engine: Engine, client_id: ClientId, commitment_id: UUID) -> PromiseToKeep | None:
    """Loads a promise; None when there is none of this client."""
    with autocommit(engine) as connection:
        row = connection.execute(_TO_KEEP, {"id": commitment_id, "client_id": client_id}).one_or_none()
    return None if row is None else PromiseToKeep(*row)


# --- Listed ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommitmentReport:
    """A commitment as people see it, with what became of it."""

    id: UUID
    client_id: ClientId
    lead_id: LeadId
    email: str | None
    draft_id: DraftId
    kind: str
    words: str
    due_at: datetime | None
    is_overdue: bool
    status: str
    settled_rule: str | None
    settled_by: str | None
    settled_at: datetime | None
    created_at: datetime


# Without a due time it is due when it was made: somebody waits for it.
OVERDUE = "commitment.status = 'OPEN' AND coalesce(commitment.due_at, commitment.created_at + interval '1 day') < now()"
"""SQL: whether a commitment is open and should have been kept by now: one without a day, within a day."""

_REPORT = f"""
    SELECT commitment.id, commitment.client_id, lead.id AS lead_id, lead.email, commitment.draft_id, commitment.kind,
           commitment.words, commitment.due_at, {OVERDUE} AS is_overdue, commitment.status, commitment.settled_rule,
           commitment.settled_by, commitment.settled_at, commitment.created_at
    FROM commitment JOIN lead ON lead.id = {head_of("commitment.lead_id")}
"""  # noqa: S608 (constants only)

_LIST = text(
    f"""
    {_REPORT}
    WHERE commitment.client_id = :client_id AND (:all OR commitment.status = 'OPEN')
      AND (NOT :overdue OR {OVERDUE})
      AND (CAST(:lead_id AS uuid) IS NULL OR commitment.lead_id IN {group_of("CAST(:lead_id AS uuid)")})
    ORDER BY commitment.status = 'OPEN' DESC, commitment.due_at NULLS LAST, commitment.created_at LIMIT :limit
    """
)
_GET = text(f"{_REPORT} WHERE commitment.id = :id")


def list_commitments(
    connection: Connection,
    client_id: UUID,
    *,
    lead_id: UUID | None = None,
    settled: bool = False,
    overdue: bool = False,
    limit: int,
) -> Sequence[CommitmentReport]:
    """Lists the client's open commitments, the first due first; ``settled``: also those that are not open."""
    values = {"client_id": client_id, "lead_id": lead_id, "all": settled, "overdue": overdue, "limit": limit}
    rows: Any = connection.execute(_LIST, values)
    return [CommitmentReport(**row._mapping) for row in rows]


def get_commitment(connection: Connection, commitment_id: UUID) -> CommitmentReport | None:
    row: Any = connection.execute(_GET, {"id": commitment_id}).one_or_none()
    return None if row is None else CommitmentReport(**row._mapping)
