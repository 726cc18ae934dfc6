"""A client with two accounts at a provider: each is told of a suppression and of its end by a job of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.db.consent import mailable_leads_at
from shared.db.person_jobs import assert_person_jobs
from shared.domain.accounts import AccountRef
from shared.domain.actor import Actor
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import JobId, JobType, LeadId, Objection, Provider, SuppressionReason
from shared.jobs.outcomes import DeadLetter, Done, Skip
from shared.pipelines.intake.delivery import Delivery
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.job_failures import decide_failure
from shared.pipelines.people.merge_leads import merge_leads
from shared.pipelines.people.refusals import InterventionRefusedError, Refusal
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead, tell_providers_again
from shared.providers.errors import Refused
from shared.providers.instantly.client import ProviderLead
from shared.providers.protocol import Account
from tests.instantly_events import WORKSPACE, body_of, hash_address, lead_event
from tests.integration.conversations import add_lead
from tests.integration.reply_scene import LEAD_EMAIL, FakeInstantly, Scene, account_of

BLOCKED, UNBLOCKED = Done("blocked at the provider"), Done("unblocked at the provider")
OTHER_EMAIL = "p.lee@other.test"
UNSUBSCRIBED = -2


class TwoAccounts(Scene):
    """The scene's client with a second account; the scene's own is the first."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.second_id, self.second = uuid7(), FakeInstantly()
        self.sql(
            "INSERT INTO provider_account (id, client_id, provider, external_id)"
            " VALUES (:second, :client, 'INSTANTLY', 'second')"
        )
        self.dependencies = replace(self.dependencies, accounts=self._open)

    def _open(self, ref: AccountRef) -> Account:
        ids = {self.account_id: self.instantly, self.second_id: self.second}
        assert (ref.client_id, ref.provider) == (self.client_id, Provider.INSTANTLY)
        assert ref.id is not None
        return account_of(ids[ref.id])

    def sql(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                text(statement), {"client": self.client_id, "lead": self.lead_id, "second": self.second_id, **values}
            )

    def suppress(self) -> int:
        """Suppresses the lead; returns how many jobs are to be published."""
        evidence = SuppressionEvidence(SuppressionReason.UNSUBSCRIBED, "provider.lead_unsubscribed")
        with self.engine.begin() as connection:
            return len(suppress_lead(connection, self.client_id, LeadId(self.lead_id), evidence))

    def unsuppress(self) -> bool:
        return unsuppress_lead(
            self.engine, self.publisher, self.client_id, LeadId(self.lead_id), by=Actor.person("Pat")
        ).provider_is_told

    def receive_unsubscription(self) -> None:
        body = body_of(lead_event("lead_unsubscribed", lead_email=LEAD_EMAIL, timestamp="2026-03-02T10:00:00Z"))
        delivery = Delivery.of(self.client_id, body, datetime.now(UTC), provider=Provider.INSTANTLY)
        receive_event(delivery, engine=self.engine, publisher=self.publisher, hash_address=hash_address)

    def job_of(self, account_id: UUID) -> JobId:
        query = "SELECT id FROM background_job WHERE provider_account_id = :account AND lead_id = :lead"
        return JobId(self.one(query, account=account_id, lead=self.lead_id).id)

    def blocked_at(self, email: str) -> list[UUID]:
        """The accounts at which a block of this address is ours."""
        query = "SELECT our_blocks FROM lead_identity WHERE client_id = :client AND kind = 'EMAIL' AND value = :email"
        return list(self.one(query, client=self.client_id, email=email).our_blocks)

    def run_both(self) -> list[object]:
        return [self.run(self.job_of(account_id)) for account_id in (self.account_id, self.second_id)]

    def states(self) -> dict[UUID, tuple[str, int]]:
        jobs = self.all(
            "SELECT provider_account_id, status, generation FROM background_job WHERE type = :type AND lead_id = :lead",
            type=JobType.SYNC_PERSON,
            lead=self.lead_id,
        )
        return {job.provider_account_id: (job.status, job.generation) for job in jobs}


@pytest.fixture
def scene(engine: Engine) -> TwoAccounts:
    return TwoAccounts(engine)


