"""Every row of the webhook's table of responses, through the deployed handler with API Gateway's event."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import delivery_key, delivery_key_of_id
from shared.domain.vocabulary import Provider
from shared.domain.webhook_token import make_token
from shared.jobs.envelope import JobEnvelope
from shared.jobs.publish import Publisher
from shared.pipelines.intake.replay_event import replay_event
from shared.providers.instantly.provider import InstantlyProvider
from shared.providers.protocol import WebhookRequest
from tests.instantly_events import (
    CAMPAIGN,
    PREVIOUS_SIGNING_KEY,
    SIGNING_KEY,
    WORKSPACE,
    api_gateway_event,
    body_of,
    email_sent,
    hash_address,
    iso,
    lead_event,
    reply_received,
)
from tests.integration.webhook import Answered, WebhookUnderTest, add_client

# --- A new reply -------------------------------------------------------------------------------------------------


def test_new_reply_is_accepted_and_recorded_with_its_jobs(webhook: WebhookUnderTest) -> None:
    event = reply_received(lead_email="Pat@Acme.test")
    answer = webhook.post(event)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == {"success": True, "status": "accepted", "messageId": str(answer.message_id)}
    message = webhook.row("SELECT * FROM message")
    assert message.id == answer.message_id
    assert (message.direction, message.subject, message.clean_text) == (
        "INBOUND",
        "Re: quick question",
        "Sounds good, Tuesday?",
    )
    assert message.body_text == event["reply_text"]
    assert (message.provider_message_id, message.mailbox) == (event["email_id"], "sam@send.test")
    assert message.is_auto_reply is False
    assert message.sentiment is None
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.id, lead.email, lead.first_name, lead.company) == (message.lead_id, "pat@acme.test", "Pat", "Acme")
    assert lead.last_inbound_at == lead.last_message_at == message.effective_at
    assert lead.last_message_direction == "INBOUND"
    campaign = webhook.row("SELECT * FROM campaign")
    assert (campaign.id, campaign.provider_campaign_id, campaign.name) == (
        message.campaign_id,
        CAMPAIGN,
        "Q4 Founders",
    )
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.outcome, stored.message_id, stored.deliveries) == ("ACCEPTED", message.id, 1)
    assert bytes(stored.raw_body) == body_of(event)
    assert stored.payload == event


def test_new_reply_publishes_post_processing_now_and_leaves_scoring_for_later(webhook: WebhookUnderTest) -> None:
    answer = webhook.post(reply_received())

    jobs = {job.type: job for job in webhook.rows("SELECT *, run_at - now() AS ahead FROM background_job")}
    assert set(jobs) == {"INSTANTLY_INBOUND_POST_PROCESS", "LEAD_SCORING_POST_PROCESS"}
    for type_, job in jobs.items():
        assert job.dedupe_key == f"{webhook.client_id}:{answer.message_id}:{type_}"
        assert (job.status, job.message_id, job.generation) == ("PENDING", answer.message_id, 0)
    post_process, scoring = jobs["INSTANTLY_INBOUND_POST_PROCESS"], jobs["LEAD_SCORING_POST_PROCESS"]
    assert post_process.enqueued_at is not None
    assert scoring.enqueued_at is None
    assert timedelta(minutes=9) < scoring.ahead <= timedelta(minutes=10)

    (published,) = webhook.received("post-process.fifo")
    envelope = JobEnvelope.model_validate_json(published["Body"])
    assert (envelope.job_id, envelope.message_id) == (post_process.id, answer.message_id)
    assert envelope.trace_id == "1-67891233-abcdef012345678912345678"
    assert published["Attributes"]["MessageGroupId"] == str(post_process.lead_id)
    assert published["Attributes"]["MessageDeduplicationId"] == post_process.dedupe_key
    assert webhook.received("lead-scoring.fifo") == []


def test_provider_clock_that_runs_ahead_cannot_make_a_reply_the_newest(webhook: WebhookUnderTest) -> None:
    before = datetime.now(UTC)
    webhook.post(reply_received(timestamp=iso(before + timedelta(days=3))))
    message = webhook.row("SELECT * FROM message")
    assert message.effective_at == message.received_at < message.occurred_at
    assert before <= message.received_at <= datetime.now(UTC)


def test_reply_without_time_or_id_or_campaign_is_accepted(webhook: WebhookUnderTest) -> None:
    event = reply_received(timestamp=None, email_id=None, campaign_id=None, campaign_name=None, email_account=None)
    assert webhook.post(event).status == "accepted"
    message = webhook.row("SELECT * FROM message")
    assert message.occurred_at is message.campaign_id is message.provider_message_id is None
    assert message.effective_at == message.received_at


def test_older_dialect_is_understood(webhook: WebhookUnderTest) -> None:
    event = {
        "type": "reply_received",
        "timestamp": 1_795_183_391,
        "contact_email": "LI@acme.test",
        "contact_name": "Li Wong",
        "campaign_id": CAMPAIGN,
        "reply_text": "Tell me more",
    }
    assert webhook.post(event).status == "accepted"
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.email, lead.first_name, lead.last_name) == ("li@acme.test", "Li", "Wong")
    assert webhook.row("SELECT occurred_at FROM message").occurred_at == datetime.fromtimestamp(1_795_183_391, UTC)


def test_first_reply_pauses_follow_ups_but_an_automatic_one_does_not(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    webhook.post({**event, "event_type": "auto_reply_received"})
    lead = webhook.row("SELECT id FROM lead")
    webhook.execute(
        "INSERT INTO follow_up_instance (id, client_id, lead_id, status) VALUES (:id, :client_id, :lead_id, 'ACTIVE')",
        id=uuid7(),
        lead_id=lead.id,
    )
    again = {**event, "event_type": "auto_reply_received", "email_id": str(uuid4()), "reply_text": "Still away"}
    webhook.post(again)
    assert webhook.row("SELECT status FROM follow_up_instance").status == "ACTIVE"

    human = webhook.post({**event, "email_id": str(uuid4()), "reply_text": "Back again, tell me more"})
    follow_up = webhook.row("SELECT * FROM follow_up_instance")
    assert (follow_up.status, follow_up.paused_reason) == ("PAUSED", "LEAD_REPLIED")
    assert follow_up.paused_by_message_id == human.message_id


def test_automatic_reply_of_the_provider_is_known_before_any_model_sees_it(webhook: WebhookUnderTest) -> None:
    webhook.post(
        lead_event("auto_reply_received", reply_subject="Re: hello", reply_html="<p>I got your mail. Bye.</p>")
    )
    message = webhook.row("SELECT * FROM message")
    assert message.is_auto_reply
    assert (message.sentiment, message.sentiment_source) == ("Automated Reply", "PROVIDER")
    assert webhook.count("background_job") == 2


def test_names_are_kept_when_a_later_event_lacks_them(webhook: WebhookUnderTest) -> None:
    event = reply_received(firstName="Pat", lastName="Lee")
    webhook.post(event)
    webhook.post({**event, "email_id": str(uuid4()), "reply_text": "One more", "firstName": "", "lastName": None})
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.first_name, lead.last_name, lead.company) == ("Pat", "Lee", "Acme")


def test_campaign_row_is_rewritten_only_for_a_new_name(webhook: WebhookUnderTest) -> None:
    for name in ("Q4 Founders", "Q4 Founders", None, ""):
        webhook.post(reply_received(campaign_name=name))
    before = webhook.row("SELECT xmin::text AS version, name FROM campaign")
    assert before.name == "Q4 Founders"
    webhook.post(reply_received())
    assert webhook.row("SELECT xmin::text AS version, name FROM campaign") == before
    webhook.post(reply_received(campaign_name="Q1 Founders"))
    assert webhook.row("SELECT name FROM campaign").name == "Q1 Founders"


def test_rollups_move_only_forward(webhook: WebhookUnderTest) -> None:
    newer, older = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) - timedelta(hours=5)
    event = reply_received(timestamp=iso(newer))
    webhook.post(event)
    before = webhook.row("SELECT last_inbound_at, last_message_at FROM lead")
    webhook.post({**event, "timestamp": iso(older), "email_id": str(uuid4()), "reply_text": "An older one"})
    assert webhook.row("SELECT last_inbound_at, last_message_at FROM lead") == before
    assert webhook.count("message") == 2


def test_html_over_a_mebibyte_is_dropped_when_there_is_text(webhook: WebhookUnderTest) -> None:
    huge = "<p>" + "x" * (1024 * 1024) + "</p>"
    event = reply_received(reply_html=huge)
    assert webhook.post(event).status == "accepted"
    message = webhook.row("SELECT * FROM message")
    assert message.body_html is None
    assert message.clean_text == "Sounds good, Tuesday?"
    assert bytes(webhook.row("SELECT raw_body FROM webhook_event").raw_body) == body_of(event)


def test_body_of_six_megabytes_is_taken(webhook: WebhookUnderTest) -> None:
    event = reply_received(reply_text="word " * 1_150_000)
    assert len(body_of(event)) > 5_500_000
    assert webhook.post(event).status == "accepted"


def test_long_replies_that_differ_in_the_middle_only_are_two_replies(webhook: WebhookUnderTest) -> None:
    text = "word\n" * 200_000
    event = reply_received(reply_text=text, email_id=None)
    assert webhook.post(event).status == "accepted"
    assert webhook.post(event | {"event_type": "lead_interested"}).status == "duplicate"
    assert webhook.post(event | {"reply_text": f"{text[:500_000]}other\n{text[500_000:]}"}).status == "accepted"
    stored = webhook.row("SELECT max(length(body_text)) AS original, max(length(clean_text)) AS cleaned FROM message")
    assert (stored.original, stored.cleaned < 260_000) == (1_000_006, True)


def test_a_clients_flood_is_published_only_up_to_its_share(webhook: WebhookUnderTest) -> None:
    for number in range(55):
        assert webhook.post(reply_received(reply_text=f"Reply {number}")).status == "accepted"
    of_type = "type = 'INSTANTLY_INBOUND_POST_PROCESS'"
    published = webhook.row(f"SELECT count(*) AS n FROM background_job WHERE {of_type} AND enqueued_at IS NOT NULL")
    waiting = webhook.row(f"SELECT count(*) AS n FROM background_job WHERE {of_type} AND enqueued_at IS NULL")
    assert (published.n, waiting.n) == (50, 5)
    assert len(webhook.received("post-process.fifo")) == 50


# --- The same again ----------------------------------------------------------------------------------------------


def test_same_delivery_again_is_a_duplicate_with_the_same_message(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    first, again = webhook.post(event), webhook.post(event)
    assert again.status_code == 200
    assert again.body == {"success": True, "status": "duplicate", "messageId": str(first.message_id)}
    assert webhook.count("message") == 1
    assert webhook.count("background_job") == 2
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.outcome, stored.deliveries) == ("ACCEPTED", 2)
    assert len(webhook.received("post-process.fifo")) == 1


def test_same_reply_in_other_bytes_is_a_duplicate(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    first = webhook.post(event)
    again = webhook.post({**event, "unibox_url": "https://app.instantly.ai/app/unibox", "step": 2})
    assert (again.status, again.message_id) == ("duplicate", first.message_id)
    outcomes = webhook.rows("SELECT outcome FROM webhook_event WHERE message_id = :id", id=first.message_id)
    assert sorted(row.outcome for row in outcomes) == ["ACCEPTED", "DUPLICATE"]


@pytest.mark.parametrize("event_type", ["lead_interested", "lead_out_of_office", "lead_not_interested"])
@pytest.mark.parametrize("with_id", [True, False])
def test_label_with_the_replys_text_folds_into_it(webhook: WebhookUnderTest, event_type: str, with_id: bool) -> None:
    event = reply_received(timestamp=iso(datetime.now(UTC) - timedelta(days=9)))
    first = webhook.post(event)
    label = {**event, "event_type": event_type, "timestamp": iso(datetime.now(UTC)), "reply_html": None}
    if not with_id:
        del label["email_id"]
    folded = webhook.post(label)
    assert (folded.status, folded.message_id) == ("duplicate", first.message_id)
    assert webhook.count("message") == 1
    assert webhook.count("background_job") == 2


def test_label_that_comes_first_is_the_reply_and_the_reply_completes_it(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    label = {**event, "event_type": "lead_interested", "email_id": None, "email_account": None}
    first = webhook.post(label)
    assert first.status == "accepted"
    again = webhook.post(event)
    assert (again.status, again.message_id) == ("duplicate", first.message_id)
    message = webhook.row("SELECT * FROM message")
    assert (message.provider_message_id, message.mailbox) == (event["email_id"], "sam@send.test")
    # From now on the id alone is enough.
    assert webhook.post({**event, "reply_text": "changed", "reply_html": None}).message_id == first.message_id


def test_label_without_text_finds_the_reply_by_its_id(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    first = webhook.post(event)
    label = lead_event("lead_interested", lead_email=event["lead_email"], email_id=event["email_id"])
    answer = webhook.post(label)
    assert (answer.status, answer.message_id) == ("duplicate", first.message_id)


def test_same_words_with_two_ids_are_two_replies(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    first, second = webhook.post(event), webhook.post({**event, "email_id": str(uuid4())})
    assert first.status == second.status == "accepted"
    assert first.message_id != second.message_id


def test_same_words_without_id_within_a_day_are_one_reply_and_later_another(webhook: WebhookUnderTest) -> None:
    now = datetime.now(UTC)
    event = reply_received(email_id=None, timestamp=iso(now - timedelta(days=20)))
    first = webhook.post(event)
    hours_later = webhook.post({**event, "timestamp": iso(now - timedelta(days=20) + timedelta(hours=23))})
    assert (hours_later.status, hours_later.message_id) == ("duplicate", first.message_id)
    weeks_later = webhook.post({**event, "timestamp": iso(now)})
    assert weeks_later.status == "accepted"
    assert webhook.post({**event, "timestamp": iso(now)}).message_id == weeks_later.message_id


def test_colleague_who_answers_for_a_lead_does_not_double_the_reply(webhook: WebhookUnderTest) -> None:
    event = reply_received(lead_email="pat@acme.test")
    first = webhook.post(event)
    again = webhook.post({**event, "lead_email": "robin@acme.test"})
    assert (again.status, again.message_id) == ("duplicate", first.message_id)
    assert [lead.email for lead in webhook.rows("SELECT email FROM lead")] == ["pat@acme.test"]


def test_reply_that_names_the_mail_it_answers_is_not_taken_for_that_mail(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    webhook.post(event)
    sent = email_sent(lead_email=event["lead_email"])
    webhook.post(sent)
    answer = webhook.post({**event, "email_id": sent["email_id"], "reply_text": "Something new"})
    assert answer.status == "accepted"
    message = webhook.row("SELECT * FROM message WHERE id = :id", id=answer.message_id)
    assert (message.direction, message.provider_message_id) == ("INBOUND", None)


def test_duplicate_publishes_a_job_that_never_reached_its_queue(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    webhook.post(event)
    assert len(webhook.received("post-process.fifo")) == 1
    # As if the process had died between commit and publish. SQS forgets a deduplication id after five minutes only,
    # so a new generation stands in for the wait.
    webhook.execute(
        "UPDATE background_job SET enqueued_at = NULL, generation = 1 WHERE type = 'INSTANTLY_INBOUND_POST_PROCESS'"
    )
    assert webhook.post(event).status == "duplicate"
    assert len(webhook.received("post-process.fifo")) == 1
    job = webhook.row("SELECT * FROM background_job WHERE type = 'INSTANTLY_INBOUND_POST_PROCESS'")
    assert job.enqueued_at is not None


@pytest.mark.parametrize("other_bytes", [False, True])
def test_duplicate_inserts_a_job_that_is_missing(webhook: WebhookUnderTest, other_bytes: bool) -> None:
    event = reply_received()
    first = webhook.post(event)
    webhook.execute("DELETE FROM background_job")
    assert webhook.post({**event, "step": 7} if other_bytes else event).message_id == first.message_id
    assert webhook.count("background_job") == 2


def test_duplicate_leaves_jobs_alone_that_ran(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    webhook.post(event)
    webhook.execute("UPDATE background_job SET status = 'SUCCEEDED'")
    before = webhook.rows("SELECT id, status, generation, enqueued_at FROM background_job ORDER BY id")
    webhook.post(event)
    webhook.post({**event, "step": 7})
    assert webhook.rows("SELECT id, status, generation, enqueued_at FROM background_job ORDER BY id") == before
    assert len(webhook.received("post-process.fifo")) == 1


def test_the_same_person_in_two_workspaces_is_two_leads(webhook: WebhookUnderTest) -> None:
    other = uuid7()
    add_client(webhook.engine, other)
    event = reply_received()
    first = webhook.post(event)
    second = webhook.post(event, client_id=other, token=make_token(other, 1, PREVIOUS_SIGNING_KEY, Provider.INSTANTLY))
    assert first.status == second.status == "accepted"
    assert first.message_id != second.message_id
    assert webhook.count("lead") == 2


# --- Quarantine --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty_body"),
        (None, "empty_body"),
        (b"{broken", "not_json"),
        (b'["a list"]', "not_an_object"),
        (b'{"lead_email": "pat@acme.test"}', "no_event_type"),
        (b"[" * 200_000, "too_deep"),
        (b'{"event_type": "reply_received", "reply_text": "Hello"}', "no_lead_address"),
        (b'{"event_type": "reply_received", "lead_email": "pat@acme.test"}', "no_reply_content"),
        (b'{"event_type": "email_bounced"}', "no_lead_address"),
        (b'{"event_type": "lead_meeting_booked"}', "no_lead_address"),
        (b'{"event_type": "lead_interested", "reply_text": "Tell me more"}', "no_lead_address"),
    ],
)
def test_what_cannot_be_judged_is_kept(webhook: WebhookUnderTest, raw: bytes | None, reason: str) -> None:
    answer = webhook.post(raw)
    assert answer.status_code == 200
    assert answer.body == {"success": True, "status": "quarantined", "reason": reason}
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.outcome, stored.detail, bytes(stored.raw_body)) == ("QUARANTINED", reason, raw or b"")
    assert webhook.count("lead") == webhook.count("message") == webhook.count("background_job") == 0

    assert webhook.post(raw).status == "quarantined"
    assert webhook.row("SELECT deliveries FROM webhook_event").deliveries == 2


def test_another_workspaces_event_is_quarantined_and_judged_again_once_the_client_is_corrected(
    webhook: WebhookUnderTest,
) -> None:
    webhook.register_account("another")
    event = reply_received()
    answer = webhook.post(event)
    assert (answer.status, answer.body["reason"]) == ("quarantined", "workspace_mismatch")
    first_seen = webhook.row("SELECT * FROM webhook_event")
    assert first_seen.payload == event

    webhook.register_account(WORKSPACE.upper())
    accepted = webhook.post(event)
    assert accepted.status == "accepted"
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.outcome, stored.detail, stored.message_id, stored.deliveries) == (
        "ACCEPTED",
        None,
        accepted.message_id,
        2,
    )
    # As of when it first came.
    assert webhook.row("SELECT received_at FROM message").received_at == first_seen.received_at
    assert webhook.post(event).message_id == accepted.message_id


def test_event_without_workspace_is_taken_for_the_clients(webhook: WebhookUnderTest) -> None:
    webhook.register_account(WORKSPACE)
    assert webhook.post(reply_received(workspace=None)).status == "accepted"


def test_failure_of_our_own_code_keeps_the_event_for_a_replay(
    webhook: WebhookUnderTest, log_output: Callable[[], str]
) -> None:
    # A constraint that the code knows nothing of, as after a migration that is ahead of it.
    webhook.execute("ALTER TABLE message ADD CONSTRAINT surprise CHECK (subject <> 'Re: quick question')")
    event = reply_received()
    answer = webhook.post(event)
    assert (answer.status_code, answer.status, answer.body["reason"]) == (200, "quarantined", "internal_error")
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.outcome, stored.detail, stored.payload) == ("QUARANTINED", "internal_error", None)
    logged = log_output()
    assert "CheckViolation" in logged or "IntegrityError" in logged
    assert "WebhookInternalError" in logged
    assert event["lead_email"] not in logged
    assert "Sounds good" not in logged

    webhook.execute("ALTER TABLE message DROP CONSTRAINT surprise")
    assert webhook.post(event).status == "accepted"


# --- Ignored -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", ["email_opened", "link_clicked", "campaign_completed", "account_error"])
def test_known_events_without_use_are_only_counted(
    webhook: WebhookUnderTest, event_type: str, log_output: Callable[[], str]
) -> None:
    answer = webhook.post(lead_event(event_type))
    assert (answer.status_code, answer.status) == (200, "ignored")
    assert webhook.count("webhook_event") == webhook.count("lead") == 0
    logged = log_output()
    assert "EventIgnored" in logged
    assert ("AccountError" in logged) == (event_type == "account_error")


def test_unknown_event_type_is_kept_and_its_name_is_not_logged(
    webhook: WebhookUnderTest, log_output: Callable[[], str]
) -> None:
    event = lead_event("Hot Lead pat@acme.test", reply_text="Hello")
    for _ in range(2):
        answer = webhook.post(event)
        assert (answer.status_code, answer.status) == (200, "ignored")
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.outcome, stored.event_type, stored.deliveries) == ("IGNORED", "Hot Lead pat@acme.test", 2)
    assert webhook.count("message") == webhook.count("lead") == 0
    assert "Hot Lead" not in log_output()


def test_event_type_that_has_become_known_is_judged_when_it_comes_again(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    webhook.post(event)
    # As a version that did not know the type would have left it.
    webhook.execute("DELETE FROM background_job")
    webhook.execute("UPDATE webhook_event SET outcome = 'IGNORED', detail = 'unknown_event_type', message_id = NULL")
    webhook.execute("DELETE FROM message")
    answer = webhook.post(event)
    assert answer.status == "accepted"
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.outcome, stored.detail, stored.message_id) == ("ACCEPTED", None, answer.message_id)


@pytest.mark.parametrize("event_type", ["lead_interested", "lead_neutral", "lead_wrong_person"])
def test_label_that_tells_of_no_reply_is_ignored(webhook: WebhookUnderTest, event_type: str) -> None:
    assert webhook.post(lead_event(event_type)).status == "ignored"
    assert webhook.count("lead") == webhook.count("webhook_event") == 0


def test_sent_mail_to_a_stranger_is_ignored(webhook: WebhookUnderTest) -> None:
    assert webhook.post(email_sent()).status == "ignored"
    assert webhook.count("lead") == webhook.count("webhook_event") == webhook.count("campaign") == 0


# --- Who may ask -------------------------------------------------------------------------------------------------


def refusal(answer: Answered) -> tuple[int, dict[str, object], dict[str, str]]:
    return answer.status_code, answer.body, answer.headers


def test_every_refusal_looks_the_same_and_names_nothing(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    stranger = uuid7()
    disabled = uuid7()
    add_client(webhook.engine, disabled)
    webhook.execute("UPDATE client SET disabled_at = now() WHERE id = :id", id=disabled)
    answers = [
        webhook.post(event, token=None),
        webhook.post(event, token=""),
        webhook.post(event, token="v1." + "0" * 64),
        webhook.post(event, token=make_token(uuid7(), 1, PREVIOUS_SIGNING_KEY, Provider.INSTANTLY)),
        webhook.post(event, token=webhook.token(key="somebody else's key, also forty characters")),
        webhook.post(event, token=webhook.token(version=2)),
        webhook.post(event, token="vx." + "é" * 64),
        webhook.post(
            event, client_id=stranger, token=make_token(stranger, 1, PREVIOUS_SIGNING_KEY, Provider.INSTANTLY)
        ),
        webhook.post(
            event, client_id=disabled, token=make_token(disabled, 1, PREVIOUS_SIGNING_KEY, Provider.INSTANTLY)
        ),
        webhook.post(b"{broken", token=None),
    ]
    expected = (401, {"success": False, "error": "unauthorized"}, {"content-type": "application/json"})
    assert [refusal(answer) for answer in answers] == [expected] * len(answers)
    assert webhook.count("webhook_event") == webhook.count("lead") == 0


def test_token_is_revoked_by_raising_the_clients_version(webhook: WebhookUnderTest) -> None:
    assert webhook.post(reply_received()).status == "accepted"
    webhook.execute("UPDATE client SET webhook_token_version = 2 WHERE id = :client_id")
    assert webhook.post(reply_received()).status_code == 401
    assert webhook.post(reply_received(), token=webhook.token(version=2)).status == "accepted"


def test_another_clients_own_token_opens_nothing(webhook: WebhookUnderTest) -> None:
    other = uuid7()
    add_client(webhook.engine, other)
    others_token = make_token(other, 1, SIGNING_KEY, Provider.INSTANTLY)
    assert webhook.post(reply_received(), client_id=other, token=others_token).status == "accepted"
    before = webhook.rows("SELECT id, deliveries FROM webhook_event")
    assert webhook.post(reply_received(), token=others_token).status_code == 401
    assert webhook.post(reply_received(), client_id=other).status_code == 401
    assert webhook.rows("SELECT id, deliveries FROM webhook_event") == before


def test_a_recorded_delivery_is_worth_nothing_once_its_token_is_revoked(webhook: WebhookUnderTest) -> None:
    recorded = api_gateway_event(body_of(reply_received()), client_id=webhook.client_id, token=webhook.token())
    assert webhook.call(recorded).status == "accepted"
    webhook.execute("UPDATE client SET webhook_token_version = 2 WHERE id = :client_id")
    tables = {table: f"SELECT * FROM {table} ORDER BY id" for table in ("webhook_event", "message", "lead")}
    before = {table: webhook.rows(query) for table, query in tables.items()}
    assert webhook.received("post-process.fifo")
    for request in (recorded, {**recorded, "body": body_of(reply_received()).decode()}):
        assert webhook.call(request).status_code == 401
    assert {table: webhook.rows(query) for table, query in tables.items()} == before
    assert webhook.received("post-process.fifo") == []


def test_a_signing_key_that_is_taken_away_signs_nothing_any_more(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_the_old_key = webhook.token(key=PREVIOUS_SIGNING_KEY)
    assert webhook.post(reply_received(), token=by_the_old_key).status == "accepted"
    monkeypatch.setenv("WEBHOOK_SIGNING_KEYS", json.dumps({"current": SIGNING_KEY}))
    after_the_rotation = webhook.new_environment()
    assert after_the_rotation(reply_received(), token=by_the_old_key).status_code == 401
    assert webhook.count("webhook_event") == 1
    assert after_the_rotation(reply_received()).status == "accepted"


def test_a_key_that_is_newer_than_the_last_look_at_the_secret_is_accepted_at_once(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's command reads the keys anew, and registers hooks with the newest, while this process is warm."""
    secret, reads = {"current": SIGNING_KEY}, []

    def fetch(reference: str) -> str:
        reads.append(reference)
        return json.dumps(secret)

    arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys"
    monkeypatch.setattr("shared.config._fetch_from_aws", fetch)
    monkeypatch.setenv("WEBHOOK_SIGNING_KEYS", arn)
    assert webhook.post(reply_received()).status == "accepted"
    newer = "the-newest-key-of-at-least-32-characters"
    secret.update(current=newer, previous=SIGNING_KEY)
    for garbage in ("nonsense", "v1.abc", f"v0.{'0' * 64}", "v1." + "G" * 64, ""):
        assert webhook.post(reply_received(), token=garbage).status_code == 401
    assert reads == [arn]
    assert webhook.post(reply_received(), token=webhook.token(key=newer)).status == "accepted"
    assert webhook.post(reply_received()).status == "accepted"
    for number in range(20):
        assert webhook.post(reply_received(), token=f"v1.{number:064x}").status_code == 401
    assert reads == [arn] * 2


