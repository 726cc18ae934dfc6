"""The servers of integration tests: a real Postgres and a real FIFO queue service, started once per run."""

from __future__ import annotations

import functools
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import botocore.session
import httpcore2
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, create_engine

from infra.topology import PARKED_BODIES, TOPOLOGY
from local.elsewhere import POINT_ELSEWHERE
from local.postgres import THROW_AWAY, start_postgres
from local.s3 import create_buckets, s3_client
from local.sqs import create_queues, start_sqs
from local.sqs import sqs_client as make_sqs_client
from shared.db.engine import make_engine, sqlalchemy_url
from shared.db.migrate import BOOKKEEPING, migrate
from shared.observability import metrics

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

TEMPLATE = "template_migrated"

# make test draws the same examples in every run and knows no time: it fails because of a change, or not at all.
# make test-random draws others, from a seed that it prints.
settings.register_profile(
    "fixed", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "random", database=None, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "fixed")


# Whether the schema, what the migrations note of it and the database's settings are as they were, for a test that has
# changed them.
SCHEMA = """
    SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
        SELECT 'at ' || version_num FROM alembic_version
        UNION ALL SELECT 'of ' || revision::text FROM schema_revision
        UNION ALL SELECT array_to_string(setconfig, ',') FROM pg_db_role_setting
            WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL
        SELECT oid || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT attrelid || '.' || attnum || attname || atttypid || attnotnull || atthasdef
            FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        UNION ALL SELECT tgrelid || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT oid || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS parts (part)
"""

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%(bookkeeping)s)"


class MigratedDatabase:
    """A database that one test after the other gets: emptying it takes a tenth of the time of making a new one.

    Each test knows it by another name, so that whatever an earlier one has left running finds nothing any more.
    """

    def __init__(self, server_url: str, template: str, change: str = "") -> None:
        """``change`` is a statement that changes the schema of ``template``, for the tests of one module."""
        self._server_url = server_url
        self._template = template
        self._name: str | None = None
        if change:
            self._template = f"template_{secrets.token_hex(6)}"
            with psycopg.connect(server_url, autocommit=True) as server:
                _create(server, self._template, template)
        with psycopg.connect(database_in(server_url, self._template)) as connection:
            if change:
                connection.execute(change.encode())
            self._schema = connection.execute(SCHEMA).fetchone()
            self._tables = [name for (name,) in connection.execute(TABLES, {"bookkeeping": list(BOOKKEEPING)})]

    def url(self) -> str:
        if self._name is None:
            self._name = f"test_{secrets.token_hex(6)}"
            with psycopg.connect(self._server_url, autocommit=True) as server:
                _create(server, self._name, self._template)
        return database_in(self._server_url, self._name)

    def clear(self) -> None:
        """Ends all connections, renames it, takes settings and rows out; drops it if the schema has changed."""
        assert self._name is not None
        old, self._name = self._name, f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self._server_url, autocommit=True) as server:
            server.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (old,))
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(self._name))
            )
            server.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(sql.Identifier(self._name)))
            with psycopg.connect(self.url(), autocommit=True) as connection:
                if unchanged := connection.execute(SCHEMA).fetchone() == self._schema:
                    connection.execute("SET session_replication_role = replica")  # no foreign keys: in any order
                    connection.execute("; ".join(f"DELETE FROM {table}" for table in self._tables))
            if not unchanged:
                server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(self._name)))
                self._name = None


@pytest.fixture(autouse=True, scope="session")
def no_real_services() -> Iterator[None]:
    """Keys and addresses of real services in the developer's environment never reach a test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*POINT_ELSEWHERE, "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(autouse=True)
def metrics_of_one_test() -> Iterator[None]:
    """What a test counts outside a handler, whose end prints it, is not printed by the next test's."""
    yield
    metrics.clear_metrics()


@pytest.fixture(autouse=True, scope="session")
def descriptions_of_aws_are_read_once() -> Iterator[None]:
    """Each botocore session reads megabytes of JSON; tests make one for every function that they load."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(botocore.session.create_loader))
        yield


@pytest.fixture(autouse=True, scope="session")
def certificates_are_read_once() -> Iterator[None]:
    """Each HTTP client reads all the public certificates, which takes longer than most tests; none of them changes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", functools.cache(httpcore2.default_ssl_context))
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
    name = f"empty_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        _create(server, name, "template0")
        yield database_in(postgres_url, name)
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def migrated_database(postgres_url: str, template_database: str) -> MigratedDatabase:
    return MigratedDatabase(postgres_url, template_database)


@pytest.fixture
def database_url(migrated_database: MigratedDatabase) -> Iterator[str]:
    """The URL of a migrated database without a row."""
    yield migrated_database.url()
    migrated_database.clear()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine like the product's on the test's database, with room for the threads of a concurrency test."""
    engine = make_engine(database_url, connections=20)
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
    """Returns the URL of the database ``name`` on the server of ``server_url``."""
    parts = conninfo_to_dict(server_url)
    return f"postgresql://{parts['user']}@/{name}?host={parts['host']}"


def _create(server: psycopg.Connection, name: str, template: str) -> None:
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
