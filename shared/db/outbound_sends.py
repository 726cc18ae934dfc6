"""The states of a send: claimed before the provider is called, settled after it.

INTENDED → SENT, QUEUED, REFUSED or UNCERTAIN by the provider's response; QUEUED → SENT or FAILED by its later reports;
UNCERTAIN → SENT or REFUSED by whoever finds out. Only a REFUSED send is ever claimed again. The draft moves along in
the same statement. What is SENT is recorded with its message: shared.db.recorded_sends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, TextClause, text

from shared.db.commitments import CommitmentRule, CommitmentStatus, dropped, recorded, withdrawn
from shared.db.draft_states import CLAIMABLE, literal, moved
from shared.db.job_leases import HOLD_LEAD, ClaimedJob, LeaseLost
from shared.db.job_steps import insert_step
from shared.db.lead_group import head_of
from shared.db.open_drafts import MAKING_ROOM, ROOM_MADE, answers_up_to
from shared.db.reply_order import overtaking_reply
from shared.db.transactions import autocommit
from shared.domain.actor import Actor
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    OPEN_DRAFT_STATUSES,
    ActorKind,
    DraftId,
    DraftStatus,
    OutboundSendStatus,
    SettledBy,
)

# --- Claimed -----------------------------------------------------------------------------------------------------


def lock_daily_cap(connection: Connection, client_id: UUID) -> None:
    """Serialises the claims of a client that has a daily cap: two leads at once must not both take its last place."""
    connection.execute(
        text("SELECT 1 FROM client_settings WHERE client_id = :client_id FOR NO KEY UPDATE"),
        {"client_id": client_id},
    )


# What the provider says about the email that is answered; a :from_email that is not the lead's is a colleague.
_KEEP_TRIGGER = """
    UPDATE message
    SET thread_id = coalesce(CAST(:thread_id AS text), message.thread_id),
        from_email = coalesce(CAST(:from_email AS text), message.from_email)
    FROM draft WHERE draft.id = :draft_id AND message.id = draft.trigger_message_id
"""


def keep_trigger(connection: Connection, draft_id: DraftId, *, thread_id: str | None, from_email: str | None) -> None:
    """Keeps thread and sender of the email that a draft answers, under the lead's lock."""
    connection.execute(text(_KEEP_TRIGGER), {"draft_id": draft_id, "thread_id": thread_id, "from_email": from_email})


# The claim: from here on the draft is on the wire. A row that an earlier attempt left REFUSED is taken up again; any
# other earlier row means that the mail has left or may have left, and then nothing is claimed. Its time is the clock's,
# after the wait for the lead's lock; now() is when the transaction began.
_CLAIM_SEND = text(
    f"""
    WITH kept AS ({_KEEP_TRIGGER}), {
        moved(
            "claimed",
            DraftStatus.SENDING,
            where=f'''draft.id = :draft_id AND {CLAIMABLE}
          AND NOT EXISTS (SELECT 1 FROM outbound_send WHERE draft_id = :draft_id AND status <> 'REFUSED')''',
        )
    }, promising AS (SELECT id AS draft_id FROM claimed),
    promised AS ({recorded("promising", CommitmentStatus.PROMISED)})
    INSERT INTO outbound_send AS sending
        (id, client_id, lead_id, draft_id, job_id, automated, status, attempts, intended_at, thread_id, mailbox,
         provider_account_id)
    SELECT :id, :client_id, :lead_id, claimed.id, :job_id, :automated, 'INTENDED', 1, clock_timestamp(), :thread_id,
           :mailbox, CAST(:account_id AS uuid)
    FROM claimed
    ON CONFLICT (draft_id) DO UPDATE
    SET status = 'INTENDED', attempts = sending.attempts + 1, intended_at = clock_timestamp(), job_id = excluded.job_id,
        automated = excluded.automated, thread_id = excluded.thread_id, mailbox = excluded.mailbox, error = NULL,
        error_code = NULL
    WHERE sending.status = 'REFUSED'
    RETURNING 1
    """  # noqa: S608 (a constant)
)


