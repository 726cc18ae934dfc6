"""A lead that is known by a provider's id only: looked up once, and absorbed by the lead that a verified key names."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from shared.ai.errors import ModelUnavailable
from shared.db.job_leases import LeaseLost
from shared.db.lead_merges import find_merge
from shared.domain.actor import Actor
from shared.domain.events import Address, Person
from shared.domain.vocabulary import (
    ClientId,
    IdentityKind,
    JobId,
    JobType,
    LeadId,
    MessageId,
    SuppressionReason,
    Tag,
)
from shared.jobs.outcomes import Done, StartAgain
from shared.pipelines.people.merge_leads import MergeRefusal, MergeRefusedError, merge_leads, unmerge_lead
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.errors import NotSent
from tests.instantly_events import hash_address
from tests.integration.market_scene import EMAIL, MarketScene
from tests.integration.waiting import until_waiting
from tests.marketplace import LOCATION, registered

PHONE = "+12025550123"
SAM = Actor.person("sam")
OPT_OUT = SuppressionEvidence(SuppressionReason.OPT_OUT, "test")


@pytest.fixture
def scene(engine: Engine) -> Iterator[MarketScene]:
    with registered():
        yield MarketScene(engine)


# --- Absorbed ----------------------------------------------------------------------------------------------------


def test_a_young_lead_is_absorbed_at_once_and_its_job_goes_on_under_the_other_lead(scene: MarketScene) -> None:
    earlier = scene.message("What does it cost?")
    message_id = scene.arrives()
    young, job_id = scene.young(message_id), scene.job_of(message_id)
    assert young != scene.lead_id

    assert scene.run(job_id) == StartAgain("the lead was absorbed by another one")
    assert scene.account.asked == [Person((Address(IdentityKind.GHL_CONTACT, f"{LOCATION}:contact"),))]
    assert scene.head(young) == scene.lead_id
    with scene.engine.connect() as connection:
        assert find_merge(connection, young) is not None
    merge = scene.one("SELECT winner_id, actor_kind, actor FROM lead_merge")
    assert merge == (scene.lead_id, "RULE", "verified_key")
    assert scene.keys(scene.lead_id) == {EMAIL, f"{LOCATION}:contact"}
    assert scene.one("SELECT lead_id FROM background_job WHERE id = :id", id=job_id).lead_id == scene.lead_id
    assert scene.steps(job_id) == {"identify": {"learnt": "absorbed"}}
    assert scene.model.calls == [], "nothing was judged under the lead that it is no more"

    assert isinstance(scene.run(job_id), Done)
    assert len(scene.account.asked) == 1, "never repeated"
    draft = scene.one("SELECT lead_id, trigger_message_id FROM draft")
    assert draft == (scene.lead_id, message_id)
    assert "What does it cost?" in scene.model.shown["draft"], "the whole conversation is in sight"
    assert scene.young(earlier) == scene.lead_id
    assert scene.arrives("One more thing.", messageId="later") is not None
    assert scene.one("SELECT count(*) AS n FROM lead WHERE merged_into_id IS NULL").n == 1


def test_the_scoring_job_goes_along(scene: MarketScene) -> None:
    message_id = scene.arrives()
    scene.run(scene.job_of(message_id))
    scoring = scene.one("SELECT lead_id FROM background_job WHERE type = :type", type=JobType.LEAD_SCORING.value)
    assert scoring.lead_id == scene.lead_id


def test_a_run_that_died_behind_the_merge_goes_on_under_the_other_lead(scene: MarketScene) -> None:
    message_id = scene.arrives()
    job_id = scene.job_of(message_id)
    assert isinstance(scene.run(job_id), StartAgain)  # the scene writes no outcome: as after a kill
    assert scene.one("SELECT status FROM background_job WHERE id = :id", id=job_id).status == "RUNNING"
    assert isinstance(scene.run(job_id), Done)
    assert scene.one("SELECT lead_id FROM draft").lead_id == scene.lead_id


def test_an_opt_out_of_the_young_lead_is_the_persons(scene: MarketScene) -> None:
    message_id = scene.arrives("Please unsubscribe me from this list.")
    assert scene.lead().suppressed_at is None
    assert isinstance(scene.run(scene.job_of(message_id)), StartAgain)
    assert scene.lead().suppressed_at is not None
    jobs = scene.all("SELECT lead_id, status FROM background_job WHERE type = :type", type=JobType.SYNC_PERSON.value)
    assert {job.status for job in jobs if job.lead_id == scene.lead_id} == {"PENDING"}
    assert {job.status for job in jobs if job.lead_id != scene.lead_id} == {"SUCCEEDED"}


def test_absorbing_can_be_undone(scene: MarketScene) -> None:
    message_id = scene.arrives()
    young = scene.young(message_id)
    scene.run(scene.job_of(message_id))
    scene.run(scene.job_of(message_id))
    assert unmerge_lead(scene.engine, scene.publisher, young, by=SAM) == scene.lead_id
    assert scene.head(young) is None
    assert scene.keys(young) == {f"{LOCATION}:contact"}


@pytest.mark.parametrize("known", [True, False], ids=["absorbed", "a fresh lead"])
def test_a_person_who_was_erased_is_recognised_by_a_verified_key(scene: MarketScene, known: bool) -> None:
    """Nobody writes to them by themselves, whatever channel they come by."""
    email = EMAIL if known else "gone@other.test"
    scene.account.vouches_for = Person.of_emails(email)
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tombstone (client_id, address_hash, kind, erased_at)"
                " VALUES (:client, :hash, 'EMAIL', now() - interval '1 day')"
            ),
            {
                "client": scene.client_id,
                "hash": hash_address(ClientId(scene.client_id), Address(IdentityKind.EMAIL, email)),
            },
        )
    message_id = scene.arrives()
    assert isinstance(scene.run(scene.job_of(message_id)), StartAgain if known else Done)
    head = scene.lead_id if known else scene.young(message_id)
    assert scene.one("SELECT suppression_reason FROM lead WHERE id = :id", id=head).suppression_reason == "ERASED"
    if known:
        assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert scene.all("SELECT 1 FROM draft") == []


# --- For a person ------------------------------------------------------------------------------------------------


def _with_a_draft(scene: MarketScene, young: LeadId, message_id: MessageId) -> None:
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO draft (id, client_id, lead_id, trigger_message_id, body, status)"
                " VALUES (gen_random_uuid(), :client, :lead, :message, 'Hi', 'NEEDS_REVIEW')"
            ),
            {"client": scene.client_id, "lead": young, "message": message_id},
        )


def _with_another_lead(scene: MarketScene, young: LeadId, message_id: MessageId) -> None:
    other = scene.other_lead((IdentityKind.EMAIL, "p.lee@other.test"))
    merge_leads(scene.engine, scene.publisher, winner=young, loser=other, by=SAM)


def _with_a_running_job_of_the_other(scene: MarketScene, young: LeadId, message_id: MessageId) -> None:
    scene.claim(scene.job(scene.message()))


def _with_an_unsettled_send_of_the_other(scene: MarketScene, young: LeadId, message_id: MessageId) -> None:
    answered = scene.message()
    _with_a_draft(scene, LeadId(scene.lead_id), answered)
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbound_send (id, client_id, lead_id, draft_id, automated, intended_at, status)"
                " SELECT gen_random_uuid(), client_id, lead_id, id, false, now(), 'UNCERTAIN' FROM draft"
            )
        )


@pytest.mark.parametrize(
    "past",
    [_with_a_draft, _with_another_lead, _with_a_running_job_of_the_other, _with_an_unsettled_send_of_the_other],
)
def test_where_more_is_known_or_in_hand_a_person_decides(
    scene: MarketScene, past: Callable[[MarketScene, LeadId, MessageId], None]
) -> None:
    message_id = scene.arrives()
    young = scene.young(message_id)
    past(scene, young, message_id)
    if past is _with_another_lead:  # it has an address now, and is not looked up
        assert not isinstance(scene.run(scene.job_of(message_id)), StartAgain)
        assert scene.head(young) is None
        return
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert scene.head(young) is None
    assert scene.suggestions() == [tuple(sorted([young, scene.lead_id]))]
    assert scene.steps(scene.job_of(message_id))["identify"] == {"learnt": "keys"}


def test_leads_that_a_person_has_parted_stay_two(scene: MarketScene) -> None:
    message_id = scene.arrives()
    young = scene.young(message_id)
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO merge_suggestion (client_id, lead_id, other_lead_id, kind, decision, decided_at,"
                " decided_by_kind, decided_by)"
                " VALUES (:client, least(:one, :other), greatest(:one, :other), 'EMAIL', 'DISMISSED', now(),"
                " 'PERSON', 'sam')"
            ).bindparams(client=scene.client_id, one=young, other=scene.lead_id)
        )
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert scene.head(young) is None


def test_keys_of_two_other_leads_are_for_a_person(scene: MarketScene) -> None:
    second = scene.other_lead((IdentityKind.EMAIL, "p.lee@other.test"))
    scene.account.vouches_for = Person.of_emails(EMAIL, "p.lee@other.test")
    message_id = scene.arrives()
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    young = scene.young(message_id)
    assert sorted(scene.suggestions()) == sorted(
        [tuple(sorted([young, scene.lead_id])), tuple(sorted([young, second]))]
    )


def test_a_free_key_is_the_young_leads_and_the_reply_is_drafted_with_it(scene: MarketScene) -> None:
    scene.account.vouches_for = Person.of_emails("New@Other.test")
    message_id = scene.arrives()
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    young = scene.young(message_id)
    assert scene.one("SELECT email FROM lead WHERE id = :id", id=young).email == "new@other.test"
    assert scene.suggestions() == []
    assert scene.one("SELECT lead_id FROM draft").lead_id == young


def test_a_number_that_belongs_to_one_lead_only_names_it(scene: MarketScene) -> None:
    other = scene.other_lead((IdentityKind.EMAIL, "p.lee@other.test"), (IdentityKind.PHONE, PHONE))
    scene.account.vouches_for = Person((Address(IdentityKind.PHONE, PHONE),))
    message_id = scene.arrives()
    assert isinstance(scene.run(scene.job_of(message_id)), StartAgain)
    assert scene.head(scene.young(message_id)) == other


# --- Not looked up -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "vouches_for",
    [None, Person(), Person((Address(IdentityKind.PHONE, "555 0123"),))],
    ids=["cannot", "none", "no key"],
)
def test_a_provider_that_cannot_tell_changes_nothing(scene: MarketScene, vouches_for: Person | None) -> None:
    scene.account.vouches_for = vouches_for
    message_id = scene.arrives()
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert scene.steps(scene.job_of(message_id))["identify"] == {"learnt": "nothing"}
    assert scene.one("SELECT lead_id FROM draft").lead_id == scene.young(message_id)


def test_a_look_that_fails_keeps_no_reply_from_being_drafted(scene: MarketScene) -> None:
    scene.account.error = NotSent("the provider is not reached")
    message_id = scene.arrives()
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert len(scene.account.asked) == 1
    later = scene.arrives("And the price?", messageId="later")
    scene.run(scene.job_of(later))
    assert len(scene.account.asked) == 1, "only a lead's first message is looked up"


def test_a_retry_does_not_look_again(scene: MarketScene) -> None:
    scene.account.vouches_for = None
    scene.model.answers["sentiment"] = ModelUnavailable("the model is away")
    job_id = scene.job_of(scene.arrives())
    with pytest.raises(ModelUnavailable):
        scene.run(job_id)
    scene.model.says(Tag.INTERESTED)
    assert isinstance(scene.run(job_id), Done)
    assert len(scene.account.asked) == 1


def test_a_lead_whose_address_is_known_is_not_looked_up(scene: MarketScene) -> None:
    scene.run(scene.job_of(scene.arrives(email="p.lee@other.test")))
    assert scene.account.asked == []


def test_no_transaction_is_open_while_the_provider_is_asked(scene: MarketScene) -> None:
    def look() -> None:
        open_ = (
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        assert scene.all(open_) == []

    scene.account.before = look
    assert isinstance(scene.run(scene.job_of(scene.arrives())), StartAgain)


# --- Races -------------------------------------------------------------------------------------------------------


def test_a_person_who_merges_the_young_lead_meanwhile_is_refused(scene: MarketScene) -> None:
    """Its job runs, and is about to write under its lock."""
    third = scene.other_lead((IdentityKind.EMAIL, "p.lee@other.test"))
    message_id = scene.arrives()
    young = scene.young(message_id)
    refused: list[MergeRefusal] = []

    def merge() -> None:
        with pytest.raises(MergeRefusedError) as error:
            merge_leads(scene.engine, scene.publisher, winner=third, loser=young, by=SAM)
        refused.append(error.value.refusal)

    scene.account.before = merge
    assert isinstance(scene.run(scene.job_of(message_id)), StartAgain)
    assert refused == [MergeRefusal.JOB_RUNNING]
    assert scene.head(young) == scene.lead_id


def test_a_person_who_merges_the_other_lead_meanwhile_comes_first(scene: MarketScene) -> None:
    third = scene.other_lead((IdentityKind.EMAIL, "p.lee@other.test"))
    message_id = scene.arrives()
    scene.account.before = lambda: merge_leads(
        scene.engine, scene.publisher, winner=third, loser=LeadId(scene.lead_id), by=SAM
    )
    assert isinstance(scene.run(scene.job_of(message_id)), StartAgain)
    assert scene.head(scene.young(message_id)) == third, "the head of whom the key names"
    assert scene.head(scene.lead_id) == third


def test_a_suppression_of_the_other_lead_meanwhile_holds_for_the_person(scene: MarketScene) -> None:
    def suppress() -> None:
        with scene.engine.begin() as connection:
            suppress_lead(connection, ClientId(scene.client_id), LeadId(scene.lead_id), OPT_OUT)

    message_id = scene.arrives()
    scene.account.before = suppress
    assert isinstance(scene.run(scene.job_of(message_id)), StartAgain)
    young = scene.one("SELECT suppressed_at FROM lead WHERE id = :id", id=scene.young(message_id))
    assert young.suppressed_at is not None, "so that undoing the merge leaves both as strict as the person was"
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert scene.all("SELECT 1 FROM draft") == []


def test_a_worker_that_has_lost_its_lease_absorbs_nothing(scene: MarketScene) -> None:
    message_id = scene.arrives()
    job_id = scene.job_of(message_id)
    scene.account.before = lambda: scene.expire_lease(job_id)
    with pytest.raises(LeaseLost):
        scene.run(job_id)
    assert scene.head(scene.young(message_id)) is None


def test_the_leads_are_locked_in_the_order_of_a_persons_merge(scene: MarketScene) -> None:
    """The older one first: whoever waits for it has not locked the younger one yet, so nobody waits in a circle."""
    message_id = scene.arrives()
    young = scene.young(message_id)
    assert LeadId(scene.lead_id) < young
    lock = text("SELECT id FROM lead WHERE id = :id FOR NO KEY UPDATE NOWAIT")
    with ThreadPoolExecutor(1) as pool:
        with scene.engine.begin() as connection:
            connection.execute(lock, {"id": scene.lead_id})
            running = pool.submit(scene.run, scene.job_of(message_id))
            until_waiting(scene.engine, "FROM lead WHERE id = ANY")
            connection.execute(lock, {"id": young})
        assert isinstance(running.result(60), StartAgain)


def test_absorbing_races_with_a_merge_and_a_suppression_of_the_other_lead(scene: MarketScene) -> None:
    """All three want locks of the same leads, in whatever order they come: none fails, and the person stays one."""
    for number in range(8):
        email = f"pat.{number}@other.test"
        other = scene.other_lead((IdentityKind.EMAIL, email))
        third = scene.other_lead((IdentityKind.EMAIL, f"third.{number}@other.test"))
        message_id = scene.arrives(contactId=f"contact.{number}")
        job_id = scene.job_of(message_id)
        barrier = threading.Barrier(3)
        scene.account.vouches_for = Person.of_emails(email)
        scene.account.before = lambda barrier=barrier: barrier.wait() and None  # type: ignore[misc]

        def merge(barrier: threading.Barrier = barrier, other: LeadId = other, third: LeadId = third) -> str:
            barrier.wait()
            try:
                merge_leads(scene.engine, scene.publisher, winner=third, loser=other, by=SAM)
            except MergeRefusedError as error:
                return error.refusal.value
            return "merged"

        def suppress(barrier: threading.Barrier = barrier, other: LeadId = other) -> None:
            barrier.wait()
            with scene.engine.begin() as connection:
                suppress_lead(connection, ClientId(scene.client_id), other, OPT_OUT)

        with ThreadPoolExecutor(3) as pool:
            running = pool.submit(scene.run, job_id)
            merging, suppressing = pool.submit(merge), pool.submit(suppress)
            outcome, merged = running.result(60), merging.result(60)
            suppressing.result(60)
        assert isinstance(outcome, StartAgain | Done)
        young = scene.young(message_id)
        if isinstance(outcome, StartAgain):
            assert scene.head(young) == (third if merged == "merged" and scene.head(other) == third else other)
        scene.expire_lease(JobId(job_id))
        assert (
            scene.all(
                "SELECT 1 FROM lead AS one JOIN lead AS head ON head.id = one.merged_into_id"
                " WHERE head.merged_into_id IS NOT NULL"
            )
            == []
        ), "never a chain"
