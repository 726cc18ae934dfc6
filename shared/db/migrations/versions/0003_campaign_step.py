"""a sent mail knows the step of the sequence that sent it

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("campaign_step", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("message", "campaign_step")
