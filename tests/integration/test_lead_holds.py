"""A reply that may be an opt-out holds its lead until a model or a person has said what it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.ai.errors import ModelRejected, ModelUnavailable
from shared.db.job_leases import fail_lost_jobs, finish_job
from shared.domain.actor import Actor
from shared.domain.vocabulary import JobId, JobStatus, JobType, LeadId, MessageId, Tag
from shared.jobs.outcomes import Done
from shared.pipelines.people.decide_holds import release_lead, suppress_by_person
from shared.pipelines.people.merge_leads import merge_leads, unmerge_lead
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal
from shared.pipelines.people.review_drafts import Refusal as DraftRefusal
from shared.pipelines.people.review_drafts import ReviewRefusedError, approve_draft
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from tests.instantly_events import iso, reply_received
from tests.integration.reply_scene import Scene

PERSON = Actor.person("Robin")
SUSPECTED = "Could you stop writing me about webinars? The product itself sounds useful, what does it cost?"
WORDS = "stop writing me"
ALSO_SUSPECTED = "As I said, take me off your list for the newsletter. And who would be our contact?"
CERTAIN = "Please unsubscribe me from this list."
ORDINARY = "Sounds interesting, tell me more about the setup."
BLACKLIST = "Whoever keeps this mailbox has left us in anger, that much is clear."


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@pytest.fixture
def replies(scene: Scene) -> Replies:
    return Replies(scene)


class Replies:
    """The lead's replies, a minute apart, taken in as the webhook does and worked off when a test says so."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._at = datetime.now(UTC) - timedelta(minutes=30)

    def receive(self, words: str = SUSPECTED, **changes: Any) -> MessageId:
        self._at += timedelta(minutes=1)
        return self.scene.receive(reply_text=words, reply_html=None, timestamp=iso(self._at), **changes)

    def process(self, message_id: MessageId) -> Any:
        return self.scene.run(self.scene.job_of(message_id))

    def fail(self, message_id: MessageId) -> JobId:
        """Ends the message's job for good, as a consumer does whose model has refused the text."""
        job_id = self.scene.job_of(message_id)
        job = self.scene.claim(job_id)
        finish_job(self.scene.engine, job, JobStatus.FAILED, last_error="model rejected: as told")
        return job_id


def hold(scene: Scene, lead_id: UUID | None = None) -> tuple[Any, ...] | None:
    """What holds the lead: the message, the rule's language, the words."""
    row = scene.one("SELECT * FROM lead WHERE id = :id", id=lead_id or scene.lead_id)
    if row.held_at is None:
        assert (row.held_by_message_id, row.held_rule, row.hold_evidence) == (None, None, None)
        return None
    return (row.held_by_message_id, row.held_rule, row.hold_evidence["words"])


def questions(scene: Scene) -> list[tuple[Any, ...]]:
    rows = scene.all("SELECT message_id, kind, decision FROM suppression_review ORDER BY created_at, id")
    return [tuple(row) for row in rows]


# --- At intake -------------------------------------------------------------------------------------------------------


def test_a_suspected_opt_out_holds_its_lead_from_intake_on(scene: Scene, replies: Replies) -> None:
    message_id = replies.receive()
    held = hold(scene)
    assert held == (message_id, "suspected.en.stop", WORDS)
    assert scene.lead().suppressed_at is None
    assert questions(scene) == [], "a model is asked first"


@pytest.mark.parametrize("words", [ORDINARY, "I am out of office until 1 December."])
def test_another_reply_holds_nobody(scene: Scene, replies: Replies, words: str) -> None:
    replies.receive(words)
    assert hold(scene) is None


def test_a_certain_opt_out_suppresses_and_holds_nobody(scene: Scene, replies: Replies) -> None:
    replies.receive(CERTAIN)
    assert hold(scene) is None
    assert scene.lead().suppression_reason == "OPT_OUT"


