"""Repairs by a person: requeue, resolve, unsuppress, redrive, register a hook; and doctor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

import ops.stack
from infra.topology import OPERATIONS, TOPOLOGY
from local.instantly_sandbox import make_app
from local.serving import serving
from ops import move_tasks
from ops.replyctl import app
from shared.db.clients import list_clients
from shared.db.person_jobs import assert_person_jobs
from shared.db.reports.drafts import get_draft
from shared.db.reports.jobs import JobReport, get_job, list_jobs_of_lead
from shared.db.reports.leads import LeadReport, get_lead
from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.reply_identity import reply_key
from shared.domain.vocabulary import (
    ClientId,
    Direction,
    DraftStatus,
    EventOutcome,
    JobId,
    JobStatus,
    JobType,
    LeadId,
    MessageId,
    Provider,
    SuppressionReason,
)
from shared.domain.webhook_token import verify_token
from shared.jobs.outcomes import Done
from shared.jobs.publish import Publisher
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal
from shared.pipelines.people.requeue_jobs import requeue_jobs
from shared.pipelines.people.resolve_send import resolve_send
from shared.pipelines.people.review_drafts import approve_draft
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.errors import Uncertain
from shared.providers.instantly.account import HOOK_NAME
from tests.instantly_events import ADDRESS_HASH_KEY
from tests.integration.conversations import (
    NOON,
    Conversation,
    add_event,
    add_job,
    add_lead,
    add_message,
    start_conversation,
)
from tests.integration.reply_scene import Scene
from tests.integration.replyctl_fixtures import SIGNING_KEY, Replyctl, as_json, received, refusal

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def read_job(engine: Engine, job_id: UUID) -> JobReport:
    with engine.connect() as connection:
        job = get_job(connection, job_id)
    assert job is not None
    return job


def read_lead(engine: Engine, lead_id: UUID) -> LeadReport:
    with engine.connect() as connection:
        lead = get_lead(connection, lead_id)
    assert lead is not None
    return lead


# ── Requeue ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_failed_job_runs_again_from_its_checkpoints(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str], conversation: Conversation
) -> None:
    job_id = add_job(
        engine, conversation, type=JobType.LEAD_SCORING, status=JobStatus.FAILED, enqueued=True, last_error="bad key"
    )
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO job_step (job_id, name, client_id, result) VALUES (:id, 'score', :client, '{}')"),
            {"id": job_id, "client": conversation.client_id},
        )

    done = requeue_jobs(engine, publisher, [job_id])

    assert (done.requeued, done.published) == (1, 1)
    job = read_job(engine, job_id)
    assert (job.status, job.generation, job.last_error) == ("PENDING", 1, "bad key")
    assert [envelope["job_id"] for envelope in received(sqs_client, queues["lead-scoring.fifo"])] == [str(job_id)]
    with engine.connect() as connection:
        steps = connection.execute(
            text("SELECT count(*) FROM job_step WHERE job_id = :id"), {"id": job_id}
        ).scalar_one()
    assert steps == 1, "what is done is not done twice"


@pytest.mark.parametrize(
    ("status", "lease_s", "said", "code"),
    [
        (JobStatus.SUCCEEDED, None, "has SUCCEEDED", Refusal.SUCCEEDED),
        (JobStatus.RUNNING, 60, "is running right now", Refusal.RUNNING),
    ],
)
def test_a_job_that_is_done_or_running_stays(
    engine: Engine,
    publisher: Publisher,
    conversation: Conversation,
    status: JobStatus,
    lease_s: float | None,
    said: str,
    code: Refusal,
) -> None:
    job_id = add_job(engine, conversation, status=status, enqueued=True, lease_s=lease_s)

    with pytest.raises(InterventionRefusedError, match=said) as refused:
        requeue_jobs(engine, publisher, [job_id])

    assert refused.value.refusal is code
    assert (read_job(engine, job_id).status, read_job(engine, job_id).generation) == (status.value, 0)


def test_a_deferred_job_runs_now_instead_of_at_its_time(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str], conversation: Conversation
) -> None:
    job_id = add_job(engine, conversation)
    set_job(engine, job_id, "run_at = now() + interval '1 day'")

    done = requeue_jobs(engine, publisher, [job_id])

    assert (done.requeued, done.published) == (1, 1)
    assert [envelope["job_id"] for envelope in received(sqs_client, queues["post-process.fifo"])] == [str(job_id)]


def test_a_job_whose_worker_was_lost_is_put_back(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str], conversation: Conversation
) -> None:
    job_id = add_job(engine, conversation, status=JobStatus.RUNNING, enqueued=True, lease_s=-1)

    done = requeue_jobs(engine, publisher, [job_id])

    assert (done.requeued, done.published) == (1, 1)
    job = read_job(engine, job_id)
    assert (job.status, job.lease_owner, job.generation) == ("PENDING", None, 1)
    assert [envelope["job_id"] for envelope in received(sqs_client, queues["post-process.fifo"])] == [str(job_id)]


def test_failed_jobs_that_a_redrive_picked_up_meanwhile_are_skipped(
    engine: Engine, publisher: Publisher, conversation: Conversation
) -> None:
    deferred, running, done = (
        add_job(engine, conversation, type=type, status=status, enqueued=True, lease_s=lease_s)
        for type, status, lease_s in (
            (JobType.SEND_REPLY, JobStatus.PENDING, None),
            (JobType.POST_PROCESS, JobStatus.RUNNING, 60),
            (JobType.LEAD_SCORING, JobStatus.SUCCEEDED, None),
        )
    )
    set_job(engine, deferred, "run_at = now() + interval '1 day', enqueued_at = NULL")
    failed = add_job(engine, conversation, type=JobType.SYNC_PERSON, status=JobStatus.FAILED, enqueued=True)

    result = requeue_jobs(engine, publisher, [deferred, running, done, failed], only_failed=True)

    assert (result.requeued, result.published, result.skipped) == (1, 1, [deferred, running, done])
    assert [read_job(engine, job_id).generation for job_id in (deferred, running, done, failed)] == [0, 0, 0, 1]


def set_job(engine: Engine, job_id: UUID, assignments: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE background_job SET {assignments} WHERE id = :id"), {"id": job_id})


def test_a_refused_job_does_not_keep_those_before_it_from_running(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str], conversation: Conversation
) -> None:
    failed = add_job(engine, conversation, status=JobStatus.FAILED, enqueued=True)

    with pytest.raises(InterventionRefusedError, match="there is no job") as refused:
        requeue_jobs(engine, publisher, [failed, uuid4()])

    assert refused.value.refusal is Refusal.UNKNOWN_JOB
    assert [envelope["job_id"] for envelope in received(sqs_client, queues["post-process.fifo"])] == [str(failed)]


def test_jobs_requeue_takes_every_failed_job_of_the_workspace(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    other = start_conversation(engine, name="Globex", email="li@globex.test")
    failed = [
        add_job(engine, conversation, type=type, status=JobStatus.FAILED, enqueued=True)
        for type in (JobType.LEAD_SCORING, JobType.SEND_REPLY)
    ]
    of_other = add_job(engine, other, status=JobStatus.FAILED, enqueued=True)

    done = as_json(replyctl("jobs", "requeue", "--failed", "--json"))

    assert set(done["jobs"]) == {str(job_id) for job_id in failed}
    assert (done["requeued"], done["published"], done["skipped"]) == (2, 2, [])
    assert read_job(engine, of_other).status == "FAILED"
    assert "either ids or --failed" in refusal(replyctl("jobs", "requeue"))
    assert "is no id of a job" in refusal(replyctl("jobs", "requeue", "x"))


# ── Resolve ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def uncertain(engine: Engine) -> Conversation:
    conversation = start_conversation(
        engine, status=DraftStatus.SEND_UNCERTAIN, name="Uncertain", email="kim@acme.test"
    )
    with engine.begin() as connection:
        connection.execute(
            text("""
                INSERT INTO outbound_send (id, client_id, lead_id, draft_id, automated, status, attempts, intended_at,
                                           thread_id, mailbox, error)
                VALUES (:id, :client, :lead, :draft, true, 'UNCERTAIN', 1, now(), 'thread-1', 'sam@send.test', '503')
            """),
            {
                "id": uuid7(),
                "client": conversation.client_id,
                "lead": conversation.lead_id,
                "draft": conversation.draft_id,
            },
        )
    return conversation


def read_send(engine: Engine, draft_id: UUID) -> tuple[str, str | None, str | None]:
    with engine.connect() as connection:
        row = connection.execute(
            text("SELECT status, settled_by, provider_message_id FROM outbound_send WHERE draft_id = :id"),
            {"id": draft_id},
        ).one()
    return row.status, row.settled_by, row.provider_message_id


def test_found_in_the_thread_means_sent_and_the_message_is_recorded(engine: Engine, uncertain: Conversation) -> None:
    resolve_send(engine, uncertain.draft_id, sent=True, by=Actor.person("dana"), provider_message_id="email-9")

    assert read_send(engine, uncertain.draft_id) == ("SENT", "dana", "email-9")
    with engine.connect() as connection:
        draft = get_draft(connection, uncertain.draft_id)
        message = connection.execute(
            text("SELECT direction, body_text, provider_message_id FROM message WHERE draft_id = :id"),
            {"id": uncertain.draft_id},
        ).one()
    assert draft is not None
    assert draft.status == "SENT"
    assert tuple(message) == ("OUTBOUND", "Hi Pat,\nhappy to talk.", "email-9")


def test_the_answer_that_an_event_has_brought_already_is_linked(
    engine: Engine, replyctl: Replyctl, uncertain: Conversation
) -> None:
    with engine.begin() as connection:
        sent = add_message(connection, uncertain.client_id, uncertain.lead_id, at=NOON, direction=Direction.OUTBOUND)
    set_email_id(engine, sent, "email-9")

    replyctl("drafts", "resolve", str(uncertain.draft_id), "--sent", "--email-id", " email-9 ")

    assert read_send(engine, uncertain.draft_id)[::2] == ("SENT", "email-9")
    with engine.connect() as connection:
        linked = connection.execute(
            text("SELECT id FROM message WHERE draft_id = :id"), {"id": uncertain.draft_id}
        ).scalar_one()
    assert linked == sent


@pytest.mark.parametrize(
    ("whose", "said"),
    [
        ("the trigger", "is one that was received"),
        ("another lead", "went to another lead"),
        ("another draft", "was sent from another draft"),
    ],
)
def test_the_id_of_another_mail_is_refused(
    engine: Engine, replyctl: Replyctl, uncertain: Conversation, whose: str, said: str
) -> None:
    with engine.begin() as connection:
        lead_id = uncertain.lead_id
        if whose == "another lead":
            lead_id = add_lead(connection, uncertain.client_id, "li@acme.test")
        mail = uncertain.message_id
        if whose != "the trigger":
            mail = add_message(connection, uncertain.client_id, lead_id, at=NOON, direction=Direction.OUTBOUND)
        if whose == "another draft":
            earlier = add_message(connection, uncertain.client_id, lead_id, at=NOON - timedelta(days=1))
            connection.execute(
                text("""
                    WITH sent AS (
                        INSERT INTO draft (id, client_id, lead_id, trigger_message_id, subject, body, status)
                        VALUES (:id, :client, :lead, :trigger, 'Re: hi', 'Hi.', 'SENT') RETURNING id
                    )
                    UPDATE message SET draft_id = sent.id FROM sent WHERE message.id = :mail
                """),
                {"id": uuid7(), "client": uncertain.client_id, "lead": lead_id, "trigger": earlier, "mail": mail},
            )
    set_email_id(engine, mail, "email-9")
    before = all_messages(engine)

    refused = refusal(replyctl("drafts", "resolve", str(uncertain.draft_id), "--sent", "--email-id", "email-9"))

    assert said in refused
    assert "email-9" in refused
    assert read_send(engine, uncertain.draft_id) == ("UNCERTAIN", None, None)
    assert all_messages(engine) == before


def set_email_id(engine: Engine, message_id: UUID, email_id: str) -> None:
    with engine.begin() as connection:
        account_id = connection.execute(text("SELECT provider_account_id FROM outbound_send")).scalar_one()
        connection.execute(
            text("UPDATE message SET provider_message_id = :email_id, reply_key = :key WHERE id = :id"),
            {
                "email_id": email_id,
                "key": reply_key(Provider.INSTANTLY, account_id, None, email_id),
                "id": message_id,
            },
        )


def all_messages(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, direction, lead_id, draft_id FROM message ORDER BY id"))
        return [tuple(row) for row in rows]


def test_what_was_not_sent_is_mailed_once_after_an_approval(
    replyctl: Replyctl, engine: Engine, sqs_client: SQSClient, queues: dict[str, str]
) -> None:
    scene = Scene(engine)
    scene.instantly.reply_error = Uncertain("timeout")
    assert scene.process() == Done("uncertain")
    scene.instantly.reply_error = None
    draft_id = str(scene.draft().id)

    as_json(replyctl("drafts", "resolve", draft_id, "--not-sent", "--json"))
    assert received(sqs_client, queues["post-process.fifo"]) == [], "nothing is sent without an approval"
    as_json(replyctl("drafts", "approve", draft_id, "--json"))
    (envelope,) = received(sqs_client, queues["post-process.fifo"])
    assert scene.run(JobId(UUID(envelope["job_id"]))) == Done("sent")

    assert len(scene.instantly.replies) == 1
    assert read_send(engine, UUID(draft_id))[0] == scene.draft().status == "SENT"
    assert "SENT" in refusal(replyctl("drafts", "approve", draft_id))


def test_not_found_means_that_only_an_approval_sends_it_again(
    engine: Engine, publisher: Publisher, uncertain: Conversation
) -> None:
    resolve_send(engine, uncertain.draft_id, sent=False, by=Actor.person("dana"))

    assert read_send(engine, uncertain.draft_id)[:2] == ("REFUSED", "dana")
    with engine.connect() as connection:
        draft = get_draft(connection, uncertain.draft_id)
        assert list_jobs_of_lead(connection, uncertain.lead_id) == []
    assert draft is not None
    assert (draft.status, draft.decided_by) == ("NEEDS_REVIEW", "dana")
    approve_draft(engine, publisher, uncertain.draft_id, by=Actor.person("dana"))


def test_not_sent_and_moot_by_now_is_said(replyctl: Replyctl, engine: Engine) -> None:
    scene = Scene(engine)
    scene.instantly.reply_error = Uncertain("timeout")
    assert scene.process() == Done("uncertain")
    scene.receive(reply_text="Please unsubscribe me from this list.", email_id="later")

    said = replyctl("drafts", "resolve", str(scene.draft().id), "--not-sent").stdout

    assert "was not sent, and will not be: the lead is suppressed" in " ".join(said.split())


@pytest.mark.parametrize("sent", [True, False])
def test_a_send_is_resolved_once(engine: Engine, uncertain: Conversation, sent: bool) -> None:
    resolve_send(engine, uncertain.draft_id, sent=sent, by=Actor.person("dana"))
    before = read_send(engine, uncertain.draft_id)

    with pytest.raises(InterventionRefusedError, match="not uncertain") as refused:
        resolve_send(engine, uncertain.draft_id, sent=not sent, by=Actor.person("kim"))

    assert refused.value.refusal is Refusal.NOT_UNCERTAIN
    assert read_send(engine, uncertain.draft_id) == before


def test_drafts_resolve_wants_an_answer(
    replyctl: Replyctl, uncertain: Conversation, conversation: Conversation
) -> None:
    draft_id = str(uncertain.draft_id)

    assert "Say --sent or --not-sent" in refusal(replyctl("drafts", "resolve", draft_id))
    assert "--email-id is empty" in refusal(replyctl("drafts", "resolve", draft_id, "--sent", "--email-id", " "))
    assert "goes with --sent" in refusal(replyctl("drafts", "resolve", draft_id, "--not-sent", "--email-id", "x"))
    assert "not uncertain" in refusal(replyctl("drafts", "resolve", str(conversation.draft_id), "--sent"))
    assert as_json(replyctl("drafts", "resolve", draft_id, "--sent", "--json"))["draft"]["status"] == "SENT"


# ── Unsuppress ───────────────────────────────────────────────────────────────────────────────────────────────────────


def suppress_by_rule(engine: Engine, conversation: Conversation) -> MessageId:
    """Suppresses the lead as the webhook does, with a message as the evidence; returns that message."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE lead SET status = 'qualified', sentiment = 'Blacklist' WHERE id = :id"),
            {"id": conversation.lead_id},
        )
        evidence = SuppressionEvidence(
            SuppressionReason.OPT_OUT, "opt_out.en.stop", "please stop", MessageId(conversation.message_id)
        )
        suppress_lead(connection, ClientId(conversation.client_id), LeadId(conversation.lead_id), evidence)
    return MessageId(conversation.message_id)


