"""Waits of a failed job: backoff with jitter over the receives that SQS grants."""

from __future__ import annotations

import random
from math import ceil

FIRST_DELAY_S = 10.0
MAX_DELAY_S = 3_600.0
JITTER = 0.2
VISIBILITY_LIMIT_S = 43_200  # SQS hard limit: 12 h since the receive, all changes together


def backoff_s(receive_count: int, time_scale: float = 1.0, rng: random.Random | None = None) -> float:
    """Seconds to wait after the ``receive_count``-th receive (1-based) failed: 10 s doubling up to 1 h, ± 20 %.

    Ten receives with nine waits between them span about an hour and a half: an outage that is shorter costs no job its
    automatic retry.
    """
    delay = min(MAX_DELAY_S, FIRST_DELAY_S * 2.0 ** (receive_count - 1))
    spread = (rng or random).uniform(1 - JITTER, 1 + JITTER)
    return delay * spread * time_scale


def retry_delay_s(receive_count: int, asked_s: float | None, time_scale: float = 1.0) -> float:
    """Seconds to wait after a failure for which the other side has asked for ``asked_s`` (Retry-After), or for nothing.

    Never sooner than asked, up to an hour, and never sooner than the backoff: a service that keeps saying "in a second"
    would otherwise use up the ten receives in ten seconds.
    """
    delay_s = backoff_s(receive_count, time_scale)
    if asked_s is None:
        return delay_s
    return max(delay_s, min(asked_s, MAX_DELAY_S))


def visibility_s(delay_s: float, elapsed_s: float = 0.0) -> int:
    """``delay_s`` as a visibility time-out that SQS accepts: whole seconds, rounded up, inside its 12 hours.

    ``elapsed_s`` is how long ago the message was received; SQS counts that against the limit, LocalStack does not.
    """
    return max(0, min(ceil(delay_s), int(VISIBILITY_LIMIT_S - elapsed_s) - 1))
