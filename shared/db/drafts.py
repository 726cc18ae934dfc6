"""The state of a draft, and every statement that writes it: born, superseded, decided, reviewed, sending, settled.

A change that is part of another aggregate's statement is a named part of its WITH (``moved``). All run under the lead's
lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, text

from shared.db.ai_interactions import INSERT_INTERACTIONS
from shared.db.job_leases import INSERT_STEPS, ClaimedJob, insert_step
from shared.db.lead_group import group_of
from shared.db.reply_order import overtaking_reply
from shared.domain.drafting.auto_send_gate import Decision
from shared.domain.drafting.draft_rules import DraftRule, explain
from shared.domain.vocabulary import OPEN_DRAFT_STATUSES, DraftId, DraftStatus, MessageId


def _sql(value: str) -> str:
    """A word of a vocabulary as a literal; anything else is an SQL expression already."""
    return f"'{value.value}'" if isinstance(value, StrEnum) else value


def _quoted(sentence: str) -> str:
    return "'" + sentence.replace("'", "''") + "'"


def in_status(statuses: Iterable[DraftStatus]) -> str:
    """SQL: whether a draft has one of these statuses."""
    return f"draft.status IN ({', '.join(_sql(status) for status in statuses)})"


OPEN = in_status(OPEN_DRAFT_STATUSES)
"""SQL: whether a draft is open. One that is on the wire is not."""


def moved(
    name: str,
    status: str,
    *,
    where: str,
    source: str = "",
    rule: str | None = None,
    finding: str | None = None,
    person: str | None = None,
) -> str:
    """SQL: a part of a WITH that moves drafts to a status; it returns their ids.

    ``source`` is its FROM besides draft, ``where`` picks the drafts. ``rule`` and ``finding`` are the reason, where
    there is a new one, ``person`` the name of who decided. Whatever is no word of ours is an SQL expression.
    """
    sets = [f"status = {_sql(status)}", "updated_at = now()"]
    if rule is not None:
        sets += [f"rule = {_sql(rule)}", f"reason = {finding or _quoted(explain(rule))}"]
    if person is not None:
        sets += [f"decided_by = {person}", "decided_at = now()"]
    return f"""
    {name} AS (
        UPDATE draft SET {", ".join(sets)}
        {f"FROM {source}" if source else ""}
        WHERE {where}
        RETURNING draft.id
    )"""  # noqa: S608 (no value of anybody's)


def superseded(rule: DraftRule, *, source: str, where: str) -> str:
    """SQL: the part ``superseded`` of a WITH, which closes open drafts that are moot."""
    return moved("superseded", DraftStatus.SUPERSEDED, source=source, where=f"{OPEN} AND {where}", rule=rule)


def withdrawn(rule: DraftRule) -> str:
    """SQL: whether a draft was superseded for this reason."""
    return f"draft.status = {_sql(DraftStatus.SUPERSEDED)} AND draft.rule = {_sql(rule)}"


# --- Born --------------------------------------------------------------------------------------------------------

# Born SUPERSEDED when a newer human reply or a suppression has come meanwhile, or when the provider has shown a
# response of an unknown author: after a restore it may be the very one that is written here. The unique key (trigger
# message, channel) closes the race of two writers; whoever comes second gets the row that is there, in any status.
_MOOT = {
    "suppressed": DraftRule.SUPPRESSED,
    "newer": DraftRule.NEWER_MESSAGE,
    "answered": DraftRule.ANSWERED_AT_PROVIDER,
}
_SAVE_DRAFT = text(
    f"""
    WITH state AS MATERIALIZED (
        SELECT EXISTS ({overtaking_reply(":message_id")}) AS newer,
               (SELECT suppressed_at IS NOT NULL FROM lead WHERE id = :lead_id) AS suppressed,
               EXISTS (SELECT 1 FROM message AS this CROSS JOIN LATERAL {group_of("this.lead_id")} AS person
                       JOIN message AS found ON found.lead_id = person.lead_id
                       WHERE this.id = :message_id AND found.author_is_unknown
                         AND found.effective_at > this.effective_at) AS answered
    ), inserted AS (
        INSERT INTO draft (id, client_id, lead_id, trigger_message_id, subject, body, model, status, rule, reason)
        SELECT :draft_id, :client_id, :lead_id, :message_id, :subject, :body, :model,
               CASE WHEN {" OR ".join(_MOOT)} THEN 'SUPERSEDED' ELSE 'PENDING' END,
               CASE {" ".join(f"WHEN {moot} THEN {_sql(rule)}" for moot, rule in _MOOT.items())} END,
               CASE {" ".join(f"WHEN {moot} THEN {_quoted(explain(rule))}" for moot, rule in _MOOT.items())} END
        FROM state
        ON CONFLICT (trigger_message_id, channel) DO NOTHING
        RETURNING id, status
    ), telemetry AS ({INSERT_INTERACTIONS}),
    chosen AS (
        SELECT id, status FROM inserted
        UNION ALL
        SELECT id, status FROM draft WHERE trigger_message_id = :message_id AND channel = 'EMAIL'
        LIMIT 1
    ),
    step AS ({insert_step("draft", source="chosen", also="jsonb_build_object('draft_id', id, 'status', status)")})
    SELECT id, status FROM chosen
    """  # noqa: S608 (constants only)
)


def save_draft(
    connection: Connection,
    job: ClaimedJob,
    *,
    draft_id: DraftId,
    message_id: MessageId,
    subject: str,
    body: str,
    model: str,
    step: Mapping[str, Any],
    interactions: str,
) -> tuple[DraftId, str]:
    """Stores the draft for a message and the checkpoint; returns the draft that is there, with its status as stored."""
    row = connection.execute(
        _SAVE_DRAFT,
        {
            "job_id": job.id,
            "client_id": job.client_id,
            "lead_id": job.lead_id,
            "message_id": message_id,
            "draft_id": draft_id,
            "subject": subject,
            "body": body,
            "model": model,
            "step": json.dumps(step),
            "interactions": interactions,
        },
    ).one()
    return row.id, row.status


# --- Decided -----------------------------------------------------------------------------------------------------

# Only an undecided draft takes a decision: what a person or a newer reply did meanwhile stays.
_SAVE_DECISION = text(
    f"""
    WITH decided AS (
        UPDATE draft
        SET status = :status, action = :action, rule = :rule, confidence = :confidence, threshold = :threshold,
            reason = :reason, model = coalesce(CAST(:model AS text), model), decided_by = :decided_by,
            decided_at = now(), updated_at = now()
        WHERE id = :draft_id AND status = 'PENDING'
        RETURNING id
    ), telemetry AS ({INSERT_INTERACTIONS}),
    finished_steps AS ({INSERT_STEPS})
    SELECT count(*) FROM decided
    """  # noqa: S608 (constants only)
)


def save_decision(
    connection: Connection,
    job: ClaimedJob,
    draft_id: DraftId,
    decision: Decision,
    status: DraftStatus,
    *,
    steps: Mapping[str, Mapping[str, Any]],
    interactions: str,
) -> bool:
    """Stores the decision record and the checkpoints; False when the draft was decided about before."""
    decided = connection.execute(
        _SAVE_DECISION,
        {
            "job_id": job.id,
            "client_id": job.client_id,
            "draft_id": draft_id,
            "status": status.value,
            "action": decision.action.value,
            "rule": decision.rule,
            "confidence": decision.confidence,
            "threshold": decision.threshold,
            "reason": explain(decision.rule, decision.finding),
            "model": decision.model,
            "decided_by": "evaluation" if decision.model else "gate",
            "steps": json.dumps(steps),
            "interactions": interactions,
        },
    ).scalar_one()
    return bool(decided)


_MOVE = text(
    """
    UPDATE draft SET status = :status, rule = :rule, reason = :reason, updated_at = now()
    WHERE id = :draft_id AND status = ANY(:allowed)
    """
)


def move_draft(
    connection: Connection,
    draft_id: DraftId,
    *,
    allowed: Sequence[DraftStatus],
    status: DraftStatus,
    rule: DraftRule,
    finding: str = "",
) -> bool:
    """Moves a draft that is in one of ``allowed`` to ``status``; False when it was in none of them."""
    parameters = {
        "draft_id": draft_id,
        "allowed": [one.value for one in allowed],
        "status": status.value,
        "rule": rule.value,
        "reason": explain(rule, finding),
    }
    return connection.execute(_MOVE, parameters).rowcount == 1


# --- Reviewed ----------------------------------------------------------------------------------------------------


def record_review(
    connection: Connection, draft_id: DraftId, status: DraftStatus, *, by: str, reason: str | None = None
) -> None:
    """Sets the status and who decided; the rule, confidence and reason of the machine stay unless a reason is given."""
    connection.execute(
        text("""
            UPDATE draft
            SET status = :status, decided_by = :by, decided_at = now(), updated_at = now(),
                reason = coalesce(:reason, reason)
            WHERE id = :id
        """),
        {"id": draft_id, "status": status.value, "by": by, "reason": reason},
    )


_EDIT = text(
    f"""
    UPDATE draft
    SET model_body = coalesce(model_body, body), body = :body, updated_at = now(),
        status = CASE WHEN status = 'PENDING' THEN 'NEEDS_REVIEW' ELSE status END,
        rule = CASE WHEN status = 'PENDING' THEN {_sql(DraftRule.EDITED)} ELSE rule END,
        reason = CASE WHEN status = 'PENDING' THEN {_quoted(explain(DraftRule.EDITED))} ELSE reason END
    WHERE id = :id
    """  # noqa: S608 (constants only)
)


def replace_body(connection: Connection, draft_id: DraftId, body: str) -> None:
    """Stores a person's text; what the model wrote is kept the first time.

    A draft that was about to be sent unread was judged with the model's words: it waits for a person from now on.
    """
    connection.execute(_EDIT, {"id": draft_id, "body": body})
