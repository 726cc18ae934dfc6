"""replyctl after-restore against the sandbox over HTTP: the events that a restored database lacks are recovered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import Engine, text

from local.instantly_sandbox import make_app
from local.serving import serving
from shared.domain.vocabulary import ClientId
from tests.integration.conversations import NOON, Conversation, add_lead, add_message
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal

MAILBOX = "sam@send.test"
RESTORED_TO = NOON + timedelta(hours=1)
SINCE = RESTORED_TO + timedelta(hours=1)


@dataclass
class World:
    engine: Engine
    conversation: Conversation
    replyctl: Replyctl
    url: str

    def put(self, path: str, value: Any) -> None:
        httpx2.put(self.url + path, json=value, timeout=5).raise_for_status()

    def after_restore(self, *arguments: str) -> Any:
        return self.replyctl(
            "after-restore", *arguments, "--yes", INSTANTLY_BASE_URL=self.url, TIME_SCALE="0.001", COLUMNS="240"
        )

    def rows(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)).all())

    def open_draft(self, email: str, body: str, status: str = "NEEDS_REVIEW") -> UUID:
        """Another lead of the workspace, with a reply and a draft that answers it."""
        with self.engine.begin() as connection:
            lead_id = add_lead(connection, self.conversation.client_id, email)
            message_id = add_message(connection, self.conversation.client_id, lead_id, at=NOON, tag="Interested")
            return UUID(
                str(
                    connection.execute(
                        text(
                            "INSERT INTO draft (id, client_id, lead_id, trigger_message_id, body, status)"
                            " VALUES (gen_random_uuid(), :client, :lead, :message, :body, :status) RETURNING id"
                        ),
                        {
                            "client": self.conversation.client_id,
                            "lead": lead_id,
                            "message": message_id,
                            "body": body,
                            "status": status,
                        },
                    ).scalar_one()
                )
            )

    def draft(self, draft_id: UUID) -> Any:
        return self.rows(f"SELECT status, rule FROM draft WHERE id = '{draft_id}'")[0]

    def mail(self, lead: str, words: str, *, ue_type: int = 3, **changes: Any) -> dict[str, Any]:
        return {
            "id": f"mail-{lead.partition('@')[0]}-{ue_type}",
            "timestamp_created": SINCE.isoformat(),
            "lead": lead,
            "from_address_email": MAILBOX if ue_type == 3 else lead,
            "eaccount": MAILBOX,
            "ue_type": ue_type,
            "subject": "Re: quick question",
            "body": {"text": words},
            "thread_id": f"thread-{lead}",
            **changes,
        }

    def logged(self, number: int, **payload: Any) -> dict[str, Any]:
        """Returns a delivery that was taken, and that the restored database lacks."""
        return {
            "id": f"d{number}",
            "timestamp_created": SINCE.isoformat(),
            "payload": {"timestamp": SINCE.isoformat(), **payload},
            "success": True,
            "status_code": 200,
            "webhook_url": f"https://hooks.example.com/webhooks/instantly?clientId={self.conversation.client_id}",
        }


@pytest.fixture
def world(engine: Engine, conversation: Conversation, replyctl: Replyctl) -> Iterator[World]:
    with engine.begin() as connection:
        connection.execute(text("UPDATE client SET created_at = '2026-11-01'"))
    with serving(make_app()) as url:
        yield World(engine, conversation, replyctl, url)


def test_what_has_happened_since_is_learnt_again_and_the_pause_is_lifted(world: World) -> None:
    answered = world.open_draft("answered@acme.test", "Hi, Tuesday at ten?")
    otherwise = world.open_draft("otherwise@acme.test", "Hi, which part matters?", status="APPROVED")
    waiting = world.open_draft("waiting@acme.test", "Hi, here you are.")
    gone = world.open_draft("gone@acme.test", "Hi, what would help?")
    unheard = world.open_draft("unheard@acme.test", "Hi, and when?")
    world.put(
        "/_emails",
        [
            world.mail("answered@acme.test", "Hi, Tuesday at ten?\n\n> you wrote"),
            world.mail("otherwise@acme.test", "Sam here, I have called you."),
            world.mail("stranger@acme.test", "To somebody who is no lead of ours."),
            world.mail("waiting@acme.test", "A step of a sequence.", ue_type=1),
            world.mail("new@acme.test", "Tell me more, please.", ue_type=2, campaign_id="c1"),
        ],
    )
    world.put("/_webhook_events", [world.logged(1, event_type="lead_unsubscribed", lead_email="unheard@acme.test")])
    world.put("/_leads", [{"email": "gone@acme.test", "status": -2, "campaign": "c1"}])

    (report,) = as_json(world.after_restore("--restored-to", RESTORED_TO.isoformat(), "--json"))
    assert (report["found"]["events"], report["found"]["responses"]) == (2, 2)
    assert (report["found"]["settled_drafts"], report["found"]["suppressed"], report["found"]["done"]) == (2, 1, True)
    assert tuple(world.draft(answered)) == ("SENT", None)
    assert tuple(world.draft(otherwise)) == ("SUPERSEDED", "answered_at_provider")
    assert world.draft(waiting).status == "NEEDS_REVIEW"
    assert world.draft(gone).status == "SUPERSEDED"
    assert world.draft(unheard).status == "SUPERSEDED"
    assert world.draft(world.conversation.draft_id).status == "NEEDS_REVIEW"
    assert world.rows("SELECT count(*) FROM message WHERE provider_message_id = 'mail-new-2'") == [(1,)]
    assert world.rows("SELECT count(*) FROM outbound_send WHERE status = 'SENT'") == [(1,)]
    assert world.rows("SELECT lifted_by_kind, lifted_by FROM pause") == [("SYSTEM", "after-restore")]
    assert world.rows("SELECT count(*) FROM restore_mark WHERE reconciled_at IS NULL") == [(0,)]
    assert as_json(world.after_restore("--json")) == [], "and once more changes nothing"


def test_the_mark_alone_pauses_and_asks_instantly_nothing(world: World) -> None:
    marked = as_json(world.after_restore("--restored-to", RESTORED_TO.isoformat(), "--mark-only", "--json"))
    assert [one["is_paused"] for one in marked["paused"]] == [True]
    assert httpx2.get(f"{world.url}/_requests", timeout=5).json() == []
    assert world.rows("SELECT what, reason FROM pause WHERE lifted_at IS NULL") == [("AUTOMATIC_SENDS", "RESTORE")]
    again = world.after_restore("--restored-to", RESTORED_TO.isoformat(), "--mark-only")
    assert "marked before" in again.stdout
    assert len(world.rows("SELECT 1 FROM pause")) == 1


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [("/emails", 403, "refuses"), ("/webhook-events", 500, "does not respond"), ("/leads/list", 403, "leads:read")],
)
def test_what_cannot_be_reconciled_stays_paused_and_is_named_with_its_remedy(
    world: World, path: str, status: int, problem: str
) -> None:
    world.put("/_faults", [{"match": path, "status": status}])
    stopped = world.after_restore("--restored-to", RESTORED_TO.isoformat())
    assert stopped.exit_code == 1
    assert "PAUSED" in stopped.stdout
    assert problem in " ".join(stopped.stdout.split())
    assert "again" in stopped.stdout
    assert world.rows("SELECT reason FROM pause WHERE lifted_at IS NULL") == [("RESTORE",)]
    world.put("/_faults", [])
    assert world.after_restore().exit_code == 0
    assert world.rows("SELECT reason FROM pause WHERE lifted_at IS NULL") == []


def test_a_disabled_workspace_stays_paused_until_it_is_enabled(world: World) -> None:
    world.replyctl("client", "disable", str(world.conversation.client_id), "--yes")
    stopped = world.after_restore("--restored-to", RESTORED_TO.isoformat(), "--json")
    assert stopped.exit_code == 1
    assert "client enable" in stopped.stdout
    world.replyctl("client", "enable", str(world.conversation.client_id))
    assert world.after_restore().exit_code == 0


def test_one_workspace_that_fails_does_not_keep_the_others(world: World) -> None:
    as_json(world.replyctl("client", "add", "Globex", "--json"))
    world.put("/_faults", [{"match": "/leads/list", "status": 500, "count": 1}])
    report = world.after_restore("--restored-to", RESTORED_TO.isoformat(), "--json")
    assert report.exit_code == 1
    # Globex has no leads that could be asked about.
    assert len(world.rows("SELECT 1 FROM pause WHERE lifted_at IS NULL")) == 1
    assert len(world.rows("SELECT 1 FROM restore_mark WHERE reconciled_at IS NOT NULL")) == 1


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-20T13:00:00", "2999-01-01T00:00:00Z"])
def test_a_moment_that_is_none_is_refused(world: World, moment: str) -> None:
    assert moment in refusal(world.after_restore("--restored-to", moment))
    assert world.rows("SELECT 1 FROM pause") == []


def test_lifting_the_pause_by_hand_is_seen_by_doctor(world: World) -> None:
    world.after_restore("--restored-to", RESTORED_TO.isoformat(), "--mark-only")
    client = str(ClientId(world.conversation.client_id))
    assert "since a restore" in refusal(world.replyctl("resume", "automatic-sends", "--client", client))
    lifted = world.replyctl("resume", "automatic-sends", "--client", client, "--unreconciled", "--yes")
    assert lifted.exit_code == 0
    assert "not reconciled" in world.replyctl("doctor").stdout


def test_a_reading_goes_on_where_an_earlier_run_stopped(world: World) -> None:
    world.after_restore("--restored-to", RESTORED_TO.isoformat(), "--mark-only")
    until = datetime.now(UTC) - timedelta(hours=2)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE restore_mark SET deliveries_until = :at, sent_until = :at"), {"at": until})
    assert world.after_restore().exit_code == 0
    asked = httpx2.get(f"{world.url}/_requests", timeout=5).json()
    (log,) = [one["query"] for one in asked if one["path"] == "/api/v2/webhook-events"]
    sent = [one["query"] for one in asked if one["query"].get("email_type") == "manual"]
    assert log["from"] == until.date().isoformat()
    assert sent[0]["min_timestamp_created"][:19] == until.isoformat()[:19]
