"""One client with several tools that watch the same mailbox: each reply comes through two of them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from random import Random
from uuid import uuid4

from tests.faults.checker import Violation
from tests.faults.evidence import Evidence
from tests.faults.ledger import Ledger, Posting, Wanted
from tests.faults.points import WEBHOOKS
from tests.faults.providers import SIDES
from tests.faults.scenarios.common import OPT_OUT, QUESTION, REFUSAL, WISH
from tests.faults.suite import Suite

OF_EACH_TEXT = 5  # replies of each pair of tools
TEXTS = ((WISH, Wanted.SEND), (QUESTION, Wanted.DRAFT), (REFUSAL, Wanted.NO_DRAFT), (OPT_OUT, Wanted.SUPPRESSION))
POSTERS = 6
KILLS = 6


def twice(suite: Suite) -> None:
    """The same reply through both tools, in any order or at once, while workers and webhooks are killed."""
    began = time.monotonic()
    workspace, ledger, chance = suite.workspace("twice"), suite.ledger(), suite.random
    pairs: list[tuple[Posting, Posting]] = []
    for one, other in combinations(SIDES.values(), 2):
        for text, wanted in TEXTS * OF_EACH_TEXT:
            lead = f"both.{uuid4().hex[:10]}@acme.test"
            first, second = (suite.reply(workspace, text, lead_email=lead, side=side) for side in (one, other))
            pairs.append(
                (
                    Posting(workspace, first, wanted, may_fail=True, same_as=second),
                    Posting(workspace, second, wanted, may_fail=True, same_as=first),
                )
            )
    ledger.postings += [posting for pair in pairs for posting in pair]
    chance.shuffle(pairs)
    posted = threading.Event()
    with suite.slow(model_s=0.1, providers_s=0.1), ThreadPoolExecutor(1) as other_pool:
        killing = other_pool.submit(_kill_some, suite, suite.chances("twice/kills"), posted)
        try:
            with ThreadPoolExecutor(POSTERS) as posters:
                choices = [chance.random() for _ in pairs]
                list(posters.map(lambda pair, choice: _deliver(suite, ledger, pair, choice), pairs, choices))
            suite.settle([workspace], redrives=True)
        finally:
            posted.set()
        killed = killing.result()
    suite.heal()
    for pair in pairs:  # once more, when all has been done
        for posting in pair:
            ledger.deliver(posting)
    suite.conclude(
        "the same reply through two tools",
        killed + 2 * len(pairs),
        [workspace],
        ledger,
        began,
        more=lambda evidence: _is_one(evidence, pairs),
        notes=f"{killed} workers killed",
    )


def _deliver(suite: Suite, ledger: Ledger, pair: tuple[Posting, Posting], choice: float) -> None:
    """Either at once, or one after the other: right away, or when the first has been worked off."""
    first, second = pair if choice < 0.5 else pair[::-1]
    if choice % 0.5 < 0.2:
        with ThreadPoolExecutor(2) as both:
            list(both.map(ledger.deliver, pair))
        return
    ledger.deliver(first)
    time.sleep(suite.random.uniform(0.0, 3.0))
    ledger.deliver(second)


def _kill_some(suite: Suite, chance: Random, posted: threading.Event) -> int:
    killed = 0
    while not posted.is_set() and killed < KILLS:
        time.sleep(chance.uniform(0.2, 1.0))
        killed += suite.kill_busy(chance.choice(["post-process", *WEBHOOKS]))
    return killed


def _is_one(evidence: Evidence, pairs: Sequence[tuple[Posting, Posting]]) -> Iterator[Violation]:
    """2. Both deliveries are one message with one job of each kind, and at most one response through either tool."""
    inbound = Counter(row["lead_id"] for row in evidence.rows("message") if row["direction"] == "INBOUND")
    leads = {row["email"]: row for row in evidence.people()}
    mails = Counter(mail.answers for mail in evidence.mails)
    for first, second in pairs:
        subject = f"reply {first.reply_id} through both"
        lead = leads.get(first.lead_email)
        if lead is None:
            yield Violation(1, subject, "its lead is not there")
        elif inbound[lead["id"]] != 1:
            yield Violation(2, subject, f"{inbound[lead['id']]} messages")
        responses = mails[first.event.key] + mails[second.event.key]
        if responses > 1 or (responses == 1 and first.wanted in (Wanted.NO_DRAFT, Wanted.SUPPRESSION)):
            yield Violation(2, subject, f"{responses} responses")
