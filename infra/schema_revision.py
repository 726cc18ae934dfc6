"""The schema revision that this code needs."""

from __future__ import annotations

from alembic.script import ScriptDirectory

from shared.db.migrate import MIGRATIONS


def newest_revision() -> str:
    """Returns the revision that this code's migrations lead to."""
    revision = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if revision is None:
        raise AssertionError("there is at least one migration")
    return revision