def test_a_suppressed_lead_is_not_held_and_nobody_is_asked(scene: Scene, replies: Replies) -> None:
    replies.receive(CERTAIN)
    for verdict in ("UNCLEAR", "CONFIRMED"):
        scene.model.says(Tag.BLACKLIST if verdict == "CONFIRMED" else Tag.INTERESTED, WORDS, opt_out=verdict)
        replies.process(replies.receive())
    assert hold(scene) is None
    assert scene.lead().suppression_reason == "OPT_OUT"
    assert questions(scene) == [], "the suppression is certain: there is nothing to decide"


def test_a_copy_of_the_event_does_not_hold_a_released_lead_again(scene: Scene, replies: Replies) -> None:
    event = {"email_id": "0195c6a5-1111-7000-8000-000000000001", "timestamp": iso(datetime.now(UTC))}
    message_id = scene.receive(reply_text=SUSPECTED, reply_html=None, **event)
    release_lead(scene.engine, LeadId(scene.lead_id), by=PERSON)
    assert scene.receive(reply_text=SUSPECTED, reply_html=None, event_type="lead_interested", **event) == message_id
    assert hold(scene) is None


# --- While it is held ------------------------------------------------------------------------------------------------


def test_a_delayed_send_stops_when_its_lead_is_held(scene: Scene, replies: Replies) -> None:
    scene.settings(delay_min_s=600, delay_max_s=600)
    first = replies.receive(ORDINARY)
    replies.process(first)
    delayed = scene.job_of(first, type=JobType.SEND_REPLY)
    replies.receive()  # and its job has not run: nobody has superseded the draft yet

    scene.settings(delay_min_s=0, delay_max_s=0)
    scene.run(delayed)
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "held")
    assert scene.instantly.replies == []


def test_the_draft_of_a_held_lead_waits_and_is_not_approved(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="UNCLEAR")
    replies.process(replies.receive())
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "held")
    with pytest.raises(ReviewRefusedError) as refused:
        approve_draft(scene.engine, scene.publisher, scene.draft().id, by=PERSON)
    assert refused.value.refusal is DraftRefusal.HELD
    assert scene.instantly.replies == []
    assert "reply_evaluation" not in scene.model.calls, "nothing is paid for that is not sent"


def test_an_approved_draft_does_not_leave_once_its_lead_is_held(scene: Scene, replies: Replies) -> None:
    scene.settings(auto_send_enabled=False)
    first = replies.receive(ORDINARY)
    replies.process(first)
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=PERSON)
    scene.set_lead("held_at = now(), held_rule = 'suspected.en.stop', held_by_message_id = :message", message=first)
    scene.run(scene.job_of(first, type=JobType.SEND_REPLY))
    assert (scene.draft().status, scene.draft().rule) == ("NEEDS_REVIEW", "held")
    assert scene.instantly.replies == []


# --- A model's verdict -----------------------------------------------------------------------------------------------


def test_a_proven_confirmation_suppresses_and_is_for_a_person_to_confirm(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.BLACKLIST, WORDS, opt_out="CONFIRMED")
    message_id = replies.receive()
    replies.process(message_id)
    lead = scene.lead()
    assert (lead.suppression_reason, lead.status, lead.suppression_evidence["words"]) == ("MODEL", "blacklisted", WORDS)
    assert hold(scene) is None
    assert questions(scene) == [(message_id, "SUPPRESSED_BY_MODEL", None)]
    assert scene.drafts() == []


