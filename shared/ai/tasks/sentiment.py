"""The meaning of a reply as a model sees it: one tag, with the words that support an opt-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.ai.client import ModelClient, Record
from shared.ai.context import (
    LeadFacts,
    ThreadMessage,
    render_company,
    render_conversation,
    render_lead,
    render_now,
    to_document,
    zone_of,
)
from shared.ai.deadline import Deadline
from shared.ai.prompts import load_prompt
from shared.domain.vocabulary import Tag
from shared.domain.workspace_settings import Workspace

FEATURE = "sentiment"
PROMPT_VERSION = "sentiment.v1"
MAX_OUTPUT_TOKENS = 1_500
TIMEOUT_S = 40.0
MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class SentimentInput:
    """``history`` may be in any order and may hold the reply; ``meeting_is_booked`` is the provider's evidence."""

    reply: ThreadMessage
    history: Sequence[ThreadMessage]
    workspace: Workspace
    lead: LeadFacts
    now: datetime
    quoted_original: str = ""
    meeting_is_booked: bool = False


@dataclass(frozen=True, slots=True)
class SentimentResult:
    tag: Tag
    reason: str
    quoted_words: str  # the lead's exact words behind a Blacklist as the model quotes them; else empty


class Sentiment(BaseModel):
    """The answer's schema. The reason comes first: what is written earlier steers what follows."""

    model_config = ConfigDict(extra="forbid")

    reason: str
    tag: Tag
    quoted_words: str


def sentiment_document(given: SentimentInput) -> dict[str, object]:
    """Makes the document that the model is shown."""
    company, settings = render_company(given.workspace), given.workspace.settings
    return {
        "company": {"name": company["name"], "service_description": company["service_description"]},
        "lead": render_lead(given.lead),
        **render_conversation(given.history, given.reply, given.quoted_original, zone_of(settings.timezone)),
        "meeting_is_booked": given.meeting_is_booked,
        **render_now(given.now, settings),
    }


def classify_sentiment(
    client: ModelClient, given: SentimentInput, *, model: str, deadline: Deadline, record: Record
) -> SentimentResult:
    """Asks for the tag of a reply. Raises ModelUnavailable, ModelRejected or OutOfTime; a failure is never a tag."""
    answer = client.parse(
        task=FEATURE,
        prompt_version=PROMPT_VERSION,
        model=model,
        instructions=load_prompt(PROMPT_VERSION),
        input_text=to_document(sentiment_document(given)),
        output=Sentiment,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        deadline=deadline,
        record=record,
        timeout_s=TIMEOUT_S,
    )
    return SentimentResult(
        tag=answer.tag,
        reason=answer.reason.strip()[:MAX_REASON],
        quoted_words=answer.quoted_words.strip() if answer.tag is Tag.BLACKLIST else "",
    )
