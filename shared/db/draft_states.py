"""The states of a draft as parts of statements: which one it is in, and how it moves on with its history.

A change that is part of another aggregate's statement is a named part of its WITH (``moved``), under the lead's lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import OPEN_DRAFT_STATUSES, ActorKind, DraftStatus


def literal(value: str) -> str:
    """SQL: a word of a vocabulary as a literal; anything else is an SQL expression already."""
    return f"'{value.value}'" if isinstance(value, StrEnum) else value


def in_status(statuses: Iterable[DraftStatus]) -> str:
    """SQL: whether a draft has one of these statuses."""
    return f"draft.status IN ({', '.join(literal(status) for status in statuses)})"


OPEN = in_status(OPEN_DRAFT_STATUSES)
"""SQL: whether a draft is open. One that is on the wire is not."""

DECISION = ("client_id", "id", "revision", "status", "rule", "finding", "decided_by_kind", "decided_by")
EVALUATION = ("action", "confidence", "threshold", "model")


def returning(*columns: str) -> str:
    """SQL: these columns of the draft that was written."""
    return ", ".join(f"draft.{column}" for column in columns)


def noted(name: str, *, evaluation: bool = False) -> str:
    """SQL: a part of a WITH that appends a row to the history of each draft that the part ``name`` has written."""
    also = "".join(f", {column}" for column in EVALUATION) if evaluation else ""
    return f"""
    {name}_noted AS (
        INSERT INTO draft_decision (client_id, draft_id, revision, status, rule, finding, actor_kind, actor{also})
        SELECT {", ".join(DECISION)}{also} FROM {name}
    )"""  # noqa: S608 (no value of anybody's)


def moved(
    name: str,
    status: str,
    *,
    where: str,
    source: str = "",
    rule: str | None = None,
    finding: str = "NULL",
    by: str = ActorKind.SYSTEM,
    person: str = "NULL",
    for_message: str = "NULL",
) -> str:
    """SQL: the parts of a WITH that move drafts to a status; ``name`` returns the drafts.

    ``source`` is its FROM besides draft, ``where`` picks the drafts. With a ``rule`` it is a decision, which the row of
    the draft and its history keep: ``finding`` is what the rule found, ``by`` and ``person`` who decided,
    ``for_message`` the message for whose sake it is superseded. Whatever is no word of a vocabulary is an SQL
    expression.
    """
    sets = [f"status = {literal(status)}", "updated_at = now()"]
    if rule is not None:
        sets += [
            *(f"rule = {literal(rule)}", f"finding = {finding}", "reason = NULL"),
            *(f"decided_by_kind = {literal(by)}", f"decided_by = {person}", "decided_at = now()"),
            f"superseded_by_message_id = CAST({for_message} AS uuid)",
        ]
    update = f"""
    {name} AS (
        UPDATE draft SET {", ".join(sets)}
        {f"FROM {source}" if source else ""}
        WHERE {where}
        RETURNING {returning(*DECISION)}
    )"""  # noqa: S608 (no value of anybody's)
    return update if rule is None else f"{update}, {noted(name)}"


def superseded(rule: str, *, source: str = "", where: str, for_message: str = "NULL") -> str:
    """SQL: the part ``superseded`` of a WITH, which closes open drafts that are moot; ``rule`` may be an expression."""
    return moved(
        "superseded",
        DraftStatus.SUPERSEDED,
        source=source,
        where=f"{OPEN} AND {where}",
        rule=rule,
        by=ActorKind.RULE,
        for_message=for_message,
    )


def withdrawn(rule: DraftRule) -> str:
    """SQL: whether a draft was superseded for this reason."""
    return f"draft.status = {literal(DraftStatus.SUPERSEDED)} AND draft.rule = {literal(rule)}"


# An approval is of one text. The release before approved without saying which, and had one text only.
CLAIMABLE = f"""
    (draft.status = {literal(DraftStatus.PENDING)}
     OR (draft.status = {literal(DraftStatus.APPROVED)}
         AND coalesce(draft.approved_revision, draft.revision) = draft.revision))
"""
"""SQL: whether a send may take the draft: nobody has to approve a PENDING one."""