def test_a_denial_releases_and_the_draft_goes_on(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    assert replies.process(replies.receive()) == Done("sent")
    assert hold(scene) is None
    assert (questions(scene), scene.draft().status) == ([], "SENT")


@pytest.mark.parametrize(
    ("tag", "quoted", "verdict"),
    [
        (Tag.INFORMATION_REQUESTED, WORDS, "UNCLEAR"),
        (Tag.INFORMATION_REQUESTED, "", "NONE"),
        (Tag.INFORMATION_REQUESTED, WORDS, "CONFIRMED"),
        (Tag.BLACKLIST, WORDS, "DENIED"),
        (Tag.BLACKLIST, "never write to me again", "CONFIRMED"),
        (Tag.BLACKLIST, "", "CONFIRMED"),
    ],
    ids=["unclear", "silent", "confirms-another-tag", "denies-a-blacklist", "other-words", "no-words"],
)
def test_what_a_model_leaves_open_is_for_a_person(
    scene: Scene, replies: Replies, tag: Tag, quoted: str, verdict: str
) -> None:
    scene.model.says(tag, quoted, opt_out=verdict)
    message_id = replies.receive()
    replies.process(message_id)
    assert hold(scene) == (message_id, "suspected.en.stop", WORDS)
    assert questions(scene) == [(message_id, "HOLD_UNDECIDED", None)]
    assert scene.lead().suppressed_at is None
    assert scene.instantly.replies == []
    assert [draft.rule for draft in scene.drafts()] in ([], ["held"])


def test_a_blacklist_that_nothing_shows_holds_the_lead(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.BLACKLIST, "never write to me again")
    message_id = replies.receive(BLACKLIST)
    assert hold(scene) is None
    replies.process(message_id)
    held = hold(scene)
    assert held is not None
    assert held[0] == message_id
    assert questions(scene) == [(message_id, "BLACKLIST_UNPROVEN", None)]
    assert scene.lead().suppressed_at is None


def test_an_outage_of_the_model_leaves_the_hold_to_the_next_run(scene: Scene, replies: Replies) -> None:
    scene.model.answers["sentiment"] = ModelUnavailable("500")
    message_id = replies.receive()
    with pytest.raises(ModelUnavailable):
        replies.process(message_id)
    assert hold(scene) is not None
    assert questions(scene) == []
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    assert replies.process(message_id) == Done("sent")


# --- A job that fails for good ---------------------------------------------------------------------------------------


def test_a_job_that_fails_for_good_leaves_the_hold_to_a_person(scene: Scene, replies: Replies) -> None:
    scene.model.answers["sentiment"] = ModelRejected("refused")
    message_id = replies.receive()
    with pytest.raises(ModelRejected):
        replies.process(message_id)
    replies.fail(message_id)
    assert hold(scene) == (message_id, "suspected.en.stop", WORDS)
    assert questions(scene) == [(message_id, "HOLD_UNDECIDED", None)]
    assert scene.one("SELECT words FROM suppression_review").words == WORDS


def test_a_job_whose_worker_is_lost_leaves_the_hold_to_a_person(scene: Scene, replies: Replies) -> None:
    message_id = replies.receive()
    job = scene.claim(scene.job_of(message_id))
    scene.expire_lease(job.id)
    assert fail_lost_jobs(scene.engine, grace_s=0, limit=10) == 1
    assert questions(scene) == [(message_id, "HOLD_UNDECIDED", None)]


def test_a_failed_job_that_had_settled_the_hold_asks_nothing(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    scene.model.answers["draft"] = ModelRejected("refused")
    message_id = replies.receive()
    with pytest.raises(ModelRejected):
        replies.process(message_id)
    replies.fail(message_id)
    assert (hold(scene), questions(scene)) == (None, [])


def test_a_redrive_that_denies_withdraws_the_question(scene: Scene, replies: Replies) -> None:
    message_id = replies.receive()
    replies.fail(message_id)
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    assert replies.process(message_id) == Done("sent")
    assert hold(scene) is None
    assert questions(scene) == [(message_id, "HOLD_UNDECIDED", "OBSOLETE")]


def test_a_redrive_that_confirms_asks_a_person_to_confirm(scene: Scene, replies: Replies) -> None:
    message_id = replies.receive()
    replies.fail(message_id)
    scene.model.says(Tag.BLACKLIST, WORDS, opt_out="CONFIRMED")
    replies.process(message_id)
    assert scene.lead().suppression_reason == "MODEL"
    assert questions(scene) == [(message_id, "SUPPRESSED_BY_MODEL", None)]


# --- Several of them -------------------------------------------------------------------------------------------------


def test_a_newer_suspicion_takes_the_hold_over(scene: Scene, replies: Replies) -> None:
    older = replies.receive()
    newer = replies.receive(ALSO_SUSPECTED)
    assert (hold(scene) or [None])[0] == newer
    assert questions(scene) == [(older, "HOLD_UNDECIDED", None)], "its words hold nobody any more, but it is not read"
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    replies.process(older)
    assert (hold(scene) or [None])[0] == newer, "it is denied for the older one only"
    assert scene.instantly.replies == []

    replies.process(newer)
    assert hold(scene) is None
    assert [one for one in questions(scene) if one[2] is None] == []


def test_a_denial_does_not_end_a_hold_while_an_earlier_question_is_open(scene: Scene, replies: Replies) -> None:
    older = replies.receive()
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="UNCLEAR")
    replies.process(older)
    newer = replies.receive(ALSO_SUSPECTED)
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    replies.process(newer)
    assert hold(scene) is not None
    assert questions(scene) == [(older, "HOLD_UNDECIDED", None)]
    assert scene.instantly.replies == []


def test_a_suspicion_whose_job_fails_behind_a_newer_one_is_not_forgotten(scene: Scene, replies: Replies) -> None:
    older = replies.receive()
    newer = replies.receive(ALSO_SUSPECTED)
    replies.fail(older)
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    replies.process(newer)
    assert hold(scene) is not None, "nobody has said what the older one is"
    assert [one for one in questions(scene) if one[2] is None] == [(older, "HOLD_UNDECIDED", None)]
    assert scene.instantly.replies == []


def test_a_certain_opt_out_answers_every_question(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="UNCLEAR")
    message_id = replies.receive()
    replies.process(message_id)
    replies.receive(CERTAIN)
    assert (scene.lead().suppression_reason, hold(scene)) == ("OPT_OUT", None)
    assert questions(scene) == [(message_id, "HOLD_UNDECIDED", "OBSOLETE")]
    assert scene.draft().status == "SUPERSEDED"


# --- A person's word -------------------------------------------------------------------------------------------------


def test_a_person_who_releases_has_the_last_word_on_the_message(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="UNCLEAR")
    message_id = replies.receive()
    replies.process(message_id)

    ended = release_lead(scene.engine, LeadId(scene.lead_id), by=PERSON)
    assert (ended.rule, ended.message_id) == ("suspected.en.stop", message_id)
    assert hold(scene) is None
    assert questions(scene) == [(message_id, "HOLD_UNDECIDED", "RELEASED")]
    assert scene.one("SELECT decided_by FROM suppression_review").decided_by == "Robin"
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=PERSON)
    scene.run(scene.job_of(message_id, type=JobType.SEND_REPLY))
    assert scene.draft().status == "SENT"

    with pytest.raises(InterventionRefusedError) as refused:
        release_lead(scene.engine, LeadId(scene.lead_id), by=PERSON)
    assert refused.value.refusal is Refusal.NOT_HELD


