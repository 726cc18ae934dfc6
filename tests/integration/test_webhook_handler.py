"""Every row of the webhook's answer table, through the deployed handler with API Gateway's event."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import delivery_key
from shared.domain.webhook_token import make_token
from shared.jobs.envelope import JobEnvelope
from tests.instantly_events import (
    CAMPAIGN,
    PREVIOUS_SIGNING_KEY,
    WORKSPACE,
    api_gateway_event,
    body_of,
    email_sent,
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
