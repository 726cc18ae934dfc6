"""The one table that says what a failure means for its job."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.ai.errors import ModelRejected, ModelUnavailable, OutOfTime
from shared.config import SecretUnavailableError
from shared.db.outages import has_stale_plan, is_outage, is_race, name_of
from shared.domain.vocabulary import UnknownValueError, WaitingFor
from shared.jobs.outcomes import DeadLetter, Defer, Outcome, Retry
from shared.observability import Metric, emit, log_failure
from shared.pipelines.suppression.suppress_lead import DismissedMeanwhile
from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused, Uncertain

NEWER_RELEASE_S = 600.0
"""How soon a job is looked at again that waits for a newer release: then by that one, if it has been deployed again."""


def refuses_credentials(error: Exception) -> bool:
    """Says whether a workspace's key is missing, or the provider refuses it: only a person can put that right."""
    return isinstance(error, SecretUnavailableError) or (isinstance(error, Refused) and error.is_credential)


def decide_failure(error: Exception) -> Outcome:
    """Decides what an exception means for its job: an outage is waited out, a mistake waits for a person.

    | failure | outcome |
    | --- | --- |
    | model: 429, 5xx, time-out, network | Retry, after Retry-After when given |
    | model: credentials, quota | Retry and an alarm |
    | model: refusal, 400, no valid output | DeadLetter |
    | a secret cannot be read (AWS, or a client's key is not there) | Retry and an alarm |
    | too little time left for a call | Retry, in a fresh invocation |
    | provider: 429 | Retry after Retry-After |
    | provider: credentials | Retry and an alarm |
    | provider: 5xx, time-out, network (of a read: a send settles these itself) | Retry |
    | provider: other 4xx | DeadLetter |
    | database: connection lost, time-out, deadlock, serialization, read-only after a failover | Retry |
    | a plan that a migration has made stale in the middle of a transaction | Retry, with new plans |
    | a row holds a word that only a newer release knows (after a rollback) | Defer: no receive is used up |
    | a person has dismissed the opt-out meanwhile that this run was about to write | Retry |
    | anything else (a bug, data that a statement refuses) | DeadLetter |
    """
    match error:
        case OutOfTime():
            return Retry(error.reason)
        case ModelUnavailable():
            if error.alarm:
                emit(Metric.MODEL_CREDENTIALS_REFUSED)
            return Retry(f"model unavailable: {error.reason}", after_s=error.retry_after_s)
        case ModelRejected():
            return DeadLetter(f"model rejected the request: {error.reason}")
        case RateLimited():
            return Retry("provider rate limit", after_s=error.retry_after_s)
        case Refused() if error.is_credential:
            emit(Metric.PROVIDER_CREDENTIALS_REFUSED)
            return Retry(f"provider refuses the credentials: {error}")
        case Refused():
            return DeadLetter(f"provider refused: {error}")
        case NotSent() | Uncertain() | ProviderError():
            return Retry(f"provider unavailable: {error}")
        case SecretUnavailableError():
            emit(Metric.PROVIDER_CREDENTIALS_REFUSED if error.is_credential else Metric.MODEL_CREDENTIALS_REFUSED)
            return Retry(f"secret not read: {error}")
        case OperationalError() | InterfaceError() | PoolTimeout():
            return Retry(f"database: {type(error).__name__}")
        case DBAPIError() if is_outage(error) or is_race(error) or has_stale_plan(error):
            return Retry(f"database: {name_of(error)}")
        case UnknownValueError():
            return Defer(NEWER_RELEASE_S, WaitingFor.NEWER_RELEASE, str(error))
        case DismissedMeanwhile():
            return Retry("a person has dismissed this message as an opt-out")
        case _:
            log_failure("unexpected failure", error)
            return DeadLetter(f"{type(error).__name__}: {error}")