def test_each_account_is_told_by_a_job_that_names_it(scene: TwoAccounts) -> None:
    assert scene.suppress() == 2
    keys = {row.dedupe_key for row in scene.all("SELECT dedupe_key FROM background_job")}
    assert keys == {
        f"{scene.client_id}:{scene.lead_id}:{account_id}:SYNC_PERSON"
        for account_id in (scene.account_id, scene.second_id)
    }
    assert scene.run_both() == [BLOCKED, BLOCKED]
    assert (scene.instantly.blocked, scene.second.blocked) == ({LEAD_EMAIL}, {LEAD_EMAIL})


def test_what_one_account_refuses_fails_its_own_job_alone(scene: TwoAccounts) -> None:
    scene.second.interest_error = Refused(422, "no")
    scene.suppress()
    with pytest.raises(Refused) as refused:
        scene.run(scene.job_of(scene.second_id))
    assert isinstance(decide_failure(refused.value), DeadLetter)
    assert scene.run(scene.job_of(scene.account_id)) == BLOCKED
    assert scene.states()[scene.account_id] == ("SUCCEEDED", 0)
    assert scene.states()[scene.second_id][0] != "SUCCEEDED"


def test_the_same_suppression_again_asserts_nothing(scene: TwoAccounts) -> None:
    scene.suppress()
    before = scene.states()
    assert scene.suppress() == 0
    with scene.engine.begin() as connection:
        assert assert_person_jobs(connection, scene.client_id, LeadId(scene.lead_id)) == []
    assert scene.states() == before == {scene.account_id: ("PENDING", 0), scene.second_id: ("PENDING", 0)}


def test_an_end_of_the_suppression_is_told_to_both_and_takes_back_our_blocks_only(scene: TwoAccounts) -> None:
    scene.second.blocked.add(LEAD_EMAIL)  # the customer's own
    scene.suppress()
    scene.run_both()
    assert scene.blocked_at(LEAD_EMAIL) == [scene.account_id]

    assert scene.unsuppress()
    assert scene.states() == {scene.account_id: ("PENDING", 1), scene.second_id: ("PENDING", 1)}
    assert scene.run(scene.job_of(scene.second_id)) == UNBLOCKED  # first: the other's block is still on its list
    assert scene.run(scene.job_of(scene.account_id)) == UNBLOCKED
    assert (scene.instantly.blocked, scene.second.blocked) == (set(), {LEAD_EMAIL})
    assert scene.blocked_at(LEAD_EMAIL) == []


def test_a_suppression_is_not_lifted_while_one_of_the_accounts_is_being_told(scene: TwoAccounts) -> None:
    scene.suppress()
    scene.claim(scene.job_of(scene.second_id))
    with pytest.raises(InterventionRefusedError) as refused:
        scene.unsuppress()
    assert refused.value.refusal is Refusal.PROVIDER_BEING_TOLD
    assert scene.lead().suppressed_at is not None
    assert scene.states()[scene.account_id] == ("PENDING", 0)


def test_a_new_suppression_takes_over_from_a_run_that_tells_of_the_end_of_the_last(scene: TwoAccounts) -> None:
    scene.suppress()
    scene.run_both()
    scene.unsuppress()
    scene.claim(scene.job_of(scene.second_id))
    scene.suppress()
    assert scene.states() == {scene.account_id: ("PENDING", 1), scene.second_id: ("PENDING", 2)}
    assert scene.run_both() == [BLOCKED, BLOCKED]


def test_a_disabled_account_is_told_nothing(scene: TwoAccounts) -> None:
    scene.suppress()
    scene.sql("UPDATE provider_account SET disabled_at = now() WHERE id = :second")
    assert scene.run_both() == [BLOCKED, Skip("the provider account is gone or disabled")]
    assert scene.second.blocked == set()
    assert scene.unsuppress()
    assert scene.states() == {scene.account_id: ("PENDING", 1), scene.second_id: ("SUCCEEDED", 0)}


