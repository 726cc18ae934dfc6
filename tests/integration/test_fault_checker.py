"""The fault suite's checker sees what it is there for: a healthy run is broken by hand, one invariant at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from shared.domain.vocabulary import ClientId, JobType, Provider, Tag
from tests.e2e.driver import Answer, TestWorkspace
from tests.faults.checker import (
    FAIR_FAILURES,
    Violation,
    a_flood_delays_only_its_own,
    check,
    count_late,
    count_unsent,
    jobs_fail_only_for_what_was_broken,
    logs_hold_no_secret,
)
from tests.faults.evidence import Evidence, load_tables
from tests.faults.ledger import Posting, Wanted
from tests.faults.providers import SIDES, FaultEvent, Mail, ProviderRecord, thread_of
from tests.integration.reply_scene import LEAD_EMAIL, Scene

TAKEN = Answer(200, {"success": True}, 0.0, 0.01)


def event_of(body: dict[str, str] | bytes) -> FaultEvent:
    return FaultEvent(SIDES[Provider.INSTANTLY], body)


def recording(evidence: Evidence, **changes: object) -> Evidence:
    """The evidence with another record of Instantly's."""
    record = replace(evidence.records[Provider.INSTANTLY], **changes)  # type: ignore[arg-type]
    return replace(evidence, records={**evidence.records, Provider.INSTANTLY: record})


class Healthy:
    """Two replies of one lead, worked off by the real pipeline: the first is superseded, the second answered."""

    def __init__(self, engine: Engine, database_url: str) -> None:
        self.scene = scene = Scene(engine)
        self._database_url = database_url
        self.workspace = TestWorkspace(ClientId(scene.client_id), "v1.token", "auto", "draft")
        scene.model.says(Tag.OBJECTION)
        scene.model.judges(confidence=0.1)
        self.older = self._work_off(timedelta(hours=2))
        scene.model.says(Tag.INTERESTED)
        scene.model.judges(confidence=0.96)
        self.newer = self._work_off(timedelta(hours=1))
        scene.set_lead(
            "last_inbound_at = (SELECT max(effective_at) FROM message WHERE direction = 'INBOUND'),"
            " last_message_at = (SELECT max(effective_at) FROM message)"
        )
        [reply] = scene.instantly.replies
        sent = scene.one("SELECT provider_message_id FROM outbound_send").provider_message_id
        thread = thread_of(self.email_id(self.newer))
        self.mails = [
            Mail(
                id=sent,
                answers=thread,
                thread=thread,
                text=f"{reply['body_text']}\n\nSent with Instantly",
                at=datetime.now(UTC),
                mailbox=reply["eaccount"],
            )
        ]
        self.asked = Counter([thread])
        self.postings = [
            Posting(
                self.workspace,
                event_of({"email_id": self.email_id(message), "lead_email": LEAD_EMAIL}),
                wanted,
                answers=[TAKEN],
            )
            for message, wanted in ((self.older, Wanted.DRAFT), (self.newer, Wanted.SEND))
        ]

    def _work_off(self, age: timedelta) -> object:
        scene = self.scene
        message = scene.message(age=age)
        post_process = scene.job(message)
        scoring = scene.job(message, JobType.LEAD_SCORING)
        scene.run(post_process)
        scene.run(scoring)
        return message

    def email_id(self, message: object) -> str:
        return str(self.scene.one("SELECT provider_message_id FROM message WHERE id = :id", id=message)[0])

    def evidence(self) -> Evidence:
        tables = load_tables(self._database_url, [self.workspace.id])
        record = ProviderRecord(mails=self.mails, asked=self.asked)
        return Evidence(postings=self.postings, tables=tables, records={Provider.INSTANTLY: record})

    def execute(self, *statements: str) -> None:
        with self.scene.engine.begin() as connection:
            for statement in statements:
                connection.execute(
                    text(statement),
                    {"older": self.older, "newer": self.newer, "lead": self.scene.lead_id, "at": datetime.now(UTC)},
                )


