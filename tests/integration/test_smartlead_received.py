"""SmartLead's deliveries through the deployed webhook, into Postgres and the queues."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from local.samples import SAMPLES, Sample, load_about, load_samples, raw_bodies
from local.webhooks import Webhook
from shared.db.engine import make_engine
from shared.domain.vocabulary import ClientId, JobType, Provider, SuppressionReason
from shared.domain.webhook_token import is_well_formed
from shared.pipelines.intake.park_event import decode_parked_event
from shared.providers.registry import PROVIDERS
from tests.instantly_events import SIGNING_KEY, api_gateway_event
from tests.integration.webhook import Answered, WebhookUnderTest
from tests.smartlead_events import (
    MAILBOX,
    PATH,
    account_disconnected,
    category_updated,
    email_reply,
    email_sent,
    lead_event,
    secret_of,
    token_of,
    with_secret,
)

FOLDER = SAMPLES / "smartlead"
COLLEAGUE = "kim@parent.test"


@pytest.fixture
def smartlead(webhook: WebhookUnderTest) -> WebhookUnderTest:
    """SmartLead's webhook of a client that has an account there."""
    return webhook.of(Provider.SMARTLEAD)


def deliver(smartlead: WebhookUnderTest, event: Any, **changes: Any) -> Answered:
    """Posts an event as SmartLead does: the token in the address, the secret in the body, no header of ours."""
    client_id = smartlead.client_id
    fields = {
        "query": {"clientId": str(client_id), "token": token_of(client_id)},
        "body": with_secret(event, secret_of(client_id)),
        "headers": {},
        **changes,
    }
    body = fields.pop("body")
    return smartlead.call(api_gateway_event(body, client_id=client_id, path=PATH, **fields))


def only_message(smartlead: WebhookUnderTest) -> Any:
    return smartlead.row("SELECT * FROM message")


# --- The samples -----------------------------------------------------------------------------------------------------


def test_every_sample_gets_the_response_and_the_rows_that_it_says(smartlead: WebhookUnderTest) -> None:
    (settings,) = PROVIDERS[Provider.SMARTLEAD].hook_settings(ClientId(smartlead.client_id), 1, SIGNING_KEY)
    hook = Webhook("https://hooks.example.com" + settings.path, settings.headers, settings.body)
    samples = load_samples(FOLDER)
    bodies = raw_bodies(samples, {"smartlead": load_about(FOLDER)}, datetime.now(UTC), {"smartlead": hook.url})
    answers: dict[str, Answered] = {}
    for sample in samples:
        body = bodies[sample.key]
        if "secret_key" in (sample.delivery.body or {}) or sample.delivery.redelivers:
            body = hook.signed_body(body)
        answer = answers[sample.name] = deliver(
            smartlead, body, headers=hook.signed_headers(sample.delivery.headers, body)
        )
        expect = sample.expect
        assert (answer.status_code, answer.status) == (expect.http_status, expect.status), (sample.name, answer.body)
        if expect.same_message_as is not None:
            assert answer.message_id == answers[expect.same_message_as].message_id
        assert_rows(smartlead, sample, answer)
    messages = smartlead.rows("SELECT id FROM message WHERE direction = 'INBOUND'")
    jobs = smartlead.rows("SELECT type FROM background_job")
    for type in (JobType.SMARTLEAD_POST_PROCESS, JobType.LEAD_SCORING):
        assert [job.type for job in jobs].count(type) == len(messages)
    assert JobType.POST_PROCESS not in {job.type for job in jobs}
    assert_no_secret_is_stored(smartlead)


def assert_rows(smartlead: WebhookUnderTest, sample: Sample, answer: Answered) -> None:
    expect = sample.expect
    assert (expect.tag is not None) <= (answer.message_id is not None)
    if expect.tag is not None:
        row = smartlead.row(
            "SELECT message.is_auto_reply, lead.suppression_reason FROM message JOIN lead ON lead.id = lead_id"
            " WHERE message.id = :id",
            id=answer.message_id,
        )
        assert row.is_auto_reply == expect.is_auto_reply, sample.name
        assert row.suppression_reason == expect.suppressed, sample.name
    elif expect.suppressed is not None:
        reasons = smartlead.rows("SELECT suppression_reason FROM lead ORDER BY created_at DESC LIMIT 1")
        assert [row.suppression_reason for row in reasons] == [expect.suppressed], sample.name


