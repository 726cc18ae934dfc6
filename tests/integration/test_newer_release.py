"""After a rollback: rows hold words that only the newer release knows, whose schema allows them. Each waits alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.db.gauges import load_gauges
from shared.db.job_changes import publish_again
from shared.db.job_leases import Unclaimed, claim_job, fail_lost_jobs, finish_job
from shared.db.outbox import MAX_IN_FLIGHT_PER_CLIENT, next_publishable
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    DraftStatus,
    JobId,
    JobStatus,
    JobType,
    ResponseMode,
    Tag,
    UnknownValueError,
    WaitingFor,
    known,
)
from shared.jobs.outcomes import Defer, Done
from shared.observability import Metric, metrics
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.job_failures import NEWER_RELEASE_S, decide_failure
from shared.pipelines.upkeep.maintain import maintain, publish_due_jobs
from tests.conftest import MigratedDatabase
from tests.instantly_events import hash_address, reply_received
from tests.integration.conversations import Conversation, add_job, start_conversation
from tests.integration.reply_scene import LEAD_EMAIL, Scene, account_of
from tests.integration.replyctl_fixtures import Replyctl, as_json, refusal
from tests.integration.test_consumer import DEAD_LETTERS, Stand
from tests.integration.webhook import WebhookUnderTest

NEWER = "OF_A_NEWER_RELEASE"
NO_CHECKS = """
    DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT conrelid::regclass AS of, conname AS name FROM pg_constraint
                   WHERE contype = 'c' AND connamespace = 'public'::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.of, one.name); END LOOP;
    END $$
"""


@pytest.fixture(scope="module")
def migrated_database(postgres_url: str, template_database: str) -> MigratedDatabase:
    """The schema as the newer release's migrations have widened it: old code meets it after a rollback."""
    return MigratedDatabase(postgres_url, template_database, change=NO_CHECKS)


def change(engine: Engine, statement: str, **values: object) -> int:
    with engine.begin() as connection:
        return connection.execute(text(statement), {"newer": NEWER, **values}).rowcount


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@pytest.fixture
def stand(engine: Engine, sqs_client: Any, queues: dict[str, str]) -> Stand:
    return Stand(engine, sqs_client, queues)


def maintenance(scene: Scene) -> Dependencies:
    return Dependencies(
        engine=scene.engine,
        publisher=scene.publisher,
        accounts=lambda _: account_of(scene.instantly),
        hash_address=hash_address,
        retention={},
    )


def job_of_newer_type(scene: Scene, *, enqueued: bool = False, status: str = "PENDING", message: Any = None) -> UUID:
    """Adds a job that has been due for hours."""
    job_id = uuid7()
    change(
        scene.engine,
        "INSERT INTO background_job (id, client_id, lead_id, message_id, type, dedupe_key, status, run_at, enqueued_at,"
        " lease_owner, lease_expires_at) VALUES (:id, :client, :lead, :message, :newer, :key, :status,"
        " now() - interval '9 h', CASE WHEN :enqueued THEN now() - interval '9 h' END,"
        " CASE WHEN :status = 'RUNNING' THEN 'worker' END,"
        " CASE WHEN :status = 'RUNNING' THEN now() - interval '9 h' END)",
        id=job_id,
        client=scene.client_id,
        lead=scene.lead_id,
        message=message,
        key=f"newer:{job_id}",
        status=status,
        enqueued=enqueued,
    )
    return job_id


def stored(scene: Scene, job_id: UUID) -> Any:
    return scene.one("SELECT * FROM background_job WHERE id = :id", id=job_id)


# --- A job of a newer type ---------------------------------------------------------------------------------------