def test_a_lifted_suppression_restores_the_lead_and_tells_instantly(
    engine: Engine, publisher: Publisher, sqs_client: SQSClient, queues: dict[str, str], conversation: Conversation
) -> None:
    suppress_by_rule(engine, conversation)
    assert read_lead(engine, conversation.lead_id).status == "blacklisted"

    done = unsuppress_lead(
        engine, publisher, ClientId(conversation.client_id), LeadId(conversation.lead_id), by=Actor.person("Pat")
    )

    assert (done.lifted.reason, done.provider_is_told) == (SuppressionReason.OPT_OUT, True)
    lead = read_lead(engine, conversation.lead_id)
    assert (lead.status, lead.sentiment, lead.suppressed_at, lead.suppression_evidence) == (
        "qualified",
        None,
        None,
        None,
    )
    (envelope,) = received(sqs_client, queues["post-process.fifo"])
    assert envelope["type"] == "SYNC_PERSON"


def test_the_same_message_never_suppresses_again_but_another_one_does(
    engine: Engine, publisher: Publisher, conversation: Conversation
) -> None:
    client_id, lead_id = ClientId(conversation.client_id), LeadId(conversation.lead_id)
    message_id = suppress_by_rule(engine, conversation)
    unsuppress_lead(engine, publisher, client_id, lead_id, by=Actor.person("Pat"))

    with engine.begin() as connection:
        again = SuppressionEvidence(SuppressionReason.OPT_OUT, "opt_out.en.stop", "please stop", message_id)
        assert suppress_lead(connection, client_id, lead_id, again) == ()
    assert read_lead(engine, lead_id).suppressed_at is None

    with engine.begin() as connection:
        newer = add_message(connection, client_id, lead_id, at=NOON + timedelta(days=1))
        fresh = SuppressionEvidence(SuppressionReason.OPT_OUT, "opt_out.en.stop", "stop", MessageId(newer))
        suppress_lead(connection, client_id, lead_id, fresh)
    assert read_lead(engine, lead_id).suppressed_at is not None


