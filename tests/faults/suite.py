"""One run of the fault suite: the stack, what has been injected, and the verdict after each scenario."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from rich.console import Console

from infra.topology import scaled
from local.workspace import load_identity
from shared.db.clients import disable_client
from shared.pipelines.interventions import InterventionRefusedError, resolve_send
from shared.pipelines.review_drafts import ReviewRefusedError, approve_draft
from tests.e2e.driver import APPLICATION_NAME, Driver, TestWorkspace
from tests.faults.checker import POST_PROCESS, Violation, check, count_late, count_unsent, logs_hold_no_secret
from tests.faults.evidence import Evidence, load_tables, thread_of
from tests.faults.ledger import Ledger, Posting
from tests.faults.points import FaultPointControl

SETTLE_S = 900.0  # a bound: after many outages of Postgres a message is at its longest backoff
REDRIVES = 4
REDRIVE_PAUSE_S = 10.0
LATE_S = 60.0
MARKER = "periwinkle lighthouse"  # in every body that is posted: what the logs are searched for


@dataclass(frozen=True)
class Verdict:
    """One line of the table."""

    fault: str
    injected: int
    replies: int
    lost: int
    doubled: int
    unsent: int
    late: int
    p50_s: float
    seconds: float
    notes: str
    violations: tuple[Violation, ...]


@dataclass
class Suite:
    """``scale`` is the topology's time scale; ``random`` the only source of chance, seeded."""

    driver: Driver
    points: FaultPointControl
    random: random.Random
    scale: float
    console: Console
    verdicts: list[Verdict] = field(default_factory=list)

    def ledger(self) -> Ledger:
        return Ledger(self.driver)

    def timeout_s(self, function: str) -> float:
        """A function's time-out in this run's topology, in seconds."""
        return scaled(self.scale).function(function).timeout_s

    # ── Breaking ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def set_proxy(self, name: str, mode: str) -> None:
        self.driver.control("PUT", f"/proxies/{name}", {"mode": mode})

    def cut(self, name: str) -> int:
        return int(self.driver.control("POST", f"/proxies/{name}/cut")["cut"])

    def terminate_connections(self) -> int:
        """What a restart of Postgres does to its clients: every connection ends, in the middle of whatever it does."""
        ended = self.driver.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name <> %s AND backend_type = 'client backend'",
            APPLICATION_NAME,
        )
        return len(ended)

    def crash_postgres(self) -> int:
        """kill -9 of one backend: the server ends all others, recovers from its log and comes back."""
        victim = self.driver.rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s"
            " AND backend_type = 'client backend' LIMIT 1",
            APPLICATION_NAME,
        )
        if not victim:
            return 0
        os.kill(victim[0]["pid"], signal.SIGKILL)
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
        for service in ("openai", "instantly"):
            self.driver.set_faults(service, [])
        for name in ("postgres", "sqs"):
            self.set_proxy(name, "pass")

    # ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def settle(
        self, workspaces: Sequence[TestWorkspace], timeout_s: float = SETTLE_S, *, redrives: bool = False
    ) -> None:
        """Returns when nothing moves any more: no event is parked, no job is open, every send is settled that can be.

        A failed job may still be on its way to its dead-letter queue, or come back by itself: only redriving tells.
        ``redrives``: dead letters are redriven meanwhile. A message whose ten receives all fell into an outage of
        Postgres is one, and its job is as open as before.
        """
        last_redrive = time.monotonic()

        def is_settled() -> bool:
            nonlocal last_redrive
            if redrives and time.monotonic() - last_redrive > REDRIVE_PAUSE_S:
                self.driver.redrive()
                last_redrive = time.monotonic()
            return (
                self.driver.queue_depth("ingest.fifo") == 0
                and self.driver.open_jobs(*workspaces) == 0
                and not self._moving_sends(workspaces)
            )

        self.driver.wait_for("everything has settled", is_settled, timeout_s)

    def _moving_sends(self, workspaces: Sequence[TestWorkspace]) -> bool:
        """Sends that maintenance will still move: INTENDED without a worker, UNCERTAIN with its mail in the thread."""
        sends = self.driver.rows(
            "SELECT sending.status, message.provider_message_id FROM outbound_send AS sending"
            " JOIN draft ON draft.id = sending.draft_id JOIN message ON message.id = draft.trigger_message_id"
            " WHERE sending.client_id = ANY(%s) AND sending.status IN ('INTENDED', 'UNCERTAIN')",
            [workspace.id for workspace in workspaces],
        )
        if not sends:
            return False
        threads = {mail["thread_id"] for mail in self.driver.sent_mails()}
        return any(send["status"] == "INTENDED" or thread_of(send["provider_message_id"]) in threads for send in sends)

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
            moved += self.driver.redrive()
            with contextlib.suppress(AssertionError):
                self.driver.wait_for(
                    "the redriven messages have run",
                    lambda: not any(self.driver.dead_letters().values()) and self._failed(workspaces) == 0,
                    60.0,
                )
            self.settle(workspaces, redrives=True)
        return moved

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
                    resolve_send(self.driver.engine, draft["id"], sent=False, by="pat")
            with contextlib.suppress(ReviewRefusedError):
                approve_draft(self.driver.engine, publisher, draft["id"], by="pat")
            decided += 1
        return decided

    # ── The verdict ──────────────────────────────────────────────────────────────────────────────────────────────────

    def evidence(self, workspaces: Sequence[TestWorkspace], postings: Sequence[Posting]) -> Evidence:
        return Evidence(
            postings=postings,
            tables=load_tables(self.driver.info["database_url"], [workspace.id for workspace in workspaces]),
            mails=self.driver.sent_mails(),
            blocked=frozenset(self._blocked()),
            dead_letters=self.driver.dead_letters(),
        )

    def _blocked(self) -> Iterator[str]:
        page: dict[str, Any] = {}
        while True:
            query = {"limit": "100"} | ({"starting_after": page["next_starting_after"]} if page else {})
            answer = self.driver.http.get(
                f"{self.driver.info['instantly_url']}/api/v2/block-lists-entries",
                params=query,
                headers={"Authorization": "Bearer checker"},
            )
            if answer.status_code == 429:
                time.sleep(0.2)
                continue
            page = answer.json()
            yield from (item["bl_value"] for item in page["items"])
            if not page.get("next_starting_after"):
                return

    def conclude(
        self,
        fault: str,
        injected: int,
        workspaces: Sequence[TestWorkspace],
        ledger: Ledger,
        began: float,
        *,
        more: Callable[[Evidence], Iterator[Violation]] = lambda _: iter(()),
        notes: str = "",
    ) -> Verdict:
        """Removes every cause, waits, redrives, lets people decide, and judges what is there then."""
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
        self._retire(workspaces)
        violations = [*check(after), *more(after)]
        verdict = Verdict(
            fault=fault,
            injected=injected,
            replies=len({posting.email_id for posting in ledger.postings if posting.email_id}),
            lost=len({violation.subject for violation in violations if violation.invariant == 1}),
            doubled=len({violation.subject for violation in violations if violation.invariant == 2}),
            unsent=unsent,
            late=late,
            p50_s=median_latency_s(after),
            seconds=time.monotonic() - began,
            notes=notes,
            violations=tuple(violations),
        )
        self.verdicts.append(verdict)
        self._say(verdict)
        return verdict

    def _retire(self, workspaces: Sequence[TestWorkspace]) -> None:
        """All workspaces share one key of the sandbox, and with it Instantly's limits: the done ones ask no more."""
        with self.driver.engine.begin() as connection:
            for workspace in workspaces:
                disable_client(connection, workspace.id, at=datetime.now(UTC))

    def scan_logs(self) -> list[Violation]:
        """Invariant 9 over everything that the functions and the stack have logged."""
        secrets = [load_identity(self.driver.state_dir).signing_key, str(self.driver.info["client"]["token"])]
        texts = [MARKER, "Jordan Blake", "calendar.example.com"]
        return list(logs_hold_no_secret(self.driver.log_dir, secrets, texts))

    def _say(self, verdict: Verdict) -> None:
        mark = "[green]ok[/]" if not verdict.violations else f"[red]{len(verdict.violations)} broken[/]"
        self.console.print(
            f"{mark}  {verdict.fault}: {verdict.injected} injected, {verdict.replies} replies, {verdict.seconds:.0f} s"
            f"{', ' + verdict.notes if verdict.notes else ''}"
        )
        for violation in verdict.violations[:20]:
            self.console.print(f"    {violation}", markup=False, highlight=False)


def median_latency_s(evidence: Evidence) -> float:
    """The median time from a reply's arrival to the end of its post-processing, in seconds."""
    received = {row["id"]: row["received_at"] for row in evidence.rows("message")}
    took = [
        (job["finished_at"] - received[job["message_id"]]).total_seconds()
        for job in evidence.rows("background_job")
        if job["type"] == POST_PROCESS and job["finished_at"] is not None and job["message_id"] in received
    ]
    return statistics.median(took) if took else 0.0
