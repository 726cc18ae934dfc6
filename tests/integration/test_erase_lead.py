"""A person is erased: nothing of theirs is left in any table, and nothing brings it back."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from shared.db.erasures import DELETED, SCRUBBED
from shared.db.job_leases import LeaseLost, hold_lead
from shared.db.migrate import BOOKKEEPING
from shared.domain.actor import Actor
from shared.domain.events import Address
from shared.domain.identifiers import uuid7
from shared.domain.vocabulary import PERSON_ERASED, IdentityKind, JobStatus, JobType, LeadId, MessageId, Provider
from shared.pipelines.intake.delivery import Delivery, Receipt, ReceiptStatus
from shared.pipelines.intake.receive_event import receive_event
from shared.pipelines.intake.replay_event import replay_event
from shared.pipelines.people.erase_lead import Erased, EraseRefusal, EraseRefusedError, erase_lead
from shared.pipelines.people.merge_leads import MergeRefusal, MergeRefusedError, merge_leads, unmerge_lead
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.unsuppress_lead import unsuppress_lead
from tests.instantly_events import body_of, email_sent, hash_address, iso, lead_event, reply_received
from tests.integration.conversations import add_lead
from tests.integration.reply_scene import LEAD_EMAIL, Scene

OTHER_EMAIL = "p.lee@other.test"
WORDS = "zanzibarquartz"
PAT = Actor.person("pat")

# Columns of these types that hold nothing of a lead's, and why.
HARMLESS: dict[str, dict[str, str]] = {
    "what the workspace has written about itself, its accounts and its campaigns": {
        "campaign": "provider provider_campaign_id name response_mode instructions language persona_name persona_tone"
        " persona_greeting persona_signature persona_goals",
        "client": "name",
        "client_settings": "persona_name persona_tone persona_greeting persona_signature persona_goals"
        " service_description company_name ideal_customer_profile qualification_questions booking_link timezone"
        " sentiment_model draft_model evaluation_model scoring_model escalation_phrases sending_window",
        "knowledge_asset": "name text",
        "provider_account": "provider external_id credential_ref settings cursor hook_token consent_cursor"
        " broken_reason",
        "message": "mailbox our_address",
        "outbound_send": "mailbox",
        "follow_up_instance": "sequence_name",
        "webhook_event": "provider source external_account",
    },
    "codes, and identifiers that we have made": {
        "ai_interaction": "feature prompt_version model status",
        "background_job": "type dedupe_key status lease_owner failed_sqs_message_id trace_id waiting_for",
        "commitment": "kind status settled_rule settled_by_kind",
        "draft": "channel status action rule model decided_by_kind purpose",
        "draft_decision": "status action rule model actor_kind",
        "draft_revision": "author_kind author prompt_version",
        "follow_up_instance": "status paused_reason",
        "job_step": "name",
        "lead": "status sentiment last_message_direction suppression_reason status_before_suppression held_rule",
        "lead_merge": "actor_kind undone_by_kind",
        "merge_suggestion": "kind decision decided_by_kind",
        "message": "direction text_source sentiment sentiment_source channel delivery_status",
        "notification": "kind dedupe_key",
        "outbound_send": "status error_code settled_by_kind",
        "pause": "channel what reason paused_by_kind lifted_by_kind",
        "rate_budget": "scope name",
        "restore_mark": "marked_by_kind",
        "suppression_review": "kind rule decision decided_by_kind",
        "tombstone": "address_hash kind",
        "webhook_event": "delivery_key event_type outcome",
    },
    "who of the workspace's own people has decided, and why": {
        "commitment": "settled_by",
        "draft": "decided_by",
        "draft_decision": "actor",
        "lead": "taken_over_by",
        "lead_merge": "actor undone_by",
        "merge_suggestion": "decided_by",
        "outbound_send": "settled_by",
        "pause": "note paused_by lifted_by",
        "restore_mark": "marked_by",
        "suppression_review": "decided_by",
    },
}
EMPTIED_WITH_THE_HOLD = {("lead", "hold_evidence"), ("lead", "held_rule")}


class Erasing(Scene):
    """The scene's lead, who has written, been answered, and left traces in every table."""

    def erase(self, lead_id: UUID | None = None, **options: Any) -> Erased:
        """Erases a lead as the command does: the provider is told, then everything goes."""
        arguments = (self.engine, self.publisher, LeadId(lead_id or self.lead_id), hash_address)
        try:
            return erase_lead(*arguments, now=datetime.now(UTC), **options)
        except EraseRefusedError as refused:
            if refused.refusal is not EraseRefusal.PROVIDER_UNTOLD:
                raise
        for job in self.all("SELECT id FROM background_job WHERE type = 'SYNC_PERSON' AND status <> 'SUCCEEDED'"):
            self.run(job.id)
        return erase_lead(*arguments, now=datetime.now(UTC), **options)

    def refusal(self, lead_id: UUID | None = None, **options: Any) -> EraseRefusal:
        with pytest.raises(EraseRefusedError) as refused:
            self.erase(lead_id, **options)
        return refused.value.refusal

    def sql(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), {"client": self.client_id, "lead": self.lead_id, **values})

    def take(self, event: dict[str, Any], *, received_at: datetime | None = None) -> Receipt:
        delivery = Delivery.of(
            self.client_id, body_of(event), received_at or datetime.now(UTC), provider=Provider.INSTANTLY
        )
        return receive_event(delivery, engine=self.engine, publisher=self.publisher, hash_address=hash_address)

    def converse(self) -> MessageId:
        """Takes a reply in, works it off with a sent response, and adds a row to every other table."""
        message_id = self.receive(reply_text=f"Yes please, {WORDS}.", lead_first_name="Zora", lead_company="Zanzi Ltd")
        self.run(self.job_of(message_id))
        draft_id = self.draft().id
        rows = {
            "ai_interaction": "(id, client_id, lead_id, feature, prompt_version, model, latency_ms, status, error)"
            " VALUES (gen_random_uuid(), :client, :lead, 'draft', 'v1', 'm', 1, 'ERROR', :words)",
            "commitment": "(client_id, lead_id, draft_id, revision, ordinal, kind, words, status)"
            " VALUES (:client, :lead, :draft, 1, 7, 'CALL', :words, 'OPEN')",
            "notification": "(client_id, kind, dedupe_key, lead_id, facts, last_error)"
            " VALUES (:client, 'hot', 'k1', :lead, jsonb_build_object('said', CAST(:words AS text)), :words)",
            "suppression_review": "(id, client_id, lead_id, message_id, kind, rule, words, finding)"
            " VALUES (gen_random_uuid(), :client, :lead, :message, 'HOLD_UNDECIDED', 'r', :words, :words)",
            "sent_copy": "(client_id, address_hash, provider, subject, text, sent_at)"
            " VALUES (:client, :hash, 'INSTANTLY', :words, :words, now())",
            "job_step": "(job_id, name, client_id, result) SELECT id, 'told', :client,"
            " jsonb_build_object('a', CAST(:words AS text)) FROM background_job WHERE lead_id = :lead LIMIT 1",
        }
        for table, row in rows.items():
            self.sql(
                f"INSERT INTO {table} {row} ON CONFLICT DO NOTHING",
                words=WORDS,
                draft=draft_id,
                message=message_id,
                hash=hash_address(self.client_id, Address(IdentityKind.EMAIL, LEAD_EMAIL)),
            )
        self.follow_up()
        return message_id

    def mark_every_column(self) -> None:
        """Writes the person's words into each text and jsonb column that an erasure has to empty."""
        with self.engine.begin() as connection:
            for table, scrub in SCRUBBED.items():
                types = column_types(connection, table)
                for column in scrub.columns:
                    if value := MARKED.get(types[column]):
                        connection.execute(text(f"UPDATE {table} SET {column} = {value}"), {"words": WORDS})

    def tables_with(self, *words: str) -> dict[str, list[str]]:
        """Searches every column of every table, bytes too; returns the rows by table."""
        found: dict[str, list[str]] = {}
        with self.engine.connect() as connection:
            for (table,) in connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")):
                rows = [str(row[0]) for row in connection.execute(text(f"SELECT CAST({table}.* AS text) FROM {table}"))]
                hits = [
                    row
                    for row in rows
                    for word in words
                    if word.lower() in row.lower() or word.encode().hex() in row.lower()
                ]
                if hits:
                    found[table] = hits
        return found

    def person_job(self) -> Any:
        return self.one("SELECT id, status FROM background_job WHERE type = 'SYNC_PERSON'")


