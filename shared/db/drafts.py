"""Queries that write a draft: born, decided, reviewed. All run under the lead's lock.

What moves a draft along in another aggregate's statement is built of the parts of shared.db.draft_states, as these are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.ai_interactions import INSERT_INTERACTIONS
from shared.db.draft_states import (
    DECISION,
    EVALUATION,
    in_status,
    literal,
    moved,
    noted,
    returning,
)
from shared.db.job_leases import ClaimedJob
from shared.db.job_steps import INSERT_STEPS, insert_step
from shared.db.lead_group import group_of
from shared.db.open_drafts import MAKING_ROOM, ROOM_MADE
from shared.db.reply_order import newest_human_reply, overtaking_reply
from shared.domain.actor import Actor
from shared.domain.drafting.auto_send_gate import Decision
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import (
    SENDABLE_DRAFT_STATUSES,
    ActorKind,
    DraftId,
    DraftPurpose,
    DraftStatus,
    MessageId,
)

# --- Born --------------------------------------------------------------------------------------------------------

# Born SUPERSEDED when a newer human reply or a suppression has come meanwhile, when the provider has shown a response
# of an unknown author (after a restore it may be the very one that is written here), or when a draft is open that takes
# more into account. Of two writers whoever comes second, under the lead's lock, gets the row that is there, in any
# status; a violated key would be a fault that the job fails for, and not a response that is missing. A follow-up is
# about all that was written until now, ours included; a draft to a reply that came late about the newer ones, too,
# since they were understood before it came.
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
               (SELECT channel FROM message WHERE id = :message_id) AS channel,
               CAST(:purpose AS text) = {literal(DraftPurpose.REPLY)}
               AND EXISTS (SELECT 1 FROM message AS this CROSS JOIN LATERAL {group_of("this.lead_id")} AS person
                           JOIN message AS found ON found.lead_id = person.lead_id
                           WHERE this.id = :message_id AND found.author_is_unknown
                             AND found.effective_at > this.effective_at) AS answered,
               CASE WHEN CAST(:purpose AS text) = {literal(DraftPurpose.REPLY)} THEN {
        newest_human_reply(":message_id")
    } ELSE (
                   SELECT latest.id FROM {group_of(":lead_id")} AS person
                   JOIN message AS latest ON latest.lead_id = person.lead_id
                   ORDER BY latest.effective_at DESC, latest.id DESC LIMIT 1) END AS seen
    ), existing AS (
        SELECT draft.id, draft.status FROM draft JOIN state ON state.channel = draft.channel
        WHERE draft.trigger_message_id = :message_id AND draft.purpose = :purpose
          AND draft.commitment_id IS NOT DISTINCT FROM CAST(:commitment_id AS uuid)
          AND draft.rule IS DISTINCT FROM {literal(DraftRule.MESSAGE_EDITED)}
        LIMIT 1
    ), opening AS (
        SELECT CAST(:draft_id AS uuid) AS id, CAST(:lead_id AS uuid) AS lead_id, channel,
               CAST(:purpose AS text) AS purpose, CAST(:message_id AS uuid) AS message_id,
               CASE WHEN newer THEN CAST(:message_id AS uuid)
                    ELSE coalesce(seen, CAST(:message_id AS uuid)) END AS answers_up_to,
               CASE {" ".join(f"WHEN {moot} THEN {literal(rule)}" for moot, rule in _MOOT.items())} END AS moot
        FROM state WHERE NOT EXISTS (SELECT FROM existing)
    ), {MAKING_ROOM}, inserted AS (
        INSERT INTO draft (id, client_id, lead_id, trigger_message_id, channel, purpose, answers_up_to_message_id,
                           commitment_id, copies, subject, body, questions, model, status, rule,
                           superseded_by_message_id, decided_by_kind, decided_at)
        SELECT id, :client_id, lead_id, message_id, channel, purpose, answers_up_to,
               CAST(:commitment_id AS uuid), CAST(:copies AS text[]), :subject, :body, CAST(:questions AS jsonb),
               :model, CASE WHEN opens THEN 'PENDING' ELSE 'SUPERSEDED' END, rule,
               CASE WHEN NOT opens THEN closed_by END,
               CASE WHEN NOT opens THEN {literal(ActorKind.RULE)} END, CASE WHEN NOT opens THEN now() END
        FROM placed, {ROOM_MADE}
        WHERE opens OR moot IS NOT NULL OR purpose <> {literal(DraftPurpose.FOLLOW_UP)}
        RETURNING {returning(*DECISION)}
    ), first_revision AS (
        INSERT INTO draft_revision
            (client_id, draft_id, number, subject, body, author_kind, author, prompt_version, commitments)
        SELECT client_id, id, revision, :subject, :body, {literal(ActorKind.MODEL)}, :model, :prompt_version,
               CAST(:commitments AS jsonb)
        FROM inserted
    ), moot AS (
        SELECT * FROM inserted WHERE rule IS NOT NULL
    ), {noted("moot")}, telemetry AS ({INSERT_INTERACTIONS}),
    chosen AS (
        SELECT id, status FROM inserted
        UNION ALL SELECT id, status FROM existing
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
    prompt_version: str,
    questions: Sequence[Mapping[str, Any]],
    commitments: Sequence[Mapping[str, Any]],
    step: Mapping[str, Any],
    interactions: str,
    copies: Sequence[str] = (),
    keeps: UUID | None = None,
) -> tuple[DraftId, str] | None:
    """Stores the draft for a message and the checkpoint; returns the draft that is there, with its status as stored.

    An older open draft to the lead gives way, or this one is born closed: the lead has one (shared.db.open_drafts).
    Returns None for a follow-up that has to wait for another draft; then it is as if it had not been written.

    ``questions``: what the lead asked and the draft says; ``commitments``: what it promises (``promises.to_rows``);
    ``copies``: who gets a copy; ``keeps``: the promise that it keeps, of a follow-up.
    """
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
            "prompt_version": prompt_version,
            "purpose": (DraftPurpose.REPLY if keeps is None else DraftPurpose.FOLLOW_UP).value,
            "commitment_id": keeps,
            "copies": list(copies),
            "questions": json.dumps(questions),
            "commitments": json.dumps(commitments),
            "step": json.dumps(step),
            "interactions": interactions,
        },
    ).one_or_none()
    return None if row is None else (row.id, row.status)


# --- Decided -----------------------------------------------------------------------------------------------------

# Only an undecided draft takes a decision: what a person or a newer reply did meanwhile stays.
_SAVE_DECISION = text(
    f"""
    WITH decided AS (
        UPDATE draft
        SET status = :status, action = :action, rule = :rule, finding = :finding, confidence = :confidence,
            threshold = :threshold, model = coalesce(CAST(:model AS text), model), reason = NULL,
            decided_by_kind = :by, decided_by = NULL, decided_at = now(), updated_at = now()
        WHERE id = :draft_id AND status = 'PENDING'
        RETURNING {returning(*DECISION, *EVALUATION)}
    ), {noted("decided", evaluation=True)}, telemetry AS ({INSERT_INTERACTIONS}),
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
            "finding": decision.finding or None,
            "model": decision.model,
            "by": decision.by.value,
            "steps": json.dumps(steps),
            "interactions": interactions,
        },
    ).scalar_one()
    return bool(decided)


