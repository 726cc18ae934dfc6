"""Message move tasks: how SQS puts dead letters back into their queues.

StartMessageMoveTask returns a handle, ListMessageMoveTasks the progress of a queue's ten newest tasks. AWS
and LocalStack list the handle only while a task is RUNNING, its start (ms) always; what AWS lists may lag behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from ops.errors import CommandError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import ListMessageMoveTasksResultEntryTypeDef as Task

ACTIVE = frozenset({"RUNNING", "CANCELLING"})
ALREADY_RUNNING = "already a task running"  # of an InvalidParameterValue, which has other causes too
LISTED = 10  # SQS lists no more
START_TRIES = 15
POLL_S = 0.2
SLOW_POLL_S = 1.0
FIRST_NEWS_S = 3.0  # a move that takes longer says how far it is
QUIET_LIMIT_S = 120.0  # without a task in the list, or without a message moved


@dataclass(frozen=True, slots=True)
class Move:
    """A move task on its way: the one with ``handle``, or else the first that started after ``after`` (ms).

    ``joined``: it was running already.
    """

    arn: str
    handle: str | None
    after: int
    joined: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, for a test to replace."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


REAL_TIME = Clock()


def start_move(sqs: SQSClient, arn: str, *, clock: Clock = REAL_TIME) -> Move:
    """Starts moving the messages of the dead-letter queue ``arn`` back, or joins the task that does so already.

    An empty queue is moved like any other: its counts are approximate, and moving nothing does no harm. Raises
    ClientError when SQS refuses.
    """
    tries = 0
    while True:
        tries += 1
        tasks = _list_tasks(sqs, arn)
        try:
            handle = sqs.start_message_move_task(SourceArn=arn)["TaskHandle"]
        except ClientError as error:
            if ALREADY_RUNNING not in str(error):
                raise
            for task in tasks:
                if task["Status"] in ACTIVE:
                    return Move(arn, task.get("TaskHandle"), _started(task) - 1, joined=True)
            if tries == START_TRIES:
                raise
            clock.sleep(SLOW_POLL_S)  # not listed yet, or listed when it had just ended
        else:
            return Move(arn, handle, max(map(_started, tasks), default=0), joined=False)


def follow_move(
    sqs: SQSClient,
    move: Move,
    *,
    until: float,
    tell: Callable[[str], None] = lambda _: None,
    clock: Clock = REAL_TIME,
) -> int:
    """Waits for the end of a move and returns how many messages it moved.

    ``until`` is in the clock's seconds; ``tell`` gets the progress. Raises CommandError when the move ends otherwise
    than COMPLETED, when there is no news of it for QUIET_LIMIT_S, and at ``until``.
    """
    begun = heard = told = clock.now()
    moved, started = -1, None
    while True:
        task = _find(_list_tasks(sqs, move.arn), move, started)
        now = clock.now()
        if task is not None:
            started = _started(task)
            count = int(task.get("ApproximateNumberOfMessagesMoved", 0))
            if task["Status"] == "COMPLETED":
                return count
            if task["Status"] not in ACTIVE:
                why = task.get("FailureReason", "no reason given")
                raise CommandError(f"the move ended {task['Status']} after {count} messages: {why}")
            if count > moved:
                moved, heard = count, now
            if now - told >= FIRST_NEWS_S:
                told = now
                tell(f"{count} of about {task.get('ApproximateNumberOfMessagesToMove', '?')} messages moved so far")
        if now >= until or now - heard >= QUIET_LIMIT_S:
            state = "not listed yet" if started is None else f"still running after {moved} messages"
            raise CommandError(f"the move is {state} after {now - begun:.0f} s, and goes on by itself")
        clock.sleep(POLL_S if now - begun < FIRST_NEWS_S else SLOW_POLL_S)


def _list_tasks(sqs: SQSClient, arn: str) -> Sequence[Task]:
    return sqs.list_message_move_tasks(SourceArn=arn, MaxResults=LISTED).get("Results", [])


def _started(task: Task) -> int:
    return int(task.get("StartedTimestamp", 0))


def _find(tasks: Sequence[Task], move: Move, started: int | None) -> Task | None:
    """Finds the task of ``move``; ``started`` is its start, once that is known."""
    for task in tasks:
        if _started(task) == started or (move.handle is not None and task.get("TaskHandle") == move.handle):
            return task
    if started is not None:
        return None
    return min((task for task in tasks if _started(task) > move.after), key=_started, default=None)
