"""Reasons for which what a person asked for is refused."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """The reason why nothing was changed."""

    UNKNOWN_JOB = "unknown_job"
    NEWER_RELEASE = "newer_release"  # its type or status is one that only a newer release knows
    SUCCEEDED = "succeeded"
    RUNNING = "running"

    UNKNOWN_DRAFT = "unknown_draft"
    NOT_UNCERTAIN = "not_uncertain"
    RECEIVED_EMAIL = "received_email"  # the email is the lead's, not ours
    EMAIL_OF_OTHER_LEAD = "email_of_other_lead"
    EMAIL_OF_OTHER_DRAFT = "email_of_other_draft"

    UNKNOWN_LEAD = "unknown_lead"
    NOT_SUPPRESSED = "not_suppressed"
    NOT_HELD = "not_held"

    UNKNOWN_COMMITMENT = "unknown_commitment"
    COMMITMENT_SETTLED = "commitment_settled"
    PROVIDER_BEING_TOLD = "provider_being_told"


class InterventionRefusedError(Exception):
    """Nothing was changed; ``str()`` is a sentence for the person who asked."""

    def __init__(self, refusal: Refusal, sentence: str) -> None:
        super().__init__(sentence)
        self.refusal = refusal
