"""The parts that several scenarios share: posting, waiting and asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from shared.domain.actor import Actor
from shared.pipelines.people.review_drafts import approve_draft
from tests.e2e.driver import INTERESTED, TestWorkspace
from tests.faults.checker import Violation
from tests.faults.ledger import Posting
from tests.faults.suite import MARKER, Suite

# The marker, and what is written behind it, is a signature: one clause more, and the opt-out is not certain.
OPT_OUT = f"Please unsubscribe me from this list.\n\n-- \n{MARKER}"
MODEL_OPT_OUT = f"Being removed from your database would be lovely. {MARKER}"
SUSPECTED = f"Could you stop writing me about webinars? {INTERESTED} {MARKER}"
SUSPECTED_WORDS = "stop writing me"
LATER = f"Please write to me again in a while, we are closing the year. {MARKER}"
QUESTION = f"What does it cost per month? {MARKER}"
REFUSAL = f"We are not interested, thank you. {MARKER}"
ABSENCE = f"I am out of office until 1 December 2026. {MARKER}"
WISH = f"{INTERESTED} {MARKER}"

ROUNDS = 4  # of one kill scenario: what did not strike in the first is tried again
RECORDED = 3  # replies that are recorded of each way through the product


def not_struck(keys: Iterable[str]) -> Iterator[Violation]:
    """Lists the points that every recorded run came by and no kill has reached: then the kills prove less."""
    for key in keys:
        yield Violation(0, key, "was armed, but nothing came by")


def unless(holds: bool, what: str) -> Callable[[object], Iterator[Violation]]:
    """A further condition of a scenario: without it, it proves nothing."""
    return lambda _: iter(() if holds else (Violation(0, "scenario", what),))


def rules_applied(suite: Suite, service: str) -> list[int]:
    """Returns the number of times that each rule has struck."""
    return [rule["applied"] for rule in suite.driver.http.get(f"{suite.driver.info[f'{service}_url']}/_faults").json()]


def count_parked(postings: Sequence[Posting]) -> int:
    return sum(answer.status == "parked" for posting in postings for answer in posting.answers)


def approve_all(suite: Suite, workspace: TestWorkspace) -> None:
    publisher = suite.driver.publisher()
    drafts = suite.driver.rows("SELECT id FROM draft WHERE client_id = %s AND status = 'NEEDS_REVIEW'", workspace.id)
    for draft in drafts:
        approve_draft(suite.driver.engine, publisher, draft["id"], by=Actor.person("pat"))
