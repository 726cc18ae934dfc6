"""replyctl dlq: messages that the queues have given up on, and how to run them again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from ops.errors import CommandError
from ops.options import AsJson, StackFile, command_group
from ops.output import print_heading, print_json, print_table, say, shorten
from ops.stack import Target, target
from shared.db.reports import list_dead_jobs

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MOVE_TIMEOUT_S = 60.0
MOVE_POLL_S = 0.2

app = command_group("Messages that the queues have given up on, and how to run them again.")


@app.command("list")
def list_(stack: StackFile = None, as_json: AsJson = False) -> None:
    """Show how many messages lie in each dead-letter queue, and the failed jobs behind them.

    The messages themselves are not read: receiving one would hide it and count.
    """
    here = target(stack)
    queues = _depths(here)
    with here.database() as engine, engine.connect() as connection:
        jobs = list_dead_jobs(connection)
    if as_json:
        print_json({"queues": queues, "failed_jobs": jobs})
        return
    print_table(
        ["queue", "messages", "on the move"],
        [(name, depth["messages"], depth["in_flight"]) for name, depth in queues.items()],
        empty="The stack has no dead-letter queues.",
    )
    print_heading("Failed jobs whose message was given up on")
    print_table(
        ["id", "type", "lead", "attempts", "finished (UTC)", "last error"],
        [
            (job.id, job.type, job.lead_email, job.attempts, job.finished_at, shorten(job.last_error, 80))
            for job in jobs
        ],
        empty="None.",
    )


@app.command("redrive")
def redrive(
    queue: Annotated[
        str | None,
        typer.Option("--queue", metavar="NAME", help="Only this dead-letter queue (default: all).", show_default=False),
    ] = None,
    stack: StackFile = None,
    as_json: AsJson = False,
) -> None:
    """Move the dead letters back into their queues: each job runs again from its last checkpoint.

    What the AWS console's button does. Fix the cause first; a job that is done by now is acknowledged without work.
    """
    here = target(stack)
    queues = here.dead_letter_queues()
    if queue is not None and queue not in queues:
        raise CommandError(f"There is no dead-letter queue {queue}.", f"There are: {', '.join(queues)}")
    chosen = {name: url for name, url in queues.items() if queue in (None, name)}
    sqs = here.sqs()
    moved = {}
    for name, url in chosen.items():
        try:
            moved[name] = _move_all(sqs, url)
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"{name} could not be redriven: {error}", here.queue_remedy) from None
    if as_json:
        print_json({"moved": moved})
        return
    for name, count in moved.items():
        say(f"{name}: moved {count} messages back." if count else f"{name}: empty, nothing to move.")


def _depths(here: Target) -> dict[str, dict[str, int]]:
    queues = here.dead_letter_queues()
    sqs = here.sqs()
    depths = {}
    for name, url in queues.items():
        try:
            attributes = sqs.get_queue_attributes(
                QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            )["Attributes"]
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"The queue {name} does not answer: {error}", here.queue_remedy) from None
        depths[name] = {
            "messages": int(attributes["ApproximateNumberOfMessages"]),
            "in_flight": int(attributes["ApproximateNumberOfMessagesNotVisible"]),
        }
    return depths


def _move_all(sqs: SQSClient, url: str) -> int:
    """Runs a move task to its end and returns how many messages it moved."""
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "ApproximateNumberOfMessages"])
    arn = attributes["Attributes"]["QueueArn"]
    if attributes["Attributes"]["ApproximateNumberOfMessages"] == "0":
        return 0
    sqs.start_message_move_task(SourceArn=arn)
    deadline = time.monotonic() + MOVE_TIMEOUT_S
    while True:
        task = sqs.list_message_move_tasks(SourceArn=arn, MaxResults=1)["Results"][0]
        if task["Status"] == "COMPLETED":
            return int(task["ApproximateNumberOfMessagesMoved"])
        if task["Status"] not in ("RUNNING", "CANCELLING"):
            raise CommandError(f"The move ended {task['Status']}: {task.get('FailureReason', 'no reason given')}.")
        if time.monotonic() > deadline:
            raise CommandError("The move is still running after a minute.", "replyctl dlq list shows what is left.")
        time.sleep(MOVE_POLL_S)