def claim_send(
    connection: Connection,
    job: ClaimedJob,
    draft_id: DraftId,
    *,
    automated: bool,
    thread_id: str | None,
    from_email: str | None,
    mailbox: str,
    account_id: UUID | None,
) -> bool:
    """Makes the draft SENDING and its send INTENDED, under the lead's lock; False when the draft cannot be claimed.

    ``thread_id`` and ``from_email`` are those of the email that is answered, and are kept on its message.
    """
    return (
        connection.execute(
            _CLAIM_SEND,
            {
                "id": uuid7(),
                "client_id": job.client_id,
                "lead_id": job.lead_id,
                "job_id": job.id,
                "draft_id": draft_id,
                "automated": automated,
                "thread_id": thread_id,
                "from_email": from_email,
                "mailbox": mailbox,
                "account_id": account_id,
            },
        ).one_or_none()
        is not None
    )


# --- Queued ------------------------------------------------------------------------------------------------------

# The draft stays SENDING: nobody may change or withdraw it any more, and nobody has it yet.
_RECORD_QUEUED = text(
    f"""
    WITH {HOLD_LEAD}, recorded AS (
        UPDATE outbound_send AS sending
        SET status = 'QUEUED', provider_message_id = :provider_message_id, error = NULL, error_code = NULL,
            thread_id = coalesce(CAST(:thread_id AS text), sending.thread_id)
        FROM held WHERE sending.draft_id = :draft_id AND sending.status = 'INTENDED'
        RETURNING sending.id
    ), step AS ({insert_step("send", source="recorded", replace=True)})
    SELECT (SELECT count(*) FROM held) AS held, (SELECT count(*) FROM recorded) AS recorded
    """  # noqa: S608 (constants only)
)


def record_queued(
    engine: Engine,
    job: ClaimedJob,
    draft_id: DraftId,
    *,
    provider_message_id: str | None,
    thread_id: str | None,
    step: Mapping[str, Any],
) -> bool:
    """Records that the provider has taken a message and will say later whether it left, with the checkpoint.

    Returns False when the send is settled already: its report was faster. Raises LeaseLost.
    """
    values = {
        **job.fence,
        "client_id": job.client_id,
        "lead_id": job.lead_id,
        "draft_id": draft_id,
        "provider_message_id": provider_message_id,
        "thread_id": thread_id,
        "step": json.dumps(step),
    }
    with autocommit(engine) as connection:
        row = connection.execute(_RECORD_QUEUED, values).one()
    if not row.held:
        raise LeaseLost(job)
    return bool(row.recorded)


# --- Not sent ----------------------------------------------------------------------------------------------------


def _reopening(draft_of: DraftStatus) -> str:
    """SQL, parts of a WITH: whether the draft of ``settled`` may be open again; what it replaces is closed."""
    return f"""
    opening AS (
        SELECT draft.id, draft.lead_id, draft.channel, draft.purpose, draft.trigger_message_id AS message_id,
               {answers_up_to("draft")} AS answers_up_to,
               CASE WHEN lead.suppressed_at IS NOT NULL THEN {literal(DraftRule.SUPPRESSED)}
                    WHEN EXISTS ({overtaking_reply("draft.trigger_message_id")})
                    THEN {literal(DraftRule.NEWER_MESSAGE)} END AS moot
        FROM settled JOIN draft ON draft.id = settled.draft_id AND draft.status = {literal(draft_of)}
        JOIN lead ON lead.id = {head_of("draft.lead_id")}
    ), {MAKING_ROOM},"""  # noqa: S608 (constants only)


def _settle(
    of: OutboundSendStatus,
    draft_of: DraftStatus,
    status: str,
    *,
    reopens: bool,
    rule: str | None = None,
    finding: str = "NULL",
    by: str = ActorKind.SYSTEM,
    person: str = "NULL",
    also: str = "",
    promises: str,
) -> TextClause:
    """Builds the statement that settles a send; ``reopens``: its draft is open then, unless it is moot meanwhile."""
    draft = moved(
        "moved",
        status,
        source=f"placed, {ROOM_MADE}" if reopens else "settled",
        where="draft.id = placed.id AND placed.opens"
        if reopens
        else f"draft.id = settled.draft_id AND draft.status = '{draft_of}'",
        rule=rule,
        finding=finding,
        by=by,
        person=person,
    )
    return text(
        f"""
        WITH settled AS (
            UPDATE outbound_send SET status = :status, error = :error{also}
            WHERE draft_id = :draft_id AND status = '{of}' RETURNING draft_id
        ), {_reopening(draft_of) if reopens else ""} {draft}, {promises}
        SELECT count(*) FROM settled
        """  # noqa: S608 (constants only)
    )