def test_a_finished_suppression_job_starts_over_to_undo_its_work(
    engine: Engine, publisher: Publisher, conversation: Conversation
) -> None:
    client_id, lead_id = ClientId(conversation.client_id), LeadId(conversation.lead_id)
    suppress_by_rule(engine, conversation)
    end_suppression_job(engine, client_id, lead_id, JobStatus.SUCCEEDED)

    unsuppress_lead(engine, publisher, client_id, lead_id, by=Actor.person("Pat"))

    with engine.connect() as connection:
        (job,) = list_jobs_of_lead(connection, lead_id)
    assert (job.type, job.status, job.generation) == ("SYNC_PERSON", "PENDING", 1)


def test_a_suppression_that_instantly_hears_of_right_now_is_not_lifted_meanwhile(
    engine: Engine, publisher: Publisher, conversation: Conversation
) -> None:
    client_id, lead_id = ClientId(conversation.client_id), LeadId(conversation.lead_id)
    suppress_by_rule(engine, conversation)
    end_suppression_job(engine, client_id, lead_id, JobStatus.RUNNING)

    with pytest.raises(InterventionRefusedError, match="right now") as refused:
        unsuppress_lead(engine, publisher, client_id, lead_id, by=Actor.person("Pat"))

    assert refused.value.refusal is Refusal.PROVIDER_BEING_TOLD
    assert read_lead(engine, lead_id).suppressed_at is not None, "the refusal rolled everything back"


