"""The consumer's loop with a real FIFO queue and a real Postgres: each outcome's effect on row and message."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.event import listen

from infra.topology import TOPOLOGY
from shared.bootstrap.maintenance import build_maintenance
from shared.bootstrap.workers import build_lead_scoring, build_post_process
from shared.config import LeadScoringSettings, MaintenanceSettings, PostProcessSettings, Secrets, load_settings
from shared.db.engine import make_engine, sqlalchemy_url
from shared.db.job_leases import LeaseLost
from shared.db.jobs import Job
from shared.db.outages import DEAD_WITHIN_S
from shared.db.outbox import assert_job, next_publishable
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, JobId, JobType, LeadId, WaitingFor
from shared.jobs.consumer import Consumer, Run
from shared.jobs.outcomes import DeadLetter, Defer, Done, Outcome, Retry, Skip, StartAgain
from shared.jobs.publish import Publisher
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.people.requeue_jobs import requeue_jobs
from tests.integration.conversations import add_lead, start_conversation

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_RECEIVE_COUNT = 10
QUEUE, DEAD_LETTERS = "post-process.fifo", "post-process-dlq.fifo"


@dataclass
class Context:
    aws_request_id: str = "request-1"
    remaining_ms: int = 20_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


@dataclass
class Stand:
    """A queue, a consumer on it, and a run that does what the test says."""

    engine: Engine
    sqs: SQSClient
    queues: dict[str, str]
    outcome: Outcome | Exception = field(default_factory=Done)
    during: Callable[[Run], None] = lambda _: None
    runs: list[JobId] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = start_conversation(self.engine)
        self.publisher = Publisher(
            self.sqs,
            post_process_queue_url=self.queues[QUEUE],
            lead_scoring_queue_url=self.queues["lead-scoring.fifo"],
        )
        self.consumer = Consumer(
            engine=self.engine,
            sqs=self.sqs,
            queue_url=self.queues[QUEUE],
            publisher=self.publisher,
            run=self._run,
            decide=lambda error: DeadLetter(f"decided: {error}"),
            max_receive_count=MAX_RECEIVE_COUNT,
            time_scale=0.001,
        )

    def _run(self, run: Run) -> Outcome:
        self.runs.append(run.job.id)
        self.during(run)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def insert(self) -> Job:
        """Inserts a job that no queue has heard of yet."""
        with self.engine.begin() as connection:
            job = assert_job(
                connection,
                JobType.POST_PROCESS,
                ClientId(self.conversation.client_id),
                LeadId(self.conversation.lead_id),
                subject_id=uuid7(),
            )
        assert job is not None
        return job.job

    def publish(self) -> JobId:
        job = self.insert()
        assert self.publisher.publish(self.engine, [job]).published == 1
        return job.id

    def receive(self, queue: str = QUEUE, wait_s: int = 5) -> dict[str, Any] | None:
        messages = self.sqs.receive_message(
            QueueUrl=self.queues[queue], WaitTimeSeconds=wait_s, AttributeNames=["All"], VisibilityTimeout=60
        ).get("Messages", [])
        if not messages:
            return None
        message = messages[0]
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
        }

    def deliver(self, **context: Any) -> bool:
        """One delivery as the event source mapping does it; True when the message was acknowledged."""
        record = self.receive()
        assert record is not None, "no message came"
        return self.handle(record, **context)

    def handle(self, record: dict[str, Any], **context: Any) -> bool:
        answer = self.consumer.handle({"Records": [record]}, Context(**context))
        failed = [item["itemIdentifier"] for item in answer["batchItemFailures"]]
        assert failed in ([], [record["messageId"]])
        if not failed:
            self.sqs.delete_message(QueueUrl=self.queues[QUEUE], ReceiptHandle=record["receiptHandle"])
        return not failed

    def job(self, job_id: JobId) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(text("SELECT * FROM background_job WHERE id = :id"), {"id": job_id}).one()

    def redrive(self) -> None:
        """Starts a redrive with the call of the AWS console's "Start DLQ redrive"."""
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queues[DEAD_LETTERS], AttributeNames=["QueueArn"])
        self.sqs.start_message_move_task(SourceArn=arn["Attributes"]["QueueArn"])

    def is_empty(self) -> bool:
        return self.receive(wait_s=0) is None


