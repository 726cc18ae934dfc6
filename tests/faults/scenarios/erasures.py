"""People who are erased while their replies come in and are worked off: nothing of theirs is left or comes back."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from uuid import UUID, uuid4

from shared.domain.actor import Actor
from shared.domain.vocabulary import LeadId
from shared.observability import unmeasured
from shared.pipelines.people.erase_lead import EraseRefusal, EraseRefusedError, erase_lead
from shared.pipelines.people.merge_leads import MergeRefusedError, merge_leads
from tests.e2e.driver import TestWorkspace
from tests.faults.checker import Violation
from tests.faults.ledger import Ledger, Wanted
from tests.faults.points import WEBHOOKS
from tests.faults.providers import SIDES, FaultEvent
from tests.faults.scenarios.common import QUESTION, REFUSAL, WISH
from tests.faults.suite import MARKER, Suite, Verdict

PEOPLE = 8  # each with two addresses
REPLIES = 3  # of each address
ERASERS = 3
POSTERS = 4
KILLS = 3
PAUSE_S = 0.4  # between two replies of a poster, on average
FINAL_S = 240.0

Pair = tuple[str, str]


def erased_meanwhile(suite: Suite) -> None:
    """Erasures race with replies, running jobs, sends, merges and kills; at the end everybody is erased.

    Then every event is delivered once more.
    """
    began = time.monotonic()
    workspace, ledger, chance = suite.workspace("erased"), suite.ledger(), suite.random
    pairs = [(f"work.{uuid4().hex[:10]}@acme.test", f"home.{uuid4().hex[:10]}@acme.test") for _ in range(PEOPLE)]
    addresses = [address for pair in pairs for address in pair]
    sides = itertools.cycle(SIDES.values())  # each person's: the same words through two tools are one reply
    first = [
        suite.reply(workspace, WISH, lead_email=one, side=side)
        for pair, side in zip(pairs, sides, strict=False)
        for one in pair
    ]
    ledger.post_all([(workspace, event, Wanted.EITHER) for event in first])
    events = [
        (workspace, suite.reply(workspace, chance.choice([WISH, QUESTION, REFUSAL]), lead_email=one), Wanted.EITHER)
        for one in addresses * (REPLIES - 1)
    ]
    events += [(workspace, suite.unsubscription(workspace, one), Wanted.EITHER) for one in chance.sample(addresses, 4)]
    chance.shuffle(events)
    pauses = [chance.uniform(0.0, 2 * PAUSE_S) for _ in events]
    posted = threading.Event()
    done: Counter[str] = Counter()

    def post_after(pause_s: float, event: tuple[TestWorkspace, FaultEvent, Wanted]) -> None:
        time.sleep(pause_s)
        ledger.post(*event, may_fail=True)

    with suite.slow(model_s=0.1, providers_s=0.1), ThreadPoolExecutor(ERASERS + 1) as others:
        erasing = [
            others.submit(_erase_some, suite, pairs[number::ERASERS], suite.chances(f"erased/{number}"), posted)
            for number in range(ERASERS)
        ]
        killing = others.submit(_kill_some, suite, suite.chances("erased/kills"), posted)
        try:
            with ThreadPoolExecutor(POSTERS) as posters:
                list(posters.map(post_after, pauses, events))
        finally:
            posted.set()
        for one in erasing:
            done += one.result()
        done["killed"] = killing.result()
    suite.heal()
    ledger.deliver_missed()
    _erase_everybody(suite, workspace, addresses, done)
    taken_again = Counter(
        suite.driver.post(workspace, posting.event.body, webhook=posting.event.side.service).status
        for posting in ledger.postings
    )
    suite.settle([workspace], redrives=True)
    suite.redrive_failed([workspace])  # the dead letters of jobs that have ended since
    suite.retire([workspace])
    violations = [
        *_returned(taken_again),
        *_left(suite, workspace, addresses),
        *_sent_afterwards(suite, workspace, ledger),
    ]
    if min(done["erased"], done["refused"], done["merged"], done["killed"]) == 0:
        violations.append(Violation(0, "scenario", f"{dict(done)}: that proves nothing"))
    suite.judge(
        Verdict(
            fault="people erased meanwhile",
            injected=done["erased"] + done["merged"] + done["killed"],
            replies=len({posting.reply_id for posting in ledger.postings if posting.reply_id}),
            seconds=time.monotonic() - began,
            notes=f"{done['erased']} erased, {done['merged']} merged, {done['killed']} workers killed,"
            f" {done['refused']} refused for what was under way",
            violations=tuple(violations),
        )
    )


def _erase_some(suite: Suite, pairs: list[Pair], chance: Random, posted: threading.Event) -> Counter[str]:
    """Erases or merges people at random until all replies are posted."""
    done: Counter[str] = Counter()
    while not posted.is_set():
        pair = chance.choice(pairs)
        if chance.random() < 0.3:
            _merge(suite, pair, chance, done)
        else:
            _erase(suite, chance.choice(pair), done)
        time.sleep(chance.uniform(0.0, 0.2))
    return done


def _merge(suite: Suite, pair: Pair, chance: Random, done: Counter[str]) -> None:
    leads = suite.driver.rows("SELECT id FROM lead WHERE email = ANY(%s) AND merged_into_id IS NULL", list(pair))
    if len(leads) < 2:
        return
    winner, loser = (LeadId(row["id"]) for row in chance.sample(leads, 2))
    try:
        with unmeasured():
            merge_leads(
                suite.driver.engine, suite.driver.publisher(), winner=winner, loser=loser, by=Actor.person("pat")
            )
        done["merged"] += 1
    except MergeRefusedError:
        done["refused"] += 1


def _erase(suite: Suite, address: str, done: Counter[str]) -> None:
    for lead in suite.driver.rows("SELECT id FROM lead WHERE email = %s", address):
        try:
            with unmeasured():
                erase_lead(
                    suite.driver.engine,
                    suite.driver.publisher(),
                    LeadId(lead["id"]),
                    suite.driver.hash_address(),
                    now=datetime.now(UTC),
                )
            done["erased"] += 1
        except EraseRefusedError as error:
            if error.refusal is not EraseRefusal.ERASED:
                done["refused"] += 1


def _kill_some(suite: Suite, chance: Random, posted: threading.Event) -> int:
    killed = 0
    while not posted.is_set() and killed < KILLS:
        time.sleep(chance.uniform(0.2, 1.0))
        killed += suite.kill_busy(chance.choice(["post-process", *WEBHOOKS]))
    return killed


def _erase_everybody(suite: Suite, workspace: TestWorkspace, addresses: list[str], done: Counter[str]) -> None:
    """Erases whoever is still there, however often something of theirs is under way."""

    def all_are_erased() -> bool:
        suite.let_people_decide([workspace])
        for address in addresses:
            _erase(suite, address, done)
        return not suite.driver.rows("SELECT 1 FROM lead WHERE email = ANY(%s)", addresses)

    suite.driver.wait_for("everybody is erased", all_are_erased, FINAL_S)


# --- The verdict -----------------------------------------------------------------------------------------------------


def _returned(taken_again: Counter[str]) -> Iterator[Violation]:
    """Whatever is delivered once more is of before the last erasure."""
    for status, count in taken_again.items():
        if status not in ("ignored", "duplicate"):
            yield Violation(2, f"{count} deliveries of erased people", f"were {status} when they came again")


def _left(suite: Suite, workspace: TestWorkspace, addresses: list[str]) -> Iterator[Violation]:
    """Searches every row of every table for the people's addresses and words, as text and as bytes."""
    sought = [*addresses, MARKER]
    patterns = [f"%{one}%" for one in sought] + [f"%{one.encode().hex()}%" for one in sought]
    tables = suite.driver.rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'client_id'"
    )
    for table in (row["table_name"] for row in tables):
        found = suite.driver.rows(
            f"SELECT count(*) AS rows FROM {table} WHERE client_id = %s AND CAST({table}.* AS text) ILIKE ANY(%s)",
            workspace.id,
            patterns,
        )
        if found[0]["rows"]:
            yield Violation(11, f"table {table}", f"{found[0]['rows']} rows still know the erased")


