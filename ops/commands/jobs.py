"""replyctl jobs: what runs in the background, what failed and why."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.errors import CommandError
from ops.options import AsJson, ClientName, Limit, Owner, StackFile, command_group, only
from ops.output import print_facts, print_heading, print_json, print_table, progress, say, shorten
from ops.stack import parse_id, target
from ops.wording import WAITS_FOR_NEWER_RELEASE, describe_outcome, describe_wait
from shared.db.job_states import list_failed_jobs
from shared.db.reports.jobs import get_job, list_jobs, list_model_calls, list_steps
from shared.domain.vocabulary import JobStatus, JobType
from shared.pipelines.people.refusals import InterventionRefusedError
from shared.pipelines.people.requeue_jobs import requeue_jobs

app = command_group("What runs in the background, what failed and why.")

JobId = Annotated[str, typer.Argument(metavar="ID", help="The job's id, from jobs list.")]


@app.command("list")
def list_(
    status: Annotated[list[JobStatus] | None, only("status")] = None,
    type: Annotated[list[JobType] | None, only("type")] = None,
    limit: Limit = 50,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first. What needs a person: replyctl jobs list --status FAILED"""
    with target(stack).workspace(client) as (connection, workspace):
        jobs = list_jobs(connection, workspace.id, statuses=status or (), types=type or (), limit=limit)
    if as_json:
        print_json(jobs)
        return
    print_table(
        ["id", "type", "lead", "status", "attempts", "run at (UTC)", "result, error or wait"],
        [
            (
                job.id,
                job.type,
                job.lead_email,
                job.status,
                job.attempts,
                job.run_at,
                shorten(describe_outcome(job), 120),
            )
            for job in jobs
        ],
        empty="No jobs" + (" like that." if status or type else " yet."),
    )


@app.command("show")
def show(id: JobId, client: Owner = None, stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show a job with its checkpoints and what it asked the model."""
    job_id = parse_id(id, "a job")
    here = target(stack)
    with here.database() as engine:
        with engine.connect() as connection:
            job = get_job(connection, job_id)
            steps, calls = list_steps(connection, job_id), list_model_calls(connection, job_id)
        here.require_owner(engine, client, {job_id: job.client_id if job else None}, "job")
    if job is None:
        raise CommandError(f"There is no job {job_id}.", "replyctl jobs list shows what there is.")
    if as_json:
        print_json({"job": job, "steps": steps, "model_calls": calls})
        return
    print_facts(
        {
            "job": job.id,
            "type": job.type if job.type in JobType else f"{job.type} ({WAITS_FOR_NEWER_RELEASE})",
            "lead": job.lead_email,
            "message": job.message_id,
            "draft": job.draft_id,
            "status": job.status,
            "attempts": job.attempts,
            "result": job.result,
            "last error": job.last_error,
            "waits": describe_wait(job),
            "made": job.created_at,
            "runs at": job.run_at,
            "published": job.enqueued_at or "not yet",
            "started": job.started_at,
            "finished": job.finished_at,
            "lease": job.lease_owner and f"{job.lease_owner} until {job.lease_expires_at:%H:%M:%S}",
            "generation": job.generation or None,
            "trace": job.trace_id,
        }
    )
    print_heading("Checkpoints: a retry resumes behind the last one")
    print_table(
        ["step", "finished (UTC)", "result"],
        [
            (step.name, step.finished_at, ", ".join(f"{name}={value}" for name, value in step.result.items()))
            for step in steps
        ],
        empty="None.",
    )
    print_heading("Model calls")
    print_table(
        ["feature", "prompt", "model", "status", "tokens in", "tokens out", "USD", "ms", "error"],
        [
            (
                call.feature,
                call.prompt_version,
                call.model,
                call.status,
                call.input_tokens,
                call.output_tokens,
                None if call.cost_usd is None else f"{call.cost_usd:.6f}",
                call.latency_ms,
                call.error,
            )
            for call in calls
        ],
        empty="None.",
    )


@app.command("requeue")
def requeue(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="The jobs' ids, from jobs list.", show_default=False)
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Every FAILED job of the workspace instead.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="With --failed: at most so many, the oldest first.")
    ] = 50,
    client: ClientName = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Run jobs again, each from its last checkpoint: what is done is not done twice.

    The same as a redrive, without the copy in the dead-letter queue, which later finds the job done. A deferred job
    runs now instead of at its time; one whose worker was lost is put back; one between two tries gains nothing while
    its message is hidden, because a lead's messages keep their order. Refused for a job that is running or has
    SUCCEEDED.
    """
    if bool(ids) == failed:
        raise CommandError("Say either ids or --failed.", "replyctl jobs list --status FAILED shows what failed.")
    job_ids = [parse_id(id, "a job") for id in ids or []]
    here = target(stack)
    with here.database() as engine, here.publisher() as publisher:
        if failed:
            workspace = here.client(engine, client)
            with engine.connect() as connection:
                job_ids = list(list_failed_jobs(connection, workspace.id, limit=limit))
        elif client is not None:
            with engine.connect() as connection:
                jobs = {job_id: get_job(connection, job_id) for job_id in job_ids}
            here.require_owner(engine, client, {id: job.client_id if job else None for id, job in jobs.items()}, "job")
        with progress("Requeueing", len(job_ids)) as advance:
            try:
                done = requeue_jobs(engine, publisher, job_ids, only_failed=failed, advance=advance)
            except InterventionRefusedError as error:
                raise CommandError(f"Not requeued: {error}.", "Jobs that stand before it in the list were.") from None
    if as_json:
        requeued = [job_id for job_id in job_ids if job_id not in done.skipped]
        counts = {"requeued": done.requeued, "published": done.published}
        print_json({"jobs": requeued, **counts, "skipped": done.skipped})
        return
    waiting = done.requeued - done.published
    say(f"Requeued {done.requeued} jobs." + (f" {waiting} wait for the maintenance function." if waiting else ""))
    if done.skipped:
        say(f"Skipped {len(done.skipped)} that have left FAILED meanwhile: they run already, or have run.")