@pytest.fixture
def healthy(engine: Engine, database_url: str) -> Healthy:
    return Healthy(engine, database_url)


def test_nothing_is_wrong_with_a_healthy_run(healthy: Healthy) -> None:
    evidence = healthy.evidence()
    assert check(evidence) == []
    assert len(evidence.mails) == 1, "the scene has sent its answer"
    assert count_unsent(evidence) == 0


def test_a_merge_is_no_violation(healthy: Healthy) -> None:
    healthy.execute(ANOTHER_LEAD_MERGED, ITS_MERGE)
    assert check(healthy.evidence()) == []


def test_a_draft_to_a_reply_that_came_late_may_wait_for_a_person(healthy: Healthy) -> None:
    healthy.execute(
        "UPDATE draft SET status = 'NEEDS_REVIEW', rule = 'arrived_late' WHERE trigger_message_id = :older",
        "UPDATE message SET received_at = :at WHERE id = :older",
    )
    assert check(healthy.evidence()) == []


def test_a_hold_that_somebody_will_decide_is_no_violation(healthy: Healthy) -> None:
    healthy.execute(HELD_BEFORE_SEND, ASKED_ABOUT.format(decision=OPEN), SENT_BY_PERSON)
    assert check(healthy.evidence()) == []


def test_a_promise_that_is_recorded_is_no_violation(healthy: Healthy) -> None:
    healthy.execute(*PROMISED_BY_NEWER)
    assert check(healthy.evidence()) == []


SENT_BY_PERSON = "UPDATE outbound_send SET automated = false"
POST_PROCESS_OF = "type = 'INSTANTLY_INBOUND_POST_PROCESS' AND message_id ="
COPY_OF_MESSAGE = """
    INSERT INTO message (id, client_id, lead_id, direction, provider_message_id, reply_key, content_key, sentiment,
                         received_at, effective_at)
    SELECT gen_random_uuid(), client_id, lead_id, direction, provider_message_id, 'another', content_key, sentiment,
           received_at, effective_at - interval '1 minute' FROM message WHERE id = :newer
"""
ANOTHER_LEAD_MERGED = """
    INSERT INTO lead (id, client_id, email, merged_into_id)
    SELECT gen_random_uuid(), client_id, 'p.lee@other.test', id FROM lead WHERE id = :lead
"""
ITS_MERGE = """
    INSERT INTO lead_merge (client_id, winner_id, loser_id, actor_kind)
    SELECT client_id, merged_into_id, id, 'PERSON' FROM lead WHERE merged_into_id IS NOT NULL
"""
ITS_KEY = """
    INSERT INTO lead_identity (client_id, lead_id, kind, value)
    SELECT client_id, id, 'EMAIL', email FROM lead WHERE merged_into_id IS NOT NULL
"""
ITS_DRAFT = (
    "UPDATE draft SET status = 'PENDING', lead_id = (SELECT id FROM lead WHERE merged_into_id IS NOT NULL)"
    " WHERE trigger_message_id = :newer"
)
HELD_BEFORE_SEND = """
    UPDATE lead SET held_at = :at - interval '2 hours', held_rule = 'suspected.en.stop', held_by_message_id = :newer
    WHERE id = :lead
"""
ASKED_ABOUT = """
    INSERT INTO suppression_review (id, client_id, lead_id, message_id, kind, rule, created_at, decision, decided_at,
                                    decided_by_kind)
    SELECT gen_random_uuid(), client_id, id, :newer, 'HOLD_UNDECIDED', 'suspected.en.stop',
           :at - interval '2 hours', {decision} FROM lead WHERE id = :lead
"""
OPEN, RELEASED = "NULL, NULL, NULL", "'RELEASED', :at + interval '1 minute', 'PERSON'"
PROMISING = """
    UPDATE draft_revision SET commitments = '[{"kind": "CALL", "words": "I will call you.", "due_at": null}]'
    FROM draft WHERE draft.id = draft_revision.draft_id AND draft.trigger_message_id = :newer
"""
ITS_PROMISE = """
    INSERT INTO commitment (id, client_id, lead_id, draft_id, revision, ordinal, kind, words, status)
    SELECT gen_random_uuid(), client_id, lead_id, id, revision, 1, 'CALL', 'I will call you.', 'OPEN' FROM draft
    WHERE trigger_message_id = {trigger}
"""
PROMISED_BY_NEWER = [PROMISING, ITS_PROMISE.format(trigger=":newer")]
SUPPRESSED_BEFORE_SEND = """
    UPDATE lead SET suppressed_at = :at - interval '1 hour', suppression_reason = 'UNSUBSCRIBED' WHERE id = :lead
"""