def test_every_other_job_is_published_and_the_newer_one_waits(scene: Scene) -> None:
    other = Scene(scene.engine)
    newer = job_of_newer_type(scene)
    types = (JobType.POST_PROCESS, JobType.LEAD_SCORING)
    waiting = [one.job(one.message(), type) for one in (scene, other) for type in types]
    change(scene.engine, "UPDATE background_job SET enqueued_at = NULL, run_at = now() WHERE type <> :newer")
    before = stored(scene, newer)
    assert publish_due_jobs(maintenance(scene)) == 4
    assert {entry["Id"] for entry in scene.sqs.sent} == {str(job_id) for job_id in waiting}
    assert stored(scene, newer) == before


def test_completion_publishes_the_clients_next_known_job(scene: Scene) -> None:
    job_of_newer_type(scene)
    running, next_one = scene.job(scene.message()), scene.job(scene.message())
    change(scene.engine, "UPDATE background_job SET enqueued_at = NULL WHERE id = :id", id=next_one)
    following = finish_job(scene.engine, scene.claim(running), JobStatus.SUCCEEDED)
    assert [job.id for job in following] == [next_one]
    with scene.engine.connect() as connection:
        assert [job.id for job in next_publishable(connection, scene.client_id)] == [next_one]


def test_newer_jobs_take_nothing_from_the_clients_share(scene: Scene) -> None:
    for _ in range(MAX_IN_FLIGHT_PER_CLIENT):
        job_of_newer_type(scene, enqueued=True)
    job_id = scene.job(scene.message())
    change(scene.engine, "UPDATE background_job SET enqueued_at = NULL WHERE id = :id", id=job_id)
    assert publish_due_jobs(maintenance(scene)) == 1


def test_what_maintenance_does_for_lost_jobs_is_left_to_the_newer_release(scene: Scene) -> None:
    jobs = [job_of_newer_type(scene, enqueued=True), job_of_newer_type(scene, enqueued=True, status="RUNNING")]
    before = [stored(scene, job_id) for job_id in jobs]
    assert fail_lost_jobs(scene.engine, grace_s=60, limit=10) == 0
    assert publish_again(scene.engine, grace_s=60, limit=10) == 0
    assert [stored(scene, job_id) for job_id in jobs] == before


