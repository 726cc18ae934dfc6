"""A person decides about a draft: what is allowed, what is refused and why, and what is then in the queue."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from local.sqs import sqs_client as make_sqs_client
from shared.db.locks import lock_lead
from shared.db.reports.drafts import DraftReport, get_draft, list_decisions
from shared.db.reports.jobs import JobReport, list_jobs_of_lead
from shared.domain.actor import Actor
from shared.domain.vocabulary import Direction, DraftStatus, JobStatus, LeadId
from shared.jobs.publish import Publisher
from shared.pipelines.people.review_drafts import (
    Delivery,
    Refusal,
    ReviewRefusedError,
    approve_draft,
    edit_draft,
    reject_draft,
)
from tests.integration.conversations import NOON, add_job, add_message, start_conversation, suppress
from tests.integration.replyctl_fixtures import received
from tests.timing import PATIENCE_S

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


DANA = Actor.person("dana")


@pytest.fixture
def unreachable_publisher(queues: dict[str, str]) -> Publisher:
    """Publishes into the void: nothing listens on the discard port."""
    return Publisher(
        make_sqs_client("http://127.0.0.1:9"),
        post_process_queue_url="http://127.0.0.1:9/000000000000/post-process.fifo",
        lead_scoring_queue_url="http://127.0.0.1:9/000000000000/lead-scoring.fifo",
    )


def read_draft(engine: Engine, draft_id: UUID) -> DraftReport:
    with engine.connect() as connection:
        draft = get_draft(connection, draft_id)
    assert draft is not None
    return draft


def read_jobs(engine: Engine, lead_id: UUID) -> list[JobReport]:
    with engine.connect() as connection:
        return list_jobs_of_lead(connection, lead_id)


@pytest.mark.parametrize("status", [DraftStatus.PENDING, DraftStatus.NEEDS_REVIEW])
def test_an_approved_draft_is_in_the_queue_with_who_approved_it(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str], status: DraftStatus
) -> None:
    conversation = start_conversation(engine, status=status)

    approval = approve_draft(engine, publisher, conversation.draft_id, by=DANA)

    assert approval.delivery is Delivery.PUBLISHED
    draft = read_draft(engine, conversation.draft_id)
    assert (draft.status, draft.decided_by) == ("APPROVED", "dana")
    assert (draft.rule, draft.confidence) == ("evaluation", 0.71), "what the machine had said stays"
    (job,) = read_jobs(engine, conversation.lead_id)
    assert (job.type, job.status, job.draft_id) == ("SEND_REPLY", "PENDING", conversation.draft_id)
    assert job.enqueued_at is not None
    (envelope,) = received(sqs_client, queues["post-process.fifo"])
    assert (envelope["job_id"], envelope["draft_id"]) == (str(job.id), str(conversation.draft_id))


def test_an_approval_without_a_queue_waits_for_the_publisher(engine: Engine, unreachable_publisher: Publisher) -> None:
    conversation = start_conversation(engine)

    approval = approve_draft(engine, unreachable_publisher, conversation.draft_id, by=DANA)

    assert approval.delivery is Delivery.WAITING
    assert read_draft(engine, conversation.draft_id).status == "APPROVED"
    (job,) = read_jobs(engine, conversation.lead_id)
    assert (job.status, job.enqueued_at) == ("PENDING", None)


@pytest.mark.parametrize("ended", [JobStatus.FAILED, JobStatus.SUCCEEDED])
def test_an_approval_after_an_earlier_send_starts_its_job_over(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str], ended: JobStatus
) -> None:
    conversation = start_conversation(engine)
    job_id = add_job(engine, conversation, status=ended, enqueued=True)

    approve_draft(engine, publisher, conversation.draft_id, by=DANA)

    (job,) = read_jobs(engine, conversation.lead_id)
    assert (job.id, job.status, job.generation) == (job_id, "PENDING", 1)
    assert [envelope["job_id"] for envelope in received(sqs_client, queues["post-process.fifo"])] == [str(job_id)]


def test_approving_twice_sends_once(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str]
) -> None:
    conversation = start_conversation(engine)

    assert approve_draft(engine, publisher, conversation.draft_id, by=DANA).delivery is Delivery.PUBLISHED
    assert (
        approve_draft(engine, publisher, conversation.draft_id, by=Actor.person("kim")).delivery is Delivery.PUBLISHED
    )

    assert len(read_jobs(engine, conversation.lead_id)) == 1
    assert len(received(sqs_client, queues["post-process.fifo"])) == 1


def test_an_approval_waits_for_a_send_that_is_running(engine: Engine, publisher: Publisher) -> None:
    conversation = start_conversation(engine)
    add_job(engine, conversation, status=JobStatus.RUNNING, enqueued=True, lease_s=60)

    with pytest.raises(ReviewRefusedError, match="running right now") as refused:
        approve_draft(engine, publisher, conversation.draft_id, by=DANA)

    assert refused.value.refusal is Refusal.SEND_RUNNING
    assert read_draft(engine, conversation.draft_id).status == "NEEDS_REVIEW", "the refusal rolled everything back"


def test_the_run_of_a_lost_worker_does_not_stand_in_the_way(engine: Engine, publisher: Publisher) -> None:
    conversation = start_conversation(engine)
    add_job(engine, conversation, status=JobStatus.RUNNING, enqueued=True, lease_s=-1)

    approve_draft(engine, publisher, conversation.draft_id, by=DANA)

    assert read_draft(engine, conversation.draft_id).status == "APPROVED"


def test_a_suppressed_lead_gets_nothing(engine: Engine, publisher: Publisher) -> None:
    conversation = start_conversation(engine)
    suppress(engine, conversation.lead_id)

    with pytest.raises(ReviewRefusedError, match="suppressed") as refused:
        approve_draft(engine, publisher, conversation.draft_id, by=DANA)

    assert refused.value.refusal is Refusal.LEAD_SUPPRESSED
    assert read_draft(engine, conversation.draft_id).decider == "evaluation"
    assert read_jobs(engine, conversation.lead_id) == []


@pytest.mark.parametrize(
    ("direction", "is_auto_reply", "minutes", "refusal"),
    [
        (Direction.INBOUND, False, 5, Refusal.NEWER_REPLY),
        (Direction.OUTBOUND, False, 5, Refusal.NEWER_OUTBOUND),
        (Direction.INBOUND, True, 5, None),  # an automatic reply takes no turn in the conversation
        (Direction.INBOUND, False, -5, None),
        (Direction.OUTBOUND, False, -5, None),
    ],
)
def test_what_came_after_the_reply_decides(
    engine: Engine,
    publisher: Publisher,
    direction: Direction,
    is_auto_reply: bool,
    minutes: int,
    refusal: Refusal | None,
) -> None:
    conversation = start_conversation(engine)
    with engine.begin() as connection:
        add_message(
            connection,
            conversation.client_id,
            conversation.lead_id,
            at=NOON + timedelta(minutes=minutes),
            direction=direction,
            is_auto_reply=is_auto_reply,
        )

    if refusal is None:
        approve_draft(engine, publisher, conversation.draft_id, by=DANA)
        assert read_draft(engine, conversation.draft_id).status == "APPROVED"
        return
    with pytest.raises(ReviewRefusedError) as refused:
        approve_draft(engine, publisher, conversation.draft_id, by=DANA)
    assert refused.value.refusal is refusal


def test_a_suppression_that_commits_first_wins_the_race(engine: Engine, publisher: Publisher) -> None:
    """The approval waits for the lead's lock and then reads what the holder committed."""
    conversation = start_conversation(engine)
    outcome: list[object] = []

    def approve() -> None:
        try:
            outcome.append(approve_draft(engine, publisher, conversation.draft_id, by=DANA))
        except ReviewRefusedError as error:
            outcome.append(error.refusal)

    with engine.begin() as connection:
        lock_lead(connection, LeadId(conversation.lead_id))
        thread = threading.Thread(target=approve)
        thread.start()
        wait_for_a_blocked_session(engine)
        connection.execute(
            text("UPDATE lead SET suppressed_at = now(), suppression_reason = 'OPT_OUT' WHERE id = :id"),
            {"id": conversation.lead_id},
        )
    thread.join(timeout=PATIENCE_S)

    assert outcome == [Refusal.LEAD_SUPPRESSED]


