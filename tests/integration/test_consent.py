"""Consent: asked for before every send, read back by recovery, and never invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from shared.db.clients import disable_client, enable_client
from shared.domain.accounts import AccountRef
from shared.domain.actor import Actor
from shared.domain.consent import Consent
from shared.domain.events import Person
from shared.domain.vocabulary import JobId, LeadId, Provider, UnknownValueError
from shared.jobs.outcomes import Done, Retry
from shared.pipelines.job_failures import decide_failure
from shared.pipelines.people.review_drafts import approve_draft
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from shared.pipelines.upkeep.recover_consent import LEADS_PER_QUESTION, recover_consent
from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused, Uncertain
from shared.providers.instantly.account import InstantlyAccount
from shared.providers.instantly.leads import ProviderLead
from shared.providers.protocol import Account
from tests.integration.reply_scene import LEAD_EMAIL, Scene, account_of

UNSUBSCRIBED, BOUNCED, ACTIVE = -2, -1, 1


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


def lead_at_provider(status: int, campaign: str = "c1", email: str = LEAD_EMAIL) -> ProviderLead:
    return ProviderLead(id=f"{email}-{campaign}", email=email, status=status, campaign_id=campaign)


def approved(scene: Scene) -> JobId:
    """Returns the job of a send that a person has approved."""
    scene.model.judges(confidence=0.1)
    scene.process()
    approve_draft(scene.engine, scene.publisher, scene.draft().id, by=Actor.person("pat"))
    return send_job(scene)


def send_job(scene: Scene) -> JobId:
    return JobId(scene.one("SELECT id FROM background_job WHERE type = 'SEND_REPLY'").id)


def suppression_job(scene: Scene) -> JobId:
    return JobId(scene.one("SELECT id FROM background_job WHERE type = 'SYNC_PERSON'").id)


def unsuppress(scene: Scene) -> None:
    unsuppress_lead(scene.engine, scene.publisher, scene.client_id, LeadId(scene.lead_id), by=Actor.person("Pat"))


# --- Before a send ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_person", [False, True])
@pytest.mark.parametrize(
    ("status", "blocked", "reason", "rule"),
    [
        (UNSUBSCRIBED, None, "UNSUBSCRIBED", "provider.consent.unsubscribed"),
        (BOUNCED, None, "BOUNCED", "provider.consent.bounced"),
        (ACTIVE, LEAD_EMAIL, "UNSUBSCRIBED", "provider.consent.blocked"),
        (None, "acme.test", "UNSUBSCRIBED", "provider.consent.domain_blocked"),
    ],
)
def test_whoever_objects_at_the_provider_gets_no_mail_and_is_suppressed(
    scene: Scene, by_person: bool, status: int | None, blocked: str | None, reason: str, rule: str
) -> None:
    """In one campaign of several: an opt-out is of one campaign for Instantly, and of the person for us."""
    job_id = approved(scene) if by_person else scene.job(scene.message())
    if status is not None:
        scene.instantly.leads = [lead_at_provider(ACTIVE), lead_at_provider(status, "c2")]
    if blocked is not None:
        scene.instantly.blocked.add(blocked)
    assert scene.run(job_id) == Done(f"blocked ({rule})")
    lead, draft = scene.lead(), scene.draft()
    assert (lead.suppression_reason, lead.suppression_evidence["rule"], lead.status) == (reason, rule, "blacklisted")
    assert (draft.status, draft.rule, scene.instantly.replies) == ("SUPERSEDED", rule, [])
    assert scene.one("SELECT count(*) FROM outbound_send").count == 0
    assert scene.run(suppression_job(scene)) == Done("blocked at the provider")


def test_an_active_lead_and_an_unknown_person_are_written_to(scene: Scene) -> None:
    scene.instantly.leads = [lead_at_provider(ACTIVE), lead_at_provider(3, "c2"), lead_at_provider(-3, "c3")]
    scene.instantly.blocked |= {f"jo{LEAD_EMAIL}", "me.test"}  # other people's
    assert scene.process() == Done("sent")
    assert scene.instantly.asked_about == [LEAD_EMAIL]


@pytest.mark.parametrize("error", [RateLimited("429", retry_after_s=7.0), NotSent("ConnectError"), Uncertain("503")])
def test_while_nobody_can_say_whether_the_lead_objects_nothing_is_sent(scene: Scene, error: ProviderError) -> None:
    job_id = approved(scene)
    scene.instantly.leads_error = error
    with pytest.raises(type(error)):
        scene.run(job_id)
    assert isinstance(decide_failure(error), Retry)
    assert (scene.draft().status, scene.instantly.replies, scene.lead().suppressed_at) == ("APPROVED", [], None)
    scene.instantly.leads_error = None
    assert scene.run(job_id) == Done("sent")


def test_a_key_that_may_not_read_leads_says_so(scene: Scene) -> None:
    job_id = approved(scene)
    scene.instantly.leads_error = Refused(403, "Forbidden")
    with pytest.raises(Refused) as refused:
        scene.run(job_id)
    outcome = decide_failure(refused.value)
    assert isinstance(outcome, Retry)
    assert "leads:read" in outcome.reason
    assert (scene.draft().status, scene.instantly.replies) == ("APPROVED", [])


def test_a_person_unknown_to_the_provider_does_not_object(scene: Scene) -> None:
    scene.instantly.leads_error = Refused(404, "Not found")
    assert scene.process() == Done("sent")


def test_a_question_that_the_provider_refuses_is_for_a_person(scene: Scene) -> None:
    scene.instantly.leads_error = Refused(400, "body/contacts/0 must match format")
    assert scene.process() == Done("needs review (consent_unknown)")
    assert (scene.draft().status, scene.instantly.replies) == ("NEEDS_REVIEW", [])


# --- Lifting a suppression -------------------------------------------------------------------------------------------


def test_what_a_person_has_overruled_does_not_suppress_again_but_a_new_objection_does(scene: Scene) -> None:
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED, "c1")]
    scene.process()
    scene.run(suppression_job(scene))
    unsuppress(scene)
    assert scene.lead().dismissed_objections == ["UNSUBSCRIBED"], "all of them, until Instantly has been asked"
    scene.run(suppression_job(scene))
    assert scene.lead().dismissed_objections == ["UNSUBSCRIBED:c1"]
    assert scene.process(scene.message("And what does it cost?", age=timedelta(0))) == Done("sent")

    scene.instantly.leads.append(lead_at_provider(UNSUBSCRIBED, "c2"))
    assert scene.process(scene.message("Which part matters?", age=timedelta(0))) != Done("sent")
    assert scene.lead().suppression_reason == "UNSUBSCRIBED"


def test_our_own_entry_on_the_block_list_is_no_objection_once_the_suppression_is_lifted(scene: Scene) -> None:
    scene.process(scene.message("Please remove me from your mailing list."))
    scene.run(suppression_job(scene))
    assert scene.instantly.blocked == {LEAD_EMAIL}
    unsuppress(scene)
    # Instantly has not been told yet: the entry is still there when the next answer leaves.
    assert scene.process(scene.message("Sorry, that was not me. What does it cost?", age=timedelta(0))) == Done("sent")


def test_lifting_a_models_suppression_does_not_overrule_what_the_provider_knows(scene: Scene) -> None:
    scene.set_lead(
        "suppressed_at = now(), suppression_reason = 'MODEL', suppression_evidence = '{\"rule\": \"model\"}'"
    )
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED)]
    unsuppress(scene)
    assert scene.process() == Done("blocked (provider.consent.unsubscribed)")


# --- Read back -------------------------------------------------------------------------------------------------------


class Reading:
    """Recovery's part about consent, for the scene's client."""

    def __init__(self, scene: Scene, *, gap: bool = True) -> None:
        self.scene = scene
        self.questions = 0
        self.entries: list[str] = []
        if gap:
            with scene.engine.begin() as connection:
                disable_client(connection, scene.client_id, at=datetime.now(UTC))
                enable_client(connection, scene.client_id)

    def run(self, *, now: datetime | None = None, questions: int = 1_000) -> int:
        left = questions

        def need_time() -> None:
            nonlocal left
            if left == 0:
                raise TimeoutError
            left -= 1

        return recover_consent(
            self.scene.engine,
            self.scene.publisher,
            account_of(self.scene.instantly),
            self.scene.client_id,
            self.scene.account_id,
            now=now or datetime.now(UTC),
            need_time=need_time,
        )


def add_leads(scene: Scene, count: int) -> list[str]:
    emails = [f"lead{number}@other.test" for number in range(count)]
    with scene.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO lead (id, client_id, email)"
                " SELECT gen_random_uuid(), :client, unnest(CAST(:emails AS text[]))"
            ),
            {"client": scene.client_id, "emails": emails},
        )
    return emails


def suppressed(scene: Scene) -> set[str]:
    return {row.email for row in scene.all("SELECT email FROM lead WHERE suppressed_at IS NOT NULL")}


def test_after_a_gap_open_drafts_of_those_who_object_leave_the_queue(scene: Scene) -> None:
    scene.model.judges(confidence=0.1)
    scene.process()
    assert scene.draft().status == "NEEDS_REVIEW"
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED), lead_at_provider(UNSUBSCRIBED, email="who@else.test")]
    reading = Reading(scene)
    assert reading.run() == 1
    assert (scene.draft().status, scene.lead().suppression_reason) == ("SUPERSEDED", "UNSUBSCRIBED")
    assert reading.run() == 0, "it has been read"
    assert scene.one("SELECT consent_gap_at, consent_cursor FROM provider_account") == (None, None)


def test_every_known_lead_is_asked_about_and_a_reading_goes_on_where_it_stopped(scene: Scene) -> None:
    emails = add_leads(scene, 2 * LEADS_PER_QUESTION + 3)
    gone = {emails[0], emails[60], emails[-1]}
    scene.instantly.leads = [lead_at_provider(BOUNCED, email=email) for email in gone]
    scene.instantly.blocked = {emails[1], "acme.test", "nobody@else.test"}
    reading = Reading(scene)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            reading.run(questions=1)
    assert reading.run() == 2, "the block list"
    assert suppressed(scene) == gone | {emails[1], LEAD_EMAIL}
    assert sorted(scene.instantly.asked_about) == sorted([*emails, LEAD_EMAIL]), "each once"


def test_a_provider_that_answers_about_a_few_at_a_time_is_asked_about_all(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    emails = add_leads(scene, 10)
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED, email=email) for email in (emails[0], emails[-1])]
    consents = InstantlyAccount.consents

    def about_the_first(
        account: InstantlyAccount, people: Sequence[Person], *, timeout_s: float
    ) -> Sequence[Consent | None]:
        return consents(account, people[:3], timeout_s=timeout_s)

    monkeypatch.setattr(InstantlyAccount, "consents", about_the_first)
    assert Reading(scene).run() == 2
    assert sorted(scene.instantly.asked_about) == sorted([*emails, LEAD_EMAIL]), "each once"


def test_a_new_gap_begins_anew_even_while_the_last_one_is_read(scene: Scene) -> None:
    emails = add_leads(scene, LEADS_PER_QUESTION)
    reading = Reading(scene)
    with pytest.raises(TimeoutError):
        reading.run(questions=1)
    Reading(scene)
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED, email=email) for email in [*emails, LEAD_EMAIL]]
    assert reading.run() == len(emails) + 1


def test_without_a_gap_consent_is_read_once_a_day(scene: Scene) -> None:
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED)]
    reading = Reading(scene, gap=False)
    now = datetime.now(UTC)
    assert reading.run(now=now) == 0
    assert reading.run(now=now + timedelta(hours=25)) == 1
    scene.instantly.asked_about.clear()
    assert reading.run(now=now + timedelta(hours=26)) == 0
    assert scene.instantly.asked_about == []


def test_what_a_person_has_overruled_is_not_read_back(scene: Scene) -> None:
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED)]
    scene.process()
    scene.run(suppression_job(scene))
    unsuppress(scene)
    scene.run(suppression_job(scene))
    assert Reading(scene).run() == 0
    assert scene.lead().suppressed_at is None


def test_an_entry_that_the_reading_had_come_to_may_be_gone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.instantly.blocked = {LEAD_EMAIL}
    reading = Reading(scene)
    with scene.engine.begin() as connection:
        connection.execute(
            text("""UPDATE provider_account SET consent_cursor = '{"leads_done": true, "block_list_after": "gone"}'""")
        )
    assert reading.run() == 1


def test_a_refused_key_leaves_the_gap_open(scene: Scene) -> None:
    scene.instantly.leads_error = Refused(403, "Forbidden")
    reading = Reading(scene)
    with pytest.raises(Refused, match="leads:read"):
        reading.run()
    scene.instantly.leads_error = None
    scene.instantly.leads = [lead_at_provider(UNSUBSCRIBED)]
    assert reading.run() == 1


# --- Which account ---------------------------------------------------------------------------------------------------


def test_every_call_is_made_with_the_credential_of_the_accounts_row(scene: Scene) -> None:
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE provider_account SET credential_ref = 'ssm:/second'"))
        connection.execute(
            text("INSERT INTO provider_account (client_id, provider) VALUES (:client, 'OF_A_NEWER_RELEASE')"),
            {"client": scene.client_id},
        )
    asked: set[AccountRef] = set()

    def open_account(ref: AccountRef) -> Account:
        asked.add(ref)
        return account_of(scene.instantly)

    scene.dependencies = replace(scene.dependencies, accounts=open_account)
    ours = AccountRef(scene.client_id, Provider.INSTANTLY, scene.account_id, "ssm:/second")
    scene.set_lead("suppressed_at = now(), suppression_reason = 'OPT_OUT', status = 'blacklisted'")
    unsuppress(scene)
    job_of = "SELECT id FROM background_job WHERE provider_account_id "

    assert isinstance(scene.run(JobId(scene.one(f"{job_of} = :id", id=scene.account_id).id)), Done)
    with pytest.raises(UnknownValueError):  # waits for the release that knows the provider
        scene.run(JobId(scene.one(f"{job_of} <> :id", id=scene.account_id).id))

    assert asked == {ours}