def end_suppression_job(engine: Engine, client_id: ClientId, lead_id: LeadId, status: JobStatus) -> None:
    with engine.begin() as connection:
        assert_person_jobs(connection, client_id, lead_id)
        connection.execute(
            text("""
                UPDATE background_job SET status = :status, enqueued_at = now(), lease_owner = 'worker',
                    lease_expires_at = now() + interval '1 minute'
                WHERE lead_id = :lead AND type = 'SYNC_PERSON'
            """),
            {"lead": lead_id, "status": status.value},
        )


def test_lead_unsuppress_asks_first_and_lists_what_is_to_confirm(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    suppress_by_rule(engine, conversation)

    (listed,) = as_json(replyctl("lead", "suppressed", "--reason", "opt_out", "--json"))
    assert listed["suppression_evidence"] == {"rule": "opt_out.en.stop", "words": "please stop"}
    assert as_json(replyctl("lead", "suppressed", "--reason", "MODEL", "--json")) == []
    assert "opt_out.en.stop" in replyctl("lead", "suppressed").stdout
    assert "--yes" in refusal(replyctl("lead", "unsuppress", conversation.email))
    lifted = as_json(replyctl("lead", "unsuppress", conversation.email, "--yes", "--json"))
    assert (lifted["lead"]["status"], lifted["providers_are_told"]) == ("qualified", True)
    assert "not suppressed" in refusal(replyctl("lead", "unsuppress", conversation.email, "--yes"))


# ── Replay ───────────────────────────────────────────────────────────────────────────────────────────────────────────

REPLY = {
    "event_type": "reply_received",
    "lead_email": "li@acme.test",
    "email_id": "email-77",
    "reply_subject": "Re: hello",
    "reply_text": "Sounds good, tell me more.",
}


def test_a_quarantined_event_is_judged_again_as_of_when_it_came(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    event_id = add_event(engine, conversation, json.dumps(REPLY).encode(), EventOutcome.QUARANTINED, message=False)

    (first,) = as_json(replyctl("events", "replay", str(event_id), "--json"))
    (again,) = as_json(replyctl("events", "replay", str(event_id), "--json"))

    assert (first["status"], again["status"]) == ("accepted", "duplicate")
    assert first["message_id"] == again["message_id"]
    lead = as_json(replyctl("lead", "show", "li@acme.test", "--json"))
    (message,) = lead["messages"]
    assert (message["id"], message["effective_at"]) == (first["message_id"], "2026-11-20T12:00:00Z")
    assert sorted(job["type"] for job in lead["jobs"]) == [
        "INSTANTLY_INBOUND_POST_PROCESS",
        "LEAD_SCORING_POST_PROCESS",
    ]
    assert as_json(replyctl("events", "show", str(event_id), "--json"))["event"]["outcome"] == "ACCEPTED"


def test_what_stays_quarantined_may_be_replayed_again_and_so_may_what_a_crash_left_half_done(
    replyctl: Replyctl, engine: Engine, sqs_client: SQSClient, queues: dict[str, str], conversation: Conversation
) -> None:
    broken = add_event(engine, conversation, b"{", EventOutcome.QUARANTINED, message=False)
    whole = add_event(engine, conversation, json.dumps(REPLY).encode(), EventOutcome.QUARANTINED, message=False)
    first, taken = as_json(replyctl("events", "replay", str(broken), str(whole), "--json"))
    (job_id,) = (envelope["job_id"] for envelope in received(sqs_client, queues["post-process.fifo"]))
    set_job(engine, UUID(job_id), "enqueued_at = NULL, generation = generation + 1")  # as if killed before publishing

    again, duplicate = as_json(replyctl("events", "replay", str(broken), str(whole), "--json"))

    assert (first["status"], again["status"]) == ("quarantined", "quarantined")
    assert (taken["status"], duplicate["status"]) == ("accepted", "duplicate")
    assert [event["outcome"] for event in as_json(replyctl("events", "list", "--json"))] == ["ACCEPTED", "QUARANTINED"]
    assert read_job(engine, UUID(job_id)).enqueued_at is not None, "the second replay published what the first had not"
    assert len(as_json(replyctl("lead", "show", "li@acme.test", "--json"))["jobs"]) == 2


def test_every_quarantined_event_is_replayed_in_the_order_in_which_they_came(
    replyctl: Replyctl, engine: Engine, conversation: Conversation
) -> None:
    broken = add_event(engine, conversation, b"{", EventOutcome.QUARANTINED, message=False)
    whole = add_event(engine, conversation, json.dumps(REPLY).encode(), EventOutcome.QUARANTINED, message=False)

    answers = as_json(replyctl("events", "replay", "--quarantined", "--json"))

    assert [(answer["event"], answer["status"]) for answer in answers] == [
        (str(broken), "quarantined"),
        (str(whole), "accepted"),
    ]
    assert "nothing to replay" not in replyctl("events", "replay", "--quarantined").stdout
    unknown = str(uuid4())
    assert f"there is no event {unknown}" in refusal(replyctl("events", "replay", unknown))
    assert "either ids or --quarantined" in refusal(replyctl("events", "replay"))


# ── Dead letters ─────────────────────────────────────────────────────────────────────────────────────────────────────


def bury(sqs_client: SQSClient, queues: dict[str, str], job_id: UUID, queue: str = "post-process.fifo") -> None:
    """Has the queue give up on a job's message: received as often as allowed, never acknowledged."""
    url = queues[queue]
    sqs_client.send_message(
        QueueUrl=url,
        MessageBody=json.dumps({"job_id": str(job_id)}),
        MessageGroupId="lead",
        MessageDeduplicationId=str(job_id),
    )
    for _ in range(TOPOLOGY.queue(queue).max_receive_count or 0):
        (message,) = sqs_client.receive_message(QueueUrl=url, WaitTimeSeconds=2)["Messages"]
        sqs_client.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    assert "Messages" not in sqs_client.receive_message(QueueUrl=url)


def test_dead_letters_are_counted_and_moved_back(
    replyctl: Replyctl, engine: Engine, sqs_client: SQSClient, queues: dict[str, str], conversation: Conversation
) -> None:
    job_id = add_job(engine, conversation, status=JobStatus.FAILED, enqueued=True, last_error="the key was refused")
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE background_job SET failed_sqs_message_id = 'm', finished_at = now() WHERE id = :id"),
            {"id": job_id},
        )
    bury(sqs_client, queues, job_id)

    listed = as_json(replyctl("dlq", "list", "--json"))
    assert listed["queues"] == {
        "post-process-dlq.fifo": {"messages": 1, "in_flight": 0},
        "lead-scoring-dlq.fifo": {"messages": 0, "in_flight": 0},
    }
    assert [job["last_error"] for job in listed["failed_jobs"]] == ["the key was refused"]
    assert "the key was refused" in replyctl("dlq", "list").stdout
    assert "no dead-letter queue ingest.fifo" in refusal(replyctl("dlq", "redrive", "--queue", "ingest.fifo"))

    moved = as_json(replyctl("dlq", "redrive", "--json"))

    assert moved == {"moved": {"post-process-dlq.fifo": 1, "lead-scoring-dlq.fifo": 0}}
    assert [envelope["job_id"] for envelope in received(sqs_client, queues["post-process.fifo"])] == [str(job_id)]
    assert as_json(replyctl("dlq", "list", "--json"))["queues"]["post-process-dlq.fifo"]["messages"] == 0


def test_a_move_that_runs_already_is_waited_for(
    replyctl: Replyctl, sqs_client: SQSClient, queues: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(move_tasks, "FIRST_NEWS_S", 0.0)
    for _ in range(3):
        bury(sqs_client, queues, uuid4())
    url = queues["post-process-dlq.fifo"]
    arn = sqs_client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs_client.start_message_move_task(SourceArn=arn, MaxNumberOfMessagesPerSecond=1)

    redriven = replyctl("dlq", "redrive")

    assert redriven.exit_code == 0, redriven.stderr
    assert redriven.stdout.splitlines() == [
        "post-process-dlq.fifo: moved 3 messages back.",
        "lead-scoring-dlq.fifo: nothing to move.",
    ]
    assert "post-process-dlq.fifo: a move is running already" in redriven.stderr
    assert "of about 3 messages moved so far" in redriven.stderr
    assert len(received(sqs_client, queues["post-process.fifo"])) == 3


def test_a_queue_that_cannot_be_redriven_does_not_keep_the_others(
    replyctl: Replyctl, sqs_client: SQSClient, queues: dict[str, str]
) -> None:
    sqs_client.send_message(  # by hand: SQS does not know where it came from
        QueueUrl=queues["post-process-dlq.fifo"], MessageBody="{}", MessageGroupId="g", MessageDeduplicationId="d"
    )
    bury(sqs_client, queues, uuid4(), "lead-scoring.fifo")

    redriven = replyctl("dlq", "redrive", "--json")

    assert redriven.exit_code == 1
    assert json.loads(redriven.stdout) == {"moved": {"lead-scoring-dlq.fifo": 1}}
    error = json.loads(redriven.stderr)["error"]
    assert "post-process-dlq.fifo could not be redriven: the move ended FAILED after 0 messages" in error
    assert "lead-scoring" not in error


def test_a_message_in_flight_stays_and_is_named(
    replyctl: Replyctl, sqs_client: SQSClient, queues: dict[str, str]
) -> None:
    bury(sqs_client, queues, uuid4())
    sqs_client.receive_message(QueueUrl=queues["post-process-dlq.fifo"], WaitTimeSeconds=2)

    redriven = replyctl("dlq", "redrive", "--queue", "post-process-dlq.fifo")

    assert redriven.stdout == "post-process-dlq.fifo: nothing to move.\n"
    assert "1 in flight" in redriven.stderr


# ── The hook at Instantly ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def instantly(stack_file: Path) -> Iterator[str]:
    """Instantly's sandbox on a free port, named in the stack's file."""
    with serving(make_app()) as url:
        stack_file.write_text(json.dumps({**json.loads(stack_file.read_text()), "instantly_url": url}))
        yield url


def test_the_hook_is_made_once_and_then_brought_up_to_date(
    replyctl: Replyctl, instantly: str, conversation: Conversation
) -> None:
    made = as_json(replyctl("webhook", "register", "--json"))
    again = as_json(replyctl("webhook", "register", "--url", "https://api.acme.test/", "--json"))

    assert (made["created"], again["created"]) == (True, False)
    assert made["webhook"]["id"] == again["webhook"]["id"]
    (hook,) = as_json(replyctl("webhook", "status", "--json"))["webhooks"]
    assert hook["url"] == f"https://api.acme.test/webhooks/instantly?clientId={conversation.client_id}"
    assert (hook["events"], hook["name"]) == ("all_events", HOOK_NAME)
    requests = httpx2.get(f"{instantly}/_requests", trust_env=False).json()
    (created,) = [
        request for request in requests if (request["method"], request["path"]) == ("POST", "/api/v2/webhooks")
    ]
    token = created["body"]["headers"]["Authorization"].removeprefix("Bearer ")
    assert verify_token(token, conversation.client_id, [SIGNING_KEY], Provider.INSTANTLY) == 1


def test_a_disabled_hook_is_seen_and_resumed(replyctl: Replyctl, instantly: str, conversation: Conversation) -> None:
    url = f"https://api.acme.test/webhooks/instantly?clientId={conversation.client_id}"
    hooks = [
        {"id": "hook-1", "target_hook_url": url, "status": -1},
        {"id": "hook-2", "target_hook_url": "https://x.test/"},
    ]
    put(f"{instantly}/_webhooks", hooks)
    put(
        f"{instantly}/_webhook_events",
        [{"id": "e1", "success": False, "webhook_url": url, "status_code": 503, "error_message": "Connection timeout"}],
    )

    shown = replyctl("webhook", "status").stdout
    assert "disabled" in shown
    assert "Connection timeout" in shown
    as_json(replyctl("webhook", "register", "--url", "https://api.acme.test", "--json"))

    after = as_json(replyctl("webhook", "status", "--json"))
    assert [(hook["id"], hook["is_active"]) for hook in after["webhooks"]] == [("hook-1", True)]


def put(url: str, value: object) -> None:
    httpx2.put(url, json=value, trust_env=False).raise_for_status()


# ── Doctor ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def checks_of(result: Any) -> dict[str, tuple[str, str]]:
    return {check["name"]: (check["state"], check["finding"]) for check in json.loads(result.stdout)["checks"]}


def test_doctor_finds_a_healthy_stack_healthy(replyctl: Replyctl, instantly: str) -> None:
    result = replyctl("doctor", "--json")

    assert result.exit_code == 0, result.stdout
    checks = checks_of(result)
    assert {state for state, _ in checks.values()} == {"ok"}
    assert checks["drafts to review"][1] == "1"
    assert {queue.name for queue in TOPOLOGY.queues} <= set(checks)


def test_doctor_names_everything_that_is_wrong(
    replyctl: Replyctl, engine: Engine, sqs_client: SQSClient, queues: dict[str, str], uncertain: Conversation
) -> None:
    failed = add_job(engine, uncertain, status=JobStatus.FAILED, enqueued=True)
    stuck = add_job(engine, uncertain, type=JobType.LEAD_SCORING)
    bury(sqs_client, queues, failed)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE background_job SET run_at = now() - interval '10 minutes' WHERE id = :id"), {"id": stuck}
        )
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    result = replyctl("doctor", "--json")  # and nothing answers in Instantly's place

    assert result.exit_code == 1
    checks = checks_of(result)
    for name in ("schema", "failed jobs", "unpublished jobs", "post-process-dlq.fifo", "Instantly"):
        assert checks[name][0] == "failed", (name, checks[name])
    assert checks["uncertain sends"] == ("warning", "1")
    assert "jobs list --status FAILED" in replyctl("doctor").stdout


def test_after_a_rollback_a_schema_of_a_newer_release_is_no_finding(replyctl: Replyctl, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO schema_revision (revision) VALUES ('next')"))
        connection.execute(text("UPDATE alembic_version SET version_num = 'next'"))

    state, finding = checks_of(replyctl("doctor", "--json"))["schema"]

    assert state == "ok"
    assert "next" in finding


def test_doctor_says_which_settings_let_mail_into_the_databases_log(replyctl: Replyctl, engine: Engine) -> None:
    with engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f'ALTER DATABASE "{name}" SET log_error_verbosity = verbose'))

    state, finding = checks_of(replyctl("doctor", "--json"))["database log"]

    assert (state, finding) == ("warning", "may hold mail and addresses")
    assert "log_error_verbosity=terse" in " ".join(replyctl("doctor").stdout.split())


