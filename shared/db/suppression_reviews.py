"""Queries of suppression_review: what a person is asked about opt-outs that no certain rule has decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.lead_group import group_of, head_of
from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    POST_PROCESS_TYPES,
    ActorKind,
    ClientId,
    LeadId,
    MessageId,
    ReviewDecision,
    ReviewKind,
    SuppressionReason,
)

OPEN = "review.decided_at IS NULL"
"""SQL: whether a review (alias ``review``) waits for a person."""

UNDECIDED = f"{OPEN} AND review.kind <> '{ReviewKind.SUPPRESSED_BY_MODEL.value}'"
"""SQL: whether a review waits for a person and, until then, holds its lead."""

_TYPES = ", ".join(f"'{type.value}'" for type in POST_PROCESS_TYPES)

# What is certain of a suppressed lead needs nobody's confirmation, and what holds nobody asks nothing. A question that
# only became obsolete may be asked anew: its message was read again.
_ASK = text(
    f"""
    INSERT INTO suppression_review AS review (id, client_id, lead_id, message_id, kind, rule, words, finding)
    SELECT :id, :client_id, lead.id, :message_id, :kind, :rule, :words, :finding
    FROM lead
    WHERE lead.id = :lead_id
      AND CASE WHEN :kind = '{ReviewKind.SUPPRESSED_BY_MODEL.value}'
               THEN lead.suppression_reason = '{SuppressionReason.MODEL.value}' ELSE lead.held_at IS NOT NULL END
    ON CONFLICT (message_id) DO UPDATE
    SET kind = excluded.kind, rule = excluded.rule, words = excluded.words, finding = excluded.finding,
        decision = NULL, decided_at = NULL, decided_by_kind = NULL, decided_by = NULL
    WHERE review.decided_at IS NULL OR review.decision = '{ReviewDecision.OBSOLETE.value}'
    """  # noqa: S608 (constants only)
)


def ask_for_review(
    connection: Connection,
    client_id: ClientId,
    lead_id: LeadId,
    message_id: MessageId,
    kind: ReviewKind,
    *,
    rule: str,
    words: str,
    finding: str = "",
) -> None:
    """Puts a message into the queue of those that a person confirms; what a person has decided stays decided.

    Nothing is asked about a lead that is neither held nor suppressed for a model's word.

    ``rule`` and ``words``: what was found in it; ``finding``: what a model said of it, in its own words.
    """
    connection.execute(
        _ASK,
        {
            "id": uuid7(),
            "client_id": client_id,
            "lead_id": lead_id,
            "message_id": message_id,
            "kind": kind.value,
            "rule": rule,
            "words": words,
            "finding": finding or None,
        },
    )


def asked_for_failed(jobs: str) -> str:
    """SQL: an INSERT of the review of each held lead whose hold a job has failed to settle.

    ``jobs`` is a part of the WITH that has returned background_job rows (id, client_id, lead_id, message_id, type). A
    job that came as far as its understanding has settled it.
    """
    return f"""
        INSERT INTO suppression_review (id, client_id, lead_id, message_id, kind, rule, words, finding)
        SELECT gen_random_uuid(), failed.client_id, lead.id, failed.message_id,
               '{ReviewKind.HOLD_UNDECIDED.value}', lead.held_rule, coalesce(lead.hold_evidence ->> 'words', ''), NULL
        FROM {jobs} AS failed JOIN lead ON lead.id = failed.lead_id AND lead.held_by_message_id = failed.message_id
        WHERE failed.type IN ({_TYPES})
          AND NOT EXISTS (SELECT FROM job_step WHERE job_step.job_id = failed.id AND job_step.name = 'understand')
        ON CONFLICT (message_id) DO NOTHING