@pytest.mark.parametrize(
    ("invariant", "statements", "words"),
    [
        (1, [f"UPDATE background_job SET status = 'PENDING' WHERE {POST_PROCESS_OF} :newer"], "still PENDING"),
        (1, [f"UPDATE background_job SET status = 'RUNNING' WHERE {POST_PROCESS_OF} :newer"], "still RUNNING"),
        (1, ["UPDATE message SET provider_message_id = 'gone' WHERE id = :newer"], "there is no message"),
        (1, ["UPDATE message SET sentiment = NULL WHERE id = :newer"], "nobody knows what it says"),
        (
            1,
            [
                "DELETE FROM job_step WHERE name = 'score'",
                "UPDATE ai_interaction SET job_id = NULL",
                "DELETE FROM background_job WHERE type = 'LEAD_SCORING_POST_PROCESS'",
            ],
            "has no LEAD_SCORING_POST_PROCESS job",
        ),
        (2, [COPY_OF_MESSAGE], "2 messages"),
        (4, [ANOTHER_LEAD_MERGED], "recorded otherwise than its row says"),
        (4, [ANOTHER_LEAD_MERGED, ITS_MERGE, ITS_KEY], "is merged and has keys"),
        (4, [ANOTHER_LEAD_MERGED, ITS_MERGE, ITS_DRAFT], "is merged and has open drafts"),
        (4, ["UPDATE lead SET email = NULL"], "nothing leads to it"),
        (
            2,
            [
                "INSERT INTO background_job (id, client_id, lead_id, message_id, type, dedupe_key, status, run_at)"
                " SELECT gen_random_uuid(), client_id, lead_id, message_id, type, 'another', 'SUCCEEDED', run_at"
                f" FROM background_job WHERE {POST_PROCESS_OF} :newer"
            ],
            "2 jobs of type POST_PROCESS",
        ),
        (
            2,
            [
                "DROP INDEX uq_draft_response",
                "INSERT INTO draft (id, client_id, lead_id, trigger_message_id, body, status)"
                " SELECT gen_random_uuid(), client_id, lead_id, trigger_message_id, body, 'SUPERSEDED' FROM draft"
                " WHERE trigger_message_id = :newer",
            ],
            "2 drafts",
        ),
        (
            2,
            [
                "DROP INDEX ix_message_draft_id",
                "INSERT INTO message (id, client_id, lead_id, direction, provider_message_id, reply_key, content_key,"
                " draft_id, received_at, effective_at)"
                " SELECT gen_random_uuid(), client_id, lead_id, direction, 'another', 'another', content_key, draft_id,"
                " received_at, effective_at FROM message WHERE direction = 'OUTBOUND'",
            ],
            "2 outbound messages",
        ),
        (2, ["DROP INDEX uq_draft_open", "UPDATE draft SET status = 'NEEDS_REVIEW'"], "2 drafts are open on EMAIL"),
        (
            2,
            [
                ANOTHER_LEAD_MERGED,
                ITS_MERGE,
                ITS_DRAFT,
                "UPDATE draft SET status = 'NEEDS_REVIEW' WHERE trigger_message_id = :older",
            ],
            "2 drafts are open on EMAIL",
        ),
        (3, ["UPDATE lead SET overall_score = NULL"], "nobody has scored it"),
        (4, ["UPDATE lead SET last_inbound_at = last_inbound_at - interval '1 hour'"], "its last_inbound_at is"),
        (4, ["UPDATE lead SET last_outbound_at = NULL"], "its last_outbound_at is"),
        (3, ["DELETE FROM job_step WHERE name = 'decide'"], "SUCCEEDED without decide"),
        (3, ["DELETE FROM job_step WHERE name = 'score'"], "SUCCEEDED without score"),
        (
            3,
            ["UPDATE job_step SET finished_at = finished_at - interval '1 minute' WHERE name = 'draft'"],
            "paid for draft after that step had finished",
        ),
        (4, ["UPDATE lead SET sentiment = 'Objection'"], "its newest reply says 'Interested'"),
        (4, ["UPDATE lead SET scored_message_id = :older"], "its score is of an older reply"),
        (
            4,
            ["UPDATE draft SET status = 'NEEDS_REVIEW' WHERE trigger_message_id = :older"],
            "is NEEDS_REVIEW, but the lead has written again",
        ),
        (
            4,
            [
                "UPDATE outbound_send SET draft_id = (SELECT id FROM draft WHERE trigger_message_id = :older),"
                " intended_at = :at"
            ],
            "was sent after a newer reply had been recorded",
        ),
        (
            4,
            ["UPDATE draft SET status = 'NEEDS_REVIEW', rule = 'arrived_late' WHERE trigger_message_id = :older"],
            "is NEEDS_REVIEW, but the lead has written again",
        ),
        (4, ["UPDATE draft SET rule = 'arrived_late' WHERE trigger_message_id = :newer"], "nobody approved it"),
        (5, [SUPPRESSED_BEFORE_SEND], "its send was claimed after the lead's suppression"),
        (
            5,
            [SUPPRESSED_BEFORE_SEND, "UPDATE draft SET status = 'APPROVED' WHERE trigger_message_id = :newer"],
            "is APPROVED though the lead is suppressed",
        ),
        (6, ["UPDATE draft SET status = 'SENDING' WHERE trigger_message_id = :newer"], "is SENDING"),
        (6, ["UPDATE outbound_send SET status = 'INTENDED'"], "is SENT, its send is INTENDED"),
        (6, ["DELETE FROM outbound_send"], "is SENT without a send"),
        (
            6,
            [
                "UPDATE draft SET status = 'NEEDS_REVIEW' WHERE trigger_message_id = :newer",
                "UPDATE outbound_send SET status = 'REFUSED'",
            ],
            "is NEEDS_REVIEW, but its e-mail has left",
        ),
        (6, ["UPDATE outbound_send SET provider_message_id = 'another'"], "is SENT as another"),
        (6, ["UPDATE outbound_send SET attempts = 0"], "was claimed 0 times, and sent 1 times"),
        (6, ["UPDATE draft SET body = 'I never wrote that.'"], "another text than the draft's was mailed"),
        (6, ["UPDATE message SET mailbox = 'other@send.test'"], "was mailed from another mailbox"),
        (
            6,
            ["DELETE FROM outbound_send", "DELETE FROM message WHERE direction = 'OUTBOUND'", "DELETE FROM draft"],
            "nobody has drafted it",
        ),
        (
            6,
            [
                "UPDATE draft SET status = 'PENDING' WHERE trigger_message_id = :newer",
                "DELETE FROM outbound_send",
                "DELETE FROM message WHERE direction = 'OUTBOUND'",
            ],
            "wanted an answer, and its draft is PENDING",
        ),
        (8, [f"UPDATE background_job SET status = 'FAILED' WHERE {POST_PROCESS_OF} :newer"], "is FAILED"),
        (12, [HELD_BEFORE_SEND], "was sent without a person, its lead was held"),
        (12, [HELD_BEFORE_SEND], "is held, and nobody will ever say"),
        (12, [ASKED_ABOUT.format(decision=RELEASED)], "was sent without a person, its lead was held"),
        (12, [HELD_BEFORE_SEND, ASKED_ABOUT.format(decision=RELEASED)], "is held, and nobody will ever say"),
        (13, PROMISED_BY_NEWER[:1], "nothing recalls its promise 1"),
        (13, [*PROMISED_BY_NEWER, "UPDATE commitment SET words = 'I may.'"], "is recorded as another one"),
        (13, [*PROMISED_BY_NEWER, "UPDATE commitment SET status = 'PROMISED'"], "its promise 1 is PROMISED"),
        (
            13,
            [
                *PROMISED_BY_NEWER,
                "UPDATE commitment SET status = 'DROPPED', settled_rule = 'not_sent', settled_by_kind = 'PERSON',"
                " settled_at = now()",
            ],
            "was dropped as not sent",
        ),
        (13, [ITS_PROMISE.format(trigger=":older")], "its draft has not left"),
        (
            13,
            [*PROMISED_BY_NEWER, "UPDATE commitment SET kind = 'WRITE_LATER', due_at = :at - interval '1 minute'"],
            "is due, and nothing takes it up",
        ),
        (
            13,
            [
                *PROMISED_BY_NEWER,
                "UPDATE commitment SET status = 'KEPT', settled_rule = 'follow_up', settled_by_kind = 'SYSTEM',"
                " settled_at = now()",
            ],
            "nothing has followed up on it",
        ),
    ],
)
def test_a_broken_row_is_found(healthy: Healthy, invariant: int, statements: list[str], words: str) -> None:
    healthy.execute(*statements)
    found = check(healthy.evidence())
    assert any(one.invariant == invariant and words in one.what for one in found), found


