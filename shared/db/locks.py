"""Advisory locks: what only one process at a time may do, for as long as its connection lives."""

from __future__ import annotations

from sqlalchemy import Connection, text


def try_lock_key_rotation(connection: Connection) -> bool:
    """Whether this session is now the only one that exchanges the signing keys."""
    statement = text("SELECT pg_try_advisory_lock(hashtextextended('reply-pipeline key rotation', 0))")
    return bool(connection.execute(statement).scalar_one())
