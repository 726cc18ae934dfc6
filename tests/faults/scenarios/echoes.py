"""Our own emails come back as events: before the response to the send, after it, or instead of one that was lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from shared.providers.registry import PROVIDERS
from tests.e2e.driver import TestWorkspace
from tests.faults.checker import Violation
from tests.faults.evidence import Evidence
from tests.faults.ledger import Wanted
from tests.faults.providers import SIDES, FaultEvent, Rule
from tests.faults.scenarios.common import WISH
from tests.faults.suite import Suite

OF_EACH = 4  # replies of each kind and provider
LOOK_S = 0.1
KINDS: tuple[Rule, ...] = (
    {"delay_s": 1.5},  # the work is done before the wait: the event comes first
    {"drop": True},
    {"delay_s": 0.0},
)


def echoed(suite: Suite) -> None:
    """Each email of ours is reported, twice, as soon as it has left; each report is of the send that it proves."""
    began = time.monotonic()
    workspace, ledger = suite.workspace("echoed"), suite.ledger()
    reporting = [side for side in SIDES.values() if PROVIDERS[side.name].sends_are_reported]
    events = [suite.reply(workspace, WISH, side=side) for side in reporting for _ in KINDS for _ in range(OF_EACH)]
    kinds = [kind for _ in reporting for kind in KINDS for _ in range(OF_EACH)]
    suite.set_rules(
        [
            (event.side.service, {**event.side.sending(event.fields), "count": 1, **kind})
            for event, kind in zip(events, kinds, strict=True)
        ]
    )
    ended = threading.Event()
    with ThreadPoolExecutor(1) as other:
        reports = other.submit(_report, suite, workspace, {event.key: event for event in events}, ended)
        try:
            ledger.post_all([(workspace, event, Wanted.SEND) for event in events])
            suite.settle([workspace])
        finally:
            ended.set()
        answers = reports.result()
    suite.conclude(
        "our own emails come back",
        sum(answers.values()),
        [workspace],
        ledger,
        began,
        at_least=2 * len(events),
        more=lambda evidence: _is_recorded_once(evidence, answers),
        notes=f"{dict(answers)}",
    )


def _report(
    suite: Suite, workspace: TestWorkspace, events: Mapping[str, FaultEvent], ended: threading.Event
) -> Counter[str]:
    """Reports the emails until everything has ended; returns how many reports were answered in which way."""
    answers, reported = Counter[str](), set[str]()
    while True:
        is_last = ended.is_set()
        for mail in suite.mails():
            if mail.answers in events and mail.id not in reported:
                event = events[mail.answers]
                reported.add(mail.id)
                for _ in range(2):
                    report = event.side.report_of(event.fields, mail)
                    answer = suite.driver.post(workspace, report, webhook=event.side.service)
                    answers[answer.status or str(answer.status_code)] += 1
        if is_last:
            return answers
        ended.wait(LOOK_S)


def _is_recorded_once(evidence: Evidence, answers: Counter[str]) -> Iterator[Violation]:
    """2. An email and its reports are one message of ours, of its draft: none is taken for a person's."""
    for status in answers.keys() - {"accepted", "duplicate"}:
        yield Violation(1, f"{answers[status]} reports of emails", f"were answered with {status}")
    ours = [row for row in evidence.rows("message") if row["direction"] == "OUTBOUND"]
    by_lead = Counter(row["lead_id"] for row in ours)
    for lead in evidence.people():
        if by_lead[lead["id"]] != 1:
            yield Violation(2, f"lead {lead['id']}", f"{by_lead[lead['id']]} messages of ours for one email")
    for row in ours:
        if row["draft_id"] is None or row["author_is_unknown"]:
            yield Violation(2, f"message {row['id']}", "is of no draft")
    for send in evidence.rows("outbound_send"):
        if send["provider_message_id"] is None:
            yield Violation(2, f"draft {send['draft_id']}", "was reported, and its email has no id")
