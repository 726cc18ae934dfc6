"""The minute's maintenance on a real Postgres: nothing waits for ever, nothing is done twice."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import Engine, text

from infra.topology import TOPOLOGY
from shared.bootstrap.maintenance import build_maintenance
from shared.config import MaintenanceSettings, Secrets, SecretUnavailableError, load_settings
from shared.db.clients import create_client
from shared.db.engine import make_engine
from shared.db.gauges import load_gauges
from shared.db.outbox import MAX_IN_FLIGHT_PER_CLIENT, MAX_SCORING_IN_FLIGHT
from shared.domain.accounts import AccountRef
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import JobType, Tag
from shared.jobs.outcomes import Done
from shared.jobs.publish import Publisher
from shared.jobs.retry_policy import JITTER, MAX_DELAY_S
from shared.observability import Metric, metrics, observed
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.upkeep import maintain as maintain_module
from shared.pipelines.upkeep import settle_sends
from shared.pipelines.upkeep.maintain import (
    PARTS,
    MaintenanceFailedError,
    maintain,
    publish_due_jobs,
)
from shared.pipelines.upkeep.settle_sends import mark_abandoned_sends, settle_uncertain_sends
from shared.providers.errors import RateLimited, Refused, Uncertain
from shared.providers.instantly.emails import Email
from shared.providers.protocol import Account
from tests.instantly_events import hash_address
from tests.integration.reply_scene import MAILBOX, FakeSqs, Scene, account_of, email

PLENTY = 200.0
RETENTION = {
    "webhook_event": 30,
    "quarantined_event": 365,
    "job_step": 30,
    "ai_interaction": 90,
    "sent_copy": 60,
}  # in days


@pytest.fixture(autouse=True)
def no_metrics_of_another_test() -> None:
    """What runs outside of a handler is counted and not printed: it would be, sooner or later, by another test."""
    metrics.clear_metrics()


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def dependencies(scene: Scene, publisher: Publisher | None = None) -> Dependencies:
    return Dependencies(
        engine=scene.engine,
        publisher=publisher or scene.publisher,
        accounts=lambda _: account_of(scene.instantly),
        hash_address=hash_address,
        retention=RETENTION,
    )


def unpublished(
    scene: Scene,
    count: int = 1,
    *,
    client_id: Any = None,
    age_s: int = 120,
    lead_id: Any = None,
    type: JobType = JobType.SYNC_PERSON,
) -> list[Any]:
    ids = [uuid7() for _ in range(count)]
    with scene.engine.begin() as connection:
        for job_id in ids:
            connection.execute(
                text(
                    "INSERT INTO background_job (id, client_id, lead_id, type, dedupe_key, run_at) VALUES"
                    " (:id, :client, :lead, :type, :key, now() - make_interval(secs => :age))"
                ),
                {
                    "id": job_id,
                    "client": client_id or scene.client_id,
                    "lead": lead_id or scene.lead_id,
                    "type": type.value,
                    "key": f"key:{job_id}",
                    "age": age_s,
                },
            )
    return ids


def another_client(scene: Scene) -> tuple[Any, Any]:
    lead_id = uuid7()
    with scene.engine.begin() as connection:
        client_id = create_client(connection, "Other").id
        connection.execute(
            text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client, 'x@other.test')"),
            {"id": lead_id, "client": client_id},
        )
    return client_id, lead_id


# --- publishing ------------------------------------------------------------------------------------------------------


def test_a_committed_job_that_never_reached_its_queue_is_published_once(scene: Scene) -> None:
    (job_id,) = unpublished(scene)
    assert publish_due_jobs(dependencies(scene)) == 1
    assert publish_due_jobs(dependencies(scene)) == 0
    assert [entry["MessageDeduplicationId"] for entry in scene.sqs.sent] == [f"key:{job_id}"]


def test_a_job_of_the_future_waits(scene: Scene) -> None:
    unpublished(scene, age_s=-600)
    assert publish_due_jobs(dependencies(scene)) == 0


def test_what_sqs_refuses_is_published_by_a_later_run(scene: Scene) -> None:
    unpublished(scene, 3)
    scene.sqs.refuses = True
    assert publish_due_jobs(dependencies(scene)) == 0
    scene.sqs.refuses = False
    assert publish_due_jobs(dependencies(scene)) == 3


def test_a_flooding_client_gets_its_share_and_the_others_theirs(scene: Scene) -> None:
    unpublished(scene, MAX_IN_FLIGHT_PER_CLIENT + 30, age_s=600)
    client_id, lead_id = another_client(scene)
    unpublished(scene, 2, client_id=client_id, lead_id=lead_id)
    assert publish_due_jobs(dependencies(scene)) == MAX_IN_FLIGHT_PER_CLIENT + 2
    assert publish_due_jobs(dependencies(scene)) == 0


def test_scoring_jobs_get_the_part_of_the_share_that_is_theirs_and_replies_come_first(scene: Scene) -> None:
    scoring = unpublished(scene, MAX_IN_FLIGHT_PER_CLIENT, age_s=600, type=JobType.LEAD_SCORING)
    replies = unpublished(scene, MAX_IN_FLIGHT_PER_CLIENT - MAX_SCORING_IN_FLIGHT + 5)
    assert publish_due_jobs(dependencies(scene)) == MAX_IN_FLIGHT_PER_CLIENT
    sent = [entry["Id"] for entry in scene.sqs.sent]
    assert set(sent[: len(replies)]) == {str(job) for job in replies}
    assert len(sent[len(replies) :]) == MAX_SCORING_IN_FLIGHT - 5
    assert set(sent[len(replies) :]) <= {str(job) for job in scoring}
    assert load_gauges(scene.engine, late_s=60, drafted_tags=[]).unpublished_jobs == 0, "the rest waits for its share"


def test_a_job_whose_message_is_gone_is_published_again_with_its_checkpoints(scene: Scene) -> None:
    """Postgres was away for all of the message's receives: it is dead-lettered, and the row knows nothing of it."""
    gone, on_its_way, deferred = (scene.job(scene.message()) for _ in range(3))
    with scene.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO job_step (job_id, name, client_id, result) VALUES (:job, 'understand', :client, '{}')"),
            {"job": gone, "client": scene.client_id},
        )
        connection.execute(
            text(
                "UPDATE background_job SET run_at = now() - interval '5 hours', enqueued_at = CASE WHEN id = :gone"
                " THEN now() - interval '4 hours' ELSE now() - interval '2 hours' END WHERE id = ANY(:ids)"
            ),
            {"gone": gone, "ids": [gone, on_its_way]},
        )
        connection.execute(
            text(
                "UPDATE background_job SET run_at = now() + interval '1 hour',"
                " enqueued_at = now() - interval '9 hours' WHERE id = :id"
            ),
            {"id": deferred},
        )
    done = maintain(dependencies(scene), lambda: PLENTY)
    assert done["unheard_jobs"] == 1
    assert publish_due_jobs(dependencies(scene)) == 1
    (entry,) = scene.sqs.sent
    assert entry["Id"] == str(gone)
    assert entry["MessageDeduplicationId"].endswith(":1"), "the queue may still know the first one"
    assert sorted(scene.steps(gone)) == ["understand"]
    assert maintain(dependencies(scene), lambda: PLENTY)["unheard_jobs"] == 0