MARKED = {
    "text": "CAST(:words AS text) || gen_random_uuid()",
    "jsonb": "jsonb_build_object('said', CAST(:words AS text))",
    "ARRAY": "ARRAY[CAST(:words AS text)]",
}


def column_types(connection: Any, table: str) -> dict[str, str]:
    query = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = :table"
    return {row.column_name: row.data_type for row in connection.execute(text(query), {"table": table})}


@pytest.fixture
def scene(engine: Engine) -> Erasing:
    return Erasing(engine)


# --- What goes -------------------------------------------------------------------------------------------------------


def test_nothing_of_the_person_is_left_in_any_table(scene: Erasing) -> None:
    scene.converse()
    scene.mark_every_column()
    scene.sql("UPDATE lead SET email = :email", email=LEAD_EMAIL)
    before = scene.tables_with(WORDS, LEAD_EMAIL)
    assert {*SCRUBBED, *DELETED} <= set(before), "the search has to see what there is"

    erased = scene.erase()

    assert scene.tables_with(WORDS, LEAD_EMAIL, "Zora", "Zanzi") == {}
    assert set(erased.rows) == {*SCRUBBED, *DELETED}
    assert all(erased.rows.values()), erased.rows
    lead = scene.lead()
    assert (lead.suppression_reason, lead.status, lead.erased_at) == ("ERASED", "blacklisted", erased.erased_at)


