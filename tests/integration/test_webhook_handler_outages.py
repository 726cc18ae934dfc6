"""Postgres and SQS away, silent or cut off: the webhook's responses, and the return of parked events."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

from infra.topology import TOPOLOGY
from local.fault_proxy import ProxyMode
from local.s3 import s3_client
from shared.db.clients import rotate_webhook_token
from shared.domain.reply_identity import delivery_key_of_id
from shared.domain.vocabulary import Provider
from shared.jobs.publish import Publisher
from shared.pipelines.intake import receive_event
from shared.pipelines.intake.delivery import ReceiptStatus
from shared.pipelines.intake.replay_event import replay_event
from shared.providers.instantly.provider import InstantlyProvider
from shared.providers.protocol import Route, WebhookRequest
from tests.instantly_events import body_of, hash_address, lead_event, reply_received
from tests.integration.outages import Connections, parked, run_replay
from tests.integration.webhook import WebhookUnderTest

PATIENCE_S = 8.0  # far above what any of these answers takes on a busy machine, far below the function's time-out


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    started = time.monotonic()
    result = call()
    return result, time.monotonic() - started


# --- Postgres away -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [ProxyMode.REFUSE, ProxyMode.STALL])
@pytest.mark.parametrize("connected", [True, False])
def test_event_is_parked_while_postgres_is_away_and_replayed_as_of_its_arrival(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType, mode: ProxyMode, connected: bool
) -> None:
    if connected:
        assert webhook.post(b"warm-up").status == "quarantined"
    connections.set(connections.postgres, mode)
    event = reply_received()
    before = datetime.now(UTC)
    answer, elapsed_s = timed(lambda: webhook.post(event))
    after = datetime.now(UTC)
    assert (answer.status_code, answer.body) == (202, {"success": True, "status": "parked"})
    assert elapsed_s < PATIENCE_S

    connections.set(connections.postgres, ProxyMode.PASS)
    records = parked(webhook)
    assert len(records) == 1
    assert run_replay(replay, records) == []
    message = webhook.row("SELECT * FROM message")
    assert before <= message.received_at <= after
    assert message.clean_text == "Sounds good, Tuesday?"
    assert webhook.row("SELECT received_at FROM webhook_event WHERE message_id IS NOT NULL") == (message.received_at,)
    assert len(webhook.received("post-process.fifo")) == 1
    # The sender comes again, and so does the message of a replay that died before its answer.
    assert webhook.post(event).message_id == message.id
    assert run_replay(replay, records) == []
    assert webhook.count("message") == 1


def test_a_provider_that_knows_no_other_success_gets_its_own_status_for_a_parked_event(
    webhook: WebhookUnderTest, connections: Connections
) -> None:
    webhook.new_environment()
    module = webhook.environments[0]

    class OnlyKnows200(InstantlyProvider):
        routes = (Route("/webhooks/instantly", parked_status=200),)

    module.handler.webhook = replace(module.handler.webhook, provider=OnlyKnows200())
    connections.set(connections.postgres, ProxyMode.REFUSE)
    answer = webhook.post(reply_received())
    assert (answer.status_code, answer.status) == (200, "parked")


def test_statement_that_takes_too_long_parks_the_event(webhook: WebhookUnderTest, connections: Connections) -> None:
    with webhook.engine.connect() as blocker:
        blocker.execute(text("LOCK TABLE client IN ACCESS EXCLUSIVE MODE"))
        answer, elapsed_s = timed(lambda: webhook.post(reply_received()))
        blocker.rollback()
    assert answer.status == "parked"
    assert elapsed_s < PATIENCE_S
    assert webhook.post(reply_received()).status == "accepted"


@pytest.mark.parametrize("connected", [True, False])
def test_database_that_answers_everything_just_in_time_parks_the_event_in_time(
    webhook: WebhookUnderTest, connections: Connections, connected: bool
) -> None:
    if connected:
        assert webhook.post(b"warm-up").status == "quarantined"
    connections.postgres.delay_s = 0.6  # each way: the budget is used up two round trips before the COMMIT
    event = reply_received(reply_text="Please unsubscribe me from this list.")
    answer, elapsed_s = timed(lambda: webhook.post(event))
    assert answer.status == "parked"
    assert elapsed_s < 4.0 + 3.0
    connections.postgres.delay_s = 0.0
    assert webhook.post(event).status == "accepted"


def test_lead_whose_lock_is_held_too_long_parks_only_its_own_events(
    webhook: WebhookUnderTest, connections: Connections
) -> None:
    event = reply_received()
    webhook.post(event)
    with webhook.engine.connect() as blocker:
        blocker.execute(text("SELECT 1 FROM lead FOR UPDATE"))
        assert webhook.post({**event, "email_id": "another"}).status == "parked"
        assert webhook.post(reply_received()).status == "accepted"
        blocker.rollback()


def test_event_that_always_loses_against_other_transactions_is_parked(webhook: WebhookUnderTest) -> None:
    """A deadlock says nothing about the event: it is no reason to leave a reply to a person."""
    webhook.execute(
        "CREATE FUNCTION give_way() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'give way' USING ERRCODE = '40P01'; END $$"
    )
    webhook.execute("CREATE TRIGGER give_way BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION give_way()")
    event = reply_received()
    assert webhook.post(event).status == "parked"
    assert webhook.count("webhook_event") == 0
    webhook.execute("DROP TRIGGER give_way ON message")
    assert webhook.post(event).status == "accepted"


def test_connection_that_died_unnoticed_costs_nothing(webhook: WebhookUnderTest, connections: Connections) -> None:
    assert webhook.post(reply_received()).status == "accepted"
    for _ in range(3):
        connections.cut(connections.postgres)
        assert webhook.post(reply_received()).status == "accepted"


NOISE = random.Random(1).randbytes(2_500_000).hex()  # noqa: S311 (it only has to be hard to compress)
PICTURE = f'<div>Yes, send me the price list please.</div><img src="data:image/png;base64,{NOISE}">'


def objects(webhook: WebhookUnderTest, bucket: str) -> list[str]:
    """Returns the bodies of this test's client that wait in S3."""
    found = s3_client(os.environ["AWS_ENDPOINT_URL_S3"]).list_objects_v2(Bucket=bucket, Prefix=f"{webhook.client_id}/")
    return [item["Key"] for item in found.get("Contents", [])]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(reply_received(reply_text=None, reply_text_snippet=None, reply_html=PICTURE), id="html only"),
        pytest.param(reply_received(reply_html=PICTURE), id="html beside text"),
        pytest.param(reply_received(reply_text=NOISE, reply_html=None), id="text"),
        pytest.param(reply_received(their_column=NOISE), id="a customer's variable"),
    ],
)
def test_what_no_message_can_carry_waits_in_s3_and_comes_back_whole(
    webhook: WebhookUnderTest,
    connections: Connections,
    replay: ModuleType,
    parked_bodies_bucket: str,
    event: dict[str, Any],
) -> None:
    records = park(webhook, connections, event)
    assert len(records[0]["body"]) < 1_000
    assert len(objects(webhook, parked_bodies_bucket)) == 1
    assert run_replay(replay, records) == []
    kept = webhook.row("SELECT outcome, raw_body FROM webhook_event")
    assert kept.outcome == "ACCEPTED"
    assert bytes(kept.raw_body) == body_of(event)
    assert objects(webhook, parked_bodies_bucket) == []
    # The message of a replay that died before its answer comes again: its object is gone, its event is not.
    assert run_replay(replay, records) == []
    assert webhook.row("SELECT outcome, detail FROM webhook_event") == ("ACCEPTED", None)


