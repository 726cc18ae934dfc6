"""Decides the tag of a reply, and whether the reply suppresses its lead: one order for intake, processing and explain.

What is known of the message comes first, unless a certain rule knows more by now; then the certain rules; then the
empty reply; and only then a model, whose opt-out needs the lead's own words.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.judgement.certain_rules import PROVIDER_RULE, Judgement
from shared.domain.vocabulary import SentimentSource, SuppressionReason, Tag

EMPTY_RULE = "empty"
MODEL_RULE = "model"
KNOWN_RULE = "known"


@dataclass(frozen=True, slots=True)
class KnownTag:
    """The tag that a message has already, and who gave it."""

    tag: Tag
    source: SentimentSource


@dataclass(frozen=True, slots=True)
class DecidedTag:
    """``rule`` is the id of the rule that decided; ``words`` what it found in the reply."""

    tag: Tag
    source: SentimentSource
    rule: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class SuppressionGround:
    """The ground of a reply's suppression: the reason, the rule, and the lead's words that it found."""

    reason: SuppressionReason
    rule: str
    words: str


def tag_without_model(
    judgement: Judgement, clean_text: str, subject: str, *, known: KnownTag | None = None, dismissed: bool = False
) -> DecidedTag | None:
    """Decides the tag as far as no model is needed; None: a model decides.

    ``known`` is the message's own tag. ``dismissed``: a person has dismissed this message as a reason to suppress, so
    neither a known Blacklist nor the rules' opt-out counts any more.
    """
    if dismissed and known is not None and known.tag is Tag.BLACKLIST:
        known = None
    certain = None if dismissed and judgement.opt_out is not None else certain_tag(judgement)
    if certain is not None and (known is None or certain.tag is not known.tag):
        return certain
    if known is not None:
        return DecidedTag(known.tag, known.source, KNOWN_RULE)
    if not clean_text and not subject.strip():
        return DecidedTag(Tag.NEUTRAL, SentimentSource.RULE, EMPTY_RULE)
    return None


def certain_tag(judgement: Judgement) -> DecidedTag | None:
    """Returns what the certain rules say, and whether they say it by the provider's word alone."""
    match = judgement.match
    if judgement.tag is None or match is None:
        return None
    source = SentimentSource.PROVIDER if match.rule == PROVIDER_RULE else SentimentSource.RULE
    return DecidedTag(judgement.tag, source, match.rule, match.words)


def certain_suppression(judgement: Judgement) -> SuppressionGround | None:
    """Returns why the certain rules suppress the lead, if they do."""
    if judgement.opt_out is not None:
        return SuppressionGround(SuppressionReason.OPT_OUT, judgement.opt_out.rule, judgement.opt_out.words)
    if judgement.bounce is not None:
        return SuppressionGround(SuppressionReason.BOUNCED, judgement.bounce.rule, judgement.bounce.words)
    return None
