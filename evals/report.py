"""The report of an evaluation: gathered as data, shown as tables or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from statistics import quantiles
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from evals.corpus import LabelledReply, Part
from evals.draft_checks import JudgedDraft, draft_figures, draft_gates, drafts_json, drafts_tables
from evals.figures import (
    FullFigures,
    Gate,
    Miss,
    Ratio,
    RulesFigures,
    full_figures,
    full_misses,
    gates,
    rules_figures,
    rules_misses,
)
from evals.judging import FullOutcome, RulesOutcome
from evals.opt_outs import Kind, OptOutFigures
from evals.opt_outs import gates as opt_out_gates
from shared.domain.interaction import Interaction
from shared.domain.vocabulary import InteractionStatus, Tag

STAND_IN = (
    "The model is the offline stand-in: plain deterministic rules that speak OpenAI's protocol. Its figures show that "
    "the machinery works, not how well a real model does. Set OPENAI_API_KEY to measure one."
)
ALL = "all"
EVERY_PART = (Part.OPEN.value, Part.HELD_OUT.value, ALL)

SHORT = {
    Tag.BLACKLIST: "Blkl",
    Tag.AUTOMATED_REPLY: "Auto",
    Tag.OUT_OF_OFFICE: "OOO",
    Tag.MEETING_BOOKED: "MBkd",
    Tag.MEETING_REQUESTED: "MReq",
    Tag.CALL_REQUESTED: "Call",
    Tag.INFORMATION_REQUESTED: "Info",
    Tag.NOT_INTERESTED: "NotI",
    Tag.WRONG_PERSON: "Wrng",
    Tag.OBJECTION: "Obj",
    Tag.FOLLOW_UP: "Foll",
    Tag.INTERESTED: "Intr",
    Tag.NEUTRAL: "Neut",
}
MAX_CELL = 160  # characters of a cleaned text in the list of misses


@dataclass(frozen=True, slots=True)
class ModelUse:
    """The use of a model over its calls. Cost in USD (None: a price is unknown), latency in milliseconds."""

    name: str
    is_stand_in: bool
    calls: int = 0
    errors: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: Decimal | None = None
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None

    @classmethod
    def of(cls, name: str, interactions: Sequence[Interaction], *, is_stand_in: bool) -> ModelUse:
        """Sums up the calls; the stand-in costs nothing and its latency means nothing, so both stay empty."""
        costs = [interaction.cost_usd for interaction in interactions]
        latencies = [float(interaction.latency_ms) for interaction in interactions]
        cuts = quantiles(latencies, n=20, method="inclusive") if len(latencies) > 1 and not is_stand_in else None
        return cls(
            name=name,
            is_stand_in=is_stand_in,
            calls=len(interactions),
            errors=sum(interaction.status is InteractionStatus.ERROR for interaction in interactions),
            input_tokens=sum(interaction.input_tokens for interaction in interactions),
            output_tokens=sum(interaction.output_tokens for interaction in interactions),
            cost_usd=None if is_stand_in else sum((c for c in costs if c), Decimal(0)) if None not in costs else None,
            latency_p50_ms=cuts[9] if cuts else None,
            latency_p95_ms=cuts[18] if cuts else None,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The replies with their outcomes; ``rules`` or ``full`` is None when it was not asked for, and the order is one.

    ``is_whole`` is false when only some groups or ids were run: then there is no verdict over the rules.
    """

    replies: Sequence[LabelledReply]
    rules: Sequence[RulesOutcome] | None = None
    full: Sequence[FullOutcome] | None = None
    model: ModelUse | None = None
    is_whole: bool = True
    show_held_out: bool = False
    opt_outs: Mapping[str, OptOutFigures] = field(default_factory=dict)  # by part, "all" last
    drafts: Sequence[JudgedDraft] = ()
    figures: dict[str, RulesFigures] = field(init=False)
    full_figures: dict[str, FullFigures] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", self._by_part(self.rules, rules_figures))
        object.__setattr__(self, "full_figures", self._by_part(self.full, full_figures))

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Returns the conditions of rules and checks over the whole corpus; none when only a part of it was run."""
        if not self.is_whole or ALL not in self.figures:
            return ()
        of_opt_outs = opt_out_gates(self.opt_outs[ALL]) if self.opt_outs else ()
        of_checks = draft_gates(draft_figures(self.drafts)) if self.drafts else ()
        return gates(self.figures[ALL]) + of_opt_outs + of_checks

    @property
    def passed(self) -> bool:
        """True when the rules clear the bar and no call of a model failed."""
        return all(gate.passed for gate in self.gates) and not any(
            figures.failed for figures in self.full_figures.values()
        )

    def misses(self) -> list[Miss]:
        """Lists the misses that may be shown: held-out replies' only on demand, or nobody could hold them out."""
        found: list[Miss] = []
        for index, reply in enumerate(self.replies):
            if reply.part is Part.HELD_OUT and not self.show_held_out:
                continue
            if self.rules is not None:
                found += rules_misses(reply, self.rules[index])
            if self.full is not None:
                found += full_misses(reply, self.full[index])
        return found

    def held_out_misses(self) -> int:
        """Counts the held-out replies that have a miss."""
        return sum(
            bool(
                (rules_misses(reply, self.rules[index]) if self.rules is not None else [])
                or (full_misses(reply, self.full[index]) if self.full is not None else [])
            )
            for index, reply in enumerate(self.replies)
            if reply.part is Part.HELD_OUT
        )

    def slices(self, key: Callable[[LabelledReply], str]) -> list[dict[str, Any]]:
        """Returns one row of figures per value of ``key``, the largest first."""
        indices: dict[str, list[int]] = {}
        for index, reply in enumerate(self.replies):
            indices.setdefault(key(reply), []).append(index)
        rows = []
        for name, chosen in sorted(indices.items(), key=lambda item: (-len(item[1]), item[0])):
            replies = [self.replies[index] for index in chosen]
            row: dict[str, Any] = {"name": name, "replies": len(chosen)}
            if self.rules is not None:
                outcomes = [self.rules[index] for index in chosen]
                figures = rules_figures(replies, outcomes)
                row["false_suppressions"] = figures.suppression.false
                row["missed_suppressions"] = figures.suppression.missed
                row["wrongly_automatic"] = figures.automatic.false
                row["missed_automatic"] = figures.automatic.missed
                row["clean_text"] = figures.clean_text
            if self.full is not None:
                row["tag"] = full_figures(replies, [self.full[index] for index in chosen]).accuracy
            rows.append(row)
        return rows

    def _by_part[O, F](
        self, outcomes: Sequence[O] | None, measure: Callable[[Sequence[LabelledReply], Sequence[O]], F]
    ) -> dict[str, F]:
        if outcomes is None:
            return {}
        measured = {ALL: measure(self.replies, outcomes)}
        for part in Part:
            chosen = [index for index, reply in enumerate(self.replies) if reply.part is part]
            if chosen:
                measured[part.value] = measure(
                    [self.replies[index] for index in chosen], [outcomes[index] for index in chosen]
                )
        return measured