def test_rows_ledger_and_counts_stay(scene: Erasing) -> None:
    scene.converse()
    tables = [table for table in SCRUBBED if table != "webhook_event"]
    counts = {table: scene.one(f"SELECT count(*) AS n FROM {table}").n for table in tables}
    sends = scene.all("SELECT id, draft_id, status, sent_at FROM outbound_send")
    assert sends
    scene.erase()
    told = {"background_job": 1, "job_step": scene.one("SELECT count(*) AS n FROM job_step").n - counts["job_step"]}
    assert {table: scene.one(f"SELECT count(*) AS n FROM {table}").n for table in tables} == {
        table: count + told.get(table, 0) for table, count in counts.items()
    }
    assert scene.all("SELECT id, draft_id, status, sent_at FROM outbound_send") == sends


def test_every_column_that_could_hold_a_persons_words_is_scrubbed_or_known_to_be_harmless(engine: Engine) -> None:
    query = """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> ALL(:bookkeeping)
          AND (data_type IN ('text', 'jsonb', 'bytea', 'character varying') OR udt_name = '_text')"""
    with engine.connect() as connection:
        rows = connection.execute(text(query), {"bookkeeping": list(BOOKKEEPING)}).all()
    there = {(row.table_name, row.column_name) for row in rows}
    harmless = {
        (table, column)
        for tables in HARMLESS.values()
        for table, columns in tables.items()
        for column in columns.split()
    }
    scrubbed = {(table, column) for table, scrub in SCRUBBED.items() for column in scrub.columns}
    known = harmless | scrubbed | EMPTIED_WITH_THE_HOLD
    assert {one for one in there if one not in known and one[0] not in DELETED} == set(), "decide about these columns"
    assert (harmless | scrubbed) - there == set(), "these are not there any more"
    assert harmless & scrubbed == set()


def test_nobody_elses_rows_are_touched(scene: Erasing) -> None:
    scene.take(reply_received(lead_email=OTHER_EMAIL, campaign_id="c1", reply_text="Mine: obsidiankettle"))
    scene.converse()
    before = scene.tables_with("obsidiankettle", OTHER_EMAIL)
    scene.erase()
    assert scene.tables_with("obsidiankettle", OTHER_EMAIL) == before


def test_an_event_that_nobody_could_read_goes_as_well(scene: Erasing) -> None:
    receipt = scene.take({"event_type": "reply_received", "lead": {"mail": LEAD_EMAIL.upper()}, "x": WORDS})
    assert receipt.status is ReceiptStatus.QUARANTINED
    scene.converse()
    scene.erase()
    assert scene.tables_with(WORDS, LEAD_EMAIL) == {}


def test_merged_leads_are_erased_with_their_head(scene: Erasing) -> None:
    scene.converse()
    scene.take(reply_received(lead_email=OTHER_EMAIL, campaign_id="c1", reply_text=f"From home: {WORDS}"))
    other = scene.one("SELECT id FROM lead WHERE email = :email", email=OTHER_EMAIL).id
    merge_leads(scene.engine, scene.publisher, winner=LeadId(scene.lead_id), loser=LeadId(other), by=PAT)
    erased = scene.erase(other)  # whichever of them is named
    assert erased.lead_ids == (scene.lead_id, other)
    assert erased.tombstones == 2
    assert scene.tables_with(WORDS, LEAD_EMAIL, OTHER_EMAIL) == {}
    with pytest.raises(MergeRefusedError) as refused:
        unmerge_lead(scene.engine, scene.publisher, LeadId(other), by=PAT)
    assert refused.value.refusal is MergeRefusal.ERASED