def test_maintenance_counts_and_logs_what_waits_and_fails_in_no_part(
    scene: Scene, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    job_of_newer_type(scene)
    job_of_newer_type(scene, enqueued=True)
    done = maintain(maintenance(scene), lambda: 200.0)
    assert {"published", "lost_jobs", "unheard_jobs", "gauges"} <= set(done)
    assert f'"{Metric.JOBS_OF_NEWER_RELEASE}":[2.0]' in capsys.readouterr().out
    assert [record.jobs for record in caplog.records if "newer release" in record.message] == [2]  # type: ignore[attr-defined]
    gauges = load_gauges(scene.engine, late_s=60, drafted_tags=[])
    assert (gauges.unpublished_jobs, gauges.jobs_of_newer_release) == (0, 2)


def test_delivery_that_comes_again_asserts_the_jobs_that_are_known(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    first = webhook.post(event)
    webhook.received("post-process.fifo")
    webhook.execute(
        "INSERT INTO background_job (id, client_id, lead_id, message_id, type, dedupe_key, run_at)"
        " SELECT gen_random_uuid(), client_id, lead_id, id, :newer, 'newer', now() FROM message",
        newer=NEWER,
    )
    webhook.execute(
        "UPDATE background_job SET enqueued_at = NULL, generation = 1 WHERE type = :type",
        type=JobType.POST_PROCESS.value,
    )
    again = webhook.post(event)
    assert (again.status, again.message_id) == ("duplicate", first.message_id)
    assert [json.loads(message["Body"])["type"] for message in webhook.received("post-process.fifo")] == [
        JobType.POST_PROCESS
    ]


# --- Messages ----------------------------------------------------------------------------------------------------


def test_message_of_a_job_in_a_newer_status_is_acknowledged(stand: Stand) -> None:
    """The row is the truth: whoever knows its status publishes it again when it should run. Its lead goes on."""
    job_id, next_one = stand.publish(), stand.publish()
    change(stand.engine, "UPDATE background_job SET status = :newer WHERE id = :id", id=job_id)
    assert stand.deliver()
    assert stand.deliver()
    assert stand.runs == [next_one]
    assert stand.job(job_id).status == NEWER


def test_message_of_a_job_of_a_newer_type_becomes_a_dead_letter(stand: Stand) -> None:
    job_id = stand.publish()
    change(stand.engine, "UPDATE background_job SET type = :newer WHERE id = :id", id=job_id)
    for _ in range(stand.consumer.max_receive_count):
        assert not stand.deliver()
    assert stand.is_empty()
    assert stand.receive(DEAD_LETTERS) is not None
    assert (stand.job(job_id).status, stand.job(job_id).attempts) == ("PENDING", 0)


def test_message_of_an_unknown_job_is_acknowledged_and_seen(
    stand: Stand, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """As after a restore to a time before the job."""
    job_id = stand.publish()
    change(stand.engine, "DELETE FROM background_job WHERE id = :id", id=job_id)
    assert stand.deliver()
    assert stand.runs == []
    metrics.flush_metrics()
    assert f'"{Metric.JOB_UNKNOWN}":[1.0]' in capsys.readouterr().out
    assert [record.levelname for record in caplog.records if "unknown job" in record.message] == ["ERROR"]


def test_job_that_meets_a_newer_word_is_deferred_and_uses_up_no_receive(stand: Stand) -> None:
    stand.consumer = replace(stand.consumer, decide=decide_failure)
    stand.outcome = UnknownValueError("this release knows no LeadStatus 'HELD': a newer one has written it")
    job_id = stand.publish()
    assert stand.deliver()
    assert stand.is_empty()
    job = stand.job(job_id)
    assert (job.status, job.enqueued_at) == ("PENDING", None)
    assert job.last_error == "this release knows no LeadStatus 'HELD': a newer one has written it"
    assert stand.outcome.args == (job.last_error,)


# --- Words of a reply's own rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "type"),
    [
        ("UPDATE lead SET status = :newer", JobType.POST_PROCESS),
        ("UPDATE lead SET sentiment = :newer", JobType.POST_PROCESS),
        ("UPDATE message SET direction = :newer", JobType.POST_PROCESS),
        ("UPDATE message SET sentiment = :newer, sentiment_source = 'RULE'", JobType.POST_PROCESS),
        ("UPDATE message SET sentiment = 'Neutral', sentiment_source = :newer", JobType.POST_PROCESS),
        ("UPDATE lead SET status = :newer", JobType.LEAD_SCORING),
        ("UPDATE message SET sentiment = :newer", JobType.LEAD_SCORING),
    ],
)
def test_reply_of_which_a_word_is_newer_waits_with_nothing_written(scene: Scene, statement: str, type: JobType) -> None:
    job_id = scene.job(scene.message(sender=LEAD_EMAIL), type)
    assert change(scene.engine, statement)
    before = scene.lead(), scene.all("SELECT * FROM message")
    with pytest.raises(UnknownValueError, match=NEWER) as error:
        scene.run(job_id)
    assert decide_failure(error.value) == Defer(NEWER_RELEASE_S, WaitingFor.NEWER_RELEASE, str(error.value))
    assert (scene.lead(), scene.all("SELECT * FROM message"), scene.drafts()) == (*before, [])


def test_earlier_message_of_a_newer_kind_makes_the_reply_wait(scene: Scene) -> None:
    earlier = scene.message()
    change(scene.engine, "UPDATE message SET direction = :newer WHERE id = :id", id=earlier)
    with pytest.raises(UnknownValueError):
        scene.process()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE draft SET status = :newer",
        "UPDATE draft SET action = :newer, status = 'APPROVED'",
        "INSERT INTO outbound_send (id, client_id, lead_id, draft_id, automated, status, intended_at)"
        " SELECT gen_random_uuid(), client_id, lead_id, id, false, :newer, now() FROM draft",
    ],
)
def test_send_of_which_a_word_is_newer_waits(scene: Scene, statement: str) -> None:
    scene.model.judges(confidence=0.1)
    message_id = scene.message()
    scene.process(message_id)
    assert change(scene.engine, statement)
    job_id = scene.job(message_id, JobType.SEND_REPLY, draft_id=scene.draft().id)
    with pytest.raises(UnknownValueError, match=NEWER):
        scene.run(job_id)
    assert scene.instantly.replies == []


