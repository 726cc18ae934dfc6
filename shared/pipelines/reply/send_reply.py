"""The send protocol: at most one message per draft, since a duplicate is worse than a miss; none against an objection.

Before the call the intent is committed (draft SENDING, send INTENDED); after it the result is. Whatever may have left
is never sent again: without a certain answer both become uncertain, and the thread or a person settles them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.db.outbound_sends import record_queued
from shared.db.recorded_sends import SentAs, record_sent
from shared.db.reply_context import ReplyContext
from shared.db.sendable_drafts import load_sendable_draft
from shared.domain.channels import CHANNELS
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.drafting.quiet_hours import earliest
from shared.domain.identity import names_of, person_key
from shared.domain.pauses import stops_sending
from shared.domain.reply_identity import content_key
from shared.domain.text.reply_subject import subject_on
from shared.domain.vocabulary import (
    SENDABLE_DRAFT_STATUSES,
    DecisionAction,
    DraftId,
    DraftStatus,
    OutboundSendStatus,
    WaitingFor,
)
from shared.jobs.consumer import Run
from shared.jobs.outcomes import DeadLetter, Defer, Done, Outcome, Retry, Skip
from shared.observability import Metric, emit
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.disabled_workspace import while_disabled
from shared.pipelines.pauses import while_paused
from shared.pipelines.reply.before_send import answered_before, objection_to, withdraw
from shared.pipelines.reply.send_attempt import OUT_OF_TIME, SendAttempt
from shared.pipelines.reply.send_claim import claim
from shared.providers.account_values import NotAnswerable, Outgoing, Queued, Sent, Trigger
from shared.providers.errors import NotSent, RateLimited, Refused, Uncertain
from shared.providers.message_ids import message_key
from shared.providers.protocol import Account

LOOK_TIMEOUT_S = 10.0
CONSENT_TIMEOUT_S = 10.0
SEND_TIMEOUT_S = 30.0
LEAST_SEND_S = 15.0  # what must be left for claim and call: a provider's response takes a second or two
AUTOMATED_ACTIONS = (DecisionAction.SEND_NOW, DecisionAction.SEND_LATER)


def run_send_reply(dependencies: Dependencies, run: Run) -> Outcome:
    """Runs the job of an approved draft or of a delayed send."""
    if run.job.draft_id is None:
        return DeadLetter("the job names no draft")
    return send_draft(dependencies, run, run.job.draft_id)


def send_draft(dependencies: Dependencies, run: Run, draft_id: DraftId, context: ReplyContext | None = None) -> Outcome:
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
    attempt = SendAttempt(dependencies, run, draft, context)
    if draft.send_status is OutboundSendStatus.INTENDED:
        if draft.send_job_id != job.id:
            return attempt.skip("another job is sending this draft")
        return attempt.give_up_uncertain("the worker that was sending it was lost")
    if draft.status not in SENDABLE_DRAFT_STATUSES:
        return attempt.skip(f"the draft is {draft.status}")
    if draft.client_disabled:
        return while_disabled(dependencies.time_scale)
    if attempt.automated and draft.action not in AUTOMATED_ACTIONS:
        return attempt.skip("nothing has decided to send this draft")
    if draft.pause is not None and stops_sending(draft.pause, automated=attempt.automated):
        return while_paused(draft.pause, dependencies.time_scale)
    if draft.account_disabled:
        return attempt.hand_to_person(DraftRule.ACCOUNT_DISABLED)
    return _wait(attempt) or _send(attempt)


def _wait(attempt: SendAttempt) -> Outcome | None:
    """Defers a send while the client's sending window is closed, or it is too early or too late at the lead's place.

    The window is for automatic sends. The hours of a channel hold for approved ones, too: the law asks when a phone
    rings, not who has pressed the button. A window that is never open in those hours is for a person to settle.
    """
    draft, now = attempt.draft, attempt.dependencies.now()
    window = draft.settings.next_sending_time if attempt.automated else _always
    opens = earliest(
        now,
        sending=window,
        channel=CHANNELS[draft.channel],
        number=draft.sender,
        timezone=draft.settings.timezone,
    )
    if opens is None:
        return attempt.hand_to_person(DraftRule.NO_COMMON_HOUR)
    if opens - now < timedelta(seconds=1):
        return None
    waits_for = WaitingFor.SENDING_WINDOW if window(now) > now else WaitingFor.QUIET_HOURS
    return Defer((opens - now).total_seconds() * attempt.dependencies.time_scale, waits_for)


def _always(moment: datetime) -> datetime:
    return moment


def _send(attempt: SendAttempt) -> Outcome:
    """Look at the trigger and at the person, claim, call, record."""
    account = attempt.dependencies.accounts(attempt.draft.account)
    if not attempt.has_time_for(LOOK_TIMEOUT_S + CONSENT_TIMEOUT_S + LEAST_SEND_S):
        return OUT_OF_TIME
    trigger = _look(attempt, account)
    if not isinstance(trigger, Trigger):
        return trigger
    try:
        objection = objection_to(account, attempt.draft, timeout_s=attempt.timeout_s(CONSENT_TIMEOUT_S))
    except Refused as error:
        if error.is_credential:
            raise
        return attempt.hand_to_person(DraftRule.CONSENT_UNKNOWN, str(error))
    if objection is not None:
        return withdraw(attempt, objection)
    answered = answered_before(attempt, account, trigger, reserve_s=LEAST_SEND_S)
    if answered is not None:
        return answered
    if trigger.our_address is None:
        return attempt.hand_to_person(DraftRule.NO_MAILBOX)
    if not attempt.has_time_for(LEAST_SEND_S):
        return OUT_OF_TIME
    blocked = claim(attempt, trigger, trigger.our_address)
    if blocked is not None:
        return blocked
    return _call(attempt, account, trigger, trigger.our_address)


def _look(attempt: SendAttempt, account: Account) -> Trigger | Outcome:
    """The lead's message as the provider shows it, unless it must not be answered without a person, or at all."""
    draft = attempt.draft
    try:
        trigger = account.look_at_trigger(draft.handle, timeout_s=attempt.timeout_s(LOOK_TIMEOUT_S))
    except Refused as error:
        if error.is_credential:
            raise
        return attempt.hand_to_person(DraftRule.TRIGGER_NOT_FOUND, str(error))
    if isinstance(trigger, NotAnswerable):
        return attempt.hand_to_person(trigger.rule, trigger.finding)
    if attempt.automated and trigger.sender is not None and trigger.sender not in names_of(draft.person):
        return attempt.hand_to_person(DraftRule.ANOTHER_SENDER, trigger=trigger)
    if attempt.automated and trigger.automatic:
        return attempt.hand_to_person(DraftRule.PROVIDER_SAYS_AUTOMATIC, trigger=trigger)
    return trigger


