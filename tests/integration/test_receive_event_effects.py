"""Effects of events other than replies: suppression, booked meetings, sent emails."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.domain.events import Address, Event, InboundReply
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, IdentityKind, MessageId, Provider, Source, SuppressionReason
from shared.jobs.envelope import JobEnvelope
from shared.pipelines.intake import reading
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.instantly.provider import InstantlyProvider
from tests.instantly_events import email_sent, hash_address, iso, lead_event, reply_received
from tests.integration.webhook import WebhookUnderTest, add_client

PAT = "pat@acme.test"


def add_draft(
    webhook: WebhookUnderTest, message_id: UUID | None, status: str, body: str = "Hello Pat", channel: str = "EMAIL"
) -> UUID:
    draft_id = uuid7()
    webhook.execute(
        "INSERT INTO draft (id, client_id, lead_id, trigger_message_id, channel, body, status)"
        " SELECT :id, client_id, lead_id, id, :channel, :body, :status FROM message WHERE id = :message_id",
        id=draft_id,
        message_id=message_id,
        status=status,
        body=body,
        channel=channel,
    )
    return draft_id


def add_send(webhook: WebhookUnderTest, draft_id: UUID, status: str, **values: Any) -> None:
    columns = {"intended_at": datetime.now(UTC) - timedelta(minutes=1), "mailbox": "sam@send.test", **values}
    webhook.execute(
        "INSERT INTO outbound_send (id, client_id, lead_id, draft_id, automated, status, intended_at, mailbox)"
        " SELECT :id, client_id, lead_id, id, true, :status, :intended_at, :mailbox FROM draft WHERE id = :draft_id",
        id=uuid7(),
        draft_id=draft_id,
        status=status,
        **columns,
    )


def add_follow_up(webhook: WebhookUnderTest, status: str) -> None:
    webhook.execute(
        "INSERT INTO follow_up_instance (id, client_id, lead_id, status) SELECT :id, client_id, id, :status FROM lead",
        id=uuid7(),
        status=status,
    )


# --- Suppression -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event_type", "reason"),
    [("lead_unsubscribed", "UNSUBSCRIBED"), ("unsubscribed", "UNSUBSCRIBED"), ("email_bounced", "BOUNCED")],
)
def test_provider_event_suppresses_the_lead_and_everything_open(
    webhook: WebhookUnderTest, event_type: str, reason: str
) -> None:
    drafts = {}
    for status in ("PENDING", "NEEDS_REVIEW", "APPROVED", "SENDING", "SENT", "REJECTED"):
        reply = webhook.post(reply_received(lead_email=PAT, reply_text=f"Reply for {status}"))
        channel = {"NEEDS_REVIEW": "SMS", "APPROVED": "LINKEDIN"}.get(status, "EMAIL")  # one is open on each
        drafts[status] = add_draft(webhook, reply.message_id, status, channel=channel)
    webhook.execute("UPDATE lead SET status = 'qualified'")
    for status in ("ACTIVE", "PAUSED", "COMPLETED"):
        add_follow_up(webhook, status)
    webhook.received("post-process.fifo")

    answer = webhook.post(lead_event(event_type))
    assert answer.body == {"success": True, "status": "accepted"}
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.suppression_reason, lead.status, lead.status_before_suppression) == (
        reason,
        "blacklisted",
        "qualified",
    )
    assert lead.suppression_evidence == {"rule": f"provider.{event_type}", "words": ""}
    assert lead.suppressed_at is not None
    after = {row.id: row.status for row in webhook.rows("SELECT id, status FROM draft")}
    assert {status: after[draft_id] for status, draft_id in drafts.items()} == {
        "PENDING": "SUPERSEDED",
        "NEEDS_REVIEW": "SUPERSEDED",
        "APPROVED": "SUPERSEDED",
        "SENDING": "SENDING",  # on the wire
        "SENT": "SENT",
        "REJECTED": "REJECTED",
    }
    follow_ups = webhook.rows("SELECT status FROM follow_up_instance ORDER BY status")
    assert [row.status for row in follow_ups] == ["CANCELLED", "CANCELLED", "COMPLETED"]
    job = webhook.row("SELECT * FROM background_job WHERE type = 'SYNC_PERSON'")
    account = webhook.row("SELECT id FROM provider_account WHERE client_id = :client_id").id
    assert job.provider_account_id == account
    assert job.dedupe_key == f"{webhook.client_id}:{lead.id}:{account}:SYNC_PERSON"
    assert job.enqueued_at is not None
    (published,) = webhook.received("post-process.fifo")
    assert JobEnvelope.model_validate_json(published["Body"]).job_id == job.id


def test_unsubscription_that_mentions_the_leads_reply_is_about_the_lead(webhook: WebhookUnderTest) -> None:
    reply = reply_received(lead_email=PAT)
    webhook.post(reply)
    assert webhook.post(lead_event("lead_unsubscribed", email_id=reply["email_id"])).status == "accepted"
    assert webhook.row("SELECT suppression_reason FROM lead").suppression_reason == "UNSUBSCRIBED"


def test_stranger_who_unsubscribes_becomes_a_suppressed_lead(webhook: WebhookUnderTest) -> None:
    assert webhook.post(lead_event("lead_unsubscribed", lead_email="New@Acme.test")).status == "accepted"
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.email, lead.status, lead.status_before_suppression) == ("new@acme.test", "blacklisted", "new")


@pytest.mark.parametrize(
    ("known", "spelled"),
    [
        ("ben@acme.test", "Ben@ACME.test."),
        ("ben@xn--mller-kva.example", "ben@müller.example"),
        ("ben@müller.example", "ben@XN--MLLER-KVA.example."),
    ],
)
def test_an_opt_out_under_another_spelling_of_the_address_suppresses_the_known_lead(
    webhook: WebhookUnderTest, known: str, spelled: str
) -> None:
    assert webhook.post(reply_received(lead_email=known)).status == "accepted"
    assert webhook.post(lead_event("lead_unsubscribed", lead_email=spelled)).status == "accepted"
    assert webhook.row("SELECT suppression_reason FROM lead").suppression_reason == "UNSUBSCRIBED"


def test_suppressing_twice_keeps_the_first_evidence_and_one_job(webhook: WebhookUnderTest) -> None:
    webhook.post(lead_event("email_bounced"))
    first = webhook.row("SELECT * FROM lead")
    assert webhook.post(lead_event("lead_unsubscribed")).status == "accepted"
    assert webhook.row("SELECT * FROM lead") == first
    assert webhook.count("background_job") == 1


def test_certain_evidence_replaces_a_models_opinion(webhook: WebhookUnderTest) -> None:
    webhook.post(reply_received(lead_email=PAT))
    webhook.execute(
        "UPDATE lead SET suppressed_at = now(), suppression_reason = 'MODEL', status = 'blacklisted',"
        " status_before_suppression = 'qualified'"
    )
    since = webhook.row("SELECT suppressed_at FROM lead").suppressed_at
    webhook.post(lead_event("lead_unsubscribed"))
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.suppression_reason, lead.suppressed_at) == ("UNSUBSCRIBED", since)
    assert lead.status_before_suppression == "qualified"


def test_suppression_after_an_undone_one_tells_the_provider_again(webhook: WebhookUnderTest) -> None:
    webhook.post(lead_event("lead_unsubscribed"))
    webhook.received("post-process.fifo")
    job = webhook.row("SELECT id FROM background_job")
    webhook.execute("UPDATE background_job SET status = 'SUCCEEDED'")
    webhook.execute(
        "INSERT INTO job_step (job_id, name, client_id, result) VALUES (:id, 'block_list', :client_id, '{}')", id=job.id
    )
    webhook.execute(
        "UPDATE lead SET suppressed_at = NULL, suppression_reason = NULL, status = status_before_suppression"
    )

    assert webhook.post(lead_event("email_bounced")).status == "accepted"
    again = webhook.row("SELECT * FROM background_job")
    assert (again.id, again.status, again.generation) == (job.id, "PENDING", 1)
    assert webhook.count("job_step") == 0
    assert len(webhook.received("post-process.fifo")) == 1


def test_redelivered_unsubscription_does_not_undo_what_a_person_undid(webhook: WebhookUnderTest) -> None:
    event = lead_event("lead_unsubscribed")
    webhook.post(event)
    webhook.execute(
        "UPDATE lead SET suppressed_at = NULL, suppression_reason = NULL, status = status_before_suppression"
    )
    assert webhook.post(event).status == "duplicate"
    assert webhook.row("SELECT status FROM lead").status == "new"


def test_redelivered_unsubscription_publishes_its_job_if_that_never_left(webhook: WebhookUnderTest) -> None:
    event = lead_event("lead_unsubscribed")
    webhook.post(event)
    webhook.received("post-process.fifo")
    webhook.execute("UPDATE background_job SET enqueued_at = NULL, generation = 1")
    assert webhook.post(event).status == "duplicate"
    assert len(webhook.received("post-process.fifo")) == 1


def test_certain_opt_out_suppresses_before_any_job_runs(webhook: WebhookUnderTest) -> None:
    answer = webhook.post(reply_received(reply_text="Please unsubscribe me from this list.", reply_html=None))
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.suppression_reason, lead.status) == ("OPT_OUT", "blacklisted")
    assert lead.suppression_message_id == answer.message_id
    assert lead.suppression_evidence["rule"]
    assert "unsubscribe me" in lead.suppression_evidence["words"].lower()
    message = webhook.row("SELECT * FROM message")
    assert (message.sentiment, message.sentiment_source) == ("Blacklist", "RULE")
    types = [row.type for row in webhook.rows("SELECT type FROM background_job ORDER BY type")]
    assert types == ["INSTANTLY_INBOUND_POST_PROCESS", "LEAD_SCORING_POST_PROCESS", "SYNC_PERSON"]
    assert len(webhook.received("post-process.fifo")) == 2


def test_opt_out_in_the_quoted_mail_suppresses_nobody(webhook: WebhookUnderTest) -> None:
    quoted = "\n\nOn Fri, Nov 20, 2026 at 2:00 PM Sam <sam@send.test> wrote:\n> Reply with: unsubscribe me\n"
    webhook.post(reply_received(reply_text="Sure, tell me more." + quoted, reply_html=None))
    assert webhook.row("SELECT suppressed_at FROM lead").suppressed_at is None


def test_redelivered_opt_out_does_not_undo_what_a_person_undid(webhook: WebhookUnderTest) -> None:
    event = reply_received(reply_text="unsubscribe me", reply_html=None)
    webhook.post(event)
    webhook.execute("UPDATE message SET suppression_dismissed_at = now()")
    webhook.execute(
        "UPDATE lead SET suppressed_at = NULL, suppression_reason = NULL, status = status_before_suppression"
    )
    for repeated in (event, {**event, "step": 9}, {**event, "event_type": "lead_not_interested"}):
        assert webhook.post(repeated).status == "duplicate"
    assert webhook.row("SELECT suppressed_at FROM lead").suppressed_at is None


def test_dismissed_message_never_suppresses_again_whoever_asks(webhook: WebhookUnderTest) -> None:
    message_id = webhook.post(reply_received(lead_email=PAT)).message_id
    assert message_id is not None
    lead_id = webhook.row("SELECT id FROM lead").id
    evidence = SuppressionEvidence(SuppressionReason.MODEL, "model", "leave me alone", MessageId(message_id))

    def suppress() -> object:
        with webhook.engine.begin() as connection:
            return suppress_lead(connection, ClientId(webhook.client_id), lead_id, evidence)

    webhook.execute("UPDATE message SET suppression_dismissed_at = now()")
    before = webhook.row("SELECT * FROM lead")
    assert suppress() == ()
    assert webhook.row("SELECT * FROM lead") == before
    webhook.execute("UPDATE message SET suppression_dismissed_at = NULL")
    assert suppress() != ()
    assert suppress() == ()  # the first one's job does it
    lead = webhook.row("SELECT * FROM lead")
    assert (lead.suppression_reason, lead.suppression_message_id) == ("MODEL", message_id)
    assert lead.suppression_evidence == {"rule": "model", "words": "leave me alone"}


# --- Booked meetings ---------------------------------------------------------------------------------------------


def test_booked_meeting_is_evidence_and_folds_into_its_reply(webhook: WebhookUnderTest) -> None:
    event = reply_received(lead_email=PAT)
    first = webhook.post(event)
    booked = {**event, "event_type": "lead_meeting_booked"}
    answer = webhook.post(booked)
    assert (answer.status, answer.message_id) == ("duplicate", first.message_id)
    at = webhook.row("SELECT meeting_booked_at FROM lead").meeting_booked_at
    assert iso(at) == booked["timestamp"]
    assert webhook.count("message") == 1


def test_booked_meeting_without_a_reply_is_evidence_all_the_same(webhook: WebhookUnderTest) -> None:
    event = lead_event("lead_meeting_booked")
    assert webhook.post(event).body == {"success": True, "status": "accepted"}
    assert iso(webhook.row("SELECT meeting_booked_at FROM lead").meeting_booked_at) == event["timestamp"]
    assert webhook.count("message") == webhook.count("background_job") == 0
    assert webhook.post(event).body == {"success": True, "status": "duplicate"}


@pytest.mark.parametrize("with_reply", [True, False])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("new", "meeting-booked"),
        ("qualified", "meeting-booked"),
        ("meeting-requested", "meeting-booked"),
        ("not-interested", "not-interested"),
        ("blacklisted", "blacklisted"),
    ],
)
def test_evidence_that_comes_after_the_reply_was_understood_moves_the_status(
    webhook: WebhookUnderTest, before: str, after: str, with_reply: bool
) -> None:
    event = reply_received(lead_email=PAT)
    webhook.post(event)
    webhook.execute("UPDATE lead SET status = :before", before=before)
    booked = {**event, "event_type": "lead_meeting_booked"}
    webhook.post(booked if with_reply else lead_event("lead_meeting_booked", lead_email=PAT))
    assert webhook.row("SELECT status FROM lead").status == after


def test_booking_of_a_suppressed_lead_shows_once_the_suppression_is_undone(webhook: WebhookUnderTest) -> None:
    webhook.post(reply_received(lead_email=PAT))
    webhook.post(lead_event("lead_unsubscribed", lead_email=PAT))
    webhook.post(lead_event("lead_meeting_booked", lead_email=PAT))
    lead = webhook.row("SELECT status, status_before_suppression FROM lead")
    assert (lead.status, lead.status_before_suppression) == ("blacklisted", "meeting-booked")


def test_booked_meeting_that_brings_the_reply_creates_it(webhook: WebhookUnderTest) -> None:
    answer = webhook.post(reply_received(event_type="lead_meeting_booked"))
    assert answer.status == "accepted"
    assert webhook.row("SELECT meeting_booked_at FROM lead").meeting_booked_at is not None
    assert webhook.count("background_job") == 2


# --- Sent mail ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lead(webhook: WebhookUnderTest) -> UUID:
    """A lead who has answered an hour ago; returns the message's id."""
    hour_ago = iso(datetime.now(UTC) - timedelta(hours=1))
    message_id = webhook.post(reply_received(lead_email=PAT, timestamp=hour_ago)).message_id
    assert message_id is not None
    return message_id


