"""The one error that a person who deploys can cause: a setting that is missing or wrong."""

from __future__ import annotations


class DeploymentError(Exception):
    """A deployment that was refused before anything changed; the message is one sentence that says what to change."""