def test_both_accounts_hear_of_both_addresses_after_a_merge(scene: TwoAccounts) -> None:
    scene.suppress()
    scene.run_both()
    with scene.engine.begin() as connection:
        other_id = add_lead(connection, scene.client_id, OTHER_EMAIL)
    merge_leads(
        scene.engine, scene.publisher, winner=LeadId(scene.lead_id), loser=LeadId(other_id), by=Actor.person("pat")
    )
    assert scene.states() == {scene.account_id: ("PENDING", 1), scene.second_id: ("PENDING", 1)}
    scene.run_both()
    assert scene.instantly.blocked == scene.second.blocked == {LEAD_EMAIL, OTHER_EMAIL}
    assert scene.blocked_at(OTHER_EMAIL) == [scene.account_id, scene.second_id]


def test_a_repeated_delivery_publishes_what_never_reached_the_queue(scene: TwoAccounts) -> None:
    scene.sql("UPDATE provider_account SET external_id = :own WHERE id <> :second", own=WORKSPACE)
    scene.sqs.refuses = True
    scene.receive_unsubscription()
    scene.sqs.refuses = False
    scene.receive_unsubscription()
    assert {entry["Id"] for entry in scene.sqs.sent} == {
        str(scene.job_of(account_id)) for account_id in (scene.account_id, scene.second_id)
    }


def test_only_what_the_clients_share_has_places_for_is_published_at_once(scene: TwoAccounts) -> None:
    scene.sql(
        """
        INSERT INTO background_job (id, client_id, lead_id, type, dedupe_key, run_at, enqueued_at)
        SELECT gen_random_uuid(), :client, :lead, 'SEND_REPLY', 'in flight ' || place, now(), now()
        FROM generate_series(1, 49) AS place
        """
    )
    assert scene.suppress() == 1
    assert len(scene.states()) == 2


def test_what_a_person_has_overruled_holds_at_every_account_until_the_last_was_asked(scene: TwoAccounts) -> None:
    for instantly, campaign in ((scene.instantly, "c1"), (scene.second, "c2")):
        instantly.leads = [ProviderLead(id=campaign, email=LEAD_EMAIL, status=UNSUBSCRIBED, campaign_id=campaign)]
    scene.suppress()
    scene.run_both()
    scene.unsuppress()
    scene.run(scene.job_of(scene.account_id))
    assert set(scene.lead().dismissed_objections) == {Objection.UNSUBSCRIBED, "UNSUBSCRIBED:c1"}
    scene.run(scene.job_of(scene.second_id))
    assert set(scene.lead().dismissed_objections) == {"UNSUBSCRIBED:c1", "UNSUBSCRIBED:c2"}


@pytest.mark.parametrize(("ours_at_second", "outcome"), [(False, "sent"), (True, "blocked (provider.consent.blocked)")])
def test_a_block_of_ours_at_one_account_is_none_of_ours_at_another(
    scene: TwoAccounts, ours_at_second: bool, outcome: str
) -> None:
    account_id = scene.second_id if ours_at_second else scene.account_id
    scene.instantly.blocked.add(LEAD_EMAIL)
    scene.sql(
        "INSERT INTO lead_identity (client_id, lead_id, kind, value, our_blocks)"
        " VALUES (:client, :lead, 'EMAIL', :email, ARRAY[CAST(:account AS uuid)])",
        email=LEAD_EMAIL,
        account=account_id,
    )
    listed = mailable_leads_at(scene.engine, scene.client_id, scene.account_id, [LEAD_EMAIL], [])
    assert [lead.block_list_entry_is_ours for lead in listed] == [not ours_at_second]
    assert scene.process() == Done(outcome)


def test_a_key_learnt_of_a_suppressed_lead_is_told_to_both(scene: TwoAccounts) -> None:
    scene.suppress()
    scene.run_both()
    with scene.engine.begin() as connection:
        jobs = tell_providers_again(connection, scene.client_id, LeadId(scene.lead_id))
    assert {job.id for job in jobs} == {scene.job_of(scene.account_id), scene.job_of(scene.second_id)}
    assert scene.states() == {scene.account_id: ("PENDING", 1), scene.second_id: ("PENDING", 1)}