def test_two_runs_at_once_share_the_work(scene: Scene) -> None:
    """The first run's rows stay locked while it talks to SQS; the second skips them."""
    unpublished(scene, 10)
    in_sqs, go_on = threading.Event(), threading.Event()

    class SlowSqs(FakeSqs):
        def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
            in_sqs.set()
            assert go_on.wait(10)
            return super().send_message_batch(QueueUrl=QueueUrl, Entries=Entries)

    slow_sqs = SlowSqs()
    slow = Publisher(cast("Any", slow_sqs), post_process_queue_url="q", lead_scoring_queue_url="s")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(publish_due_jobs, dependencies(scene, slow))
        assert in_sqs.wait(10)
        second = publish_due_jobs(dependencies(scene))
        go_on.set()
        assert (first.result(), second) == (10, 0)
    assert scene.sqs.sent == []


# --- workers and sends that were lost --------------------------------------------------------------------------------


# A worker that cannot write the end of its run leaves the row RUNNING until its message comes back, after its backoff.
@pytest.mark.parametrize(
    ("expired_s", "status"),
    [(3 * MAX_DELAY_S, "FAILED"), (MAX_DELAY_S * (1 + JITTER), "RUNNING"), (60, "RUNNING"), (-60, "RUNNING")],
)
def test_a_job_whose_worker_was_lost_for_good_fails_and_a_live_lease_is_left_alone(
    scene: Scene, expired_s: float, status: str
) -> None:
    job_id = scene.job(scene.message())
    scene.claim(job_id)
    with scene.engine.begin() as connection:
        connection.execute(
            text("UPDATE background_job SET lease_expires_at = now() - make_interval(secs => :s)"), {"s": expired_s}
        )
    maintain(dependencies(scene), lambda: PLENTY)
    assert scene.one("SELECT status FROM background_job WHERE id = :id", id=job_id).status == status


