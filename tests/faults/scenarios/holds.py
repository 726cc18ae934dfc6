"""Suspected opt-outs, under kills, redeliveries, outages of the model and models that contradict themselves."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Any
from uuid import uuid4

from shared.domain.actor import Actor
from shared.domain.vocabulary import LeadId, Tag
from shared.observability import unmeasured
from shared.pipelines.people.decide_holds import release_lead, suppress_by_person
from tests.e2e.driver import TestWorkspace, of_task
from tests.faults.checker import FAIR_FAILURES, MODEL_FAILURES, Violation
from tests.faults.evidence import Evidence
from tests.faults.ledger import Posting, Wanted
from tests.faults.points import WEBHOOKS
from tests.faults.providers import Rule
from tests.faults.scenarios.common import SUSPECTED, SUSPECTED_WORDS
from tests.faults.scenarios.kills import Route, Rules, killed_along
from tests.faults.scenarios.traffic import copy_messages
from tests.faults.suite import Suite

PLACED_AND_SETTLED = (
    "webhook",
    "classify_sentiment",
    "understand",
)  # the fault points of a hold; every other one is struck by "kill"
OF_EACH = 3  # replies of each kind
KILLS = 4
POSTERS = 6
OTHER_WORDS = "never write to me again"  # no reply says so: a proof that proves nothing


def says(verdict: str, tag: Tag, words: str = SUSPECTED_WORDS) -> dict[str, Any]:
    """Returns what a model says of a suspected opt-out, as a fault of its stand-in."""
    return {
        "answer": {
            "reason": "as told",
            "tag": tag.value,
            "opt_out_reason": "as told",
            "opt_out": verdict,
            "quoted_words": words,
        }
    }


DENIED, CONFIRMED = says("DENIED", Tag.INTERESTED), says("CONFIRMED", Tag.BLACKLIST)
UNDECIDED = (
    says("UNCLEAR", Tag.INTERESTED),
    says("CONFIRMED", Tag.INTERESTED),  # which contradicts itself, as the next one does
    says("DENIED", Tag.BLACKLIST),
    says("CONFIRMED", Tag.BLACKLIST, OTHER_WORDS),
)


def _on_sentiment(*faults: Rule) -> Rules:
    """The model is asked about a reply: the faults come one after the other, the last one stays.

    Its evaluation finds nothing: what it would say of the opt-out again is not what this is about.
    """
    answers = [("sentiment", fault) for fault in faults]
    answers.append(("reply_evaluation", {"answer": {"findings": [], "confidence": 0.95}}))
    return lambda _event, word: [
        ("openai", {"match": "/v1/responses", "contains": [word, of_task(task)]} | fault) for task, fault in answers
    ]


@dataclass(frozen=True)
class Kind:
    """What the model does with a reply that may be an opt-out, and what has to follow."""

    title: str
    wanted: Wanted
    faults: tuple[dict[str, Any], ...]

    @property
    def rules(self) -> Rules:
        return _on_sentiment(*self.faults)


KINDS = (
    Kind("denied", Wanted.SEND, (DENIED,)),
    Kind("confirmed", Wanted.SUPPRESSION, (CONFIRMED,)),
    *(Kind(f"undecided {number}", Wanted.EITHER, (fault,)) for number, fault in enumerate(UNDECIDED)),
    Kind("denied after an outage", Wanted.SEND, ({"status": 500, "count": 2}, DENIED)),
    Kind("denied by the redrive", Wanted.SEND, ({"kind": "refusal", "count": 1}, DENIED)),
    Kind("confirmed by the redrive", Wanted.SUPPRESSION, ({"kind": "refusal", "count": 1}, CONFIRMED)),
    Kind("undecided by the redrive", Wanted.EITHER, ({"status": 400, "count": 1}, UNDECIDED[0])),
)
ROUTES = (
    Route("suspected opt-out that a model denies", SUSPECTED, Wanted.SEND, rules=_on_sentiment(DENIED)),
    Route("suspected opt-out that a model confirms", SUSPECTED, Wanted.SUPPRESSION, rules=_on_sentiment(CONFIRMED)),
    Route("suspected opt-out that stays open", SUSPECTED, Wanted.EITHER, rules=_on_sentiment(UNDECIDED[0])),
)


def held(suite: Suite) -> None:
    """Verdicts of every kind under everything at once; then kills at every point of a hold's beginning and end."""
    _all_at_once(suite)
    killed_along(suite, ROUTES, where=PLACED_AND_SETTLED)


