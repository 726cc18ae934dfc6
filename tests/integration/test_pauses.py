"""Pausing and resuming: waiting and running work, and that no send is claimed once a pause has committed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from shared.db.job_leases import defer_job
from shared.db.pauses import count_in_flight, insert_pauses, list_active_pauses, take_sends_lock
from shared.domain.actor import Actor
from shared.domain.vocabulary import ActorKind, ClientId, JobId, JobType, Pausable, PauseReason, WaitingFor
from shared.jobs.outcomes import Defer, Done, Outcome
from shared.pipelines.pauses import LOOK_AGAIN_S, NotPausedError, pause, resume
from shared.pipelines.people.review_drafts import approve_draft
from tests.integration.conversations import Conversation
from tests.integration.reply_scene import Scene
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal

PAT = Actor(ActorKind.PERSON, "pat")
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
      AND (wait_event = 'advisory') = :for_sends_lock
"""


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def deferred(what: Pausable) -> Defer:
    return Defer(LOOK_AGAIN_S, WaitingFor(what.value))


def eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def approved(scene: Scene) -> JobId:
    """Returns the job of a send that a person has approved."""
    scene.model.judges(confidence=0.1)
    scene.process()
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=Actor.person("pat"))
    return JobId(scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'").id)


# --- What waits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", list(Pausable))
@pytest.mark.parametrize("everything", [False, True])
def test_a_paused_automatic_send_waits_as_what_it_was_and_leaves_once_it_is_resumed(
    scene: Scene, what: Pausable, everything: bool
) -> None:
    scope = None if everything else ClientId(scene.client_id)
    assert pause(scene.engine, scope, what, PAT).newly
    job_id = scene.job(scene.message())
    assert scene.run(job_id) == deferred(what)
    assert scene.instantly.replies == []
    if what is Pausable.PROCESSING:
        assert (scene.model.calls, scene.instantly.reads) == ([], [])
    else:
        assert (scene.draft().status, scene.draft().action) == ("PENDING", "SEND_NOW")

    defer_job(scene.engine, scene.claim(job_id), delay_s=900, waiting_for=WaitingFor(what.value))
    assert resume(scene.engine, scope, what, PAT) == 1
    assert scene.one("SELECT run_at <= now() AS due FROM background_job WHERE id = :id", id=job_id).due
    assert scene.run(job_id) == Done("sent")
    assert scene.model.calls == ["sentiment", "draft", "reply_evaluation"], "nothing was paid for twice"


@pytest.mark.parametrize(
    ("what", "leaves"), [(Pausable.AUTOMATIC_SENDS, True), (Pausable.ALL_SENDS, False), (Pausable.PROCESSING, False)]
)
def test_what_a_person_has_approved_leaves_while_only_automatic_sends_are_paused(
    scene: Scene, what: Pausable, leaves: bool
) -> None:
    job_id = approved(scene)
    pause(scene.engine, ClientId(scene.client_id), what, PAT)
    assert scene.run(job_id) == (Done("sent") if leaves else deferred(what))
    assert (scene.draft().status, len(scene.instantly.replies)) == (("SENT", 1) if leaves else ("APPROVED", 0))


def test_while_processing_is_paused_no_job_calls_anybody(scene: Scene) -> None:
    message_id = scene.message()
    jobs = [scene.job(message_id, JobType.LEAD_SCORING), scene.job(message_id, JobType.SYNC_PERSON)]
    pause(scene.engine, None, Pausable.PROCESSING, PAT)
    assert [scene.run(job_id) for job_id in jobs] == [deferred(Pausable.PROCESSING)] * 2
    assert (scene.model.calls, scene.instantly.blocked) == ([], set())


def test_a_pause_of_another_client_stops_nothing(scene: Scene, engine: Engine) -> None:
    other = Scene(engine)
    pause(engine, ClientId(other.client_id), Pausable.PROCESSING, PAT)
    assert scene.process() == Done("sent")


def test_what_only_a_newer_release_can_pause_stops_everything_of_the_client(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        connection.execute(text("ALTER TABLE pause DROP CONSTRAINT ck_pause_what"))
        connection.execute(
            text(
                "INSERT INTO pause (id, client_id, what, reason, paused_by_kind, paused_by)"
                " VALUES (gen_random_uuid(), :client, 'SUMMARIES', 'OPERATOR', 'PERSON', 'pat')"
            ),
            {"client": scene.client_id},
        )
    assert scene.process() == deferred(Pausable.PROCESSING)


def test_pausing_twice_is_one_pause_and_resuming_what_is_not_paused_says_so(scene: Scene) -> None:
    client_id = ClientId(scene.client_id)
    assert [pause(scene.engine, client_id, Pausable.ALL_SENDS, PAT).newly for _ in range(2)] == [True, False]
    with scene.engine.connect() as connection:
        assert [(one.what, one.paused_by) for one in list_active_pauses(connection)] == [("ALL_SENDS", "pat")]
    resume(scene.engine, client_id, Pausable.ALL_SENDS, PAT)
    with pytest.raises(NotPausedError) as nothing:
        resume(scene.engine, client_id, Pausable.ALL_SENDS, PAT)
    assert not nothing.value.unreconciled
    pause(scene.engine, client_id, Pausable.ALL_SENDS, PAT)  # and again, with the old one kept for the record
    assert scene.one("SELECT count(*), count(lifted_at) FROM pause") == (2, 1)


def test_the_pause_of_a_restore_is_lifted_only_by_its_own_word(scene: Scene) -> None:
    client_id = ClientId(scene.client_id)
    with scene.engine.begin() as connection:
        insert_pauses(connection, [client_id], Pausable.AUTOMATIC_SENDS, PauseReason.RESTORE, PAT)
    pause(scene.engine, client_id, Pausable.AUTOMATIC_SENDS, PAT)
    resume(scene.engine, client_id, Pausable.AUTOMATIC_SENDS, PAT)
    with pytest.raises(NotPausedError) as kept:
        resume(scene.engine, client_id, Pausable.AUTOMATIC_SENDS, PAT)
    assert kept.value.unreconciled
    assert scene.process() == deferred(Pausable.AUTOMATIC_SENDS)
    resume(scene.engine, client_id, Pausable.AUTOMATIC_SENDS, PAT, unreconciled=True)
    with scene.engine.connect() as connection:
        assert list_active_pauses(connection) == []


# --- Races -----------------------------------------------------------------------------------------------------------


def test_a_pause_waits_for_a_send_that_is_being_claimed_and_then_for_its_mail(
    scene: Scene, pool: ThreadPoolExecutor
) -> None:
    """The claim has read that nothing is paused and not committed yet; the pause must not commit before it."""
    asked, answer = threading.Event(), threading.Event()

    def hold_the_call() -> None:
        asked.set()
        assert answer.wait(20)

    scene.instantly.before_reply = hold_the_call
    job_id = approved(scene)
    with scene.engine.connect() as holder:
        transaction = holder.begin()
        # The claim's last statement waits here, behind the gate's.
        holder.execute(text("SELECT 1 FROM draft WHERE id = :id FOR UPDATE"), {"id": scene.draft().id})
        sending: Future[Outcome] = pool.submit(scene.run, job_id)
        eventually(lambda: scene.one(WAITING, for_sends_lock=False).count == 1)
        heard: list[int] = []
        pausing = pool.submit(lambda: pause(scene.engine, None, Pausable.ALL_SENDS, PAT, wait_s=20, tell=heard.append))
        eventually(lambda: scene.one(WAITING, for_sends_lock=True).count == 1)
        assert scene.one("SELECT count(*) FROM pause").count == 0
        transaction.rollback()
    eventually(asked.is_set)
    eventually(lambda: heard)
    assert heard[0] == 1, "it was claimed before: the pause waits for it"
    assert not pausing.done()
    answer.set()
    assert sending.result() == Done("sent")
    assert pausing.result().in_flight == 0
    assert len(scene.instantly.replies) == 1


def test_a_send_that_comes_while_a_pause_commits_is_not_claimed(scene: Scene, pool: ThreadPoolExecutor) -> None:
    job_id = approved(scene)
    with scene.engine.connect() as pausing:
        transaction = pausing.begin()
        take_sends_lock(pausing)
        insert_pauses(pausing, [None], Pausable.ALL_SENDS, PauseReason.OPERATOR, PAT)
        sending: Future[Outcome] = pool.submit(scene.run, job_id)
        eventually(lambda: scene.one(WAITING, for_sends_lock=True).count == 1)
        transaction.commit()
    assert sending.result() == deferred(Pausable.ALL_SENDS)
    assert (scene.draft().status, scene.instantly.replies) == ("APPROVED", [])
    assert scene.one("SELECT count(*) FROM outbound_send").count == 0


def test_waiting_is_bounded_and_a_dead_worker_is_not_waited_for(scene: Scene) -> None:
    def look() -> None:
        left = pause(scene.engine, None, Pausable.AUTOMATIC_SENDS, PAT, wait_s=0.3)
        assert left.in_flight == 1
        with scene.engine.connect() as connection:
            assert count_in_flight(connection, ClientId(scene.client_id), Pausable.ALL_SENDS) == 1
            assert count_in_flight(connection, None, Pausable.PROCESSING) == 1

    scene.instantly.before_reply = look
    job_id = scene.job(scene.message())
    assert scene.run(job_id) == Done("sent")
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE outbound_send SET status = 'INTENDED'"))
    scene.expire_lease(job_id)
    assert pause(scene.engine, None, Pausable.AUTOMATIC_SENDS, PAT, wait_s=20).in_flight == 0


# --- The commands ----------------------------------------------------------------------------------------------------


def test_the_commands_pause_list_and_resume(replyctl: Replyctl, conversation: Conversation) -> None:
    answer = as_json(replyctl("pause", "automatic-sends", "--reason", "odd answers", "--by", "pat", "--json"))
    assert answer == {
        "what": "AUTOMATIC_SENDS",
        "client_id": str(conversation.client_id),
        "newly": True,
        "in_flight": 0,
    }
    assert "every workspace are paused" in replyctl("pause", "all-sends", "--everything").stdout
    listed = as_json(replyctl("pause", "list", "--json"))
    assert [(one["what"], one["client_id"], one["note"], one["paused_by"]) for one in listed[:1]] == [
        ("AUTOMATIC_SENDS", str(conversation.client_id), "odd answers", "pat")
    ]
    checks = json.loads(replyctl("doctor", "--json").stdout)["checks"]
    assert [check["state"] for check in checks if check["name"] == "pause"] == ["warning"] * 2
    assert "other pauses still hold" in replyctl("resume", "automatic-sends").stdout
    assert "Say either" in refusal(replyctl("resume", "all-sends", "--everything", "--client", "Acme"))
    assert as_json(replyctl("resume", "all-sends", "--everything", "--json"))["still_paused"] == []
    assert "not paused" in refusal(replyctl("resume", "all-sends", "--everything"))


def test_approving_says_that_the_answer_waits_while_sends_are_paused(
    replyctl: Replyctl, conversation: Conversation
) -> None:
    replyctl("pause", "all-sends")
    assert "sends are paused" in replyctl("drafts", "approve", str(conversation.draft_id)).stdout