@pytest.mark.parametrize("mode", [ProxyMode.REFUSE, ProxyMode.STALL])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"reply_text": None, "reply_text_snippet": None, "reply_html": PICTURE},
            "Yes, send me the price list please.",
        ),
        ({"reply_html": PICTURE}, "Sounds good, Tuesday?"),
        ({"reply_text": f"Please call me. {NOISE}", "reply_html": None}, "Please call me. "),
    ],
    ids=["html only", "html beside text", "text"],
)
def test_with_s3_away_as_well_a_large_event_is_parked_shortened(
    webhook: WebhookUnderTest,
    connections: Connections,
    replay: ModuleType,
    mode: ProxyMode,
    changes: dict[str, Any],
    words: str,
) -> None:
    event = reply_received(**changes)
    connections.set(connections.s3, mode)
    connections.set(connections.postgres, ProxyMode.REFUSE)
    answer, elapsed_s = timed(lambda: webhook.post(event))
    assert answer.status == "parked"
    assert elapsed_s < PATIENCE_S
    connections.set(connections.postgres, ProxyMode.PASS)
    assert run_replay(replay, parked(webhook)) == []
    assert webhook.row("SELECT clean_text FROM message").clean_text.startswith(words)
    assert webhook.post(event).status == "duplicate"


def test_body_that_is_no_event_is_parked_as_far_as_it_goes_with_s3_away(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType
) -> None:
    raw_body = NOISE.encode()
    connections.set(connections.s3, ProxyMode.REFUSE)
    records = park(webhook, connections, raw_body)
    assert run_replay(replay, records) == []
    assert webhook.row("SELECT detail FROM webhook_event").detail == "not_json"
    connections.set(connections.s3, ProxyMode.PASS)
    assert webhook.post(raw_body).status == "quarantined"
    assert bytes(webhook.row("SELECT raw_body FROM webhook_event").raw_body) == raw_body  # the redelivery's are whole


