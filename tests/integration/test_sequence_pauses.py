"""A person's sequences stand still at every account that can do it, and each account follows how the person stands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.db.found_accounts import connect_account, disable_account
from shared.db.lead_identity import find_or_make_lead
from shared.domain.accounts import AccountRef
from shared.domain.actor import Actor
from shared.domain.consent import Consent, ProviderObjection, standing_objection
from shared.domain.events import Address, Person
from shared.domain.vocabulary import (
    ClientId,
    IdentityKind,
    JobId,
    JobType,
    LeadId,
    Objection,
    Provider,
    SuppressionReason,
    Tag,
)
from shared.jobs.outcomes import Done, Retry, Skip
from shared.pipelines.job_failures import decide_failure
from shared.pipelines.people.merge_leads import MergeRefusedError, merge_leads, unmerge_lead
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from shared.pipelines.suppression.pause_sequences import pause_sequences
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead, tell_providers_again
from shared.pipelines.upkeep.tell_account import APART_S, BATCH, tell_account
from shared.providers.account_values import BLOCK_IS_OURS, OBJECTION_IS_OURS, Step, Wanted
from shared.providers.errors import Refused, Uncertain
from shared.providers.protocol import Account
from tests.instantly_events import lead_event
from tests.integration.conversations import add_lead
from tests.integration.reply_scene import LEAD_EMAIL, Scene, account_of
from tests.marketplace import NAME, Marketplace, registered

OPT_OUT = "Please remove me from your mailing list."
SUSPECTED = "Could you stop writing me about webinars? The product itself sounds useful, what does it cost?"
ABSENCE = "I am out of the office until 30 November 2099 and will read your email then."
OTHER_EMAIL = "p.lee@other.test"
UNSUBSCRIBED = ProviderObjection(Objection.UNSUBSCRIBED)
PAT = Actor.person("pat")


class Tool:
    """An account at a provider that can block people and have their sequences stand still."""

    def __init__(self) -> None:
        self.blocked: set[Address] = set()
        self.paused: set[Address] = set()
        self.taken: list[tuple[Wanted, tuple[str, ...]]] = []  # each step, and the keys that it was about
        self.refuses: Exception | None = None
        self.unsubscribes = False  # what it is told then cannot be taken back
        self.unsubscribed: set[Address] = set()
        self.fails_before = self.fails_after = 0  # how many steps are lost, and how many responses of steps

    def person_steps(self, person: Person, wanted: Wanted, *, block_is_ours: bool, **_: object) -> Sequence[Step]:
        key = person.addresses[0]

        def take(_: Mapping[str, Any]) -> Mapping[str, Any]:
            if self.refuses is not None:
                raise self.refuses
            if self.fails_before:
                self.fails_before -= 1
                raise Uncertain("lost on its way")
            self.taken.append((wanted, tuple(address.value for address in person.addresses)))
            if wanted is Wanted.SUPPRESSED:
                self.blocked.add(key)
            elif wanted is Wanted.PAUSED:
                self.paused.add(key)
            elif block_is_ours:
                self.blocked.discard(key)
            if self.fails_after:
                self.fails_after -= 1
                raise Uncertain("the response was lost")
            return {BLOCK_IS_OURS: False} if wanted is Wanted.RELEASED and block_is_ours else {}

        def look() -> Mapping[str, Any]:
            return {} if key in self.blocked else {BLOCK_IS_OURS: True}

        def unsubscribe(_: Mapping[str, Any]) -> Mapping[str, Any]:
            self.unsubscribed.add(key)
            return {OBJECTION_IS_OURS: UNSUBSCRIBED.key}

        name = "sequences" if wanted is Wanted.PAUSED else "block"
        step = Step(name, take, look=look if wanted is Wanted.SUPPRESSED else dict)
        also = wanted is Wanted.SUPPRESSED and self.unsubscribes
        return (step, Step("unsubscription", unsubscribe)) if also else (step,)

    def consents(self, people: Sequence[Person], **_: object) -> Sequence[None]:
        return [None for _ in people]

    def consent(self, person: Person, **_: object) -> Consent | None:
        return Consent((UNSUBSCRIBED,)) if person.addresses[0] in self.unsubscribed else None


@pytest.fixture(autouse=True)
def marketplace() -> Iterator[Marketplace]:
    with registered(Marketplace(pauses_sequences=True)) as provider:
        yield provider


class Pausing(Scene):
    """The scene's client, whose Instantly account cannot pause anybody, with a tool beside it that can."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tool = Tool()
        self.tool_id = self.connect()
        tell_account(self.engine, self.tool_id, Provider(NAME))  # there is nobody yet
        self.dependencies = replace(self.dependencies, accounts=self._open)

    def _open(self, ref: AccountRef) -> Account:
        return account_of(self.instantly) if ref.provider is Provider.INSTANTLY else cast("Account", self.tool)

    def connect(self, external_id: str = "the tool") -> UUID:
        with self.engine.begin() as connection:
            return connect_account(
                connection,
                ClientId(self.client_id),
                Provider(NAME),
                external_id,
                credential_ref="a key",
                finds_client=False,
            ).id

    def disable_tool(self) -> None:
        with self.engine.begin() as connection:
            assert disable_account(connection, self.tool_id)

    def suppress(self, lead_id: UUID | None = None) -> None:
        evidence = SuppressionEvidence(SuppressionReason.UNSUBSCRIBED, "provider.lead_unsubscribed")
        with self.engine.begin() as connection:
            suppress_lead(connection, self.client_id, LeadId(lead_id or self.lead_id), evidence)

    def pause(self, lead_id: UUID | None = None) -> None:
        with self.engine.begin() as connection:
            pause_sequences(connection, self.client_id, LeadId(lead_id or self.lead_id))

    def unsuppress(self) -> None:
        unsuppress_lead(self.engine, self.publisher, self.client_id, LeadId(self.lead_id), by=PAT)

    def learn(self, *keys: Address) -> None:
        person = Person((Address(IdentityKind.EMAIL, LEAD_EMAIL), *keys))
        with self.engine.begin() as connection:
            found = find_or_make_lead(connection, self.client_id, person, create=False)
            assert found.id == self.lead_id
            if found.learnt_while_told:
                tell_providers_again(connection, self.client_id, LeadId(self.lead_id))

    def jobs(self, lead_id: UUID | None = None) -> dict[UUID, tuple[str, int]]:
        """Whom a job tells of a lead: its state and generation."""
        rows = self.all(
            "SELECT provider_account_id, status, generation FROM background_job WHERE type = :type AND lead_id = :lead",
            type=JobType.SYNC_PERSON,
            lead=lead_id or self.lead_id,
        )
        return {row.provider_account_id: (row.status, row.generation) for row in rows}

    def person_job(self, account_id: UUID, lead_id: UUID | None = None) -> JobId:
        query = "SELECT id FROM background_job WHERE provider_account_id = :account AND lead_id = :lead"
        return JobId(self.one(query, account=account_id, lead=lead_id or self.lead_id).id)

    def run_at(self, account_id: UUID) -> Any:
        return self.run(self.person_job(account_id))