def assert_no_secret_is_stored(smartlead: WebhookUnderTest) -> None:
    secret, token = secret_of(smartlead.client_id), token_of(smartlead.client_id)
    kept = smartlead.rows("SELECT raw_body, payload::text AS payload FROM webhook_event")
    assert kept
    for row in kept:
        for text in (bytes(row.raw_body).decode(errors="replace"), row.payload or ""):
            assert secret not in text
            assert token not in text
    messages = smartlead.rows("SELECT message::text AS row FROM message")
    assert not any(secret in row.row or token in row.row for row in messages)


# --- Replies ---------------------------------------------------------------------------------------------------------


def test_a_reply_is_recorded_with_its_lead_its_handle_and_what_it_answers(smartlead: WebhookUnderTest) -> None:
    event = email_reply()
    answer = deliver(smartlead, event)
    assert (answer.status_code, answer.status) == (200, "accepted")
    message = only_message(smartlead)
    shown = event["reply_message"]
    assert (message.id, message.provider_message_id) == (answer.message_id, shown["message_id"])
    assert message.thread_id == f"{event['campaign_id']}:{event['sl_email_lead_id']}"
    assert (message.clean_text, message.our_address) == ("Sounds good, Tuesday?", MAILBOX)
    assert message.sender_address == event["sl_lead_email"]
    assert message.reply_handle == {
        "campaign_id": str(event["campaign_id"]),
        "stats_id": event["stats_id"],
        "lead_id": event["sl_email_lead_id"],
        "lead_email": event["sl_lead_email"],
        "to_email": event["to_email"],
        "message_id": shown["message_id"],
        "replied_at": datetime.fromisoformat(shown["time"]).isoformat(),
        "mailbox": MAILBOX,
    }
    assert message.trigger_facts["our_message"]["text"] == event["sent_message"]["text"]
    account = smartlead.row("SELECT * FROM provider_account WHERE provider = 'SMARTLEAD'")
    assert message.provider_account_id == account.id
    keys = smartlead.rows("SELECT kind, value FROM lead_identity WHERE lead_id = :id", id=message.lead_id)
    assert {tuple(key) for key in keys} == {
        ("EMAIL", event["sl_lead_email"]),
        ("SMARTLEAD_LEAD", event["sl_email_lead_id"]),
    }
    campaign = smartlead.row("SELECT * FROM campaign")
    assert (campaign.provider, campaign.provider_campaign_id, campaign.name) == (
        "SMARTLEAD",
        str(event["campaign_id"]),
        "Q4 Ops leaders",
    )
    (published,) = smartlead.received("post-process.fifo")
    assert json.loads(published["Body"])["type"] == JobType.SMARTLEAD_POST_PROCESS


def test_a_reply_counts_as_written_when_smartlead_says_unless_that_is_not_plausible(
    smartlead: WebhookUnderTest,
) -> None:
    written = deliver(smartlead, email_reply(event_timestamp="2020-01-01T00:00:00Z"))
    row = smartlead.row("SELECT effective_at = received_at AS now FROM message WHERE id = :id", id=written.message_id)
    assert row.now


@pytest.mark.parametrize("label_first", [False, True])
def test_a_category_and_its_reply_are_one_message_in_either_order(
    smartlead: WebhookUnderTest, label_first: bool
) -> None:
    reply = email_reply()
    events = [reply, category_updated(reply)]
    first, second = (deliver(smartlead, event) for event in (reversed(events) if label_first else events))
    assert (first.status, second.status) == ("accepted", "duplicate")
    assert first.message_id == second.message_id == only_message(smartlead).id
    assert only_message(smartlead).reply_handle["stats_id"] == reply["stats_id"]
    assert smartlead.row("SELECT meeting_booked_at FROM lead").meeting_booked_at is None
    assert smartlead.count("background_job") == 2