@pytest.mark.parametrize(
    ("invariant", "change", "words"),
    [
        (2, lambda evidence: recording(evidence, mails=[*evidence.mails, *evidence.mails]), "2 e-mails were sent"),
        (6, lambda evidence: recording(evidence, mails=[]), "0 have left"),
        (8, lambda evidence: replace(evidence, dead_letters={"post-process-dlq.fifo": 1}), "1 messages are left"),
        (
            6,
            lambda evidence: replace(evidence, postings=[replace(evidence.postings[1], wanted=Wanted.NO_DRAFT)]),
            "wanted no answer, and has one",
        ),
    ],
)
def test_a_broken_world_outside_is_found(
    healthy: Healthy, invariant: int, change: Callable[[Evidence], Evidence], words: str
) -> None:
    found = check(change(healthy.evidence()))
    assert [one.invariant for one in found if words in one.what] == [invariant], found


def test_an_email_to_somebody_else_is_found(healthy: Healthy) -> None:
    mails = [replace(mail, to="sue@acme.test") for mail in healthy.mails]
    (found,) = check(recording(healthy.evidence(), mails=mails))
    assert (found.invariant, found.what) == (6, "was mailed to somebody who has not written the reply")


def test_a_send_of_which_the_provider_tells_no_id_is_one_email_all_the_same(healthy: Healthy) -> None:
    healthy.execute(
        "UPDATE outbound_send SET provider_message_id = NULL",
        "UPDATE message SET provider_message_id = NULL WHERE direction = 'OUTBOUND'",
    )
    evidence = healthy.evidence()
    assert check(evidence) == []
    assert [one.what for one in check(recording(evidence, mails=[]))] == ["is SENT, 0 have left"]
    healthy.execute("UPDATE message SET draft_id = NULL WHERE direction = 'OUTBOUND'")
    assert [one.what for one in check(healthy.evidence())] == ["is SENT, but there is no outbound message"]