def test_both_signing_keys_and_both_headers_are_accepted(webhook: WebhookUnderTest) -> None:
    good, old = webhook.token(), webhook.token(key=PREVIOUS_SIGNING_KEY)
    offers: list[dict[str, str]] = [
        {"authorization": f"Bearer {good}"},
        {"Authorization": f"bearer   {old}"},
        {"x-instantly-secret": good},
        {"X-Instantly-Secret": f" {old} "},
        {"authorization": "Bearer wrong", "x-instantly-secret": good},
        {"authorization": "Bearer a,Bearer b", "x-instantly-secret": good},
        {"authorization": f"Bearer\t{good}"},
        {"authorization": f"  BEARER \t {good}  "},
    ]
    for headers in offers:
        answer = webhook.post(reply_received(), token=None, headers=headers)
        assert answer.status == "accepted", headers


def test_what_is_only_like_a_token_is_refused(webhook: WebhookUnderTest) -> None:
    good = webhook.token()
    offers: list[dict[str, str]] = [
        {"authorization": good},
        {"authorization": f"Token {good}"},
        {"authorization": f"Bearer{good}"},
        {"authorization": f"Bearer {good} {good}"},
        # One token per header is looked at.
        {"authorization": f"Bearer {good},Bearer {good}"},
        {"authorization": f"Basic abc, Bearer {good}"},
        {"Authorization": f"Bearer {good}", "authorization": "Bearer wrong"},
        {"X-Instantly-Secret": good, "x-instantly-secret": good},
        {"authorization": f"Bearer {good}é"},
        {"authorization": f"Bearer {good.upper()}"},
        {"authorization": f"Bearer {good.replace('v1', 'v１')}"},
        {"authorization": "Bearer"},
        {"x-instantly-secret": f'"{good}"'},
        {"x-instantly-secret": f"Bearer {good}"},
    ]
    for headers in offers:
        assert webhook.post(reply_received(), token=None, headers=headers).status_code == 401, headers
    assert webhook.count("webhook_event") == 0


