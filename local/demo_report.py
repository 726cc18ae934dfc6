"""The demo's report: a row per delivery, the totals, and every deviation from the samples' expectations."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from local.samples import Sample
from shared.db.reports.leads import LeadReport
from shared.db.reports.outcomes import ReplyOutcome
from shared.domain.vocabulary import DecisionAction, OutboundSendStatus, Provider, SuppressionReason
from shared.providers.registry import PROVIDERS

PIPED_WIDTH = 170  # columns when the output goes to a file
TITLE_WIDTH = 60  # characters of a sample's title
NARROW = 150  # columns below which the table becomes a list
_FIXED_WIDTH = 3 + 15 + 5 + 21 + 17 + 12 + 14 + 4 + 5 + 6 + 11  # the other columns, and a space between any two

CERTAIN = frozenset({SuppressionReason.OPT_OUT, SuppressionReason.BOUNCED, SuppressionReason.UNSUBSCRIBED})
DECISIONS = {
    DecisionAction.SEND_NOW: "send now",
    DecisionAction.SEND_LATER: "send later",
    DecisionAction.NEEDS_REVIEW: "review",
    DecisionAction.NOTHING: "nothing",
}


@dataclass(frozen=True)
class Posted:
    """A delivery and the webhook's response; ``latency_ms`` is the caller's wait."""

    number: int
    sample: Sample
    lead_email: str | None  # that the delivery names
    http_status: int
    status: str | None
    reason: str | None
    message_id: UUID | None
    latency_ms: float

    @property
    def answer(self) -> str:
        return f"{self.http_status} {self.status or ''}".strip()


@dataclass(frozen=True)
class Row:
    """A delivery with the outcome of its message and its lead. ``same_as``: the earlier row of the same message."""

    posted: Posted
    outcome: ReplyOutcome | None
    lead: LeadReport | None
    same_as: int | None
    dead_letters: int

    @property
    def was_sent(self) -> bool:
        return self.outcome is not None and self.outcome.send_status == OutboundSendStatus.SENT


@dataclass(frozen=True)
class Deviation:
    """A difference from what was expected. ``fails``: not a matter of the model's opinion."""

    number: int | None
    what: str
    expected: str
    actual: str
    fails: bool

    def __str__(self) -> str:
        return f"{self.what}: {self.actual}, expected {self.expected}"


@dataclass(frozen=True)
class Totals:
    messages: Mapping[str, int]
    jobs: Mapping[str, int]
    sends: Mapping[str, int]
    sent_at: Mapping[str, int]  # messages that each provider took
    dead_letters: Mapping[str, int]
    model_calls: int
    cost_usd: Decimal
    duration_s: float


