"""Understand a reply, draft the answer, decide about it, send it: four steps, each with one checkpoint.

A step's effects and its checkpoint are one transaction; no transaction is open while a model or the provider is
called. A retry resumes after the last checkpoint, so nothing that was finished is paid for or done again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from shared.ai.deadline import DEFAULT_LEAST_S, DEFAULT_RESERVE_S, Deadline
from shared.ai.errors import ModelError, ModelRejected, OutOfTime
from shared.ai.models import DRAFT_MODEL, EVALUATION_MODEL, SENTIMENT_MODEL
from shared.ai.tasks.draft import DraftInput, DraftRepair, DraftResult, failed_checks, write_draft
from shared.ai.tasks.reply_evaluation import EvaluationInput, evaluate_reply
from shared.ai.tasks.sentiment import SentimentInput, SentimentResult, classify_sentiment
from shared.db.job_leases import ClaimedJob, hold_lead, save_steps
from shared.db.leads import is_suppression_dismissed
from shared.db.outbox import assert_job, dedupe_key
from shared.db.replies import (
    GateState,
    ReplyContext,
    UnderstoodReply,
    load_gate_state,
    load_reply_context,
    restart_overtaken_reply,
    save_decision,
    save_draft,
    save_understanding,
)
from shared.domain.drafting.auto_send_gate import OVERTAKEN, Decision, after_evaluation, blocked_by
from shared.domain.drafting.sending_window import SendingWindow, delayed, next_opening, time_zone
from shared.domain.identifiers import uuid7
from shared.domain.judgement.absence import stated_return_date
from shared.domain.judgement.certain_rules import Judgement, judge
from shared.domain.judgement.opt_out_evidence import words_occur
from shared.domain.tags import AUTOMATIC_TAGS, draft_wanted, status_after, with_evidence
from shared.domain.vocabulary import (
    DecisionAction,
    Direction,
    DraftId,
    DraftStatus,
    JobType,
    SentimentSource,
    SuppressionReason,
    Tag,
    known,
)
from shared.jobs.consumer import Run
from shared.jobs.outcomes import DeadLetter, Done, Outcome, Skip
from shared.observability import Metric, emit
from shared.pipelines.dependencies import ConsumerDependencies
from shared.pipelines.disabled_workspace import while_disabled
from shared.pipelines.reply.find_sender import with_sender
from shared.pipelines.reply.reply_context import lead_of, quoted_original_of, reply_of, rest_of, thread_of, workspace_of
from shared.pipelines.reply.reply_gate import DEFAULT_THRESHOLD, gate_facts
from shared.pipelines.reply.send_reply import send_draft
from shared.pipelines.reply.telemetry import Telemetry
from shared.pipelines.suppression.suppress_lead import DismissedMeanwhile, SuppressionEvidence, suppress_lead

RESUME_AT = time(9, 0)  # when follow-ups go on, on the day that an absence notice names
EVALUATION_ATTEMPTS = 3  # an outage of the model is waited out twice; then a person decides
MIN_DELAY = timedelta(seconds=1)  # a delay shorter than this is none

STATUS_OF_ACTION = {
    DecisionAction.SEND_NOW: DraftStatus.PENDING,
    DecisionAction.SEND_LATER: DraftStatus.PENDING,
    DecisionAction.NEEDS_REVIEW: DraftStatus.NEEDS_REVIEW,
    DecisionAction.NOTHING: DraftStatus.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Understanding:
    """The understand step's checkpoint."""

    tag: Tag
    is_auto_reply: bool
    is_overtaken: bool
    suppressed: bool

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> Understanding:
        # A checkpoint of the release before only says whether the reply was the newest.
        is_overtaken = step.get("is_overtaken", not step["is_newest"])
        return cls(known(Tag, step["tag"]), step["is_auto_reply"], is_overtaken, step["suppressed"])


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft step's checkpoint; without an id no draft was wanted and ``reason`` says why."""

    draft_id: DraftId | None
    status: DraftStatus | None = None
    failed_checks: tuple[str, ...] = ()
    reason: str = ""

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> Drafted:
        if step.get("draft_id") is None:
            return cls(draft_id=None, reason=step.get("reason", ""))
        return cls(DraftId(UUID(step["draft_id"])), known(DraftStatus, step["status"]), tuple(step["failed_checks"]))


