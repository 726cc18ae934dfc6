"""A send that the provider has queued: it leaves later, or never, and is not sent again either way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import cast

import pytest
from sqlalchemy import Engine, text

from shared.db.job_leases import ClaimedJob, LeaseLost, hold_lead
from shared.db.outbound_sends import claim_send, record_queued, settle_as_failed
from shared.db.recorded_sends import SentAs, settle_as_sent
from shared.domain.actor import Actor
from shared.domain.events import Delivered, DeliveryFailed, Event, Header, ReplyHandle
from shared.domain.vocabulary import Channel, ClientId, DraftId, JobType, Provider, SettledBy, Source
from shared.jobs.outcomes import Done
from shared.pipelines.intake import reading
from shared.pipelines.intake.delivery import Delivery, Receipt
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.people.review_drafts import Refusal, ReviewRefusedError, approve_draft
from shared.providers.account_values import Outgoing, Queued
from shared.providers.instantly.account import InstantlyAccount
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.provider import InstantlyProvider
from tests.instantly_events import hash_address
from tests.integration.reply_scene import MAILBOX, Scene

QUEUED_ID = "queued-1"
STEP = {"result": "queued"}


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@pytest.fixture
def job(scene: Scene) -> ClaimedJob:
    """A send job whose draft was approved and is on the wire."""
    scene.settings(auto_send_enabled=False)
    message_id = scene.message()
    scene.process(message_id)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET status = 'APPROVED'"))
    job = scene.claim(scene.job(message_id, JobType.SEND_REPLY, scene.draft().id))
    assert claim(scene, job)
    return job


def claim(scene: Scene, job: ClaimedJob) -> bool:
    draft_id = DraftId(scene.draft().id)
    with scene.engine.begin() as connection:
        hold_lead(connection, job, for_send=True)
        return claim_send(
            connection,
            job,
            draft_id,
            automated=False,
            thread_id="thread",
            from_email=None,
            mailbox=MAILBOX,
            account_id=scene.account_id,
        )


def queue(scene: Scene, job: ClaimedJob) -> bool:
    draft_id = DraftId(scene.draft().id)
    return record_queued(scene.engine, job, draft_id, provider_message_id=QUEUED_ID, thread_id=None, step=STEP)


def settle(scene: Scene, job: ClaimedJob) -> bool:
    sent = SentAs(QUEUED_ID, "thread", MAILBOX)
    with scene.engine.begin() as connection:
        return settle_as_sent(connection, job.client_id, job.lead_id, DraftId(scene.draft().id), sent, SettledBy.EVENT)


def fail(scene: Scene) -> bool:
    with scene.engine.begin() as connection:
        return settle_as_failed(
            connection, DraftId(scene.draft().id), error_code="30003", error="the handset is unreachable"
        )


def states(scene: Scene) -> tuple[str, str]:
    return scene.one("SELECT status FROM outbound_send").status, scene.draft().status


def test_what_the_provider_has_taken_is_queued_with_its_checkpoint(scene: Scene, job: ClaimedJob) -> None:
    assert queue(scene, job)

    send = scene.one("SELECT * FROM outbound_send")
    assert (send.status, send.provider_message_id, send.thread_id) == ("QUEUED", QUEUED_ID, "thread")
    assert scene.draft().status == "SENDING"
    assert scene.steps(job.id) == {"send": STEP}
    assert not claim(scene, job), "nothing that may leave is claimed again"


def test_a_worker_that_was_too_slow_queues_nothing(scene: Scene, job: ClaimedJob) -> None:
    scene.expire_lease(job.id)
    with pytest.raises(LeaseLost):
        queue(scene, job)
    assert states(scene) == ("INTENDED", "SENDING")


def test_a_queued_send_that_was_delivered_is_recorded_as_sent_once(scene: Scene, job: ClaimedJob) -> None:
    queue(scene, job)

    assert settle(scene, job)

    assert states(scene) == ("SENT", "SENT")
    sent = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert (sent.provider_message_id, sent.draft_id, sent.body_text) == (
        QUEUED_ID,
        scene.draft().id,
        scene.draft().body,
    )
    assert scene.lead().last_message_direction == "OUTBOUND"
    assert scene.one("SELECT settled_by_kind, settled_by FROM outbound_send") == ("EVENT", None)
    assert not settle(scene, job), "the report came twice"
    assert not fail(scene), "a later report of a failure changes nothing"
    assert states(scene) == ("SENT", "SENT")


def test_a_queued_send_that_failed_waits_for_a_person_and_is_never_sent_again(scene: Scene, job: ClaimedJob) -> None:
    queue(scene, job)

    assert fail(scene)

    assert states(scene) == ("FAILED", "SEND_FAILED")
    send, draft = scene.one("SELECT * FROM outbound_send"), scene.draft()
    assert (send.error_code, send.error, send.settled_by_kind) == ("30003", "the handset is unreachable", "EVENT")
    assert (draft.rule, draft.finding) == ("send_failed", "the handset is unreachable")
    assert not claim(scene, job)
    with pytest.raises(ReviewRefusedError) as refused:
        approve_draft(scene.engine, scene.dependencies.publisher, draft.id, by=Actor.person("dana"))
    assert refused.value.refusal is Refusal.WRONG_STATUS
    assert not settle(scene, job)


def test_a_send_that_is_not_queued_does_not_fail(scene: Scene, job: ClaimedJob) -> None:
    assert not fail(scene)
    assert states(scene) == ("INTENDED", "SENDING")


def test_the_send_protocol_queues_what_the_provider_only_takes(scene: Scene) -> None:
    class Queueing(InstantlyAccount):
        def send(self, handle: ReplyHandle, outgoing: Outgoing, *, timeout_s: float) -> Queued:  # type: ignore[override]
            super().send(handle, outgoing, timeout_s=timeout_s)
            return Queued(QUEUED_ID, None)

    account = Queueing(cast("InstantlyClient", scene.instantly))
    scene.dependencies = replace(scene.dependencies, accounts=lambda _: account)
    message_id = scene.message()
    assert scene.process(message_id) == Done("queued")
    assert states(scene) == ("QUEUED", "SENDING")
    assert scene.one("SELECT thread_id, provider_account_id FROM outbound_send") == ("thread-1", scene.account_id)
    scene.run(scene.job(message_id, JobType.SEND_REPLY, scene.draft().id))
    assert len(scene.instantly.replies) == 1, "it is never sent again"


# --- The provider's reports ------------------------------------------------------------------------------------------


class Reporting(InstantlyProvider):
    """A provider that reports later what has become of a message that it took."""

    def read_event(self, body: bytes, _source: Source) -> Event:
        report = json.loads(body)
        header = Header(
            report["type"],
            report["type"],
            Channel.EMAIL,
            external_account=report.get("account"),
            occurred_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
            clock_is_providers=True,
        )
        if report["type"] == "delivered":
            return Delivered(header, report["id"])
        return DeliveryFailed(header, report["id"], "the handset is unreachable", "30003")


@pytest.fixture
def reporting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PROVIDERS", {Provider.INSTANTLY: Reporting()})


def report(scene: Scene, type: str, message_id: str = QUEUED_ID, **more: object) -> Receipt:
    body = json.dumps({"type": type, "id": message_id, **more}).encode()
    delivery = Delivery.of(ClientId(scene.client_id), body, datetime.now(UTC), provider=Provider.INSTANTLY)
    return receive_event(delivery, engine=scene.engine, publisher=scene.publisher, hash_address=hash_address)


def kept(scene: Scene) -> list[tuple[object, ...]]:
    rows = scene.all("SELECT outcome, detail, deliveries, lead_id FROM webhook_event ORDER BY received_at")
    return [tuple(row) for row in rows]


@pytest.mark.usefixtures("reporting")
def test_a_report_of_delivery_records_the_send_once(scene: Scene, job: ClaimedJob) -> None:
    queue(scene, job)

    assert report(scene, "delivered").status == "accepted"

    assert states(scene) == ("SENT", "SENT")
    sent = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert (sent.provider_message_id, sent.draft_id, sent.mailbox, sent.thread_id) == (
        QUEUED_ID,
        scene.draft().id,
        MAILBOX,
        "thread",
    )
    assert sent.effective_at == datetime(2026, 11, 20, 12, tzinfo=UTC), "the provider's clock"
    assert scene.one("SELECT settled_by_kind FROM outbound_send").settled_by_kind == "EVENT"
    assert report(scene, "delivered").status == "duplicate", "the same bytes"
    assert report(scene, "delivered", attempt=2).status == "duplicate", "other bytes"
    assert report(scene, "failed").reason == "send_settled_otherwise"
    assert states(scene) == ("SENT", "SENT")
    assert kept(scene) == [
        ("ACCEPTED", None, 2, scene.lead_id),
        ("DUPLICATE", None, 1, scene.lead_id),
        ("IGNORED", "send_settled_otherwise", 1, None),
    ]


@pytest.mark.usefixtures("reporting")
def test_a_report_of_failure_hands_the_draft_to_a_person(scene: Scene, job: ClaimedJob) -> None:
    queue(scene, job)

    assert report(scene, "failed").status == "accepted"

    assert states(scene) == ("FAILED", "SEND_FAILED")
    send = scene.one("SELECT error_code, error, settled_by_kind FROM outbound_send")
    assert send == ("30003", "the handset is unreachable", "EVENT")
    assert not scene.all("SELECT 1 FROM message WHERE direction = 'OUTBOUND'")
    assert report(scene, "failed").status == "duplicate"
    assert report(scene, "failed", attempt=2).status == "duplicate"
    assert report(scene, "delivered").reason == "send_settled_otherwise"
    assert states(scene) == ("FAILED", "SEND_FAILED")


@pytest.mark.usefixtures("reporting")
def test_a_report_that_overtakes_our_own_record_is_kept_and_settles_when_it_comes_again(
    scene: Scene, job: ClaimedJob
) -> None:
    assert report(scene, "delivered").reason == "unknown_send"
    assert states(scene) == ("INTENDED", "SENDING")
    assert kept(scene) == [("IGNORED", "unknown_send", 1, None)]
    queue(scene, job)

    assert report(scene, "delivered").status == "accepted"

    assert states(scene) == ("SENT", "SENT")
    assert kept(scene) == [("ACCEPTED", None, 2, scene.lead_id)]


@pytest.mark.usefixtures("reporting")
@pytest.mark.parametrize(
    ("sent_through", "named", "status"),
    [("ours", "ours", "accepted"), ("ours", None, "accepted"), (None, "ours", "ignored"), ("ours", "x", "quarantined")],
)
def test_a_report_is_about_the_account_that_it_names(
    scene: Scene, job: ClaimedJob, sent_through: str | None, named: str | None, status: str
) -> None:
    queue(scene, job)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE provider_account SET external_id = 'ours'"))
        if sent_through is None:
            connection.execute(text("UPDATE outbound_send SET provider_account_id = NULL"))

    assert report(scene, "delivered", account=named).status == status
    assert states(scene)[0] == ("SENT" if status == "accepted" else "QUEUED")


@pytest.mark.usefixtures("reporting")
def test_a_report_is_of_its_client_alone(scene: Scene, job: ClaimedJob) -> None:
    queue(scene, job)
    assert report(Scene(scene.engine), "delivered").reason == "unknown_send"
    assert states(scene) == ("QUEUED", "SENDING")


@pytest.mark.usefixtures("reporting")
def test_an_id_that_is_of_a_received_message_is_for_a_person(scene: Scene, job: ClaimedJob) -> None:
    queue(scene, job)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET reply_key = :key"), {"key": scene.reply_key(QUEUED_ID)})
    receipt = report(scene, "delivered")
    assert (receipt.status, receipt.reason) == ("quarantined", "message_id_taken")
    assert states(scene) == ("QUEUED", "SENDING")


@pytest.mark.usefixtures("reporting")
def test_reports_that_race_settle_a_send_one_way(scene: Scene, job: ClaimedJob) -> None:
    queue(scene, job)
    types = ["delivered", "failed"] * 3
    barrier, receipts = Barrier(len(types)), []

    def race(number: int) -> None:
        barrier.wait()
        receipts.append(report(scene, types[number], attempt=number))

    threads = [Thread(target=race, args=(number,)) for number in range(len(types))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(receipt.status for receipt in receipts) == ["accepted", *["duplicate"] * 2, *["ignored"] * 3]
    assert states(scene) in (("SENT", "SENT"), ("FAILED", "SEND_FAILED"))