def _sent_afterwards(suite: Suite, workspace: TestWorkspace, ledger: Ledger) -> Iterator[Violation]:
    """The ledger of sends outlives an erasure: none was claimed after it, and each that left is in it."""
    late = suite.driver.rows(
        "SELECT send.draft_id FROM outbound_send AS send JOIN lead ON lead.id = send.lead_id"
        " WHERE send.client_id = %s AND send.intended_at > lead.erased_at",
        workspace.id,
    )
    for row in late:
        yield Violation(5, f"draft {row['draft_id']}", "was sent after the erasure")
    keys = {posting.event.key for posting in ledger.postings if posting.reply_id}
    mailed = sum(mail.answers in keys for mail in suite.mails())
    claimed = suite.driver.one(
        "SELECT count(*) AS n FROM outbound_send WHERE client_id = %s AND status = 'SENT'", workspace.id
    )["n"]
    if mailed != claimed:
        yield Violation(6, "the ledger of sends", f"says {claimed}, {mailed} have left")
    waiting: list[UUID] = [
        row["id"]
        for row in suite.driver.rows(
            "SELECT job.id FROM background_job AS job JOIN lead ON lead.id = job.lead_id"
            " WHERE job.client_id = %s AND lead.erased_at IS NOT NULL AND job.status <> 'SUCCEEDED'",
            workspace.id,
        )
    ]
    for job_id in waiting:
        yield Violation(3, f"job {job_id}", "waits for an erased lead")
