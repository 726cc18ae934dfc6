"""Recovery of missed deliveries: against the sandbox of Instantly's API over HTTP, on a real Postgres."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text

from local.instantly_sandbox import make_app
from local.serving import serving
from shared.pipelines.maintain import MaintenanceDependencies
from shared.pipelines.receive_event import Delivery, ReceiptStatus, receive_event
from shared.pipelines.recover_missed import recover_missed
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.pacing import Pacer
from tests.integration.reply_scene import MAILBOX, Scene

PLENTY = 200.0
WORKSPACE = "8c1e9d7a-1111-4000-8000-000000000001"


@pytest.fixture
def sandbox() -> Iterator[str]:
    """The sandbox's root address."""
    with serving(make_app()) as url:
        yield url


class World:
    """A workspace with its sandbox, and the maintenance that looks after it."""

    def __init__(self, engine: Engine, sandbox: str) -> None:
        self.scene = Scene(engine)
        self.sandbox = sandbox
        self.client = client = InstantlyClient(sandbox, "a-key", pacer=Pacer(interval_s=0.0))
        self.dependencies = MaintenanceDependencies(
            engine=engine, publisher=self.scene.publisher, instantly=lambda _: client, retention={}
        )
        self.hook = f"https://hooks.example.com/webhooks/instantly?clientId={self.scene.client_id}"
        self.created = datetime.now(UTC) - timedelta(minutes=10)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE client SET created_at = now() - interval '1 hour', instantly_workspace_id = :workspace"),
                {"workspace": WORKSPACE},
            )

    def put(self, path: str, value: Any) -> None:
        httpx2.put(self.sandbox + path, json=value, timeout=5).raise_for_status()

    def email(self, number: int, **changes: Any) -> dict[str, Any]:
        return {
            "id": f"019aa0f0-3a10-7c11-9d11-{number:012d}",
            "timestamp_created": self.created.isoformat(),
            "timestamp_email": self.created.isoformat(),
            "subject": "Re: quick question",
            "from_address_email": f"lead{number}@acme.test",
            "lead": f"lead{number}@acme.test",
            "eaccount": MAILBOX,
            "ue_type": 2,
            "campaign_id": "c1",
            "body": {"text": f"Tell me more, please. ({number})"},
            "thread_id": "thread-1",
            **changes,
        }

    def recover(self) -> dict[str, int]:
        return recover_missed(self.dependencies, lambda: PLENTY)

    def messages(self) -> list[Any]:
        return self.scene.all("SELECT * FROM message ORDER BY effective_at, id")


@pytest.fixture
def world(engine: Engine, sandbox: str) -> Iterator[World]:
    world = World(engine, sandbox)
    yield world
    world.client.close()


def test_mail_that_no_hook_brought_becomes_replies_with_their_jobs_once(world: World) -> None:
    world.put("/_emails", [world.email(1), world.email(2)])
    assert world.recover() == {"workspaces": 1, "recovered": 2, "failed": 0}
    assert [message.from_email or message.body_text for message in world.messages()]
    jobs = world.scene.all("SELECT type, count(*) FROM background_job GROUP BY type")
    assert dict(tuple(row) for row in jobs) == {"INSTANTLY_INBOUND_POST_PROCESS": 2, "LEAD_SCORING_POST_PROCESS": 2}
    assert world.recover()["recovered"] == 0
    assert len(world.messages()) == 2


def test_a_reply_that_the_hook_brings_later_is_the_same_reply(world: World) -> None:
    world.put("/_emails", [world.email(1)])
    world.recover()
    late = json.dumps(
        {
            "event_type": "reply_received",
            "workspace": WORKSPACE,
            "lead_email": "lead1@acme.test",
            "email_id": world.email(1)["id"],
            "reply_text": "Tell me more, please. (1)\n\nOn Fri, Nov 20, 2026 Sam wrote:\n> Hi",
        }
    ).encode()
    receipt = receive_event(
        Delivery.of(world.scene.client_id, late, datetime.now(UTC)),
        engine=world.scene.engine,
        publisher=world.scene.publisher,
    )
    assert receipt.status is ReceiptStatus.DUPLICATE
    assert len(world.messages()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"ue_type": 1},
        {"lead": None, "campaign_id": None},
    ],
)
def test_mail_that_is_not_a_missed_reply_is_left_alone(world: World, change: dict[str, Any]) -> None:
    world.put("/_emails", [world.email(1, **change)])
    assert world.recover()["recovered"] == 0
    assert world.messages() == []


def test_mail_that_is_most_likely_on_its_way_through_the_hook_is_read_by_a_later_run(world: World) -> None:
    young = datetime.now(UTC)
    world.put("/_emails", [world.email(1), world.email(2, timestamp_created=young.isoformat())])
    assert world.recover()["recovered"] == 1
    later = MaintenanceDependencies(
        **{**vars(world.dependencies), "now": lambda: datetime.now(UTC) + timedelta(minutes=10)}
    )
    assert recover_missed(later, lambda: PLENTY)["recovered"] == 1


def test_failed_deliveries_of_the_log_are_received_and_others_hooks_are_not_ours(world: World) -> None:
    payload = {
        "event_type": "reply_received",
        "workspace": WORKSPACE,
        "lead_email": "lost@acme.test",
        "email_id": "019aa0f0-3a10-7c11-9d11-00000000aaaa",
        "reply_text": "Did you get my mail?",
    }
    failed = {
        "id": "d1",
        "timestamp_created": world.created.isoformat(),
        "payload": payload,
        "success": False,
        "webhook_url": world.hook,
        "status_code": 503,
    }
    other = {
        **failed,
        "id": "d2",
        "webhook_url": "https://elsewhere.example.org/hook",
        "payload": {**payload, "email_id": "x"},
    }
    world.put("/_webhook_events", [failed, other])
    assert world.recover()["recovered"] == 1
    assert [message.provider_message_id for message in world.messages()] == [payload["email_id"]]


def test_a_disabled_hook_is_resumed_and_said_so(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.put(
        "/_webhooks",
        [
            {"id": "h1", "target_hook_url": world.hook, "event_type": "all_events", "status": -1},
            {"id": "h2", "target_hook_url": "https://elsewhere.example.org/hook", "status": -1},
        ],
    )
    world.recover()
    assert {hook.id: hook.is_active for hook in world.client.list_webhooks()} == {"h1": True, "h2": False}
    assert "hook disabled by the provider" in caplog.text


def test_a_workspace_whose_key_is_refused_does_not_stop_the_others(world: World) -> None:
    world.put("/_faults", [{"match": "/webhooks", "status": 401, "count": 1}])
    world.put("/_emails", [world.email(1)])
    with world.scene.engine.begin() as connection:
        connection.execute(text("INSERT INTO client (id, name) VALUES (gen_random_uuid(), 'Other')"))
    done = world.recover()
    assert (done["workspaces"], done["failed"]) == (1, 1)


def test_a_disabled_client_is_not_recovered(world: World) -> None:
    world.put("/_emails", [world.email(1)])
    with world.scene.engine.begin() as connection:
        connection.execute(text("UPDATE client SET disabled_at = now()"))
    assert world.recover() == {"workspaces": 0, "recovered": 0, "failed": 0}
