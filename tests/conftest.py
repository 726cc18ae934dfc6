"""What integration tests stand on: a real Postgres and a real FIFO queue service, started once per run."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, create_engine

from infra.topology import PARKED_BODIES, TOPOLOGY
from local.postgres import THROW_AWAY, start_postgres
from local.s3 import create_buckets, s3_client
from local.sqs import create_queues, start_sqs
from local.sqs import sqs_client as make_sqs_client
from shared.db.engine import sqlalchemy_url
from shared.db.migrate import migrate

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

TEMPLATE = "template_migrated"


@pytest.fixture(autouse=True, scope="session")
def no_real_services() -> Iterator[None]:
    """Keys and addresses of real services in the developer's environment never reach a test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "INSTANTLY_BASE_URL", "DATABASE_URL"):
            patch.delenv(name, raising=False)
        for name in ("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_S3"):
            patch.delenv(name, raising=False)
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session")
def state_dir() -> Iterator[Path]:
    """A folder with a short path (sockets live in it) for what the servers of this run write."""
    with tempfile.TemporaryDirectory(prefix="rp-", ignore_cleanup_errors=True) as directory:
        yield Path(directory)


@pytest.fixture(scope="session")
def postgres_url(state_dir: Path) -> Iterator[str]:
    """The URL of a throw-away Postgres server (its database ``postgres``, which stays empty)."""
    with start_postgres(state_dir / "postgres", THROW_AWAY) as server:
        yield server.url


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of a database with the newest schema, which every test's own database is copied from."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    engine = create_engine(sqlalchemy_url(database_in(postgres_url, TEMPLATE)))
    try:
        migrate(engine)
    finally:
        engine.dispose()
    return TEMPLATE


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """The URL of a fresh database without any schema, dropped after the test."""
    yield from _fresh_database(postgres_url, "template0")


@pytest.fixture
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """The URL of a fresh, migrated database, dropped after the test."""
    yield from _fresh_database(postgres_url, template_database)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A SQLAlchemy engine on the test's database, with room for the threads of a concurrency test."""
    engine = create_engine(sqlalchemy_url(database_url), pool_size=20)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def sqs_endpoint(state_dir: Path) -> Iterator[str]:
    """The endpoint of a real FIFO queue service (LocalStack's), which serves S3 as well."""
    with start_sqs(state_dir / "sqs") as server:
        yield server.endpoint


@pytest.fixture(scope="session")
def sqs_client(sqs_endpoint: str) -> SQSClient:
    return make_sqs_client(sqs_endpoint)


@pytest.fixture
def queues(sqs_client: SQSClient) -> Iterator[dict[str, str]]:
    """The topology's queues, fresh for this test: their URLs by name."""
    urls = create_queues(sqs_client, TOPOLOGY, prefix=f"t{secrets.token_hex(4)}-")
    yield urls
    for url in urls.values():
        sqs_client.delete_queue(QueueUrl=url)


@pytest.fixture(scope="session")
def parked_bodies_bucket(sqs_endpoint: str) -> str:
    """The name of an S3 bucket for bodies that no message can carry."""
    return create_buckets(s3_client(sqs_endpoint), TOPOLOGY)[PARKED_BODIES]


def database_in(server_url: str, name: str) -> str:
    """The URL of the database ``name`` on the server of ``server_url``."""
    parts = conninfo_to_dict(server_url)
    return f"postgresql://{parts['user']}@/{name}?host={parts['host']}"


def _fresh_database(server_url: str, template: str) -> Iterator[str]:
    name = sql.Identifier(f"test_{secrets.token_hex(6)}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        # FILE_COPY: for a template of this size it is the cheaper of the two strategies when fsync is off.
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(name, sql.Identifier(template))
        )
        yield database_in(server_url, name.as_string().strip('"'))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