@pytest.fixture
def scene(engine: Engine) -> Pausing:
    return Pausing(engine)


# --- What pauses -----------------------------------------------------------------------------------------------------


def test_the_first_human_reply_is_told_to_the_account_that_can_pause_and_no_further_one(scene: Pausing) -> None:
    scene.process()
    lead = scene.lead()
    assert lead.sequences_paused_at is not None
    assert scene.jobs() == {scene.tool_id: ("PENDING", 0)}
    job_id = scene.person_job(scene.tool_id)
    assert str(job_id) in {entry["Id"] for entry in scene.sqs.sent}
    assert scene.run(job_id) == Done("paused at the provider")
    assert scene.tool.taken == [(Wanted.PAUSED, (LEAD_EMAIL,))]
    assert scene.lead().pause_told == [scene.tool_id]
    assert scene.instantly.interest == {}

    scene.process()
    assert scene.jobs() == {scene.tool_id: ("SUCCEEDED", 0)}
    assert scene.lead().sequences_paused_at == lead.sequences_paused_at


def test_an_older_human_reply_pauses_as_well(scene: Pausing) -> None:
    older = scene.message(age=timedelta(minutes=9))
    scene.message()  # not understood yet
    scene.process(older)
    assert scene.jobs() == {scene.tool_id: ("PENDING", 0)}