def test_sent_mail_to_a_known_lead_is_recorded_with_its_rollup(webhook: WebhookUnderTest, lead: UUID) -> None:
    event = email_sent()
    answer = webhook.post(event)
    assert answer.status == "accepted"
    message = webhook.row("SELECT * FROM message WHERE id = :id", id=answer.message_id)
    assert (message.direction, message.provider_message_id) == ("OUTBOUND", event["email_id"])
    assert (message.subject, message.body_text) == (event["email_subject"], event["email_text"])
    assert message.campaign_id is not None
    assert message.campaign_step is None
    row = webhook.row("SELECT * FROM lead")
    assert row.last_outbound_at == row.last_message_at == message.effective_at
    assert row.last_message_direction == "OUTBOUND"
    assert webhook.count("background_job") == 2  # the reply's; a sent mail has none
    assert webhook.post(event).message_id == answer.message_id
    assert webhook.post({**event, "step": 4}).message_id == answer.message_id
    assert webhook.count("message") == 2


def test_a_sequences_mail_keeps_its_step(webhook: WebhookUnderTest, lead: UUID) -> None:
    answer = webhook.post(email_sent(step=2))
    assert webhook.row("SELECT campaign_step FROM message WHERE id = :id", id=answer.message_id).campaign_step == 2
    assert webhook.row("SELECT campaign_step FROM message WHERE id = :id", id=lead).campaign_step is None


