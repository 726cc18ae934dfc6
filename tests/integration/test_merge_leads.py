"""Merging two leads that are one person, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Row, text

from shared.db.job_changes import give_jobs_to_their_heads
from shared.db.job_leases import ClaimedJob, LeaseLost, claim_job, hold_lead
from shared.db.lead_identity import find_or_make_lead, person_of
from shared.db.lead_merges import find_merge, record_merge, undo_merge
from shared.db.locks import lock_lead
from shared.db.outbox import assert_job
from shared.domain.actor import Actor
from shared.domain.events import Address, Person
from shared.domain.vocabulary import (
    ClientId,
    Direction,
    IdentityKind,
    JobId,
    JobStatus,
    JobType,
    LeadId,
    MessageId,
)
from shared.jobs.publish import Publisher
from shared.pipelines.people.merge_leads import MergeRefusal, MergeRefusedError, merge_leads, unmerge_lead
from tests.integration.conversations import (
    NOON,
    Conversation,
    add_job,
    add_lead,
    add_message,
    start_conversation,
    suppress,
)

PAT = Actor.person("pat")


@pytest.fixture
def loser(engine: Engine, conversation: Conversation) -> Conversation:
    """Another lead of the conversation's workspace, with a reply an hour later and a draft."""
    with engine.begin() as connection:
        lead_id = add_lead(connection, conversation.client_id, "p.lee@other.test")
        message_id = add_message(connection, conversation.client_id, lead_id, at=NOON + timedelta(hours=1))
    draft_id = _add_draft(engine, conversation.client_id, lead_id, message_id)
    return Conversation(conversation.client_id, lead_id, message_id, draft_id, "p.lee@other.test")


def _add_draft(engine: Engine, client_id: UUID, lead_id: UUID, message_id: UUID, at: datetime | None = None) -> UUID:
    with engine.begin() as connection:
        return connection.execute(
            text(
                "INSERT INTO draft (id, client_id, lead_id, trigger_message_id, body, status, created_at) VALUES"
                " (gen_random_uuid(), :client, :lead, :message, 'Hi', 'NEEDS_REVIEW', coalesce(:at, now()))"
                " RETURNING id"
            ),
            {"client": client_id, "lead": lead_id, "message": message_id, "at": at},
        ).scalar_one()


