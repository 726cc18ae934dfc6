"""The rate limits of SmartLead's API, per key and for all endpoints together, of the smallest plan (Standard).

A larger plan allows 120 a minute and 3,000 an hour; nothing tells which plan a key is of. The third limit, 10 requests
a second, is kept by the first one's burst.
"""

from __future__ import annotations

from shared.domain.rate_limits import RateLimit

PER_MINUTE = RateLimit("minute", count=60, per_s=60.0, burst=10)
PER_HOUR = RateLimit("hour", count=1_000, per_s=3_600.0, burst=100)
RATE_LIMITS = (PER_MINUTE, PER_HOUR)