def test_a_number_that_somebody_else_has_too_gets_no_tombstone(scene: Erasing) -> None:
    with scene.engine.begin() as connection:
        other = add_lead(connection, scene.client_id, OTHER_EMAIL)
    for lead_id in (scene.lead_id, other):
        scene.sql(
            "INSERT INTO lead_identity (client_id, lead_id, kind, value) VALUES (:client, :own, 'PHONE', :number)",
            own=lead_id,
            number="+12025550123",
        )
    scene.erase()
    assert [row.kind for row in scene.all("SELECT kind FROM tombstone")] == ["EMAIL"]


# --- When it waits ---------------------------------------------------------------------------------------------------


def test_the_providers_are_told_before_the_address_goes(scene: Erasing) -> None:
    assert scene.instantly.blocked == set()
    scene.converse()
    with pytest.raises(EraseRefusedError) as refused:
        erase_lead(scene.engine, scene.publisher, LeadId(scene.lead_id), hash_address, now=datetime.now(UTC))
    assert refused.value.refusal is EraseRefusal.PROVIDER_UNTOLD
    lead = scene.lead()
    assert (lead.suppression_reason, lead.email, lead.erased_at) == ("ERASED", LEAD_EMAIL, None)
    assert scene.person_job().status == JobStatus.PENDING
    scene.run(scene.person_job().id)
    scene.erase()
    assert scene.instantly.blocked == {LEAD_EMAIL}


def test_a_lead_that_was_suppressed_before_need_not_be_told_again(scene: Erasing) -> None:
    scene.take(lead_event("lead_unsubscribed", lead_email=LEAD_EMAIL))
    scene.run(scene.person_job().id)
    generation = "SELECT generation FROM background_job WHERE type = 'SYNC_PERSON'"
    before = scene.one(generation).generation
    erase_lead(scene.engine, scene.publisher, LeadId(scene.lead_id), hash_address, now=datetime.now(UTC))
    assert scene.one(generation).generation == before


def test_an_account_that_has_come_since_the_suppression_is_told(scene: Erasing) -> None:
    scene.take(lead_event("lead_unsubscribed", lead_email=LEAD_EMAIL))
    scene.run(scene.person_job().id)
    second = uuid7()
    scene.sql(
        "INSERT INTO provider_account (id, client_id, provider, external_id) VALUES (:id, :client, 'INSTANTLY', 'b')",
        id=second,
    )
    scene.erase()
    told = scene.all("SELECT provider_account_id, status FROM background_job WHERE type = 'SYNC_PERSON'")
    assert {(row.provider_account_id, row.status) for row in told} == {
        (scene.account_id, "SUCCEEDED"),
        (second, "SUCCEEDED"),
    }


def test_an_account_that_will_never_be_told_stops_nobody_who_says_so(scene: Erasing) -> None:
    scene.converse()
    erase_lead(
        scene.engine,
        scene.publisher,
        LeadId(scene.lead_id),
        hash_address,
        now=datetime.now(UTC),
        even_if_untold=True,
    )
    assert scene.tables_with(WORDS, LEAD_EMAIL) == {}
    assert scene.instantly.blocked == set()


@pytest.mark.parametrize("status", ["INTENDED", "QUEUED", "UNCERTAIN"])
def test_what_may_be_on_its_way_is_waited_for(scene: Erasing, status: str) -> None:
    scene.converse()
    scene.sql("UPDATE outbound_send SET status = :status", status=status)
    assert scene.refusal() is EraseRefusal.SEND_UNSETTLED
    assert scene.lead().erased_at is None


def test_a_running_job_is_waited_for(scene: Erasing) -> None:
    job_id = scene.job_of(scene.receive())
    scene.claim(job_id)
    assert scene.refusal() is EraseRefusal.JOB_RUNNING


def test_nobody_is_erased_twice_and_nobody_who_is_not_there(scene: Erasing) -> None:
    scene.erase()
    assert scene.refusal() is EraseRefusal.ERASED
    assert scene.refusal(uuid7()) is EraseRefusal.UNKNOWN_LEAD


# --- The fence -------------------------------------------------------------------------------------------------------


