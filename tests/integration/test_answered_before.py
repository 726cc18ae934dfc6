"""A send that is late or repeated looks into the thread: an answer that we hold no row for is never given twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import Direction, JobId
from shared.jobs.outcomes import Done, Retry
from shared.pipelines.people.review_drafts import approve_draft
from shared.providers.errors import RateLimited
from shared.providers.instantly.emails import Email
from tests.integration.reply_scene import GOOD_BODY, MAILBOX, Scene, email

OTHER_WORDS = "Hi Pat, this is Sam myself. Tuesday at ten works."


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def response(words: str | None = OTHER_WORDS, *, age: timedelta = timedelta(0), **changes: Any) -> Email:
    """Returns an email of ours in the thread."""
    sent = email(str(uuid7()), ue_type=3, from_email=MAILBOX)
    return replace(sent, text=words, timestamp_created=datetime.now(UTC) - age, **changes)


def count_listings(scene: Scene) -> Callable[[], int]:
    listed = 0
    listing = scene.instantly.list_emails

    def counted(**request: object) -> Any:
        nonlocal listed
        listed += 1
        return listing(**request)

    scene.instantly.list_emails = counted  # type: ignore[method-assign]
    return lambda: listed


def mark_restore(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO restore_mark (id, client_id, restored_to, marked_by_kind, marked_by, marked_at)"
                " VALUES (gen_random_uuid(), :client, now() - interval '1 hour', 'PERSON', 'pat', now())"
            ),
            {"client": scene.client_id},
        )


def approved(scene: Scene) -> JobId:
    scene.model.judges(confidence=0.1)
    scene.process()
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=Actor.person("pat"))
    return JobId(scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'").id)


def repeated(scene: Scene) -> JobId:
    job_id = scene.job(scene.message())
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET attempts = 1 WHERE id = :id"), {"id": job_id})
    return job_id


def republished(scene: Scene) -> JobId:
    job_id = scene.job(scene.message())
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET generation = 1 WHERE id = :id"), {"id": job_id})
    return job_id


def old(scene: Scene) -> JobId:
    return scene.job(scene.message(age=timedelta(hours=2)))


def recovered(scene: Scene) -> JobId:
    """It came when it was ten minutes old: no hook has brought it."""
    message_id = scene.message(age=timedelta(minutes=10))
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET received_at = now() WHERE id = :id"), {"id": message_id})
    return scene.job(message_id)


def before_a_restore(scene: Scene) -> JobId:
    message_id = scene.message()
    mark_restore(scene)
    return scene.job(message_id)


LATE = [approved, repeated, republished, old, recovered, before_a_restore]


@pytest.mark.parametrize("late", LATE)
def test_a_late_send_finds_an_answer_of_which_no_row_is_left(scene: Scene, late: Callable[[Scene], JobId]) -> None:
    job_id = late(scene)
    mail = response()
    scene.instantly.thread = [mail]
    assert scene.run(job_id) == Done("blocked (answered_at_provider)")
    assert (scene.draft().status, scene.draft().rule) == ("SUPERSEDED", "answered_at_provider")
    assert (scene.instantly.replies, scene.one("SELECT count(*) FROM outbound_send").count) == ([], 0)
    found = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert (found.provider_message_id, found.body_text, found.draft_id) == (mail.id, OTHER_WORDS, None)
    assert found.author_is_unknown
    assert scene.lead().last_outbound_at == found.effective_at


@pytest.mark.parametrize("late", LATE)
def test_an_answer_with_the_drafts_words_is_that_draft(scene: Scene, late: Callable[[Scene], JobId]) -> None:
    job_id = late(scene)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET provider_account_id = :id"), {"id": scene.account_id})
    mail = response(f"Hi Pat,\n\n{GOOD_BODY}\n\nBest,\nSam Lee\n\n> On Monday you wrote")
    scene.instantly.thread = [mail]
    assert scene.run(job_id) == Done("sent before")
    draft, send = scene.draft(), scene.one("SELECT * FROM outbound_send")
    assert (draft.status, send.status, send.provider_message_id, send.settled_by_kind) == (
        "SENT",
        "SENT",
        mail.id,
        "THREAD",
    )
    assert send.provider_account_id == scene.account_id
    found = scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")
    assert (found.draft_id, found.author_is_unknown, scene.instantly.replies) == (draft.id, False, [])


def test_the_straight_run_of_a_fresh_reply_lists_nothing(scene: Scene) -> None:
    """Where our own message is known; else the look at the trigger lists the thread to find it."""
    scene.message("Would ten minutes help?", direction=Direction.OUTBOUND, campaign_step=1, age=timedelta(hours=1))
    listings = count_listings(scene)
    assert scene.process() == Done("sent")
    assert listings() == 0


@pytest.mark.parametrize("late", LATE)
def test_a_late_send_whose_thread_holds_nothing_new_is_sent_once(scene: Scene, late: Callable[[Scene], JobId]) -> None:
    """The lead's own mail, a sequence's step, an answer to older mail and what we have a row for do not count."""
    scene.message("Would ten minutes help?", direction=Direction.OUTBOUND, campaign_step=1, age=timedelta(hours=5))
    listings = count_listings(scene)
    job_id = late(scene)
    known = response(age=timedelta(minutes=30))
    scene.instantly.thread = [
        email(str(uuid7()), ue_type=2),
        replace(response(), ue_type=1),
        response(age=timedelta(hours=3)),
        replace(response(), thread_id="another"),
        known,
    ]
    with scene.engine.begin() as connection:
        # In the hour before the reply, so that it is no newer mail for the gate either.
        connection.execute(
            text(
                "INSERT INTO message (id, client_id, lead_id, direction, provider_message_id, reply_key, content_key,"
                " received_at, effective_at) VALUES (gen_random_uuid(), :client, :lead, 'OUTBOUND', :id, :key, 'k',"
                " now() - interval '4 hours', now() - interval '4 hours')"
            ),
            {"client": scene.client_id, "lead": scene.lead_id, "id": known.id, "key": scene.reply_key(known.id)},
        )
    assert scene.run(job_id) == Done("sent")
    assert (len(scene.instantly.replies), listings()) == (1, 1)


def test_without_the_thread_nothing_late_is_sent(scene: Scene) -> None:
    job_id = approved(scene)

    def limited(**_: object) -> Any:
        raise RateLimited("429", retry_after_s=3.0)

    scene.instantly.list_emails = limited  # type: ignore[method-assign]
    with pytest.raises(RateLimited):
        scene.run(job_id)
    assert (scene.draft().status, scene.instantly.replies) == ("APPROVED", [])


def test_a_late_send_needs_the_time_for_its_look(scene: Scene) -> None:
    job_id = approved(scene)
    scene.instantly.before_read = lambda: setattr(scene, "remaining_s", 30.0)
    assert isinstance(scene.run(job_id), Retry)
    assert scene.instantly.replies == []


def test_a_mail_of_an_unknown_author_does_not_reset_the_brake_on_machines(scene: Scene) -> None:
    assert scene.process(scene.message(age=timedelta(minutes=3))) == Done("sent")
    late = scene.job(scene.message("And what does it cost?", age=timedelta(0)))
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET generation = 1 WHERE id = :id"), {"id": late})
    scene.instantly.thread.append(response())
    assert scene.run(late) == Done("blocked (answered_at_provider)")
    scene.settings(max_consecutive_auto_replies=1)
    scene.process(scene.message("Which one?", age=timedelta(0)))
    assert scene.drafts()[-1].rule == "consecutive_auto_replies"


# --- The id of the mail that was sent --------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["the trigger's", "another lead's", "another draft's"])
def test_an_id_that_is_another_mails_is_not_recorded_as_the_sent_ones(scene: Scene, whose: str) -> None:
    message_id = scene.message()
    known = scene.one("SELECT provider_message_id FROM message WHERE id = :id", id=message_id).provider_message_id
    if whose != "the trigger's":
        known = str(uuid7())
        with scene.engine.begin() as connection:
            other = uuid7()
            connection.execute(
                text("INSERT INTO lead (id, client_id, email) VALUES (:id, :client, 'li@other.test')"),
                {"id": other, "client": scene.client_id},
            )
            connection.execute(
                text(
                    "INSERT INTO message (id, client_id, lead_id, direction, provider_message_id, reply_key,"
                    " content_key, received_at, effective_at) VALUES (gen_random_uuid(), :client, :lead, 'OUTBOUND',"
                    " :id, :key, 'k', now() - interval '9 hours', now() - interval '9 hours')"
                ),
                {
                    "key": scene.reply_key(known),
                    "client": scene.client_id,
                    "lead": other if whose == "another lead's" else scene.lead_id,
                    "id": known,
                },
            )
            if whose == "another draft's":
                connection.execute(
                    text(
                        "WITH older AS (INSERT INTO draft (id, client_id, lead_id, trigger_message_id, body, status)"
                        " SELECT gen_random_uuid(), client_id, lead_id, id, 'x', 'REJECTED' FROM message"
                        " WHERE provider_message_id = :id RETURNING id)"
                        " UPDATE message SET draft_id = older.id FROM older WHERE provider_message_id = :id"
                    ),
                    {"id": known},
                )
    reply = scene.instantly.reply
    scene.instantly.reply = lambda **request: replace(reply(**request), id=known)  # type: ignore[method-assign]
    assert scene.process(message_id) == Done("uncertain")
    draft = scene.one("SELECT * FROM draft WHERE trigger_message_id = :id", id=message_id)
    assert (draft.status, scene.one("SELECT status FROM outbound_send").status) == ("SEND_UNCERTAIN", "UNCERTAIN")
    before = scene.one("SELECT direction, draft_id FROM message WHERE provider_message_id = :id", id=known)
    assert before.draft_id != draft.id
    assert scene.lead().last_outbound_at is None


def test_a_mail_that_an_event_has_recorded_already_is_still_linked(scene: Scene) -> None:
    known = str(uuid7())

    def event_is_faster() -> None:
        with scene.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO message (id, client_id, lead_id, direction, provider_message_id, reply_key,"
                    " content_key, author_is_unknown, received_at, effective_at) VALUES (gen_random_uuid(), :client,"
                    " :lead, 'OUTBOUND', :id, :key, 'k', true, now(), now())"
                ),
                {"client": scene.client_id, "lead": scene.lead_id, "id": known, "key": scene.reply_key(known)},
            )

    scene.instantly.after_reply = event_is_faster
    reply = scene.instantly.reply
    scene.instantly.reply = lambda **request: replace(reply(**request), id=known)  # type: ignore[method-assign]
    assert scene.process() == Done("sent")
    row = scene.one("SELECT draft_id, author_is_unknown FROM message WHERE provider_message_id = :id", id=known)
    assert (row.draft_id, row.author_is_unknown) == (scene.draft().id, False)