def rows(engine: Engine, statement: str, **values: Any) -> Sequence[Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(text(statement), values).all()


def lead_row(engine: Engine, lead_id: UUID) -> Row[Any]:
    (row,) = rows(engine, "SELECT * FROM lead WHERE id = :id", id=lead_id)
    return row


def merge(engine: Engine, publisher: Publisher, winner: Conversation, loser: Conversation) -> None:
    merge_leads(engine, publisher, winner=LeadId(winner.lead_id), loser=LeadId(loser.lead_id), by=PAT)


def refusal(engine: Engine, publisher: Publisher, winner: UUID, loser: UUID) -> MergeRefusal:
    with pytest.raises(MergeRefusedError) as refused:
        merge_leads(engine, publisher, winner=LeadId(winner), loser=LeadId(loser), by=PAT)
    return refused.value.refusal


def find(engine: Engine, client_id: UUID, *keys: tuple[IdentityKind, str]) -> UUID | None:
    who = Person(tuple(Address(kind, value) for kind, value in keys))
    with engine.begin() as connection:
        found = find_or_make_lead(connection, ClientId(client_id), who, create=True)
    assert not found.contended
    return found.id


# --- A merge ---------------------------------------------------------------------------------------------------------


def test_a_merged_lead_is_found_as_its_head_by_every_key(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    client_id = conversation.client_id
    number = (IdentityKind.PHONE, "+12025550123")
    find(engine, client_id, (IdentityKind.EMAIL, loser.email), (IdentityKind.GHL_CONTACT, "loc:1"), number)
    find(engine, client_id, (IdentityKind.EMAIL, conversation.email), number)  # both have it now
    merge(engine, publisher, conversation, loser)
    for key in (
        (IdentityKind.EMAIL, loser.email),
        (IdentityKind.EMAIL, conversation.email),
        (IdentityKind.GHL_CONTACT, "loc:1"),
        number,
    ):
        assert find(engine, client_id, key) == conversation.lead_id
    assert lead_row(engine, loser.lead_id).merged_into_id == conversation.lead_id
    assert rows(engine, "SELECT count(*) AS leads FROM lead")[0].leads == 2


def test_the_whole_person_has_the_keys_of_all_their_leads_each_kinds_oldest_first(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    contact, number = (IdentityKind.GHL_CONTACT, "loc:1"), (IdentityKind.PHONE, "+12025550123")
    find(engine, conversation.client_id, (IdentityKind.EMAIL, conversation.email), number)
    find(engine, conversation.client_id, (IdentityKind.EMAIL, loser.email), contact, number)
    merge(engine, publisher, conversation, loser)
    for lead_id in (conversation.lead_id, loser.lead_id):
        with engine.connect() as connection:
            person = person_of(connection, LeadId(lead_id))
        assert person.email == conversation.email
        assert {(key.kind, key.value) for key in person.addresses} == {
            (IdentityKind.EMAIL, conversation.email),
            (IdentityKind.EMAIL, loser.email),
            contact,
            number,
        }
        assert len(person.addresses) == 4  # the number that both had is there once


def test_no_row_of_the_conversation_moves(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    before = rows(engine, "SELECT ctid, xmin, id FROM message ORDER BY id")
    merge(engine, publisher, conversation, loser)
    assert rows(engine, "SELECT ctid, xmin, id FROM message ORDER BY id") == before


def test_open_drafts_that_do_not_know_the_whole_conversation_are_superseded(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    merge(engine, publisher, conversation, loser)
    drafts = {row.id: (row.status, row.rule) for row in rows(engine, "SELECT id, status, rule FROM draft")}
    assert drafts[loser.draft_id] == ("SUPERSEDED", "merged")
    assert drafts[conversation.draft_id] == ("SUPERSEDED", "newer_message")  # the loser has written since


def test_the_winners_draft_stays_when_the_loser_has_not_written_since(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    merge(engine, publisher, loser, conversation)
    drafts = {row.id: row.status for row in rows(engine, "SELECT id, status FROM draft")}
    assert drafts == {loser.draft_id: "NEEDS_REVIEW", conversation.draft_id: "SUPERSEDED"}


def test_the_head_knows_what_the_newer_reply_said(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET sentiment = 'Not Interested' WHERE id = :id"), {"id": loser.message_id}
        )
        connection.execute(
            text("UPDATE lead SET sentiment = 'Not Interested', status = 'not-interested' WHERE id = :id"),
            {"id": loser.lead_id},
        )
        sent_id = add_message(
            connection, conversation.client_id, conversation.lead_id, at=NOON, direction=Direction.OUTBOUND
        )
    assert sent_id
    merge(engine, publisher, conversation, loser)
    head = lead_row(engine, conversation.lead_id)
    assert (head.sentiment, head.status) == ("Not Interested", "not-interested")
    assert (head.last_inbound_at, head.last_outbound_at) == (NOON + timedelta(hours=1), NOON)
    assert (head.last_message_at, head.last_message_direction) == (NOON + timedelta(hours=1), "INBOUND")


def test_an_older_reply_of_the_loser_says_nothing_about_the_head(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE message SET sentiment = 'Interested'"))
        connection.execute(
            text("UPDATE lead SET sentiment = 'Interested', status = 'qualified' WHERE id = :id"), {"id": loser.lead_id}
        )
    merge(engine, publisher, loser, conversation)
    assert lead_row(engine, loser.lead_id).status == "qualified"


@pytest.mark.parametrize("loser_is_suppressed", [True, False])
def test_both_are_as_strict_as_the_stricter(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation, loser_is_suppressed: bool
) -> None:
    suppress(engine, loser.lead_id if loser_is_suppressed else conversation.lead_id)
    merge(engine, publisher, conversation, loser)
    for lead_id in (conversation.lead_id, loser.lead_id):
        lead = lead_row(engine, lead_id)
        assert (lead.suppression_reason, lead.status) == ("OPT_OUT", "blacklisted")
        assert lead.suppression_evidence == {"rule": "opt_out.en.stop", "words": "please stop"}
    if loser_is_suppressed:
        assert {row.status for row in rows(engine, "SELECT status FROM draft")} == {"SUPERSEDED"}
    (job,) = rows(engine, "SELECT lead_id, status FROM background_job WHERE type = :type", type=JobType.SYNC_PERSON)
    assert (job.lead_id, job.status) == (conversation.lead_id, "PENDING")  # the providers hear of all addresses


def test_a_suppression_that_no_provider_has_heard_of_is_the_heads_to_tell(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    add_job(engine, loser, type=JobType.SYNC_PERSON)  # of an un-suppression: the lead is not suppressed
    with engine.begin() as connection:
        told = "ARRAY(SELECT id FROM provider_account WHERE client_id = lead.client_id)"
        connection.execute(text(f"UPDATE lead SET suppression_told = {told} WHERE id = :id"), {"id": loser.lead_id})
    merge(engine, publisher, conversation, loser)
    jobs = rows(engine, "SELECT lead_id, status FROM background_job WHERE type = :type", type=JobType.SYNC_PERSON)
    assert {(job.lead_id, job.status) for job in jobs} == {
        (loser.lead_id, "SUCCEEDED"),
        (conversation.lead_id, "PENDING"),
    }


def test_a_merge_is_recorded_and_ends_its_suggestion(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO merge_suggestion (client_id, lead_id, other_lead_id, kind)"
                " VALUES (:client, least(:one, :other), greatest(:one, :other), 'PHONE')"
            ).bindparams(client=conversation.client_id, one=conversation.lead_id, other=loser.lead_id)
        )
    merge(engine, publisher, conversation, loser)
    (record,) = rows(engine, "SELECT * FROM lead_merge")
    assert (record.winner_id, record.loser_id) == (conversation.lead_id, loser.lead_id)
    assert (record.actor_kind, record.actor, record.undone_at) == ("PERSON", "pat", None)
    (suggestion,) = rows(engine, "SELECT * FROM merge_suggestion")
    assert (suggestion.decision, suggestion.decided_by) == ("MERGED", "pat")


# --- Jobs ------------------------------------------------------------------------------------------------------------


def claim(engine: Engine, job_id: UUID) -> ClaimedJob:
    claimed = claim_job(engine, JobId(job_id), owner="worker", lease_s=60, sqs_message_id="m")
    assert isinstance(claimed, ClaimedJob)
    return claimed


@pytest.mark.parametrize("status", [JobStatus.PENDING, JobStatus.FAILED])
def test_the_losers_waiting_jobs_run_under_the_heads_lock(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation, status: JobStatus
) -> None:
    job_id = add_job(engine, loser, type=JobType.POST_PROCESS, status=status)
    merge(engine, publisher, conversation, loser)
    (row,) = rows(engine, "SELECT lead_id FROM background_job WHERE id = :id", id=job_id)
    assert row.lead_id == conversation.lead_id
    job = claim(engine, job_id)
    assert job.lead_id == conversation.lead_id
    with engine.begin() as connection:
        hold_lead(connection, job)


def test_a_job_that_had_ended_runs_again_under_the_heads_lock(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    job_id = add_job(engine, loser, type=JobType.POST_PROCESS, status=JobStatus.SUCCEEDED)
    merge(engine, publisher, conversation, loser)
    with engine.begin() as connection:
        head = lock_lead(connection, LeadId(loser.lead_id))
        assert head is not None
        assert_job(
            connection,
            JobType.POST_PROCESS,
            ClientId(conversation.client_id),
            head,
            subject_id=loser.message_id,
            message_id=MessageId(loser.message_id),
        )
    assert claim(engine, job_id).lead_id == conversation.lead_id


def test_who_claimed_at_the_very_moment_of_the_merge_writes_nothing(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    job_id = add_job(engine, loser, type=JobType.POST_PROCESS)
    job = claim(engine, job_id)
    with engine.begin() as connection:  # as if the claim had not been seen
        connection.execute(
            text("UPDATE lead SET merged_into_id = :head WHERE id = :id"),
            {"head": conversation.lead_id, "id": loser.lead_id},
        )
    with engine.begin() as connection, pytest.raises(LeaseLost):
        hold_lead(connection, job)


@pytest.mark.parametrize("ends", [False, True])
def test_a_claim_that_waits_for_a_merge_or_its_end_runs_under_the_new_heads_lock(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation, ends: bool
) -> None:
    job_id = add_job(engine, loser, type=JobType.POST_PROCESS)
    winner_id, loser_id = LeadId(conversation.lead_id), LeadId(loser.lead_id)
    if ends:
        merge(engine, publisher, conversation, loser)
    with engine.connect() as connection, ThreadPoolExecutor(1) as pool:
        if ends:
            recorded = find_merge(connection, loser_id)
            assert recorded is not None
            undo_merge(connection, recorded, PAT)
        else:
            record_merge(connection, ClientId(conversation.client_id), winner=winner_id, loser=loser_id, by=PAT)
        give_jobs_to_their_heads(connection, [winner_id, loser_id])
        claiming = pool.submit(claim, engine, job_id)
        waiting = "SELECT pg_sleep(0.01) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while not rows(engine, waiting) and not claiming.done():
            pass
        assert not claiming.done()
        connection.commit()
        assert claiming.result().lead_id == (loser_id if ends else winner_id)


def test_who_locks_a_merged_lead_has_its_head(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    merge(engine, publisher, conversation, loser)
    with engine.begin() as connection:
        assert lock_lead(connection, LeadId(loser.lead_id)) == conversation.lead_id


# --- What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["winner", "loser"])
def test_nothing_is_merged_while_a_worker_has_a_job_in_hand(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation, whose: str
) -> None:
    about = conversation if whose == "winner" else loser
    add_job(engine, about, type=JobType.POST_PROCESS, status=JobStatus.RUNNING, lease_s=60)
    assert refusal(engine, publisher, conversation.lead_id, loser.lead_id) is MergeRefusal.JOB_RUNNING
    assert lead_row(engine, loser.lead_id).merged_into_id is None


def test_nothing_is_merged_while_a_worker_is_about_to_claim(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    job_id = add_job(engine, loser, type=JobType.POST_PROCESS)
    with engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET attempts = 1 WHERE id = :id"), {"id": job_id})
        assert refusal(engine, publisher, conversation.lead_id, loser.lead_id) is MergeRefusal.JOB_RUNNING


@pytest.mark.parametrize("status", ["INTENDED", "QUEUED", "UNCERTAIN"])
@pytest.mark.parametrize("whose", ["winner", "loser"])
def test_nothing_is_merged_while_a_send_is_not_settled(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation, whose: str, status: str
) -> None:
    about = conversation if whose == "winner" else loser
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbound_send (id, client_id, lead_id, draft_id, automated, status, intended_at)"
                " SELECT gen_random_uuid(), client_id, lead_id, id, true, :status, now() FROM draft WHERE id = :id"
            ),
            {"id": about.draft_id, "status": status},
        )
    assert refusal(engine, publisher, conversation.lead_id, loser.lead_id) is MergeRefusal.SEND_UNSETTLED


def test_what_cannot_be_merged(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    other = start_conversation(engine, name="Other", email="pat@other.test")
    one = conversation.lead_id
    assert refusal(engine, publisher, one, one) is MergeRefusal.SAME_LEAD
    assert refusal(engine, publisher, one, conversation.message_id) is MergeRefusal.UNKNOWN_LEAD
    assert refusal(engine, publisher, one, other.lead_id) is MergeRefusal.ANOTHER_WORKSPACE
    merge(engine, publisher, conversation, loser)
    with engine.begin() as connection:
        third = add_lead(connection, conversation.client_id, "third@acme.test")
        connection.execute(text("UPDATE lead SET erased_at = now() WHERE id = :id"), {"id": third})
    assert refusal(engine, publisher, third, loser.lead_id) is MergeRefusal.ERASED
    assert refusal(engine, publisher, one, loser.lead_id) is MergeRefusal.ALREADY_MERGED
    assert refusal(engine, publisher, loser.lead_id, one) is MergeRefusal.ALREADY_MERGED


# --- Its end ---------------------------------------------------------------------------------------------------------


def test_an_undone_merge_leaves_two_leads_with_the_keys_that_each_had(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    client_id = conversation.client_id
    find(engine, client_id, (IdentityKind.EMAIL, loser.email), (IdentityKind.GHL_CONTACT, "loc:1"))
    merge(engine, publisher, conversation, loser)
    find(engine, client_id, (IdentityKind.EMAIL, loser.email), (IdentityKind.LINKEDIN_SLUG, "/in/pat"))
    assert unmerge_lead(engine, publisher, LeadId(loser.lead_id), by=PAT) == conversation.lead_id
    assert lead_row(engine, loser.lead_id).merged_into_id is None
    for key, lead_id in (
        ((IdentityKind.EMAIL, loser.email), loser.lead_id),
        ((IdentityKind.GHL_CONTACT, "loc:1"), loser.lead_id),
        ((IdentityKind.EMAIL, conversation.email), conversation.lead_id),
        ((IdentityKind.LINKEDIN_SLUG, "/in/pat"), conversation.lead_id),  # learnt since
    ):
        assert find(engine, client_id, key) == lead_id
    assert lead_row(engine, conversation.lead_id).last_inbound_at == NOON
    assert lead_row(engine, loser.lead_id).last_inbound_at == NOON + timedelta(hours=1)
    (record,) = rows(engine, "SELECT * FROM lead_merge")
    assert (record.undone_by_kind, record.undone_by) == ("PERSON", "pat")
    (suggestion,) = rows(engine, "SELECT decision FROM merge_suggestion")
    assert suggestion.decision == "DISMISSED"


def test_each_lead_says_again_what_its_own_last_reply_said(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET sentiment = 'Not Interested' WHERE id = :id"), {"id": loser.message_id}
        )
    merge(engine, publisher, conversation, loser)
    head = lead_row(engine, conversation.lead_id)
    assert (head.sentiment, head.status) == ("Not Interested", "not-interested")
    unmerge_lead(engine, publisher, LeadId(loser.lead_id), by=PAT)
    states = [(lead_row(engine, one).sentiment, lead_row(engine, one).status) for one in (head.id, loser.lead_id)]
    assert states == [("Interested", "qualified"), ("Not Interested", "not-interested")]


def test_what_was_merged_into_the_loser_before_comes_back_with_it(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    with engine.begin() as connection:
        third = LeadId(add_lead(connection, conversation.client_id, "third@acme.test"))
    merge_leads(engine, publisher, winner=LeadId(loser.lead_id), loser=third, by=PAT)
    merge(engine, publisher, conversation, loser)
    assert lead_row(engine, third).merged_into_id == conversation.lead_id  # the head itself, never a chain
    with pytest.raises(MergeRefusedError) as refused:
        unmerge_lead(engine, publisher, third, by=PAT)
    assert (refused.value.refusal, refused.value.lead_id) == (MergeRefusal.WINNER_MERGED, loser.lead_id)
    unmerge_lead(engine, publisher, LeadId(loser.lead_id), by=PAT)
    assert lead_row(engine, third).merged_into_id == loser.lead_id
    assert find(engine, conversation.client_id, (IdentityKind.EMAIL, "third@acme.test")) == loser.lead_id
    unmerge_lead(engine, publisher, third, by=PAT)
    assert find(engine, conversation.client_id, (IdentityKind.EMAIL, "third@acme.test")) == third


def test_waiting_jobs_and_drafts_of_the_time_between_do_not_outlive_the_merge(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    job_id = add_job(engine, loser, type=JobType.POST_PROCESS)
    own_job_id = add_job(engine, conversation, type=JobType.POST_PROCESS)
    merge(engine, publisher, conversation, loser)
    with engine.begin() as connection:
        message_id = add_message(connection, conversation.client_id, conversation.lead_id, at=NOON + timedelta(hours=2))
    draft_id = _add_draft(engine, conversation.client_id, conversation.lead_id, message_id)
    unmerge_lead(engine, publisher, LeadId(loser.lead_id), by=PAT)
    assert claim(engine, job_id).lead_id == loser.lead_id
    assert claim(engine, own_job_id).lead_id == conversation.lead_id
    drafts = {row.id: row.status for row in rows(engine, "SELECT id, status FROM draft")}
    assert drafts[draft_id] == "SUPERSEDED"


def test_a_suppression_outlives_the_merge_on_both_sides(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    merge(engine, publisher, conversation, loser)
    suppress(engine, conversation.lead_id)
    unmerge_lead(engine, publisher, LeadId(loser.lead_id), by=PAT)
    assert lead_row(engine, loser.lead_id).suppression_reason == "OPT_OUT"
    jobs = rows(engine, "SELECT lead_id FROM background_job WHERE type = :type", type=JobType.SYNC_PERSON)
    assert [job.lead_id for job in jobs] == [loser.lead_id]


def test_a_lead_that_is_not_merged_cannot_be_parted(
    engine: Engine, publisher: Publisher, conversation: Conversation, loser: Conversation
) -> None:
    for _ in range(2):
        with pytest.raises(MergeRefusedError, match="not_merged"):
            unmerge_lead(engine, publisher, LeadId(loser.lead_id), by=PAT)
        merge(engine, publisher, conversation, loser)
        unmerge_lead(engine, publisher, LeadId(loser.lead_id), by=PAT)