def test_waiting_jobs_and_drafts_end_with_the_erasure(scene: Erasing) -> None:
    scene.sql("UPDATE campaign SET response_mode = 'DRAFT_ONLY'")
    scene.run(scene.job_of(scene.receive(reply_text="Tell me more.")))
    scene.sql("UPDATE draft SET status = 'APPROVED'")
    scene.erase()
    assert {row.status for row in scene.all("SELECT status FROM background_job")} == {"SUCCEEDED"}
    assert {row.result for row in scene.all("SELECT result FROM background_job")} == {PERSON_ERASED}
    assert {row.status for row in scene.all("SELECT status FROM draft")} == {"SUPERSEDED"}


def test_a_worker_that_was_too_slow_writes_nothing(scene: Erasing) -> None:
    job_id = scene.job_of(scene.receive())
    job = scene.claim(job_id)
    scene.expire_lease(job_id)
    scene.sql("UPDATE background_job SET status = 'FAILED' WHERE id = :id", id=job_id)
    scene.erase()
    scene.sql(
        "UPDATE background_job SET status = 'RUNNING', lease_owner = :owner, lease_expires_at = now() + interval '1 h'"
        " WHERE id = :id",
        owner=job.lease_owner,
        id=job_id,
    )  # as if its lease were still good: the lead's own fence stops it
    with pytest.raises(LeaseLost), scene.engine.begin() as connection:
        hold_lead(connection, job)


def test_a_job_that_a_restore_has_brought_back_is_skipped(scene: Erasing) -> None:
    job_id = scene.job_of(scene.receive())
    scene.erase()
    scene.sql("UPDATE background_job SET status = 'PENDING' WHERE id = :id", id=job_id)
    assert scene.claim(job_id).lead_erased
    assert scene.model.calls == []


def test_no_person_lifts_the_suppression_of_an_erased_lead(scene: Erasing) -> None:
    scene.erase()
    with pytest.raises(InterventionRefusedError):
        unsuppress_lead(scene.engine, scene.publisher, scene.client_id, LeadId(scene.lead_id), by=PAT)
    assert scene.lead().suppression_reason == "ERASED"


# --- What comes afterwards -------------------------------------------------------------------------------------------


@pytest.fixture
def erased(scene: Erasing) -> Erasing:
    scene.converse()
    scene.erase()
    return scene


def ignored(receipt: Receipt) -> bool:
    return (receipt.status, receipt.reason) == (ReceiptStatus.IGNORED, PERSON_ERASED)


def written_since(words: str) -> dict[str, Any]:
    """A reply whose clock runs ahead: it counts as of its arrival."""
    ahead = iso(datetime.now(UTC) + timedelta(minutes=1))
    return reply_received(lead_email=LEAD_EMAIL, campaign_id="c1", reply_text=words, timestamp=ahead)


def before(minutes: float = 5) -> str:
    return iso(datetime.now(UTC) - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "event",
    [
        lambda: reply_received(lead_email=LEAD_EMAIL, timestamp=before(), reply_text=f"late {WORDS}"),
        lambda: reply_received(lead_email=LEAD_EMAIL, timestamp=before(60 * 24 * 60), reply_text=f"ancient {WORDS}"),
        lambda: reply_received(lead_email=LEAD_EMAIL.upper(), timestamp=before(), reply_text=f"late {WORDS}"),
        lambda: lead_event("lead_interested", lead_email=LEAD_EMAIL, reply_text=f"late {WORDS}"),
        lambda: lead_event("lead_meeting_booked", lead_email=LEAD_EMAIL),
        lambda: lead_event("lead_unsubscribed", lead_email=LEAD_EMAIL),
        lambda: lead_event("email_bounced", lead_email=LEAD_EMAIL),
        lambda: lead_event("a_type_of_tomorrow", lead_email=LEAD_EMAIL, note=WORDS),
        lambda: email_sent(lead_email=LEAD_EMAIL, email_html=f"<p>{WORDS}</p>"),
    ],
    ids=["late reply", "ancient", "other spelling", "label", "meeting", "unsubscribed", "bounced", "unknown", "sent"],
)
def test_what_comes_late_or_again_is_not_kept(erased: Erasing, event: Callable[[], dict[str, Any]]) -> None:
    assert ignored(erased.take(event()))
    assert erased.tables_with(WORDS, LEAD_EMAIL) == {}


def test_the_same_delivery_again_brings_nothing_back(scene: Erasing) -> None:
    event = reply_received(lead_email=LEAD_EMAIL, campaign_id="c1", reply_text=WORDS)
    scene.take(event)
    scene.erase()
    assert ignored(scene.take(event))
    (kept,) = scene.all("SELECT id FROM webhook_event WHERE octet_length(raw_body) = 0")
    assert ignored(replay_event(scene.engine, scene.publisher, kept.id, hash_address))
    assert scene.tables_with(WORDS, LEAD_EMAIL) == {}
    assert {row.status for row in scene.all("SELECT status FROM background_job")} == {"SUCCEEDED"}