ONE = str(UUID(int=0x019AA0F0_3A10_7C11_9D11_000000000001))
HEX = ONE.replace("-", "")


@pytest.mark.parametrize(
    "client_id",
    [
        *(None, "", "nonsense", "a,b", HEX, f"{{{ONE}}}", f"urn:uuid:{ONE}"),
        # 36 characters each, like the canonical form.
        *(f"urn:{HEX}", f"{{{HEX[:8]}-{HEX[8:16]}-{HEX[16:]}}}", f"{HEX}----", f"+{ONE[1:]}", f"0x{ONE[2:]}"),
        *(f"{ONE[:1]}_{ONE[2:]}", f"１{ONE[1:]}", f"{ONE[:-1]}\n", f"{ONE[:-1]}\0", f"{ONE[:7]}-{HEX[7]}{ONE[9:]}"),
    ],
)
def test_client_id_that_is_no_uuid_is_a_bad_request(webhook: WebhookUnderTest, client_id: str | None) -> None:
    answer = webhook.post(reply_received(), client_id=client_id)
    assert answer.status_code == 400
    assert answer.body == {"success": False, "error": "clientId must be a UUID"}


def test_client_id_given_twice_is_taken_when_both_agree(webhook: WebhookUnderTest) -> None:
    twice = f"{webhook.client_id},{str(webhook.client_id).upper()}"
    assert webhook.post(reply_received(), client_id=twice).status == "accepted"


