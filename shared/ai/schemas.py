"""The responses of models: one schema for all tasks, of which each fills its own part.

A schema stands before everything else that a model reads, so tasks with schemas of their own would share no cached
prefix, not even with the same workspace behind it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.commitments import CommitmentKind
from shared.domain.drafting.findings import FindingKind
from shared.domain.judgement.opt_out_evidence import OptOutVerdict
from shared.domain.vocabulary import Tag


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Sentiment(_Strict):
    """A reply's tag. The reasons come first: what is written earlier steers what follows."""

    reason: str
    tag: Tag
    opt_out_reason: str
    opt_out: OptOutVerdict
    quoted_words: str


class AskedQuestion(_Strict):
    asked: str
    answered: str
    source: str


class Promise(_Strict):
    kind: CommitmentKind
    words: str
    due: str  # an ISO date, or empty


class Draft(_Strict):
    """A draft. What was asked comes first, so the text follows from it."""

    language: str
    questions: list[AskedQuestion]
    greeting: str
    body: str
    closing: str
    we_owe: list[Promise]


class FoundInDraft(_Strict):
    words: str
    kind: FindingKind


class ReplyEvaluation(_Strict):
    """An evaluation. The findings come first, so the confidence follows from them."""

    findings: list[FoundInDraft]
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)


class LeadScore(_Strict):
    """A score. The reason comes first, so that the numbers follow from it."""

    reason: str
    fit: Literal[1, 2, 3, 4]
    intent: Literal[1, 2, 3, 4]
    overall: Literal[1, 2, 3, 4]


class ModelResponse(_Strict):
    """A model's response to any task."""

    response: Sentiment | Draft | ReplyEvaluation | LeadScore