@pytest.mark.parametrize(
    ("step", "result"),
    [
        ("understand", {"tag": NEWER, "is_auto_reply": False, "is_newest": True, "suppressed": False}),
        ("decide", {"action": NEWER, "rule": "gate"}),
    ],
)
def test_checkpoint_with_a_newer_word_makes_the_job_wait(scene: Scene, step: str, result: dict[str, Any]) -> None:
    scene.model.judges(confidence=0.1)
    message_id = scene.message()
    job_id = scene.job(message_id)
    scene.run(job_id)
    change(scene.engine, "UPDATE background_job SET status = 'PENDING' WHERE id = :id", id=job_id)
    change(
        scene.engine,
        "UPDATE job_step SET result = CAST(:result AS jsonb) WHERE job_id = :id AND name = :step",
        id=job_id,
        step=step,
        result=json.dumps(result),
    )
    with pytest.raises(UnknownValueError, match=NEWER):
        scene.run(job_id)


def test_campaign_in_a_newer_mode_sends_nothing_by_itself(scene: Scene) -> None:
    change(scene.engine, "UPDATE campaign SET response_mode = :newer")
    assert isinstance(scene.process(), Done)
    assert scene.draft().status == DraftStatus.NEEDS_REVIEW
    assert scene.instantly.replies == []


def test_lead_that_is_suppressed_for_a_newer_reason_is_told_to_instantly(scene: Scene) -> None:
    scene.set_lead("suppressed_at = now(), suppression_reason = :newer", newer=NEWER)
    assert scene.run(scene.job(scene.message(), JobType.SYNC_PERSON)) == Done("blocked at the provider")
    assert scene.instantly.blocked == {scene.lead().email}


# --- Deliveries --------------------------------------------------------------------------------------------------