@pytest.mark.parametrize("status", ["UNCERTAIN", "INTENDED", "QUEUED"])
def test_sent_mail_settles_the_send_that_it_is(webhook: WebhookUnderTest, lead: UUID, status: str) -> None:
    draft_id = add_draft(webhook, lead, "SEND_UNCERTAIN", body="Hi Pat,\n\nhere is the link:\nhttps://example.com/b")
    add_send(webhook, draft_id, status)
    event = email_sent(
        email_text=None,
        email_html="<div>Hi Pat,<br><br>here is the link:<br/>https://example.com/b</div>",
        email_subject="Re: quick question",
    )
    answer = webhook.post(event)
    assert answer.status == "accepted"
    send = webhook.row("SELECT * FROM outbound_send")
    assert (send.status, send.settled_by_kind, send.provider_message_id) == ("SENT", "EVENT", event["email_id"])
    assert send.sent_at is not None
    assert webhook.row("SELECT status FROM draft").status == "SENT"
    assert webhook.row("SELECT draft_id FROM message WHERE id = :id", id=answer.message_id).draft_id == draft_id


@pytest.mark.parametrize(
    "change",
    [
        {"email_text": "Hi Pat, something else"},
        {"email_account": "other@send.test"},
        {"timestamp": iso(datetime.now(UTC) - timedelta(hours=3))},
    ],
    ids=["other words", "other mailbox", "sent before it was intended"],
)
def test_sent_mail_that_does_not_fit_settles_nothing(
    webhook: WebhookUnderTest, lead: UUID, change: dict[str, Any]
) -> None:
    draft_id = add_draft(webhook, lead, "SEND_UNCERTAIN", body="Hi Pat, here you go")
    add_send(webhook, draft_id, "UNCERTAIN")
    assert webhook.post(email_sent(**{"email_text": "Hi Pat, here you go", **change})).status == "accepted"
    assert webhook.row("SELECT status FROM outbound_send").status == "UNCERTAIN"
    assert webhook.row("SELECT status FROM draft").status == "SEND_UNCERTAIN"


