"""The database is restored in place to a moment before emails left and people opted out."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg

from local.data_model import read_tables
from shared.db.rate_budgets import StoredTurns
from shared.db.restores import list_unreconciled
from shared.domain.actor import Actor
from shared.domain.vocabulary import ActorKind, Provider
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.upkeep.after_restore import Reconciled, mark_restore, reconcile
from shared.providers.protocol import Access
from shared.providers.rate_budget import RateBudget
from shared.providers.registry import PROVIDERS
from tests.e2e.driver import APPLICATION_NAME, TestWorkspace
from tests.faults import checker
from tests.faults.checker import Violation
from tests.faults.evidence import Evidence
from tests.faults.ledger import Posting, Wanted
from tests.faults.providers import Mail, received_email
from tests.faults.scenarios.common import QUESTION, WISH, approve_all
from tests.faults.scenarios.recovery import INSTANTLY, only
from tests.faults.suite import Suite, Verdict
from tests.instantly_events import iso

REPLIES = 6  # of each kind
OPERATOR = Actor(ActorKind.PERSON, "pat")
ROUNDS = 12
QUIET_S = 20.0  # what takes longer waits for hours to pass
A_RUN_OF_MAINTENANCE_S = 90.0  # a minute, and what it takes

# What the restored rows cannot show, since the mail of a forgotten run is the outcome of no draft that is left.
JUDGED = (
    checker.one_reply_is_one_of_everything,
    checker.newer_replies_win,
    checker.rollups_are_of_the_newest_mail,
    checker.nothing_is_sent_after_a_suppression,
    checker.the_webhook_never_fails,
    checker.redriven_jobs_succeed,
)


@dataclass
class _World:
    """One workspace, and Instantly's knowledge of it."""

    suite: Suite
    workspace: TestWorkspace
    mails: list[dict[str, Any]] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)
    opted_out: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = self.suite.ledger()

    def post(self, count: int, text: str = WISH, *, auto: bool = True, lead_email: str | None = None) -> list[Posting]:
        """Posts replies, which Instantly holds as received emails and logs as delivered."""
        events = [
            self.suite.reply(
                self.workspace, text, auto=auto, lead_email=lead_email, at=datetime.now(UTC), side=INSTANTLY
            )
            for _ in range(count)
        ]
        self.mails += [received_email(event.fields) for event in events]
        self.put("/_emails", self.mails)
        postings = self.ledger.post_all([(self.workspace, event, Wanted.EITHER) for event in events])
        self._logged(postings)
        return postings

    def opt_out(self, postings: Sequence[Posting]) -> None:
        """The leads unsubscribe; their event is delivered, and Instantly keeps their status."""
        for posting in postings:
            email = posting.event.lead
            event = self.suite.unsubscription(self.workspace, email)
            self._logged([self.ledger.post(self.workspace, event, Wanted.SUPPRESSION)])
            self.opted_out[email] = datetime.now(UTC)
        statuses = [{"email": email, "status": -2, "campaign": str(uuid4())} for email in self.opted_out]
        self.put("/_leads", statuses)

    def _logged(self, postings: Sequence[Posting]) -> None:
        hook = self.workspace.webhooks[INSTANTLY.service].url
        self.log += [
            {
                "id": str(uuid4()),
                "timestamp_created": iso(datetime.now(UTC)),
                "payload": posting.event.body,
                "success": True,
                "status_code": 200,
                "webhook_url": hook,
            }
            for posting in postings
        ]
        self.put("/_webhook_events", self.log)

    def put(self, path: str, value: object) -> None:
        INSTANTLY.put(self.suite.driver, path, value)


def restored(suite: Suite) -> None:
    """With the procedure of docs/operations.md, and without anybody having noticed."""
    for procedure in (True, False):
        with only(suite, f"restored {procedure}", at=INSTANTLY) as workspace:
            _restored(suite, _World(suite, workspace), procedure=procedure)


