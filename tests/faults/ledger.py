"""The postings to the webhook and its responses: the outside's own record of everything that must not be lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.e2e.driver import Answer, Driver, TestWorkspace

ATTEMPTS = 3  # Instantly tries a few times within seconds
PAUSE_S = 0.7


class Wanted(StrEnum):
    """The required outcome of a reply once everything has ended."""

    SEND = "send"  # understood, drafted, approved by the evaluation, sent
    DRAFT = "draft"  # a draft waits for a person
    NO_DRAFT = "no draft"  # understood, nothing to answer
    SUPPRESSION = "suppression"  # the lead is suppressed and Instantly told
    EITHER = "either"  # answered or not: what else happens to the lead decides
    QUARANTINE = "quarantine"  # kept, not understood


@dataclass
class Posting:
    """One event, with every response to every delivery of it."""

    workspace: TestWorkspace
    event: dict[str, Any] | bytes
    wanted: Wanted
    answers: list[Answer] = field(default_factory=list)
    may_fail: bool = False  # a function was killed, or Postgres and SQS were both away: a 5xx is no mistake of ours
    attempts: int = ATTEMPTS  # how often it is delivered until it is taken

    @property
    def is_taken(self) -> bool:
        return any(answer.is_taken for answer in self.answers)

    @property
    def email_id(self) -> str | None:
        return self.event.get("email_id") if isinstance(self.event, dict) else None

    @property
    def lead_email(self) -> str | None:
        return self.event.get("lead_email") if isinstance(self.event, dict) else None


class Ledger:
    """Posts events as Instantly does and remembers everything. Safe to use from several threads."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._lock = threading.Lock()
        self.postings: list[Posting] = []

    def post(
        self,
        workspace: TestWorkspace,
        event: dict[str, Any] | bytes,
        wanted: Wanted,
        *,
        may_fail: bool = False,
        attempts: int = ATTEMPTS,
    ) -> Posting:
        """Delivers an event, and again like Instantly when the response is no 2xx."""
        posting = Posting(workspace, event, wanted, may_fail=may_fail, attempts=attempts)
        with self._lock:
            self.postings.append(posting)
        self.deliver(posting)
        return posting

    def deliver(self, posting: Posting) -> None:
        for attempt in range(posting.attempts):
            answer = self._driver.post(posting.workspace, posting.event)
            posting.answers.append(answer)
            if answer.is_taken:
                return
            if attempt < posting.attempts - 1:
                time.sleep(PAUSE_S)

    def post_all(
        self,
        events: Sequence[tuple[TestWorkspace, dict[str, Any] | bytes, Wanted]],
        *,
        at_once: int = 4,
        may_fail: bool = False,
    ) -> list[Posting]:
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda item: self.post(*item, may_fail=may_fail), events))

    def deliver_missed(self) -> None:
        """Delivers the events again that never got a 2xx: Instantly's log of failed deliveries, by hand."""
        for posting in self.postings:
            if not posting.is_taken:
                self.deliver(posting)
