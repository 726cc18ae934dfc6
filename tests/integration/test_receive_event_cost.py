"""The cost of a reply: statements, and row versions that others would have to wait for."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest

from bench.cost import Cost, counted
from shared.domain.vocabulary import Provider
from tests.instantly_events import email_sent, lead_event, reply_received
from tests.integration.webhook import WebhookUnderTest
from tests.smartlead_events import email_reply


def cost(webhook: WebhookUnderTest) -> AbstractContextManager[Cost]:
    """Counts what the handler asks of Postgres."""
    return counted(webhook.environments[0].handler.webhook.intake.engine)


@pytest.mark.parametrize("known_lead", [True, False])
@pytest.mark.parametrize("change", [{}, {"campaign_id": None}, {"event_type": "lead_interested"}, {"email_id": None}])
def test_new_reply_takes_three_statements(webhook: WebhookUnderTest, known_lead: bool, change: dict[str, Any]) -> None:
    first = reply_received()
    webhook.post(first if known_lead else reply_received())
    with cost(webhook) as seen:
        answer = webhook.post({**first, "reply_text": "Another one", "email_id": str(uuid4()), **change})
    assert answer.status == "accepted"
    assert len(seen.statements) == 3, seen  # open, record, mark as published


@pytest.mark.parametrize("known_lead", [True, False])
def test_a_reply_of_smartleads_takes_as_many(webhook: WebhookUnderTest, known_lead: bool) -> None:
    smartlead = webhook.of(Provider.SMARTLEAD)
    first, second = email_reply(), email_reply()
    smartlead.post(first)
    whose = ("sl_email_lead_id", "sl_lead_email", "to_email", "leadCorrespondence")
    event = second | {key: first[key] for key in whose} if known_lead else second
    with cost(smartlead) as seen:
        assert smartlead.post(event).status == "accepted"
    assert len(seen.statements) == 3, seen


def test_reply_that_opts_out_takes_one_for_the_suppression_and_one_for_its_job(webhook: WebhookUnderTest) -> None:
    webhook.post(reply_received())
    with cost(webhook) as seen:
        webhook.post(reply_received(reply_text="Please unsubscribe me", reply_html=None))
    assert len(seen.statements) == 5, seen


def test_a_new_reply_takes_three_round_trips(webhook: WebhookUnderTest) -> None:
    """No ping, no SHOW, no type lookup besides: BEGIN with the opening, the record with COMMIT, the mark on its own."""
    for _ in range(4):  # until every statement is prepared
        webhook.post(reply_received())
    with cost(webhook) as seen:
        assert webhook.post(reply_received()).status == "accepted"
    assert seen.round_trips == 3, seen


def test_repeats_and_events_without_use_take_fewer_statements(webhook: WebhookUnderTest) -> None:
    reply = reply_received()
    webhook.post(reply)
    expected = [
        (reply, 2),  # who is it and did it come before; count it and look at its jobs
        (lead_event("email_opened"), 1),
        (email_sent(lead_email="stranger@acme.test"), 2),  # a copy for its first reply
        (email_sent(lead_email=reply["lead_email"]), 3),
    ]
    for body, count in expected:
        with cost(webhook) as seen:
            webhook.post(body)
        assert len(seen.statements) == count, seen


def test_repeats_do_not_rewrite_the_lead(webhook: WebhookUnderTest) -> None:
    reply = reply_received()
    webhook.post(reply)
    before = webhook.row("SELECT ctid::text AS place, xmin::text AS version FROM lead")
    webhook.post(reply)
    webhook.post({**reply, "step": 9})
    webhook.post({**reply, "event_type": "lead_interested"})
    assert webhook.row("SELECT ctid::text AS place, xmin::text AS version FROM lead") == before