def _restored(suite: Suite, world: _World, *, procedure: bool) -> None:
    began, workspace = time.monotonic(), world.workspace
    world.post(REPLIES)  # answered
    reviewed = world.post(2 * REPLIES, QUESTION, auto=False)  # waiting for a person
    suite.settle([workspace])
    with suite.driver.faults("openai", {"match": "/v1/responses", "delay_s": 1.0}):
        working = world.post(REPLIES)  # their jobs run at this moment
        moment, snapshot = datetime.now(UTC), _snapshot(suite)
    suite.settle([workspace])
    world.post(REPLIES)  # all of it is forgotten: reply, draft, answer
    world.opt_out([*working[:2], *reviewed[REPLIES:]])
    suite.settle([workspace])
    approve_all(suite, workspace)  # the others' answers leave
    suite.settle([workspace])
    answered = len(_mails_since(suite, moment))
    forgotten = answered + len(world.opted_out)

    with suite.outage("postgres"):
        suite.terminate_connections()
        _restore(suite, snapshot)
        _let_hours_pass(suite)
        if procedure:
            mark_restore(suite.driver.engine, [workspace.id], moment, OPERATOR, now=datetime.now(UTC))
    time.sleep(A_RUN_OF_MAINTENANCE_S * suite.scale)  # functions run on the restored data before anybody reconciles
    if procedure:
        suite.driver.wait_for("the workspace is reconciled", lambda: _reconcile(suite, workspace), 120.0)
    _settle(suite, workspace)
    # The leads write again, and a person approves whatever waits.
    for email in world.opted_out:
        world.post(1, lead_email=email)
    _settle(suite, workspace)
    suite.let_people_decide([workspace])
    _settle(suite, workspace)
    evidence = suite.evidence([workspace], world.ledger.postings)
    violations = [
        *(violation for invariant in JUDGED for violation in invariant(evidence)),
        *_nothing_twice(evidence),
        *_nobody_who_opted_out(evidence, world),
        *(_everything_is_learnt_again(evidence, world) if procedure else ()),
    ]
    if answered < 3 * REPLIES - 2:
        violations.append(Violation(0, "restored", f"only {answered} answers were forgotten: that proves little"))
    suite.retire([workspace])
    for path in ("/_emails", "/_webhook_events", "/_leads"):
        world.put(path, [])
    suite.judge(
        Verdict(
            fault=f"database restored in place, {'by the procedure' if procedure else 'unnoticed'}",
            injected=forgotten,
            replies=len({posting.reply_id for posting in world.ledger.postings if posting.reply_id}),
            seconds=time.monotonic() - began,
            notes=f"{answered} answers and {len(world.opted_out)} opt-outs forgotten",
            violations=tuple(violations),
        )
    )


# --- Backup and restore ----------------------------------------------------------------------------------------------


def _snapshot(suite: Suite) -> dict[str, bytes]:
    """Every row of every table, from one moment."""
    kept: dict[str, bytes] = {}
    with psycopg.connect(suite.driver.info["database_url"], application_name=APPLICATION_NAME) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for table in (table.name for table in read_tables(connection)):
            out = io.BytesIO()
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:  # type: ignore[arg-type]
                for chunk in copy:
                    out.write(chunk)
            kept[table] = out.getvalue()
    return kept


def _restore(suite: Suite, kept: dict[str, bytes]) -> None:
    with psycopg.connect(suite.driver.info["database_url"], application_name=APPLICATION_NAME) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"TRUNCATE {', '.join(kept)} CASCADE")  # type: ignore[arg-type]
        for table, rows in kept.items():
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:  # type: ignore[arg-type]
                copy.write(rows)


def _let_hours_pass(suite: Suite, *, since_restored: bool = False) -> None:
    """Ends every run under way: leases have ended, and maintenance misses the messages of open jobs.

    The queue's five minutes of deduplication are over, too; here only another generation gets past them.
    ``since_restored``: only for jobs that wait, since others have begun anew.
    """
    suite.driver.rows(
        "UPDATE background_job SET enqueued_at = enqueued_at - interval '4 hours', generation = generation + 1,"
        " run_at = run_at - interval '4 hours', lease_expires_at = lease_expires_at - interval '4 hours'"
        " WHERE status = 'PENDING' OR (status = 'RUNNING' AND NOT %s) RETURNING id",
        since_restored,
    )


