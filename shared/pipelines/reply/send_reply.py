"""The send protocol: at most one e-mail per draft, since a duplicate is worse than a miss; none against an objection.

Before the call the intent is committed (draft SENDING, send INTENDED); after it the result is. Whatever may have left
is never sent again: without a certain answer both become uncertain, and the thread or a person settles them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from shared.db.drafts import move_draft
from shared.db.gate_state import GateState, load_gate_state
from shared.db.job_leases import hold_lead, save_steps
from shared.db.outbound_sends import (
    SendableDraft,
    claim_send,
    keep_trigger,
    load_sendable_draft,
    lock_daily_cap,
    record_sent,
    settle_intended_send,
)
from shared.db.reply_context import ReplyContext, load_reply_context
from shared.db.transactions import committing
from shared.domain.consent import ProviderObjection
from shared.domain.drafting.auto_send_gate import Decision, blocked_by
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.drafting.outgoing_text import may_leave
from shared.domain.drafting.sending_window import SendingWindow, next_opening, time_zone
from shared.domain.identifiers import uuid7
from shared.domain.pauses import stops_sending
from shared.domain.reply_identity import content_key, reply_key
from shared.domain.text.reply_subject import reply_subject
from shared.domain.vocabulary import (
    SENDABLE_DRAFT_STATUSES,
    DecisionAction,
    DraftId,
    DraftStatus,
    MessageId,
    OutboundSendStatus,
    Tag,
    WaitingFor,
)
from shared.jobs.consumer import Run
from shared.jobs.outcomes import DeadLetter, Defer, Done, Outcome, Retry, Skip
from shared.observability import Metric, emit
from shared.pipelines.dependencies import ConsumerDependencies
from shared.pipelines.disabled_workspace import while_disabled
from shared.pipelines.pauses import while_paused
from shared.pipelines.reply.adopt_response import adopt
from shared.pipelines.reply.before_send import may_have_been_answered, objection_to, unknown_answers
from shared.pipelines.reply.reply_gate import gate_facts
from shared.pipelines.suppression.suppress_lead import SuppressionEvidence, suppress_lead
from shared.providers.errors import NotSent, RateLimited, Refused, Uncertain
from shared.providers.instantly.client import InstantlyClient
from shared.providers.instantly.emails import Email, SentEmail

READ_TIMEOUT_S = 10.0
CONSENT_TIMEOUT_S = 10.0
LOOK_TIMEOUT_S = 15.0  # a listing of the thread, its turn included
SEND_TIMEOUT_S = 30.0
LEAST_SEND_S = 15.0  # what must be left for claim and call: an answer of Instantly's takes a second or two
RECORD_RESERVE_S = 5.0  # kept for writing down what happened
OUT_OF_TIME = Retry("too little time left to send in this invocation")
UNSEEN_CHARACTERS = Decision(DecisionAction.NEEDS_REVIEW, DraftRule.UNSEEN_CHARACTERS)
AUTOMATED_ACTIONS = (DecisionAction.SEND_NOW, DecisionAction.SEND_LATER)


def run_send_reply(dependencies: ConsumerDependencies, run: Run) -> Outcome:
    """The job of an approved draft or of a delayed send."""
    if run.job.draft_id is None:
        return DeadLetter("the job names no draft")
    return send_draft(dependencies, run, run.job.draft_id)


def send_draft(
    dependencies: ConsumerDependencies, run: Run, draft_id: DraftId, context: ReplyContext | None = None
) -> Outcome:
    """Sends a draft that may be sent, once; every other state of it ends the job with a reason.

    ``context`` is its trigger message's, when the caller has it at hand. What may have changed since is read again.
    """
    job = run.job
    draft = load_sendable_draft(dependencies.engine, job, draft_id)
    if draft is None:
        return Skip("the draft is gone, or is not of the job's client and lead")
    if "send" in job.steps and draft.status is not DraftStatus.APPROVED:
        # A draft that is APPROVED was approved after an earlier run had finished with it and was lost.
        return Done(str(job.steps["send"].get("result", "")))
    sending = _Sending(dependencies, run, draft, context)
    if draft.send_status is OutboundSendStatus.INTENDED:
        if draft.send_job_id != job.id:
            return sending.skip("another job is sending this draft")
        return sending.give_up_uncertain("the worker that was sending it was lost")
    if draft.status not in SENDABLE_DRAFT_STATUSES:
        return sending.skip(f"the draft is {draft.status}")
    if draft.client_disabled:
        return while_disabled(dependencies.time_scale)
    if sending.automated and draft.action not in AUTOMATED_ACTIONS:
        return sending.skip("nothing has decided to send this draft")
    if draft.pause is not None and stops_sending(draft.pause, automated=sending.automated):
        return while_paused(draft.pause, dependencies.time_scale)
    if sending.automated:
        wait = sending.wait_for_window()
        if wait is not None:
            return wait
    return sending.send()


class _Sending:
    """One attempt to send one draft."""

    def __init__(
        self, dependencies: ConsumerDependencies, run: Run, draft: SendableDraft, context: ReplyContext | None
    ) -> None:
        self._dependencies = dependencies
        self._run = run
        self._job = run.job
        self._draft = draft
        self._context = context
        self.automated = draft.status is DraftStatus.PENDING  # nobody has approved it

    def wait_for_window(self) -> Defer | None:
        """A Defer while the client's sending window is closed."""
        if not self._draft.sending_window:
            return None
        now = self._dependencies.now()
        opens = next_opening(SendingWindow.parse(self._draft.sending_window), time_zone(self._draft.timezone), now)
        if opens - now < timedelta(seconds=1):
            return None
        return Defer((opens - now).total_seconds() * self._dependencies.time_scale, WaitingFor.SENDING_WINDOW)

    def send(self) -> Outcome:
        """Look at the trigger, claim, call, record."""
        instantly = self._dependencies.instantly(self._job.client_id)
        if not self._has_time_for(READ_TIMEOUT_S + CONSENT_TIMEOUT_S + LEAST_SEND_S):
            return OUT_OF_TIME
        if self._draft.trigger_email_id is None:
            return self._hand_to_person(DraftRule.NO_EMAIL_ID)
        try:
            trigger = instantly.get_email(self._draft.trigger_email_id, timeout_s=self._timeout_s(READ_TIMEOUT_S))
        except Refused as error:
            if error.is_credential:
                raise
            return self._hand_to_person(DraftRule.TRIGGER_NOT_FOUND, str(error))
        problem = self._not_answerable(trigger)
        if problem is not None:
            return self._hand_to_person(problem, trigger=trigger)
        try:
            objection = objection_to(instantly, self._draft, timeout_s=self._timeout_s(CONSENT_TIMEOUT_S))
        except Refused as error:
            if error.is_credential:
                raise
            return self._hand_to_person(DraftRule.CONSENT_UNKNOWN, str(error))
        if objection is not None:
            return self._withdraw(objection)
        answered = self._answered_before(instantly, trigger)
        if answered is not None:
            return answered
        mailbox = trigger.eaccount or self._draft.trigger_mailbox
        if mailbox is None:
            return self._hand_to_person(DraftRule.NO_MAILBOX)
        if not self._has_time_for(LEAST_SEND_S):
            return OUT_OF_TIME
        blocked = self._claim(trigger, mailbox)
        if blocked is not None:
            return blocked
        return self._call(instantly, trigger, mailbox)

    def _not_answerable(self, trigger: Email) -> DraftRule | None:
        """Why this email must not be answered without a person, or at all."""
        if not trigger.may_be_from(self._draft.lead_email):
            return DraftRule.NOT_THE_LEADS_EMAIL
        if self.automated and trigger.from_email not in (None, self._draft.lead_email):
            return DraftRule.ANOTHER_SENDER
        if self.automated and trigger.is_auto_reply:
            return DraftRule.PROVIDER_SAYS_AUTOMATIC
        return None

    def _withdraw(self, objection: ProviderObjection) -> Outcome:
        """Suppresses the lead as the provider's event would have, which takes this draft along."""
        job = self._job
        with self._dependencies.engine.begin() as connection:
            hold_lead(connection, job)
            suppression = suppress_lead(
                connection,
                job.client_id,
                job.lead_id,
                SuppressionEvidence(objection.reason, objection.rule),
                trace_id=job.trace_id,
            )
            move_draft(
                committing(connection),
                self._draft.id,
                allowed=(DraftStatus.SUPERSEDED,),
                status=DraftStatus.SUPERSEDED,
                rule=DraftRule(objection.rule),
            )
        if suppression is not None:
            self._dependencies.publisher.publish(self._dependencies.engine, [suppression])
        return self._finish("blocked", rule=objection.rule)

    def _answered_before(self, instantly: InstantlyClient, trigger: Email) -> Outcome | None:
        """Records answers that the thread holds and we do not, where there may be any; then nothing is sent."""
        job, draft, dependencies = self._job, self._draft, self._dependencies
        if not may_have_been_answered(
            draft, job, automated=self.automated, now=dependencies.now(), time_scale=dependencies.time_scale
        ):
            return None
        if not self._has_time_for(LOOK_TIMEOUT_S + LEAST_SEND_S):
            return OUT_OF_TIME
        deadline_s = self._timeout_s(LOOK_TIMEOUT_S)
        unknown = unknown_answers(dependencies.engine, instantly, draft, job, trigger, deadline_s=deadline_s)
        if not unknown:
            return None
        with self._dependencies.engine.begin() as connection:
            hold_lead(connection, job)
            adopted = [
                adopt(connection, job.client_id, job.lead_id, draft.lead_email, email, now=self._dependencies.now())
                for email in unknown
            ]
            # Where an event has recorded the mail just now, nothing was adopted; the draft is answered all the same.
            move_draft(
                committing(connection),
                draft.id,
                allowed=SENDABLE_DRAFT_STATUSES,
                status=DraftStatus.SUPERSEDED,
                rule=DraftRule.ANSWERED_AT_PROVIDER,
            )
        emit(Metric.SEND_RESULT, result="answered_before")
        if any(one is not None and one.draft_id == draft.id for one in adopted):
            save_steps(self._dependencies.engine, job, {"send": {"result": "sent"}})
            return Done("sent before")
        return self._finish("blocked", rule=DraftRule.ANSWERED_AT_PROVIDER)

    def _claim(self, trigger: Email, mailbox: str) -> Outcome | None:
        """Commits the intent under the lead's lock, or says why the draft is not sent any more."""
        job, draft = self._job, self._draft
        context = self._context or load_reply_context(self._dependencies.engine, draft.trigger_message_id)
        if context is None:
            return Skip("the message is gone")
        with self._dependencies.engine.begin() as connection:
            hold_lead(connection, job, for_send=True)
            if self.automated and draft.has_daily_cap:
                lock_daily_cap(connection, job.client_id)
            state = load_gate_state(connection, draft.id, draft.trigger_message_id)
            verdict = self._claimable(connection, context, state, trigger, mailbox)
            if isinstance(verdict, Decision):
                status = (
                    DraftStatus.SUPERSEDED if verdict.action is DecisionAction.NOTHING else DraftStatus.NEEDS_REVIEW
                )
                move_draft(
                    committing(connection),
                    draft.id,
                    allowed=SENDABLE_DRAFT_STATUSES,
                    status=status,
                    rule=verdict.rule,
                    finding=verdict.finding,
                )
        match verdict:
            case Defer():
                return verdict
            case Decision():
                return self._finish("blocked", rule=verdict.rule)
            case str(reason):
                return self.skip(reason)
            case None:
                # What was claimed is what is sent: a person may have edited it since it was first read.
                self._draft = replace(draft, subject=state.draft_subject, body=state.draft_body)
                return None

    def _claimable(
        self, connection: Connection, context: ReplyContext, state: GateState, trigger: Email, mailbox: str
    ) -> Decision | Defer | str | None:
        """None once the draft is claimed; else the decision that stops it, or why it is not to be had, or not yet."""
        draft = self._draft
        if state.draft_status is not draft.status:
            return f"the draft is {state.draft_status}"
        if state.pause is not None and stops_sending(state.pause, automated=self.automated):
            return while_paused(state.pause, self._dependencies.time_scale)
        if self.automated:
            decision = blocked_by(gate_facts(context, context.message.sentiment or Tag.NEUTRAL, state))
        else:
            decision = _blocks_approved(state.suppressed, not state.is_newest_message, state.newer_outbound)
        if decision is None and not may_leave(state.draft_body, state.draft_subject):
            decision = UNSEEN_CHARACTERS
        if decision is not None:
            return decision
        claimed = claim_send(
            committing(connection),
            self._job,
            draft.id,
            automated=self.automated,
            thread_id=trigger.thread_id,
            from_email=trigger.from_email,
            mailbox=mailbox,
        )
        return None if claimed else "the draft has been sent, or may have been"

    def _call(self, instantly: InstantlyClient, trigger: Email, mailbox: str) -> Outcome:
        subject = reply_subject(self._draft.subject, trigger.subject)
        try:
            sent = instantly.reply(
                reply_to_uuid=trigger.id,
                eaccount=mailbox,
                subject=subject,
                body_text=self._draft.body,
                timeout_s=self._timeout_s(SEND_TIMEOUT_S),
            )
        except (RateLimited, NotSent) as error:
            self._settle(OutboundSendStatus.REFUSED, self._draft.status, str(error))
            emit(Metric.SEND_RESULT, result="not_sent")
            return Retry(f"not sent: {error}", after_s=error.retry_after_s)
        except Refused as error:
            if error.is_credential:
                self._settle(OutboundSendStatus.REFUSED, self._draft.status, str(error))
                raise
            self._settle(
                OutboundSendStatus.REFUSED,
                DraftStatus.NEEDS_REVIEW,
                str(error),
                rule=DraftRule.PROVIDER_REFUSED,
                finding=str(error),
            )
            emit(Metric.SEND_RESULT, result="refused")
            return self._finish("refused", error=str(error))
        except Uncertain as error:
            return self.give_up_uncertain(str(error))
        if not self._record(sent, trigger, mailbox, subject):
            return self.give_up_uncertain(f"the provider's answer names another e-mail ({sent.id})")
        emit(Metric.SEND_RESULT, result="sent")
        return Done("sent")

    def _record(self, sent: SentEmail, trigger: Email, mailbox: str, subject: str) -> bool:
        # As the webhook makes it for an email_sent event, which may lack the provider's id.
        content = content_key(self._draft.provider_campaign_id, self._draft.lead_email, self._draft.body, subject)
        return record_sent(
            self._dependencies.engine,
            self._job,
            self._draft.id,
            message_id=MessageId(uuid7()),
            subject=subject,
            provider_message_id=sent.id,
            thread_id=sent.thread_id or trigger.thread_id,
            mailbox=mailbox,
            sent_at=sent.timestamp_created,
            reply_key=reply_key(sent.id, content, b""),
            content_key=content,
            settled_by="response",
            step={"result": "sent", "provider_message_id": sent.id},
        )

    def give_up_uncertain(self, error: str) -> Outcome:
        """The mail may have left: never sent again blindly. Maintenance looks for it in the thread."""
        self._settle(
            OutboundSendStatus.UNCERTAIN,
            DraftStatus.SEND_UNCERTAIN,
            error,
            rule=DraftRule.SEND_UNCERTAIN,
        )
        emit(Metric.SEND_RESULT, result="uncertain")
        return self._finish("uncertain", error=error)

    def _settle(
        self,
        status: OutboundSendStatus,
        draft_status: DraftStatus,
        error: str,
        *,
        rule: DraftRule | None = None,
        finding: str = "",
    ) -> None:
        with self._dependencies.engine.begin() as connection:
            hold_lead(connection, self._job)
            settle_intended_send(
                committing(connection),
                self._draft.id,
                status=status,
                draft_status=draft_status,
                error=error,
                rule=rule,
                finding=finding,
            )

    def _hand_to_person(self, rule: DraftRule, finding: str = "", *, trigger: Email | None = None) -> Outcome:
        with self._dependencies.engine.begin() as connection:
            hold_lead(connection, self._job)
            if trigger is not None and trigger.may_be_from(self._draft.lead_email):
                keep_trigger(connection, self._draft.id, thread_id=trigger.thread_id, from_email=trigger.from_email)
            move_draft(
                committing(connection),
                self._draft.id,
                allowed=SENDABLE_DRAFT_STATUSES,
                status=DraftStatus.NEEDS_REVIEW,
                rule=rule,
                finding=finding,
            )
        return self._finish("needs review", rule=rule)

    def skip(self, reason: str) -> Outcome:
        """Not this job's to send: the step is over all the same, and a finished job has finished all of its steps."""
        save_steps(self._dependencies.engine, self._job, {"send": {"result": "not sent", "reason": reason}})
        return Skip(reason)

    def _finish(self, result: str, **details: Any) -> Outcome:
        """The send step is over without a mail that is known to have left."""
        save_steps(self._dependencies.engine, self._job, {"send": {"result": result, **details}})
        return Done(result if "rule" not in details else f"{result} ({details['rule']})")

    def _has_time_for(self, needed_s: float) -> bool:
        """Whether this invocation can make its calls and still record how they ended.

        Asked before the claim: a call that is cut short for lack of time leaves a mail of which nobody knows.
        """
        return self._run.remaining_s() > (needed_s + RECORD_RESERVE_S) * self._dependencies.time_scale

    def _timeout_s(self, most_s: float) -> float:
        scale = self._dependencies.time_scale
        return max(0.1, min(most_s, self._run.remaining_s() - RECORD_RESERVE_S * scale))


def _blocks_approved(suppressed: bool, newer_reply: bool, newer_outbound: bool) -> Decision | None:
    """What stops even a draft that a person has approved: the world has changed since."""
    for applies, rule in (
        (suppressed, DraftRule.SUPPRESSED),
        (newer_reply, DraftRule.NEWER_MESSAGE),
        (newer_outbound, DraftRule.NEWER_OUTBOUND),
    ):
        if applies:
            return Decision(DecisionAction.NOTHING, rule)
    return None
