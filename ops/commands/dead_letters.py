"""replyctl dlq: messages that the queues have given up on, and how to run them again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer
from botocore.exceptions import BotoCoreError, ClientError

from ops.errors import CommandError
from ops.move_tasks import follow_move, start_move
from ops.options import AsJson, StackFile, command_group
from ops.output import print_heading, print_json, print_table, say, shorten
from ops.stack import Target, target
from shared.db.reports.jobs import list_dead_jobs

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

MESSAGES: Final = "ApproximateNumberOfMessages"
IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"
REDRIVE_LIMIT_S = 780.0  # of all queues together: the operations function has 15 minutes for a command

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

    The same as the AWS console's button. Fix the cause first; a job that is done by now is acknowledged without work. A
    move that somebody else has started is waited for instead. Each queue is moved whatever becomes of the others; the
    exit code is 1 when one was not.
    """
    here = target(stack)
    queues = here.dead_letter_queues()
    if queue is not None and queue not in queues:
        raise CommandError(f"There is no dead-letter queue {queue}.", f"There are: {', '.join(queues)}")
    chosen = {name: url for name, url in queues.items() if queue in (None, name)}
    sqs, until = here.sqs(), time.monotonic() + REDRIVE_LIMIT_S
    failures: list[CommandError] = []

    def tell(name: str, news: str) -> None:
        if not as_json:
            say(f"{name}: {news}.", stderr=True)

    moves = {}
    for name, url in chosen.items():  # all are started before the first is waited for
        with _noted(failures, name, here.queue_remedy):
            attributes = _attributes(sqs, url)
            moves[name] = start_move(sqs, attributes["QueueArn"])
            if moves[name].joined:
                tell(name, "a move is running already, waiting for that one")
            elif attributes[IN_FLIGHT] != "0":
                tell(name, f"{attributes[IN_FLIGHT]} in flight (who polls the queue?) stay; redrive again later")
    moved = {}
    for name, move in moves.items():
        with _noted(failures, name, "replyctl dlq list shows what is left."):
            moved[name] = follow_move(sqs, move, until=until, tell=partial(tell, name))
            if not as_json:
                say(f"{name}: moved {moved[name]} messages back." if moved[name] else f"{name}: nothing to move.")
    if as_json and (moved or not failures):
        print_json({"moved": moved})
    if failures:
        remedies = dict.fromkeys(failure.remedy for failure in failures)
        raise CommandError(" ".join(failure.sentence for failure in failures), " ".join(remedies))


@contextmanager
def _noted(failures: list[CommandError], queue: str, remedy: str) -> Iterator[None]:
    """Keeps failures for the end: the other queues are redriven all the same."""
    try:
        yield
    except (BotoCoreError, ClientError, CommandError) as error:
        failures.append(CommandError(f"{queue} could not be redriven: {str(error).rstrip('.')}.", remedy))


def _depths(here: Target) -> dict[str, dict[str, int]]:
    queues = here.dead_letter_queues()
    sqs = here.sqs()
    depths = {}
    for name, url in queues.items():
        try:
            attributes = _attributes(sqs, url)
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"The queue {name} does not respond: {error}", here.queue_remedy) from None
        depths[name] = {"messages": int(attributes[MESSAGES]), "in_flight": int(attributes[IN_FLIGHT])}
    return depths


def _attributes(sqs: SQSClient, url: str) -> Mapping[QueueAttributeNameType, str]:
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", MESSAGES, IN_FLIGHT])["Attributes"]