# --- Oddities of the platform ------------------------------------------------------------------------------------


def test_base64_body_is_decoded(webhook: WebhookUnderTest) -> None:
    event = reply_received(reply_text="Grüße, 東京 👍")
    first = webhook.post(event, as_base64=True)
    assert first.status == "accepted"
    assert webhook.post(event).message_id == first.message_id


@pytest.mark.parametrize(
    "pack",
    [
        lambda packed: packed.rstrip("="),
        lambda packed: "\r\n".join(packed[start : start + 76] for start in range(0, len(packed), 76)) + "\r\n",
        lambda packed: f" {packed[:10]}\t{packed[10:]}".rstrip("="),
    ],
    ids=["no padding", "line breaks", "blanks"],
)
def test_base64_is_decoded_however_it_is_wrapped(webhook: WebhookUnderTest, pack: Callable[[str], str]) -> None:
    event = reply_received()
    event["firstName"] = "Pat" + "t" * (2 - (len(body_of(event)) + 1) % 3)  # so that there is padding to leave out
    request = api_gateway_event(body_of(event), client_id=webhook.client_id, token=webhook.token(), as_base64=True)
    assert request["body"].endswith("=")
    first = webhook.call({**request, "body": pack(request["body"])})
    assert first.status == "accepted"
    assert bytes(webhook.row("SELECT raw_body FROM webhook_event").raw_body) == body_of(event)
    assert webhook.call(request).message_id == first.message_id