@pytest.fixture
def stand(engine: Engine, sqs_client: SQSClient, queues: dict[str, str]) -> Stand:
    return Stand(engine, sqs_client, queues)


@pytest.mark.parametrize(("outcome", "result"), [(Done("sent"), "sent"), (Skip("outbound"), "skipped: outbound")])
def test_done_and_skip_end_the_job_and_the_message(stand: Stand, outcome: Outcome, result: str) -> None:
    job_id = stand.publish()
    stand.outcome = outcome
    assert stand.deliver()
    job = stand.job(job_id)
    assert (job.status, job.result, job.lease_owner) == ("SUCCEEDED", result, None)
    assert stand.is_empty()


def test_a_job_of_an_erased_lead_is_not_run(stand: Stand) -> None:
    job_id = stand.publish()
    with stand.engine.begin() as connection:
        connection.execute(text("UPDATE lead SET erased_at = now()"))
    assert stand.deliver()
    assert stand.runs == []
    job = stand.job(job_id)
    assert (job.status, job.result) == ("SUCCEEDED", "skipped: person_erased")
    assert stand.is_empty()


def test_a_retry_gives_the_job_back_and_its_message_returns(stand: Stand) -> None:
    job_id = stand.publish()
    stand.outcome = Retry("busy\x00", after_s=0.001)
    assert not stand.deliver()
    job = stand.job(job_id)
    assert (job.status, job.last_error, job.lease_owner) == ("PENDING", "busy", None)

    stand.outcome = Done()
    assert stand.deliver()
    job = stand.job(job_id)
    assert (job.status, job.attempts, job.last_error) == ("SUCCEEDED", 2, None)


def test_a_message_is_hidden_for_the_run_before_it_starts(stand: Stand) -> None:
    stand.publish()
    record = stand.receive()
    assert record is not None
    stand.sqs.change_message_visibility(
        QueueUrl=stand.queues[QUEUE], ReceiptHandle=record["receiptHandle"], VisibilityTimeout=1
    )
    seen: list[bool] = []
    stand.during = lambda _: seen.append(stand.receive(wait_s=2) is None)
    assert stand.handle(record)
    assert seen == [True]


def test_the_lease_outlives_the_functions_time(stand: Stand) -> None:
    left_s: list[float] = []

    def look(run: Run) -> None:
        with stand.engine.connect() as connection:
            query = text("SELECT extract(epoch FROM lease_expires_at - started_at) FROM background_job WHERE id = :id")
            left_s.append(float(connection.execute(query, {"id": run.job.id}).scalar_one()))

    stand.during = look
    stand.publish()
    assert stand.deliver(remaining_ms=20_000)
    assert left_s[0] > 20.0


def test_the_last_receive_fails_the_job_instead_of_blocking_its_group(stand: Stand) -> None:
    job_id = stand.publish()
    stand.outcome = Retry("busy")
    record = stand.receive()
    assert record is not None
    record["attributes"]["ApproximateReceiveCount"] = str(MAX_RECEIVE_COUNT)
    assert not stand.handle(record)
    job = stand.job(job_id)
    assert job.status == "FAILED"
    assert job.last_error == "gave up after 10 receives: busy"
    assert job.failed_sqs_message_id == record["messageId"]
    assert stand.receive(wait_s=2) is not None  # visible at once: SQS takes it away


def test_a_dead_letter_reaches_the_queue_of_its_name_without_running_again(stand: Stand) -> None:
    job_id = stand.publish()
    stand.outcome = DeadLetter("no such prompt")
    for _ in range(MAX_RECEIVE_COUNT):
        assert not stand.deliver()
    assert stand.runs == [job_id]
    assert stand.is_empty()
    dead = stand.receive(DEAD_LETTERS)
    assert dead is not None
    assert str(job_id) in dead["body"]
    assert stand.job(job_id).last_error == "no such prompt"