def uncertain(scene: Scene, *, left: bool) -> None:
    scene.instantly.reply_error = Uncertain("timeout")
    scene.instantly.reply_is_sent_before_the_error = left
    assert scene.process() == Done("uncertain")


def test_an_uncertain_send_that_is_in_the_thread_was_sent(scene: Scene) -> None:
    uncertain(scene, left=True)
    assert settle_uncertain_sends(dependencies(scene), lambda: PLENTY) == 1
    send, draft = scene.one("SELECT * FROM outbound_send"), scene.draft()
    assert (send.status, send.settled_by_kind, draft.status) == ("SENT", "THREAD", "SENT")
    sent = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert sent.provider_message_id == send.provider_message_id == scene.instantly.thread[0].id
    assert sent.draft_id == draft.id
    assert scene.lead().last_message_direction == "OUTBOUND"


def test_an_uncertain_send_that_is_not_in_the_thread_stays_uncertain(scene: Scene) -> None:
    uncertain(scene, left=False)
    assert settle_uncertain_sends(dependencies(scene), lambda: PLENTY) == 0
    assert scene.draft().status == "SEND_UNCERTAIN"
    assert scene.one("SELECT checked_at FROM outbound_send").checked_at is not None


@pytest.mark.parametrize(
    "error",
    [RateLimited("slow down", retry_after_s=60), Refused(401, "no"), SecretUnavailableError("ssm:/k", LookupError())],
    ids=lambda error: type(error).__name__,
)
def test_a_workspace_whose_provider_refuses_us_does_not_keep_the_others_from_being_settled(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(settle_sends, "SETTLE_LIMIT", 1)
    refused, other = Scene(engine), Scene(engine)
    for scene in (refused, other):
        uncertain(scene, left=True)

    def account(ref: AccountRef) -> Account:
        if ref.client_id == refused.client_id:
            raise error
        return account_of(other.instantly)

    given = replace(dependencies(other), accounts=account)
    assert [settle_uncertain_sends(given, lambda: PLENTY) for _ in range(2)] == [0, 1]
    assert (refused.draft().status, other.draft().status) == ("SEND_UNCERTAIN", "SENT")


class Killed(BaseException):
    """A run that the end of the function's time kills."""


def test_a_run_that_is_killed_while_it_looks_for_a_send_does_not_begin_with_it_again(engine: Engine) -> None:
    deadly, other = Scene(engine), Scene(engine)
    for scene in (deadly, other):
        uncertain(scene, left=True)
    asked: list[Any] = []

    def account(ref: AccountRef) -> Account:
        asked.append(ref.client_id)
        if ref.client_id == deadly.client_id:
            raise Killed
        return account_of(other.instantly)

    given = replace(dependencies(other), accounts=account)
    with pytest.raises(Killed):
        settle_uncertain_sends(given, lambda: PLENTY)
    with pytest.raises(Killed):
        settle_uncertain_sends(given, lambda: PLENTY)
    assert asked == [deadly.client_id, other.client_id, deadly.client_id]
    assert other.draft().status == "SENT"


def test_what_waits_for_a_provider_comes_after_everything_else(
    scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    uncertain(scene, left=True)
    pruned: list[str] = []
    monkeypatch.setattr(maintain_module, "prune", lambda _, table, **__: pruned.append(table) or 0)

    def killed(_: Any) -> Any:
        raise Killed

    with pytest.raises(Killed):
        maintain(replace(dependencies(scene), accounts=killed), lambda: PLENTY)
    assert pruned == list(RETENTION)
    assert Metric.UNCERTAIN_SENDS in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        {"ue_type": 2},
        {"ue_type": 1},
        {"ue_type": 4},
        {"text": "I am the colleague of the one who wrote before."},
        {"html": "<p>I am the colleague of the one who wrote before.</p>"},
        {"thread_id": "another-thread"},
        {"eaccount": "other@send.test"},
    ],
)
def test_mail_that_cannot_be_ours_settles_nothing(scene: Scene, change: dict[str, Any]) -> None:
    uncertain(scene, left=True)
    scene.instantly.thread = [replace(scene.instantly.thread[0], **change)]
    assert settle_uncertain_sends(dependencies(scene), lambda: PLENTY) == 0


