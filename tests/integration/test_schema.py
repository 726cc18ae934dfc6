"""The schema: migrations run up on an empty database and on one with rows, and say what they have built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from local.data_model import PAGE, Table, read_tables, render
from shared.db.clients import create_client
from shared.db.engine import sqlalchemy_url
from shared.db.migrate import migrate
from shared.db.settings import get_settings
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    Channel,
    DecisionAction,
    Direction,
    DraftStatus,
    EventOutcome,
    FollowUpStatus,
    IdentityKind,
    InteractionStatus,
    JobStatus,
    LeadStatus,
    OutboundSendStatus,
    Pausable,
    PausedReason,
    PauseReason,
    ResponseMode,
    SentimentSource,
    Source,
    SuppressionReason,
    Tag,
)
from shared.domain.workspace_settings import SETTINGS, WorkspaceSettings


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    engine = create_engine(sqlalchemy_url(empty_database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def tables(database_url: str) -> dict[str, Table]:
    with psycopg.connect(database_url) as connection:
        return {table.name: table for table in read_tables(connection)}


def test_the_page_shows_the_schema(tables: dict[str, Table]) -> None:
    """``python -m local.data_model`` writes it."""
    assert PAGE.read_text(encoding="utf-8") == render(list(tables.values()))


def test_migrations_say_what_each_table_is(tables: dict[str, Table]) -> None:
    assert [table.name for table in tables.values() if not table.comment] == []


def test_migrations_run_up_on_an_empty_database_and_again_change_nothing(
    empty_engine: Engine, empty_database_url: str
) -> None:
    revision = migrate(empty_engine)
    with psycopg.connect(empty_database_url) as connection:
        built = read_tables(connection)
        assert {"client", "lead", "message"} < {table.name for table in built}
        assert migrate(empty_engine) == revision
        assert read_tables(connection) == built


@pytest.mark.parametrize(
    ("table", "column", "vocabulary"),
    [
        ("ai_interaction", "status", InteractionStatus),
        ("background_job", "status", JobStatus),
        ("campaign", "response_mode", ResponseMode),
        ("draft", "action", DecisionAction),
        ("draft", "channel", Channel),
        ("draft", "status", DraftStatus),
        ("follow_up_instance", "paused_reason", PausedReason),
        ("follow_up_instance", "status", FollowUpStatus),
        ("lead", "last_message_direction", Direction),
        ("lead", "sentiment", Tag),
        ("lead", "status", LeadStatus),
        ("lead", "suppression_reason", SuppressionReason),
        ("lead_identity", "kind", IdentityKind),
        ("message", "channel", Channel),
        ("message", "direction", Direction),
        ("message", "sentiment", Tag),
        ("message", "sentiment_source", SentimentSource),
        ("outbound_send", "status", OutboundSendStatus),
        ("pause", "channel", Channel),
        ("pause", "reason", PauseReason),
        ("pause", "what", Pausable),
        ("webhook_event", "outcome", EventOutcome),
        ("webhook_event", "source", Source),
    ],
)
def test_a_column_takes_every_word_of_its_vocabulary(
    tables: dict[str, Table], table: str, column: str, vocabulary: type[StrEnum]
) -> None:
    """It may take more: words of what is not built yet."""
    assert {word.value for word in vocabulary} <= set(tables[table].values[column])


def test_every_setting_is_a_column_and_every_column_a_setting(tables: dict[str, Table]) -> None:
    columns = {column.name for column in tables["client_settings"].columns}
    assert set(SETTINGS) == columns - {"id", "client_id", "updated_at"}


def test_a_new_workspace_has_the_settings_defaults(engine: Engine) -> None:
    with engine.begin() as connection:
        assert get_settings(connection, create_client(connection, "Acme").id) == WorkspaceSettings()


def test_every_table_names_its_client(tables: dict[str, Table]) -> None:
    without = {table.name for table in tables.values() if "client_id" not in {one.name for one in table.columns}}
    assert without == {"client", "rate_budget"}  # a budget is a credential's, which two clients may share


def test_every_foreign_key_of_a_hot_path_has_an_index_to_find_its_rows_by(engine: Engine) -> None:
    """Per event and per job rows are looked up by these columns; a sequential scan would grow with the table."""
    with engine.connect() as connection:
        indexed = {
            (row.tablename, re.split("[,)]", row.indexdef.split("(", 1)[1])[0])
            for row in connection.execute(text("SELECT tablename, indexdef FROM pg_indexes"))
        }
    for table, column in [
        ("message", "lead_id"),
        ("draft", "lead_id"),
        ("draft", "trigger_message_id"),
        ("draft_revision", "draft_id"),
        ("draft_decision", "draft_id"),
        ("outbound_send", "draft_id"),
        ("outbound_send", "lead_id"),
        ("background_job", "lead_id"),
        ("background_job", "message_id"),
        ("background_job", "dedupe_key"),
        ("job_step", "job_id"),
        ("follow_up_instance", "lead_id"),
        ("ai_interaction", "job_id"),
        ("client_settings", "client_id"),
        ("knowledge_asset", "client_id"),
        ("lead_identity", "client_id"),
        ("lead_identity", "lead_id"),
        ("lead", "merged_into_id"),
        ("provider_account", "client_id"),
        ("commitment", "lead_id"),
    ]:
        assert (table, column) in indexed, (table, column)


def test_a_lead_is_unique_per_client_whatever_the_case_and_stored_in_lower_case(engine: Engine) -> None:
    first, second = uuid7(), uuid7()
    insert = text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client, :email)")
    with engine.begin() as connection:
        for client in (first, second):
            connection.execute(text("INSERT INTO client (id, name) VALUES (:id, 'x')"), {"id": client})
            connection.execute(insert, {"id": uuid7(), "client": client, "email": "pat@acme.test"})
    for email in ("pat@acme.test", "PAT@acme.test"):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(insert, {"id": uuid7(), "client": first, "email": email})


# --- Keys of what providers name -------------------------------------------------------------------------------------


class Rows:
    """Inserts rows of one client and takes them back where the schema refuses them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.client = self.add_client()
        self.lead = self.add("lead", id=uuid7(), email="pat@acme.test")

    def add_client(self) -> UUID:
        client = uuid7()
        self.connection.execute(text("INSERT INTO client (id, name) VALUES (:id, 'x')"), {"id": client})
        return client

    def add(self, table: str, **values: object) -> Any:
        values = {"client_id": getattr(self, "client", None)} | values
        names = ", ".join(values)
        statement = text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})")
        with self.connection.begin_nested():
            self.connection.execute(statement, values)
        return values.get("id")

    def message(self, **values: object) -> Any:
        keys: dict[str, object] = {"reply_key": uuid7().bytes, "content_key": b"x", "direction": "INBOUND"}
        times = dict.fromkeys(("received_at", "effective_at"), "2026-01-01T00:00:00Z")
        return self.add("message", id=uuid7(), lead_id=self.lead, **(keys | times | values))


