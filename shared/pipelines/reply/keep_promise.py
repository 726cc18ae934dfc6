"""The keeping of a promise to write again: a follow-up is drafted on its day, for a person unless told otherwise.

It waits as long as another draft to the lead is open.
"""

from __future__ import annotations

from dataclasses import replace

from shared.db.commitments import CommitmentStatus, load_promise
from shared.db.jobs import subject_of
from shared.domain.vocabulary import DecisionAction, Tag, WaitingFor
from shared.jobs.consumer import Run
from shared.jobs.outcomes import Defer, Done, Outcome, Skip
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.reply.decide import Decided, decide
from shared.pipelines.reply.draft import Drafted, prepare_draft
from shared.pipelines.reply.process_reply import finished_step
from shared.pipelines.reply.reply_run import ReplyRun, open_run
from shared.pipelines.reply.send_reply import send_draft
from shared.pipelines.reply.understand import Understanding

LOOK_AGAIN_S = 900.0

# What the reply asked for when the promise was made. Whether the lead has written since is asked anew by each step.
_ASKED = Understanding(Tag.FOLLOW_UP, is_auto_reply=False, is_overtaken=False, suppressed=False)


def keep_promise(dependencies: Dependencies, run: Run) -> Outcome:
    """Drafts the follow-up of an open promise in the steps of a reply, resuming where an earlier run stopped."""
    promise = load_promise(dependencies.engine, run.job.client_id, subject_of(run.job))
    if promise is None:
        return Skip("the promise is gone")
    if promise.status != CommitmentStatus.OPEN:
        return Skip(f"the promise is {promise.status}")
    if promise.has_to_wait:
        return _later(dependencies)
    work = open_run(dependencies, run, whole_thread=True)
    if not isinstance(work, ReplyRun):
        return work
    work = replace(work, promise=promise)
    try:
        drafted = finished_step(run, "draft", Drafted.of) or prepare_draft(work, _ASKED)
        if drafted.draft_id is None:
            return _later(dependencies)
        decided = finished_step(run, "decide", Decided.of) or decide(work, _ASKED, drafted)
        if decided.action is not DecisionAction.SEND_NOW:
            return Done(f"follow-up: {decided.action} ({decided.rule})")
        return send_draft(dependencies, run, drafted.draft_id, work.context)
    finally:
        work.telemetry.flush()


def _later(dependencies: Dependencies) -> Defer:
    """Waits for the other draft to the lead: a person has one at a time to decide about, and it may say enough."""
    return Defer(LOOK_AGAIN_S * dependencies.time_scale, WaitingFor.ANOTHER_DRAFT)
