"""One engine for one Lambda environment: a single connection, checked before use, with tight time-outs."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

CONNECT_TIMEOUT_S = 2
POOL_RECYCLE_S = 540  # under the ten minutes after which idle connections tend to be cut on their way


def sqlalchemy_url(database_url: str) -> URL:
    """A libpq URL (``postgresql://…``) as SQLAlchemy's, with psycopg 3 as the driver."""
    url = make_url(database_url.replace("postgres://", "postgresql://", 1))
    return url.set(drivername="postgresql+psycopg")


def make_engine(database_url: str, *, statement_timeout_s: float = 30.0) -> Engine:
    """An engine for a process that runs one request at a time.

    ``statement_timeout_s`` bounds every statement; a transaction that idles for a minute is ended by the server, so a
    frozen or killed process cannot hold locks. ``pool_pre_ping`` because sockets die while a Lambda is frozen.
    Prepared statements stay off: they would pin a connection of RDS Proxy and the pool has one connection anyway.
    """
    return create_engine(
        sqlalchemy_url(database_url),
        pool_size=1,
        max_overflow=0,
        pool_pre_ping=True,
        pool_recycle=POOL_RECYCLE_S,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "prepare_threshold": None,
            "options": f"-c statement_timeout={int(statement_timeout_s * 1000)}"
            " -c idle_in_transaction_session_timeout=60000 -c lock_timeout=10000",
        },
    )
