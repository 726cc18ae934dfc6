"""A model's word about an opt-out becomes the state of the lead, and where it must a question to a person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from shared.db.job_leases import ClaimedJob
from shared.db.lead_holds import place_hold, release_hold
from shared.db.suppression_reviews import ask_for_review, withdraw_review
from shared.domain.judgement.hold_outcome import HoldAction, HoldOutcome
from shared.domain.judgement.rule_matching import RuleMatch
from shared.domain.vocabulary import MessageId


@dataclass(frozen=True, slots=True)
class SettledHold:
    """A model's reading of an opt-out: what follows, what had been found, and why, in the model's own words."""

    outcome: HoldOutcome
    found: RuleMatch
    reason: str

    @property
    def suppresses(self) -> bool:
        return self.outcome.action is HoldAction.SUPPRESS


def settle_hold(connection: Connection, job: ClaimedJob, message_id: MessageId, settled: SettledHold) -> None:
    """Releases the lead or holds it, and asks a person where that is wanted, under the lead's lock.

    A suppression has been written before, by ``suppress_lead``.
    """
    found = settled.found
    match settled.outcome.action:
        case HoldAction.RELEASE:
            withdraw_review(connection, message_id)
            release_hold(connection, job.client_id, job.lead_id, message_id)
        case HoldAction.HOLD:
            place_hold(connection, job.lead_id, message_id=message_id, rule=found.rule, words=found.words)
        case HoldAction.SUPPRESS:
            pass
    if settled.outcome.asks is not None:
        ask_for_review(
            connection,
            job.client_id,
            job.lead_id,
            message_id,
            settled.outcome.asks,
            rule=found.rule,
            words=found.words,
            finding=settled.reason,
        )
