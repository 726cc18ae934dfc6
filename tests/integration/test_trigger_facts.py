"""What is answered is known before anything is judged: one look at the provider, and copies of what was sent before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from shared.db.retention import prune
from shared.domain.vocabulary import Direction, Tag
from shared.jobs.outcomes import Done
from shared.providers.errors import Uncertain
from tests.instantly_events import email_sent, reply_received
from tests.integration.reply_scene import LEAD_EMAIL, MAILBOX, Scene, email

STRANGER = "kim@newco.test"
PITCH = (
    "Hi Kim, we help founders of logistics companies to fill their calendars: we find the firms that fit, write to the"
    " right people from our own mailboxes and hand warm conversations to your sales team. Clients pay a monthly fee and"
    " see the first meetings in week four. Would ten minutes next week be worth a look?"
)


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def shown(scene: Scene, task: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(scene.model.shown[task].splitlines()[-1])
    return document


def find(document: object, name: str) -> list[Any]:
    """All values of the fields of that name, at any depth."""
    if isinstance(document, dict):
        return [
            found for key, value in document.items() for found in ([value] if key == name else []) + find(value, name)
        ]
    return [found for item in document for found in find(item, name)] if isinstance(document, list) else []


# --- The look --------------------------------------------------------------------------------------------------------


def test_the_provider_is_asked_once_and_its_answer_is_kept(scene: Scene) -> None:
    scene.instantly.received = {"copies": ("max@acme.test",), "attachments": ("plan.pdf",)}
    message_id = scene.message()
    job_id = scene.job(message_id)
    scene.model.answers["draft"] = Uncertain("the model is away")
    with pytest.raises(Uncertain):
        scene.run(job_id)
    looks = len(scene.instantly.reads)
    row = scene.one("SELECT * FROM message WHERE id = :id", id=message_id)
    assert row.looked_at is not None
    assert (row.trigger_facts["copies"], row.trigger_facts["attachments"]) == (["max@acme.test"], ["plan.pdf"])

    scene.model.writes("happy to tell you more. Which part matters most to you?")
    scene.run(job_id)
    assert len(scene.instantly.reads) == looks + 1, "only the send looks again, right before it leaves"


def test_a_provider_that_knows_no_sender_is_not_asked_again(scene: Scene) -> None:
    scene.instantly.received = {"from_email": None}
    scene.settings(auto_send_enabled=False)
    job_id = scene.job(scene.message())
    scene.model.answers["sentiment"] = Uncertain("the model is away")
    for _ in range(2):
        with pytest.raises(Uncertain):
            scene.run(job_id)
    assert len(scene.instantly.reads) == 1


def test_a_provider_that_is_away_keeps_nobody_from_being_understood(scene: Scene) -> None:
    scene.settings(auto_send_enabled=False)
    scene.instantly.read_error = Uncertain("time-out")
    message_id = scene.message()
    scene.process(message_id)
    assert scene.draft().status == "NEEDS_REVIEW"
    assert scene.one("SELECT looked_at FROM message WHERE id = :id", id=message_id).looked_at is None


def test_the_writer_sees_who_else_reads_it_what_was_attached_and_the_signature(scene: Scene) -> None:
    scene.set_lead("title = 'Head of Sales'")
    scene.instantly.received = {"copies": ("max@acme.test",), "attachments": ("plan.pdf",)}
    message_id = scene.message()
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE message SET signature_text = 'Pat Doe, +1 202 555 0147'"))
    scene.process(message_id)
    document = shown(scene, "draft")
    assert find(document, "copies") == [["max@acme.test"]]
    assert find(document, "attachments") == [["plan.pdf"]]
    assert find(document, "signature")[-1] == "Pat Doe, +1 202 555 0147"
    assert find(document, "title") == ["Head of Sales"]
    assert find(document, "campaign_name") == ["Founders"]


def test_a_colleague_who_answers_is_known_before_the_draft_is_written(scene: Scene) -> None:
    scene.instantly.received = {"from_email": "max@acme.test"}
    scene.process()
    assert find(shown(scene, "draft"), "replier_is_lead") == [False]
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "another_sender")


# --- Copies of the response ------------------------------------------------------------------------------------------


def test_whoever_got_a_copy_of_the_reply_gets_one_of_the_response(scene: Scene) -> None:
    scene.instantly.received = {"copies": ("max@acme.test", MAILBOX, LEAD_EMAIL.upper(), "max@acme.test")}
    assert scene.process() == Done("sent")
    assert scene.draft().copies == ["max@acme.test"]
    assert scene.instantly.replies[0]["copies"] == ("max@acme.test",)


def test_nobody_gets_a_copy_who_must_not_be_written_to(scene: Scene) -> None:
    scene.receive_event(reply_received(lead_email="max@acme.test", reply_text="Please unsubscribe me."))
    assert scene.one("SELECT suppressed_at FROM lead WHERE email = 'max@acme.test'").suppressed_at is not None
    scene.instantly.received = {"copies": ("max@acme.test", "eva@acme.test")}
    scene.process()
    assert scene.instantly.replies[0]["copies"] == ("eva@acme.test",)


# --- Our own message -------------------------------------------------------------------------------------------------


def test_a_message_to_a_stranger_is_no_lead_and_its_first_reply_takes_it_over(scene: Scene) -> None:
    scene.deliver(email_sent(lead_email=STRANGER, email_text=PITCH, email_subject="ten minutes"))
    assert scene.all("SELECT * FROM lead WHERE email = :email", email=STRANGER) == []
    (copy,) = scene.all("SELECT * FROM sent_copy")
    assert (copy.text, copy.subject) == (PITCH, "ten minutes")
    assert STRANGER.encode() not in copy.address_hash

    message_id = scene.receive_event(reply_received(lead_email=STRANGER, reply_text="Sure", campaign_id="c1"))
    assert scene.all("SELECT * FROM sent_copy") == []
    scene.run(scene.job_of(message_id))
    (thread,) = find(shown(scene, "sentiment"), "thread")
    assert [(one["from"], one["text"]) for one in thread] == [("us", PITCH)]


def test_the_newest_message_to_a_stranger_is_the_one_that_is_kept(scene: Scene) -> None:
    now = datetime.now(UTC)
    for step, at in ((2, now), (1, now - timedelta(days=3))):
        event = email_sent(lead_email=STRANGER, email_text=f"step {step}", step=step, timestamp=at.isoformat())
        scene.deliver(event)
    (copy,) = scene.all("SELECT * FROM sent_copy")
    assert (copy.text, copy.campaign_step) == ("step 2", 2)


def test_a_long_message_is_kept_in_two_kilobytes_and_for_sixty_days(scene: Scene) -> None:
    scene.deliver(email_sent(lead_email=STRANGER, email_text="ü" * 3_000))
    (copy,) = scene.all("SELECT * FROM sent_copy")
    assert len(copy.text.encode()) == 2_048
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE sent_copy SET sent_at = now() - interval '61 days'"))
    assert prune(scene.engine, "sent_copy", days=60, limit=10) == 1


def test_where_nothing_else_shows_it_the_provider_is_asked_for_our_message(scene: Scene) -> None:
    ours = email("ours", ue_type=1, from_email=MAILBOX)
    scene.instantly.thread = [
        replace(ours, text="Would ten minutes help?", timestamp_created=datetime.now(UTC) - timedelta(hours=2))
    ]
    message_id = scene.message("sure")
    scene.process(message_id)
    (thread,) = find(shown(scene, "sentiment"), "thread")
    assert [(one["from"], one["text"]) for one in thread] == [("us", "Would ten minutes help?")]
    assert scene.one("SELECT trigger_facts FROM message WHERE id = :id", id=message_id).trigger_facts["our_message"]


def test_a_quotation_is_shown_unless_the_thread_holds_that_message(scene: Scene) -> None:
    quoted = "On Mon, Nov 23, 2026 at 9:00 AM Sam <sam@send.test> wrote:\n> " + PITCH
    scene.message("Our second message, about something else entirely", direction=Direction.OUTBOUND)
    scene.model.says(Tag.NEUTRAL)
    scene.process(scene.message(f"tell me more\n\n{quoted}", age=timedelta(0)))
    (original,) = find(shown(scene, "sentiment"), "quoted_original")
    assert "fill their calendars" in original

    other = Scene(scene.engine)
    other.model.says(Tag.NEUTRAL)
    other.message(PITCH, direction=Direction.OUTBOUND)
    other.process(other.message(f"tell me more\n\n{quoted}", age=timedelta(0)))
    assert find(shown(other, "sentiment"), "quoted_original") == [""]
