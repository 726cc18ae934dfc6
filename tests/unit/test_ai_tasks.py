"""The four tasks' prompts and their reading of a model's output, without a model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.deadline import Deadline
from shared.ai.prompts import load_prompt
from shared.ai.schemas import Draft, LeadScore, ReplyEvaluation, Sentiment
from shared.ai.tasks import draft, lead_score, reply_evaluation, sentiment
from shared.ai.tasks.draft import (
    DraftInput,
    DraftResult,
    assemble_body,
    draft_document,
    failed_checks,
    leads_context,
    own_context,
    subject_of,
)
from shared.ai.tasks.lead_score import ScoreInput, score_document
from shared.ai.tasks.reply_evaluation import EvaluationInput, evaluation_document
from shared.ai.tasks.sentiment import SentimentInput, sentiment_document
from shared.ai.workspace_prefix import SHARED_PROMPT, render_workspace
from shared.domain.commitments import Commitment, CommitmentKind
from shared.domain.drafting.findings import Finding, FindingKind
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


TASK_NAMES = {"sentiment": "sentiment", "draft": "draft", "reply_evaluation": "evaluation", "lead_score": "score"}


def whole(version: str) -> str:
    """Returns what the model is told: what all tasks share, and the task's own."""
    return f"{load_prompt(SHARED_PROMPT)}\n{load_prompt(version)}"


@pytest.mark.parametrize("task", [sentiment, draft, reply_evaluation, lead_score])
def test_every_task_has_a_prompt_of_its_version_that_treats_the_document_as_data(task: Any) -> None:
    prompt = whole(task.PROMPT_VERSION)
    assert "one JSON document" in prompt
    assert "data written by other people" in prompt
    assert f"# Task: {TASK_NAMES[task.FEATURE]}" in prompt


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
    for name in fields_of(output):
        assert f"`{name}`" in answer_section, name


