"""The failures of a provider call: one class per decision that a caller takes.

The question behind them is whether the request may have had an effect. No provider promises that a repeated request is
recognised, so one that may have had an effect is never repeated blindly.
"""

from __future__ import annotations


class ProviderError(Exception):
    """A call to a provider failed. ``retry_after_s`` is how long the provider asked us to wait, if it did.

    Messages hold neither the credential nor an address nor a body: they are logged and shown.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Refused(ProviderError):  # noqa: N818 (named for what the caller then knows)
    """The provider said no (a 4xx other than 429): nothing happened, and the same request will be refused again."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message

    @property
    def is_credential(self) -> bool:
        """True when the key or the plan is at fault (401, 402, 403): an outage to repair, not a bad request."""
        return self.status in (401, 402, 403)


class RateLimited(ProviderError):  # noqa: N818 (named for what the caller then knows)
    """Over the limit, the provider's (429) or our own pace: nothing happened, try again after ``retry_after_s``."""


class NotSent(ProviderError):  # noqa: N818 (named for what the caller then knows)
    """No connection (name lookup, connect, TLS, no free connection): certainly nothing reached the provider."""


class Uncertain(ProviderError):  # noqa: N818 (named for what the caller then knows)
    """The request may have had its effect: a 5xx, a time-out or cut after writing, a response that makes no sense."""