def test_a_reply_through_two_tools_has_one_message(healthy: Healthy) -> None:
    first, other = healthy.postings[1], event_of({"email_id": str(uuid4()), "lead_email": LEAD_EMAIL})
    healthy.postings.append(replace(first, event=other, same_as=first.event))
    assert check(healthy.evidence()) == []
    healthy.postings[-1] = replace(first, event=other)
    assert {one.what for one in check(healthy.evidence())} == {"was taken, but there is no message"}


def test_a_job_of_another_provider_is_found(healthy: Healthy) -> None:
    healthy.execute(f"UPDATE background_job SET type = 'SMARTLEAD_INBOUND_POST_PROCESS' WHERE {POST_PROCESS_OF} :newer")
    (found,) = check(healthy.evidence())
    assert (found.invariant, found.what) == (2, "is worked off as SMARTLEAD_INBOUND_POST_PROCESS")


def test_sequences_that_run_on_somewhere_are_found(healthy: Healthy) -> None:
    healthy.execute(
        "INSERT INTO provider_account (id, client_id, provider, finds_client)"
        " SELECT gen_random_uuid(), client_id, 'SMARTLEAD', false FROM lead WHERE id = :lead",
        "UPDATE lead SET sequences_paused_at = :at",
    )
    (found,) = check(healthy.evidence())
    assert (found.invariant, found.what) == (1, "its sequences are to stand still, 1 accounts were not told")
    healthy.execute(
        "UPDATE lead SET pause_told = ARRAY(SELECT id FROM provider_account WHERE provider = 'SMARTLEAD'"
        " AND client_id = lead.client_id)"
    )
    evidence = healthy.evidence()
    assert check(evidence) == []
    records = {**evidence.records, Provider.SMARTLEAD: ProviderRecord(running=frozenset({LEAD_EMAIL}))}
    (found,) = check(replace(evidence, records=records))
    assert (found.invariant, found.what) == (1, "its sequences are to stand still, and run on")