def test_the_draft_s_words_prove_it_whatever_stands_around_them(scene: Scene) -> None:
    uncertain(scene, left=True)
    body = scene.draft().body
    ours = replace(scene.instantly.thread[0], html=f"<div>{body.replace(chr(10), '<br>')}</div><p>-- </p><p>Sam</p>")
    scene.instantly.thread = [replace(ours, id=str(uuid7()), html="<p>Sam here: ignore that mail.</p>"), ours]
    assert settle_uncertain_sends(dependencies(scene), lambda: PLENTY) == 1
    assert scene.one("SELECT provider_message_id FROM outbound_send").provider_message_id == ours.id


def test_older_mail_of_the_thread_settles_nothing(scene: Scene) -> None:
    uncertain(scene, left=True)
    created = scene.instantly.thread[0].timestamp_created
    assert created is not None
    scene.instantly.thread = [replace(scene.instantly.thread[0], timestamp_created=created - timedelta(minutes=5))]
    assert settle_uncertain_sends(dependencies(scene), lambda: PLENTY) == 0


def test_two_candidates_prove_nothing(scene: Scene) -> None:
    uncertain(scene, left=True)
    scene.instantly.thread.append(email(str(uuid7()), ue_type=3, from_email=MAILBOX))
    assert settle_uncertain_sends(dependencies(scene), lambda: PLENTY) == 0


def test_a_mail_that_another_draft_made_is_no_candidate(scene: Scene) -> None:
    scene.process(scene.message(age=timedelta(minutes=5)))
    sent = scene.one("SELECT provider_message_id FROM outbound_send").provider_message_id
    scene.instantly.reply_error = Uncertain("timeout")
    scene.process(scene.message("And what does the setup cost?", age=timedelta(0)))
    scene.instantly.thread = [email(sent, ue_type=3, from_email=MAILBOX)]
    assert settle_uncertain_sends(dependencies(scene), lambda: PLENTY) == 0


def test_an_intended_send_without_a_live_lease_becomes_uncertain(scene: Scene) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    job_id = scene.job(scene.message())
    scene.instantly.before_reply = die
    with pytest.raises(Killed):
        scene.run(job_id)
    assert mark_abandoned_sends(dependencies(scene)) == 0  # the lease lives: the call may be under way
    scene.expire_lease(job_id)
    assert mark_abandoned_sends(dependencies(scene)) == 1
    assert (scene.one("SELECT status FROM outbound_send").status, scene.draft().status) == (
        "UNCERTAIN",
        "SEND_UNCERTAIN",
    )


def test_credentials_that_are_refused_while_settling_raise_the_alarm(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    uncertain(scene, left=True)
    emitted: list[Metric] = []
    monkeypatch.setattr(settle_sends, "emit", lambda metric, *_, **__: emitted.append(metric))

    class Refusing:
        def list_emails(self, **_: object) -> list[Email]:
            raise Refused(401, "unauthorized")

    given = replace(dependencies(scene), accounts=lambda _: account_of(Refusing()))
    assert settle_uncertain_sends(given, lambda: PLENTY) == 0
    assert emitted == [Metric.PROVIDER_CREDENTIALS_REFUSED]


# --- pruning and gauges ----------------------------------------------------------------------------------------------


def test_old_telemetry_and_steps_of_finished_jobs_are_pruned_and_no_others(scene: Scene) -> None:
    open_job, done = scene.job(scene.message(age=timedelta(hours=1))), scene.job(scene.message())
    scene.run(done)
    with scene.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO job_step (job_id, name, client_id, result) VALUES (:job, 'understand', :client, '{}')"),
            {"job": open_job, "client": scene.client_id},
        )
        connection.execute(text("UPDATE job_step SET finished_at = now() - interval '31 days'"))
        connection.execute(
            text("UPDATE ai_interaction SET created_at = now() - interval '91 days' WHERE feature = 'sentiment'")
        )
    maintain(dependencies(scene), lambda: PLENTY)
    assert scene.steps(done) == {}
    assert sorted(scene.steps(open_job)) == ["understand"]
    assert {row.feature for row in scene.all("SELECT feature FROM ai_interaction")} == {"draft", "reply_evaluation"}


