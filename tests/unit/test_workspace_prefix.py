"""What all calls of a workspace begin with: the same for every task and every lead, so that it can be cached."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.deadline import Deadline
from shared.ai.prompts import load_prompt
from shared.ai.tasks.draft import DraftInput, write_draft
from shared.ai.tasks.lead_score import ScoreInput, score_lead
from shared.ai.tasks.reply_evaluation import EvaluationInput, evaluate_reply
from shared.ai.tasks.sentiment import SentimentInput, classify_sentiment
from shared.ai.workspace_prefix import MAX_QUESTIONS, SHARED_PROMPT, Prefix, prefix_for, render_workspace
from shared.domain.knowledge_fit import BUDGET_CHARS
from shared.domain.vocabulary import Direction, Tag
from shared.domain.workspace_settings import KnowledgeText, Workspace, WorkspaceSettings

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
REPLY = ThreadMessage(Direction.INBOUND, NOW, "Re: idea", "What does it cost?")
WORKSPACE = Workspace(
    WorkspaceSettings(
        persona_name="Mara", persona_greeting="Hi {first_name},", company_name="Northwind", service_description="Ads."
    ),
    (KnowledgeText("Pricing", "Starter costs €490 a month."),),
)


class AskedError(Exception):
    """The end of a call, once the request is known."""


class Ears:
    """A model that keeps what it was asked, and says nothing."""

    def __init__(self) -> None:
        self.request: dict[str, Any] = {}

    def parse(self, **request: Any) -> BaseModel:
        self.request = request
        raise AskedError


def tasks(workspace: Workspace, lead: LeadFacts, reply: ThreadMessage) -> dict[str, tuple[Callable[..., Any], Any]]:
    writer = DraftInput(reply, [], Tag.INFORMATION_REQUESTED, workspace, lead, NOW)
    return {
        "sentiment": (classify_sentiment, SentimentInput(reply, [], workspace, lead, NOW)),
        "draft": (write_draft, writer),
        "reply_evaluation": (evaluate_reply, EvaluationInput(writer, "Re: idea", "It costs €490 a month.")),
        "lead_score": (score_lead, ScoreInput([reply], workspace, lead, NOW)),
    }


def requests(workspace: Workspace = WORKSPACE, name: str = "Anna", reply: ThreadMessage = REPLY) -> dict[str, Any]:
    made = {}
    for task, (run, given) in tasks(workspace, LeadFacts(first_name=name), reply).items():
        ears = Ears()
        with pytest.raises(AskedError):
            run(ears, given, model="m", deadline=Deadline.within(1), record=lambda _: None)
        made[task] = ears.request
    return made


def test_all_tasks_of_a_workspace_begin_alike_whoever_the_lead_is() -> None:
    other = replace(REPLY, text="Sounds good.")
    prefixes = {
        request["prefix"] for one in (requests(), requests(name="Ben", reply=other)) for request in one.values()
    }
    assert len(prefixes) == 1
    (prefix,) = prefixes
    assert prefix.instructions == load_prompt(SHARED_PROMPT)
    assert "Anna" not in prefix.document
    assert "2026" not in prefix.document, "no time is in here"


def test_what_a_task_adds_is_its_own_prompt_and_the_case_and_names_the_task() -> None:
    for task, request in requests().items():
        assert request["instructions"] == load_prompt(request["prompt_version"])
        assert json.loads(request["input_text"])["task"] == task
        assert "Starter costs" not in request["input_text"], "knowledge is paid for once"


def test_other_words_of_the_workspace_are_another_prefix() -> None:
    keys = {
        prefix_for(WORKSPACE, "").cache_key,
        prefix_for(replace(WORKSPACE, instructions="Offer a trial."), "").cache_key,
    }
    assert len(keys) == 2
    assert all(len(key) == 32 for key in keys)
    assert Prefix("a", "b").cache_key != Prefix("ab", "").cache_key


def test_the_document_holds_what_the_owner_says_and_the_campaign() -> None:
    workspace = replace(WORKSPACE, instructions="Offer a trial.", language="de")
    assert render_workspace(workspace, "") == {
        "company": {
            "name": "Northwind",
            "service_description": "Ads.",
            "booking_link": "",
            "ideal_customer_profile": "",
            "qualification_questions": [],
            "knowledge": [{"name": "Pricing", "text": "Starter costs €490 a month."}],
        },
        "persona": {"name": "Mara", "tone": "friendly and professional", "signature": "", "goals": ""},
        "campaign": {"instructions": "Offer a trial.", "language": "de"},
    }
    many = WORKSPACE.settings.model_copy(update={"qualification_questions": ["?"] * 99})
    company = render_workspace(replace(WORKSPACE, settings=many), "")["company"]
    assert isinstance(company, dict)
    assert len(company["qualification_questions"]) == MAX_QUESTIONS


def test_too_much_knowledge_is_chosen_by_what_the_reply_asks_and_the_evaluation_sees_the_same() -> None:
    texts = tuple(KnowledgeText(f"text {number}", f"word{number} " * 2_000) for number in range(5))
    workspace = replace(WORKSPACE, knowledge=(*texts, *WORKSPACE.knowledge))
    made = requests(workspace)
    documents = {request["prefix"].document for request in made.values()}
    assert len(documents) == 1
    (document,) = documents
    assert "Starter costs €490" in document, "it is what was asked for"
    assert len(document) < BUDGET_CHARS + 1_000
