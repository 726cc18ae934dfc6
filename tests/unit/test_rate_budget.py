"""Rate limits as arithmetic, and how a request waits for its turn."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.rate_limits import RateLimit
from shared.providers.errors import RateLimited
from shared.providers.rate_budget import RateBudget
from tests.rate_budgets import MemoryTurns

SLACK = 1e-5  # moments are rounded


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@st.composite
def rate_limits(draw: st.DrawFn, name: str) -> RateLimit:
    count = draw(st.integers(1, 12))
    return RateLimit(name, count, draw(st.sampled_from([1.0, 10.0, 60.0])), draw(st.integers(1, count)))


@given(
    st.tuples(rate_limits("a"), rate_limits("b")),
    st.lists(
        st.tuples(st.floats(0, 20), st.sampled_from(["a", "b", "ab"]), st.floats(0, 50), st.booleans()), max_size=60
    ),
)
def test_no_window_ever_holds_more_than_a_limit_allows(
    limits: tuple[RateLimit, RateLimit], requests: list[tuple[float, str, float, bool]]
) -> None:
    clock = Clock()
    turns = MemoryTurns(clock.read)
    left: dict[str, list[float]] = {limit.name: [] for limit in limits}
    for pause_s, names, within_s, background in requests:
        clock.now += pause_s
        named = [limit for limit in limits if limit.name in names]
        turn = turns.take([limit.draw(background=background) for limit in named], within_s=within_s)
        assert turn.taken == (turn.in_s <= within_s)
        if turn.taken:
            for limit in named:
                left[limit.name].append(clock.now + turn.in_s)
    for limit in limits:
        moments = sorted(left[limit.name])
        for first, later in zip(moments, moments[limit.count :], strict=False):
            assert later - first >= limit.per_s - SLACK


@given(rate_limits("a"))
def test_a_burst_goes_at_once_and_the_rest_at_the_limits_interval(limit: RateLimit) -> None:
    turns = MemoryTurns(Clock().read)
    waits = [turns.take([limit.draw()], within_s=1e9).in_s for _ in range(limit.burst + 3)]
    assert waits[: limit.burst] == [0.0] * limit.burst
    assert waits[limit.burst :] == pytest.approx([limit.interval_s * n for n in (1, 2, 3)], abs=SLACK)


@given(rate_limits("a"), st.integers(0, 30))
def test_in_the_background_a_quarter_of_the_burst_stays_free(limit: RateLimit, tries: int) -> None:
    turns = MemoryTurns(Clock().read)
    for _ in range(tries):
        turns.take([limit.draw(background=True)], within_s=0.0)
    free = [turns.take([limit.draw()], within_s=0.0).taken for _ in range(limit.burst // 4)]
    assert all(free)


@pytest.mark.parametrize(
    ("limits", "gaps"),
    [
        # So many messages a day, and at least so far apart.
        ([RateLimit("day", 4, 86_400.0, burst=3), RateLimit("distance", 1, 15.0)], [0, 15, 15, 43_170, 43_200]),
        # 100 in ten seconds, and so many a day.
        (
            [RateLimit("day", 200_000, 86_400.0, burst=100_000), RateLimit("ten", 100, 10.0, burst=98)],
            [0] * 98 + [10 / 3],
        ),
        ([RateLimit("minute", 60, 60.0, burst=10), RateLimit("second", 10, 1.0, burst=10)], [0] * 10 + [60 / 51] * 3),
    ],
)
def test_what_providers_ask_for_can_be_said(limits: list[RateLimit], gaps: list[float]) -> None:
    clock = Clock()
    budget = RateBudget(MemoryTurns(clock.read), limits, clock=clock.read, sleep=clock.sleep)
    moments = [clock.now]
    for _ in gaps:
        budget.take(timeout_s=1e6)
        moments.append(clock.now)
    assert [later - earlier for earlier, later in pairwise(moments)] == pytest.approx(gaps)


@pytest.mark.parametrize("given", [{"count": 0}, {"burst": 0}, {"count": 2, "burst": 3}, {"per_s": 0.0}])
def test_a_limit_that_lets_nothing_pass_is_none(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="name: no limit"):
        RateLimit(**{"name": "name", "count": 5, "per_s": 1.0, **given})  # type: ignore[arg-type]


def test_work_in_the_background_lets_those_go_first_who_wait() -> None:
    clock = Clock()
    turns, limit = MemoryTurns(clock.read), RateLimit("minute", 6, 60.0)
    waiting = RateBudget(turns, [limit], clock=clock.read, sleep=clock.sleep)
    background = RateBudget(turns, [limit], background=True, clock=clock.read, sleep=clock.sleep)
    waiting.take(timeout_s=0.0)
    assert turns.take([limit.draw()], within_s=60.0).in_s == 10.0, "a turn that is kept for somebody"
    with pytest.raises(RateLimited) as limited:
        background.take(timeout_s=15.0)
    assert limited.value.retry_after_s == 20.0
    background.take(timeout_s=25.0)
    assert clock.slept == [20.0]


def test_a_request_that_is_still_too_many_holds_all_back_and_is_repeated_where_that_is_harmless() -> None:
    clock = Clock()
    limits = [RateLimit("minute", 60, 60.0, burst=10), RateLimit("hour", 1_000, 3_600.0, burst=10)]
    budget = RateBudget(MemoryTurns(clock.read), limits, clock=clock.read, sleep=clock.sleep)
    answers: list[float | None] = [7.0, None]

    def request(left_s: float) -> float:
        if answers:
            raise RateLimited("429", retry_after_s=answers.pop(0))
        return left_s

    with pytest.raises(RateLimited) as limited:
        budget.call(request, timeout_s=100.0)
    assert limited.value.retry_after_s == 7.0
    assert budget.call(request, timeout_s=100.0, repeat=True) == 100.0 - 67.0
    assert clock.slept == [7.0, 60.0], "and without a word for as long as the shortest limit counts"


def test_only_the_limits_that_are_named_are_waited_for() -> None:
    clock = Clock()
    limits = [RateLimit("listing", 1, 60.0), RateLimit("sending", 1, 60.0)]
    budget = RateBudget(MemoryTurns(clock.read), limits, clock=clock.read, sleep=clock.sleep)
    budget.take("listing", timeout_s=0.0)
    budget.take("sending", timeout_s=0.0)
    with pytest.raises(RateLimited):
        budget.take("listing", timeout_s=59.0)
    with pytest.raises(KeyError):
        budget.take("lising", timeout_s=0.0)


def test_without_limits_nobody_asks() -> None:
    RateBudget(MemoryTurns(), []).call(lambda _: None, timeout_s=0.0)