def test_body_that_is_not_the_base64_it_claims_to_be_is_kept(webhook: WebhookUnderTest) -> None:
    request = api_gateway_event(b"%%%", client_id=webhook.client_id, token=webhook.token())
    assert webhook.call({**request, "isBase64Encoded": True}).status == "quarantined"
    assert bytes(webhook.row("SELECT raw_body FROM webhook_event").raw_body) == b"%%%"


def test_request_without_content_type_or_with_a_wrong_one_is_taken(webhook: WebhookUnderTest) -> None:
    request = api_gateway_event(body_of(reply_received()), client_id=webhook.client_id, token=webhook.token())
    del request["headers"]["content-type"]
    assert webhook.call(request).status == "accepted"
    wrong = {"content-type": "text/plain"}
    assert webhook.post(reply_received(), headers=wrong).status == "accepted"


@pytest.mark.parametrize("missing", ["headers", "queryStringParameters", "body", "isBase64Encoded", "requestContext"])
@pytest.mark.parametrize("left", ["nothing", "null", "number"])
def test_request_that_lacks_a_part_gets_an_answer(webhook: WebhookUnderTest, missing: str, left: str) -> None:
    request = api_gateway_event(body_of(reply_received()), client_id=webhook.client_id, token=webhook.token())
    if left == "nothing":
        del request[missing]
    else:
        request[missing] = None if left == "null" else 0
    expected = {"headers": 401, "queryStringParameters": 400}
    assert webhook.call(request).status_code == expected.get(missing, 200)


