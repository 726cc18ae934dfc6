"""what was acknowledged is kept: when a token was rotated, and events of workspaces that are not there

Revision ID: 0005
Revises: 0004
"""

# migration-rule: index-on-a-live-table: partial, and no row has this detail yet: one scan of a month's deliveries

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client", sa.Column("webhook_token_rotated_at", postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("client", sa.Column("hook_token", sa.Text(), nullable=True))
    op.drop_constraint("fk_webhook_event_client_id", "webhook_event", type_="foreignkey")
    op.create_index(
        "ix_webhook_event_unknown_workspace",
        "webhook_event",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("detail = 'unknown_workspace'"),
    )


def downgrade() -> None:
    op.drop_index("ix_webhook_event_unknown_workspace", table_name="webhook_event")
    # Events of workspaces that are not there would break the reference: they are what this revision keeps.
    op.create_foreign_key(
        "fk_webhook_event_client_id", "webhook_event", "client", ["client_id"], ["id"], postgresql_not_valid=True
    )
    op.drop_column("client", "hook_token")
    op.drop_column("client", "webhook_token_rotated_at")