def _call(attempt: SendAttempt, account: Account, trigger: Trigger, our_address: str) -> Outcome:
    """Has the claimed draft sent, once, and records how that ended."""
    draft = attempt.draft
    subject = subject_on(CHANNELS[draft.channel], draft.subject, trigger.subject)
    outgoing = Outgoing(subject, draft.body, draft.provider_campaign_id, draft.copies)
    try:
        sent = account.send(trigger.handle, outgoing, timeout_s=attempt.timeout_s(SEND_TIMEOUT_S))
    except (RateLimited, NotSent) as error:
        attempt.settle(OutboundSendStatus.REFUSED, draft.status, str(error))
        emit(Metric.SEND_RESULT, result="not_sent")
        return Retry(f"not sent: {error}", after_s=error.retry_after_s)
    except Refused as error:
        if error.is_credential:
            attempt.settle(OutboundSendStatus.REFUSED, draft.status, str(error))
            raise
        attempt.settle(
            OutboundSendStatus.REFUSED,
            DraftStatus.NEEDS_REVIEW,
            str(error),
            rule=DraftRule.PROVIDER_REFUSED,
            finding=str(error),
        )
        emit(Metric.SEND_RESULT, result="refused")
        return attempt.finish("refused", error=str(error))
    except Uncertain as error:
        return attempt.give_up_uncertain(str(error))
    if isinstance(sent, Queued):
        return _queued(attempt, sent, trigger)
    if not _record(attempt, outgoing, sent, trigger, our_address):
        return attempt.give_up_uncertain(f"the provider's answer names another e-mail ({sent.message_id})")
    emit(Metric.SEND_RESULT, result="sent")
    return Done("sent")


def _queued(attempt: SendAttempt, queued: Queued, trigger: Trigger) -> Outcome:
    """Records what the provider has taken: its own report says later whether it left."""
    record_queued(
        attempt.dependencies.engine,
        attempt.job,
        attempt.draft.id,
        provider_message_id=queued.message_id,
        thread_id=queued.thread_id or trigger.thread_id,
        step={"result": "queued", "provider_message_id": queued.message_id},
    )
    emit(Metric.SEND_RESULT, result="queued")
    return Done("queued")


def _record(attempt: SendAttempt, outgoing: Outgoing, sent: Sent, trigger: Trigger, our_address: str) -> bool:
    """Records what has left; False when its id is known to be another message's."""
    draft = attempt.draft
    thread_id = sent.thread_id or trigger.thread_id
    # As the webhook makes it for the provider's own report of the send, which may lack the provider's id.
    content = content_key(draft.provider_campaign_id, person_key(draft.person) or "", draft.body, outgoing.subject)
    return record_sent(
        attempt.dependencies.engine,
        attempt.job,
        draft.id,
        SentAs(
            provider_message_id=sent.message_id,
            thread_id=thread_id,
            mailbox=our_address,
            subject=outgoing.subject,
            sent_at=sent.sent_at,
            reply_key=None if sent.message_id is None else message_key(draft.account, thread_id, sent.message_id),
            content_key=content,
        ),
        step={"result": "sent", "provider_message_id": sent.message_id},
    )