def test_a_colleagues_reply_is_the_leads_and_goes_back_to_the_colleague(smartlead: WebhookUnderTest) -> None:
    event = email_reply(to_email=COLLEAGUE)
    deliver(smartlead, event)
    message = only_message(smartlead)
    assert (message.sender_address, message.reply_handle["to_email"]) == (COLLEAGUE, COLLEAGUE)
    lead = smartlead.row("SELECT * FROM lead")
    assert (lead.email, lead.first_name) == (event["sl_lead_email"], None)
    assert smartlead.rows("SELECT 1 FROM lead_identity WHERE value = :value", value=COLLEAGUE) == []


def test_an_untracked_reply_has_no_campaign_and_no_thread(smartlead: WebhookUnderTest) -> None:
    known = email_reply()
    deliver(smartlead, known)
    untracked = {"event_type": "UNTRACKED_REPLIES", "to_email": known["sl_lead_email"], "sl_lead_email": None}
    answer = deliver(smartlead, email_reply(**untracked, sl_email_lead_id=None))
    message = smartlead.row("SELECT * FROM message WHERE id = :id", id=answer.message_id)
    assert (message.campaign_id, message.thread_id) == (None, None)
    assert "stats_id" not in message.reply_handle
    assert smartlead.count("lead") == 1  # by the exact address


def test_the_same_bytes_again_are_one_delivery_whatever_secret_they_came_with(smartlead: WebhookUnderTest) -> None:
    event = email_reply()
    first = deliver(smartlead, event)
    smartlead.execute("UPDATE client SET webhook_token_version = 2")
    newer = {
        "query": {"clientId": str(smartlead.client_id), "token": token_of(smartlead.client_id, 2)},
        "body": with_secret(event, secret_of(smartlead.client_id, 2)),
    }
    again = deliver(smartlead, event, **newer)
    assert (again.status, again.message_id) == ("duplicate", first.message_id)
    assert smartlead.row("SELECT deliveries FROM webhook_event").deliveries == 2
    assert deliver(smartlead, event).status_code == 401  # by what is no longer valid


def test_a_delivery_is_known_by_its_number(smartlead: WebhookUnderTest) -> None:
    headers = {"x-request-id": "5a1f2c2e-0000-4000-8000-000000000013"}
    first = deliver(smartlead, email_reply(), headers=headers)
    assert deliver(smartlead, email_reply(), headers=headers).message_id == first.message_id
    assert smartlead.count("message") == 1
    twice = {"x-request-id": ",".join([headers["x-request-id"]] * 2)}
    assert deliver(smartlead, email_reply(), headers=twice).status == "accepted"


# --- What is no reply ------------------------------------------------------------------------------------------------


def test_a_sent_mail_is_the_leads_whom_we_know_and_else_kept_for_the_first_reply(smartlead: WebhookUnderTest) -> None:
    event = email_reply()
    lead = event["sl_lead_email"]
    sent = email_sent(sl_lead_email=lead, to_email=lead)
    assert deliver(smartlead, sent).status == "ignored"
    deliver(smartlead, {key: value for key, value in event.items() if key != "sent_message"})
    assert only_message(smartlead).trigger_facts["our_message"]["text"] == "Hi Dana"
    known = email_sent(sl_lead_email=lead, to_email=lead, sequence_number=1)
    assert deliver(smartlead, known).status == "accepted"
    first = {**known, "event_type": "FIRST_EMAIL_SENT"}
    assert deliver(smartlead, first).status == "duplicate"
    assert [row.direction for row in smartlead.rows("SELECT direction FROM message ORDER BY received_at")] == [
        "INBOUND",
        "OUTBOUND",
    ]


@pytest.mark.parametrize(
    ("event_type", "reason"),
    [
        ("EMAIL_BOUNCE", SuppressionReason.BOUNCED),
        ("LEAD_UNSUBSCRIBED", SuppressionReason.UNSUBSCRIBED),
        ("EMAIL_UNSUBSCRIBED", SuppressionReason.UNSUBSCRIBED),
    ],
)
def test_an_objection_suppresses_the_lead(
    smartlead: WebhookUnderTest, event_type: str, reason: SuppressionReason
) -> None:
    assert deliver(smartlead, lead_event(event_type, sl_email_lead_id=7)).status == "accepted"
    lead = smartlead.row("SELECT * FROM lead")
    assert (lead.email, lead.suppression_reason) == ("dana@acme.test", reason)
    assert smartlead.count("message") == 0