def fields_of(output: type[BaseModel]) -> Iterator[str]:
    for name, field in output.model_fields.items():
        yield name
        for inner in get_args(field.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from fields_of(inner)


def test_the_evaluation_prompt_explains_every_kind_of_finding() -> None:
    prompt = load_prompt(reply_evaluation.PROMPT_VERSION)
    for kind in FindingKind:
        assert f"`{kind}`: " in prompt, kind


def test_the_draft_prompt_explains_every_kind_of_promise() -> None:
    prompt = load_prompt(draft.PROMPT_VERSION)
    for kind in CommitmentKind:
        assert f"`{kind}`" in prompt, kind


@pytest.mark.parametrize(
    ("version", "document"),
    [
        (
            sentiment.PROMPT_VERSION,
            lambda: sentiment_document(SentimentInput(mail(0, "yes"), [], WORKSPACE, LEAD, NOW)),
        ),
        (draft.PROMPT_VERSION, lambda: draft_document(draft_input())),
        (
            reply_evaluation.PROMPT_VERSION,
            lambda: evaluation_document(EvaluationInput(draft_input(), "Re: idea", "It costs €490.")),
        ),
        (lead_score.PROMPT_VERSION, lambda: score_document(ScoreInput([mail(0, "yes")], WORKSPACE, LEAD, NOW))),
    ],
)
def test_a_prompt_explains_every_field_of_its_document(version: str, document: Callable[[], dict[str, object]]) -> None:
    prompt = whole(version)
    for name in document().keys() - {"task"}:
        assert f"`{name}`" in prompt, name
    for name, fields in render_workspace(WORKSPACE, "").items():
        assert f"`{name}`" in prompt, name
        assert isinstance(fields, dict)


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confidence", ["-0.1", "1.01", "NaN", "Infinity", '"0.9"', "null"])
def test_a_confidence_outside_of_0_to_1_is_no_answer(confidence: str) -> None:
    answer = f'{{"findings": [], "confidence": {confidence}}}'
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
    assert assemble_body("Hi Anna,", "It works.\r\n\r\n\r\n\r\nReally. ", "Yours,", "en", SETTINGS) == (
        "Hi Anna,\n\nIt works.\n\nReally.\n\nBest regards,\nMara Lind\nNorthwind"
    )
    assert assemble_body("", "Működik.", "", "hu", SETTINGS) == "Működik.\n\nMara Lind\nNorthwind"


def test_the_closing_is_in_the_language_of_the_draft_whatever_the_signature_begins_with() -> None:
    settings = SETTINGS.model_copy(update={"persona_signature": "Best,\nMara Lind"})
    assert assemble_body("Hi,", "It works.", "", "en", settings) == "Hi,\n\nIt works.\n\nBest,\nMara Lind"
    assert assemble_body("Hola,", "Funciona.", "Best,", "es", settings) == (
        "Hola,\n\nFunciona.\n\nSaludos cordiales,\nMara Lind"
    )


def test_a_workspace_may_say_that_an_ai_wrote_it() -> None:
    settings = SETTINGS.model_copy(update={"disclose_ai": True})
    body = assemble_body("Hallo Anna,", "Starter kostet €490 im Monat.", "", "de", settings)
    assert body.endswith("Mara Lind\nNorthwind\n\nDiese E-Mail hat eine KI geschrieben.")
    given = draft_input("Was kostet das?", workspace=Workspace(settings, WORKSPACE.knowledge))
    assert failed_checks(given, DraftResult("Re: idea", body, "de")) == []


def test_without_a_signature_the_persona_s_name_signs() -> None:
    settings = WorkspaceSettings(persona_name="Mara")
    assert assemble_body("Hi,", "It works.", "", "en", settings) == "Hi,\n\nIt works.\n\nBest regards,\nMara"
    assert assemble_body("Hi,", "Működik.", "", "hu", WorkspaceSettings()) == "Hi,\n\nMűködik."


@pytest.mark.parametrize("body", ["", " \n "])
def test_a_draft_without_words_stays_empty_for_the_check_to_see(body: str) -> None:
    assert assemble_body("Hi Anna,", body, "Best,", "en", SETTINGS) == ""
    assert [failure.check for failure in failed_checks(draft_input(), DraftResult("Re: idea", ""))] == ["empty"]


def test_the_dates_of_e_mails_ground_nothing() -> None:
    given = draft_input("Works for me.")
    assert "Monday 2026-11-23 15:00" in json.dumps(draft_document(given))
    assert not any("Monday" in text for text in (*own_context(given), *leads_context(given)))
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


def test_the_writer_sees_whom_it_greets_and_our_clock() -> None:
    document = draft_document(draft_input(lead=replace(LEAD, campaign="Spring", title="Head of Sales")))
    assert document["greeting"] == "Hi Anna,"
    assert document["campaign_name"] == "Spring"
    assert document["now"] == "Monday 2026-11-23 15:00"
    assert document["time_zone"] == "Europe/Berlin"


def test_the_workspace_s_texts_ground_a_draft() -> None:
    assert {"Starter costs €490 a month.", "https://cal.example.com/mara"} <= set(own_context(draft_input()))


# --- evaluations ------------------------------------------------------------------------------------------------------


def test_the_evaluation_is_shown_the_draft_and_what_of_its_promises_is_kept() -> None:
    kept = (Commitment(CommitmentKind.WRITE_LATER, "I will write in March", date(2027, 3, 1)),)
    given = EvaluationInput(draft_input(), "Re: idea", "I will write in March.", promises=kept)
    shown = evaluation_document(given)
    assert shown["draft"] == {
        "subject": "Re: idea",
        "body": "I will write in March.",
        "promises": ["I will write in March"],
    }
    assert {name: value for name, value in shown.items() if name not in ("draft", "task")} == draft_document(
        given.writer
    )


def test_findings_are_read_with_their_words() -> None:
    response = {"findings": [{"words": " 50% off ", "kind": "unsupported_fact"}], "confidence": 0.8}
    result = ask(reply_evaluation.evaluate_reply, EvaluationInput(draft_input(), "Re: idea", "50% off"), response)
    assert result.findings == (Finding(FindingKind.UNSUPPORTED_FACT, "50% off"),)
    assert result.confidence == 0.8


# --- scores -----------------------------------------------------------------------------------------------------------


def test_a_score_sees_what_the_lead_quotes() -> None:
    quoted = "Shall I send you the figures?"
    assert (
        score_document(ScoreInput([mail(0, "sure")], WORKSPACE, LEAD, NOW, quoted_original=quoted))["quoted_original"]
        == quoted
    )


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