def _settle(suite: Suite, workspace: TestWorkspace) -> None:
    """Until nothing moves: an operator runs jobs again that lost their worker, and hours pass as often as needed."""
    for _ in range(ROUNDS):
        try:
            suite.settle([workspace], QUIET_S, redrives=True)
        except AssertionError:
            _let_hours_pass(suite, since_restored=True)
            continue
        if suite.failed_jobs(workspace) == 0:
            return
        suite.requeue([workspace])
    raise AssertionError("after all these hours something still moves")


def _reconcile(suite: Suite, workspace: TestWorkspace) -> bool:
    """Runs replyctl after-restore."""
    scale = suite.scale
    key, provider = "after-restore", PROVIDERS[Provider.INSTANTLY]
    turns = StoredTurns(suite.driver.engine, provider.name, key, None)
    budget = RateBudget(turns, [limit.scaled(scale) for limit in provider.rate_limits])
    account = provider.account(key, Access(suite.driver.info["instantly_url"], budget))
    dependencies = Dependencies(
        suite.driver.engine,
        suite.driver.publisher(),
        lambda _: account,
        hash_address=suite.driver.hash_address(),
        retention={},
        time_scale=scale,
    )
    with suite.driver.engine.connect() as connection:
        waiting = [one for one in list_unreconciled(connection) if one.client_id == workspace.id]
    found = Reconciled()
    for one in waiting:
        with redirect_stdout(io.StringIO()):  # metrics
            reconcile(dependencies, one, found, lambda: 600.0)
    account.close()
    return all(one.client_id == workspace.id for one in waiting) and (found.done or not waiting)


# --- The verdict -----------------------------------------------------------------------------------------------------


def _mails_since(suite: Suite, moment: datetime) -> list[Mail]:
    return [mail for mail in INSTANTLY.mails(suite.driver) if mail.at > moment]


def _nothing_twice(evidence: Evidence) -> Iterator[Violation]:
    """2. No reply of this run is answered twice, whatever its rows have forgotten."""
    replies = {posting.event.key: posting.reply_id for posting in evidence.postings if posting.reply_id}
    for key, count in Counter(mail.answers for mail in evidence.mails).items():
        if key in replies and count > 1:
            yield Violation(2, f"reply {replies[key]}", f"{count} e-mails were sent")


def _nobody_who_opted_out(evidence: Evidence, world: _World) -> Iterator[Violation]:
    """5. Nobody is mailed after an opt-out, also one that our rows have forgotten."""
    leads = {posting.event.key: posting.event.lead for posting in evidence.postings if posting.reply_id}
    for mail in evidence.mails:
        opted_out = world.opted_out.get(leads.get(mail.answers, ""))
        if opted_out is not None and mail.at > opted_out + timedelta(seconds=1):
            yield Violation(5, f"lead of mail {mail.id}", "was mailed after it had opted out")


def _everything_is_learnt_again(evidence: Evidence, world: _World) -> Iterator[Violation]:
    """1. By the procedure every reply, answer and opt-out since has its row again, and nothing is left paused."""
    yield from checker.taken_events_are_processed(evidence)
    known = {row["provider_message_id"] for row in evidence.rows("message")}
    keys = {posting.event.key for posting in evidence.postings if posting.reply_id}
    for mail in evidence.mails:
        if mail.answers in keys and mail.id not in known:
            yield Violation(1, f"mail {mail.id}", "was sent, and there is no row of it")
    for draft in evidence.rows("draft"):
        if draft["status"] in (*checker.OPEN_DRAFTS, "SENDING", "SEND_UNCERTAIN"):
            yield Violation(6, f"draft {draft['id']}", f"is {draft['status']} in the end")
    for pause in world.suite.driver.rows("SELECT what FROM pause WHERE lifted_at IS NULL"):
        yield Violation(6, "pause", f"{pause['what']} is still paused")