def test_doctor_says_when_nothing_answers(replyctl: Replyctl, stack_file: Path) -> None:
    stack = json.loads(stack_file.read_text())
    dead = {"database_url": "postgresql://nobody@127.0.0.1:9/none", "sqs_endpoint": "http://127.0.0.1:9"}
    stack_file.write_text(json.dumps({**stack, **dead}))

    result = replyctl("doctor", "--json")

    assert result.exit_code == 1
    checks = checks_of(result)
    assert checks["database"][0] == checks["post-process.fifo"][0] == "failed"


# ── Beside a deployed database ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def in_aws(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str, queues: dict[str, str], sqs_endpoint: str
) -> dict[str, str]:
    """What the operations function is told: variables by the topology, and no stack.json anywhere."""
    monkeypatch.setattr(ops.stack, "REPOSITORY", tmp_path / "nowhere")
    monkeypatch.delenv("REPLYCTL_STACK", raising=False)
    urls = {queue.variable: queues[queue.name] for queue in TOPOLOGY.queues if queue.variable is not None}
    assert set(urls) <= set(OPERATIONS.variables)
    return {
        **urls,
        "DATABASE_URL": database_url,
        "AWS_ENDPOINT_URL_SQS": sqs_endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "WEBHOOK_SIGNING_KEYS": json.dumps({"current": SIGNING_KEY}),
        "ADDRESS_HASH_KEY": ADDRESS_HASH_KEY.secret,
        "INSTANTLY_API_KEYS": "test",
        "OPENAI_API_KEY": "test",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    }