def test_a_redriven_job_runs_again_and_a_copy_of_a_finished_one_is_acknowledged_without_work(stand: Stand) -> None:
    job_id = bury(stand)

    stand.redrive()
    stand.outcome = Done("repaired")
    record = stand.receive()
    assert record is not None
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert stand.handle(record)
    assert stand.runs == [job_id, job_id]
    assert stand.job(job_id).status == "SUCCEEDED"

    answer = stand.consumer.handle({"Records": [{**record, "messageId": "another-copy"}]}, Context())
    assert answer == {"batchItemFailures": []}
    assert stand.runs == [job_id, job_id]


def bury(stand: Stand) -> JobId:
    """Makes a job that failed for good, its message in the dead-letter queue."""
    job_id = stand.publish()
    stand.outcome = DeadLetter("broken")
    reach_the_dead_letters(stand)
    return job_id


def reach_the_dead_letters(stand: Stand) -> None:
    for _ in range(MAX_RECEIVE_COUNT):
        assert not stand.deliver()
    assert stand.is_empty()  # this receive is the one that moves it


def test_a_dead_letter_whose_job_is_done_by_now_is_acknowledged_without_work(stand: Stand) -> None:
    job_id = bury(stand)
    requeue_jobs(stand.engine, stand.publisher, [job_id])
    stand.outcome = Done("repaired")
    assert stand.deliver()
    assert stand.runs == [job_id, job_id]

    stand.redrive()
    assert stand.deliver()
    assert stand.runs == [job_id, job_id], "it ran once more"
    job = stand.job(job_id)
    assert (job.status, job.result, job.attempts) == ("SUCCEEDED", "repaired", 2)
    assert stand.is_empty()
    assert stand.receive(DEAD_LETTERS, wait_s=0) is None


def test_a_job_that_fails_again_after_a_redrive_is_redriven_again_until_the_cause_is_gone(stand: Stand) -> None:
    job_id = bury(stand)
    stand.redrive()
    stand.outcome = DeadLetter("broken still")
    reach_the_dead_letters(stand)
    assert stand.runs == [job_id, job_id], "once per redrive"
    assert (stand.job(job_id).status, stand.job(job_id).last_error) == ("FAILED", "broken still")

    stand.redrive()
    stand.outcome = Done("repaired")
    assert stand.deliver()
    job = stand.job(job_id)
    assert (job.status, job.result, job.attempts) == ("SUCCEEDED", "repaired", 3)
    assert stand.receive(DEAD_LETTERS, wait_s=0) is None


def test_a_deferred_job_waits_in_the_outbox(stand: Stand) -> None:
    job_id = stand.publish()
    stand.outcome = Defer(3_600, WaitingFor.SENDING_WINDOW)
    assert stand.deliver()
    job = stand.job(job_id)
    assert (job.status, job.enqueued_at, job.generation) == ("PENDING", None, 1)
    assert job.waiting_for == "SENDING_WINDOW", "what it waits for, for whoever looks"


def test_a_job_that_starts_again_is_published_in_the_group_of_the_lead_that_it_has_now(stand: Stand) -> None:
    job_id = stand.publish()
    with stand.engine.begin() as connection:
        other = add_lead(connection, stand.conversation.client_id, "p.lee@other.test")

    def move(_run: Run) -> None:
        with stand.engine.begin() as connection:
            connection.execute(text("UPDATE background_job SET lead_id = :lead"), {"lead": other})

    stand.during, stand.outcome = move, StartAgain("the lead is another one")
    assert stand.deliver()
    job = stand.job(job_id)
    assert (job.status, job.generation, job.lease_owner) == ("PENDING", 1, None)
    assert job.enqueued_at is not None

    stand.during, stand.outcome = (lambda _: None), Done()
    record = stand.receive()
    assert record is not None, "no second message came"
    assert record["attributes"]["MessageGroupId"] == str(other)
    assert stand.handle(record)
    assert stand.job(job_id).status == "SUCCEEDED"
    assert stand.is_empty()