def wait_for_a_blocked_session(engine: Engine) -> None:
    blocked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    deadline = threading.Event()
    for _ in range(3000):
        with engine.connect() as connection:
            if connection.execute(blocked).scalar_one():
                return
        deadline.wait(0.02)
    raise AssertionError("no session waits for a lock")


@pytest.mark.parametrize(
    "status",
    [DraftStatus.SENDING, DraftStatus.SENT, DraftStatus.REJECTED, DraftStatus.SUPERSEDED, DraftStatus.SEND_UNCERTAIN],
)
def test_a_draft_that_is_out_of_reach_stays_as_it_is(engine: Engine, publisher: Publisher, status: DraftStatus) -> None:
    conversation = start_conversation(engine, status=status)

    for decide in (
        lambda: approve_draft(engine, publisher, conversation.draft_id, by=DANA),
        lambda: reject_draft(engine, conversation.draft_id, by=DANA, reason="no"),
        lambda: edit_draft(engine, conversation.draft_id, by=DANA, body="other words"),
    ):
        with pytest.raises(ReviewRefusedError, match=f"the draft is {status.value}") as refused:
            decide()
        assert refused.value.refusal is Refusal.WRONG_STATUS

    draft = read_draft(engine, conversation.draft_id)
    assert (draft.status, draft.decider, draft.model_body) == (status.value, "evaluation", None)
    assert read_jobs(engine, conversation.lead_id) == []


