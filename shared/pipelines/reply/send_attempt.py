"""One attempt to send one draft: what it is about, how much time it has, and the ways in which it ends unsent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.db.drafts import move_draft
from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.job_steps import save_steps
from shared.db.outbound_sends import keep_trigger, settle_intended_send
from shared.db.reply_context import ReplyContext
from shared.db.sendable_drafts import SendableDraft
from shared.db.transactions import committing
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import SENDABLE_DRAFT_STATUSES, DraftStatus, OutboundSendStatus
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Done, Outcome, Retry, Skip
from shared.observability import Metric, emit
from shared.pipelines.dependencies import Dependencies
from shared.providers.account_values import Trigger

RECORD_RESERVE_S = 5.0  # kept for writing down what happened
OUT_OF_TIME = Retry("too little time left to send in this invocation")


@dataclass
class SendAttempt:
    """``context`` is the trigger message's, when the caller has it at hand."""

    dependencies: Dependencies
    run: Run
    draft: SendableDraft
    context: ReplyContext | None

    @property
    def job(self) -> ClaimedJob:
        return self.run.job

    @property
    def automated(self) -> bool:
        """True when nobody has approved the draft."""
        return self.draft.status is DraftStatus.PENDING

    def has_time_for(self, needed_s: float) -> bool:
        """True when this invocation can make its calls and still record how they ended.

        Asked before the claim: a call that is cut short for lack of time leaves a mail of which nobody knows.
        """
        return self.run.remaining_s() > (needed_s + RECORD_RESERVE_S) * self.dependencies.time_scale

    def timeout_s(self, most_s: float) -> float:
        """Returns the time-out in seconds of a call that may take ``most_s``."""
        scale = self.dependencies.time_scale
        return max(0.1, min(most_s, self.run.remaining_s() - RECORD_RESERVE_S * scale))

    # --- How it ends without a mail that is known to have left --------------------------------------------------------

    def skip(self, reason: str) -> Outcome:
        """Not this job's to send: the step is over all the same, and a finished job has finished all of its steps."""
        save_steps(self.dependencies.engine, self.job, {"send": {"result": "not sent", "reason": reason}})
        return Skip(reason)

    def finish(self, result: str, **details: Any) -> Outcome:
        """Ends the send step with a result."""
        save_steps(self.dependencies.engine, self.job, {"send": {"result": result, **details}})
        return Done(result if "rule" not in details else f"{result} ({details['rule']})")

    def hand_to_person(self, rule: DraftRule, finding: str = "", *, trigger: Trigger | None = None) -> Outcome:
        """Leaves the draft to a person, with what the ``trigger`` tells about the lead's message."""
        with self.dependencies.engine.begin() as connection:
            hold_lead(connection, self.job)
            if trigger is not None:
                keep_trigger(connection, self.draft.id, thread_id=trigger.thread_id, from_email=trigger.sender)
            move_draft(
                committing(connection),
                self.draft.id,
                allowed=SENDABLE_DRAFT_STATUSES,
                status=DraftStatus.NEEDS_REVIEW,
                rule=rule,
                finding=finding,
            )
        return self.finish("needs review", rule=rule)

    def give_up_uncertain(self, error: str) -> Outcome:
        """Gives up: the email may have left and is never sent again blindly. Maintenance looks for it in the thread."""
        self.settle(
            OutboundSendStatus.UNCERTAIN,
            DraftStatus.SEND_UNCERTAIN,
            error,
            rule=DraftRule.SEND_UNCERTAIN,
        )
        emit(Metric.SEND_RESULT, result="uncertain")
        return self.finish("uncertain", error=error)

    def settle(
        self,
        status: OutboundSendStatus,
        draft_status: DraftStatus,
        error: str,
        *,
        rule: DraftRule | None = None,
        finding: str = "",
    ) -> None:
        """Moves the claimed send to how its call ended, and the draft along."""
        with self.dependencies.engine.begin() as connection:
            hold_lead(connection, self.job)
            settle_intended_send(
                committing(connection),
                self.draft.id,
                status=status,
                draft_status=draft_status,
                error=error,
                rule=rule,
                finding=finding,
            )