def process_reply(dependencies: ConsumerDependencies, run: Run) -> Outcome:
    """Runs the four steps for the job's message, resuming where an earlier run stopped."""
    job = run.job
    if job.message_id is None:
        return DeadLetter("the job names no message")
    context = load_reply_context(dependencies.engine, job.message_id)
    reason = _not_ours(job, context)
    if context is None or reason:
        return Skip(reason or "the message is gone")
    if context.workspace.client_disabled:
        return while_disabled(dependencies.time_scale)
    if "understand" not in job.steps:
        context = with_sender(dependencies, run, context)
    telemetry = Telemetry(dependencies.engine, job)
    work = _Work(dependencies, run, context, telemetry)
    try:
        understanding = work.understand()
        drafted = work.draft(understanding)
        if drafted.draft_id is None:
            return Done(f"{understanding.tag}: {drafted.reason}")
        decision = work.decide(understanding, drafted)
        if decision.action is not DecisionAction.SEND_NOW:
            return Done(f"{understanding.tag}: {decision.action} ({decision.rule})")
        understood = replace(context, message=replace(context.message, sentiment=understanding.tag))
        return send_draft(dependencies, run, drafted.draft_id, understood)
    finally:
        telemetry.flush()


def _not_ours(job: ClaimedJob, context: ReplyContext | None) -> str:
    """Why there is nothing to do for this job; empty when there is."""
    if context is None:
        return "the message is gone"
    message = context.message
    if message.client_id != job.client_id or message.lead_id != job.lead_id:
        return "the message is not of the job's client and lead"
    if message.direction is not Direction.INBOUND:
        return "the message is outbound"
    return ""