@pytest.fixture
def rows(engine: Engine) -> Iterator[Rows]:
    with engine.connect() as connection:
        yield Rows(connection)


def test_a_person_is_found_by_one_key_and_only_a_number_may_be_two_peoples(rows: Rows) -> None:
    other = rows.add("lead", id=uuid7(), email="lee@acme.test")
    for kind, value in (("EMAIL", "pat@acme.test"), ("PHONE", "+15550100"), ("LINKEDIN_SLUG", "pat")):
        rows.add("lead_identity", lead_id=rows.lead, kind=kind, value=value)
    rows.add("lead_identity", lead_id=other, kind="PHONE", value="+15550100")
    for lead, kind, value in (
        (other, "EMAIL", "pat@acme.test"),
        (other, "EMAIL", "LEE@acme.test"),
        (other, "LINKEDIN_SLUG", "pat"),
        (rows.lead, "PHONE", "+15550100"),
    ):
        with pytest.raises(IntegrityError):
            rows.add("lead_identity", lead_id=lead, kind=kind, value=value)


def test_an_account_is_connected_once_and_found_without_a_client_once(rows: Rows) -> None:
    rows.add("provider_account", provider="INSTANTLY", external_id=None)
    with pytest.raises(IntegrityError):
        rows.add("provider_account", provider="INSTANTLY", external_id=None)
    other = rows.add_client()
    rows.add("provider_account", provider="SHARED", external_id="loc", finds_client=True)
    rows.add("provider_account", provider="SHARED", external_id="loc", finds_client=False, client_id=other)
    rows.connection.execute(text("UPDATE provider_account SET disabled_at = now() WHERE finds_client"))
    rows.connection.execute(text("UPDATE provider_account SET finds_client = true WHERE provider = 'SHARED'"))
    with pytest.raises(IntegrityError, match="uq_provider_account_finds_client"):
        rows.connection.execute(text("UPDATE provider_account SET disabled_at = NULL"))


