"""All that a draft promises: what its writer names, and what code finds besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from shared.domain.commitments import Commitment, CommitmentKind
from shared.domain.drafting.sending_window import time_zone
from shared.domain.drafting.stated_commitments import stated_commitments
from shared.domain.workspace_settings import WorkspaceSettings

DUE_AT = time(9, 0)  # of the workspace's day, when a promise names no more than a day


def promises_of(text: str, named: Sequence[Commitment]) -> tuple[Commitment, ...]:
    """Lists the promises of a text: those that its writer named, then those of a kind that nobody named."""
    kinds = {one.kind for one in named}
    unnamed = (Commitment(one.kind, one.words) for one in stated_commitments(text) if one.kind not in kinds)
    return (*named, *unnamed)


def promises_after_edit(text: str, before: Sequence[Commitment]) -> tuple[Commitment, ...]:
    """Lists the promises of a text that a person has changed: what it states, due as it was before."""
    due = {one.kind: one.due for one in reversed(before)}
    return tuple(Commitment(one.kind, one.words, due.get(one.kind)) for one in stated_commitments(text))


def due_at(due: date, settings: WorkspaceSettings) -> datetime:
    """Returns the moment of a day at which its promise is due: in the morning, once responses may leave."""
    try:
        zone = time_zone(settings.timezone)
    except ValueError:
        zone = UTC
    return settings.next_sending_time(datetime.combine(due, DUE_AT, zone))


def to_rows(promises: Sequence[Commitment], settings: WorkspaceSettings) -> list[dict[str, Any]]:
    """Renders promises as a revision of a draft keeps them (draft_revision.commitments)."""
    return [
        {"kind": one.kind.value, "words": one.words}
        | ({} if one.due is None else {"due": one.due.isoformat(), "due_at": due_at(one.due, settings).isoformat()})
        for one in promises
    ]


def of_rows(rows: Sequence[Mapping[str, Any]]) -> tuple[Commitment, ...]:
    """Reads what ``to_rows`` has rendered; a kind that only a newer release knows is OTHER."""
    return tuple(
        Commitment(
            CommitmentKind(row["kind"]) if row["kind"] in CommitmentKind else CommitmentKind.OTHER,
            row["words"],
            date.fromisoformat(row["due"]) if row.get("due") else None,
        )
        for row in rows
    )
