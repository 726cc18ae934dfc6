"""The webhook's and the claim's times as the tables grow."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, text

from bench.report import Result, p50
from bench.servers import Servers
from bench.webhook import finish_jobs, new_reply, webhook
from shared.db.clients import create_client
from shared.db.engine import sqlalchemy_url
from shared.db.job_leases import ClaimedJob, claim_job
from shared.db.migrate import migrate
from shared.domain.vocabulary import ClientId, JobId, Provider

type Call = Callable[[bytes], dict[str, Any]]

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


@dataclass(frozen=True)
class Database:
    """A database of some size, with the webhook in front of it."""

    url: str
    engine: Engine
    call: Call


def measure(servers: Servers, large: int) -> list[Result]:
    """Returns p50 of both at 10,000 messages and at ``large``, measured in turns on two databases of one server."""
    databases = (_database(servers, "few", SMALL), _database(servers, "many", large))
    measured = {
        "webhook": _in_turns(servers, databases, lambda database: lambda: database.call(new_reply())),
        "claim": _in_turns(servers, databases, _prepare_claim),
    }
    results = []
    for name, (few, many) in measured.items():
        ratio = many / few
        details = f"p50 {few * 1000:.2f} → {many * 1000:.2f} ms, {SMALL:,} → {large:,} messages"
        results.append(Result(f"growth, {name}", f"≤ {RATIO} ×", f"{ratio:.2f} ×", ratio <= RATIO, details))
    for database in databases:
        database.engine.dispose()
    return results


def _database(servers: Servers, name: str, messages: int) -> Database:
    """Makes a new database with the servers' own workspace in it and ``messages`` messages."""
    from functions.webhook.entry_point import EntryPoint

    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = servers.database_url.replace("@/postgres?", f"@/{name}?")
    engine = create_engine(sqlalchemy_url(url))
    migrate(engine)
    with engine.begin() as connection_:
        create_client(connection_, "Bench", id=servers.client_id)
    os.environ["DATABASE_URL"] = url
    try:
        entry_point = EntryPoint.of(Provider.INSTANTLY)
    finally:
        os.environ["DATABASE_URL"] = servers.database_url
    database = Database(url, engine, webhook(servers, entry_point.webhook.answer))
    fill(database, servers.client_id, messages)
    return database


def _in_turns(
    servers: Servers, databases: tuple[Database, Database], prepare: Callable[[Database], Callable[[], object]]
) -> tuple[float, float]:
    """Returns the median times of ``prepare``'s functions, one for each database; the preparation is not timed."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        for database, taken in list(zip(databases, times, strict=True))[:: 1 if number % 2 else -1]:
            if number % PORTION == 0:
                finish_jobs(servers, database.url)
            timed = prepare(database)
            began = perf_counter()
            timed()
            taken.append(perf_counter() - began)
    return p50(times[0][PORTION:]), p50(times[1][PORTION:])


def _prepare_claim(database: Database) -> Callable[[], object]:
    """Has the webhook make a job, and returns the function that claims it."""
    message_id = json.loads(database.call(new_reply())["body"])["messageId"]
    with database.engine.connect() as connection:
        job_id = connection.execute(
            text("SELECT id FROM background_job WHERE message_id = :id AND type = 'INSTANTLY_INBOUND_POST_PROCESS'"),
            {"id": message_id},
        ).scalar_one()

    def claim() -> None:
        claimed = claim_job(
            database.engine, JobId(job_id), owner=secrets.token_hex(4), lease_s=60, sqs_message_id="bench"
        )
        assert isinstance(claimed, ClaimedJob), claimed

    return claim


def fill(database: Database, client_id: ClientId, last: int) -> None:
    """Adds ``last`` messages with everything that belongs to them."""
    values = {"client_id": client_id, "first": 0, "last": last}
    with psycopg.connect(database.url) as connection:
        for statement in FILL:
            connection.execute(statement, values)
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # not in the middle of what is measured
