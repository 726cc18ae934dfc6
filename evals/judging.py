"""Runs the labelled replies through the product's own steps: the certain rules, and the model behind them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from evals.corpus import LabelledReply
from shared.ai.errors import ModelError, ModelUnavailable
from shared.domain.channels import CHANNELS
from shared.domain.judgement.absence import stated_return_date
from shared.domain.judgement.opt_out_evidence import words_occur
from shared.domain.tags import AUTOMATIC_TAGS, DRAFTED_TAGS, with_evidence
from shared.domain.text.email_text import clean_reply, rest_of_mail, sanitize_text
from shared.domain.vocabulary import Channel, Tag
from shared.domain.workspace_settings import Workspace, WorkspaceSettings
from shared.pipelines.people.explain_reply import Classify, ReplyText, explain

# The workspace that the corpus' quoted emails come from.
WORKSPACE = Workspace(
    WorkspaceSettings(
        company_name="Growthline",
        service_description="Sales outreach as a service: we find companies that fit and book meetings with them.",
    )
)

ATTEMPTS = 4  # a rate limit of the real service is waited out
MAX_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class RulesOutcome:
    """The outcome of the certain rules alone. ``tag`` is None where they leave the decision to a model."""

    clean_text: str
    tag: Tag | None
    suppress: bool
    is_auto_reply: bool
    rule: str | None
    evidence: str | None
    return_date: date | None
    hold: bool = False


@dataclass(frozen=True, slots=True)
class FullOutcome:
    """The outcome when a model decides wherever the rules are silent. ``why``: the rule's words or the reason."""

    tag: Tag | None  # None: the model failed, see ``error``
    suppress: bool
    is_auto_reply: bool
    draft: bool
    by_model: bool
    why: str
    error: str | None = None


def judge_by_rules(reply: LabelledReply) -> RulesOutcome:
    """Applies the certain rules and reads the return date that an absence notice states."""
    said = explain(_line(reply))
    tag = _tag(said)
    return RulesOutcome(
        clean_text=said["clean_text"],
        tag=tag,
        suppress=said["suppress"],
        is_auto_reply=said["is_auto_reply"],
        rule=said["rule"],
        evidence=said["evidence"],
        return_date=stated_return_date(said["clean_text"], reply.received_at) if tag is Tag.OUT_OF_OFFICE else None,
        hold=said["hold"],
    )


def judge_words(subject: str, text: str | None, html: str | None, channel: Channel = Channel.EMAIL) -> RulesOutcome:
    """Applies the certain rules to a reply of which only the words are known."""
    said = explain({"channel": channel, "subject": subject, "text": text, "html": html, "event_type": "reply_received"})
    return RulesOutcome(
        clean_text=said["clean_text"],
        tag=_tag(said),
        suppress=said["suppress"],
        is_auto_reply=said["is_auto_reply"],
        rule=said["rule"],
        evidence=said["evidence"],
        return_date=None,
        hold=said["hold"],
    )


def judge_fully(reply: LabelledReply, classify: Classify) -> FullOutcome:
    """Runs the pipeline's own order: certain rules first, the model where they are silent."""
    asked = False

    def noting(text: ReplyText) -> Any:
        nonlocal asked
        asked = True
        return classify(text)

    try:
        said = explain(_line(reply), noting)
    except ModelError as failure:
        return _failed(failure)
    why = said["evidence"] if asked else f"{said['rule']}: {said['evidence']}"
    return _outcome(_tag(said), said["suppress"], said["is_auto_reply"], by_model=asked, why=why or "")


def judge_by_model(reply: LabelledReply, classify: Classify) -> FullOutcome:
    """Asks the model about every reply, also those that a rule would decide."""
    has_quotes = CHANNELS[reply.channel].has_quotes
    subject, cleaned = sanitize_text(reply.subject), clean_reply(reply.text, reply.html, has_quotes=has_quotes)
    quoted = rest_of_mail(cleaned, reply.text, reply.html).quoted if has_quotes else ""
    given = ReplyText(subject, cleaned.text, quoted, reply.meeting_evidence, reply.received_at, channel=reply.channel)
    try:
        verdict = classify(given)
    except ModelError as failure:
        return _failed(failure)
    tag = with_evidence(verdict.tag, meeting_evidence=reply.meeting_evidence)
    suppress = tag is Tag.BLACKLIST and words_occur(verdict.quoted_words, subject=subject, clean_text=cleaned.text)
    why = verdict.quoted_words or verdict.reason
    return _outcome(tag, suppress, tag in AUTOMATIC_TAGS, by_model=True, why=why)


def judge_all[T](
    replies: Sequence[LabelledReply], judge: Callable[[LabelledReply], T], threads: int = 1
) -> Iterator[T]:
    """Yields the outcomes in the order of the replies, as they come in."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        yield from pool.map(judge, replies)


def patient(classify: Classify, sleep: Callable[[float], None] = time.sleep) -> Classify:
    """Wraps ``classify`` so that it is tried again when the model is rate-limited or out of order for a moment."""

    def patiently(reply: ReplyText) -> Any:
        for attempt in range(1, ATTEMPTS):
            try:
                return classify(reply)
            except ModelUnavailable as failure:
                if failure.alarm:  # a wrong key or an empty account: waiting does not help
                    raise
                sleep(min(failure.retry_after_s or 2.0**attempt, MAX_WAIT_S))
        return classify(reply)

    return patiently


def _line(reply: LabelledReply) -> dict[str, Any]:
    return {
        "id": reply.id,
        "channel": reply.channel,
        "subject": reply.subject,
        "text": reply.text,
        "html": reply.html,
        "event_type": reply.event_type,
        "received_at": reply.received_at.isoformat(),
        "meeting_evidence": reply.meeting_evidence,
    }


def _tag(said: dict[str, Any]) -> Tag | None:
    return None if said["tag"] is None else Tag(said["tag"])


def _outcome(tag: Tag | None, suppress: bool, is_auto_reply: bool, *, by_model: bool, why: str) -> FullOutcome:
    draft = tag in DRAFTED_TAGS and not suppress and not is_auto_reply
    return FullOutcome(tag, suppress, is_auto_reply, draft, by_model, why)


def _failed(failure: ModelError) -> FullOutcome:
    return FullOutcome(None, False, False, False, by_model=True, why="", error=str(failure))