_MOVE = text(
    f"""
    WITH {
        moved(
            "moved",
            ":status",
            where="draft.id = :draft_id AND draft.status = ANY(:allowed)",
            rule=":rule",
            finding=":finding",
            by=":by",
        )
    }
    SELECT count(*) FROM moved
    """  # noqa: S608 (constants only)
)


def move_draft(
    connection: Connection,
    draft_id: DraftId,
    *,
    allowed: Sequence[DraftStatus],
    status: DraftStatus,
    rule: DraftRule,
    finding: str = "",
    by: ActorKind = ActorKind.SYSTEM,
) -> bool:
    """Moves a draft that is in one of ``allowed`` to ``status``; False when it was in none of them."""
    parameters = {
        "draft_id": draft_id,
        "allowed": [one.value for one in allowed],
        "status": status.value,
        "rule": rule.value,
        "finding": finding or None,
        "by": by.value,
    }
    return bool(connection.execute(_MOVE, parameters).scalar_one())


# --- Reviewed ----------------------------------------------------------------------------------------------------

# Why the draft waited for a person stays on its row; the history has the approval as a decision of its own.
_APPROVE = text(
    f"""
    WITH approved AS (
        UPDATE draft
        SET status = 'APPROVED', approved_revision = revision, decided_by_kind = :kind, decided_by = :name,
            decided_at = now(), updated_at = now()
        WHERE id = :draft_id
        RETURNING {returning(*DECISION)}
    ), approval AS (
        SELECT client_id, id, revision, status, NULL AS rule, NULL AS finding, decided_by_kind, decided_by FROM approved
    ), {noted("approval")}
    SELECT count(*) FROM approved
    """  # noqa: S608 (constants only)
)