def test_deliveries_older_than_the_setting_are_pruned_and_younger_ones_stay(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        for name, age in (("old", "31 days"), ("young", "29 days"), ("new", "0 days")):
            connection.execute(
                text(
                    "INSERT INTO webhook_event (id, client_id, delivery_key, detail, raw_body, received_at, outcome)"
                    " VALUES (:id, :client, :key, :name, '', now() - CAST(:age AS interval), 'IGNORED')"
                ),
                {"id": uuid7(), "client": scene.client_id, "key": name.encode(), "name": name, "age": age},
            )
    done = maintain(dependencies(scene), lambda: PLENTY)
    assert done["pruned_webhook_event"] == 1
    assert {row.detail for row in scene.all("SELECT detail FROM webhook_event")} == {"young", "new"}


def test_what_had_no_effect_yet_is_kept_for_a_year(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        for name, age in (("old", "366 days"), ("young", "364 days")):
            connection.execute(
                text(
                    "INSERT INTO webhook_event (id, client_id, delivery_key, detail, raw_body, received_at, outcome)"
                    " VALUES (:id, :client, :key, :name, '', now() - CAST(:age AS interval), 'QUARANTINED')"
                ),
                {"id": uuid7(), "client": scene.client_id, "key": name.encode(), "name": name, "age": age},
            )
    done = maintain(dependencies(scene), lambda: PLENTY)
    assert (done["pruned_webhook_event"], done["pruned_quarantined_event"]) == (0, 1)
    assert [row.detail for row in scene.all("SELECT detail FROM webhook_event")] == ["young"]


def test_a_flood_that_waits_for_its_share_is_no_unpublished_job(scene: Scene) -> None:
    unpublished(scene, MAX_IN_FLIGHT_PER_CLIENT + 7)
    assert publish_due_jobs(dependencies(scene)) == MAX_IN_FLIGHT_PER_CLIENT
    other, lead_id = another_client(scene)
    unpublished(scene, 2, client_id=other, lead_id=lead_id)
    unpublished(scene, 1, client_id=other, lead_id=lead_id, age_s=1)
    assert load_gauges(scene.engine, late_s=60, drafted_tags=[]).unpublished_jobs == 2


def test_a_reply_that_deserves_an_answer_and_has_no_draft_is_counted(scene: Scene) -> None:
    scene.model.says(Tag.NEUTRAL)
    message_id = scene.message()
    scene.process(message_id)

    def counted() -> int:
        return load_gauges(scene.engine, late_s=60, drafted_tags=["Interested"]).eligible_without_draft

    assert counted() == 0
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET sentiment = 'Interested'"))
    assert counted() == 1
    scene.message("One more thing!", age=timedelta(0))
    assert counted() == 0, "the newer reply's draft answers both"


def test_gauges_count_what_waits(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.model.judges(confidence=0.1)
    scene.process()
    done = maintain(dependencies(scene), lambda: PLENTY)
    assert done["gauges"] == 1  # a draft awaits review


def test_a_part_that_fails_does_not_keep_the_others_from_running(scene: Scene) -> None:
    unpublished(scene)
    broken = replace(dependencies(scene), retention={"no_such_table": 30, "ai_interaction": 90})
    done = maintain(broken, lambda: PLENTY)
    assert done["published"] == 1
    assert "pruned_no_such_table" not in done
    assert "pruned_ai_interaction" in done


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    """Metrics wait for the end of a call: what a test of a mere part has left behind is not this test's."""
    metrics.clear_metrics()


def printed(out: str, metric: Metric) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines() if f'"Name":"{metric.value}"' in line]


def completed(out: str) -> list[str]:
    return [line["part"] for line in printed(out, Metric.MAINTENANCE_COMPLETED)]


def failed(out: str) -> float:
    (line,) = printed(out, Metric.MAINTENANCE_PARTS_FAILED)
    return float(line[Metric.MAINTENANCE_PARTS_FAILED.value][0])


def test_every_part_says_that_it_was_done(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    done = observed(lambda _, __: maintain(dependencies(scene), lambda: PLENTY))({}, None)
    out = capsys.readouterr().out
    assert sorted(completed(out)) == sorted(done) == sorted(PARTS), "an alarm waits for each of these"
    assert failed(out) == 0


def test_the_deployed_function_has_the_parts_that_alarms_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1:9/replies")
    monkeypatch.setenv("POST_PROCESS_QUEUE_URL", "http://127.0.0.1:9/1/p.fifo")
    monkeypatch.setenv("LEAD_SCORING_QUEUE_URL", "http://127.0.0.1:9/1/l.fifo")
    for provider in TOPOLOGY.providers:
        monkeypatch.setenv(provider.keys_variable, "k")
    monkeypatch.setenv("ADDRESS_HASH_KEY", "h" * 64)
    deployed = build_maintenance(load_settings(MaintenanceSettings), Secrets())
    try:
        assert {f"pruned_{table}" for table in deployed.retention} == {
            part for part in PARTS if part.startswith("pruned_")
        }
    finally:
        deployed.engine.dispose()


def test_a_part_that_fails_is_missed_and_counted(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    broken = replace(dependencies(scene), retention={**RETENTION, "no_such_table": 30})
    observed(lambda _, __: maintain(broken, lambda: PLENTY))({}, None)
    out = capsys.readouterr().out
    assert sorted(completed(out)) == sorted(PARTS)
    assert failed(out) == 1


def test_a_run_in_which_nothing_could_be_done_is_an_error_of_the_function(
    scene: Scene, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """What it counted is printed all the same, and it fails only after every part had its turn."""
    engine = make_engine("postgresql://app@127.0.0.1:9/replies")
    broken = replace(dependencies(scene), engine=engine)
    try:
        with pytest.raises(MaintenanceFailedError, match=f"all {len(PARTS)} parts"):
            observed(lambda _, __: maintain(broken, lambda: PLENTY))({}, None)
    finally:
        engine.dispose()
    out = capsys.readouterr().out
    assert completed(out) == []
    assert failed(out) == len(PARTS)
    assert caplog.text.count("maintenance part failed") == len(PARTS)


def test_a_part_whose_database_is_slow_ends_in_time_for_the_others(
    scene: Scene, database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(maintain_module, "PART_BUDGET_S", 1.0)
    engine = make_engine(database_url, statement_timeout_s=30, answer_timeout_s=32)
    with scene.engine.connect() as other:
        other.execute(text("LOCK TABLE webhook_event IN ACCESS EXCLUSIVE MODE"))
        done = maintain(replace(dependencies(scene), engine=engine), lambda: PLENTY)
    engine.dispose()
    assert "pruned_webhook_event" not in done
    assert "pruned_ai_interaction" in done
    assert "55P03" not in caplog.text, "the lock's own time-out of ten seconds was not waited for"


def test_the_send_job_of_an_approval_is_found_by_maintenance_when_nobody_published_it(scene: Scene) -> None:
    scene.model.judges(confidence=0.1)
    message_id = scene.message()
    scene.process(message_id)
    job_id = scene.job(message_id, JobType.SEND_REPLY, draft_id=scene.draft().id)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET status = 'APPROVED'"))
        connection.execute(text("UPDATE background_job SET enqueued_at = NULL WHERE id = :id"), {"id": job_id})
    assert publish_due_jobs(dependencies(scene)) == 1
    assert scene.run(job_id) == Done("sent")


# --- follow-ups ------------------------------------------------------------------------------------------------------


def test_follow_ups_go_on_once_the_stated_absence_is_over(scene: Scene) -> None:
    def paused(reason: str, due: str) -> Any:
        follow_up_id = scene.follow_up("PAUSED")
        with scene.engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE follow_up_instance SET paused_reason = :reason,"
                    " next_step_due = now() + CAST(:due AS interval) WHERE id = :id"
                ),
                {"id": follow_up_id, "reason": reason, "due": due},
            )
        return follow_up_id

    over, running = paused("OUT_OF_OFFICE", "-1 minute"), paused("OUT_OF_OFFICE", "1 day")
    replied = paused("LEAD_REPLIED", "-1 minute")

    assert maintain(dependencies(scene), lambda: PLENTY)["resumed_follow_ups"] == 1

    rows = {row.id: row for row in scene.all("SELECT * FROM follow_up_instance")}
    assert (rows[over].status, rows[over].paused_reason) == ("ACTIVE", None)
    assert (rows[running].status, rows[replied].status) == ("PAUSED", "PAUSED")
