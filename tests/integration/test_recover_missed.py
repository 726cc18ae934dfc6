"""Recovery of missed deliveries: against the sandbox of Instantly's API over HTTP, on a real Postgres."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text

from local.instantly_sandbox import make_app
from local.serving import serving
from shared.config import SecretUnavailableError
from shared.db.clients import create_client
from shared.db.recovery import list_recovery_states
from shared.domain.accounts import AccountRef
from shared.domain.vocabulary import Provider
from shared.jobs.outcomes import Done
from shared.observability import Metric
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.intake.delivery import Delivery, ReceiptStatus
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.intake.replay_event import replay_event
from shared.pipelines.upkeep import recover_missed as recover_missed_module
from shared.pipelines.upkeep import recovery_turn
from shared.pipelines.upkeep.recover_missed import recover_missed
from shared.pipelines.upkeep.recovery_turn import RESERVE_S
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.limits import EMAIL_LISTING
from shared.providers.protocol import Account
from tests.instantly_events import hash_address
from tests.integration.reply_scene import LEAD_EMAIL, MAILBOX, Scene, account_of
from tests.rate_budgets import ample

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
        self.client = client = InstantlyClient(sandbox, "a-key", budget=ample([EMAIL_LISTING]))
        self.dependencies = Dependencies(
            engine=engine,
            publisher=self.scene.publisher,
            accounts=lambda _: account_of(client),
            hash_address=hash_address,
            retention={},
        )
        self.hook = f"https://hooks.example.com/webhooks/instantly?clientId={self.scene.client_id}"
        self.created = datetime.now(UTC) - timedelta(minutes=10)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE provider_account SET created_at = now() - interval '1 hour', external_id = :workspace"),
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

    def failed_delivery(self, number: int, age: timedelta = timedelta(minutes=10), **changes: Any) -> dict[str, Any]:
        """Returns an entry of Instantly's log of deliveries; ``changes`` are of its payload."""
        payload = {
            "event_type": "reply_received",
            "workspace": WORKSPACE,
            "lead_email": f"lead{number}@acme.test",
            "email_id": f"e{number}",
            "reply_text": f"Did you get my mail? ({number})",
            **changes,
        }
        return {
            "id": f"d{number}",
            "timestamp_created": (datetime.now(UTC) - age).isoformat(),
            "payload": payload,
            "success": False,
            "webhook_url": self.hook,
            "status_code": 503,
        }

    def deliver(self, event: dict[str, Any]) -> ReceiptStatus:
        """Delivers like the hook."""
        return receive_event(
            Delivery.of(
                self.scene.client_id, json.dumps(event).encode(), datetime.now(UTC), provider=Provider.INSTANTLY
            ),
            engine=self.scene.engine,
            publisher=self.scene.publisher,
            hash_address=hash_address,
        ).status

    def recover(self, remaining_s: Callable[[], float] = lambda: PLENTY) -> dict[str, int]:
        return recover_missed(self.dependencies, remaining_s)

    def time_for(self, deliveries: int) -> Callable[[], float]:
        """Returns the function's time, which is over as soon as this many messages are there."""
        return lambda: PLENTY if len(self.messages()) < deliveries else RESERVE_S - 1

    def emitted(self, monkeypatch: pytest.MonkeyPatch) -> list[Metric]:
        """Returns the metrics from now on."""
        found: list[Metric] = []
        for module in (recover_missed_module, recovery_turn):
            monkeypatch.setattr(module, "emit", lambda metric, *_, **__: found.append(metric))
        return found

    def messages(self) -> list[Any]:
        return self.scene.all("SELECT * FROM message ORDER BY effective_at, id")


def execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


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


