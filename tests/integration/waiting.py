"""Waits until a session of this test's database waits for a lock."""

from __future__ import annotations

from sqlalchemy import Engine, text

_WAITING = text(
    """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()
      AND position(:part IN query) > 0
    """
)
_PAUSE = text("SELECT pg_sleep(0.01)")
TRIES = 3_000


def until_waiting(engine: Engine, part: str) -> None:
    """Returns once a statement that contains ``part`` waits for a lock."""
    for _ in range(TRIES):
        with engine.connect() as connection:
            if connection.execute(_WAITING, {"part": part}).first() is not None:
                return
            connection.execute(_PAUSE)
    raise AssertionError(f"nobody waits in {part}")
