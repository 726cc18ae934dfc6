"""``python -m local demo`` (make demo): real payload samples through the whole system, and the outcome of each.

Starts a stack of its own in a fresh folder, makes a workspace with two campaigns at each provider, posts the samples
one by one as their providers would, waits until every job has ended, and compares the outcomes with what is expected.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import httpx2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text
from sqlalchemy import Engine

from local.demo_report import PIPED_WIDTH, DemoReport, Posted, Row, Totals, compare, print_report, print_report_as_json
from local.elsewhere import POINT_ELSEWHERE
from local.samples import (
    FOLDERS,
    About,
    CampaignName,
    Sample,
    SampleError,
    lead_of,
    load_about,
    load_samples,
    raw_bodies,
)
from local.sqs import REPOSITORY, sqs_client
from local.stack import BUNDLES_HELP, Stack, StartError, StopRequestedError, bundle_folders
from local.webhooks import webhooks_of
from local.workspace import load_identity, make_workspace
from shared.db.campaigns import set_campaign, upsert_campaign
from shared.db.clients import Client
from shared.db.engine import make_engine
from shared.db.reports.jobs import JobReport, count_jobs_by_status, list_jobs
from shared.db.reports.leads import LeadReport, find_lead
from shared.db.reports.outcomes import ReplyOutcome, count_messages, count_sends, list_reply_outcomes
from shared.domain.vocabulary import POST_PROCESS_TYPES, JobStatus, JobType, Provider, ResponseMode
from shared.providers.registry import PROVIDERS

DEADLINE_S = 240.0  # everything, the stack's start included
POLL_S = 0.2
ANSWER_TIMEOUT_S = 20.0
MANY = 10_000  # more rows than the samples can make
# Where the emails of the demo would be real, or the rows somebody else's, it starts servers of its own instead.
NOT_INHERITED = frozenset(POINT_ELSEWHERE) - {"OPENAI_BASE_URL", "OPENAI_API_KEY"}

MODES: Mapping[CampaignName, ResponseMode] = {"auto": ResponseMode.AUTO_SEND, "draft": ResponseMode.DRAFT_ONLY}


NEXT = """
The stack is gone again. To read the drafts, approve them and post replies of your own:

  make demo ARGS=--keep   the same, and the stack stays until Ctrl-C
  make up                 an empty one"""


class DemoError(RuntimeError):
    """A demo that could not be finished; the message says where it stopped."""


@dataclass(frozen=True)
class Demo:
    """The state that the steps share. ``interrupted`` is set by Ctrl-C."""

    stack: Stack
    engine: Engine
    console: Console  # standard error: progress only
    began: float
    interrupted: threading.Event

    def check(self, waiting_for: str) -> None:
        """Raises StopRequestedError after Ctrl-C, and DemoError when the stack broke or the time is up."""
        if self.interrupted.is_set():
            raise StopRequestedError("stopped by the user")
        if self.stack.ended.is_set():
            raise DemoError(f"The stack ended: {self.stack.failure or 'no reason known'}.")
        if time.monotonic() - self.began > DEADLINE_S:
            raise DemoError(f"Not finished after {DEADLINE_S:.0f} s, still waiting for {waiting_for}.")


def main(given: Sequence[str]) -> int:
    arguments = parse_arguments(given)
    began = time.monotonic()
    interrupted = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: interrupted.set())
    console = Console(stderr=True, width=None if sys.stderr.isatty() else PIPED_WIDTH, highlight=False)
    state_dir = Path(tempfile.mkdtemp(prefix="reply-demo-"))
    stack = Stack(
        state_dir,
        task_roots=bundle_folders(arguments.bundles) if arguments.bundles else REPOSITORY,
        environment={name: value for name, value in os.environ.items() if name not in NOT_INHERITED},
        report=lambda line: console.print(Text(line, style="dim")),
    )

    def interrupt(*_: object) -> None:
        interrupted.set()
        stack.request_stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    failed = True
    try:
        if interrupted.is_set():
            stack.request_stop()
        samples, abouts = load_samples(), {folder.name: load_about(folder) for folder in FOLDERS}
        what = f"the bundles in {arguments.bundles}" if arguments.bundles else "the reply pipeline"
        console.print(Text(f"Starting {what} on this machine"))
        with stack, _engine_of(stack) as engine:
            demo = Demo(stack, engine, console, began, interrupted)
            client = make_demo_workspace(engine, abouts)
            posted = post_samples(demo, client, samples, abouts)
            wait_for_jobs(demo, client.id)
            report = make_report(demo, client.id, posted)
            failed = bool(report.failures)
            if arguments.json:
                print_report_as_json(report)
            else:
                print_report(report)
            if interrupted.is_set():
                raise StopRequestedError
            if arguments.keep:
                explain_use(demo, client)
                while not stack.ended.wait(0.2):
                    pass
        if not failed and not arguments.keep:
            console.print(Text(NEXT, style="dim"), soft_wrap=True)
    except Exception as error:
        # With the stack goes everything that the steps stand on: after a Ctrl-C whatever fails, fails because of it.
        if interrupted.is_set():
            failed = False
            console.print("Stopped")
            return 130
        if not isinstance(error, DemoError | StartError | SampleError):
            raise
        console.print(Text.assemble(("error: ", "bold red"), str(error)), soft_wrap=True)
    finally:
        if failed and (state_dir / "logs").exists():
            console.print(Text(f"The functions' logs are in {state_dir / 'logs'}"), soft_wrap=True)
            for name in ("postgres", "sqs"):
                shutil.rmtree(state_dir / name, ignore_errors=True)
        else:
            shutil.rmtree(state_dir, ignore_errors=True)
    return 1 if failed else 0


def parse_arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local demo",
        description="Runs real payload samples through the whole system and shows what became of each. The exit code"
        " is 0 when everything is as the samples expect.",
        epilog="Without OPENAI_API_KEY an offline rules server stands in for the model; providers are sandboxes.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of the table")
    parser.add_argument("--bundles", type=Path, metavar="FOLDER", help=BUNDLES_HELP)
    parser.add_argument("--keep", action="store_true", help="leave the stack running afterwards, until Ctrl-C")
    return parser.parse_args(given)


def make_demo_workspace(engine: Engine, abouts: Mapping[str, About]) -> Client:
    """Makes a workspace with a campaign at each provider that sends by itself and one that waits for a person."""
    with engine.begin() as connection:
        client = make_workspace(connection, "Acme Analytics (demo)")
        for provider, about in abouts.items():
            for key, campaign in about.campaigns.items():
                name = Provider(provider.upper())
                made = upsert_campaign(connection, client.id, name, str(campaign.id), campaign.name)
                set_campaign(connection, made.id, response_mode=MODES[key])
    return client


# ── Posting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def post_samples(demo: Demo, client: Client, samples: Sequence[Sample], abouts: Mapping[str, About]) -> list[Posted]:
    """Delivers the samples in order as their providers do, one after the other."""
    key = load_identity(demo.stack.state_dir).signing_key
    webhooks = webhooks_of(demo.stack.info["api_url"], client.id, client.webhook_token_version, key)
    urls = {name: webhook.url for name, webhook in webhooks.items()}
    bodies = raw_bodies(samples, abouts, datetime.now(UTC), urls)
    common = {"Accept": "application/json", "User-Agent": "axios/0.21.4"}
    posted = []
    with (
        httpx2.Client(timeout=ANSWER_TIMEOUT_S, trust_env=False) as http,
        _progress(demo.console, "Posting", len(samples)) as progress,
    ):
        for number, sample in enumerate(samples, start=1):
            progress.update(progress.task_ids[0], description=f"Posting: {sample.title}")
            demo.check(f"the webhook's response to {sample.title!r}")
            webhook = webhooks[sample.delivery.webhook or sample.provider]
            body = webhook.signed_body(bodies[sample.key])
            headers = webhook.signed_headers({**common, **sample.delivery.headers}, body)
            began = time.perf_counter()
            try:
                answer = http.post(webhook.url, content=body, headers=headers)
            except httpx2.HTTPError as error:
                demo.check("the webhook")
                raise DemoError(f"The webhook did not respond to {sample.title!r}: {type(error).__name__}.") from None
            latency_ms = (time.perf_counter() - began) * 1000
            posted.append(_read_answer(number, sample, lead_of(sample, bodies[sample.key]), answer, latency_ms))
            progress.advance(progress.task_ids[0])
    return posted


def _read_answer(
    number: int, sample: Sample, lead_email: str | None, answer: httpx2.Response, latency_ms: float
) -> Posted:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    fields = body if isinstance(body, dict) else {}
    message_id = fields.get("messageId")
    return Posted(
        number=number,
        sample=sample,
        lead_email=lead_email,
        http_status=answer.status_code,
        status=fields.get("status"),
        reason=fields.get("reason"),
        message_id=UUID(message_id) if isinstance(message_id, str) else None,
        latency_ms=latency_ms,
    )


# ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def wait_for_jobs(demo: Demo, client_id: UUID) -> None:
    """Returns when every job has ended and every failed one's message lies in its dead-letter queue.

    A job never makes another one after it has ended, so "none is open" holds from then on. Raises DemoError.
    """
    names = {
        **dict.fromkeys(POST_PROCESS_TYPES, "replies"),
        JobType.LEAD_SCORING: "scores",
        JobType.SEND_REPLY: "delayed sends",
    }
    with _progress(demo.console, "Waiting", None) as progress:
        task = progress.task_ids[0]
        while True:
            with demo.engine.connect() as connection:
                jobs = list_jobs(connection, client_id, limit=MANY)
            unfinished = [job for job in jobs if job.status in (JobStatus.PENDING, JobStatus.RUNNING)]
            if unfinished:
                kinds = Counter(names.get(JobType(job.type), "steps at the providers") for job in unfinished)
                waiting = ", ".join(f"{count} {name}" for name, count in kinds.items())
                if len(unfinished) == len(jobs):
                    waiting += " (the functions are starting)"
                progress.update(
                    task, description=f"Waiting for {waiting}", total=len(jobs), completed=len(jobs) - len(unfinished)
                )
                demo.check(f"these jobs:\n{_list_jobs(unfinished)}\nand so")
            else:
                failed = sum(job.status == JobStatus.FAILED for job in jobs)
                progress.update(task, description="Waiting for dead letters", total=len(jobs), completed=len(jobs))
                if sum(count_dead_letters(demo).values()) >= failed:
                    return
                demo.check(f"{failed} failed jobs' messages to reach their dead-letter queue")
            time.sleep(POLL_S)


def _list_jobs(jobs: Sequence[JobReport]) -> str:
    return "\n".join(
        f"  {job.type} of {job.lead_email}: {job.status}, {job.attempts} attempts"
        + (f", {job.waiting_for or job.last_error}" if job.waiting_for or job.last_error else "")
        for job in jobs[:20]
    )


def count_dead_letters(demo: Demo) -> dict[str, int]:
    """Counts the messages in each dead-letter queue."""
    sqs = sqs_client(demo.stack.info["sqs_endpoint"])
    return {
        name: int(
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"][
                "ApproximateNumberOfMessages"
            ]
        )
        for name, url in demo.stack.info["queues"].items()
        if "-dlq" in name
    }


# ── Reporting ────────────────────────────────────────────────────────────────────────────────────────────────────────


def make_report(demo: Demo, client_id: UUID, posted: Sequence[Posted]) -> DemoReport:
    """Reads the outcome of every posted delivery from Postgres, the queues and the sandbox's request log."""
    with demo.engine.connect() as connection:
        outcomes = {outcome.message_id: outcome for outcome in list_reply_outcomes(connection, client_id, limit=MANY)}
        addresses = {one.lead_email for one in posted if one.lead_email}
        leads = {address: find_lead(connection, client_id, address) for address in addresses}
        jobs = list_jobs(connection, client_id, limit=MANY)
        messages = count_messages(connection, client_id)
        sends = count_sends(connection, client_id)
        by_status = count_jobs_by_status(connection, client_id)
    model_is_offline = not (os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL"))
    rows = _rows(posted, outcomes, leads, jobs)
    totals = Totals(
        messages={direction.value.lower(): count for direction, count in messages.items()},
        jobs={status.value: count for status, count in by_status.items()},
        sends={status.value: count for status, count in sends.items()},
        sent_at={name.lower(): _count_sent(demo, name) for name in PROVIDERS},
        dead_letters=count_dead_letters(demo),
        model_calls=sum(outcome.model_calls for outcome in outcomes.values()),
        cost_usd=sum((outcome.cost_usd or Decimal(0) for outcome in outcomes.values()), Decimal(0)),
        duration_s=time.monotonic() - demo.began,
    )
    return DemoReport(
        rows=rows,
        totals=totals,
        deviations=compare(rows, totals, model_is_offline=model_is_offline),
        model_is_offline=model_is_offline,
    )


def _rows(
    posted: Sequence[Posted],
    outcomes: Mapping[UUID, ReplyOutcome],
    leads: Mapping[str, LeadReport | None],
    jobs: Sequence[JobReport],
) -> list[Row]:
    failed = Counter(job.message_id for job in jobs if job.status == JobStatus.FAILED)
    rows: list[Row] = []
    first: dict[UUID, int] = {}
    for one in posted:
        outcome = outcomes.get(one.message_id) if one.message_id else None
        address = outcome.lead_email if outcome else one.lead_email
        rows.append(
            Row(
                posted=one,
                outcome=outcome,
                lead=leads.get(address) if address else None,
                same_as=first.get(one.message_id) if one.message_id else None,
                dead_letters=failed[one.message_id] if one.message_id else 0,
            )
        )
        if one.message_id:
            first.setdefault(one.message_id, one.number)
    return rows


def _count_sent(demo: Demo, provider: Provider) -> int:
    """Counts the messages that have left through a provider, as its sandbox says."""
    url = demo.stack.info[f"{provider.lower()}_url"]
    return len(httpx2.get(f"{url}/_sent", timeout=10.0, trust_env=False).json())


def explain_use(demo: Demo, client: Client) -> None:
    """Explains how to go on with the stack that --keep leaves running."""
    environment = f"REPLYCTL_STACK={demo.stack.info_path}"
    demo.console.print(
        Text(
            f"""
The stack keeps running until Ctrl-C. In another terminal:

  export {environment}
  .venv/bin/replyctl drafts list --client {client.id} --status NEEDS_REVIEW
  .venv/bin/replyctl events list --client {client.id}
  .venv/bin/replyctl client token {client.id}        the URL and the header to post your own webhook with

API {demo.stack.info["api_url"]} · logs {demo.stack.log_dir}"""
        ),
        soft_wrap=True,
    )


# ── Helpers of the steps ─────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _engine_of(stack: Stack) -> Iterator[Engine]:
    engine = make_engine(stack.info["database_url"])
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _progress(console: Console, what: str, total: int | None) -> Iterator[Progress]:
    """Shows a bar that is gone when the work is done; nothing where nobody watches."""
    columns = (BarColumn(bar_width=30), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(what, total=total)
        yield progress