def test_a_newer_message_makes_a_lead_for_a_person_only(erased: Erasing) -> None:
    receipt = erased.take(written_since("Hello again, tell me more please."))
    assert receipt.status is ReceiptStatus.ACCEPTED
    fresh = erased.one("SELECT * FROM lead WHERE email = :email", email=LEAD_EMAIL)
    assert fresh.id != erased.lead_id
    assert (fresh.suppression_reason, fresh.erased_at) == ("ERASED", None)
    sent = len(erased.instantly.replies)
    job = erased.one(
        "SELECT id FROM background_job WHERE lead_id = :fresh AND type = :type",
        fresh=fresh.id,
        type=JobType.POST_PROCESS.value,
    )
    erased.run(job.id)
    assert erased.all("SELECT id FROM draft WHERE lead_id = :fresh", fresh=fresh.id) == []
    assert len(erased.instantly.replies) == sent


def test_a_newer_message_can_be_erased_in_its_turn(erased: Erasing) -> None:
    event = written_since(f"Again {WORDS}")
    assert erased.take(event).status is ReceiptStatus.ACCEPTED
    fresh = erased.one("SELECT id FROM lead WHERE email = :email", email=LEAD_EMAIL).id
    erased.erase(fresh)
    assert erased.tables_with(WORDS, LEAD_EMAIL) == {}
    assert ignored(erased.take(event))


def test_a_delivery_without_a_time_counts_as_of_when_it_first_came(scene: Erasing) -> None:
    """It would look new each time that it is delivered or replayed."""
    event = reply_received(lead_email=LEAD_EMAIL, campaign_id="c1", reply_text=WORDS, timestamp=None)
    scene.sql("UPDATE provider_account SET external_id = 'another'")
    assert scene.take(event).status is ReceiptStatus.QUARANTINED
    scene.sql("UPDATE webhook_event SET person_hash = NULL, raw_body = ''")  # what the erasure did not find
    scene.sql("UPDATE provider_account SET external_id = NULL")
    scene.erase()
    assert ignored(scene.take(event))


# --- Races -----------------------------------------------------------------------------------------------------------


def test_a_reply_that_waits_for_the_lock_finds_the_tombstone(scene: Erasing) -> None:
    """Deliveries and the erasure at once: whoever comes second sees what the first has done."""
    old = [
        reply_received(lead_email=LEAD_EMAIL, campaign_id="c1", reply_text=f"{WORDS} {number}", timestamp=before())
        for number in range(12)
    ]
    scene.receive()
    scene.sql("UPDATE background_job SET status = 'SUCCEEDED'")
    with ThreadPoolExecutor(5) as pool:
        taken = [pool.submit(scene.take, event) for event in old[:6]]
        erasing = pool.submit(scene.erase, even_if_untold=True)
        taken += [pool.submit(scene.take, event) for event in old[6:]]
        erasing.result()
        assert {one.result().status for one in taken} <= {ReceiptStatus.ACCEPTED, ReceiptStatus.IGNORED}
    assert scene.tables_with(WORDS, LEAD_EMAIL) == {}


def test_a_worker_that_writes_to_a_merged_lead_and_the_erasure_never_block_each_other(scene: Erasing) -> None:
    """The worker has the head's lock and then changes the merged lead, whose id may be the smaller one."""
    with scene.engine.begin() as connection:
        other = add_lead(connection, scene.client_id, OTHER_EMAIL)
    merge_leads(scene.engine, scene.publisher, winner=LeadId(other), loser=LeadId(scene.lead_id), by=PAT)
    assert scene.lead_id < other
    with ThreadPoolExecutor(1) as pool, scene.engine.begin() as worker:
        worker.execute(text("SELECT 1 FROM lead WHERE id = :id FOR NO KEY UPDATE"), {"id": other})
        erasing = pool.submit(scene.erase, even_if_untold=True)
        wait_until_somebody_waits(scene.engine)
        worker.execute(text("UPDATE lead SET suppression_told = '{}' WHERE id = :id"), {"id": scene.lead_id})
        worker.commit()
        assert len(erasing.result().lead_ids) == 2


def wait_until_somebody_waits(engine: Engine) -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 20
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.execute(text(query)).scalar_one():
            assert time.monotonic() < deadline
            time.sleep(0.02)
