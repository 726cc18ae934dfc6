"""The four steps of a reply, each with one checkpoint: understand, draft, decide, send.

A step's effects and its checkpoint are one transaction; no transaction is open while a model or the provider is
called. A retry resumes after the last checkpoint, so nothing that was finished is paid for or done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.domain.drafting.draft_rules import explain
from shared.domain.vocabulary import DecisionAction
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Done, Outcome, StartAgain
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.people.absorb_lead import Learnt
from shared.pipelines.reply.decide import Decided, decide
from shared.pipelines.reply.draft import Drafted, prepare_draft
from shared.pipelines.reply.identify_lead import identify_lead
from shared.pipelines.reply.look_at_trigger import with_trigger
from shared.pipelines.reply.reply_run import ReplyRun, open_run
from shared.pipelines.reply.send_reply import send_draft
from shared.pipelines.reply.understand import Understanding, understand


def process_reply(dependencies: Dependencies, run: Run) -> Outcome:
    """Runs the four steps for the job's message, resuming where an earlier run stopped."""
    work = open_run(dependencies, run)
    if not isinstance(work, ReplyRun):
        return work
    if "understand" not in run.job.steps:
        match identify_lead(dependencies, run, work.context):
            case Learnt.ABSORBED:
                return StartAgain("the lead was absorbed by another one")
            case Learnt.KEYS:
                again = open_run(dependencies, run)  # with the keys in sight
                if not isinstance(again, ReplyRun):
                    return again
                work = again
        work = replace(work, context=with_trigger(dependencies, run, work.context))
    try:
        understanding = finished_step(run, "understand", Understanding.of) or understand(work)
        drafted = finished_step(run, "draft", Drafted.of) or prepare_draft(work, understanding)
        if drafted.draft_id is None:
            return Done(f"{understanding.tag}: {explain(drafted.rule)}")
        decided = finished_step(run, "decide", Decided.of) or decide(work, understanding, drafted)
        if decided.action is not DecisionAction.SEND_NOW:
            return Done(f"{understanding.tag}: {decided.action} ({decided.rule})")
        message = replace(work.context.message, sentiment=understanding.tag)
        return send_draft(dependencies, run, drafted.draft_id, replace(work.context, message=message))
    finally:
        work.telemetry.flush()


def finished_step[T](run: Run, step: str, read: Callable[[Mapping[str, Any]], T]) -> T | None:
    """Returns the result of a step that an earlier run finished."""
    checkpoint = run.job.steps.get(step)
    return None if checkpoint is None else read(checkpoint)