def test_delivery_that_a_newer_release_has_judged_stays_as_it_is(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    first = webhook.post(event)
    webhook.execute("UPDATE webhook_event SET outcome = :newer", newer=NEWER)
    again = webhook.post(event)
    assert (again.status_code, again.status, again.message_id) == (200, "duplicate", first.message_id)
    assert webhook.row("SELECT outcome FROM webhook_event").outcome == NEWER


def test_event_about_a_message_of_a_newer_kind_is_kept(webhook: WebhookUnderTest) -> None:
    event = reply_received()
    webhook.post(event)
    webhook.execute("UPDATE message SET direction = :newer", newer=NEWER)
    later = {**event, "timestamp": "2026-11-20T12:00:00Z"}
    kept = webhook.post(later)
    assert (kept.status_code, kept.status, kept.body["reason"]) == (200, "quarantined", "newer_release")
    webhook.execute("UPDATE message SET direction = 'INBOUND'")
    assert webhook.post(later).status == "duplicate"


# --- Operators ---------------------------------------------------------------------------------------------------


@pytest.fixture
def conversation(engine: Engine) -> Conversation:
    return start_conversation(engine)


def test_jobs_of_a_newer_type_are_shown_as_what_they_are(
    engine: Engine, conversation: Conversation, replyctl: Replyctl
) -> None:
    job_id = add_job(engine, conversation)
    change(engine, "UPDATE background_job SET type = :newer, run_at = now() - interval '1 h'")
    listed, shown = replyctl("jobs", "list"), replyctl("jobs", "show", str(job_id))
    assert (listed.exit_code, shown.exit_code) == (0, 0)
    for output in (listed.stdout, shown.stdout):
        assert "this release does not know the type" in " ".join(output.replace("│", " ").split())
    assert as_json(replyctl("jobs", "list", "--json"))[0]["type"] == NEWER
    assert "waits for the one that does" in refusal(replyctl("jobs", "requeue", str(job_id)))
    checks = {check["name"]: check for check in json.loads(replyctl("doctor", "--json").stdout)["checks"]}
    assert checks["unpublished jobs"]["state"] == "ok"
    assert (checks["jobs of a newer release"]["state"], checks["jobs of a newer release"]["finding"]) == (
        "warning",
        "1",
    )


def test_failed_jobs_of_a_newer_type_are_not_requeued(
    engine: Engine, conversation: Conversation, replyctl: Replyctl
) -> None:
    add_job(engine, conversation, status=JobStatus.FAILED)
    change(engine, "UPDATE background_job SET type = :newer")
    assert as_json(replyctl("jobs", "requeue", "--failed", "--json"))["requeued"] == 0


def test_job_in_a_newer_status_is_not_requeued(engine: Engine, conversation: Conversation, replyctl: Replyctl) -> None:
    job_id = add_job(engine, conversation)
    change(engine, "UPDATE background_job SET status = :newer")
    assert NEWER in refusal(replyctl("jobs", "requeue", str(job_id)))
    assert NEWER in replyctl("jobs", "list").stdout


def test_draft_in_a_newer_status_is_shown_and_decided_about_by_nobody(
    engine: Engine, conversation: Conversation, replyctl: Replyctl
) -> None:
    change(engine, "UPDATE draft SET status = :newer")
    draft_id = str(conversation.draft_id)
    assert as_json(replyctl("drafts", "list", "--json"))[0]["status"] == NEWER
    assert replyctl("drafts", "show", draft_id).exit_code == 0
    assert NEWER in refusal(replyctl("drafts", "approve", draft_id))


def test_listings_show_every_newer_word(engine: Engine, conversation: Conversation, replyctl: Replyctl) -> None:
    change(
        engine,
        "INSERT INTO campaign (id, client_id, provider, provider_campaign_id, name, response_mode)"
        " SELECT gen_random_uuid(), id, :newer, 'c1', 'Founders', :newer FROM client",
    )
    change(engine, "UPDATE message SET direction = :newer, sentiment = :newer, sentiment_source = :newer")
    change(
        engine,
        "UPDATE lead SET status = :newer, sentiment = :newer, suppression_reason = :newer, suppressed_at = now()",
    )
    change(
        engine,
        "INSERT INTO webhook_event (id, client_id, delivery_key, raw_body, outcome, received_at)"
        " SELECT gen_random_uuid(), id, 'key', '{}', :newer, now() FROM client",
    )
    for command in (
        ("campaign", "list"),
        ("lead", "show", conversation.email),
        ("lead", "suppressed"),
        ("events", "list"),
        ("drafts", "list"),
    ):
        result = replyctl(*command)
        assert result.exit_code == 0, (command, result.stderr, result.exception)
        assert NEWER in replyctl(*command, "--json").stdout, command
    lifted = replyctl("lead", "unsuppress", conversation.email, "--yes")
    assert lifted.exit_code == 0, lifted.stderr
    assert NEWER in lifted.stdout


def test_known_words_are_read() -> None:
    assert known(Tag, "Neutral") is Tag.NEUTRAL
    assert known(ResponseMode, "AUTO_SEND") is ResponseMode.AUTO_SEND
    with pytest.raises(UnknownValueError, match="knows no Tag"):
        known(Tag, NEWER)


def test_claim_says_in_which_status_a_job_is(engine: Engine, conversation: Conversation) -> None:
    job_id = add_job(engine, conversation)
    change(engine, "UPDATE background_job SET status = :newer")
    claim = claim_job(engine, JobId(job_id), owner="w", lease_s=60, sqs_message_id="m")
    assert isinstance(claim, Unclaimed)
    assert claim.status == NEWER
