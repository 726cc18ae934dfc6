"""A lead has one open draft on a channel, whatever opens one; nothing that it has written goes unanswered by that."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.domain.actor import Actor
from shared.domain.vocabulary import JobId, LeadId, MessageId, Tag, WaitingFor
from shared.jobs.outcomes import Defer, Done
from shared.pipelines.people.merge_leads import MergeRefusedError, merge_leads, unmerge_lead
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.resolve_send import resolve_send
from shared.pipelines.people.review_drafts import ReviewRefusedError, approve_draft, reject_draft
from shared.pipelines.upkeep.maintain import assert_due_promises
from shared.providers.errors import NotSent, RateLimited, Refused, Uncertain
from tests.instantly_events import iso
from tests.integration.reply_scene import Scene

PERSON = Actor.person("Robin")
OPEN = {"PENDING", "NEEDS_REVIEW", "APPROVED"}


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def newer_reply(scene: Scene, words: str = "This is interesting, tell me more.") -> MessageId:
    """The lead's reply of now, understood and drafted for a person."""
    scene.model.judges(confidence=0.5)
    message_id = scene.receive(reply_text=words, reply_html=None)
    scene.run(scene.job_of(message_id))
    return message_id


def late_reply(scene: Scene, words: str = "We have somebody else.", hours: int = 5) -> MessageId:
    at = iso(datetime.now(UTC) - timedelta(hours=hours))
    return scene.receive(timestamp=at, reply_text=words, reply_html=None)


def draft_to(scene: Scene, message_id: MessageId) -> Any:
    return scene.one("SELECT * FROM draft WHERE trigger_message_id = :id AND purpose = 'REPLY'", id=message_id)


def state_of(scene: Scene, message_id: MessageId) -> tuple[str, str | None, UUID | None]:
    draft = draft_to(scene, message_id)
    return draft.status, draft.rule, draft.superseded_by_message_id