def test_a_large_event_that_its_provider_numbers_comes_back_from_s3_too(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType, parked_bodies_bucket: str
) -> None:
    class Numbered(InstantlyProvider):
        def delivery_id(self, request: WebhookRequest) -> str | None:
            return request.headers["x-delivery"]

    webhook.new_environment()
    module = webhook.environments[0]
    module.handler.webhook = replace(module.handler.webhook, provider=Numbered())
    connections.set(connections.postgres, ProxyMode.REFUSE)
    event = reply_received(reply_text=NOISE, reply_html=None)
    assert webhook.post(event, headers={"x-delivery": "d-1"}).status == "parked"
    connections.set(connections.postgres, ProxyMode.PASS)

    assert run_replay(replay, parked(webhook)) == []

    kept = webhook.row("SELECT delivery_key, outcome FROM webhook_event")
    assert kept == (delivery_key_of_id(webhook.client_id, Provider.INSTANTLY, "d-1"), "ACCEPTED")
    assert objects(webhook, parked_bodies_bucket) == []


def test_large_event_waits_while_its_body_cannot_be_read(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType
) -> None:
    records = park(webhook, connections, reply_received(reply_text=NOISE, reply_html=None))
    connections.set(connections.s3, ProxyMode.REFUSE)
    assert run_replay(replay, records) == [records[0]["messageId"]]
    assert webhook.count("webhook_event") == 0
    connections.set(connections.s3, ProxyMode.PASS)
    assert run_replay(replay, records) == []
    assert webhook.count("message") == 1


def test_parked_event_whose_body_is_lost_is_kept_for_a_person(
    webhook: WebhookUnderTest,
    connections: Connections,
    replay: ModuleType,
    parked_bodies_bucket: str,
    publisher: Publisher,
    log_output: Callable[[], str],
) -> None:
    event = reply_received(reply_text=NOISE, reply_html=None)
    records = park(webhook, connections, event)
    (key,) = objects(webhook, parked_bodies_bucket)
    s3_client(os.environ["AWS_ENDPOINT_URL_S3"]).delete_object(Bucket=parked_bodies_bucket, Key=key)
    log_output()
    assert run_replay(replay, records) == []
    kept = webhook.row("SELECT id, outcome, detail, raw_body FROM webhook_event")
    assert (kept.outcome, kept.detail, bytes(kept.raw_body)) == ("QUARANTINED", "body_missing", b"")
    assert "ParkedEventQuarantined" in log_output()
    replayed = replay_event(webhook.engine, publisher, kept.id, hash_address)
    assert (replayed.status, replayed.reason) == (ReceiptStatus.QUARANTINED, "body_missing")
    # Should the sender come again, nothing is lost after all.
    assert webhook.post(event).status == "accepted"
    assert bytes(webhook.row("SELECT raw_body FROM webhook_event").raw_body) == body_of(event)


def test_events_of_one_lead_wait_in_one_group_and_repeats_once(
    webhook: WebhookUnderTest, connections: Connections
) -> None:
    connections.set(connections.postgres, ProxyMode.REFUSE)
    event = reply_received()
    for body in (event, event, {**event, "email_id": "another"}, reply_received(), b"no event"):
        assert webhook.post(body).status == "parked"
    records = parked(webhook)
    groups = [record["attributes"]["MessageGroupId"] for record in records]
    assert len(records) == 4
    assert len(set(groups)) == 3
    assert all(len(group) == 64 for group in groups)


