"""Following a message move task whose listing lags behind, as that of AWS may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from ops.errors import CommandError
from ops.move_tasks import ALREADY_RUNNING, QUIET_LIMIT_S, START_TRIES, Clock, follow_move, start_move

ARN = "arn:aws:sqs:us-east-1:123456789012:work-dlq.fifo"
FOREVER = 1e9


def task(status: str, *, started: int, moved: int = 0, handle: str | None = None, **more: Any) -> dict[str, Any]:
    entry = {"Status": status, "StartedTimestamp": started, "ApproximateNumberOfMessagesMoved": moved, **more}
    return entry if handle is None else {**entry, "TaskHandle": handle}


def refusal(message: str) -> ClientError:
    return ClientError({"Error": {"Code": "InvalidParameterValue", "Message": message}}, "StartMessageMoveTask")


RUNNING_ALREADY = refusal(f"There is {ALREADY_RUNNING}. Only one active task is allowed for a source queue arn.")


class ScriptedSqs:
    """An SQS with a scripted result for each listing and each start; the last is repeated. Time is the time slept."""

    def __init__(self, listings: Sequence[list[dict[str, Any]]], starts: Sequence[str | ClientError] = ("h",)) -> None:
        self._listings, self._starts = _repeating_the_last(listings), _repeating_the_last(starts)
        self.now = 0.0
        self.clock = Clock(now=lambda: self.now, sleep=self._sleep)
        self.news: list[str] = []

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def list_message_move_tasks(self, **_: Any) -> dict[str, Any]:
        return {"Results": next(self._listings)}

    def start_message_move_task(self, **_: Any) -> dict[str, str]:
        answer = next(self._starts)
        if isinstance(answer, ClientError):
            raise answer
        return {"TaskHandle": answer}

    def redrive(self, until: float = FOREVER) -> int:
        sqs = cast("Any", self)
        move = start_move(sqs, ARN, clock=self.clock)
        self.joined = move.joined
        return follow_move(sqs, move, until=until, tell=self.news.append, clock=self.clock)


def _repeating_the_last[T](answers: Sequence[T]) -> Iterator[T]:
    yield from answers
    while True:
        yield answers[-1]


def test_a_task_that_is_not_listed_yet_is_waited_for() -> None:
    sqs = ScriptedSqs([[], [], [], [task("COMPLETED", started=5, moved=3)]])
    assert sqs.redrive() == 3
    assert not sqs.joined


def test_an_older_task_is_not_taken_for_the_new_one() -> None:
    older = task("COMPLETED", started=5, moved=99)
    assert ScriptedSqs([[older], [older], [older], [task("COMPLETED", started=6, moved=2), older]]).redrive() == 2


def test_the_handle_tells_a_task_from_an_older_one_that_is_listed_late() -> None:
    late = task("COMPLETED", started=5, moved=99)
    listings = [[], [task("RUNNING", started=6, handle="h"), late], [task("COMPLETED", started=6, moved=2), late]]
    assert ScriptedSqs(listings).redrive() == 2


def test_a_task_that_starts_after_ours_is_not_ours() -> None:
    listings = [[], [task("RUNNING", started=7, handle="other"), task("COMPLETED", started=6, moved=2)]]
    assert ScriptedSqs(listings).redrive() == 2


def test_a_running_task_is_joined() -> None:
    running = task("RUNNING", started=5, moved=1, handle="other")
    sqs = ScriptedSqs([[running], [running], [task("COMPLETED", started=5, moved=4)]], [RUNNING_ALREADY])
    assert sqs.redrive() == 4
    assert sqs.joined


def test_a_running_task_that_is_listed_late_is_joined() -> None:
    running = task("RUNNING", started=5, handle="other")
    sqs = ScriptedSqs([[], [], [running], [task("COMPLETED", started=5, moved=4)]], [RUNNING_ALREADY])
    assert sqs.redrive() == 4


def test_a_task_that_ends_between_the_refusal_and_the_next_try_makes_room_for_ours() -> None:
    ended = task("COMPLETED", started=5, moved=9)
    sqs = ScriptedSqs([[ended], [ended], [task("COMPLETED", started=6, moved=1), ended]], [RUNNING_ALREADY, "h"])
    assert sqs.redrive() == 1
    assert not sqs.joined


def test_a_running_task_that_is_never_listed_is_given_up() -> None:
    sqs = ScriptedSqs([[]], [RUNNING_ALREADY])
    with pytest.raises(ClientError, match=ALREADY_RUNNING):
        sqs.redrive()
    assert sqs.now == START_TRIES - 1


def test_any_other_refusal_is_not_repeated() -> None:
    sqs = ScriptedSqs([[]], [refusal("Source queue must be configured as a Dead Letter Queue.")])
    with pytest.raises(ClientError, match="Dead Letter Queue"):
        sqs.redrive()
    assert sqs.now == 0


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_a_move_that_ends_otherwise_says_how_far_it_came(status: str) -> None:
    sqs = ScriptedSqs([[], [task(status, started=5, moved=3, FailureReason="NonExistentQueue")]])
    with pytest.raises(CommandError, match=f"ended {status} after 3 messages: NonExistentQueue"):
        sqs.redrive()


def test_a_long_move_is_followed_as_long_as_it_moves_and_says_how_far_it_is() -> None:
    steps = [
        [task("RUNNING", started=5, moved=count, handle="h", ApproximateNumberOfMessagesToMove=400)]
        for count in range(400)
    ]
    sqs = ScriptedSqs([[], *steps, [task("COMPLETED", started=5, moved=400)]])
    assert sqs.redrive() == 400
    assert sqs.now > 2 * QUIET_LIMIT_S
    assert sqs.news[0] == "15 of about 400 messages moved so far"
    assert sqs.news == sorted(sqs.news, key=lambda news: int(news.split()[0]))


@pytest.mark.parametrize(
    ("listing", "said"),
    [([], "not listed yet"), ([task("RUNNING", started=5, moved=7, handle="h")], "still running after 7 messages")],
)
def test_a_move_of_which_nothing_is_heard_is_left_to_itself(listing: list[dict[str, Any]], said: str) -> None:
    sqs = ScriptedSqs([[], listing])
    with pytest.raises(CommandError, match=said):
        sqs.redrive()
    assert QUIET_LIMIT_S <= sqs.now < QUIET_LIMIT_S + 2


def test_nothing_is_followed_beyond_the_commands_own_time() -> None:
    with pytest.raises(CommandError, match="goes on by itself"):
        ScriptedSqs([[], [task("RUNNING", started=5, handle="h")]]).redrive(until=10.0)
