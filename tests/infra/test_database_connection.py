"""How functions reach the database: TLS is decided, secrets of either shape are understood, tokens are fresh."""

from __future__ import annotations

import json
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.auth
import botocore.session
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ArgumentError

from shared.db.engine import RDS_CERTIFICATES, make_engine, rds_token, sqlalchemy_url

RDS_HOST = "replies.cluster-abc123.eu-west-1.rds.amazonaws.com"
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


@pytest.mark.parametrize("query", ["sslmode=require", "sslmode=disable", "sslmode=verify-full&sslrootcert=/roots.pem"])
def test_what_the_url_says_about_tls_is_kept(query: str) -> None:
    given = dict(pair.split("=") for pair in query.split("&"))
    assert dict(sqlalchemy_url(f"postgresql://app@db.example.com/replies?{query}").query) == given


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
