"""The functions' connection to the database: TLS is decided, secrets of either shape are read, tokens are fresh."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.auth
import botocore.session
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, text
from sqlalchemy.exc import ArgumentError, OperationalError

from shared.config import SECRET_CACHE_S, Secrets
from shared.db.engine import RDS_CERTIFICATES, make_engine, rds_token, sqlalchemy_url
from shared.db.outages import is_outage

RDS_HOST = "replies.cluster-abc123.eu-west-1.rds.amazonaws.com"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app"
SECRET = {"username": "app", "password": "p@ss/w:rd", "host": RDS_HOST, "port": 5432, "dbname": "replies"}


def test_a_remote_database_is_verified_unless_the_url_says_otherwise() -> None:
    url = sqlalchemy_url(f"postgresql://app@{RDS_HOST}:5432/replies")
    assert url.drivername == "postgresql+psycopg"
    assert url.query["sslmode"] == "verify-full"
    assert url.query["sslrootcert"] == str(RDS_CERTIFICATES)


def test_another_providers_database_is_verified_with_the_public_certificates() -> None:
    url = sqlalchemy_url("postgres://app:secret@db.example.com/replies")
    assert url.query["sslmode"] == "verify-full"
    roots = ssl.create_default_context(cafile=str(url.query["sslrootcert"])).get_ca_certs()
    assert len(roots) > 50


@pytest.mark.parametrize(
    "query",
    ["sslmode=require&require_auth=password", "sslmode=disable", "sslmode=verify-full&sslrootcert=/roots.pem"],
)
def test_what_the_url_says_about_tls_is_kept(query: str) -> None:
    given = dict(pair.split("=") for pair in query.split("&"))
    assert dict(sqlalchemy_url(f"postgresql://app@db.example.com/replies?{query}").query) == given


def test_whoever_poses_as_an_unverified_server_cannot_ask_for_the_password() -> None:
    assert sqlalchemy_url("postgresql://app:secret@db.example.com/replies?sslmode=require").query["require_auth"] == (
        "scram-sha-256"
    )
    assert "require_auth" not in sqlalchemy_url(f"postgresql://app@{RDS_HOST}/replies").query  # a token is no SCRAM


def test_a_secret_may_bring_the_certificates_that_its_server_is_verified_with() -> None:
    own = (
        RDS_CERTIFICATES.read_text(encoding="ascii").split("-----END CERTIFICATE-----")[0]
        + "-----END CERTIFICATE-----\n"
    )
    for _ in range(2):
        url = sqlalchemy_url(json.dumps(SECRET | {"host": "db.example.com", "ca": own}))
        assert url.query["sslmode"] == "verify-full"
        assert Path(str(url.query["sslrootcert"])).read_text(encoding="ascii") == own
    with pytest.raises(ArgumentError) as caught:
        sqlalchemy_url(json.dumps(SECRET | {"ca": "no certificate"}))
    assert "p@ss/w:rd" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app@127.0.0.1:5432/replies",
        "postgresql://app@localhost/replies",
        "postgresql://app@[::1]/replies",
        "postgresql://app@/replies?host=/run/postgres",
    ],
)
def test_a_database_on_this_machine_needs_no_tls(url: str) -> None:
    assert "sslmode" not in sqlalchemy_url(url).query


def test_a_host_in_the_query_is_a_remote_host_too() -> None:
    assert sqlalchemy_url("postgresql://app@/replies?host=db.example.com").query["sslmode"] == "verify-full"


def test_a_secret_that_rds_keeps_becomes_a_url() -> None:
    url = sqlalchemy_url(json.dumps(SECRET))
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "app",
        "p@ss/w:rd",
        RDS_HOST,
        5432,
        "replies",
    )
    assert url.query["sslmode"] == "verify-full"


@pytest.mark.parametrize("lacking", ["username", "password", "host", "dbname"])
def test_an_incomplete_secret_is_named_without_its_values(lacking: str) -> None:
    secret = json.dumps({name: value for name, value in SECRET.items() if name != lacking})
    with pytest.raises(ArgumentError, match=lacking) as caught:
        sqlalchemy_url(secret)
    assert "p@ss/w:rd" not in str(caught.value)


def test_a_token_is_what_botocore_would_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: datetime(2026, 11, 23, tzinfo=UTC))
    rds: Any = botocore.session.get_session().create_client("rds", region_name="eu-west-1")
    theirs = rds.generate_db_auth_token(DBHostname=RDS_HOST, Port=5432, DBUsername="app", Region="eu-west-1")
    assert rds_token(RDS_HOST, 5432, "app", "eu-west-1") == theirs


def test_every_new_connection_signs_a_fresh_token(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[tuple[Any, ...]] = []

    def sign(*arguments: Any) -> str:
        signed.append(arguments)
        return f"token-{len(signed)}"

    monkeypatch.setattr("shared.db.engine.rds_token", sign)
    engine = make_engine(database_url, iam_auth=True)
    try:
        for _ in range(2):
            with engine.connect() as connection:
                assert connection.execute(text("SELECT 1")).scalar_one() == 1
            engine.dispose()
    finally:
        engine.dispose()
    assert len(signed) == 2
    assert signed[0][3] == "us-east-1"


@pytest.fixture
def rotating(database_url: str, state_dir: Path) -> Iterator[Rotating]:
    """A user whose password the server asks for, and the secret that holds it."""
    with psycopg.connect(database_url, autocommit=True) as admin:
        path = state_dir / "postgres" / "pg_hba.conf"  # the server itself only knows it as in its working directory
        rules = path.read_text()
        path.write_text("local all rotating scram-sha-256\n" + rules)
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("CREATE ROLE rotating LOGIN PASSWORD 'first'")
        try:
            yield Rotating(admin, conninfo_to_dict(database_url), "first")
        finally:
            admin.execute("DROP ROLE rotating")
            path.write_text(rules)
            admin.execute("SELECT pg_reload_conf()")


@dataclass
class Rotating:
    admin: psycopg.Connection[Any]
    server: Mapping[str, Any]
    stored: str
    reads: int = 0
    now: float = 0.0

    def fetch(self, _reference: str) -> str:
        self.reads += 1
        if self.stored == "broken":
            return "postgresql://nonsense:"
        names = {"host": self.server["host"], "dbname": self.server["dbname"]}
        return json.dumps({"username": "rotating", "password": self.stored, **names})

    def secrets(self) -> Secrets:
        return Secrets(self.fetch, lambda: self.now)

    def rotate(self, password: str) -> None:
        self.admin.execute(sql.SQL("ALTER ROLE rotating PASSWORD {}").format(password))


@pytest.mark.parametrize("answer_timeout_s", [None, 5.0])
def test_a_rotated_password_is_taken_up_by_the_next_connection(
    rotating: Rotating, answer_timeout_s: float | None
) -> None:
    engine = make_engine(SECRET_ARN, secrets=rotating.secrets(), answer_timeout_s=answer_timeout_s)
    try:
        log_in(engine)
        log_in(engine)
        assert rotating.reads == 1
        rotating.stored = "second"
        rotating.rotate("second")
        rotating.now += SECRET_CACHE_S
        log_in(engine)
        assert rotating.reads == 2
    finally:
        engine.dispose()


def test_a_password_that_is_refused_is_read_anew_at_once(rotating: Rotating) -> None:
    engine = make_engine(SECRET_ARN, secrets=rotating.secrets(), answer_timeout_s=5.0)
    try:
        log_in(engine)
        rotating.rotate("second")
        for _ in range(2):  # the secret is rewritten a moment after the password
            with pytest.raises(OperationalError) as refused:
                log_in(engine)
            assert is_outage(refused.value)
        rotating.stored = "second"
        log_in(engine)
        assert rotating.reads == 3
    finally:
        engine.dispose()


def test_a_secret_that_somebody_broke_leaves_the_login_as_it_was(rotating: Rotating) -> None:
    engine = make_engine(SECRET_ARN, secrets=rotating.secrets())
    try:
        rotating.stored = "broken"
        rotating.now += SECRET_CACHE_S
        log_in(engine)
        assert rotating.reads == 2
    finally:
        engine.dispose()


def test_a_database_that_is_away_costs_no_reads_of_the_secret() -> None:
    reads = []

    def fetch(reference: str) -> str:
        reads.append(reference)
        return "postgresql://app:secret@127.0.0.1:9/replies"

    engine = make_engine(SECRET_ARN, secrets=Secrets(fetch))
    for _ in range(3):
        with pytest.raises(OperationalError):
            log_in(engine)
    assert reads == [SECRET_ARN]


def log_in(engine: Engine) -> None:
    """Makes a new connection and uses it."""
    engine.dispose()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_the_certificates_are_valid_roots_of_rds_for_years() -> None:
    roots = ssl.create_default_context(cafile=str(RDS_CERTIFICATES)).get_ca_certs()
    subjects: list[Any] = [root["subject"] for root in roots]
    names = {value for subject in subjects for ((key, value),) in subject if key == "commonName"}
    assert len(roots) > 75
    assert {name for name in names if not str(name).startswith("Amazon RDS ")} == set()
    assert {f"Amazon RDS {region} Root CA RSA2048 G1" for region in ("us-east-1", "eu-west-1", "eu-central-1")} <= names
    soon = datetime.now(UTC).timestamp() + 2 * 365 * 86_400
    assert all(ssl.cert_time_to_seconds(str(root["notAfter"])) > soon for root in roots)


def test_the_certificates_travel_with_the_package() -> None:
    import shared.db

    assert RDS_CERTIFICATES.is_relative_to(Path(shared.db.__file__).parent)