def test_empty_request_is_a_bad_request(webhook: WebhookUnderTest) -> None:
    assert webhook.call({}).status_code == 400


def test_nul_bytes_and_lone_surrogates_are_cleaned(webhook: WebhookUnderTest) -> None:
    event = reply_received(reply_text="Yes\0 please\ud800", firstName="P\0at", reply_subject="Re:\0 hi\udfff")
    assert webhook.post(event).status == "accepted"
    raw = b'{"event_type":"reply_received","lead_email":"li@acme.test","reply_text":"caf\xe9 \x00 \xff"}'
    assert webhook.post(raw, as_base64=True).status == "accepted"


def test_customers_variables_named_like_ours_change_nothing(webhook: WebhookUnderTest) -> None:
    event = reply_received(client_id=str(uuid4()), lead_id="1", status="blacklisted", message_id=5, type="email_sent")
    assert webhook.post(event).status == "accepted"
    assert webhook.row("SELECT status, client_id FROM lead") == ("new", webhook.client_id)


def test_a_leads_variable_named_email_id_swallows_no_reply_and_no_opt_out(webhook: WebhookUnderTest) -> None:
    # The older dialect has no email_id of its own, and "Email ID" is a usual heading of the column with the address.
    texts = ("Who is this?", "Yes, call me tomorrow at 10", "Please remove me from your list")
    replies = [reply_received(lead_email="pat@acme.test", email_id="pat@acme.test", reply_text=text) for text in texts]
    assert [webhook.post(reply).status for reply in replies] == ["accepted"] * 3
    assert {row.clean_text for row in webhook.rows("SELECT clean_text FROM message")} == set(texts)
    assert webhook.row("SELECT suppression_reason FROM lead").suppression_reason == "OPT_OUT"


