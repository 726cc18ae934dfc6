"""The third step: the decision whether a draft leaves without a person, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from shared.ai.errors import ModelError, ModelRejected, OutOfTime
from shared.ai.models import EVALUATION_MODEL
from shared.ai.tasks.reply_evaluation import EvaluationInput, evaluate_reply
from shared.db.drafts import save_decision
from shared.db.gate_state import GateState, load_gate_state
from shared.db.job_leases import hold_lead
from shared.db.outbox import assert_job
from shared.db.transactions import autocommit, committing
from shared.domain.channels import CHANNELS
from shared.domain.drafting.auto_send_gate import Decision, after_evaluation, blocked_by
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.drafting.quiet_hours import earliest
from shared.domain.drafting.sending_window import delayed
from shared.domain.vocabulary import DecisionAction, DraftStatus, JobType, known
from shared.observability import Metric, emit
from shared.pipelines.reply.draft import Drafted, draft_input
from shared.pipelines.reply.reply_gate import DEFAULT_THRESHOLD, gate_facts
from shared.pipelines.reply.reply_run import ReplyRun
from shared.pipelines.reply.understand import Understanding

EVALUATION_ATTEMPTS = 3  # an outage of the model is waited out twice; then a person decides
MIN_DELAY = timedelta(seconds=1)  # a delay shorter than this is none

STATUS_OF_ACTION = {
    DecisionAction.SEND_NOW: DraftStatus.PENDING,
    DecisionAction.SEND_LATER: DraftStatus.PENDING,
    DecisionAction.NEEDS_REVIEW: DraftStatus.NEEDS_REVIEW,
    DecisionAction.NOTHING: DraftStatus.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Decided:
    """The step's checkpoint."""

    action: DecisionAction
    rule: str  # as it is stored: the release before knows other ones

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> Decided:
        return cls(known(DecisionAction, step["action"]), step["rule"])


def decide(work: ReplyRun, understanding: Understanding, drafted: Drafted) -> Decided:
    """Asks the gate, then the model, and stores the decision with the job of a delayed send."""
    job, message, draft_id = work.job, work.context.message, drafted.draft_id
    assert draft_id is not None  # noqa: S101 (the caller's own check, for the type checker)
    with autocommit(work.dependencies.engine) as connection:
        state = load_gate_state(connection, draft_id, message.id)
    leaves_at = _leaves_at(work)
    due = leaves_at if leaves_at is not None and leaves_at - work.dependencies.now() >= MIN_DELAY else None
    decision = _judge(work, understanding, drafted, state, due, never_leaves=leaves_at is None)
    if decision.action is not DecisionAction.SEND_NOW:
        due = None
    elif due is not None:
        decision = replace(decision, action=DecisionAction.SEND_LATER)
    steps: dict[str, dict[str, Any]] = {"decide": {"action": decision.action, "rule": decision.rule}}
    if decision.action is not DecisionAction.SEND_NOW:
        steps["send"] = {"result": "not sent here", "rule": decision.rule}
    with work.telemetry.step_transaction() as (connection, interactions):
        hold_lead(connection, job)
        taken = save_decision(
            committing(connection) if due is None else connection,
            job,
            draft_id,
            decision,
            STATUS_OF_ACTION[decision.action],
            steps=steps,
            interactions=interactions,
        )
        if due is not None and taken:
            assert_job(
                connection,
                JobType.SEND_REPLY,
                job.client_id,
                job.lead_id,
                subject_id=draft_id,
                message_id=message.id,
                draft_id=draft_id,
                delay_s=(due - work.dependencies.now()).total_seconds() * work.dependencies.time_scale,
                trace_id=job.trace_id,
            )
    emit(Metric.DECISION, action=decision.action.value)
    return Decided(decision.action, decision.rule)


def _judge(
    work: ReplyRun,
    understanding: Understanding,
    drafted: Drafted,
    state: GateState,
    due: datetime | None,
    *,
    never_leaves: bool,
) -> Decision:
    """Gate first, then the model; whatever goes wrong on the way ends with a person."""
    if state.draft_status is not DraftStatus.PENDING:
        return Decision(DecisionAction.NOTHING, DraftRule.DRAFT_STATUS, state.draft_status)
    campaign = work.context.campaign
    if work.promise is not None and not (campaign is not None and campaign.auto_send_follow_ups):
        return Decision(DecisionAction.NEEDS_REVIEW, DraftRule.FOLLOW_UP)
    facts = gate_facts(work.context, understanding.tag, state, drafted.failed_checks, leaves_at=due)
    facts = replace(facts, never_leaves=never_leaves)
    blocked = blocked_by(facts)
    if blocked is not None:
        return blocked
    model = work.context.workspace.settings.evaluation_model or EVALUATION_MODEL
    writer = draft_input(work, understanding.tag)
    try:
        verdict = evaluate_reply(
            work.dependencies.model(),
            # What the gate has let pass is kept: by a clock, or by people who work the list.
            EvaluationInput(writer, state.draft_subject, state.draft_body, promises=state.commitments),
            model=model,
            deadline=work.deadline(),
            record=work.telemetry.record,
        )
    except ModelRejected as error:
        return Decision(DecisionAction.NEEDS_REVIEW, DraftRule.EVALUATION_FAILED, error.reason)
    except OutOfTime:
        raise  # a fresh invocation has the time
    except ModelError as error:
        if work.job.attempts < EVALUATION_ATTEMPTS:
            raise
        return Decision(DecisionAction.NEEDS_REVIEW, DraftRule.EVALUATION_UNAVAILABLE, error.reason)
    return after_evaluation(
        verdict.findings,
        confidence=verdict.confidence,
        threshold=campaign.auto_send_threshold if campaign else DEFAULT_THRESHOLD,
        model=model,
    )


def _leaves_at(work: ReplyRun) -> datetime | None:
    """Returns when a draft that may be sent leaves: after its delay, in the sending window and the channel's hours.

    None: window and hours have no moment in common.
    """
    settings, message, now = work.context.workspace.settings, work.context.message, work.dependencies.now()
    return earliest(
        delayed(message.received_at, now, settings.delay_s, message.id),
        sending=settings.next_sending_time,
        channel=CHANNELS[message.channel],
        number=message.from_email,
        timezone=settings.timezone,
    )
