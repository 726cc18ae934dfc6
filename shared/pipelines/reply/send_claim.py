"""The claim of a send: from its commit on the draft is on the wire, and nothing else may send it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from shared.db.drafts import move_draft
from shared.db.gate_state import GateState, load_gate_state
from shared.db.job_leases import hold_lead
from shared.db.outbound_sends import claim_send, lock_daily_cap
from shared.db.reply_context import ReplyContext, load_reply_context
from shared.db.transactions import committing
from shared.domain.channels import CHANNELS, ChannelRules
from shared.domain.drafting.auto_send_gate import Decision, blocked_by
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.drafting.outgoing_text import may_leave
from shared.domain.pauses import stops_sending
from shared.domain.vocabulary import SENDABLE_DRAFT_STATUSES, DecisionAction, DraftStatus, Tag
from shared.jobs.outcomes import Defer, Outcome, Skip
from shared.pipelines.pauses import while_paused
from shared.pipelines.reply.reply_gate import gate_facts
from shared.pipelines.reply.send_attempt import SendAttempt
from shared.providers.account_values import Trigger


def claim(attempt: SendAttempt, trigger: Trigger, our_address: str) -> Outcome | None:
    """Commits the intent under the lead's lock, or says why the draft is not sent any more."""
    dependencies, job, draft = attempt.dependencies, attempt.job, attempt.draft
    context = attempt.context or load_reply_context(dependencies.engine, draft.trigger_message_id)
    if context is None:
        return Skip("the message is gone")
    with dependencies.engine.begin() as connection:
        hold_lead(connection, job, for_send=True)
        if attempt.automated and draft.settings.daily_send_cap is not None:
            lock_daily_cap(connection, job.client_id)
        state = load_gate_state(connection, draft.id, draft.trigger_message_id)
        verdict = _claim(attempt, connection, context, state, trigger, our_address)
        if isinstance(verdict, Decision):
            status = DraftStatus.SUPERSEDED if verdict.action is DecisionAction.NOTHING else DraftStatus.NEEDS_REVIEW
            move_draft(
                committing(connection),
                draft.id,
                allowed=SENDABLE_DRAFT_STATUSES,
                status=status,
                rule=verdict.rule,
                finding=verdict.finding,
                by=verdict.by,
            )
    match verdict:
        case Defer():
            return verdict
        case Decision():
            return attempt.finish("blocked", rule=verdict.rule)
        case str(reason):
            return attempt.skip(reason)
        case None:
            # What was claimed is what is sent: a person may have edited it since it was first read.
            attempt.draft = replace(draft, subject=state.draft_subject, body=state.draft_body)
            return None


def _claim(
    attempt: SendAttempt,
    connection: Connection,
    context: ReplyContext,
    state: GateState,
    trigger: Trigger,
    our_address: str,
) -> Decision | Defer | str | None:
    """None once the draft is claimed; else the decision that stops it, or why it is not to be had, or not yet."""
    draft = attempt.draft
    if state.draft_status is not draft.status:
        return f"the draft is {state.draft_status}"
    if state.pause is not None and stops_sending(state.pause, automated=attempt.automated):
        return while_paused(state.pause, attempt.dependencies.time_scale)
    if attempt.automated:
        decision = blocked_by(gate_facts(context, context.message.sentiment or Tag.NEUTRAL, state))
    else:
        decision = _blocks_approved(state)
    decision = decision or blocks_text(state.draft_body, state.draft_subject, CHANNELS[draft.channel])
    if decision is not None:
        return decision
    claimed = claim_send(
        committing(connection),
        attempt.job,
        draft.id,
        automated=attempt.automated,
        thread_id=trigger.thread_id,
        from_email=trigger.sender,
        mailbox=our_address,
        account_id=draft.account.id,
    )
    return None if claimed else "the draft has been sent, or may have been"


def blocks_text(text: str, subject: str, channel: ChannelRules) -> Decision | None:
    """Says what of a text must not leave on a channel, whoever has written it."""
    if not may_leave(text, subject):
        return Decision(DecisionAction.NEEDS_REVIEW, DraftRule.UNSEEN_CHARACTERS)
    if channel.longest is not None and channel.longest.excess(text):
        return Decision(DecisionAction.NEEDS_REVIEW, DraftRule.TOO_LONG, str(channel.longest))
    return None


def _blocks_approved(state: GateState) -> Decision | None:
    """What stops even a draft that a person has approved: the world has changed since."""
    for applies, rule, action in (
        (state.suppressed, DraftRule.SUPPRESSED, DecisionAction.NOTHING),
        (not state.is_newest_message, DraftRule.NEWER_MESSAGE, DecisionAction.NOTHING),
        (state.newer_outbound, DraftRule.NEWER_OUTBOUND, DecisionAction.NOTHING),
        (state.held, DraftRule.HELD, DecisionAction.NEEDS_REVIEW),
    ):
        if applies:
            return Decision(action, rule)
    return None
