"""text messages and LinkedIn: whether automated answers may leave on LinkedIn

The columns of a channel have taken SMS and LINKEDIN since 0008.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE client_settings ADD COLUMN linkedin_auto_send boolean NOT NULL DEFAULT false")
    op.execute(
        "COMMENT ON COLUMN client_settings.linkedin_auto_send IS"
        " 'Whether the client lets automated answers leave on LinkedIn, whose terms forbid it.'"
    )