def test_a_message_id_holds_within_its_account_and_thread(rows: Rows) -> None:
    account = rows.add("provider_account", id=uuid7(), provider="OTHER", external_id="one")
    rows.message(provider_account_id=account, provider_message_id="1")
    with pytest.raises(IntegrityError):
        rows.message(provider_account_id=account, provider_message_id="1")


def test_a_delivery_of_nobodys_account_is_kept_once(rows: Rows) -> None:
    event = {"client_id": None, "delivery_key": b"1", "raw_body": b"{}", "outcome": "IGNORED"}
    rows.add("webhook_event", id=uuid7(), received_at="2026-01-01T00:00:00Z", **event)
    with pytest.raises(IntegrityError):
        rows.add("webhook_event", id=uuid7(), received_at="2026-01-01T00:00:00Z", **event)


# --- Rows from before ------------------------------------------------------------------------------------------------

_BEFORE_0008 = """
INSERT INTO client (id, name, instantly_workspace_id, hook_checked_at, hook_token)
VALUES (:client, 'Acme', 'workspace', '2026-01-02T00:00:00Z', 'v1.k');
INSERT INTO client (id, name) VALUES (:other, 'Globex');
INSERT INTO campaign (id, client_id, provider_campaign_id, name) VALUES (:campaign, :client, 'c', 'Founders');
INSERT INTO lead (id, client_id, email, block_listed_at) VALUES (:lead, :client, 'pat@acme.test', now());
INSERT INTO lead (id, client_id, email) VALUES (:other_lead, :client, 'lee@acme.test');
INSERT INTO message (id, client_id, lead_id, direction, mailbox, from_email, provider_message_id, reply_key,
                     content_key, received_at, effective_at)
VALUES (:message, :client, :lead, 'INBOUND', 'sam@us.test', 'pat@acme.test', 'e1', 'r', 'c', now(), now());
INSERT INTO message (id, client_id, lead_id, direction, reply_key, content_key, received_at, effective_at)
VALUES (:message_2, :client, :lead, 'INBOUND', 'r2', 'c', now() + interval '1 s', now() + interval '1 s');
INSERT INTO webhook_event (id, client_id, delivery_key, raw_body, outcome, message_id, received_at)
VALUES (:event, :client, 'd', '{}', 'ACCEPTED', :message, now());
INSERT INTO draft (id, client_id, lead_id, trigger_message_id, subject, body, model, status, decided_by)
VALUES (:draft, :client, :lead, :message, 'Re', 'Hi Pat', 'm', 'NEEDS_REVIEW', 'gate');
INSERT INTO draft (id, client_id, lead_id, trigger_message_id, channel, body, model_body, status, decided_by)
VALUES (:edited, :client, :lead, :message_2, 'EMAIL', 'Dear Pat', 'Hi Pat', 'APPROVED', 'Sam');
INSERT INTO background_job (id, client_id, lead_id, draft_id, type, dedupe_key, run_at, last_error)
VALUES (:job, :client, :lead, :draft, 'INSTANTLY_SEND_REPLY', 'c:d:INSTANTLY_SEND_REPLY', now(),
        'all sends are paused');
INSERT INTO background_job (id, client_id, lead_id, type, dedupe_key, run_at)
VALUES (:sync, :client, :lead, 'INSTANTLY_SUPPRESS_LEAD', 'c:l:INSTANTLY_SUPPRESS_LEAD', now());
INSERT INTO outbound_send (id, client_id, lead_id, draft_id, automated, status, intended_at, settled_by)
VALUES (:send, :client, :lead, :edited, false, 'SENT', now(), 'email_sent')
"""


