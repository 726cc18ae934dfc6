"""Evaluates the labelled replies and reports the figures: ``python -m evals``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from evals.corpus import CorpusError, LabelledReply, load_corpus, select
from evals.draft_checks import judge_drafts, load_drafts
from evals.evaluations import Evaluated, evaluate_all, evaluations_json, show_evaluations
from evals.judging import (
    WORKSPACE,
    FullOutcome,
    RulesOutcome,
    judge_all,
    judge_by_model,
    judge_by_rules,
    judge_fully,
    patient,
)
from evals.model_cost import cost_per_reply, show_cost
from evals.offline_model import offline_model
from evals.opt_outs import over_everything
from evals.report import ModelUse, Report, show, to_json
from shared.ai.client import ModelClient
from shared.ai.models import SENTIMENT_MODEL
from shared.domain.interaction import Interaction
from shared.pipelines.people.explain_reply import Classify, model_classifier

OK, BELOW_THE_BAR, MISUSED = 0, 1, 2
PIPED_WIDTH = 150
OFFLINE_KEY = "offline"  # the stand-in takes any key


class Only(StrEnum):
    """The half of the pipeline to measure."""

    RULES = "rules"
    MODEL = "model"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def evaluate(
    only: Annotated[
        Only | None,
        typer.Option(
            help="Only the certain rules, or only the model (which then decides what rules would decide, too)."
        ),
    ] = None,
    no_model: Annotated[bool, typer.Option("--no-model", help="The same as --only rules.")] = False,
    group: Annotated[list[str] | None, typer.Option(help="Only this group; may be repeated.")] = None,
    id_: Annotated[list[str] | None, typer.Option("--id", help="Only this reply; may be repeated.")] = None,
    model: Annotated[str, typer.Option(help="The model that classifies.")] = SENTIMENT_MODEL,
    concurrency: Annotated[int, typer.Option(min=1, max=32, help="Calls of the model at a time.")] = 4,
    show_held_out: Annotated[
        bool,
        typer.Option("--show-held-out", help="Show the misses of held-out replies, which ends their being held out."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one JSON object.")] = False,
) -> None:
    """Runs the labelled replies through the certain rules and a model, and reports the figures.

    With OPENAI_API_KEY a real model is asked (and paid for), else the offline stand-in.

    Exit code 1: the rules are below the bar, or the model gave no result for a reply. 2: wrong use.
    """
    if no_model and only is Only.MODEL:
        _stop("--no-model and --only model exclude each other")
    with_rules = only is not Only.MODEL
    with_model = only is not Only.RULES and not no_model
    try:
        replies = select(load_corpus(), groups=group or (), ids=id_ or ())
    except CorpusError as failure:
        _stop(str(failure))

    errors = Console(stderr=True)
    rules: list[RulesOutcome] | None = None
    full: list[FullOutcome] | None = None
    evaluated: list[Evaluated] = []
    is_whole = not (group or id_)
    use: ModelUse | None = None
    with _progress(errors) as progress:
        if with_rules:
            rules = list(progress.track(map(judge_by_rules, replies), total=len(replies), description="rules"))
        if with_model:
            full, use, evaluated = _ask_model(
                replies, model, concurrency, progress, alone=only is Only.MODEL, with_drafts=is_whole
            )
    opt_outs = over_everything(replies, rules) if is_whole and rules is not None else {}
    drafts = judge_drafts(load_drafts()) if is_whole and rules is not None else []
    report = Report(replies, rules, full, use, is_whole, show_held_out or bool(id_), opt_outs, drafts)
    if as_json:
        more = {"evaluations": evaluations_json(evaluated), "cost": cost_per_reply()}
        print(json.dumps(to_json(report) | more, ensure_ascii=False, indent=2))
    else:
        console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
        show(report, console)
        if evaluated:
            show_evaluations(evaluated, console)
        show_cost(console)
    raise typer.Exit(OK if report.passed and cost_per_reply()["passed"] else BELOW_THE_BAR)


def _ask_model(
    replies: Sequence[LabelledReply],
    model: str,
    concurrency: int,
    progress: Progress,
    *,
    alone: bool,
    with_drafts: bool,
) -> tuple[list[FullOutcome], ModelUse, list[Evaluated]]:
    interactions: list[Interaction] = []
    api_key = os.environ.get("OPENAI_API_KEY", "").strip()
    with _service(api_key) as base_url:
        client = ModelClient(api_key or OFFLINE_KEY, base_url)
        try:
            classify: Classify = model_classifier(client, record=interactions.append, model=model, workspace=WORKSPACE)
            if api_key:
                classify = patient(classify)

            def judge(reply: LabelledReply) -> FullOutcome:
                if alone:
                    return judge_by_model(reply, classify)
                return judge_fully(reply, classify)

            judged = judge_all(replies, judge, concurrency)
            outcomes = list(progress.track(judged, total=len(replies), description="model"))
            evaluated = evaluate_all(client, interactions.append, concurrency=concurrency) if with_drafts else []
        finally:
            client.close()
    name = model if api_key else "offline stand-in"
    return outcomes, ModelUse.of(name, interactions, is_stand_in=not api_key), evaluated


@contextmanager
def _service(api_key: str) -> Iterator[str | None]:
    """Yields the base URL to ask: OpenAI's (or OPENAI_BASE_URL's) with a key, else the stand-in's."""
    base_url = os.environ.get("OPENAI_BASE_URL") or None
    with nullcontext(base_url) if api_key else offline_model() as url:
        yield url


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _stop(message: str) -> None:
    Console(stderr=True).print(message, style="red", markup=False)
    raise typer.Exit(MISUSED)


def main() -> None:
    """Runs ``python -m evals``."""
    app(prog_name="python -m evals")