def test_an_answer_that_is_no_answer_is_found(healthy: Healthy) -> None:
    healthy.postings[0].answers.insert(0, Answer(502, {}, 0.0, 0.0))
    assert [one.invariant for one in check(healthy.evidence())] == [7]
    healthy.postings[0].may_fail = True
    assert check(healthy.evidence()) == []


def test_one_of_ours_that_is_turned_away_is_found(healthy: Healthy) -> None:
    healthy.postings[0].answers.insert(0, Answer(401, {}, 0.0, 0.0))
    healthy.postings[0].may_fail = True
    assert [one.invariant for one in check(healthy.evidence())] == [7]


def test_a_taken_event_must_be_where_it_belongs_and_the_others_must_be_taken(healthy: Healthy) -> None:
    broken = Posting(healthy.workspace, event_of(b"{"), Wanted.QUARANTINE, answers=[TAKEN])
    refused = Posting(
        healthy.workspace, event_of(b"["), Wanted.QUARANTINE, answers=[replace(TAKEN, status_code=503)], may_fail=True
    )
    suppression = Posting(healthy.workspace, event_of({"lead_email": LEAD_EMAIL}), Wanted.SUPPRESSION, answers=[TAKEN])
    healthy.postings += [broken, refused, suppression]
    assert [one.what for one in check(healthy.evidence())] == [
        "was taken, but is not in quarantine",
        "was never taken: [503]",
        "was taken, but its lead is not suppressed",
    ]


def test_a_suppression_of_which_a_provider_has_not_heard_is_found(healthy: Healthy) -> None:
    healthy.execute("UPDATE lead SET suppressed_at = now() + interval '1 hour', suppression_reason = 'UNSUBSCRIBED'")
    event = event_of({"lead_email": LEAD_EMAIL})
    healthy.postings.append(Posting(healthy.workspace, event, Wanted.SUPPRESSION, answers=[TAKEN]))
    blocked = recording(healthy.evidence(), blocked=frozenset({LEAD_EMAIL}))
    assert [one.what for one in check(healthy.evidence())] == [
        "its lead is suppressed, but is not on the block list of INSTANTLY"
    ]
    assert [one.what for one in check(blocked)] == ["its lead is suppressed, but INSTANTLY goes on with it"]
    assert check(recording(blocked, told=frozenset({LEAD_EMAIL}))) == []