def test_what_a_machine_has_written_pauses_nothing_for_good(scene: Pausing) -> None:
    scene.process(scene.message(ABSENCE, is_auto_reply=True))
    scene.model.says(Tag.OUT_OF_OFFICE)
    scene.process(scene.message("Gone fishing until spring."))  # which only the model tells
    assert scene.lead().sequences_paused_at is None
    assert scene.jobs() == {}


def test_a_hold_pauses_at_intake_before_any_model_is_asked(scene: Pausing) -> None:
    message_id = scene.receive(reply_text=SUSPECTED)
    assert scene.lead().held_at is not None
    assert scene.lead().sequences_paused_at is not None
    job_id = scene.person_job(scene.tool_id)
    assert str(job_id) in {entry["Id"] for entry in scene.sqs.sent}
    scene.run(scene.job_of(message_id))  # a model denies it, which ends the hold
    assert scene.lead().held_at is None
    assert scene.lead().sequences_paused_at is not None
    assert scene.jobs() == {scene.tool_id: ("PENDING", 0)}


def test_a_booked_meeting_pauses_with_a_reply_and_without(scene: Pausing) -> None:
    event = lead_event("lead_meeting_booked", lead_email=LEAD_EMAIL, timestamp="2026-03-02T10:00:00Z")
    for _ in range(2):
        scene.deliver(event)
        assert scene.jobs() == {scene.tool_id: ("PENDING", 0)}
    with scene.engine.begin() as connection:
        other = add_lead(connection, scene.client_id, OTHER_EMAIL)
    scene.deliver({**event, "lead_email": OTHER_EMAIL, "email": OTHER_EMAIL, "reply_text": "See you on Monday."})
    assert scene.jobs(other) == {scene.tool_id: ("PENDING", 0)}


def test_an_opt_out_is_told_once_and_stays_a_pause_when_it_is_undone(scene: Pausing) -> None:
    scene.process(scene.message(OPT_OUT))
    assert scene.jobs() == {scene.account_id: ("PENDING", 0), scene.tool_id: ("PENDING", 0)}
    assert scene.run_at(scene.tool_id) == Done("blocked at the provider")
    assert scene.run_at(scene.account_id) == Done("blocked at the provider")
    assert scene.lead().suppression_told == [scene.tool_id, scene.account_id]

    scene.unsuppress()
    assert scene.run_at(scene.tool_id) == Done("unblocked at the provider, and paused")
    assert [wanted for wanted, _ in scene.tool.taken] == [Wanted.SUPPRESSED, Wanted.PAUSED, Wanted.RELEASED]
    assert scene.tool.blocked == set()
    assert scene.run_at(scene.account_id) == Done("unblocked at the provider")
    assert scene.lead().suppression_told == []


def test_an_unsubscription_that_is_undone_leaves_the_sequences_as_they_are(scene: Pausing) -> None:
    scene.suppress()
    scene.run_at(scene.tool_id)
    scene.unsuppress()
    assert scene.run_at(scene.tool_id) == Done("unblocked at the provider")
    assert scene.lead().sequences_paused_at is None


def test_what_an_account_was_never_told_is_not_taken_back(scene: Pausing) -> None:
    scene.suppress()
    scene.unsuppress()  # before any of the jobs ran
    assert scene.run_at(scene.account_id) == Done("nothing to tell the provider")
    assert scene.instantly.interest == {}  # which may be the customer's own word by now


def test_a_lost_step_of_a_suppression_is_taken_back_all_the_same(scene: Pausing) -> None:
    scene.suppress()
    scene.tool.fails_after = 1
    with pytest.raises(Uncertain):
        scene.run_at(scene.tool_id)
    scene.unsuppress()
    assert scene.run_at(scene.tool_id) == Done("unblocked at the provider")
    assert scene.tool.blocked == set()


def test_a_pause_starts_a_running_job_again_that_has_not_seen_it(scene: Pausing) -> None:
    scene.suppress()
    scene.run_at(scene.tool_id)
    scene.unsuppress()
    scene.claim(scene.person_job(scene.tool_id))
    scene.pause()
    assert scene.jobs()[scene.tool_id] == ("PENDING", 2)