def to_json(report: Report) -> dict[str, Any]:
    """Returns the whole report as plain values. Shares are rounded to four digits; what cannot be counted is null."""
    return {
        "corpus": _corpus_json(report),
        "model": _model_json(report),
        "rules": {part: _rules_json(figures) for part, figures in report.figures.items()} or None,
        "with_model": {part: _full_json(figures) for part, figures in report.full_figures.items()} or None,
        "languages": [_plain(row) for row in report.slices(lambda reply: reply.language)],
        "groups": [_plain(row) for row in report.slices(lambda reply: reply.group)],
        "opt_outs": {part: _opt_outs_json(figures) for part, figures in report.opt_outs.items()} or None,
        "draft_checks": _plain(drafts_json(report.drafts)) if report.drafts else None,
        "misses": [asdict(miss) for miss in report.misses()],
        "held_out_replies_with_a_miss": report.held_out_misses(),
        "gates": [asdict(gate) for gate in report.gates],
        "passed": report.passed,
    }


def show(report: Report, console: Console) -> None:
    """Prints the report as tables."""
    corpus = _corpus_json(report)
    console.print(
        f"[bold]{corpus['replies']} labelled replies[/bold] ({corpus['held_out']} held out, {corpus['traps']} traps, "
        f"{corpus['languages']} languages, {corpus['groups']} groups)"
    )
    if report.figures:
        console.print(_rules_table(report))
    if report.opt_outs:
        console.print(_opt_outs_table(report))
    if report.model is not None:
        if report.model.is_stand_in:
            console.print(Text(STAND_IN, style="yellow"))
        console.print(_full_table(report))
        console.print(_tags_table(report.full_figures[ALL]))
        console.print(_confusion_table(report.full_figures[ALL]))
        if not report.model.is_stand_in:
            console.print(_cost_table(report.model))
    console.print(_slices_table(report, "By language", lambda reply: reply.language))
    console.print(_slices_table(report, "By group", lambda reply: reply.group))
    for table in drafts_tables(report.drafts) if report.drafts else ():
        console.print(table)
    _show_misses(report, console)
    if report.gates:
        verdict = "[green]The rules clear the bar.[/green]"
        failed = [gate.name for gate in report.gates if not gate.passed]
        if failed:
            verdict = f"[bold red]The rules do not clear the bar: {', '.join(failed)}.[/bold red]"
        console.print(verdict)
    elif report.rules is not None:
        console.print("[dim]No verdict over the rules: only a part of the corpus was run.[/dim]")


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(title: str, *columns: str, left: int = 1) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < left else "right", no_wrap=number < left)
    return table


