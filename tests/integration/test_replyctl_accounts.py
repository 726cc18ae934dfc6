"""replyctl account: what is known of an account's health, and asking its provider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import Engine, text

from local.instantly_sandbox import make_app
from local.serving import serving
from shared.db.clients import create_client, disable_client
from shared.db.webhook_events import EventRecord, record_event
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import EventOutcome, Source
from shared.pipelines.intake.delivery import Delivery
from tests.integration.conversations import NOON, Conversation
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal
from tests.marketplace import LOCATION, NAME, Marketplace, message, registered

KEY = "a-plain-key-that-nobody-should-see"


@pytest.fixture
def instantly(stack_file: Path) -> Iterator[str]:
    """Instantly's sandbox, named in the stack's file."""
    with serving(make_app()) as url:
        stack_file.write_text(json.dumps({**json.loads(stack_file.read_text()), "instantly_url": url}))
        yield url


@pytest.fixture
def account_id(engine: Engine, conversation: Conversation) -> UUID:
    with engine.connect() as connection:
        statement = text("SELECT id FROM provider_account WHERE client_id = :client")
        id: UUID = connection.execute(statement, {"client": conversation.client_id}).scalar_one()
    return id


def change(engine: Engine, account_id: UUID, assignments: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE provider_account SET {assignments} WHERE id = :id"), {"id": account_id})


def health(engine: Engine, account_id: UUID) -> tuple[str | None, bool]:
    """Returns the reason, and whether it is known since when."""
    with engine.connect() as connection:
        statement = text("SELECT broken_reason, broken_since FROM provider_account WHERE id = :id")
        reason, since = connection.execute(statement, {"id": account_id}).one()
    return reason, since is not None


def fault(url: str, match: str, **rule: Any) -> None:
    httpx2.put(f"{url}/_faults", json=[{"match": match, **rule}], trust_env=False).raise_for_status()


def checked(replyctl: Replyctl, *arguments: object, exit_code: int = 0, **environment: str) -> list[dict[str, Any]]:
    """Returns the accounts that a check has shown, each with its finding."""
    result = replyctl("account", "check", *map(str, arguments), "--json", **environment)
    assert result.exit_code == exit_code, result.output
    accounts: list[dict[str, Any]] = json.loads(result.stdout)
    return accounts


def test_the_list_shows_every_workspaces_accounts_and_their_health(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, account_id: UUID
) -> None:
    with engine.begin() as connection:
        other_id = create_client(connection, "Globex", external_account="workspace-2").id
    change(engine, account_id, "broken_since = '2026-11-20 12:00Z', broken_reason = 'CREDENTIALS_REFUSED'")

    shown = {account["client_id"]: account for account in as_json(replyctl("account", "list", "--json"))}

    ours, theirs = shown[str(conversation.client_id)], shown[str(other_id)]
    assert (ours["id"], ours["provider"], ours["external_id"]) == (str(account_id), "INSTANTLY", None)
    assert (ours["broken_since"], ours["broken_reason"]) == ("2026-11-20T12:00:00Z", "CREDENTIALS_REFUSED")
    assert (theirs["client_name"], theirs["external_id"], theirs["broken_since"]) == ("Globex", "workspace-2", None)
    table = replyctl("account", "list").stdout
    assert "CREDENTIALS_REFUSED" in table
    assert "workspace-2" in table
    assert [one["id"] for one in as_json(replyctl("account", "list", "--client", "Acme", "--json"))] == [ours["id"]]


def test_a_disabled_account_is_listed_and_only_checked_by_its_id(
    replyctl: Replyctl, engine: Engine, account_id: UUID, instantly: str
) -> None:
    change(engine, account_id, "disabled_at = '2026-11-21 12:00Z'")
    (listed,) = as_json(replyctl("account", "list", "--client", "Acme", "--json"))
    assert listed["disabled_at"] == "2026-11-21T12:00:00Z"
    assert checked(replyctl, "--client", "Acme") == []
    assert [one["check"]["works"] for one in checked(replyctl, account_id)] == [True]


def test_the_account_of_a_disabled_workspace_is_not_checked(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, instantly: str
) -> None:
    with engine.begin() as connection:
        disable_client(connection, conversation.client_id, at=NOON)
    assert checked(replyctl, "--client", "Acme") == []


def test_an_account_that_works_again_is_no_longer_broken(
    replyctl: Replyctl, engine: Engine, account_id: UUID, instantly: str
) -> None:
    change(engine, account_id, "broken_since = now(), broken_reason = 'CREDENTIALS_REFUSED'")
    (found,) = checked(replyctl, "--client", "Acme")
    assert found["check"] == {"works": True, "finding": "answers, 0 hooks, tells who objects", "advice": ""}
    assert health(engine, account_id) == (None, False)
    assert "tells who objects" in replyctl("account", "check").stdout


@pytest.mark.parametrize(
    ("match", "status", "finding"),
    [
        ("/webhooks", 401, "the key is refused: "),
        ("/webhooks", 402, "the plan is refused: "),
        ("/leads/list", 403, "the key lacks a scope: the API key may not read leads: it needs the scope leads:read"),
        (
            "/block-lists-entries",
            403,
            "the key lacks a scope: the API key may not read the block list: it needs the scope "
            "block_list_entries:read",
        ),
    ],
)
def test_an_account_that_its_provider_refuses_is_broken_from_then_on(
    replyctl: Replyctl, engine: Engine, account_id: UUID, instantly: str, match: str, status: int, finding: str
) -> None:
    fault(instantly, match, status=status)
    (found,) = checked(replyctl, account_id, exit_code=1)
    assert found["check"]["works"] is False
    assert found["check"]["finding"].startswith(finding)
    assert found["check"]["advice"]
    assert health(engine, account_id) == ("CREDENTIALS_REFUSED", True)
    doctor = json.loads(replyctl("doctor", "--json").stdout)["checks"]
    (same,) = (check for check in doctor if check["name"] == "Instantly")
    assert (same["state"], same["finding"]) == ("failed", found["check"]["finding"])


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        ({"status": 503}, "the provider does not respond: "),
        ({"status": 429}, "over the provider's limit: "),
        ({"status": 400}, "the provider refuses to say: "),
    ],
)
@pytest.mark.parametrize("broken", [False, True])
def test_a_provider_that_says_nothing_of_the_key_changes_nothing(
    replyctl: Replyctl,
    engine: Engine,
    account_id: UUID,
    instantly: str,
    rule: dict[str, int],
    finding: str,
    broken: bool,
) -> None:
    if broken:
        change(engine, account_id, "broken_since = now(), broken_reason = 'CREDENTIALS_REFUSED'")
    before = health(engine, account_id)
    fault(instantly, "/leads/list", **rule)
    (found,) = checked(replyctl, "--client", "Acme", exit_code=1)
    assert found["check"]["works"] is None
    assert found["check"]["finding"].startswith(finding)
    assert health(engine, account_id) == before


def test_a_provider_that_is_not_reached_is_said_so(replyctl: Replyctl, account_id: UUID) -> None:
    (found,) = checked(replyctl, account_id, exit_code=1)
    assert (found["check"]["works"], found["check"]["finding"]) == (
        None,
        "the provider is not reached: ConnectError",
    )


def test_a_key_that_its_store_does_not_hold_breaks_the_account(
    replyctl: Replyctl, engine: Engine, account_id: UUID, instantly: str
) -> None:
    change(engine, account_id, "credential_ref = 'ssm:/keys/second'")
    aws = {
        "AWS_ENDPOINT_URL_SSM": "http://127.0.0.1:9",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    (found,) = checked(replyctl, account_id, exit_code=1, **aws)
    assert found["check"]["finding"] == "no key: it cannot be read: ssm:/keys/second: EndpointConnectionError"
    assert "SecureString" in found["check"]["advice"]
    assert found["credential_ref"] == "ssm:/keys/second"
    assert health(engine, account_id) == ("CREDENTIALS_REFUSED", True)


def test_a_credential_is_used_and_never_shown(
    replyctl: Replyctl, engine: Engine, account_id: UUID, instantly: str
) -> None:
    change(engine, account_id, f"credential_ref = '{KEY}'")
    fault(instantly, "/leads/list", status=401, body=json.dumps({"message": f"no workspace has the key {KEY}"}))
    for command in (["list", "--json"], ["list"], ["check", "--json"], ["check"]):
        result = replyctl("account", *command)
        assert KEY not in result.output
    assert "[key]" in result.output


def test_without_a_key_the_variable_to_set_is_named(
    replyctl: Replyctl,
    engine: Engine,
    account_id: UUID,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("ops.stack.REPOSITORY", tmp_path)
    monkeypatch.delenv("INSTANTLY_API_KEYS", raising=False)
    (found,) = checked(replyctl, account_id, exit_code=1, REPLYCTL_STACK="", DATABASE_URL=database_url)
    assert found["check"]["works"] is None
    assert found["check"]["finding"].startswith("no key: ")
    assert "INSTANTLY_API_KEYS" in found["check"]["advice"]
    assert health(engine, account_id) == (None, False)


def test_an_account_of_a_newer_releases_provider_is_left_alone(
    replyctl: Replyctl, engine: Engine, account_id: UUID
) -> None:
    change(engine, account_id, "provider = 'NEWER'")
    (found,) = checked(replyctl, account_id, exit_code=1)
    assert "knows no Provider 'NEWER'" in found["check"]["finding"]
    assert health(engine, account_id) == (None, False)


def test_an_id_that_no_account_has_is_said_so(replyctl: Replyctl, conversation: Conversation) -> None:
    assert "There is no account" in refusal(replyctl("account", "check", str(uuid7())))
    assert "is no id of an account" in refusal(replyctl("account", "check", "Acme"))


# --- Connecting and disabling ------------------------------------------------------------------------------------

ADD = ("account", "add", "--provider", NAME, "--external-id", LOCATION, "--finds-client", "--no-check")


@pytest.fixture
def marketplace() -> Iterator[Marketplace]:
    with registered() as provider:
        yield provider


@pytest.fixture
def unclaimed(engine: Engine, marketplace: Marketplace) -> UUID:
    """A delivery of an account that nobody has."""
    body = json.dumps(message()).encode()
    key = Delivery.of(None, body, NOON, provider=marketplace.name, external_account=LOCATION).delivery_key
    event = EventRecord(None, key, marketplace.name, Source.HOOK, body, NOON, external_account=LOCATION)
    with engine.begin() as connection:
        record_event(connection, event, EventOutcome.IGNORED, detail="unknown_account")
        id: UUID = connection.execute(text("SELECT id FROM webhook_event")).scalar_one()
    return id


def connected(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        statement = """
            SELECT client_id, external_id, credential_ref, finds_client, disabled_at IS NULL
            FROM provider_account WHERE provider = :name
        """
        return [tuple(row) for row in connection.execute(text(statement), {"name": NAME})]


def test_connecting_an_account_handles_what_came_for_it_before(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, unclaimed: UUID
) -> None:
    (kept,) = as_json(replyctl("events", "list", "--unknown-workspace", "--json"))
    assert (kept["id"], kept["client_id"], kept["external_account"]) == (str(unclaimed), None, LOCATION)

    made = replyctl(*ADD, "--credential-ref", "ssm:/market/key")
    assert made.stdout.startswith("Connected the account ")
    assert "Replayed 1 kept delivery: 1 accepted." in made.stdout
    assert connected(engine) == [(conversation.client_id, LOCATION, "ssm:/market/key", True, True)]
    with engine.connect() as connection:
        whose = connection.execute(text("SELECT client_id, outcome FROM webhook_event")).one()
    assert whose == (conversation.client_id, "ACCEPTED")

    again = replyctl(*ADD)
    assert again.stdout.startswith("The workspace has the account ")
    assert "Nothing was kept for it." in again.stdout
    assert connected(engine) == [(conversation.client_id, LOCATION, "ssm:/market/key", True, True)]


def test_an_event_that_nobody_has_is_ignored_again_when_it_is_replayed(replyctl: Replyctl, unclaimed: UUID) -> None:
    (receipt,) = as_json(replyctl("events", "replay", str(unclaimed), "--json"))
    assert (receipt["status"], receipt["reason"]) == ("ignored", "unknown_account")


def test_an_account_is_one_workspaces_at_a_time(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, marketplace: Marketplace
) -> None:
    with engine.begin() as connection:
        globex = create_client(connection, "Globex").id
    account = as_json(replyctl(*ADD, "--json"))["account"]
    assert f"Another workspace has the account {LOCATION} in use" in refusal(replyctl(*ADD, "--client", "Globex"))
    assert "is disabled" in replyctl("account", "disable", account, "--yes").stdout
    assert "was already disabled" in replyctl("account", "disable", account, "--yes").stdout
    assert replyctl(*ADD, "--client", "Globex").exit_code == 0
    assert "in use" in refusal(replyctl(*ADD))
    assert connected(engine) == [
        (conversation.client_id, LOCATION, None, True, False),
        (globex, LOCATION, None, True, True),
    ]


def test_a_workspace_that_is_enabled_again_gets_what_came_meanwhile(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, unclaimed: UUID
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO provider_account (client_id, provider, external_id, finds_client)"
                " VALUES (:client, :name, :location, true)"
            ),
            {"client": conversation.client_id, "name": NAME, "location": LOCATION},
        )
        disable_client(connection, conversation.client_id, at=NOON)
    enabled = replyctl("client", "enable", str(conversation.client_id))
    assert "Replayed 1 kept delivery: 1 accepted." in enabled.stdout


def test_an_account_without_an_id_is_refused(replyctl: Replyctl) -> None:
    assert "The external id is empty." in refusal(
        replyctl("account", "add", "--provider", "instantly", "--external-id", " ")
    )


def test_a_deployed_stage_takes_no_credential_on_the_command_line(replyctl: Replyctl, database_url: str) -> None:
    arguments = ("account", "add", "--provider", "instantly", "--external-id", "x", "--credential-ref", KEY)
    refused = refusal(replyctl(*arguments, REPLYCTL_STACK="", DATABASE_URL=database_url))
    assert "The credential reference is none." in refused
    assert KEY not in refused
