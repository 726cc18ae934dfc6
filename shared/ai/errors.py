"""The three ways in which a model call fails; each is one decision of the caller.

The messages name status, code and request id. They never hold request or response: both are the lead's words.
"""

from __future__ import annotations


class ModelError(Exception):
    """A model call gave no result; ``reason`` says why, for logs and for a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ModelUnavailable(ModelError):  # noqa: N818 - reads as what is the case
    """The service cannot answer now (rate limit, 5xx, network, credentials, quota): try again later.

    ``retry_after_s`` is what the service asked for, in seconds. ``alarm``: a person must act (key or quota).
    """

    def __init__(self, reason: str, *, retry_after_s: float | None = None, alarm: bool = False) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
        self.alarm = alarm


class ModelRejected(ModelError):  # noqa: N818
    """The request itself does not work (refused, invalid, no valid output): trying again changes nothing."""


class OutOfTime(ModelError):  # noqa: N818
    """The function has too little time left to start the call: try again in a fresh invocation."""
