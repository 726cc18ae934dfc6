"""What a drafted and evaluated reply costs: the product's own requests, counted, at the prices of shared/ai/models.py.

The assumptions are the constants below. A token is taken as four characters; OpenAI's o200k_base gives 4.2 for our
prompts and 3.7 for mixed European prose. Reasoning is output. Nothing here was measured with a real model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.evaluations import NOW, load_seeded_drafts
from shared.ai.client import schema_chars
from shared.ai.context import ThreadMessage, to_document
from shared.ai.models import DRAFT_MODEL, EVALUATION_MODEL, SCORING_MODEL, SENTIMENT_MODEL, Usage, cost
from shared.ai.prompts import load_prompt
from shared.ai.tasks import draft, lead_score, reply_evaluation, sentiment
from shared.ai.tasks.lead_score import ScoreInput, score_document
from shared.ai.tasks.reply_evaluation import EvaluationInput, evaluation_document
from shared.ai.tasks.sentiment import SentimentInput, sentiment_document
from shared.ai.workspace_prefix import prefix_for
from shared.domain.vocabulary import Direction
from shared.domain.workspace_settings import KnowledgeText

CHARS_PER_TOKEN = 4
KNOWLEDGE_TOKENS = 2_000
OUTPUT_TOKENS = {sentiment.FEATURE: 90, draft.FEATURE: 420, reply_evaluation.FEATURE: 160, lead_score.FEATURE: 110}
REPAIRED = Decimal("0.10")  # of drafts: written a second time
CACHED_HOURS = 0.5  # for which OpenAI keeps a beginning at least
DAY_HOURS = 8.0
REPLIES_A_DAY = (5, 20, 50)  # drafted ones of a workspace, at random moments of a working day
JUDGED_AT = 20  # of these a day the budget is for: a workspace with fewer finds its texts in the cache less often
BUDGET_USD = Decimal("0.007")

_REPLY = "Hi Mara,\n\nthanks. What would this cost for our three channels, and how long does it take?\n\nAnna"


@dataclass(frozen=True, slots=True)
class _Call:
    task: str
    model: str
    document: dict[str, object]


def _tokens(chars: int) -> int:
    return -(-chars // CHARS_PER_TOKEN)


def _calls() -> tuple[list[_Call], str]:
    """Makes the four requests about one reply, at KNOWLEDGE_TOKENS of knowledge, and the prefix before them."""
    one = next(draft for draft in load_seeded_drafts() if draft.expect is None).given
    text = ("Our onboarding, limits and terms are described in plain sentences like this one. " * 200)[
        : KNOWLEDGE_TOKENS * CHARS_PER_TOKEN
    ]
    workspace = replace(one.writer.workspace, knowledge=(KnowledgeText("Handbook", text),))
    reply = ThreadMessage(Direction.INBOUND, NOW, "Re: your ads", _REPLY)
    writer = replace(one.writer, workspace=workspace, reply=reply)
    prefix = prefix_for(workspace, _REPLY)
    calls = [
        _Call(
            sentiment.FEATURE,
            SENTIMENT_MODEL,
            sentiment_document(SentimentInput(reply, writer.history, workspace, writer.lead, NOW)),
        ),
        _Call(draft.FEATURE, DRAFT_MODEL, {"task": draft.FEATURE, **draft.draft_document(writer)}),
        _Call(
            reply_evaluation.FEATURE,
            EVALUATION_MODEL,
            evaluation_document(EvaluationInput(writer, one.subject, f"{one.body} {_REPLY}")),
        ),
        _Call(
            lead_score.FEATURE,
            SCORING_MODEL,
            score_document(ScoreInput([*writer.history, reply], workspace, writer.lead, NOW)),
        ),
    ]
    return calls, prefix.instructions + prefix.document


def cost_per_reply() -> dict[str, Any]:
    """Computes the cost of a drafted and evaluated reply in USD: with a cold cache, a warm one, and on average."""
    calls, shared_text = _calls()
    versions = {task.FEATURE: task.PROMPT_VERSION for task in (sentiment, draft, reply_evaluation, lead_score)}
    prefix = _tokens(len(shared_text) + schema_chars())
    sums = {"cold": Decimal(0), "warm": Decimal(0)}
    tasks: dict[str, dict[str, Any]] = {}
    for state in sums:
        cached_models: set[str] = set()
        for call in calls:
            prompt, case = _tokens(len(load_prompt(versions[call.task]))), _tokens(len(to_document(call.document)))
            has_prefix = state == "warm" or call.model in cached_models
            cached_models.add(call.model)
            read = (prefix if has_prefix else 0) + (prompt if state == "warm" else 0)
            usage = Usage(
                input_tokens=prefix + prompt + case,
                cached_tokens=read,
                cache_write_tokens=prefix + prompt - read,
                output_tokens=OUTPUT_TOKENS[call.task],
            )
            usd = cost(call.model, usage) or Decimal(0)
            if call.task == draft.FEATURE:  # a repair finds prefix and prompt in the cache
                again = replace(usage, cached_tokens=prefix + prompt, cache_write_tokens=0)
                usd += REPAIRED * (cost(call.model, again) or Decimal(0))
            sums[state] += usd
            row = tasks.setdefault(call.task, {"model": call.model, "prefix": prefix, "prompt": prompt, "case": case})
            row["output"] = OUTPUT_TOKENS[call.task]
            row[state] = float(usd)
    averages = {}
    for replies in REPLIES_A_DAY:
        warm = Decimal(1 - math.exp(-replies * CACHED_HOURS / DAY_HOURS))  # another one came in the half hour before
        averages[replies] = warm * sums["warm"] + (1 - warm) * sums["cold"]
    return {
        "tasks": tasks,
        "cold": float(sums["cold"]),
        "warm": float(sums["warm"]),
        "average_by_replies_a_day": {replies: round(float(usd), 5) for replies, usd in averages.items()},
        "budget": float(BUDGET_USD),
        "passed": averages[JUDGED_AT] <= BUDGET_USD,
    }


def show_cost(console: Console) -> None:
    """Prints the table of tokens and costs, and the verdict about the budget."""
    computed = cost_per_reply()
    table = Table(
        title=f"Cost of a drafted and evaluated reply at {KNOWLEDGE_TOKENS:,} tokens of knowledge, computed",
        title_justify="left",
        box=None,
    )
    names = ("model", "prefix", "prompt", "case", "output", "cold", "warm")
    table.add_column("task")
    for name in names:
        table.add_column(name, justify="left" if name == "model" else "right")
    for task, row in computed["tasks"].items():
        table.add_row(task, *(f"{row[n]:.5f}" if n in ("cold", "warm") else str(row[n]) for n in names))
    table.add_row("sum", *[""] * 5, f"{computed['cold']:.5f}", f"{computed['warm']:.5f}")
    console.print()
    console.print(table)
    averages = computed["average_by_replies_a_day"].items()
    console.print(
        f"on average, by drafted replies a day: {', '.join(f'{replies}: $ {usd:.4f}' for replies, usd in averages)};"
        f" {REPAIRED:.0%} of drafts repaired (budget $ {BUDGET_USD} at {JUDGED_AT})",
        soft_wrap=True,
    )