def test_a_key_that_is_ours_but_for_a_nul_is_a_customers_variable(webhook: WebhookUnderTest) -> None:
    event = reply_received(lead_email="pat@acme.test") | {
        "lead_email\0": "evil@acme.test",
        "\0event_type": "email_sent",
    }
    assert webhook.post(event).status == "accepted"
    assert webhook.row("SELECT email FROM lead").email == "pat@acme.test"


SQL_IN_FIELDS = [
    "'); DROP TABLE message; -- %(x)s :client_id %s {0}",
    "' OR '1'='1",
    '"; UPDATE client SET disabled_at = now(); --',
    "\\'; DELETE FROM lead WHERE true; /*",
    "$$; SELECT pg_sleep(30); $$ \\x27 %% :: \\",
]


@pytest.mark.parametrize("hostile", SQL_IN_FIELDS)
def test_sql_is_text_in_every_field(webhook: WebhookUnderTest, hostile: str) -> None:
    before = webhook.row("SELECT * FROM client")
    event = {key: hostile for key, value in reply_received().items() if isinstance(value, str)}
    names = {"lastName": hostile, "contact_name": hostile, "contact_email": hostile, "type": hostile, hostile: hostile}
    ids = {"campaign_id": hostile.replace(" ", ""), "email_id": hostile.replace(" ", "")}
    event |= names | ids | {"event_type": "reply_received", "lead_email": "o'pat--@acme.test"}
    first = webhook.post(event)
    assert first.status == "accepted"
    assert webhook.post(event).message_id == first.message_id
    message = webhook.row("SELECT * FROM message")
    assert (message.subject, message.body_text, message.provider_message_id) == (hostile, hostile, ids["email_id"])
    campaign = webhook.row("SELECT * FROM campaign")
    assert (campaign.provider_campaign_id, campaign.name) == (ids["campaign_id"], hostile)
    assert webhook.row("SELECT email FROM lead").email == "o'pat--@acme.test"
    assert webhook.row("SELECT payload FROM webhook_event").payload == event
    sent = email_sent() | dict.fromkeys(("email_subject", "email_text", "email_html", "email_account"), hostile)
    bounced = lead_event("email_bounced") | {"workspace": hostile, "reply_text_snippet": hostile}
    for other in (
        sent | {"lead_email": "o'pat--@acme.test", "email_id": hostile},
        bounced,
        lead_event(hostile),
        lead_event(f"lead_{hostile}", reply_text=hostile),
        reply_received(lead_email=hostile),
    ):
        answer = webhook.post(other)
        assert answer.status_code == 200
        assert answer.body.get("reason") != "internal_error", other
    assert webhook.post(event, client_id=hostile).status_code == 400
    assert webhook.post(event, client_id=f"{webhook.client_id}{hostile}").status_code == 400
    assert webhook.post(event, token=hostile, headers={"x-instantly-secret": hostile}).status_code == 401
    assert webhook.row("SELECT * FROM client") == before
    assert webhook.post(event).message_id == first.message_id


