"""Instantly's hook away: the events that it has not brought are recovered."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.db.clients import disable_client, enable_client
from tests.e2e.driver import Answer, TestWorkspace
from tests.faults.checker import Violation
from tests.faults.ledger import Ledger, Posting, Wanted
from tests.faults.scenarios.common import OPT_OUT, REFUSAL, ROUNDS, WISH, not_struck
from tests.faults.suite import Suite
from tests.instantly_events import body_of, iso

# Stands for Instantly's holding the reply: from then on it must not be lost.
MISSED = Answer(202, {"status": "missed"}, 0.0, 0.0)
OLD_ENOUGH_S = 10.0  # mail that is younger than 6 s, scaled as all is, is left to the hook
HOOKS, LOG, MAIL = "/api/v2/webhooks", "/api/v2/webhook-events", "/api/v2/emails"


@dataclass
class Missed:
    """Replies that Instantly's hook has not brought: as received emails, as failed deliveries, as both.

    A reply of ``delivered`` is brought by the hook after all, while it is being recovered or later.
    """

    suite: Suite
    workspace: TestWorkspace
    ledger: Ledger
    emails: list[dict[str, Any]]
    log: list[dict[str, Any]]
    delivered: list[Posting]

    def add(self, count: int = 3) -> None:
        """Instantly holds ``count`` more, in turn in the one place, in the other and in both."""
        chance = self.suite.random
        for _ in range(count):
            number = len(self.ledger.postings)
            text, wanted = chance.choice(
                [(WISH, Wanted.SEND), (WISH, Wanted.SEND), (REFUSAL, Wanted.NO_DRAFT), (OPT_OUT, Wanted.SUPPRESSION)]
            )
            event = self.workspace.reply(text, timestamp=iso(datetime.now(UTC) - timedelta(seconds=OLD_ENOUGH_S)))
            posting = Posting(self.workspace, event, wanted, answers=[MISSED])
            self.ledger.postings.append(posting)
            if number % 3 != 1:
                self.emails.append(as_mail(event))
            if number % 3 != 0:
                self.log.append(self._as_failed(event))
            if chance.random() < 0.3:
                self.delivered.append(posting)
        self.put("/_emails", self.emails)
        self.put("/_webhook_events", self.log)

    def _as_failed(self, event: dict[str, Any]) -> dict[str, Any]:
        """With the payload as an object, which is other bytes than the delivery, or as the text that was sent."""
        return {
            "id": str(uuid4()),
            "timestamp_created": event["timestamp"],
            "payload": self.suite.random.choice((event, body_of(event).decode())),
            "success": False,
            "status_code": 503,
            "webhook_url": self.hook,
        }

    @property
    def hook(self) -> str:
        return f"{self.suite.driver.info['api_url']}/webhooks/instantly?clientId={self.workspace.id}"

    def put(self, path: str, value: object) -> None:
        self.suite.driver.http.put(f"{self.suite.driver.info['instantly_url']}{path}", json=value).raise_for_status()

    def recover(self) -> bool:
        """Runs the recovery once, like the schedule; True when it did everything that there was to do."""
        run = self.suite.driver.control("POST", "/functions/maintenance/invoke", {"task": "recover"})
        return not run["failed"] and run["answer"]["workspaces"] == 1


def as_mail(event: dict[str, Any]) -> dict[str, Any]:
    """Returns the received email of a reply event, with a sender's clock that is years behind."""
    return {
        "id": event["email_id"],
        "timestamp_created": event["timestamp"],
        "timestamp_email": "2024-11-20T14:03:11.204Z",
        "lead": event["lead_email"],
        "from_address_email": event["lead_email"],
        "eaccount": event["email_account"],
        "campaign_id": event["campaign_id"],
        "subject": event["reply_subject"],
        "body": {"text": event["reply_text"]},
        "ue_type": 2,
    }


def hook_away(suite: Suite) -> None:
    """Replies that no hook brought are recovered: while Instantly's listings fail, at every kill, two runs at once."""
    began = time.monotonic()
    with only(suite, "hook away") as workspace:
        missed = Missed(suite, workspace, suite.ledger(), [], [], [])
        missed.put("/_webhooks", [{"id": "disabled", "target_hook_url": missed.hook, "status": -1}])
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
        hooks = suite.driver.http.get(
            f"{suite.driver.info['instantly_url']}{HOOKS}", headers={"Authorization": "Bearer checker"}
        ).json()["items"]
        suite.conclude(
            "Instantly's hook away: recovery",
            injected + len(struck),
            [workspace],
            missed.ledger,
            began,
            more=lambda _: itertools.chain(not_struck(set(keys).difference(struck)), _not_resumed(hooks)),
            notes=f"{len(keys)} points",
        )
        for path in ("/_emails", "/_webhook_events", "/_webhooks"):
            missed.put(path, [])


def _fail_listings(missed: Missed) -> int:
    """Every listing of the recovery in every way, one run each; what it could not read is there for the next."""
    applied = 0
    for path in (HOOKS, LOG, MAIL):
        for rule in (
            {"status": 429, "headers": {"Retry-After": "1"}},
            {"status": 500},
            {"status": 403},
            {"drop": True},
            {"body": '{"items": ['},
        ):
            missed.add(2)
            with missed.suite.driver.faults("instantly", {"match": path, "method": "GET", "count": 1, **rule}):
                missed.recover()
                applied += missed.suite.driver.faults_applied("instantly")
    return applied


def _not_resumed(hooks: Iterable[dict[str, Any]]) -> Iterator[Violation]:
    for hook in hooks:
        if hook["status"] != 1:
            yield Violation(1, f"hook {hook['id']}", "is still disabled: nothing will come through it")


@contextmanager
def only(suite: Suite, name: str) -> Iterator[TestWorkspace]:
    """A workspace, and no other enabled: all share one mailbox in the sandbox, and each would recover its mail."""
    others = [row["id"] for row in suite.driver.rows("SELECT id FROM client WHERE disabled_at IS NULL")]
    with suite.driver.engine.begin() as connection:
        for other in others:
            disable_client(connection, other, at=datetime.now(UTC))
    try:
        yield suite.driver.workspace(name)
    finally:
        with suite.driver.engine.begin() as connection:
            for other in others:
                enable_client(connection, other)
