"""Is it the database, or is it what we asked of it?"""

from __future__ import annotations

import time

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# SQLSTATE classes (PostgreSQL manual, appendix A) that say nothing about the statement: connection exception,
# insufficient resources, operator intervention (shutdown, time-out, cancel), system error.
_OUTAGE_CLASSES = frozenset({"08", "53", "57", "58"})
_LOCK_TIMEOUT = "55P03"
_OUTAGE_STATES = frozenset(
    {
        "25006",  # read only: this server is no longer, or not yet, the primary
        _LOCK_TIMEOUT,
    }
)
_DEADLOCK_STATES = frozenset(
    {
        "40001",  # serialization failure
        "40P01",  # deadlock
    }
)
_WRONG_SERVER_STATES = frozenset(
    {
        "25006",  # read only: a new connection may find the primary, this one never will
        "40001",  # our transactions are READ COMMITTED: only a standby, replaying a conflicting change, cancels them so
        "57P01",  # the server is shutting down, or a person has ended the session
        "57P02",  # another session crashed, and all of them are ended
        "57P03",  # the server is starting up or shutting down
        "57P05",  # the session was idle for too long
    }
)
_STALE_PLAN = "0A000"  # "cached plan must not change result type": a prepared statement outlived a change of its tables
DEAD_WITHIN_S = 1.0  # less than any time-out: what took longer was not dead, but died or gave no answer
_UNDEFINED_STATES = frozenset({"42P01", "42703"})  # table, column
_RACE_STATES = _DEADLOCK_STATES | {"23505"}  # unique violation: somebody else was first


def is_outage(error: BaseException) -> bool:
    """Says whether ``error`` means that the database could not be reached or could not work."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = _sqlstate(error)
    if state == _STALE_PLAN:
        return False  # on a fresh connection, which has no plans yet, it is a statement that no server can run
    if error.connection_invalidated:
        return True
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return state[:2] in _OUTAGE_CLASSES or state in _OUTAGE_STATES


def is_of_no_use(error: BaseException) -> bool:
    """Says whether the driver's ``error`` says that its connection serves no purpose any more, though it is still open.

    It leads to a server that takes no writes (the old primary after a failover, behind a name that still pointed to
    it), to one that is going away, or it holds plans of tables that have changed. Tried again on the same connection,
    the statement fails again.
    """
    state = getattr(error, "sqlstate", None)
    return state is not None and (state[:2] == "08" or state in _WRONG_SERVER_STATES or state == _STALE_PLAN)


def has_stale_plan(error: BaseException) -> bool:
    """Says whether ``error``, the driver's or SQLAlchemy's, may mean that a migration has made a kept plan stale.

    A statement that no server can run has the same state, and fails again when it is repeated.
    """
    return _STALE_PLAN in (getattr(error, "sqlstate", None), _sqlstate(error))


def was_dead(error: BaseException, started: float) -> bool:
    """Says whether a connection was dead or of no use before its use began, at ``started`` (monotonic).

    That is only seen by using it, and repeating costs nothing then: nothing was written. A server that gave no answer
    in time would give none to a repetition either.
    """
    return isinstance(error, DBAPIError) and error.connection_invalidated and time.monotonic() - started < DEAD_WITHIN_S


def is_race(error: BaseException) -> bool:
    """Says whether ``error`` means that another transaction got in the way, so that starting over is the remedy."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in _RACE_STATES


def is_deadlock(error: BaseException) -> bool:
    """Says whether the server chose this transaction to give way, which says nothing about what was asked."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in _DEADLOCK_STATES


def is_lock_timeout(error: BaseException) -> bool:
    """Says whether a lock was not to be had in the time that the statement gave it."""
    return isinstance(error, DBAPIError) and _sqlstate(error) == _LOCK_TIMEOUT


def is_other_schema(error: BaseException) -> bool:
    """Says whether a statement named a table or column that the database does not have: another release's schema."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in _UNDEFINED_STATES


def name_of(error: BaseException) -> str:
    """Names what may be logged of a database error: its class and SQLSTATE; its message may quote the data."""
    state = _sqlstate(error)
    return type(error).__name__ if state is None else f"{type(error).__name__} {state}"


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)
