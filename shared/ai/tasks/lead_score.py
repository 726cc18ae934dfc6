"""Scores a lead from the conversation: fit, intent and overall, 1 to 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.ai.client import ModelClient, Record
from shared.ai.context import (
    LeadFacts,
    ThreadMessage,
    render_lead,
    render_now,
    render_quote,
    render_thread,
    to_document,
    wanted,
    zone_of,
)
from shared.ai.deadline import Deadline
from shared.ai.prompts import prompt_on
from shared.ai.schemas import LeadScore
from shared.ai.workspace_prefix import prefix_for
from shared.domain.vocabulary import Tag
from shared.domain.workspace_settings import Workspace

FEATURE = "lead_score"
PROMPT_VERSION = "lead_score.v2"
MAX_OUTPUT_TOKENS = 1_500
TIMEOUT_S = 30.0
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class ScoreInput:
    """``thread`` is the whole conversation in any order, the newest reply included."""

    thread: Sequence[ThreadMessage]
    workspace: Workspace
    lead: LeadFacts
    now: datetime
    tag: Tag | None = None
    quoted_original: str = ""


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """Each score from 1 (low) to 4 (high)."""

    fit: int
    intent: int
    overall: int
    reason: str


def score_document(given: ScoreInput) -> dict[str, object]:
    """Makes the document that the model is shown. A long thread is cut at its old end: a score is about today."""
    thread = sorted(given.thread, key=lambda message: message.at)
    return {
        "task": FEATURE,
        **render_lead(given.lead),
        "thread": render_thread(thread, zone_of(given.workspace.settings.timezone), channel=_newest(given).channel),
        "quoted_original": render_quote(given.quoted_original, thread),
        "tag": given.tag.value if given.tag else "",
        **render_now(given.now, given.workspace.settings),
    }


def _newest(given: ScoreInput) -> ThreadMessage:
    return max(given.thread, key=lambda message: message.at)


def score_lead(
    client: ModelClient, given: ScoreInput, *, model: str, deadline: Deadline, record: Record
) -> ScoreResult:
    """Fit, intent and overall of a lead. Raises ModelUnavailable, ModelRejected or OutOfTime."""
    prompt = prompt_on(_newest(given).channel, PROMPT_VERSION)
    answer = client.parse(
        task=FEATURE,
        prompt_version=prompt.version,
        model=model,
        prefix=prefix_for(given.workspace, wanted(_newest(given), given.quoted_original)),
        instructions=prompt.text,
        input_text=to_document(score_document(given)),
        output=LeadScore,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        deadline=deadline,
        record=record,
        timeout_s=TIMEOUT_S,
    )
    return ScoreResult(
        fit=answer.fit, intent=answer.intent, overall=answer.overall, reason=answer.reason.strip()[:MAX_REASON]
    )
