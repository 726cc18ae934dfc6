"""The time at which an email counts as written: the provider's, as far as it can be believed."""

from __future__ import annotations

from datetime import datetime, timedelta

OLDEST_PLAUSIBLE = timedelta(weeks=4)
"""How long before its arrival a mail may say that it was written. A hook that was disabled is recovered within days."""

LATE_AFTER = timedelta(hours=1)
"""A mail that reaches us longer than this after it was written arrives late: between the two somebody may have read a
newer one and answered it. Redeliveries and reordered deliveries take seconds or minutes."""


def effective_time(occurred_at: datetime | None, received_at: datetime) -> datetime:
    """Returns the time of an email in its conversation, never later than ``received_at``.

    ``occurred_at`` is the provider's clock and counts, but for one that runs ahead of ours (it could make a reply the
    newest for ever) and one that is more than OLDEST_PLAUSIBLE behind: then the time of arrival counts.
    """
    if occurred_at is None or received_at - occurred_at > OLDEST_PLAUSIBLE:
        return received_at
    return min(occurred_at, received_at)
