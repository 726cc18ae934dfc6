"""The replies of a person with two addresses, once the two leads are one: one conversation, whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.db.consent import load_mailable_lead, mailable_leads_after, mailable_leads_at
from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import ClientId, Direction, DraftStatus, JobType, LeadId, Provider, SuppressionReason
from shared.jobs.outcomes import Done
from shared.pipelines.intake.delivery import Delivery
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.people.merge_leads import merge_leads, unmerge_lead
from shared.pipelines.people.review_drafts import Refusal, ReviewRefusedError, approve_draft
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from tests.instantly_events import body_of, hash_address, lead_event, reply_received
from tests.integration.reply_scene import LEAD_EMAIL, Scene

PAT = Actor.person("pat")
OTHER_EMAIL = "p.lee@other.test"
HOUR = timedelta(hours=1)


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@pytest.fixture
def other_id(scene: Scene) -> UUID:
    """The person's other lead, which is merged into the scene's by ``merge``."""
    other_id = uuid7()
    with scene.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO lead (id, client_id, email, first_name) VALUES (:id, :client, :email, 'Pat')"),
            {"id": other_id, "client": scene.client_id, "email": OTHER_EMAIL},
        )
    return other_id


@contextmanager
def as_lead(scene: Scene, lead_id: UUID) -> Iterator[None]:
    """What the scene adds is the other lead's, and so are the emails that the provider shows."""
    own, scene.lead_id = scene.lead_id, lead_id
    scene.instantly.received = {"lead": OTHER_EMAIL, "from_email": OTHER_EMAIL}
    yield
    scene.lead_id, scene.instantly.received = own, {}


def merge(scene: Scene, other_id: UUID) -> None:
    merge_leads(scene.engine, scene.publisher, winner=LeadId(scene.lead_id), loser=LeadId(other_id), by=PAT)


def unmerge(scene: Scene, other_id: UUID) -> None:
    unmerge_lead(scene.engine, scene.publisher, LeadId(other_id), by=PAT)


def test_the_model_reads_both_in_the_order_of_time(scene: Scene, other_id: UUID) -> None:
    scene.message("First, from work.", age=4 * HOUR)
    with as_lead(scene, other_id):
        scene.message("Second, from home.", age=3 * HOUR)
    scene.message("Third, from work.", age=2 * HOUR)
    merge(scene, other_id)
    scene.process(scene.message("Fourth: send me the details, please."))
    shown = scene.model.shown["draft"]
    places = [shown.index(words) for words in ("First, from", "Second, from", "Third, from", "Fourth: send")]
    assert places == sorted(places)


def test_a_waiting_reply_of_the_merged_lead_is_answered_under_its_head(scene: Scene, other_id: UUID) -> None:
    with as_lead(scene, other_id):
        message_id = scene.message()
        job_id = scene.job(message_id)
    merge(scene, other_id)
    scene.instantly.received = {"lead": OTHER_EMAIL, "from_email": OTHER_EMAIL}
    assert isinstance(scene.run(job_id), Done)
    assert scene.instantly.asked_about == [OTHER_EMAIL, LEAD_EMAIL]  # an objection under either address counts
    draft = scene.one("SELECT * FROM draft WHERE trigger_message_id = :id", id=message_id)
    assert (draft.lead_id, draft.status) == (scene.lead_id, DraftStatus.SENT)
    sent = scene.one("SELECT * FROM message WHERE draft_id = :id", id=draft.id)
    assert sent.lead_id == scene.lead_id
    assert scene.lead().last_outbound_at == sent.effective_at
    assert scene.one("SELECT * FROM lead WHERE id = :id", id=other_id).last_outbound_at is None


def test_a_newer_reply_from_the_other_address_overtakes(scene: Scene, other_id: UUID) -> None:
    older = scene.message(age=2 * HOUR)
    older_job = scene.job(older)
    with as_lead(scene, other_id):
        scene.message("Never mind, thanks.", age=HOUR)
    merge(scene, other_id)
    scene.run(older_job)
    assert [draft.status for draft in scene.drafts()] in ([], [DraftStatus.SUPERSEDED])
    assert scene.instantly.replies == []
    assert scene.lead().sentiment is None  # what the older one says is not the person's last word
    unmerge(scene, other_id)
    scene.process(scene.message(age=timedelta(minutes=1)))  # alone again, nothing overtakes
    assert len(scene.instantly.replies) == 1


def test_an_email_to_the_other_address_since_stops_the_machine(scene: Scene, other_id: UUID) -> None:
    message_id = scene.message(age=2 * HOUR)
    with as_lead(scene, other_id):
        scene.message("Hi Pat, a colleague here.", age=HOUR, direction=Direction.OUTBOUND)
    merge(scene, other_id)
    scene.process(message_id)
    assert scene.draft().rule == "newer_outbound"
    assert scene.instantly.replies == []


def test_automatic_emails_to_both_addresses_count_together(scene: Scene, other_id: UUID) -> None:
    scene.settings(max_consecutive_auto_replies=1)
    with as_lead(scene, other_id):
        scene.process(scene.message(age=HOUR))
    assert len(scene.instantly.replies) == 1
    merge(scene, other_id)
    scene.process(scene.message(age=-timedelta(seconds=1)))  # after the response
    assert scene.draft().rule == "consecutive_auto_replies"