@dataclass(frozen=True)
class DemoReport:
    rows: Sequence[Row]
    totals: Totals
    deviations: Sequence[Deviation]
    model_is_offline: bool

    @property
    def failures(self) -> list[Deviation]:
        return [deviation for deviation in self.deviations if deviation.fails]

    @property
    def answers(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for row in self.rows:
            answer = row.posted.answer if row.posted.http_status != 200 else (row.posted.status or "200")
            counts[answer] = counts.get(answer, 0) + 1
        return counts

    @property
    def latencies_ms(self) -> list[float]:
        return [row.posted.latency_ms for row in self.rows]


# ── Comparing ────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare(rows: Sequence[Row], totals: Totals, *, model_is_offline: bool) -> list[Deviation]:
    """Returns every difference between what happened and what the samples expect.

    The offline rules server is deterministic, so with it every difference fails the demo. With a real model, what the
    model decides (tag, status, draft, decision, score) is only reported; what no model may change still fails:
    responses, message identity, certain suppressions, nothing sent where nothing may be sent, jobs and dead letters.
    """
    deviations = [deviation for row in rows for deviation in _compare_row(row, rows, model_is_offline)]
    expected_letters = sum(row.posted.sample.expect.dead_letters for row in rows)
    sent = sum(totals.sends.values()) - totals.sends.get(OutboundSendStatus.REFUSED, 0)
    checks = (
        ("dead letters", expected_letters, sum(totals.dead_letters.values())),
        ("jobs that failed", expected_letters, totals.jobs.get("FAILED", 0)),
        ("messages that the providers took, by our records", sum(totals.sent_at.values()), sent),
        ("messages without a certain end", 0, totals.sends.get(OutboundSendStatus.UNCERTAIN, 0)),
    )
    deviations += [
        Deviation(None, what, str(expected), str(actual), fails=True)
        for what, expected, actual in checks
        if expected != actual
    ]
    return deviations


def _compare_row(row: Row, rows: Sequence[Row], model_is_offline: bool) -> Iterable[Deviation]:
    posted, outcome, lead, expect = row.posted, row.outcome, row.lead, row.posted.sample.expect
    suppressed = lead.suppression_reason if lead else None
    forbidden = expect.suppressed in CERTAIN or posted.sample.campaign != "auto"
    twin_key = posted.sample.key_of(expect.same_message_as)
    twin = next((other for other in rows if other.posted.sample.key == twin_key), None)
    comparisons: list[tuple[str, Any, Any, bool]] = [
        ("response", expect.http_status, posted.http_status, True),
        ("status", expect.status, posted.status, True),
        ("tag", expect.tag, outcome and outcome.tag, model_is_offline),
        ("automatic reply", expect.is_auto_reply, outcome and outcome.is_auto_reply, model_is_offline),
        ("lead status", expect.lead_status, lead and lead.status, model_is_offline),
        (
            "suppressed",
            expect.suppressed,
            suppressed,
            model_is_offline or bool({expect.suppressed, suppressed} & CERTAIN),
        ),
        ("draft", expect.draft, outcome is not None and outcome.draft_id is not None, model_is_offline),
        ("decision", expect.decision, outcome and outcome.action, model_is_offline),
        ("sent", expect.sent, row.was_sent, model_is_offline or (row.was_sent and forbidden)),
        ("dead letters", expect.dead_letters, row.dead_letters, True),
    ]
    if expect.reason is not None:
        comparisons.append(("reason", expect.reason, posted.reason, True))
    if twin is not None:
        comparisons.append(("message", twin.posted.message_id, posted.message_id, True))
    for what, expected, actual, fails in comparisons:
        if expected != actual:
            yield Deviation(posted.number, what, _word(expected), _word(actual), fails=fails)
    score = lead.overall_score if lead else None
    lowest, highest = expect.overall_score or (None, None)
    fits = score is None if lowest is None else score is not None and lowest <= score <= (highest or lowest)
    if not fits:
        wanted = "none" if lowest is None else str(lowest) if lowest == highest else f"{lowest} to {highest}"
        yield Deviation(posted.number, "score", wanted, _word(score), fails=model_is_offline)


def _word(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


# ── Showing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def print_report_as_json(report: DemoReport) -> None:
    """Prints the whole report as one JSON document on standard output."""
    sys.stdout.write(json.dumps(report_as_json(report), indent=2) + "\n")
    sys.stdout.flush()  # with --keep the process goes on


def report_as_json(report: DemoReport) -> dict[str, Any]:
    """Returns the report in JSON's types."""
    return {
        "model": "offline rules server" if report.model_is_offline else "OpenAI",
        **dict.fromkeys(report.totals.sent_at, "sandbox"),
        "events": [_row_as_json(row) for row in report.rows],
        "totals": {
            "events": report.answers,
            "messages": report.totals.messages,
            "jobs": report.totals.jobs,
            "sends": report.totals.sends,
            **{f"messages_at_{provider}": count for provider, count in report.totals.sent_at.items()},
            "dead_letters": report.totals.dead_letters,
            "model_calls": report.totals.model_calls,
            "cost_usd": float(report.totals.cost_usd),
            "latency_ms": {
                "p50": round(statistics.median(report.latencies_ms), 1),
                "max": round(max(report.latencies_ms), 1),
            },
            "duration_s": round(report.totals.duration_s, 1),
        },
        "deviations": [
            {
                "event": deviation.number,
                "what": deviation.what,
                "expected": deviation.expected,
                "actual": deviation.actual,
                "fails": deviation.fails,
            }
            for deviation in report.deviations
        ],
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    posted, outcome, lead = row.posted, row.outcome, row.lead
    return {
        "number": posted.number,
        "provider": posted.sample.provider,
        "sample": posted.sample.name,
        "title": posted.sample.title,
        "http_status": posted.http_status,
        "status": posted.status,
        "reason": posted.reason,
        "message_id": posted.message_id and str(posted.message_id),
        "latency_ms": round(posted.latency_ms, 1),
        "same_message_as": row.same_as,
        "tag": outcome and outcome.tag,
        "is_auto_reply": outcome and outcome.is_auto_reply,
        "lead_status": lead and lead.status,
        "suppressed": lead and lead.suppression_reason,
        "draft": outcome and outcome.draft_body,
        "decision": outcome and outcome.action,
        "rule": outcome and outcome.rule,
        "confidence": outcome and outcome.confidence,
        "sent": row.was_sent,
        "overall_score": lead and lead.overall_score,
        "cost_usd": None if outcome is None or outcome.cost_usd is None else float(outcome.cost_usd),
        "dead_letters": row.dead_letters,
    }


def print_report(report: DemoReport, console: Console | None = None) -> None:
    """Prints the report for people: who played the providers and the model, the table, the totals, the verdict."""
    out = console or Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
    out.print(_header(report))
    if out.width >= NARROW:
        out.print(_table(report, out.width))
    else:
        out.print(_list(report))
    out.print(_legend(report))
    out.print(_totals(report))
    out.print(_verdict(report))


def _header(report: DemoReport) -> Panel:
    lines = Text()
    lines.append("Providers  ", "bold")
    lines.append("sandboxes on this machine: nothing was sent to anybody\n")
    lines.append("Model      ", "bold")
    if report.model_is_offline:
        lines.append("the offline rules server", "bold yellow")
        lines.append(", not an AI. OPENAI_API_KEY=… make demo asks OpenAI instead.\n")
        lines.append("Costs      what OpenAI would have charged for the same tokens")
    else:
        lines.append("OpenAI", "bold green")
        lines.append(": where it judges differently from the samples, that is reported and does not fail.")
    return Panel(
        lines,
        title=f"Replies from {_and(_titles(report))}, through the whole system",
        box=box.ROUNDED,
        title_align="left",
    )


def _titles(report: DemoReport) -> list[str]:
    return [_title(provider) for provider in report.totals.sent_at]


def _title(provider: str) -> str:
    return PROVIDERS[Provider(provider.upper())].title


def _and(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _table(report: DemoReport, width: int) -> Table:
    marks = _marks(report)
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", show_edge=False, padding=0)
    spare = width - _FIXED_WIDTH
    words = spare * 2 // 5
    table.add_column("#", justify="right", width=3)
    table.add_column("event", width=spare - words)
    table.add_column("response", width=15, overflow="fold")
    table.add_column("ms", justify="right", width=5)
    table.add_column("tag", width=21)
    table.add_column("lead status", width=17)
    table.add_column("suppressed", width=12)
    table.add_column("draft", width=words, no_wrap=True, overflow="ellipsis")
    table.add_column("decision", width=14)
    table.add_column("sent", width=4)
    table.add_column("score", justify="right", width=5)
    table.add_column("cost $", justify="right", width=6)
    for provider, rows in groupby(report.rows, key=lambda row: row.posted.sample.provider):
        table.add_row("", Text(_title(provider), "bold"))
        for row in rows:
            table.add_row(marks[row.posted.number], *_cells(row))
        table.add_section()
    return table


def _list(report: DemoReport) -> Table:
    """Prints the same for a narrow terminal: two or three lines for each event."""
    marks = _marks(report)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(justify="right", width=3)
    table.add_column(ratio=1)
    separator = Text(" · ", "dim")
    provider = ""
    for row in report.rows:
        if row.posted.sample.provider != provider:
            provider = row.posted.sample.provider
            table.add_row("", Text(_title(provider), "bold underline"))
        title, answer, latency, *rest = _cells(row)
        tag, status, suppressed, draft, decision, sent, score, cost = rest
        labelled = (
            tag,
            status,
            suppressed,
            decision,
            Text("sent", "bold green") if sent.plain == "yes" else _plain(None),
            Text(f"score {score}") if score.plain.isdigit() else _plain(None),
            Text(f"${cost}") if row.outcome and cost.plain not in ("–", "") else _plain(None),
        )
        said = [part for part in labelled if part.plain not in ("–", "")]
        lines = [Text("  ").join([Text(title.plain, "bold"), answer, Text(f"{latency} ms")])]
        lines += [separator.join(said)] if said else []
        if draft.plain not in ("–", ""):
            draft.truncate(100, overflow="ellipsis")
            lines.append(Text.assemble("“", draft, "”", style="dim"))
        table.add_row(marks[row.posted.number], Text("\n").join(lines))
    return table


def _marks(report: DemoReport) -> dict[int, Text]:
    """Returns the events' numbers, marked where something is not as expected."""
    marks = {row.posted.number: Text(str(row.posted.number)) for row in report.rows}
    for deviation in sorted(report.deviations, key=lambda one: one.fails):
        if deviation.number is not None:
            mark, style = ("✗", "bold red") if deviation.fails else ("≠", "yellow")
            marks[deviation.number] = Text(f"{mark}{deviation.number}", style)
    return marks


def _cells(row: Row) -> list[Text]:
    posted, outcome, lead = row.posted, row.outcome, row.lead
    cells = [
        Text(_short_title(posted.sample.title)),
        _answer(posted),
        Text(f"{posted.latency_ms:.0f}"),
    ]
    if row.same_as is not None:
        return [*cells, Text(f"= the reply of {row.same_as}", "dim"), *(Text("") for _ in range(7))]
    return [
        *cells,
        Text(posted.reason.replace("_", " "), "dim") if posted.reason else _plain(outcome.tag if outcome else None),
        _plain(lead.status if lead else None),
        Text(lead.suppression_reason, "red") if lead and lead.suppression_reason else _plain(None),
        _first_words(outcome.draft_body if outcome else None),
        _decision(outcome),
        Text("yes", "bold green") if row.was_sent else _plain(None),
        _plain(None if lead is None or lead.overall_score is None else str(lead.overall_score)),
        _plain(None if outcome is None or outcome.cost_usd is None else f"{outcome.cost_usd:.4f}"),
    ]


def _short_title(title: str) -> str:
    """Returns the title, or its part before the colon when it is long."""
    return title if len(title) <= TITLE_WIDTH else title.split(":", 1)[0]


def _answer(posted: Posted) -> Text:
    style = {"accepted": "green", "duplicate": "cyan", "quarantined": "yellow", "ignored": "dim"}
    return Text(posted.answer, style.get(posted.status or "", "red"))


def _plain(value: str | None) -> Text:
    return Text("–", "dim") if value is None else Text(value)


def _first_words(body: str | None) -> Text:
    """Returns the draft's text after its greeting; the table cuts it."""
    if body is None:
        return _plain(None)
    lines = [" ".join(line.split()) for line in body.split("\n") if line.strip()]
    return Text(" ".join(lines[1:] if len(lines) > 1 else lines))


def _decision(outcome: ReplyOutcome | None) -> Text:
    """Returns the decision, and the rule or the confidence behind it."""
    if outcome is None or outcome.action is None:
        return _plain(None)
    text = Text(DECISIONS.get(DecisionAction(outcome.action), outcome.action))
    if outcome.confidence is not None:
        text.append(f" {outcome.confidence:.2f}", "dim")
    elif outcome.rule:
        text.append(f" ({outcome.rule.replace('_', ' ')})", "dim")
    return text


def _legend(report: DemoReport) -> Text:
    """Explains the words that need it; tag to score are those of the end, after everything was processed."""
    rules = {row.outcome.rule for row in report.rows if row.outcome}
    notes = ["score: 1 (poor) to 4 (hot lead)"]
    if "mode" in rules:
        notes.append("review (mode): the campaign is DRAFT_ONLY, a person approves")
    return Text(f"\n{' · '.join(notes)}\n", "dim")


def _totals(report: DemoReport) -> Table:
    totals = report.totals
    latencies = report.latencies_ms
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    table.add_row("events", f"{len(report.rows)}: {_counts(report.answers)}")
    table.add_row("messages", _counts(totals.messages))
    table.add_row("jobs", _counts(totals.jobs))
    taken = ", ".join(f"{count} taken by {_title(provider)}" for provider, count in totals.sent_at.items())
    table.add_row("messages sent", f"{taken}, by our records {totals.sends.get('SENT', 0)}")
    table.add_row("dead letters", _counts(totals.dead_letters) if any(totals.dead_letters.values()) else "none")
    table.add_row("model", f"{totals.model_calls} calls, ${totals.cost_usd:.4f}")
    table.add_row(
        "webhook",
        f"p50 {statistics.median(latencies):.0f} ms, max {max(latencies):.0f} ms (with the function's cold start;"
        " everything runs on this machine at once)",
    )
    table.add_row("duration", f"{totals.duration_s:.0f} s, start of the stack included")
    return table


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"


def _verdict(report: DemoReport) -> Text:
    number = len(report.rows)
    if not report.deviations:
        return Text(f"\n✓ Everything is as the {number} samples expect.", "bold green")
    text = Text("\n")
    titles = {row.posted.number: row.posted.sample.title for row in report.rows}
    for deviation in report.deviations:
        mark, style = ("✗", "bold red") if deviation.fails else ("≠", "yellow")
        where = "in total" if deviation.number is None else f"{deviation.number} {titles[deviation.number]}"
        text.append(f"{mark} {where}", style)
        text.append(f" — {deviation}\n")
    failures = len(report.failures)
    if failures:
        text.append(f"{failures} of these must not be: the demo has failed.", "bold red")
    else:
        text.append(
            "These are judgements of the model that differ from the expected ones; nothing else is off.", "yellow"
        )
    return text
