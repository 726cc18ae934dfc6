"""People with two addresses: their two leads are merged and parted again while replies to both are worked off."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import uuid4

from shared.domain.actor import Actor
from shared.domain.vocabulary import LeadId
from shared.observability import unmeasured
from shared.pipelines.people.merge_leads import MergeRefusedError, merge_leads, unmerge_lead
from tests.e2e.driver import TestWorkspace
from tests.faults.ledger import Wanted
from tests.faults.providers import SIDES, FaultEvent
from tests.faults.scenarios.common import ABSENCE, QUESTION, REFUSAL, WISH, unless
from tests.faults.suite import Suite

PEOPLE = 16
REPLIES = 3  # of each address
UNSUBSCRIBE = 4  # of the people, from one of their addresses
POSTERS = 4
MERGERS = 3
PAUSE_S = 0.4  # between two replies of a poster, on average

Pair = tuple[str, str]


def merged_meanwhile(suite: Suite) -> None:
    """Merges and their undoing race with replies of both leads, running jobs, sends and unsubscriptions."""
    began = time.monotonic()
    workspace, ledger, chance = suite.workspace("merged"), suite.ledger(), suite.random
    pairs = [(f"work.{uuid4().hex[:10]}@acme.test", f"home.{uuid4().hex[:10]}@acme.test") for _ in range(PEOPLE)]
    addresses = [address for pair in pairs for address in pair]
    sides = itertools.cycle(SIDES.values())  # each person's: the same words through two tools are one reply
    first = [
        suite.reply(workspace, WISH, lead_email=one, side=side)
        for pair, side in zip(pairs, sides, strict=False)
        for one in pair
    ]
    ledger.post_all([(workspace, event, Wanted.EITHER) for event in first])
    suite.settle([workspace])  # so that all functions are warm: what follows is worked off at once
    texts = [WISH, WISH, QUESTION, REFUSAL, ABSENCE]
    events = [
        (workspace, suite.reply(workspace, chance.choice(texts), lead_email=one), Wanted.EITHER)
        for one in addresses * (REPLIES - 1)
    ]
    events += [
        (workspace, suite.unsubscription(workspace, chance.choice(pair)), Wanted.SUPPRESSION)
        for pair in chance.sample(pairs, UNSUBSCRIBE)
    ]
    chance.shuffle(events)
    pauses = [chance.uniform(0.0, 2 * PAUSE_S) for _ in events]
    worked_off = threading.Event()
    done: Counter[str] = Counter()

    def post_after(pause_s: float, event: tuple[TestWorkspace, FaultEvent, Wanted]) -> None:
        time.sleep(pause_s)
        ledger.post(*event)

    with suite.slow(model_s=0.1, providers_s=0.1):
        with ThreadPoolExecutor(MERGERS) as mergers:
            merging = [
                mergers.submit(
                    _merge_and_part, suite, pairs[number::MERGERS], suite.chances(f"merged/{number}"), worked_off
                )
                for number in range(MERGERS)
            ]
            try:
                with ThreadPoolExecutor(POSTERS) as posters:
                    list(posters.map(post_after, pauses, events))
                # What tells the accounts of a lead begins anew with every merge: while these go on it has no end.
                suite.driver.wait_for(
                    "it is worked off", lambda: suite.driver.open_jobs(workspace, but="SYNC_PERSON") == 0, 300.0
                )
            finally:
                worked_off.set()
            for one in merging:
                done += one.result()
        suite.settle([workspace])
    suite.conclude(
        "leads merged and parted meanwhile",
        done["merged"] + done["parted"],
        [workspace],
        ledger,
        began,
        more=unless(min(done["merged"], done["parted"], done["refused"]) > 0, "no merge, no undoing, or none refused"),
        notes=f"{done['merged']} merged, {done['parted']} parted, {done['refused']} refused for what was under way",
    )


def _merge_and_part(suite: Suite, pairs: list[Pair], chance: Random, worked_off: threading.Event) -> Counter[str]:
    """Changes one pair after the other, at random, until all is worked off and every second pair is merged."""
    done: Counter[str] = Counter()
    while not worked_off.is_set():
        _change(suite, chance.choice(pairs), chance, done)
        time.sleep(chance.uniform(0.0, 0.1))
    for pair in pairs[::2]:
        suite.driver.wait_for("a pair is merged", _merged(suite, pair, chance, done), 120.0)
    return done


def _merged(suite: Suite, pair: Pair, chance: Random, done: Counter[str]) -> Callable[[], bool]:
    def is_merged() -> bool:
        if any(row["merged_into_id"] for row in _leads(suite, pair)):
            return True
        _change(suite, pair, chance, done)
        return False

    return is_merged


def _change(suite: Suite, pair: Pair, chance: Random, done: Counter[str]) -> None:
    """Merges the pair's leads, either into the other, or undoes that."""
    leads = _leads(suite, pair)
    merged = [row for row in leads if row["merged_into_id"] is not None]
    by = Actor.person("pat")
    try:
        with unmeasured():  # in the suite's own process: its output is the report
            if merged:
                unmerge_lead(suite.driver.engine, suite.driver.publisher(), LeadId(merged[0]["id"]), by=by)
                done["parted"] += 1
            else:
                winner, loser = (LeadId(row["id"]) for row in chance.sample(leads, 2))
                merge_leads(suite.driver.engine, suite.driver.publisher(), winner=winner, loser=loser, by=by)
                done["merged"] += 1
    except MergeRefusedError:
        done["refused"] += 1


def _leads(suite: Suite, pair: Pair) -> list[dict[str, object]]:
    return suite.driver.rows("SELECT id, merged_into_id FROM lead WHERE email = ANY(%s) ORDER BY id", list(pair))