@pytest.mark.parametrize(("tag", "verdict"), [(Tag.BLACKLIST, "CONFIRMED"), (Tag.INFORMATION_REQUESTED, "UNCLEAR")])
def test_a_message_that_a_person_has_dismissed_holds_and_suppresses_nobody(
    scene: Scene, replies: Replies, tag: Tag, verdict: str
) -> None:
    message_id = replies.receive()
    release_lead(scene.engine, LeadId(scene.lead_id), by=PERSON)
    scene.model.says(tag, WORDS, opt_out=verdict)
    replies.process(message_id)
    assert hold(scene) is None
    assert (scene.lead().suppressed_at, questions(scene)) == (None, [])


def test_a_release_while_the_model_thinks_holds(scene: Scene, replies: Replies) -> None:
    message_id = replies.receive()
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="UNCLEAR")

    def release(task: str) -> None:
        if task == "sentiment":
            release_lead(scene.engine, LeadId(scene.lead_id), by=PERSON)

    scene.model.before = release
    replies.process(message_id)
    assert (hold(scene), questions(scene)) == (None, [])


def test_a_person_who_suppresses_confirms(scene: Scene, replies: Replies) -> None:
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="UNCLEAR")
    message_id = replies.receive()
    replies.process(message_id)
    assert suppress_by_person(scene.engine, scene.publisher, scene.client_id, LeadId(scene.lead_id), by=PERSON) == 1
    lead = scene.lead()
    assert (lead.suppression_reason, lead.suppression_message_id) == ("PERSON", message_id)
    assert lead.suppression_evidence["words"] == WORDS
    assert hold(scene) is None
    assert questions(scene) == [(message_id, "HOLD_UNDECIDED", "SUPPRESSED")]
    assert scene.draft().status == "SUPERSEDED"


