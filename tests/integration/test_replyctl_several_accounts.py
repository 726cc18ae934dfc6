"""replyctl with several accounts and providers: connecting, choosing, enabling and removing them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import Engine, text

from local import instantly_sandbox, smartlead_sandbox
from local.serving import serving
from shared.db.clients import create_client
from shared.domain.vocabulary import EventOutcome, Provider
from shared.domain.webhook_token import verify_secret, verify_token
from tests.integration.conversations import Conversation, add_event
from tests.integration.replyctl_fixtures import SIGNING_KEY, Replyctl, as_json, refusal

REFUSED_KEY = "invalid-key-that-nobody-should-see"
SECOND_KEY = "the-key-of-a-second-account"
SMARTLEAD = ("account", "add", "--provider", "smartlead")


@pytest.fixture
def sandboxes(stack_file: Path) -> Iterator[dict[str, str]]:
    """Both providers' sandboxes, named in the stack's file."""
    with serving(instantly_sandbox.make_app()) as instantly, serving(smartlead_sandbox.make_app()) as smartlead:
        urls = {"instantly_url": instantly, "smartlead_url": smartlead}
        stack_file.write_text(json.dumps({**json.loads(stack_file.read_text()), **urls}))
        yield urls


def listed(replyctl: Replyctl, *arguments: str) -> list[dict[str, Any]]:
    accounts: list[dict[str, Any]] = as_json(replyctl("account", "list", "--client", "Acme", "--json", *arguments))
    return accounts


def rows(engine: Engine, statement: str, **values: Any) -> list[Any]:
    with engine.begin() as connection:
        return list(connection.execute(text(statement), values))


# ── Connecting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_credential_that_the_provider_refuses_connects_nothing(replyctl: Replyctl, sandboxes: dict[str, str]) -> None:
    add = (*SMARTLEAD, "--credential-ref", REFUSED_KEY)
    refused = refusal(replyctl(*add))
    assert "Not connected: the key is refused: " in refused
    assert REFUSED_KEY not in refused
    assert [account["provider"] for account in listed(replyctl)] == ["INSTANTLY"]

    assert replyctl(*add, "--no-check").exit_code == 0
    doctor = json.loads(replyctl("doctor", "--json").stdout)["checks"]
    states = {check["name"]: check["state"] for check in doctor}
    assert (states["Instantly: Acme"], states["SmartLead: Acme"]) == ("ok", "failed")


def test_an_account_is_connected_with_what_its_provider_says_of_it(
    replyctl: Replyctl, sandboxes: dict[str, str]
) -> None:
    made = as_json(replyctl(*SMARTLEAD, "--external-id", "4711", "--json"))
    assert (made["new"], made["check"]["works"]) == (True, True)
    again = as_json(replyctl(*SMARTLEAD, "--external-id", "4711", "--json"))
    assert (again["account"], again["new"]) == (made["account"], False)
    assert [(one["provider"], one["external_id"]) for one in listed(replyctl)] == [
        ("INSTANTLY", None),
        ("SMARTLEAD", "4711"),
    ]


def test_a_provider_that_cannot_be_asked_stops_nobody(replyctl: Replyctl, sandboxes: dict[str, str]) -> None:
    fault = [{"match": "/api", "status": 503}]
    httpx2.put(f"{sandboxes['smartlead_url']}/_faults", json=fault, trust_env=False).raise_for_status()
    made = as_json(replyctl(*SMARTLEAD, "--json"))
    assert (made["new"], made["check"]["works"]) == (True, None)


def test_an_account_that_was_connected_without_its_id_gets_it(replyctl: Replyctl, sandboxes: dict[str, str]) -> None:
    (before,) = listed(replyctl)
    assert replyctl("account", "add", "--provider", "instantly", "--external-id", "ws-1").exit_code == 0
    assert [(one["id"], one["external_id"]) for one in listed(replyctl)] == [(before["id"], "ws-1")]


def test_a_second_account_needs_a_credential_of_its_own(replyctl: Replyctl, sandboxes: dict[str, str]) -> None:
    add = ("account", "add", "--provider", "instantly", "--external-id")
    assert replyctl(*add, "ws-1").exit_code == 0
    assert "--credential-ref" in refusal(replyctl(*add, "ws-2"))
    assert replyctl(*add, "ws-2", "--credential-ref", SECOND_KEY).exit_code == 0
    assert [one["external_id"] for one in listed(replyctl)] == ["ws-1", "ws-2"]


def test_a_provider_whose_deliveries_name_no_account_has_one_for_each_workspace(
    replyctl: Replyctl, sandboxes: dict[str, str]
) -> None:
    first = as_json(replyctl(*SMARTLEAD, "--external-id", "1", "--json"))["account"]
    second = (*SMARTLEAD, "--external-id", "2", "--credential-ref", SECOND_KEY)
    assert "do not say which one" in refusal(replyctl(*second))
    assert replyctl("account", "disable", first, "--yes").exit_code == 0
    assert replyctl(*second).exit_code == 0
    assert "do not say which one" in refusal(replyctl("account", "enable", first))


def test_a_provider_that_there_is_not_is_a_usage_error(replyctl: Replyctl) -> None:
    refused = replyctl("account", "add", "--provider", "carrier-pigeon")
    assert (refused.exit_code, "smartlead" in refused.stderr) == (2, True)


# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_command_takes_the_only_account_or_the_one_that_is_named(
    replyctl: Replyctl, engine: Engine, sandboxes: dict[str, str]
) -> None:
    status = ("webhook", "status", "--json")
    (ours,) = listed(replyctl)
    assert as_json(replyctl(*status))["account"] == ours["id"]
    second = as_json(replyctl(*SMARTLEAD, "--external-id", "4711", "--json"))["account"]

    assert "Acme has several accounts" in refusal(replyctl(*status))
    for name in (second, "4711", "smartlead", "smartlead=4711"):
        assert as_json(replyctl(*status, "--account", name))["account"] == second
    assert "has no account 4712" in refusal(replyctl(*status, "--account", "4712"))

    with engine.begin() as connection:
        other = create_client(connection, "Globex", provider=Provider.SMARTLEAD).id
    ((theirs,),) = rows(engine, "SELECT id FROM provider_account WHERE client_id = :client", client=other)
    assert as_json(replyctl(*status, "--account", str(theirs)))["account"] == str(theirs)
    assert "Acme has no account" in refusal(replyctl(*status, "--account", str(theirs), "--client", "Acme"))


def test_a_campaign_is_its_providers(replyctl: Replyctl, sandboxes: dict[str, str]) -> None:
    add = ("campaign", "add", "7", "Founders", "--json")
    assert as_json(replyctl(*add))["provider"] == "INSTANTLY"
    assert replyctl(*SMARTLEAD).exit_code == 0
    assert "--provider" in refusal(replyctl(*add))
    theirs = as_json(replyctl(*add, "--provider", "smartlead"))
    assert theirs["provider"] == "SMARTLEAD"
    assert theirs["id"] in refusal(replyctl("campaign", "set", "7", "--mode", "AUTO_SEND"))
    assert (
        as_json(replyctl("campaign", "set", theirs["id"], "--mode", "AUTO_SEND", "--json"))["provider"] == "SMARTLEAD"
    )


def test_deliveries_are_listed_by_provider(replyctl: Replyctl, engine: Engine, conversation: Conversation) -> None:
    for provider in ("INSTANTLY", "SMARTLEAD"):
        event = add_event(engine, conversation, provider.encode(), EventOutcome.ACCEPTED)
        rows(engine, "UPDATE webhook_event SET provider = :name WHERE id = :id RETURNING id", name=provider, id=event)
    found = as_json(replyctl("events", "list", "--provider", "smartlead", "--json"))
    assert [event["provider"] for event in found] == ["SMARTLEAD"]


# ── A hook that is set by hand ───────────────────────────────────────────────────────────────────────────────────────


def test_a_hook_that_the_provider_does_not_show_is_pasted_and_noted(
    replyctl: Replyctl, conversation: Conversation, sandboxes: dict[str, str]
) -> None:
    assert replyctl(*SMARTLEAD).exit_code == 0
    register, status = (("webhook", verb, "--account", "smartlead", "--json") for verb in ("register", "status"))
    shown = as_json(replyctl(*register))
    ((hook,), created) = shown["by_hand"], shown["created"]
    token = httpx2.URL(hook["url"]).params["token"]
    assert created is False
    assert verify_token(token, conversation.client_id, [SIGNING_KEY], Provider.SMARTLEAD) == 1
    secret = hook["body"]["secret_key"]
    assert verify_secret(secret, conversation.client_id, 1, [SIGNING_KEY], Provider.SMARTLEAD)
    assert as_json(replyctl(*status))["token_by_hand"] == "not noted"
    assert hook in as_json(replyctl("client", "token", "--json"))["hooks"]

    as_json(replyctl(*register, "--pasted"))
    assert as_json(replyctl(*status))["token_by_hand"] == "current"
    rotated = replyctl("client", "token", "--rotate", "--yes")
    assert "The hook of SmartLead is set by hand, and refused until it has the new token" in rotated.stderr
    assert as_json(replyctl(*status))["token_by_hand"].startswith("refused")

    assert "shows its hooks" in refusal(replyctl("webhook", "register", "--account", "instantly", "--pasted"))


# ── Removing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_that_nothing_came_through_is_deleted(replyctl: Replyctl, sandboxes: dict[str, str]) -> None:
    made = as_json(replyctl(*SMARTLEAD, "--json"))["account"]
    assert "Nobody is there to confirm" in refusal(replyctl("account", "remove", made))
    assert as_json(replyctl("account", "remove", made, "--yes", "--json"))["kept_for_history"] is False
    assert [account["provider"] for account in listed(replyctl, "--removed")] == ["INSTANTLY"]


def test_an_account_with_a_history_is_kept_for_that_alone(
    replyctl: Replyctl, engine: Engine, conversation: Conversation, sandboxes: dict[str, str]
) -> None:
    (account,) = listed(replyctl)
    came_through(engine, UUID(account["id"]))
    remove = ("account", "remove", account["id"], "--yes", "--json")
    assert "Not removed: 0 jobs and 1 drafts" in refusal(replyctl(*remove))
    rows(engine, "UPDATE draft SET status = 'REJECTED' RETURNING id")
    assert as_json(replyctl(*remove))["kept_for_history"] is True

    assert listed(replyctl) == []
    (kept,) = listed(replyctl, "--removed")
    assert (kept["id"], kept["removed_at"] is None, kept["disabled_at"] is None) == (account["id"], False, False)
    assert rows(engine, "SELECT count(*) FROM message WHERE provider_account_id = :id", id=account["id"]) == [(1,)]
    assert as_json(replyctl("client", "list", "--json"))[0]["accounts"] == []

    enabled = as_json(replyctl("account", "enable", account["id"], "--json"))
    assert (enabled["removed_at"], enabled["disabled_at"]) == (None, None)
    assert [one["id"] for one in listed(replyctl)] == [account["id"]]


def test_a_job_for_an_account_keeps_it(replyctl: Replyctl, engine: Engine, conversation: Conversation) -> None:
    (account,) = listed(replyctl)
    rows(
        engine,
        "INSERT INTO background_job (id, client_id, lead_id, provider_account_id, type, dedupe_key, run_at)"
        " VALUES (gen_random_uuid(), :client, :lead, :account, 'SYNC_PERSON', 'told', now()) RETURNING id",
        client=conversation.client_id,
        lead=conversation.lead_id,
        account=account["id"],
    )
    assert "Not removed: 1 jobs and 0 drafts" in refusal(replyctl("account", "remove", account["id"], "--yes"))
    assert replyctl("account", "disable", account["id"], "--yes").exit_code == 0
    assert "Not removed" in refusal(replyctl("account", "remove", account["id"], "--yes"))


def came_through(engine: Engine, account_id: UUID) -> None:
    rows(engine, "UPDATE message SET provider_account_id = :id RETURNING id", id=account_id)