@pytest.mark.parametrize("source", ["mail", "log"])
def test_what_a_workspace_misses_while_it_is_disabled_in_the_middle_of_a_run_is_recovered_later(
    world: World, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    if source == "mail":
        world.put("/_emails", [world.email(1), world.email(2)])
    else:
        world.put("/_webhook_events", [world.failed_delivery(1), world.failed_delivery(2)])

    def disable_after_the_first() -> float:
        if len(world.messages()) == 1:
            execute(world.scene.engine, "UPDATE client SET disabled_at = now()")
        return PLENTY

    emitted = world.emitted(monkeypatch)
    assert world.recover(disable_after_the_first) == {"workspaces": 0, "recovered": 1, "failed": 1}
    assert Metric.MAINTENANCE_PARTS_FAILED not in emitted  # a decision of a person's is no bug
    execute(world.scene.engine, "UPDATE client SET disabled_at = NULL")
    assert world.recover()["recovered"] == 1
    assert len(world.messages()) == 2


def test_a_reply_that_the_hook_brings_later_is_the_same_reply(world: World) -> None:
    world.put("/_emails", [world.email(1)])
    world.recover()
    late = {
        "event_type": "reply_received",
        "workspace": WORKSPACE,
        "lead_email": "lead1@acme.test",
        "email_id": world.email(1)["id"],
        "reply_text": "Tell me more, please. (1)\n\nOn Fri, Nov 20, 2026 Sam wrote:\n> Hi",
    }
    assert world.deliver(late) is ReceiptStatus.DUPLICATE
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
    later = Dependencies(**{**vars(world.dependencies), "now": lambda: datetime.now(UTC) + timedelta(minutes=10)})
    assert recover_missed(later, lambda: PLENTY)["recovered"] == 1


def test_failed_deliveries_of_the_log_are_received_and_others_hooks_are_not_ours(world: World) -> None:
    other = {**world.failed_delivery(2), "webhook_url": "https://elsewhere.example.org/hook"}
    retried = {**world.failed_delivery(3), "retry_successful": True}
    world.put("/_webhook_events", [world.failed_delivery(1), other, retried])
    assert world.recover()["recovered"] == 1
    assert [message.provider_message_id for message in world.messages()] == ["e1"]


@pytest.mark.parametrize("spell", [str.lower, str.upper])
def test_a_disabled_hook_is_resumed_and_said_so(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, spell: Callable[[str], str]
) -> None:
    emitted = world.emitted(monkeypatch)
    hook = world.hook.replace(str(world.scene.client_id), spell(str(world.scene.client_id)))
    world.put(
        "/_webhooks",
        [
            {"id": "h1", "target_hook_url": hook, "event_type": "all_events", "status": -1},
            {"id": "h2", "target_hook_url": "https://elsewhere.example.org/hook", "status": -1},
        ],
    )
    world.recover()
    assert {hook.id: hook.is_active for hook in world.client.list_webhooks()} == {"h1": True, "h2": False}
    assert emitted == [Metric.HOOK_DISABLED, Metric.MAINTENANCE_COMPLETED]
    assert "hook disabled by the provider" in caplog.text
    world.recover()
    assert emitted.count(Metric.HOOK_DISABLED) == 1, "it is active again"


def test_a_workspace_whose_key_is_refused_does_not_stop_the_others(world: World) -> None:
    world.put("/_faults", [{"match": "/webhooks", "status": 401, "count": 1}])
    world.put("/_emails", [world.email(1)])
    with world.scene.engine.begin() as connection:
        create_client(connection, "Other")
    done = world.recover()
    assert (done["workspaces"], done["failed"]) == (1, 1)


def test_a_disabled_client_is_not_recovered(world: World) -> None:
    world.put("/_emails", [world.email(1)])
    with world.scene.engine.begin() as connection:
        connection.execute(text("UPDATE client SET disabled_at = now()"))
    assert world.recover() == {"workspaces": 0, "recovered": 0, "failed": 0}


# --- Whose clock -----------------------------------------------------------------------------------------------------


def test_the_senders_clock_does_not_date_a_recovered_mail(world: World) -> None:
    years_ago = datetime.now(UTC) - timedelta(days=700)
    world.put("/_emails", [world.email(1, timestamp_email=years_ago.isoformat())])
    world.recover()
    (message,) = world.messages()
    assert abs(message.effective_at - world.created) < timedelta(seconds=1)


def test_the_sender_that_instantly_names_counts_before_anything_is_judged(world: World) -> None:
    report = "I have looked into it: the message could not be delivered. 550 5.1.1 User unknown. Shall I try again?"
    world.put(
        "/_emails",
        [
            world.email(1, from_address_email="MAILER-DAEMON@mx.acme.test", body={"text": report}),
            world.email(2, from_address_email="Kim@acme.test"),
        ],
    )
    world.recover()
    assert [message.from_email for message in world.messages()] == ["mailer-daemon@mx.acme.test", "kim@acme.test"]
    leads = world.scene.all("SELECT suppression_reason FROM lead WHERE email LIKE 'lead%' ORDER BY email")
    assert [lead.suppression_reason for lead in leads] == ["BOUNCED", None]


def test_a_recovered_email_is_kept_as_instantly_shows_it_and_can_be_handled_again(world: World) -> None:
    scene = world.scene
    email = world.email(1, from_address_email="kim@acme.test")
    world.put("/_emails", [email])
    with scene.engine.begin() as connection:  # as a migration that is ahead of the code
        connection.execute(text("ALTER TABLE message ADD CONSTRAINT surprise CHECK (direction <> 'INBOUND')"))
    world.recover()
    event = scene.one("SELECT id, source, outcome, event_type FROM webhook_event")
    assert (event.source, event.outcome) == ("API", "QUARANTINED")
    with scene.engine.begin() as connection:
        connection.execute(text("ALTER TABLE message DROP CONSTRAINT surprise"))
    assert replay_event(scene.engine, scene.publisher, event.id, hash_address).status is ReceiptStatus.ACCEPTED
    [message] = world.messages()
    assert (message.from_email, message.sender_address) == ("kim@acme.test", "kim@acme.test")
    assert message.our_address == MAILBOX
    assert (message.provider_message_id, message.thread_id) == (email["id"], email.get("thread_id"))
    assert abs(message.effective_at - world.created) < timedelta(seconds=1)
    assert message.reply_handle == {"email_id": email["id"], "mailbox": MAILBOX, "lead_email": email["lead"]}


def test_a_sender_in_the_payload_is_the_customers_data(world: World) -> None:
    delivery = world.failed_delivery(1, from_email="mailer-daemon@x.test", from_address_email="mailer-daemon@x.test")
    world.put("/_webhook_events", [delivery])
    world.recover()
    assert [message.from_email for message in world.messages()] == [None]


def test_a_sender_is_added_to_a_reply_that_the_hook_brought_without_an_id(world: World) -> None:
    email = world.email(1)
    assert (
        world.deliver(
            {
                "event_type": "reply_received",
                "lead_email": email["lead"],
                "campaign_id": "c1",
                "reply_subject": email["subject"],
                "reply_text": email["body"]["text"],
                "timestamp": email["timestamp_created"],
            }
        )
        is ReceiptStatus.ACCEPTED
    )
    world.put("/_emails", [email])
    world.recover()
    assert [message.from_email for message in world.messages()] == ["lead1@acme.test"]


def test_mail_of_weeks_ago_keeps_its_time(world: World) -> None:
    """Its time is Instantly's own, however long nobody could read it; it must not look like a fresh reply."""
    world.created = datetime.now(UTC) - timedelta(weeks=7)
    with world.scene.engine.begin() as connection:
        connection.execute(text("UPDATE provider_account SET created_at = now() - interval '8 weeks'"))
    world.put("/_emails", [world.email(1)])
    world.recover()
    [message] = world.messages()
    assert message.effective_at == world.created
    assert datetime.now(UTC) - message.received_at < timedelta(minutes=5)


def test_mail_that_is_recovered_behind_an_answered_reply_is_for_a_person(world: World) -> None:
    scene = world.scene
    world.created = datetime.now(UTC) - timedelta(hours=30)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE provider_account SET created_at = now() - interval '3 days'"))
    assert scene.run(scene.job_of(scene.receive())) == Done("sent")
    missed = world.email(1, lead=LEAD_EMAIL, from_address_email=LEAD_EMAIL)
    world.put("/_emails", [missed])
    world.recover()
    message_id = scene.one("SELECT id FROM message WHERE provider_message_id = :id", id=missed["id"]).id
    assert scene.run(scene.job_of(message_id)) == Done("Interested: NEEDS_REVIEW (arrived_late)")


def test_a_reply_that_the_hook_brought_without_an_id_is_the_same_whatever_the_senders_clock(world: World) -> None:
    email = world.email(1, timestamp_email=(world.created - timedelta(days=2)).isoformat())
    delivered = {
        "event_type": "reply_received",
        "workspace": WORKSPACE,
        "campaign_id": email["campaign_id"],
        "timestamp": world.created.isoformat(),
        "lead_email": email["lead"],
        "reply_subject": email["subject"],
        "reply_text": email["body"]["text"],
    }
    assert world.deliver(delivered) is ReceiptStatus.ACCEPTED
    world.put("/_emails", [email])
    assert world.recover()["recovered"] == 0
    assert len(world.messages()) == 1


def test_a_failed_delivery_that_names_no_time_is_as_old_as_its_attempt(world: World) -> None:
    newer = {
        **world.failed_delivery(2, lead_email="lead1@acme.test")["payload"],
        "timestamp": (datetime.now(UTC) - timedelta(minutes=5)).isoformat(),
    }
    world.deliver(newer)
    ahead = {**world.failed_delivery(3), "timestamp_created": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    world.put("/_webhook_events", [world.failed_delivery(1, age=timedelta(hours=3)), ahead])
    world.recover()
    messages = world.messages()
    assert [message.provider_message_id for message in messages] == ["e1", "e2", "e3"]
    assert messages[-1].received_at <= datetime.now(UTC), "never later than now"


# --- As far as time allows -------------------------------------------------------------------------------------------


def test_a_run_stops_when_its_time_is_almost_over_and_the_next_goes_on_with_the_rest(world: World) -> None:
    world.put("/_webhook_events", [world.failed_delivery(number) for number in range(30)])
    assert world.recover(lambda: 2 * RESERVE_S - 1) == {"workspaces": 0, "recovered": 0, "failed": 0}
    assert world.recover(world.time_for(4))["recovered"] == 4
    assert world.recover(world.time_for(5))["recovered"] == 1
    assert world.recover() == {"workspaces": 1, "recovered": 25, "failed": 0}


def test_mail_comes_before_failed_deliveries(world: World) -> None:
    world.put("/_emails", [world.email(number) for number in range(3)])
    world.put("/_webhook_events", [world.failed_delivery(number) for number in range(10, 40)])
    world.recover(world.time_for(5))
    ids = {message.provider_message_id for message in world.messages()}
    assert len(ids) == 5
    assert {world.email(number)["id"] for number in range(3)} <= ids


def test_failed_deliveries_are_received_the_oldest_first_and_a_cut_run_leaves_its_mark(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recover_missed_module, "BATCH", 2)
    monkeypatch.setattr(recover_missed_module, "HELD_DELIVERIES", 4)
    log = [world.failed_delivery(number, age=timedelta(hours=20 - number)) for number in range(10)]
    world.put("/_webhook_events", log)
    world.recover(world.time_for(7))
    assert [message.provider_message_id for message in world.messages()] == [f"e{number}" for number in range(7)]
    (state,) = list_recovery_states(world.scene.engine)
    assert state.deliveries_until == datetime.fromisoformat(log[5]["timestamp_created"]), "of the last whole batch"
    assert world.recover()["recovered"] == 3


def test_what_is_settled_is_not_received_again(world: World) -> None:
    world.put("/_webhook_events", [world.failed_delivery(number) for number in range(3)])
    for _ in range(2):
        world.recover()
    assert [row.deliveries for row in world.scene.all("SELECT deliveries FROM webhook_event")] == [1, 1, 1]


def test_a_listing_of_mail_that_breaks_off_is_resumed_at_its_mark(world: World) -> None:
    """The sandbox refuses the second page: what the first one gave, its last batch included, is received."""
    emails = [
        world.email(number, timestamp_created=(world.created + timedelta(seconds=number)).isoformat())
        for number in range(130)
    ]
    world.put("/_emails", emails)
    first = {"match": "/emails", "count": 1, "delay_s": 0}
    world.put("/_faults", [first, {"match": "/emails", "count": 1, "status": 500}])
    assert world.recover() == {"workspaces": 0, "recovered": 100, "failed": 1}
    (state,) = list_recovery_states(world.scene.engine)
    assert state.messages_until == datetime.fromisoformat(emails[99]["timestamp_created"])
    assert world.recover() == {"workspaces": 1, "recovered": 30, "failed": 0}


def test_the_workspace_whose_attempt_is_longest_ago_comes_first_even_when_a_run_was_killed(world: World) -> None:
    class Killed(BaseException):
        pass

    class Killing:
        def list_webhooks(self) -> list[Any]:
            raise Killed

    with world.scene.engine.begin() as connection:
        create_client(connection, "Other")
    before = [state.client_id for state in list_recovery_states(world.scene.engine)]
    killing: Any = Killing()
    with pytest.raises(Killed):
        recover_missed(replace(world.dependencies, accounts=lambda _: account_of(killing)), lambda: PLENTY)
    assert [state.client_id for state in list_recovery_states(world.scene.engine)] == before[::-1]


# --- Each part by itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refused", "recovered"), [("/api/v2/webhooks", {"mail", "d"}), ("/webhook-events", {"mail"}), ("/emails", {"d"})]
)
def test_a_part_that_is_refused_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, refused: str, recovered: set[str]
) -> None:
    emitted = world.emitted(monkeypatch)
    world.put("/_faults", [{"match": refused, "status": 403}])
    world.put("/_emails", [world.email(1, id="mail")])
    world.put("/_webhook_events", [world.failed_delivery(2, email_id="d")])
    world.put("/_webhooks", [{"id": "h1", "target_hook_url": world.hook, "status": -1}])
    done = world.recover()
    assert (done["workspaces"], done["failed"]) == (0, 1)
    health = "SELECT broken_reason, broken_since IS NOT NULL AS is_broken FROM provider_account"
    assert world.scene.one(health) == ("CREDENTIALS_REFUSED", True)
    assert {message.provider_message_id for message in world.messages()} == recovered
    assert emitted.count(Metric.PROVIDER_CREDENTIALS_REFUSED) == 1
    assert emitted.count(Metric.HOOK_DISABLED) == (0 if refused.endswith("webhooks") else 1)