# --- The whole person ------------------------------------------------------------------------------------------------


def test_an_account_sees_every_key_and_each_further_address_by_itself(scene: Pausing) -> None:
    phone, contact = Address(IdentityKind.PHONE, "+12025550143"), Address(IdentityKind.GHL_CONTACT, "loc:c1")
    scene.learn(phone, contact)
    scene.learn(Address(IdentityKind.EMAIL, OTHER_EMAIL))
    scene.tool.blocked.add(Address(IdentityKind.EMAIL, OTHER_EMAIL))  # the customer's own
    scene.suppress()
    for account_id in (scene.tool_id, scene.account_id):
        scene.run_at(account_id)
    (first, keys), (second, others) = scene.tool.taken
    assert (first, second) == (Wanted.SUPPRESSED, Wanted.SUPPRESSED)
    assert (keys[0], set(keys[1:])) == (LEAD_EMAIL, {phone.value, contact.value})
    assert others == (OTHER_EMAIL,)
    assert scene.instantly.blocked == {LEAD_EMAIL, OTHER_EMAIL}

    scene.unsuppress()
    for account_id in (scene.tool_id, scene.account_id):
        scene.run_at(account_id)
    assert scene.tool.blocked == {Address(IdentityKind.EMAIL, OTHER_EMAIL)}
    assert scene.instantly.blocked == set()


def test_a_block_of_someone_without_an_address_is_taken_back_though_one_is_learnt_meanwhile(scene: Pausing) -> None:
    contact = Address(IdentityKind.GHL_CONTACT, "loc:c1")
    scene.set_lead("email = NULL")
    scene.set_lead("suppressed_at = now(), suppression_reason = 'OPT_OUT', status = 'blacklisted'")
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO lead_identity (client_id, lead_id, kind, value) VALUES (:c, :l, 'GHL_CONTACT', 'loc:c1')"
            ),
            {"c": scene.client_id, "l": scene.lead_id},
        )
        tell_providers_again(connection, scene.client_id, LeadId(scene.lead_id))
    scene.run_at(scene.tool_id)
    assert scene.tool.blocked == {contact}
    with scene.engine.begin() as connection:
        person = Person((contact, Address(IdentityKind.EMAIL, LEAD_EMAIL)))
        find_or_make_lead(connection, scene.client_id, person, create=False)
    blocks = "SELECT kind, our_blocks FROM lead_identity WHERE lead_id = :lead ORDER BY kind"
    assert [tuple(row) for row in scene.all(blocks, lead=scene.lead_id)] == [
        ("EMAIL", None),
        ("GHL_CONTACT", [scene.tool_id]),
    ]
    scene.unsuppress()
    assert scene.run_at(scene.tool_id) == Done("unblocked at the provider")
    assert [row.our_blocks for row in scene.all(blocks, lead=scene.lead_id)] == [[], []]


def test_a_new_key_of_a_paused_person_is_told_where_it_matters(scene: Pausing) -> None:
    scene.pause()
    scene.run_at(scene.tool_id)
    scene.learn(Address(IdentityKind.EMAIL, OTHER_EMAIL))
    assert scene.jobs() == {scene.tool_id: ("PENDING", 1)}
    scene.run_at(scene.tool_id)
    assert (Wanted.PAUSED, (OTHER_EMAIL,)) in scene.tool.taken


def test_a_merge_shares_the_pause_and_tells_of_it_and_so_does_its_end(scene: Pausing) -> None:
    with scene.engine.begin() as connection:
        other = LeadId(add_lead(connection, scene.client_id, OTHER_EMAIL))
    scene.pause()
    scene.run_at(scene.tool_id)
    merge_leads(scene.engine, scene.publisher, winner=other, loser=LeadId(scene.lead_id), by=PAT)
    assert scene.jobs(other) == {scene.tool_id: ("PENDING", 0)}
    scene.run(scene.person_job(scene.tool_id, other))
    assert {address.value for address in scene.tool.paused} == {LEAD_EMAIL, OTHER_EMAIL}
    unmerge_lead(scene.engine, scene.publisher, LeadId(scene.lead_id), by=PAT)
    assert scene.lead().sequences_paused_at is not None
    assert scene.jobs() == {scene.tool_id: ("PENDING", 1)}


