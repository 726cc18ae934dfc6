"""The providers' hooks away: the events that they have not brought are recovered."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.db.clients import disable_client, enable_client
from shared.domain.vocabulary import Provider
from tests.e2e.driver import Answer, TestWorkspace
from tests.faults.checker import Violation
from tests.faults.ledger import Ledger, Posting, Wanted
from tests.faults.providers import SIDES, FaultEvent, ProviderSide
from tests.faults.scenarios.common import OPT_OUT, REFUSAL, ROUNDS, WISH, not_struck
from tests.faults.suite import Suite

# Stands for the provider's holding the reply: from then on it must not be lost.
MISSED = Answer(202, {"status": "missed"}, 0.0, 0.0)
OLD_ENOUGH_S = 10.0  # mail that is younger than 6 s, scaled as all is, is left to the hook
INSTANTLY = SIDES[Provider.INSTANTLY]


@dataclass
class Missed:
    """Replies that the providers' hooks have not brought: as received emails, as failed deliveries, as both.

    A reply of ``delivered`` is brought by the hook after all, while it is being recovered or later.
    """

    suite: Suite
    workspace: TestWorkspace
    ledger: Ledger
    received: list[FaultEvent] = field(default_factory=list)
    failed: list[FaultEvent] = field(default_factory=list)
    delivered: list[Posting] = field(default_factory=list)

    def add(self, count: int = 6) -> None:
        """The providers hold ``count`` more, in turn in the one place, in the other and in both."""
        chance = self.suite.random
        for _ in range(count):
            number = len(self.ledger.postings) // len(SIDES)
            text, wanted = chance.choice(
                [(WISH, Wanted.SEND), (WISH, Wanted.SEND), (REFUSAL, Wanted.NO_DRAFT), (OPT_OUT, Wanted.SUPPRESSION)]
            )
            written_at = datetime.now(UTC) - timedelta(seconds=OLD_ENOUGH_S)
            event = self.suite.reply(self.workspace, text, at=written_at)
            posting = Posting(self.workspace, event, wanted, answers=[MISSED])
            self.ledger.postings.append(posting)
            if number % 3 != 1:
                self.received.append(event)
            if number % 3 != 0:
                self.failed.append(event)
            if chance.random() < 0.3:
                self.delivered.append(posting)
        messages = self.suite.driver.rows(
            "SELECT provider_message_id AS id FROM message WHERE client_id = %s", self.workspace.id
        )
        known = {row["id"] for row in messages}
        self.failed = [event for event in self.failed if event.reply_id not in known]
        self._hold()

    def _hold(self) -> None:
        for side in SIDES.values():
            side.hold(
                self.suite.driver,
                [event.fields for event in self.received if event.side is side],
                [(self.workspace, event.fields) for event in self.failed if event.side is side],
            )

    def forget(self) -> None:
        self.received, self.failed = [], []
        self._hold()

    def recover(self) -> bool:
        """Runs the recovery once, like the schedule; True when it did everything that there was to do.

        The schedule's runs are minutes apart and find the limits free again.
        """
        self.suite.give_key(self.workspace)
        run = self.suite.driver.control("POST", "/functions/maintenance/invoke", {"task": "recover"})
        return not run["failed"] and run["answer"]["workspaces"] == len(SIDES)


def hook_away(suite: Suite) -> None:
    """Replies that no hook brought are recovered: while their listings fail, at every kill, two runs at once."""
    began = time.monotonic()
    with only(suite, "hook away") as workspace:
        missed = Missed(suite, workspace, suite.ledger())
        hook = workspace.webhooks[INSTANTLY.service].url
        INSTANTLY.put(suite.driver, "/_webhooks", [{"id": "disabled", "target_hook_url": hook, "status": -1}])
        injected = _fail_listings(missed)
        missed.recover()  # what is left of that would be recorded as further points

        missed.add()
        with suite.points.recording():
            missed.recover()
        # A delivery after the second is like the second.
        keys = [
            key
            for key in suite.points.seen()
            if key.startswith("maintenance recover") and not re.search("#([3-9]|[0-9]{2})", key)
        ]
        suite.points.arm(keys)
        for _ in range(2 * len(keys)):
            if not suite.points.armed(keys):
                break
            missed.add()
            missed.recover()
        struck = suite.points.disarm(keys)

        for _ in range(ROUNDS):
            missed.add(6)
            with ThreadPoolExecutor(3) as pool:
                running = [pool.submit(missed.recover) for _ in range(2)]
                bringing = pool.submit(lambda: [missed.ledger.deliver(posting) for posting in missed.delivered])
                time.sleep(suite.random.uniform(0.0, 0.4))
                injected += suite.kill_busy("maintenance")
            for each in (bringing, *running):
                each.result()
            missed.delivered.clear()
        suite.driver.wait_for("a run of the recovery in which nothing fails", missed.recover)
        silent = [side.title for side in SIDES.values() if not side.is_delivering(suite.driver)]
        suite.conclude(
            "the providers' hooks away: recovery",
            injected + len(struck),
            [workspace],
            missed.ledger,
            began,
            more=lambda _: itertools.chain(not_struck(set(keys).difference(struck)), _not_resumed(silent)),
            notes=f"{len(keys)} points",
        )
        missed.forget()
        INSTANTLY.put(suite.driver, "/_webhooks", [])


def _fail_listings(missed: Missed) -> int:
    """Every listing of the recovery in every way, one run each; what it could not read is there for the next."""
    applied = 0
    places = [(side.service, place) for side in SIDES.values() for place in side.RECOVERING]
    for service, place in places:
        for rule in (
            {"status": 429, "headers": {"Retry-After": "1"}},
            {"status": 500},
            {"status": 403},
            {"drop": True},
            {"body": '{"items": ['},
        ):
            missed.add(2)
            with missed.suite.driver.faults(service, {**place, "count": 1, **rule}):
                missed.recover()
                applied += missed.suite.driver.faults_applied(service)
    return applied


def _not_resumed(silent: Iterable[str]) -> Iterator[Violation]:
    for title in silent:
        yield Violation(1, f"hook at {title}", "is still disabled: nothing will come through it")


@contextmanager
def only(suite: Suite, name: str, *, at: ProviderSide | None = None) -> Iterator[TestWorkspace]:
    """A workspace, and no other enabled: all share one mailbox in a sandbox, and each would recover its mail.

    ``at``: the one provider that it is connected with; None: all.
    """
    others = [row["id"] for row in suite.driver.rows("SELECT id FROM client WHERE disabled_at IS NULL")]
    with suite.driver.engine.begin() as connection:
        for other in others:
            disable_client(connection, other, at=datetime.now(UTC))
    try:
        workspace = suite.workspace(name)
        if at is not None:
            suite.disconnect(workspace, but=at)
        yield workspace
    finally:
        with suite.driver.engine.begin() as connection:
            for other in others:
                enable_client(connection, other)
