"""What our responses promise: rows from the claim of the send on, kept or dropped by whoever does it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from shared.db.commitments import CommitmentStatus, list_commitments
from shared.domain.actor import Actor
from shared.domain.vocabulary import Direction, LeadId, Tag
from shared.jobs.outcomes import Done, Skip
from shared.pipelines.people.decide_holds import suppress_by_person
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal
from shared.pipelines.people.resolve_send import resolve_send
from shared.pipelines.people.review_drafts import approve_draft, edit_draft
from shared.pipelines.people.settle_commitments import settle_commitment
from shared.pipelines.upkeep.maintain import assert_due_promises, emit_gauges
from shared.providers.errors import NotSent, Uncertain
from tests.integration.reply_scene import Scene

PERSON = Actor.person("Robin")
TODAY = datetime.now(UTC).date()
LATER = "I will get back to you then."
ASKED = "Please write to me again next week, we are closing the year."


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def promises(scene: Scene, *, due: date | None = TODAY, kind: str = "WRITE_LATER", body: str = LATER) -> None:
    scene.settings(auto_send_commitments=True)
    scene.model.says(Tag.FOLLOW_UP)
    scene.model.writes(body, we_owe=[{"kind": kind, "words": body, "due": "" if due is None else due.isoformat()}])


def rows(scene: Scene) -> list[Any]:
    return list(scene.all("SELECT * FROM commitment ORDER BY draft_id, revision, ordinal"))


def states(scene: Scene) -> list[tuple[str, str | None]]:
    return [(row.status, row.settled_rule) for row in rows(scene)]


def test_a_promise_is_open_once_its_message_has_left(scene: Scene) -> None:
    scene.settings(timezone="Europe/Berlin")
    promises(scene, due=date(2027, 3, 1))
    assert scene.process(scene.message(ASKED)) == Done("sent")

    (row,) = rows(scene)
    assert (row.kind, row.words, row.status, row.revision, row.ordinal) == ("WRITE_LATER", LATER, "OPEN", 1, 1)
    assert row.due_at == datetime(2027, 3, 1, 8, 0, tzinfo=UTC), "nine o'clock in Berlin"
    assert row.draft_id == scene.draft().id


def test_a_promise_that_the_writer_does_not_name_is_found_by_code(scene: Scene) -> None:
    scene.settings(auto_send_commitments=True)
    scene.model.writes("I will check that with the team and come back to you.")
    scene.process()
    assert [(row.kind, row.status) for row in rows(scene)] == [("FIND_OUT", "OPEN")]


def test_a_draft_that_promises_what_nobody_keeps_waits_for_a_person(scene: Scene) -> None:
    promises(scene, kind="CALL", due=None, body="I will call you this afternoon at your number.")
    scene.settings(auto_send_commitments=False)
    scene.process(scene.message(ASKED))
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "commitment")
    assert rows(scene) == []
    assert scene.instantly.replies == []


def test_nothing_is_promised_by_what_has_certainly_not_left(scene: Scene) -> None:
    promises(scene)
    scene.instantly.reply_error = NotSent("no connection")
    job_id = scene.job(scene.message(ASKED))
    scene.run(job_id)
    assert rows(scene) == []

    scene.instantly.reply_error = None
    assert scene.run(job_id) == Done("sent")
    assert states(scene) == [("OPEN", None)]


@pytest.mark.parametrize(
    ("sent", "expected"), [(True, ("OPEN", None)), (False, ("DROPPED", "not_sent"))], ids=["sent", "not-sent"]
)
def test_what_may_have_left_is_promised_until_a_person_knows_better(
    scene: Scene, sent: bool, expected: tuple[str, str | None]
) -> None:
    promises(scene)
    scene.instantly.reply_error = Uncertain("the response was lost")
    scene.process(scene.message(ASKED))
    assert states(scene) == [("OPEN", None)]

    resolve_send(scene.engine, scene.draft().id, sent=sent, by=PERSON)
    assert states(scene) == [expected]


def test_a_response_that_is_sent_again_after_all_promises_again(scene: Scene) -> None:
    promises(scene)
    scene.instantly.reply_error = Uncertain("the response was lost")
    scene.process(scene.message(ASKED))
    resolve_send(scene.engine, scene.draft().id, sent=False, by=PERSON)
    scene.instantly.reply_error = None

    approve_and_send(scene)
    assert states(scene) == [("OPEN", None)]


def test_a_person_who_edits_a_draft_promises_what_the_new_text_says(scene: Scene) -> None:
    promises(scene, due=date(2027, 3, 1))
    scene.settings(auto_send_enabled=False)
    scene.process(scene.message(ASKED))
    edit_draft(scene.engine, scene.draft().id, by=PERSON, body="Hi Pat,\n\nI will get back to you in March.\n\nSam")

    approve_and_send(scene)
    (row,) = rows(scene)
    assert (row.kind, row.status, row.revision) == ("WRITE_LATER", "OPEN", 2)
    assert row.words == "I will get back to you in March."
    assert row.due_at.date() == date(2027, 3, 1), "the day is the one that the writer named"


def test_an_edit_that_takes_a_promise_back_leaves_none(scene: Scene) -> None:
    promises(scene)
    scene.settings(auto_send_enabled=False)
    scene.process(scene.message(ASKED))
    edit_draft(scene.engine, scene.draft().id, by=PERSON, body="Hi Pat,\n\nUnderstood, all the best.\n\nSam")
    approve_and_send(scene)
    assert rows(scene) == []


def approve_and_send(scene: Scene) -> None:
    draft_id = scene.draft().id
    approve_draft(scene.engine, scene.publisher, draft_id, by=PERSON)
    job = scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY' AND draft_id = :id", id=draft_id)
    scene.run(job.id)


# --- Dropped ---------------------------------------------------------------------------------------------------------


def test_a_newer_message_of_the_lead_drops_it_and_says_which(scene: Scene) -> None:
    promises(scene)
    scene.process(scene.message(ASKED))
    scene.model.says(Tag.NOT_INTERESTED)
    newer = scene.message("We have decided otherwise, thank you.", age=timedelta(0))
    scene.process(newer)
    (row,) = rows(scene)
    assert (row.status, row.settled_rule, row.settled_by_message_id) == ("DROPPED", "newer_message", newer)
    assert (row.settled_by_kind, row.settled_by) == ("RULE", None)


def test_neither_an_absence_notice_nor_a_campaign_step_drops_it(scene: Scene) -> None:
    promises(scene)
    scene.process(scene.message(ASKED))
    scene.process(scene.message("I am out of office until Monday.", age=timedelta(0), is_auto_reply=True))
    scene.message("One more thing", direction=Direction.OUTBOUND, campaign_step=2, age=timedelta(0))
    assert states(scene) == [("OPEN", None)]


def test_a_suppression_drops_it(scene: Scene) -> None:
    promises(scene)
    scene.process(scene.message(ASKED))
    suppress_by_person(scene.engine, scene.publisher, scene.client_id, LeadId(scene.lead_id), by=PERSON)
    assert states(scene) == [("DROPPED", "suppressed")]


# --- Settled by a person ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [CommitmentStatus.KEPT, CommitmentStatus.DROPPED])
def test_a_person_settles_it_once(scene: Scene, status: CommitmentStatus) -> None:
    promises(scene, kind="CALL", due=None, body="I will call you this afternoon at your number.")
    scene.process(scene.message(ASKED))
    (row,) = rows(scene)

    settle_commitment(scene.engine, row.id, status, by=PERSON)
    (row,) = rows(scene)
    assert (row.status, row.settled_rule, row.settled_by_kind, row.settled_by) == (status, "person", "PERSON", "Robin")
    with pytest.raises(InterventionRefusedError) as refused:
        settle_commitment(scene.engine, row.id, status, by=PERSON)
    assert refused.value.refusal is Refusal.COMMITMENT_SETTLED


def test_what_should_have_been_kept_by_now_is_overdue(scene: Scene) -> None:
    promises(scene, due=TODAY - timedelta(days=2))
    scene.process(scene.message(ASKED))
    with scene.engine.connect() as connection:
        assert [one.is_overdue for one in list_commitments(connection, scene.client_id, overdue=True, limit=10)] == [
            True
        ]
    emit_gauges(scene.dependencies)


# --- Kept by a follow-up ---------------------------------------------------------------------------------------------


def due_job(scene: Scene) -> Any:
    assert assert_due_promises(scene.dependencies) == 1
    assert assert_due_promises(scene.dependencies) == 0, "there is one job for a promise"
    job = scene.one("SELECT * FROM background_job WHERE type = 'COMMITMENT_DUE'")
    return job.id


def follow_up(scene: Scene) -> Any:
    return scene.one("SELECT * FROM draft WHERE purpose = 'FOLLOW_UP'")


def promised(scene: Scene) -> None:
    promises(scene, due=TODAY - timedelta(days=1))
    assert scene.process(scene.message(ASKED, age=timedelta(days=0, minutes=3))) == Done("sent")
    scene.model.writes("You asked me to write again. Is now a good moment to talk?")
    scene.model.calls.clear()


def test_a_promise_to_write_again_is_drafted_on_its_day_for_a_person(scene: Scene) -> None:
    promised(scene)
    assert scene.run(due_job(scene)) == Done("follow-up: NEEDS_REVIEW (follow_up)")

    draft = follow_up(scene)
    (row,) = rows(scene)
    assert (draft.status, draft.rule, draft.commitment_id) == ("NEEDS_REVIEW", "follow_up", row.id)
    assert scene.model.calls == ["draft"]
    shown = scene.model.shown["draft"]
    assert '"follow_up": {"promised": "I will get back to you then."' in shown
    assert '"since": [{"from": "us"' in shown, "the writer sees what we have written since"
    assert row.status == "OPEN", "it is kept once it has left"

    approve_draft(scene.engine, scene.publisher, draft.id, by=PERSON)
    scene.run(scene.one("SELECT id FROM background_job WHERE draft_id = :id", id=draft.id).id)
    assert follow_up(scene).status == "SENT"
    assert len(scene.instantly.replies) == 2
    assert states(scene) == [("KEPT", "follow_up")]


def test_a_campaign_may_let_follow_ups_leave_by_themselves(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE campaign SET auto_send_follow_ups = true"))
    promised(scene)
    assert scene.run(due_job(scene)) == Done("sent")
    assert (follow_up(scene).status, states(scene)) == ("SENT", [("KEPT", "follow_up")])


def test_a_promise_that_was_dropped_meanwhile_is_not_kept(scene: Scene) -> None:
    promised(scene)
    job_id = due_job(scene)
    suppress_by_person(scene.engine, scene.publisher, scene.client_id, LeadId(scene.lead_id), by=PERSON)
    assert scene.run(job_id) == Skip("the promise is DROPPED")
    assert scene.model.calls == []


def test_a_follow_up_whose_lead_writes_while_it_is_written_is_born_superseded(scene: Scene) -> None:
    promised(scene)
    job_id = due_job(scene)
    scene.model.before = lambda _: scene.message("Actually, let us talk now.", age=timedelta(0)) and None
    scene.run(job_id)
    assert (follow_up(scene).status, follow_up(scene).rule) == ("SUPERSEDED", "newer_message")


def test_a_second_response_between_makes_a_waiting_follow_up_one_too_many(scene: Scene) -> None:
    promised(scene)
    scene.run(due_job(scene))
    scene.message("By hand, from the mailbox", direction=Direction.OUTBOUND, age=timedelta(0))
    with pytest.raises(Exception, match="an email has gone to the lead since"):
        approve_draft(scene.engine, scene.publisher, follow_up(scene).id, by=PERSON)