def _dropped_promises(rule: CommitmentRule, *, by: str, person: str = "NULL") -> str:
    where = "commitment.draft_id = settled.draft_id"
    return f"dropped AS ({dropped(rule, 'settled', where=where, by=by, person=person)})"


# What may have left is promised; what has not is not.
_PROMISES = f"""
    opened AS ({recorded("settled", CommitmentStatus.OPEN, where=":status = 'UNCERTAIN'")}),
    withdrawn AS ({withdrawn("settled", where=":status = 'REFUSED'")})
"""
_INTENDED = (OutboundSendStatus.INTENDED, DraftStatus.SENDING, ":draft_status")
_GIVE_BACK = _settle(*_INTENDED, reopens=True, promises=_PROMISES)
_GIVE_BACK_BY_RULE = _settle(*_INTENDED, reopens=True, rule=":rule", finding=":finding", promises=_PROMISES)
_GIVE_UP = _settle(*_INTENDED, reopens=False, rule=":rule", finding=":finding", promises=_PROMISES)


def settle_intended_send(
    connection: Connection,
    draft_id: DraftId,
    *,
    status: OutboundSendStatus,
    draft_status: DraftStatus,
    error: str,
    rule: DraftRule | None = None,
    finding: str = "",
) -> None:
    """Moves an INTENDED send that did not end SENT to REFUSED or UNCERTAIN and its draft along, under the lead's lock.

    ``rule`` is a new reason of the draft's; one that is not open then has one. A draft that would be open again, but
    has become moot while it was on the wire, is superseded instead; so is one whose place another draft has taken.
    """
    values = {"draft_id": draft_id, "status": status.value, "draft_status": draft_status.value, "error": error}
    if rule is None:
        connection.execute(_GIVE_BACK, values)
    else:
        statement = _GIVE_BACK_BY_RULE if draft_status in OPEN_DRAFT_STATUSES else _GIVE_UP
        connection.execute(statement, {**values, "rule": rule.value, "finding": finding or None})


_SETTLE_AS_NOT_SENT = _settle(
    OutboundSendStatus.UNCERTAIN,
    DraftStatus.SEND_UNCERTAIN,
    DraftStatus.NEEDS_REVIEW,
    reopens=True,
    rule=DraftRule.SEND_UNCERTAIN,
    by=":kind",
    person=":person",
    also=f", settled_by_kind = '{SettledBy.PERSON}', settled_by = :person",
    promises=_dropped_promises(CommitmentRule.NOT_SENT, by=":kind", person=":person"),
)


def settle_as_not_sent(connection: Connection, draft_id: DraftId, by: Actor) -> None:
    """Settles an UNCERTAIN send as REFUSED and gives the draft back to a person: only an approval sends it again.

    A draft that has become moot meanwhile, or has been replaced, is superseded instead.
    """
    connection.execute(
        _SETTLE_AS_NOT_SENT,
        {
            "draft_id": draft_id,
            "status": OutboundSendStatus.REFUSED.value,
            "error": "not sent, as a person found out",
            "kind": by.kind.value,
            "person": by.name,
        },
    )


_SETTLE_AS_FAILED = _settle(
    OutboundSendStatus.QUEUED,
    DraftStatus.SENDING,
    DraftStatus.SEND_FAILED,
    reopens=False,
    rule=DraftRule.SEND_FAILED,
    finding=":error",
    also=f", error_code = :error_code, settled_by_kind = '{SettledBy.EVENT}'",
    promises=_dropped_promises(CommitmentRule.NOT_SENT, by=f"'{ActorKind.SYSTEM}'"),
)


def settle_as_failed(connection: Connection, draft_id: DraftId, *, error_code: str | None, error: str) -> bool:
    """Settles a QUEUED send as FAILED and its draft as SEND_FAILED, under the lead's lock: it is never sent again.

    ``error_code`` and ``error`` are the provider's. Returns False when the send is not, or no longer, QUEUED.
    """
    values = {
        "draft_id": draft_id,
        "status": OutboundSendStatus.FAILED.value,
        "error": error,
        "error_code": error_code,
    }
    return bool(connection.execute(_SETTLE_AS_FAILED, values).scalar_one())