def test_a_rejection_is_kept_with_who_and_why(engine: Engine) -> None:
    conversation = start_conversation(engine)

    reject_draft(engine, conversation.draft_id, by=DANA, reason="wrong price")

    draft = read_draft(engine, conversation.draft_id)
    assert (draft.status, draft.decided_by, draft.reason) == ("REJECTED", "dana", "wrong price")
    assert draft.decided_at is not None


def test_an_edit_keeps_every_text_and_the_status(engine: Engine) -> None:
    conversation = start_conversation(engine)

    assert edit_draft(engine, conversation.draft_id, by=DANA, body="Hi Pat,\nfirst change.\n") == 2
    assert edit_draft(engine, conversation.draft_id, by=Actor.person("kim"), body="Hi Pat,\nsecond change.") == 3

    draft = read_draft(engine, conversation.draft_id)
    assert (draft.body, draft.revision, draft.status) == ("Hi Pat,\nsecond change.", 3, "NEEDS_REVIEW")
    assert (draft.model_body, draft.rule) == ("Hi Pat,\nhappy to talk.", "evaluation")
    with engine.connect() as connection:
        revisions = connection.execute(
            text("SELECT number, body, author_kind, author FROM draft_revision ORDER BY number")
        ).all()
        assert list_decisions(connection, conversation.draft_id) == [], "it waits for the same reason as before"
    assert [tuple(row) for row in revisions] == [
        (2, "Hi Pat,\nfirst change.", "PERSON", "dana"),
        (3, "Hi Pat,\nsecond change.", "PERSON", "kim"),
    ]


