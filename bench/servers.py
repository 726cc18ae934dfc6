"""Postgres and SQS of their own for a measurement, and the environment that the deployed handlers read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine

from infra.topology import TOPOLOGY
from local.postgres import start_postgres
from local.sqs import CREDENTIALS, create_queues, queue_variables, sqs_client, start_sqs
from shared.db.campaigns import set_campaign, upsert_campaign
from shared.db.clients import create_client
from shared.db.engine import sqlalchemy_url
from shared.db.migrate import migrate
from shared.db.settings import set_settings
from shared.domain.vocabulary import ClientId, Provider, ResponseMode
from shared.domain.webhook_token import make_token

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SIGNING_KEY = "a-signing-key-for-measurements-of-40-chars"
CAMPAIGN = "4ea94d08-2222-4d39-8e1b-000000000001"


@dataclass(frozen=True)
class Servers:
    """The servers of a measurement. The database is durable (fsync on), as the deployed one is."""

    database_url: str
    queues: dict[str, str]
    sqs: SQSClient
    engine: Engine
    client_id: ClientId
    other_client_id: ClientId  # whose jobs do not count towards what the first one may have in flight

    @property
    def token(self) -> str:
        return make_token(self.client_id, 1, SIGNING_KEY, Provider.INSTANTLY)


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Starts both, makes a workspace that sends by itself, and sets this process's environment for the handlers."""
    with (
        tempfile.TemporaryDirectory(prefix="rb-", ignore_cleanup_errors=True) as folder,
        start_postgres(Path(folder) / "postgres") as postgres,
        start_sqs(Path(folder) / "sqs") as sqs_server,
    ):
        engine = create_engine(sqlalchemy_url(postgres.url))
        migrate(engine)
        with engine.begin() as connection:
            client = create_client(connection, "Bench")
            other = create_client(connection, "Bench, floor")
            campaign = upsert_campaign(connection, client.id, Provider.INSTANTLY, CAMPAIGN, "Bench")
            set_campaign(connection, campaign.id, response_mode=ResponseMode.AUTO_SEND)
            set_settings(
                connection,
                client.id,
                {"persona_name": "Jordan Blake", "persona_signature": "Jordan", "company_name": "Acme Analytics"},
            )
        queues = create_queues(sqs_client(sqs_server.endpoint), TOPOLOGY)
        os.environ.update(
            CREDENTIALS
            | queue_variables(TOPOLOGY, queues)
            | {
                "DATABASE_URL": postgres.url,
                "AWS_ENDPOINT_URL_SQS": sqs_server.endpoint,
                "PARKED_BODIES_BUCKET": "parked-bodies",  # nothing is parked here
                "WEBHOOK_SIGNING_KEYS": f'{{"current": "{SIGNING_KEY}"}}',
                "ADDRESS_HASH_KEY": "h" * 64,
                "OPENAI_API_KEY": "bench",
                "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
                **{provider.keys_variable: "bench" for provider in TOPOLOGY.providers},
                **{provider.url_variable: "http://127.0.0.1:9" for provider in TOPOLOGY.providers},
                "MAX_RECEIVE_COUNT": "10",
                "POWERTOOLS_METRICS_DISABLED": "true",
                "LOG_LEVEL": "ERROR",
            }
        )
        try:
            yield Servers(postgres.url, queues, sqs_client(sqs_server.endpoint), engine, client.id, other.id)
        finally:
            engine.dispose()