def test_the_health_of_an_account_is_counted_and_tells_of_nobody(
    smartlead: WebhookUnderTest, log_output: Callable[[], str]
) -> None:
    answer = deliver(smartlead, account_disconnected())
    assert (answer.status_code, answer.status) == (200, "ignored")
    assert "AccountError" in log_output()
    assert smartlead.count("lead") == smartlead.count("message") == 0


def test_a_test_delivery_makes_no_conversation(smartlead: WebhookUnderTest) -> None:
    answer = deliver(smartlead, email_reply(stats_id="id", stats_thread_id="thread_id"))
    assert (answer.status_code, answer.status) == (200, "ignored")
    assert smartlead.count("lead") == smartlead.count("message") == smartlead.count("campaign") == 0
    assert smartlead.row("SELECT outcome FROM webhook_event").outcome == "IGNORED"


# --- Bad input -------------------------------------------------------------------------------------------------------


def test_whoever_does_not_prove_himself_leaves_nothing_and_gets_one_answer(
    smartlead: WebhookUnderTest, log_output: Callable[[], str]
) -> None:
    client_id = smartlead.client_id
    query = {"clientId": str(client_id), "token": token_of(client_id)}
    wrong: list[dict[str, Any]] = [
        {"query": {"clientId": str(client_id)}},
        {"query": {**query, "token": token_of(ClientId(client_id), 2)}},
        {"query": {**query, "token": f"{query['token']},{query['token']}"}},
        {"body": with_secret(email_reply(), "wrong")},
        {"body": with_secret(email_reply(secret_key=None), "")},
        {"headers": {"x-smartlead-signature": "sha256=" + "0" * 64}},
        {"body": b"{}"},
    ]
    answers = [deliver(smartlead, email_reply(), **changes) for changes in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert len({json.dumps([answer.body, answer.headers]) for answer in answers}) == 1
    assert smartlead.count("webhook_event") == smartlead.count("lead") == 0
    assert query["token"] not in log_output()


def test_no_log_line_holds_the_token_or_the_secret(smartlead: WebhookUnderTest, log_output: Callable[[], str]) -> None:
    for event in (email_reply(), b'{"secret_key": "' + secret_of(smartlead.client_id).encode()):
        deliver(smartlead, event)
    logged = log_output()
    assert "event received" in logged
    assert secret_of(smartlead.client_id) not in logged
    assert not any(is_well_formed(word.strip('",')) for word in logged.split())


def test_a_broken_body_is_kept_without_the_secret(smartlead: WebhookUnderTest) -> None:
    body = b'{"event_type": "EMAIL_REPLY", "secret_key": "' + secret_of(smartlead.client_id).encode()
    assert deliver(smartlead, body).status == "quarantined"
    assert_no_secret_is_stored(smartlead)


def test_a_parked_delivery_is_answered_200_and_holds_no_secret(smartlead: WebhookUnderTest) -> None:
    smartlead.new_environment()
    handler = smartlead.environments[0].handler
    away = make_engine("postgresql://postgres@127.0.0.1:1/none", prepared=True, ping=False)
    handler.webhook = replace(handler.webhook, intake=replace(handler.webhook.intake, engine=away))
    answer = deliver(smartlead, email_reply())
    assert (answer.status_code, answer.status) == (200, "parked")
    (record,) = smartlead.received("ingest.fifo")
    parked = decode_parked_event(record["Body"]).delivery
    assert json.loads(parked.raw_body)["secret_key"] == "***"
    assert secret_of(smartlead.client_id).encode() not in parked.raw_body


def test_a_client_without_an_account_keeps_the_delivery_until_it_has_one(webhook: WebhookUnderTest) -> None:
    alone = replace(webhook, provider=Provider.SMARTLEAD, environments=[], others={})
    event = email_reply()
    answer = deliver(alone, event)
    assert (answer.status, answer.body["reason"]) == ("quarantined", "no_account")
    assert alone.count("message") == 0
    assert deliver(webhook.of(Provider.SMARTLEAD), event).status == "accepted"
    for environment in alone.environments:
        environment.handler.webhook.intake.engine.dispose()