def record_approval(connection: Connection, draft_id: DraftId, by: Actor) -> None:
    """Approves the text that the draft has now."""
    connection.execute(_APPROVE, {"draft_id": draft_id, "kind": by.kind.value, "name": by.name})


_REJECT = text(
    f"""
    WITH {
        moved(
            "rejected",
            DraftStatus.REJECTED,
            where="draft.id = :draft_id",
            rule=DraftRule.REJECTED,
            finding=":reason",
            by=":kind",
            person=":name",
        )
    }
    SELECT count(*) FROM rejected
    """  # noqa: S608 (constants only)
)


def record_rejection(connection: Connection, draft_id: DraftId, by: Actor, reason: str | None) -> None:
    """Rejects a draft, with the reason in the person's own words."""
    parameters = {"draft_id": draft_id, "kind": by.kind.value, "name": by.name, "reason": reason}
    connection.execute(_REJECT, parameters)


# A text that nobody has approved must not leave: neither under the approval of another text, nor under a verdict about
# the model's.
_EDIT = text(
    f"""
    WITH before AS (
        SELECT id, {in_status(SENDABLE_DRAFT_STATUSES)} AS was_to_leave FROM draft WHERE id = :draft_id
    ), edited AS (
        UPDATE draft
        SET model_body = coalesce(model_body, body), body = :body, revision = revision + 1, approved_revision = NULL,
            status = CASE WHEN was_to_leave THEN 'NEEDS_REVIEW' ELSE status END,
            rule = CASE WHEN was_to_leave THEN {literal(DraftRule.EDITED)} ELSE rule END,
            finding = CASE WHEN was_to_leave THEN NULL ELSE finding END,
            reason = CASE WHEN was_to_leave THEN NULL ELSE reason END,
            decided_by_kind = CASE WHEN was_to_leave THEN :kind ELSE decided_by_kind END,
            decided_by = CASE WHEN was_to_leave THEN :name ELSE decided_by END,
            decided_at = CASE WHEN was_to_leave THEN now() ELSE decided_at END, updated_at = now()
        FROM before WHERE draft.id = before.id
        RETURNING {returning(*DECISION, "subject", "body")}, was_to_leave
    ), next_revision AS (
        INSERT INTO draft_revision (client_id, draft_id, number, subject, body, author_kind, author, commitments)
        SELECT client_id, id, revision, subject, body, :kind, :name, CAST(:commitments AS jsonb) FROM edited
    ), withdrawn AS (
        SELECT * FROM edited WHERE was_to_leave
    ), {noted("withdrawn")}
    SELECT revision FROM edited
    """  # noqa: S608 (constants only)
)


def replace_body(
    connection: Connection, draft_id: DraftId, body: str, by: Actor, *, commitments: Sequence[Mapping[str, Any]]
) -> int:
    """Stores a person's text as the draft's next revision, whose number is returned; it waits for an approval.

    ``commitments``: what the text promises (``promises.to_rows``).
    """
    parameters = {
        "draft_id": draft_id,
        "body": body,
        "kind": by.kind.value,
        "name": by.name,
        "commitments": json.dumps(commitments),
    }
    return int(connection.execute(_EDIT, parameters).scalar_one())
