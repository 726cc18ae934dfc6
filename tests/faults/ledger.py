"""The postings to the webhook and its responses: the outside's own record of everything that must not be lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum

from tests.e2e.driver import Answer, Driver, TestWorkspace
from tests.faults.providers import FaultEvent
from tests.instantly_events import body_of

ATTEMPTS = 3  # a provider tries a few times within seconds
PAUSE_S = 0.7


class Wanted(StrEnum):
    """The required outcome of a reply once everything has ended."""

    SEND = "send"  # understood, drafted, approved by the evaluation, sent
    DRAFT = "draft"  # a draft waits for a person
    NO_DRAFT = "no draft"  # understood, nothing to answer
    SUPPRESSION = "suppression"  # the lead is suppressed and each provider told
    EITHER = "either"  # answered or not: what else happens to the lead decides
    QUARANTINE = "quarantine"  # kept, not understood


@dataclass
class Posting:
    """One event, with every response to every delivery of it."""

    workspace: TestWorkspace
    event: FaultEvent
    wanted: Wanted
    answers: list[Answer] = field(default_factory=list)
    may_fail: bool = False  # a function was killed, or Postgres and SQS were both away: a 5xx is no mistake of ours
    attempts: int = ATTEMPTS  # how often it is delivered until it is taken
    same_as: FaultEvent | None = None  # another tool's event of the same reply: one of the two has the message

    @property
    def is_taken(self) -> bool:
        return any(answer.is_taken for answer in self.answers)

    @property
    def reply_id(self) -> str | None:
        return self.event.reply_id

    @property
    def reply_ids(self) -> tuple[str, ...]:
        """Returns the ids of which its message has one; none when it is no reply."""
        events = (self.event,) if self.same_as is None else (self.event, self.same_as)
        return tuple(event.reply_id for event in events if event.reply_id is not None)

    @property
    def posted_body(self) -> bytes:
        body = self.event.body if isinstance(self.event.body, bytes) else body_of(self.event.body)
        return self.workspace.webhooks[self.event.side.service].signed_body(body)

    @property
    def lead_email(self) -> str | None:
        return self.event.lead_email


class Ledger:
    """Posts events as their providers do and remembers everything. Safe to use from several threads."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._lock = threading.Lock()
        self.postings: list[Posting] = []

    def post(
        self,
        workspace: TestWorkspace,
        event: FaultEvent,
        wanted: Wanted,
        *,
        may_fail: bool = False,
        attempts: int = ATTEMPTS,
        same_as: FaultEvent | None = None,
    ) -> Posting:
        """Delivers an event, and again like a provider when the response is no 2xx."""
        posting = Posting(workspace, event, wanted, may_fail=may_fail, attempts=attempts, same_as=same_as)
        with self._lock:
            self.postings.append(posting)
        self.deliver(posting)
        return posting

    def deliver(self, posting: Posting) -> None:
        for attempt in range(posting.attempts):
            answer = self._driver.post(posting.workspace, posting.event.body, webhook=posting.event.side.service)
            posting.answers.append(answer)
            if answer.is_taken:
                return
            if attempt < posting.attempts - 1:
                time.sleep(PAUSE_S)

    def post_all(
        self,
        events: Sequence[tuple[TestWorkspace, FaultEvent, Wanted]],
        *,
        at_once: int = 4,
        may_fail: bool = False,
    ) -> list[Posting]:
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda item: self.post(*item, may_fail=may_fail), events))

    def deliver_missed(self) -> None:
        """Delivers the events again that never got a 2xx: a provider's log of failed deliveries, by hand."""
        for posting in self.postings:
            if not posting.is_taken:
                self.deliver(posting)