def test_sent_mail_with_a_signature_and_the_thread_below_is_still_the_send(
    webhook: WebhookUnderTest, lead: UUID
) -> None:
    add_send(webhook, add_draft(webhook, lead, "SEND_UNCERTAIN", body="Hi Pat, here you go"), "UNCERTAIN")
    shown = "Hi Pat, here you go\n\n-- \nSam Lee\n\nOn Fri, Nov 20, 2026 at 2:00 PM Pat <pat@acme.test> wrote:\n> Hi"
    webhook.post(email_sent(email_text=shown))
    assert webhook.row("SELECT status FROM outbound_send").status == "SENT"
    assert not webhook.row("SELECT author_is_unknown FROM message WHERE direction = 'OUTBOUND'").author_is_unknown


@pytest.mark.parametrize(
    ("status", "after"),
    [
        *((status, "SUPERSEDED") for status in ("PENDING", "NEEDS_REVIEW", "APPROVED")),
        *((status, status) for status in ("SENDING", "REJECTED", "SEND_UNCERTAIN")),
    ],
)
def test_a_mail_that_nobody_of_us_is_known_to_have_written_answers_what_came_before_it(
    webhook: WebhookUnderTest, lead: UUID, status: str, after: str
) -> None:
    draft_id = add_draft(webhook, lead, status)
    one_more = webhook.post(reply_received(lead_email=PAT, reply_text="One more")).message_id
    newer = add_draft(webhook, one_more, status, channel="SMS")
    before = iso(datetime.now(UTC) - timedelta(minutes=10))
    assert webhook.post(email_sent(email_text="Sam here, by hand.", timestamp=before)).status == "accepted"
    message = webhook.row("SELECT id, author_is_unknown FROM message WHERE direction = 'OUTBOUND'")
    assert message.author_is_unknown
    drafts = {row.id: (row.status, row.rule) for row in webhook.rows("SELECT id, status, rule FROM draft")}
    assert drafts == {
        draft_id: (after, "answered_at_provider" if after == "SUPERSEDED" else None),
        newer: (status, None),
    }


