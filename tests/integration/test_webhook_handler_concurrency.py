"""Several Lambda environments at the same lead at the same instant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from tests.instantly_events import lead_event, reply_received
from tests.integration.webhook import Answered, WebhookUnderTest

NO_TEXT = {"reply_text": None, "reply_html": None, "reply_text_snippet": None, "email_id": None}


def at_once(webhook: WebhookUnderTest, events: Sequence[Any]) -> list[Answered]:
    """Posts every event from an environment and a thread of its own, all released by one barrier."""
    environments = [webhook.new_environment() for _ in events]
    for number, post in enumerate(environments):  # connect first, so that nothing but the event itself takes time
        assert post(b"warm-up %d" % number).status == "quarantined"
    barrier = Barrier(len(events))

    def run(post: Callable[..., Answered], event: Any) -> Answered:
        barrier.wait()
        return post(event)

    with ThreadPoolExecutor(len(events)) as pool:
        return list(pool.map(run, environments, events))


def statuses(answers: Sequence[Answered]) -> list[str]:
    return sorted(str(answer.status) for answer in answers)


def test_sixteen_concurrent_redeliveries_are_one_reply(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    answers = at_once(webhook, [event] * 16)
    assert statuses(answers) == ["accepted"] + ["duplicate"] * 15
    assert len({answer.message_id for answer in answers}) == 1
    assert webhook.count("message") == webhook.count("lead") == webhook.count("campaign") == 1
    assert webhook.count("background_job") == 2
    stored = webhook.row("SELECT * FROM webhook_event WHERE outcome <> 'QUARANTINED'")
    assert (stored.outcome, stored.deliveries) == ("ACCEPTED", 16)
    assert len(webhook.received("post-process.fifo")) == 1


def test_eight_parallel_first_replies_of_a_new_lead_are_one_lead_and_eight_messages(webhook: WebhookUnderTest) -> None:
    first = reply_received()
    events = [{**first, "email_id": str(uuid4()), "reply_text": f"Reply {number}"} for number in range(8)]
    answers = at_once(webhook, events)
    assert statuses(answers) == ["accepted"] * 8
    assert len({answer.message_id for answer in answers}) == 8
    assert webhook.count("lead") == webhook.count("campaign") == 1
    assert webhook.count("message") == 8
    assert webhook.count("background_job") == 16


@pytest.mark.parametrize("label_has_id", [True, False])
@pytest.mark.parametrize("known_lead", [True, False])
def test_reply_and_its_label_at_once_are_one_reply(
    webhook: WebhookUnderTest, known_lead: bool, label_has_id: bool
) -> None:
    events = []
    for _ in range(4):
        event = reply_received()
        if known_lead:
            webhook.post({**event, "event_type": "lead_meeting_booked", **NO_TEXT})
        label = {**event, "event_type": "lead_interested"}
        if not label_has_id:
            del label["email_id"]
        events += [event, label]
    answers = at_once(webhook, events)
    assert statuses(answers) == ["accepted"] * 4 + ["duplicate"] * 4
    for of_reply, of_label in zip(answers[::2], answers[1::2], strict=True):
        assert of_reply.message_id == of_label.message_id
    assert webhook.count("message") == webhook.count("lead") == 4
    ids = {row.provider_message_id for row in webhook.rows("SELECT provider_message_id FROM message")}
    assert ids == {event["email_id"] for event in events[::2]}


def test_one_email_under_two_leads_at_once_is_one_reply(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    colleagues = [{**event, "lead_email": f"colleague{number}@acme.test"} for number in range(6)]
    answers = at_once(webhook, colleagues)
    assert statuses(answers) == ["accepted"] + ["duplicate"] * 5
    assert len({answer.message_id for answer in answers}) == 1
    assert webhook.count("message") == webhook.count("lead") == 1
    assert webhook.count("background_job") == 2


def test_event_judged_anew_by_several_at_once_is_recorded_once(webhook: WebhookUnderTest) -> None:
    webhook.register_account("another")
    events = [reply_received(lead_email="pat@acme.test"), lead_event("lead_unsubscribed", lead_email="li@acme.test")]
    for event in events:
        assert webhook.post(event).status == "quarantined"
    webhook.register_account(None)
    answers = at_once(webhook, events * 4)
    assert statuses(answers) == ["accepted"] * 2 + ["duplicate"] * 6
    assert webhook.count("message") == 1
    outcomes = webhook.rows("SELECT outcome, deliveries FROM webhook_event WHERE event_type IS NOT NULL")
    assert [tuple(row) for row in outcomes] == [("ACCEPTED", 5)] * 2


def test_first_replies_of_many_leads_in_a_new_campaign_do_not_wait_for_each_other_in_vain(
    webhook: WebhookUnderTest,
) -> None:
    answers = at_once(webhook, [reply_received() for _ in range(8)])
    assert statuses(answers) == ["accepted"] * 8
    campaign = webhook.row("SELECT id FROM campaign")
    assert {row.campaign_id for row in webhook.rows("SELECT campaign_id FROM message")} == {campaign.id}