def _rules_table(report: Report) -> Table:
    parts = [part for part in EVERY_PART if part in report.figures]
    table = _table("Certain rules", "", *parts, "wanted", "")
    verdicts = {gate.name: gate for gate in report.gates}
    rows: tuple[tuple[str, Callable[[RulesFigures], str]], ...] = (
        ("replies", lambda figures: str(figures.replies)),
        ("false suppressions", lambda figures: str(figures.suppression.false)),
        ("suppression precision", lambda figures: _share(figures.suppression.precision)),
        ("suppressed or held", lambda figures: _share(figures.suppression.recall)),
        ("automatic replies precision", lambda figures: _share(figures.automatic.precision)),
        ("automatic replies recall", lambda figures: _share(figures.automatic.recall)),
        ("cleaned text exact", lambda figures: _share(figures.clean_text)),
        ("replies that lose words", lambda figures: str(figures.lost_words)),
        ("replies with words of others", lambda figures: str(figures.foreign_words)),
        ("tag right where a rule gives one", lambda figures: _share(figures.tag)),
        ("return date right", lambda figures: _share(figures.return_date)),
        ("return dates invented", lambda figures: str(figures.invented_return_dates)),
    )
    for name, value in rows:
        gate = verdicts.get(name)
        mark = "" if gate is None else "[green]✓[/green]" if gate.passed else "[bold red]✗[/bold red]"
        table.add_row(name, *(value(report.figures[part]) for part in parts), "" if gate is None else gate.wanted, mark)
    return table


def _opt_outs_table(report: Report) -> Table:
    table = _table("Opt-outs", "", *report.opt_outs, "wanted", "")
    wanted = iter(opt_out_gates(report.opt_outs[ALL]))
    rows: tuple[Callable[[OptOutFigures], str], ...] = (
        lambda figures: str(figures.false_suppressions),
        lambda figures: _share(figures.certain),
        lambda figures: _share(figures.caught),
        lambda figures: _share(figures.held_of(Kind.ORDINARY)),
        lambda figures: _share(figures.held_of(Kind.AUTOMATIC)),
        lambda figures: _share(figures.held_of(Kind.NEAR_MISS)),
    )
    for value, gate in zip(rows, wanted, strict=True):
        mark = "[green]✓[/green]" if gate.passed else "[bold red]✗[/bold red]"
        table.add_row(gate.name, *(value(figures) for figures in report.opt_outs.values()), gate.wanted, mark)
    return table