def test_a_step_of_a_sequence_answers_nothing(webhook: WebhookUnderTest, lead: UUID) -> None:
    add_draft(webhook, lead, "NEEDS_REVIEW")
    webhook.post(email_sent(step=2))
    assert webhook.row("SELECT status FROM draft").status == "NEEDS_REVIEW"
    assert not webhook.row("SELECT author_is_unknown FROM message WHERE direction = 'OUTBOUND'").author_is_unknown


def test_sent_mail_that_fits_two_sends_settles_neither(webhook: WebhookUnderTest, lead: UUID) -> None:
    second = webhook.post(reply_received(lead_email=PAT, reply_text="And another")).message_id
    for message_id in (lead, second):
        add_send(webhook, add_draft(webhook, message_id, "SEND_UNCERTAIN", body="Same words"), "UNCERTAIN")
    webhook.post(email_sent(email_text="Same words"))
    assert {row.status for row in webhook.rows("SELECT status FROM outbound_send")} == {"UNCERTAIN"}


def test_sent_mail_that_is_recorded_already_is_a_duplicate(webhook: WebhookUnderTest, lead: UUID) -> None:
    recorded, email_id = uuid7(), str(uuid4())
    webhook.execute(
        "INSERT INTO message (id, client_id, lead_id, provider_account_id, direction, provider_message_id, reply_key,"
        " content_key, received_at, effective_at) SELECT :id, client_id, lead_id, provider_account_id, 'OUTBOUND',"
        " :email_id, '\\x01', '\\x02', now(), now() FROM message",
        id=recorded,
        email_id=email_id,
    )
    answer = webhook.post(email_sent(email_id=email_id))
    assert (answer.status, answer.message_id) == ("duplicate", recorded)
    assert webhook.count("message") == 2