def test_what_a_run_raises_is_decided_by_the_table(stand: Stand) -> None:
    job_id = stand.publish()
    stand.outcome = KeyError("oops")
    assert not stand.deliver()
    assert (stand.job(job_id).status, stand.job(job_id).last_error) == ("FAILED", "decided: 'oops'")


def test_a_job_that_somebody_else_runs_is_left_to_him(stand: Stand) -> None:
    job_id = stand.publish()
    with stand.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE background_job SET status = 'RUNNING', lease_owner = 'other',"
                " lease_expires_at = now() + interval '30 s'"
            )
        )
    assert not stand.deliver()
    assert stand.runs == []
    assert stand.job(job_id).lease_owner == "other"
    assert stand.is_empty()  # hidden until the lease ends


def test_a_worker_that_lost_its_lease_reports_failure_and_writes_nothing(stand: Stand) -> None:
    job_id = stand.publish()

    def take_over(_: Run) -> None:
        with stand.engine.begin() as connection:
            connection.execute(text("UPDATE background_job SET lease_owner = 'other'"))

    stand.during = take_over
    assert not stand.deliver()
    assert (stand.job(job_id).status, stand.job(job_id).lease_owner) == ("RUNNING", "other")

    def lose(run: Run) -> None:
        raise LeaseLost(run.job)

    stand.during = lose
    with stand.engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET lease_expires_at = now()"))
    record = stand.receive(wait_s=0)
    assert record is None or not stand.handle(record)


def test_an_unknown_job_is_acknowledged(stand: Stand) -> None:
    job_id = stand.publish()
    with stand.engine.begin() as connection:
        connection.execute(text("DELETE FROM background_job WHERE id = :id"), {"id": job_id})
    assert stand.deliver()
    assert stand.runs == []


def test_a_body_that_is_no_envelope_goes_to_the_dead_letters(stand: Stand) -> None:
    stand.sqs.send_message(
        QueueUrl=stand.queues[QUEUE], MessageBody='{"hello": 1}', MessageGroupId="g", MessageDeduplicationId="d"
    )
    for _ in range(MAX_RECEIVE_COUNT):
        assert not stand.deliver()
    assert stand.is_empty()
    assert stand.receive(DEAD_LETTERS) is not None