def test_a_missing_key_raises_the_alarm_and_stops_only_its_workspace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted = world.emitted(monkeypatch)
    world.put("/_emails", [world.email(1)])
    with world.scene.engine.begin() as connection:
        create_client(connection, "Other")

    def account(ref: AccountRef) -> Account:
        if ref.client_id != world.scene.client_id:
            raise SecretUnavailableError("ssm:/keys/other", KeyError())
        return account_of(world.client)

    done = recover_missed(replace(world.dependencies, accounts=account), lambda: PLENTY)
    assert done == {"workspaces": 1, "recovered": 1, "failed": 1}
    assert Metric.PROVIDER_CREDENTIALS_REFUSED in emitted


def test_an_opt_out_that_fell_into_a_disabled_hook_is_read_back(world: World) -> None:
    """Instantly holds no delivery and no mail of it: only the lead's status, and the block list."""
    emails = ["gone@acme.test", "bounced@acme.test", "blocked@other.test", "here@acme.test"]
    for number, email in enumerate(emails):
        world.deliver({**world.failed_delivery(number)["payload"], "lead_email": email, "reply_text": f"Yes {number}"})
    world.put(
        "/_leads",
        [
            {"email": emails[0], "status": -2, "campaign": "c1"},
            {"email": emails[1], "status": -1, "campaign": "c1"},
            {"email": emails[3], "status": 1, "campaign": "c1"},
            {"email": "stranger@acme.test", "status": -2},
        ],
    )
    world.put("/_block_list", [{"bl_value": "other.test"}])
    assert world.recover()["recovered"] == 0, "there was no gap"
    world.put("/_webhooks", [{"id": "h1", "target_hook_url": world.hook, "status": -1}])
    assert world.recover() == {"workspaces": 1, "recovered": 3, "failed": 0}
    rows = world.scene.all("SELECT email, suppression_reason FROM lead WHERE suppressed_at IS NOT NULL")
    assert dict(tuple(row) for row in rows) == {
        emails[0]: "UNSUBSCRIBED",
        emails[1]: "BOUNCED",
        emails[2]: "UNSUBSCRIBED",
    }
    assert world.recover()["recovered"] == 0


