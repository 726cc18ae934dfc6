"""What follows from a channel's row of rules, shown on a medium without subjects and quotes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.prompts import load_prompt
from shared.ai.tasks.draft import (
    PROMPT_VERSION,
    DraftInput,
    DraftResult,
    draft_document,
    failed_checks,
    instructions_on,
    subject_of,
)
from shared.domain.channels import CHANNELS, ChannelRules
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Content
from shared.domain.text.reply_subject import subject_on
from shared.domain.vocabulary import Channel, Direction, Tag
from shared.domain.workspace_settings import Workspace, WorkspaceSettings
from shared.pipelines.intake.reading import read_words
from shared.pipelines.reply.send_claim import blocks_text

EMAIL = CHANNELS[Channel.EMAIL]
SHORT_NOTES = ChannelRules(
    has_subject=False, has_quotes=False, max_chars=160, auto_send_by_default=False, writing_hint="One short paragraph."
)
SIGNED_AND_QUOTED = "Yes, please.\n\n-- \nPat Lee\nCEO\n\n> our offer\n> of Monday"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REPLY = ThreadMessage(Direction.INBOUND, NOW, None, "Yes, please.")


def given(channel: ChannelRules, reply: ThreadMessage = REPLY) -> DraftInput:
    workspace = Workspace(settings=WorkspaceSettings(persona_name="Sam"), knowledge=())
    return DraftInput(reply, [], Tag.INTERESTED, workspace, LeadFacts(), NOW, channel=channel)


@pytest.mark.parametrize(
    ("channel", "content", "said"),
    [
        (EMAIL, Content(text=SIGNED_AND_QUOTED), "Yes, please."),
        (SHORT_NOTES, Content(text=f"  {SIGNED_AND_QUOTED}\r\n"), SIGNED_AND_QUOTED),
        (SHORT_NOTES, Content(html="<p>Yes.</p><blockquote>No.</blockquote>"), "Yes.\n\n> No."),
        (SHORT_NOTES, Content(snippet="> Yes."), "> Yes."),
        (SHORT_NOTES, Content(text=" \n"), ""),
    ],
)
def test_quotes_and_signatures_are_taken_out_where_the_medium_has_them(
    channel: ChannelRules, content: Content, said: str
) -> None:
    assert read_words(content, automatic=False, sender=None, channel=channel).cleaned.text == said


@pytest.mark.parametrize(("channel", "subject"), [(EMAIL, "Re: the offer"), (SHORT_NOTES, "")])
def test_our_subject(channel: ChannelRules, subject: str) -> None:
    assert subject_on(channel, "the offer") == subject
    assert subject_of(replace(REPLY, subject="the offer"), [], channel) == subject


def test_a_message_without_a_subject_is_shown_without_one() -> None:
    with_subject = draft_document(given(EMAIL, replace(REPLY, subject="")))
    assert '"subject": ""' in json.dumps(with_subject)
    assert "subject" not in json.dumps(draft_document(given(SHORT_NOTES)))


def test_the_writer_of_emails_has_the_prompt_alone_and_others_a_hint_below_it() -> None:
    prompt = load_prompt(PROMPT_VERSION)
    assert instructions_on(EMAIL) == prompt
    assert instructions_on(SHORT_NOTES) == f"{prompt}\n# The medium\n\nOne short paragraph.\n"


@pytest.mark.parametrize(
    ("channel", "characters", "rule"),
    [
        (EMAIL, 100_000, None),
        (SHORT_NOTES, 160, None),
        (SHORT_NOTES, 161, DraftRule.TOO_LONG),
    ],
)
def test_what_is_too_long_for_the_medium_does_not_leave(
    channel: ChannelRules, characters: int, rule: DraftRule | None
) -> None:
    decision = blocks_text("x" * characters, "", channel)
    assert (decision and decision.rule) == rule
    assert decision is None or decision.finding == "160"


def test_the_writer_hears_that_its_text_is_too_long_for_the_medium() -> None:
    written = DraftResult("", "It works. " * 20)
    checks = failed_checks(given(SHORT_NOTES), written)
    assert [str(check) for check in checks] == ["too_long: the text has 200 characters, at most 160 may be"]
    assert "too_long" not in {check.check for check in failed_checks(given(EMAIL), written)}
