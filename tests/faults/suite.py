"""One run of the fault suite: the stack, the injected faults, and the verdict after each scenario."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from botocore.exceptions import ClientError
from rich.console import Console
from rich.traceback import Traceback
from sqlalchemy import text

from infra.topology import scaled
from local.workspace import load_identity
from shared.db.clients import disable_client
from shared.domain.actor import Actor
from shared.domain.sent_match import EARLIEST
from shared.domain.vocabulary import Provider
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.requeue_jobs import requeue_jobs
from shared.pipelines.people.resolve_send import resolve_send
from shared.pipelines.people.review_drafts import ReviewRefusedError, approve_draft
from tests.e2e.driver import APPLICATION_NAME, INTERESTED, Driver, TestWorkspace
from tests.faults.checker import (
    FAIR_FAILURES,
    POST_PROCESS,
    Violation,
    check,
    count_late,
    count_unsent,
    jobs_fail_only_for_what_was_broken,
    logs_hold_no_secret,
)
from tests.faults.evidence import Evidence, is_of, load_tables
from tests.faults.ledger import Ledger, Posting
from tests.faults.points import FaultPointControl
from tests.faults.providers import SIDES, FaultEvent, Mail, ProviderSide, Rule

SETTLE_S = 900.0  # a bound: after many outages of Postgres a message is at its longest backoff
SETTLE_POLL_S = 0.4  # each look costs the stack under test some work
FRESH_KEYS_S = 4.0
REDRIVES = 4
REDRIVE_PAUSE_S = 10.0
LATE_S = 60.0
CREDENTIAL = "key-of-the-fault-suite"  # the beginning of each account's: no log line may hold it
MARKER = "periwinkle lighthouse"  # in every body that is posted: what the logs are searched for


@dataclass(frozen=True)
class Verdict:
    """One line of the table."""

    fault: str
    injected: int = 0
    replies: int = 0
    unsent: int = 0
    late: int = 0
    p50_s: float = 0.0
    seconds: float = 0.0
    notes: str = ""
    violations: tuple[Violation, ...] = ()
    scenario: str = ""

    @property
    def lost(self) -> int:
        return self._subjects_of(1)

    @property
    def doubled(self) -> int:
        return self._subjects_of(2)

    def _subjects_of(self, invariant: int) -> int:
        return len({violation.subject for violation in self.violations if violation.invariant == invariant})


@dataclass
class Suite:
    """``scale`` is the topology's time scale; ``random`` a scenario's only source of chance, made from ``seed``."""

    driver: Driver
    points: FaultPointControl
    seed: int
    scale: float
    console: Console
    verdicts: list[Verdict] = field(default_factory=list)
    random: random.Random = field(default_factory=random.Random)
    workspaces: list[TestWorkspace] = field(default_factory=list)  # of the scenarios that are judged
    ledgers: list[Ledger] = field(default_factory=list)
    scenario: str = ""  # the one that runs
    _turns: Iterator[ProviderSide] = field(default_factory=lambda: itertools.cycle(SIDES.values()))
    _sides: dict[str, ProviderSide] = field(default_factory=dict)  # by lead: the provider that it writes through
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: dict[UUID, str] = field(default_factory=dict)  # by job: why it had failed for good, before any redrive

    def run(self, name: str, scenario: Callable[[Suite], None]) -> None:
        """One scenario with chances of its own; what it raises is its verdict, and the next one starts healed."""
        self.random, self.scenario = self.chances(name), name
        self._turns = itertools.cycle(SIDES.values())
        began = time.monotonic()
        try:
            scenario(self)
        except Exception as error:
            self.console.print(Traceback(show_locals=False, max_frames=6))
            self.judge(
                Verdict(
                    fault=f"{name}: {type(error).__name__}",
                    seconds=time.monotonic() - began,
                    violations=(Violation(0, name, f"the scenario did not come to its end: {error}"),),
                )
            )
            self.points.disarm_all()
            self.heal()

    def chances(self, name: str) -> random.Random:
        """Returns the choices of one scenario or one fault: they do not depend on the number of earlier ones."""
        return random.Random(f"{self.seed}/{name}")  # noqa: S311 (to be repeated, not to be secret)

    def ledger(self) -> Ledger:
        return Ledger(self.driver)

    # ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def workspace(self, name: str, **settings: object) -> TestWorkspace:
        """Makes a workspace with a key of its own at each provider, and with it limits of its own."""
        workspace = self.driver.workspace(name, **settings)
        self.give_key(workspace)
        return workspace

    def give_key(self, workspace: TestWorkspace) -> None:
        """Gives a workspace another key at each provider: nothing of its limits is used up."""
        with self.driver.engine.begin() as connection:
            connection.execute(
                text("UPDATE provider_account SET credential_ref = :key WHERE client_id = :client"),
                {"key": f"{CREDENTIAL}-{uuid4().hex}", "client": workspace.id},
            )

    def disconnect(self, workspace: TestWorkspace, *, but: ProviderSide) -> None:
        """Leaves a workspace with its account at one provider."""
        with self.driver.engine.begin() as connection:
            connection.execute(
                text("UPDATE provider_account SET disabled_at = now() WHERE client_id = :client AND provider <> :kept"),
                {"client": workspace.id, "kept": but.name.value},
            )

    def reply(
        self,
        workspace: TestWorkspace,
        words: str = INTERESTED,
        *,
        auto: bool = True,
        lead_email: str | None = None,
        at: datetime | None = None,
        side: ProviderSide | None = None,
    ) -> FaultEvent:
        """Makes a reply: each new lead's through the next provider in turn, or through ``side``.

        A lead stays with its provider, since the same words through another one are the same reply.
        """
        with self._lock:
            email = lead_email or f"pat.{uuid4().hex[:12]}@acme.test"
            chosen = side or self._sides.get(email) or next(self._turns)
            self._sides.setdefault(email, chosen)
        written_at = at or datetime.now(UTC) - timedelta(seconds=2)
        event = FaultEvent(chosen, chosen.reply(workspace, words, email, written_at, auto=auto))
        chosen.meet(self.driver, event.fields)
        return event

    def unsubscription(self, workspace: TestWorkspace, lead_email: str) -> FaultEvent:
        side = self._sides[lead_email]
        return FaultEvent(side, side.unsubscription(workspace, lead_email))

    def timeout_s(self, function: str) -> float:
        """Returns a function's time-out in this run's topology, in seconds."""
        return scaled(self.scale).function(function).timeout_s

    # ── Breaking ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def set_proxy(self, name: str, mode: str) -> None:
        self.driver.control("PUT", f"/proxies/{name}", {"mode": mode})

    def cut(self, name: str) -> int:
        return int(self.driver.control("POST", f"/proxies/{name}/cut")["cut"])

    def terminate_connections(self) -> int:
        """Ends every connection, in the middle of whatever it does, as a restart of Postgres does."""
        ended = self.driver.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name <> %s AND backend_type = 'client backend'",
            APPLICATION_NAME,
        )
        return len(ended)

    def crash_postgres(self) -> int:
        """kill -9 of one backend: the server ends all others, recovers from its log and comes back."""
        while True:
            victim = self.driver.rows(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s"
                " AND backend_type = 'client backend' ORDER BY random() LIMIT 1",
                APPLICATION_NAME,
            )
            with contextlib.suppress(ProcessLookupError, IndexError):  # none at the moment, or gone meanwhile
                os.kill(victim[0]["pid"], signal.SIGKILL)
                break
            time.sleep(0.05)
        self.driver.engine.dispose()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg.OperationalError):
                self.driver.rows("SELECT 1")
                return 1
            time.sleep(0.05)
        raise AssertionError("Postgres did not come back within a minute")

    def restart_postgres(self, away_s: float) -> int:
        """Stops the server itself, as an operator would, and starts it again ``away_s`` seconds later."""
        self.driver.control("POST", "/servers/postgres/restart", {"away_s": away_s})
        self.driver.engine.dispose()
        return 1

    def kill_busy(self, function: str) -> int:
        return len(self.driver.control("POST", f"/functions/{function}/kill?busy=1")["killed"])

    @contextmanager
    def outage(self, *names: str, mode: str = "refuse") -> Iterator[None]:
        """Postgres, SQS or both away."""
        for name in names:
            self.set_proxy(name, mode)
        try:
            yield
        finally:
            for name in names:
                self.set_proxy(name, "pass")

    def heal(self) -> None:
        """Every cause is gone; what was armed in the background stays armed."""
        self.set_rules(())
        for name in ("postgres", "sqs", "s3"):
            self.set_proxy(name, "pass")

    def set_rules(self, rules: Sequence[tuple[str, Rule]]) -> None:
        """Sets the fault rules of all sandboxes; each comes with the name of its own."""
        for service in ("openai", *(side.service for side in SIDES.values())):
            self.driver.set_faults(service, [rule for of, rule in rules if of == service])

    @contextmanager
    def slow(self, *, model_s: float, providers_s: float) -> Iterator[None]:
        """The model and all providers take their time."""
        with ExitStack() as stack:
            stack.enter_context(self.driver.faults("openai", {"match": "/v1/responses", "delay_s": model_s}))
            for side in SIDES.values():
                stack.enter_context(self.driver.faults(side.service, {"match": side.api, "delay_s": providers_s}))
            yield

    def mails(self) -> list[Mail]:
        """Returns every email that has left, through whichever provider."""
        return [mail for side in SIDES.values() for mail in side.mails(self.driver)]

    # ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def settle(
        self,
        workspaces: Sequence[TestWorkspace],
        timeout_s: float = SETTLE_S,
        *,
        redrives: bool = False,
        fresh_keys: bool = False,
    ) -> None:
        """Returns when nothing moves any more: no event is parked, no job is open, every send is settled that can be.

        A failed job may still be on its way to its dead-letter queue, or come back by itself: only redriving tells.
        ``redrives``: dead letters are redriven meanwhile. A message whose ten receives all fell into an outage of
        Postgres is one, and its job is as open as before.
        ``fresh_keys``: the workspaces get other keys all the while, where limits are not what it is about: SmartLead's
        smallest plan, which is the only one that is sure, leaves a hundred replies an hour.
        """
        last_redrive = last_keys = time.monotonic()

        def is_settled() -> bool:
            nonlocal last_redrive, last_keys
            if fresh_keys and time.monotonic() - last_keys > FRESH_KEYS_S:
                for workspace in workspaces:
                    self.give_key(workspace)
                last_keys = time.monotonic()
            if redrives and time.monotonic() - last_redrive > REDRIVE_PAUSE_S:
                self._redrive(workspaces)
                last_redrive = time.monotonic()
            return (
                self.driver.queue_depth("ingest.fifo") == 0
                and self.driver.open_jobs(*workspaces) == 0
                and not self._moving_sends(workspaces)
                and not self._due_promises(workspaces)
            )

        self.driver.wait_for("everything has settled", is_settled, timeout_s, poll_s=SETTLE_POLL_S)

    def _moving_sends(self, workspaces: Sequence[TestWorkspace]) -> bool:
        """True while maintenance moves a send: INTENDED without a worker, UNCERTAIN with its email in its thread."""
        sends = self.driver.rows(
            "SELECT sending.status, sending.intended_at, draft.body, account.provider, message.provider_message_id,"
            " message.reply_handle FROM outbound_send AS sending"
            " JOIN draft ON draft.id = sending.draft_id JOIN message ON message.id = draft.trigger_message_id"
            " JOIN provider_account AS account ON account.id = message.provider_account_id"
            " WHERE sending.client_id = ANY(%s) AND sending.status IN ('INTENDED', 'UNCERTAIN')",
            [workspace.id for workspace in workspaces],
        )
        if not sends:
            return False
        mails = self.mails()
        return any(send["status"] == "INTENDED" or _can_be_found(send, mails) for send in sends)

    def _due_promises(self, workspaces: Sequence[TestWorkspace]) -> bool:
        """True while maintenance has to take up a promise to write again whose day has come."""
        return bool(
            self.driver.rows(
                "SELECT 1 FROM commitment WHERE client_id = ANY(%s) AND status = 'OPEN' AND kind = 'WRITE_LATER'"
                " AND due_at <= now() AND NOT EXISTS (SELECT 1 FROM background_job AS job WHERE job.dedupe_key ="
                " concat_ws(':', commitment.client_id, commitment.id, 'COMMITMENT_DUE')) LIMIT 1",
                [workspace.id for workspace in workspaces],
            )
        )

    def _redrive(self, workspaces: Sequence[TestWorkspace]) -> int:
        """Redrives as an operator would, and remembers why the jobs had failed: succeeding forgets it."""
        failed = self.driver.rows(
            "SELECT id, last_error FROM background_job WHERE client_id = ANY(%s) AND status = 'FAILED'",
            [workspace.id for workspace in workspaces],
        )
        self._failures.update({job["id"]: str(job["last_error"]) for job in failed})
        with contextlib.suppress(ClientError):  # the last one is still moving
            return self.driver.redrive()
        return 0

    def redrive_failed(self, workspaces: Sequence[TestWorkspace]) -> int:
        """Redrives until no job is FAILED, as an operator would; returns how many messages that took."""
        moved = 0
        for _ in range(REDRIVES):
            failed = self._failed(workspaces)
            if not failed and not any(self.driver.dead_letters().values()):
                return moved
            with contextlib.suppress(AssertionError):  # what does not come is what the verdict is about
                self.driver.wait_for(
                    "the failed jobs' messages in the dead-letter queues",
                    lambda: sum(self.driver.dead_letters().values()) >= self._failed(workspaces),
                    60.0,
                )
            redriven = self._redrive(workspaces)
            if not redriven and not any(self.driver.dead_letters().values()):
                self.requeue(workspaces)  # never besides a redrive, which has to do by itself
            moved += redriven
            with contextlib.suppress(AssertionError):
                self.driver.wait_for(
                    "the redriven messages have run",
                    lambda: not any(self.driver.dead_letters().values()) and self._failed(workspaces) == 0,
                    60.0,
                )
            self.settle(workspaces, redrives=True)
        return moved

    def requeue(self, workspaces: Sequence[TestWorkspace]) -> None:
        """Runs failed jobs without a dead letter again, as an operator does: their worker and message were lost."""
        for job in self.driver.rows(
            "SELECT id FROM background_job WHERE client_id = ANY(%s) AND status = 'FAILED'",
            [workspace.id for workspace in workspaces],
        ):
            with contextlib.suppress(InterventionRefusedError):  # its message has come after all
                requeue_jobs(self.driver.engine, self.driver.publisher(), [job["id"]])

    def failed_jobs(self, workspace: TestWorkspace) -> int:
        return self._failed([workspace])

    def _failed(self, workspaces: Sequence[TestWorkspace]) -> int:
        found = self.driver.one(
            "SELECT count(*) AS failed FROM background_job WHERE client_id = ANY(%s) AND status = 'FAILED'",
            [workspace.id for workspace in workspaces],
        )
        return int(found["failed"])

    def let_people_decide(self, workspaces: Sequence[TestWorkspace]) -> int:
        """A person ends every uncertain send and approves what waits: nothing is in a state that nobody can leave."""
        decided = 0
        drafts = self.driver.rows(
            "SELECT id, status FROM draft WHERE client_id = ANY(%s) AND status IN ('SEND_UNCERTAIN', 'NEEDS_REVIEW')",
            [workspace.id for workspace in workspaces],
        )
        publisher = self.driver.publisher()
        for draft in drafts:
            if draft["status"] == "SEND_UNCERTAIN":  # its mail is not in the thread, or it would have been settled
                with contextlib.suppress(InterventionRefusedError):
                    resolve_send(self.driver.engine, draft["id"], sent=False, by=Actor.person("pat"))
            with contextlib.suppress(ReviewRefusedError):
                approve_draft(self.driver.engine, publisher, draft["id"], by=Actor.person("pat"))
            decided += 1
        return decided

    # ── The verdict ──────────────────────────────────────────────────────────────────────────────────────────────────

    def evidence(self, workspaces: Sequence[TestWorkspace], postings: Sequence[Posting]) -> Evidence:
        return Evidence(
            postings=postings,
            tables=load_tables(self.driver.info["database_url"], [workspace.id for workspace in workspaces]),
            records={name: side.record(self.driver) for name, side in SIDES.items()},
            dead_letters=self.driver.dead_letters(),
            failures=self._failures,
        )

    def conclude(
        self,
        fault: str,
        injected: int,
        workspaces: Sequence[TestWorkspace],
        ledger: Ledger,
        began: float,
        *,
        at_least: int = 1,
        fair_failures: Sequence[str] = FAIR_FAILURES,
        more: Callable[[Evidence], Iterator[Violation]] = lambda _: iter(()),
        notes: str = "",
    ) -> Verdict:
        """Removes every cause, waits, redrives, lets people decide, and judges what is there then.

        ``at_least`` so many faults must have struck, or the scenario proves nothing. ``fair_failures`` is how the
        reasons begin for which jobs may have needed a redrive.
        """
        self.heal()
        ledger.deliver_missed()
        self.settle(workspaces, redrives=True)
        self.redrive_failed(workspaces)
        before = self.evidence(workspaces, ledger.postings)
        unsent, late = count_unsent(before), count_late(before, LATE_S)
        if self.let_people_decide(workspaces):
            self.settle(workspaces, redrives=True)
            self.redrive_failed(workspaces)
        after = self.evidence(workspaces, ledger.postings)
        self.retire(workspaces)
        self.workspaces += workspaces
        self.ledgers.append(ledger)
        violations = [*check(after), *jobs_fail_only_for_what_was_broken(after, fair_failures), *more(after)]
        if injected < at_least:
            violations.append(Violation(0, fault, f"{injected} faults struck: that proves nothing"))
        self._failures.clear()
        return self.judge(
            Verdict(
                fault=fault,
                injected=injected,
                replies=len({posting.reply_id for posting in ledger.postings if posting.reply_id}),
                unsent=unsent,
                late=late,
                p50_s=median_latency_s(after),
                seconds=time.monotonic() - began,
                notes=notes,
                violations=tuple(violations),
            )
        )

    def conclude_everything(self) -> Verdict:
        """Checks all of it once more, at the very end: a second email may have left after its scenario's verdict."""
        began, self.scenario = time.monotonic(), "everything, at the end"
        postings = [posting for ledger in self.ledgers for posting in ledger.postings]
        evidence = self.evidence(self.workspaces, postings)
        return self.judge(
            Verdict(
                fault="all scenarios once more, at the end",
                seconds=time.monotonic() - began,
                notes=f"{len(evidence.rows('message'))} messages, {len(evidence.mails)} e-mails sent",
                violations=tuple(check(evidence)),
            )
        )

    def judge(self, verdict: Verdict) -> Verdict:
        """Puts a verdict into the table, and says it."""
        verdict = replace(verdict, scenario=self.scenario)
        self.verdicts.append(verdict)
        self._say(verdict)
        return verdict

    def retire(self, workspaces: Sequence[TestWorkspace]) -> None:
        """The done ones ask for nothing more: one that goes on would take time from those that are judged."""
        with self.driver.engine.begin() as connection:
            for workspace in workspaces:
                disable_client(connection, workspace.id, at=datetime.now(UTC))

    def scan_logs(self) -> list[Violation]:
        """Invariant 9 over everything that functions, servers and the stack have logged."""
        secrets = [
            load_identity(self.driver.state_dir).signing_key,
            str(self.driver.info["client"]["token"]),
            CREDENTIAL,
        ]
        texts = [MARKER, "Jordan Blake", "calendar.example.com"]
        return list(logs_hold_no_secret(self.driver.state_dir, secrets, texts))

    def _say(self, verdict: Verdict) -> None:
        mark = "[green]ok[/]" if not verdict.violations else f"[red]{len(verdict.violations)} broken[/]"
        self.console.print(
            f"{mark}  {verdict.fault}: {verdict.injected} injected, {verdict.replies} replies, {verdict.seconds:.0f} s"
            f"{', ' + verdict.notes if verdict.notes else ''}"
        )
        for violation in verdict.violations[:20]:
            self.console.print(f"    {violation}", markup=False, highlight=False)


def _can_be_found(send: dict[str, Any], mails: Sequence[Mail]) -> bool:
    """Says whether the provider shows an uncertain send's email so that no other can be meant."""
    side = SIDES[Provider(send["provider"])]
    key = side.key_of(send["provider_message_id"], send["reply_handle"] or {})
    left = [mail for mail in mails if mail.answers == key]
    since = send["intended_at"] + EARLIEST
    return any(
        sum(other.thread == mail.thread and other.at >= since and is_of(other, send) for other in mails) == 1
        for mail in left
    )


def median_latency_s(evidence: Evidence) -> float:
    """Returns the median time from a reply's arrival to the end of its post-processing, in seconds."""
    received = {row["id"]: row["received_at"] for row in evidence.rows("message")}
    took = [
        (job["finished_at"] - received[job["message_id"]]).total_seconds()
        for job in evidence.rows("background_job")
        if job["type"] in POST_PROCESS and job["finished_at"] is not None and job["message_id"] in received
    ]
    return statistics.median(took) if took else 0.0
