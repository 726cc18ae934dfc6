"""Drafts for a phone or a chat: how they are put together, and what no such text may hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.ai.context import LeadFacts, ThreadMessage, render_conversation, render_thread
from shared.ai.tasks.draft import DraftInput, DraftResult, assemble_body, failed_checks
from shared.domain.channels import CHANNELS
from shared.domain.drafting.chat_checks import is_shortened
from shared.domain.drafting.outgoing_text import outgoing_text, text_on
from shared.domain.vocabulary import Channel, Direction, Tag
from shared.domain.workspace_settings import KnowledgeText, Workspace, WorkspaceSettings

EMAIL, SMS, LINKEDIN = Channel.EMAIL, Channel.SMS, Channel.LINKEDIN
IN, OUT = Direction.INBOUND, Direction.OUTBOUND
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
LINK, SHORT = "https://growthline.example/demo", "https://bit.ly/growth-demo"
SETTINGS = WorkspaceSettings(
    persona_name="Mara Lind",
    persona_signature="Best,\nMara Lind\nGrowthline",
    company_name="Growthline",
    booking_link=LINK,
)
WORKSPACE = Workspace(SETTINGS, (KnowledgeText("Links", f"Demo: {SHORT} and growthline.example/try"),))


def said(minutes: int, text: str, direction: Direction = IN, channel: Channel = SMS) -> ThreadMessage:
    return ThreadMessage(direction, NOW + timedelta(minutes=minutes), None, text, channel=channel)


def checks(
    body: str, channel: Channel, reply: str = "Sounds good, tell me more", history: tuple[ThreadMessage, ...] = ()
) -> set[str]:
    given = DraftInput(said(0, reply, channel=channel), history, Tag.INTERESTED, WORKSPACE, LeadFacts("Pat"), NOW)
    return {failed.check for failed in failed_checks(given, DraftResult("", body))}


@pytest.mark.parametrize(
    ("channel", "body"),
    [
        (SMS, "Sure!"),
        (SMS, "Glad to hear it, Pat. Would a short call suit you this week?"),
        (SMS, f"Happy to show you: {LINK}"),
        (LINKEDIN, "Hi Pat,\nglad to hear it. Shall I send you a short demo?"),
        (LINKEDIN, "Glad to hear it - a * b is 2 * 3, snake_case stays, and 1. is a number"),
    ],
)
def test_a_line_of_a_person_passes(channel: Channel, body: str) -> None:
    assert checks(body, channel) <= {"number"}


@pytest.mark.parametrize(
    ("channel", "body", "check"),
    [
        (SMS, "Two things:\n- a call\n- a demo", "formatting"),
        (LINKEDIN, "Two things:\n1. a call\n2. a demo", "formatting"),
        (SMS, "That is *really* simple, shall we talk?", "formatting"),
        (LINKEDIN, "That is _really_ simple, shall we talk?", "formatting"),
        (SMS, "Run `demo` and see, shall we talk?", "formatting"),
        (SMS, "**Sure**, shall we talk?", "formatting"),
        (SMS, "Great 🎉 Shall we talk?", "emoji"),
        (LINKEDIN, "Great ☺ Shall we talk?", "emoji"),
        (SMS, f"Have a look: {SHORT}", "link_shortener"),
        (LINKEDIN, f"Have a look: {LINK}", "early_link"),
        (LINKEDIN, "Have a look: growthline.example/try", "early_link"),
        (SMS, "Sure. " * 60, "too_long"),
        (LINKEDIN, "Sure, glad to. " * 90, "too_long"),
    ],
)
def test_what_no_line_of_a_person_holds(channel: Channel, body: str, check: str) -> None:
    assert check in checks(body, channel)


def test_an_emoji_of_the_lead_may_be_answered_by_one() -> None:
    assert "emoji" not in checks("Great 🎉 Shall we talk?", SMS, reply="love it 😍")


def test_an_email_may_hold_a_list_and_a_short_link() -> None:
    body = f"Hi Pat,\n\ntwo things:\n- a call\n- {SHORT}\n\nBest,\nMara Lind"
    assert not checks(body, EMAIL) & {"formatting", "link_shortener", "early_link", "emoji"}


def test_only_the_first_response_on_linkedin_has_no_link() -> None:
    opener = said(-90, "Hi Pat, curious?", OUT, LINKEDIN)
    later = (opener, said(-60, "maybe", IN, LINKEDIN), said(-30, "Shall I send a demo?", OUT, LINKEDIN))
    by_mail = (opener, said(-60, "maybe", IN, EMAIL), said(-30, "Shall I send a demo?", OUT, EMAIL))
    for history, is_early in (((), True), ((opener,), True), (by_mail, True), (later, False)):
        assert ("early_link" in checks(f"Here it is: {LINK}", LINKEDIN, history=history)) is is_early


@pytest.mark.parametrize(
    ("link", "shortened"),
    [
        (SHORT, True),
        ("bit.ly/x", True),
        ("HTTPS://WWW.TinyURL.com/x?y", True),
        (LINK, False),
        ("https://growthline.example/bit.ly/x", False),
        ("https://notbit.ly/x", False),
    ],
)
def test_public_shorteners_are_known_by_their_host(link: str, shortened: bool) -> None:
    assert is_shortened(link) is shortened


@pytest.mark.parametrize(
    ("channel", "body"),
    [
        (EMAIL, "Hi Pat,\n\nGlad – “really”…\n\nBest,\nMara Lind\nGrowthline"),
        (SMS, 'Hi Pat,\nGlad - "really"...'),
        (LINKEDIN, "Hi Pat,\nGlad – “really”…"),
    ],
)
def test_closing_and_signature_belong_to_letters_and_plain_marks_to_phones(channel: Channel, body: str) -> None:
    assembled = assemble_body("Hi Pat,", "Glad – “really”…", "Best regards,", "en", SETTINGS, CHANNELS[channel])
    assert assembled == body


def test_an_ai_says_what_it_is_in_a_few_words_where_letters_count() -> None:
    disclosing = SETTINGS.model_copy(update={"disclose_ai": True})
    assert assemble_body("", "Sure.", "", "de", disclosing, CHANNELS[SMS]) == "Sure.\nVon einer KI geschrieben."


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("“Hi” ‘you’ „da“ «ici»", '"Hi" \'you\' "da" "ici"'),
        ("a – b — c ‑ d − e", "a - b - c - d - e"),
        ("wait…\u00a0now\u202fthen\u2009ok", "wait... now then ok"),
        ("cafe\u0301", "café"),  # one letter, which the alphabet of text messages has
        ("• one", "- one"),
        ("ł ç 😀", "ł ç 😀"),
    ],
)
def test_a_text_message_has_the_marks_of_a_keyboard(text: str, prepared: str) -> None:
    assert text_on(CHANNELS[SMS], text) == prepared
    assert text_on(CHANNELS[SMS], prepared) == prepared
    assert text_on(CHANNELS[LINKEDIN], text) == outgoing_text(text)


def test_messages_name_their_channel_unless_they_are_emails() -> None:
    mail = ThreadMessage(OUT, NOW - timedelta(days=1), "idea", "Shall we talk?")
    shown = render_conversation([mail, said(-5, "2pm?", OUT)], said(0, "ok"), "", UTC)
    thread = shown["thread"]
    assert isinstance(thread, list)
    assert [(one.get("channel"), one.get("subject")) for one in thread] == [(None, "idea"), ("sms", None)]
    assert shown["reply"] == {"at": "Tuesday 2026-11-24 15:00", "channel": "sms", "text": "ok"}


def test_the_channel_of_the_conversation_comes_first_where_there_is_too_much() -> None:
    texts = [said(-200 + n, f"text {n}") for n in range(40)]
    mails = [said(-100 + n, f"mail {n}", channel=EMAIL) for n in range(40)]
    thread = sorted([*texts, *mails], key=lambda one: one.at)

    rendered = [str(one["text"]) for one in render_thread(thread, UTC, channel=SMS)]
    assert rendered == [*(f"text {n}" for n in range(10, 40)), *(f"mail {n}" for n in range(30, 40))]

    tight = [str(one["text"]) for one in render_thread(thread, UTC, channel=SMS, budget=14)]
    assert tight == ["text 38", "text 39"]