def test_a_job_that_failed_for_what_nobody_broke_is_found(healthy: Healthy) -> None:
    fair, bug = uuid4(), uuid4()
    failures = {fair: "gave up after 10 receives: model unavailable: 500", bug: "KeyError: 'oops'"}
    found = list(jobs_fail_only_for_what_was_broken(replace(healthy.evidence(), failures=failures), FAIR_FAILURES))
    assert [(one.invariant, one.subject) for one in found] == [(8, f"job {bug}")]


def test_misses_and_delays_are_counted(healthy: Healthy) -> None:
    healthy.execute("UPDATE draft SET status = 'SEND_UNCERTAIN' WHERE trigger_message_id = :newer")
    evidence = healthy.evidence()
    assert count_unsent(evidence) == 1
    assert count_late(evidence, late_s=60) == 2, "both were worked off an hour after they had come"
    assert count_late(evidence, late_s=86_400) == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"message": "sent to pat@acme.test"}', "an address"),
        ("authorization v1.0123456789abcdef0123456789abcdef", "a token"),
        ("Bearer abcdef123456", "a key"),
        ("key sk-abcdefghijklmnop1234", "a key"),
        ("signed with topsecret", "a secret"),
        ("the reply says: call me on Tuesday", "a body"),
        ('{"level":"ERROR","message":"unexpected failure","error":"KeyError"}', "a mistake of our own"),
    ],
)
def test_a_line_with_what_no_log_may_hold_is_found(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "webhook.log").write_text(f"START RequestId: 1\n{line}\n")
    found = list(logs_hold_no_secret(tmp_path, ["topsecret"], ["call me on Tuesday"]))
    assert [(one.invariant, one.subject) for one in found] == [(9, "webhook.log:2")]
    assert words in found[0].what


@pytest.mark.parametrize("log", ["postgres.log", "up.log", "sqs/server.log"])
def test_every_log_below_the_stacks_folder_is_searched(tmp_path: Path, log: str) -> None:
    (tmp_path / log).parent.mkdir(exist_ok=True)
    (tmp_path / log).write_text("DETAIL:  Key (email)=(pat@acme.test) already exists.\n")
    assert len(list(logs_hold_no_secret(tmp_path, [], []))) == 1


def test_the_stacks_own_example_may_name_an_address(tmp_path: Path) -> None:
    example = '    "lead_email": "pat@example.com",\n'
    (tmp_path / "up.log").write_text(example)
    assert list(logs_hold_no_secret(tmp_path, [], [])) == []
    (tmp_path / "up.log").write_text(example.replace("pat@", "sue@"))
    assert len(list(logs_hold_no_secret(tmp_path, [], []))) == 1


def test_ordinary_lines_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "webhook.log").write_text(
        '{"level":"INFO","message":"event received","client_id":"01a20a71-bec9-7c45-9b7a-d9801a15e6fd"}\n'
        "Traceback: /opt/shared/db/engine.py:12 connect postgres@127.0.0.1:5432\n"
    )
    assert list(logs_hold_no_secret(tmp_path, ["topsecret"], ["call me on Tuesday"])) == []


def test_a_client_that_waited_for_anothers_flood_is_found(healthy: Healthy) -> None:
    evidence = healthy.evidence()
    quiet, flooding = healthy.workspace.id, ClientId(healthy.scene.lead_id)
    jobs = [row for row in evidence.rows("background_job") if row["type"] == "INSTANTLY_INBOUND_POST_PROCESS"]
    ended = jobs[0]["finished_at"]

    def flood_until(at: datetime) -> list[Violation]:
        rows = [*jobs, {**jobs[0], "client_id": flooding, "finished_at": at}]
        tables = {**evidence.tables, "background_job": rows}
        return list(a_flood_delays_only_its_own(replace(evidence, tables=tables), others=[quiet], flooding=flooding))

    assert flood_until(ended + timedelta(hours=1)) == []
    assert "had to wait" in flood_until(ended - timedelta(hours=1))[0].what
    (nothing,) = a_flood_delays_only_its_own(evidence, others=[quiet], flooding=flooding)
    assert "has flooded nothing" in nothing.what