def test_a_hook_is_not_resumed_before_the_gap_is_noted(world: World) -> None:
    world.put("/_webhooks", [{"id": "h1", "target_hook_url": world.hook, "status": -1}])
    world.put("/_faults", [{"match": "/resume", "status": 500}])
    assert world.recover()["failed"] == 1
    assert world.scene.one("SELECT consent_read_at IS NOT NULL AS read FROM provider_account").read, (
        "read back all the same"
    )


def test_consent_that_cannot_be_read_stops_neither_replies_nor_the_next_run(world: World) -> None:
    world.put("/_emails", [world.email(1)])
    world.put("/_webhooks", [{"id": "h1", "target_hook_url": world.hook, "status": -1}])
    world.put("/_leads", [{"email": "lead1@acme.test", "status": -2}])
    world.put("/_faults", [{"match": "/leads/list", "status": 403}])
    assert world.recover() == {"workspaces": 0, "recovered": 1, "failed": 1}
    world.put("/_faults", [])
    assert world.recover()["recovered"] == 1


# --- What its alarm hears --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refused", [None, 403])
def test_a_run_that_got_through_says_so_also_when_a_workspace_was_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, refused: int | None
) -> None:
    emitted = world.emitted(monkeypatch)
    if refused is not None:
        world.put("/_faults", [{"match": "/emails", "status": refused}])
    world.recover()
    assert emitted.count(Metric.MAINTENANCE_COMPLETED) == 1
    assert Metric.MAINTENANCE_PARTS_FAILED not in emitted


def test_a_run_that_our_own_code_failed_in_says_nothing_and_is_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted = world.emitted(monkeypatch)

    def broken(_: object) -> Account:
        raise KeyError("a bug")

    done = recover_missed(replace(world.dependencies, accounts=broken), lambda: PLENTY)
    assert done["failed"] == 1
    assert Metric.MAINTENANCE_COMPLETED not in emitted
    assert Metric.MAINTENANCE_PARTS_FAILED in emitted


def test_a_run_that_was_cut_short_says_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    emitted = world.emitted(monkeypatch)
    world.recover(lambda: RESERVE_S)
    assert Metric.MAINTENANCE_COMPLETED not in emitted