# --- SQS away ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [ProxyMode.REFUSE, ProxyMode.STALL])
def test_reply_is_accepted_while_sqs_is_away_and_published_by_its_redelivery(
    webhook: WebhookUnderTest, connections: Connections, mode: ProxyMode
) -> None:
    connections.set(connections.sqs, mode)
    event = reply_received()
    answer, elapsed_s = timed(lambda: webhook.post(event))
    assert answer.status == "accepted"
    assert elapsed_s < PATIENCE_S
    assert [row.enqueued_at for row in webhook.rows("SELECT enqueued_at FROM background_job")] == [None, None]
    connections.set(connections.sqs, ProxyMode.PASS)
    assert webhook.post(event).message_id == answer.message_id
    assert len(webhook.received("post-process.fifo")) == 1


def test_sqs_that_takes_the_requests_time_leaves_the_other_queue_to_maintenance(
    webhook: WebhookUnderTest, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections.set(connections.sqs, ProxyMode.REFUSE)
    event = reply_received()
    assert webhook.post(event).status == "accepted"
    webhook.execute("UPDATE background_job SET run_at = now()")
    monkeypatch.setattr(webhook.environments[0].handler, "database_budget_s", 2.0)
    connections.set(connections.sqs, ProxyMode.STALL)
    answer, elapsed_s = timed(lambda: webhook.post(event))
    assert answer.status == "duplicate"
    assert elapsed_s < 7.5  # one call and its repetition take 4 s at least; those of the other queue another 4 s
    connections.set(connections.sqs, ProxyMode.PASS)
    assert webhook.post(event).status == "duplicate"
    assert [len(webhook.received(queue)) for queue in ("post-process.fifo", "lead-scoring.fifo")] == [1, 1]


def test_reply_is_accepted_though_no_time_was_left_to_mark_its_job(
    webhook: WebhookUnderTest, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert webhook.post(b"warm-up").status == "quarantined"
    monkeypatch.setattr(webhook.environments[0].handler, "database_budget_s", 2.5)
    connections.sqs.delay_s = 1.4
    event = reply_received()
    assert webhook.post(event).status == "accepted"
    published = "SELECT enqueued_at FROM background_job WHERE type = 'INSTANTLY_INBOUND_POST_PROCESS'"
    assert webhook.row(published).enqueued_at is None
    connections.sqs.delay_s = 0.0
    assert webhook.post(event).status == "duplicate"
    assert webhook.row(published).enqueued_at is not None
    assert len(webhook.received("post-process.fifo")) == 1


def test_with_both_away_the_sender_is_told_when_to_come_again(
    webhook: WebhookUnderTest, connections: Connections
) -> None:
    connections.set(connections.postgres, ProxyMode.REFUSE)
    connections.set(connections.sqs, ProxyMode.REFUSE)
    answer, elapsed_s = timed(lambda: webhook.post(reply_received()))
    assert (answer.status_code, answer.body) == (503, {"success": False, "error": "try again later"})
    assert answer.headers["retry-after"] == "30"
    assert elapsed_s < PATIENCE_S
    # A stranger learns nothing of it.
    assert webhook.post(reply_received(), token="v1." + "0" * 64).status_code == 401
    assert webhook.post(reply_received(), client_id="nonsense").status_code == 400


def test_with_both_silent_the_answer_comes_within_the_functions_time(
    webhook: WebhookUnderTest, connections: Connections
) -> None:
    assert webhook.post(reply_received()).status == "accepted"
    connections.set(connections.postgres, ProxyMode.STALL)
    connections.set(connections.sqs, ProxyMode.STALL)
    answer, elapsed_s = timed(lambda: webhook.post(reply_received()))
    assert answer.status_code == 503
    assert elapsed_s < 12.0


def test_with_all_silent_the_answer_to_a_large_event_comes_within_the_functions_time(
    webhook: WebhookUnderTest, connections: Connections
) -> None:
    for proxy in (connections.postgres, connections.sqs, connections.s3):
        connections.set(proxy, ProxyMode.STALL)
    answer, elapsed_s = timed(lambda: webhook.post(reply_received(reply_text=NOISE, reply_html=None)))
    assert answer.status_code == 503
    assert elapsed_s < TOPOLOGY.function("webhook-instantly").timeout_s


# --- Replay ------------------------------------------------------------------------------------------------------


def park(webhook: WebhookUnderTest, connections: Connections, *events: Any) -> list[dict[str, Any]]:
    connections.set(connections.postgres, ProxyMode.REFUSE)
    for event in events:
        assert webhook.post(event).status == "parked"
    connections.set(connections.postgres, ProxyMode.PASS)
    records = parked(webhook)
    assert len(records) == len(events)
    return records


def test_replay_backs_off_while_the_outage_lasts_and_gives_nothing_up(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType
) -> None:
    records = park(webhook, connections, reply_received(), lead_event("lead_unsubscribed"))
    connections.set(connections.postgres, ProxyMode.REFUSE)
    for receives in (1, 10, 5_000):
        for record in records:
            record["attributes"]["ApproximateReceiveCount"] = str(receives)
        assert run_replay(replay, records) == [record["messageId"] for record in records]
    connections.set(connections.postgres, ProxyMode.PASS)
    assert run_replay(replay, records) == []
    assert webhook.count("message") == 1
    assert webhook.row("SELECT count(*) AS n FROM lead WHERE suppressed_at IS NOT NULL").n == 1


def test_pause_between_replays_grows_up_to_a_quarter_of_an_hour(
    webhook: WebhookUnderTest,
    connections: Connections,
    monkeypatch: pytest.MonkeyPatch,
    replay: ModuleType,
) -> None:
    records = park(webhook, connections, reply_received())
    connections.set(connections.postgres, ProxyMode.REFUSE)
    hidden_for = []
    sqs = replay._replay.intake.sqs
    sqs.meta.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: hidden_for.append(params["VisibilityTimeout"]),
    )
    for receives in (1, 4, 30, 3_000):
        records[0]["attributes"]["ApproximateReceiveCount"] = str(receives)
        run_replay(replay, records)
    first, fourth, thirtieth, last = hidden_for
    assert 8 <= first <= 12
    assert 64 <= fourth <= 96
    assert thirtieth == last == 900


def rotate_token(webhook: WebhookUnderTest) -> None:
    with webhook.engine.begin() as connection:
        rotate_webhook_token(connection, webhook.client_id)


@pytest.mark.parametrize("change", ["token rotated", "client disabled"])
def test_a_parked_event_is_judged_as_of_its_arrival(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType, change: str
) -> None:
    opt_out = lead_event("lead_unsubscribed")
    records = park(webhook, connections, opt_out, reply_received())
    if change == "token rotated":
        rotate_token(webhook)
    else:
        webhook.execute("UPDATE client SET disabled_at = now() WHERE id = :client_id")
    assert run_replay(replay, records) == []
    assert {row.outcome for row in webhook.rows("SELECT outcome FROM webhook_event")} == {"ACCEPTED"}
    assert webhook.row("SELECT email FROM lead WHERE suppressed_at IS NOT NULL").email == opt_out["lead_email"]
    assert webhook.count("message") == 1
    assert webhook.post(opt_out).status_code == 401  # whoever comes now is judged as of now
    assert webhook.row("SELECT deliveries FROM webhook_event WHERE event_type = 'lead_unsubscribed'").deliveries == 1


REVOKED = "UPDATE client SET webhook_token_version = 2, webhook_token_rotated_at = now() - interval '1 hour'"
REVOKED_TWICE = "UPDATE client SET webhook_token_version = 3, webhook_token_rotated_at = now()"
REVOKED_AT_AN_UNKNOWN_TIME = "UPDATE client SET webhook_token_version = 2"
DISABLED = "UPDATE client SET disabled_at = now() - interval '1 hour'"
GONE = "WITH settings AS (DELETE FROM client_settings), accounts AS (DELETE FROM provider_account) DELETE FROM client"


@pytest.mark.parametrize(
    ("change", "reason", "remedy"),
    [
        (REVOKED, "token_superseded", None),
        (REVOKED_TWICE, "token_superseded", None),
        (REVOKED_AT_AN_UNKNOWN_TIME, "token_superseded", None),
        (DISABLED, "workspace_disabled", "UPDATE client SET disabled_at = NULL"),
        (
            GONE,
            "unknown_workspace",
            "WITH again AS (INSERT INTO client (id, name) VALUES (:client_id, 'Acme again') RETURNING id)"
            " INSERT INTO provider_account (id, client_id, provider) SELECT id, id, 'INSTANTLY' FROM again",
        ),
    ],
    ids=["revoked before", "revoked twice", "revoked at an unknown time", "disabled before", "gone"],
)
def test_a_parked_event_that_cannot_be_shown_to_have_been_valid_is_kept(
    webhook: WebhookUnderTest,
    connections: Connections,
    replay: ModuleType,
    publisher: Publisher,
    log_output: Callable[[], str],
    change: str,
    reason: str,
    remedy: str | None,
) -> None:
    event = lead_event("lead_unsubscribed")
    records = park(webhook, connections, event)
    webhook.execute(change)
    log_output()
    assert run_replay(replay, records) == []
    kept = webhook.row("SELECT id, client_id, outcome, detail, raw_body, received_at FROM webhook_event")
    assert (kept.client_id, kept.outcome, kept.detail) == (webhook.client_id, "QUARANTINED", reason)
    assert json.loads(bytes(kept.raw_body)) == event
    assert webhook.count("lead") == 0
    assert "ParkedEventQuarantined" in log_output()
    # The message of a replay that died before its answer comes again.
    assert run_replay(replay, records) == []
    assert webhook.count("webhook_event") == 1

    if remedy is not None:
        assert replay_event(webhook.engine, publisher, kept.id, hash_address).reason == reason
        webhook.execute(remedy)
    assert replay_event(webhook.engine, publisher, kept.id, hash_address).status is ReceiptStatus.ACCEPTED
    lead = webhook.row("SELECT email, suppressed_at FROM lead")
    assert lead.email == event["lead_email"]
    assert lead.suppressed_at is not None


def test_a_parked_copy_of_what_was_taken_already_changes_nothing_whatever_its_token_is_by_then(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType
) -> None:
    event = reply_received()
    records = park(webhook, connections, event)
    assert webhook.post(event).status == "accepted"
    webhook.execute(REVOKED)
    assert run_replay(replay, records) == []
    assert webhook.row("SELECT outcome, detail, deliveries FROM webhook_event") == ("ACCEPTED", None, 2)


def test_a_parked_event_that_our_code_fails_on_is_kept_with_the_reason_that_holds_it(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replay asks for no token: what a revoked token brought must not be admitted as a mere error of ours."""
    records = park(webhook, connections, reply_received())
    webhook.execute(REVOKED)

    def fail(_delivery: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(receive_event, "read_delivery", fail)
    assert run_replay(replay, records) == []
    assert webhook.row("SELECT outcome, detail FROM webhook_event") == ("QUARANTINED", "token_superseded")


def test_what_cannot_be_judged_ends_in_quarantine(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType
) -> None:
    records = park(webhook, connections, b"{broken", lead_event("email_bounced", lead_email=None))
    webhook.execute("ALTER TABLE message ADD CONSTRAINT surprise CHECK (subject <> 'Re: quick question')")
    records += park(webhook, connections, reply_received())
    assert run_replay(replay, records) == []
    details = {row.detail for row in webhook.rows("SELECT detail FROM webhook_event WHERE outcome = 'QUARANTINED'")}
    assert details == {"not_json", "no_lead_address", "internal_error"}


def test_message_that_this_code_cannot_read_stays_in_the_queue(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType
) -> None:
    records = park(webhook, connections, reply_received())
    foreign = {**records[0], "body": '{"format": 2}'}
    assert run_replay(replay, [foreign]) == [foreign["messageId"]]


def test_live_event_passes_a_parked_one_and_the_order_still_comes_out_right(
    webhook: WebhookUnderTest, connections: Connections, replay: ModuleType
) -> None:
    older = reply_received(reply_text="The first", timestamp=None)
    records = park(webhook, connections, older)
    newer = webhook.post({**older, "email_id": "another", "reply_text": "The second"})
    assert newer.status == "accepted"
    rolled_up = webhook.row("SELECT last_inbound_at FROM lead").last_inbound_at
    assert run_replay(replay, records) == []
    words = [row.clean_text for row in webhook.rows("SELECT clean_text FROM message ORDER BY effective_at, id")]
    assert words == ["The first", "The second"]
    assert webhook.row("SELECT last_inbound_at FROM lead").last_inbound_at == rolled_up
