"""One order for the tag of a reply: what is known, the certain rules, the empty reply, then a model."""

from __future__ import annotations

import pytest

from shared.domain.judgement.certain_rules import judge
from shared.domain.judgement.tag_decision import (
    DecidedTag,
    KnownTag,
    SuppressionGround,
    certain_suppression,
    tag_without_model,
)
from shared.domain.vocabulary import SentimentSource, SuppressionReason, Tag

RULE, MODEL, PROVIDER = SentimentSource.RULE, SentimentSource.MODEL, SentimentSource.PROVIDER
OPT_OUT = "Please remove me from your list."
OPT_OUT_RULE = judge(OPT_OUT, "").opt_out
AWAY = "I am out of the office until 7 December."
PLAIN = "What does it cost?"
INTERESTED = KnownTag(Tag.INTERESTED, MODEL)
BLACKLIST = KnownTag(Tag.BLACKLIST, RULE)


@pytest.mark.parametrize(
    ("text", "subject", "known", "dismissed", "expected"),
    [
        (PLAIN, "Re: hello", None, False, None),
        (PLAIN, "Re: hello", INTERESTED, False, (Tag.INTERESTED, MODEL)),
        (OPT_OUT, "Re: hello", None, False, (Tag.BLACKLIST, RULE)),
        (OPT_OUT, "Re: hello", INTERESTED, False, (Tag.BLACKLIST, RULE)),
        (OPT_OUT, "Re: hello", KnownTag(Tag.BLACKLIST, MODEL), False, (Tag.BLACKLIST, MODEL)),
        # A person has dismissed the message as a reason: a model reads it again, unless another tag is known.
        (OPT_OUT, "Re: hello", None, True, None),
        (OPT_OUT, "Re: hello", BLACKLIST, True, None),
        (PLAIN, "Re: hello", BLACKLIST, True, None),
        (OPT_OUT, "Re: hello", INTERESTED, True, (Tag.INTERESTED, MODEL)),
        (AWAY, "Automatic reply: hello", None, True, (Tag.OUT_OF_OFFICE, RULE)),
        ("", " ", None, False, (Tag.NEUTRAL, RULE)),
        ("", "Re: hello", None, False, None),
    ],
)
def test_who_decides(
    text: str, subject: str, known: KnownTag | None, dismissed: bool, expected: tuple[Tag, SentimentSource] | None
) -> None:
    decided = tag_without_model(judge(text, subject), text, subject, known=known, dismissed=dismissed)
    assert (None if decided is None else (decided.tag, decided.source)) == expected


def test_what_only_the_provider_says_is_the_providers() -> None:
    decided = tag_without_model(judge("ok, noted", "", automatic=True), "ok, noted", "")
    assert decided == DecidedTag(Tag.AUTOMATED_REPLY, PROVIDER, "provider.auto_reply_received")


def test_a_certain_rule_suppresses_with_its_words() -> None:
    assert OPT_OUT_RULE is not None
    ground = SuppressionGround(SuppressionReason.OPT_OUT, OPT_OUT_RULE.rule, OPT_OUT_RULE.words)
    assert certain_suppression(judge(OPT_OUT, "")) == ground
    assert certain_suppression(judge(PLAIN, "")) is None
    bounced = certain_suppression(
        judge("550 5.1.1 user unknown", "Undeliverable: hello", from_email="postmaster@a.test")
    )
    assert bounced is not None
    assert bounced.reason is SuppressionReason.BOUNCED
