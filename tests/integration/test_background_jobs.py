"""Claim, lease, fencing, completion and the client's share, on a real Postgres with real concurrency."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.db.job_changes import wake_deferred_jobs
from shared.db.job_leases import (
    ClaimedJob,
    LeaseLost,
    Unclaimed,
    claim_job,
    defer_job,
    finish_job,
    hold_lead,
    release_job,
)
from shared.db.job_steps import save_steps
from shared.db.jobs import Job
from shared.db.outbox import (
    MAX_IN_FLIGHT_PER_CLIENT,
    MAX_SCORING_IN_FLIGHT,
    assert_job,
    mark_enqueued,
    next_publishable,
)
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, JobId, JobStatus, JobType, LeadId, WaitingFor
from tests.integration.conversations import Conversation, start_conversation
from tests.timing import PATIENCE_S


@pytest.fixture
def conversation(engine: Engine) -> Conversation:
    return start_conversation(engine)


def insert_publishable(
    engine: Engine,
    conversation: Conversation,
    *,
    delay_s: float = 0,
    subject: UUID | None = None,
    type: JobType = JobType.POST_PROCESS,
) -> Job:
    with engine.begin() as connection:
        asserted = assert_job(
            connection,
            type,
            ClientId(conversation.client_id),
            LeadId(conversation.lead_id),
            subject_id=subject or uuid7(),
            delay_s=delay_s,
        )
    assert asserted is not None
    return asserted.job


def insert_job(engine: Engine, conversation: Conversation, **given: Any) -> JobId:
    return insert_publishable(engine, conversation, **given).id


def claim(engine: Engine, job_id: JobId, *, owner: str = "a", lease_s: float = 60, message: str = "m1") -> ClaimedJob:
    job = claim_job(engine, job_id, owner=owner, lease_s=lease_s, sqs_message_id=message)
    assert isinstance(job, ClaimedJob), job
    return job


def column(engine: Engine, job_id: JobId, name: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT {name} FROM background_job WHERE id = :id"), {"id": job_id}).scalar()


def test_only_one_of_many_workers_claims_a_job(engine: Engine, conversation: Conversation) -> None:
    job_id = insert_job(engine, conversation)
    with ThreadPoolExecutor(8) as pool:
        claims = list(
            pool.map(lambda n: claim_job(engine, job_id, owner=f"w{n}", lease_s=60, sqs_message_id="m1"), range(16))
        )
    assert sum(isinstance(one, ClaimedJob) for one in claims) == 1
    refused = [one for one in claims if isinstance(one, Unclaimed)]
    assert all(one.status == JobStatus.RUNNING and 0 < (one.lease_seconds or 0) < 70 for one in refused)


def test_a_lease_that_has_run_out_can_be_taken_over_and_fences_the_first_owner(
    engine: Engine, conversation: Conversation
) -> None:
    job_id = insert_job(engine, conversation)
    slow = claim(engine, job_id, owner="slow", lease_s=0)
    fast = claim(engine, job_id, owner="fast")
    assert fast.attempts == 2
    with engine.begin() as connection, pytest.raises(LeaseLost):
        hold_lead(connection, slow)
    with pytest.raises(LeaseLost):
        save_steps(engine, slow, {"understand": {"tag": "Interested"}})
    with pytest.raises(LeaseLost):
        finish_job(engine, slow, JobStatus.SUCCEEDED)
    with pytest.raises(LeaseLost):
        release_job(engine, slow, delay_s=1, last_error="late")
    finish_job(engine, fast, JobStatus.SUCCEEDED, result="done")
    assert column(engine, job_id, "status") == "SUCCEEDED"


def test_an_expired_lease_is_over_even_before_anyone_takes_it(engine: Engine, conversation: Conversation) -> None:
    job = claim(engine, insert_job(engine, conversation), lease_s=0)
    with engine.begin() as connection, pytest.raises(LeaseLost):
        hold_lead(connection, job)


def test_a_succeeded_job_is_never_claimed_again(engine: Engine, conversation: Conversation) -> None:
    job_id = insert_job(engine, conversation)
    finish_job(engine, claim(engine, job_id), JobStatus.SUCCEEDED)
    again = claim_job(engine, job_id, owner="b", lease_s=60, sqs_message_id="m2")
    assert again == Unclaimed(status=JobStatus.SUCCEEDED, same_failed_message=False, lease_seconds=None)


def test_a_failed_job_runs_for_a_redriven_message_but_not_for_the_one_it_failed_with(
    engine: Engine, conversation: Conversation
) -> None:
    job_id = insert_job(engine, conversation)
    job = claim(engine, job_id, message="first")
    save_steps(engine, job, {"understand": {"tag": "Interested"}})
    finish_job(engine, job, JobStatus.FAILED, last_error="no", failed_sqs_message_id="first")

    same = claim_job(engine, job_id, owner="b", lease_s=60, sqs_message_id="first")
    assert isinstance(same, Unclaimed)
    assert same.same_failed_message

    redriven = claim(engine, job_id, owner="c", message="second")
    assert redriven.steps == {"understand": {"tag": "Interested"}}
    assert column(engine, job_id, "failed_sqs_message_id") is None


def test_a_worker_that_waited_for_the_one_before_it_sees_its_checkpoints(
    engine: Engine, conversation: Conversation
) -> None:
    """The lease runs out while its worker's last transaction is open; the next worker's claim waits for that row."""
    job_id = insert_job(engine, conversation)
    first = claim(engine, job_id, lease_s=0.2)
    with ThreadPoolExecutor(1) as pool, engine.connect() as writing:
        transaction = writing.begin()
        writing.execute(text("SELECT 1 FROM background_job WHERE id = :id FOR NO KEY UPDATE"), {"id": job_id})
        writing.execute(
            text("INSERT INTO job_step (job_id, name, client_id, result) VALUES (:id, 'understand', :client, '{}')"),
            {"id": job_id, "client": first.client_id},
        )
        time.sleep(0.3)
        waiting = pool.submit(lambda: claim(engine, job_id, owner="b", message="m2"))
        wait_for_lock(engine)
        transaction.commit()
        assert waiting.result(PATIENCE_S).steps == {"understand": {}}


def wait_for_lock(engine: Engine) -> None:
    statement = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        with engine.connect() as connection:
            if connection.execute(statement).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def test_an_unknown_job_is_said_to_be_unknown(engine: Engine) -> None:
    unknown = claim_job(engine, JobId(uuid7()), owner="a", lease_s=60, sqs_message_id="m")
    assert unknown == Unclaimed(status=None)


def test_a_released_job_comes_back_with_its_message_or_through_the_outbox(
    engine: Engine, conversation: Conversation
) -> None:
    by_message, by_outbox = insert_job(engine, conversation), insert_job(engine, conversation)
    release_job(engine, claim(engine, by_message), delay_s=60, last_error="busy")
    defer_job(engine, claim(engine, by_outbox), delay_s=0, waiting_for=WaitingFor.SENDING_WINDOW)
    assert column(engine, by_message, "enqueued_at IS NOT NULL AND generation = 0 AND status = 'PENDING'") is True
    assert column(engine, by_outbox, "enqueued_at IS NULL AND generation = 1 AND status = 'PENDING'") is True
    with engine.connect() as connection:
        due = next_publishable(connection, ClientId(conversation.client_id))
    assert [job.id for job in due] == [by_outbox]


def test_a_deferred_job_is_brought_forward_for_what_it_waits_for_alone(
    engine: Engine, conversation: Conversation
) -> None:
    client_id = ClientId(conversation.client_id)
    disabled, outside_window = insert_job(engine, conversation), insert_job(engine, conversation)
    defer_job(engine, claim(engine, disabled), delay_s=3_600, waiting_for=WaitingFor.WORKSPACE_DISABLED)
    defer_job(engine, claim(engine, outside_window), delay_s=3_600, waiting_for=WaitingFor.SENDING_WINDOW)
    with engine.begin() as connection:
        assert wake_deferred_jobs(connection, client_id, [WaitingFor.WORKSPACE_DISABLED]) == 1
        assert [job.id for job in next_publishable(connection, client_id)] == [disabled]

    release_job(engine, claim(engine, disabled), delay_s=3_600, last_error="busy")

    assert column(engine, disabled, "waiting_for IS NULL") is True, "it ran, and waits for its next try only"
    assert column(engine, outside_window, "waiting_for") == "SENDING_WINDOW"


def test_a_client_has_at_most_its_share_in_flight_and_each_completion_frees_a_place(
    engine: Engine, conversation: Conversation
) -> None:
    client_id = ClientId(conversation.client_id)
    jobs = [insert_job(engine, conversation) for _ in range(MAX_IN_FLIGHT_PER_CLIENT + 3)]
    with engine.begin() as connection:
        due = next_publishable(connection, client_id)
        mark_enqueued(connection, due)
    assert [job.id for job in due] == jobs[:MAX_IN_FLIGHT_PER_CLIENT]
    with engine.connect() as connection:
        assert next_publishable(connection, client_id) == []

    following = finish_job(engine, claim(engine, jobs[0]), JobStatus.SUCCEEDED)
    assert [job.id for job in following] == [jobs[MAX_IN_FLIGHT_PER_CLIENT]]


def test_scoring_that_is_stuck_leaves_places_for_the_clients_replies(
    engine: Engine, conversation: Conversation
) -> None:
    client_id = ClientId(conversation.client_id)
    scoring = [
        insert_job(engine, conversation, type=JobType.LEAD_SCORING) for _ in range(MAX_IN_FLIGHT_PER_CLIENT + 10)
    ]
    with engine.begin() as connection:
        stuck = next_publishable(connection, client_id)
        mark_enqueued(connection, stuck)
    assert [job.id for job in stuck] == scoring[:MAX_SCORING_IN_FLIGHT]
    replies = [insert_job(engine, conversation) for _ in range(MAX_IN_FLIGHT_PER_CLIENT)]
    with engine.begin() as connection:
        due = next_publishable(connection, client_id)
        mark_enqueued(connection, due)
    assert [job.id for job in due] == replies[: MAX_IN_FLIGHT_PER_CLIENT - MAX_SCORING_IN_FLIGHT]

    following = finish_job(engine, claim(engine, replies[0]), JobStatus.SUCCEEDED)
    assert [job.id for job in following] == [replies[MAX_IN_FLIGHT_PER_CLIENT - MAX_SCORING_IN_FLIGHT]]
    with engine.begin() as connection:
        mark_enqueued(connection, following)
    following = finish_job(engine, claim(engine, scoring[0]), JobStatus.SUCCEEDED)
    assert [job.id for job in following] == [scoring[MAX_SCORING_IN_FLIGHT]], "the oldest, where both have a place"


def test_a_job_that_is_inserted_says_whether_its_clients_share_has_a_place(
    engine: Engine, conversation: Conversation
) -> None:
    jobs = [insert_publishable(engine, conversation) for _ in range(MAX_IN_FLIGHT_PER_CLIENT)]

    def within_share() -> bool:
        with engine.begin() as connection:
            asserted = assert_job(
                connection,
                JobType.SYNC_PERSON,
                ClientId(conversation.client_id),
                LeadId(conversation.lead_id),
                subject_id=uuid7(),
            )
        assert asserted is not None
        return asserted.within_share

    assert within_share()
    with engine.begin() as connection:
        mark_enqueued(connection, jobs)
    assert not within_share()


def test_a_late_mark_of_an_earlier_publication_does_not_hide_a_job_that_waits_again(
    engine: Engine, conversation: Conversation
) -> None:
    sent = insert_publishable(engine, conversation)
    defer_job(engine, claim(engine, sent.id), delay_s=0, waiting_for=WaitingFor.SENDING_WINDOW)
    with engine.begin() as connection:
        mark_enqueued(connection, [sent])
        [waiting] = next_publishable(connection, ClientId(conversation.client_id))
        assert (waiting.id, waiting.generation) == (sent.id, 1)
        mark_enqueued(connection, [waiting])
        assert next_publishable(connection, ClientId(conversation.client_id)) == []


def test_a_failed_job_frees_its_place_too(engine: Engine, conversation: Conversation) -> None:
    jobs = [insert_publishable(engine, conversation) for _ in range(MAX_IN_FLIGHT_PER_CLIENT + 1)]
    with engine.begin() as connection:
        mark_enqueued(connection, jobs[:-1])
    following = finish_job(engine, claim(engine, jobs[0].id), JobStatus.FAILED, failed_sqs_message_id="m1")
    assert following == [jobs[-1]]


def test_a_job_of_the_future_is_not_published(engine: Engine, conversation: Conversation) -> None:
    insert_job(engine, conversation, delay_s=600)
    with engine.connect() as connection:
        assert next_publishable(connection, ClientId(conversation.client_id)) == []


def test_a_finished_job_starts_over_under_a_new_generation_without_its_steps(
    engine: Engine, conversation: Conversation
) -> None:
    subject = uuid7()
    job_id = insert_job(engine, conversation, subject=subject)
    job = claim(engine, job_id)
    save_steps(engine, job, {"block_list": {"blocked": True}})
    finish_job(engine, job, JobStatus.SUCCEEDED)

    assert insert_job(engine, conversation, subject=subject) == job_id
    again = claim(engine, job_id)
    assert again.steps == {}
    assert column(engine, job_id, "generation") == 1


def test_a_job_on_its_way_is_left_alone(engine: Engine, conversation: Conversation) -> None:
    subject = uuid7()
    job_id = insert_job(engine, conversation, subject=subject)
    claim(engine, job_id)
    with engine.begin() as connection:
        again = assert_job(
            connection,
            JobType.POST_PROCESS,
            ClientId(conversation.client_id),
            LeadId(conversation.lead_id),
            subject_id=subject,
        )
    assert again is None
