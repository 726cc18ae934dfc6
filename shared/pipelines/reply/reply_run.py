"""One run over one inbound message, as its steps share it."""

from __future__ import annotations

from dataclasses import dataclass

from shared.ai.deadline import DEFAULT_LEAST_S, DEFAULT_RESERVE_S, Deadline
from shared.db.commitments import PromiseToKeep
from shared.db.job_leases import ClaimedJob
from shared.db.reply_context import ReplyContext, load_reply_context
from shared.domain.vocabulary import Direction
from shared.jobs.consumer import Run
from shared.jobs.outcomes import DeadLetter, Outcome, Skip
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.disabled_workspace import while_disabled
from shared.pipelines.reply.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class ReplyRun:
    """A run of a job over its inbound message."""

    dependencies: Dependencies
    run: Run
    context: ReplyContext
    telemetry: Telemetry
    promise: PromiseToKeep | None = None  # then it writes the follow-up that this promises, and no response

    @property
    def job(self) -> ClaimedJob:
        return self.run.job

    def deadline(self) -> Deadline:
        """Makes the deadline of a model call."""
        scale = self.dependencies.time_scale
        return Deadline(self.run.remaining_s, reserve_s=DEFAULT_RESERVE_S * scale, least_s=DEFAULT_LEAST_S * scale)


def open_run(dependencies: Dependencies, run: Run, *, whole_thread: bool = False) -> ReplyRun | Outcome:
    """Loads what the job is about, or says why there is nothing to do for it now.

    ``whole_thread``: with what came after the message, too.
    """
    job = run.job
    if job.message_id is None:
        return DeadLetter("the job names no message")
    context = load_reply_context(dependencies.engine, job.message_id, whole_thread=whole_thread)
    if context is None:
        return Skip("the message is gone")
    message = context.message
    if message.client_id != job.client_id or message.lead_id != job.lead_id:
        return Skip("the message is not of the job's client and lead")
    if message.direction is not Direction.INBOUND:
        return Skip("the message is outbound")
    if context.client_disabled:
        return while_disabled(dependencies.time_scale)
    return ReplyRun(dependencies, run, context, Telemetry(dependencies.engine, job))