# --- Accounts that were away -----------------------------------------------------------------------------------------


def test_a_refused_key_makes_that_accounts_job_wait_and_no_other(scene: Pausing) -> None:
    scene.tool.refuses = Refused(401, "unknown key")
    scene.suppress()
    with pytest.raises(Refused) as refused:
        scene.run_at(scene.tool_id)
    assert isinstance(decide_failure(refused.value), Retry)
    assert scene.run_at(scene.account_id) == Done("blocked at the provider")
    assert scene.jobs()[scene.tool_id][0] != "SUCCEEDED"
    scene.tool.refuses = None
    assert scene.run_at(scene.tool_id) == Done("blocked at the provider")


def test_a_new_account_hears_of_everybody_one_after_the_other(scene: Pausing) -> None:
    with scene.engine.begin() as connection:
        others = sorted(add_lead(connection, scene.client_id, f"p{number}@acme.test") for number in range(4))
    scene.suppress(others[0])
    scene.pause(others[1])
    scene.suppress(others[2])
    merge_leads(scene.engine, scene.publisher, winner=LeadId(others[0]), loser=LeadId(others[2]), by=PAT)
    new_id = scene.connect("another one")
    assert tell_account(scene.engine, new_id, Provider(NAME)) == 2
    due = scene.all(
        "SELECT lead_id, run_at - min(run_at) OVER () AS after FROM background_job WHERE provider_account_id = :id"
        " ORDER BY run_at",
        id=new_id,
    )
    assert [tuple(row) for row in due] == [(others[0], timedelta()), (others[1], timedelta(seconds=APART_S))]
    assert tell_account(scene.engine, new_id, Provider(NAME)) == 0
    assert scene.one("SELECT cursor FROM provider_account WHERE id = :id", id=new_id).cursor == {}
    scene.connect("another one")  # which was in use all the time
    assert scene.one("SELECT cursor FROM provider_account WHERE id = :id", id=new_id).cursor == {}


def test_an_account_in_use_again_hears_of_what_it_has_missed_and_of_nothing_else(scene: Pausing) -> None:
    with scene.engine.begin() as connection:
        told, lifted, missed, paused = (
            add_lead(connection, scene.client_id, f"p{number}@acme.test") for number in range(4)
        )
    scene.suppress(told)
    scene.run(scene.person_job(scene.tool_id, told))
    scene.pause(paused)
    scene.run(scene.person_job(scene.tool_id, paused))
    scene.suppress()
    scene.run_at(scene.tool_id)
    scene.suppress(lifted)
    scene.disable_tool()
    gone = scene.run(scene.person_job(scene.tool_id, lifted))
    assert gone == Skip("the provider account is gone or disabled")
    unsuppress_lead(scene.engine, scene.publisher, scene.client_id, LeadId(lifted), by=PAT)
    scene.unsuppress()
    scene.suppress(missed)

    scene.connect()
    assert tell_account(scene.engine, scene.tool_id, Provider(NAME)) == 2
    assert scene.run_at(scene.tool_id) == Done("unblocked at the provider")
    assert scene.run(scene.person_job(scene.tool_id, missed)) == Done("blocked at the provider")
    assert scene.jobs(lifted)[scene.tool_id] == scene.jobs(told)[scene.tool_id] == ("SUCCEEDED", 0)


