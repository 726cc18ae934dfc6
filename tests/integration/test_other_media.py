"""What a reply's medium changes on its way: the history that is shown, the hours at which an answer leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.db.reply_context import HISTORY_LIMIT, OTHERS_LIMIT, load_reply_context
from shared.domain.actor import Actor
from shared.domain.vocabulary import Channel, Direction, JobType, MessageId, WaitingFor
from shared.jobs.outcomes import Defer, Done
from shared.pipelines.people.review_drafts import Refusal, ReviewRefusedError, approve_draft, edit_draft
from tests.integration.conversations import start_conversation
from tests.integration.reply_scene import Scene

KIM = Actor.person("kim")
WASHINGTON = "+12025550143"
MORNING, NIGHT = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (15, 3))  # 10:00 and 22:00 there


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def on(scene: Scene, channel: Channel, *ids: UUID) -> None:
    with scene.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET channel = :channel, sender_address = :sender WHERE id = ANY(:ids)"),
            {"channel": channel.value, "sender": WASHINGTON, "ids": list(ids)},
        )
        connection.execute(
            text("UPDATE draft SET channel = :channel WHERE trigger_message_id = ANY(:ids)"),
            {"channel": channel.value, "ids": list(ids)},
        )


def test_the_history_is_of_the_replys_channel_first_and_names_the_others(scene: Scene) -> None:
    texts = [scene.message(f"text {n}", age=timedelta(hours=100 - n)) for n in range(HISTORY_LIMIT + 2)]
    mails = [scene.message(f"mail {n}", age=timedelta(hours=50 - n)) for n in range(OTHERS_LIMIT + 2)]
    reply = scene.message("ok", age=timedelta(minutes=1))
    on(scene, Channel.SMS, *texts, reply)

    context = load_reply_context(scene.engine, reply)

    assert context is not None
    shown = [(message.channel, message.text) for message in context.history]
    assert shown == [
        *((Channel.SMS, f"text {n}") for n in range(2, len(texts))),
        *((Channel.EMAIL, f"mail {n}") for n in range(2, len(mails))),
    ]


def approved_text(scene: Scene) -> MessageId:
    scene.model.judges(confidence=0.2)
    message_id = scene.message(age=timedelta(minutes=5))
    scene.process(message_id)
    on(scene, Channel.SMS, message_id)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET status = 'APPROVED', decided_by = 'kim'"))
    return message_id


def test_an_approved_text_message_waits_for_the_morning_at_the_leads_place(scene: Scene) -> None:
    message_id = approved_text(scene)
    job_id = scene.job(message_id, JobType.SEND_REPLY, draft_id=scene.draft().id)
    scene.dependencies = replace(scene.dependencies, now=lambda: NIGHT)

    outcome = scene.run(job_id)

    assert outcome == Defer(timedelta(hours=10).total_seconds(), WaitingFor.QUIET_HOURS)
    assert scene.instantly.replies == []


def test_who_approves_a_text_message_hears_when_it_leaves(engine: Engine) -> None:
    conversation = start_conversation(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE draft SET channel = 'SMS'"))
        connection.execute(text("UPDATE message SET channel = 'SMS', sender_address = :it"), {"it": WASHINGTON})

    approval = approve_draft(engine, Scene(engine).publisher, conversation.draft_id, by=KIM, now=lambda: NIGHT)

    assert approval.waits_until == NIGHT + timedelta(hours=10)


def test_in_the_morning_it_leaves(scene: Scene) -> None:
    message_id = approved_text(scene)
    job_id = scene.job(message_id, JobType.SEND_REPLY, draft_id=scene.draft().id)
    scene.dependencies = replace(scene.dependencies, now=lambda: MORNING)

    assert scene.run(job_id) == Done("sent")


def test_a_persons_text_for_a_phone_is_prepared_for_it_and_must_fit(engine: Engine) -> None:
    conversation = start_conversation(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE draft SET channel = 'SMS'"))

    edit_draft(engine, conversation.draft_id, by=KIM, body="Hi Pat — “Tuesday” works…")
    with pytest.raises(ReviewRefusedError, match="307 septets, at most 306") as refused:
        edit_draft(engine, conversation.draft_id, by=KIM, body="a" * 307)

    assert refused.value.refusal is Refusal.BAD_BODY
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT body FROM draft")).scalar_one()
    assert stored == 'Hi Pat - "Tuesday" works...'


def test_a_text_message_is_read_with_its_prompt_and_without_a_subject(scene: Scene) -> None:
    question = scene.message("Shall I send the figures?", direction=Direction.OUTBOUND, age=timedelta(hours=1))
    reply = scene.message("Sounds interesting", age=timedelta(minutes=1))
    on(scene, Channel.SMS, question, reply)
    scene.process(reply)

    versions = {row.prompt_version for row in scene.all("SELECT prompt_version FROM ai_interaction")}
    assert versions
    assert all(version.endswith("+sms.v1") for version in versions)
    assert scene.draft().subject == ""


def test_an_automatic_text_message_at_night_is_sent_in_the_morning(scene: Scene) -> None:
    question = scene.message("Shall I send the figures?", direction=Direction.OUTBOUND, age=timedelta(hours=1))
    reply = scene.message("Sounds interesting, tell me more about the setup.", age=timedelta(minutes=1))
    on(scene, Channel.SMS, question, reply)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE client_settings SET timezone = 'America/New_York'"))
    scene.dependencies = replace(scene.dependencies, now=lambda: NIGHT)

    scene.process(reply)

    assert (scene.draft().action, scene.draft().status) == ("SEND_LATER", "PENDING")
    waits = scene.one(
        "SELECT extract(epoch FROM run_at - created_at) AS s FROM background_job WHERE type = 'SEND_REPLY'"
    )
    assert abs(float(waits.s) - timedelta(hours=10).total_seconds()) < 60
    assert scene.instantly.replies == []


def test_a_stop_word_is_understood_on_the_channel_that_it_came_by(scene: Scene) -> None:
    by_text, by_mail = scene.message("CANCEL", age=timedelta(minutes=2)), scene.message("CANCEL")
    on(scene, Channel.SMS, by_text)
    scene.process(by_mail)
    assert scene.lead().suppressed_at is None
    scene.process(by_text)
    assert (scene.lead().suppression_reason, scene.lead().suppression_evidence["rule"]) == (
        "OPT_OUT",
        "opt_out.sms.stop_word",
    )
