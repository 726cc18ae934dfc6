"""Scores a lead from the conversation: fit, intent and overall, 1 to 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.ai.client import ModelClient, Record
from shared.ai.context import (
    MAX_FIELD,
    LeadFacts,
    ThreadMessage,
    render_company,
    render_lead,
    render_now,
    render_thread,
    shorten,
    to_document,
    zone_of,
)
from shared.ai.deadline import Deadline
from shared.ai.prompts import load_prompt
from shared.domain.vocabulary import Tag
from shared.domain.workspace_settings import Workspace

FEATURE = "lead_score"
PROMPT_VERSION = "lead_score.v1"
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


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """Each score from 1 (low) to 4 (high)."""

    fit: int
    intent: int
    overall: int
    reason: str


class LeadScore(BaseModel):
    """The answer's schema. The reason comes first, so that the numbers follow from it."""

    model_config = ConfigDict(extra="forbid")

    reason: str
    fit: Literal[1, 2, 3, 4]
    intent: Literal[1, 2, 3, 4]
    overall: Literal[1, 2, 3, 4]


def score_document(given: ScoreInput) -> dict[str, object]:
    """Makes the document that the model is shown. A long thread is cut at its old end: a score is about today."""
    company = render_company(given.workspace)
    return {
        "company": {"name": company["name"], "service_description": company["service_description"]},
        "ideal_customer_profile": shorten(given.workspace.settings.ideal_customer_profile.strip(), MAX_FIELD),
        "qualification_questions": company["qualification_questions"],
        "lead": render_lead(given.lead),
        "thread": render_thread(
            sorted(given.thread, key=lambda message: message.at), zone_of(given.workspace.settings.timezone)
        ),
        "tag": given.tag.value if given.tag else "",
        **render_now(given.now, given.workspace.settings),
    }


def score_lead(
    client: ModelClient, given: ScoreInput, *, model: str, deadline: Deadline, record: Record
) -> ScoreResult:
    """Fit, intent and overall of a lead. Raises ModelUnavailable, ModelRejected or OutOfTime."""
    answer = client.parse(
        task=FEATURE,
        prompt_version=PROMPT_VERSION,
        model=model,
        instructions=load_prompt(PROMPT_VERSION),
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
