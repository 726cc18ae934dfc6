"""Scores a lead after one of its replies: fit, intent and overall, each 1 to 4."""

from __future__ import annotations

from shared.ai.deadline import DEFAULT_LEAST_S, DEFAULT_RESERVE_S, Deadline
from shared.ai.models import SCORING_MODEL
from shared.ai.tasks.lead_score import ScoreInput, ScoreResult, score_lead
from shared.db.job_leases import hold_lead
from shared.db.lead_scores import save_score
from shared.db.replies import ReplyContext, load_reply_context
from shared.domain.pauses import stops_processing
from shared.domain.vocabulary import Direction, Tag
from shared.jobs.consumer import Run
from shared.jobs.outcomes import DeadLetter, Done, Outcome, Skip
from shared.pipelines.dependencies import ConsumerDependencies
from shared.pipelines.disabled_workspace import while_disabled
from shared.pipelines.pauses import while_paused
from shared.pipelines.reply.reply_context import lead_of, reply_of, thread_of, workspace_of
from shared.pipelines.reply.telemetry import Telemetry

DISQUALIFIED = 1


def run_lead_scoring(dependencies: ConsumerDependencies, run: Run) -> Outcome:
    """Scores the lead of the job's message, unless a newer message has been scored already."""
    job = run.job
    if job.pause is not None and stops_processing(job.pause):
        return while_paused(job.pause, dependencies.time_scale)
    if job.message_id is None:
        return DeadLetter("the job names no message")
    if "score" in job.steps:
        return Done("scored before")
    context = load_reply_context(dependencies.engine, job.message_id)
    if context is None:
        return Skip("the message is gone")
    message = context.message
    if message.client_id != job.client_id or message.lead_id != job.lead_id:
        return Skip("the message is not of the job's client and lead")
    if message.direction is not Direction.INBOUND:
        return Skip("the message is outbound")
    if context.workspace.client_disabled:
        return while_disabled(dependencies.time_scale)
    telemetry = Telemetry(dependencies.engine, job)
    try:
        score = _score(dependencies, run, context, telemetry)
        if score is None:
            return Skip("an automatic reply says nothing about the lead")
        with telemetry.step_transaction() as (connection, interactions):
            if hold_lead(connection, job).suppressed:
                score = _disqualified("suppressed")  # also when that came while the model was at it
            saved = save_score(
                connection,
                job,
                message_id=message.id,
                fit=score.fit,
                intent=score.intent,
                overall=score.overall,
                reason=score.reason,
                step={"fit": score.fit, "intent": score.intent, "overall": score.overall},
                interactions=interactions,
            )
        return Done(f"overall {score.overall}" if saved else "a newer message has been scored")
    finally:
        telemetry.flush()


def _disqualified(why: str) -> ScoreResult:
    return ScoreResult(fit=DISQUALIFIED, intent=DISQUALIFIED, overall=DISQUALIFIED, reason=f"Disqualified: {why}")


def _score(
    dependencies: ConsumerDependencies, run: Run, context: ReplyContext, telemetry: Telemetry
) -> ScoreResult | None:
    """The score; None when this message gives no reason to score."""
    message = context.message
    if context.lead.suppressed or message.sentiment is Tag.BLACKLIST:
        return _disqualified("suppressed" if context.lead.suppressed else "Blacklist")
    if message.is_auto_reply:
        return None
    return score_lead(
        dependencies.model(),
        ScoreInput(
            thread=[*thread_of(context), reply_of(context)],
            workspace=workspace_of(context.workspace),
            lead=lead_of(context),
            now=dependencies.now(),
            tag=message.sentiment,
        ),
        model=context.workspace.scoring_model or SCORING_MODEL,
        deadline=Deadline(
            run.remaining_s,
            reserve_s=DEFAULT_RESERVE_S * dependencies.time_scale,
            least_s=DEFAULT_LEAST_S * dependencies.time_scale,
        ),
        record=telemetry.record,
    )
