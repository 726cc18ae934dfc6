"""The time at which an email counts as written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.reply_time import OLDEST_PLAUSIBLE, effective_time

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("occurred_at", "counts"),
    [
        (None, NOW),
        (NOW - timedelta(seconds=2), NOW - timedelta(seconds=2)),
        (NOW - timedelta(hours=5), NOW - timedelta(hours=5)),
        (NOW - timedelta(days=6), NOW - timedelta(days=6)),  # recovered from a hook that was disabled
        (NOW - OLDEST_PLAUSIBLE, NOW - OLDEST_PLAUSIBLE),
        (NOW - OLDEST_PLAUSIBLE - timedelta(seconds=1), NOW),
        (datetime(2010, 6, 1, tzinfo=UTC), NOW),
        (NOW + timedelta(hours=3), NOW),
    ],
)
def test_the_providers_clock_counts_as_far_as_it_can_be_believed(
    occurred_at: datetime | None, counts: datetime
) -> None:
    assert effective_time(occurred_at, NOW) == counts
