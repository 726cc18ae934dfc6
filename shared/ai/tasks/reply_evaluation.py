"""Judges whether a draft may be sent unread. It sees what the writer saw, so it does not doubt what it cannot know."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from shared.ai.client import ModelClient, Record
from shared.ai.context import to_document
from shared.ai.deadline import Deadline
from shared.ai.prompts import load_prompt
from shared.ai.tasks.draft import DraftInput, draft_document

FEATURE = "reply_evaluation"
PROMPT_VERSION = "reply_evaluation.v1"
MAX_OUTPUT_TOKENS = 2_000
TIMEOUT_S = 40.0
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class EvaluationInput:
    """``writer`` is what the draft was written from (its tag included), ``subject`` and ``body`` the draft."""

    writer: DraftInput
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    safe: bool
    requires_human_review: bool
    confidence: float  # 0 to 1
    reason: str


class ReplyEvaluation(BaseModel):
    """The schema of the model's response. The reason comes first, so that the verdict follows from it."""

    model_config = ConfigDict(extra="forbid")

    reason: str
    safe: bool
    requires_human_review: bool
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)


def evaluate_reply(
    client: ModelClient, given: EvaluationInput, *, model: str, deadline: Deadline, record: Record
) -> EvaluationResult:
    """Asks for the verdict about a draft. Raises ModelUnavailable, ModelRejected or OutOfTime; never a yes."""
    document = draft_document(given.writer) | {"draft": {"subject": given.subject, "body": given.body}}
    answer = client.parse(
        task=FEATURE,
        prompt_version=PROMPT_VERSION,
        model=model,
        instructions=load_prompt(PROMPT_VERSION),
        input_text=to_document(document),
        output=ReplyEvaluation,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        deadline=deadline,
        record=record,
        timeout_s=TIMEOUT_S,
    )
    return EvaluationResult(
        safe=answer.safe,
        requires_human_review=answer.requires_human_review,
        confidence=answer.confidence,
        reason=answer.reason.strip()[:MAX_REASON],
    )
