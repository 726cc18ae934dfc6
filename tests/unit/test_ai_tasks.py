"""The four tasks' prompts and their reading of a model's output, without a model."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.deadline import Deadline
from shared.ai.prompts import load_prompt
from shared.ai.tasks import draft, lead_score, reply_evaluation, sentiment
from shared.ai.tasks.draft import (
    Draft,
    DraftInput,
    DraftResult,
    assemble_body,
    draft_context,
    draft_document,
    failed_checks,
    subject_of,
)
from shared.ai.tasks.lead_score import LeadScore, ScoreInput, score_document
from shared.ai.tasks.reply_evaluation import ReplyEvaluation
from shared.ai.tasks.sentiment import Sentiment, SentimentInput, sentiment_document
from shared.domain.commitments import Commitment, CommitmentKind
from shared.domain.judgement.opt_out_evidence import OptOutVerdict
from shared.domain.tags import DRAFTED_TAGS
from shared.domain.vocabulary import Direction, Tag
from shared.domain.workspace_settings import KnowledgeText, Workspace, WorkspaceSettings

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday
SETTINGS = WorkspaceSettings(
    persona_name="Mara Lind",
    persona_tone="",
    persona_greeting="Hi {first_name},",
    persona_signature="Mara Lind\nNorthwind",
    persona_goals="A call.",
    company_name="Northwind",
    service_description="We find wasted advertising spend.",
    booking_link="https://cal.example.com/mara",
    qualification_questions=["Which channels do you use?"],
    ideal_customer_profile="Online retailers.",
    timezone="Europe/Berlin",
)
WORKSPACE = Workspace(SETTINGS, (KnowledgeText("Pricing", "Starter costs €490 a month."),))
TAGGED: dict[str, object] = {
    "reason": "",
    "tag": "Neutral",
    "opt_out_reason": "",
    "opt_out": "NONE",
    "quoted_words": "",
}
LEAD = LeadFacts(first_name="Anna", last_name="Schulz", company="Acme", email_domain="acme.test")


def mail(hours: float, text: str, direction: Direction = Direction.INBOUND, subject: str = "Re: idea") -> ThreadMessage:
    return ThreadMessage(direction, NOW + timedelta(hours=hours), subject, text)


def draft_input(text: str = "What does it cost?", **more: Any) -> DraftInput:
    arguments: dict[str, Any] = {
        "reply": mail(0, text),
        "history": [mail(-48, "Shall we talk?", Direction.OUTBOUND, "idea")],
        "tag": Tag.INFORMATION_REQUESTED,
        "workspace": WORKSPACE,
        "lead": LEAD,
        "now": NOW,
    }
    return DraftInput(**(arguments | more))


# --- prompts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", [sentiment, draft, reply_evaluation, lead_score])
def test_every_task_has_a_prompt_of_its_version_that_treats_the_document_as_data(task: Any) -> None:
    prompt = load_prompt(task.PROMPT_VERSION)
    assert "one JSON document" in prompt
    assert "data" in prompt


def test_the_sentiment_prompt_lists_the_tags_in_their_precedence() -> None:
    prompt = load_prompt(sentiment.PROMPT_VERSION)
    places = [prompt.index(f"{number}. `{tag.value}`") for number, tag in enumerate(Tag, 1)]
    assert places == sorted(places)


def test_the_draft_prompt_has_a_strategy_for_every_tag_that_is_drafted() -> None:
    prompt = load_prompt(draft.PROMPT_VERSION)
    for tag in DRAFTED_TAGS:
        assert f"- `{tag.value}`:" in prompt, tag


@pytest.mark.parametrize(
    ("version", "output"),
    [
        (sentiment.PROMPT_VERSION, Sentiment),
        (draft.PROMPT_VERSION, Draft),
        (reply_evaluation.PROMPT_VERSION, ReplyEvaluation),
        (lead_score.PROMPT_VERSION, LeadScore),
    ],
)
def test_a_prompt_names_every_field_of_its_answer(version: str, output: type[BaseModel]) -> None:
    answer_section = load_prompt(version).rpartition("# Answer")[2]
    for name in output.model_fields:
        assert f"`{name}`" in answer_section


@pytest.mark.parametrize(
    ("version", "document"),
    [
        (
            sentiment.PROMPT_VERSION,
            lambda: sentiment_document(SentimentInput(mail(0, "yes"), [], WORKSPACE, LEAD, NOW)),
        ),
        (draft.PROMPT_VERSION, lambda: draft_document(draft_input())),
        (reply_evaluation.PROMPT_VERSION, lambda: draft_document(draft_input())),
        (lead_score.PROMPT_VERSION, lambda: score_document(ScoreInput([mail(0, "yes")], WORKSPACE, LEAD, NOW))),
    ],
)
def test_a_prompt_explains_every_field_of_its_document(version: str, document: Callable[[], dict[str, object]]) -> None:
    prompt = load_prompt(version)
    for name in document():
        assert f"`{name}`" in prompt, name


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confidence", ["-0.1", "1.01", "NaN", "Infinity", '"0.9"', "null"])
def test_a_confidence_outside_of_0_to_1_is_no_answer(confidence: str) -> None:
    answer = f'{{"reason": "", "safe": true, "requires_human_review": false, "confidence": {confidence}}}'
    if confidence == '"0.9"':  # a number written as a string is still that number
        assert ReplyEvaluation.model_validate_json(answer).confidence == 0.9
        return
    with pytest.raises(ValidationError):
        ReplyEvaluation.model_validate_json(answer)


@pytest.mark.parametrize("grade", [0, 5, 2.5, -1])
def test_a_score_outside_of_1_to_4_is_no_answer(grade: float) -> None:
    with pytest.raises(ValidationError):
        LeadScore.model_validate({"reason": "", "fit": grade, "intent": 1, "overall": 1})


def test_a_tag_that_does_not_exist_is_no_answer() -> None:
    with pytest.raises(ValidationError):
        Sentiment.model_validate(TAGGED | {"tag": "Snoozed"})
    assert Sentiment.model_validate(TAGGED).tag is Tag.NEUTRAL


class Answers:
    """A model that returns one response, whatever it is asked."""

    def __init__(self, response: dict[str, object]) -> None:
        self.response = response

    def parse(self, *, output: type[BaseModel], **_: object) -> BaseModel:
        return output.model_validate(self.response)


def ask[T](run: Callable[..., T], given: object, response: dict[str, object]) -> T:
    return run(Answers(response), given, model="m", deadline=Deadline.within(1), record=lambda _: None)


@pytest.mark.parametrize(
    ("suspected", "tag", "verdict", "reason", "expected"),
    [
        ("take us off", Tag.BLACKLIST, OptOutVerdict.CONFIRMED, "wants no more", OptOutVerdict.CONFIRMED),
        ("take us off", Tag.INTERESTED, OptOutVerdict.DENIED, "the waiting list", OptOutVerdict.DENIED),
        ("take us off", Tag.NEUTRAL, OptOutVerdict.UNCLEAR, "which list?", OptOutVerdict.UNCLEAR),
        ("take us off", Tag.INTERESTED, OptOutVerdict.CONFIRMED, "wants no more", OptOutVerdict.UNCLEAR),
        ("take us off", Tag.BLACKLIST, OptOutVerdict.DENIED, "the waiting list", OptOutVerdict.UNCLEAR),
        ("take us off", Tag.INTERESTED, OptOutVerdict.DENIED, " ", OptOutVerdict.UNCLEAR),
        ("take us off", Tag.INTERESTED, OptOutVerdict.NONE, "", OptOutVerdict.UNCLEAR),
        ("", Tag.BLACKLIST, OptOutVerdict.CONFIRMED, "wants no more", OptOutVerdict.NONE),
    ],
)
def test_a_verdict_about_an_opt_out_counts_only_if_it_agrees_with_its_tag_and_gives_a_reason(
    suspected: str, tag: Tag, verdict: OptOutVerdict, reason: str, expected: OptOutVerdict
) -> None:
    given = SentimentInput(mail(0, "Please take us off."), [], WORKSPACE, LEAD, NOW, suspected=suspected)
    result = ask(
        sentiment.classify_sentiment,
        given,
        TAGGED | {"tag": tag, "opt_out": verdict, "opt_out_reason": reason, "quoted_words": "take us off"},
    )
    assert result.opt_out is expected
    assert result.opt_out_reason == ("" if expected is OptOutVerdict.NONE else reason.strip())
    assert result.quoted_words == ("take us off" if suspected or tag is Tag.BLACKLIST else "")


def test_a_draft_carries_what_it_answers_and_what_it_promises() -> None:
    response = {
        "language": "EN",
        "questions": [{"asked": "price", "answered": "€490 a month", "source": "Pricing"}],
        "greeting": "Hi Anna,",
        "body": "Starter costs €490 a month. I will write again on 1 March.",
        "closing": "Best,",
        "we_owe": [
            {"kind": "WRITE_LATER", "words": "I will write again on 1 March", "due": "2027-03-01"},
            {"kind": "FIND_OUT", "words": "whatever", "due": "soon"},
        ],
    }
    written = ask(draft.write_draft, draft_input(), response)
    assert written.language == "en"
    assert written.questions == (draft.Question("price", "€490 a month", "Pricing"),)
    assert written.we_owe == (
        Commitment(CommitmentKind.WRITE_LATER, "I will write again on 1 March", date(2027, 3, 1)),
        Commitment(CommitmentKind.FIND_OUT, "whatever", None),
    )


# --- drafts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("idea", "Re: idea"),
        ("Re: idea", "Re: idea"),
        ("RE: idea", "Re: idea"),
        ("AW: Re: Idee", "Re: Idee"),
        ("  idea \n of ours ", "Re: idea of ours"),
        ("Reorganisation: idea", "Re: Reorganisation: idea"),
        ("Fwd: idea", "Re: Fwd: idea"),
        ("Re:", "Re: our idea"),  # nothing but a prefix: the newest subject with words
        ("", "Re: our idea"),
    ],
)
def test_the_subject_continues_the_conversation(subject: str, expected: str) -> None:
    history = [
        mail(-48, "", Direction.OUTBOUND, "an old idea"),
        mail(-24, "", Direction.OUTBOUND, "our idea"),
        mail(-12, "", Direction.OUTBOUND, ""),
    ]
    assert subject_of(mail(0, "", subject=subject), history) == expected


def test_without_any_subject_there_is_still_one() -> None:
    assert subject_of(mail(0, "", subject=""), []) == "Re: your message"


def test_the_signature_is_ours_and_stands_once() -> None:
    assert assemble_body("Hi Anna,", "It works.\r\n\r\n\r\n\r\nReally. ", "Best regards,", SETTINGS) == (
        "Hi Anna,\n\nIt works.\n\nReally.\n\nBest regards,\nMara Lind\nNorthwind"
    )
    assert assemble_body("", "It works.", "", SETTINGS) == "It works.\n\nMara Lind\nNorthwind"


def test_without_a_signature_the_persona_s_name_signs() -> None:
    settings = WorkspaceSettings(persona_name="Mara")
    assert assemble_body("Hi,", "It works.", "Best,", settings) == "Hi,\n\nIt works.\n\nBest,\nMara"
    assert assemble_body("Hi,", "It works.", "", WorkspaceSettings()) == "Hi,\n\nIt works."


@pytest.mark.parametrize("body", ["", " \n "])
def test_a_draft_without_words_stays_empty_for_the_check_to_see(body: str) -> None:
    assert assemble_body("Hi Anna,", body, "Best,", SETTINGS) == ""
    assert [failure.check for failure in failed_checks(draft_input(), DraftResult("Re: idea", ""))] == ["empty"]


def test_the_dates_of_e_mails_ground_nothing() -> None:
    given = draft_input("Works for me.")
    assert "Monday 2026-11-23 15:00" in json.dumps(draft_document(given))
    assert not any("Monday" in text for text in draft_context(given))
    written = DraftResult("Re: idea", "Hi Anna,\n\nthen let us talk on Monday at 15:00.\n\nMara Lind\nNorthwind")
    assert {failure.check for failure in failed_checks(given, written)} == {"date", "time"}


def test_tomorrow_is_counted_from_the_reply_and_from_now() -> None:
    given = draft_input("Tomorrow at 3 pm works.", now=NOW + timedelta(days=1))
    for day in ("Tuesday", "Wednesday"):
        written = DraftResult("Re: idea", f"Hi Anna,\n\n{day} at 15:00 it is, thank you.\n\nMara Lind\nNorthwind")
        assert failed_checks(given, written) == []
    written = DraftResult("Re: idea", "Hi Anna,\n\nFriday at 15:00 it is, thank you.\n\nMara Lind\nNorthwind")
    assert [failure.check for failure in failed_checks(given, written)] == ["date"]


def test_the_lead_is_not_greeted_when_a_colleague_answered() -> None:
    given = draft_input(lead=LeadFacts("Anna", "Schulz", "Acme", "acme.test", replier_is_lead=False))
    written = DraftResult("Re: idea", "Hi Anna,\n\nStarter costs €490 a month.\n\nMara Lind\nNorthwind")
    assert [failure.check for failure in failed_checks(given, written)] == ["greeting"]
    neutral = DraftResult("Re: idea", "Hi,\n\nStarter costs €490 a month.\n\nMara Lind\nNorthwind")
    assert failed_checks(given, neutral) == []


def test_the_writer_sees_persona_knowledge_link_and_questions() -> None:
    document = draft_document(draft_input())
    assert document["persona"] == {
        "name": "Mara Lind",
        "tone": "",
        "greeting": "Hi Anna,",
        "signature": "Mara Lind\nNorthwind",
        "goals": "A call.",
    }
    assert document["company"] == {
        "name": "Northwind",
        "service_description": "We find wasted advertising spend.",
        "knowledge": [{"name": "Pricing", "text": "Starter costs €490 a month."}],
        "booking_link": "https://cal.example.com/mara",
        "qualification_questions": ["Which channels do you use?"],
    }
    assert document["now"] == "Monday 2026-11-23 15:00"
    assert document["time_zone"] == "Europe/Berlin"


# --- scores -----------------------------------------------------------------------------------------------------------


def test_a_score_is_about_the_newest_messages() -> None:
    thread = [mail(-index, f"mail {index} " + "x" * 3_000) for index in range(60)]
    shown = score_document(ScoreInput(thread, WORKSPACE, LEAD, NOW, Tag.INTERESTED))["thread"]
    assert isinstance(shown, list)
    assert shown[-1]["text"].startswith("mail 0 ")
    assert shown[0]["text"].startswith("mail ")
    assert 5 <= len(shown) < 30
    assert [message["text"].split()[1] for message in shown[1:]] == [str(n) for n in range(len(shown) - 2, -1, -1)]


# --- deadline ---------------------------------------------------------------------------------------------------------


def test_a_deadline_keeps_its_reserve() -> None:
    left = 30.0
    deadline = Deadline(lambda: left, reserve_s=12)
    assert deadline.remaining_s() == 18
    left = 5.0
    assert deadline.remaining_s() == -7


def test_a_deadline_within_seconds_runs_down_with_the_clock() -> None:
    clock = iter([100.0, 103.0, 111.0])
    deadline = Deadline.within(10, clock=lambda: next(clock))
    assert deadline.remaining_s() == 7
    assert deadline.remaining_s() == -1