def _full_table(report: Report) -> Table:
    parts = [part for part in EVERY_PART if part in report.full_figures]
    name = report.model.name if report.model else ""
    table = _table(f"With the model ({name})", "", *parts)
    rows: tuple[tuple[str, Callable[[FullFigures], str]], ...] = (
        ("replies", lambda figures: str(figures.replies)),
        ("decided by the model", lambda figures: str(figures.asked)),
        ("without a result", lambda figures: str(figures.failed)),
        ("tag right", lambda figures: _share(figures.accuracy)),
        ("tag right where the model decided", lambda figures: _share(figures.asked_accuracy)),
        ("draft wanted or not, right", lambda figures: _share(figures.draft)),
        ("false suppressions", lambda figures: str(figures.false_suppressions)),
        ("missed suppressions", lambda figures: str(figures.missed_suppressions)),
    )
    for row_name, value in rows:
        table.add_row(row_name, *(value(report.full_figures[part]) for part in parts))
    return table


def _tags_table(figures: FullFigures) -> Table:
    table = _table("Tags", "tag", "replies", "precision", "recall", "F1")
    for row in figures.per_tag:
        f1 = "–" if row.f1 is None else f"{row.f1:.2f}"
        table.add_row(row.tag.value, str(row.support), _share(row.precision), _share(row.recall), f1)
    return table


def _confusion_table(figures: FullFigures) -> Table:
    table = _table("Confusion (rows: expected, columns: given)", "", *(SHORT[tag] for tag in Tag))
    for expected in Tag:
        cells = []
        for got in Tag:
            count = figures.confusion.get((expected, got), 0)
            style = "green" if expected is got else "red"
            cells.append(f"[{style}]{count}[/{style}]" if count else "[dim]·[/dim]")
        table.add_row(f"{SHORT[expected]} {expected.value}", *cells)
    return table


def _cost_table(model: ModelUse) -> Table:
    table = _table("Cost and latency", "", model.name)
    known = model.cost_usd is not None and model.calls > 0
    table.add_row("calls (errors)", f"{model.calls} ({model.errors})")
    table.add_row("tokens in / out", f"{model.input_tokens} / {model.output_tokens}")
    table.add_row("cost, USD", f"{model.cost_usd:.4f}" if known else "unknown")
    table.add_row("cost per call, USD", f"{(model.cost_usd or Decimal(0)) / model.calls:.6f}" if known else "unknown")
    table.add_row("latency p50 / p95, ms", f"{_number(model.latency_p50_ms)} / {_number(model.latency_p95_ms)}")
    return table


def _slices_table(report: Report, title: str, key: Callable[[LabelledReply], str]) -> Table:
    columns = ["", "replies"]
    if report.rules is not None:
        columns += ["suppression: false", "missed", "automatic: false", "missed", "cleaned text"]
    if report.full is not None:
        columns += ["tag"]
    table = _table(title, *columns)
    for row in report.slices(key):
        cells = [row["name"], str(row["replies"])]
        if report.rules is not None:
            counts = ("false_suppressions", "missed_suppressions", "wrongly_automatic", "missed_automatic")
            cells += [f"[red]{row[name]}[/red]" if row[name] else "[dim]·[/dim]" for name in counts]
            cells += [_share(row["clean_text"])]
        if report.full is not None:
            cells += [_share(row["tag"])]
        table.add_row(*cells)
    return table