def test_telling_an_account_goes_on_from_batch_to_batch(scene: Pausing, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene.engine.begin() as connection:
        leads = sorted(add_lead(connection, scene.client_id, f"p{number}@acme.test") for number in range(3))
    for lead_id in leads:
        scene.suppress(lead_id)
    new_id = scene.connect("another one")
    assert BATCH > 1
    monkeypatch.setattr("shared.pipelines.upkeep.tell_account.BATCH", 1)
    allowed = [None, None]

    def need_time() -> None:
        if not allowed:
            raise TimeoutError
        allowed.pop()

    with pytest.raises(TimeoutError):
        tell_account(scene.engine, new_id, Provider(NAME), need_time=need_time)
    jobs = "SELECT lead_id FROM background_job WHERE provider_account_id = :id ORDER BY lead_id"
    assert [row.lead_id for row in scene.all(jobs, id=new_id)] == leads[:2]
    cursor = scene.one("SELECT cursor FROM provider_account WHERE id = :id", id=new_id).cursor
    assert cursor == {"PEOPLE": str(leads[1])}
    assert tell_account(scene.engine, new_id, Provider(NAME)) == 1
    assert [row.lead_id for row in scene.all(jobs, id=new_id)] == leads


# --- Whatever happens ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_an_account_ends_up_as_the_person_stands(scene: Pausing, seed: int) -> None:
    """Suppressions and their ends, pauses, new addresses, merges, lost steps, an account that comes and goes."""
    chance = Random(seed)  # noqa: S311 (nothing secret)
    email = Address(IdentityKind.EMAIL, LEAD_EMAIL)
    in_use = True

    def run() -> None:
        if scene.jobs().get(scene.tool_id, ("SUCCEEDED", 0))[0] == "SUCCEEDED":
            return
        with contextlib.suppress(Uncertain):
            scene.run_at(scene.tool_id)

    for step in range(30):
        match chance.choice(["suppress", "unsuppress", "pause", "run", "run", "lose", "learn", "merge", "switch"]):
            case "suppress":
                scene.suppress()
            case "unsuppress" if scene.lead().suppressed_at is not None:
                with contextlib.suppress(InterventionRefusedError):
                    scene.unsuppress()
            case "pause":
                scene.pause()
            case "run":
                run()
            case "lose":
                scene.tool.fails_before, scene.tool.fails_after = chance.choice([(1, 0), (0, 1)])
                run()
            case "learn":
                scene.learn(Address(IdentityKind.EMAIL, f"p{chance.randint(1, 3)}@other.test"))
            case "merge":
                with scene.engine.begin() as connection:
                    other = LeadId(add_lead(connection, scene.client_id, f"q{step}@other.test"))
                with contextlib.suppress(MergeRefusedError):  # while a job runs
                    merge_leads(scene.engine, scene.publisher, winner=LeadId(scene.lead_id), loser=other, by=PAT)
            case "switch" if in_use:
                scene.disable_tool()
                in_use = False
            case "switch":
                scene.connect()
                in_use = True

    if not in_use:
        scene.connect()
    tell_account(scene.engine, scene.tool_id, Provider(NAME))
    scene.tool.fails_before = scene.tool.fails_after = 0
    run()
    lead = scene.lead()
    addresses = {
        Address(IdentityKind.EMAIL, row.value)
        for row in scene.all("SELECT value FROM lead_identity WHERE lead_id = :lead", lead=scene.lead_id)
    } | {email}
    if lead.suppressed_at is not None:
        assert scene.tool.blocked == addresses
    else:
        assert scene.tool.blocked == set()
        assert (scene.tool.paused == addresses) is (lead.sequences_paused_at is not None)


# --- What a provider cannot take back ----------------------------------------------------------------------------


@pytest.mark.parametrize("ours", [True, False])
def test_an_unsubscription_that_we_made_is_overruled_with_the_suppression_and_the_leads_own_is_not(
    scene: Pausing, ours: bool
) -> None:
    if ours:
        scene.tool.unsubscribes = True
    else:
        scene.tool.unsubscribed.add(Address(IdentityKind.EMAIL, LEAD_EMAIL))
    evidence = SuppressionEvidence(SuppressionReason.OPT_OUT, "opt_out.en", "remove me")
    with scene.engine.begin() as connection:
        suppress_lead(connection, scene.client_id, LeadId(scene.lead_id), evidence)
    scene.run_at(scene.tool_id)
    scene.unsuppress()
    scene.run_at(scene.tool_id)
    standing = standing_objection(
        Consent((UNSUBSCRIBED,)),
        dismissed=scene.lead().dismissed_objections or (),
        block_list_entry_is_ours=False,
    )
    assert standing == (None if ours else UNSUBSCRIBED)
    other = ProviderObjection(Objection.UNSUBSCRIBED, "another campaign")
    assert (
        standing_objection(
            Consent((other,)), dismissed=scene.lead().dismissed_objections or (), block_list_entry_is_ours=False
        )
        == other
    ), "what the lead says later counts"
