"""The form of results: JSON for programs, tables for people. Standard output carries the result and nothing else."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_NUMBERS = frozenset(
    {
        "attempts",
        "confidence",
        "threshold",
        "bytes",
        "tokens in",
        "tokens out",
        "USD",
        "ms",
        "token version",
        "messages",
    }
)
# Names of people and things, and words of which the beginning will do, are cut; prose of ours wraps instead.
_NAMES = frozenset({"lead", "name", "event", "posts to", "rule", "sequence", "decided by"})
_WORDS = frozenset(
    {"draft", "text", "subject", "words", "detail", "error", "last error", "result, error or wait", "result"}
)
_PROSE = frozenset({"value", "meaning", "finding", "what to do"})
MIN_NAME_WIDTH, MIN_WORDS_WIDTH = 14, 16  # columns
COLUMN_GAP = 2

PIPED_WIDTH = 170  # columns when nobody's terminal decides: a file is not wrapped to 80

# What a lead writes ends up in an operator's terminal: escape sequences and direction overrides must not.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

STATUS_STYLES: Mapping[str, str] = {
    **dict.fromkeys(("SUCCEEDED", "SENT", "ACCEPTED", "COMPLETED", "AUTO_SEND", "ok", "active"), "green"),
    **dict.fromkeys(("PENDING", "RUNNING", "APPROVED", "SENDING", "ACTIVE", "INTENDED", "QUEUED"), "cyan"),
    **dict.fromkeys(("NEEDS_REVIEW", "UNCERTAIN", "SEND_UNCERTAIN", "QUARANTINED", "PAUSED", "warning"), "yellow"),
    **dict.fromkeys(
        ("FAILED", "SEND_FAILED", "REFUSED", "REJECTED", "ERROR", "failed", "disabled", "suppressed"), "red"
    ),
    **dict.fromkeys(("SUPERSEDED", "DUPLICATE", "IGNORED", "CANCELLED", "DRAFT_ONLY"), "dim"),
}


def console(*, stderr: bool = False) -> Console:
    """Returns a console of the terminal's width, or of PIPED_WIDTH when the output goes to a file or a pipe."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PIPED_WIDTH, highlight=False, soft_wrap=False)


def plain(value: Any) -> Any:
    """Converts ``value`` to JSON's types: dataclasses to objects, times to ISO 8601 in UTC, ids and enums to text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(entry) for key, entry in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Iterable):
        return [plain(entry) for entry in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def print_json(value: Any) -> None:
    """Prints one JSON document; pure ASCII, so that no locale of a pipe can break it."""
    sys.stdout.write(json.dumps(plain(value), indent=2) + "\n")


def visible(value: object) -> str:
    """Makes ``value`` one terminal-safe text: nothing in it can move a cursor, change a colour or reverse a line."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value).replace("\r\n", "\n"))


def cell(value: object) -> Text:
    """Returns a table's cell: a dash for nothing, UTC to the second for times, states in their colour."""
    if value is None or value == "":
        return Text("–", style="dim")
    if isinstance(value, Text):
        return value
    if isinstance(value, datetime):
        return Text(f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}")
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if isinstance(value, float):
        return Text(f"{value:.2f}")
    text = visible(value.value if isinstance(value, Enum) else value)
    return Text(text, style=STATUS_STYLES.get(text, ""))


def shorten(value: str | None, limit: int) -> str | None:
    """Returns the first ``limit`` characters on one line, with an ellipsis when something is missing."""
    if value is None:
        return None
    line = " ".join(value.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Prints a line for each row; words are cut to the space that is left, ids and states are shown in full.

    Where the terminal is too narrow for that, each row becomes a block of names and values. ``empty`` is the text for
    no rows.
    """
    listed = [list(row) for row in rows]
    if not listed:
        console().print(Text(empty, style="dim"))
        return
    out = console()
    cells = [[_short_time(value) if isinstance(value, datetime) else cell(value) for value in row] for row in listed]
    widths = _column_widths(columns, cells, out.width)
    if widths is None:
        for number, values in enumerate(listed):
            if number:
                out.print()
            print_facts({name: cell(value) for name, value in zip(columns, values, strict=True)})
        return
    table = Table(
        box=box.SIMPLE_HEAD, header_style="bold", show_edge=False, pad_edge=False, padding=(0, COLUMN_GAP - 1, 0, 0)
    )
    for name, width in zip(columns, widths, strict=True):
        is_prose = name in _PROSE
        table.add_column(
            name,
            width=width,
            no_wrap=not is_prose,
            overflow="fold" if is_prose else "ellipsis",
            justify="right" if name in _NUMBERS else "left",
        )
    for row in cells:
        table.add_row(*row)
    out.print(table)


def _column_widths(columns: Sequence[str], cells: Sequence[Sequence[Text]], available: int) -> list[int] | None:
    """Returns the width of each column in terminal columns; None when they do not fit.

    A column that cannot be cut is as wide as its widest cell. The rest goes to names, then to words and prose.
    """
    wanted = [max(cell_len(name), *(cell_len(row[at].plain) for row in cells)) for at, name in enumerate(columns)]
    least = {at: MIN_NAME_WIDTH for at, name in enumerate(columns) if name in _NAMES}
    least |= {at: MIN_WORDS_WIDTH for at, name in enumerate(columns) if name in _WORDS | _PROSE}
    widths = [min(wanted[at], least.get(at, wanted[at])) for at in range(len(columns))]
    spare = available - sum(widths) - COLUMN_GAP * (len(columns) - 1)
    if spare < 0:
        return None
    for group in (_NAMES, _WORDS | _PROSE):
        growing = [at for at, name in enumerate(columns) if name in group]
        while spare and (growing := [at for at in growing if widths[at] < wanted[at]]):
            share = max(1, spare // len(growing))
            for at in growing:
                more = min(share, wanted[at] - widths[at], spare)
                widths[at] += more
                spare -= more
    return widths


def _short_time(value: datetime) -> Text:
    return Text(f"{value.astimezone(UTC):%m-%d %H:%M:%S}")


def print_facts(facts: Mapping[str, object]) -> None:
    """Prints names and values below each other; None is left out."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        if value is not None and value != "":
            table.add_row(name, cell(value))
    console().print(table)


def print_heading(title: str) -> None:
    console().print(Text(f"\n{title}", style="bold underline"))


def print_text(body: str | None) -> None:
    """Prints a text of an email, indented."""
    for line in visible(body or "(empty)").split("\n"):
        console().print(Text("  " + line.expandtabs(4)), soft_wrap=True)


def say(sentence: str, *, stderr: bool = False) -> None:
    """Reports an action in one line, for a person."""
    console(stderr=stderr).print(Text(visible(sentence)), soft_wrap=True)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Shows a bar on standard error while somebody is watching; yields a function to be called once per piece."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=total)
        yield lambda: bars.advance(task)


def report_error(sentence: str, remedy: str, *, as_json: bool) -> None:
    """Reports the error on standard error: standard output carries results only."""
    if as_json:
        sys.stderr.write(json.dumps({"error": sentence, "remedy": remedy or None}) + "\n")
        return
    errors = console(stderr=True)
    errors.print(Text.assemble(("Error: ", "bold red"), visible(sentence)), soft_wrap=True)
    if remedy:
        errors.print(Text(visible(remedy), style="dim"), soft_wrap=True)