def test_rows_from_before_say_what_they_know(empty_engine: Engine) -> None:
    migrate(empty_engine, "0007")
    ids = {name: uuid7() for name in re.findall(r"\W:(\w+)", _BEFORE_0008)}
    with empty_engine.begin() as connection:
        for statement in _BEFORE_0008.split(";\n"):
            connection.execute(text(statement), ids)
    migrate(empty_engine)

    with empty_engine.connect() as connection:

        def one(query: str) -> tuple[Any, ...]:
            return tuple(connection.execute(text(query), ids).one())

        account, cursor, token = one(
            "SELECT id, cursor, hook_token FROM provider_account WHERE external_id = 'workspace'"
        )
        assert (list(cursor), token) == (["HOOK"], "v1.k")
        assert one("SELECT provider, external_id FROM provider_account WHERE client_id = :other") == ("INSTANTLY", None)
        assert one("SELECT our_blocks FROM lead WHERE id = :lead") == ([account],)
        assert one("SELECT our_blocks FROM lead WHERE id = :other_lead") == ([],)
        assert one("SELECT kind, value FROM lead_identity WHERE lead_id = :lead") == ("EMAIL", "pat@acme.test")
        addresses = "SELECT channel, provider_account_id, sender_address, our_address, reply_handle FROM message"
        assert one(f"{addresses} WHERE id = :message") == (
            "EMAIL",
            account,
            "pat@acme.test",
            "sam@us.test",
            {"email_id": "e1", "mailbox": "sam@us.test"},
        )
        assert one("SELECT provider, source, provider_account_id, lead_id FROM webhook_event") == (
            "INSTANTLY",
            "HOOK",
            account,
            ids["lead"],
        )
        decided = "SELECT purpose, revision, approved_revision, decided_by_kind, answers_up_to_message_id FROM draft"
        assert one(f"{decided} WHERE id = :draft") == ("REPLY", 1, None, "RULE", ids["message"])
        assert one("SELECT status, rule, superseded_by_message_id FROM draft WHERE id = :draft") == (
            "SUPERSEDED",
            "another_draft",
            ids["message_2"],
        )
        assert one("SELECT status FROM draft WHERE id = :edited") == ("APPROVED",)
        history = "SELECT status, rule, actor_kind FROM draft_decision WHERE draft_id = :draft ORDER BY decided_at DESC"
        assert one(f"{history} LIMIT 1") == ("SUPERSEDED", "another_draft", "RULE")
        assert one(f"{decided} WHERE id = :edited") == ("REPLY", 2, 2, "PERSON", ids["message_2"])
        texts = connection.execute(
            text("SELECT number, body, author_kind, author FROM draft_revision ORDER BY draft_id = :edited, number"),
            ids,
        )
        assert [tuple(row) for row in texts] == [
            (1, "Hi Pat", "MODEL", "m"),
            (1, "Hi Pat", "MODEL", None),
            (2, "Dear Pat", "PERSON", None),
        ]
        assert one("SELECT type, dedupe_key, waiting_for FROM background_job WHERE id = :job") == (
            "SEND_REPLY",
            "c:d:SEND_REPLY",
            "ALL_SENDS",
        )
        assert one("SELECT type, dedupe_key, provider_account_id FROM background_job WHERE id = :sync") == (
            "SYNC_PERSON",
            f"c:l:{account}:SYNC_PERSON",
            account,
        )
        assert one("SELECT settled_by_kind, provider_account_id FROM outbound_send") == ("EVENT", account)
