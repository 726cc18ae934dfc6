"""The output checks over labelled drafts: false alarms on good ones, misses on those with an error, promises found.

A draft's ``expected`` is ``pass`` or the check that must catch its error; any finding counts as caught.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from rich import box
from rich.table import Table
from rich.text import Text

from evals.figures import Gate, Ratio
from shared.pipelines.people.explain_draft import GivenWorkspace, explain_draft, parse_workspaces

DIRECTORY = Path(__file__).with_name("drafts")
PARTS = ("hard", "first", "second", "third")  # the files, in the order in which they were written
PASS = "pass"  # noqa: S105 (no password)
MAX_FALSE_ALARMS = 0.05
MAX_MISSES = 0.10
KEYS = ("part", "kind", "language")
MAX_SHOWN = 200  # characters of a draft in the list of errors


class LabelledDraft(BaseModel):
    """A draft, what its writer was shown, and what the checks are to find."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    language: str
    draft: str
    context: Mapping[str, Any]
    expected: str
    commitments: tuple[str, ...] | None = None  # the kinds, in any order; None where nobody has labelled them
    note: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class JudgedDraft:
    """The checks' verdict on a labelled draft: the checks that failed, and the kinds of the commitments found."""

    label: LabelledDraft
    findings: tuple[tuple[str, str], ...]
    commitments: tuple[str, ...]

    @property
    def is_false_alarm(self) -> bool:
        return self.label.expected == PASS and bool(self.findings)

    @property
    def is_miss(self) -> bool:
        return self.label.expected != PASS and not self.findings


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """The figures of some drafts; in each ratio the hits are the failures, or for commitments those that were found."""

    false_alarms: Ratio
    misses: Ratio
    commitments: Ratio
    invented_commitments: int


def load_drafts() -> list[LabelledDraft]:
    """Reads every labelled draft, in the order of the files."""
    return [
        LabelledDraft.model_validate_json(line).model_copy(update={"part": part})
        for part in PARTS
        for line in (DIRECTORY / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def load_workspaces() -> dict[str, GivenWorkspace]:
    """Reads the workspaces that the drafts belong to."""
    return parse_workspaces((DIRECTORY / "workspaces.json").read_bytes())


def judge_drafts(drafts: Iterable[LabelledDraft]) -> list[JudgedDraft]:
    """Runs the checks over the drafts, as ``replyctl check-draft`` does."""
    workspaces = load_workspaces()
    judged = []
    for label in drafts:
        result = explain_draft({"draft": label.draft, "context": label.context}, workspaces)
        findings = tuple((finding["check"], finding["words"]) for finding in result["findings"])
        judged.append(JudgedDraft(label, findings, tuple(one["kind"] for one in result["commitments"])))
    return judged


def draft_figures(judged: Sequence[JudgedDraft]) -> DraftFigures:
    """Counts the failures of the checks over some drafts."""
    good = [one for one in judged if one.label.expected == PASS]
    wrong = [one for one in judged if one.label.expected != PASS]
    pairs = [
        (Counter(one.label.commitments), Counter(one.commitments))
        for one in judged
        if one.label.commitments is not None
    ]
    return DraftFigures(
        Ratio(sum(one.is_false_alarm for one in good), len(good)),
        Ratio(sum(one.is_miss for one in wrong), len(wrong)),
        Ratio(sum((wanted & found).total() for wanted, found in pairs), sum(wanted.total() for wanted, _ in pairs)),
        sum((found - wanted).total() for wanted, found in pairs),
    )


def draft_gates(figures: DraftFigures) -> tuple[Gate, ...]:
    """Returns the conditions that the checks must meet over all labelled drafts."""
    return (
        _most("false alarms of the checks", figures.false_alarms, MAX_FALSE_ALARMS),
        _most("misses of the checks", figures.misses, MAX_MISSES),
        _most(
            "commitments not found",
            Ratio(figures.commitments.of - figures.commitments.hits, figures.commitments.of),
            MAX_MISSES,
        ),
    )


def _most(name: str, ratio: Ratio, limit: float) -> Gate:
    return Gate(
        name, f"≤ {limit:.2f}", f"{ratio.value or 0:.3f} ({ratio.hits} of {ratio.of})", (ratio.value or 0) <= limit
    )


def figures_by(judged: Sequence[JudgedDraft], key: str) -> dict[str, DraftFigures]:
    """Returns the figures per value of ``key``: part, kind or language."""
    values = dict.fromkeys(getattr(one.label, key) for one in judged)
    return {value: draft_figures([one for one in judged if getattr(one.label, key) == value]) for value in values}


def drafts_json(judged: Sequence[JudgedDraft]) -> dict[str, Any]:
    """Returns the figures as plain values: over all, and by part, kind and language."""
    return {
        "all": asdict(draft_figures(judged)),
        **{key: {name: asdict(one) for name, one in figures_by(judged, key).items()} for key in KEYS},
    }


def drafts_tables(judged: Sequence[JudgedDraft]) -> list[Table]:
    """Renders the figures by part, kind and language, and the drafts on which the checks were wrong."""
    figures = Table(title="Checks of drafts", title_justify="left", box=box.SIMPLE_HEAD, header_style="bold")
    for column in ("", "false alarms", "misses", "commitments found", "invented"):
        figures.add_column(column, justify="left" if not column else "right")
    rows = {"all": draft_figures(judged)}
    for key in KEYS:
        rows |= {f"{key}: {name}": one for name, one in sorted(figures_by(judged, key).items())}
    for name, one in rows.items():
        counts = (f"{ratio.hits} of {ratio.of}" for ratio in (one.false_alarms, one.misses, one.commitments))
        figures.add_row(name, *counts, str(one.invented_commitments))
    wrong = Table(title="Drafts judged wrongly", title_justify="left", box=box.SIMPLE_HEAD, header_style="bold")
    for column in ("part", "expected", "got", "draft"):
        wrong.add_column(column, overflow="fold")
    for judgement in judged:
        if judgement.is_false_alarm or judgement.is_miss:
            got = ", ".join(f"{check}: {words}" for check, words in judgement.findings) or PASS
            label = judgement.label
            wrong.add_row(label.part, label.expected, Text(got), Text(" ".join(label.draft.split())[:MAX_SHOWN]))
    return [figures, wrong] if wrong.row_count else [figures]
