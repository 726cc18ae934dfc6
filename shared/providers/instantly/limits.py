"""The rate limits of Instantly's API that a client can reach; those of all requests (100 a second) it cannot."""

from __future__ import annotations

from shared.domain.rate_limits import RateLimit

EMAIL_LISTING = RateLimit("email_listing", count=17, per_s=60.0)
"""``GET /emails`` takes 20 requests a minute per workspace; a pace of 3.1 s has been seen to trip over it."""
