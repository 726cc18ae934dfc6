"""Backoff over the receives that SQS grants, inside its limits."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.jobs.envelope import deduplication_id
from shared.jobs.retry_policy import JITTER, MAX_DELAY_S, VISIBILITY_LIMIT_S, backoff_s, retry_delay_s, visibility_s


class _Middle(random.Random):
    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def test_ten_receives_go_from_ten_seconds_to_an_hour() -> None:
    delays = [backoff_s(receive, rng=_Middle()) for receive in range(1, 11)]
    assert delays == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]


@given(st.integers(1, 1000), st.floats(0.001, 1))
def test_a_delay_is_bounded_and_scales(receive: int, scale: float) -> None:
    assert 0 < backoff_s(receive, scale) <= MAX_DELAY_S * 1.2 * scale


@given(st.integers(1, 10), st.floats(0, 1e6))
def test_nobody_is_asked_again_sooner_than_he_wants_or_than_the_backoff(receive: int, asked_s: float) -> None:
    delay_s = retry_delay_s(receive, asked_s)
    assert delay_s >= min(asked_s, MAX_DELAY_S)
    assert delay_s >= min(10 * 2 ** (receive - 1), MAX_DELAY_S) * (1 - JITTER)
    assert delay_s <= MAX_DELAY_S * (1 + JITTER)


@given(st.floats(-10, 1e7), st.floats(0, 50_000))
def test_a_visibility_is_one_that_sqs_takes(delay: float, elapsed: float) -> None:
    seconds = visibility_s(delay, elapsed)
    assert seconds >= 0
    assert seconds + elapsed < VISIBILITY_LIMIT_S or seconds == 0


def test_a_fraction_of_a_second_is_rounded_up() -> None:
    assert visibility_s(0.2) == 1
    assert visibility_s(0) == 0


def test_generations_make_new_deduplication_ids() -> None:
    assert [deduplication_id("a:b:c", n) for n in range(3)] == ["a:b:c", "a:b:c:1", "a:b:c:2"]


@pytest.mark.parametrize("key", ["", "with blank", "ü", "x" * 129])
def test_what_sqs_would_refuse_is_refused_here(key: str) -> None:
    with pytest.raises(ValueError, match="SQS"):
        deduplication_id(key, 0)
