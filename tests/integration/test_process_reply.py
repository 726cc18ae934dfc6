"""The reply pipeline on a real Postgres: what each step writes, and what a retry does not do again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.errors import DeadlockDetected, ReadOnlySqlTransaction, UniqueViolation
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bench.cost import counted
from shared.ai.errors import ModelRejected, ModelUnavailable, OutOfTime
from shared.config import SecretUnavailableError
from shared.db.clients import disable_client, enable_client
from shared.db.engine import make_engine
from shared.db.found_accounts import disable_account
from shared.db.job_changes import wake_deferred_jobs
from shared.db.job_leases import LeaseLost, defer_job
from shared.db.outbox import lock_due_jobs
from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import (
    Direction,
    JobId,
    JobType,
    LeadId,
    MessageId,
    Provider,
    SuppressionReason,
    Tag,
    WaitingFor,
)
from shared.jobs.consumer import Run
from shared.jobs.outcomes import DeadLetter, Defer, Done, Retry, Skip
from shared.pipelines.intake.delivery import Delivery
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.job_failures import decide_failure
from shared.pipelines.people.resolve_send import resolve_send
from shared.pipelines.people.review_drafts import approve_draft, edit_draft, reject_draft
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from shared.pipelines.run_job import run_post_process_job
from shared.pipelines.suppression.suppress_lead import DismissedMeanwhile, SuppressionEvidence, suppress_lead
from shared.providers.errors import NotSent, RateLimited, Refused, Uncertain
from tests.instantly_events import hash_address
from tests.integration.reply_scene import GOOD_BODY, LEAD_EMAIL, MAILBOX, Scene

STEPS = ["decide", "draft", "send", "understand"]


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


# --- the main path ---------------------------------------------------------------------------------------------------


def test_an_interested_reply_is_understood_drafted_judged_and_sent_once(scene: Scene) -> None:
    message_id = scene.message()
    job_id = scene.job(message_id)
    scoring_id = scene.job(message_id, JobType.LEAD_SCORING)

    assert scene.run(job_id) == Done("sent")

    assert scene.model.calls == ["sentiment", "draft", "reply_evaluation"]
    assert [reply["eaccount"] for reply in scene.instantly.replies] == ["sam@send.test"]
    assert scene.instantly.replies[0]["body_text"] == f"Hi Pat,\n\n{GOOD_BODY}\n\nBest,\nSam Lee"
    lead, draft = scene.lead(), scene.draft()
    assert (lead.sentiment, lead.status, lead.last_message_direction) == ("Interested", "qualified", "OUTBOUND")
    assert (draft.status, draft.action, draft.rule, draft.confidence) == ("SENT", "SEND_NOW", "evaluation", 0.96)
    send = scene.one("SELECT * FROM outbound_send")
    assert (send.status, send.attempts, send.automated, send.settled_by_kind) == ("SENT", 1, True, "RESPONSE")
    assert (draft.purpose, draft.answers_up_to_message_id, draft.approved_revision) == ("REPLY", message_id, None)
    assert [
        tuple(row) for row in scene.all("SELECT number, body, author_kind, author, prompt_version FROM draft_revision")
    ] == [(1, draft.body, "MODEL", draft.model, "draft.v2")]
    assert scene.decisions() == [("PENDING", "evaluation", "EVALUATION", None, 1)]
    sent = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert sent.draft_id == draft.id
    assert sent.provider_message_id == send.provider_message_id
    assert sorted(scene.steps(job_id)) == STEPS
    assert [entry["MessageBody"].count(str(scoring_id)) for entry in scene.sqs.sent] == [1]
    assert scene.one("SELECT enqueued_at FROM background_job WHERE id = :id", id=scoring_id).enqueued_at is not None


def test_every_model_call_has_its_row_with_tokens_and_cost(scene: Scene) -> None:
    job_id = scene.job(scene.message())
    scene.run(job_id)
    rows = scene.all("SELECT * FROM ai_interaction ORDER BY id")
    assert [row.feature for row in rows] == ["sentiment", "draft", "reply_evaluation"]
    assert {row.job_id for row in rows} == {job_id}
    assert all(row.input_tokens == 100 and float(row.cost_usd) == 0.000321 for row in rows)


def test_a_reply_takes_at_most_seventeen_statements_in_eighteen_round_trips(database_url: str) -> None:
    """BEGIN and COMMIT travel along with statements; only the claim of the job is committed by itself."""
    engine = make_engine(database_url, ping=False)
    scene = Scene(engine)
    message_id = scene.message()
    job_id = scene.job(message_id)
    scene.job(message_id, JobType.LEAD_SCORING)
    with counted(engine) as cost:
        assert scene.run(job_id) == Done("sent")
    engine.dispose()
    assert len(cost.statements) <= 17, cost.statements
    assert cost.round_trips <= 18, cost.statements


@pytest.mark.parametrize("tag", [Tag.NOT_INTERESTED, Tag.NEUTRAL])
def test_a_reply_that_wants_no_answer_gets_none(scene: Scene, tag: Tag) -> None:
    scene.model.says(tag)
    job_id = scene.job(scene.message())
    assert isinstance(scene.run(job_id), Done)
    assert scene.model.calls == ["sentiment"]
    assert scene.drafts() == []
    assert sorted(scene.steps(job_id)) == STEPS


def test_a_draft_only_campaign_leaves_the_draft_to_a_person(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE campaign SET response_mode = 'DRAFT_ONLY'"))
    scene.process()
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "mode")
    assert "reply_evaluation" not in scene.model.calls
    assert scene.instantly.replies == []


def test_an_evaluation_under_the_threshold_leaves_the_draft_to_a_person(scene: Scene) -> None:
    scene.model.judges(confidence=0.89)
    scene.process()
    draft = scene.draft()
    assert (draft.status, draft.rule, draft.confidence, draft.threshold) == ("NEEDS_REVIEW", "evaluation", 0.89, 0.9)
    assert (draft.decided_by_kind, draft.decided_by) == ("EVALUATION", None)
    assert scene.instantly.replies == []


# --- understanding ---------------------------------------------------------------------------------------------------


def test_a_booked_meeting_without_evidence_is_a_requested_one(scene: Scene) -> None:
    scene.model.says(Tag.MEETING_BOOKED)
    scene.process()
    assert (scene.lead().sentiment, scene.lead().status) == ("Meeting Requested", "meeting-requested")


def test_a_booked_meeting_with_evidence_is_booked_and_never_answered_by_itself(scene: Scene) -> None:
    scene.set_lead("meeting_booked_at = now()")
    scene.model.says(Tag.MEETING_BOOKED)
    scene.process()
    assert (scene.lead().sentiment, scene.lead().status) == ("Meeting Booked", "meeting-booked")
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "appointment")


def test_an_older_reply_does_not_overwrite_what_a_newer_human_reply_says(scene: Scene) -> None:
    older = scene.message("Maybe.", age=timedelta(minutes=10))
    newer = scene.message("No, thank you.", age=timedelta(minutes=1))
    scene.model.says(Tag.NOT_INTERESTED)
    scene.process(newer)
    scene.model.says(Tag.INTERESTED)
    scene.process(older)
    assert (scene.lead().sentiment, scene.lead().status) == ("Not Interested", "not-interested")
    assert scene.one("SELECT sentiment FROM message WHERE id = :id", id=older).sentiment == "Interested"
    assert scene.drafts() == []


def test_an_automatic_reply_in_between_does_not_count_as_newer(scene: Scene) -> None:
    human = scene.message(age=timedelta(minutes=10))
    scene.message("I am away.", age=timedelta(minutes=1), is_auto_reply=True)
    scene.process(human)
    assert scene.draft().status == "SENT"


def test_a_reply_that_only_the_model_calls_automatic_does_not_count_as_newer_in_the_end(scene: Scene) -> None:
    human = scene.message(age=timedelta(minutes=10))
    machine = scene.message("Your request is important to us and will be looked at.", age=timedelta(minutes=1))
    human_job = scene.job(human)
    assert scene.run(human_job) == Done("Interested: the lead has written again")
    scene.model.says(Tag.AUTOMATED_REPLY)
    scene.process(machine)
    assert str(human_job) in [entry["Id"] for entry in scene.sqs.sent]
    assert scene.sqs.sent[-1]["MessageDeduplicationId"].endswith(":1")

    scene.model.calls.clear()
    assert scene.run(human_job) == Done("sent")
    assert scene.model.calls == ["draft", "reply_evaluation"], "what it means is known already"
    assert (scene.lead().sentiment, scene.lead().status) == ("Interested", "qualified")
    reply = scene.one("SELECT sentiment_source, sentiment_reason FROM message WHERE id = :id", id=human)
    assert (reply.sentiment_source, reply.sentiment_reason) == ("MODEL", "as told")
    assert sorted(scene.steps(human_job)) == STEPS


def test_a_reply_whose_job_failed_as_overtaken_starts_over_as_well(scene: Scene) -> None:
    human = scene.message(age=timedelta(minutes=10))
    machine = scene.message("Your request is important to us.", age=timedelta(minutes=1))
    human_job = scene.job(human)
    scene.run(human_job)
    with scene.engine.begin() as connection:  # it failed between understanding the reply and leaving it
        connection.execute(text("DELETE FROM job_step WHERE job_id = :id AND name <> 'understand'"), {"id": human_job})
        connection.execute(text("UPDATE background_job SET status = 'FAILED' WHERE id = :id"), {"id": human_job})
    scene.model.says(Tag.AUTOMATED_REPLY)
    scene.process(machine)
    assert scene.run(human_job) == Done("sent")


@pytest.mark.parametrize("when", ["draft", "reply_evaluation"])
def test_a_draft_that_a_machine_superseded_waits_for_a_person(scene: Scene, when: str) -> None:
    """It was overtaken while it was written, or while it was judged."""
    machines: list[MessageId] = []

    def write_again(task: str) -> None:
        if task == when and not machines:
            machines.append(scene.message("Your request is important to us.", age=timedelta(0)))

    scene.model.before = write_again
    scene.process(scene.message())
    assert (scene.draft().status, scene.draft().rule, scene.instantly.replies) == ("SUPERSEDED", "newer_message", [])
    scene.model.says(Tag.AUTOMATED_REPLY)
    scene.process(machines[0])
    draft = scene.draft()
    assert (draft.status, draft.rule) == ("NEEDS_REVIEW", "no_longer_overtaken")
    assert scene.instantly.replies == []

    approve_draft(scene.engine, scene.publisher, draft.id, by=Actor.person("dana"))
    send = scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'")
    assert scene.run(send.id) == Done("sent")
    assert len(scene.instantly.replies) == 1


@pytest.mark.parametrize("what", ["a newer person", "suppressed", "a person's draft", "nothing to undo"])
def test_what_a_machine_did_not_overtake_stays_as_it_is(scene: Scene, what: str) -> None:
    if what == "nothing to undo":
        scene.model.judges(confidence=0.5)
        scene.process(scene.message(age=timedelta(minutes=10)))
    machine = scene.message("Your request is important to us.", age=timedelta(minutes=1))
    if what != "nothing to undo":
        scene.process(scene.message(age=timedelta(minutes=10)))
    if what == "a newer person":
        scene.message("Actually, what does it cost?", age=timedelta(0))
    elif what == "suppressed":
        scene.set_lead("suppressed_at = now(), suppression_reason = 'OPT_OUT'")
    elif what == "a person's draft":
        with scene.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO draft (id, client_id, lead_id, trigger_message_id, subject, body, status, reason)"
                    " SELECT :id, client_id, lead_id, id, 'Re', 'Hi', 'REJECTED', 'no' FROM message"
                    " ORDER BY effective_at LIMIT 1"
                ),
                {"id": uuid7()},
            )
            connection.execute(text("DELETE FROM job_step WHERE name = 'understand'"))
    before = [(draft.status, draft.reason) for draft in scene.drafts()]
    sent = len(scene.sqs.sent)
    scene.model.says(Tag.AUTOMATED_REPLY)
    scene.process(machine)
    assert [(draft.status, draft.reason) for draft in scene.drafts()] == before
    assert scene.sqs.sent[sent:] == []
    assert scene.all("SELECT * FROM background_job WHERE generation > 0") == []


def test_a_newer_human_reply_supersedes_older_open_drafts(scene: Scene) -> None:
    scene.model.judges(confidence=0.5)
    scene.process(scene.message(age=timedelta(minutes=10)))
    scene.process(scene.message("Actually, what does it cost?", age=timedelta(minutes=1)))
    assert [(draft.status, draft.rule) for draft in scene.drafts()] == [
        ("SUPERSEDED", "newer_message"),
        ("NEEDS_REVIEW", "evaluation"),
    ]
    assert scene.decisions(scene.drafts()[0].id) == [
        ("NEEDS_REVIEW", "evaluation", "EVALUATION", None, 1),
        ("SUPERSEDED", "newer_message", "RULE", None, 1),
    ]


def test_a_draft_is_born_superseded_when_the_lead_writes_while_it_is_written(scene: Scene) -> None:
    def write_again(task: str) -> None:
        if task == "draft":
            scene.message("One more thing!", age=timedelta(0))

    message_id = scene.message()
    scene.model.before = write_again
    scene.process(message_id)
    assert scene.draft().status == "SUPERSEDED"
    assert scene.instantly.replies == []


def test_a_models_blacklist_suppresses_only_with_the_leads_own_words(scene: Scene) -> None:
    scene.model.says(Tag.BLACKLIST, quoted_words="never contact us")
    scene.process(scene.message("My lawyer would like your address."))
    assert scene.lead().suppressed_at is None
    assert scene.lead().status == "new"
    assert scene.drafts() == []


def test_a_models_blacklist_with_evidence_suppresses_and_tells_instantly(scene: Scene) -> None:
    active = scene.follow_up()
    scene.model.says(Tag.BLACKLIST, quoted_words="my lawyer will be in touch")
    scene.process(scene.message("One more mail and  my lawyer will be in touch."))
    lead = scene.lead()
    assert (lead.status, lead.suppression_reason) == ("blacklisted", "MODEL")
    assert lead.suppression_evidence["words"] == "my lawyer will be in touch"
    assert scene.one("SELECT status FROM follow_up_instance WHERE id = :id", id=active).status == "CANCELLED"
    job = scene.one("SELECT * FROM background_job WHERE type = 'SYNC_PERSON'")
    assert job.enqueued_at is not None

    assert scene.run(job.id) == Done("blocked at the provider")
    assert scene.instantly.blocked == {LEAD_EMAIL}
    assert scene.instantly.interest == {LEAD_EMAIL: -1}


@pytest.mark.parametrize("by_rule", [True, False])
def test_undoing_a_suppression_of_the_pipeline_gives_back_the_status_from_before(scene: Scene, by_rule: bool) -> None:
    scene.set_lead("status = 'qualified'")
    scene.model.says(Tag.BLACKLIST, quoted_words="my lawyer will be in touch")
    scene.process(scene.message("Please unsubscribe me." if by_rule else "My lawyer will be in touch."))
    assert (scene.lead().status, scene.lead().status_before_suppression) == ("blacklisted", "qualified")

    unsuppress(scene)
    assert scene.lead().status == "qualified"


def test_a_dismissed_opt_out_that_was_not_understood_yet_is_the_models(scene: Scene) -> None:
    message_id = scene.message("Please unsubscribe me from the newsletter, but do send the offer.")
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE message SET sentiment = 'Blacklist', sentiment_source = 'RULE',"
                " suppression_dismissed_at = now()"
            )
        )
    scene.model.says(Tag.INFORMATION_REQUESTED)
    scene.process(message_id)
    assert (scene.lead().status, scene.lead().sentiment) == ("qualified", "Information Requested")


@pytest.mark.parametrize(("blocked_before", "blocked_after"), [(False, set()), (True, {LEAD_EMAIL})])
def test_undoing_a_suppression_takes_back_our_block_list_entry_and_nobody_elses(
    scene: Scene, blocked_before: bool, blocked_after: set[str]
) -> None:
    if blocked_before:
        scene.instantly.blocked.add(LEAD_EMAIL)
    scene.process(scene.message("Please remove me from your mailing list."))
    suppress = scene.one("SELECT id FROM background_job WHERE type = 'SYNC_PERSON'").id
    scene.run(suppress)
    scene.set_lead("suppressed_at = NULL, suppression_reason = NULL")
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET status = 'PENDING' WHERE id = :id"), {"id": suppress})
        connection.execute(text("DELETE FROM job_step WHERE job_id = :id"), {"id": suppress})
    assert scene.run(suppress) == Done("unblocked at the provider")
    assert scene.instantly.blocked == blocked_after
    assert scene.instantly.interest == {LEAD_EMAIL: None}


def test_instantly_is_told_of_a_suppression_under_the_spelling_that_it_knows_the_lead_by(scene: Scene) -> None:
    scene.set_lead("email = 'ben@xn--mller-kva.example'")
    scene.instantly.known_leads = {"ben@müller.example"}
    suppress(scene)
    assert scene.run(suppression_job(scene)) == Done("blocked at the provider")
    assert scene.instantly.blocked == {"ben@xn--mller-kva.example", "ben@müller.example"}
    assert scene.instantly.interest == {"ben@müller.example": -1}


def test_a_block_list_entry_is_ours_even_when_the_answer_to_it_was_lost(scene: Scene) -> None:
    scene.instantly.block_list_error = Uncertain("cut")
    suppress(scene)
    with pytest.raises(Uncertain):
        scene.run(suppression_job(scene))
    scene.instantly.block_list_error = None
    assert scene.run(suppression_job(scene)) == Done("blocked at the provider")
    unsuppress(scene)
    assert scene.run(suppression_job(scene)) == Done("unblocked at the provider")
    assert scene.instantly.blocked == set()


def test_a_suppression_that_is_lifted_while_its_message_is_read_again_stays_lifted(scene: Scene) -> None:
    scene.model.says(Tag.BLACKLIST, quoted_words="my lawyer will be in touch")
    message_id = scene.message("My lawyer will be in touch.")
    suppress(scene)

    def lift(_task: str) -> None:
        scene.model.before = lambda _: None
        with scene.engine.begin() as connection:
            connection.execute(text("UPDATE lead SET suppression_message_id = :id"), {"id": message_id})
        unsuppress(scene)

    scene.model.before = lift
    job_id = scene.job(message_id)
    with pytest.raises(DismissedMeanwhile):
        scene.run(job_id)
    assert decide_failure(DismissedMeanwhile()) == Retry("a person has dismissed this message as an opt-out")
    scene.run(job_id)
    assert (scene.lead().suppressed_at, scene.lead().status) == (None, "new")


def test_a_disabled_workspaces_jobs_wait_until_it_is_enabled(scene: Scene) -> None:
    message_id = scene.message()
    reply, scoring = scene.job(message_id), scene.job(message_id, JobType.LEAD_SCORING)
    with scene.engine.begin() as connection:
        disable_client(connection, scene.client_id, at=datetime.now(UTC))
    for job_id in (reply, scoring):
        assert scene.run(job_id) == Defer(3_600.0, WaitingFor.WORKSPACE_DISABLED)
        defer_job(scene.engine, scene.claim(job_id), delay_s=3_600, waiting_for=WaitingFor.WORKSPACE_DISABLED)
    assert scene.model.calls == []

    with scene.engine.begin() as connection:
        enable_client(connection, scene.client_id)
        assert wake_deferred_jobs(connection, scene.client_id, [WaitingFor.WORKSPACE_DISABLED]) == 2
        assert {job.id for job in lock_due_jobs(connection, 10)} == {reply}, "and scoring when no reply is left"
    assert scene.run(reply) == Done("sent")


def test_an_approved_draft_of_a_disabled_workspace_waits_too(scene: Scene) -> None:
    scene.model.judges(confidence=0.1)
    scene.process()
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=Actor.person("pat"))
    with scene.engine.begin() as connection:
        disable_client(connection, scene.client_id, at=datetime.now(UTC))
    send = JobId(scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'").id)
    assert isinstance(scene.run(send), Defer)
    assert (scene.instantly.replies, scene.draft().status) == ([], "APPROVED")


def test_nothing_leaves_by_an_account_that_is_not_in_use(scene: Scene) -> None:
    scene.model.judges(confidence=0.1)
    scene.process()
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=Actor.person("pat"))
    with scene.engine.begin() as connection:
        disable_account(connection, scene.account_id)
    send = JobId(scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'").id)
    scene.run(send)
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "account_disabled")
    assert scene.instantly.replies == []


def test_nothing_is_claimed_that_there_is_no_time_to_send(scene: Scene) -> None:
    job_id = scene.job(scene.message(sender=LEAD_EMAIL))
    scene.remaining_s = 28.0
    assert isinstance(scene.run(job_id), Retry)
    assert (scene.draft().status, scene.instantly.reads) == ("PENDING", [])

    scene.remaining_s = 120.0
    assert scene.run(job_id) == Done("sent")
    assert scene.model.calls == ["sentiment", "draft", "reply_evaluation"], "nothing was paid for twice"


def suppression_job(scene: Scene) -> JobId:
    return JobId(scene.one("SELECT id FROM background_job WHERE type = 'SYNC_PERSON'").id)


def unsuppress(scene: Scene) -> None:
    unsuppress_lead(scene.engine, scene.publisher, scene.client_id, LeadId(scene.lead_id), by=Actor.person("Pat"))


def suppress(scene: Scene) -> None:
    evidence = SuppressionEvidence(SuppressionReason.UNSUBSCRIBED, "provider.lead_unsubscribed")
    with scene.engine.begin() as connection:
        suppress_lead(connection, scene.client_id, LeadId(scene.lead_id), evidence)


def test_a_suppression_that_is_undone_halfway_is_undone_at_instantly_too(scene: Scene) -> None:
    scene.instantly.interest_error = Uncertain("500")
    suppress(scene)
    with pytest.raises(Uncertain):
        scene.run(suppression_job(scene))
    assert scene.instantly.blocked == {LEAD_EMAIL}, "the first of the two steps was taken"

    unsuppress(scene)
    with pytest.raises(Uncertain):
        scene.run(suppression_job(scene))
    assert scene.instantly.blocked == set()

    suppress(scene)
    scene.instantly.interest_error = None
    assert scene.run(suppression_job(scene)) == Done("blocked at the provider")
    assert (scene.instantly.blocked, scene.instantly.interest) == ({LEAD_EMAIL}, {LEAD_EMAIL: -1})


def test_a_suppression_while_the_undoing_of_an_earlier_one_is_told_is_told_as_well(scene: Scene) -> None:
    suppress(scene)
    scene.run(suppression_job(scene))
    unsuppress(scene)
    scene.instantly.before_interest = lambda: suppress(scene)
    with pytest.raises(LeaseLost):
        scene.run(suppression_job(scene))

    scene.instantly.before_interest = lambda: None
    job = scene.one("SELECT * FROM background_job WHERE type = 'SYNC_PERSON'")
    assert (job.status, job.enqueued_at, job.generation) == ("PENDING", None, 2)
    assert scene.run(suppression_job(scene)) == Done("blocked at the provider")
    assert (scene.instantly.blocked, scene.instantly.interest) == ({LEAD_EMAIL}, {LEAD_EMAIL: -1})


def test_a_dismissed_message_never_suppresses_again(scene: Scene) -> None:
    message_id = scene.message("Please unsubscribe me.")
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET suppression_dismissed_at = now()"))
    scene.model.says(Tag.BLACKLIST, quoted_words="unsubscribe me")
    scene.process(message_id)
    assert scene.lead().suppressed_at is None


def test_a_certain_opt_out_needs_no_model(scene: Scene) -> None:
    scene.process(scene.message("Please remove me from your mailing list."))
    assert scene.model.calls == []
    assert scene.lead().suppression_reason == "OPT_OUT"


def test_a_suppressed_leads_status_stays(scene: Scene) -> None:
    scene.set_lead("suppressed_at = now(), suppression_reason = 'UNSUBSCRIBED', status = 'blacklisted'")
    scene.process()
    assert scene.lead().status == "blacklisted"
    assert scene.drafts() == []


def test_an_absence_notice_pauses_follow_ups_until_the_stated_return(scene: Scene) -> None:
    active = scene.follow_up()
    scene.process(
        scene.message(
            "Thank you for your e-mail. I am out of the office until 15 January 2027 and have no access to my mail.",
            subject="Automatic reply: quick question",
        )
    )
    paused = scene.one("SELECT * FROM follow_up_instance WHERE id = :id", id=active)
    assert (paused.status, paused.paused_reason) == ("PAUSED", "OUT_OF_OFFICE")
    assert paused.next_step_due is not None
    assert paused.next_step_due.date().isoformat() in ("2027-01-15", "2027-01-16")
    assert scene.lead().status == "new"
    assert scene.lead().sentiment == "Out of Office"
    assert scene.drafts() == []


def test_a_longer_absence_extends_the_pause_and_a_shorter_one_does_not_cut_it(scene: Scene) -> None:
    active = scene.follow_up()
    for day, expected in (
        ("15 January 2027", "2027-01-15"),
        ("29 January", "2027-01-29"),
        ("20 January", "2027-01-29"),
    ):
        scene.process(
            scene.message(f"I am out of the office until {day} and have no access to my mail.", age=timedelta(0))
        )
        paused = scene.one("SELECT * FROM follow_up_instance WHERE id = :id", id=active)
        assert (paused.status, paused.paused_reason) == ("PAUSED", "OUT_OF_OFFICE")
        assert abs(paused.next_step_due - datetime.fromisoformat(f"{expected}T09:00+00:00")) <= timedelta(days=1)


def test_an_automatic_reply_resumes_what_it_paused_and_keeps_what_a_person_said(scene: Scene) -> None:
    message_id = scene.message("Your request has been received. Ticket [#4711] has been created.")
    mine, other = scene.follow_up("PAUSED", paused_by=message_id), scene.follow_up("PAUSED")
    scene.set_lead("sentiment = 'Interested', status = 'qualified'")
    scene.process(message_id)
    assert scene.one("SELECT status FROM follow_up_instance WHERE id = :id", id=mine).status == "ACTIVE"
    assert scene.one("SELECT status FROM follow_up_instance WHERE id = :id", id=other).status == "PAUSED"
    assert (scene.lead().sentiment, scene.lead().status) == ("Interested", "qualified")


def test_an_empty_reply_is_neutral_without_a_model(scene: Scene) -> None:
    scene.process(scene.message("", subject=""))
    assert scene.model.calls == []
    assert scene.lead().sentiment == "Neutral"


@pytest.mark.parametrize("what", ["direction = 'OUTBOUND'", "lead_id = :other"])
def test_a_message_that_is_not_the_jobs_is_skipped(scene: Scene, what: str) -> None:
    other = uuid7()
    with scene.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client, 'x@acme.test')"),
            {"id": other, "client": scene.client_id},
        )
    message_id = scene.message()
    job_id = scene.job(message_id)
    with scene.engine.begin() as connection:
        connection.execute(text(f"UPDATE message SET {what}"), {"other": other} if ":other" in what else {})
    assert isinstance(scene.run(job_id), Skip)
    assert scene.model.calls == []


# --- failures and retries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["sentiment", "draft"])
def test_an_outage_of_the_model_is_a_retry_and_never_a_tag(scene: Scene, task: str) -> None:
    answer = scene.model.answers[task]
    scene.model.answers[task] = ModelUnavailable("503", retry_after_s=7)
    job_id = scene.job(scene.message())
    with pytest.raises(ModelUnavailable) as failure:
        scene.run(job_id)
    assert decide_failure(failure.value) == Retry("model unavailable: 503", after_s=7)
    assert scene.lead().sentiment == (None if task == "sentiment" else "Interested")
    failed = [row.feature for row in scene.all("SELECT * FROM ai_interaction WHERE status = 'ERROR'")]
    assert failed == [task]

    scene.model.answers[task] = answer
    assert scene.run(job_id) == Done("sent")
    assert scene.model.calls.count("sentiment") == (2 if task == "sentiment" else 1)


def test_what_a_step_finished_is_not_paid_for_again(scene: Scene) -> None:
    job_id = scene.job(scene.message())
    scene.instantly.read_error = Uncertain("500")
    with pytest.raises(Uncertain):
        scene.run(job_id)
    scene.instantly.read_error = None
    assert scene.run(job_id) == Done("sent")
    assert scene.model.calls == ["sentiment", "draft", "reply_evaluation"]
    assert len(scene.drafts()) == 1


def test_an_outage_of_the_evaluation_is_waited_out_twice_and_then_a_person_decides(scene: Scene) -> None:
    scene.model.answers["reply_evaluation"] = ModelUnavailable("503")
    job_id = scene.job(scene.message())
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            scene.run(job_id)
    assert isinstance(scene.run(job_id), Done)
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "evaluation_unavailable")


def test_an_evaluation_that_fails_for_good_leaves_the_draft_to_a_person(scene: Scene) -> None:
    scene.model.answers["reply_evaluation"] = ModelRejected("refusal")
    scene.process()
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "evaluation_failed")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ModelRejected("400"), DeadLetter("model rejected the request: 400")),
        (OutOfTime("2 s left"), Retry("2 s left")),
        (RateLimited("429", retry_after_s=30), Retry("provider rate limit", after_s=30)),
        (Refused(401, "bad key"), Retry("provider refuses the credentials: 401: bad key")),
        (Refused(404, "gone"), DeadLetter("provider refused: 404: gone")),
        (NotSent("no route"), Retry("provider unavailable: no route")),
        (
            SecretUnavailableError("ssm:/keys/1", LookupError()),
            Retry("secret not read: ssm:/keys/1: LookupError"),
        ),
        (DBAPIError("", {}, ReadOnlySqlTransaction("primary is elsewhere")), Retry("database: DBAPIError 25006")),
        (DBAPIError("", {}, UniqueViolation("somebody was first")), Retry("database: DBAPIError 23505")),
        (OperationalError("", {}, DeadlockDetected("it was you or me")), Retry("database: OperationalError")),
        (PoolTimeout(), Retry("database: TimeoutError")),
        (KeyError("oops"), DeadLetter("KeyError: 'oops'")),
    ],
)
def test_the_decision_table_of_failures(error: Exception, outcome: Retry | DeadLetter) -> None:
    assert decide_failure(error) == outcome


def test_a_draft_that_fails_its_checks_is_repaired_once_and_then_reviewed(scene: Scene) -> None:
    scene.model.writes("See https://evil.example.org for our price of $9,999.")
    scene.process()
    assert scene.model.calls == ["sentiment", "draft", "draft"]
    draft = scene.draft()
    assert (draft.status, draft.rule) == ("NEEDS_REVIEW", "output_checks")
    assert "evil.example.org" in draft.finding


def test_what_only_the_lead_said_is_not_repaired_but_reviewed(scene: Scene) -> None:
    scene.model.writes("Yes, it is $500 a month for you.")
    scene.process(scene.message("Would you do it for $500 a month?"))
    assert scene.model.calls == ["sentiment", "draft"]
    draft = scene.draft()
    assert (draft.status, draft.rule) == ("NEEDS_REVIEW", "output_checks")
    assert draft.finding == "lead_only: only the lead said $500, none of our own texts does"


def test_a_repaired_draft_goes_on(scene: Scene) -> None:
    bodies = iter(["Hello {first_name}, call us.", GOOD_BODY])
    answer = scene.model.answers["draft"]
    assert isinstance(answer, dict)
    scene.model.answers["draft"] = lambda: {**answer, "body": next(bodies)}
    scene.process()
    assert scene.draft().status == "SENT"
    assert scene.model.calls.count("draft") == 2


def test_what_nobody_can_see_is_neither_stored_nor_sent(scene: Scene) -> None:
    """Whether a model, the lead or the settings bring it: the text that is judged is the mail that leaves."""
    scene.settings(persona_signature="Best,\nSam\u200b Lee\u202e")
    scene.model.writes("happy\x07 to\x1b tell you\u202e more.\x08\u2028Which\u200b part matters most to you?")
    scene.process(scene.message(subject="AW: \u2066quick\u2069 ques\u00adtion"))
    body = "Hi Pat,\n\nhappy to tell you more.\nWhich part matters most to you?\n\nBest,\nSam Lee"
    assert (scene.draft().subject, scene.draft().body) == ("Re: quick question", body)
    [sent] = scene.instantly.replies
    assert (sent["subject"], sent["body_text"]) == ("Re: quick question", body)
    assert body.replace("\n", "\\n") in scene.model.shown["reply_evaluation"], "and it is what was judged"


def test_a_draft_of_nothing_that_can_be_seen_is_empty(scene: Scene) -> None:
    scene.model.writes("\u200b\u200b\u2060\ufeff")
    scene.process()
    assert (scene.draft().status, scene.draft().rule, scene.draft().body) == ("NEEDS_REVIEW", "output_checks", "")
    assert "empty: " in scene.draft().finding


@pytest.mark.parametrize("status", ["APPROVED", "PENDING"])
def test_a_stored_text_with_hidden_characters_does_not_leave(scene: Scene, status: str) -> None:
    """No code of today stores one; whatever did, a person has to look at it."""
    job_id = approved(scene)
    with scene.engine.begin() as connection:
        connection.execute(
            text("UPDATE draft SET status = :status, action = 'SEND_NOW', body = 'Hi Pat,\u202e see you.'"),
            {"status": status},
        )
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE campaign SET response_mode = 'AUTO_SEND'"))
    scene.run(job_id)
    draft = scene.draft()
    assert (draft.status, draft.rule) == ("NEEDS_REVIEW", "unseen_characters")
    assert (scene.instantly.replies, scene.all("SELECT 1 FROM outbound_send")) == ([], [])

    edit_draft(scene.engine, draft.id, by=Actor.person("dana"), body=draft.body)
    approve_draft(scene.engine, scene.publisher, draft.id, by=Actor.person("kim"))
    assert scene.run(delayed_job(scene)) == Done("sent")
    assert scene.instantly.replies[0]["body_text"] == "Hi Pat, see you."


def test_a_worker_that_lost_its_lease_cannot_claim_a_send(scene: Scene) -> None:
    job_id = scene.job(scene.message(sender=LEAD_EMAIL))
    scene.instantly.before_read = lambda: scene.expire_lease(job_id)
    with pytest.raises(LeaseLost):
        scene.run(job_id)
    assert (scene.draft().status, scene.instantly.replies) == ("PENDING", [])
    assert scene.all("SELECT 1 FROM outbound_send") == []


def test_a_worker_that_lost_its_lease_writes_nothing(scene: Scene) -> None:
    job_id = scene.job(scene.message())
    scene.model.before = lambda _: scene.expire_lease(job_id)
    with pytest.raises(LeaseLost):
        scene.run(job_id)
    assert scene.steps(job_id) == {}
    assert scene.lead().sentiment is None


# --- sending ---------------------------------------------------------------------------------------------------------


def test_what_was_certainly_not_sent_is_tried_again_on_the_same_row(scene: Scene) -> None:
    scene.instantly.reply_error = RateLimited("429", retry_after_s=12)
    job_id = scene.job(scene.message())
    assert scene.run(job_id) == Retry("not sent: 429", after_s=12)
    assert (scene.one("SELECT status FROM outbound_send").status, scene.draft().status) == ("REFUSED", "PENDING")

    scene.instantly.reply_error = None
    assert scene.run(job_id) == Done("sent")
    send = scene.one("SELECT * FROM outbound_send")
    assert (send.status, send.attempts) == ("SENT", 2)
    assert len(scene.instantly.replies) == 1


@pytest.mark.parametrize("email_id", [None, "the provider's"])
@pytest.mark.parametrize("when", ["before the answer", "after the answer"])
def test_the_event_of_our_own_answer_is_the_answer(scene: Scene, when: str, email_id: str | None) -> None:
    """Instantly tells of the mail that we have it send, sooner or later than its answer and not always with the id."""

    def tell() -> None:
        sent_id = scene.instantly.thread[-1].id if scene.instantly.thread else None
        raw = {
            "event_type": "email_sent",
            "campaign_id": "c1",
            "lead_email": LEAD_EMAIL,
            "email_account": MAILBOX,
            "email_subject": "Re: quick question",
            "email_text": f"Hi Pat,\n\n{GOOD_BODY}\n\nBest,\nSam Lee",
            "email_id": email_id and sent_id,
            "timestamp": datetime.now(UTC).isoformat(),
        }
        delivery = Delivery.of(
            scene.client_id, json.dumps(raw).encode(), datetime.now(UTC), provider=Provider.INSTANTLY
        )
        receive_event(delivery, engine=scene.engine, publisher=scene.publisher, hash_address=hash_address)

    if when == "before the answer":
        scene.instantly.after_reply = tell
    job_id = scene.job(scene.message())
    assert scene.run(job_id) == Done("sent")
    if when == "after the answer":
        tell()

    sent = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert (sent.provider_message_id, sent.draft_id) == (scene.instantly.thread[-1].id, scene.draft().id)
    assert (scene.draft().status, scene.one("SELECT status FROM outbound_send").status) == ("SENT", "SENT")
    assert sorted(scene.steps(job_id)) == STEPS


MEANWHILE = [
    ("Please unsubscribe me from this list.", "suppressed"),
    ("One more thing: how long does it take?", "newer_message"),
]
"""What the lead writes while its draft is on the wire, and the reason for which nobody may send it any more."""


@pytest.mark.parametrize(("words", "rule"), MEANWHILE)
@pytest.mark.parametrize("error", [RateLimited("429"), NotSent("no connection"), Refused(400, "no such thread")])
def test_a_draft_that_became_moot_on_the_wire_is_not_open_again(
    scene: Scene, error: Exception, words: str, rule: str
) -> None:
    scene.instantly.before_reply = lambda: scene.receive(reply_text=words, email_id="later")
    scene.instantly.reply_error = error
    scene.process()

    draft = scene.draft()
    assert (draft.status, draft.rule) == ("SUPERSEDED", rule)
    assert scene.one("SELECT status FROM outbound_send").status == "REFUSED"
    assert scene.decisions(draft.id)[-1][:2] == ("SUPERSEDED", rule)


@pytest.mark.parametrize(("words", "rule"), MEANWHILE)
def test_an_uncertain_draft_that_became_moot_is_not_open_again(scene: Scene, words: str, rule: str) -> None:
    scene.instantly.reply_error = Uncertain("timeout")
    assert scene.process() == Done("uncertain")
    scene.receive(reply_text=words, email_id="later")

    resolve_send(scene.engine, scene.draft().id, sent=False, by=Actor.person("dana"))

    assert (scene.draft().status, scene.draft().rule) == ("SUPERSEDED", rule)
    assert scene.one("SELECT status FROM outbound_send").status == "REFUSED"


@pytest.mark.parametrize("left", [True, False])
def test_an_uncertain_send_is_never_repeated(scene: Scene, left: bool) -> None:
    scene.instantly.reply_error = Uncertain("timeout")
    scene.instantly.reply_is_sent_before_the_error = left
    job_id = scene.job(scene.message())
    assert scene.run(job_id) == Done("uncertain")
    assert scene.one("SELECT status FROM outbound_send").status == "UNCERTAIN"
    assert scene.draft().status == "SEND_UNCERTAIN"
    assert len(scene.instantly.replies) == int(left)


def test_a_worker_killed_around_the_call_leaves_an_uncertain_send_for_the_next_run(scene: Scene) -> None:
    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    job_id = scene.job(scene.message())
    scene.instantly.before_reply = die
    with pytest.raises(Killed):
        scene.run(job_id)
    assert scene.one("SELECT status FROM outbound_send").status == "INTENDED"
    scene.expire_lease(job_id)
    scene.instantly.before_reply = lambda: None
    assert scene.run(job_id) == Done("uncertain")
    assert scene.instantly.replies == []
    assert (scene.one("SELECT status FROM outbound_send").status, scene.draft().status) == (
        "UNCERTAIN",
        "SEND_UNCERTAIN",
    )


def test_a_refusal_by_the_provider_goes_to_a_person(scene: Scene) -> None:
    scene.instantly.reply_error = Refused(400, "invalid eaccount")
    scene.process()
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "provider_refused")
    assert scene.one("SELECT status FROM outbound_send").status == "REFUSED"


def test_refused_credentials_are_an_outage(scene: Scene) -> None:
    scene.instantly.reply_error = Refused(401, "bad key")
    job_id = scene.job(scene.message())
    with pytest.raises(Refused):
        scene.run(job_id)
    assert (scene.one("SELECT status FROM outbound_send").status, scene.draft().status) == ("REFUSED", "PENDING")
    scene.instantly.reply_error = None
    assert scene.run(job_id) == Done("sent")


@pytest.mark.parametrize(
    ("received", "rule"),
    [
        ({"ue_type": 1}, "not_the_leads_message"),
        ({"lead": "other@acme.test"}, "not_the_leads_message"),
        ({"from_email": "colleague@acme.test"}, "another_sender"),
        ({"is_auto_reply": True}, "provider_says_automatic"),
    ],
)
def test_only_a_received_mail_of_the_lead_is_answered_by_itself(
    scene: Scene, received: dict[str, object], rule: str
) -> None:
    scene.instantly.received = received
    scene.process()
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", rule)
    assert scene.instantly.replies == []
    replier = scene.one("SELECT from_email, thread_id FROM message WHERE direction = 'INBOUND'")
    is_the_leads = rule != "not_the_leads_message"
    assert replier.thread_id == ("thread-1" if is_the_leads else None)
    assert replier.from_email == (received.get("from_email", LEAD_EMAIL) if is_the_leads else None)


def test_thread_and_sender_of_the_mail_that_is_answered_are_kept(scene: Scene) -> None:
    message_id = scene.message()
    scene.process(message_id)
    trigger = scene.one("SELECT * FROM message WHERE id = :id", id=message_id)
    assert (trigger.thread_id, trigger.from_email) == ("thread-1", LEAD_EMAIL)


def test_an_edit_at_the_last_moment_withdraws_the_approval(scene: Scene) -> None:
    job_id = approved(scene)
    real = scene.instantly.get_email

    def edit(email_id: str, **_: object) -> object:
        edit_draft(scene.engine, scene.draft().id, by=Actor.person("dana"), body="Hi Pat,\nmy own words.")
        return real(email_id)

    scene.instantly.get_email = edit  # type: ignore[method-assign, assignment]
    assert scene.run(job_id) == Skip("the draft is NEEDS_REVIEW")
    assert scene.instantly.replies == []

    scene.instantly.get_email = real  # type: ignore[method-assign]
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=Actor.person("dana"), seen_revision=2)
    assert scene.run(job_id) == Done("sent")
    assert scene.instantly.replies[0]["body_text"] == "Hi Pat,\nmy own words."
    assert scene.one("SELECT body_text FROM message WHERE direction = 'OUTBOUND'").body_text == "Hi Pat,\nmy own words."


def test_an_approval_of_another_text_sends_nothing(scene: Scene) -> None:
    job_id = approved(scene)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET revision = 2, approved_revision = 1"))
    assert isinstance(scene.run(job_id), Skip)
    assert (scene.draft().status, scene.instantly.replies) == ("APPROVED", [])


@pytest.mark.parametrize("change", ["edited", "approved", "rejected"])
def test_a_person_who_decides_while_the_pipeline_is_about_to_send_wins(scene: Scene, change: str) -> None:
    real = scene.instantly.get_email

    def decide(email_id: str, **_: object) -> object:
        draft_id = scene.draft().id
        if change == "edited":
            edit_draft(scene.engine, draft_id, by=Actor.person("dana"), body="Hi Pat,\nmy own words.")
        elif change == "approved":
            approve_draft(scene.engine, scene.publisher, draft_id, by=Actor.person("kim"))
        else:
            reject_draft(scene.engine, draft_id, by=Actor.person("kim"), reason=None)
        return real(email_id)

    scene.instantly.get_email = decide  # type: ignore[method-assign, assignment]
    job_id = scene.job(scene.message(sender=LEAD_EMAIL))
    assert isinstance(scene.run(job_id), Skip)
    assert scene.instantly.replies == []
    assert sorted(scene.steps(job_id)) == STEPS
    assert scene.draft().status == {"edited": "NEEDS_REVIEW", "approved": "APPROVED", "rejected": "REJECTED"}[change]

    scene.instantly.get_email = real  # type: ignore[method-assign]
    if change == "approved":
        assert scene.run(delayed_job(scene)) == Done("sent")
        assert len(scene.instantly.replies) == 1


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("UPDATE lead SET suppressed_at = now(), suppression_reason = 'OPT_OUT'", "SUPERSEDED"),
        ("UPDATE client_settings SET auto_send_enabled = false", "NEEDS_REVIEW"),
        ("UPDATE campaign SET response_mode = 'DRAFT_ONLY'", "NEEDS_REVIEW"),
        ("UPDATE lead SET appointment_start_at = now()", "NEEDS_REVIEW"),
    ],
)
def test_the_gate_is_asked_again_right_before_the_claim(scene: Scene, what: str, status: str) -> None:
    """What changed while the model thought and the provider answered counts."""
    real = scene.instantly.get_email

    def change_the_world(email_id: str, **_: object) -> object:
        with scene.engine.begin() as connection:
            connection.execute(text(what))
        return real(email_id)

    scene.instantly.get_email = change_the_world  # type: ignore[method-assign, assignment]
    scene.process(scene.message(sender=LEAD_EMAIL))
    assert scene.draft().status == status
    assert scene.instantly.replies == []
    assert scene.all("SELECT * FROM outbound_send") == []


def test_the_daily_cap_counts_automated_answers_of_the_clients_day(scene: Scene) -> None:
    scene.settings(daily_send_cap=1)
    scene.process(scene.message(age=timedelta(minutes=5)))
    scene.process(scene.message("And the price?", age=timedelta(0)))
    assert [draft.status for draft in scene.drafts()] == ["SENT", "NEEDS_REVIEW"]
    assert scene.drafts()[1].rule == "daily_cap"


def test_two_machines_do_not_write_to_each_other_for_long(scene: Scene) -> None:
    scene.settings(max_consecutive_auto_replies=2)
    for round_number in range(3):
        scene.process(scene.message(f"Round {round_number}: tell me more about it.", age=timedelta(0)))
    assert [draft.status for draft in scene.drafts()] == ["SENT", "SENT", "NEEDS_REVIEW"]
    assert scene.drafts()[2].rule == "consecutive_auto_replies"

    scene.message("Step 2.", direction=Direction.OUTBOUND, age=timedelta(0), campaign_step=2)
    scene.process(scene.message("Round 4: tell me more about it.", age=timedelta(0)))
    assert scene.drafts()[3].rule == "consecutive_auto_replies", "a sequence is no person"

    scene.message("A person answers.", direction=Direction.OUTBOUND, age=timedelta(0))
    scene.process(scene.message("Great, and what is next?", age=timedelta(0)))
    assert scene.drafts()[4].status == "SENT"


# --- delayed sends ---------------------------------------------------------------------------------------------------


def delayed_job(scene: Scene) -> JobId:
    return JobId(scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'").id)


def test_with_a_delay_window_the_answer_is_sent_later_by_its_own_job(scene: Scene) -> None:
    scene.settings(delay_min_s=180, delay_max_s=420)
    scene.process(scene.message(age=timedelta(0)))
    draft = scene.draft()
    assert (draft.status, draft.action) == ("PENDING", "SEND_LATER")
    job = scene.one("SELECT run_at - now() AS wait, enqueued_at FROM background_job WHERE draft_id = :id", id=draft.id)
    assert job.enqueued_at is None
    assert timedelta(seconds=170) < job.wait <= timedelta(seconds=420)

    assert scene.run(delayed_job(scene)) == Done("sent")
    assert len(scene.instantly.replies) == 1


def test_newer_activity_cancels_a_delayed_send(scene: Scene) -> None:
    scene.settings(delay_min_s=180, delay_max_s=420)
    scene.process(scene.message(age=timedelta(0)))
    scene.message("Never mind, I found it.", age=timedelta(0))
    scene.run(delayed_job(scene))
    assert scene.draft().status == "SUPERSEDED"
    assert scene.instantly.replies == []


def test_a_reply_that_has_waited_out_an_outage_for_a_day_is_left_to_a_person(scene: Scene) -> None:
    scene.process(scene.message(age=timedelta(hours=25)))
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "reply_age")


def test_a_send_that_an_outage_has_held_up_for_a_day_is_left_to_a_person(scene: Scene) -> None:
    scene.settings(delay_min_s=180, delay_max_s=420)
    scene.process(scene.message(age=timedelta(0)))
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET effective_at = effective_at - interval '25 hours'"))
    scene.run(delayed_job(scene))
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "reply_age")
    assert scene.instantly.replies == []


def test_without_a_window_nobody_asks_for_the_time_zone(scene: Scene) -> None:
    scene.settings(timezone="Europe/Atlantis")
    assert scene.process() == Done("sent")


def test_a_delayed_send_waits_for_the_window_to_open(scene: Scene) -> None:
    scene.settings(delay_min_s=180, delay_max_s=420)
    scene.process(scene.message(age=timedelta(0)))
    today = scene.one("SELECT extract(isodow FROM now() AT TIME ZONE 'UTC')::int AS day").day
    closed = {"days": [today % 7 + 1], "start": "09:00", "end": "17:00"}
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE client_settings SET sending_window = jsonb_build_object('days', CAST(:days AS jsonb),"
                " 'start', '09:00', 'end', '17:00')"
            ),
            {"days": str(closed["days"])},
        )
    outcome = scene.run(delayed_job(scene))
    assert isinstance(outcome, Defer)
    assert 0 < outcome.after_s <= 2 * 86_400
    assert scene.instantly.replies == []


# --- approvals -------------------------------------------------------------------------------------------------------


def approved(scene: Scene) -> JobId:
    scene.model.judges(confidence=0.2)
    message_id = scene.message(age=timedelta(minutes=5))
    scene.process(message_id)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET status = 'APPROVED', decided_by = 'kim'"))
    return scene.job(MessageId(message_id), JobType.SEND_REPLY, draft_id=scene.draft().id)


def test_an_approved_draft_is_sent_whatever_the_gate_says(scene: Scene) -> None:
    job_id = approved(scene)
    scene.settings(auto_send_enabled=False)
    assert scene.run(job_id) == Done("sent")
    assert scene.one("SELECT automated FROM outbound_send").automated is False


def test_an_approval_after_a_run_whose_end_was_lost_is_sent(scene: Scene) -> None:
    job_id = approved(scene)
    scene.instantly.reply_error = Refused(400, "invalid eaccount")
    job = scene.claim(job_id)
    run_post_process_job(scene.dependencies, Run(job=job, remaining_s=lambda: 60))
    scene.expire_lease(job_id)
    assert (scene.draft().status, scene.steps(job_id)["send"]["result"]) == ("NEEDS_REVIEW", "refused")

    scene.instantly.reply_error = None
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=Actor.person("kim"))
    assert scene.run(job_id) == Done("sent")
    assert (scene.draft().status, scene.steps(job_id)["send"]["result"]) == ("SENT", "sent")
    assert len(scene.instantly.replies) == 1


@pytest.mark.parametrize("what", ["suppressed", "newer_message", "newer_outbound"])
def test_an_approval_is_void_when_the_world_has_changed(scene: Scene, what: str) -> None:
    job_id = approved(scene)
    if what == "suppressed":
        scene.set_lead("suppressed_at = now(), suppression_reason = 'OPT_OUT'")
    else:
        scene.message("Something new", direction=Direction.OUTBOUND if what == "newer_outbound" else Direction.INBOUND)
    scene.run(job_id)
    assert (scene.draft().status, scene.draft().rule) == ("SUPERSEDED", what)
    assert scene.instantly.replies == []


@pytest.mark.parametrize("status", ["REJECTED", "SENT", "SUPERSEDED", "SEND_UNCERTAIN", "NEEDS_REVIEW"])
def test_no_other_draft_is_ever_sent(scene: Scene, status: str) -> None:
    job_id = approved(scene)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET status = :status"), {"status": status})
    assert isinstance(scene.run(job_id), Skip)
    assert scene.instantly.replies == []


# --- scoring ---------------------------------------------------------------------------------------------------------


def test_a_lead_is_scored_after_its_reply(scene: Scene) -> None:
    message_id = scene.message()
    scene.process(message_id)
    assert scene.run(scene.job(message_id, JobType.LEAD_SCORING)) == Done("overall 4")
    lead = scene.lead()
    assert (lead.fit_score, lead.intent_score, lead.overall_score, lead.score_reason) == (3, 4, 4, "fits")


def test_a_suppressed_lead_is_scored_without_a_model(scene: Scene) -> None:
    scene.set_lead("suppressed_at = now(), suppression_reason = 'OPT_OUT'")
    scene.run(scene.job(scene.message(), JobType.LEAD_SCORING))
    assert scene.model.calls == []
    assert scene.lead().overall_score == 1


def test_a_suppression_while_the_model_scores_counts(scene: Scene) -> None:
    scene.model.before = lambda _: suppress(scene)
    scene.run(scene.job(scene.message(), JobType.LEAD_SCORING))
    lead = scene.lead()
    assert (lead.fit_score, lead.intent_score, lead.overall_score) == (1, 1, 1)
    assert lead.score_reason == "Disqualified: suppressed"


def test_an_older_messages_score_never_overwrites_a_newer_ones(scene: Scene) -> None:
    older, newer = scene.message(age=timedelta(minutes=9)), scene.message(age=timedelta(minutes=1))
    scene.run(scene.job(newer, JobType.LEAD_SCORING))
    scene.model.answers["lead_score"] = {"reason": "old", "fit": 1, "intent": 1, "overall": 1}
    assert scene.run(scene.job(older, JobType.LEAD_SCORING)) == Done("a newer message has been scored")
    assert scene.lead().overall_score == 4
