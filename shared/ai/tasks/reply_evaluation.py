"""The evaluation of a draft: what is wrong or delicate about it. It sees what the writer saw, and code decides."""

from __future__ import annotations

from dataclasses import dataclass

from shared.ai.client import ModelClient, Record
from shared.ai.context import to_document
from shared.ai.deadline import Deadline
from shared.ai.prompts import prompt_on
from shared.ai.schemas import ReplyEvaluation
from shared.ai.tasks.draft import DraftInput, draft_document, draft_prefix
from shared.domain.commitments import Commitment
from shared.domain.drafting.findings import Finding

FEATURE = "reply_evaluation"
PROMPT_VERSION = "reply_evaluation.v2"
MAX_OUTPUT_TOKENS = 2_000
TIMEOUT_S = 40.0


@dataclass(frozen=True, slots=True)
class EvaluationInput:
    """``writer`` is what the draft was written from (its tag included), ``subject`` and ``body`` the draft.

    ``promises``: what of the draft's promises is recorded and kept; any other one is a finding.
    """

    writer: DraftInput
    subject: str
    body: str
    promises: tuple[Commitment, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    findings: tuple[Finding, ...]
    confidence: float  # 0 to 1, of the model in its list


def evaluation_document(given: EvaluationInput) -> dict[str, object]:
    """Makes the document that the model is shown behind the workspace's: the writer's, and what it has written."""
    promises = [one.words for one in given.promises]
    draft = {"subject": given.subject, "body": given.body, "promises": promises}
    return {"task": FEATURE, **draft_document(given.writer), "draft": draft}


def evaluate_reply(
    client: ModelClient, given: EvaluationInput, *, model: str, deadline: Deadline, record: Record
) -> EvaluationResult:
    """Asks for the findings about a draft. Raises ModelUnavailable, ModelRejected or OutOfTime; never a yes."""
    prompt = prompt_on(given.writer.reply.channel, PROMPT_VERSION)
    answer = client.parse(
        task=FEATURE,
        prompt_version=prompt.version,
        model=model,
        prefix=draft_prefix(given.writer),
        instructions=prompt.text,
        input_text=to_document(evaluation_document(given)),
        output=ReplyEvaluation,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        deadline=deadline,
        record=record,
        timeout_s=TIMEOUT_S,
    )
    return EvaluationResult(
        findings=tuple(Finding(one.kind, one.words.strip()) for one in answer.findings), confidence=answer.confidence
    )
