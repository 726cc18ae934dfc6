"""A send that the provider has queued: it leaves later, or never, and is not sent again either way."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from sqlalchemy import Engine, text

from shared.db.job_leases import ClaimedJob, LeaseLost, hold_lead
from shared.db.outbound_sends import claim_send, record_queued, settle_as_failed
from shared.db.recorded_sends import SentAs, settle_as_sent
from shared.domain.actor import Actor
from shared.domain.events import ReplyHandle
from shared.domain.vocabulary import DraftId, JobType, SettledBy
from shared.jobs.outcomes import Done
from shared.pipelines.people.review_drafts import Refusal, ReviewRefusedError, approve_draft
from shared.providers.instantly.account import InstantlyAccount
from shared.providers.instantly.client import InstantlyClient
from shared.providers.protocol import Outgoing, Queued
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
