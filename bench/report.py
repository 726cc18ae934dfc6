"""The budgets, the measurements and the verdict."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Result:
    """One row of the table; ``kept`` None when there was nothing to measure."""

    what: str
    budget: str
    measured: str
    kept: bool | None
    details: str = ""


def within(what: str, most: int, measured: int) -> Result:
    """A number that must not pass ``most``."""
    return Result(what, f"≤ {most}", str(measured), measured <= most)


def p50(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


def interleaved(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Returns the median times of two functions in seconds, run in turns, either first, so that both meet the same."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        for call, taken in list(zip((first, second), times, strict=True))[:: 1 if number % 2 else -1]:
            began = perf_counter()
            call()
            taken.append(perf_counter() - began)
    return p50(times[0]), p50(times[1])


def print_results(console: Console, results: Sequence[Result]) -> None:
    table = Table(title="Budgets", title_justify="left")
    for column in ("what", "budget", "measured", "verdict", "details"):
        table.add_column(column)
    for result in results:
        verdict = {True: "[green]kept", False: "[red]broken", None: "[yellow]not measured"}[result.kept]
        table.add_row(result.what, result.budget, result.measured, verdict, result.details)
    console.print(table)