# --- Through which account, on which channel -----------------------------------------------------------------------


def test_a_reply_knows_its_account_its_addresses_and_how_it_is_responded_to(webhook: WebhookUnderTest) -> None:
    event = reply_received(lead_email=PAT)
    answer = webhook.post(event)
    account = webhook.row("SELECT id FROM provider_account").id
    message = webhook.row("SELECT * FROM message")
    assert (message.channel, message.provider_account_id, message.our_address, message.sender_address) == (
        "EMAIL",
        account,
        "sam@send.test",
        None,
    )
    assert message.reply_handle == {"email_id": event["email_id"], "mailbox": "sam@send.test", "lead_email": PAT}
    assert webhook.row("SELECT provider_account_id FROM campaign").provider_account_id == account
    stored = webhook.row("SELECT * FROM webhook_event")
    assert (stored.provider, stored.source, stored.provider_account_id, stored.external_account) == (
        "INSTANTLY",
        "HOOK",
        account,
        event["workspace"],
    )
    assert (stored.lead_id, stored.message_id) == (message.lead_id, answer.message_id)


def test_an_id_that_comes_later_brings_what_is_needed_to_respond(webhook: WebhookUnderTest) -> None:
    event = reply_received(lead_email=PAT)
    webhook.post({**event, "email_id": None, "email_account": None})
    assert webhook.row("SELECT reply_handle FROM message").reply_handle is None
    assert webhook.post(event).status == "duplicate"
    message = webhook.row("SELECT reply_handle, our_address FROM message")
    assert message.reply_handle["email_id"] == event["email_id"]
    assert message.our_address == "sam@send.test"


def test_a_bounce_is_kept_with_its_lead(webhook: WebhookUnderTest) -> None:
    webhook.post(lead_event("email_bounced", lead_email=PAT))
    assert webhook.row("SELECT lead_id FROM webhook_event").lead_id == webhook.row("SELECT id FROM lead").id


@pytest.mark.parametrize("event_type", ["reply_received", "email_bounced", "a_type_of_tomorrow"])
def test_a_kept_delivery_is_found_by_the_hash_of_whom_it_is_about(webhook: WebhookUnderTest, event_type: str) -> None:
    webhook.post(lead_event(event_type, lead_email=PAT.upper(), reply_text="Hello"))
    expected = hash_address(ClientId(webhook.client_id), Address(IdentityKind.EMAIL, PAT))
    assert bytes(webhook.row("SELECT person_hash FROM webhook_event").person_hash) == expected


@pytest.mark.parametrize("registered", [None, "another-workspace"])
def test_an_account_of_another_client_is_never_this_ones(webhook: WebhookUnderTest, registered: str | None) -> None:
    event = reply_received()
    webhook.register_account(registered)
    add_client(webhook.engine, uuid7(), workspace=event["workspace"].upper())
    answer = webhook.post(event)
    assert (answer.status, answer.body["reason"]) == ("quarantined", "workspace_mismatch")
    assert webhook.count("lead") == webhook.count("message") == webhook.count("campaign") == 0
    assert webhook.row("SELECT provider_account_id FROM webhook_event").provider_account_id is None


