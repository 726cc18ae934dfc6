"""Codes as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.db.reports.accounts import AccountReport
from shared.db.reports.jobs import JobReport
from shared.domain.vocabulary import JobStatus, JobType, Provider, WaitingFor
from shared.providers import registry

WAITS_FOR_NEWER_RELEASE = "this release does not know the type: it waits for the one that does"

WAITS: Mapping[str, str] = MappingProxyType(
    {
        WaitingFor.WORKSPACE_DISABLED: "the workspace is disabled",
        WaitingFor.AUTOMATIC_SENDS: "automatic sends are paused",
        WaitingFor.ALL_SENDS: "all sends are paused",
        WaitingFor.PROCESSING: "processing is paused",
        WaitingFor.SENDING_WINDOW: "the sending window is closed",
        WaitingFor.QUIET_HOURS: "it is too early or too late at the lead's place",
        WaitingFor.ANOTHER_DRAFT: "another draft to the lead is open",
        WaitingFor.NEWER_RELEASE: "it needs a newer release",
    }
)


def describe_wait(job: JobReport) -> str | None:
    """Says what a deferred job waits for; None when it waits for nothing but its turn."""
    return None if job.waiting_for is None else WAITS.get(job.waiting_for, job.waiting_for)


def describe_outcome(job: JobReport) -> str | None:
    """Says how a job ended, what went wrong last, or what it waits for."""
    if job.type not in JobType and job.finished_at is None:
        return WAITS_FOR_NEWER_RELEASE
    if job.status == JobStatus.SUCCEEDED:
        return job.result
    return job.last_error or describe_wait(job)


def provider_title(provider: str) -> str:
    """Returns a provider's name as people write it; one of a newer release's as it is stored."""
    row = registry.PROVIDERS.get(Provider(provider)) if provider in Provider else None
    return provider if row is None else row.title


def describe_account(account: AccountReport) -> str:
    """Names an account by its provider and the id that it has there."""
    return " ".join(part for part in (provider_title(account.provider), account.external_id) if part)
