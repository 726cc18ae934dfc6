"""The one error that a person who deploys can make happen: a setting that is missing or wrong."""

from __future__ import annotations


class DeploymentError(Exception):
    """Nothing was deployed; the message is one sentence that says what to change."""
