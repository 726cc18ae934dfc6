"""The meaning of a reply as a model sees it: one tag, with the words that support an opt-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.ai.client import ModelClient, Record
from shared.ai.context import (
    LeadFacts,
    ThreadMessage,
    render_conversation,
    render_lead,
    render_now,
    to_document,
    wanted,
    zone_of,
)
from shared.ai.deadline import Deadline
from shared.ai.prompts import prompt_on
from shared.ai.schemas import Sentiment
from shared.ai.workspace_prefix import prefix_for
from shared.domain.judgement.opt_out_evidence import OptOutVerdict
from shared.domain.vocabulary import Tag
from shared.domain.workspace_settings import Workspace

FEATURE = "sentiment"
PROMPT_VERSION = "sentiment.v2"
MAX_OUTPUT_TOKENS = 1_500
TIMEOUT_S = 40.0
MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class SentimentInput:
    """``history`` may be in any order and may hold the reply; ``meeting_is_booked`` is the provider's evidence.

    ``suspected``: the words of the reply that may be an opt-out, for which the lead is held; else empty.
    """

    reply: ThreadMessage
    history: Sequence[ThreadMessage]
    workspace: Workspace
    lead: LeadFacts
    now: datetime
    quoted_original: str = ""
    meeting_is_booked: bool = False
    suspected: str = ""


@dataclass(frozen=True, slots=True)
class SentimentResult:
    """A reply's tag, and the verdict about a suspected opt-out (NONE where nothing was suspected).

    ``quoted_words``: the lead's words behind a Blacklist, or behind the verdict, as the model quotes them; else empty.
    """

    tag: Tag
    reason: str
    quoted_words: str
    opt_out: OptOutVerdict = OptOutVerdict.NONE
    opt_out_reason: str = ""


def sentiment_document(given: SentimentInput) -> dict[str, object]:
    """Makes the document that the model is shown behind the workspace's."""
    settings = given.workspace.settings
    return {
        "task": FEATURE,
        **render_lead(given.lead),
        **render_conversation(given.history, given.reply, given.quoted_original, zone_of(settings.timezone)),
        "meeting_is_booked": given.meeting_is_booked,
        "suspected": given.suspected,
        **render_now(given.now, settings),
    }


def classify_sentiment(
    client: ModelClient, given: SentimentInput, *, model: str, deadline: Deadline, record: Record
) -> SentimentResult:
    """Asks for the tag of a reply. Raises ModelUnavailable, ModelRejected or OutOfTime; a failure is never a tag."""
    prompt = prompt_on(given.reply.channel, PROMPT_VERSION)
    answer = client.parse(
        task=FEATURE,
        prompt_version=prompt.version,
        model=model,
        prefix=prefix_for(given.workspace, wanted(given.reply, given.quoted_original)),
        instructions=prompt.text,
        input_text=to_document(sentiment_document(given)),
        output=Sentiment,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        deadline=deadline,
        record=record,
        timeout_s=TIMEOUT_S,
    )
    verdict = _verdict(answer, asked=bool(given.suspected))
    is_about_an_opt_out = answer.tag is Tag.BLACKLIST or verdict is not OptOutVerdict.NONE
    return SentimentResult(
        tag=answer.tag,
        reason=answer.reason.strip()[:MAX_REASON],
        quoted_words=answer.quoted_words.strip() if is_about_an_opt_out else "",
        opt_out=verdict,
        opt_out_reason=answer.opt_out_reason.strip()[:MAX_REASON] if verdict is not OptOutVerdict.NONE else "",
    )


def _verdict(answer: Sentiment, *, asked: bool) -> OptOutVerdict:
    """Reads the verdict: none was asked for, or one that contradicts its tag or gives no reason leaves it open."""
    if not asked:
        return OptOutVerdict.NONE
    contradicts = (answer.opt_out is OptOutVerdict.CONFIRMED) != (answer.tag is Tag.BLACKLIST)
    is_unfounded = not answer.opt_out_reason.strip()
    if answer.opt_out is OptOutVerdict.NONE or contradicts or is_unfounded:
        return OptOutVerdict.UNCLEAR
    return answer.opt_out
