"""The drafts that an evaluation is measured on: each has one seeded error, or none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.ai.client import ModelClient, Record
from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.deadline import Deadline
from shared.ai.errors import ModelError
from shared.ai.models import EVALUATION_MODEL
from shared.ai.tasks.draft import DraftInput
from shared.ai.tasks.reply_evaluation import EvaluationInput, EvaluationResult, evaluate_reply
from shared.domain.commitments import Commitment, CommitmentKind
from shared.domain.drafting.auto_send_gate import after_evaluation
from shared.domain.drafting.findings import FindingKind
from shared.domain.vocabulary import DecisionAction, Direction, Tag
from shared.domain.workspace_settings import KnowledgeText, Workspace, WorkspaceSettings

FOLDER = Path(__file__).with_name("judge")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
THRESHOLD = 0.9
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class SeededDraft:
    """A draft with the kind of its error (None: it has none); ``accept``: kinds that describe the error as well."""

    id: str
    expect: FindingKind | None
    accept: frozenset[FindingKind]
    given: EvaluationInput


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A draft and what became of it; None: the model gave no result."""

    draft: SeededDraft
    result: EvaluationResult | None

    @property
    def is_found(self) -> bool:
        """True when the seeded error was found by its own kind or by one that is as good."""
        kinds = {finding.kind for finding in self.result.findings} if self.result else set()
        return bool(kinds & {self.draft.expect, *self.draft.accept})

    @property
    def is_held(self) -> bool:
        """True when a person would see the draft, for whatever reason."""
        if self.result is None:
            return True
        decision = after_evaluation(
            self.result.findings, confidence=self.result.confidence, threshold=THRESHOLD, model=""
        )
        return decision.action is DecisionAction.NEEDS_REVIEW


def load_seeded_drafts() -> list[SeededDraft]:
    """Reads the drafts of ``evals/judge``."""
    stored = json.loads((FOLDER / "workspace.json").read_text(encoding="utf-8"))
    workspace = Workspace(
        WorkspaceSettings(**stored["settings"]), tuple(KnowledgeText(**one) for one in stored["knowledge"])
    )
    lines = (FOLDER / "drafts.jsonl").read_text(encoding="utf-8").splitlines()
    return [_read(json.loads(line), workspace) for line in lines]


def _read(row: dict[str, Any], workspace: Workspace) -> SeededDraft:
    lead = {"first_name": "Anna", "last_name": "Schulz"} | row.get("lead", {})
    writer = DraftInput(
        reply=ThreadMessage(Direction.INBOUND, NOW, "Re: your ads", row["reply"]),
        history=[ThreadMessage(Direction.OUTBOUND, NOW - timedelta(days=2), "your ads", row["ours"])],
        tag=Tag(row["tag"]),
        workspace=workspace,
        lead=LeadFacts(**lead, company="Adatum", email_domain="adatum.example.com"),
        now=NOW,
    )
    promises = tuple(
        Commitment(CommitmentKind(one["kind"]), one["words"], date.fromisoformat(one["due"]))
        for one in row.get("promises", ())
    )
    return SeededDraft(
        id=row["id"],
        expect=None if row["expect"] is None else FindingKind(row["expect"]),
        accept=frozenset(map(FindingKind, row.get("accept", ()))),
        given=EvaluationInput(writer, "Re: your ads", row["draft"], promises),
    )


def evaluate_all(client: ModelClient, record: Record, *, concurrency: int) -> list[Evaluated]:
    """Asks the model about every draft; one that fails has no result."""

    def evaluate(draft: SeededDraft) -> Evaluated:
        try:
            result = evaluate_reply(
                client, draft.given, model=EVALUATION_MODEL, deadline=Deadline.within(TIMEOUT_S), record=record
            )
        except ModelError:
            return Evaluated(draft, None)
        return Evaluated(draft, result)

    with ThreadPoolExecutor(concurrency) as pool:
        return list(pool.map(evaluate, load_seeded_drafts()))


def evaluations_json(evaluated: Sequence[Evaluated]) -> dict[str, Any]:
    """Counts per kind: how many have it, how many were found, how many a person would see."""
    rows: dict[str, dict[str, int]] = {}
    for one in evaluated:
        row = rows.setdefault(one.draft.expect or "none", {"drafts": 0, "found": 0, "held": 0})
        row["drafts"] += 1
        row["found"] += one.is_found
        row["held"] += one.is_held
    return {
        "kinds": rows,
        "missed": [one.draft.id for one in evaluated if one.draft.expect and not one.is_held],
        "wrongly_held": [one.draft.id for one in evaluated if one.draft.expect is None and one.is_held],
    }


def show_evaluations(evaluated: Sequence[Evaluated], console: Console) -> None:
    """Prints the recall per kind, and what is wrongly held of the drafts without an error."""
    counted = evaluations_json(evaluated)
    table = Table(title="Evaluation of drafts with one seeded error each", title_justify="left", box=None)
    for name in ("kind", "drafts", "found", "a person sees it"):
        table.add_column(name, justify="left" if name == "kind" else "right")
    for kind, row in counted["kinds"].items():
        found = "–" if kind == "none" else f"{row['found']}/{row['drafts']}"
        table.add_row(kind, str(row["drafts"]), found, f"{row['held']}/{row['drafts']}")
    console.print()
    console.print(table)
    console.print(f"not seen by a person: {', '.join(counted['missed']) or 'none'}", soft_wrap=True)
