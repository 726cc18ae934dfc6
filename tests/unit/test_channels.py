"""What follows from a channel's row of rules, shown on a medium without subjects and quotes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.prompts import Prompt, load_prompt, prompt_on
from shared.ai.tasks import draft, lead_score, reply_evaluation, sentiment
from shared.ai.tasks.draft import DraftInput, DraftResult, draft_document, failed_checks, subject_of
from shared.domain.channels import CHANNELS, ChannelRules, LengthLimit, LengthUnit
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.events import Content
from shared.domain.text.reply_subject import subject_on
from shared.domain.vocabulary import Channel, Direction, Tag
from shared.domain.workspace_settings import Workspace, WorkspaceSettings
from shared.pipelines.intake.reading import read_words
from shared.pipelines.reply.send_claim import blocks_text

EMAIL = CHANNELS[Channel.EMAIL]
SMS, LINKEDIN = CHANNELS[Channel.SMS], CHANNELS[Channel.LINKEDIN]
SHORT_NOTES = ChannelRules(Channel.LINKEDIN, longest=LengthLimit(160, LengthUnit.CHARACTERS))
SIGNED_AND_QUOTED = "Yes, please.\n\n-- \nPat Lee\nCEO\n\n> our offer\n> of Monday"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REPLY = ThreadMessage(Direction.INBOUND, NOW, None, "Yes, please.")


def given(channel: ChannelRules, reply: ThreadMessage = REPLY) -> DraftInput:
    workspace = Workspace(settings=WorkspaceSettings(persona_name="Sam"), knowledge=())
    reply = replace(reply, channel=channel.name, subject=reply.subject if channel.has_subject else None)
    return DraftInput(reply, [], Tag.INTERESTED, workspace, LeadFacts(), NOW)


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


def test_a_row_is_found_by_its_own_name_and_every_channel_has_one() -> None:
    assert {name: rules.name for name, rules in CHANNELS.items()} == {name: name for name in Channel}


@pytest.mark.parametrize("task", [sentiment, draft, reply_evaluation, lead_score])
def test_every_task_has_its_prompt_alone_on_email_and_one_about_the_medium_below_it_elsewhere(task: Any) -> None:
    own = load_prompt(task.PROMPT_VERSION)
    assert prompt_on(Channel.EMAIL, task.PROMPT_VERSION) == Prompt(task.PROMPT_VERSION, own)
    for channel in (SMS, LINKEDIN):
        assert channel.prompt is not None
        told = prompt_on(channel.name, task.PROMPT_VERSION)
        assert told == Prompt(f"{task.PROMPT_VERSION}+{channel.prompt}", f"{own}\n{load_prompt(channel.prompt)}")


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
    assert decision is None or decision.finding == "160 characters"


def test_the_writer_hears_that_its_text_is_too_long_for_the_medium() -> None:
    written = DraftResult("", "It works. " * 150)
    checks = failed_checks(given(LINKEDIN), written)
    assert [str(check) for check in checks] == ["too_long: the text has 1,500 characters, at most 1,200 may be"]
    assert "too_long" not in {check.check for check in failed_checks(given(EMAIL), written)}


@pytest.mark.parametrize(
    ("text", "excess"),
    [
        ("a" * 306, ""),
        ("a" * 307, "307 septets, at most 306 (2 parts) may be"),
        ("ł" * 134, ""),
        (f"{'a' * 134}ł", "135 units for its “ł”, at most 134 (2 parts) may be"),
    ],
)
def test_a_text_message_travels_in_two_parts_at_most(text: str, excess: str) -> None:
    assert SMS.longest is not None
    assert SMS.longest.excess(text) == excess