@pytest.mark.parametrize(
    ("undone", "decision"), [(False, "SUPPRESSED"), (True, "RELEASED")], ids=["confirmed", "undone"]
)
def test_a_suppression_by_a_model_is_confirmed_or_undone(
    scene: Scene, replies: Replies, undone: bool, decision: str
) -> None:
    scene.model.says(Tag.BLACKLIST, WORDS, opt_out="CONFIRMED")
    message_id = replies.receive()
    replies.process(message_id)
    lead_id = LeadId(scene.lead_id)
    if undone:
        unsuppress_lead(scene.engine, scene.publisher, scene.client_id, lead_id, by=PERSON)
    else:
        suppress_by_person(scene.engine, scene.publisher, scene.client_id, lead_id, by=PERSON)
    assert questions(scene) == [(message_id, "SUPPRESSED_BY_MODEL", decision)]
    assert (scene.lead().suppressed_at is None) is undone
    assert hold(scene) is None


# --- Merged leads ----------------------------------------------------------------------------------------------------


@pytest.fixture
def other_id(scene: Scene) -> LeadId:
    with scene.engine.begin() as connection:
        made = connection.execute(
            text(
                "INSERT INTO lead (id, client_id, email) VALUES (gen_random_uuid(), :client, 'p@home.test')"
                " RETURNING id"
            ),
            {"client": scene.client_id},
        )
        return LeadId(made.scalar_one())


def merge(scene: Scene, *, winner: UUID, loser: UUID) -> None:
    merge_leads(scene.engine, scene.publisher, winner=LeadId(winner), loser=LeadId(loser), by=PERSON)


def test_a_merged_lead_is_held_with_its_head(scene: Scene, replies: Replies, other_id: LeadId) -> None:
    message_id = replies.receive()
    merge(scene, winner=other_id, loser=scene.lead_id)
    assert (hold(scene, other_id) or [None])[0] == message_id
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    replies.process(message_id)
    assert (hold(scene, other_id), hold(scene)) == (None, None)


@pytest.mark.parametrize("by_person", [True, False], ids=["by-person", "by-model"])
def test_a_released_hold_does_not_come_back_with_the_end_of_a_merge(
    scene: Scene, replies: Replies, other_id: LeadId, by_person: bool
) -> None:
    message_id = replies.receive()
    merge(scene, winner=other_id, loser=scene.lead_id)
    if by_person:
        release_lead(scene.engine, LeadId(scene.lead_id), by=PERSON)
    else:
        scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
        replies.process(message_id)
    unmerge_lead(scene.engine, scene.publisher, LeadId(scene.lead_id), by=PERSON)
    assert (hold(scene, other_id), hold(scene)) == (None, None)


def test_two_held_leads_that_become_one_stay_held_until_both_are_decided(
    scene: Scene, replies: Replies, other_id: LeadId
) -> None:
    own = replies.receive()
    theirs = scene.receive_event(
        reply_received(lead_email="p@home.test", campaign_id="c1", reply_text=ALSO_SUSPECTED, reply_html=None)
    )
    merge(scene, winner=scene.lead_id, loser=other_id)
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    replies.process(own)
    assert hold(scene) is not None, "nobody has said what the other one is"
    replies.process(theirs)
    assert (hold(scene), hold(scene, other_id)) == (None, None)
    assert [one for one in questions(scene) if one[2] is None] == []


def test_parted_leads_are_both_released_by_what_is_said_of_the_message(
    scene: Scene, replies: Replies, other_id: LeadId
) -> None:
    message_id = replies.receive()
    merge(scene, winner=other_id, loser=scene.lead_id)
    unmerge_lead(scene.engine, scene.publisher, LeadId(scene.lead_id), by=PERSON)
    assert hold(scene) == hold(scene, other_id) != None  # noqa: E711 (both hold, and by the same message)
    scene.model.says(Tag.INFORMATION_REQUESTED, opt_out="DENIED")
    replies.process(message_id)
    assert (hold(scene), hold(scene, other_id)) == (None, None)