def run_in_aws(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env=environment)


def test_dead_letters_are_redriven_without_a_stack(
    in_aws: dict[str, str], engine: Engine, sqs_client: SQSClient, queues: dict[str, str]
) -> None:
    conversation = start_conversation(engine)
    job_id = add_job(engine, conversation, status=JobStatus.FAILED, enqueued=True)
    bury(sqs_client, queues, job_id)

    listed = as_json(run_in_aws(in_aws, "dlq", "list", "--json"))
    assert {name: depth["messages"] for name, depth in listed["queues"].items()} == {
        "post-process-dlq.fifo": 1,
        "lead-scoring-dlq.fifo": 0,
    }

    moved = as_json(run_in_aws(in_aws, "dlq", "redrive", "--json"))

    assert moved == {"moved": {"post-process-dlq.fifo": 1, "lead-scoring-dlq.fifo": 0}}
    assert [envelope["job_id"] for envelope in received(sqs_client, queues["post-process.fifo"])] == [str(job_id)]


def test_doctor_checks_every_queue_and_every_workspace_without_a_stack(
    in_aws: dict[str, str], engine: Engine, instantly: str
) -> None:
    start_conversation(engine)
    with engine.connect() as connection:
        workspaces = len(list_clients(connection))
    assert workspaces > 1

    result = run_in_aws({**in_aws, "INSTANTLY_BASE_URL": instantly}, "doctor", "--json")

    checks = checks_of(result)
    assert {checks[queue.name][0] for queue in TOPOLOGY.queues} == {"ok"}
    assert checks["webhook signing keys"] == ("ok", "1 accepted")
    names = [check["name"] for check in json.loads(result.stdout)["checks"] if check["state"] == "ok"]
    assert sum(name.startswith("Instantly: ") for name in names) == workspaces
    assert checks["OpenAI"][0] == "failed"  # nothing listens there
    assert result.exit_code == 1


def test_a_key_that_cannot_be_read_is_named(in_aws: dict[str, str], engine: Engine) -> None:
    start_conversation(engine)
    nobody = {"AWS_ENDPOINT_URL_SSM": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}

    result = run_in_aws({**in_aws, **nobody, "INSTANTLY_API_KEYS": "ssm:/keys/"}, "webhook", "status")

    assert re.search(r"Instantly's API key cannot be read: ssm:/keys/[0-9a-f-]{36}", refusal(result))
    assert "test" not in result.stderr


def test_without_a_stack_and_without_variables_one_sentence_says_so(in_aws: dict[str, str]) -> None:
    nothing = dict.fromkeys(in_aws, "")

    for command in ("list", "redrive"):
        assert "No local stack is running" in refusal(run_in_aws(nothing, "dlq", command))
    checks = checks_of(run_in_aws(nothing, "doctor", "--json"))
    assert checks["queues"][0] == "warning"
    assert checks["database"][0] == "failed"
