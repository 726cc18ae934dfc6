"""The webhook's overhead over the least that a new reply can cost: one statement and one SendMessageBatch."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import psycopg
from botocore.session import get_session

from bench.cost import counted
from bench.report import Result, interleaved, within
from bench.servers import CAMPAIGN, Servers
from shared.domain.identifiers import uuid7

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

WARM_UP = 20
RATIO = 1.7
STATEMENTS = 4
ROUND_TRIPS = 5

# The same rows as the webhook's for a new reply of a new lead, in one round trip.
FLOOR = """
    WITH event AS (
        INSERT INTO webhook_event (id, client_id, delivery_key, event_type, raw_body, payload, outcome, message_id,
                                   received_at)
        VALUES (%(event_id)s, %(client_id)s, %(key)s, 'reply_received', %(raw)s, %(payload)s, 'ACCEPTED',
                %(message_id)s, now())
    ), campaign AS (
        INSERT INTO campaign (id, client_id, provider_campaign_id, name)
        VALUES (%(campaign_id)s, %(client_id)s, %(campaign)s, 'Bench')
        ON CONFLICT (client_id, provider, provider_campaign_id) DO UPDATE SET name = campaign.name RETURNING id
    ), lead AS (
        INSERT INTO lead (id, client_id, email, last_inbound_at, last_message_at, last_message_direction)
        VALUES (%(lead_id)s, %(client_id)s, %(email)s, now(), now(), 'INBOUND')
        ON CONFLICT (client_id, lower(email)) DO UPDATE SET last_inbound_at = now() RETURNING id
    ), message AS (
        INSERT INTO message (id, client_id, lead_id, campaign_id, direction, subject, body_text, clean_text,
                             provider_message_id, reply_key, content_key, received_at, effective_at)
        SELECT %(message_id)s, %(client_id)s, lead.id, campaign.id, 'INBOUND', 'Re: quick question', %(text)s, %(text)s,
               %(email_id)s, %(key)s, %(key)s, now(), now()
        FROM lead, campaign RETURNING id, lead_id
    )
    INSERT INTO background_job (id, client_id, lead_id, message_id, type, dedupe_key, run_at, enqueued_at)
    SELECT job.id, %(client_id)s, message.lead_id, message.id, job.type, job.key, now(), now()
    FROM message, (VALUES (%(job_id)s::uuid, 'INSTANTLY_INBOUND_POST_PROCESS', %(job_key)s),
                          (%(scoring_id)s::uuid, 'LEAD_SCORING_POST_PROCESS', %(scoring_key)s)) AS job (id, type, key)
"""

TEXT = "This looks interesting for us. What would we see first?\n\nOn Fri, Sam wrote:\n> may I ask you something?\n"


def new_reply(**changes: Any) -> bytes:
    """Returns the body of a reply event of a lead of its own."""
    return json.dumps(
        {
            "event_type": "reply_received",
            "campaign_id": CAMPAIGN,
            "campaign_name": "Bench",
            "lead_email": f"pat.{secrets.token_hex(8)}@acme.test",
            "email_account": "sam@send.test",
            "email_id": str(uuid4()),
            "reply_subject": "Re: quick question",
            "reply_text": TEXT,
        }
        | changes
    ).encode()


def webhook(
    servers: Servers, answer: Callable[[Any], dict[str, Any]] | None = None
) -> Callable[[bytes], dict[str, Any]]:
    """Returns the deployed handler (or ``answer``, which takes the same events), called as Lambda does."""
    from functions.webhook_instantly.handler import handler

    context = SimpleNamespace(aws_request_id="bench")

    def call(body: bytes) -> dict[str, Any]:
        event = {
            "version": "2.0",
            "rawPath": "/webhooks/instantly",
            "headers": {"authorization": f"Bearer {servers.token}", "content-type": "application/json"},
            "queryStringParameters": {"clientId": str(servers.client_id)},
            "requestContext": {"http": {"method": "POST", "path": "/webhooks/instantly"}},
            "isBase64Encoded": False,
            "body": body.decode(),
        }
        answered: dict[str, Any] = handler(event, context) if answer is None else answer(event)
        assert answered["statusCode"] == 200, answered
        return answered

    return call


def floor(servers: Servers) -> Callable[[], None]:
    """Makes the same inserts with one prepared statement, and one SendMessageBatch through bare botocore."""
    connection = psycopg.connect(servers.database_url, autocommit=True, prepare_threshold=1)
    sqs = cast("SQSClient", get_session().create_client("sqs", region_name="us-east-1"))
    queue_url = servers.queues["post-process.fifo"]

    def call() -> None:
        raw, key = new_reply(), secrets.token_bytes(32)
        ids = {name: uuid7() for name in ("event_id", "campaign_id", "lead_id", "message_id", "job_id", "scoring_id")}
        values = {
            **ids,
            "client_id": servers.other_client_id,
            "key": key,
            "raw": raw,
            "payload": raw.decode(),
            "campaign": CAMPAIGN,
            "email": json.loads(raw)["lead_email"],
            "email_id": json.loads(raw)["email_id"],
            "text": TEXT,
            "job_key": f"{ids['job_id']}:post",
            "scoring_key": f"{ids['job_id']}:score",
        }
        connection.execute(FLOOR, values)
        entry: SendMessageBatchRequestEntryTypeDef = {
            "Id": str(ids["job_id"]),
            "MessageBody": json.dumps({name: str(value) for name, value in ids.items()}),
            "MessageGroupId": str(ids["lead_id"]),
            "MessageDeduplicationId": str(ids["job_id"]),
        }
        sqs.send_message_batch(QueueUrl=queue_url, Entries=[entry])

    return call


def finish_jobs(servers: Servers, database_url: str | None = None) -> None:
    """Ends the published jobs, so that the client stays within its share in flight."""
    with psycopg.connect(database_url or servers.database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE background_job SET status = 'SUCCEEDED', lease_owner = NULL"
            " WHERE client_id = %s AND enqueued_at IS NOT NULL AND status IN ('PENDING', 'RUNNING')",
            [servers.client_id],
        )


def measure(servers: Servers, rounds: int) -> list[Result]:
    """Returns the ratio to the floor, and what a new reply costs in Postgres."""
    from functions.webhook_instantly.handler import handler

    call, least = webhook(servers), floor(servers)
    for _ in range(WARM_UP):
        call(new_reply())
        least()
    times: list[tuple[float, float]] = []
    for _ in range(max(1, rounds // 20)):  # in portions: a client has at most 50 jobs in flight
        finish_jobs(servers)
        times.append(interleaved(lambda: call(new_reply()), least, 20))
    ours = sorted(time for time, _ in times)[len(times) // 2]
    theirs = sorted(time for _, time in times)[len(times) // 2]
    finish_jobs(servers)
    with counted(handler.webhook.intake.engine) as cost:
        call(new_reply())
    return [
        Result(
            "webhook, new reply, warm",
            f"≤ {RATIO} × the floor",
            f"{ours / theirs:.2f} ×",
            ours / theirs <= RATIO,
            f"p50 {ours * 1000:.2f} ms, floor {theirs * 1000:.2f} ms, {20 * len(times)} replies",
        ),
        within("webhook, statements", STATEMENTS, len(cost.statements)),
        within("webhook, round trips", ROUND_TRIPS, cost.round_trips),
    ]