@dataclass(frozen=True, slots=True)
class _Work:
    """The steps of one run over one message."""

    dependencies: ConsumerDependencies
    run: Run
    context: ReplyContext
    telemetry: Telemetry

    # --- 1 understand ---------------------------------------------------------------------------------------------

    def understand(self) -> Understanding:
        job, context = self.run.job, self.context
        if "understand" in job.steps:
            return Understanding.of(job.steps["understand"])
        message = context.message
        judgement = judge(
            message.clean_text,
            message.subject,
            event_type="auto_reply_received" if message.is_auto_reply else None,
            from_email=message.from_email,
        )
        source, verdict = self._tag(judgement)
        is_auto_reply = message.is_auto_reply or judgement.is_auto_reply or verdict.tag in AUTOMATIC_TAGS
        evidence = self._suppression(judgement, source, verdict)

        with self.telemetry.step_transaction() as (connection, interactions):
            held = hold_lead(connection, job)
            if evidence is not None and is_suppression_dismissed(connection, message.id):
                raise DismissedMeanwhile
            tag = with_evidence(verdict.tag, meeting_evidence=held.meeting_evidence)
            suppress = evidence is not None and not held.suppressed
            is_overtaken, scoring_job = save_understanding(
                connection,
                job,
                UnderstoodReply(
                    message_id=message.id,
                    from_email=message.from_email,
                    thread_id=message.thread_id,
                    tag=tag,
                    source=source,
                    reason=verdict.reason,
                    is_auto_reply=is_auto_reply,
                    lead_sentiment=_lead_sentiment(tag, held.sentiment, is_auto_reply),
                    # A Blacklist's status comes with its suppression, which keeps the one from before for an undoing.
                    lead_status=None
                    if is_auto_reply or held.suppressed or tag is Tag.BLACKLIST
                    else status_after(tag, held.status, meeting_evidence=held.meeting_evidence),
                    absent_until=self._absent_until(tag),
                ),
                scoring_key=dedupe_key(job.client_id, message.id, JobType.LEAD_SCORING),
                step={"tag": tag, "is_auto_reply": is_auto_reply, "suppressed": held.suppressed or suppress},
                interactions=interactions,
            )
            following = [scoring_job] if scoring_job else []
            if is_auto_reply and not message.is_auto_reply:  # which only this run has found out
                overtaken = restart_overtaken_reply(connection, job, message.id)
                following += [overtaken] if overtaken else []
            if evidence is not None:
                suppress_job = suppress_lead(connection, job.client_id, job.lead_id, evidence, trace_id=job.trace_id)
                following += [suppress_job] if suppress_job else []
        self.dependencies.publisher.publish(self.dependencies.engine, following)
        return Understanding(tag, is_auto_reply, is_overtaken, held.suppressed or suppress)

    def _tag(self, judgement: Judgement) -> tuple[SentimentSource, SentimentResult]:
        """The message's own sentiment if it has one, else the certain rules', else the model's.

        Where a rule says something else than the message's own, it knows more by now: the sender.
        """
        message, context = self.context.message, self.context
        undone = message.suppression_dismissed and message.sentiment is Tag.BLACKLIST
        known = None if undone or message.sentiment_source is None else message.sentiment
        dismissed = message.suppression_dismissed and judgement.opt_out is not None
        if judgement.tag not in (None, known) and not dismissed:
            match = judgement.opt_out or judgement.bounce or judgement.automatic
            return SentimentSource.RULE, SentimentResult(judgement.tag, match.rule if match else "", "")
        if known is not None and message.sentiment_source is not None:
            return message.sentiment_source, SentimentResult(known, "known when it came", "")
        if not message.clean_text and not message.subject.strip():
            return SentimentSource.RULE, SentimentResult(Tag.NEUTRAL, "the reply is empty", "")
        result = classify_sentiment(
            self.dependencies.model(),
            SentimentInput(
                reply=reply_of(context),
                history=thread_of(context),
                workspace=workspace_of(context.workspace),
                lead=lead_of(context),
                now=self.dependencies.now(),
                quoted_original=quoted_original_of(context),
                meeting_is_booked=context.lead.meeting_evidence,
            ),
            model=context.workspace.sentiment_model or SENTIMENT_MODEL,
            deadline=self._deadline(),
            record=self.telemetry.record,
        )
        return SentimentSource.MODEL, result

    def _suppression(
        self, judgement: Judgement, source: SentimentSource, verdict: SentimentResult
    ) -> SuppressionEvidence | None:
        """Why the lead has to be suppressed, or None: certain rules, or a model that quotes the lead's own words."""
        message = self.context.message
        if message.suppression_dismissed:
            return None
        for match, reason in (
            (judgement.bounce, SuppressionReason.BOUNCED),
            (judgement.opt_out, SuppressionReason.OPT_OUT),
        ):
            if match is not None:
                return SuppressionEvidence(reason, match.rule, match.words, message.id)
        by_model = source is SentimentSource.MODEL and verdict.tag is Tag.BLACKLIST
        if by_model and words_occur(verdict.quoted_words, subject=message.subject, clean_text=message.clean_text):
            return SuppressionEvidence(SuppressionReason.MODEL, "model", verdict.quoted_words, message.id)
        return None

    def _absent_until(self, tag: Tag) -> datetime | None:
        if tag is not Tag.OUT_OF_OFFICE:
            return None
        message = self.context.message
        back_on = stated_return_date(message.clean_text, message.effective_at)
        if back_on is None:
            return None
        return datetime.combine(back_on, RESUME_AT, time_zone(self.context.workspace.timezone))

    # --- 2 draft --------------------------------------------------------------------------------------------------

    def draft(self, understanding: Understanding) -> Drafted:
        job, context = self.run.job, self.context
        if "draft" in job.steps:
            return Drafted.of(job.steps["draft"])
        reason = self._no_draft(understanding)
        if reason:
            # The later steps have nothing to do either, and a finished job has finished all of its steps.
            nothing = {"draft_id": None, "reason": reason}
            save_steps(
                self.dependencies.engine,
                job,
                {"draft": nothing, "decide": {"action": DecisionAction.NOTHING, "rule": "no_draft"}, "send": nothing},
            )
            return Drafted(draft_id=None, reason=reason)
        model = context.workspace.draft_model or DRAFT_MODEL
        written, problems = self._write(self._draft_input(understanding.tag), model)
        with self.telemetry.step_transaction() as (connection, interactions):
            hold_lead(connection, job)
            draft_id, status = save_draft(
                connection,
                job,
                draft_id=DraftId(uuid7()),
                message_id=context.message.id,
                subject=written.subject,
                body=written.body,
                model=model,
                step={"failed_checks": problems},
                interactions=interactions,
            )
        return Drafted(draft_id=draft_id, status=status, failed_checks=problems)

    def _no_draft(self, understanding: Understanding) -> str:
        if understanding.is_auto_reply:
            return "automatic replies are not answered"
        if understanding.suppressed:
            return "the lead is suppressed"
        if understanding.is_overtaken:
            return OVERTAKEN
        if not draft_wanted(understanding.tag, suppressed=False, lead_email=self.context.lead.email):
            return "no answer wanted"
        return ""

    def _draft_input(self, tag: Tag) -> DraftInput:
        context = self.context
        return DraftInput(
            reply=reply_of(context),
            history=thread_of(context),
            tag=tag,
            workspace=workspace_of(context.workspace),
            lead=lead_of(context),
            now=self.dependencies.now(),
            quoted_original=quoted_original_of(context),
        )

    def _write(self, given: DraftInput, model: str) -> tuple[DraftResult, tuple[str, ...]]:
        """The answer and what is still wrong with it after one repair."""
        written = self._write_once(given, model)
        problems = self._problems(given, written)
        if not problems:
            return written, ()
        try:
            repaired = self._write_once(replace(given, repair=DraftRepair(body=written.body, problems=problems)), model)
        except ModelRejected:
            return written, problems
        return repaired, self._problems(given, repaired)

    def _write_once(self, given: DraftInput, model: str) -> DraftResult:
        return write_draft(
            self.dependencies.model(), given, model=model, deadline=self._deadline(), record=self.telemetry.record
        )

    def _problems(self, given: DraftInput, written: DraftResult) -> tuple[str, ...]:
        foreign_lines = rest_of(self.context).removed_lines
        return tuple(str(check) for check in failed_checks(given, written, foreign_lines=foreign_lines))

    # --- 3 decide -------------------------------------------------------------------------------------------------

    def decide(self, understanding: Understanding, drafted: Drafted) -> Decision:
        job, message = self.run.job, self.context.message
        if "decide" in job.steps:
            step = job.steps["decide"]
            return Decision(action=known(DecisionAction, step["action"]), rule=step["rule"], reason="")
        assert drafted.draft_id is not None  # noqa: S101 (the caller's own check, for the type checker)
        with self.dependencies.engine.connect() as connection:
            state = load_gate_state(connection, drafted.draft_id, message.id)
        decision = self._judge_draft(understanding, drafted, state)
        due = self._due(decision)
        if due is not None:
            decision = replace(decision, action=DecisionAction.SEND_LATER)
        steps: dict[str, dict[str, Any]] = {"decide": {"action": decision.action, "rule": decision.rule}}
        if decision.action is not DecisionAction.SEND_NOW:
            steps["send"] = {"result": "not sent here", "rule": decision.rule}
        with self.telemetry.step_transaction() as (connection, interactions):
            hold_lead(connection, job)
            taken = save_decision(
                connection,
                job,
                drafted.draft_id,
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
                    subject_id=drafted.draft_id,
                    message_id=message.id,
                    draft_id=drafted.draft_id,
                    delay_s=(due - self.dependencies.now()).total_seconds() * self.dependencies.time_scale,
                    trace_id=job.trace_id,
                )
        emit(Metric.DECISION, action=decision.action.value)
        return decision

    def _judge_draft(self, understanding: Understanding, drafted: Drafted, state: GateState) -> Decision:
        """Gate first, then the model; whatever goes wrong on the way ends with a person."""
        if state.draft_status is not DraftStatus.PENDING:
            return Decision(DecisionAction.NOTHING, "draft_status", f"the draft is {state.draft_status}")
        facts = gate_facts(self.context, understanding.tag, state, drafted.failed_checks)
        blocked = blocked_by(facts)
        if blocked is not None:
            return blocked
        model = self.context.workspace.evaluation_model or EVALUATION_MODEL
        try:
            verdict = evaluate_reply(
                self.dependencies.model(),
                EvaluationInput(
                    writer=self._draft_input(understanding.tag), subject=state.draft_subject, body=state.draft_body
                ),
                model=model,
                deadline=self._deadline(),
                record=self.telemetry.record,
            )
        except ModelRejected as error:
            return Decision(DecisionAction.NEEDS_REVIEW, "evaluation_failed", error.reason)
        except OutOfTime:
            raise  # a fresh invocation has the time
        except ModelError as error:
            if self.run.job.attempts < EVALUATION_ATTEMPTS:
                raise
            return Decision(DecisionAction.NEEDS_REVIEW, "evaluation_unavailable", error.reason)
        return after_evaluation(
            safe=verdict.safe,
            requires_human_review=verdict.requires_human_review,
            confidence=verdict.confidence,
            reason=verdict.reason,
            threshold=self.context.campaign.auto_send_threshold if self.context.campaign else DEFAULT_THRESHOLD,
            model=model,
        )

    def _due(self, decision: Decision) -> datetime | None:
        """When a draft that may be sent has to wait for its delay or the sending window; None: now."""
        if decision.action is not DecisionAction.SEND_NOW:
            return None
        workspace, now = self.context.workspace, self.dependencies.now()
        message = self.context.message
        due = delayed(message.received_at, now, workspace.delay_s, message.id)
        if workspace.sending_window:
            due = next_opening(SendingWindow.parse(workspace.sending_window), time_zone(workspace.timezone), due)
        return due if due - now >= MIN_DELAY else None

    def _deadline(self) -> Deadline:
        scale = self.dependencies.time_scale
        return Deadline(self.run.remaining_s, reserve_s=DEFAULT_RESERVE_S * scale, least_s=DEFAULT_LEAST_S * scale)


def _lead_sentiment(tag: Tag, current: Tag | None, is_auto_reply: bool) -> Tag | None:
    """The lead's sentiment after this reply; None leaves it: what a person said is not overwritten by a machine."""
    if is_auto_reply and current is not None and current not in AUTOMATIC_TAGS:
        return None
    return tag