def test_an_edit_withdraws_an_approval(engine: Engine, publisher: Publisher) -> None:
    conversation = start_conversation(engine)
    approve_draft(engine, publisher, conversation.draft_id, by=DANA)

    edit_draft(engine, conversation.draft_id, by=Actor.person("kim"), body="Hi Pat,\nmy own words.")

    draft = read_draft(engine, conversation.draft_id)
    assert (draft.status, draft.rule, draft.decided_by) == ("NEEDS_REVIEW", "edited", "kim")
    assert (draft.revision, draft.approved_revision) == (2, None)


def test_an_approval_is_of_the_text_that_was_seen(engine: Engine, publisher: Publisher) -> None:
    conversation = start_conversation(engine)
    edit_draft(engine, conversation.draft_id, by=DANA, body="Hi Pat,\nmy own words.")

    with pytest.raises(ReviewRefusedError, match="revision 2") as refused:
        approve_draft(engine, publisher, conversation.draft_id, by=DANA, seen_revision=1)

    assert refused.value.refusal is Refusal.OTHER_REVISION
    assert read_jobs(engine, conversation.lead_id) == []

    approve_draft(engine, publisher, conversation.draft_id, by=DANA, seen_revision=2)
    draft = read_draft(engine, conversation.draft_id)
    assert (draft.status, draft.approved_revision) == ("APPROVED", 2)


def test_the_history_names_every_decision_with_its_actor(engine: Engine, publisher: Publisher) -> None:
    conversation = start_conversation(engine, status=DraftStatus.PENDING)
    edit_draft(engine, conversation.draft_id, by=Actor.person("kim"), body="Hi Pat,\nmy own words.")
    approve_draft(engine, publisher, conversation.draft_id, by=DANA)
    reject_draft(engine, conversation.draft_id, by=DANA, reason="wrong price")

    with engine.connect() as connection:
        decisions = list_decisions(connection, conversation.draft_id)
    assert [(one.status, one.reason, one.by, one.revision) for one in decisions] == [
        ("NEEDS_REVIEW", "a person has changed the text", "kim", 2),
        ("APPROVED", "", "dana", 2),
        ("REJECTED", "wrong price", "dana", 2),
    ]


def test_an_edited_draft_is_no_longer_sent_without_a_person(engine: Engine) -> None:
    conversation = start_conversation(engine, status=DraftStatus.PENDING)

    edit_draft(engine, conversation.draft_id, by=DANA, body="Hi Pat,\nmy own words.")

    draft = read_draft(engine, conversation.draft_id)
    assert (draft.status, draft.rule) == ("NEEDS_REVIEW", "edited")


def test_an_edit_without_a_change_leaves_no_trace(engine: Engine) -> None:
    conversation = start_conversation(engine)

    edit_draft(engine, conversation.draft_id, by=DANA, body="Hi Pat,\nhappy to talk.\n")

    assert read_draft(engine, conversation.draft_id).model_body is None


@pytest.mark.parametrize("body", ["", " \n\t", "\u200b\x00\n\u2060", "x" * 50_001])
def test_a_text_that_cannot_be_sent_is_refused(engine: Engine, body: str) -> None:
    conversation = start_conversation(engine)

    with pytest.raises(ReviewRefusedError) as refused:
        edit_draft(engine, conversation.draft_id, by=DANA, body=body)

    assert refused.value.refusal is Refusal.BAD_BODY


def test_an_edit_takes_out_what_nobody_can_see(engine: Engine) -> None:
    conversation = start_conversation(engine)

    edit_draft(
        engine,
        conversation.draft_id,
        by=DANA,
        body="Hi\x07 Pat,\r\nmy\u200b \u202eown words.\x00\u2028Best",
    )

    assert read_draft(engine, conversation.draft_id).body == "Hi Pat,\nmy own words.\nBest"


def test_an_unknown_draft_is_named(engine: Engine) -> None:
    unknown = UUID("0192f3a4-0000-7000-8000-000000000001")

    with pytest.raises(ReviewRefusedError, match=str(unknown)):
        reject_draft(engine, unknown, by=DANA, reason="x")