def test_an_account_that_nobody_has_registered_is_the_clients_that_has_registered_none(
    webhook: WebhookUnderTest,
) -> None:
    add_client(webhook.engine, uuid7(), workspace="another-workspace")
    assert webhook.post(reply_received()).status == "accepted"


def test_a_repeated_message_of_a_merged_lead_is_found_and_its_jobs_follow_the_winner(webhook: WebhookUnderTest) -> None:
    event = reply_received(lead_email="li@acme.test")
    first = webhook.post(event)
    webhook.post(reply_received(lead_email=PAT))
    webhook.execute(
        "UPDATE lead SET merged_into_id = winner.id FROM lead AS winner"
        " WHERE lead.email = 'li@acme.test' AND winner.email = :email",
        email=PAT,
    )
    webhook.execute(
        "UPDATE lead_identity SET lead_id = winner.id FROM lead AS winner WHERE winner.email = :email", email=PAT
    )
    webhook.execute("DELETE FROM background_job")
    # The same bytes, the same id in other bytes, and the same words without the id.
    for again in (event, {**event, "step": 9}, {**event, "email_id": None}):
        answer = webhook.post(again)
        assert (answer.status, answer.message_id) == ("duplicate", first.message_id)
    winner = webhook.row("SELECT id FROM lead WHERE email = :email", email=PAT).id
    assert {row.lead_id for row in webhook.rows("SELECT lead_id FROM background_job")} == {winner}
    newer = webhook.post(reply_received(lead_email="li@acme.test", reply_text="One more"))
    assert webhook.row("SELECT lead_id FROM message WHERE id = :id", id=newer.message_id).lead_id == winner


# --- Who the lead is -----------------------------------------------------------------------------------------------


def test_a_key_learnt_of_a_suppressed_lead_makes_the_providers_be_told_again(webhook: WebhookUnderTest) -> None:
    """Here of a lead that the release before has made, without a row of its key."""
    webhook.post(lead_event("lead_unsubscribed", lead_email=PAT))
    webhook.received("post-process.fifo")
    webhook.execute("UPDATE background_job SET status = 'SUCCEEDED'")
    webhook.execute("DELETE FROM lead_identity")
    webhook.post(reply_received(lead_email=PAT))
    job = webhook.row("SELECT status, generation FROM background_job WHERE message_id IS NULL")
    assert (job.status, job.generation) == ("PENDING", 1)
    assert webhook.row("SELECT value FROM lead_identity").value == PAT
    assert len(webhook.received("post-process.fifo")) == 2  # the reply's job, and this one
    webhook.execute("UPDATE background_job SET status = 'SUCCEEDED'")
    webhook.post(reply_received(lead_email=PAT))
    assert webhook.row("SELECT status FROM background_job WHERE message_id IS NULL").status == "SUCCEEDED"


class KnowsProfiles(InstantlyProvider):
    """A provider that names a person's profile as well."""

    def read_event(self, body: bytes, source: Source) -> Event:
        reply = super().read_event(body, source)
        assert isinstance(reply, InboundReply)
        slug = Address(IdentityKind.LINKEDIN_SLUG, "/in/pat-quinn")
        person = replace(reply.header.person, addresses=(*reply.header.person.addresses, slug))
        return replace(reply, header=replace(reply.header, person=person))


def test_two_leads_that_one_event_names_are_suggested_to_a_person(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PROVIDERS", {Provider.INSTANTLY: KnowsProfiles()})
    webhook.post(reply_received(lead_email="li@acme.test"))
    monkeypatch.undo()
    webhook.post(reply_received(lead_email=PAT))
    leads = {row.email: row.id for row in webhook.rows("SELECT id, email FROM lead")}

    monkeypatch.setattr(reading, "PROVIDERS", {Provider.INSTANTLY: KnowsProfiles()})
    answer = webhook.post(reply_received(lead_email=PAT, reply_text="It is me"))
    assert webhook.row("SELECT lead_id FROM message WHERE id = :id", id=answer.message_id).lead_id == leads[PAT]
    suggestion = webhook.row("SELECT lead_id, other_lead_id FROM merge_suggestion")
    assert set(suggestion) == set(leads.values())
