"""Which use case runs which type of job on the post-process queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from shared.domain.pauses import stops_processing
from shared.domain.vocabulary import POST_PROCESS_TYPES, JobType
from shared.jobs.consumer import Run
from shared.jobs.outcomes import DeadLetter, Outcome
from shared.pipelines.dependencies import Dependencies
from shared.pipelines.pauses import while_paused
from shared.pipelines.reply.keep_promise import keep_promise
from shared.pipelines.reply.process_reply import process_reply
from shared.pipelines.reply.send_reply import run_send_reply
from shared.pipelines.suppression.sync_person import run_sync_person

UseCase = Callable[[Dependencies, Run], Outcome]

POST_PROCESS_JOBS: Mapping[JobType, UseCase] = MappingProxyType(
    {
        **dict.fromkeys(POST_PROCESS_TYPES, process_reply),
        JobType.SEND_REPLY: run_send_reply,
        JobType.COMMITMENT_DUE: keep_promise,
        JobType.SYNC_PERSON: run_sync_person,
    }
)


def run_post_process_job(dependencies: Dependencies, run: Run) -> Outcome:
    """Runs one job of the post-process queue; a type that does not belong there waits for a person."""
    if run.job.pause is not None and stops_processing(run.job.pause):
        return while_paused(run.job.pause, dependencies.time_scale)
    use_case = POST_PROCESS_JOBS.get(run.job.type)
    if use_case is None:
        return DeadLetter(f"no use case for {run.job.type} on the post-process queue")
    return use_case(dependencies, run)
