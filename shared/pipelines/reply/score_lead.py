"""Scores a lead after one of its replies: fit, intent and overall, each 1 to 4."""

from __future__ import annotations

from shared.ai.models import SCORING_MODEL
from shared.ai.tasks.lead_score import ScoreInput, ScoreResult, score_lead
from shared.db.job_leases import hold_lead
from shared.db.lead_scores import save_score
from shared.db.transactions import committing
from shared.domain.pauses import stops_processing
from shared.domain.vocabulary import Tag
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Done, Outcome, Skip
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.pauses import while_paused
from shared.pipelines.reply.reply_context import lead_of, quoted_original_of, reply_of, thread_of
from shared.pipelines.reply.reply_run import ReplyRun, open_run

DISQUALIFIED = 1


def run_lead_scoring(dependencies: Dependencies, run: Run) -> Outcome:
    """Scores the lead of the job's message, unless a newer message has been scored already."""
    job = run.job
    if job.pause is not None and stops_processing(job.pause):
        return while_paused(job.pause, dependencies.time_scale)
    if "score" in job.steps:
        return Done("scored before")
    work = open_run(dependencies, run)
    if not isinstance(work, ReplyRun):
        return work
    try:
        score = _score(work)
        if score is None:
            return Skip("an automatic reply says nothing about the lead")
        with work.telemetry.step_transaction() as (connection, interactions):
            if hold_lead(connection, job).suppressed:
                score = _disqualified("suppressed")  # also when that came while the model was at it
            saved = save_score(
                committing(connection),
                job,
                message_id=work.context.message.id,
                fit=score.fit,
                intent=score.intent,
                overall=score.overall,
                reason=score.reason,
                step={"fit": score.fit, "intent": score.intent, "overall": score.overall},
                interactions=interactions,
            )
        return Done(f"overall {score.overall}" if saved else "a newer message has been scored")
    finally:
        work.telemetry.flush()


def _disqualified(why: str) -> ScoreResult:
    return ScoreResult(fit=DISQUALIFIED, intent=DISQUALIFIED, overall=DISQUALIFIED, reason=f"Disqualified: {why}")


def _score(work: ReplyRun) -> ScoreResult | None:
    """The score; None when this message gives no reason to score."""
    context, message = work.context, work.context.message
    if context.lead.suppressed or message.sentiment is Tag.BLACKLIST:
        return _disqualified("suppressed" if context.lead.suppressed else "Blacklist")
    if message.is_auto_reply:
        return None
    return score_lead(
        work.dependencies.model(),
        ScoreInput(
            thread=[*thread_of(context), reply_of(context)],
            workspace=context.workspace,
            lead=lead_of(context),
            now=work.dependencies.now(),
            tag=message.sentiment,
            quoted_original=quoted_original_of(context),
        ),
        model=context.workspace.settings.scoring_model or SCORING_MODEL,
        deadline=work.deadline(),
        record=work.telemetry.record,
    )