def test_while_the_database_is_away_the_message_waits(stand: Stand) -> None:
    job_id = stand.publish()
    record = stand.receive()
    assert record is not None
    away = create_engine(sqlalchemy_url("postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=1"))
    broken = Consumer(**{**vars(stand.consumer), "engine": away})
    answer = broken.handle({"Records": [record]}, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
    assert stand.job(job_id).status == "PENDING"
    assert stand.deliver()
    assert stand.runs == [job_id]


def test_a_last_receive_without_the_database_does_not_block_its_lead_for_an_hour(stand: Stand) -> None:
    stand.publish()
    record = stand.receive()
    assert record is not None
    record["attributes"]["ApproximateReceiveCount"] = str(stand.consumer.max_receive_count)
    away = create_engine(sqlalchemy_url("postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=1"))
    broken = Consumer(**{**vars(stand.consumer), "engine": away, "time_scale": 1.0})
    assert broken.handle({"Records": [record]}, Context())["batchItemFailures"]
    assert stand.receive() is not None, "visible at once: the redrive policy moves it, or the next receive does the job"


def test_a_connection_that_died_between_two_calls_costs_nothing(stand: Stand, database_url: str) -> None:
    stand.engine = make_engine(database_url, ping=False)
    stand.consumer = Consumer(**{**vars(stand.consumer), "engine": stand.engine})
    first, second = stand.publish(), stand.publish()
    assert stand.deliver()
    with psycopg.connect(database_url) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
    assert stand.deliver()
    assert stand.runs == [first, second]
    stand.engine.dispose()


def test_first_job_after_a_failover_runs_at_once(stand: Stand, database_url: str) -> None:
    stand.engine = make_engine(database_url, ping=False)
    stand.consumer = Consumer(**{**vars(stand.consumer), "engine": stand.engine})
    job_id = stand.publish()
    with stand.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(
            text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")  # as one to a server that was demoted
        )
    assert stand.deliver()
    assert stand.runs == [job_id]
    stand.engine.dispose()


def test_a_claim_without_an_answer_is_given_up_and_not_repeated(stand: Stand, database_url: str) -> None:
    answer_timeout_s = DEAD_WITHIN_S + 0.2
    stand.engine = make_engine(database_url, ping=False, answer_timeout_s=answer_timeout_s)
    stand.consumer = Consumer(**{**vars(stand.consumer), "engine": stand.engine})
    job_id = stand.publish()
    with psycopg.connect(database_url) as other:
        other.execute("SELECT 1 FROM background_job FOR UPDATE")
        asked: list[str] = []
        listen(stand.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        started = time.monotonic()
        assert not stand.deliver()
        assert time.monotonic() - started >= answer_timeout_s
        assert len([statement for statement in asked if "background_job" in statement]) == 1
    assert stand.runs == []
    assert stand.deliver()
    assert stand.runs == [job_id]
    stand.engine.dispose()


@pytest.mark.parametrize("build", [build_post_process, build_lead_scoring, build_maintenance])
def test_every_worker_outwaits_its_servers_own_time_out_and_no_more(
    stand: Stand, database_url: str, build: Callable[[Any, Secrets], Dependencies | Dependencies]
) -> None:
    variables = {
        "DATABASE_URL": database_url,
        "POST_PROCESS_QUEUE_URL": stand.queues[QUEUE],
        "LEAD_SCORING_QUEUE_URL": stand.queues["lead-scoring.fifo"],
        "OPENAI_API_KEY": "none",
        **{provider.keys_variable: "none" for provider in TOPOLOGY.providers},
        "ADDRESS_HASH_KEY": "h" * 40,
        "MAX_RECEIVE_COUNT": str(MAX_RECEIVE_COUNT),
    }
    model = {build_post_process: PostProcessSettings, build_lead_scoring: LeadScoringSettings}
    engine = build(load_settings(model.get(build, MaintenanceSettings), variables), Secrets()).engine
    try:
        with engine.connect() as connection:
            server_ms = connection.scalar(text("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"))
            ours_s = connection.connection.driver_connection.answer_timeout_s
    finally:
        engine.dispose()
    assert int(server_ms) / 1000 < ours_s < 60


def test_after_a_failure_nothing_later_of_a_batch_runs(stand: Stand) -> None:
    stand.publish()
    record = stand.receive()
    assert record is not None
    stand.outcome = Retry("busy")
    later = {**record, "messageId": "later"}
    answer = stand.consumer.handle({"Records": [record, later]}, Context())
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == [record["messageId"], "later"]
    assert len(stand.runs) == 1


def test_a_completion_publishes_the_clients_next_job(stand: Stand) -> None:
    stand.publish()
    waiting = stand.insert().id
    assert stand.deliver()
    assert stand.job(waiting).enqueued_at is not None
    assert stand.deliver()


def test_what_sqs_refuses_stays_unmarked(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = stand.insert().id

    class Refusing:
        def send_message_batch(self, *, Entries: list[dict[str, Any]], **_: Any) -> dict[str, Any]:  # noqa: N803
            return {"Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in Entries]}

    monkeypatch.setattr(stand.publisher, "_sqs", Refusing())
    with stand.engine.connect() as connection:
        due = next_publishable(connection, ClientId(stand.conversation.client_id))
    assert stand.publisher.publish(stand.engine, due).failed == 1
    assert stand.job(job_id).enqueued_at is None