def _show_misses(report: Report, console: Console) -> None:
    misses = report.misses()
    if misses:
        table = Table(title="Misses", title_justify="left", box=box.SIMPLE_HEAD, header_style="bold")
        table.add_column("id", no_wrap=True)
        table.add_column("what", no_wrap=True)
        for column in ("expected", "got", "why"):
            table.add_column(column, overflow="fold")
        for miss in misses:
            table.add_row(miss.id, miss.measure, *(_cell(text) for text in (miss.expected, miss.got, miss.why)))
        console.print(table)
    hidden = 0 if report.show_held_out else report.held_out_misses()
    if hidden:
        console.print(
            f"[dim]{hidden} held-out replies have a miss. They are not shown, so that nobody tunes by them.[/dim]"
        )


def _cell(text: str) -> str:
    shown = " ⏎ ".join(line for line in text.split("\n") if line.strip())
    shown = "".join(character if character.isprintable() else "·" for character in shown)
    return escape(shown if len(shown) <= MAX_CELL else f"{shown[: MAX_CELL - 1]}…")


def _share(ratio: Ratio) -> str:
    return "–" if ratio.value is None else f"{ratio.value:.3f} ({ratio.hits}/{ratio.of})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


# --- JSON -------------------------------------------------------------------------------------------------------------


def _corpus_json(report: Report) -> dict[str, int]:
    return {
        "replies": len(report.replies),
        "held_out": sum(reply.part is Part.HELD_OUT for reply in report.replies),
        "traps": sum(reply.trap for reply in report.replies),
        "languages": len({reply.language for reply in report.replies}),
        "groups": len({reply.group for reply in report.replies}),
    }


def _model_json(report: Report) -> dict[str, Any] | None:
    if report.model is None:
        return None
    model: dict[str, Any] = _plain(asdict(report.model))
    return model | {"note": STAND_IN if report.model.is_stand_in else None}


def _rules_json(figures: RulesFigures) -> dict[str, Any]:
    suppression, automatic = figures.suppression, figures.automatic
    return {
        "replies": figures.replies,
        "false_suppressions": suppression.false,
        "suppression_precision": _plain(suppression.precision),
        "suppression_recall": _plain(suppression.recall),
        "automatic_precision": _plain(automatic.precision),
        "automatic_recall": _plain(automatic.recall),
        "clean_text_exact": _plain(figures.clean_text),
        "replies_that_lose_words": figures.lost_words,
        "replies_with_words_of_others": figures.foreign_words,
        "tag": _plain(figures.tag),
        "return_date": _plain(figures.return_date),
        "invented_return_dates": figures.invented_return_dates,
    }


def _opt_outs_json(figures: OptOutFigures) -> dict[str, Any]:
    return {
        "false_suppressions": figures.false_suppressions,
        "suppressed": _plain(figures.certain),
        "suppressed_or_held": _plain(figures.caught),
        "held": {kind.value: _plain(figures.held_of(kind)) for kind in Kind if kind is not Kind.OPT_OUT},
    }


def _full_json(figures: FullFigures) -> dict[str, Any]:
    return {
        "replies": figures.replies,
        "failed": figures.failed,
        "asked": figures.asked,
        "accuracy": _plain(figures.accuracy),
        "asked_accuracy": _plain(figures.asked_accuracy),
        "draft": _plain(figures.draft),
        "false_suppressions": figures.false_suppressions,
        "missed_suppressions": figures.missed_suppressions,
        "per_tag": [
            {
                "tag": row.tag.value,
                "replies": row.support,
                "precision": _plain(row.precision),
                "recall": _plain(row.recall),
                "f1": None if row.f1 is None else round(row.f1, 4),
            }
            for row in figures.per_tag
        ],
        "confusion": [
            {"expected": expected.value, "got": got.value, "replies": count}
            for (expected, got), count in sorted(_in_order(figures.confusion.items()))
        ],
    }


def _in_order(items: Iterable[tuple[tuple[Tag, Tag], int]]) -> list[tuple[tuple[Tag, Tag], int]]:
    return [item for item in items if item[1]]


def _plain(value: Any) -> Any:
    if isinstance(value, Ratio):
        return {
            "value": None if value.value is None else round(value.value, 4),
            "hits": value.hits,
            "of": value.of,
        }
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