def _all_at_once(suite: Suite) -> None:
    began = time.monotonic()
    workspace, ledger, chance = suite.workspace("held"), suite.ledger(), suite.random
    kinds = [kind for kind in KINDS for _ in range(OF_EACH)]
    chance.shuffle(kinds)
    rules: list[dict[str, Any]] = []
    events, undecided = [], set()
    for kind in kinds:
        word = f"w{uuid4().hex[:12]}"
        event = suite.reply(workspace, f"{SUSPECTED} {word}")
        rules += [rule for _, rule in kind.rules(event, word)]
        events.append((workspace, event, kind.wanted))
        if kind.wanted is Wanted.EITHER:
            undecided.add(event.lead)
    # Some whom a person has to be asked about write again: that is denied, and the older question stays open.
    for address in chance.sample(sorted(undecided), OF_EACH):
        word = f"w{uuid4().hex[:12]}"
        event = suite.reply(workspace, f"{SUSPECTED} {word}", lead_email=address)
        rules += [rule for _, rule in _on_sentiment(DENIED)(event, word)]
        events.append((workspace, event, Wanted.EITHER))
    suite.driver.set_faults("openai", rules)
    posted = threading.Event()
    with ThreadPoolExecutor(1) as other:
        killing = other.submit(_kill_some, suite, suite.chances("held/kills"), posted)
        try:
            postings = ledger.post_all(events, at_once=POSTERS, may_fail=True)
            storm = postings * 2
            chance.shuffle(storm)
            with ThreadPoolExecutor(POSTERS) as posters:
                list(posters.map(ledger.deliver, storm))
            copies = copy_messages(suite, workspace)
            suite.settle([workspace], redrives=True)
        finally:
            posted.set()
        killed = killing.result()
    suite.redrive_failed([workspace])  # while the model still says what it was told to say
    decided, waiting = _let_people_decide(suite, workspace, undecided, chance)
    suite.conclude(
        "suspected opt-outs: every verdict, with redeliveries, outages and kills",
        killed + len(storm) + copies,
        [workspace],
        ledger,
        began,
        fair_failures=FAIR_FAILURES + MODEL_FAILURES,
        more=lambda evidence: chain(
            _undecided_wait(evidence, undecided, decided), _denied_are_free(evidence, postings)
        ),
        notes=f"{killed} workers killed, {waiting} held for a person: {dict(decided_counts(decided))}",
    )


def decided_counts(decided: dict[str, str]) -> Counter[str]:
    return Counter(decided.values())


def _kill_some(suite: Suite, chance: Random, posted: threading.Event) -> int:
    killed = 0
    while not posted.is_set() and killed < KILLS:
        time.sleep(chance.uniform(0.2, 1.0))
        killed += suite.kill_busy(chance.choice(["post-process", *WEBHOOKS]))
    return killed


def _let_people_decide(
    suite: Suite, workspace: TestWorkspace, undecided: set[str], chance: Random
) -> tuple[dict[str, str], int]:
    """Decides about some of the held leads; returns what was decided, by address, and how many had been held."""
    held = suite.driver.rows(
        "SELECT id, email FROM lead WHERE client_id = %s AND held_at IS NOT NULL ORDER BY email", workspace.id
    )
    decided: dict[str, str] = {}
    by = Actor.person("pat")
    for lead in held:
        choice = chance.choice(["released", "suppressed", "left"])
        with unmeasured():
            if choice == "released":
                release_lead(suite.driver.engine, LeadId(lead["id"]), by=by)
            elif choice == "suppressed":
                suppress_by_person(
                    suite.driver.engine, suite.driver.publisher(), workspace.id, LeadId(lead["id"]), by=by
                )
        decided[lead["email"]] = choice
    return decided, len(held)


def _undecided_wait(evidence: Evidence, undecided: set[str], decided: dict[str, str]) -> Iterator[Violation]:
    """Whom no model has decided about is held until a person has, and answered by nobody before."""
    for address in sorted(undecided - set(decided)):
        yield Violation(12, f"lead {address}", "was not held, though no model has decided what it has written")
    drafts = evidence.by_person("draft")
    for lead in evidence.people():
        choice = decided.get(lead["email"])
        state = "held" if lead["held_at"] else "suppressed" if lead["suppressed_at"] else "free"
        expected = {"released": "free", "suppressed": "suppressed", "left": "held"}.get(choice or "", state)
        if state != expected:
            yield Violation(12, f"lead {lead['id']}", f"is {state}, but was {choice} by a person")
        if choice == "left" and any(draft["status"] == "SENT" for draft in drafts.get(lead["id"], ())):
            yield Violation(12, f"lead {lead['id']}", "was answered, and nobody has released it")


def _denied_are_free(evidence: Evidence, postings: Sequence[Posting]) -> Iterator[Violation]:
    leads = {lead["email"]: lead for lead in evidence.people()}
    for posting in postings:
        lead = leads.get(posting.lead_email)
        if posting.wanted is Wanted.SEND and lead is not None and lead["held_at"] is not None:
            yield Violation(12, f"lead {lead['id']}", "is still held, though a model has denied the opt-out")
