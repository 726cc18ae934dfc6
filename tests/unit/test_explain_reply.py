"""Explaining replies from a file: the pipeline's judgement without a stack, and one answer per line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ai.errors import ModelUnavailable
from shared.ai.tasks.sentiment import SentimentResult
from shared.domain.judgement.opt_out_evidence import words_occur
from shared.domain.vocabulary import Channel, Tag
from shared.pipelines.people.explain_reply import LineError, ReplyText, explain, explain_lines, parse_line

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"id", "clean_text", "suppress", "hold", "rule", "evidence", "tag", "is_auto_reply", "signature_text"}
QUOTE = "\n\nOn Fri, Nov 20, 2026 at 2:00 PM Sam <sam@send.test> wrote:\n\n> Hi Pat,\n> reply STOP to unsubscribe\n"


def line(text: str | None, **fields: Any) -> dict[str, Any]:
    return {"id": "a", "subject": "Re: hello", "text": text, "html": None, "event_type": "reply_received"} | fields


def says(tag: Tag, quoted_words: str = "") -> Callable[[ReplyText], SentimentResult]:
    return lambda _: SentimentResult(tag, "a reason", quoted_words)


def must_not_be_asked(_: ReplyText) -> SentimentResult:
    raise AssertionError("a certain rule decides; the model must not be asked")


def test_an_opt_out_is_explained_with_its_rule_and_words() -> None:
    answer = explain(line("Please remove me from your list." + QUOTE))
    assert set(answer) == KEYS
    assert (answer["suppress"], answer["tag"], answer["is_auto_reply"]) == (True, "Blacklist", False)
    assert answer["rule"]
    assert "remove me" in answer["evidence"].lower()


def test_a_quoted_footer_explains_nothing() -> None:
    assert explain(line("Sounds good, tell me more" + QUOTE)) == {
        "id": "a",
        "clean_text": "Sounds good, tell me more",
        "suppress": False,
        "hold": False,
        "rule": None,
        "evidence": None,
        "tag": None,
        "is_auto_reply": False,
        "signature_text": "",
    }


def test_an_automatic_reply_names_its_rule() -> None:
    answer = explain(line("I am out of the office until 7 December.", subject="Automatic reply: hello"))
    assert (answer["tag"], answer["is_auto_reply"], answer["suppress"]) == ("Out of Office", True, False)
    assert answer["rule"]


def test_the_event_type_makes_a_reply_automatic() -> None:
    answer = explain(line("ok, noted", event_type="auto_reply_received"))
    assert (answer["tag"], answer["is_auto_reply"]) == ("Automated Reply", True)


@pytest.mark.parametrize("event_type", ["lead_unsubscribed", "email_bounced", "unsubscribed", "LEAD_UNSUBSCRIBED"])
def test_provider_events_suppress_without_words(event_type: str) -> None:
    answer = explain(line(None, event_type=event_type), must_not_be_asked)
    assert (answer["suppress"], answer["tag"], answer["rule"]) == (True, "Blacklist", f"provider.{event_type.lower()}")


def test_a_certain_rule_is_never_overruled_by_a_model() -> None:
    assert explain(line("unsubscribe"), must_not_be_asked)["tag"] == "Blacklist"


def test_the_model_decides_where_the_rules_are_silent() -> None:
    answer = explain(line("What does it cost?" + QUOTE), says(Tag.INFORMATION_REQUESTED))
    assert (answer["tag"], answer["rule"], answer["evidence"]) == ("Information Requested", "model", "a reason")
    assert not answer["suppress"]


def test_the_model_sees_cleaned_text_and_what_is_quoted() -> None:
    seen: list[ReplyText] = []

    def classify(reply: ReplyText) -> SentimentResult:
        seen.append(reply)
        return SentimentResult(Tag.NEUTRAL, "", "")

    explain(line("Who is this?" + QUOTE, received_at="2026-11-20T15:00:00+01:00"), classify)
    assert seen[0].clean_text == "Who is this?"
    assert "reply STOP" in seen[0].quoted_original
    assert seen[0].at == datetime(2026, 11, 20, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "suppressed"),
    [("SPARE  me\nthis", True), ("remove me", False), ("", False), ("   ", False)],
)
def test_a_models_opt_out_suppresses_only_with_the_leads_own_words(words: str, suppressed: bool) -> None:
    answer = explain(line("One more for the bin. Spare me this." + QUOTE), says(Tag.BLACKLIST, words))
    assert (answer["tag"], answer["suppress"]) == ("Blacklist", suppressed)


def test_words_that_only_our_quoted_mail_says_do_not_suppress() -> None:
    answer = explain(line("No idea who you are." + QUOTE), says(Tag.BLACKLIST, "reply STOP to unsubscribe"))
    assert not answer["suppress"]


def test_words_may_be_in_the_subject_but_not_spread_over_both() -> None:
    assert words_occur("leave me alone", subject="LEAVE me alone", clean_text="")
    assert not words_occur("alone hello", subject="leave me alone", clean_text="hello")


def test_meeting_booked_needs_evidence() -> None:
    assert explain(line("see you then"), says(Tag.MEETING_BOOKED))["tag"] == "Meeting Requested"
    booked = explain(line("see you then", meeting_evidence=True), says(Tag.MEETING_BOOKED))
    assert booked["tag"] == "Meeting Booked"


def test_a_model_that_sees_a_machine_makes_it_automatic() -> None:
    assert explain(line("I sort the incoming mail here"), says(Tag.AUTOMATED_REPLY))["is_auto_reply"]


def test_nothing_at_all_is_neutral_without_asking_a_model() -> None:
    answer = explain(line("", subject=" "), must_not_be_asked)
    assert (answer["tag"], answer["rule"], answer["clean_text"]) == ("Neutral", "empty", "")


def test_an_outage_of_the_model_is_not_an_answer() -> None:
    def down(_: ReplyText) -> SentimentResult:
        raise ModelUnavailable("503")

    with pytest.raises(ModelUnavailable):
        list(explain_lines([json.dumps(line("Who is this?")).encode()], down))


def test_missing_fields_are_taken_as_absent() -> None:
    answer = explain({"id": 7, "text": "STOP"})
    assert (answer["id"], answer["suppress"]) == (7, True)
    assert explain({})["id"] is None


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"text": 5}, "'text' is a number, expected text or null"),
        ({"html": ["<p>"]}, "'html' is an array"),
        ({"subject": {"a": 1}}, "'subject' is an object"),
        ({"event_type": True}, "'event_type' is a boolean"),
        ({"id": 1.5}, "'id' is a number"),
        ({"id": True}, "'id' is a boolean"),
        ({"received_at": "yesterday"}, "'received_at' is not an ISO 8601 time"),
        ({"meeting_evidence": "yes"}, "'meeting_evidence' is a text"),
    ],
)
def test_a_field_of_the_wrong_type_is_named(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(LineError, match=complaint):
        explain(line("hello") | fields)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"{", "not JSON"),
        (b"[1]", "an array instead of a JSON object"),
        (b"null", "null instead of a JSON object"),
        (b'"stop"', "a text instead of a JSON object"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "a number too long"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(raw: bytes, complaint: str) -> None:
    with pytest.raises(LineError, match=complaint):
        parse_line(raw)


def test_bad_lines_are_answered_with_their_number_and_the_others_still_judged() -> None:
    lines = [
        b'\xef\xbb\xbf{"id": "first", "text": "STOP"}\r\n',
        b"\n",
        b"{oops\n",
        b'{"id": 2, "text": 3}',
        b'{"id": 3}',
    ]
    first, third, fourth, fifth = explain_lines(lines)
    assert (first["id"], first["suppress"]) == ("first", True)
    assert third == {"id": None, "error": third["error"]}
    assert third["error"].startswith("line 3: not JSON")
    assert fourth == {"id": None, "error": "line 4: 'text' is a number, expected text or null"}
    assert fifth["id"] == 3


def test_answers_are_json_even_for_text_that_is_not_unicode() -> None:
    raw = b'{"id": "\\ud800", "subject": "\\udfff\\u0000", "text": "yes \\ud800\\u0000 please"}'
    (answer,) = explain_lines([raw])
    json.dumps(answer, ensure_ascii=False).encode("utf-8")
    assert "\x00" not in answer["clean_text"]


_fields = st.none() | st.text() | st.integers() | st.booleans() | st.lists(st.none(), max_size=1)


@given(st.dictionaries(st.sampled_from(["id", "subject", "text", "html", "event_type", "received_at"]), _fields))
def test_any_object_is_explained_or_refused_by_name(fields: dict[str, Any]) -> None:
    (answer,) = explain_lines([json.dumps(fields).encode()])
    json.dumps(answer, ensure_ascii=False).encode("utf-8")
    assert set(answer) in (KEYS, {"id", "error"})


def test_it_needs_no_environment_and_loads_neither_the_sdk_nor_a_database() -> None:
    """The command must answer at once, on a machine where nothing is set up."""
    program = (
        "import sys; from shared.pipelines.people.explain_reply import explain;"
        "print(explain({'id': 1, 'text': 'unsubscribe'})['tag']);"
        "print(sorted({'openai', 'sqlalchemy', 'psycopg', 'boto3'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.splitlines() == ["Blacklist", "[]"]


# --- the channel of a line --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"text": "CANCEL"}, (False, None)),
        ({"channel": None, "text": "CANCEL"}, (False, None)),
        ({"channel": "EMAIL", "text": "CANCEL"}, (False, None)),
        ({"channel": "SMS", "text": "CANCEL"}, (True, "Blacklist")),
        ({"channel": "sms", "text": "Wrong number"}, (False, "Wrong Person")),
        ({"channel": "LINKEDIN", "text": "CANCEL"}, (False, None)),
        ({"channel": "LINKEDIN", "text": "", "subject": "unsubscribe"}, (False, None)),  # an InMail's, so ours
        ({"channel": "SMS", "text": "Stop texting me"}, (True, "Blacklist")),
    ],
)
def test_a_line_is_judged_on_its_channel(line: dict[str, Any], expected: tuple[bool, str | None]) -> None:
    said = explain(line)
    assert (said["suppress"], said["tag"]) == expected


def test_a_text_message_keeps_what_an_email_would_lose() -> None:
    text = "Yes\n> but not Monday\n\nSent from my iPhone"
    assert explain({"channel": "SMS", "text": text})["clean_text"] == "Yes\n> but not Monday"


@pytest.mark.parametrize("channel", ["FAX", "", "E-MAIL"])
def test_an_unknown_channel_is_named(channel: str) -> None:
    with pytest.raises(LineError, match=r"'channel' is .*, expected EMAIL, SMS, LINKEDIN"):
        explain({"channel": channel, "text": "hi"})


def test_a_channel_that_is_no_text_is_refused() -> None:
    with pytest.raises(LineError, match="'channel' is a number"):
        explain({"channel": 7, "text": "hi"})


def test_the_model_hears_of_the_channel() -> None:
    shown: list[ReplyText] = []

    def classify(reply: ReplyText) -> Any:
        shown.append(reply)
        return SentimentResult(Tag.NEUTRAL, "", "")

    explain({"channel": "SMS", "text": "ok then"}, classify)
    assert [(one.channel, one.subject) for one in shown] == [(Channel.SMS, "")]
