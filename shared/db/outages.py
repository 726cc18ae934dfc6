"""Is it the database, or is it what we asked of it?"""

from __future__ import annotations

import time

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# SQLSTATE classes (PostgreSQL manual, appendix A) that say nothing about the statement: connection exception,
# insufficient resources, operator intervention (shutdown, time-out, cancel), system error.
_OUTAGE_CLASSES = frozenset({"08", "53", "57", "58"})
_OUTAGE_STATES = frozenset(
    {
        "25006",  # read only: this server is no longer, or not yet, the primary
        "55P03",  # a lock was not to be had in time
    }
)
_DEADLOCK_STATES = frozenset(
    {
        "40001",  # serialization failure
        "40P01",  # deadlock
    }
)
DEAD_WITHIN_S = 1.0  # less than any time-out: what took longer was not dead, but died or gave no answer
_RACE_STATES = _DEADLOCK_STATES | {"23505"}  # unique violation: somebody else was first


def is_outage(error: BaseException) -> bool:
    """Whether ``error`` means that the database could not be reached or could not work, whatever it was asked."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = _sqlstate(error)
    if error.connection_invalidated:
        return True
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return state[:2] in _OUTAGE_CLASSES or state in _OUTAGE_STATES


def was_dead(error: BaseException, started: float) -> bool:
    """Whether a connection had died before its use began, at ``started`` (monotonic): repeating costs nothing then.

    That is only seen by using it. A server that gave no answer in time would give none to a repetition either.
    """
    return isinstance(error, DBAPIError) and error.connection_invalidated and time.monotonic() - started < DEAD_WITHIN_S


def is_race(error: BaseException) -> bool:
    """Whether ``error`` means that another transaction got in the way, so that starting over is the remedy."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in _RACE_STATES


def is_deadlock(error: BaseException) -> bool:
    """Whether the server chose this transaction to give way: it says nothing about what was asked, however often."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in _DEADLOCK_STATES


def name_of(error: BaseException) -> str:
    """What may be logged of a database error: its class and SQLSTATE; its message may quote the data."""
    state = _sqlstate(error)
    return type(error).__name__ if state is None else f"{type(error).__name__} {state}"


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)
