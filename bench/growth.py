"""Whether the webhook and the claim get slower as the tables grow."""

from __future__ import annotations

import secrets
from time import perf_counter

import psycopg

from bench.report import Result, p50
from bench.servers import Servers
from bench.webhook import finish_jobs, new_reply, webhook
from shared.db.background_jobs import ClaimedJob, claim_job
from shared.domain.vocabulary import JobId, JobStatus

SMALL = 10_000
RATIO = 1.15
ROUNDS = 200
PORTION = 20

# A past as the pipeline leaves it: one lead per ten messages, every event kept, both jobs done with their steps.
FILL = (
    """
    INSERT INTO lead (id, client_id, email, status, sentiment)
    SELECT gen_random_uuid(), %(client_id)s, 'past.' || n || '@acme.test', 'qualified', 'Interested'
    FROM generate_series(%(first)s / 10, (%(last)s - 1) / 10) AS n ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO message (id, client_id, lead_id, direction, subject, body_text, clean_text, provider_message_id,
                         reply_key, content_key, sentiment, received_at, effective_at)
    SELECT gen_random_uuid(), %(client_id)s, lead.id, 'INBOUND', 'Re: quick question', repeat('words of a reply ', 20),
           'words of a reply', 'past-' || n, sha256(('r' || n)::bytea), sha256(('c' || n)::bytea), 'Interested',
           now() - make_interval(secs => n), now() - make_interval(secs => n)
    FROM generate_series(%(first)s::int, %(last)s - 1) AS n
    JOIN lead ON lead.client_id = %(client_id)s AND lower(lead.email) = 'past.' || n / 10 || '@acme.test'
    """,
    """
    INSERT INTO webhook_event (id, client_id, delivery_key, event_type, raw_body, payload, outcome, message_id,
                               received_at)
    SELECT gen_random_uuid(), client_id, sha256(reply_key), 'reply_received', 'the raw body', '{"a": 1}', 'ACCEPTED',
           id, received_at
    FROM message WHERE client_id = %(client_id)s AND provider_message_id LIKE 'past-%%'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO background_job (id, client_id, lead_id, message_id, type, dedupe_key, status, run_at, enqueued_at,
                                finished_at)
    SELECT gen_random_uuid(), message.client_id, lead_id, message.id, type, message.id || type, 'SUCCEEDED',
           received_at, received_at, received_at
    FROM message, (VALUES ('INSTANTLY_INBOUND_POST_PROCESS'), ('LEAD_SCORING_POST_PROCESS')) AS kind (type)
    WHERE message.client_id = %(client_id)s AND provider_message_id LIKE 'past-%%'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO job_step (job_id, name, client_id, result)
    SELECT job.id, step, job.client_id, '{}' FROM background_job AS job,
           unnest(ARRAY['understand', 'draft', 'decide', 'send']) AS step
    WHERE job.client_id = %(client_id)s AND job.type = 'INSTANTLY_INBOUND_POST_PROCESS'
    ON CONFLICT DO NOTHING
    """,
)


def measure(servers: Servers, large: int) -> list[Result]:
    """p50 of both at 10,000 messages and at ``large``."""
    call = webhook(servers)
    fill(servers, 0, SMALL)
    few = _webhook_p50(servers, call), _claim_p50(servers, call)
    fill(servers, SMALL, large)
    many = _webhook_p50(servers, call), _claim_p50(servers, call)
    results = []
    for name, before, after in zip(("webhook", "claim"), few, many, strict=True):
        ratio = after / before
        details = f"p50 {before * 1000:.2f} → {after * 1000:.2f} ms, {SMALL:,} → {large:,} messages"
        results.append(Result(f"growth, {name}", f"≤ {RATIO} ×", f"{ratio:.2f} ×", ratio <= RATIO, details))
    return results


def fill(servers: Servers, first: int, last: int) -> None:
    """Adds messages number ``first`` to ``last`` with everything that belongs to them."""
    values = {"client_id": servers.client_id, "first": first, "last": last}
    with psycopg.connect(servers.database_url) as connection:
        for statement in FILL:
            connection.execute(statement, values)
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # not in the middle of what is measured


def _webhook_p50(servers: Servers, call: object) -> float:
    assert callable(call)
    times = []
    for number in range(ROUNDS):
        if number % PORTION == 0:
            finish_jobs(servers)
        body = new_reply()
        began = perf_counter()
        call(body)
        times.append(perf_counter() - began)
    return p50(times[PORTION:])


def _claim_p50(servers: Servers, call: object) -> float:
    """Claims jobs that the webhook has just made."""
    assert callable(call)
    finish_jobs(servers)
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        times = []
        for _ in range(ROUNDS):
            call(new_reply())
            row = connection.execute("SELECT id FROM background_job ORDER BY created_at DESC, id LIMIT 1").fetchone()
            assert row is not None
            began = perf_counter()
            claim = claim_job(
                servers.engine, JobId(row[0]), owner=secrets.token_hex(4), lease_s=60, sqs_message_id="bench"
            )
            times.append(perf_counter() - began)
            assert isinstance(claim, ClaimedJob), claim
            connection.execute(
                "UPDATE background_job SET status = %s WHERE status IN ('PENDING', 'RUNNING')",
                [JobStatus.SUCCEEDED.value],
            )
        return p50(times[PORTION:])