"""  # noqa: S608 (constants only)


def unread(message_id: str) -> str:
    """SQL: whether the job of a reply has yet to say what it is; ``message_id`` is an expression."""
    return f"""EXISTS (
        SELECT FROM background_job AS job
        WHERE job.message_id = {message_id} AND job.type IN ({_TYPES}) AND job.status <> 'SUCCEEDED'
          AND NOT EXISTS (SELECT FROM job_step WHERE job_step.job_id = job.id AND job_step.name = 'understand'))"""  # noqa: S608


def asked_for_displaced(holds: str, *, where: str) -> str:
    """SQL: an INSERT of the review of each message whose hold gives way to another's before it was read.

    ``holds`` has rows of lead as they were. A person's answer, or what a model says of the message, settles it.
    """
    return f"""
        INSERT INTO suppression_review (id, client_id, lead_id, message_id, kind, rule, words)
        SELECT gen_random_uuid(), held.client_id, held.id, held.held_by_message_id,
               '{ReviewKind.HOLD_UNDECIDED.value}', held.held_rule, coalesce(held.hold_evidence ->> 'words', '')
        FROM {holds} AS held WHERE {where} AND {unread("held.held_by_message_id")}
        ON CONFLICT (message_id) DO NOTHING
"""  # noqa: S608 (constants only)


def settled(source: str, *, where: str = "true", decision: ReviewDecision, by: ActorKind) -> str:
    """SQL: an UPDATE that settles the open reviews of a lead (:lead_id) where ``source`` has a row for it."""
    return f"""
        UPDATE suppression_review AS review
        SET decision = '{decision.value}', decided_at = now(), decided_by_kind = '{by.value}'
        FROM {source}
        WHERE review.lead_id IN {group_of(":lead_id")} AND {OPEN} AND {where}
"""  # noqa: S608 (constants only)


_DECIDE = text(
    f"""
    UPDATE suppression_review AS review
    SET decision = :decision, decided_at = now(), decided_by_kind = :actor_kind, decided_by = :actor
    WHERE review.lead_id IN {group_of(":lead_id")} AND {OPEN}
    RETURNING review.id
    """  # noqa: S608 (constants only)
)
_WITHDRAW = text(
    f"""
    UPDATE suppression_review AS review
    SET decision = '{ReviewDecision.OBSOLETE.value}', decided_at = now(), decided_by_kind = '{ActorKind.MODEL.value}'
    WHERE review.message_id = :message_id AND {OPEN}
    """  # noqa: S608 (constants only)
)


def decide_reviews(connection: Connection, lead_id: LeadId, decision: ReviewDecision, by: Actor) -> int:
    """Settles all that was asked about a lead, under its lock; returns how many reviews that were."""
    values = {"lead_id": lead_id, "decision": decision.value, "actor_kind": by.kind.value, "actor": by.name}
    return len(connection.execute(_DECIDE, values).all())


def withdraw_review(connection: Connection, message_id: MessageId) -> None:
    """Withdraws the question about a message that a model has answered since."""
    connection.execute(_WITHDRAW, {"message_id": message_id})


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """A question about an opt-out as people see it."""

    id: UUID
    lead_id: LeadId
    email: str | None
    kind: str  # as it is stored: a newer release may ask more
    rule: str
    words: str
    finding: str | None
    created_at: datetime


_LIST = text(
    f"""
    SELECT review.id, lead.id AS lead_id, lead.email, review.kind, review.rule, review.words, review.finding,
           review.created_at
    FROM suppression_review AS review JOIN lead ON lead.id = {head_of("review.lead_id")}
    WHERE review.client_id = :client_id AND {OPEN}
    ORDER BY review.created_at, review.id LIMIT :limit
    """  # noqa: S608 (constants only)
)


def list_reviews(connection: Connection, client_id: ClientId, *, limit: int) -> Sequence[ReviewReport]:
    """Lists what waits for a person, the oldest first."""
    rows: Any = connection.execute(_LIST, {"client_id": client_id, "limit": limit})
    return [ReviewReport(**row._mapping) for row in rows]