def test_no_log_line_holds_a_body_an_address_or_a_token(
    webhook: WebhookUnderTest, log_output: Callable[[], str]
) -> None:
    event = reply_received(lead_email="pat@acme.test", reply_text="the secret words", reply_subject="the subject")
    webhook.post(event)
    webhook.post(event)
    webhook.post(b"the secret words")
    webhook.post(event, token="v1." + "f" * 64)
    logged = log_output()
    assert '"message":"event received"' in logged
    for secret in ("pat@acme.test", "secret words", "the subject", webhook.token(), "f" * 64, "sam@send.test"):
        assert secret not in logged
    for line in logged.splitlines():
        json.loads(line)


@pytest.mark.parametrize(
    "hostile",
    [
        'forged\r\n{"level":"ERROR","message":"forged"}',
        '","level":"forged","message":"forged',
        "\x1b[2J\x1b[31mforged\x07\x85\u2028\u202eforged\0",
        "${jndi:ldap://forged.test/a} %s %(message)s {message} forged",
    ],
    ids=["lines", "JSON", "control characters", "templates"],
)
def test_nothing_that_is_sent_forges_a_log_line(
    webhook: WebhookUnderTest, log_output: Callable[[], str], hostile: str
) -> None:
    trace = {"x-amzn-trace-id": f"Root=1-67891233-abcdef012345678912345678{hostile};Parent={hostile}"}
    headers = {**trace, "user-agent": hostile, "x-forwarded-for": hostile, hostile: hostile}
    events = [
        lead_event(hostile),
        lead_event(f"lead_{hostile}", reply_text=hostile),
        reply_received(
            **dict.fromkeys(("reply_text", "reply_subject", "firstName", "campaign_id", "email_id", "step"), hostile)
        ),
        reply_received(lead_email=f"{hostile}@acme.test"),
        reply_received(workspace=hostile, email_account=hostile, timestamp=hostile),
        lead_event("email_bounced", lead_email=hostile),
        hostile,
        hostile.encode(),
    ]
    for event in events:
        assert webhook.post(event, headers=headers).status_code == 200
    assert webhook.post(events[0], headers={"authorization": f"Bearer {hostile}", **trace}).status_code == 401
    assert webhook.post(events[0], client_id=hostile, headers=headers).status_code == 400
    lines = log_output().split("\n")
    assert lines.pop() == ""
    assert len(lines) > len(events)
    for line in lines:
        assert isinstance(json.loads(line), dict), line
        assert line.isprintable(), line
        assert "forged" not in line


def test_delivery_key_is_of_client_and_bytes(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    webhook.post(event)
    stored = webhook.row("SELECT delivery_key FROM webhook_event")
    assert bytes(stored.delivery_key) == delivery_key(webhook.client_id, body_of(event))


class Numbered(InstantlyProvider):
    """A provider that numbers its deliveries, and keeps a secret in them."""

    def delivery_id(self, request: WebhookRequest) -> str | None:
        return request.headers.get("x-delivery")

    def redact(self, body: bytes) -> bytes:
        return body.replace(b"hunter2", b"-")


@pytest.fixture
def numbered(webhook: WebhookUnderTest) -> WebhookUnderTest:
    webhook.new_environment()
    module = webhook.environments[0]
    module.handler.webhook = replace(module.handler.webhook, provider=Numbered())
    return webhook


def test_a_delivery_with_a_number_of_its_own_is_one_whatever_its_bytes(numbered: WebhookUnderTest) -> None:
    event = reply_received()
    answer = numbered.post({**event, "attempt": 1}, headers={"x-delivery": "d-1"})
    again = numbered.post({**event, "attempt": 2}, headers={"x-delivery": "d-1"})
    assert (answer.status, again.status, again.message_id) == ("accepted", "duplicate", answer.message_id)
    (row,) = numbered.rows("SELECT delivery_key, deliveries FROM webhook_event")
    assert row.deliveries == 2
    assert bytes(row.delivery_key) == delivery_key_of_id(numbered.client_id, Provider.INSTANTLY, "d-1")

    numbered.post({**event, "attempt": 2}, headers={"x-delivery": "d-2"})
    assert numbered.count("webhook_event") == 2
    assert numbered.count("message") == 1


def test_a_delivery_without_a_number_is_known_by_its_bytes_without_the_secret(numbered: WebhookUnderTest) -> None:
    event = reply_received()
    assert numbered.post({**event, "key": "hunter2"}).status == "accepted"
    assert numbered.post({**event, "key": "-"}).status == "duplicate"
    (row,) = numbered.rows("SELECT delivery_key, raw_body FROM webhook_event")
    assert bytes(row.delivery_key) == delivery_key(numbered.client_id, body_of({**event, "key": "-"}))
    assert b"hunter2" not in bytes(row.raw_body)


def test_a_numbered_delivery_is_replayed_as_itself(numbered: WebhookUnderTest, publisher: Publisher) -> None:
    numbered.post(b"no event", headers={"x-delivery": "d-1"})
    kept = numbered.row("SELECT id FROM webhook_event")
    numbered.execute("UPDATE webhook_event SET raw_body = :body", body=body_of(reply_received()))
    assert replay_event(numbered.engine, publisher, kept.id, hash_address).status == "accepted"
    assert numbered.row("SELECT id, outcome FROM webhook_event") == (kept.id, "ACCEPTED")