def test_an_approval_sees_what_came_from_the_other_address(scene: Scene, other_id: UUID) -> None:
    scene.model.judges(confidence=0.1)
    scene.process(scene.message(age=2 * HOUR))
    assert scene.draft().status == DraftStatus.NEEDS_REVIEW
    merge(scene, other_id)
    with as_lead(scene, other_id):
        scene.message("One more thing.", age=HOUR)  # not understood yet
    with pytest.raises(ReviewRefusedError) as refused:
        approve_draft(scene.engine, scene.publisher, scene.draft().id, by="pat")
    assert refused.value.refusal is Refusal.NEWER_REPLY


def test_a_suppression_of_the_person_ends_the_sequences_of_both(scene: Scene, other_id: UUID) -> None:
    with as_lead(scene, other_id):
        scene.follow_up()
    scene.follow_up()
    merge(scene, other_id)
    with scene.engine.begin() as connection:
        evidence = SuppressionEvidence(SuppressionReason.UNSUBSCRIBED, rule="provider.lead_unsubscribed")
        suppress_lead(connection, ClientId(scene.client_id), LeadId(scene.lead_id), evidence)
    assert {row.status for row in scene.all("SELECT status FROM follow_up_instance")} == {"CANCELLED"}


def test_a_reply_pauses_the_sequences_of_both(scene: Scene, other_id: UUID) -> None:
    with as_lead(scene, other_id):
        scene.follow_up()
    merge(scene, other_id)
    scene.process(scene.message())
    assert {row.status for row in scene.all("SELECT status FROM follow_up_instance")} == {"PAUSED"}


def test_a_score_of_a_merged_leads_reply_is_the_heads(scene: Scene, other_id: UUID) -> None:
    with as_lead(scene, other_id):
        message_id = scene.message()
        job_id = scene.job(message_id, JobType.LEAD_SCORING)
    merge(scene, other_id)
    scene.run(job_id)
    assert (scene.lead().overall_score, scene.lead().scored_message_id) == (4, message_id)


# --- Taken in --------------------------------------------------------------------------------------------------------


def test_what_comes_from_the_other_address_is_the_heads(scene: Scene, other_id: UUID) -> None:
    with as_lead(scene, other_id):
        scene.follow_up()
    merge(scene, other_id)
    message_id = scene.receive_event(reply_received(lead_email=OTHER_EMAIL, campaign_id="c1"))
    message = scene.one("SELECT * FROM message WHERE id = :id", id=message_id)
    assert message.lead_id == scene.lead_id
    assert message.reply_handle["lead_email"] == OTHER_EMAIL  # where the response has to go
    job = scene.one("SELECT * FROM background_job WHERE id = :id", id=scene.job_of(message_id))
    assert job.lead_id == scene.lead_id
    assert scene.lead().last_inbound_at == message.effective_at
    assert scene.one("SELECT status FROM follow_up_instance").status == "PAUSED"
    unmerge(scene, other_id)
    later = scene.receive_event(reply_received(lead_email=OTHER_EMAIL, campaign_id="c1", reply_text="And now?"))
    assert scene.one("SELECT lead_id FROM message WHERE id = :id", id=later).lead_id == other_id


def test_a_label_finds_the_merged_leads_reply(scene: Scene, other_id: UUID) -> None:
    scene.message()  # so that the scene's lead has a conversation of its own
    reply = reply_received(lead_email=OTHER_EMAIL, campaign_id="c1")
    message_id = scene.receive_event(reply)
    merge(scene, other_id)
    by_id = {**reply, "event_type": "lead_interested"}
    by_words = {key: value for key, value in by_id.items() if key != "email_id"}
    assert scene.receive_event(by_id) == scene.receive_event(by_words) == message_id
    assert scene.all("SELECT DISTINCT lead_id FROM background_job WHERE message_id = :id", id=message_id) == [
        (scene.lead_id,)
    ]


def test_an_unsubscription_of_either_address_is_the_persons(scene: Scene, other_id: UUID) -> None:
    merge(scene, other_id)
    event = lead_event("lead_unsubscribed", lead_email=OTHER_EMAIL)
    receive_event(
        Delivery.of(ClientId(scene.client_id), body_of(event), datetime.now(UTC), provider=Provider.INSTANTLY),
        engine=scene.engine,
        publisher=scene.publisher,
        hash_address=hash_address,
    )
    assert scene.lead().suppression_reason == "UNSUBSCRIBED"
    job_id = scene.one("SELECT id FROM background_job WHERE type = :type", type=JobType.SYNC_PERSON).id
    assert isinstance(scene.run(job_id), Done)
    assert scene.instantly.blocked == {OTHER_EMAIL, LEAD_EMAIL}
    unsuppress_lead(
        scene.engine, scene.publisher, ClientId(scene.client_id), LeadId(scene.lead_id), by=Actor.person("Pat")
    )
    assert isinstance(scene.run(job_id), Done)
    assert scene.instantly.blocked == set()


def test_an_objection_under_either_address_that_is_read_back_is_the_persons(scene: Scene, other_id: UUID) -> None:
    merge(scene, other_id)
    with scene.engine.begin() as connection:
        found = load_mailable_lead(connection, scene.account_id, LeadId(other_id))
    assert found is not None
    assert (found.id, found.email) == (other_id, OTHER_EMAIL)
    listed = mailable_leads_at(scene.engine, ClientId(scene.client_id), scene.account_id, [OTHER_EMAIL], [])
    assert [lead.email for lead in listed] == [OTHER_EMAIL]
    scene.set_lead("suppressed_at = now(), suppression_reason = 'OPT_OUT', status = 'blacklisted'")  # the head
    with scene.engine.begin() as connection:
        assert load_mailable_lead(connection, scene.account_id, LeadId(other_id)) is None
    assert mailable_leads_after(scene.engine, ClientId(scene.client_id), scene.account_id, None, 10) == []