# --- A late reply ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("approved", [False, True])
def test_the_draft_to_a_late_reply_takes_the_open_one_over(scene: Scene, approved: bool) -> None:
    newer = newer_reply(scene)
    if approved:
        approve_draft(scene.engine, scene.publisher, draft_to(scene, newer).id, by=PERSON)
    late = late_reply(scene)
    assert scene.run(scene.job_of(late)) == Done("Interested: NEEDS_REVIEW (arrived_late)")

    assert "This is interesting" in scene.model.shown["draft"], "its writer has both in sight"
    assert state_of(scene, newer) == ("SUPERSEDED", "another_draft", late)
    assert scene.decisions(draft_to(scene, newer).id)[-1][:3] == ("SUPERSEDED", "another_draft", "RULE")
    draft = draft_to(scene, late)
    assert (draft.status, draft.rule, draft.answers_up_to_message_id) == ("NEEDS_REVIEW", "arrived_late", newer)
    if approved:
        scene.run(scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'").id)
        assert scene.instantly.replies == []

    approve_draft(scene.engine, scene.publisher, draft.id, by=PERSON)
    scene.run(scene.one("SELECT id FROM background_job WHERE draft_id = :id", id=draft.id).id)
    assert state_of(scene, late)[0] == "SENT"


def test_a_draft_that_comes_after_the_late_ones_is_born_closed(scene: Scene) -> None:
    """The newer reply was understood, but not drafted for, when the late one came."""
    late: list[MessageId] = []

    def a_late_one_is_worked_off(task: str) -> None:
        if task == "draft" and not late:
            late.append(late_reply(scene))
            scene.run(scene.job_of(late[0]))

    scene.model.before = a_late_one_is_worked_off
    newer = newer_reply(scene)
    assert state_of(scene, late[0]) == ("NEEDS_REVIEW", "arrived_late", None)
    assert state_of(scene, newer) == ("SUPERSEDED", "another_draft", late[0])
    assert draft_to(scene, late[0]).answers_up_to_message_id == newer


def test_of_two_late_replies_the_one_that_arrived_last_has_the_open_draft(scene: Scene) -> None:
    newer_reply(scene)
    first, second = late_reply(scene), late_reply(scene, "And our budget is gone.", hours=7)
    scene.run(scene.job_of(second))
    scene.run(scene.job_of(first))
    [is_open] = [draft for draft in scene.drafts() if draft.status in OPEN]
    assert is_open.trigger_message_id in (first, second)
    assert all(words in scene.model.shown["draft"] for words in ("somebody else", "interesting", "budget"))


def test_a_machine_that_seemed_to_overtake_them_gives_back_the_draft_that_takes_both_into_account(scene: Scene) -> None:
    newer = newer_reply(scene)
    late = late_reply(scene)
    scene.run(scene.job_of(late))
    machine = scene.receive(reply_text="Your request is important to us and will be looked at.", reply_html=None)
    with scene.engine.begin() as connection:  # its claim, or the end of its send, took it for a person's
        connection.execute(
            text("UPDATE draft SET status = 'SUPERSEDED', rule = 'newer_message' WHERE status = 'NEEDS_REVIEW'")
        )
    scene.model.says(Tag.AUTOMATED_REPLY)
    scene.run(scene.job_of(machine))
    assert state_of(scene, late) == ("NEEDS_REVIEW", "no_longer_overtaken", None)
    assert state_of(scene, newer)[:2] == ("SUPERSEDED", "another_draft")


# --- Back from the wire ----------------------------------------------------------------------------------------------


def on_the_wire(scene: Scene, error: Exception, meanwhile: Callable[[], object]) -> MessageId:
    """A reply whose response is being sent while ``meanwhile`` happens, and whose send ends with ``error``."""
    done: list[object] = []
    scene.instantly.before_reply = lambda: None if done else done.append(meanwhile() or True)
    scene.instantly.reply_error = error
    message_id = scene.receive(reply_text="This is interesting, tell me more.", reply_html=None)
    scene.run(scene.job_of(message_id))
    return message_id


@pytest.mark.parametrize("error", [RateLimited("429"), NotSent("no connection"), Refused(400, "no such thread")])
def test_a_draft_that_comes_back_meets_the_one_that_has_taken_its_place(scene: Scene, error: Exception) -> None:
    late: list[MessageId] = []

    def meanwhile() -> None:
        late.append(late_reply(scene))
        scene.run(scene.job_of(late[0]))

    message_id = on_the_wire(scene, error, meanwhile)
    assert state_of(scene, late[0])[:2] == ("NEEDS_REVIEW", "arrived_late")
    assert state_of(scene, message_id) == ("SUPERSEDED", "another_draft", late[0])
    assert scene.one("SELECT status FROM outbound_send").status == "REFUSED"


def test_an_uncertain_send_that_has_not_left_meets_a_newer_draft(scene: Scene) -> None:
    message_id = on_the_wire(scene, Uncertain("timeout"), lambda: None)
    late = late_reply(scene)
    scene.run(scene.job_of(late))
    assert state_of(scene, message_id)[0] == "SEND_UNCERTAIN"
    assert state_of(scene, late)[:2] == ("NEEDS_REVIEW", "arrived_late")

    resolve_send(scene.engine, draft_to(scene, message_id).id, sent=False, by=PERSON)
    assert state_of(scene, message_id) == ("SUPERSEDED", "another_draft", late)
    assert state_of(scene, late)[0] == "NEEDS_REVIEW"


def test_a_late_ones_draft_that_comes_back_closes_the_one_that_was_opened_meanwhile(scene: Scene) -> None:
    newer = newer_reply(scene)
    late = late_reply(scene)
    scene.run(scene.job_of(late))
    approve_draft(scene.engine, scene.publisher, draft_to(scene, late).id, by=PERSON)
    scene.instantly.reply_error = Uncertain("timeout")
    scene.run(scene.one("SELECT id FROM background_job WHERE draft_id = :id", id=draft_to(scene, late).id).id)
    assert state_of(scene, late)[0] == "SEND_UNCERTAIN"
    with scene.engine.begin() as connection:  # as the release before has left it
        connection.execute(
            text("UPDATE draft SET status = 'NEEDS_REVIEW' WHERE trigger_message_id = :id"), {"id": newer}
        )

    resolve_send(scene.engine, draft_to(scene, late).id, sent=False, by=PERSON)
    assert state_of(scene, late) == ("NEEDS_REVIEW", "send_uncertain", None)
    assert state_of(scene, newer) == ("SUPERSEDED", "another_draft", late)


# --- Promised follow-ups ---------------------------------------------------------------------------------------------

LATER = "I will get back to you then."
BUSY = Defer(900.0, WaitingFor.ANOTHER_DRAFT)


def promised(scene: Scene, count: int = 1) -> list[JobId]:
    """A response has left that promises to write again; the jobs of the promises, which are due."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    scene.settings(auto_send_commitments=True)
    scene.model.says(Tag.FOLLOW_UP)
    texts = [LATER, "I will write to you again after that."][:count]
    scene.model.writes(" ".join(texts), we_owe=[{"kind": "WRITE_LATER", "words": t, "due": yesterday} for t in texts])
    message_id = scene.receive(reply_text="Please write to me again next week.", reply_html=None)
    assert scene.run(scene.job_of(message_id)) == Done("sent")
    scene.model.writes("You asked me to write again. Is now a good moment to talk?")
    assert assert_due_promises(scene.dependencies) == count
    return [row.id for row in scene.all("SELECT id FROM background_job WHERE type = 'COMMITMENT_DUE' ORDER BY id")]


def test_a_follow_up_waits_for_an_open_response(scene: Scene) -> None:
    [job_id] = promised(scene)
    late = late_reply(scene)
    scene.run(scene.job_of(late))
    calls = len(scene.model.calls)
    assert scene.run(job_id) == BUSY
    assert len(scene.model.calls) == calls, "nothing is paid for"

    reject_draft(scene.engine, draft_to(scene, late).id, by=PERSON, reason="covered")
    assert scene.run(job_id) == Done("follow-up: NEEDS_REVIEW (follow_up)")


def test_a_follow_up_waits_for_a_response_that_is_opened_while_it_is_written(scene: Scene) -> None:
    [job_id] = promised(scene)
    late: list[MessageId] = []

    def a_late_one_is_worked_off(task: str) -> None:
        if task == "draft" and not late:
            late.append(late_reply(scene))
            scene.run(scene.job_of(late[0]))

    scene.model.before = a_late_one_is_worked_off
    assert scene.run(job_id) == BUSY
    assert scene.all("SELECT 1 FROM draft WHERE purpose = 'FOLLOW_UP'") == []
    assert scene.steps(job_id) == {}
    reject_draft(scene.engine, draft_to(scene, late[0]).id, by=PERSON, reason="covered")
    assert scene.run(job_id) == Done("follow-up: NEEDS_REVIEW (follow_up)")


def test_a_follow_up_waits_until_it_is_known_whether_a_response_has_left(scene: Scene) -> None:
    [job_id] = promised(scene)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET status = 'SEND_UNCERTAIN'"))
    assert scene.run(job_id) == BUSY


def test_two_promises_are_kept_one_after_the_other(scene: Scene) -> None:
    first, second = promised(scene, 2)
    assert scene.run(first) == Done("follow-up: NEEDS_REVIEW (follow_up)")
    assert scene.run(second) == BUSY


def test_an_open_follow_up_gives_way_to_a_response(scene: Scene) -> None:
    [job_id] = promised(scene)
    scene.run(job_id)
    late = late_reply(scene)
    scene.run(scene.job_of(late))
    follow_up = scene.one("SELECT * FROM draft WHERE purpose = 'FOLLOW_UP'")
    assert (follow_up.status, follow_up.rule) == ("SUPERSEDED", "another_draft")
    assert follow_up.superseded_by_message_id == late
    assert state_of(scene, late)[0] == "NEEDS_REVIEW"
    assert scene.one("SELECT status FROM commitment").status == "OPEN", "people see it as overdue"


# --- A second writer, merges, races ----------------------------------------------------------------------------------


def test_a_second_writer_gets_the_draft_that_is_there_and_closes_nothing(scene: Scene) -> None:
    message_id = newer_reply(scene)
    job_id = scene.job_of(message_id)
    with scene.engine.begin() as connection:
        connection.execute(text("DELETE FROM job_step WHERE job_id = :id AND name <> 'understand'"), {"id": job_id})
        connection.execute(text("UPDATE background_job SET status = 'FAILED' WHERE id = :id"), {"id": job_id})
    assert scene.run(job_id) == Done("Interested: NOTHING (draft_status)")
    assert state_of(scene, message_id)[0] == "NEEDS_REVIEW"
    assert len(scene.drafts()) == 1


def another_lead(scene: Scene) -> UUID:
    with scene.engine.begin() as connection:
        found: UUID = connection.execute(
            text(
                "INSERT INTO lead (id, client_id, email) VALUES (gen_random_uuid(), :client, 'robin@acme.test')"
                " RETURNING id"
            ),
            {"client": scene.client_id},
        ).scalar_one()
    return found


def open_drafts(scene: Scene) -> list[Any]:
    return scene.all(
        "SELECT coalesce(lead.merged_into_id, lead.id) AS person, draft.channel, count(*) FROM draft"
        " JOIN lead ON lead.id = draft.lead_id WHERE draft.status IN ('PENDING', 'NEEDS_REVIEW', 'APPROVED')"
        " GROUP BY 1, 2"
    )


def test_a_draft_of_a_merged_lead_is_not_opened_again(scene: Scene) -> None:
    """The merge has closed it; the person's conversation is another one now."""
    older = newer_reply(scene)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET status = 'SUPERSEDED', rule = 'newer_message'"))
    winner = another_lead(scene)
    merge_leads(scene.engine, scene.publisher, winner=LeadId(winner), loser=LeadId(scene.lead_id), by=PERSON)
    scene.model.says(Tag.AUTOMATED_REPLY)
    machine = scene.receive(reply_text="Your request is important to us and will be looked at.", reply_html=None)
    scene.run(scene.job_of(machine))
    assert state_of(scene, older)[0] == "SUPERSEDED"
    assert open_drafts(scene) == []


def together(*acts: Callable[[], object]) -> list[BaseException]:
    """Does things at the same time; what they raised."""
    barrier, raised = threading.Barrier(len(acts)), list[BaseException]()

    def start(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=start, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.mark.parametrize("round_", range(3))
def test_two_workers_at_once_leave_one_open_draft(scene: Scene, round_: int) -> None:
    newer_reply(scene)
    jobs = [scene.job_of(late_reply(scene, f"Thing number {n}.", hours=3 + n + round_)) for n in range(2)]
    assert together(*[lambda job=job: scene.run(job) for job in jobs]) == []
    assert [row.count for row in open_drafts(scene)] == [1]


@pytest.mark.parametrize("round_", range(3))
def test_an_uncertain_send_is_settled_while_a_newer_draft_is_written(scene: Scene, round_: int) -> None:
    message_id = on_the_wire(scene, Uncertain("timeout"), lambda: None)
    late = scene.job_of(late_reply(scene, hours=3 + round_))
    draft_id = draft_to(scene, message_id).id
    raised = together(lambda: scene.run(late), lambda: resolve_send(scene.engine, draft_id, sent=False, by=PERSON))
    assert raised == []
    assert [row.count for row in open_drafts(scene)] == [1]
    assert state_of(scene, message_id)[0] == "SUPERSEDED"


@pytest.mark.parametrize("round_", range(3))
def test_a_merge_and_a_draft_at_once(scene: Scene, round_: int) -> None:
    newer_reply(scene)
    late = scene.job_of(late_reply(scene, hours=3 + round_))
    winner = another_lead(scene)
    raised = together(
        lambda: scene.run(late),
        lambda: merge_leads(
            scene.engine, scene.publisher, winner=LeadId(winner), loser=LeadId(scene.lead_id), by=PERSON
        ),
    )
    assert all(not isinstance(error, Exception) or "duplicate key" not in str(error) for error in raised)
    assert all(row.count == 1 for row in open_drafts(scene))


# --- Any sequence ----------------------------------------------------------------------------------------------------

REFUSED = (MergeRefusedError, InterventionRefusedError, ReviewRefusedError)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_in_whatever_order_there_is_one_open_draft(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (the same sequence each time)
    waiting: list[Any] = []
    winner = another_lead(scene)
    merged = [False]

    def receives(late: bool, machine: bool = False) -> None:
        hours = chance.randint(2, 30) if late else 0
        words = "Your request is important to us." if machine else f"Words number {chance.random()}."
        waiting.append((scene.job_of(late_reply(scene, words, hours=hours)), machine))

    def works() -> None:
        if not waiting:
            return
        job_id, machine = waiting.pop(chance.randrange(len(waiting)))
        scene.model.says(Tag.AUTOMATED_REPLY if machine else chance.choice([Tag.INTERESTED, Tag.FOLLOW_UP]))
        scene.model.judges(confidence=chance.choice([0.5, 0.96]))
        scene.instantly.reply_error = chance.choice([None, Uncertain("lost"), NotSent("no"), Refused(400, "no")])
        scene.run(job_id)

    def any_draft(status: str) -> UUID | None:
        found = [row.id for row in scene.all("SELECT id FROM draft WHERE status = :status", status=status)]
        return chance.choice(found) if found else None

    def resolves() -> None:
        if (draft_id := any_draft("SEND_UNCERTAIN")) is not None:
            resolve_send(scene.engine, draft_id, sent=chance.random() < 0.3, by=PERSON)

    def approves() -> None:
        if (draft_id := any_draft("NEEDS_REVIEW")) is not None:
            approve_draft(scene.engine, scene.publisher, draft_id, by=PERSON)

    def sends() -> None:
        jobs = scene.all("SELECT id FROM background_job WHERE type = 'SEND_REPLY' AND status <> 'SUCCEEDED'")
        if jobs:
            scene.instantly.reply_error = chance.choice([None, Uncertain("lost"), NotSent("no"), Refused(400, "no")])
            scene.run(chance.choice(jobs).id)

    def merges() -> None:
        if merged[0]:
            unmerge_lead(scene.engine, scene.publisher, LeadId(scene.lead_id), by=PERSON)
        else:
            merge_leads(scene.engine, scene.publisher, winner=LeadId(winner), loser=LeadId(scene.lead_id), by=PERSON)
        merged[0] = not merged[0]

    acts: list[Callable[[], None]] = [
        *[lambda: receives(late=False)] * 2,
        *[lambda: receives(late=True)] * 4,
        lambda: receives(late=False, machine=True),
        *[works] * 6,
        *[resolves] * 3,
        *[approves] * 2,
        *[sends] * 2,
        merges,
    ]
    for _ in range(40):
        with suppress(*REFUSED):
            chance.choice(acts)()
        assert all(row.count == 1 for row in open_drafts(scene))
