"""One client with two email tools: what both of them tell of is one message, one job and one response."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from shared.pipelines.intake.delivery import Receipt
from tests.instantly_events import iso, lead_event
from tests.integration.reply_scene import LEAD_EMAIL
from tests.integration.two_tools import NOW, WORDS, OtherTool, TwoTools
from tests.marketplace import NAME, Marketplace, registered


@pytest.fixture(autouse=True)
def other_tool() -> Iterator[Marketplace]:
    with registered(OtherTool()) as provider:
        yield provider


@pytest.fixture
def tools(engine: Engine) -> TwoTools:
    return TwoTools(engine)


# --- Replies ---------------------------------------------------------------------------------------------------------


def test_a_reply_through_both_is_one_reply_with_its_jobs_once(tools: TwoTools) -> None:
    first = tools.first(email_account="sam@send.test")
    (before,) = tools.messages()
    second = tools.second(at=NOW + timedelta(minutes=3))
    assert (first.status, second.status) == ("accepted", "duplicate")
    assert second.message_id == first.message_id
    assert tools.messages() == [before]  # the response goes out as the first tool's
    assert tools.job_types() == ["INSTANTLY_INBOUND_POST_PROCESS", "LEAD_SCORING_POST_PROCESS"]
    events = tools.all("SELECT outcome, message_id FROM webhook_event ORDER BY received_at")
    assert events == [("ACCEPTED", first.message_id), ("DUPLICATE", first.message_id)]


def test_the_jobs_of_the_tool_that_was_first_are_asserted_again(tools: TwoTools) -> None:
    tools.sqs.refuses = True
    second = tools.second()
    tools.sqs.refuses = False
    assert tools.first().message_id == second.message_id
    assert tools.job_types() == ["LEAD_SCORING_POST_PROCESS", "SMARTLEAD_INBOUND_POST_PROCESS"]
    (sent,) = tools.sqs.sent
    assert json.loads(sent["MessageBody"])["type"] == "SMARTLEAD_INBOUND_POST_PROCESS"


@pytest.mark.parametrize(
    "changes",
    [
        {"text": None, "html": "<p>Sounds good, let\u2019s talk on <b>Tuesday</b>.</p>"},
        {"text": f"{WORDS}\n\nOn Fri, Nov 20, 2026 at 2:00 PM Sam <sam@send.test> wrote:\n> Hi Pat,\n> a question?\n"},
        {"at": NOW - timedelta(hours=23)},
        {"at": NOW + timedelta(hours=23)},
    ],
    ids=["html", "with the thread", "a day before", "a day later"],
)
def test_a_tool_shows_the_same_words_in_its_own_way(tools: TwoTools, changes: dict[str, Any]) -> None:
    assert tools.first().message_id == tools.second(**changes).message_id


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"text": "Sounds good, let's talk on Wednesday."}),
        ({}, {"at": NOW - timedelta(hours=25)}),
        ({}, {"email": "another@acme.test"}),
        ({"reply_text": "", "reply_subject": "Re: hi"}, {"text": ""}),
        ({"reply_text": "> Hi Pat"}, {"text": "> Hi Pat"}),
    ],
    ids=["other words", "days apart", "another person", "no words", "only quoted words"],
)
def test_another_reply_through_the_other_tool_is_another_reply(
    tools: TwoTools, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert tools.first(**first).status == tools.second(**second).status == "accepted"
    assert len(tools.messages()) == 2


def test_the_same_words_twice_through_one_tool_are_two_replies(tools: TwoTools) -> None:
    assert tools.second().status == tools.second(at=NOW + timedelta(minutes=1)).status == "accepted"
    assert tools.first().status == "duplicate"
    assert len(tools.messages()) == 2


def test_an_id_is_one_accounts_own(tools: TwoTools) -> None:
    tools.connect("another-location")
    receipts = [
        tools.second(messageId="1"),
        tools.second("And Thursday?", messageId="1", locationId="another-location"),
        tools.first(email_id="1", reply_text="Or Friday?"),
    ]
    assert [receipt.status for receipt in receipts] == ["accepted"] * 3
    assert tools.second("edited", messageId="1").message_id == receipts[0].message_id


def test_an_id_of_a_thread_is_that_threads_own(tools: TwoTools, other_tool: Marketplace) -> None:
    other_tool.ids_are_per_thread = True
    receipts = [tools.second(text, messageId="1", thread=text) for text in ("one", "two")]
    assert [receipt.status for receipt in receipts] == ["accepted"] * 2
    assert tools.second("edited", messageId="1", thread="two").message_id == receipts[1].message_id


def test_what_the_first_tool_cannot_respond_to_is_the_second_ones(tools: TwoTools) -> None:
    first = tools.first(email_id=None)
    second = tools.second(messageId="42")
    assert first.message_id == second.message_id
    (reply,) = tools.messages()
    assert (reply.provider_account_id, reply.provider_message_id) == (tools.account_at(NAME), "42")
    assert (reply.reply_handle["message_id"], reply.thread_id, reply.campaign_id) == ("42", "thread", None)
    assert (reply.mailbox, reply.our_address) == (None, None)
    assert tools.second("edited", messageId="42").message_id == first.message_id
    assert tools.first(email_id=None).message_id == first.message_id  # and the first tool's is still the same


def test_a_label_of_the_other_tool_is_about_the_reply_however_late(tools: TwoTools) -> None:
    reply = tools.second(at=NOW - timedelta(days=9))
    label = lead_event(
        "lead_interested",
        lead_email=LEAD_EMAIL,
        timestamp=iso(NOW),
        reply_text=WORDS,
        email_id="its own",
    )
    assert tools.deliver(label).message_id == reply.message_id
    assert len(tools.messages()) == 1


def test_an_opt_out_through_both_suppresses_once(tools: TwoTools) -> None:
    first = tools.first(reply_text="Please remove me from your list.")
    before = tools.lead()
    assert tools.second("Please remove me from your list.").message_id == first.message_id
    assert tools.lead() == before
    assert before.suppression_message_id == first.message_id
    types = {"INSTANTLY_INBOUND_POST_PROCESS", "LEAD_SCORING_POST_PROCESS", "SYNC_PERSON"}
    assert set(tools.job_types()) == types


def test_two_tools_at_once_make_one_reply(tools: TwoTools) -> None:
    """Of people whom nobody knows yet, too: each tool knows them by the address and an id of its own."""
    rounds = 12
    together = Barrier(2)

    def deliver(tool: str) -> list[Receipt]:
        receipts = []
        for number in range(rounds):
            together.wait()
            email = f"person{number // 2}@acme.test"  # twice each: unknown, then known
            words = f"Reply number {number}"
            receipts.append(
                tools.first(email=email, reply_text=words) if tool == "first" else tools.second(words, email=email)
            )
        return receipts

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(deliver, ("first", "second"))
    assert [receipt.message_id for receipt in first] == [receipt.message_id for receipt in second]
    pairs = [{one.status.value, other.status.value} for one, other in zip(first, second, strict=True)]
    assert pairs == [{"accepted", "duplicate"}] * rounds
    assert len(tools.messages()) == rounds
    assert len(tools.job_types()) == 2 * rounds
