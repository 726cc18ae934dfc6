"""The check of a new version: it sees what a release breaks, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, text

from functions.webhook.api_gateway import Webhook
from infra import smoke_check
from infra.schema_revision import newest_revision
from shared.observability import Metric, VersionFailure, metrics
from shared.pipelines.intake import handle_notice as notices
from shared.pipelines.intake import handle_reply as replies
from shared.pipelines.intake import receive_event as receiving
from shared.pipelines.upkeep.release_check import REHEARSED
from tests.instantly_events import reply_received
from tests.integration.webhook import WebhookUnderTest

if TYPE_CHECKING:
    pass

TABLES = ("client", "client_settings", "campaign", "lead", "message", "webhook_event", "background_job")


def check(webhook: WebhookUnderTest, revision: str | None = None) -> list[str]:
    """Returns the response to the hook's request; the status has to agree."""
    wanted = newest_revision() if revision is None else revision
    answered = webhook.call({"releaseCheck": {"schemaRevision": wanted}})
    problems: list[str] = answered.body["problems"]
    assert answered.status_code == (503 if problems else 200)
    return problems


def test_a_sound_version_passes_and_nothing_remains(
    webhook: WebhookUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {table: webhook.count(table) for table in TABLES}
    metrics.clear_metrics()  # what another test of this process has left behind
    assert check(webhook) == []
    assert {table: webhook.count(table) for table in TABLES} == before
    assert [webhook.received(queue) for queue in webhook.queues] == [[]] * len(webhook.queues)
    assert "CloudWatchMetrics" not in capsys.readouterr().out, "nothing has happened that could be counted"


def test_it_passes_as_the_database_user_that_the_functions_are(
    webhook: WebhookUnderTest, engine: Engine, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    """With the grants that the migrate function gives, which do not let it change the schema's own table."""
    from shared.db.roles import grant_data

    with engine.connect() as connection:
        connection.execute(text("CREATE ROLE checked_app LOGIN"))
        try:
            grant_data(connection, app="checked_app")
            connection.commit()
            monkeypatch.setenv("DATABASE_URL", database_url.replace("//", "//checked_app@", 1).replace("postgres@", ""))
            assert check(webhook) == []
        finally:
            for module in webhook.environments:
                module.handler.webhook.intake.engine.dispose()
            connection.rollback()
            connection.execute(text("DROP OWNED BY checked_app"))
            connection.execute(text("DROP ROLE checked_app"))
            connection.commit()


def test_a_database_that_cannot_be_reached_is_a_problem(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1:9/replies?sslmode=disable")
    webhook.patient = False
    assert check(webhook) == ["database: OperationalError"]


@contextmanager
def until(webhook: WebhookUnderTest, change: str, undo: str) -> Iterator[None]:
    """A change of what is no row and no part of the schema, which the next test's database would still have."""
    with webhook.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text(change))
        try:
            yield
        finally:
            connection.execute(text(undo))


def test_a_database_that_takes_no_writes_is_a_problem(webhook: WebhookUnderTest) -> None:
    name = webhook.row("SELECT quote_ident(current_database()) AS name").name
    setting = "default_transaction_read_only"
    with until(webhook, f"ALTER DATABASE {name} SET {setting} = on", f"ALTER DATABASE {name} RESET {setting}"):
        (problem,) = check(webhook)
    assert problem.startswith("database: ")


@pytest.mark.parametrize(("revision", "words"), [("9999", "9999"), ("", "to be told")])
def test_a_schema_that_is_behind_is_a_problem(webhook: WebhookUnderTest, revision: str, words: str) -> None:
    assert check(webhook, revision) == [
        f"database: the schema is at {newest_revision()}, this code needs {words}",
    ]


def test_a_schema_that_a_newer_release_has_migrated_is_none(webhook: WebhookUnderTest) -> None:
    """A rollback brings old code to it."""
    later = "UPDATE alembic_version SET version_num = 'a-later-one'"
    with until(webhook, later, f"UPDATE alembic_version SET version_num = '{newest_revision()}'"):
        assert check(webhook) == []


def test_a_missing_column_is_a_problem(webhook: WebhookUnderTest) -> None:
    webhook.execute("ALTER TABLE message DROP COLUMN content_key CASCADE")
    (problem,) = check(webhook)
    assert problem.startswith("database: ")


@pytest.mark.parametrize("variable", ["POST_PROCESS_QUEUE_URL", "LEAD_SCORING_QUEUE_URL", "INGEST_QUEUE_URL"])
def test_a_queue_that_is_not_there_is_a_problem(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch, variable: str, queues: dict[str, str]
) -> None:
    monkeypatch.setenv(variable, queues["ingest.fifo"].replace("ingest", "no-such-queue"))
    (problem,) = check(webhook)
    assert problem.startswith("queues: ")


def test_keys_that_cannot_be_had_are_a_problem(webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook.new_environment()
    module = webhook.environments[0]

    def no_keys() -> tuple[str, ...]:
        return ()

    object.__setattr__(module.handler.webhook, "signing_keys", no_keys)
    assert check(webhook) == ["signing keys: IndexError"]


def _breaks(*_: Any, **__: Any) -> Any:
    raise KeyError("somebody's words")


@pytest.mark.parametrize(
    ("module", "broken"),
    [
        (receiving, "read_delivery"),
        (receiving, "handle_reply"),
        (receiving, "handle_sent"),
        (receiving, "handle_objection"),
        (receiving, "_repeat"),
        (replies, "reply_record"),
        (replies, "suppress_lead"),
        (notices, "suppress_lead"),
    ],
)
def test_a_bug_in_handling_is_a_problem_and_never_quoted(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch, module: ModuleType, broken: str
) -> None:
    webhook.new_environment()
    monkeypatch.setattr(module, broken, _breaks)
    assert check(webhook) == ["database: KeyError"]


def test_a_wrong_answer_is_a_problem(webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_strict(case: Any, _reply: Any) -> Any:
        return case.quarantine("no_reply_content")

    monkeypatch.setattr(receiving, "handle_reply", too_strict)
    words = "test delivery 1 (reply_received) ended as quarantined (no_reply_content), not as accepted"
    assert check(webhook) == [f"database: {words}"]


def test_every_kind_with_an_effect_on_somebody_is_rehearsed() -> None:
    kinds = {str(payload["event_type"]) for payload, _ in REHEARSED}
    assert kinds == {"reply_received", "email_sent", "lead_unsubscribed"}


def test_the_hooks_request_is_the_one_that_is_understood(webhook: WebhookUnderTest) -> None:
    """Both sides are deployed apart; only this test has them together."""
    answers: list[dict[str, Any]] = []

    def invoke(FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        webhook.new_environment()
        answered = webhook.call(json.loads(Payload))
        answers.append(answered.body)
        body = json.dumps({"statusCode": answered.status_code}).encode()
        return {"Payload": _Stream(body)}

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCHEMA_REVISION", newest_revision())
        patch.setattr("boto3.client", lambda _: type("Lambda", (), {"invoke": staticmethod(invoke)}))
        passes: Callable[[str], bool] = smoke_check.passes
        assert passes("webhook:7") is True
    assert answers == [{"version": "$LATEST", "problems": []}]


class _Stream:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self) -> bytes:
        return self._body


# --- What strangers may ask ------------------------------------------------------------------------------------------


def test_health_opens_nothing(webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1:9/replies?sslmode=disable")
    webhook.patient = False
    answered = webhook.call(smoke_check.HEALTH)
    assert (answered.status_code, answered.body) == (200, {"status": "ok"})
    deployed: Webhook = webhook.environments[0].handler.webhook
    assert deployed.intake.engine.pool.status().startswith("Pool size: 1  Connections in pool: 0")


@pytest.mark.parametrize("where", ["queryStringParameters", "headers", "body"])
def test_the_check_cannot_be_asked_for_from_outside(webhook: WebhookUnderTest, where: str) -> None:
    """API Gateway alone makes the keys of a request; a caller fills what is in them."""
    asked: Any = {"releaseCheck": '{"schemaRevision": "0001"}'}
    request = {"version": "2.0", "routeKey": "POST /webhooks/instantly", "headers": {}, "requestContext": {}}
    answered = webhook.call({**request, where: json.dumps(asked) if where == "body" else asked})
    assert answered.status_code == 400
    assert "problems" not in answered.body


# --- What a version is taken back for -------------------------------------------------------------------------------


def failures(out: str) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in out.splitlines() if Metric.VERSION_FAILURE.value in line]
    assert all(line["provider"] == "INSTANTLY" for line in lines)
    return [(line["reason"], line["version"]) for line in lines]


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> None:
    from functions.webhook import api_gateway

    monkeypatch.setattr(api_gateway, "VERSION", "7")


@pytest.mark.usefixtures("version")
def test_an_event_that_is_parked_counts_against_the_version(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1:9/replies?sslmode=disable")
    webhook.patient = False
    assert webhook.post(reply_received()).status == "parked"
    assert failures(capsys.readouterr().out) == [(VersionFailure.PARKED, "7")]


@pytest.mark.usefixtures("version")
def test_an_event_that_nobody_could_take_counts_against_the_version(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1:9/replies?sslmode=disable")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9")
    webhook.patient = False
    assert webhook.post(reply_received()).status_code == 503
    assert failures(capsys.readouterr().out) == [(VersionFailure.UNAVAILABLE, "7")]


@pytest.mark.usefixtures("version")
def test_a_bug_that_quarantines_an_event_counts_against_the_version(
    webhook: WebhookUnderTest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(receiving, "read_delivery", _breaks)
    assert webhook.post(reply_received()).status == "quarantined"
    assert failures(capsys.readouterr().out) == [(VersionFailure.INTERNAL_ERROR, "7")]


@pytest.mark.usefixtures("version")
def test_an_event_that_is_taken_counts_against_nobody(
    webhook: WebhookUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    assert webhook.post(reply_received()).status == "accepted"
    assert webhook.post(b"{").status == "quarantined"
    assert webhook.post(reply_received(), token="v1.wrong").status_code == 401
    assert failures(capsys.readouterr().out) == []
